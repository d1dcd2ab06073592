//! Looks up the figure that a call asks for by its indicator, codes and period.

use std::collections::BTreeMap;

use super::BoundFigure;
use super::call::{Asked, Call, suggestion};
use super::functions::{OR_STATE, Role};
use super::resolve::Resolver;
use crate::diagnostic::Code;
use crate::disclosure::protect::{Lookup, ReleasedCell, Status};
use crate::project::indicator::{Indicator, Measure};
use crate::project::schema::{Field, StandsFor};
use crate::value::period::Period;

/// There is no cell, and an error that says why is reported already: at this call, or in the tables.
pub(super) struct Reported;

/// A hint lists at most this many periods.
const SHOWN: usize = 4;

/// A period argument: as written, and parsed.
pub(super) type PeriodArgument = (String, Period);

impl<'r> Resolver<'r, '_> {
    /// Binds one figure and returns its id.
    pub(super) fn figure(&mut self, call: &Call) -> Vec<String> {
        let (Some(asked), Some((written, period))) = (self.asked(call), self.asked_period(call)) else {
            return Vec::new();
        };
        let Ok(cell) = self.cell(call, &asked, &(written.clone(), period.clone())) else { return Vec::new() };
        let known = cell.is_some_and(|cell| cell.value.is_some() || cell.below.is_some());
        if call.role == Role::Number && !known {
            self.stateless(call, &asked, cell.map_or(Status::NotReported, |cell| cell.status));
        }
        let cell = if call.says_late() && known { self.with_late(call, cell) } else { cell };
        let printed = cell.filter(|_| call.role == Role::Number).map(|cell| cell.id.clone());
        self.remember(call, &asked, period, printed.into_iter().collect());
        let key = if call.says_late() { format!("{}|late", asked.key(&written)) } else { asked.key(&written) };
        let indicator = asked.indicator.id.clone();
        self.bindings.figures.insert(key, BoundFigure { indicator, cell });
        cell.into_iter().map(|cell| cell.id.clone()).collect()
    }

    /// The cell with late cases.
    fn with_late(&mut self, call: &Call, cell: Option<&'r ReleasedCell>) -> Option<&'r ReleasedCell> {
        let late = self.released.and_then(|released| released.with_late_cases(cell?));
        if late.is_none() {
            let message = "no late cases are told of this figure".to_owned();
            let hint = "they are told of a register's numbers from the first release after the one that closes their year; \
                        until then write the call without `late: true`";
            self.fault(Code::UnknownFigure, call.range.clone(), message, Some(hint.to_owned()));
        }
        late
    }

    /// The indicator and the codes that a call asks for.
    pub(super) fn asked(&mut self, call: &Call) -> Option<Asked<'r>> {
        let counted = |indicator: &Indicator| matches!(indicator.measure, Measure::Observed { .. } | Measure::Ratio(_));
        let (id, range) = self.first(call)?;
        let Some(indicator) = self.project.indicator(&id).filter(|indicator| counted(indicator)) else {
            let hint = suggestion(&id, self.ids(counted).into_iter());
            self.fault(Code::UnknownFigure, range, format!("there is no figure `{id}`"), Some(hint));
            return None;
        };
        Some(Asked { indicator, codes: self.codes(call, indicator)? })
    }

    /// The released cell of a period; none if no figure was found.
    ///
    /// # Errors
    /// If only overlapping periods have a figure, or the country has no release; the error is already reported.
    pub(super) fn cell(
        &mut self,
        call: &Call,
        asked: &Asked<'_>,
        (written, period): &PeriodArgument,
    ) -> Result<Option<&'r ReleasedCell>, Reported> {
        let id = &asked.indicator.id;
        match self.released.ok_or(Reported)?.lookup(id, period, &asked.codes) {
            Lookup::Found(cell) => Ok(Some(cell)),
            Lookup::Nothing => Ok(None),
            Lookup::Touching(cells) => {
                let periods: Vec<_> = cells.iter().map(|cell| format!("period: \"{}\"", cell.period.text())).collect();
                let hint = format!("use one of these periods: {}", periods.join(" or "));
                let message = format!("`{id}` has no figure for `{written}`, only for overlapping periods");
                self.fault(Code::PeriodMismatch, call.range.clone(), message, Some(hint));
                Err(Reported)
            }
        }
    }

    /// Printing a state in place of a number is an error unless the call allows it.
    pub(super) fn stateless(&mut self, call: &Call, asked: &Asked<'_>, status: Status) {
        if call.says_or_state() {
            return;
        }
        let state = status.code().replace('_', " ");
        let message = format!("this figure of `{}` is {state}: there is no number to print", asked.indicator.id);
        let series = self.released.map(|released| released.series(&asked.indicator.id, &asked.codes));
        let known = series.unwrap_or_default().into_iter().filter(|cell| cell.value.is_some());
        let periods: Vec<&str> = known.map(|cell| cell.period.text()).collect();
        let latest = &periods[periods.len().saturating_sub(SHOWN)..];
        let known = match latest {
            [] => "write the sentence without a number".to_owned(),
            latest if latest.len() < periods.len() => {
                format!("there are figures for {} and earlier", latest.join(", "))
            }
            latest => format!("there are figures for {}", latest.join(", ")),
        };
        let hint =
            format!("{known}; add `{OR_STATE}: true` only if the sentence still reads well with “{state}” in it");
        self.fault(Code::UnknownFigure, call.range.clone(), message, Some(hint));
    }

    /// The period given by `year` or `period`.
    pub(super) fn asked_period(&mut self, call: &Call) -> Option<PeriodArgument> {
        if !call.named.iter().any(|(name, ..)| name == "year" || name == "period") {
            let message = "the call gives no period".to_owned();
            let hint = "add `year: 2007` or `period: \"2007-04/2008-03\"`".to_owned();
            self.fault(Code::UnknownFigure, call.range.clone(), message, Some(hint));
            return None;
        }
        let name = if call.named.iter().any(|(name, ..)| name == "year") { "year" } else { "period" };
        self.period_under(call, name)
    }

    /// The period given by a named argument, which is required.
    pub(super) fn period_under(&mut self, call: &Call, name: &str) -> Option<PeriodArgument> {
        let Some((_, written, range)) = call.named.iter().find(|(known, ..)| known == name) else {
            let message = format!("the call has no argument `{name}`, which gives a period");
            let hint = format!("add `{name}: 2007` or `{name}: \"2007-04/2008-03\"`");
            self.fault(Code::UnknownFigure, call.range.clone(), message, Some(hint));
            return None;
        };
        match Period::parse(written) {
            Ok(period) => Some((written.clone(), period)),
            Err(reason) => {
                self.fault(Code::PeriodError, range.clone(), reason, None);
                None
            }
        }
    }

    fn codes(&mut self, call: &Call, indicator: &Indicator) -> Option<BTreeMap<String, String>> {
        let own = call.role.figure().unwrap_or_default();
        let mut codes = BTreeMap::new();
        for (name, code, range) in call.named.iter().filter(|(name, ..)| !own.contains(&name.as_str())) {
            if !indicator.dimensions.contains(name) {
                let message = format!("`{}` is not broken down by `{name}`", indicator.id);
                let hint = suggestion(name, indicator.dimensions.iter().map(String::as_str));
                self.fault(Code::UnknownFigure, range.clone(), message, Some(hint));
                return None;
            }
            let Measure::Observed { table, .. } = &indicator.measure else { return None };
            let field = self.project.schema(table).and_then(|schema| schema.field(name));
            let limits = field.map(|field| &field.constraints);
            let unlisted = limits.is_some_and(|l| !l.allowed.is_empty() && !l.allowed.contains(code));
            let misspelt = limits.is_some_and(|l| l.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(code)));
            let nowhere = field.is_some_and(|field| field.names_no_country(code));
            // Where any code may occur, a register sums the rare ones under this one.
            let folded = code == crate::project::schema::REST && field.is_some_and(Field::is_open);
            if !folded && (unlisted || misspelt || nowhere) {
                let allowed = limits.map_or(&[][..], |l| l.allowed.as_slice());
                let country = field.filter(|field| field.stands_for == Some(StandsFor::Country));
                let advice = country.and_then(|field| field.countries.advice(code));
                let expected = || country.and_then(|field| field.expected.as_ref()).map(|e| format!("write {e}"));
                let hint = advice
                    .or_else(|| expected().filter(|_| allowed.is_empty()))
                    .unwrap_or_else(|| suggestion(code, allowed.iter().map(String::as_str)));
                self.fault(
                    Code::UnknownFigure,
                    range.clone(),
                    format!("`{code}` is not a code of `{name}`"),
                    Some(hint),
                );
                return None;
            }
            codes.insert(name.clone(), code.clone());
        }
        codes.retain(|_, code| code != crate::project::schema::TOTAL);
        Some(codes)
    }
}
