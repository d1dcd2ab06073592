//! The system of one table, measure and period: its unknowns are atoms, and every number printed of it is a sum of them.
//!
//! A combination of leaves, one in each dimension, is an atom; a cell asks in each dimension for a code, which holds some of
//! the leaves. Hierarchies, nested bands and the conditions of indicators are codes like any other.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A combination of leaves: sixteen bits for each dimension.
pub type Atom = u128;

/// How many dimensions fit into an atom.
pub const MOST_DIMENSIONS: usize = 8;
const BITS: u32 = 16;

/// Atoms and combinations of codes are well spread by one multiplication.
#[derive(Default)]
pub struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u128(u128::from(*byte)));
    }

    fn write_u128(&mut self, number: u128) {
        // The two halves, folded; that the upper bits of each are cut is what a hash does.
        #[allow(clippy::cast_possible_truncation)]
        let folded = (number as u64) ^ ((number >> 64) as u64).rotate_left(29);
        self.0 = (self.0.rotate_left(5) ^ folded).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

/// A map by atom.
pub type ByAtom<T> = HashMap<Atom, T, BuildHasherDefault<Spread>>;

/// The codes of a dimension, each as the leaves it holds.
#[derive(Debug, Clone)]
pub struct Dimension {
    holds: Vec<Vec<bool>>,
    of_leaf: Vec<Vec<u16>>,
}

impl Dimension {
    /// A dimension of so many leaves, and the leaves of each code.
    #[must_use]
    pub fn new(leaves: u16, codes: &[Vec<u16>]) -> Self {
        let mut dimension =
            Self { holds: vec![vec![false; leaves.into()]; codes.len()], of_leaf: vec![Vec::new(); leaves.into()] };
        for (number, code) in (0_u16..).zip(codes) {
            for leaf in code {
                dimension.holds[usize::from(number)][usize::from(*leaf)] = true;
                dimension.of_leaf[usize::from(*leaf)].push(number);
            }
        }
        dimension
    }

    /// Whether a code holds a leaf.
    #[must_use]
    pub fn holds(&self, code: u16, leaf: u16) -> bool {
        self.holds[usize::from(code)][usize::from(leaf)]
    }

    /// Whether a code holds every leaf.
    #[must_use]
    pub fn is_whole(&self, code: u16) -> bool {
        self.holds[usize::from(code)].iter().all(|held| *held)
    }

    /// How many codes there are.
    #[must_use]
    pub fn codes(&self) -> u16 {
        u16::try_from(self.holds.len()).unwrap_or(u16::MAX)
    }

    /// How many leaves there are.
    #[must_use]
    pub fn leaves(&self) -> u16 {
        u16::try_from(self.of_leaf.len()).unwrap_or(u16::MAX)
    }
}

/// A number that may be printed: a code in every dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemCell {
    /// Its codes.
    pub codes: Vec<u16>,
    /// How many units it holds.
    pub units: i64,
    /// Whether it is public already, so that it cannot be withheld.
    pub public: bool,
    /// Whether it must stay withheld.
    pub kept: bool,
    /// Whether it may hold fewer than the threshold although the division gives it more: nobody knows any more who was in an
    /// earlier release.
    pub doubtful: bool,
}

/// One table, measure and period.
#[derive(Debug, Clone, Default)]
pub struct System {
    /// Its dimensions.
    pub dimensions: Vec<Dimension>,
    /// The atoms that hold any unit, sorted.
    pub atoms: Vec<(Atom, i64)>,
    /// Atoms that may hold fewer than the threshold although the division gives them more.
    pub doubtful: Vec<Atom>,
    /// The numbers that may be printed, each once.
    pub cells: Vec<SystemCell>,
}

/// Puts leaves, or codes, into one number.
#[must_use]
pub fn packed(leaves: &[u16]) -> Atom {
    leaves.iter().rev().fold(0, |atom, leaf| (atom << BITS) | Atom::from(*leaf))
}

/// The leaf of an atom in a dimension.
#[must_use]
pub fn leaf(atom: Atom, dimension: usize) -> u16 {
    // Sixteen bits are what it takes.
    #[allow(clippy::cast_possible_truncation)]
    let leaf = (atom >> (BITS as usize * dimension)) as u16;
    leaf
}

/// An atom with a leaf in one more dimension.
#[must_use]
pub fn with_leaf(atom: Atom, dimension: usize, leaf: u16) -> Atom {
    atom | Atom::from(leaf) << (BITS as usize * dimension)
}

/// `atom` with the leaves of `other` in the dimensions of `mask`.
#[must_use]
pub fn crossed(atom: Atom, other: Atom, mask: u32) -> Atom {
    let bits = (0..MOST_DIMENSIONS).filter(|dimension| mask >> dimension & 1 == 1);
    let bits = bits.fold(0, |bits, dimension| bits | (Atom::from(u16::MAX) << (BITS as usize * dimension)));
    (atom & !bits) | (other & bits)
}

impl SystemCell {
    /// A cell of these codes, not yet counted.
    #[must_use]
    pub fn of(codes: Vec<u16>) -> Self {
        Self { codes, units: 0, public: false, kept: false, doubtful: false }
    }
}

impl System {
    /// A system of these atoms in which every combination of codes in `asked` may be printed.
    ///
    /// `asked` holds for each indicator the codes of each dimension; what two of them ask for is one cell. A cell that
    /// `public` names is public already.
    #[must_use]
    pub fn new(
        dimensions: Vec<Dimension>,
        units: impl IntoIterator<Item = (Vec<u16>, i64)>,
        asked: &[Vec<Vec<u16>>],
        public: &[Vec<u16>],
    ) -> Self {
        let mut by_atom = ByAtom::<i64>::default();
        for (leaves, units) in units {
            *by_atom.entry(packed(&leaves)).or_default() += units;
        }
        let mut atoms: Vec<(Atom, i64)> = by_atom.into_iter().filter(|(_, units)| *units != 0).collect();
        atoms.sort_unstable();
        let mut combinations: std::collections::BTreeSet<Vec<u16>> = public.iter().cloned().collect();
        asked.iter().for_each(|codes| combinations.extend(product(codes)));
        let public: std::collections::BTreeSet<&Vec<u16>> = public.iter().collect();
        let cell = |codes: Vec<u16>| SystemCell { public: public.contains(&codes), ..SystemCell::of(codes) };
        Self::counted(dimensions, atoms, Vec::new(), combinations.into_iter().map(cell).collect())
    }

    /// A system of these cells, whose units are counted.
    #[must_use]
    pub fn counted(
        dimensions: Vec<Dimension>,
        atoms: Vec<(Atom, i64)>,
        doubtful: Vec<Atom>,
        cells: Vec<SystemCell>,
    ) -> Self {
        let mut system = Self { dimensions, atoms, doubtful, cells };
        let index = system.index();
        for (atom, units) in &system.atoms {
            for cell in system.cells_of(*atom, &index) {
                system.cells[cell].units += units;
            }
        }
        system
    }

    /// The cells by their codes.
    #[must_use]
    pub fn index(&self) -> ByAtom<usize> {
        self.cells.iter().enumerate().map(|(number, cell)| (packed(&cell.codes), number)).collect()
    }

    /// The cells that hold an atom.
    #[must_use]
    pub fn cells_of(&self, atom: Atom, index: &ByAtom<usize>) -> Vec<usize> {
        let mut keys: Vec<Atom> = vec![0];
        for (number, dimension) in self.dimensions.iter().enumerate() {
            let codes = &dimension.of_leaf[usize::from(leaf(atom, number))];
            let shifted = |code: &u16| Atom::from(*code) << (BITS as usize * number);
            keys = keys.iter().flat_map(|key| codes.iter().map(move |code| key | shifted(code))).collect();
        }
        keys.iter().filter_map(|key| index.get(key).copied()).collect()
    }

    /// Whether a cell holds an atom, judged by the dimensions of `mask` alone.
    #[must_use]
    pub fn holds(&self, cell: &SystemCell, atom: Atom, mask: u32) -> bool {
        self.dimensions.iter().enumerate().all(|(number, dimension)| {
            mask >> number & 1 == 0 || dimension.holds(cell.codes[number], leaf(atom, number))
        })
    }
}

fn product(codes: &[Vec<u16>]) -> Vec<Vec<u16>> {
    let longer = |all: Vec<Vec<u16>>, codes: &Vec<u16>| {
        let extend = |some: Vec<u16>| codes.iter().map(move |code| [some.as_slice(), &[*code]].concat());
        all.into_iter().flat_map(extend).collect()
    };
    codes.iter().fold(vec![Vec::new()], longer)
}
