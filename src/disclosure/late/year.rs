//! What a release finds of a closed year, and what it answers.

use std::fmt;

/// Threshold and base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    threshold: i64,
    base: i64,
}

/// One closed year of one table and measure, as a release finds it.
#[derive(Debug, Clone)]
pub struct ClosedYear {
    /// Country, table, measure and year: the same text at every release. It must not hold the release's name, since a draft is
    /// built before it has one and must show the numbers that are released.
    pub identity: String,
    /// The terms that this release is bound by: those of the closing, or stricter ones.
    pub terms: Terms,
    /// The finest groups that anything tells apart that any release asked of the year, each once, in any order.
    pub groups: Vec<Group>,
    /// The finest groups of the last release, into which the groups of today divide. For a year that has just closed, and for
    /// one whose groups are the same as then, there are as many as groups.
    pub former: Vec<Former>,
    /// The figures that have a late figure: each cell that was printed when the year closed, in any order.
    pub figures: Vec<Figure>,
    /// [`Layer::passed`] of the last release; 0 after the closing.
    pub passed: i64,
}

/// A finest group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its codes, written the same way at every release. Groups are sampled in the order of their names.
    pub name: String,
    /// How many cases it held when the year closed.
    pub closed: i64,
    /// The most that it held at the closing or at any release since. What is above that has come since the last release.
    pub before: i64,
    /// How many it holds now.
    pub now: i64,
    /// The group of the last release that it lies in: its place in [`ClosedYear::former`].
    pub former: usize,
}

/// A finest group of the last release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Former {
    /// Its base × z of the last release; 0 after the closing.
    pub told: i64,
}

/// A figure: the sum of some groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The places of its groups in [`ClosedYear::groups`], each once.
    pub groups: Vec<usize>,
    /// By how many dimensions it is broken down.
    pub dimensions: usize,
}

/// How much is told, from nothing to everything. All figures of a rung are told, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// Nothing.
    Nothing,
    /// Totals.
    Totals,
    /// Figures broken down by one dimension at most.
    One,
    /// Figures broken down by two dimensions at most.
    Two,
    /// Every figure.
    All,
}

/// The answer of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// z of each group, in the order of [`ClosedYear::groups`]. To be kept, as base × z, whatever is told.
    pub z: Vec<i64>,
    /// What is told.
    pub rung: Rung,
    /// The late figure of each figure, in the order of [`ClosedYear::figures`]: how many cases have come, to within less than
    /// the base; 0 says "fewer than the base". `None` where its rung is not told: if an earlier release told it, that number is
    /// printed again with that release's name.
    pub late: Vec<Option<i64>>,
    /// How many cases have come in all, over all releases. To be kept.
    pub passed: i64,
}

/// Why a closed year cannot be worked on: a mistake of the caller, never of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// The base is not above the threshold.
    Base,
    /// A place is named that is not there, or named twice.
    Place,
    /// Two groups have one name.
    Name,
    /// A number is negative or too large.
    Number,
}

impl Terms {
    /// The terms, if they protect: the base must be above the threshold.
    ///
    /// # Errors
    /// When it is not.
    pub fn new(threshold: i64, base: i64) -> Result<Self, Unfit> {
        if threshold < 1 || base <= threshold { Err(Unfit::Base) } else { Ok(Self { threshold, base }) }
    }

    /// T: no group's growth can be told to within as many persons.
    #[must_use]
    pub fn threshold(self) -> i64 {
        self.threshold
    }

    /// b: every late figure is a multiple of it.
    #[must_use]
    pub fn base(self) -> i64 {
        self.base
    }
}

impl Rung {
    /// The rungs from the top to the bottom.
    pub const DOWN: [Self; 5] = [Self::All, Self::Two, Self::One, Self::Totals, Self::Nothing];

    /// Whether a figure broken down by so many dimensions is told at this rung.
    #[must_use]
    pub fn tells(self, dimensions: usize) -> bool {
        match self {
            Self::Nothing => false,
            Self::Totals => dimensions == 0,
            Self::One => dimensions <= 1,
            Self::Two => dimensions <= 2,
            Self::All => true,
        }
    }
}

impl Group {
    /// How many cases it has gained since its year closed; fewer than none where it has lost some.
    #[must_use]
    pub fn growth(&self) -> i64 {
        self.now - self.closed
    }

    /// How many cases have come since the last release.
    #[must_use]
    pub fn came(&self) -> i64 {
        (self.now - self.before.max(self.closed)).max(0)
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Base => "the base of late figures is not above the threshold",
            Self::Place => "a figure or a group names one that is not there, or names it twice",
            Self::Name => "two groups of a closed year have one name",
            Self::Number => "a count of a closed year is negative or too large",
        })
    }
}

impl std::error::Error for Unfit {}
