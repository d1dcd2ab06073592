//! The list of sheets, how the workbook was computed, and names that refer to other workbooks.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::super::Unreadable;
use super::formula::reads_elsewhere;
use super::part::{Archive, attribute, damaged, truth};

/// The contents of the main part of a workbook.
pub(super) struct Book {
    /// The folder of the main part, to which the names of other parts are relative.
    pub(super) folder: String,
    /// The names of sheets, and of their parts.
    pub(super) sheets: Vec<(String, String)>,
    /// Whether the stored values of formulas were not computed by a spreadsheet.
    pub(super) stale: bool,
    /// Names that refer to cells of other workbooks.
    pub(super) foreign: Vec<String>,
}

/// A relation to another part: its kind, and the part's name.
pub(super) type Relations = HashMap<String, (String, String)>;

pub(super) fn read(archive: &mut Archive<'_>) -> Result<Book, Unreadable> {
    let package = relations(archive, "", "_rels/.rels")?;
    let main = package.into_values().find(|(kind, _)| kind == "officeDocument").map(|(_, name)| name);
    let main = main.ok_or_else(damaged)?;
    let (folder, file) = main.rsplit_once('/').map_or(("", main.as_str()), |(folder, file)| (folder, file));
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let related = relations(archive, &folder, &format!("{folder}_rels/{file}.rels"))?;
    let mut part = archive.part(&main)?.ok_or_else(damaged)?;
    let mut book = Book { folder, sheets: Vec::new(), stale: false, foreign: Vec::new() };
    loop {
        match part.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "sheet" => {
                    let name = attribute(&element, "name").unwrap_or_default().into_owned();
                    let at = attribute(&element, "id").and_then(|id| related.get(id.as_ref()));
                    book.sheets.extend(at.map(|(_, part)| (name, part.clone())));
                }
                "calcPr" => {
                    let completed = attribute(&element, "calcCompleted").is_none_or(|done| super::part::is_true(&done));
                    book.stale |= truth(&element, "fullCalcOnLoad") || !completed;
                }
                "definedName" => {
                    let name = attribute(&element, "name").unwrap_or_default().into_owned();
                    let stands_for = part.text()?;
                    if reads_elsewhere(&stands_for, &[]) {
                        book.foreign.push(name);
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok(book),
            _ => {}
        }
    }
}

/// The relations of a part in `folder`, by id.
pub(super) fn relations(archive: &mut Archive<'_>, folder: &str, name: &str) -> Result<Relations, Unreadable> {
    let mut relations = Relations::new();
    let Some(mut part) = archive.part(name)? else { return Ok(relations) };
    loop {
        match part.next()? {
            Event::Start(element) if element.local_name().as_ref() == "Relationship" => {
                let text = |name| attribute(&element, name).unwrap_or_default().into_owned();
                let kind = text("Type").rsplit('/').next().unwrap_or_default().to_owned();
                relations.insert(text("Id"), (kind, joined(folder, &text("Target"))));
            }
            Event::Eof => return Ok(relations),
            _ => {}
        }
    }
}

/// A name relative to a folder, made absolute.
fn joined(folder: &str, target: &str) -> String {
    if let Some(whole) = target.strip_prefix('/') {
        return whole.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            ".." => drop(steps.pop()),
            "." | "" => {}
            step => steps.push(step),
        }
    }
    steps.join("/")
}
