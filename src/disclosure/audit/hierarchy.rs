//! Columns that lie within one another as one dimension: its finest groups, and those that each combination of codes holds.
//!
//! The finest groups are those of the innermost column (districts), each with its code in every column it lies within. Where
//! that is not known of a district, it may be any; where a province has no district, it is a group of its own. Of two columns
//! that lie within the same but not within each other (districts and hospitals of a province) each code of one may hold
//! people of every code of the other beside it; if there are too many such groups, the second is a dimension of its own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::columns::Columns;
use super::dimension::Dimension;
use super::nesting::{Nest, joined};

/// A dimension with more groups is split up again.
const MOST: usize = 50_000;

/// A set of dimensions is a word of bits.
const MOST_AXES: usize = 64;

/// A dimension: columns, and the code of each row in it.
pub(super) struct Axis {
    /// The columns, the innermost first.
    pub(super) columns: Vec<usize>,
    pub(super) dimension: Dimension,
    pub(super) of_row: Vec<u32>,
    /// Columns without a total that it lies within.
    pub(super) outer: Vec<usize>,
    /// The code of the total.
    pub(super) total: Option<u32>,
    /// The name of each code, for messages.
    pub(super) names: Vec<String>,
}

/// The dimensions of all columns that have a total, or lie within one that has.
pub(super) fn axes(columns: &Columns, nests: &[Nest]) -> Vec<Axis> {
    let inner: Vec<Nest> = nests.iter().copied().filter(|nest| columns.columns[nest.parent].margin.is_some()).collect();
    let mut axes = Vec::new();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let is_child = |at: usize| inner.iter().any(|nest| nest.child == at);
    let mut bases: Vec<usize> =
        columns.live().into_iter().filter(|at| is_child(*at) && !inner.iter().any(|nest| nest.parent == *at)).collect();
    bases.sort_by_key(|at| std::cmp::Reverse(columns.columns[*at].names.len()));
    for base in bases {
        let mut parents = above(&inner, base);
        parents.retain(|at| !taken.contains(at));
        if taken.contains(&base) || parents.is_empty() {
            continue;
        }
        let beside = beside(&inner, &parents, base);
        let tree = |all: Vec<usize>| Tree::of(columns, &inner, base, all).and_then(|tree| tree.axis(columns));
        if let Some(axis) = tree([parents.clone(), beside].concat()).or_else(|| tree(parents)) {
            taken.extend(axis.columns.iter().copied());
            axes.push(axis);
        }
    }
    for at in columns.live().into_iter().filter(|at| columns.columns[*at].margin.is_some() && !taken.contains(at)) {
        let column = &columns.columns[at];
        axes.push(Axis {
            columns: vec![at],
            dimension: Dimension::of(&column.names, |code| column.is_margin(code)),
            of_row: column.of_row.clone(),
            outer: Vec::new(),
            total: column.margin,
            names: column.names.clone(),
        });
    }
    for axis in &mut axes {
        let outside =
            |nest: &&Nest| columns.columns[nest.parent].margin.is_none() && axis.columns.contains(&nest.child);
        axis.outer = nests.iter().filter(outside).map(|nest| nest.parent).collect();
    }
    // In the order of the columns, which is that of their labels.
    axes.sort_by_key(|axis| axis.columns.iter().copied().min());
    // Further dimensions separate tables; `apart` warns where that matters.
    axes.truncate(MOST_AXES);
    axes
}

/// All that a column lies within, the nearer first.
fn above(nests: &[Nest], base: usize) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    let mut waiting = vec![base];
    while let Some(at) = waiting.pop() {
        for nest in nests.iter().filter(|nest| nest.child == at && nest.parent != base) {
            if !found.contains(&nest.parent) {
                found.push(nest.parent);
                waiting.push(nest.parent);
            }
        }
    }
    let within = |at: usize| found.iter().filter(|other| nests.contains(&Nest { child: **other, parent: at })).count();
    let mut ordered = found.clone();
    ordered.sort_by_key(|at| (within(*at), *at));
    ordered
}

/// Other columns that lie within these, the outer first.
fn beside(nests: &[Nest], parents: &[usize], base: usize) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    let lies = |at: usize, known: &[usize]| nests.iter().any(|nest| nest.child == at && known.contains(&nest.parent));
    loop {
        let known = [parents, &found[..]].concat();
        let new = |nest: &&Nest| nest.child != base && !known.contains(&nest.child) && lies(nest.child, &known);
        let Some(next) = nests.iter().find(new) else { return found };
        found.push(next.child);
    }
}

/// A finest group: of the innermost column, if it has one, and the code in each column above, if it has one.
struct Leaf {
    group: Option<u32>,
    codes: Vec<Option<u32>>,
}

struct Tree<'c> {
    columns: &'c Columns,
    base: usize,
    parents: Vec<usize>,
    dimension: Dimension,
    /// For a column and one above it, the codes above that each of its codes occurs with.
    beside: HashMap<(usize, usize), HashMap<u32, BTreeSet<u32>>>,
    leaves: Vec<Leaf>,
}

impl<'c> Tree<'c> {
    fn of(columns: &'c Columns, nests: &[Nest], base: usize, parents: Vec<usize>) -> Option<Self> {
        let column = &columns.columns[base];
        let dimension = Dimension::of(&column.names, |code| column.is_margin(code));
        let own =
            |nest: &&Nest| (nest.child == base || parents.contains(&nest.child)) && parents.contains(&nest.parent);
        let beside = nests.iter().filter(own).map(|nest| ((nest.child, nest.parent), joined(columns, *nest))).collect();
        let mut tree = Self { columns, base, parents, dimension, beside, leaves: Vec::new() };
        let mut codes_of: HashMap<u32, Vec<u32>> = HashMap::new();
        for code in column.parts() {
            let groups = tree.dimension.groups(code as usize);
            groups.iter().for_each(|group| codes_of.entry(*group).or_default().push(code));
        }
        for group in 0..u32::try_from(tree.dimension.size()).ok()? {
            let codes = codes_of.remove(&group).unwrap_or_default();
            tree.grow(Some(group), &codes, Vec::new())?;
        }
        for at in 0..tree.parents.len() {
            let met: BTreeSet<u32> = tree.leaves.iter().filter_map(|leaf| leaf.codes[at]).collect();
            let lone: Vec<u32> = columns.columns[tree.parents[at]].parts().filter(|code| !met.contains(code)).collect();
            for code in lone {
                tree.alone(at, code, Vec::new())?;
            }
        }
        Some(tree)
    }

    /// What a leaf may be in the column `at` above, given its group and its codes so far.
    fn choices(&self, at: usize, base_codes: &[u32], codes: &[Option<u32>]) -> Vec<Option<u32>> {
        let parent = self.parents[at];
        if let Some(within) = self.within(parent, codes) {
            return within;
        }
        for (other, code) in codes.iter().enumerate().filter_map(|(other, code)| Some((other, (*code)?))) {
            let known = self.beside.get(&(self.parents[other], parent)).and_then(|known| known.get(&code));
            if let Some(known) = known {
                return known.iter().copied().map(Some).collect();
            }
        }
        let known = self.beside.get(&(self.base, parent));
        let own: BTreeSet<u32> =
            base_codes.iter().filter_map(|code| known?.get(code)).flat_map(|codes| codes.iter().copied()).collect();
        if !own.is_empty() {
            return own.into_iter().map(Some).collect();
        }
        self.any(parent)
    }

    /// The codes of a column that lie within those so far, if it lies within any of their columns.
    fn within(&self, column: usize, codes: &[Option<u32>]) -> Option<Vec<Option<u32>>> {
        let outer = |other: &usize| self.beside.get(&(column, self.parents[*other]));
        let outer: Vec<_> = (0..codes.len()).filter_map(|other| Some((outer(&other)?, codes[other]))).collect();
        if outer.is_empty() {
            return None;
        }
        let lies = |code: &u32| {
            outer.iter().all(|(known, above)| {
                known.get(code).is_none_or(|known| above.is_some_and(|above| known.contains(&above)))
            })
        };
        let found: Vec<Option<u32>> = self.columns.columns[column].parts().filter(lies).map(Some).collect();
        Some(if found.is_empty() { vec![None] } else { found })
    }

    /// Every code of a column.
    fn any(&self, parent: usize) -> Vec<Option<u32>> {
        let all: Vec<Option<u32>> = self.columns.columns[parent].parts().map(Some).collect();
        if all.is_empty() { vec![None] } else { all }
    }

    fn grow(&mut self, group: Option<u32>, base_codes: &[u32], codes: Vec<Option<u32>>) -> Option<()> {
        if codes.len() == self.parents.len() {
            self.leaves.push(Leaf { group, codes });
            return (self.leaves.len() <= MOST).then_some(());
        }
        for choice in self.choices(codes.len(), base_codes, &codes) {
            self.grow(group, base_codes, [codes.clone(), vec![choice]].concat())?;
        }
        Some(())
    }

    /// Leaves of a code of the column `lone` above that nothing lies within.
    fn alone(&mut self, lone: usize, code: u32, codes: Vec<Option<u32>>) -> Option<()> {
        let at = codes.len();
        if at == self.parents.len() {
            self.leaves.push(Leaf { group: None, codes });
            return (self.leaves.len() <= MOST).then_some(());
        }
        let [own, other] = [self.parents[lone], self.parents[at]];
        let choices = if at == lone {
            vec![Some(code)]
        } else if let Some(known) = self.beside.get(&(own, other)).and_then(|known| known.get(&code)) {
            known.iter().copied().map(Some).collect()
        } else if let Some(within) = self.within(other, &codes) {
            within
        } else if self.beside.contains_key(&(other, own)) {
            vec![None]
        } else {
            self.any(other)
        };
        for choice in choices {
            self.alone(lone, code, [codes.clone(), vec![choice]].concat())?;
        }
        Some(())
    }

    /// The dimension: a code for every combination that any row has.
    fn axis(self, columns: &Columns) -> Option<Axis> {
        let all: Vec<usize> = std::iter::once(self.base).chain(self.parents.iter().copied()).collect();
        let index = Index::of(&self.leaves);
        let mut numbers: BTreeMap<Vec<Option<u32>>, u32> = BTreeMap::new();
        let (mut groups, mut names, mut total) = (Vec::new(), Vec::new(), None);
        let mut of_row = Vec::with_capacity(columns.observations.len());
        for row in 0..columns.observations.len() {
            let code = |at: &usize| {
                let column = &columns.columns[*at];
                Some(column.of_row[row]).filter(|code| column.margin != Some(*code))
            };
            let combination: Vec<Option<u32>> = all.iter().map(code).collect();
            let next = u32::try_from(groups.len()).ok()?;
            let number = *numbers.entry(combination.clone()).or_insert(next);
            if number == next {
                if combination.iter().all(Option::is_none) {
                    total = Some(next);
                }
                groups.push(index.groups(&self.leaves, &self.dimension, &combination));
                names.push(named(columns, &all, &combination));
            }
            of_row.push(number);
        }
        let size = u32::try_from(self.leaves.len()).ok()?.max(1);
        let dimension = Dimension::with(groups, size);
        Some(Axis { columns: all, dimension, of_row, outer: Vec::new(), total, names })
    }
}

/// A combination in words: `Ban Mai` of `North`.
fn named(columns: &Columns, all: &[usize], combination: &[Option<u32>]) -> String {
    let codes = all.iter().zip(combination).filter_map(|(at, code)| Some(columns.columns[*at].name((*code)?)));
    codes.collect::<Vec<_>>().join(", ")
}

/// Leaves by their group and by their codes.
struct Index {
    all: usize,
    of_group: HashMap<u32, Vec<u32>>,
    of_code: HashMap<(usize, u32), Vec<u32>>,
}

impl Index {
    fn of(leaves: &[Leaf]) -> Self {
        let mut index = Self { all: leaves.len(), of_group: HashMap::new(), of_code: HashMap::new() };
        for (number, leaf) in (0..).zip(leaves) {
            if let Some(group) = leaf.group {
                index.of_group.entry(group).or_default().push(number);
            }
            for (at, code) in leaf.codes.iter().enumerate().filter_map(|(at, code)| Some((at, (*code)?))) {
                index.of_code.entry((at, code)).or_default().push(number);
            }
        }
        index
    }

    /// The leaves of a combination.
    fn groups(&self, leaves: &[Leaf], dimension: &Dimension, combination: &[Option<u32>]) -> Vec<u32> {
        let Some((base, above)) = combination.split_first() else { return Vec::new() };
        let wanted = || above.iter().enumerate().filter_map(|(at, code)| Some((at, (*code)?)));
        let mut found: Vec<u32> = match base {
            Some(code) => dimension
                .groups(*code as usize)
                .iter()
                .flat_map(|group| self.of_group.get(group).into_iter().flatten().copied())
                .collect(),
            None => match wanted().next() {
                Some(code) => self.of_code.get(&code).cloned().unwrap_or_default(),
                None => (0..u32::try_from(self.all.max(1)).unwrap_or(u32::MAX)).collect(),
            },
        };
        found.retain(|leaf| {
            leaves.get(*leaf as usize).is_none_or(|leaf| wanted().all(|(at, code)| leaf.codes[at] == Some(code)))
        });
        found.sort_unstable();
        found
    }
}
