//! Which columns lie within others: the districts of a province, the counties and the groups of a region.
//!
//! Between two columns that cross, a combination without a row is unknown. Between a column and one that it lies within it
//! cannot be: a district that occurs with one province has no people in another. So districts make up their province, and
//! what is withheld of one may follow from the others. Nesting is inferred where
//!
//! * each code of the child occurs with one code of the parent (but for rests such as `unknown`, which every parent may
//!   have), and no row counts a child over all parents in a table that has both columns;
//! * a parent has several children and a total over them; where no total over the parents is printed, each parent with
//!   children has such a total, or two with several children have (codes of one year only are no reason);
//! * the child has a total, be it a code or a file that leaves the column out;
//! * and the children of parents do not mostly sum up to another number than is printed.
//!
//! Reading a column as nested makes combinations without a row 0. That only narrows what a withheld
//! value can be: a wrong inference may warn too often, never too seldom. It is listed as an assumption.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::columns::{ABSENT, Columns, fold};
use super::evidence::weigh;
use super::time::is_time;

/// A column, and one that it lies within.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Nest {
    pub(super) child: usize,
    pub(super) parent: usize,
}

/// A row that contradicts a declared nesting, and the one before that it contradicts.
pub(super) struct Contradiction {
    pub(super) nest: Nest,
    pub(super) row: usize,
    pub(super) earlier: usize,
}

/// Codes of people with unknown or unreported details: every parent has its own.
const RESTS: &[&str] = &[
    "",
    "unknown",
    "other",
    "others",
    "not stated",
    "not specified",
    "unspecified",
    "rest",
    "n/a",
    "na",
    "_u",
    "_o",
    "_z",
    "unk",
    "not known",
    "not available",
    "none",
    "missing",
    "-",
];

pub(super) fn is_rest(name: &str) -> bool {
    RESTS.contains(&fold(name).as_str())
}

/// Whether a row shows that the child's code has people in the parent's.
fn joins(columns: &Columns, nest: Nest, row: usize) -> Option<(u32, u32)> {
    let [child, parent] = [nest.child, nest.parent].map(|at| &columns.columns[at]);
    let (own, other) = (child.of_row[row], parent.of_row[row]);
    let codes = own != ABSENT && other != ABSENT && !child.is_margin(own) && !parent.is_margin(other);
    codes.then_some((own, other))
}

/// For each code of the child the parents it occurs with.
pub(super) fn joined(columns: &Columns, nest: Nest) -> HashMap<u32, BTreeSet<u32>> {
    let mut found: HashMap<u32, BTreeSet<u32>> = HashMap::new();
    let mut nobody: HashMap<u32, BTreeSet<u32>> = HashMap::new();
    let mut known: HashSet<(u32, u32, bool)> = HashSet::new();
    for row in 0..columns.observations.len() {
        let empty = columns.observations[row].most == Some(0);
        let pair = joins(columns, nest, row).filter(|(child, parent)| known.insert((*child, *parent, empty)));
        if let Some((child, parent)) = pair {
            let of = if empty { &mut nobody } else { &mut found };
            of.entry(child).or_default().insert(parent);
        }
    }
    // Rows with a count of zero show where a code belongs only if there are no others.
    nobody.into_iter().for_each(|(child, parents)| {
        found.entry(child).or_insert(parents);
    });
    found
}

/// Whether each code of the child occurs with one of the parent, and several with the same.
pub(super) fn may_nest(columns: &Columns, nest: Nest) -> bool {
    let found = joined(columns, nest);
    let parents: BTreeSet<&BTreeSet<u32>> = found.values().collect();
    parents.len() > 1 && parents.len() < found.len() && parents.iter().all(|parents| parents.len() == 1)
}

/// The first row that contradicts a declared nesting. A row with a count of zero contradicts nothing.
pub(super) fn contradiction(columns: &Columns, nest: Nest) -> Option<Contradiction> {
    let mut first: HashMap<u32, (u32, usize)> = HashMap::new();
    for row in (0..columns.observations.len()).filter(|row| columns.observations[*row].most != Some(0)) {
        let Some((child, parent)) = joins(columns, nest, row) else { continue };
        let (known, earlier) = *first.entry(child).or_insert((parent, row));
        if known != parent && !is_rest(columns.columns[nest.child].name(child)) {
            return Some(Contradiction { nest, row, earlier });
        }
    }
    None
}

/// All columns that lie within others, those declared and those inferred.
pub(super) fn infer(columns: &Columns, declared: &[Nest], scale: i128, assumptions: &mut Vec<String>) -> Vec<Nest> {
    let mut nests = declared.to_vec();
    for child in columns.live() {
        if columns.columns[child].margin.is_none() {
            continue;
        }
        for parent in columns.live() {
            let nest = Nest { child, parent };
            let turned = Nest { child: parent, parent: child };
            if child == parent || nests.contains(&nest) || nests.contains(&turned) {
                continue;
            }
            let Some(kids) = kids(columns, nest) else { continue };
            let [own, other] = [child, parent].map(|at| &columns.columns[at].label);
            if !adds_up(columns, nest, &kids, scale) {
                assumptions.push(format!(
                    "`{own}` is not read as lying within `{other}`, because the numbers do not add up; `--nested '{own}<{other}'` reads it so"
                ));
                continue;
            }
            assumptions.push(format!(
                "`{own}` is read as lying within `{other}`: each code of `{own}` occurs with only one code of `{other}`"
            ));
            nests.push(nest);
        }
    }
    nests
}

/// The children of each parent, where the columns look nested.
fn kids(columns: &Columns, nest: Nest) -> Option<BTreeMap<u32, BTreeSet<u32>>> {
    let [child, parent] = [nest.child, nest.parent].map(|at| &columns.columns[at]);
    let mut parent_of: HashMap<u32, u32> = HashMap::new();
    let mut kids: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    // Parents beside a total over their children.
    let mut summed: BTreeSet<u32> = BTreeSet::new();
    for row in 0..columns.observations.len() {
        let file = columns.observations[row].file;
        if let Some((own, other)) = joins(columns, nest, row) {
            // A row with a count of zero is not evidence that there could be anybody.
            if columns.observations[row].most == Some(0) {
                continue;
            }
            if *parent_of.entry(own).or_insert(other) != other && !is_rest(child.name(own)) {
                return None;
            }
            kids.entry(other).or_default().insert(own);
            continue;
        }
        let (own, other) = (child.of_row[row], parent.of_row[row]);
        if child.is_margin(own) && other != ABSENT && !parent.is_margin(other) {
            summed.insert(other);
        }
        let both = child.in_file[file] && parent.in_file[file];
        if both && parent.is_margin(other) && !child.is_margin(own) {
            return None;
        }
    }
    let several = kids.iter().filter(|(code, kids)| kids.len() > 1 && summed.contains(code)).count();
    let all_summed = kids.keys().all(|code| summed.contains(code)) && !is_time(&parent.label);
    let least = if parent.margin.is_some() || all_summed { 1 } else { 2 };
    (several >= least && kids.len() > 1).then_some(kids)
}

/// Whether the children mostly add up to the printed numbers of their parents.
fn adds_up(columns: &Columns, nest: Nest, kids: &BTreeMap<u32, BTreeSet<u32>>, scale: i128) -> bool {
    let [child, parent] = [nest.child, nest.parent].map(|at| &columns.columns[at]);
    let whole = |row: usize| child.is_margin(child.of_row[row]);
    let below = |row: usize| parent.of_row[row] != ABSENT && !parent.is_margin(parent.of_row[row]);
    let groups = weigh(columns, nest.child, below, whole);
    let complete = |row: usize| kids.get(&parent.of_row[row]).map(BTreeSet::len);
    let (mut agree, mut differ) = (0, 0);
    for group in groups.iter().filter(|group| complete(group.row) == Some(group.parts)) {
        if group.falls_short(scale) || group.sum_exceeds(scale) { differ += 1 } else { agree += 1 }
    }
    differ <= agree
}
