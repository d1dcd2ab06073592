//! What is told of the late cases of a closed year: rounded anew where copy and key are there, else as it was told last
//! (docs/disclosure.md#years-close).

use std::collections::BTreeMap;

use super::asked::Asked;
use super::assemble::Codes;
use super::closed::Closed;
use super::mark::{Mark, repeated_mark};
use super::seal::state_code;
use super::table::Table;
use super::world::{World, atoms};
use super::years::{CellOf, State, Telling};
use crate::disclosure::late::{ClosedYear, Figure, Former, Group, Key, Layer, Terms, lay, verify};
use crate::figures::Atom;
use crate::project::custody::{Counts, ToldYear};
use crate::project::late::Tell;
use crate::project::ledger::ClosedYear as Record;
use crate::project::schema::{TOTAL, UNKNOWN};
use crate::value::period::Period;

/// What is told of the late cases of a closed year.
#[derive(Default)]
pub(super) struct Late {
    marks: BTreeMap<CellOf, Mark>,
    telling: Option<Telling>,
}

impl Late {
    /// What is told of a cell.
    pub(super) fn mark(&self, of: &CellOf) -> Option<&Mark> {
        self.marks.get(of)
    }

    /// What the next release tells.
    pub(super) fn telling(&self) -> Telling {
        self.telling.clone().unwrap_or(Telling::Ended)
    }
}

/// What is told of the printed cells of a closed year.
pub(super) fn told(
    asked: &Asked<'_>,
    closed: &Closed<'_>,
    (table, present): (Option<Table<'_>>, &[&Atom]),
    (printed, period): (&[(CellOf, i64)], &Period),
    (state, contradicted): (State, bool),
    world: &World<'_>,
) -> Late {
    let last = |of: &CellOf| {
        let indicator = asked.questions[of.0].0.as_str();
        world.late.get(&(indicator, period.text(), &of.1)).copied()
    };
    let repeated = |telling: Telling| {
        let mark = |(of, _): &(CellOf, i64)| Some((of.clone(), repeated_mark(last(of)?, closed.release, world.ledger)));
        Late { marks: printed.iter().filter_map(mark).collect(), telling: Some(telling) }
    };
    let (Some(record), Some(key), Some(table)) = (closed.record, &world.key, table) else {
        return repeated(if state == State::Adopted { Telling::Fresh } else { Telling::Ended });
    };
    let Some((since, before)) = valid(record, key, world).filter(|_| state == State::Kept && !asked.stock) else {
        return repeated(Telling::Ended);
    };
    if contradicted || world.policy.late.tell == Tell::Closed || recoded(asked, &since, world) {
        return repeated(Telling::Again(before, since.last().cloned().unwrap_or_default()));
    }
    let Some((layer, terms, cells, told)) =
        laid((asked, closed, record), table, (present, &since, &before), (printed, world))
    else {
        return repeated(Telling::Again(before, since.last().cloned().unwrap_or_default()));
    };
    let mark = |((of, _), figure): (&(CellOf, i64), usize)| {
        let (now, last) = (layer.late[figure], last(of));
        let Some(cases) = now else { return Some((of.clone(), repeated_mark(last?, closed.release, world.ledger))) };
        let same = last.filter(|last| last.cases == cases && last.base == terms.base());
        let at_closing = same.is_some_and(|last| last.release == closed.release);
        Some((
            of.clone(),
            Mark { cases, base: terms.base(), release: None, repeated: false, unreleased: same.is_none(), at_closing },
        ))
    };
    let marks = printed.iter().zip(cells).filter_map(mark).collect();
    Late { marks, telling: Some(Telling::Anew(layer.rung, terms, told)) }
}

/// The counts since the closing and what was told last, if they are what the last release says.
fn valid(record: &Record, key: &Key, world: &World<'_>) -> Option<(Vec<Counts>, ToldYear)> {
    let (since, before) = world.since(record)?;
    let code = state_code(key, &record.name(), since.last()?, &before)?;
    (record.told.as_ref()?.state.hmac == code).then_some((since, before))
}

/// Whether a code of the closed year is no code of today's schema any more: then nobody can say what is late.
fn recoded(asked: &Asked<'_>, since: &[Counts], world: &World<'_>) -> bool {
    since.first().is_some_and(|counts| {
        counts.dimensions.iter().enumerate().any(|(at, dimension)| {
            let declared = world.country.declared(&asked.key.0, dimension);
            let known = |code: &String| matches!(code.as_str(), TOTAL | UNKNOWN) || declared.contains(code);
            !declared.is_empty() && !counts.rows.iter().all(|row| row.codes.get(at).is_none_or(known))
        })
    })
}

/// The late layer of a year: its terms, the figure of each printed cell, and what is to be kept.
fn laid(
    (asked, closed, record): (&Asked<'_>, &Closed<'_>, &Record),
    mut table: Table<'_>,
    (present, since, before): (&[&Atom], &[Counts], &ToldYear),
    (printed, world): (&[(CellOf, i64)], &World<'_>),
) -> Option<(Layer, Terms, Vec<usize>, ToldYear)> {
    let key = world.key.as_ref()?;
    let counts: Vec<usize> = since.iter().map(|counts| table.groups.count(&atoms(&asked.key.0, counts))).collect();
    let now = table.groups.count(present.iter().copied());
    let threshold = record.threshold.max(world.policy.threshold);
    let base = record.base.max(record.told.as_ref().map_or(0, |told| told.base)).max(world.policy.base());
    let terms = Terms::new(i64::try_from(threshold).ok()?, base).ok()?;
    let named: Vec<(String, usize)> = table.groups.names().map(|(name, place)| (name.clone(), place)).collect();
    let place: BTreeMap<usize, usize> = named.iter().zip(0..).map(|((_, place), at)| (*place, at)).collect();
    let mut formers: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, place) in &named {
        let next = formers.len();
        formers.entry(table.groups.former(*place)).or_insert(next);
    }
    // What was told must have a place among today's groups.
    if !before.groups.keys().all(|name| formers.contains_key(name.as_str())) {
        return None;
    }
    let mut former = vec![Former::default(); formers.len()];
    formers.iter().for_each(|(name, at)| former[*at].told = before.groups.get(*name).copied().unwrap_or(0));
    let group = |(name, place): &(String, usize)| {
        let units = |count: usize| table.groups.units(count, *place);
        let held = counts.iter().copied().chain([table.closed]).map(units).max().unwrap_or(0);
        let former = formers.get(table.groups.former(*place)).copied().unwrap_or(0);
        Group { name: name.clone(), closed: units(table.closed), before: held, now: units(now), former }
    };
    let groups: Vec<Group> = named.iter().map(group).collect();
    let (keys, cells) = figures(&table, closed, printed)?;
    let figure = |(members, dimensions): (Vec<usize>, usize)| {
        let groups = members.into_iter().filter_map(|member| place.get(&member).copied()).collect();
        Figure { groups, dimensions }
    };
    let members = table.groups.members(&keys.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>());
    let figures = members.into_iter().zip(keys.iter().map(|(_, dimensions)| *dimensions)).map(figure).collect();
    let identity = record.name();
    let year = ClosedYear { identity, terms, groups, former, figures, passed: before.passed };
    let layer = lay(&year, key).ok().filter(|layer| verify(&year, layer).is_ok())?;
    let kept = named.iter().zip(&layer.z).filter(|(_, z)| **z != 0).map(|((name, _), z)| (name.clone(), z * base));
    let told = ToldYear { year: record.name(), passed: layer.passed, groups: kept.collect() };
    Some((layer, terms, cells, told))
}

/// A figure's key, and by how many dimensions it is broken down.
type Keyed = (Vec<u16>, usize);

/// Every figure that was ever printed of the year, each once; and which of them each printed cell is.
fn figures(table: &Table<'_>, closed: &Closed<'_>, printed: &[(CellOf, i64)]) -> Option<(Vec<Keyed>, Vec<usize>)> {
    let (mut keys, mut at): (Vec<Keyed>, BTreeMap<Vec<u16>, usize>) = (Vec::new(), BTreeMap::new());
    let mut number = |key: Vec<u16>, codes: &Codes| {
        let next = keys.len();
        *at.entry(key.clone()).or_insert_with(|| {
            keys.push((key, codes.len()));
            next
        })
    };
    let mut cells = Vec::new();
    for (of, _) in printed {
        cells.push(number(table.key(of)?.clone(), &of.1));
    }
    for (question, codes, _) in closed.printed() {
        number(table.groups.key(question, codes)?, codes);
    }
    Some((keys, cells))
}
