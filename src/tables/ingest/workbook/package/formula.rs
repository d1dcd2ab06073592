//! Finds formulas that read another workbook.

/// Whether `formula` names a cell or a name of another workbook, such as `[1]Sheet1!A1`, or one of `names`, which refer to
/// such.
pub(super) fn reads_elsewhere(formula: &str, names: &[String]) -> bool {
    let code = without_texts(formula);
    names_a_book(&code) || words(&code).any(|word| names.iter().any(|name| name.eq_ignore_ascii_case(word)))
}

/// The formula without texts in quotes.
fn without_texts(formula: &str) -> String {
    formula.split('"').step_by(2).collect()
}

/// `[1]Sheet!A1`, `'[1]My sheet'!A1`, `[1]!name`; but not the column `Table1[2021]`.
fn names_a_book(code: &str) -> bool {
    code.match_indices('[').any(|(at, _)| {
        let (head, tail) = (code.get(..at).unwrap_or_default(), code.get(at + 1..).unwrap_or_default());
        let before = head.chars().next_back();
        let of_table = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ','));
        let quoted = head.matches('\'').count() % 2 == 1;
        let Some((book, rest)) = tail.split_once(']') else { return false };
        let sheet = if quoted {
            rest.split_once('\'').is_some_and(|(_, rest)| rest.starts_with('!'))
        } else {
            rest.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':')).starts_with('!')
        };
        // A path before the brackets, in quotes, cannot be the name of a table.
        (quoted || !of_table) && !book.is_empty() && sheet
    })
}

/// The names in a formula, including cells.
fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '\\'))).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_that_names_another_workbook_reads_it() {
        for formula in [
            "[1]Sheet1!A1",
            "SUM([2]Sheet1!$A$1:$A$9)",
            "'[1]My sheet'!A1+1",
            "'C:\\data\\[old book.xlsx]My sheet'!A1",
            "'file:///srv/[book.xlsx]a'!B2",
            "[1]!total",
            "A1+[3]ລາວ!B2",
        ] {
            assert!(reads_elsewhere(formula, &[]), "{formula}");
        }
        assert!(reads_elsewhere("1+Outside*2", &["outside".to_owned()]));
    }

    #[test]
    fn columns_of_tables_and_texts_are_of_this_workbook() {
        for formula in [
            "SUM(Table1[2021])",
            "Table1[[#This Row],[2021]]+Sheet2!A1",
            "Table1[2021]&Sheet2!A1",
            "IF(A1=\"[1]Sheet!A1\",1,0)",
            "Sheet2!A1",
            "'My sheet'!A1",
            "SUM(A1:A9)",
            "Outsider",
        ] {
            assert!(!reads_elsewhere(formula, &["outside".to_owned()]), "{formula}");
        }
    }
}
