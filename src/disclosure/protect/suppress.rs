//! Cell suppression: which cells of a system are withheld.
//!
//! Primary suppression is the minimum frequency rule (Hundepool and others, "Statistical Disclosure Control", Wiley 2012,
//! chapter 4), applied to cells and to atoms. Secondary suppression takes one sensitive number after the other, finds the
//! cheapest tables that agree with everything printed and differ there by the required width (`whole`), and withholds
//! what they change (`chooser`). A second round does the same inside the pattern of the first, since a number protected early
//! may have cost what those protected later would have given for nothing; then each number is printed again without which all
//! others still have room. Last, the pattern is proved from the start, as it will be proved again when it has been released;
//! only then are groups protected that no cell counts alone, which rarely costs anything more.

use super::chooser::{Chooser, HUGE, numbers};
use super::pattern::Pattern;
use super::reach::{Number, Reach};
use super::sheet::Sheet;
use super::system::{Dimension, System, SystemCell};
use crate::project::policy::{Policy, Weights};

/// Public numbers already reveal a count below the threshold.
#[derive(Debug)]
pub struct Disclosed {
    /// The cells that cannot be protected.
    pub cells: Vec<usize>,
}

/// How many rounds there are at most, each inside the pattern of the one before.
const ROUNDS: usize = 4;
const HUGE_ROUNDS: usize = 2;
/// The round after one that gains less than this share is left out.
const GAIN: f64 = 0.005;

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
        let (reach, open) = proof(system, &sheet, &withheld, policy);
        let pattern = |reach: Reach| {
            let numbers = numbers(system, &sheet, &withheld, policy, true);
            Pattern { withheld: withheld.clone(), witnesses: reach.witnesses(&sheet, numbers.into_iter()) }
        };
        if open.is_empty() {
            return Ok(pattern(reach));
        }
        let mut more = Chooser::new(system, &sheet, (&prices, withheld.clone()), policy);
        (more.waiting, more.reach) = (open.clone(), reach);
        more.protect_all();
        if !more.open.is_empty() {
            return Err(Disclosed { cells: more.cells_of_open() });
        }
        if more.withheld == withheld {
            // What is found only while it is known what could be printed is not found again when it has been released.
            open.into_iter().for_each(|number| {
                more.withhold_all(number);
            });
        }
        if more.withheld == withheld {
            return Ok(pattern(more.reach));
        }
        withheld = more.withheld;
    }
}

/// The tables that prove a pattern, and the numbers for which none were found. The search takes what is printed as given; where that
/// fails, it is guided by what a change of it would cost, but takes only what changes nothing. So it does not depend on what
/// was chosen why, and finds the same when the pattern has been released.
fn proof(system: &System, sheet: &Sheet, withheld: &[bool], policy: &Policy) -> (Reach, Vec<Number>) {
    let mut waiting = numbers(system, sheet, withheld, policy, true);
    let mut reach = Reach::of(sheet.atoms.len(), system.cells.len());
    let by_count = Policy { weights: Weights::Counts, ..*policy };
    let all_printed = vec![f64::INFINITY; withheld.len()];
    let counts = system.cells.iter().map(|cell| loss(cell, system, &by_count)).collect();
    for prices in [all_printed, vec![1.0; withheld.len()], counts] {
        let mut proof = Chooser::new(system, sheet, (&prices, withheld.to_vec()), policy);
        (proof.waiting, proof.reach, proof.only_free) = (waiting, reach, true);
        proof.protect_all();
        (waiting, reach) = (proof.open, proof.reach);
        waiting.reverse();
    }
    (reach, waiting)
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
    let (mut best, mut inside) = (None::<(Vec<bool>, Reach)>, prices.to_vec());
    for round in 0..if system.cells.len() > HUGE { HUGE_ROUNDS } else { ROUNDS } {
        let mut chooser = Chooser::new(system, sheet, (&inside, start.clone()), policy);
        chooser.waiting = numbers(system, sheet, &start, policy, false);
        // What is chosen first costs most: each round begins at the other end.
        if round % 2 == 1 {
            chooser.waiting.reverse();
        }
        chooser.protect_all();
        if best.as_ref().is_some_and(|(best, _)| !chooser.open.is_empty() || cost(best) <= cost(&chooser.withheld)) {
            break;
        }
        let before = best.map_or(f64::INFINITY, |(best, _)| cost(&best));
        let withheld = chooser.withheld;
        for (price, _) in inside.iter_mut().zip(&withheld).filter(|(_, withheld)| !**withheld) {
            *price = f64::INFINITY;
        }
        let now = cost(&withheld);
        best = Some((withheld, chooser.reach));
        if before - now < GAIN * now {
            break;
        }
    }
    let Some((withheld, reach)) = best else { return start };
    if system.cells.len() > HUGE {
        return withheld;
    }
    // Last, every number is printed, the dearest first, without which all others still have room.
    let mut order: Vec<usize> = (0..prices.len()).filter(|cell| withheld[*cell] && !start[*cell]).collect();
    order.sort_by(|one, other| prices[*other].total_cmp(&prices[*one]).then(one.cmp(other)));
    let printed = vec![f64::INFINITY; prices.len()];
    let mut chooser = Chooser::new(system, sheet, (&printed, withheld), policy);
    chooser.reach = reach;
    order.into_iter().for_each(|cell| chooser.print(cell));
    chooser.withheld
}

/// How much more a margin weighs than its parts.
const MARGIN: u64 = 4;

/// What it costs to withhold a cell. A public one cannot be withheld.
fn price(cell: &SystemCell, system: &System, policy: &Policy) -> f64 {
    if cell.public { f64::INFINITY } else { loss(cell, system, policy) }
}

/// The information lost with a cell; margins are used in more sentences and charts than their parts.
fn loss(cell: &SystemCell, system: &System, policy: &Policy) -> f64 {
    let whole = |(dimension, code): &(&Dimension, &u16)| dimension.is_whole(**code);
    let margins = system.dimensions.iter().zip(&cell.codes).filter(whole).count();
    #[allow(clippy::cast_precision_loss, reason = "it only guides")]
    match policy.weights {
        Weights::Cells => 1.0,
        Weights::Counts => (0..margins).fold((1 + cell.units.unsigned_abs()) as f64, |price, _| price * MARGIN as f64),
    }
}
