//! The groups of a system by number, with the cells that count each: what every programme of the system is made of.

use super::system::{Atom, ByAtom, System, packed};

/// Of a system whose dimensions tell more groups apart, only those that hold somebody are numbered, and their neighbours.
const MOST_GROUPS: usize = 60_000;

/// The groups of a system and its cells, each by number.
pub(super) struct Sheet {
    /// The groups, sorted.
    pub(super) atoms: Vec<Atom>,
    /// How many units each holds.
    pub(super) units: Vec<i64>,
    cells: Lists,
    groups: Lists,
    /// For each group what a change by one costs by itself: next to nothing, so that few are changed.
    little: Vec<f64>,
}

/// Lists of numbers, one after the other.
pub(super) struct Lists {
    ends: Vec<u32>,
    all: Vec<u32>,
}

impl Lists {
    /// No lists yet.
    pub(super) fn new() -> Self {
        Self { ends: Vec::new(), all: Vec::new() }
    }

    /// Adds a list, which is sorted first.
    pub(super) fn push(&mut self, list: impl Iterator<Item = u32>) {
        let start = self.all.len();
        self.all.extend(list);
        self.all[start..].sort_unstable();
        self.ends.push(number(self.all.len()));
    }

    /// For each of so many things in the lists the lists that hold it.
    pub(super) fn turned(&self, things: usize) -> Self {
        let mut ends = vec![0_u32; things];
        self.all.iter().for_each(|thing| ends[*thing as usize] += 1);
        let mut end = 0;
        for own in &mut ends {
            end += std::mem::replace(own, end);
        }
        let mut all = vec![0; self.all.len()];
        for at in 0..self.ends.len() {
            for thing in self.list(at) {
                let end = &mut ends[*thing as usize];
                all[*end as usize] = number(at);
                *end += 1;
            }
        }
        Self { ends, all }
    }

    /// One of the lists.
    pub(super) fn list(&self, at: usize) -> &[u32] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start as usize..self.ends[at] as usize]
    }
}

pub(super) fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Sheet {
    /// The sheet of a system.
    pub(super) fn of(system: &System) -> Self {
        let known: ByAtom<i64> = system.atoms.iter().copied().collect();
        let mut atoms = all(system).unwrap_or_else(|| near(system));
        atoms.sort_unstable();
        atoms.dedup();
        let index = system.index();
        let mut cells = Lists::new();
        atoms.iter().for_each(|atom| cells.push(system.cells_of(*atom, &index).into_iter().map(number)));
        let groups = cells.turned(system.cells.len());
        let units = atoms.iter().map(|atom| known.get(atom).copied().unwrap_or(0)).collect();
        let little = little(atoms.len());
        Self { atoms, units, cells, groups, little }
    }

    /// What a change of a group by one costs by itself.
    pub(super) fn little(&self, group: usize) -> f64 {
        self.little[group]
    }

    /// The cells that count a group, sorted.
    pub(super) fn cells(&self, group: usize) -> &[u32] {
        self.cells.list(group)
    }

    /// The groups that a cell counts, sorted.
    pub(super) fn groups(&self, cell: usize) -> &[u32] {
        self.groups.list(cell)
    }
}

/// What a change of each group costs by itself, of no two the same.
fn little(groups: usize) -> Vec<f64> {
    let mut chance = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        1e-3 * (1.0 + f64::from(u32::try_from(chance >> 40).unwrap_or(0)) / f64::from(1_u32 << 24))
    };
    (0..groups).map(|_| next()).collect()
}

impl Sheet {
    /// So many groups whose change costs the least beside that of these: where it can be made up for most cheaply. Of those that
    /// cost the same, the ones with most units.
    pub(super) fn near(&self, groups: &[u32], prices: &[f64], most: usize) -> Vec<u32> {
        let mut order: Vec<u32> = (0..number(self.atoms.len())).collect();
        if order.len() <= most {
            return order;
        }
        let dear = 4.0 * prices.iter().copied().filter(|price| price.is_finite()).fold(1.0, f64::max);
        let all: Vec<f64> = prices.iter().map(|price| price.min(dear)).collect();
        let cost = |group: u32, shared: &[bool]| -> f64 {
            let cells = self.cells(group as usize).iter().map(|cell| *cell as usize).filter(|cell| !shared[*cell]);
            cells.map(|cell| all[cell]).sum()
        };
        let mut shared = vec![false; prices.len()];
        let mut own = groups.to_vec();
        // Of a number that many groups make the cheapest are enough.
        self.cheapest(&mut own, most.div_ceil(2), |group| cost(group, &shared));
        own.iter().flat_map(|group| self.cells(*group as usize)).for_each(|cell| shared[*cell as usize] = true);
        let mut costs: Vec<f64> = order.iter().map(|group| cost(*group, &shared)).collect();
        own.iter().for_each(|group| costs[*group as usize] = -1.0);
        self.cheapest(&mut order, most, |group| costs[group as usize]);
        order.sort_unstable();
        order
    }

    fn cheapest(&self, groups: &mut Vec<u32>, most: usize, cost: impl Fn(u32) -> f64) {
        if groups.len() <= most {
            return;
        }
        let mut costs: Vec<(f64, i64, u32)> =
            groups.iter().map(|group| (cost(*group), -self.units[*group as usize], *group)).collect();
        let by = |one: &(f64, i64, u32), other: &(f64, i64, u32)| {
            one.0.total_cmp(&other.0).then((one.1, one.2).cmp(&(other.1, other.2)))
        };
        costs.select_nth_unstable_by(most - 1, by);
        *groups = costs[..most].iter().map(|(_, _, group)| *group).collect();
    }
}

/// Every combination of leaves; none where there are too many.
fn all(system: &System) -> Option<Vec<Atom>> {
    let size = |dimension: &super::system::Dimension| usize::from(dimension.leaves());
    let all = system.dimensions.iter().try_fold(1_usize, |all, dimension| all.checked_mul(size(dimension)))?;
    if all > MOST_GROUPS {
        return None;
    }
    let mut found: Vec<Vec<u16>> = vec![Vec::new()];
    for dimension in &system.dimensions {
        let longer = |some: Vec<u16>| (0..dimension.leaves()).map(move |leaf| [some.as_slice(), &[leaf]].concat());
        found = found.into_iter().flat_map(longer).collect();
    }
    Some(found.iter().map(|leaves| packed(leaves)).collect())
}

/// The groups that hold somebody or must be protected, one group of each cell, and as many as may be of those that differ from
/// one of them in one dimension.
fn near(system: &System) -> Vec<Atom> {
    let held = system.atoms.iter().map(|(atom, _)| *atom).chain(system.doubtful.iter().copied());
    let first = system.cells.iter().map(|cell| {
        let leaf = |(dimension, code): (&super::system::Dimension, &u16)| {
            (0..dimension.leaves()).find(|leaf| dimension.holds(*code, *leaf)).unwrap_or(0)
        };
        packed(&system.dimensions.iter().zip(&cell.codes).map(leaf).collect::<Vec<u16>>())
    });
    let mut found: std::collections::BTreeSet<Atom> = held.chain(first).collect();
    let own: Vec<Atom> = found.iter().copied().collect();
    for (number, dimension) in system.dimensions.iter().enumerate() {
        for (atom, leaf) in own.iter().flat_map(|atom| (0..dimension.leaves()).map(move |leaf| (*atom, leaf))) {
            if found.len() >= MOST_GROUPS.max(own.len()) {
                return found.into_iter().collect();
            }
            found.insert(super::system::crossed(atom, super::system::with_leaf(0, number, leaf), 1 << number));
        }
    }
    found.into_iter().collect()
}
