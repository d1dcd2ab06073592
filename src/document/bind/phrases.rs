//! Calls that combine two figures: a change, a share, a range, or a trend, which the data puts into words.

use super::call::{Asked, Call};
use super::direction::{Unproven, proven};
use super::figures::PeriodArgument;
use super::functions::Role;
use super::resolve::Resolver;
use super::{BoundPhrase, Form};
use crate::diagnostic::Code;
use crate::disclosure::protect::{self, Incomparable, NoBase, ReleasedCell, Status};
use crate::value::period::Period;

/// A bound call: the key that the templates look it up with, what it prints, and the series that it asks for.
pub(super) type Bound<'r> = (String, BoundPhrase<'r>, Asked<'r>);

impl<'r> Resolver<'r, '_> {
    /// Binds a call that combines two figures and returns the ids of both.
    pub(super) fn phrase(&mut self, call: &Call) -> Vec<String> {
        let bound = match call.role {
            Role::Change => self.change(call),
            Role::Share => self.share(call),
            Role::Range => self.range(call),
            _ => self.trend(call),
        };
        let Some((key, bound, asked)) = bound else { return Vec::new() };
        if let Some(status) = bound.missing {
            self.stateless(call, &asked, status);
        }
        let used: Vec<String> = bound.parts.iter().map(|part| part.id.clone()).collect();
        // A language may print the part of a share without its whole, so only the part must be in every language.
        let printed = if call.role == Role::Share { used.iter().take(1).cloned().collect() } else { used.clone() };
        let until = if matches!(call.role, Role::Range | Role::Trend) {
            self.period_under(call, "to")
        } else {
            self.asked_period(call)
        };
        if let Some((_, until)) = until {
            self.remember(call, &asked, until, printed);
        }
        self.once(call, &used);
        self.bindings.phrases.insert(key, bound);
        used
    }

    /// Two figures that count the same group under two names must not be compared.
    fn once(&mut self, call: &Call, used: &[String]) {
        let twice = self.country.same.iter().any(|same| {
            let named = |id: &String| same.figures.iter().any(|figure| &figure.value == id);
            used.iter().filter(|id| named(id)).collect::<std::collections::BTreeSet<_>>().len() > 1
        });
        if twice {
            let message = "this compares a group with itself under another name".to_owned();
            self.fault(Code::DoubleCount, call.range.clone(), message, None);
        }
    }

    fn change(&mut self, call: &Call) -> Option<Bound<'r>> {
        let asked = self.asked(call)?;
        let (now, before) = (self.asked_period(call)?, self.period_under(call, "since")?);
        let key = format!("change|{}|{}", asked.key(&now.0), before.0);
        let (before, now) = self.both(call, &asked, &before, &now)?;
        let (Some(before), Some(now)) = (before, now) else {
            return Some((key, BoundPhrase::unknown(Form::Change), asked));
        };
        self.broken(call, &asked, before, now);
        self.over_withheld(call, &asked, before, now);
        let change = protect::change(before, now).map_err(|why| self.incomparable(call, why)).ok()?;
        Some((key, BoundPhrase::of(Form::Change, vec![before, now], Some(change)), asked))
    }

    fn share(&mut self, call: &Call) -> Option<Bound<'r>> {
        let asked = self.asked(call)?;
        let period = self.asked_period(call)?;
        let dimension = self.shared_dimension(call, &asked)?;
        let key = format!("share|{}|{dimension}", asked.key(&period.0));
        let (part, released) = (self.cell(call, &asked, &period).ok()?, self.released?);
        let Some(part) = part else { return Some((key, BoundPhrase::unknown(Form::Share), asked)) };
        if part.value.is_none() {
            return Some((key, BoundPhrase::of(Form::Share, vec![part], None), asked));
        }
        let whole = protect::whole(released, part, &dimension).map_err(|why| self.baseless(call, part, why)).ok()?;
        let share = protect::share(part, &whole, &dimension).map_err(|why| self.incomparable(call, why)).ok()?;
        let total = released.cells(&part.indicator).iter().find(|cell| cell.id == whole.id);
        let parts = std::iter::once(part).chain(total).collect();
        Some((key, BoundPhrase { whole: Some(whole), ..BoundPhrase::of(Form::Share, parts, Some(share)) }, asked))
    }

    /// Reports a share whose own source gives no usable total.
    fn baseless(&mut self, call: &Call, part: &ReleasedCell, why: NoBase) {
        let source = part.sources.first().map_or("", String::as_str);
        let (message, hint) = match why {
            NoBase::NoTotal => (
                format!("the share has no total: `{source}`, which gives this part, gives none"),
                "print the part alone with `#n(…)`; the total of another source may count other people",
            ),
            NoBase::Unknown => (
                format!(
                    "the share has no total: `{source}` counts some as `unknown`, and its known parts are not complete"
                ),
                "print the part alone with `#n(…)`",
            ),
        };
        self.fault(Code::UnknownFigure, call.range.clone(), message, Some(hint.to_owned()));
    }

    /// The dimension over which the whole of a share is summed: that of the only code, or the one named by `of`.
    fn shared_dimension(&mut self, call: &Call, asked: &Asked<'_>) -> Option<String> {
        let named = call.named.iter().find(|(name, ..)| name == "of").map(|(_, dimension, _)| dimension.clone());
        let only = || asked.codes.keys().next().filter(|_| asked.codes.len() == 1).cloned();
        let found = named.or_else(only).filter(|dimension| asked.codes.contains_key(dimension));
        if found.is_none() {
            let message = "the call does not name the whole of this share".to_owned();
            let hint = "give one code, such as `sex: \"female\"`, or name its dimension: `of: \"sex\"`".to_owned();
            self.fault(Code::UnknownFigure, call.range.clone(), message, Some(hint));
        }
        found
    }

    /// "rose from … to …": the data chooses the word. A direction that the values do not bear out is an error.
    fn trend(&mut self, call: &Call) -> Option<Bound<'r>> {
        let asked = self.asked(call)?;
        let (from, to) = (self.period_under(call, "from")?, self.period_under(call, "to")?);
        let key = format!("trend|{}|{}", asked.key(&from.0), to.0);
        let (before, now) = self.both(call, &asked, &from, &to)?;
        let (Some(before), Some(now)) = (before, now) else {
            return Some((key, BoundPhrase::unknown(Form::Trend), asked));
        };
        self.broken(call, &asked, before, now);
        self.over_withheld(call, &asked, before, now);
        let bound = BoundPhrase::of(Form::Trend, vec![before, now], None);
        if bound.missing.is_some() {
            return Some((key, bound, asked));
        }
        let direction = proven(self.project, before, now).map_err(|why| self.unproven(call, why)).ok()?;
        Some((key, BoundPhrase { direction: Some(direction), ..bound }, asked))
    }

    fn unproven(&mut self, call: &Call, why: Unproven) {
        let message = match why {
            Unproven::NotExact => "a minimum, a maximum or a rough number leaves open whether this rose or fell",
            Unproven::Disagree => "the sources disagree on whether this rose or fell",
            Unproven::Apart => "the sources disagree on a number, and no source gives both numbers of this trend",
            Unproven::OffScale => "a code that is not on the scale of the indicator is neither better nor worse",
        };
        let hint = "print both with `#n(…)`, in a sentence that does not say which way it went";
        self.fault(Code::UnknownFigure, call.range.clone(), message.to_owned(), Some(hint.to_owned()));
    }

    fn both(
        &mut self,
        call: &Call,
        asked: &Asked<'_>,
        before: &PeriodArgument,
        now: &PeriodArgument,
    ) -> Option<(Option<&'r ReleasedCell>, Option<&'r ReleasedCell>)> {
        if now.1.end() <= before.1.end() {
            let message = format!("`{}` is not before `{}`", before.0, now.0);
            self.fault(Code::PeriodError, call.range.clone(), message, Some("the earlier period stands first".into()));
            return None;
        }
        let before = self.cell(call, asked, before);
        let now = self.cell(call, asked, now);
        Some((before.ok()?, now.ok()?))
    }

    /// Warns of a comparison across a year in which the indicator starts to count something else.
    pub(super) fn broken(&mut self, call: &Call, asked: &Asked<'_>, before: &ReleasedCell, now: &ReleasedCell) {
        let start = |period: &Period| period.decimal().0;
        let between = |at: f64| start(&before.period) < at && at <= start(&now.period);
        let here = self.country.breaks.iter().filter(|known| known.indicator.value == asked.indicator.id);
        let here = here.map(|known| (known.at, &known.label));
        let mut breaks = asked.indicator.breaks.iter().map(|(at, why)| (*at, why)).chain(here);
        if let Some((_, why)) = breaks.find(|(at, _)| between(*at)) {
            let message = format!("`{}` breaks between the two periods: {why}", asked.indicator.id);
            let hint = "mention the break in the text, or compare years on one side of it";
            self.warning(Code::SeriesBreak, call.range.clone(), message, hint);
        }
    }

    /// Warns of a change or a trend that steps over what is withheld; a range names what it steps over.
    fn over_withheld(&mut self, call: &Call, asked: &Asked<'_>, before: &ReleasedCell, now: &ReleasedCell) {
        let Some(released) = self.released else { return };
        let series = released.series(&now.indicator, &now.codes);
        if let Some(cell) = series.iter().find(|cell| cell.is_withheld_between(before, now)) {
            let message =
                format!("`{}` is withheld for {}, between the two periods", asked.indicator.id, cell.period.text());
            let hint = "print that year too, with `#n(…)`: what is withheld may be lower or higher than both";
            self.warning(Code::SeriesBreak, call.range.clone(), message, hint);
        }
    }

    fn incomparable(&mut self, call: &Call, why: Incomparable) {
        let (message, hint) = match why {
            Incomparable::NoNumber => ("a code on a scale has no difference and no share", "write `#trend(…)`"),
            Incomparable::Qualifiers => (
                "these two cannot be compared: one is a minimum, a maximum or a rough number",
                "print both with `#n(…)`",
            ),
        };
        self.fault(Code::UnknownFigure, call.range.clone(), message.to_owned(), Some(hint.to_owned()));
    }
}

impl<'r> BoundPhrase<'r> {
    /// A phrase for which no figure was found.
    pub(super) fn unknown(form: Form) -> Self {
        let missing = Some(Status::NotReported);
        Self { form, parts: Vec::new(), whole: None, derived: None, direction: None, missing, left_out: Vec::new() }
    }

    pub(super) fn of(form: Form, parts: Vec<&'r ReleasedCell>, derived: Option<ReleasedCell>) -> Self {
        let missing = match &derived {
            Some(cell) => cell.value.is_none().then_some(cell.status),
            None => parts.iter().find(|part| part.value.is_none()).map(|part| part.status),
        };
        Self { form, parts, whole: None, derived, direction: None, missing, left_out: Vec::new() }
    }
}
