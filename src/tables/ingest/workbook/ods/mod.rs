//! The reader of `.ods`: one pass over its styles, and one over its content, in which each cell has both its value and
//! the text that the spreadsheet last showed.
//!
//! Elements and attributes must have the prefixes that every program writes; a file with others is rejected.

mod attributes;
mod cell;
mod colours;
mod conditional;
mod content;
mod data_style;
mod repeats;
mod styles;
mod text;
mod value;

#[cfg(test)]
mod tests;

use quick_xml::events::Event;

pub(super) use value::day;

use super::package::part::{Archive, Part, damaged};
use super::sheet::{Grid, Listed, Workbook};
use super::{Unreadable, locked};
use attributes::Attributes;
use styles::Styles;

/// A sheet, or why it cannot be read.
type Read = Result<Grid, Unreadable>;

/// A workbook of that kind. All its sheets are in one part, and are read in one pass.
pub(super) struct Reader {
    sheets: Vec<(Listed, Read)>,
}

impl Reader {
    pub(super) fn open(bytes: &[u8]) -> Result<Self, Unreadable> {
        let mut archive = Archive::open(bytes)?;
        if is_locked(&mut archive)? {
            return Err(locked());
        }
        let mut styles = Styles::default();
        if let Some(mut part) = archive.part("styles.xml")? {
            styles.read(&mut part)?;
        }
        let zeros_hidden = hides_zeros(&mut archive)?;
        let mut part = archive.part("content.xml")?.ok_or_else(damaged)?;
        let mut sheets = content::read(&mut part, styles)?;
        for (_, grid) in &mut sheets {
            if let Ok(grid) = grid {
                grid.zeros_hidden = zeros_hidden;
            }
        }
        Ok(Self { sheets })
    }
}

impl Workbook for Reader {
    fn sheets(&self) -> Vec<Listed> {
        self.sheets.iter().map(|(listed, _)| listed.clone()).collect()
    }

    fn read(&mut self, number: usize) -> Result<Grid, Unreadable> {
        self.sheets
            .get_mut(number)
            .map_or_else(|| Ok(Grid::default()), |(_, grid)| std::mem::replace(grid, Ok(Grid::default())))
    }
}

/// Whether the package is encrypted.
fn is_locked(archive: &mut Archive<'_>) -> Result<bool, Unreadable> {
    let Some(mut part) = archive.part("META-INF/manifest.xml")? else { return Ok(false) };
    loop {
        match part.next()? {
            Event::Start(element) if element.local_name().as_ref() == "encryption-data" => return Ok(true),
            Event::Eof => return Ok(false),
            _ => {}
        }
    }
}

/// Whether the workbook is set not to show zeros.
fn hides_zeros(archive: &mut Archive<'_>) -> Result<bool, Unreadable> {
    let Some(mut part) = archive.part("settings.xml")? else { return Ok(false) };
    loop {
        match part.next()? {
            Event::Start(element) => {
                let is_switch = Attributes::of(&element).get("config:name") == Some("ShowZeroValues");
                if is_switch && part.text()?.trim() == "false" {
                    return Ok(true);
                }
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
    }
}

/// Skips to the end of the element that has begun.
fn skip(part: &mut Part<'_, '_>) -> Result<(), Unreadable> {
    part.skip()
}
