//! Chance that can be repeated: every number follows from a seed, which a failing test names.

/// More inputs, and larger ones: what `just test-long` asks for.
pub fn long() -> bool {
    std::env::var_os("TIPBRIEF_LONG").is_some_and(|value| !value.is_empty() && value != "0")
}

/// A die with as many sides as are asked for (`SplitMix64`).
pub struct Dice {
    state: u64,
}

impl Dice {
    pub fn of(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `sides`; 0 where there is nothing to choose from.
    pub fn below(&mut self, sides: usize) -> usize {
        let sides = u64::try_from(sides.max(1)).expect("a small number");
        usize::try_from(self.next() % sides).expect("a small number")
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of several.
    pub fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}
