//! Columns that contain several dimensions.
//!
//! Exports write people several times over: `Dimension` says by what they are broken down, `Category` into what, and each
//! breakdown adds up to the same total. Such a pair is read as one dimension for each breakdown, if the numbers show it: the
//! parts of each fit into the total, those of all do not. And files call the same groups differently (`F` and `female`):
//! if the codes of two files have nothing in common, and no file's own codes fall short of its total, each file divides
//! the total by itself. Both readings are listed as assumptions.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::columns::{Column, Columns};
use super::dimension::is_band;
use super::evidence::weigh;
use super::nesting::is_rest;

/// A column with more codes is not taken for the kind of breakdown.
const MOST: usize = 24;

/// Reads columns as several, where they are. `sure` names columns that are declared to be something.
pub(super) fn tell_apart(columns: &mut Columns, sure: &[usize], scale: i128, assumptions: &mut Vec<String>) {
    for by in columns.live().into_iter().filter(|at| !sure.contains(at)) {
        let into = columns
            .live()
            .into_iter()
            .find(|into| *into != by && !sure.contains(into) && breaks_down(columns, by, *into, scale));
        if let Some(into) = into {
            let [one, other] = [by, into].map(|at| &columns.columns[at].label);
            assumptions.push(format!("each code of `{one}` is read as a separate breakdown by `{other}`: each alone fits into the total, all together do not"));
            split(columns, into, by);
        }
    }
    for at in columns.live().into_iter().filter(|at| !sure.contains(at)) {
        let classes = classes(columns, at);
        if classes.len() > 1 && classes.iter().all(|files| divides(columns, at, files, scale)) {
            let label = &columns.columns[at].label;
            assumptions
                .push(format!("`{label}` is read as separate columns in files that have no code of it in common"));
            split_files(columns, at, &classes);
        }
    }
}

/// Whether `by` names the kind of breakdown for the codes of `into`.
fn breaks_down(columns: &Columns, by: usize, into: usize, scale: i128) -> bool {
    let [outer, inner] = [by, into].map(|at| &columns.columns[at]);
    let (Some(all), Some(total)) = (outer.margin, inner.margin) else { return false };
    if outer.in_file != inner.in_file || outer.names.len() > MOST {
        return false;
    }
    let mut above: HashMap<u32, u32> = HashMap::new();
    for row in 0..columns.observations.len() {
        let (one, other) = (outer.code(row), inner.code(row));
        let twice = other != total && *above.entry(other).or_insert(one) != one && !is_rest(inner.name(other));
        if twice || (one == all && other != total) {
            return false;
        }
    }
    let rest: Vec<usize> = columns.live().into_iter().filter(|at| *at != by && *at != into).collect();
    let mut wholes: HashMap<u64, i128> = HashMap::new();
    let mut sums: HashMap<u64, BTreeMap<u32, i128>> = HashMap::new();
    let mut met: HashSet<(u64, u32, u32)> = HashSet::new();
    for (row, observation) in columns.observations.iter().enumerate() {
        let (one, other) = (outer.code(row), inner.code(row));
        let key = columns.key(&rest, row);
        if other != total && met.insert((key, one, other)) {
            *sums.entry(key).or_default().entry(one).or_default() += observation.least;
        } else if one == all
            && let Some(most) = observation.most
        {
            wholes.insert(key, most);
        }
    }
    let (mut apart, mut together) = (0_usize, 0_usize);
    for (key, sums) in sums.iter().filter(|(_, sums)| sums.values().filter(|sum| **sum > 0).count() > 1) {
        let Some(whole) = wholes.get(key).map(|whole| whole + scale * i128::try_from(sums.len()).unwrap_or(0)) else {
            continue;
        };
        let exceed = sums.values().sum::<i128>() > whole && sums.values().all(|sum| *sum <= whole);
        if exceed { apart += 1 } else { together += 1 }
    }
    apart > together * 3
}

/// A column for each code of `by`, with the codes of `into` beside it.
fn split(columns: &mut Columns, into: usize, by: usize) {
    let parts: Vec<u32> = columns.columns[by].parts().collect();
    for part in parts {
        let name = format!("{} ({})", columns.columns[into].label, columns.columns[by].name(part));
        let outer = columns.columns[by].of_row.clone();
        add(columns, into, name, |row, _| outer[row] == part);
    }
    columns.columns[by].ignored = true;
    columns.columns[into].ignored = true;
}

fn split_files(columns: &mut Columns, at: usize, classes: &[BTreeSet<usize>]) {
    for (number, files) in classes.iter().enumerate() {
        let name = format!("{} ({})", columns.columns[at].label, number + 1);
        add(columns, at, name, |_, file| files.contains(&file));
    }
    columns.columns[at].ignored = true;
}

/// Adds a column with the codes of another in some rows, and the total in the others.
fn add(columns: &mut Columns, from: usize, label: String, held: impl Fn(usize, usize) -> bool) {
    let old = &columns.columns[from];
    let mut new = Column::new(label, columns.files, old.cased);
    let Some(margin) = old.margin else { return };
    let total = new.number(old.name(margin));
    new.margin = Some(total);
    for row in 0..columns.observations.len() {
        let code = old.code(row);
        let own = code != margin && held(row, columns.observations[row].file);
        let code = if own { new.number(old.name(code)) } else { total };
        new.of_row.push(code);
    }
    new.in_file.clone_from(&old.in_file);
    columns.columns.push(new);
}

/// Files grouped by the codes of a column that they share; empty or one class where that decides nothing.
fn classes(columns: &Columns, at: usize) -> Vec<BTreeSet<usize>> {
    let column = &columns.columns[at];
    let Some(margin) = column.margin else { return Vec::new() };
    if column.names.iter().any(|name| is_band(name)) {
        return Vec::new();
    }
    let mut classes: Vec<(BTreeSet<usize>, BTreeSet<u32>)> = Vec::new();
    for file in (0..columns.files).filter(|file| column.in_file[*file]) {
        let met: BTreeSet<u32> = columns.rows_of(file).map(|row| column.code(row)).collect();
        let codes: BTreeSet<u32> =
            met.iter().copied().filter(|code| *code != margin && !is_rest(column.name(*code))).collect();
        if !met.contains(&margin) || codes.len() < 2 {
            return Vec::new();
        }
        let (shared, mut apart): (Vec<_>, Vec<_>) =
            classes.into_iter().partition(|(_, known)| !known.is_disjoint(&codes));
        let joined =
            shared.into_iter().fold((BTreeSet::from([file]), codes), |(mut files, mut codes), (more, known)| {
                files.extend(more);
                codes.extend(known);
                (files, codes)
            });
        apart.push(joined);
        classes = apart;
    }
    classes.into_iter().map(|(files, _)| files).collect()
}

/// Whether the codes of these files seem to be all that there are.
fn divides(columns: &Columns, at: usize, files: &BTreeSet<usize>, scale: i128) -> bool {
    let column = &columns.columns[at];
    let own = |row: usize| files.contains(&columns.observations[row].file);
    let groups = weigh(columns, at, own, |row| column.margin == Some(column.code(row)));
    let codes: BTreeSet<u32> =
        (0..columns.observations.len()).filter(|row| own(*row)).map(|row| column.code(row)).collect();
    let complete = groups.iter().filter(|group| group.parts + 1 == codes.len());
    let short = complete.clone().filter(|group| group.falls_short(scale) || group.sum_exceeds(scale)).count();
    short * 2 <= complete.count()
}
