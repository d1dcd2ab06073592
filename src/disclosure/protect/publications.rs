//! What publications withhold and what their other numbers tell of it, over everything that is printed of one source and
//! measure. By the policy it is told, or so many of their numbers are withheld that nothing withheld follows.
//!
//! Sources that repeat one another, or agree on a number, are read together, and each alone as well, in all indicators and
//! in each: whoever has only some of the tables must not learn more than who has all. Periods that share days are read
//! together, and each alone as well: a total of three years, less two of them, is the third. What a stock counts at one time
//! is no part of what it counts at another (docs/data.md#periods): there each period stands by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::choice::Chosen;
use super::figure_id;
use super::reckoned::{Printed, System, Way, Word};
use crate::disclosure::audit::Cells;
use crate::figures::{Rule, SourceRecord, Statement, Summary};
use crate::project::indicator::{Indicator, Measure};
use crate::project::policy::Publications;
use crate::project::schema::{OWN, TOTAL};
use crate::tables::parts::{groups, overlapping, stretches};
use crate::value::period::Period;
use crate::value::{Missing, Qualifier, Value, satisfying};

type Codes = BTreeMap<String, String>;

/// What authors chose to print, by figure id.
#[derive(Debug, Default)]
pub struct Asked {
    /// Named one by one: in prose, as key figures, in declarations.
    pub cited: BTreeSet<String>,
    /// Drawn in charts.
    pub drawn: BTreeSet<String>,
    /// Whether this is only a look at what authors ask for, of which nothing needs to be known.
    pub is_look: bool,
}

/// A withheld number of a publication that follows from what is printed, or may.
#[derive(Debug, Clone)]
pub struct Reckonable {
    /// The rows that withhold it, `path:line`.
    pub rows: Vec<String>,
    /// The sum from which it follows, in words; none where no proof was found that it does, or does not.
    pub sum: Option<String>,
}

/// What was found of a country's publications.
#[derive(Default)]
pub(super) struct Found {
    pub(super) reckonable: Vec<Reckonable>,
    /// The summaries and cells of them that withhold it.
    pub(super) cells: BTreeSet<(usize, usize)>,
    /// Whether more than the fewest persons may be withheld: there were too many choices to try all.
    pub(super) not_least: bool,
}

/// Where a statement stands: its summary, cell, and number there.
type Place = (usize, usize, usize);

/// What a source says of one combination of codes in one period, and where that is printed.
struct Said {
    period: Period,
    codes: Codes,
    source: usize,
    statement: Statement,
    places: Vec<Place>,
    printed: Printed,
}

/// Table, measure, of a stock the period, and what further conditions tell its rows apart.
type Key = (String, Option<String>, String, Vec<(String, String)>);
/// What of it stands at one place only: source, period, codes, and what it says.
type Spot = (usize, Period, Codes, (i128, Option<i128>));

/// What stands beside the summaries: the sources, the country's own code, and what authors ask for.
#[derive(Clone, Copy)]
pub(super) struct Beside<'b> {
    pub(super) sources: &'b [SourceRecord],
    pub(super) own: &'b str,
    pub(super) asked: &'b Asked,
}

/// Finds what follows; where the policy says so, withholds what keeps it from following.
pub(super) fn publications(
    summaries: &mut [Summary],
    indicators: &[Indicator],
    beside: Beside<'_>,
    policy: Publications,
) -> Found {
    let mut found = Found::default();
    if beside.asked.is_look {
        return found;
    }
    let all = said(summaries, indicators, beside).into_values().flat_map(linked);
    for said in all.flat_map(|said| together(said, beside.sources)) {
        if !said.iter().any(|said| is_withheld(&said.statement)) {
            continue;
        }
        let system = system(&said, beside);
        match policy {
            Publications::AsPublished => {
                for finding in system.reckonable() {
                    let word = finding.word;
                    let sum = finding.reason.map(|reason| sum(&said, &system, word, &reason, beside.sources));
                    let rows = said[word].statement.rows.clone();
                    if sum.is_some() {
                        found.cells.extend(said[word].places.iter().map(|(summary, cell, _)| (*summary, *cell)));
                    }
                    found.reckonable.push(Reckonable { rows, sum });
                }
            }
            Publications::Protect => {
                let chosen = system.chosen();
                found.not_least |= !chosen.is_least;
                let unproved = chosen.unproved.iter().map(|word| said[*word].statement.rows.clone());
                found.reckonable.extend(unproved.map(|rows| Reckonable { rows, sum: None }));
                withhold(summaries, &said, &chosen);
            }
        }
    }
    found
}

/// Every number of a publication that is printed, and everything that one withholds.
fn said(summaries: &[Summary], indicators: &[Indicator], beside: Beside<'_>) -> BTreeMap<Key, Vec<Said>> {
    let mut all: BTreeMap<Key, (Vec<Said>, BTreeMap<Spot, usize>)> = BTreeMap::new();
    for (at, summary) in summaries.iter().enumerate() {
        let Some(indicator) = indicators.iter().find(|indicator| indicator.id == summary.indicator) else { continue };
        let Measure::Observed { table, code, stock } = &indicator.measure else { continue };
        let (fixed, apart) = conditions(indicator, beside.own);
        for (cell_at, cell) in summary.cells.iter().enumerate() {
            let time = if *stock { cell.period.text().to_owned() } else { String::new() };
            let (known, index) = all.entry((table.clone(), code.clone(), time, apart.clone())).or_default();
            let codes: Codes = cell.codes.clone().into_iter().chain(fixed.clone()).collect();
            let printed = beside.asked.printed(&figure_id(cell, indicator, beside.own));
            for (number, statement) in cell.statements.iter().enumerate().filter(|(_, said)| counts(said)) {
                let of = |source: &SourceRecord| source.id == statement.source;
                let Some(source) = beside.sources.iter().position(of) else { continue };
                let (period, place) = (cell.period.clone(), (at, cell_at, number));
                let word = (source, period.clone(), codes.clone(), bounds(statement));
                let next = known.len();
                let same = *index.entry(word).or_insert(next);
                if same == next {
                    let (codes, statement) = (codes.clone(), statement.clone());
                    known.push(Said { period, codes, source, statement, places: vec![place], printed });
                } else {
                    known[same].places.push(place);
                    known[same].printed = known[same].printed.max(printed);
                }
            }
        }
    }
    let withholds = |(_, (said, _)): &(Key, (Vec<Said>, _))| said.iter().any(|said| is_withheld(&said.statement));
    all.into_iter().filter(withholds).map(|(key, (said, _))| (key, said)).collect()
}

impl Asked {
    fn printed(&self, id: &str) -> Printed {
        match (self.cited.contains(id), self.drawn.contains(id)) {
            (true, _) => Printed::Cited,
            (_, true) => Printed::Drawn,
            _ => Printed::Listed,
        }
    }
}

/// What is said of periods that share days, directly or through others.
fn linked(said: Vec<Said>) -> Vec<Vec<Said>> {
    let periods: BTreeSet<Period> = said.iter().map(|said| said.period.clone()).collect();
    let periods: Vec<&Period> = periods.iter().collect();
    let mut group = vec![0; periods.len()];
    let groups = overlapping(&periods);
    groups.iter().enumerate().for_each(|(number, members)| members.iter().for_each(|at| group[*at] = number));
    let mut linked: Vec<Vec<Said>> = groups.iter().map(|_| Vec::new()).collect();
    for said in said {
        linked[group[periods.binary_search(&&said.period).unwrap_or(0)]].push(said);
    }
    linked
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
    let mut first: BTreeMap<(&Period, &Codes, i64), usize> = BTreeMap::new();
    for one in &said {
        let Some(count) = one.statement.outcome.as_ref().ok().and_then(Value::count).filter(|count| *count != 0) else {
            continue;
        };
        join(one.source, *first.entry((&one.period, &one.codes, count)).or_insert(one.source));
    }
    let mut grouped: BTreeMap<usize, Vec<Said>> = BTreeMap::new();
    for said in said {
        grouped.entry(group[said.source]).or_default().push(said);
    }
    grouped.into_values().collect()
}

/// The words of one group of sources, to be attacked.
fn system(said: &[Said], beside: Beside<'_>) -> System {
    let units: BTreeSet<(&Period, &Codes)> = said.iter().map(|said| (&said.period, &said.codes)).collect();
    let units: BTreeMap<(&Period, &Codes), usize> = units.into_iter().zip(0..).collect();
    let words = said.iter().map(|said| Word {
        bounds: bounds(&said.statement),
        withheld: is_withheld(&said.statement),
        unit: units[&(&said.period, &said.codes)],
        persons: said.statement.outcome.as_ref().ok().and_then(Value::count).unwrap_or(0),
        breadth: said.codes.len(),
        printed: said.printed,
    });
    let mut system = System::new(words.collect());
    for members in readings(said) {
        let one = |of: &dyn Fn(&Said) -> usize| {
            members.iter().map(|word| of(&said[*word])).collect::<BTreeSet<_>>().len() == 1
        };
        let periods: BTreeSet<&Period> = members.iter().map(|word| &said[*word].period).collect();
        let at_once = one(&|said| said.source) && periods.len() == 1;
        let (cells, sizes) = cells(&members, said, beside);
        system.read(members, Cells::of(&cells, &sizes), at_once);
    }
    system
}

/// The words as they are read: all; of one source; of one source in one indicator; and each of these in one period.
fn readings(said: &[Said]) -> Vec<Vec<usize>> {
    let mut readings: BTreeSet<Vec<usize>> = BTreeSet::from([(0..said.len()).collect()]);
    let mut of_source: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut of_summary: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (word, said) in said.iter().enumerate() {
        of_source.entry(said.source).or_default().push(word);
        for summary in said.places.iter().map(|place| place.0).collect::<BTreeSet<_>>() {
            of_summary.entry((said.source, summary)).or_default().push(word);
        }
    }
    readings.extend(of_source.into_values().chain(of_summary.into_values()));
    for members in readings.clone() {
        let mut of_period: BTreeMap<&Period, Vec<usize>> = BTreeMap::new();
        members.into_iter().for_each(|word| of_period.entry(&said[word].period).or_default().push(word));
        readings.extend(of_period.into_values());
    }
    readings.retain(|members| members.iter().any(|word| is_withheld(&said[*word].statement)));
    readings.into_iter().collect()
}

/// Which groups each of these words counts, by the dimensions that they are broken down by, and by time.
fn cells(members: &[usize], said: &[Said], beside: Beside<'_>) -> (Vec<Vec<Vec<u32>>>, Vec<u32>) {
    let dimensions: BTreeSet<&String> = members.iter().flat_map(|word| said[*word].codes.keys()).collect();
    let (mut cells, mut sizes) = (vec![Vec::new(); members.len()], Vec::new());
    for dimension in dimensions {
        let code = |word: &usize| said[*word].codes.get(dimension).map_or(TOTAL, String::as_str);
        let codes: Vec<&str> = members.iter().map(code).chain([TOTAL]).collect::<BTreeSet<_>>().into_iter().collect();
        let declares = |word: &usize| beside.sources[said[*word].source].complete.contains(dimension);
        let (held, size) = groups(&codes, members.iter().any(declares), beside.own);
        for (cell, word) in cells.iter_mut().zip(members) {
            cell.push(codes.binary_search(&code(word)).map_or_else(|_| Vec::new(), |at| held[at].clone()));
        }
        sizes.push(size);
    }
    let periods: BTreeSet<&Period> = members.iter().map(|word| &said[*word].period).collect();
    if periods.len() > 1 {
        let periods: Vec<&Period> = periods.into_iter().collect();
        let (held, size) = stretches(&periods);
        for (cell, word) in cells.iter_mut().zip(members) {
            cell.push(held[periods.binary_search(&&said[*word].period).unwrap_or(0)].clone());
        }
        sizes.push(size);
    }
    (cells, sizes)
}

/// From what a withheld number follows: `80 (sex=female) less 78 (sex=female, age_group=0-17)`.
fn sum(said: &[Said], system: &System, word: usize, reason: &[usize], sources: &[SourceRecord]) -> String {
    let term = |at: &usize| {
        let Said { period, codes, source, statement, .. } = &said[*at];
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
        let time = if *period == said[word].period { String::new() } else { format!(" in {}", period.text()) };
        format!("{number} ({codes}){time}{other}")
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
    if chosen.words.is_empty() && !chosen.of_bounds {
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
