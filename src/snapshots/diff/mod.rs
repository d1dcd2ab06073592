//! What differs between two editions, figure by figure, and why. Pure: two records in, differences out.
//!
//! # What is never said again
//!
//! An earlier value was public, and stays so in the edition that printed it. But a number that is withheld now was, as a
//! rule, withdrawn because it said too much; whoever sets it beside the note that it is withheld undoes that. So the
//! earlier value of a figure that is newly withheld is in no answer and on no page, in no format. Nor is any earlier value
//! from which it could be worked out: of the same country and table for an overlapping period (a margin and its other
//! part), or from the same row (a change, a share). They are taken out here, before anything is rendered. Differences
//! between two values are not computed at all.

mod causes;
mod change;
mod json;
mod markdown;
mod moves;
mod text;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::disclosure::protect::Status;
use crate::snapshots::record::{Figure, Record, Rows};

pub use causes::{Because, CAUSES, Cause, RowChange};
pub use change::CellChange;
pub use json::json;
pub use markdown::markdown;
use moves::Moves;
pub use text::text;

/// A figure that is not what it was.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The country's code.
    pub country: String,
    /// What its indicator is, or was, called.
    pub title: String,
    /// What happened to it.
    pub change: Change,
    /// Whether it is of a later period than any of its indicator of which the earlier edition had a number.
    pub new_period: bool,
    /// The figure as it was; its values are empty where they are not said again.
    pub before: Option<Figure>,
    /// The figure as it is.
    pub now: Option<Figure>,
    /// Whether the earlier values are not said again.
    pub hidden: bool,
    /// Why: at least one cause, the most telling first.
    pub causes: Vec<Because>,
}

/// What happened to a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Only the new edition has it.
    Added,
    /// Only the old edition has it.
    Removed,
    /// Both have it, and not alike.
    Changed,
}

impl Change {
    /// All of them, in the order in which they are told.
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

/// An edition as it was named on the command line.
#[derive(Debug, Clone)]
pub struct Side {
    /// As it was named.
    pub name: String,
    /// The commit, if it is a revision.
    pub commit: Option<String>,
}

/// Two editions held against each other.
#[derive(Debug)]
pub struct Comparison {
    /// The earlier one.
    pub old: Side,
    /// The later one.
    pub new: Side,
    /// What differs, by country and figure.
    pub differences: Vec<Difference>,
    /// What could not be compared, and why, in words.
    pub notes: Vec<String>,
}

/// One figure in two editions; at least one has it.
pub struct Pair<'r> {
    old: &'r Record,
    new: &'r Record,
    before: Option<&'r Figure>,
    now: Option<&'r Figure>,
    moves: &'r Moves,
}

impl Difference {
    /// The figure as the later edition has it, or else the earlier.
    #[must_use]
    pub fn figure(&self) -> Option<&Figure> {
        self.now.as_ref().or(self.before.as_ref())
    }

    /// Whether a reader sees the same number, so that only what stands behind it differs.
    #[must_use]
    pub fn reads_the_same(&self) -> bool {
        !self.hidden && self.before.as_ref().zip(self.now.as_ref()).is_some_and(|(before, now)| before.reads_as(now))
    }
}

/// Holds two editions against each other, country by country; nothing where no country can be compared. One whose data is
/// faulty in either edition is left out, lest all its figures seem to have gone.
#[must_use]
pub fn compare(
    (old, before): (Side, &[Record]),
    (new, now): (Side, &[Record]),
    faulty: &dyn Fn(&str) -> bool,
) -> Option<Comparison> {
    let countries: BTreeSet<&str> = before.iter().chain(now).map(|record| record.country.as_str()).collect();
    let sound: Vec<&str> = countries.iter().copied().filter(|country| !faulty(country)).collect();
    let (mut differences, mut notes) = (Vec::new(), Vec::new());
    for country in countries.iter().filter(|country| faulty(country)) {
        notes.push(format!("{country} is not compared: its data has faults"));
    }
    for country in &sound {
        let of = |records: &'_ [Record]| records.iter().position(|record| record.country == **country);
        let nothing = Record { country: (*country).to_owned(), ..Record::default() };
        let before = of(before).map_or(&nothing, |at| &before[at]);
        let now = of(now).map_or(&nothing, |at| &now[at]);
        let left_out = left_out(before, now);
        if left_out > 0 {
            let figures = if left_out == 1 { "1 figure rests" } else { &format!("{left_out} figures rest") };
            notes.push(format!("{country}: {figures} on registers, which no revision holds: not compared"));
        }
        differences.extend(self::differences(before, now));
    }
    if differences.iter().any(|difference| difference.hidden) {
        notes.push("beside a figure that is newly withheld, earlier values are not said again".to_owned());
    }
    (!sound.is_empty()).then_some(Comparison { old, new, differences, notes })
}

/// What differs in one country, by figure.
#[must_use]
pub fn differences(old: &Record, new: &Record) -> Vec<Difference> {
    let withdrawn = withdrawn(old, new);
    let ids: BTreeSet<&String> = old.figures.keys().chain(new.figures.keys()).collect();
    let moves = &Moves::between(old, new);
    let pair = |id| Pair { old, new, before: old.figures.get(id), now: new.figures.get(id), moves };
    let pairs = ids.into_iter().map(pair);
    pairs.filter(|pair| pair.comparable() && pair.differs()).map(|pair| pair.difference(&withdrawn)).collect()
}

/// How many figures rest on registers that one of the editions could not read.
#[must_use]
pub fn left_out(old: &Record, new: &Record) -> usize {
    let blind = old.without_registers || new.without_registers;
    let both = old.figures.values().chain(new.figures.values());
    if blind {
        both.filter(|figure| figure.register).map(|figure| &figure.id).collect::<BTreeSet<_>>().len()
    } else {
        0
    }
}

/// The figures of the earlier edition of which a number is newly withheld, in themselves or in a row behind them.
fn withdrawn<'r>(old: &'r Record, new: &Record) -> Vec<&'r Figure> {
    let gone = |before: &&Figure| {
        let now = new.figures.get(&before.id);
        is_newly_withheld(before, now) || before.rows.iter().any(|place| row_withheld(old, new, place))
    };
    old.figures.values().filter(gone).collect()
}

/// Whether a figure is withheld now and was not; of a register, also whether it is gone, since what is withheld there is
/// not even named.
fn is_newly_withheld(before: &Figure, now: Option<&Figure>) -> bool {
    let named = now.is_some_and(|now| now.status == Status::Withheld);
    before.status != Status::Withheld && (named || (before.register && now.is_none_or(|now| now.value.is_none())))
}

/// Whether the source of a row shows its value no longer.
fn row_withheld(old: &Record, new: &Record, place: &str) -> bool {
    let row = old.rows.as_ref().and_then(|rows| rows.at(place));
    let now = row.zip(new.rows.as_ref()).and_then(|(row, rows)| rows.like(row));
    row.zip(now).is_some_and(|(before, now)| now.withheld && !before.withheld)
}

impl Pair<'_> {
    /// A figure of a register is compared only where both editions could read registers, and what prose makes only where
    /// both set prose.
    fn comparable(&self) -> bool {
        let any = |test: fn(&Figure) -> bool| self.before.into_iter().chain(self.now).any(test);
        if any(|figure| figure.relative) && !(self.old.with_prose && self.new.with_prose) {
            return false;
        }
        !(any(|figure| figure.register) && (self.old.without_registers || self.new.without_registers))
    }

    /// Whether one figure of the earlier edition may tell the number of another: by a row of both, as a change does whatever
    /// its period, or as a part or a whole.
    fn tells(&self, figure: &Figure, gone: &Figure) -> bool {
        let shared = figure.rows.iter().any(|row| gone.rows.contains(row));
        shared || (self.related(gone, figure) && gone.period.overlaps(&figure.period))
    }

    /// Whether the numbers of two figures may be parts of each other.
    fn related(&self, one: &Figure, other: &Figure) -> bool {
        let (one_of, other_of) = (self.tables(one), self.tables(other));
        if one_of.is_empty() || other_of.is_empty() { one.unit == other.unit } else { !one_of.is_disjoint(&other_of) }
    }

    /// The tables that a figure comes from, as far as they are on record. A table's file is called like it.
    fn tables(&self, figure: &Figure) -> BTreeSet<String> {
        let known = [self.new, self.old].map(|record| record.definitions.get(&figure.indicator));
        let declared = known.into_iter().flatten().filter_map(|known| known.keys.get("table")).cloned();
        let file = |row: &String| row.rsplit('/').next().and_then(|file| file.split('.').next()).map(str::to_owned);
        declared.chain(figure.rows.iter().filter_map(file)).collect()
    }

    /// Whether both editions have anything on the country.
    fn both_countries(&self) -> bool {
        !self.old.figures.is_empty() && !self.new.figures.is_empty()
    }

    /// The rows of both editions, where both know them.
    fn rows(&self) -> Option<(&Rows, &Rows)> {
        self.old.rows.as_ref().zip(self.new.rows.as_ref())
    }

    fn differs(&self) -> bool {
        let (Some(before), Some(now)) = (self.before, self.now) else { return true };
        !before.reads_as(now)
            || (before.status, &before.rule, &before.sources) != (now.status, &now.rule, &now.sources)
            || before.contested != now.contested
            || self.alternatives_differ()
            || !self.definition_changes().is_empty()
    }

    fn alternatives_differ(&self) -> bool {
        let (Some(before), Some(now)) = (self.before, self.now) else { return false };
        let said = |figure: &Figure| {
            let one = |other: &crate::snapshots::record::Alternative| {
                (other.value.plain(), other.qualifier, other.sources.clone())
            };
            figure.alternatives.iter().map(one).collect::<BTreeSet<_>>()
        };
        said(before) != said(now)
    }

    /// The keys of the definition that both editions know and that differ.
    fn definition_changes(&self) -> Vec<CellChange> {
        let Some(figure) = self.now.or(self.before) else { return Vec::new() };
        let known = |record: &'_ Record| record.definitions.get(&figure.indicator).map(|known| known.keys.clone());
        let (Some(before), Some(now)) = (known(self.old), known(self.new)) else { return Vec::new() };
        let both = before.into_iter().filter_map(|(key, before)| Some((key, before, now.get(key)?.clone())));
        let changed = both.filter(|(_, before, now)| before != now);
        changed.map(|(key, before, now)| CellChange { field: key.to_owned(), before, now }).collect()
    }

    fn title(&self) -> String {
        let Some(figure) = self.now.or(self.before) else { return String::new() };
        let known = [self.new, self.old].into_iter().find_map(|record| record.definitions.get(&figure.indicator));
        known.map_or_else(|| figure.indicator.clone(), |known| known.title.clone())
    }

    fn of_new_period(&self) -> bool {
        let Some(now) = self.now else { return false };
        let earlier = self.old.figures.values().filter(|before| before.indicator == now.indicator);
        let last = earlier.filter(|before| before.value.is_some()).map(|before| before.period.end()).max();
        last.is_none_or(|last| now.period.end() > last)
    }

    fn difference(&self, withdrawn: &[&Figure]) -> Difference {
        let near = |figure: &Figure| withdrawn.iter().any(|gone| self.tells(figure, gone));
        let hidden = self.before.is_some_and(|before| !before.readings().is_empty() && near(before));
        let change = match (self.before, self.now) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            _ => Change::Changed,
        };
        let mut causes: Vec<Because> = CAUSES.iter().filter_map(|cause| (cause.find)(self)).collect();
        if causes.len() > 1 {
            // The last cause says that there is no other.
            causes.pop();
        }
        if hidden {
            causes.iter_mut().for_each(Because::forget_cells);
        }
        let (title, new_period) = (self.title(), self.of_new_period());
        let country = self.new.country.clone();
        let before = self.before.map(|before| if hidden { before.clone().emptied() } else { before.clone() });
        Difference { country, title, change, new_period, before, now: self.now.cloned(), hidden, causes }
    }
}

impl Figure {
    /// Without anything that it said.
    fn emptied(self) -> Self {
        Self { value: None, contested: false, alternatives: Vec::new(), ..self }
    }
}

/// How many figures were added, removed and changed.
fn counts(differences: &[Difference]) -> BTreeMap<Change, usize> {
    let mut counts: BTreeMap<Change, usize> = Change::ALL.into_iter().map(|change| (change, 0)).collect();
    for difference in differences {
        *counts.entry(difference.change).or_default() += 1;
    }
    counts
}
