//! The options of an audit, and whether the tables have the columns they name.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::columns::fold;
use super::description::Description;
use super::marks::Mark;
use super::rounding::Base;
use crate::tables::ingest::RawTable;

/// The options of an audit.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The columns with the values.
    pub values: Vec<String>,
    /// The marks of withheld values.
    pub marks: Vec<Mark>,
    /// The base to which every value is rounded.
    pub base: Option<Base>,
    /// Columns that are not a dimension.
    pub ignored: Vec<String>,
    /// Codes that are totals, in addition to the known ones.
    pub margins: Vec<String>,
    /// Columns that lie within others.
    pub nested: Vec<Nested>,
    /// The descriptions of released tables, by path.
    pub descriptions: BTreeMap<String, Description>,
    /// The required width of a withheld value's interval.
    pub width: u32,
}

/// A column that lies within another: `district<province`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nested {
    /// The column with the smaller groups.
    pub child: String,
    /// The column that it lies within.
    pub parent: String,
}

impl FromStr for Nested {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || format!("`{text}` names no two columns; expected such as `district<province`");
        let (child, parent) = text.split_once('<').ok_or_else(fault)?;
        let (child, parent) = (child.trim().to_owned(), parent.trim().to_owned());
        if child.is_empty() || parent.is_empty() || fold(&child) == fold(&parent) {
            return Err(fault());
        }
        Ok(Self { child, parent })
    }
}

/// An option names a column that no file has.
#[derive(Debug)]
pub struct UnknownColumn {
    option: &'static str,
    column: String,
    labels: Vec<String>,
}

impl fmt::Display for UnknownColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { option, column, labels } = self;
        write!(f, "there is no column `{column}`, which `{option}` names; the columns are: {}", labels.join(", "))
    }
}

impl std::error::Error for UnknownColumn {}

impl Request {
    /// The first column that is asked for and that no file has.
    pub(super) fn unknown(&self, files: &[RawTable]) -> Option<UnknownColumn> {
        let mut labels: Vec<String> = Vec::new();
        for label in files.iter().flat_map(|file| &file.labels).map(|label| label.text.trim()) {
            if !labels.iter().any(|known| known == label) {
                labels.push(label.to_owned());
            }
        }
        let nested = self.nested.iter().flat_map(|nested| [&nested.child, &nested.parent]);
        let asked = self.values.iter().map(|column| ("--value", column));
        let asked = asked.chain(self.ignored.iter().map(|column| ("--ignore", column)));
        let mut asked = asked.chain(nested.map(|column| ("--nested", column)));
        let (option, column) = asked.find(|(_, column)| !labels.iter().any(|label| fold(label) == fold(column)))?;
        Some(UnknownColumn { option, column: column.clone(), labels })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nesting_names_two_columns() {
        let nested = "district < province".parse::<Nested>().expect("two columns");
        assert_eq!((nested.child.as_str(), nested.parent.as_str()), ("district", "province"));
        assert!(["district", "<province", "a<", "a<A"].iter().all(|text| text.parse::<Nested>().is_err()));
    }
}
