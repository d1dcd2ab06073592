//! Tables with known faults, written in every dialect that people have. Lines and characters are counted while writing, so
//! that the places are known without the program's help.

use std::collections::BTreeSet;

use crate::dice::Dice;
use crate::positions::{BROKEN, Cell, Row, Table, cell};

/// A finding as it is compared.
pub type Found = (String, usize, usize);

/// How a table is written.
pub struct Dialect {
    pub delimiter: char,
    pub bom: bool,
    breaks: &'static [&'static str],
    last_break: bool,
    pub wide: bool,
}

impl Dialect {
    pub fn of(dice: &mut Dice, table: &Table) -> Self {
        let sets: [&'static [&'static str]; 5] = [&["\n"], &["\r\n"], &["\r"], &["\n", "\r\n"], &["\n", "\r\n", "\r"]];
        let blank_end = table.rows.last().is_some_and(|row| row.cells.is_empty());
        Self {
            delimiter: *dice.one(&[',', ',', ',', ';', '\t', '|']),
            bom: dice.once_in(3),
            breaks: *dice.one(&sets),
            last_break: blank_end || !dice.once_in(3),
            wide: dice.once_in(6) && !table.broken(),
        }
    }
}

/// A text as it is written, with the line and column that come next.
struct Page {
    text: String,
    line: usize,
    column: usize,
}

impl Page {
    fn put(&mut self, text: &str) {
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            self.text.push(c);
            match c {
                '\r' if chars.peek() == Some(&'\n') => {}
                '\n' | '\r' => (self.line, self.column) = (self.line + 1, 1),
                _ => self.column += 1,
            }
        }
    }

    fn cell(&mut self, cell: &Cell, dialect: &Dialect) {
        let text = &cell.text;
        let must = text.contains(['"', '\n', '\r', dialect.delimiter]);
        if !cell.raw && (cell.quoted || must) {
            self.put(&format!("\"{}\"", text.replace('"', "\"\"")));
        } else {
            self.put(text);
        }
    }

    fn end(&mut self, dice: &mut Dice, dialect: &Dialect, blank: bool) {
        let mut end = *dice.one(dialect.breaks);
        // After a lone `\r` a lone `\n` would be the same break.
        if blank && end == "\n" && self.text.ends_with('\r') {
            end = "\r\n";
        }
        // The two bytes of one break are never put one by one.
        self.put(end);
    }
}

/// The file's text, and where each known fault stands in it.
pub fn write(dice: &mut Dice, table: &Table, dialect: &Dialect) -> (String, BTreeSet<Found>) {
    let mut page = Page { text: String::new(), line: 1, column: 1 };
    let mut labels: Vec<Cell> = table.labels.iter().map(|label| cell(dice, label)).collect();
    labels.extend((0..table.trailing).map(|_| Cell { text: String::new(), quoted: false, raw: false }));
    let labels = Row { cells: labels, taken: true };
    let (mut found, rows) = (BTreeSet::new(), table.rows.len());
    for (number, row) in std::iter::once(&labels).chain(&table.rows).enumerate() {
        let here = |column: Option<usize>| {
            table.known.iter().filter(move |(_, row, at)| *row == number && *at == column).map(|(code, ..)| *code)
        };
        found.extend(here(None).map(|code| (code.to_owned(), page.line, page.column)));
        for (column, cell) in row.cells.iter().enumerate() {
            if column > 0 {
                page.put(&dialect.delimiter.to_string());
            }
            found.extend(here(Some(column)).map(|code| (code.to_owned(), page.line, page.column)));
            page.cell(cell, dialect);
        }
        if number < rows || dialect.last_break {
            page.end(dice, dialect, row.cells.is_empty());
        }
    }
    (page.text, found)
}

/// The bytes of a text in its dialect.
pub fn encode(text: &str, dialect: &Dialect) -> Vec<u8> {
    let bom = if dialect.bom || dialect.wide { "\u{feff}" } else { "" };
    let text = format!("{bom}{text}");
    if dialect.wide {
        return text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    }
    let mut bytes = Vec::new();
    for c in text.chars() {
        if c == BROKEN { bytes.push(0xE9) } else { bytes.extend(c.encode_utf8(&mut [0; 4]).as_bytes()) }
    }
    bytes
}
