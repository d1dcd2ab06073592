//! The tables that a sheet declares: their totals rows, and whether they are filtered.

use quick_xml::events::Event;

use super::super::Unreadable;
use super::super::sheet::Area;
use super::book::relations;
use super::part::{Archive, attribute, number};
use super::reference::area;

/// What is read from the tables of a sheet.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) totals: Vec<Area>,
    /// The ranges in which rows are filtered.
    pub(super) filtered: Vec<Area>,
}

/// The tables of the sheet in the part with this name.
pub(super) fn read(archive: &mut Archive<'_>, sheet: &str) -> Result<Tables, Unreadable> {
    let (folder, file) = sheet.rsplit_once('/').unwrap_or(("", sheet));
    let related = relations(archive, folder, &format!("{folder}/_rels/{file}.rels"))?;
    let mut tables = Tables::default();
    for (_, name) in related.into_values().filter(|(kind, _)| kind == "table") {
        one(archive, &name, &mut tables)?;
    }
    Ok(tables)
}

fn one(archive: &mut Archive<'_>, name: &str, tables: &mut Tables) -> Result<(), Unreadable> {
    let Some(mut part) = archive.part(name)? else { return Ok(()) };
    let mut whole = None;
    loop {
        match part.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "table" => {
                    whole = attribute(&element, "ref").and_then(|name| area(&name));
                    let rows = number::<u32>(&element, "totalsRowCount").unwrap_or(0);
                    tables.totals.extend(whole.filter(|_| rows > 0).map(|whole| last(whole, rows)));
                }
                "filterColumn" => tables.filtered.extend(whole),
                _ => {}
            },
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// The last rows of a range.
fn last(whole: Area, rows: u32) -> Area {
    Area { first: (whole.last.0.saturating_add(1).saturating_sub(rows).max(whole.first.0), whole.first.1), ..whole }
}
