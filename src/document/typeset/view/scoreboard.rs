//! The scoreboard in words: for each series its newest figure and the one before, its neighbours, and how sure it is.

use std::collections::BTreeSet;

use super::changes::comparable;
use super::model::{Beside, ScoreFigure, ScoreGroup, ScoreLine, Scoreboard};
use super::readings::{reading, readings};
use super::ways::arrow;
use super::{certainty, languages, marks};
use crate::disclosure::protect::ReleasedCell;
use crate::document::draw::{self, Figure};
use crate::document::outline::{Outline, ScoreRow, unidentified};
use crate::project::text::INFERRED;
use crate::value::Value;

/// The scoreboard of the document; none where it shows none.
pub(super) fn scoreboard(outline: &Outline<'_>, figures: &[Figure]) -> Option<Scoreboard> {
    let indicator = outline.scoreboard_indicator().filter(|_| !outline.scoreboard.is_empty())?;
    let mut groups: Vec<ScoreGroup> = Vec::new();
    let mut states: BTreeSet<&'static str> = BTreeSet::new();
    for (at, row) in outline.scoreboard.iter().enumerate() {
        let Some(strip) = figures.iter().find(|figure| figure.id == row.strip_id(at)) else { continue };
        states.extend(strip.legend.iter().copied());
        let title = section_of(outline, row);
        let line = line(outline, row, strip);
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.rows.push(line),
            None => groups.push(ScoreGroup { title, rows: vec![line] }),
        }
    }
    let (first, last) = outline.scoreboard_years();
    let text = outline.document.text;
    let inferred = |row: &ScoreRow<'_>| row.printed().any(|cell| cell.period.inferred());
    Some(Scoreboard {
        title: indicator.title.clone(),
        subtitle: Some(indicator.description.clone()).filter(|words| !words.is_empty()),
        years: [first.to_string(), last.to_string()],
        groups,
        legend: draw::legend_names().filter(|state| states.contains(state)).collect(),
        notes: outline.scoreboard.iter().any(inferred).then(|| text.word("inferred_mark").to_owned()),
    })
}

/// The ids of the figures that its words and its strips show.
pub(super) fn printed<'o>(outline: &'o Outline<'_>) -> impl Iterator<Item = String> + 'o {
    outline.scoreboard.iter().flat_map(ScoreRow::printed).map(|cell| cell.id.clone())
}

fn section_of(outline: &Outline<'_>, row: &ScoreRow<'_>) -> String {
    let indicator = outline.project.indicator(&row.selector.indicator);
    let section = |id: &str| outline.project.sections.iter().find(|section| section.id == id);
    let section = indicator.and_then(|indicator| section(&indicator.section));
    section.map_or_else(String::new, |section| section.title.clone())
}

fn line(outline: &Outline<'_>, row: &ScoreRow<'_>, strip: &Figure) -> ScoreLine {
    let text = outline.document.text;
    let indicator = outline.project.indicator(&row.selector.indicator);
    let (title, unit) = indicator.map_or(("", ""), |i| {
        let unit = text.unit(&i.unit, None);
        // The title of a rating names its report in full.
        (if unit.is_empty() { i.short.as_str() } else { i.title.as_str() }, unit)
    });
    let before = row.before.filter(|before| comparable(outline, before, row.now));
    let mut figures: Vec<String> = strip.figures.clone();
    figures.extend(row.printed().map(|cell| cell.id.clone()).filter(|id| !strip.figures.contains(id)));
    let numbers: BTreeSet<usize> = outline.cited_in_row(row).into_iter().flat_map(|cell| outline.marks(cell)).collect();
    ScoreLine {
        label: outline.name(&row.selector, title),
        unit: unit.to_owned(),
        method: row.selector.indicator.clone(),
        strip: format!("/figures/{}.svg", strip.id),
        texts: languages::overlay(strip),
        alt: languages::unbroken(&strip.alt),
        now: figure(outline, row.now),
        fresh: outline.is_fresh(row),
        before: row.before.map(|cell| figure(outline, cell)),
        direction: before.and_then(|before| arrow(outline, before, row.now)),
        beside: beside(outline, row),
        sure: certainty::sure(outline, Some(row.now)),
        marks: marks(&numbers.into_iter().collect::<Vec<_>>()),
        figures,
    }
}

fn figure(outline: &Outline<'_>, cell: &ReleasedCell) -> ScoreFigure {
    let mut readings = readings(outline, cell);
    let inferred = if cell.period.inferred() { INFERRED } else { "" };
    let state = match &cell.value {
        None => cell.status.code(),
        Some(_) if cell.contested => "contested",
        Some(_) => "value",
    };
    ScoreFigure {
        text: readings.remove(0),
        or: readings,
        year: format!("{}{inferred}", outline.document.text.column(&cell.period)),
        state,
    }
}

/// The neighbours, those with the same value together, the best rating or the highest number first.
fn beside(outline: &Outline<'_>, row: &ScoreRow<'_>) -> Vec<Beside> {
    let text = outline.document.text;
    let mut cells = row.beside.clone();
    let scale = cells.first().and_then(|(_, cell)| outline.project.indicator(&cell.indicator));
    let scale = scale.map_or(&[][..], |indicator| outline.project.scale(indicator));
    let height = |cell: &ReleasedCell| match &cell.value {
        Some(Value::Code(code)) => {
            let band = scale.iter().position(|known| known == code).and_then(|at| u32::try_from(at).ok());
            band.map_or(f64::MAX, f64::from)
        }
        Some(value) => -value.number().unwrap_or_default(),
        None => f64::MAX,
    };
    cells.sort_by(|(_, one), (_, other)| height(one).total_cmp(&height(other)));
    let mut groups: Vec<Beside> = Vec::new();
    for (code, cell) in cells {
        let name = text.country(code).to_owned();
        let name = if cell.period == row.now.period {
            name
        } else {
            text.phrase("in_period", &[("value", &name), ("period", &text.short_period(&cell.period))])
        };
        let value = reading(outline, cell);
        match groups.iter_mut().find(|group| unidentified(&group.value) == unidentified(&value)) {
            Some(group) => {
                group.names = format!("{}, {name}", group.names);
                group.value = outline.also_known_as(cell, &group.value);
            }
            None => groups.push(Beside { value, names: name }),
        }
    }
    groups
}
