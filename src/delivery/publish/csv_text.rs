//! The text of the CSV files that are written, and of such a file read again: **csv** lives here. Nothing in a published file is
//! a formula to a spreadsheet.

use std::borrow::Cow;

use anyhow::Result;

/// The rows of a published file: a field that a spreadsheet would take for a formula is defused.
///
/// # Errors
/// When a row has another number of fields than the first.
pub fn published<R: IntoIterator<Item: AsRef<str>>>(rows: impl IntoIterator<Item = R>) -> Result<String> {
    let defused = |row: R| row.into_iter().map(|field| defused(field.as_ref()).into_owned()).collect::<Vec<_>>();
    text(rows.into_iter().map(defused))
}

/// The rows as the text of a file: RFC 4180, but lines end with a line feed only.
///
/// # Errors
/// When a row has another number of fields than the first.
pub fn text<R: IntoIterator<Item: AsRef<[u8]>>>(rows: impl IntoIterator<Item = R>) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.into_iter().try_for_each(|row| writer.write_record(row))?;
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// The rows of such a text, each with the line on which it begins.
///
/// # Errors
/// When **csv** cannot read it.
pub fn rows(text: &str) -> Result<Vec<(u64, Vec<String>)>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let row = |record: csv::Result<csv::StringRecord>| {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        Ok((line, record.iter().map(str::to_owned).collect()))
    };
    reader.records().map(row).collect()
}

/// The field, with an apostrophe before it if a spreadsheet would take it for a formula, so that it is shown as text.
fn defused(field: &str) -> Cow<'_, str> {
    if is_formula(field) { Cow::Owned(format!("'{field}")) } else { Cow::Borrowed(field) }
}

/// Whether a spreadsheet takes a field for a formula. A number with a sign is not one.
#[must_use]
pub fn is_formula(field: &str) -> bool {
    field.starts_with(['=', '+', '-', '@', '\t', '\r']) && field.parse::<f64>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_back_as_it_was_and_computes_nothing() {
        let file = published([["a", "b,c", "d\"e", "f\rg"], ["=1+1", "-2", "-x", "@y"]]).expect("text");
        assert_eq!(file, "a,\"b,c\",\"d\"\"e\",\"f\rg\"\n'=1+1,-2,'-x,'@y\n");
        let row = |line, fields: [&str; 4]| (line, fields.map(str::to_owned).to_vec());
        let expected = [row(1, ["a", "b,c", "d\"e", "f\rg"]), row(2, ["'=1+1", "-2", "'-x", "'@y"])];
        assert_eq!(rows(&file).expect("rows"), expected);
    }
}
