//! The cost of protection: what share of a register is withheld.

/// How many of the cells that could be printed are withheld, and how many persons they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost {
    /// How many cells the registers have.
    pub cells: usize,
    /// How many of them are withheld.
    pub withheld: usize,
    units: i64,
    units_withheld: i64,
}

/// A share of persons, as exactly as it may be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// Under 1 per cent.
    Under1,
    /// 1 to 5 per cent.
    From1To5,
    /// 5 to 20 per cent.
    From5To20,
    /// Over 20 per cent.
    Over20,
}

impl Cost {
    /// The share of persons who are counted in withheld cells; a person counts once for each cell. Only as a band.
    #[must_use]
    pub fn persons(&self) -> Band {
        let of = |per_cent: i64| self.units_withheld.saturating_mul(100) >= self.units.saturating_mul(per_cent);
        match (of(1), of(5), of(20)) {
            _ if self.units == 0 => Band::Under1,
            (_, _, true) => Band::Over20,
            (_, true, _) => Band::From5To20,
            (true, ..) => Band::From1To5,
            _ => Band::Under1,
        }
    }

    /// Adds a cell.
    pub(super) fn add(&mut self, units: i64, withheld: bool) {
        self.cells += 1;
        self.units += units;
        if withheld {
            self.withheld += 1;
            self.units_withheld += units;
        }
    }

    /// Adds the cells of another part of the registers.
    pub(super) fn merge(&mut self, other: Self) {
        self.cells += other.cells;
        self.withheld += other.withheld;
        self.units += other.units;
        self.units_withheld += other.units_withheld;
    }
}
