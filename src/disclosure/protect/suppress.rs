//! Cell suppression: which cells of a system are withheld.
//!
//! Primary suppression is the minimum frequency rule (Hundepool and others, "Statistical Disclosure Control", Wiley 2012,
//! chapter 4), applied to cells and to atoms. Secondary suppression takes one sensitive number after the other, finds the
//! cheapest two tables that agree with everything printed and differ there by the required width (`whole`), and withholds
//! what they change. A second round does the same inside the pattern of the first, since a number protected early may have
//! cost what those protected later would have given for nothing. Last, the pattern is proved from the start, as it will be
//! proved again when it has been released; only then are groups protected that no cell counts alone, which rarely costs
//! anything more.

use std::collections::{BTreeMap, BTreeSet};

use super::pattern::{Pattern, Witness};
use super::sheet::Sheet;
use super::system::{Atom, Dimension, System, SystemCell};
use super::whole::{Changes, Limit, Tables, tables};
use crate::project::policy::{Policy, Weights};

/// Public numbers already reveal a count below the threshold.
#[derive(Debug)]
pub struct Disclosed {
    /// The cells that cannot be protected.
    pub cells: Vec<usize>,
}

/// A number that needs a protection interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Atom(Atom),
    Cell(usize),
}

/// A system of more cells is large: there what makes room for a number is sought among few groups first.
const LARGE: usize = 400;
/// How far the search for one number goes at first, and when its turn comes again: by then others may have made room.
const LIMITS: [&[Limit]; 2] = [&[(usize::MAX, 3_000_000)], &[(usize::MAX, 30_000_000)]];
/// The same in a large system, and in a very large one.
const LARGE_LIMITS: [&[Limit]; 2] = [&[(64, 300_000), (320, 600_000)], &[(512, 2_000_000), (usize::MAX, 20_000_000)]];
const HUGE: usize = 10_000;
const HUGE_LIMITS: [&[Limit]; 2] = [&[(64, 200_000)], &[(320, 600_000), (512, 2_000_000)]];
/// How many rounds there are at most, each inside the pattern of the one before.
const ROUNDS: usize = 4;
const HUGE_ROUNDS: usize = 2;

/// Whether a cell must be withheld for its own number (primary suppression).
#[must_use]
pub fn sensitive(units: i64, policy: &Policy) -> bool {
    (units > 0 || (units == 0 && policy.zeros_sensitive)) && units < policy.threshold_units()
}

/// Chooses what to withhold.
///
/// # Errors
/// Where public numbers already pin down a sensitive number.
pub fn suppress(system: &System, policy: &Policy) -> Result<Pattern, Disclosed> {
    let sheet = Sheet::of(system);
    let prices: Vec<f64> = system.cells.iter().map(|cell| price(cell, system, policy)).collect();
    let mut withheld = chosen(system, &sheet, &prices, policy);
    loop {
        let (witnesses, open) = proof(system, &sheet, &withheld, policy);
        let mut more = Chooser::new(system, &sheet, (&prices, withheld.clone()), policy);
        more.waiting = open;
        more.protect_all();
        if !more.open.is_empty() {
            return Err(Disclosed { cells: more.cells_of_open() });
        }
        if more.withheld == withheld {
            return Ok(Pattern { withheld, witnesses: witnesses.into_iter().chain(more.witnesses).collect() });
        }
        withheld = more.withheld;
    }
}

/// The witnesses of a pattern, and the numbers for which none were found. The search takes what is printed as given; where that
/// fails, it is guided by what a change of it would cost, but takes only what changes nothing. So it does not depend on what
/// was chosen why, and finds the same when the pattern has been released.
fn proof(system: &System, sheet: &Sheet, withheld: &[bool], policy: &Policy) -> (Vec<Witness>, Vec<Target>) {
    let (mut waiting, mut witnesses) = (targets(system, withheld, policy, true), Vec::new());
    for price in [f64::INFINITY, 1.0] {
        let prices = vec![price; withheld.len()];
        let mut proof = Chooser::new(system, sheet, (&prices, withheld.to_vec()), policy);
        (proof.waiting, proof.only_free) = (waiting, true);
        proof.protect_all();
        waiting = proof.open;
        waiting.reverse();
        witnesses.extend(proof.witnesses);
    }
    (witnesses, waiting)
}

/// What is withheld for the cells, chosen in rounds.
fn chosen(system: &System, sheet: &Sheet, prices: &[f64], policy: &Policy) -> Vec<bool> {
    let start = |cell: &SystemCell| !cell.public && (cell.kept || sensitive(cell.units, policy));
    let start: Vec<bool> = system.cells.iter().map(start).collect();
    let cost =
        |withheld: &[bool]| -> f64 { withheld.iter().zip(prices).filter(|(is, _)| **is).map(|(_, price)| price).sum() };
    if start.iter().zip(prices).all(|(withheld, price)| *withheld || price.is_infinite()) {
        return start;
    }
    let (mut best, mut inside) = (None::<Vec<bool>>, prices.to_vec());
    for round in 0..if system.cells.len() > HUGE { HUGE_ROUNDS } else { ROUNDS } {
        let mut chooser = Chooser::new(system, sheet, (&inside, start.clone()), policy);
        chooser.waiting = targets(system, &start, policy, false);
        // What is chosen first costs most: each round begins at the other end.
        if round % 2 == 1 {
            chooser.waiting.reverse();
        }
        chooser.protect_all();
        if best.as_ref().is_some_and(|best| !chooser.open.is_empty() || cost(best) <= cost(&chooser.withheld)) {
            break;
        }
        let withheld = chooser.withheld;
        for (price, _) in inside.iter_mut().zip(&withheld).filter(|(_, withheld)| !**withheld) {
            *price = f64::INFINITY;
        }
        best = Some(withheld);
    }
    let withheld = best.unwrap_or_else(|| start.clone());
    if system.cells.len() > LARGE { withheld } else { fewer(system, sheet, prices, (&start, withheld), policy) }
}

/// Prints every number, the dearest first, without which all others still have room.
fn fewer(
    system: &System,
    sheet: &Sheet,
    prices: &[f64],
    (start, mut withheld): (&[bool], Vec<bool>),
    policy: &Policy,
) -> Vec<bool> {
    let printed = vec![f64::INFINITY; prices.len()];
    let mut order: Vec<usize> = (0..prices.len()).filter(|cell| withheld[*cell] && !start[*cell]).collect();
    order.sort_by(|one, other| prices[*other].total_cmp(&prices[*one]).then(one.cmp(other)));
    for cell in order {
        withheld[cell] = false;
        let mut chooser = Chooser::new(system, sheet, (&printed, withheld.clone()), policy);
        let mut targets = targets(system, &withheld, policy, false).into_iter().rev();
        if !targets.all(|target| chooser.is_safe(target) || chooser.protect(target, LIMITS[0])) {
            withheld[cell] = true;
        }
    }
    withheld
}

/// How much more a margin weighs than its parts.
const MARGIN: u64 = 4;

/// The information lost with a cell; margins are used in more sentences and charts than their parts. A public one cannot be
/// withheld.
fn price(cell: &SystemCell, system: &System, policy: &Policy) -> f64 {
    let whole = |(dimension, code): &(&Dimension, &u16)| dimension.is_whole(**code);
    let margins = system.dimensions.iter().zip(&cell.codes).filter(whole).count();
    #[allow(clippy::cast_precision_loss, reason = "it only guides")]
    match policy.weights {
        _ if cell.public => f64::INFINITY,
        Weights::Cells => 1.0,
        Weights::Counts => (0..margins).fold((1 + cell.units.unsigned_abs()) as f64, |price, _| price * MARGIN as f64),
    }
}

/// Every number that needs protection from the start, or only the cells among them. Targets are taken from the end.
fn targets(system: &System, withheld: &[bool], policy: &Policy, all: bool) -> Vec<Target> {
    let mut targets: Vec<(i64, Target)> = Vec::new();
    let small = system.atoms.iter().filter(|(_, units)| all && (1..policy.threshold_units()).contains(units));
    targets.extend(small.map(|(atom, units)| (*units, Target::Atom(*atom))));
    targets.extend(system.doubtful.iter().map(|atom| (0, Target::Atom(*atom))));
    let cells = system.cells.iter().enumerate().filter(|(number, _)| withheld[*number]);
    targets.extend(cells.map(|(number, cell)| (cell.units, Target::Cell(number))));
    targets.sort_unstable();
    targets.into_iter().map(|(_, target)| target).collect()
}

/// How far groups and cells differ between the tables found.
#[derive(Default)]
struct Widths {
    atoms: BTreeMap<Atom, i64>,
    cells: BTreeMap<usize, i64>,
}

struct Chooser<'s> {
    system: &'s System,
    sheet: &'s Sheet,
    threshold: i64,
    /// What each cell costs, infinity where it must be printed.
    prices: &'s [f64],
    waiting: Vec<Target>,
    withheld: Vec<bool>,
    witnesses: Vec<Witness>,
    widths: Widths,
    /// Whether nothing more may be withheld.
    only_free: bool,
    /// Numbers for which no room was found.
    open: Vec<Target>,
}

impl<'s> Chooser<'s> {
    fn new(system: &'s System, sheet: &'s Sheet, (prices, withheld): (&'s [f64], Vec<bool>), policy: &Policy) -> Self {
        Self {
            system,
            sheet,
            threshold: policy.threshold_units(),
            prices,
            waiting: Vec::new(),
            withheld,
            witnesses: Vec::new(),
            widths: Widths::default(),
            only_free: false,
            open: Vec::new(),
        }
    }

    fn protect_all(&mut self) {
        let size = self.system.cells.len();
        let limits = [LIMITS, LARGE_LIMITS, HUGE_LIMITS][usize::from(size > LARGE) + usize::from(size > HUGE)];
        for limits in limits {
            let mut put_off = Vec::new();
            while let Some(target) = self.waiting.pop() {
                if !self.is_safe(target) && !self.protect(target, limits) {
                    put_off.push(target);
                }
            }
            put_off.reverse();
            self.waiting = put_off;
        }
        while let Some(target) = self.waiting.pop() {
            if !self.is_safe(target) && !self.withhold_all(target) {
                self.open.push(target);
            }
        }
    }

    fn cells_of_open(&self) -> Vec<usize> {
        let groups = self.open.iter().flat_map(|target| self.groups(*target));
        let cells = groups.flat_map(|group| self.sheet.cells(group as usize)).map(|cell| *cell as usize);
        cells.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn is_safe(&self, target: Target) -> bool {
        let width = match target {
            Target::Atom(atom) => self.widths.atoms.get(&atom),
            Target::Cell(cell) => self.widths.cells.get(&cell),
        };
        width.is_some_and(|width| *width >= self.needed(target))
    }

    /// Withholds what two tables change that differ at a number as required, as far as such tables are found: among few groups
    /// first, then among more, until they cost nothing.
    fn protect(&mut self, target: Target, limits: &[Limit]) -> bool {
        let (prices, groups) = (self.current(), self.groups(target));
        let mut best: Option<(f64, Tables)> = None;
        for limit in limits {
            let Some(found) = tables(self.sheet, &prices, &groups, self.needed(target), *limit) else { continue };
            let cost = found.cost(&prices);
            if best.as_ref().is_none_or(|(least, _)| cost < *least) && !(self.only_free && cost > 0.0) {
                best = Some((cost, found));
            }
            if cost == 0.0 {
                break;
            }
        }
        best.inspect(|(_, tables)| self.take(tables)).is_some()
    }

    /// Withholds every cell that counts one of the groups that make a number, if none of them must be printed.
    fn withhold_all(&mut self, target: Target) -> bool {
        if self.only_free {
            return false;
        }
        let (prices, groups) = (self.current(), self.groups(target));
        let cost =
            |group: &u32| -> f64 { self.sheet.cells(*group as usize).iter().map(|cell| prices[*cell as usize]).sum() };
        let cheapest = groups.iter().map(|group| (cost(group), group)).min_by(|one, other| one.0.total_cmp(&other.0));
        let Some((_, group)) = cheapest else { return false };
        let changes = [BTreeMap::from([(*group, self.needed(target))]), BTreeMap::new()];
        let tables = Tables::of(self.sheet, &prices, &groups, changes, self.needed(target));
        tables.inspect(|tables| self.take(tables)).is_some()
    }

    /// What each cell costs now.
    fn current(&self) -> Vec<f64> {
        self.prices.iter().zip(&self.withheld).map(|(price, withheld)| if *withheld { 0.0 } else { *price }).collect()
    }

    /// The groups that make a number.
    fn groups(&self, target: Target) -> Vec<u32> {
        match target {
            Target::Atom(atom) => {
                self.sheet.atoms.binary_search(&atom).ok().and_then(|at| u32::try_from(at).ok()).into_iter().collect()
            }
            Target::Cell(cell) => self.sheet.groups(cell).to_vec(),
        }
    }

    /// How wide the interval of a number must be: for a large cell it is enough that it does not follow exactly.
    fn needed(&self, target: Target) -> i64 {
        match target {
            Target::Cell(cell) if self.is_large(cell) => 1,
            _ => self.threshold,
        }
    }

    fn is_large(&self, cell: usize) -> bool {
        let cell = &self.system.cells[cell];
        cell.units >= self.threshold && !cell.doubtful
    }

    /// Withholds what tables change, and notes what they protect.
    fn take(&mut self, tables: &Tables) {
        let fresh: Vec<usize> = tables.changed().into_iter().filter(|cell| !self.withheld[*cell]).collect();
        for cell in &fresh {
            self.withheld[*cell] = true;
            // Tables that change a large cell already prove that it does not follow.
            if !self.is_large(*cell) {
                self.waiting.push(Target::Cell(*cell));
            }
        }
        let (both, [high, low]) = (tables.witness(self.sheet), &tables.cells);
        self.note(&both, high, low);
        if !fresh.is_empty() {
            let truth = Changes::new();
            self.note(&Witness { low: BTreeMap::new(), high: both.high }, high, &truth);
            self.note(&Witness { low: both.low, high: BTreeMap::new() }, &truth, low);
        }
    }

    /// Keeps a witness if anything is wider in it than in those before.
    fn note(&mut self, witness: &Witness, high: &Changes, low: &Changes) {
        let mut wider = false;
        let mut see = |known: &mut i64, between: i64| {
            wider |= between.abs() > *known;
            *known = between.abs().max(*known);
        };
        for cell in high.keys().chain(low.keys()) {
            let between = high.get(cell).unwrap_or(&0) - low.get(cell).unwrap_or(&0);
            see(self.widths.cells.entry(*cell as usize).or_default(), between);
        }
        for atom in witness.high.keys().chain(witness.low.keys()) {
            let between = witness.high.get(atom).unwrap_or(&0) - witness.low.get(atom).unwrap_or(&0);
            see(self.widths.atoms.entry(*atom).or_default(), between);
        }
        if wider {
            self.witnesses.push(witness.clone());
        }
    }
}
