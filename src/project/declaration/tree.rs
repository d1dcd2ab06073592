//! What a file declares, with the place of every key and value, whichever notation it is written in.

use std::collections::BTreeMap;
use std::ops::Range;

/// A value as it was written.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    /// A number that is no `i64`, as it was written.
    Number(String),
    Boolean(bool),
    List(Vec<(Value, Range<usize>)>),
    Table(Entries),
    /// What no key takes: a date of TOML, `null` of JSON.
    Other,
}

/// The keys of a table: each with its own place, its value and the value's place.
pub(super) type Entries = BTreeMap<String, (Range<usize>, Value, Range<usize>)>;
