//! What publications withhold and what their other numbers tell of it, over everything that is printed of one source,
//! measure and period. By the policy it is told, or so many of their numbers are withheld that nothing withheld follows.
//!
//! Sources that repeat one another, or agree on a number, are read together, and each alone as well, in all indicators and
//! in each: whoever has only some of the tables must not learn more than who has all.

use std::collections::{BTreeMap, BTreeSet};

use super::figure_id;
use super::reckoned::{Chosen, System, Way, Word};
use crate::indicator::{Indicator, Measure};
use crate::parts::groups;
use crate::policy::Publications;
use crate::schema::{OWN, TOTAL};
use crate::summarise::{Rule, SourceRecord, Statement, Summary};
use crate::value::{Missing, Qualifier, Value, satisfying};

type Codes = BTreeMap<String, String>;

/// A withheld number of a publication that follows from what is printed.
#[derive(Debug, Clone)]
pub struct Reckonable {
    /// The rows that withhold it, `path:line`.
    pub rows: Vec<String>,
    /// The sum from which it follows, in words.
    pub sum: String,
}

/// What was found of a country's publications.
#[derive(Default)]
pub(super) struct Found {
    pub(super) reckonable: Vec<Reckonable>,
    /// The summaries and cells of them that withhold it.
    pub(super) cells: BTreeSet<(usize, usize)>,
}

/// Where a statement stands: its summary, cell, and number there.
type Place = (usize, usize, usize);

/// What a source says of one combination of codes, and where that is printed.
struct Said {
    codes: Codes,
    source: usize,
    statement: Statement,
    places: Vec<Place>,
    /// Whether a finding cites it.
    cited: bool,
}

/// Table, measure, period, and what further conditions tell its rows apart.
type Key = (String, Option<String>, String, Vec<(String, String)>);

/// Finds what follows; where the policy says so, withholds what keeps it from following.
pub(super) fn publications(
    summaries: &mut [Summary],
    indicators: &[Indicator],
    (sources, own, cited): (&[SourceRecord], &str, &BTreeSet<String>),
    policy: Publications,
) -> Found {
    let mut found = Found::default();
    for said in
        said(summaries, indicators, (sources, own, cited)).into_values().flat_map(|said| together(said, sources))
    {
        if !said.iter().any(|said| is_withheld(&said.statement)) {
            continue;
        }
        let system = system(&said, sources, own);
        match policy {
            Publications::AsPublished => {
                for (word, reason) in system.reckonable() {
                    let rows = said[word].statement.rows.clone();
                    found.reckonable.push(Reckonable { rows, sum: sum(&said, &system, word, &reason, sources) });
                    found.cells.extend(said[word].places.iter().map(|(summary, cell, _)| (*summary, *cell)));
                }
            }
            Publications::Protect => withhold(summaries, &said, &system.chosen()),
        }
    }
    found
}

/// Every number of a publication that is printed, and everything that one withholds.
fn said(
    summaries: &[Summary],
    indicators: &[Indicator],
    (sources, own, cited): (&[SourceRecord], &str, &BTreeSet<String>),
) -> BTreeMap<Key, Vec<Said>> {
    let mut all: BTreeMap<Key, Vec<Said>> = BTreeMap::new();
    let withholds = |said: &Statement| !said.register && is_withheld(said);
    let cells = summaries.iter().flat_map(|summary| &summary.cells);
    let periods: BTreeSet<_> =
        cells.filter(|cell| cell.statements.iter().any(withholds)).map(|cell| cell.period.text().to_owned()).collect();
    for (at, summary) in summaries.iter().enumerate() {
        let Some(indicator) = indicators.iter().find(|indicator| indicator.id == summary.indicator) else { continue };
        let Measure::Observed { table, code, .. } = &indicator.measure else { continue };
        let (fixed, apart) = conditions(indicator, own);
        for (cell_at, cell) in summary.cells.iter().enumerate().filter(|(_, cell)| periods.contains(cell.period.text()))
        {
            let key = (table.clone(), code.clone(), cell.period.text().to_owned(), apart.clone());
            let known = all.entry(key).or_default();
            let codes: Codes = cell.codes.clone().into_iter().chain(fixed.clone()).collect();
            let is_cited = cited.contains(&figure_id(cell, indicator, own));
            for (number, statement) in cell.statements.iter().enumerate().filter(|(_, said)| counts(said)) {
                let Some(source) = sources.iter().position(|source| source.id == statement.source) else { continue };
                let place = (at, cell_at, number);
                let same = |said: &&mut Said| {
                    said.source == source && said.codes == codes && bounds(&said.statement) == bounds(statement)
                };
                if let Some(same) = known.iter_mut().find(same) {
                    same.places.push(place);
                    same.cited |= is_cited;
                } else {
                    let (codes, statement) = (codes.clone(), statement.clone());
                    known.push(Said { codes, source, statement, places: vec![place], cited: is_cited });
                }
            }
        }
    }
    all
}

/// The codes that an indicator's conditions fix, and the conditions that leave a choice.
fn conditions(indicator: &Indicator, own: &str) -> (Codes, Vec<(String, String)>) {
    let (mut fixed, mut apart) = (Codes::new(), Vec::new());
    for (dimension, codes) in &indicator.conditions {
        match codes.as_slice() {
            [code] if code == TOTAL => {}
            [code] => {
                fixed.insert(dimension.clone(), if code == OWN { own.to_owned() } else { code.clone() });
            }
            codes => apart.push((dimension.clone(), codes.join("|"))),
        }
    }
    (fixed, apart)
}

fn is_withheld(said: &Statement) -> bool {
    said.outcome == Err(Missing::Withheld)
}

/// Whether a publication gives or withholds a count here.
fn counts(said: &Statement) -> bool {
    !said.register && (is_withheld(said) || matches!(said.outcome, Ok(Value::Count(_))))
}

/// What is known of a count: what its source says of it, at least nothing.
fn bounds(said: &Statement) -> (i128, Option<i128>) {
    match &said.outcome {
        Ok(Value::Count(count)) => {
            let (least, most) = satisfying(*count, said.qualifier);
            (i128::from(least.max(0)), Some(i128::from(most)).filter(|_| most < i64::MAX))
        }
        _ => (0, said.below.map(|below| i128::from((below - 1).max(0)))),
    }
}

/// Sources of which one repeats another, or that agree on a number.
fn together(said: Vec<Said>, sources: &[SourceRecord]) -> Vec<Vec<Said>> {
    let mut group: Vec<usize> = (0..sources.len()).collect();
    let mut join = |one: usize, other: usize| {
        let (one, other) = (group[one], group[other]);
        group.iter_mut().filter(|of| **of == one).for_each(|of| *of = other);
    };
    for (at, source) in sources.iter().enumerate() {
        if let Some(origin) = sources.iter().position(|other| !other.register && other.id == source.origin) {
            join(at, origin);
        }
    }
    for (at, one) in said.iter().enumerate() {
        let agrees = |other: &&Said| {
            let same = one.codes == other.codes && one.statement.outcome == other.statement.outcome;
            same && one.statement.outcome.is_ok() && !matches!(one.statement.outcome, Ok(Value::Count(0)))
        };
        said[..at].iter().filter(agrees).for_each(|other| join(one.source, other.source));
    }
    let mut grouped: BTreeMap<usize, Vec<Said>> = BTreeMap::new();
    for said in said {
        grouped.entry(group[said.source]).or_default().push(said);
    }
    grouped.into_values().collect()
}

/// The words of one group of sources, to be attacked.
fn system(said: &[Said], sources: &[SourceRecord], own: &str) -> System {
    let mut units: Vec<&Codes> = said.iter().map(|said| &said.codes).collect();
    units.sort();
    units.dedup();
    let words = said.iter().map(|said| Word {
        bounds: bounds(&said.statement),
        withheld: is_withheld(&said.statement),
        unit: units.binary_search(&&said.codes).unwrap_or(0),
        persons: said.statement.outcome.as_ref().ok().and_then(Value::count).unwrap_or(0),
        breadth: said.codes.len(),
        cited: said.cited,
    });
    let mut system = System::new(words.collect());
    let mut readings: BTreeSet<Vec<usize>> = BTreeSet::new();
    let all = || 0..said.len();
    readings.insert(all().collect());
    for at in said.iter().map(|said| said.source).collect::<BTreeSet<_>>() {
        let of_source: Vec<usize> = all().filter(|word| said[*word].source == at).collect();
        for summary in said.iter().flat_map(|said| &said.places).map(|place| place.0).collect::<BTreeSet<_>>() {
            let printed = |word: &&usize| said[**word].places.iter().any(|place| place.0 == summary);
            readings.insert(of_source.iter().filter(printed).copied().collect());
        }
        readings.insert(of_source);
    }
    for members in readings.into_iter().filter(|members| members.iter().any(|word| is_withheld(&said[*word].statement)))
    {
        let of_one = members.iter().map(|word| said[*word].source).collect::<BTreeSet<_>>().len() == 1;
        let (cells, sizes) = cells(&members, said, sources, own);
        system.read(members, &cells, &sizes, of_one);
    }
    system
}

/// Which groups each of these words counts, by the dimensions that they are broken down by.
fn cells(members: &[usize], said: &[Said], sources: &[SourceRecord], own: &str) -> (Vec<Vec<Vec<u32>>>, Vec<u32>) {
    let dimensions: BTreeSet<&String> = members.iter().flat_map(|word| said[*word].codes.keys()).collect();
    let (mut cells, mut sizes) = (vec![Vec::new(); members.len()], Vec::new());
    for dimension in dimensions {
        let code = |word: &usize| said[*word].codes.get(dimension).map_or(TOTAL, String::as_str);
        let codes: Vec<&str> = members.iter().map(code).chain([TOTAL]).collect::<BTreeSet<_>>().into_iter().collect();
        let declares = |word: &usize| sources[said[*word].source].complete.contains(dimension);
        let (held, size) = groups(&codes, members.iter().any(declares), own);
        for (cell, word) in cells.iter_mut().zip(members) {
            cell.push(codes.binary_search(&code(word)).map_or_else(|_| Vec::new(), |at| held[at].clone()));
        }
        sizes.push(size);
    }
    (cells, sizes)
}

/// From what a withheld number follows: `80 (sex=female) less 78 (sex=female, age_group=0-17)`.
fn sum(said: &[Said], system: &System, word: usize, reason: &[usize], sources: &[SourceRecord]) -> String {
    let term = |at: &usize| {
        let Said { codes, source, statement, .. } = &said[*at];
        let number = match &statement.outcome {
            Ok(value) => match statement.qualifier {
                Qualifier::Exact => value.plain(),
                other => format!("{} {}", other.code().replace('_', " "), value.plain()),
            },
            Err(_) => {
                statement.below.map_or_else(|| "what is withheld".to_owned(), |below| format!("fewer than {below}"))
            }
        };
        let codes: Vec<String> = codes.iter().map(|(dimension, code)| format!("{dimension}={code}")).collect();
        let codes = if codes.is_empty() { TOTAL.to_owned() } else { codes.join(", ") };
        let other = if *source == said[word].source { String::new() } else { format!(" of `{}`", sources[*source].id) };
        format!("{number} ({codes}){other}")
    };
    let mut terms: Vec<&usize> = reason.iter().collect();
    terms.sort_by_key(|at| (said[**at].codes.len(), *at));
    let and = |terms: &[&usize]| terms.iter().map(|at| term(at)).collect::<Vec<_>>().join(" and ");
    match system.way(word, reason) {
        Way::Less(whole) => {
            let parts: Vec<&usize> = terms.iter().copied().filter(|at| **at != whole).collect();
            format!("{} less {}", term(&whole), and(&parts))
        }
        Way::Sum => format!("the sum of {}", and(&terms)),
        Way::Together => and(&terms),
    }
}

/// Withholds what was chosen, and says the same of what was withheld before: nobody is told which of them the source withholds.
fn withhold(summaries: &mut [Summary], said: &[Said], chosen: &Chosen) {
    if chosen.words.is_empty() {
        return;
    }
    let before = (0..said.len()).filter(|word| is_withheld(&said[*word].statement));
    for word in before.chain(chosen.words.iter().copied()) {
        for (summary, cell, number) in &said[word].places {
            let statement = &mut summaries[*summary].cells[*cell].statements[*number];
            statement.outcome = Err(Missing::Withheld);
            statement.below = None;
            statement.qualifier = Qualifier::Exact;
            statement.rule = Rule::Protected;
            statement.as_reported = String::new();
        }
    }
}

/// A margin that is withheld leaves the word to who gives a number; after all were looked at, for they are found by their order.
pub(super) fn in_order(summaries: &mut [Summary]) {
    for cell in summaries.iter_mut().flat_map(|summary| &mut summary.cells).filter(|cell| cell.codes.is_empty()) {
        if cell.statements.iter().any(|said| said.rule == Rule::Protected) {
            cell.statements.sort_by_key(|said| said.outcome.is_err());
        }
    }
}
