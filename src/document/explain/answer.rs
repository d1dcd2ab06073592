//! The answer to a query, as plain data.

use super::Candidate;
use crate::disclosure::protect::{Alternative, CountryRelease, Relation, Release, Status, Yielding};
use crate::document::outline::printed_value;
use crate::project::Project;
use crate::project::indicator::Measure;
use crate::project::schema::REST;
use crate::project::text::{Text, numerals};
use crate::value::{Qualifier, Value};

/// The answer to a query.
#[derive(Debug)]
pub struct Answer {
    /// The query as it was typed.
    pub query: String,
    /// The figures found.
    pub figures: Vec<ExplainedFigure>,
    /// Places where the number is printed or written without being a figure.
    pub literals: Vec<Literal>,
}

/// A figure with everything that explains it.
#[derive(Debug)]
pub struct ExplainedFigure {
    /// Its id.
    pub id: String,
    /// The printed number with its unit, or the state in words.
    pub display: String,
    /// The value; none if the figure is withheld or not reported.
    pub value: Option<Value>,
    /// Whether the value is exact, a bound or rough.
    pub qualifier: Qualifier,
    /// Its state: published, withheld and so on.
    pub status: Status,
    /// What it counts, by name.
    pub title: String,
    /// Its unit.
    pub unit: String,
    /// The period in words.
    pub period: String,
    /// The definition.
    pub definition: String,
    /// The rule that gave the value.
    pub rule: String,
    /// The rows behind it; none for a register.
    pub rows: Vec<TableRow>,
    /// The rows of further sources that give the same value.
    pub agreeing: Vec<TableRow>,
    /// For a register, the filter that selects the counted rows; the rows themselves are not shown.
    pub filter: Option<String>,
    /// Its sources.
    pub sources: Vec<Source>,
    /// Whether its sources contradict each other.
    pub contested: bool,
    /// The values that other sources give.
    pub alternatives: Vec<OtherValue>,
    /// Where it is printed.
    pub printed: Vec<Place>,
    /// The copies for donors that print it.
    pub copies: Vec<String>,
}

/// A row of a table: its place, and its text once it is looked up.
#[derive(Debug, Clone)]
pub struct TableRow {
    /// `path:line`.
    pub place: String,
    /// The text of the row.
    pub text: String,
}

/// A source with its address.
#[derive(Debug)]
pub struct Source {
    /// Its id in the tables.
    pub id: String,
    /// Publisher, title and date in one line.
    pub name: String,
    /// Its address; empty for a register, and for a publication that is not on the web.
    pub url: String,
    /// Where a publication without an address is kept; empty for any other source.
    pub held_at: String,
    /// The address of an archived copy; empty where none is known.
    pub archived: String,
    /// The day on which nothing was found at its address any more; none for an address that is not known to be gone.
    pub gone: Option<String>,
    /// When its address was last opened, in words; empty if the table does not have it.
    pub accessed: String,
}

/// The value that another source gives.
#[derive(Debug)]
pub struct OtherValue {
    /// The value as it is printed.
    pub display: String,
    /// The value.
    pub value: Value,
    /// Whether the value is exact, a bound or rough.
    pub qualifier: Qualifier,
    /// The sources that give it.
    pub sources: Vec<Source>,
    /// Its rows.
    pub rows: Vec<TableRow>,
    /// Why the printed value was preferred.
    pub why: &'static str,
}

/// Where a figure is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// `en/brief.pdf`.
    pub document: String,
    /// Its pages; empty if they are not known.
    pub pages: Vec<usize>,
}

/// A number that is not a figure.
#[derive(Debug)]
pub struct Literal {
    /// What it is, as the end of a sentence: "is printed as the number of a source".
    pub what: String,
    /// Where it is written, or in which document.
    pub place: String,
}

/// Explains one figure.
pub(super) fn explained(candidate: &Candidate<'_>) -> ExplainedFigure {
    let Candidate { project, released, indicator, cell } = *candidate;
    let text = &project.texts[0];
    let country = project.countries.iter().find(|country| country.iso3 == released.iso3());
    let unit = if cell.relation == Relation::Share { "percent" } else { indicator.unit.as_str() };
    ExplainedFigure {
        id: cell.id.clone(),
        display: display(candidate, text),
        value: cell.value.clone(),
        qualifier: cell.qualifier,
        status: cell.status,
        title: title(candidate, text),
        unit: unit.to_owned(),
        period: text.dated(&cell.period),
        definition: country.map_or_else(|| indicator.description.clone(), |country| indicator.definition(country)),
        rule: rule(candidate),
        rows: rows(&cell.rows.places()),
        agreeing: rows(&cell.agreeing.places()),
        filter: cell.register.then(|| filter(candidate)),
        sources: sources(candidate, &cell.sources, text),
        contested: cell.contested,
        alternatives: cell.alternatives.iter().map(|other| other_value(candidate, other, text)).collect(),
        printed: Vec::new(),
        copies: Vec::new(),
    }
}

fn rows(places: &[String]) -> Vec<TableRow> {
    places.iter().map(|place| TableRow { place: place.clone(), text: String::new() }).collect()
}

fn display(candidate: &Candidate<'_>, text: &Text) -> String {
    let cell = candidate.cell;
    let Some(value) = &cell.value else { return text.word(cell.status.code()).to_owned() };
    let printed = printed_value(candidate.project, text, cell, value, cell.qualifier);
    let unit = text.unit(&candidate.indicator.unit, value.count());
    if cell.relation == Relation::Share || unit.is_empty() { printed } else { format!("{printed} {unit}") }
}

/// The name of what is counted, with its codes: "Persons arrested, female".
fn title(candidate: &Candidate<'_>, text: &Text) -> String {
    let label =
        |(dimension, code): (&String, &String)| candidate.project.label(candidate.indicator, dimension, code, text);
    let labels = candidate.cell.codes.iter().map(label);
    std::iter::once(candidate.indicator.title.clone()).chain(labels).collect::<Vec<_>>().join(", ")
}

/// The rule that gave the value, and when the year that it counts closed.
fn rule(candidate: &Candidate<'_>) -> String {
    let cell = candidate.cell;
    let Some(closed) = &cell.closed else { return cell.rule.to_owned() };
    let date = closed.date.map(|date| format!(" on {date}")).unwrap_or_default();
    format!("{}; the year closed{date}, with the release `{}`", cell.rule, closed.release)
}

/// The filter that selects the counted rows of a register.
fn filter(candidate: &Candidate<'_>) -> String {
    let Measure::Observed { table, code, .. } = &candidate.indicator.measure else { return String::new() };
    let measure = code.iter().map(|code| format!("measure {code}"));
    let conditions = candidate.indicator.conditions.iter().map(|(d, codes)| format!("{d} {}", codes.join(" or ")));
    let codes = candidate.cell.codes.iter().map(|(d, code)| match code.as_str() {
        REST => format!("{d} recorded under a code that is not named here"),
        code => format!("{d} {code}"),
    });
    let period = std::iter::once(format!("period {}", candidate.cell.period.text()));
    let all: Vec<String> = measure.chain(period).chain(conditions).chain(codes).collect();
    let closed = candidate.cell.closed.is_some();
    let rows = if closed { "rows that were in the register when its year closed:" } else { "rows of the register" };
    format!("{rows} `{table}` with {}", all.join(", "))
}

fn sources(candidate: &Candidate<'_>, ids: &[String], text: &Text) -> Vec<Source> {
    let date = |written: &str| {
        crate::value::period::Period::parse(written).map(|period| text.period(&period)).unwrap_or_default()
    };
    let source = |id: &String| {
        let record = candidate.released.source(id);
        let parts = record.map(|record| [record.publisher.clone(), record.title.clone(), date(&record.published)]);
        let parts = parts.unwrap_or_default().into_iter().filter(|part| !part.is_empty());
        Source {
            id: id.clone(),
            name: parts.collect::<Vec<_>>().join(", "),
            url: record.map_or_else(String::new, |record| record.url.clone()),
            archived: record.map_or_else(String::new, |record| record.archived.clone()),
            gone: record
                .and_then(|record| candidate.project.visits.dead(&record.url))
                .map(|visit| visit.opened.to_string()),
            held_at: record.map_or_else(String::new, |record| record.held_at.clone()),
            accessed: record.map_or_else(String::new, |record| date(&record.accessed)),
        }
    };
    ids.iter().map(source).collect()
}

fn other_value(candidate: &Candidate<'_>, other: &Alternative, text: &Text) -> OtherValue {
    OtherValue {
        display: printed_value(candidate.project, text, candidate.cell, &other.value, other.qualifier),
        value: other.value.clone(),
        qualifier: other.qualifier,
        sources: sources(candidate, &other.sources, text),
        rows: rows(&other.rows.places()),
        why: why(candidate, other),
    }
}

/// Why the value of another source is not the printed one (docs/data.md#how-rows-are-read, rule 4).
fn why(candidate: &Candidate<'_>, other: &Alternative) -> &'static str {
    match other.yields {
        _ if candidate.cell.is_computed() => "computed with another source's value for one of the two figures",
        Yielding::Rank => "its source comes later by `rank`",
        Yielding::Date => "same rank; its source was published earlier",
        Yielding::Order => {
            "same rank and date; stated values come before derived ones, then the order of source ids decides"
        }
    }
}

/// Where a number is written in prose, a dated fact or a source without being a figure.
pub(super) fn literals(project: &Project, release: &Release, numeral: &str) -> Vec<Literal> {
    let holds = |text: &str| numerals(text).any(|found| found.replace(',', "") == numeral);
    let mut literals = Vec::new();
    for country in &project.countries {
        for narrative in &country.narratives {
            let text = narrative.source.text();
            let lines = (1..).zip(text.lines()).filter(|(_, line)| marked(line).any(&holds));
            literals.extend(lines.map(|(line, _)| Literal {
                what: "is marked in prose as a literal".to_owned(),
                place: format!("{}:{line}", narrative.source.path),
            }));
        }
        let events = release.country(&country.iso3).into_iter().flat_map(CountryRelease::events);
        for event in events.filter(|event| holds(&event.text)) {
            let place = event.rows.first().cloned().unwrap_or_default();
            literals.push(Literal { what: format!("is in the text of the event `{}`", event.id), place });
        }
        let sources = release.country(&country.iso3).into_iter().flat_map(CountryRelease::sources);
        let tables = country.tables.iter().find(|file| file.table == "sources").map_or("", |file| file.path.as_str());
        let found =
            sources.filter(|source| [&source.title, &source.url, &source.held_at].into_iter().any(|t| holds(t)));
        literals.extend(found.map(|source| Literal {
            what: format!("is in the title or the address of the source `{}`", source.id),
            place: tables.to_owned(),
        }));
    }
    literals
}

/// The texts of a line that are marked as literals.
fn marked(line: &str) -> impl Iterator<Item = &str> {
    line.split("#lit[").skip(1).filter_map(|rest| rest.split(']').next())
}
