//! Which late figures are told: all of one rung, or none.

use super::chance::Chance;
use super::key::Key;
use super::room::Room;
use super::sample::{sampled, start};
use super::search::settle;
use super::year::{ClosedYear, Layer, Rung, Unfit};

/// How often each term of the sums may be looked at in the search for one rung: some hundredths of a second in all.
const EFFORT: u64 = 1_000;

/// The late layer of a release.
///
/// The cases that came are sampled. If a figure is out of bounds, cases of the sample are exchanged for others that came since
/// the last release, until every figure of the highest rung possible is in bounds.
///
/// # Errors
/// When the caller's places, names or numbers do not fit together.
pub fn lay(year: &ClosedYear, key: &Key) -> Result<Layer, Unfit> {
    lay_from(year, start(key, &year.identity, year.terms.base()), key)
}

/// The same, with the first case of the sample given.
pub(super) fn lay_from(year: &ClosedYear, start: i64, key: &Key) -> Result<Layer, Unfit> {
    let room = Room::of(year)?;
    let sample = sampled(&room, start, key);
    let mut chance = Chance::of(key, &[b"repair", year.identity.as_bytes()]);
    let mut table = sample.clone();
    let mut told = Rung::Nothing;
    for rung in Rung::DOWN {
        let rows = room.rows(rung);
        // Figures that cannot be in bounds, whatever is exchanged, stand in nobody's way: the others stay near theirs, so
        // that the rung can be told again later.
        let (within, beyond): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.reachable(&room.ranges));
        if settle(&within, &room.ranges, &mut table, &mut chance, EFFORT) && beyond.is_empty() {
            told = rung;
            break;
        }
        if rung == Rung::Nothing {
            table = sample.clone();
        }
    }
    let z = room.as_given(&table);
    let late = year.figures.iter().map(|figure| {
        let cases = || year.terms.base() * figure.groups.iter().map(|group| z[*group]).sum::<i64>();
        told.tells(figure.dimensions).then(cases)
    });
    let late = late.collect();
    let passed = year.passed + year.groups.iter().map(super::year::Group::came).sum::<i64>();
    Ok(Layer { z, rung: told, late, passed })
}
