//! How a column writes its periods, as far as its texts tell.

use super::codes::words;
use super::column::Column;
use super::written::string;
use crate::project::imports::{Dated, Dating, Form, OPEN};
use crate::tables::ingest::delivered::CellKind;

/// Forms that one text alone shows.
const FORMS: [&str; 5] = ["year", "quarter", "month", "day", "years"];
/// Words of labels over periods.
const LABELS: [&str; 7] = ["year", "period", "date", "time", "month", "quarter", "day"];

/// The keys of a field that reads these texts as periods, such as `as = "year"`; none where they are no periods.
pub(super) fn dating(texts: &[(String, CellKind)]) -> Option<String> {
    let full: Vec<(&str, CellKind)> =
        texts.iter().filter(|(text, _)| !text.is_empty()).map(|(text, kind)| (text.as_str(), *kind)).collect();
    if full.is_empty() {
        return None;
    }
    let reads = |name: &str, buddhist: bool, any_digits: bool| {
        let Some(form) = Form::named(name) else { return false };
        let dating = Dating { form, buddhist, upto: None, any_digits };
        full.iter().all(|(text, kind)| {
            let dated = if *kind == CellKind::Day { Dated::Day } else { Dated::No };
            dating.read(text, dated).is_some()
        })
    };
    for (buddhist, keys) in [(false, ""), (true, ", era = \"buddhist\"")] {
        if let Some(form) = FORMS.iter().find(|form| reads(form, buddhist, true)) {
            return Some(format!("as = {}{keys}", string(form)));
        }
        match (reads("d/m/y", buddhist, true), reads("m/d/y", buddhist, true)) {
            (true, false) => return Some(format!("as = \"d/m/y\"{keys}")),
            (false, true) => return Some(format!("as = \"m/d/y\"{keys}")),
            (true, true) => return Some(format!("as = {}{keys}", string(OPEN))),
            (false, false) => {}
        }
        if reads("fiscal-04", buddhist, true) {
            return Some(format!("as = {}{keys}", string(OPEN)));
        }
    }
    None
}

/// How much a column looks like that of the periods: by its label, and by what it holds.
pub(super) fn likeness(column: &Column) -> usize {
    let label = words(&column.label);
    let named = label.split(' ').any(|word| LABELS.contains(&word));
    match (reads(column), named) {
        (Some(_), true) => 3,
        (Some(_), false) if column.is_of_years() => 2,
        (Some(_), false) if column.cells.iter().all(|(value, _)| value.kind == CellKind::Day) => 1,
        _ => 0,
    }
}

/// The keys that read a column.
pub(super) fn reads(column: &Column) -> Option<String> {
    let text =
        |(value, _): &(crate::tables::ingest::delivered::Value, usize)| (column.counted(&value.text), value.kind);
    dating(&column.cells.iter().map(text).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_texts_show_is_said() {
        let keys =
            |texts: &[&str]| dating(&texts.iter().map(|text| ((*text).to_owned(), CellKind::Text)).collect::<Vec<_>>());
        assert_eq!(keys(&["2019", "2020", ""]).as_deref(), Some("as = \"year\""));
        assert_eq!(keys(&["2562"]).as_deref(), Some("as = \"year\", era = \"buddhist\""));
        assert_eq!(keys(&["2019-Q1"]).as_deref(), Some("as = \"quarter\""));
        assert_eq!(keys(&["31/12/2019", "1/2/2019"]).as_deref(), Some("as = \"d/m/y\""));
        assert_eq!(keys(&["1/2/2019"]).as_deref(), Some("as = \"?\""));
        assert_eq!(keys(&["2019-20", "2020-21"]).as_deref(), Some("as = \"?\""));
        assert_eq!([keys(&["Laos"]), keys(&[""])], [None, None]);
    }
}
