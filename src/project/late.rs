//! When a year of a register closes, and what is told of the cases that come later: `[disclosure.late]` in `report.toml`
//! (docs/disclosure.md#years-close).

use chrono::{Months, NaiveDate};

use crate::diagnostic::{Code, Diagnostic};
use crate::project::declaration::keys::{self, Keys};
use crate::project::declaration::{Declaration, Located};

/// The keys of `[disclosure.late]`.
pub static LATE: Keys = Keys::of(
    "[disclosure.late]",
    "When a year of a register closes, and what is told of the cases that come later.",
    &[
        keys::one_of("tell", &[("rounded", "their number, rounded"), ("closed", "nothing")])
            .else_text("rounded")
            .says("What is told of cases that come after their year has closed.")
            .example("\"closed\""),
        keys::integer("base", None, None)
            .without("the next multiple of five above the threshold")
            .says("The number of late cases is rounded to a multiple of this. It must be greater than the threshold.")
            .example("15"),
        keys::integer("lag_months", Some(0), Some(MOST_MONTHS as i64))
            .else_number(LAG_MONTHS as i64)
            .says("So many months after its last day a year is due to close, and no earlier.")
            .example("3"),
        keys::like("closes", "^[0-9]+-[0-9]{1,2}-[0-9]{1,2}$")
            .without("the last day of the issue’s year")
            .says("The day to which the months are counted.")
            .example("\"2024-03-31\""),
    ],
);

/// The rules for years that close, and for late cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late {
    /// What is told of cases that come after a year closed.
    pub tell: Tell,
    /// The base that late cases are rounded to, where it is declared.
    base: Option<i64>,
    /// So many months after its last day a year is due to close, and no earlier.
    pub lag_months: u32,
    /// The day to which the lag is counted; never that of the clock. None before the issue is known.
    pub closes: Option<NaiveDate>,
}

/// What is told of late cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tell {
    /// Their number, rounded.
    Rounded,
    /// Nothing.
    Closed,
}

/// By default a year is due after a quarter.
const LAG_MONTHS: u32 = 3;
/// By default the base is a multiple of this.
const STEP: i64 = 5;

impl Default for Late {
    fn default() -> Self {
        Self { tell: Tell::Rounded, base: None, lag_months: LAG_MONTHS, closes: None }
    }
}

impl Late {
    /// The base for a threshold: at least one more than it.
    #[must_use]
    pub fn base(&self, threshold: i64) -> i64 {
        let least = threshold.saturating_add(1);
        let next = least.saturating_add(STEP - 1) / STEP * STEP;
        self.base.unwrap_or(next).max(least)
    }

    /// Whether a year whose last day this is may close.
    #[must_use]
    pub fn is_due(&self, last: NaiveDate) -> bool {
        let from = last.checked_add_months(Months::new(self.lag_months));
        self.closes.is_none_or(|closes| from.is_some_and(|from| from <= closes))
    }

    /// Reads `[disclosure.late]`, and where its base is declared; a base is held against the threshold.
    #[must_use]
    pub fn read(mut declaration: Declaration<'_>, threshold: i64) -> (Self, Option<Located<i64>>) {
        let mut late = Self::default();
        if let Some(tell) = declaration.text("tell") {
            match tell.value.as_str() {
                "rounded" => late.tell = Tell::Rounded,
                "closed" => late.tell = Tell::Closed,
                other => {
                    let message = format!("`{other}` is not a way to tell late cases");
                    let fault = Diagnostic::error(Code::InvalidValue, tell.span, message);
                    declaration
                        .fault(fault.hint("write `rounded` to tell them rounded, or `closed` to say nothing of them"));
                }
            }
        }
        let base = declaration.integer("base").filter(|base| at_least(base, threshold, &mut declaration));
        late.base = base.as_ref().map(|base| base.value);
        if let Some(lag) = declaration.integer("lag_months") {
            match u32::try_from(lag.value) {
                Ok(months) if months <= MOST_MONTHS => late.lag_months = months,
                _ => {
                    let message = format!("a lag of {} months; 0 to {MOST_MONTHS} are expected", lag.value);
                    declaration.fault(Diagnostic::error(Code::InvalidValue, lag.span, message));
                }
            }
        }
        late.closes = declaration.text("closes").and_then(|day| one_day(&day, &mut declaration));
        declaration.finish();
        (late, base)
    }

    /// With the day to which the lag is counted where none is declared: the last one of the issue's year.
    #[must_use]
    pub fn closing(self, issue: NaiveDate) -> Self {
        let year = chrono::Datelike::year(&issue);
        Self { closes: self.closes.or_else(|| NaiveDate::from_ymd_opt(year, 12, 31)), ..self }
    }
}

/// A longer lag closes nothing within ten years: it is mistyped.
const MOST_MONTHS: u32 = 120;

fn at_least(base: &Located<i64>, threshold: i64, declaration: &mut Declaration<'_>) -> bool {
    let least = threshold.saturating_add(1);
    if base.value >= least {
        return true;
    }
    let message = format!("a base of {} tells the size of small groups; at least {least} is expected", base.value);
    let fault = Diagnostic::error(Code::InvalidValue, base.span.clone(), message);
    declaration.fault(fault.hint("the base must be greater than the threshold; without `base` it is chosen so"));
    false
}

fn one_day(written: &Located<String>, declaration: &mut Declaration<'_>) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(&written.value, "%Y-%m-%d").ok();
    if day.is_none() {
        let message = format!("`{}` is not a day", written.value);
        let fault = Diagnostic::error(Code::InvalidValue, written.span.clone(), message);
        declaration.fault(fault.hint("write it as `2024-03-31`"));
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("a day")
    }

    #[test]
    fn the_base_is_the_next_multiple_of_five_above_the_threshold() {
        let bases = [3, 4, 11, 14, 15].map(|threshold| Late::default().base(threshold));
        assert_eq!(bases, [5, 5, 15, 15, 20]);
        assert_eq!(Late { base: Some(12), ..Late::default() }.base(11), 12);
    }

    #[test]
    fn a_year_is_due_when_the_lag_has_passed() {
        let late = Late::default().closing(day("2024-05-01"));
        assert_eq!(late.closes, Some(day("2024-12-31")), "the last day of the issue's year");
        assert!(late.is_due(day("2023-12-31")) && !late.is_due(day("2024-12-31")));
        let exact = Late { closes: Some(day("2024-03-31")), ..Late::default() };
        assert!(exact.is_due(day("2023-12-31")), "three months later is the last of March");
        assert!(!Late { closes: Some(day("2024-03-30")), ..exact }.is_due(day("2023-12-31")));
    }
}
