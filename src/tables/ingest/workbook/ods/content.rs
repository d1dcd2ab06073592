//! The content: sheets, their rows, and the cells in them.

use quick_xml::events::Event;

use super::super::Unreadable;
use super::super::package::part::{Part, damaged};
use super::super::sheet::{Area, Grid, Hidden, Listed, Mark};
use super::attributes::Attributes;
use super::cell::{self, Block, Formats};
use super::conditional;
use super::repeats::{Columns, hide, is_hidden, repeated};
use super::styles::Styles;
use super::{Read, skip};

/// Reads all sheets.
pub(super) fn read(part: &mut Part<'_, '_>, mut styles: Styles) -> Result<Vec<(Listed, Read)>, Unreadable> {
    let (mut sheets, mut formats, mut known) = (Vec::new(), Formats::new(), false);
    loop {
        let (name, attributes) = match part.next()? {
            Event::Start(element) => (element.name().as_ref().to_owned(), Attributes::of(&element)),
            Event::Eof if known => return Ok(sheets),
            Event::Eof => return Err(damaged()),
            _ => continue,
        };
        match name.as_str() {
            "office:automatic-styles" => styles.read(part)?,
            "office:spreadsheet" => known = true,
            "table:table" => {
                let listed = listed(&attributes, &styles);
                let mut sheet = Sheet::new(&listed.name, &mut styles, &mut formats);
                let read = sheet.read(part);
                let grid = sheet.done();
                // A truncated part fails at once; a sheet that is too large only if it is asked for.
                match read? {
                    Some(too_large) => sheets.push((listed, Err(too_large))),
                    None if is_copy(&attributes) => {}
                    None => sheets.push((listed, Ok(grid))),
                }
            }
            // Deleted content and links to other programs contain tables, too.
            "table:tracked-changes" | "table:dde-links" | "office:scripts" => skip(part)?,
            _ => {}
        }
    }
}

fn listed(table: &Attributes, styles: &Styles) -> Listed {
    let style = table.get("table:style-name").and_then(|style| styles.get("table", style));
    let shown = style.and_then(|style| style.displayed).unwrap_or(true) && !table.is("table:display", "false");
    Listed { name: table.owned("table:name").unwrap_or_default(), hidden: !shown }
}

/// Whether a table is not a sheet, but a stored copy of another workbook that formulas refer to.
fn is_copy(table: &Attributes) -> bool {
    table.is("table:style-name", "ta_extref") || table.get("table:name").is_some_and(|name| name.contains("'#"))
}

/// A sheet as it is read.
struct Sheet<'s> {
    grid: Grid,
    styles: &'s mut Styles,
    formats: &'s mut Formats,
    columns: Columns,
    next_row: u32,
    /// For each open group of rows or columns, whether it is collapsed.
    groups: Vec<bool>,
    /// The conditional styles of cells, and where they are used.
    mapped: Vec<(String, Area)>,
    /// Whether the sheet's values come from another workbook.
    linked: bool,
    copied: u64,
}

impl<'s> Sheet<'s> {
    fn new(name: &str, styles: &'s mut Styles, formats: &'s mut Formats) -> Self {
        let grid = Grid { name: name.to_owned(), ..Grid::default() };
        let (columns, groups, mapped) = (Columns::default(), Vec::new(), Vec::new());
        Self { grid, styles, formats, columns, next_row: 0, groups, mapped, linked: false, copied: 0 }
    }

    /// Reads to the end of the sheet, also after an error.
    fn read(&mut self, part: &mut Part<'_, '_>) -> Result<Option<Unreadable>, Unreadable> {
        let mut fault = None;
        loop {
            let (name, attributes) = match part.next()? {
                Event::Start(element) => (element.name().as_ref().to_owned(), Attributes::of(&element)),
                Event::End(element) => {
                    match element.name().as_ref() {
                        "table:table" => return Ok(fault),
                        "table:table-row-group" | "table:table-column-group" => drop(self.groups.pop()),
                        _ => {}
                    }
                    continue;
                }
                Event::Eof => return Err(damaged()),
                _ => continue,
            };
            match name.as_str() {
                "table:table-row-group" | "table:table-column-group" => {
                    self.groups.push(attributes.is("table:display", "false"));
                }
                "table:table-column" => {
                    let hidden = self.groups.contains(&true) || self.styles.is_flat("table-column", &attributes);
                    if let Some(hidden) = self.columns.push(&attributes, hidden) {
                        hide(&mut self.grid.hidden, hidden);
                    }
                }
                "table:table-row" if fault.is_some() => skip(part)?,
                "table:table-row" => fault = self.row(part, &attributes)?,
                "table:table-source" => self.linked = true,
                "calcext:conditional-format" => {
                    self.grid.conditional.extend(conditional::read(part, &attributes, self.styles)?);
                    self.mapped.clear();
                }
                "table:shapes" | "office:forms" | "table:scenario" => skip(part)?,
                _ => {}
            }
        }
    }

    /// Reads one row, which may be repeated many times.
    fn row(&mut self, part: &mut Part<'_, '_>, row: &Attributes) -> Result<Option<Unreadable>, Unreadable> {
        let (first, rows) = (self.next_row, repeated(row, "table:number-rows-repeated"));
        self.next_row = first.saturating_add(rows);
        if self.groups.contains(&true) || is_hidden(row) || self.styles.is_flat("table-row", row) {
            let filtered = row.is("table:visibility", "filter");
            hide(&mut self.grid.hidden, Hidden::Rows { first, last: self.next_row - 1, filtered });
        }
        let (mut column, mut fault) = (0_u32, None);
        loop {
            let (name, attributes) = match part.next()? {
                Event::Start(element) => (element.name().as_ref().to_owned(), Attributes::of(&element)),
                Event::End(element) if element.name().as_ref() == "table:table-row" => return Ok(fault),
                Event::Eof => return Err(damaged()),
                _ => continue,
            };
            if !matches!(name.as_str(), "table:table-cell" | "table:covered-table-cell") || fault.is_some() {
                skip(part)?;
                continue;
            }
            let columns = repeated(&attributes, "table:number-columns-repeated");
            let block = Block { first: (first, column), columns, rows };
            fault = self.cell(part, &name, &attributes, (block, row))?;
            column = column.saturating_add(columns);
        }
    }

    fn cell(
        &mut self,
        part: &mut Part<'_, '_>,
        kind: &str,
        cell: &Attributes,
        (block, row): (Block, &Attributes),
    ) -> Result<Option<Unreadable>, Unreadable> {
        let style = cell.get("table:style-name").or_else(|| row.get("table:default-cell-style-name"));
        let style = style.or_else(|| self.columns.style(block.first.1)).unwrap_or("Default").to_owned();
        let look = self.styles.look(&style);
        let mut found = cell::read(part, kind, cell, look, self.styles, self.formats)?;
        if !found.is_something() {
            return Ok(found.put(block, &mut self.grid, &mut self.copied).err());
        }
        if self.linked {
            found.marks.push(Mark::Foreign);
        }
        if self.styles.get("table-cell", &style).is_some_and(|style| !style.maps.is_empty()) {
            self.mapped.push((style, block.area()));
        }
        Ok(found.put(block, &mut self.grid, &mut self.copied).err())
    }

    fn done(mut self) -> Grid {
        self.grid.looks.clone_from(&self.styles.looks);
        self.grid.conditional.extend(conditional::of_styles(self.mapped, self.styles));
        self.grid
    }
}
