//! The first look at a file: how it is written, which sheet is meant, and where its labels stand.

use std::sync::Arc;

use super::super::labels::Naming;
use super::Asked;
use super::shape::{self, Shape};
use super::written::{list, string};
use crate::diagnostic::{Bytes, Diagnostics, Source};
use crate::project::imports::{Lying, Mapping, Pattern, folded};
use crate::tables::ingest::delivered::{self, DeliveredFile, DeliveredSheet};

/// A file as a draft sees it.
pub struct Look {
    /// A mapping of this file that makes nothing yet.
    pub(super) mapping: Mapping,
    pub(super) sheet: DeliveredSheet,
    pub(super) shape: Shape,
    /// The keys of `[read]`, each a line.
    pub(super) keys: Vec<String>,
}

/// The separators that people write, the one of CSV first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// The encoding of most tables that are not UTF-8.
const WESTERN: &str = "windows-1252";

impl Look {
    /// Looks at a file.
    ///
    /// # Errors
    /// Why nothing can be drafted.
    pub fn at(asked: &Asked<'_>) -> Result<Self, String> {
        let mut keys = Vec::new();
        let is_text = !delivered::is_workbook(asked.path);
        if is_text {
            keys.extend(written(asked.path, &asked.bytes));
        }
        let file = read(asked, &keys)?;
        let several = file.listed.iter().filter(|(_, hidden)| !hidden).count() > 1;
        if asked.confidential && several && asked.sheet.is_none() {
            return Err("the workbook has several sheets; name the one that is read by `--sheet`".to_owned());
        }
        let wanted = |sheet: &DeliveredSheet| match (asked.sheet, &sheet.name) {
            (Some(asked), Some(name)) => Pattern::read(asked).fits(&folded(name)),
            _ => !sheet.hidden,
        };
        let shape_of = |sheet: &DeliveredSheet| {
            if asked.confidential { shape::labels_alone(sheet) } else { shape::shape(sheet) }
        };
        let mut unread = Vec::new();
        let mut chosen: Option<(DeliveredSheet, Shape)> = None;
        for sheet in file.sheets {
            match (&chosen, wanted(&sheet)) {
                (None, true) => match shape_of(&sheet) {
                    Some(shape) => chosen = Some((sheet, shape)),
                    None => unread.push(sheet),
                },
                _ => unread.push(sheet),
            }
        }
        let Some((sheet, shape)) = chosen else {
            return Err("no row reads like labels: two texts or more, with rows of the same columns below".to_owned());
        };
        keys.extend(sheets(asked, &sheet, &shape, &unread, several));
        keys.extend((shape.header > 1).then(|| format!("header = {}", shape.header)));
        let first = sheet.text(shape.labels, 0);
        keys.extend(first.contains('\\').then(|| separator(first)).flatten());
        let mapping = stub(asked, &keys);
        Ok(Self { mapping, sheet, shape, keys })
    }

    /// How its labels are read.
    pub(super) fn naming(&self) -> Option<Naming<'_>> {
        Some(Naming { mapping: &self.mapping, file: self.mapping.files.first()? })
    }
}

/// What separates the keys in the first column: what stands between its labels.
fn separator(label: &str) -> Option<String> {
    let keys = label.split('\\').next()?;
    let mark = keys.chars().find(|c| !c.is_alphanumeric() && !matches!(c, '_' | ' ' | '-'))?;
    Some(format!("split = {}", string(&mark.to_string())))
}

/// The lines that say how a text is written, where that is not as usual.
fn written(path: &str, bytes: &[u8]) -> Vec<String> {
    let mut lines = Vec::new();
    let marked = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    if !marked && std::str::from_utf8(bytes).is_err() {
        lines.push(format!("encoding = {} # a guess: it is not UTF-8", string(WESTERN)));
    }
    let usual = if path.to_ascii_lowercase().ends_with(".tsv") { b'\t' } else { b',' };
    const HEAD: usize = 1 << 16;
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    let rows: Vec<&[u8]> = head.split(|byte| *byte == b'\n').filter(|row| row.len() > 1).take(50).collect();
    // The separator stands in the most rows, and of two, as often in each.
    let stands = |mark: u8| {
        let counts: Vec<usize> = rows.iter().map(|row| row.iter().filter(|byte| **byte == mark).count()).collect();
        let with = counts.iter().filter(|count| **count > 0).count();
        let most = counts.iter().max().copied().unwrap_or(0);
        let even = counts.iter().filter(|count| **count == most).count();
        (with + even, most)
    };
    let even = |mark: u8| stands(mark).0 == rows.len() * 2 && stands(mark).1 > 0;
    let best = SEPARATORS.into_iter().filter(|_| !even(usual)).max_by_key(|mark| (stands(*mark), *mark == usual));
    if let Some(mark) = best.filter(|mark| *mark != usual && stands(*mark).1 > 0) {
        lines.push(format!("delimiter = {}", string(&char::from(mark).to_string())));
    }
    lines
}

/// The mapping of a file that makes nothing yet.
fn stub(asked: &Asked<'_>, keys: &[String]) -> Mapping {
    let text = format!("source = \"x\"\n[[file]]\npath = {}\n[read]\n{}\n", string(asked.path), keys.join("\n"));
    let source = Arc::new(Source::new("draft.toml", text.into_bytes()));
    let country = asked.country.map(str::to_owned).or_else(|| asked.confidential.then(|| "XXA".to_owned()));
    let lying = Lying { id: "draft".to_owned(), folder: String::new(), country };
    Mapping::parse(lying, &source, asked.schemas, &mut Diagnostics::default())
}

fn read(asked: &Asked<'_>, keys: &[String]) -> Result<DeliveredFile, String> {
    let mapping = stub(asked, keys);
    let file = mapping.files.first().ok_or("it is no path that a mapping can name")?;
    if !file.is_plain(mapping.country.is_some()) {
        return Err("it is no path that a mapping can name".to_owned());
    }
    let wanted = |name: &str, _: bool| asked.sheet.is_none_or(|asked| Pattern::read(asked).fits(&folded(name)));
    let bytes = Bytes::clone(&asked.bytes);
    let read = delivered::deliver(asked.path, bytes, file, asked.country, &wanted);
    if !read.sheets.is_empty() {
        return Ok(read);
    }
    let faults = read.faults.iter().chain(read.unreadable.iter().map(|(_, fault)| fault));
    let fault = faults.filter(|_| !asked.confidential).map(|fault| fault.message.to_string()).next();
    Err(fault.unwrap_or_else(|| match asked.sheet {
        Some(sheet) => format!("it has no sheet `{sheet}` that can be read"),
        None => "it cannot be read".to_owned(),
    }))
}

/// The keys that say which sheets are read and which are not.
fn sheets(
    asked: &Asked<'_>,
    sheet: &DeliveredSheet,
    shape: &Shape,
    others: &[DeliveredSheet],
    several: bool,
) -> Vec<String> {
    let Some(name) = sheet.name.as_deref().filter(|_| several || asked.sheet.is_some()) else { return Vec::new() };
    if let Some(asked) = asked.sheet {
        return vec![format!("sheet = {}", string(asked))];
    }
    let labels = |sheet: &DeliveredSheet, row: usize| -> Vec<String> {
        (0..sheet.columns.len()).map(|column| sheet.text(row, column).to_owned()).collect()
    };
    let own = labels(sheet, shape.labels);
    let alike: Vec<&str> = others
        .iter()
        .filter(|other| !other.hidden && labels(other, shape.labels) == own)
        .filter_map(|other| other.name.as_deref())
        .collect();
    let common = alike.iter().try_fold(name.to_owned(), |pattern, other| together(&pattern, other));
    match common {
        Some(pattern) => vec![format!("sheet = {}", string(&pattern))],
        None => {
            let alike: Vec<String> = alike.iter().map(|name| (*name).to_owned()).collect();
            vec![format!("sheet = {}", string(name)), format!("ignore_sheets = {}", list(&alike))]
        }
    }
}

/// The pattern of two names that differ in digits only.
fn together(one: &str, other: &str) -> Option<String> {
    if one.chars().count() != other.chars().count() {
        return None;
    }
    let letter = |(one, other): (char, char)| match (one == other, other.is_ascii_digit()) {
        (true, _) => Some(one),
        (false, true) if one.is_ascii_digit() || one == '?' => Some('?'),
        _ => None,
    };
    one.chars().zip(other.chars()).map(letter).collect()
}
