//! The content of a file, with the place of every key and value, whether it is TOML or JSON.

use std::collections::BTreeMap;
use std::ops::Range;

/// A value as it was written.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    /// A number that is not an `i64`, as written.
    Number(String),
    Boolean(bool),
    List(Vec<(Value, Range<usize>)>),
    Table(Entries),
    /// A date or a time of TOML, as written.
    Moment(String),
    /// A value that no key accepts, such as `null` in JSON.
    Other,
}

/// The keys of a table, each with its place, its value and the place of the value.
pub(super) type Entries = BTreeMap<String, (Range<usize>, Value, Range<usize>)>;
