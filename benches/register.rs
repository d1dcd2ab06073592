//! A register of cases as a ministry may keep it: seeded, every id once, about 82 bytes a row.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Result;

const LABELS: &str = "period,stage,purpose,province,count,qualifier,source,note,case_id";
const STAGES: [&str; 11] = [
    "reported",
    "investigated",
    "under_investigation",
    "sent_to_prosecutor",
    "prosecuted",
    "under_prosecution",
    "sent_to_court",
    "decided",
    "convicted",
    "acquitted",
    "closed",
];
const PURPOSES: [&str; 6] =
    ["sexual_exploitation", "forced_labour", "forced_marriage", "forced_begging", "servitude", "unknown"];
const PROVINCES: [&str; 18] =
    ["AT", "BK", "BL", "CH", "HO", "KH", "LM", "LP", "OU", "PH", "SL", "SV", "VI", "VT", "XA", "XE", "XI", "XS"];

/// What a row's numbers are drawn from (xorshift64*, Vigna 2016): the same rows for the same seed, on every machine.
struct Dice(u64);

impl Dice {
    fn draw(&mut self, sides: u64) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % sides).unwrap_or(0)
    }
}

/// A fault in every so many rows; none for a clean file.
pub type Faulty = Option<usize>;

/// Writes a register of `rows` cases; a stage of every `faulty`th is mistyped, each in its own way.
pub fn write(path: &Path, rows: usize, seed: u64, faulty: Faulty) -> Result<()> {
    let mut file = BufWriter::with_capacity(1 << 20, std::fs::File::create(path)?);
    let mut dice = Dice(seed);
    writeln!(file, "{LABELS}")?;
    for row in 0..rows {
        let (year, month, day) = (2015 + dice.draw(10), 1 + dice.draw(12), 1 + dice.draw(28));
        let (stage, purpose) = (STAGES[dice.draw(11)], PURPOSES[dice.draw(6)]);
        let province = PROVINCES[dice.draw(18)];
        let slip = if faulty.is_some_and(|every| row % every == 0) { format!("_{row}") } else { String::new() };
        writeln!(
            file,
            "{year}-{month:02}-{day:02},{stage}{slip},{purpose},LA-{province},1,exact,case_register,,LA-{year}-{row:09}"
        )?;
    }
    Ok(file.flush()?)
}
