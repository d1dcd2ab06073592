//! Withheld numbers of publications that can be calculated from the numbers printed beside them. The policy decides whether
//! they are reported, or protected by withholding further numbers.
//!
//! All printed numbers of one measure are attacked together, since tables that share totals are linked. Sources that repeat
//! one another, or agree on a number, are read together and each alone, in all indicators and in each, because a reader may
//! have only some of the tables. Periods that share days are read together and each alone, because a total of three years
//! less two of them is the third. A stock is read period by period: its count at one date is no part of that at another
//! (docs/data.md#periods).

use std::collections::{BTreeMap, BTreeSet};

use super::choice::Chosen;
use super::figure_id;
use super::reckoned::{Count, Printed, System, Way};
use super::united::United;
use crate::disclosure::audit::Cells;
use crate::figures::{Rule, SourceRecord, Statement, Summary, SummaryCell};
use crate::project::indicator::{Indicator, Measure};
use crate::project::policy::Publications;
use crate::project::schema::{OWN, TOTAL};
use crate::tables::parts::{groups, overlapping, stretches};
use crate::value::period::Period;
use crate::value::{Missing, Qualifier, Value, satisfying};

type Codes = BTreeMap<String, String>;

/// The figures that authors ask for, by id.
#[derive(Debug, Default)]
pub struct Asked {
    /// Named one by one: in prose, as key figures, in declarations.
    pub cited: BTreeSet<String>,
    /// Drawn in charts.
    pub drawn: BTreeSet<String>,
    /// Whether this run only collects what authors ask for, so that no attack is needed.
    pub is_look: bool,
}

/// A withheld number of a publication that follows, or may follow, from printed ones.
#[derive(Debug, Clone)]
pub struct Reckonable {
    /// The rows that withhold it, `path:line`.
    pub rows: Vec<String>,
    /// The calculation from which it follows, in counts; none where nothing was proved either way.
    pub sum: Option<String>,
}

/// The findings on a country's publications.
#[derive(Default)]
pub(super) struct Found {
    pub(super) reckonable: Vec<Reckonable>,
    /// The withheld cells that follow, by summary and cell.
    pub(super) cells: BTreeSet<(usize, usize)>,
    /// Whether a smaller suppression might exist: there were too many choices to try them all.
    pub(super) not_least: bool,
}

/// The place of a statement: summary, cell, and its number in the cell.
type Place = (usize, usize, usize);

/// One source's statement on a combination of codes in a period, with every place that prints it.
struct Stated {
    period: Period,
    codes: Codes,
    source: usize,
    statement: Statement,
    /// The summaries that ask for it.
    summaries: BTreeSet<usize>,
    places: Vec<Place>,
    printed: Printed,
}

/// Table, measure, the period of a stock, and the conditions that restrict its rows.
type Key = (String, Option<String>, String, Vec<(String, String)>);
/// Identifies equal statements: source, period, codes, bounds.
type Spot = (usize, Period, Codes, (i128, Option<i128>));

/// What is needed beside the summaries: the sources, the country's own code, the figures that authors ask for.
#[derive(Clone, Copy)]
pub(super) struct Beside<'b> {
    pub(super) sources: &'b [SourceRecord],
    pub(super) own: &'b str,
    pub(super) asked: &'b Asked,
}

/// Finds the withheld numbers that follow; if the policy asks for it, withholds further numbers until none does.
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
    let (all, repeating) = (collected(summaries, indicators, beside), repeating(beside.sources));
    let all = all.into_values().flat_map(linked);
    for stated in all.flat_map(|stated| together(stated, repeating.clone())) {
        if !stated.iter().any(|stated| is_withheld(&stated.statement)) {
            continue;
        }
        let system = system(&stated, beside);
        match policy {
            Publications::AsPublished => {
                for finding in system.reckonable() {
                    let count = finding.count;
                    let sum = finding.reason.map(|reason| sum(&stated, &system, count, &reason, beside.sources));
                    let rows = stated[count].statement.rows.places();
                    if sum.is_some() {
                        found.cells.extend(stated[count].places.iter().map(|(summary, cell, _)| (*summary, *cell)));
                    }
                    found.reckonable.push(Reckonable { rows, sum });
                }
            }
            Publications::Protect => {
                let chosen = system.chosen();
                found.not_least |= !chosen.is_least;
                let unproved = chosen.unproved.iter().map(|count| stated[*count].statement.rows.places());
                found.reckonable.extend(unproved.map(|rows| Reckonable { rows, sum: None }));
                withhold(summaries, &stated, &chosen);
            }
        }
    }
    found
}

/// Every number that publications print, and every number that they withhold, by each measure of which they withhold any.
fn collected(summaries: &[Summary], indicators: &[Indicator], beside: Beside<'_>) -> BTreeMap<Key, Vec<Stated>> {
    let known: BTreeMap<&str, &Indicator> = indicators.iter().map(|one| (one.id.as_str(), one)).collect();
    let of = |summary: &Summary| known.get(summary.indicator.as_str()).copied();
    let key = |indicator: &Indicator, period: &Period| match &indicator.measure {
        Measure::Observed { table, code, stock } => {
            let time = if *stock { period.text().to_owned() } else { String::new() };
            Some((table.clone(), code.clone(), time, conditions(indicator, beside.own).1))
        }
        _ => None,
    };
    let withholds = |cell: &&SummaryCell| cell.statements.iter().any(|one| is_count(one) && is_withheld(one));
    let keys = |summary: &Summary| {
        let cells = summary.cells.iter().chain(&summary.left_out).filter(withholds);
        cells.filter_map(|cell| key(of(summary)?, &cell.period)).collect::<BTreeSet<Key>>()
    };
    let mut all: BTreeMap<Key, (Vec<Stated>, BTreeMap<Spot, usize>)> =
        summaries.iter().flat_map(keys).map(|key| (key, <_>::default())).collect();
    if all.is_empty() {
        return BTreeMap::new();
    }
    let source_at = by_id(beside.sources);
    for (at, summary) in summaries.iter().enumerate() {
        let Some(indicator) = of(summary) else { continue };
        let fixed = conditions(indicator, beside.own).0;
        let places = (0..summary.cells.len()).map(Some).chain(std::iter::repeat(None));
        for (cell_at, cell) in places.zip(summary.cells.iter().chain(&summary.left_out)) {
            let Some((known, index)) = key(indicator, &cell.period).and_then(|key| all.get_mut(&key)) else { continue };
            let codes: Codes = cell.codes.clone().into_iter().chain(fixed.clone()).collect();
            let printed = beside.asked.printed(&figure_id(cell, indicator, beside.own));
            for (number, statement) in cell.statements.iter().enumerate().filter(|(_, statement)| is_count(statement)) {
                let Some(source) = source_at.get(statement.source.as_str()).copied() else { continue };
                let (period, place) = (cell.period.clone(), cell_at.map(|cell_at| (at, cell_at, number)));
                let count = (source, period.clone(), codes.clone(), bounds(statement));
                let next = known.len();
                let same = *index.entry(count).or_insert(next);
                if same == next {
                    let (codes, statement) = (codes.clone(), statement.clone());
                    let (places, summaries) = (Vec::new(), BTreeSet::new());
                    known.push(Stated { period, codes, source, statement, summaries, places, printed });
                }
                known[same].summaries.insert(at);
                known[same].places.extend(place);
                known[same].printed = known[same].printed.max(printed);
            }
        }
    }
    all.into_iter().map(|(key, (stated, _))| (key, stated)).collect()
}

/// Where each source is; of two with one id the first.
fn by_id(sources: &[SourceRecord]) -> BTreeMap<&str, usize> {
    sources.iter().enumerate().rev().map(|(at, source)| (source.id.as_str(), at)).collect()
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

/// The statements in groups whose periods share days, directly or through others.
fn linked(stated: Vec<Stated>) -> Vec<Vec<Stated>> {
    let periods: BTreeSet<Period> = stated.iter().map(|stated| stated.period.clone()).collect();
    let periods: Vec<&Period> = periods.iter().collect();
    let mut group = vec![0; periods.len()];
    let groups = overlapping(&periods);
    groups.iter().enumerate().for_each(|(number, members)| members.iter().for_each(|at| group[*at] = number));
    let mut linked: Vec<Vec<Stated>> = groups.iter().map(|_| Vec::new()).collect();
    for stated in stated {
        linked[group[periods.binary_search(&&stated.period).unwrap_or(0)]].push(stated);
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

fn is_withheld(statement: &Statement) -> bool {
    statement.outcome == Err(Missing::Withheld)
}

/// Whether a statement is a publication's count, printed or withheld.
fn is_count(statement: &Statement) -> bool {
    !statement.register && (is_withheld(statement) || matches!(statement.outcome, Ok(Value::Count(_))))
}

/// The bounds that a source gives for a count; at least 0.
fn bounds(statement: &Statement) -> (i128, Option<i128>) {
    match &statement.outcome {
        Ok(Value::Count(count)) => {
            let (least, most) = satisfying(*count, statement.qualifier);
            (i128::from(least.max(0)), Some(i128::from(most)).filter(|_| most < i64::MAX))
        }
        _ => (0, statement.below.map(|below| i128::from((below - 1).max(0)))),
    }
}

/// The statements in groups of sources of which one repeats another or two agree on a number.
fn together(stated: Vec<Stated>, mut united: United) -> Vec<Vec<Stated>> {
    let mut first: BTreeMap<(&Period, &Codes, i64), usize> = BTreeMap::new();
    for one in &stated {
        let Some(count) = one.statement.outcome.as_ref().ok().and_then(Value::count).filter(|count| *count != 0) else {
            continue;
        };
        united.join(one.source, *first.entry((&one.period, &one.codes, count)).or_insert(one.source));
    }
    let mut grouped: BTreeMap<usize, Vec<Stated>> = BTreeMap::new();
    for stated in stated {
        grouped.entry(united.group(stated.source)).or_default().push(stated);
    }
    grouped.into_values().collect()
}

/// The sources in groups of which one repeats another.
fn repeating(sources: &[SourceRecord]) -> United {
    let publications = sources.iter().enumerate().rev().filter(|(_, source)| !source.register);
    let place: BTreeMap<&str, usize> = publications.map(|(at, source)| (source.id.as_str(), at)).collect();
    let mut united = United::apart(sources.len());
    for (at, source) in sources.iter().enumerate() {
        place.get(source.origin.as_str()).iter().for_each(|origin| united.join(at, **origin));
    }
    united
}

/// The system of one group of statements, ready to be attacked.
fn system(stated: &[Stated], beside: Beside<'_>) -> System {
    let units: BTreeSet<(&Period, &Codes)> = stated.iter().map(|stated| (&stated.period, &stated.codes)).collect();
    let units: BTreeMap<(&Period, &Codes), usize> = units.into_iter().zip(0..).collect();
    let counts = stated.iter().map(|stated| Count {
        bounds: bounds(&stated.statement),
        withheld: is_withheld(&stated.statement),
        unit: units[&(&stated.period, &stated.codes)],
        persons: stated.statement.outcome.as_ref().ok().and_then(Value::count).unwrap_or(0),
        breadth: stated.codes.len(),
        printed: stated.printed,
    });
    let mut system = System::new(counts.collect());
    for members in readings(stated) {
        let one = |of: &dyn Fn(&Stated) -> usize| {
            members.iter().map(|count| of(&stated[*count])).collect::<BTreeSet<_>>().len() == 1
        };
        let periods: BTreeSet<&Period> = members.iter().map(|count| &stated[*count].period).collect();
        let at_once = one(&|stated| stated.source) && periods.len() == 1;
        let (cells, sizes) = cells(&members, stated, beside);
        system.read(members, Cells::of(&cells, &sizes), at_once);
    }
    system
}

/// The parts of a publication that a reader may have: all of it, one source, one source in one indicator, and each of these
/// in one period.
fn readings(stated: &[Stated]) -> Vec<Vec<usize>> {
    let mut readings: BTreeSet<Vec<usize>> = BTreeSet::from([(0..stated.len()).collect()]);
    let mut of_source: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut of_summary: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (count, stated) in stated.iter().enumerate() {
        of_source.entry(stated.source).or_default().push(count);
        for summary in &stated.summaries {
            of_summary.entry((stated.source, *summary)).or_default().push(count);
        }
    }
    readings.extend(of_source.into_values().chain(of_summary.into_values()));
    for members in readings.clone() {
        let mut of_period: BTreeMap<&Period, Vec<usize>> = BTreeMap::new();
        members.into_iter().for_each(|count| of_period.entry(&stated[count].period).or_default().push(count));
        readings.extend(of_period.into_values());
    }
    readings.retain(|members| members.iter().any(|count| is_withheld(&stated[*count].statement)));
    readings.into_iter().collect()
}

/// The groups that each of these counts holds in every dimension and in time.
fn cells(members: &[usize], stated: &[Stated], beside: Beside<'_>) -> (Vec<Vec<Vec<u32>>>, Vec<u32>) {
    let dimensions: BTreeSet<&String> = members.iter().flat_map(|count| stated[*count].codes.keys()).collect();
    let (mut cells, mut sizes) = (vec![Vec::new(); members.len()], Vec::new());
    for dimension in dimensions {
        let code = |count: &usize| stated[*count].codes.get(dimension).map_or(TOTAL, String::as_str);
        let codes: Vec<&str> = members.iter().map(code).chain([TOTAL]).collect::<BTreeSet<_>>().into_iter().collect();
        let declares = |count: &usize| beside.sources[stated[*count].source].complete.contains(dimension);
        let (held, size) = groups(&codes, members.iter().any(declares), beside.own);
        for (cell, count) in cells.iter_mut().zip(members) {
            cell.push(codes.binary_search(&code(count)).map_or_else(|_| Vec::new(), |at| held[at].clone()));
        }
        sizes.push(size);
    }
    let periods: BTreeSet<&Period> = members.iter().map(|count| &stated[*count].period).collect();
    if periods.len() > 1 {
        let periods: Vec<&Period> = periods.into_iter().collect();
        let (held, size) = stretches(&periods);
        for (cell, count) in cells.iter_mut().zip(members) {
            cell.push(held[periods.binary_search(&&stated[*count].period).unwrap_or(0)].clone());
        }
        sizes.push(size);
    }
    (cells, sizes)
}

/// The calculation in counts: `80 (sex=female) less 78 (sex=female, age_group=0-17)`.
fn sum(stated: &[Stated], system: &System, count: usize, reason: &[usize], sources: &[SourceRecord]) -> String {
    let term = |at: &usize| {
        let Stated { period, codes, source, statement, .. } = &stated[*at];
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
        let other =
            if *source == stated[count].source { String::new() } else { format!(" of `{}`", sources[*source].id) };
        let time = if *period == stated[count].period { String::new() } else { format!(" in {}", period.text()) };
        format!("{number} ({codes}){time}{other}")
    };
    let mut terms: Vec<&usize> = reason.iter().collect();
    terms.sort_by_key(|at| (stated[**at].codes.len(), *at));
    let and = |terms: &[&usize]| terms.iter().map(|at| term(at)).collect::<Vec<_>>().join(" and ");
    match system.way(count, reason) {
        Way::Less(whole) => {
            let parts: Vec<&usize> = terms.iter().copied().filter(|at| **at != whole).collect();
            format!("{} less {}", term(&whole), and(&parts))
        }
        Way::Sum => format!("the sum of {}", and(&terms)),
        Way::Together => and(&terms),
    }
}

/// Withholds the chosen numbers, and makes those withheld before look the same, so that nobody sees which of them the source
/// withholds.
fn withhold(summaries: &mut [Summary], stated: &[Stated], chosen: &Chosen) {
    if chosen.counts.is_empty() && !chosen.of_bounds {
        return;
    }
    let before = (0..stated.len()).filter(|count| is_withheld(&stated[*count].statement));
    for count in before.chain(chosen.counts.iter().copied()) {
        for (summary, cell, number) in &stated[count].places {
            let statement = &mut summaries[*summary].cells[*cell].statements[*number];
            statement.outcome = Err(Missing::Withheld);
            statement.below = None;
            statement.qualifier = Qualifier::Exact;
            statement.rule = Rule::Protected;
            statement.as_reported = String::new();
        }
    }
}

/// Ranks sources that give a number before a withheld margin. Only after all attacks, which find statements by their order.
pub(super) fn in_order(summaries: &mut [Summary]) {
    for cell in summaries.iter_mut().flat_map(|summary| &mut summary.cells).filter(|cell| cell.codes.is_empty()) {
        if cell.statements.iter().any(|one| one.rule == Rule::Protected) {
            cell.statements.sort_by_key(|one| one.outcome.is_err());
        }
    }
}
