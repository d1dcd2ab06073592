//! Files with known faults at known cells, in every dialect that people have: what is found is compared in code, line and
//! column, and nothing else may be an error.
//!
//! A table is made sound first; then faults are put into cells and rows of it. `dialect` writes it.

use std::collections::BTreeSet;
use std::fs;

use tipbrief::diagnostic::{Diagnostics, Severity};

use crate::dialect::{Dialect, Found, encode, write};
use crate::dice::{Dice, long};
use crate::project::Project;

const COUNTRY: &str = "data/countries/XXA";
/// Stands for a byte that is not UTF-8.
pub const BROKEN: char = '\u{e000}';
/// Notes as people write them; in some dialects they hold breaks, too.
const NOTES: [&str; 10] = [
    "",
    "Invented.",
    "ລາວ ປະເທດ",
    "Größe, ungefähr",
    "the \"23\" of them",
    "\"\"",
    "a;b|c\td",
    "e\u{301}té 😀",
    "  ",
    "one\ntwo\r\nthree",
];

/// A cell, and whether it is written in quotes though it need not be; or exactly as it stands, however wrong.
#[derive(Clone)]
pub struct Cell {
    pub text: String,
    pub quoted: bool,
    pub raw: bool,
}

#[derive(Clone)]
pub struct Row {
    pub cells: Vec<Cell>,
    /// Holds a fault already, or must stay as it is.
    pub taken: bool,
}

/// A fault: its code, its row (0 for the labels) and its column, none for the whole row.
pub type Known = (&'static str, usize, Option<usize>);

pub struct Table {
    name: &'static str,
    pub labels: Vec<&'static str>,
    /// Columns at the end without label and cells.
    pub trailing: usize,
    pub rows: Vec<Row>,
    pub known: Vec<Known>,
}

pub fn cell(dice: &mut Dice, text: &str) -> Cell {
    Cell { text: text.to_owned(), quoted: dice.once_in(5), raw: false }
}

/// A sound cell under a label; no two rows share a year.
fn sound(dice: &mut Dice, label: &str, year: usize) -> String {
    let years =
        [format!("{year}"), format!("{year}-0{}", 1 + dice.below(9)), format!("{year}-10-05"), format!("{year}~")];
    let of: &[&str] = match label {
        "period" => return dice.one(&years).clone(),
        "count" => {
            return [dice.below(5000).to_string(), "..".into(), "n/a".into(), "x".into(), "<5".into()]
                [dice.below(9).min(4)]
            .clone();
        }
        "note" => &NOTES,
        "stage" => &["suspected", "arrested", "charged", "convicted"],
        "status" => &["identified", "rescued", "assisted"],
        "sex" => &["total", "female", "male", "unknown"],
        "age_group" => &["total", "0-17", "18+", "unknown"],
        "nationality" => &["total", "national", "foreign", "THA"],
        "found_in" => &["total", "XXA", "THA"],
        "province" => &["total", "LA-VT", "unknown"],
        "purpose" => &["total", "forced_labour", "sexual_exploitation"],
        "qualifier" => &["", "exact", "approximate", "at_least"],
        "source" => &["police_2024", "yearbook_2023"],
        other => panic!("no cells are known for {other}"),
    };
    (*dice.one(of)).to_owned()
}

/// A wrong cell under a label, with the code of its fault.
fn wrong(dice: &mut Dice, label: &str) -> Option<(&'static str, &'static str)> {
    let of: &[(&str, &str)] = match label {
        "period" => &[
            ("2021-13", "period-error"),
            ("45210", "period-error"),
            ("05/10/2007", "period-error"),
            ("", "constraint-error"),
        ],
        "count" => &[
            ("thirty", "type-error"),
            ("1,234", "type-error"),
            ("12.5", "type-error"),
            ("-3", "constraint-error"),
            ("", "constraint-error"),
        ],
        "stage" => &[("arested", "constraint-error"), ("arrested ", "constraint-error"), ("", "constraint-error")],
        "status" => &[("identifyed", "constraint-error"), ("rescued\u{a0}", "constraint-error")],
        "sex" => &[
            ("f\u{435}male", "constraint-error"),
            (" male", "constraint-error"),
            ("Female", "constraint-error"),
            ("", "constraint-error"),
        ],
        "age_group" => &[("0\u{2013}17", "constraint-error"), ("Under 18", "constraint-error")],
        "nationality" => &[("Laos", "constraint-error"), ("\u{ff38}\u{ff38}\u{ff21}", "constraint-error")],
        "province" => &[("Vientiane", "constraint-error")],
        "purpose" => &[("forced labour", "constraint-error"), ("labour, forced", "constraint-error")],
        "qualifier" => &[("atleast", "constraint-error"), ("at\nleast", "constraint-error")],
        "source" => {
            &[("ministry", "foreign-key"), ("police_2024 ", "foreign-key"), ("p\u{43e}lice_2024", "foreign-key")]
        }
        _ => return None,
    };
    Some(*dice.one(of))
}

impl Table {
    fn sound(dice: &mut Dice, name: &'static str) -> Self {
        let (measure, may): (_, &[&str]) = match name {
            "arrests" => ("stage", &["purpose", "sex", "age_group", "nationality", "province", "qualifier", "note"]),
            _ => {
                ("status", &["sex", "age_group", "purpose", "nationality", "found_in", "province", "qualifier", "note"])
            }
        };
        let mut labels = vec!["period", measure, "count", "source"];
        labels.extend(may.iter().filter(|_| !dice.once_in(3)));
        for at in (1..labels.len()).rev() {
            labels.swap(at, dice.below(at + 1));
        }
        let trailing = if dice.once_in(4) { 1 + dice.below(3) } else { 0 };
        let mut table = Self { name, labels, trailing, rows: Vec::new(), known: Vec::new() };
        for row in 0..=dice.below(25) {
            let texts: Vec<String> = table.labels.iter().map(|label| sound(dice, label, 1960 + row)).collect();
            let mut cells: Vec<Cell> = texts.iter().map(|text| cell(dice, text)).collect();
            cells.extend((0..trailing).map(|_| Cell { text: String::new(), quoted: false, raw: false }));
            table.rows.push(Row { cells, taken: false });
        }
        table
    }

    fn column(&self, label: &str) -> usize {
        self.labels.iter().position(|known| *known == label).expect("the label is there")
    }

    /// A row in which nothing is wrong yet; from now on it is taken.
    fn take(&mut self, dice: &mut Dice) -> Option<usize> {
        let at = dice.below(self.rows.len());
        (!std::mem::replace(&mut self.rows[at].taken, true)).then_some(at)
    }

    fn insert(&mut self, at: usize, row: Row) {
        self.rows.insert(at, row);
        self.known.iter_mut().filter(|(_, row, _)| *row > at).for_each(|(_, row, _)| *row += 1);
    }

    /// Puts one fault somewhere.
    fn spoil(&mut self, dice: &mut Dice) {
        match dice.below(12) {
            0 => self.blank(dice),
            1 => self.shorten(dice),
            2 => self.lengthen(dice),
            3 => self.repeat(dice),
            4 => self.misquote(dice),
            5 => self.break_encoding(dice),
            _ => self.misspell(dice),
        }
    }

    fn misspell(&mut self, dice: &mut Dice) {
        let Some(row) = self.take(dice) else { return };
        for column in 0..self.labels.len() {
            if let Some((text, code)) = wrong(dice, self.labels[column]).filter(|_| dice.once_in(3)) {
                self.rows[row].cells[column] = cell(dice, text);
                self.known.push((code, row + 1, Some(column)));
            }
        }
    }

    fn blank(&mut self, dice: &mut Dice) {
        let at = dice.below(self.rows.len() + 1);
        let width = if dice.once_in(2) { self.labels.len() + self.trailing } else { 0 };
        let empty = || Cell { text: String::new(), quoted: false, raw: false };
        self.insert(at, Row { cells: (0..width).map(|_| empty()).collect(), taken: true });
        self.known.push(("blank-row", at + 1, None));
    }

    /// Takes cells away, but not the period, which keeps the rows apart.
    fn shorten(&mut self, dice: &mut Dice) {
        let period = self.column("period");
        let left = period + 1 + dice.below(self.labels.len() - period);
        if left == self.labels.len() {
            return;
        }
        let Some(row) = self.take(dice) else { return };
        let cells = &self.rows[row].cells;
        // What is left of a row and begins with `total` reads as a row of sums, for people, too.
        if left * 2 < self.labels.len()
            && cells.iter().find(|cell| !cell.text.is_empty()).is_some_and(|cell| cell.text == "total")
        {
            return;
        }
        self.rows[row].cells.truncate(left);
        self.known.push(("missing-cell", row + 1, None));
    }

    fn lengthen(&mut self, dice: &mut Dice) {
        let Some(row) = self.take(dice) else { return };
        for _ in 0..=dice.below(3) {
            let more = cell(dice, "more");
            self.rows[row].cells.push(more);
        }
        self.known.push(("extra-cell", row + 1, Some(self.labels.len() + self.trailing)));
    }

    /// A later row of the same key.
    fn repeat(&mut self, dice: &mut Dice) {
        let Some(row) = self.take(dice) else { return };
        let mut copy = self.rows[row].clone();
        let count = self.column("count");
        copy.cells[count] = cell(dice, "7");
        let at = row + 1 + dice.below(self.rows.len() - row);
        self.insert(at, copy);
        self.known.push(("primary-key", at + 1, None));
    }

    fn misquote(&mut self, dice: &mut Dice) {
        let Some(note) = self.labels.iter().position(|label| *label == "note") else { return };
        let Some(row) = self.take(dice) else { return };
        let text = *dice.one(&["5\" long", "\"two\" words", "\"a\"b\"c\"", "x\"y\"\"z"]);
        self.rows[row].cells[note] = Cell { text: text.to_owned(), quoted: false, raw: true };
        self.known.push(("quote-error", row + 1, Some(note)));
    }

    fn break_encoding(&mut self, dice: &mut Dice) {
        let Some(note) = self.labels.iter().position(|label| *label == "note") else { return };
        let Some(row) = self.take(dice) else { return };
        let text = *dice.one(&["Caf\u{e000}", "\u{e000}", "a\0b", "\u{e000}, ລາວ"]);
        self.rows[row].cells[note] = cell(dice, text);
        self.known.push(("encoding-error", row + 1, Some(note)));
    }

    pub fn broken(&self) -> bool {
        self.rows.iter().flat_map(|row| &row.cells).any(|cell| cell.text.contains(BROKEN))
    }
}

/// The errors that a check finds in one file.
fn errors(project: &Project, path: &str) -> BTreeSet<Found> {
    let mut diagnostics = Diagnostics::default();
    // Which faults there are is what is asked.
    let _ = tipbrief::check(project.root(), &|_| {}, &mut diagnostics);
    let errors = diagnostics.sorted().into_iter().filter(|found| found.severity == Severity::Error);
    errors
        .map(|found| {
            let (line, column) = found.span.position();
            assert_eq!(found.span.path(), path, "no other file is at fault: {}", found.message);
            (found.code.name().to_owned(), line, column)
        })
        .collect()
}

fn declare(project: &Project, dialect: &Dialect) {
    let encoding = if dialect.wide { "encoding = \"utf-16le\"\n" } else { "" };
    let delimiter = dialect.delimiter.escape_default();
    let text = format!("name = \"Examplia\"\n{encoding}[dialect]\ndelimiter = \"{delimiter}\"\n");
    project.write(&format!("{COUNTRY}/country.toml"), &text);
}

#[test]
fn known_faults_are_found_where_they_stand_and_nothing_else_is() {
    let project = Project::minimal();
    fs::remove_dir_all(project.path(&format!("{COUNTRY}/narrative"))).expect("there is prose");
    for table in ["arrests", "victims"] {
        fs::remove_file(project.path(&format!("{COUNTRY}/{table}.csv"))).expect("the table is there");
    }
    let seeds = if long() { 20_000 } else { 600 };
    let mut seen = BTreeSet::new();
    for seed in 0..seeds {
        let mut dice = Dice::of(seed);
        let name = *dice.one(&["arrests", "victims"]);
        let mut table = Table::sound(&mut dice, name);
        (0..dice.below(6)).for_each(|_| table.spoil(&mut dice));
        let dialect = Dialect::of(&mut dice, &table);
        let (text, known) = write(&mut dice, &table, &dialect);
        declare(&project, &dialect);
        let path = format!("{COUNTRY}/{}.csv", table.name);
        fs::write(project.path(&path), encode(&text, &dialect)).expect("the table can be written");
        let found = errors(&project, &path);
        fs::remove_file(project.path(&path)).expect("the table is there");
        assert_eq!(found, known, "seed {seed}, {path}:\n{text}");
        seen.extend(found.into_iter().map(|(code, ..)| code));
    }
    let all = "blank-row constraint-error encoding-error extra-cell foreign-key missing-cell period-error primary-key \
               quote-error type-error";
    assert_eq!(seen.into_iter().collect::<Vec<_>>().join(" "), all, "every kind of fault was tried");
}
