//! Looks up what the calls of a narrative name, among the declarations and released figures.

use std::ops::Range;
use std::sync::Arc;

use super::call::{Asked, Call, suggestion};
use super::functions::Role;
use super::numbers::Numbers;
use super::{Bindings, FigureCall, Title};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::disclosure::protect::CountryRelease;
use crate::project::Project;
use crate::project::country::{Country, Same};
use crate::project::indicator::Indicator;
use crate::value::period::Period;

/// Resolves the calls of one narrative and collects the bindings.
pub(super) struct Resolver<'r, 'd> {
    pub(super) project: &'r Project,
    pub(super) released: Option<&'r CountryRelease>,
    pub(super) country: &'r Country,
    pub(super) numbers: &'d Numbers<'r>,
    source: &'d Arc<Source>,
    diagnostics: &'d mut Diagnostics,
    pub(super) bindings: Bindings<'r>,
    /// Whether it is the text of a document, not of a section.
    pub(super) of_document: bool,
}

impl<'r, 'd> Resolver<'r, 'd> {
    pub(super) fn new(
        project: &'r Project,
        country: &'r Country,
        (released, numbers): (Option<&'r CountryRelease>, &'d Numbers<'r>),
        source: &'d Arc<Source>,
        diagnostics: &'d mut Diagnostics,
    ) -> Self {
        let (bindings, of_document) = (Bindings::default(), false);
        Self { project, released, country, numbers, source, diagnostics, bindings, of_document }
    }

    pub(super) fn finish(self) -> Bindings<'r> {
        self.bindings
    }

    pub(super) fn fault(&mut self, code: Code, range: Range<usize>, message: String, hint: Option<String>) {
        let fault = Diagnostic::error(code, Span::new(self.source, range), message);
        self.diagnostics.push(Diagnostic { hint: hint.map(Into::into), ..fault });
    }

    pub(super) fn warning(&mut self, code: Code, range: Range<usize>, message: String, hint: &str) {
        let warning = Diagnostic::warning(code, Span::new(self.source, range), message);
        self.diagnostics.push(warning.hint(hint));
    }

    /// Remembers a resolved call and the figures it prints.
    pub(super) fn remember(&mut self, call: &Call, asked: &Asked<'_>, until: Period, figures: Vec<String>) {
        let (indicator, codes) = (asked.indicator.id.clone(), asked.codes.clone());
        let (function, prints) = (call.function, call.role.is_printed());
        let span = Span::new(self.source, call.range.clone());
        self.bindings.calls.push(FigureCall { function, indicator, codes, until, prints, figures, span });
    }

    /// Remembers a headline or a title.
    pub(super) fn title(&mut self, what: &'static str, id: String, range: Range<usize>) {
        self.bindings.titles.push(Title { what, id, span: Span::new(self.source, range) });
    }

    /// The reason why a figure counts the same group as one of those `used`, if the country declares so.
    pub(super) fn same_as(&self, id: &str, used: &[String]) -> Option<String> {
        let named = |same: &&Same, id: &str| same.figures.iter().any(|figure| figure.value == id);
        let mut same = self.country.same.iter().filter(|same| named(same, id));
        same.find(|same| used.iter().any(|other| other != id && named(same, other))).map(|same| same.reason.clone())
    }

    /// Resolves a call and returns the ids of the figures it uses.
    pub(super) fn resolve(&mut self, call: Call) -> Vec<String> {
        let ids = call.positional.iter().filter(|_| call.role.figure().is_none());
        let named: Vec<String> = ids.map(|(id, _)| id.clone()).collect();
        let used = self.resolved(call);
        self.bindings.mentions.extend(named.into_iter().chain(used.iter().cloned()));
        used
    }

    fn resolved(&mut self, call: Call) -> Vec<String> {
        if call.role.figure().is_none() && call.role != Role::Ask {
            for (name, _, range) in &call.named {
                let message = format!("this function has no argument `{name}`");
                let hint = (call.role == Role::Chart && name == "width")
                    .then(|| "set the width of a chart in its indicator: `width` in `[chart]`".to_owned());
                self.fault(Code::ForbiddenCode, range.clone(), message, hint);
            }
        }
        match call.role {
            Role::Number | Role::Certainty => return self.figure(&call),
            Role::Change | Role::Share | Role::Range | Role::Trend => return self.phrase(&call),
            Role::Cite => self.cite(&call),
            Role::Date => self.date(&call),
            Role::Period => self.period(&call),
            Role::Chart => self.chart(&call),
            Role::Table => self.table(&call),
            Role::Chronology => {
                let known: Vec<&str> = self.project.sections.iter().map(|section| section.id.as_str()).collect();
                self.named(&call, "section", &known, |bindings| &mut bindings.chronologies);
            }
            Role::Changes => self.bindings.changes = true,
            Role::Question => self.question(&call),
            Role::Dated => self.dated_facts(&call),
            Role::Ask => self.ask(&call),
            Role::Literal | Role::Text => {}
        }
        Vec::new()
    }

    /// Whether a call places something as wide as the page.
    pub(super) fn as_wide_as_the_page(&self, call: &Call) -> bool {
        match call.role {
            Role::Table | Role::Chronology => true,
            Role::Chart => {
                let id = call.positional.first().map_or("", |(id, _)| id.as_str());
                let declared = self.project.indicator(id).and_then(|indicator| indicator.chart.as_ref());
                declared.is_some_and(|chart| !chart.narrow)
            }
            _ => false,
        }
    }

    pub(super) fn ids(&self, wanted: impl Fn(&Indicator) -> bool) -> Vec<&'r str> {
        self.project.indicators.iter().filter(|indicator| wanted(indicator)).map(|i| i.id.as_str()).collect()
    }

    pub(super) fn named(
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

    pub(super) fn first(&mut self, call: &Call) -> Option<(String, Range<usize>)> {
        let first = call.positional.first().cloned();
        if first.is_none() {
            let message = "the call has no id: its first argument must be an id in quotes".to_owned();
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
        if released.has_event(&id) {
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
}
