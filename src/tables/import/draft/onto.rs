//! What a mapping lacks for a further file: the file itself, labels that it does not know, and texts that it has no code for.
//! Only that is written; of a confidential file labels only.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::answer::{Answer, Rows, of_rows, of_taken};
use super::super::body::body;
use super::super::files::sum;
use super::super::found::Found;
use super::super::frame::{Frame, frame, left_over, names};
use super::super::labels::{Labels, Naming, find};
use super::super::lookup::{Asking, For, Outcome};
use super::super::marks::strip;
use super::super::select::select;
use super::super::taken;
use super::Asked;
use super::codes::{Line, code_of, counted, words};
use super::written::{comment, key, list, string};
use crate::diagnostic::{Bytes, Code, Diagnostics, Source, letters};
use crate::project::declaration::nearest;
use crate::project::imports::{At, Delivered, From, Lookup, Lying, Make, Mapping, OPEN, folded};
use crate::project::iso3166;
use crate::project::schema::Field;
use crate::tables::ingest::delivered::{self, DeliveredSheet};

/// Texts with their numbers of rows and what they probably are, by the table that lacks them.
type Lacking = BTreeMap<String, Vec<(String, usize, String)>>;

/// What is to be added.
#[derive(Default)]
struct Added {
    sheet: Option<String>,
    labels: BTreeMap<String, String>,
    ignored: Vec<String>,
    missing: BTreeMap<String, usize>,
    codes: Lacking,
    conditions: BTreeMap<(String, String), usize>,
    remarks: Vec<String>,
}

/// What a mapping lacks for a file, as TOML.
///
/// # Errors
/// Why the file cannot be read.
pub fn onto(asked: &Asked<'_>, mapping: &Mapping) -> Result<String, String> {
    let sum = sum(&asked.bytes);
    let is_own = |file: &&Delivered| {
        file.path.value == asked.path && file.sha256.as_ref().is_none_or(|known| known.value == sum)
    };
    let known = mapping.files.iter().any(|file| is_own(&file));
    let mut added = Added::default();
    let mut head = vec![format!("path = {}", string(asked.path))];
    if !asked.confidential {
        head.push(format!("sha256 = {}", string(&sum)));
    }
    // A label that was renamed, and a sheet, are known once the labels are compared.
    for _ in 0..2 {
        let lines: Vec<String> = head.iter().cloned().chain(added.keys(None)).collect();
        let extended = with_file(mapping, asked, known, &lines);
        let file = if known { extended.files.iter().find(is_own) } else { extended.files.last() };
        let file = file.ok_or("it is no path that a mapping can name")?;
        let (labels, sheet) = (std::mem::take(&mut added.labels), added.sheet.take());
        added = Added { labels, sheet, ..Added::default() };
        added.compare(asked, &extended, file)?;
    }
    Ok(added.written(mapping, &head, known, asked.confidential))
}

/// The mapping with the file.
fn with_file(mapping: &Mapping, asked: &Asked<'_>, known: bool, lines: &[String]) -> Mapping {
    let own = if known { String::new() } else { format!("\n[[file]]\n{}\n", lines.join("\n")) };
    let text = format!("{}{own}", mapping.source.text());
    let source = Arc::new(Source::new("draft.toml", text.into_bytes()));
    let (id, folder, country) = (mapping.id.clone(), mapping.folder.clone(), mapping.country.clone());
    Mapping::parse(Lying { id, folder, country }, &source, asked.schemas, &mut Diagnostics::default())
}

impl Added {
    /// Compares every sheet that is read with what the mapping knows.
    fn compare(&mut self, asked: &Asked<'_>, mapping: &Mapping, file: &Delivered) -> Result<(), String> {
        let bytes = Bytes::clone(&asked.bytes);
        let read = delivered::deliver(asked.path, bytes, file, mapping.country.as_deref(), &|_, _| true);
        if read.sheets.is_empty() {
            let faults = read.faults.iter().filter(|_| !asked.confidential);
            return Err(faults.map(|fault| fault.message.to_string()).next().unwrap_or("it cannot be read".to_owned()));
        }
        let wanted = asked.sheet.map(crate::project::imports::Pattern::read);
        let wanted = wanted.as_ref().or(file.read.sheet.as_ref().map(|sheet| &sheet.value));
        let fits = |sheet: &&DeliveredSheet| match (&sheet.name, wanted) {
            (Some(name), Some(wanted)) => wanted.fits(&folded(name)),
            _ => !sheet.hidden,
        };
        let chosen: Vec<&DeliveredSheet> = read.sheets.iter().filter(fits).collect();
        let naming = Naming { mapping, file };
        if chosen.is_empty() {
            let names = names(naming);
            let visible = || read.sheets.iter().filter(|sheet| !sheet.hidden);
            let sheet = visible().min_by_key(|sheet| best(naming, sheet, &names).1.len());
            self.sheet = sheet.and_then(|sheet| sheet.name.clone()).filter(|_| !asked.confidential);
            self.remarks.push("no sheet has the name that is read".to_owned());
        }
        for sheet in chosen {
            self.sheet_of(asked, naming, sheet);
        }
        Ok(())
    }

    fn sheet_of(&mut self, asked: &Asked<'_>, naming: Naming<'_>, sheet: &DeliveredSheet) {
        let names = names(naming);
        if find(naming, sheet, &names, 0).is_err() {
            self.renamed(naming, sheet, &names);
            return;
        }
        let mut found = Found::default();
        let Some(frame) = frame(naming, 0, sheet, &mut found) else {
            self.remarks.push("its labels do not say which columns are read: see `import --show`".to_owned());
            return;
        };
        let Some(body) = body(naming, &frame, &mut found) else {
            self.remarks.push("the row above which the table ends is not there".to_owned());
            return;
        };
        for at in left_over(naming, &frame, &body.rows) {
            let label = frame.labels.columns.get(at).and_then(|column| column.lowest()).map(|label| label.raw.clone());
            let letter = || format!("@{}", u32::try_from(frame.at(at)).map(letters).unwrap_or_default());
            self.ignored.push(label.unwrap_or_else(letter));
        }
        if asked.confidential {
            return;
        }
        let rows = Rows { frame: &frame, body: &body };
        let selected = select(naming.mapping, rows, &mut found);
        for (number, make) in naming.mapping.makes.iter().enumerate() {
            let own = selected.makes.get(number).map_or(&[][..], Vec::as_slice);
            self.make(asked, naming.mapping, rows, make, own, frame.taken.get(number).map_or(&[][..], Vec::as_slice));
        }
        self.rows(naming.mapping, rows, &selected.makes);
    }

    /// Labels that stand where one that is read is lacking.
    fn renamed(&mut self, naming: Naming<'_>, sheet: &DeliveredSheet, names: &[&str]) {
        let (Some(labels), lacking) = best(naming, sheet, names) else { return };
        let ignored = |label: &str| naming.read().ignore.iter().any(|ignored| ignored.value.fits(label));
        let news: Vec<&str> = labels
            .columns
            .iter()
            .filter(|column| !names.iter().any(|name| column.is_named(name)))
            .filter_map(|column| column.lowest().map(|label| label.raw.as_str()))
            .filter(|label| !ignored(label))
            .collect();
        for old in &lacking {
            let free = || news.iter().copied().filter(|new| !self.labels.contains_key(*new));
            let same = free().find(|new| words(new) == words(old));
            let part = || free().find(|new| words(new).starts_with(&words(old)) || words(old).starts_with(&words(new)));
            let only = || free().next().filter(|_| lacking.len() == 1 && news.len() == 1);
            match same.or_else(|| nearest(old, free())).or_else(part).or_else(only).map(str::to_owned) {
                Some(new) => drop(self.labels.insert(new, old.clone())),
                None => self.remarks.push(format!("no column is called `{old}`, nor anything like it")),
            }
        }
    }

    /// Texts that a make has no code for.
    fn make(
        &mut self,
        asked: &Asked<'_>,
        mapping: &Mapping,
        rows: Rows<'_>,
        make: &Make,
        own: &[usize],
        columns: &[usize],
    ) {
        let Some(schema) = asked.schemas.iter().find(|schema| schema.name == make.table) else { return };
        let countries: Vec<String> = iso3166::countries().map(str::to_owned).collect();
        let fields = make.fields.iter().filter_map(|given| {
            let field = schema.field(&given.field.value)?;
            Some((&given.from, For::Field(field), Some(field)))
        });
        let into = mapping.folder_of(make).map(|from| (from, For::Into(&countries), None));
        let all: Vec<(&From, For<'_>, Option<&Field>)> = fields.chain(into).collect();
        let asking = Asking { mapping, confidential: false, undecoded: rows.frame.sheet.undecoded };
        for (from, wanted, field) in all {
            let From::Looked(lookup) = from else { continue };
            let answers: Vec<Answer> = match of_rows(asking, rows, from, wanted) {
                Some(answer) => vec![answer],
                None => columns.iter().map(|column| of_taken(asking, rows, lookup, *column, wanted)).collect(),
            };
            for answer in &answers {
                self.codes_of(mapping, rows, lookup, answer, own, field);
            }
        }
        let value = schema.observations.as_ref().and_then(|observed| schema.field(&observed.value));
        let Some(value) = value.filter(|value| make.given(&value.name).is_none()) else { return };
        for column in columns {
            let cells = rows.frame.values(*column);
            for at in own {
                let Some(cell) = cells.get(rows.code(*column, *at)) else { continue };
                if matches!(taken::read(cell, make, asking, value).outcome, Outcome::Fault(..)) {
                    *self.missing.entry(cell.text.clone()).or_default() += 1;
                }
            }
        }
    }

    fn codes_of(
        &mut self,
        mapping: &Mapping,
        rows: Rows<'_>,
        lookup: &Lookup,
        answer: &Answer,
        own: &[usize],
        field: Option<&Field>,
    ) {
        for at in own {
            let outcome = answer.outcomes.get(answer.index(rows, *at));
            let Some(Outcome::Fault(wrong, part)) = outcome else { continue };
            if wrong.code != Code::UnknownCode {
                continue;
            }
            let Some(text) = text(mapping, rows, lookup, answer, *at, *part) else { continue };
            let tables = match (&lookup.at, part) {
                (At::Columns(parts), Some(part)) => parts.get(*part).map_or(&[][..], |part| part.codes.as_slice()),
                _ => lookup.codes.as_slice(),
            };
            let table = tables.iter().rev().find(|table| mapping.codes.contains_key(&table.value));
            let Some(name) = table.map(|table| table.value.clone()) else {
                let names: Vec<&str> = tables.iter().map(|table| table.value.as_str()).collect();
                let remark = format!("`{text}` is no code of {}: add a table of your own after it", names.join(", "));
                if !self.remarks.contains(&remark) {
                    self.remarks.push(remark);
                }
                continue;
            };
            let right = field.filter(|_| part.is_none()).and_then(|field| code_of(field, &text, false));
            let lines = self.codes.entry(name).or_default();
            match lines.iter_mut().find(|(known, ..)| *known == text) {
                Some((_, rows, _)) => *rows += 1,
                None => lines.push((text, 1, right.unwrap_or_else(|| OPEN.to_owned()))),
            }
        }
    }

    /// Texts of rows that no make takes, in the columns of conditions.
    fn rows(&mut self, mapping: &Mapping, rows: Rows<'_>, taken: &[Vec<usize>]) {
        let wheres = || {
            let makes = mapping.makes.iter().flat_map(|make| &make.wheres);
            makes.chain(mapping.skips.iter().flat_map(|skip| &skip.wheres))
        };
        let is_taken = |at: usize| taken.iter().any(|own| own.binary_search(&at).is_ok());
        let mut columns: Vec<&str> = wheres().map(|condition| condition.column.as_str()).collect();
        columns.sort_unstable();
        columns.dedup();
        for at in (0..rows.body.rows.len()).filter(|at| !is_taken(*at)) {
            for name in &columns {
                let Some(column) = rows.frame.named.get(*name).copied() else { continue };
                let values = rows.frame.values(column);
                let Some(value) = values.get(rows.code(column, at)) else { continue };
                let bare = strip(&value.text, &mapping.marks, false).text;
                let known =
                    wheres().filter(|condition| condition.column == *name).flat_map(|condition| &condition.texts);
                if !known.into_iter().any(|text| *text == bare || *text == value.text) {
                    *self.conditions.entry(((*name).to_owned(), bare)).or_default() += 1;
                }
            }
        }
    }
}

/// The row in which the fewest labels are lacking, and those that are.
fn best(naming: Naming<'_>, sheet: &DeliveredSheet, names: &[&str]) -> (Option<Labels>, Vec<String>) {
    const SOUGHT: usize = 50;
    let all = || names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let at = |row: usize| {
        let labels = naming.at(sheet, row);
        let lacking: Vec<String> =
            all().into_iter().filter(|name| !labels.columns.iter().any(|column| column.is_named(name))).collect();
        (labels, lacking)
    };
    let best = (0..sheet.rows.min(SOUGHT)).map(at).min_by_key(|(_, lacking)| lacking.len());
    best.map_or_else(|| (None, all()), |(labels, lacking)| (Some(labels), lacking))
}

/// The text that was looked up, as a line of codes would write it.
fn text(
    mapping: &Mapping,
    rows: Rows<'_>,
    lookup: &Lookup,
    answer: &Answer,
    at: usize,
    part: Option<usize>,
) -> Option<String> {
    let bare = |text: &str| strip(text, &mapping.marks, false).text;
    let of_column = |frame: &Frame<'_>, name: &str| -> Option<String> {
        let column = *frame.named.get(name)?;
        Some(bare(&frame.values(column).get(rows.code(column, at))?.text))
    };
    let text = match (&lookup.at, part) {
        (At::Columns(parts), Some(part)) => return of_column(rows.frame, &parts.get(part)?.column),
        (At::Columns(parts), None) => {
            let texts: Option<Vec<String>> = parts.iter().map(|part| of_column(rows.frame, &part.column)).collect();
            texts?.join(" | ")
        }
        (At::Column(name), _) => of_column(rows.frame, name)?,
        (At::Sheet, _) => folded(rows.frame.sheet.name.as_deref()?),
        _ => {
            let (row, column) = answer.cell(rows, at, part)?;
            bare(rows.frame.sheet.text(row, column))
        }
    };
    match &lookup.like {
        // What does not look as it should is no matter of codes.
        Some(like) => like.captured(&text),
        None => Some(text),
    }
}

impl Added {
    /// What stands at the `[[file]]`, with the labels that the mapping ignores already.
    fn keys(&self, mapping: Option<&Mapping>) -> Vec<String> {
        let mut keys = Vec::new();
        keys.extend(self.sheet.as_ref().map(|sheet| format!("sheet = {}", string(sheet))));
        if !self.labels.is_empty() {
            let pairs = self.labels.iter().map(|(new, old)| format!("{} = {}", key(new), string(old)));
            let guess = if mapping.is_some() { " # a guess: look whether it is the same" } else { "" };
            keys.push(format!("labels = {{ {} }}{guess}", pairs.collect::<Vec<_>>().join(", ")));
        }
        if let Some(mapping) = mapping.filter(|_| !self.ignored.is_empty()) {
            let known =
                mapping.files.last().map(|file| file.read.ignore.iter().map(|ignored| ignored.value.text.clone()));
            let all: Vec<String> = known.into_iter().flatten().chain(self.ignored.iter().cloned()).collect();
            keys.push(format!("ignore = {}", list(&all)));
        }
        keys
    }

    fn written(&self, mapping: &Mapping, head: &[String], known: bool, confidential: bool) -> String {
        let mut text: String = self.remarks.iter().map(|remark| comment(remark) + "\n").collect();
        let keys = self.keys(Some(mapping));
        if !self.ignored.is_empty() {
            let new: Vec<String> = self.ignored.iter().map(|label| string(label)).collect();
            let remark = format!("new columns, ignored until they are read: {}", new.join(", "));
            text.push_str(&(comment(&remark) + "\n"));
        }
        if !known {
            text.push_str(&format!("[[file]]\n{}\n", head.iter().cloned().chain(keys).collect::<Vec<_>>().join("\n")));
        } else if !keys.is_empty() {
            text.push_str(&format!("# at the [[file]] of this path\n{}\n", keys.join("\n")));
        }
        if !confidential {
            text.push_str(&self.lines());
        }
        if text.is_empty() { "# the mapping lacks nothing for this file\n".to_owned() } else { text }
    }

    /// Rows, states and codes that somebody must decide.
    fn lines(&self) -> String {
        let mut text = String::new();
        for ((column, value), rows) in &self.conditions {
            let (column, value) = (key(column), string(value));
            let why = format!("why = {} {}", string(OPEN), comment(&format!("{}; or a [[make]]", counted(*rows))));
            text.push_str(&format!("\n[[skip]]\nwhere = {{ {column} = {value} }}\n{why}\n"));
        }
        let table = |name: &str, lines: Vec<Line>| -> String {
            let line = |line: Line| format!("{} = {} {}\n", key(&line.text), line.right, comment(&line.remark));
            format!("\n[{name}]\n{}", lines.into_iter().map(line).collect::<String>())
        };
        let line = |text: &String, right: &str, rows: usize| Line {
            text: text.clone(),
            right: string(right),
            remark: counted(rows),
        };
        if !self.missing.is_empty() {
            text.push_str(&table("missing", self.missing.iter().map(|(text, rows)| line(text, OPEN, *rows)).collect()));
        }
        for (name, lines) in &self.codes {
            let lines = lines.iter().map(|(text, rows, right)| line(text, right, *rows)).collect();
            text.push_str(&table(&format!("codes.{}", key(name)), lines));
        }
        text
    }
}
