//! The least and the greatest figure of several years. A year without a number could be either, so a range that leaves out a year
//! must name it.

use super::call::{Asked, Call};
use super::direction::{limits, order};
use super::figures::PeriodArgument;
use super::functions::OR_STATE;
use super::phrases::Bound;
use super::resolve::Resolver;
use super::{BoundPhrase, Form};
use crate::diagnostic::{Code, several};
use crate::disclosure::protect::{Lookup, ReleasedCell, Status};
use crate::project::Project;
use crate::value::period::Period;
use crate::value::{Qualifier, Value};

/// A message names at most this many missing years.
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
        if let [(_, first), .., (_, last)] = years.known.as_slice() {
            self.broken(call, &asked, first, last);
        }
        let Some([least, most]) = years.ends(self.project) else {
            let bound = BoundPhrase { missing: Some(years.state()), ..BoundPhrase::unknown(Form::Range) };
            return Some((key, bound, asked));
        };
        let bound = BoundPhrase::of(Form::Range, vec![least, most], None);
        self.incomplete(call, &asked, &years);
        self.beyond(call, &asked, &years, [least, most]);
        Some((key, BoundPhrase { left_out: years.left_out, ..bound }, asked))
    }

    /// A year whose value may lie beyond the printed ends makes the range wrong.
    fn beyond(&mut self, call: &Call, asked: &Asked<'_>, years: &Years<'_>, ends: [&ReleasedCell; 2]) {
        let id = &asked.indicator.id;
        let found = years.known.iter().find_map(|(year, cell)| Some((year, beyond(cell, ends)?)));
        let (message, hint) = match found {
            Some((year, Beyond::Bound)) => (
                format!("the range of `{id}` does not hold: the bound of {year} allows a number beyond its ends"),
                "print that year by itself with `#n(…)`, or ask for years whose numbers are exact",
            ),
            Some((year, Beyond::OtherSource(source))) => (
                format!("the range of `{id}` does not hold: `{source}` gives a number beyond its ends for {year}"),
                "print that year by itself with `#n(…)`, whose note gives the other number, or ask for other years",
            ),
            None => return,
        };
        self.fault(Code::UnknownFigure, call.range.clone(), message, Some(hint.to_owned()));
    }

    /// The value or state of each calendar year from one period to another; none if the tables have errors.
    fn years(&self, asked: &Asked<'_>, from: &PeriodArgument, to: &PeriodArgument) -> Option<Years<'r>> {
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

    /// A range with missing years is an error, unless the call allows their states to be printed after it.
    fn incomplete(&mut self, call: &Call, asked: &Asked<'_>, years: &Years<'_>) {
        if years.left_out.is_empty() || call.says_or_state() {
            return;
        }
        let named = years.left_out.iter().take(SHOWN);
        let named: Vec<String> =
            named.map(|(year, status)| format!("{year} ({})", status.code().replace('_', " "))).collect();
        let more = years.left_out.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {}", several(more, "more year", "more years")) } else { String::new() };
        let message = format!(
            "the range of `{}` has no number for {}{more}, which could be its least or its greatest",
            asked.indicator.id,
            named.join(", ")
        );
        let shorter = match years.longest() {
            Some((first, last)) if first < last => {
                format!("choose years that all have a number, `from: {first}, to: {last}`")
            }
            _ => "print single years with `#n(…)`".to_owned(),
        };
        let hint = format!("{shorter}; or add `{OR_STATE}: true`, which prints the missing years after the numbers");
        self.fault(Code::UnknownFigure, call.range.clone(), message, Some(hint));
    }
}

/// What may lie beyond the ends of a range.
enum Beyond<'c> {
    /// The bound of a first-ranked value.
    Bound,
    /// A contested number of this source.
    OtherSource(&'c str),
}

/// How the value of a year may lie beyond the two ends that are printed. An end that is a bound covers all that the bound
/// allows; a rough number counts as the number that is written; other numbers for an end stand in its note.
fn beyond<'c>(cell: &'c ReleasedCell, ends: [&ReleasedCell; 2]) -> Option<Beyond<'c>> {
    let ((least, _), (_, most)) = (allowed(ends[0])?, allowed(ends[1])?);
    let is_beyond = |(from, to): (f64, f64)| from < least || to > most;
    if allowed(cell).is_some_and(is_beyond) {
        return Some(Beyond::Bound);
    }
    let is_end = ends.iter().any(|end| end.id == cell.id);
    let mut others = cell.alternatives.iter().filter(|_| cell.contested && !is_end);
    let other = others.find(|other| written_limits(&other.value, other.qualifier).is_some_and(is_beyond))?;
    Some(Beyond::OtherSource(other.sources.first().map_or("", String::as_str)))
}

/// The least and the greatest number that the first-ranked value of a cell allows.
fn allowed(cell: &ReleasedCell) -> Option<(f64, f64)> {
    written_limits(cell.value.as_ref()?, cell.qualifier)
}

fn written_limits(value: &Value, qualifier: Qualifier) -> Option<(f64, f64)> {
    match qualifier {
        Qualifier::Approximate => limits(value, Qualifier::Exact),
        qualifier => limits(value, qualifier),
    }
}

impl<'r> Years<'r> {
    /// The years with the least and the greatest number; none where no year has one.
    fn ends(&self, project: &Project) -> Option<[&'r ReleasedCell; 2]> {
        let number = |cell: &ReleasedCell| {
            cell.value.as_ref().and_then(|value| order(project, cell, value)).unwrap_or(f64::NEG_INFINITY)
        };
        // Of two equal numbers the bound makes the wider end: "at least 40" beside 40.
        let (low, high) =
            (|cell| allowed(cell).map_or(0.0, |(low, _)| low), |cell| allowed(cell).map_or(0.0, |(_, high)| high));
        let by = |one: f64, other: f64| one.total_cmp(&other);
        let cells = || self.known.iter().map(|(_, cell)| *cell);
        let least = cells().min_by(|a, b| by(number(a), number(b)).then(by(low(a), low(b))))?;
        let most = cells().max_by(|a, b| by(number(a), number(b)).then(by(high(a), high(b))))?;
        Some([least, most])
    }

    /// The state shared by all years, if none has a number.
    fn state(&self) -> Status {
        let first = self.left_out.first().map(|(_, status)| *status);
        let same = first.filter(|first| self.left_out.iter().all(|(_, status)| status == first));
        same.unwrap_or(Status::NotReported)
    }

    /// The longest run of years with a number; of several, the latest.
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
