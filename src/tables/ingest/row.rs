//! One row of a file: where its cells are, and what they hold.

use std::ops::Range;

/// Longer cells are cut: a quote or a line break must be missing, and the rest is not one value.
pub(super) const LONGEST: usize = 1 << 20;

/// One row: the byte ranges of its cells, quotes included, and their values.
pub(super) struct Row<'a> {
    pub(super) file: &'a [u8],
    /// The byte it starts at, then for each cell the byte after the separator or line break that ends it.
    pub(super) bounds: &'a [usize],
    /// The cells' values, where a value is not simply what is between the quotes, or between the separators.
    pub(super) values: Option<(&'a [u8], &'a [Range<usize>])>,
    /// Whether its quotes follow no rule, so that **csv-core** read it.
    pub(super) irregular: bool,
}

impl<'a> Row<'a> {
    /// A row of one empty cell.
    pub(super) const EMPTY: Row<'static> = Row { file: &[], bounds: &[0, 1], values: None, irregular: false };

    /// The byte it starts at.
    pub(super) fn start(&self) -> usize {
        self.bounds.first().copied().unwrap_or_default()
    }

    /// How many cells it has; none if it is blank.
    pub(super) fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    /// The byte range of a cell in the file, quotes included.
    pub(super) fn raw(&self, column: usize) -> Range<usize> {
        self.bounds[column]..self.bounds[column + 1] - 1
    }

    /// The byte after its last cell.
    pub(super) fn end(&self) -> usize {
        if self.len() == 0 { self.start() } else { self.raw(self.len() - 1).end }
    }

    /// The bounds of its cells, if each value lies in the file as it is.
    #[inline]
    pub(super) fn plain(&self) -> Option<&'a [usize]> {
        if self.values.is_none() { Some(self.bounds) } else { None }
    }

    /// The bytes that contain a cell's value, and the range in them.
    #[inline]
    pub(super) fn stored(&self, column: usize) -> (&[u8], Range<usize>) {
        let (bytes, range) = match self.values {
            None => (self.file, value_in(self.file, self.raw(column))),
            Some((bytes, ranges)) => (bytes, ranges[column].clone()),
        };
        (bytes, range.start..range.end.min(range.start + LONGEST))
    }

    /// The value of a cell.
    pub(super) fn value(&self, column: usize) -> &[u8] {
        let (bytes, range) = self.stored(column);
        &bytes[range]
    }
}

/// The value in a cell whose quotes, if it has any, are its first and its last byte.
#[inline]
pub(super) fn value_in(file: &[u8], cell: Range<usize>) -> Range<usize> {
    // At the start of an empty cell is what ends it, which is never a quote.
    let quote = usize::from(file.get(cell.start) == Some(&b'"'));
    cell.start + quote..cell.end - quote
}
