//! A plausible register of cases, invented: `demo_register PERSONS [SEED [x]]` writes it to stdout as `victims.csv`.
//!
//! Several agencies keep it. Who is met by one and sheltered by another stands in it twice, under one case id and two
//! statuses. With a third argument and a thousand persons or more a last row repeats an id and a status, which `check` must name.

mod cases;
mod seeded;

use std::io::{BufWriter, Write};

fn main() -> std::io::Result<()> {
    let number = |at: usize| std::env::args().nth(at).and_then(|text| text.parse::<u64>().ok());
    let persons = number(1).unwrap_or(2000);
    let mut out = BufWriter::new(std::io::stdout().lock());
    writeln!(out, "{}", cases::LABELS)?;
    let last = cases::write(&mut out, persons, number(2).unwrap_or(1), 2021..2024)?;
    if persons >= 1000 && number(3).is_some() {
        writeln!(out, "{last}")?;
    }
    out.flush()
}
