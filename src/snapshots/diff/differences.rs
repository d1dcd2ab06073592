//! The differences between two records of a country, each with its causes.

use std::collections::{BTreeMap, BTreeSet};

use super::causes::{Because, CAUSES};
use super::moves::Moves;
use super::pair::{Known, Pair};
use super::withdrawn::Withdrawn;
use crate::snapshots::record::{Figure, Record};

/// A figure that changed.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The country's code.
    pub country: String,
    /// The title of its indicator.
    pub title: String,
    /// How it changed.
    pub change: Change,
    /// Whether its period is later than any for which the earlier side had a number of its indicator.
    pub new_period: bool,
    /// The figure as it was; without its values where they are not shown again.
    pub before: Option<Figure>,
    /// The figure as it is.
    pub now: Option<Figure>,
    /// Whether the earlier values are not shown again.
    pub hidden: bool,
    /// At least one cause, the most specific first.
    pub causes: Vec<Because>,
}

/// How a figure changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Only the later side has it.
    Added,
    /// Only the earlier side has it.
    Removed,
    /// Both have it, and it differs.
    Changed,
}

impl Change {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 3] = [Self::Changed, Self::Added, Self::Removed];

    /// Its name in answers.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

impl Difference {
    /// The figure on the later side, or else on the earlier.
    #[must_use]
    pub fn figure(&self) -> Option<&Figure> {
        self.now.as_ref().or(self.before.as_ref())
    }

    /// Whether the printed number is the same, so that only its sources or definition differ.
    #[must_use]
    pub fn reads_the_same(&self) -> bool {
        !self.hidden && self.before.as_ref().zip(self.now.as_ref()).is_some_and(|(before, now)| before.reads_as(now))
    }
}

/// The differences in one country, by figure.
#[must_use]
pub fn differences(old: &Record, new: &Record) -> Vec<Difference> {
    let withdrawn = Withdrawn::between(old, new);
    let ids: BTreeSet<&String> = old.figures.keys().chain(new.figures.keys()).collect();
    let (moves, known) = (&Moves::between(old, new), &Known::of(old, new));
    let pair = |id| Pair { old, new, before: old.figures.get(id), now: new.figures.get(id), moves, known };
    let pairs = ids.into_iter().map(pair);
    pairs.filter(|pair| pair.is_comparable() && pair.differs()).map(|pair| difference(&pair, &withdrawn)).collect()
}

fn difference(pair: &Pair<'_>, withdrawn: &Withdrawn<'_>) -> Difference {
    let hidden = pair.before.is_some_and(|before| !before.readings().is_empty() && withdrawn.is_revealed(before));
    let change = match (pair.before, pair.now) {
        (None, _) => Change::Added,
        (_, None) => Change::Removed,
        _ => Change::Changed,
    };
    let mut causes: Vec<Because> = CAUSES.iter().filter_map(|cause| (cause.find)(pair)).collect();
    if causes.len() > 1 {
        // The last cause stands for having found none.
        causes.pop();
    }
    if hidden {
        causes.iter_mut().for_each(Because::forget_cells);
    }
    let (title, new_period) = (pair.title(), pair.of_new_period());
    let country = pair.new.country.clone();
    let before = pair.before.map(|before| if hidden { before.clone().without_values() } else { before.clone() });
    Difference { country, title, change, new_period, before, now: pair.now.cloned(), hidden, causes }
}

impl Figure {
    /// The figure without its values.
    fn without_values(self) -> Self {
        Self { value: None, contested: false, alternatives: Vec::new(), ..self }
    }
}

/// How many figures were added, removed and changed.
pub(super) fn counts(differences: &[Difference]) -> BTreeMap<Change, usize> {
    let mut counts: BTreeMap<Change, usize> = Change::ALL.into_iter().map(|change| (change, 0)).collect();
    for difference in differences {
        *counts.entry(difference.change).or_default() += 1;
    }
    counts
}
