//! Which sheets of which files are read, and the rows that the makes take from each.

use std::sync::Arc;

use super::Present;
use super::answer::Rows;
use super::block::{Block, Making};
use super::body::body;
use super::found::{Found, Wrong};
use super::frame::{Frame, frame, names, unread};
use super::labels::{Naming, find};
use super::lookup::Asking;
use super::select::select;
use super::texts::Texts;
use crate::diagnostic::{Code, Diagnostic};
use crate::project::imports::{Delivered, From, Mapping, folded};
use crate::project::schema::Schema;
use crate::tables::ingest::delivered::{DeliveredFile, DeliveredSheet, deliver};

/// What was read of all files.
pub(super) struct Read {
    pub(super) sheets: Vec<Arc<DeliveredSheet>>,
    /// The file of each sheet.
    pub(super) files: Vec<usize>,
    pub(super) blocks: Vec<Block>,
    pub(super) texts: Texts,
}

/// Reads all files of a mapping.
pub(super) fn read(
    mapping: &Mapping,
    present: Vec<Present>,
    schemas: &[Schema],
    countries: &[String],
    found: &mut Found,
) -> Read {
    let own: Vec<String> = match &mapping.country {
        Some(country) => vec![country.clone()],
        None => countries.to_vec(),
    };
    absent(mapping, &own, found);
    let mut read = Read { sheets: Vec::new(), files: Vec::new(), blocks: Vec::new(), texts: Texts::default() };
    let mut hit = vec![false; mapping.skips.len()];
    let (mut framed, mut once) = (false, std::collections::BTreeSet::new());
    for Present { file: number, path, bytes } in present {
        let Some(file) = mapping.files.get(number) else { continue };
        let wanted = |name: &str, _: bool| !is_ignored(file, name);
        let delivered = deliver(&path, bytes, file, mapping.country.as_deref(), &wanted);
        let DeliveredFile { sheets, listed, faults, unreadable } = delivered;
        found.placed.extend(faults);
        let naming = Naming { mapping, file };
        let chosen = choose(file, &listed, found);
        let is_chosen = |name: &String| chosen.contains(name);
        let mut told = !sheets.is_empty() && !unreadable.iter().any(|(name, _)| is_chosen(name));
        told &= listed.is_empty() || !chosen.is_empty();
        found.placed.extend(unreadable.into_iter().filter(|(name, _)| chosen.contains(name)).map(|(_, fault)| fault));
        for sheet in sheets {
            let at = read.sheets.len();
            read.sheets.push(Arc::new(sheet));
            read.files.push(number);
            let Some(sheet) = read.sheets.last().cloned() else { continue };
            let taken = sheet.name.as_ref().is_none_or(|name| chosen.contains(name));
            if taken && !once.insert((path.clone(), sheet.name.clone())) {
                twice(file, found);
                continue;
            }
            if !taken {
                passed_over(naming, at, &sheet, found);
                continue;
            }
            let Some(frame) = shown(naming, at, &sheet, found) else {
                told = false;
                continue;
            };
            framed = true;
            let one = Sheet { naming, schemas, countries: &own };
            told &= one.read(&frame, &mut read.blocks, &mut read.texts, &mut hit, found);
        }
        if told {
            found.told.insert(number);
        }
    }
    idle(mapping, &hit, framed, found);
    read
}

/// What is read of a sheet; nothing of a hidden one.
fn shown<'s>(naming: Naming<'_>, at: usize, sheet: &'s DeliveredSheet, found: &mut Found) -> Option<Frame<'s>> {
    if sheet.hidden && !naming.read().hidden {
        let wrong = Wrong::new(Code::HiddenData, "the sheet is hidden");
        found.error((at, 0, 0), wrong.hint(HIDDEN));
        return None;
    }
    frame(naming, at, sheet, found)
}

/// A sheet that two `[[file]]` read: its cells would count twice.
fn twice(file: &Delivered, found: &mut Found) {
    let message = format!("an earlier [[file]] reads the same sheet of `{}`", file.path.value);
    let fault = Diagnostic::error(Code::InvalidValue, file.path.span.clone(), message);
    found.placed.push(fault.hint("delete one of the two, or give each a `sheet` of its own"));
}

const HIDDEN: &str = "if it is to be read all the same, say so: `hidden = \"read\"`";

/// A constant `into` that the project lacks.
fn absent(mapping: &Mapping, countries: &[String], found: &mut Found) {
    for into in mapping.into.iter().chain(mapping.makes.iter().filter_map(|make| make.into.as_ref())) {
        if let From::Constant(code) = into
            && !countries.contains(&code.value)
            && !into.is_open()
        {
            let message = format!("there is no country `{}` that this mapping can feed", code.value);
            found.placed.push(Diagnostic::error(Code::UnknownName, code.span.clone(), message));
        }
    }
}

fn is_ignored(file: &Delivered, name: &str) -> bool {
    let name = folded(name);
    let literal = file.read.sheet.as_ref().is_some_and(|sheet| sheet.value.is_literal() && sheet.value.text == name);
    !literal && file.read.ignore_sheets.iter().any(|ignored| ignored.fits(&name))
}

/// The names of the sheets that are read.
fn choose(file: &Delivered, listed: &[(String, bool)], found: &mut Found) -> Vec<String> {
    if listed.is_empty() {
        return Vec::new();
    }
    let open = || listed.iter().filter(|(name, _)| !is_ignored(file, name));
    let Some(sheet) = &file.read.sheet else {
        let shown: Vec<&String> =
            open().filter(|(_, hidden)| !hidden || file.read.hidden).map(|(name, _)| name).collect();
        if let [only] = shown.as_slice() {
            return vec![(*only).clone()];
        }
        let message = format!("`{}` has {} sheets, and none is named", file.path.value, shown.len());
        let fault = Diagnostic::error(Code::MissingSheet, file.path.span.clone(), message);
        found.placed.push(fault.hint("name the one that is read: `sheet = \"…\"`"));
        return Vec::new();
    };
    let chosen: Vec<String> =
        open().map(|(name, _)| name.clone()).filter(|name| sheet.value.fits(&folded(name))).collect();
    if chosen.is_empty() {
        let names: Vec<String> =
            listed.iter().filter(|(_, hidden)| !hidden).map(|(name, _)| format!("`{name}`")).collect();
        let message = format!("`{}` has no sheet `{}`", file.path.value, sheet.value.text);
        let fault = Diagnostic::error(Code::MissingSheet, sheet.span.clone(), message);
        let hint =
            if file.confidential { "correct `sheet`".to_owned() } else { format!("there are: {}", names.join(", ")) };
        found.placed.push(fault.hint(hint));
    }
    chosen
}

/// Warns of a sheet with every label that is neither read nor ignored.
fn passed_over(naming: Naming<'_>, at: usize, sheet: &DeliveredSheet, found: &mut Found) {
    let names = names(naming);
    let literal = naming.read().sheet.as_ref().is_none_or(|sheet| sheet.value.is_literal());
    let path = &naming.file.path.value;
    let others = naming.mapping.files.iter().filter(|file| file.path.value == *path);
    let by_other = sheet.name.as_deref().is_some_and(|name| {
        others.clone().any(|file| file.read.sheet.as_ref().is_some_and(|sheet| sheet.value.fits(&folded(name))))
    });
    if by_other
        || sheet.hidden
        || names.is_empty()
        || literal && found.placed.iter().any(|fault| fault.code == Code::MissingSheet)
    {
        return;
    }
    if find(naming, sheet, &names, 0).is_ok() {
        let name = sheet.name.as_deref().unwrap_or_default();
        let message =
            format!("the sheet `{name}` holds every label that the mapping reads, and is neither read nor ignored");
        let wrong = Wrong::new(Code::UnreadSheet, message);
        found.warning((at, 0, 0), wrong.hint("read it by `sheet`, or add it to `ignore_sheets`"));
    }
}

/// Warns of rules by which no row is left.
pub(super) fn idle(mapping: &Mapping, hit: &[bool], framed: bool, found: &mut Found) {
    for (skip, _) in mapping.skips.iter().zip(hit).filter(|(_, hit)| framed && !**hit) {
        let fault = Diagnostic::warning(Code::IdleSkip, skip.span.clone(), "no row of any file is left by this");
        found.placed.push(fault.hint("delete it, or correct its `where`"));
    }
}

/// What one sheet is read with.
struct Sheet<'m> {
    naming: Naming<'m>,
    schemas: &'m [Schema],
    countries: &'m [String],
}

impl Sheet<'_> {
    /// Whether its rows are known, sound or not.
    fn read(
        &self,
        frame: &Frame<'_>,
        blocks: &mut Vec<Block>,
        texts: &mut Texts,
        hit: &mut [bool],
        found: &mut Found,
    ) -> bool {
        let mapping = self.naming.mapping;
        let Some(body) = body(self.naming, frame, found) else { return false };
        unread(self.naming, frame, &body.rows, found);
        hidden(self.naming, frame, &body.rows, found);
        surplus(frame, &body.rows, found);
        let rows = Rows { frame, body: &body };
        let selected = select(mapping, rows, found);
        hit.iter_mut().zip(&selected.hit).for_each(|(hit, own)| *hit |= *own);
        for (number, make) in mapping.makes.iter().enumerate() {
            let Some(schema) = self.schemas.iter().find(|schema| schema.name == make.table) else { continue };
            let (confidential, undecoded) = (self.naming.file.confidential, frame.sheet.undecoded);
            let asking = Asking { mapping, confidential, undecoded };
            let (countries, source) = (self.countries, &self.naming.file.source);
            let (source, source_line) = (source.value.as_str(), source.span.clone());
            let making = Making { asking, mapping, make, number, schema, countries, source, source_line };
            let taken = selected.makes.get(number).map_or(&[][..], Vec::as_slice);
            blocks.extend(making.blocks(rows, taken, texts, found));
        }
        true
    }
}

/// Reports hidden rows and columns of the table.
fn hidden(naming: Naming<'_>, frame: &Frame<'_>, rows: &[usize], found: &mut Found) {
    if naming.read().hidden {
        return;
    }
    let sheet = frame.sheet;
    for (first, last) in &sheet.hidden_rows {
        let row = rows.iter().copied().find(|row| (*first..=*last).contains(row));
        if let Some(row) = row {
            let column = (0..sheet.columns.len()).find(|column| !sheet.is_blank(row, *column)).unwrap_or(0);
            let wrong = Wrong::new(Code::HiddenData, "rows of the table are hidden, from this one on");
            found.error((frame.number, row, column), wrong.hint(HIDDEN));
        }
    }
    for (first, last) in &sheet.hidden_columns {
        for column in frame.read.iter().filter(|column| (*first..=*last).contains(&frame.at(**column))) {
            let (row, at) = frame.label_cell(*column);
            let wrong = Wrong::new(Code::HiddenData, "this column is hidden");
            found.error((frame.number, row, at), wrong.hint(HIDDEN));
        }
    }
}

/// Reports first cells with more keys than their label names.
fn surplus(frame: &Frame<'_>, rows: &[usize], found: &mut Found) {
    let due = frame.labels.columns.iter().filter(|column| column.part.is_some()).count();
    let Some(first) = frame.sheet.columns.first().filter(|_| due > 0) else { return };
    let many: Vec<bool> = frame.keys().iter().map(|keys| keys.len() > due).collect();
    for row in rows.iter().filter(|row| many.get(first.code(**row)) == Some(&true)) {
        let wrong = Wrong::new(Code::ExtraCell, format!("the cell holds more keys than its label, which names {due}"));
        found.error((frame.number, *row, 0), wrong);
    }
}
