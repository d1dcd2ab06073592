//! The calls of a narrative held against what is declared and released.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::calls::Role;
use super::{Bindings, BoundFigure};
use crate::country::Country;
use crate::declaration::nearest;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::indicator::{Indicator, Measure};
use crate::period::Period;
use crate::project::Project;
use crate::protect::{CountryRelease, Lookup};

/// A call, read but not yet understood.
pub(super) struct Call {
    pub(super) role: Role,
    pub(super) positional: Vec<(String, Range<usize>)>,
    pub(super) named: Vec<(String, String, Range<usize>)>,
    range: Range<usize>,
}

impl Call {
    pub(super) fn new(role: Role, range: Range<usize>) -> Self {
        Self { role, positional: Vec::new(), named: Vec::new(), range }
    }
}

/// Resolves the calls of one narrative and collects what they bind.
pub(super) struct Resolver<'r, 'd> {
    project: &'r Project,
    released: Option<&'r CountryRelease>,
    source: &'d Arc<Source>,
    diagnostics: &'d mut Diagnostics,
    bindings: Bindings<'r>,
}

impl<'r, 'd> Resolver<'r, 'd> {
    pub(super) fn new(
        project: &'r Project,
        released: Option<&'r CountryRelease>,
        source: &'d Arc<Source>,
        diagnostics: &'d mut Diagnostics,
    ) -> Self {
        Self { project, released, source, diagnostics, bindings: Bindings::default() }
    }

    pub(super) fn finish(self) -> Bindings<'r> {
        self.bindings
    }

    pub(super) fn fault(&mut self, code: Code, range: Range<usize>, message: String, hint: Option<String>) {
        let fault = Diagnostic::error(code, Span::new(self.source, range), message);
        self.diagnostics.push(Diagnostic { hint: hint.map(Into::into), ..fault });
    }

    /// A bare numeral: the fault names a binding that would print it, where the data holds the value.
    pub(super) fn unbound(&mut self, numeral: &str, range: Range<usize>) {
        let plain: String = numeral.chars().filter(char::is_ascii_digit).collect();
        let mut cells = self.released.iter().flat_map(|released| released.all());
        let cell = cells.find(|cell| {
            cell.value.as_ref().and_then(crate::value::Value::count).is_some_and(|count| count.to_string() == plain)
        });
        let hint = match cell {
            Some(cell) => {
                let codes: String =
                    cell.codes.iter().map(|(dimension, code)| format!(", {dimension}: \"{code}\"")).collect();
                let period = cell
                    .period
                    .whole_year()
                    .map_or_else(|| format!("period: \"{}\"", cell.period.text()), |year| format!("year: {year}"));
                format!(
                    "the data has it: `#n(\"{}\", {period}{codes})`; for a year or an article write `#lit[{numeral}]`",
                    cell.indicator
                )
            }
            None => format!("no figure has this value; for a year, a date or an article write `#lit[{numeral}]`"),
        };
        self.fault(Code::UnboundNumber, range, format!("the number `{numeral}` is bound to no figure"), Some(hint));
    }

    pub(super) fn resolve(&mut self, call: Call) {
        if !matches!(call.role, Role::Number | Role::Certainty) {
            let unknown = |(name, ..): &&(String, String, Range<usize>)| call.role != Role::Chart || name != "width";
            for (name, _, range) in call.named.iter().filter(unknown) {
                let message = format!("this function has no argument `{name}`");
                self.fault(Code::ForbiddenCode, range.clone(), message, None);
            }
        }
        match call.role {
            Role::Number | Role::Certainty => self.figure(&call),
            Role::Cite => self.cite(&call),
            Role::Date => self.date(&call),
            Role::Period => self.period(&call),
            Role::Chart => {
                let known: Vec<&str> = self.ids(|indicator| indicator.chart.is_some());
                self.named(&call, "chart", &known, |bindings| &mut bindings.charts);
            }
            Role::Table => {
                let known: Vec<&str> = self.ids(|indicator| indicator.table);
                self.named(&call, "released table", &known, |bindings| &mut bindings.tables);
            }
            Role::Chronology => {
                let known: Vec<&str> = self.project.sections.iter().map(|section| section.id.as_str()).collect();
                self.named(&call, "section", &known, |bindings| &mut bindings.chronologies);
            }
            Role::Literal | Role::Text => {}
        }
    }

    /// Whether a call places something that needs the whole width of the page.
    pub(super) fn as_wide_as_the_page(&self, call: &Call) -> bool {
        match call.role {
            Role::Table | Role::Chronology => true,
            Role::Chart => {
                let id = call.positional.first().map_or("", |(id, _)| id.as_str());
                let declared = self.project.indicator(id).and_then(|indicator| indicator.chart.as_ref());
                let asked = call.named.iter().find(|(name, ..)| name == "width").map(|(_, width, _)| width.as_str());
                asked.or(declared.map(|chart| chart.width.as_str())) == Some("full")
            }
            _ => false,
        }
    }

    fn ids(&self, wanted: impl Fn(&Indicator) -> bool) -> Vec<&'r str> {
        self.project.indicators.iter().filter(|indicator| wanted(indicator)).map(|i| i.id.as_str()).collect()
    }

    fn named(
        &mut self,
        call: &Call,
        what: &str,
        known: &[&str],
        place: impl for<'b> FnOnce(&'b mut Bindings<'r>) -> &'b mut std::collections::BTreeSet<String>,
    ) {
        let Some((id, range)) = self.first(call) else { return };
        if known.contains(&id.as_str()) {
            place(&mut self.bindings).insert(id);
            return;
        }
        let hint = suggestion(&id, known.iter().copied());
        self.fault(Code::UnknownName, range, format!("there is no {what} `{id}`"), Some(hint));
    }

    fn first(&mut self, call: &Call) -> Option<(String, Range<usize>)> {
        let first = call.positional.first().cloned();
        if first.is_none() {
            let message = "the call names nothing: its first argument must be an id in quotes".to_owned();
            self.fault(Code::UnknownFigure, call.range.clone(), message, None);
        }
        first
    }

    fn cite(&mut self, call: &Call) {
        let Some(released) = self.released else { return };
        for (id, range) in &call.positional {
            if released.source(id).is_some() {
                self.bindings.sources.insert(id.clone());
                continue;
            }
            let hint = suggestion(id, released.sources().iter().map(|source| source.id.as_str()));
            self.fault(Code::UnknownName, range.clone(), format!("there is no source `{id}`"), Some(hint));
        }
    }

    fn date(&mut self, call: &Call) {
        let (Some((id, range)), Some(released)) = (self.first(call), self.released) else { return };
        if released.events().iter().any(|event| event.id == id) {
            self.bindings.dates.insert(id);
            return;
        }
        let hint = suggestion(&id, released.events().iter().map(|event| event.id.as_str()));
        self.fault(Code::UnknownName, range, format!("there is no event `{id}`"), Some(hint));
    }

    fn period(&mut self, call: &Call) {
        let Some((text, range)) = self.first(call) else { return };
        match Period::parse(&text) {
            Ok(period) => drop(self.bindings.periods.insert(text, period)),
            Err(reason) => self.fault(Code::PeriodError, range, reason, None),
        }
    }

    fn figure(&mut self, call: &Call) {
        let Some((id, range)) = self.first(call) else { return };
        let indicator = self.project.indicator(&id).filter(|i| matches!(i.measure, Measure::Observed { .. }));
        let Some(indicator) = indicator else {
            let known = self.ids(|indicator| matches!(indicator.measure, Measure::Observed { .. }));
            let hint = suggestion(&id, known.into_iter());
            return self.fault(Code::UnknownFigure, range, format!("there is no figure `{id}`"), Some(hint));
        };
        let (Some(codes), Some((written, period))) = (self.codes(call, indicator), self.asked_period(call)) else {
            return;
        };
        let Some(released) = self.released else { return };
        let cell = match released.lookup(&id, &period, &codes) {
            Lookup::Found(cell) => Some(cell),
            Lookup::Nothing => None,
            Lookup::Touching(cells) => {
                let periods: Vec<_> = cells.iter().map(|cell| format!("period: \"{}\"", cell.period.text())).collect();
                let hint = format!("ask for the period it is: {}", periods.join(" or "));
                let message = format!("`{id}` has no figure for `{written}`, only for a period that touches it");
                return self.fault(Code::PeriodMismatch, call.range.clone(), message, Some(hint));
            }
        };
        let pairs: Vec<_> = codes.iter().map(|(dimension, code)| format!("{dimension}={code}")).collect();
        let key = format!("{id}|{written}|{}", pairs.join(","));
        self.bindings.figures.insert(key, BoundFigure { indicator: id, period, codes, cell });
    }

    /// The period asked for, as it was written and as it is.
    fn asked_period(&mut self, call: &Call) -> Option<(String, Period)> {
        let asked = call.named.iter().find(|(name, ..)| name == "year" || name == "period");
        let Some((_, written, range)) = asked else {
            let message = "the call asks for no period".to_owned();
            let hint = "add `year: 2007` or `period: \"2007-04/2008-03\"`".to_owned();
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
        let mut codes = BTreeMap::new();
        for (name, code, range) in call.named.iter().filter(|(name, ..)| name != "year" && name != "period") {
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
            if unlisted || misspelt {
                let allowed = limits.map_or(&[][..], |l| l.allowed.as_slice());
                let hint = suggestion(code, allowed.iter().map(String::as_str));
                self.fault(Code::UnknownFigure, range.clone(), format!("`{code}` is no code of `{name}`"), Some(hint));
                return None;
            }
            codes.insert(name.clone(), code.clone());
        }
        codes.retain(|_, code| code != crate::schema::TOTAL);
        Some(codes)
    }
}

/// The events that a country puts on its milestone chart must exist.
pub(super) fn milestones(country: &Country, released: &CountryRelease, diagnostics: &mut Diagnostics) {
    for milestone in &country.milestones {
        if !released.events().iter().any(|event| event.id == milestone.value) {
            let hint = suggestion(&milestone.value, released.events().iter().map(|event| event.id.as_str()));
            let message = format!("there is no event `{}`", milestone.value);
            diagnostics.push(Diagnostic::error(Code::UnknownName, milestone.span.clone(), message).hint(hint));
        }
    }
}

/// The figures that a country declares to be one under two names must exist.
pub(super) fn same(country: &Country, released: &CountryRelease, diagnostics: &mut Diagnostics) {
    for figure in country.same.iter().flat_map(|same| &same.figures) {
        if !released.all().any(|cell| cell.id == figure.value) {
            let hint = suggestion(&figure.value, released.all().map(|cell| cell.id.as_str()));
            let message = format!("there is no figure `{}`", figure.value);
            diagnostics.push(Diagnostic::error(Code::UnknownFigure, figure.span.clone(), message).hint(hint));
        }
    }
}

fn suggestion<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> String {
    let candidates: Vec<&str> = candidates.collect();
    match nearest(word, candidates.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if candidates.is_empty() => "there is none".to_owned(),
        None if candidates.len() <= 12 => format!("there are: {}", candidates.join(", ")),
        None => {
            format!("there are {}, from {} to {}", candidates.len(), candidates[0], candidates[candidates.len() - 1])
        }
    }
}
