//! Rows of the CSV files that are published: RFC 4180, and nothing in them that a spreadsheet would compute.

use std::borrow::Cow;

/// One row with its line break.
pub(super) fn line<T: AsRef<str>>(fields: impl IntoIterator<Item = T>) -> String {
    let fields = fields.into_iter().map(|field| quoted(&defused(field.as_ref())));
    fields.collect::<Vec<_>>().join(",") + "\n"
}

/// What a spreadsheet would compute stands behind an apostrophe, by which it is shown as the text that it is.
fn defused(field: &str) -> Cow<'_, str> {
    if is_formula(field) { Cow::Owned(format!("'{field}")) } else { Cow::Borrowed(field) }
}

/// Whether a spreadsheet takes a text for a formula; a number with its sign is none.
pub(super) fn is_formula(field: &str) -> bool {
    field.starts_with(['=', '+', '-', '@', '\t', '\r']) && field.parse::<f64>().is_err()
}

/// RFC 4180: a field with a comma, a quote or a break stands in quotes.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_back_as_it_was_and_computes_nothing() {
        assert_eq!(line(["a", "b,c", "d\"e"]), "a,\"b,c\",\"d\"\"e\"\n");
        assert_eq!(line(["=1+1", "-2", "-x", "@y"]), "'=1+1,-2,'-x,'@y\n");
    }
}
