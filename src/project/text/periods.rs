//! Periods as a language writes them.

use chrono::{Datelike, NaiveDate};

use super::Text;
use crate::value::period::Period;

/// Stands behind what rests on an inferred period, as it does in the rows.
pub const INFERRED: &str = "~";

impl Text {
    /// A period as what it is: `2007`, `October 2007`, `April 2007 to March 2008`.
    #[must_use]
    pub fn period(&self, period: &Period) -> String {
        match period.text().split_once('/') {
            None => self.part(period.text(), period.start()),
            Some((first, last)) => self.range(&self.opening(period, first, last), &self.part(last, period.end())),
        }
    }

    /// The period of a figure, marked if it is inferred.
    #[must_use]
    pub fn dated(&self, period: &Period) -> String {
        let text = self.period(period);
        if period.inferred() { self.phrase("period_inferred", &[("period", &text)]) } else { text }
    }

    /// The first end of an interval, without what it shares with the last: "October to November 2007".
    fn opening(&self, period: &Period, first: &str, last: &str) -> String {
        let (start, end) = (period.start(), period.end());
        let same_form = first.len() == last.len() && start.year() == end.year();
        match first.len() {
            7 if same_form => self.locale.month(start),
            10 if same_form && start.month() == end.month() => start.day().to_string(),
            10 if same_form => self.locale.day_of_month(start),
            _ => self.part(first, start),
        }
    }

    /// A short form of a period: years joined by a dash.
    #[must_use]
    pub fn short_period(&self, period: &Period) -> String {
        match period.text().split_once('/') {
            Some((first, last)) if first.len() == 4 && last.len() == 4 => {
                self.years(period.start().year(), period.end().year())
            }
            _ => self.period(period),
        }
    }

    /// A short form of a period in a list of figures: as at the head of a column, with a mark if it is inferred.
    #[must_use]
    pub fn listed(&self, period: &Period) -> String {
        format!("{}{}", self.column(period), if period.inferred() { INFERRED } else { "" })
    }

    /// A period at the head of a column: months in short, years in full: "Apr 2007–Mar 2008".
    #[must_use]
    pub fn column(&self, period: &Period) -> String {
        if period.whole_year().is_some() {
            return self.period(period);
        }
        let part = |day: NaiveDate, written: &str| match written.len() {
            4 => day.year().to_string(),
            7 => self.locale.short_month(day),
            _ => self.locale.short_day(day),
        };
        match period.text().split_once('/') {
            Some((first, last)) => format!("{}–{}", part(period.start(), first), part(period.end(), last)),
            None => part(period.start(), period.text()),
        }
    }

    /// A run of years: `2007–09`.
    #[must_use]
    pub fn years(&self, first: i32, last: i32) -> String {
        match last - first {
            0 => first.to_string(),
            _ if first / 100 == last / 100 => format!("{first}–{:02}", last % 100),
            _ => format!("{first}–{last}"),
        }
    }

    fn range(&self, from: &str, to: &str) -> String {
        self.phrase("period_range", &[("from", from), ("to", to)])
    }

    fn part(&self, written: &str, day: NaiveDate) -> String {
        match written.len() {
            4 => day.year().to_string(),
            7 => self.locale.month_of_year(day),
            _ => self.locale.day(day),
        }
    }
}
