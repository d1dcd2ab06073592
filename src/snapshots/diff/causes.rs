//! Why a figure changed: one function for each cause, all in one list. A cause that cannot be known is not guessed.

use super::change::CellChange;
use super::moves::cells_between;
use super::pair::Pair;
use super::withdrawn::{is_newly_withheld, is_row_newly_withheld};
use crate::disclosure::protect::Status;
use crate::snapshots::record::{Figure, PublicRow, PublicRows};

/// A cause: its name, its words, and the function that finds it.
pub struct Cause {
    /// Its stable name.
    pub code: &'static str,
    /// Its words, half a sentence.
    pub words: &'static str,
    /// Finds it in a figure that changed.
    pub find: for<'p, 'r> fn(&'p Pair<'r>) -> Option<Because>,
}

/// A cause that was found, with its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    /// The cause's name.
    pub code: &'static str,
    /// The first-ranked source before and now, where that is what changed.
    pub sources: Option<(String, String)>,
    /// The keys of the definition that changed.
    pub definition: Vec<CellChange>,
    /// The rows.
    pub rows: Vec<RowChange>,
    /// Whether it is concluded from the figures alone, since the rows' text is not on record.
    pub inferred: bool,
}

/// A public row that came, went or was corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// Its place on the earlier side.
    pub before: Option<String>,
    /// Its place on the later side.
    pub now: Option<String>,
    /// The cells that differ.
    pub cells: Vec<CellChange>,
}

macro_rules! causes {
    ($($name:ident = $words:literal),* $(,)?) => {
        /// Every cause, the most specific first. The last is given where no other is found.
        pub const CAUSES: &[Cause] = &[$(Cause { code: stringify!($name), words: $words, find: $name }),*];
    };
}

causes![
    country_added = "the country is new",
    country_removed = "the country is gone",
    newly_withheld = "newly withheld",
    part_withheld = "a part of it is newly withheld",
    no_longer_withheld = "no longer withheld",
    indicator_added = "the indicator is new, or was not on record before",
    indicator_removed = "the indicator is gone, or is no longer on record",
    definition_changed = "definition changed",
    source_changed = "source changed",
    ranking_changed = "another source is ranked first",
    source_record_changed = "the entry of a source changed",
    row_corrected = "row corrected",
    row_added = "row added",
    row_removed = "row removed",
    alternatives_changed = "the values of other sources changed",
    agreement_changed = "the sources that agree changed",
    no_longer_derived = "it is no longer the sum of its parts",
    rule_changed = "it is computed by another rule",
    register_changed = "the register changed, or which of its numbers may be shown",
    unexplained = "nothing on record explains it; the program, a schema or the rank of a source may have changed",
];

/// The columns that decide which source is ranked first and what is derived from it.
const DECISIVE: [&str; 6] = ["rank", "published", "complete", "origin", "role", "covers"];

impl Because {
    fn of(code: &'static str) -> Self {
        Self { code, sources: None, definition: Vec::new(), rows: Vec::new(), inferred: false }
    }

    /// Keeps the names of rows and columns and drops their contents.
    pub(super) fn forget_cells(&mut self) {
        for cell in self.rows.iter_mut().flat_map(|row| &mut row.cells) {
            cell.before.clear();
            cell.now.clear();
        }
    }

    /// Its words, half a sentence.
    #[must_use]
    pub fn words(&self) -> &'static str {
        CAUSES.iter().find(|cause| cause.code == self.code).map_or(self.code, |cause| cause.words)
    }
}

fn found(holds: bool, code: &'static str) -> Option<Because> {
    holds.then(|| Because::of(code))
}

fn country_added(pair: &Pair<'_>) -> Option<Because> {
    found(pair.old.figures.is_empty(), "country_added")
}

fn country_removed(pair: &Pair<'_>) -> Option<Because> {
    found(pair.new.figures.is_empty(), "country_removed")
}

fn newly_withheld(pair: &Pair<'_>) -> Option<Because> {
    found(pair.before.is_some_and(|before| is_newly_withheld(before, pair.now)), "newly_withheld")
}

fn part_withheld(pair: &Pair<'_>) -> Option<Because> {
    let before = pair.before.filter(|before| !is_newly_withheld(before, pair.now))?;
    let by_row = before.rows.iter().any(|place| is_row_newly_withheld(pair.old, pair.new, place));
    let by_figure = |part: &Figure| is_newly_withheld(part, pair.new.figures.get(&part.id));
    let by_part = || before.status == Status::Derived && pair.known.parts(before).into_iter().any(by_figure);
    found(by_row || by_part(), "part_withheld")
}

fn no_longer_withheld(pair: &Pair<'_>) -> Option<Because> {
    let (before, now) = (pair.before?, pair.now?);
    found(before.status == Status::Withheld && now.status != Status::Withheld, "no_longer_withheld")
}

fn indicator_added(pair: &Pair<'_>) -> Option<Because> {
    let known = pair.known.before(&pair.now?.indicator);
    found(pair.before.is_none() && !known && pair.both_countries(), "indicator_added")
}

fn indicator_removed(pair: &Pair<'_>) -> Option<Because> {
    let known = pair.known.now(&pair.before?.indicator);
    found(pair.now.is_none() && !known && pair.both_countries(), "indicator_removed")
}

fn definition_changed(pair: &Pair<'_>) -> Option<Because> {
    let definition = pair.definition_changes();
    found(!definition.is_empty(), "definition_changed").map(|because| Because { definition, ..because })
}

/// Another source is ranked first: one without a value before, or instead of one without a value now.
fn source_changed(pair: &Pair<'_>) -> Option<Because> {
    let sources = first_sources(pair)?;
    let reordered = reordered(pair)?;
    found(!reordered, "source_changed").map(|because| Because { sources: Some(sources), ..because })
}

/// Both sources have a value before and now, and the other one is ranked first.
fn ranking_changed(pair: &Pair<'_>) -> Option<Because> {
    let sources = first_sources(pair)?;
    let reordered = reordered(pair)?;
    found(reordered, "ranking_changed").map(|because| Because { sources: Some(sources), ..because })
}

/// The first-ranked sources before and now, if they differ.
fn first_sources(pair: &Pair<'_>) -> Option<(String, String)> {
    let (before, now) = (pair.before?.sources.first()?, pair.now?.sources.first()?);
    (before != now).then(|| (before.clone(), now.clone()))
}

fn reordered(pair: &Pair<'_>) -> Option<bool> {
    let (before, now) = (pair.before?, pair.now?);
    let gives = |figure: &Figure, source: &String| {
        figure.sources.contains(source) || figure.alternatives.iter().any(|other| other.sources.contains(source))
    };
    Some(gives(now, before.sources.first()?) && gives(before, now.sources.first()?))
}

/// A deciding column of one of its sources differs in the table of sources.
fn source_record_changed(pair: &Pair<'_>) -> Option<Because> {
    let (old, new) = pair.rows()?;
    let all_sources = |figure: &Figure| {
        let others = figure.alternatives.iter().flat_map(|other| other.sources.clone());
        figure.sources.clone().into_iter().chain(others).collect::<Vec<_>>()
    };
    let ids = pair.before.into_iter().chain(pair.now).flat_map(all_sources);
    let change = |id: String| {
        let mut change = corrected(old.source(&id)?, new.source(&id)?)?;
        change.cells.retain(|cell| DECISIVE.contains(&cell.field.as_str()));
        (!change.cells.is_empty()).then_some(change)
    };
    shown("source_record_changed", ids.filter_map(change).collect())
}

/// A row with the same key has other cells; or a row is gone and one came that differs from it in one cell of its key.
fn row_corrected(pair: &Pair<'_>) -> Option<Because> {
    let Some((old, new)) = pair.rows() else { return corrected_by_inference(pair) };
    let mut rows: Vec<RowChange> = Vec::new();
    for before in rows_of(pair.before, old) {
        rows.extend(new.like(before).or_else(|| pair.moves.to(before, new)).and_then(|now| corrected(before, now)));
    }
    for now in rows_of(pair.now, new) {
        rows.extend(old.like(now).or_else(|| pair.moves.from(now, old)).and_then(|before| corrected(before, now)));
    }
    shown("row_corrected", rows)
}

fn row_added(pair: &Pair<'_>) -> Option<Because> {
    let Some((old, _)) = pair.rows() else {
        let now = pair.now.filter(|now| pair.before.is_none() && !now.register && pair.both_countries())?;
        return Some(inferred("row_added", &[], &now.rows));
    };
    let added = rows_of(pair.now, pair.rows()?.1).into_iter();
    let added = added.filter(|row| old.like(row).is_none() && pair.moves.from(row, old).is_none());
    shown(
        "row_added",
        added.map(|row| RowChange { before: None, now: Some(row.place.clone()), cells: Vec::new() }).collect(),
    )
}

fn row_removed(pair: &Pair<'_>) -> Option<Because> {
    let Some((old, new)) = pair.rows() else {
        let gone = |before: &&Figure| pair.now.is_none() && before.status != Status::Derived && !before.register;
        let before = pair.before.filter(gone).filter(|_| pair.both_countries())?;
        return Some(inferred("row_removed", &before.rows, &[]));
    };
    let removed = rows_of(pair.before, old).into_iter();
    let removed = removed.filter(|row| new.like(row).is_none() && pair.moves.to(row, new).is_none());
    shown(
        "row_removed",
        removed.map(|row| RowChange { before: Some(row.place.clone()), now: None, cells: Vec::new() }).collect(),
    )
}

fn alternatives_changed(pair: &Pair<'_>) -> Option<Because> {
    found(pair.alternatives_differ(), "alternatives_changed")
}

fn agreement_changed(pair: &Pair<'_>) -> Option<Because> {
    let (before, now) = (pair.before?, pair.now?);
    let same_first = before.sources.first() == now.sources.first();
    found(same_first && before.sources != now.sources, "agreement_changed")
}

fn no_longer_derived(pair: &Pair<'_>) -> Option<Because> {
    let gone = pair.before.filter(|before| before.status == Status::Derived && pair.now.is_none());
    found(gone.is_some() && pair.both_countries(), "no_longer_derived")
}

fn rule_changed(pair: &Pair<'_>) -> Option<Because> {
    found(pair.before?.rule != pair.now?.rule && !is_newly_withheld(pair.before?, pair.now), "rule_changed")
}

fn register_changed(pair: &Pair<'_>) -> Option<Because> {
    let register = pair.before.into_iter().chain(pair.now).any(|figure| figure.register);
    let withheld = pair.before.is_some_and(|before| is_newly_withheld(before, pair.now));
    found(register && !withheld && pair.both_countries(), "register_changed")
}

/// Given only where no other cause is.
fn unexplained(pair: &Pair<'_>) -> Option<Because> {
    found(pair.before.is_some() || pair.now.is_some(), "unexplained")
}

/// The same source gives another value, and no rows are on record to show it.
fn corrected_by_inference(pair: &Pair<'_>) -> Option<Because> {
    let (before, now) = (pair.before?, pair.now?);
    let same_source = before.sources.first() == now.sources.first();
    let judged = same_source && before.rule == now.rule && !before.register && !now.register;
    let spoke = before.value.is_some() || now.value.is_some();
    let first = |figure: &Figure| figure.value.as_ref().map(|value| (value.plain(), figure.qualifier));
    let same = match (&before.value, &now.value) {
        (Some(one), Some(other)) => one.equals(other) && before.qualifier == now.qualifier,
        _ => first(before) == first(now),
    };
    (judged && spoke && !same).then(|| inferred("row_corrected", &before.rows, &now.rows))
}

fn inferred(code: &'static str, before: &[String], now: &[String]) -> Because {
    let place = |places: &[String], at: usize| places.get(at).cloned();
    let rows = (0..before.len().max(now.len())).map(|at| RowChange {
        before: place(before, at),
        now: place(now, at),
        cells: Vec::new(),
    });
    Because { rows: rows.collect(), inferred: true, ..Because::of(code) }
}

fn rows_of<'r>(figure: Option<&Figure>, rows: &'r PublicRows) -> Vec<&'r PublicRow> {
    figure.into_iter().flat_map(|figure| &figure.rows).filter_map(|place| rows.at(place)).collect()
}

fn corrected(before: &PublicRow, now: &PublicRow) -> Option<RowChange> {
    let cells = cells_between(before, now);
    (!cells.is_empty()).then(|| RowChange { before: Some(before.place.clone()), now: Some(now.place.clone()), cells })
}

fn shown(code: &'static str, mut rows: Vec<RowChange>) -> Option<Because> {
    // The row of a figure before may be its row now: list it once.
    let mut seen = std::collections::BTreeSet::new();
    rows.retain(|row| seen.insert((row.before.clone(), row.now.clone())));
    (!rows.is_empty()).then(|| Because { rows, ..Because::of(code) })
}
