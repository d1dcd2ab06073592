//! Numbers that cannot both be true: a total and its parts, and the numbers of two sources
//! (docs/data.md#how-rows-are-read, rules 2 and 4).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::checked::Checked;
use super::fault::Fault;
use super::sources::Sources;
use super::stated::{FIRST, SOURCE, Stated};
use crate::diagnostic::{Code, Severity};
use crate::tables::parts::{complete, disjoint, whole_in_several_ways};
use crate::value::{Qualifier, Value, agree};

/// Totals that differ from the sum of their parts, and breakdowns with different sums.
pub(super) fn differ(at: &Checked<'_>) -> Vec<Fault> {
    let observations = at.schema.observations.as_ref().filter(|observations| observations.subject.is_none());
    let Some((observations, stated)) = observations.zip(at.stated) else { return Vec::new() };
    let mut patterns: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for rows in stated.all().chunk_by(|one, other| stated.are_totals_alike(*one, *other)) {
        patterns.entry(stated.totals(rows[0])).or_default().extend(rows);
    }
    let wider = |totals: &Vec<usize>| {
        let free = (0..stated.dimensions.len()).filter(|dimension| !totals.contains(dimension));
        free.map(|dimension| with(totals, dimension)).collect::<Vec<_>>()
    };
    let wholes: BTreeSet<Vec<usize>> = patterns.keys().flat_map(wider).collect();
    let sources = Sources::of(at);
    let declared = |id: &&str| sources.as_ref().map(|sources| sources.complete(id)).unwrap_or_default();
    let mut wholes_of = Wholes {
        stated,
        declared: stated.sources.iter().map(declared).collect(),
        own: &at.table.country,
        count: at.table.column(&observations.value),
        known: HashMap::new(),
    };
    wholes.iter().flat_map(|totals| wholes_of.faults(totals, &patterns)).collect()
}

/// Sorted numbers with one more.
fn with(numbers: &[usize], one: usize) -> Vec<usize> {
    let mut all = [numbers, &[one]].concat();
    all.sort_unstable();
    all
}

/// The ways in which codes make up a whole, or, where none does, the disjoint ones among them; each as numbers of codes.
struct Ways {
    complete: bool,
    of: Vec<Vec<usize>>,
}

/// Compares totals with the sums of their parts.
struct Wholes<'s, 't> {
    stated: &'s Stated<'t>,
    /// The dimensions that each source declares complete.
    declared: Vec<BTreeSet<&'t str>>,
    own: &'s str,
    count: Option<usize>,
    /// The ways of codes that were judged before: dimension, whether it is declared complete, and the codes.
    known: HashMap<(usize, bool, Vec<usize>), Rc<Ways>>,
}

/// The sum of some parts of a total.
#[derive(Clone, Copy)]
struct Sum {
    total: i64,
    complete: bool,
    /// The first part's row in the table.
    first: usize,
}

/// The sums of one breakdown of a total: by the total's key; by the first part of all, and the dimension.
type Breakdown = (Vec<u64>, (usize, usize), Vec<Sum>);

impl Wholes<'_, '_> {
    /// The faults of the totals over these dimensions.
    fn faults(&mut self, totals: &[usize], patterns: &BTreeMap<Vec<usize>, Vec<usize>>) -> Vec<Fault> {
        let stated = self.stated;
        let mut margins: HashMap<Vec<u64>, usize> = HashMap::new();
        for row in patterns.get(totals).into_iter().flatten() {
            margins.entry(stated.key(*row)).or_insert(*row);
        }
        let parts = |dimension: &usize| {
            let pattern: Vec<usize> = totals.iter().copied().filter(|total| total != dimension).collect();
            Some((*dimension, patterns.get(&pattern)?))
        };
        let parts: Vec<(usize, &Vec<usize>)> = totals.iter().filter_map(parts).collect();
        let mut faults = Vec::new();
        let mut breakdowns: Vec<Breakdown> = Vec::new();
        // Without a stated total only sums can contradict each other.
        let several = |dimension: usize| whole_in_several_ways(&stated.dimensions[dimension].1);
        let alone = margins.is_empty() && parts.len() == 1;
        for (dimension, rows) in parts.iter().filter(|(dimension, _)| !alone || several(*dimension)) {
            for group in stated.alike(FIRST + dimension, (*rows).clone()).groups() {
                if alone && self.ways(group, *dimension).of.len() < 2 {
                    continue;
                }
                let whole = stated.key_without(group[0], FIRST + dimension);
                let margin = margins.get(&whole);
                let sums = self.sums(group, *dimension, margin.is_some());
                // All that add up to this total are here: nothing else can contradict them.
                if margin.is_none() && parts.len() == 1 {
                    faults.extend(two_breakdowns(&sums, self.count));
                } else if !sums.is_empty() {
                    breakdowns.push((whole, (group[0], *dimension), sums));
                }
            }
        }
        breakdowns.sort_unstable_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
        for whole in breakdowns.chunk_by(|one, other| one.0 == other.0) {
            let sums: Vec<Sum> = whole.iter().flat_map(|(.., sums)| sums.iter().copied()).collect();
            faults.extend(match margins.get(&whole[0].0) {
                Some(margin) => stated_margin(stated, *margin, &sums, self.count),
                None => two_breakdowns(&sums, self.count),
            });
        }
        faults
    }

    /// The sums of the complete parts in a group of rows; where there are none, and a total is stated, of the disjoint ones.
    fn sums(&mut self, group: &[usize], dimension: usize, of_margin: bool) -> Vec<Sum> {
        let stated = self.stated;
        let ways = self.ways(group, dimension);
        if !ways.complete && !of_margin {
            return Vec::new();
        }
        let add = |way: &Vec<usize>| {
            let mut exact = way.iter().map(|part| stated.exact(group[*part]));
            let total = exact.try_fold(0_i64, |total, count| total.checked_add(count?))?;
            Some(Sum { total, complete: ways.complete, first: stated.at[group[*way.first()?]] })
        };
        ways.of.iter().filter_map(add).collect()
    }

    fn ways(&mut self, group: &[usize], dimension: usize) -> Rc<Ways> {
        let stated = self.stated;
        let (name, codes) = &stated.dimensions[dimension];
        let declared =
            self.declared.get(stated.digit(group[0], SOURCE)).is_some_and(|declared| declared.contains(name));
        let digits: Vec<usize> = group.iter().map(|row| stated.digit(*row, FIRST + dimension)).collect();
        let known = (dimension, declared, digits);
        if let Some(ways) = self.known.get(&known) {
            return ways.clone();
        }
        let codes: Vec<&str> = known.2.iter().map(|digit| codes[*digit]).collect();
        let covers = complete(&codes, declared, self.own);
        let ways = Rc::new(if covers.is_empty() {
            Ways { complete: false, of: vec![disjoint(&codes, self.own)] }
        } else {
            Ways { complete: true, of: covers }
        });
        self.known.insert(known, ways.clone());
        ways
    }
}

/// The fault of a stated total that its complete parts do not add up to, or that its disjoint parts exceed.
fn stated_margin(stated: &Stated<'_>, margin: usize, sums: &[Sum], count: Option<usize>) -> Option<Fault> {
    let (total, at) = (stated.exact(margin)?, stated.at[margin]);
    let wrong = sums.iter().find(|sum| if sum.complete { sum.total != total } else { sum.total > total })?;
    let parts = if wrong.complete { "its complete parts" } else { "some of its parts" };
    let message = format!("{total} is stated, but {parts} add up to {}", wrong.total);
    let hint = "correct the mistyped row, or explain in `note` why the source contradicts itself";
    Some(mismatch((at, count), message, (wrong.first, count), "the first of the parts").hint(hint))
}

/// The fault of two complete breakdowns of the same people whose sums differ, so that neither can be the total.
fn two_breakdowns(sums: &[Sum], count: Option<usize>) -> Option<Fault> {
    let mut complete = sums.iter().filter(|sum| sum.complete);
    let one = complete.next()?;
    let other = complete.find(|other| other.total != one.total)?;
    let message = format!(
        "this breakdown adds up to {}, another of the same source to {}; no total is derived",
        other.total, one.total
    );
    let second = "the first part of the other breakdown";
    Some(mismatch((other.first, count), message, (one.first, count), second))
}

fn mismatch(place: (usize, Option<usize>), message: String, second: (usize, Option<usize>), word: &str) -> Fault {
    let fault = match place.1 {
        Some(column) => Fault::cell(place.0, column, Code::MarginMismatch, message),
        None => Fault::row(place.0, Code::MarginMismatch, message),
    };
    fault.severity(Severity::Warning).second(second, word)
}

/// Sources that contradict each other. Both numbers are printed, and whoever keeps the table should know.
pub(super) fn contested(at: &Checked<'_>) -> Vec<Fault> {
    let column = at.schema.observations.as_ref().and_then(|observations| at.table.column(&observations.value));
    let Some(stated) = at.stated.filter(|stated| stated.sources.len() > 1) else { return Vec::new() };
    let with_value = stated.all().into_iter().filter(|row| stated.value(*row).is_some()).collect();
    let mut faults = Vec::new();
    for cell in stated.alike(SOURCE, with_value).groups() {
        // If one source gives the number twice, that is reported elsewhere.
        let by_source = cell.chunk_by(|one, other| stated.digit(*one, SOURCE) == stated.digit(*other, SOURCE));
        let rows: Vec<usize> = by_source.map(|rows| rows[0]).collect();
        let (Some(first), Some(last), false) = (rows.first(), rows.last(), agree(values(stated, &rows))) else {
            continue;
        };
        let other = rows.iter().find(|row| !agree(values(stated, &[*first, **row]))).unwrap_or(last);
        let plain = |row: usize| stated.value(row).map_or(String::new(), Value::plain);
        let message = format!(
            "{} from `{}` and {} from `{}` contradict each other",
            plain(*other),
            stated.source(*other),
            plain(*first),
            stated.source(*first)
        );
        let (place, other) = ((stated.at[*first], column), stated.at[*other]);
        let fault = match column {
            Some(column) => Fault::cell(other, column, Code::ContestedCell, message),
            None => Fault::row(other, Code::ContestedCell, message),
        };
        faults.push(fault.severity(Severity::Note).second(place, "the other source"));
    }
    faults
}

fn values<'s>(stated: &'s Stated<'_>, rows: &'s [usize]) -> impl Iterator<Item = (&'s Value, Qualifier)> + Clone {
    rows.iter().filter_map(|row| Some((stated.value(*row)?, stated.qualifier(*row))))
}
