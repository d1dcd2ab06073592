//! Formulas that only add cells up. They are computed again to see whether a spreadsheet has computed them.

use super::super::sheet::{Addend, Area};
use super::reference::area;

/// The cells that a formula adds up, if it does nothing else: `SUM(B2:B9)`, `B2+B3`, `Sheet2!B2`, and sums of these.
pub(super) fn added_up(formula: &str) -> Option<Vec<Addend>> {
    let formula = formula.trim().trim_start_matches('=');
    let terms = formula.split('+').map(|term| self::term(term.trim()));
    terms.collect::<Option<Vec<_>>>().map(|terms| terms.concat())
}

fn term(term: &str) -> Option<Vec<Addend>> {
    let sum = |text: &str| -> Option<Vec<Addend>> {
        text.split(',').map(|range| addend(range.trim(), true)).collect::<Option<Vec<_>>>()
    };
    let (function, rest) = term.split_once('(').unwrap_or(("", term));
    match function.trim() {
        "" => Some(vec![addend(term, false)?]),
        name if name.eq_ignore_ascii_case("sum") => sum(rest.strip_suffix(')')?),
        _ => None,
    }
}

/// A range, or, outside `SUM`, a single cell.
fn addend(text: &str, in_sum: bool) -> Option<Addend> {
    let (sheet, range) = match text.rsplit_once('!') {
        Some((sheet, range)) => (Some(sheet_name(sheet)?), range),
        None => (None, text),
    };
    let named = range.bytes().any(|byte| byte.is_ascii_digit()) && range.bytes().any(|byte| byte.is_ascii_alphabetic());
    let area: Area = area(range).filter(|_| named)?;
    (in_sum || area.first == area.last).then_some(Addend { sheet, area, in_sum })
}

fn sheet_name(text: &str) -> Option<String> {
    match text.strip_prefix('\'') {
        Some(quoted) => Some(quoted.strip_suffix('\'')?.replace("''", "'")),
        None => text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.')).then(|| text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_adds_up_is_done_again() {
        let count = |formula: &str| added_up(formula).map(|addends| addends.len());
        for (formula, expected) in [
            ("SUM(B2:B9)", 1),
            ("sum($B$2:$B$9, D4)", 2),
            ("B2+B3+B4", 3),
            ("Sheet2!B2", 1),
            ("'My sheet'!B2+SUM(C1:C2)", 2),
            ("ລາວ!B2", 1),
        ] {
            assert_eq!(count(formula), Some(expected), "{formula}");
        }
        for formula in [
            "B2-B3",
            "B2*2",
            "SUM(B2:B9)/2",
            "AVERAGE(B2:B9)",
            "B2:B9",
            "total",
            "1",
            "SUM(",
            "Table1[a]",
            "",
            "SUM(B:B)",
            "B2+5",
        ] {
            assert_eq!(count(formula), None, "{formula}");
        }
    }
}
