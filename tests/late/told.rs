//! How much of invented registers is told, and how near to the truth.

use tipbrief::disclosure::late::Rung;

use super::invented::{Year, errors, key};
use crate::dice::Dice;

#[test]
fn additions_are_told() {
    for persons in [150, 5_000, 50_000] {
        for percent in [1, 5] {
            let (mut rungs, mut all_errors) = ([0; 5], Vec::new());
            let began = std::time::Instant::now();
            for seed in 1..=10 {
                for year in 0..10 {
                    let mut dice = Dice::of(seed * 1000 + year);
                    let mut of = Year::closed(&mut dice, &format!("{year}"), persons, 2, 15);
                    for _ in 0..3 {
                        of.grow(&mut dice, persons * percent / 100);
                        let (found, layer) = of.release(&key(seed as usize));
                        rungs[layer.rung as usize] += 1;
                        all_errors.extend(errors(&found, &layer));
                    }
                }
            }
            let mean = all_errors.iter().sum::<i64>() as f64 / all_errors.len() as f64;
            println!(
                "{persons} {percent}: {rungs:?} mean {mean:.2} most {:?} {:.2} s",
                all_errors.iter().max(),
                began.elapsed().as_secs_f64()
            );
            let _ = Rung::All;
        }
    }
}
