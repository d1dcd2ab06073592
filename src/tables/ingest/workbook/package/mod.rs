//! Reads from an `.xlsx` file what calamine does not give: superscript and struck-out parts of texts,
//! hidden rows and columns, filters, merged cells, formulas without a valid value, conditional formats.
//!
//! The prefixes of elements are ignored, so that all namespaces are read alike.

mod book;
mod colours;
mod conditional;
mod formula;
pub(super) mod part;
mod plain;
mod reference;
mod strings;
mod styles;
mod sum;
mod tables;
pub(super) mod unfolded;
mod worksheet;

use super::Unreadable;
use super::sheet::{Hidden, Script};
use book::Book;
use colours::Theme;
use part::Archive;
use strings::Marked;
use styles::Styles;
use worksheet::Known;

pub(super) use worksheet::Details;

/// A package, and the parts that all its sheets share.
pub(super) struct Package<'b> {
    archive: Archive<'b>,
    book: Book,
    theme: Theme,
    strings: Marked,
    styles: Styles,
}

impl<'b> Package<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Unreadable> {
        let mut archive = Archive::open(bytes)?;
        let book = book::read(&mut archive)?;
        let theme = Theme::read(&mut archive, &book.folder)?;
        let strings = strings::read(&mut archive, &book.folder, &theme)?;
        let styles = styles::read(&mut archive, &book.folder, &theme)?;
        Ok(Self { archive, book, theme, strings, styles })
    }

    /// Whether the font of a style is superscript or subscript.
    pub(super) fn script(&self, style: usize) -> Option<Script> {
        self.styles.scripts.get(style).copied().flatten()
    }

    /// The details of the sheet with this name, beside the values of its cells.
    pub(super) fn details(&mut self, name: &str) -> Result<Details, Unreadable> {
        let Some((_, at)) = self.book.sheets.iter().find(|(known, _)| known == name) else {
            return Err(part::damaged());
        };
        let tables = tables::read(&mut self.archive, at)?;
        let known = Known { book: &self.book, theme: &self.theme, strings: &self.strings, styles: &self.styles };
        let part = self.archive.part(at)?.ok_or_else(part::damaged)?;
        let mut details = worksheet::read(part, name, &known)?;
        details.totals = tables.totals;
        details.filtered.extend(tables.filtered);
        let filtered = std::mem::take(&mut details.filtered);
        for hidden in &mut details.hidden {
            if let Hidden::Rows { first, filtered: by_filter, .. } = hidden {
                *by_filter = filtered.iter().any(|area| (area.first.0..=area.last.0).contains(first));
            }
        }
        Ok(details)
    }
}
