//! Which periods are counted under another name: a sound day or month under its year, or, where a register covers only a part of
//! that year, under that part. Everything else stays as it is written, for `check` to judge: 29 February, intervals, `~`.

use chrono::{Datelike, NaiveDate};

use super::Counting;
use super::literal::literal;
use crate::tables::ingest::RawTable;
use crate::value::period::Period;

/// A year of which a register covers a part only.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    /// The register.
    source: String,
    /// The first and the last day of the part.
    first: NaiveDate,
    last: NaiveDate,
}

/// The years that the registers of a table of sources cut, at their beginning or at their end.
pub(super) fn cuts(sources: &RawTable) -> Vec<Cut> {
    let cells = |name: &str| sources.cells(name).map(|(_, column)| column);
    let (Some(ids), Some(roles), Some(covers)) = (cells("id"), cells("role"), cells("covers")) else {
        return Vec::new();
    };
    let registers = (0..sources.rows).filter(|row| roles.cell(*row) == "register");
    registers.flat_map(|row| cuts_of(ids.cell(row), covers.cell(row))).collect()
}

fn cuts_of(source: &str, covers: &str) -> Vec<Cut> {
    let Ok(covers) = Period::parse(covers) else { return Vec::new() };
    let mut ends = vec![covers.start().year(), covers.end().year()];
    ends.dedup();
    let part = |year: i32| {
        let whole = Period::year(year).ok()?;
        let (first, last) = (covers.start().max(whole.start()), covers.end().min(whole.end()));
        let cut = (first, last) != (whole.start(), whole.end());
        cut.then(|| Cut { source: source.to_owned(), first, last })
    };
    ends.into_iter().filter_map(part).collect()
}

impl Cut {
    /// The part as a period: by months where it begins and ends with one.
    fn text(&self) -> String {
        let (first, last) = (self.first, self.last);
        let from = if begins_month(first) { first.format("%Y-%m") } else { first.format("%Y-%m-%d") };
        let to = if ends_month(last) { last.format("%Y-%m") } else { last.format("%Y-%m-%d") };
        format!("{from}/{to}")
    }

    /// The condition that a sound day or month lies in the part.
    fn holds(&self, period: &str) -> String {
        let (first, last) = (self.first, self.last);
        // A month lies in the part only as a whole.
        let from = if begins_month(first) { first.month() } else { first.month() + 1 };
        let to = if ends_month(last) { last.month() } else { last.month() - 1 };
        format!(
            "(SUBSTR({period}, 9, 2) <> '' AND {period} BETWEEN '{first}' AND '{last}' \
             OR SUBSTR({period}, 6, 2) <> '' AND SUBSTR({period}, 9, 2) = '' AND SUBSTR({period}, 6, 2) BETWEEN '{from:02}' AND '{to:02}')"
        )
    }
}

fn begins_month(day: NaiveDate) -> bool {
    day.day() == 1
}

fn ends_month(day: NaiveDate) -> bool {
    day.succ_opt().is_none_or(begins_month)
}

/// The condition that a period is a year, a month or a day that every calendar has.
fn sound(period: &str) -> String {
    let (month, day) = (format!("SUBSTR({period}, 6, 2)"), format!("SUBSTR({period}, 9, 2)"));
    format!(
        "TRANSLATE({period}, '012345678', '999999999') IN ('9999', '9999-99', '9999-99-99')
               AND ({month} = '' OR {month} BETWEEN '01' AND '12')
               AND ({day} = '' OR {day} BETWEEN '01' AND '28'
                 OR {day} IN ('29', '30') AND {month} <> '02'
                 OR {day} = '31' AND {month} IN ('01', '03', '05', '07', '08', '10', '12'))"
    )
}

/// The expression of the period that a case is counted under.
pub(super) fn expression(counting: &Counting<'_>) -> String {
    let period = counting.period;
    let (sound, raw) = (sound(period), format!("COALESCE({period}, '')"));
    let mut whens = Vec::new();
    if !counting.stock.is_empty() {
        let codes: Vec<String> = counting.stock.iter().map(|code| literal(code)).collect();
        whens.push(format!("WHEN {} IN ({}) THEN {raw}", counting.measure, codes.join(", ")));
    }
    for cut in &counting.cuts {
        let (year, source) = (cut.first.format("%Y"), literal(&cut.source));
        let here = format!("source = {source} AND SUBSTR({period}, 1, 4) = '{year}' AND {sound}");
        whens.push(format!(
            "WHEN {here}\n              THEN CASE WHEN {} THEN '{}' ELSE {raw} END",
            cut.holds(period),
            cut.text()
        ));
    }
    whens.push(format!("WHEN {sound}\n              THEN SUBSTR({period}, 1, 4)"));
    format!("CASE {}\n              ELSE {raw} END", whens.join("\n              "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(covers: &str) -> Vec<String> {
        cuts_of("police", covers).iter().map(Cut::text).collect()
    }

    #[test]
    fn a_cut_year_is_the_part_that_is_covered() {
        assert_eq!(parts("2020/2024"), Vec::<String>::new());
        assert_eq!(parts("2021-07/2024"), ["2021-07/2021-12"]);
        assert_eq!(parts("2021-07-15/2024-03"), ["2021-07-15/2021-12", "2024-01/2024-03"]);
        assert_eq!(parts("2023-02/2023-11-20~"), ["2023-02/2023-11-20"]);
        assert_eq!(parts("2020-02-29/2021"), ["2020-02-29/2020-12"]);
        assert_eq!(parts(""), Vec::<String>::new());
    }

    #[test]
    fn the_part_that_is_emitted_lies_in_what_is_covered() {
        for covers in ["2021-07/2024", "2021-07-15/2024-03", "2023-02/2023-11-20", "2021-12-31/2024-01-01"] {
            let whole = Period::parse(covers).expect("a period");
            for part in parts(covers) {
                assert!(whole.contains(&Period::parse(&part).expect("a period")), "{part} in {covers}");
            }
        }
    }
}
