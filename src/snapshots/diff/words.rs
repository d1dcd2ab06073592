//! The wording that text and Markdown share: values as in data files, and the evidence for a cause.

use std::collections::{BTreeMap, BTreeSet};

use super::{Because, CellChange, Change, Difference, RowChange, Side};
use crate::snapshots::record::Figure;
use crate::value::Qualifier;

/// Replaces a list of numbers that did not change.
pub(super) const AS_BEFORE: &str = "as before";

/// The line for a figure, or for several figures whose numbers did not change and whose causes are the same.
pub(super) struct Line<'d> {
    /// The figure's id; or the indicator, and how many figures.
    pub(super) name: String,
    pub(super) unit: &'d str,
    pub(super) before: String,
    pub(super) now: String,
    pub(super) same: bool,
    /// For each cause its words and its evidence.
    pub(super) causes: Vec<(&'static str, String)>,
}

/// The lines of one kind of change. A new definition that changes no number gets one line for all its figures, and its text
/// appears once in the whole answer: `shown` holds the texts already shown.
pub(super) fn lines<'d>(differences: &'d [Difference], change: Change, shown: &mut BTreeSet<String>) -> Vec<Line<'d>> {
    let of_kind: Vec<&Difference> = differences.iter().filter(|difference| difference.change == change).collect();
    let mut alike: BTreeMap<(&str, &str), Vec<Alike<'_>>> = BTreeMap::new();
    let mut number = BTreeMap::new();
    for (at, difference) in of_kind.iter().enumerate().filter(|(_, difference)| is_redefined(difference)) {
        let Some(figure) = difference.figure() else { continue };
        let same_place = alike.entry((&difference.country, &figure.indicator)).or_default();
        if let Some(alike) = same_place.iter_mut().find(|alike| *alike.causes == difference.causes) {
            alike.count += 1;
        } else {
            number.insert(at, same_place.len());
            same_place.push(Alike { causes: &difference.causes, count: 1 });
        }
    }
    let mut lines = Vec::new();
    for (at, difference) in of_kind.iter().enumerate() {
        let Some(figure) = difference.figure() else { continue };
        let mut line = line(difference, figure);
        if is_redefined(difference) {
            // Only the first of those alike has a line.
            let Some(number) = number.get(&at) else { continue };
            let count = alike[&(difference.country.as_str(), figure.indicator.as_str())][*number].count;
            if count > 1 {
                line.name = format!("{}/{} ({count} figures)", difference.country, figure.indicator);
                line.before = AS_BEFORE.into();
                line.now.clone_from(&line.before);
            }
        }
        line.causes = difference.causes.iter().map(|because| (because.words(), evidence(because, shown))).collect();
        lines.push(line);
    }
    lines
}

/// Figures of one indicator whose numbers did not change, with the same causes.
struct Alike<'d> {
    causes: &'d Vec<Because>,
    count: usize,
}

/// Whether nothing but a definition changed, and no number.
fn is_redefined(difference: &Difference) -> bool {
    difference.reads_the_same() && difference.causes.iter().all(|because| !because.definition.is_empty())
}

fn line<'d>(difference: &'d Difference, figure: &'d Figure) -> Line<'d> {
    Line {
        name: figure.id.clone(),
        unit: &figure.unit,
        before: before(difference),
        now: now(difference),
        same: difference.reads_the_same(),
        causes: Vec::new(),
    }
}

/// The earlier value, if it may be shown.
fn before(difference: &Difference) -> String {
    if difference.hidden {
        "(not shown again)".to_owned()
    } else {
        difference.before.as_ref().map_or_else(none, reading)
    }
}

/// The later value.
fn now(difference: &Difference) -> String {
    difference.now.as_ref().map_or_else(none, reading)
}

fn none() -> String {
    "–".to_owned()
}

/// Every reading of a figure, or its state in words.
#[must_use]
pub fn reading(figure: &Figure) -> String {
    let values: Vec<String> = figure
        .readings()
        .into_iter()
        .map(|(value, qualifier)| match qualifier {
            Qualifier::Exact => value.plain(),
            _ => format!("{} {}", spaced(qualifier.code()), value.plain()),
        })
        .collect();
    if values.is_empty() { spaced(figure.status.code()) } else { values.join(" or ") }
}

fn spaced(code: &str) -> String {
    code.replace('_', " ")
}

/// The evidence for a cause, part by part.
fn evidence(because: &Because, shown: &mut BTreeSet<String>) -> String {
    let sources = because.sources.iter().map(|(before, now)| format!("{before} → {now}"));
    let definition = because.definition.iter().map(|key| {
        let words = format!("{} “{}” → “{}”", key.field, key.before, key.now);
        if shown.insert(words.clone()) { words } else { format!("{}, as above", key.field) }
    });
    let rows = because.rows.iter().map(row);
    let inferred = because.inferred.then(|| "concluded from the figures, since folders hold no rows".to_owned());
    sources.chain(definition).chain(rows).chain(inferred).collect::<Vec<_>>().join("; ")
}

fn row(row: &RowChange) -> String {
    let cells: Vec<String> = row.cells.iter().map(change).collect();
    let place = match (&row.before, &row.now) {
        (Some(before), Some(now)) if before != now => format!("{now} (was {before})"),
        (before, now) => now.as_ref().or(before.as_ref()).cloned().unwrap_or_default(),
    };
    if cells.is_empty() { place } else { format!("{place}, {}", cells.join(", ")) }
}

/// `count 41 → 43`; only the column where its cells are not shown again.
fn change(change: &CellChange) -> String {
    let CellChange { field, before, now } = change;
    match (before.as_str(), now.as_str()) {
        ("", "") => field.clone(),
        ("", now) => format!("{field} – → {now}"),
        (before, "") => format!("{field} {before} → –"),
        (before, now) => format!("{field} {before} → {now}"),
    }
}

/// The name of a side, with its commit if it is a revision.
pub(super) fn side(side: &Side) -> String {
    match &side.commit {
        Some(commit) => format!("{} ({})", side.name, commit.chars().take(12).collect::<String>()),
        None => side.name.clone(),
    }
}

/// `2 changed, 1 added, 0 removed`; or that nothing differs.
pub(super) fn summary(differences: &[Difference]) -> String {
    if differences.is_empty() {
        return "no figure differs".to_owned();
    }
    let counts = super::differences::counts(differences);
    let parts = Change::ALL.map(|change| format!("{} {}", counts[&change], change.code()));
    format!("figures: {}", parts.join(", "))
}
