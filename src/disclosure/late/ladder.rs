//! Which late figures are told: all of one rung, or none.

use super::chance::Chance;
use super::key::Key;
use super::room::Room;
use super::sample::{sampled, start};
use super::search::settle;
use super::year::{ClosedYear, Layer, Rung, Unfit};

/// How often each term of the sums may be looked at in the search for one rung: some hundredths of a second in all.
const EFFORT: u64 = 300;

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
            table.clone_from(&sample);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::late::year::{Figure, Former, Group, Terms};
    use crate::disclosure::late::{Broken, verify};

    const BASE: i64 = 12;
    const THRESHOLD: i64 = 11;

    /// Eight groups, two by two by two, with every sum of them over some of the three.
    fn year(before: &[i64], now: &[i64], told: &[i64], passed: i64) -> ClosedYear {
        let group = |at: usize| Group {
            name: format!("group {at}"),
            closed: 20,
            before: 20 + before[at],
            now: 20 + now[at],
            former: at,
        };
        let cell = |codes: usize| {
            let asked = (0..3).map(|digit| codes / 3_usize.pow(digit) % 3);
            let holds =
                |at: &usize| asked.clone().enumerate().all(|(digit, code)| code == 2 || at >> digit & 1 == code);
            let groups = (0..8).filter(holds).collect();
            Figure { groups, dimensions: asked.clone().filter(|code| *code < 2).count() }
        };
        ClosedYear {
            identity: "XXA/victims/identified/2024".to_owned(),
            terms: Terms::new(THRESHOLD, BASE).expect("above it"),
            groups: (0..8).map(group).collect(),
            former: told.iter().map(|told| Former { told: *told }).collect(),
            figures: (0..27).map(cell).collect(),
            passed,
        }
    }

    /// The layers of releases that find these growths, with this first case of the sample.
    fn released(growths: &[Vec<i64>], start: i64) -> Vec<Layer> {
        let (mut before, mut told, mut passed) = (vec![0; 8], vec![0; 8], 0);
        let lay = |now: &Vec<i64>| {
            let found = year(&before, now, &told, passed);
            let layer = lay_from(&found, start, &Key::new([3; 32])).expect("it fits");
            assert_eq!(verify(&found, &layer), Ok(()));
            (before, passed) = (now.clone(), layer.passed);
            told = layer.z.iter().map(|z| BASE * z).collect();
            layer
        };
        growths.iter().map(lay).collect()
    }

    #[test]
    fn a_register_that_is_its_own_late_table_gives_the_same_figures_with_one_group_larger_by_the_threshold() {
        let (mut chance, mut seen) = (Chance::of(&Key::new([9; 32]), &[]), 0);
        for _ in 0..20 {
            let mut growth = vec![0; 8];
            let truth = [(); 3].map(|()| {
                (0..30).for_each(|_| growth[chance.below(8)] += 1);
                growth.clone()
            });
            let told = released(&truth, 5);
            if told.iter().any(|layer| layer.rung != Rung::All) {
                continue;
            }
            seen += 1;
            // E: each group has grown by what is told of it, at every release.
            let table: Vec<Vec<i64>> = told.iter().map(|layer| layer.z.iter().map(|z| BASE * z).collect()).collect();
            (0..BASE).for_each(|start| assert_eq!(figures(&released(&table, start)), figures(&told)));
            // E with T persons more in a group from some release on: by b − T of b starts of the sample.
            for group in 0..8 {
                let from = chance.below(3);
                let mut more = table.clone();
                more[from..].iter_mut().for_each(|growth| growth[group] += THRESHOLD);
                let same = (0..BASE).filter(|start| figures(&released(&more, *start)) == figures(&told)).count();
                assert_eq!(i64::try_from(same), Ok(BASE - THRESHOLD), "group {group} from release {from} on");
            }
        }
        assert!(seen >= 10, "all was told in {seen} of 20");
    }

    fn figures(layers: &[Layer]) -> Vec<(Rung, Vec<Option<i64>>)> {
        layers.iter().map(|layer| (layer.rung, layer.late.clone())).collect()
    }

    #[test]
    fn a_group_that_divides_keeps_what_was_told_of_it() {
        let first = year(&[0; 8], &[9, 30, 7, 0, 25, 14, 3, 40], &[0; 8], 0);
        let layer = lay_from(&first, 4, &Key::new([3; 32])).expect("it fits");
        // Before, only the first dimension was told apart: the other two divide its two groups.
        let told = [0, 1]
            .map(|half| Former { told: BASE * (0..8).filter(|at| at % 2 == half).map(|at| layer.z[at]).sum::<i64>() });
        let mut later = ClosedYear { former: told.to_vec(), passed: layer.passed, ..first };
        for (at, group) in later.groups.iter_mut().enumerate() {
            (group.former, group.before, group.now) = (at % 2, group.now, group.now + 2 * i64::from(at % 2 == 1));
        }
        let again = lay_from(&later, 4, &Key::new([3; 32])).expect("it fits");
        assert_eq!((verify(&later, &again), again.rung), (Ok(()), Rung::All));
        let half = |half: usize| BASE * (0..8).filter(|at| at % 2 == half).map(|at| again.z[at]).sum::<i64>();
        assert_eq!(half(0), told[0].told, "nothing came into it");
        assert!(half(1) >= told[1].told);
    }

    #[test]
    fn every_broken_promise_is_seen() {
        let found = year(&[0; 8], &[9, 30, 7, 0, 25, 14, 3, 40], &[0, 12, 0, 0, 0, 0, 0, 0], 0);
        let found = ClosedYear {
            groups: found.groups.into_iter().map(|group| Group { before: 20, ..group }).collect(),
            ..found
        };
        let whole = lay_from(&found, 4, &Key::new([3; 32])).expect("it fits");
        assert_eq!((verify(&found, &whole), whole.rung), (Ok(()), Rung::All));
        let broken = |edit: &dyn Fn(&mut Layer)| {
            let mut layer = whole.clone();
            edit(&mut layer);
            verify(&found, &layer)
        };
        // The last figure is the total.
        assert_eq!(broken(&|layer| layer.z.truncate(7)), Err(Broken::Shape));
        assert_eq!(broken(&|layer| layer.z[0] = -1), Err(Broken::Negative { group: 0 }));
        assert_eq!(broken(&|layer| layer.z[1] = 0), Err(Broken::Changed { former: 1 }));
        assert_eq!(broken(&|layer| layer.z[3] += 1), Err(Broken::Changed { former: 3 }));
        assert_eq!(broken(&|layer| layer.late[26] = None), Err(Broken::Rung { figure: 26 }));
        assert_eq!(broken(&|layer| layer.rung = Rung::Two), Err(Broken::Rung { figure: 0 }));
        assert_eq!(broken(&|layer| layer.late[26] = layer.late[26].map(|r| r + BASE)), Err(Broken::Sum { figure: 26 }));
        let moved = broken(&|layer| {
            layer.z[7] += 2;
            let z = layer.z.clone();
            let sums =
                found.figures.iter().map(|figure| Some(BASE * figure.groups.iter().map(|at| z[*at]).sum::<i64>()));
            layer.late = sums.collect();
        });
        assert!(matches!(moved, Err(Broken::Far { .. })), "{moved:?}");
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        let found = year(&[0; 8], &[0; 8], &[0; 8], 0);
        let refused = |edit: &dyn Fn(&mut ClosedYear)| {
            let mut year = found.clone();
            edit(&mut year);
            lay(&year, &Key::new([3; 32])).err()
        };
        assert_eq!(refused(&|_| ()), None);
        assert_eq!(refused(&|year| "group 0".clone_into(&mut year.groups[1].name)), Some(Unfit::Name));
        assert_eq!(refused(&|year| year.groups[1].former = 8), Some(Unfit::Place));
        assert_eq!(refused(&|year| year.former.push(Former { told: 12 })), Some(Unfit::Place));
        assert_eq!(refused(&|year| year.figures[0].groups = vec![1, 1]), Some(Unfit::Place));
        assert_eq!(refused(&|year| year.figures[0].groups = vec![8]), Some(Unfit::Place));
        assert_eq!(refused(&|year| year.groups[1].now = -1), Some(Unfit::Number));
    }
}
