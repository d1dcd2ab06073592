//! Frames whose rows have a key: one column for each number of it, so that Polars groups by them.

use anyhow::Result;
use polars::prelude::{
    BooleanChunked, DataFrame, GroupsIndicator, IntoColumn, NewChunkedArray, PlSmallStr, UInt64Chunked,
};

use crate::tables::key::Key;

/// What a key does to frames.
pub(super) trait Keyed {
    /// The names of its columns, the most significant first.
    fn names(&self) -> Vec<PlSmallStr>;

    /// The columns of the keys of a frame's rows.
    fn read<'f>(&self, frame: &'f DataFrame) -> Result<Vec<&'f [u64]>>;

    /// The rows for whose digit something holds.
    fn whose(&self, frame: &DataFrame, place: usize, holds: impl Fn(u64) -> bool) -> Result<DataFrame>;

    /// The keys of a frame's rows, with other digits at one place.
    fn changed(&self, frame: &DataFrame, place: usize, other: impl Fn(u64) -> u64) -> Result<DataFrame>;
}

impl Keyed for Key {
    fn names(&self) -> Vec<PlSmallStr> {
        (0..self.columns()).map(|number| format!("key {number}").into()).collect()
    }

    fn read<'f>(&self, frame: &'f DataFrame) -> Result<Vec<&'f [u64]>> {
        self.names().iter().map(|name| Ok(frame.column(name)?.u64()?.cont_slice()?)).collect()
    }

    fn whose(&self, frame: &DataFrame, place: usize, holds: impl Fn(u64) -> bool) -> Result<DataFrame> {
        let keys = self.read(frame)?;
        if (0..frame.height()).all(|row| holds(self.digit(&keys, place, row))) {
            return Ok(frame.clone());
        }
        let mask = (0..frame.height()).map(|row| holds(self.digit(&keys, place, row)));
        let mut kept = frame.filter(&BooleanChunked::from_iter_values("".into(), mask))?;
        kept.rechunk_mut();
        Ok(kept)
    }

    fn changed(&self, frame: &DataFrame, place: usize, other: impl Fn(u64) -> u64) -> Result<DataFrame> {
        let (column, changed) = self.with(&self.read(frame)?, place, other);
        let names = self.names();
        let mut columns: Vec<_> = names.iter().map(|name| frame.column(name).cloned()).collect::<Result<_, _>>()?;
        columns[column] = UInt64Chunked::from_vec(names[column].clone(), changed).into_column();
        Ok(DataFrame::new(frame.height(), columns)?)
    }
}

/// The rows of a group.
pub(super) fn members(group: &GroupsIndicator<'_>) -> impl Iterator<Item = usize> + Clone {
    let (members, range) = match group {
        GroupsIndicator::Idx((_, members)) => (members.as_slice(), 0..0),
        GroupsIndicator::Slice([first, length]) => (&[][..], *first..*first + *length),
    };
    members.iter().copied().chain(range).map(|row| row as usize)
}
