//! What changed since the previous snapshot, sorted for print: corrections of past periods are kept apart from new periods.

use std::collections::BTreeSet;

use crate::project::{Document, Project};
use crate::snapshots::correction::Changed;
use crate::snapshots::diff::Difference;
use crate::snapshots::record::Figure;
use crate::value::period::Period;

/// What the id of a figure with late cases holds.
const LATE: &str = ":late=";

/// The differences that a reader sees. A number is printed only if this document prints its figure elsewhere, too.
#[derive(Clone)]
pub struct Changes<'p> {
    /// Figures that both documents print, with different values.
    pub corrected: Vec<&'p Difference>,
    /// Figures of past periods that only this document prints.
    pub found: Vec<&'p Difference>,
    /// Figures of new periods; parts are left out where their total is listed.
    pub new: Vec<&'p Difference>,
    /// Figures that this document no longer prints; they are listed without their numbers.
    pub gone: Vec<&'p Difference>,
    /// Indicators whose definition changed under the same title.
    pub redefined: Vec<&'p str>,
    /// Whether an earlier number is left out because the figure is withheld now.
    pub hidden: bool,
}

impl<'p> Changes<'p> {
    /// What a document with sections tells of the previous snapshot.
    pub(super) fn since(document: Document<'p>, changed: &'p Changed) -> Option<Self> {
        let differences = changed.differences.as_deref().filter(|_| document.kind.sections)?;
        Some(Self::of(document.project, differences))
    }

    /// Sorts differences, in the order of the indicators.
    fn of(project: &'p Project, differences: &'p [Difference]) -> Self {
        // What is told of late cases is no revision: the page would count them.
        let is_late = |difference: &&Difference| difference.figure().is_some_and(|figure| figure.id.contains(LATE));
        let seen = differences.iter().filter(|difference| !difference.reads_the_same() && !is_late(difference));
        let mut seen: Vec<&Difference> = seen.collect();
        let place = |difference: &Difference| {
            let figure = difference.figure()?;
            let at = project.indicators.iter().position(|indicator| indicator.id == figure.indicator);
            Some((at.unwrap_or(usize::MAX), figure.period.clone(), figure.codes.len(), figure.id.clone()))
        };
        seen.sort_by_cached_key(|difference| place(difference));
        let kind = |wanted: Kind| seen.iter().copied().filter(|d| kind(d) == Some(wanted)).collect::<Vec<_>>();
        let mut new = kind(Kind::New);
        let margins = new.iter().filter_map(|d| d.now.as_ref()).filter(|now| now.codes.is_empty());
        let margins: BTreeSet<(&str, &Period)> = margins.map(|now| (now.indicator.as_str(), &now.period)).collect();
        let beside = |now: &Figure| margins.contains(&(now.indicator.as_str(), &now.period));
        new.retain(|difference| difference.now.as_ref().is_none_or(|now| now.codes.is_empty() || !beside(now)));
        Self {
            corrected: kind(Kind::Corrected),
            found: kind(Kind::Found),
            new,
            gone: kind(Kind::Gone),
            redefined: redefined(project, differences),
            hidden: differences.iter().any(|difference| difference.hidden),
        }
    }

    /// The figures listed with their current numbers.
    pub fn printed(&self) -> impl Iterator<Item = &'p Figure> {
        self.corrected.iter().chain(&self.found).chain(&self.new).filter_map(|difference| difference.now.as_ref())
    }

    /// The sources of the earlier numbers.
    pub fn earlier_sources(&self) -> impl Iterator<Item = &'p str> {
        let before = self.corrected.iter().filter_map(|difference| difference.before.as_ref());
        before.filter_map(|figure| figure.sources.first()).map(String::as_str)
    }

    /// Whether nothing is listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let figures = [&self.corrected, &self.found, &self.new, &self.gone];
        figures.into_iter().all(Vec::is_empty) && self.redefined.is_empty()
    }
}

fn redefined<'p>(project: &'p Project, differences: &'p [Difference]) -> Vec<&'p str> {
    let titled = |difference: &'p Difference| {
        let indicator = difference.figure().and_then(|figure| project.indicator(&figure.indicator));
        indicator.map_or(difference.title.as_str(), |indicator| indicator.title.as_str())
    };
    let another = |d: &&Difference| d.causes.iter().any(|because| !because.definition.is_empty());
    let mut titles: Vec<&str> = differences.iter().filter(another).map(titled).collect();
    titles.dedup();
    titles
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Corrected,
    Found,
    New,
    Gone,
}

/// How a difference is listed; none where printing it would reveal a number that is withheld.
fn kind(difference: &Difference) -> Option<Kind> {
    let has_value = |figure: &Option<Figure>| figure.as_ref().is_some_and(|figure| figure.value.is_some());
    match (has_value(&difference.before), has_value(&difference.now)) {
        (true, true) => Some(Kind::Corrected),
        (false, true) if difference.hidden => None,
        (false, true) if difference.new_period => Some(Kind::New),
        (false, true) => Some(Kind::Found),
        (before, false) => (before || difference.hidden).then_some(Kind::Gone),
    }
}
