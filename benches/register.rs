//! A register of cases as a ministry may keep it: seeded, every id once, about 82 bytes a row; and as various programs write it.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Result;

const LABELS: [&str; 9] = ["period", "stage", "purpose", "province", "count", "qualifier", "source", "note", "case_id"];
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

/// Which cells are quoted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Quoted {
    Nothing,
    /// Empty cells, as Polars writes them.
    Empty,
    /// Every cell, as R, SAS and many exporters write them.
    All,
    /// Every cell, and each note holds a doubled quote.
    Doubled,
}

/// How a register is written.
#[derive(Clone, Copy)]
pub struct Form {
    pub name: &'static str,
    pub quoted: Quoted,
    pub delimiter: u8,
    pub line_break: &'static str,
    pub utf16: bool,
    /// How many bytes each note has.
    pub note: usize,
    /// How many columns of codes follow.
    pub more: usize,
}

impl Form {
    pub const PLAIN: Self = Self {
        name: "no quotes",
        quoted: Quoted::Nothing,
        delimiter: b',',
        line_break: "\n",
        utf16: false,
        note: 0,
        more: 0,
    };

    fn row(&self, cells: &[&str], more: usize, line: &mut String) {
        line.clear();
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                line.push(char::from(self.delimiter));
            }
            if matches!(self.quoted, Quoted::All | Quoted::Doubled) || self.quoted == Quoted::Empty && cell.is_empty() {
                line.push('"');
                line.push_str(cell);
                line.push('"');
            } else {
                line.push_str(cell);
            }
        }
        for at in 0..self.more {
            line.push(char::from(self.delimiter));
            line.push_str(PURPOSES[(more + at) % 6]);
        }
        line.push_str(self.line_break);
    }

    fn write(&self, line: &str, file: &mut impl Write) -> Result<()> {
        if self.utf16 {
            let bytes: Vec<u8> = line.encode_utf16().flat_map(u16::to_le_bytes).collect();
            return Ok(file.write_all(&bytes)?);
        }
        Ok(file.write_all(line.as_bytes())?)
    }
}

/// A fault in every so many rows; none for a clean file.
pub type Faulty = Option<usize>;

/// Writes a register of `rows` cases; a stage of every `faulty`th is mistyped, each in its own way.
pub fn write(path: &Path, rows: usize, seed: u64, faulty: Faulty, form: &Form) -> Result<()> {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let (mut dice, mut line) = (Dice(seed), String::new());
    let doubled = if form.quoted == Quoted::Doubled { "seen \"\"twice\"\"" } else { "" };
    let further: Vec<String> = (0..form.more).map(|at| format!("more_{at}")).collect();
    let labels: Vec<&str> = LABELS.into_iter().chain(further.iter().map(String::as_str)).collect();
    Form { more: 0, ..*form }.row(&labels, 0, &mut line);
    form.write(&line, &mut file)?;
    for row in 0..rows {
        let (year, month, day) = (2015 + dice.draw(10), 1 + dice.draw(12), 1 + dice.draw(28));
        let (stage, purpose) = (STAGES[dice.draw(11)], PURPOSES[dice.draw(6)]);
        let province = PROVINCES[dice.draw(18)];
        let slip = if faulty.is_some_and(|every| row % every == 0) { format!("_{row}") } else { String::new() };
        let (period, stage) = (format!("{year}-{month:02}-{day:02}"), format!("{stage}{slip}"));
        let note = if form.note > 0 { format!("{row:0>width$}", width = form.note) } else { doubled.into() };
        let (province, id) = (format!("LA-{province}"), format!("LA-{year}-{row:09}"));
        let cells = [&period, &stage, purpose, &province, "1", "exact", "case_register", &note, &id];
        form.row(&cells, row, &mut line);
        form.write(&line, &mut file)?;
    }
    Ok(file.flush()?)
}
