//! Two tables of whole numbers that differ at a number by the required width, as cheaply as is found.
//!
//! The programme is solved in fractions first. If its tables are not whole, more width is asked for, since a table of halves
//! is often whole at one width more; then changes are confined to the whole numbers below or above, one after the other
//! (Land and Doig, "An automatic method of solving discrete programming problems", Econometrica 28, 1960), up to a number of
//! attempts. What comes of it is added up again in whole numbers.

use super::part::Part;
use super::programme::{End, Programme, Sought};
use super::sheet::Sheet;

/// How often more width is asked for.
const MORE: usize = 5;
/// How often a change is confined.
const ATTEMPTS: usize = 60;
/// A number is whole if it is no further from a whole one.
const NEAR: f64 = 1e-6;

/// Changes of groups, or of cells, sorted.
pub(super) type Changes = Vec<(u32, i64)>;

/// How far a search goes: among how many groups, and with how much work.
pub(super) type Limit = (usize, u64);

/// Two tables, as differences from the true one.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    /// For each table and group its change.
    pub(super) changes: [Changes; 2],
    /// For each table the cells that it changes.
    pub(super) cells: [Changes; 2],
}

impl Tables {
    /// The tables of these changes, if they are possible: no group holds less than nobody, no cell changes that must not, and
    /// the number that `groups` make differs by the width.
    pub(super) fn of(sheet: &Sheet, prices: &[f64], groups: &[u32], changes: [Changes; 2], width: i64) -> Option<Self> {
        let mut cells: [Changes; 2] = Default::default();
        let mut between = 0;
        for (sign, (cells, changes)) in [1, -1].into_iter().zip(cells.iter_mut().zip(&changes)) {
            for (group, more) in changes {
                if sheet.units[*group as usize] + more < 0 {
                    return None;
                }
                between += if groups.binary_search(group).is_ok() { sign * more } else { 0 };
                cells.extend(sheet.cells(*group as usize).iter().map(|cell| (*cell, *more)));
            }
            *cells = summed(std::mem::take(cells));
        }
        let may = |(cell, _): &(u32, i64)| prices[*cell as usize].is_finite();
        (between >= width && cells.iter().flatten().all(may)).then_some(Self { changes, cells })
    }

    /// The cells that either table changes, sorted.
    pub(super) fn changed(&self) -> Vec<usize> {
        let mut changed: Vec<usize> = self.cells.iter().flatten().map(|(cell, _)| *cell as usize).collect();
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    /// What it costs to withhold the cells that they change.
    pub(super) fn cost(&self, prices: &[f64]) -> f64 {
        self.changed().into_iter().map(|cell| prices[cell]).sum()
    }
}

/// Changes of the same things added up, without those that come to nothing.
fn summed(mut changes: Changes) -> Changes {
    changes.sort_unstable_by_key(|(at, _)| *at);
    changes.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        kept.1 += if same { next.1 } else { 0 };
        same
    });
    changes.retain(|(_, more)| *more != 0);
    changes
}

/// What is sought: tables in which the number that `groups` make differs by `width`. Known tables reach `low` and `high` already,
/// as differences from the truth.
#[derive(Clone, Copy)]
pub(super) struct Room<'r> {
    pub(super) groups: &'r [u32],
    pub(super) width: i64,
    pub(super) low: i64,
    pub(super) high: i64,
}

/// Searches for one table that differs enough from a known one, if that costs nothing, and else for two as well. `prices` says
/// what it costs to withhold each cell.
pub(super) fn tables(sheet: &Sheet, prices: &[f64], room: Room<'_>, (most, work): Limit) -> Option<Tables> {
    let part = Part::of(sheet, prices, room.groups, most);
    let units: i64 = room.groups.iter().map(|group| sheet.units[*group as usize]).sum();
    let mut best: Option<(f64, Tables)> = None;
    for sought in [Sought::Larger, Sought::Smaller, Sought::Two] {
        let width = match sought {
            Sought::Larger => room.width + room.low,
            Sought::Smaller => room.width - room.high,
            Sought::Two => room.width,
        };
        if sought == Sought::Smaller && width > units {
            continue;
        }
        let search = Search { sheet, part: &part, prices, groups: room.groups, sought, width, attempts: ATTEMPTS };
        let Some(found) = search.found(work) else { continue };
        let cost = found.cost(prices);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, found));
        }
        if cost == 0.0 {
            break;
        }
    }
    best.map(|(_, tables)| tables)
}

struct Search<'s> {
    sheet: &'s Sheet,
    part: &'s Part,
    prices: &'s [f64],
    groups: &'s [u32],
    sought: Sought,
    width: i64,
    attempts: usize,
}

impl Search<'_> {
    /// The first whole tables.
    fn found(mut self, work: u64) -> Option<Tables> {
        #[allow(clippy::cast_precision_loss, reason = "it only guides")]
        let mut programme = Programme::new(self.part, self.sought, self.width as f64, work);
        let mut first = None;
        for _ in 0..=MORE {
            if programme.run() != End::Best {
                break;
            }
            let whole = self.whole(&programme);
            if whole.is_some() {
                return whole;
            }
            first.get_or_insert_with(|| programme.clone());
            programme.widen(1.0);
        }
        self.branch(&mut first?)
    }

    /// The tables of a programme, if they are whole.
    fn whole(&self, programme: &Programme<'_>) -> Option<Tables> {
        let mut changes: [Changes; 2] = Default::default();
        for (group, value) in programme.changes() {
            if (value - value.round()).abs() > NEAR {
                return None;
            }
            #[allow(clippy::cast_possible_truncation, reason = "it is whole and small")]
            let more = value.round() as i64;
            if more != 0 {
                let groups = self.part.groups.len();
                let table = usize::from(group >= groups || self.sought == Sought::Smaller);
                changes[table].push((self.part.groups[group % groups], more));
            }
        }
        let changes = changes.map(summed);
        Tables::of(self.sheet, self.prices, self.groups, changes, self.width)
    }

    /// Confines one change after the other, the nearest whole number first.
    fn branch(&mut self, programme: &mut Programme<'_>) -> Option<Tables> {
        if let Some(tables) = self.whole(programme) {
            return Some(tables);
        }
        let off = |value: f64| (value - value.round()).abs();
        let open = programme.basic().filter(|(_, value)| off(*value) > NEAR);
        let (group, value) = open.min_by(|(one, a), (other, b)| off(*a).total_cmp(&off(*b)).then(one.cmp(other)))?;
        let below = (f64::NEG_INFINITY, value.floor());
        let above = (value.ceil(), f64::INFINITY);
        let order = if value - value.floor() < 0.5 { [below, above] } else { [above, below] };
        for (least, most) in order {
            self.attempts = self.attempts.checked_sub(1)?;
            let mut next = programme.clone();
            next.confine(group, least, most);
            let end = next.run();
            let found = if end == End::Best { self.branch(&mut next) } else { None };
            programme.spend_as(&next);
            if found.is_some() || end == End::GivenUp {
                return found;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::system::{Dimension, System};
    use super::*;

    /// Two rows and two columns of these units, with all their sums.
    fn square(units: [i64; 4]) -> System {
        let dimension = || Dimension::new(2, &[vec![0, 1], vec![0], vec![1]]);
        let leaves = [[0, 0], [0, 1], [1, 0], [1, 1]];
        let units = leaves.iter().zip(units).map(|(leaves, units)| (leaves.to_vec(), units));
        System::new(vec![dimension(), dimension()], units, &[vec![vec![0, 1, 2], vec![0, 1, 2]]], &[])
    }

    fn found(system: &System, prices: &[f64], width: i64) -> Option<Tables> {
        let room = Room { groups: &[0], width, low: 0, high: 0 };
        tables(&Sheet::of(system), prices, room, (usize::MAX, 1_000_000))
    }

    #[test]
    fn the_cheapest_of_two_tables_changes_four_corners() {
        let system = square([3, 20, 30, 40]);
        // To change one corner alone changes as many cells, three of them sums.
        let prices: Vec<f64> =
            system.cells.iter().map(|cell| if cell.codes.contains(&0) { 1.5 } else { 1.0 }).collect();
        let found = found(&system, &prices, 11).expect("the corners have room");
        let changed: Vec<&[u16]> =
            found.changed().into_iter().map(|cell| system.cells[cell].codes.as_slice()).collect();
        assert_eq!(changed, [[1, 1], [1, 2], [2, 1], [2, 2]]);
    }

    #[test]
    fn what_must_be_printed_is_not_changed_or_nothing_is_found() {
        let system = square([3, 4, 5, 40]);
        // The sums must be printed, so the first group can hold 0 to 7.
        let margin = |cell: &crate::disclosure::protect::system::SystemCell| cell.codes.contains(&0);
        let prices: Vec<f64> = system.cells.iter().map(|cell| if margin(cell) { f64::INFINITY } else { 1.0 }).collect();
        assert!(found(&system, &prices, 8).is_none());
        let found = found(&system, &prices, 7).expect("3 up and 4 down");
        assert!(found.changed().into_iter().all(|cell| !margin(&system.cells[cell])));
    }

    #[test]
    fn tables_that_are_not_possible_are_refused() {
        let system = square([3, 20, 30, 40]);
        let (sheet, prices) = (Sheet::of(&system), vec![1.0; system.cells.len()]);
        let of = |changes: &[(u32, i64)], width| {
            Tables::of(&sheet, &prices, &[0], [changes.to_vec(), Changes::new()], width)
        };
        assert!(of(&[(0, 11), (1, -11)], 11).is_some());
        assert!(of(&[(0, 11), (1, -sheet.units[1] - 1)], 11).is_none(), "less than nobody");
        assert!(of(&[(0, 10), (1, -10)], 11).is_none(), "not wide enough");
    }
}
