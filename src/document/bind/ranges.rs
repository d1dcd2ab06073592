//! The least and the greatest figure of several years. A year without a number may hold either, so that a range which leaves
//! one out must say so.

use super::calls::OR_STATE;
use super::figures::{Asked, Written};
use super::phrases::{Bound, order};
use super::resolve::{Call, Resolver};
use super::{BoundPhrase, Form};
use crate::diagnostic::Code;
use crate::disclosure::protect::{Lookup, ReleasedCell, Status};
use crate::value::period::Period;

/// So many years that a range leaves out are named.
const SHOWN: usize = 6;

/// The calendar years of a range: those with a number, and those without, each with its state.
struct Years<'r> {
    known: Vec<(i32, &'r ReleasedCell)>,
    left_out: Vec<(i32, Status)>,
}

impl<'r> Resolver<'r, '_> {
    /// The least and the greatest figure of the calendar years from one period to another.
    pub(super) fn range(&mut self, call: &Call) -> Option<Bound<'r>> {
        let asked = self.asked(call)?;
        let (from, to) = (self.period_under(call, "from")?, self.period_under(call, "to")?);
        if to.1.end() < from.1.start() {
            let message = format!("`{}` is not before `{}`", from.0, to.0);
            self.fault(Code::PeriodError, call.range.clone(), message, Some("the earlier period stands first".into()));
            return None;
        }
        let key = format!("range|{}|{}", asked.key(&from.0), to.0);
        let years = self.years(&asked, &from, &to)?;
        let project = self.project;
        let height = |cell: &ReleasedCell| cell.value.as_ref().and_then(|value| order(project, cell, value));
        let height = |cell: &ReleasedCell| height(cell).unwrap_or(f64::NEG_INFINITY);
        let mut known: Vec<&ReleasedCell> = years.known.iter().map(|(_, cell)| *cell).collect();
        if let [first, .., last] = known.as_slice() {
            self.broken(call, &asked, first, last);
        }
        known.sort_by(|a, b| height(a).total_cmp(&height(b)));
        let (Some(least), Some(most)) = (known.first(), known.last()) else {
            return Some((
                key,
                BoundPhrase { missing: Some(years.state()), ..BoundPhrase::unknown(Form::Range) },
                asked,
            ));
        };
        let bound = BoundPhrase::of(Form::Range, vec![least, most], None);
        self.incomplete(call, &asked, &years);
        Some((key, BoundPhrase { left_out: years.left_out, ..bound }, asked))
    }

    /// What is known of each calendar year within two periods; none where the tables have faults.
    fn years(&self, asked: &Asked<'_>, from: &Written, to: &Written) -> Option<Years<'r>> {
        let released = self.released?;
        let (start, end) = (from.1.start(), to.1.end());
        let inside = |year: &Period| start <= year.start() && year.end() <= end;
        let mut years = Years { known: Vec::new(), left_out: Vec::new() };
        let ends = [start, end].map(|day| chrono::Datelike::year(&day));
        for (number, year) in (ends[0]..=ends[1]).filter_map(|year| Some((year, Period::year(year).ok()?))) {
            match released.lookup(&asked.indicator.id, &year, &asked.codes) {
                _ if !inside(&year) => {}
                Lookup::Found(cell) if cell.value.is_some() => years.known.push((number, cell)),
                Lookup::Found(cell) => years.left_out.push((number, cell.status)),
                Lookup::Nothing | Lookup::Touching(_) => years.left_out.push((number, Status::NotReported)),
            }
        }
        Some(years)
    }

    /// A range that leaves years out is a fault, unless the call says that they may be named beside it.
    fn incomplete(&mut self, call: &Call, asked: &Asked<'_>, years: &Years<'_>) {
        if years.left_out.is_empty() || call.says_or_state() {
            return;
        }
        let named = years.left_out.iter().take(SHOWN);
        let named: Vec<String> =
            named.map(|(year, status)| format!("{year} ({})", status.code().replace('_', " "))).collect();
        let more = years.left_out.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more years") } else { String::new() };
        let message = format!(
            "the range of `{}` has no number for {}{more}, which may be its least or its greatest",
            asked.indicator.id,
            named.join(", ")
        );
        let shorter = match years.longest() {
            Some((first, last)) if first < last => {
                format!("ask for years that are all known, `from: {first}, to: {last}`")
            }
            _ => "print the known years by `#n(…)`".to_owned(),
        };
        let hint = format!("{shorter}; or add `{OR_STATE}: true`, which prints the years left out beside the numbers");
        self.fault(Code::UnknownFigure, call.range.clone(), message, Some(hint));
    }
}

impl Years<'_> {
    /// The state of all of them, where none has a number.
    fn state(&self) -> Status {
        let first = self.left_out.first().map(|(_, status)| *status);
        let same = first.filter(|first| self.left_out.iter().all(|(_, status)| status == first));
        same.unwrap_or(Status::NotReported)
    }

    /// The longest stretch of known years, the latest of several.
    fn longest(&self) -> Option<(i32, i32)> {
        let mut stretches: Vec<(i32, i32)> = Vec::new();
        for (year, _) in &self.known {
            match stretches.last_mut() {
                Some((_, last)) if *last + 1 == *year => *last = *year,
                _ => stretches.push((*year, *year)),
            }
        }
        stretches.into_iter().max_by_key(|(first, last)| (last - first, *last))
    }
}
