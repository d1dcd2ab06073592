//! Holds what a file printed that was sent against what `output/` holds now, by the rules of `diff`: what it would reveal again of
//! figures that are withheld now is hidden here, too.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::Ready;
use super::printed::{self, Printed};
use crate::diagnostic::Diagnostics;
use crate::project::correction::{Correction, Wrong};
use crate::snapshots::correction::{as_printed, known, published_before};
use crate::snapshots::diff::differences;
use crate::snapshots::record::{self, Figure, Record};

/// A figure that a file printed and that reads otherwise now.
#[derive(Debug, Clone)]
pub(super) struct Change {
    /// What the file printed.
    pub(super) was: Figure,
    /// Whether that may not be printed again.
    pub(super) hidden: bool,
    /// What it is now; without a value where none is known.
    pub(super) now: Figure,
}

/// What files are held against.
pub(super) struct Compared<'c> {
    ready: &'c Ready<'c>,
    /// What `output/` holds of each country.
    now: BTreeMap<String, Record>,
    /// What was ever published of it.
    before: BTreeMap<String, Record>,
}

impl<'c> Compared<'c> {
    /// Reads what `output/` holds, and what was kept of earlier files.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn of(ready: &'c Ready<'c>) -> Result<Self> {
        let project = ready.project;
        let previous = record::previous(project, &mut Diagnostics::default())?;
        let kept = printed::all(&project.root, &project.report.issue)?;
        let (mut now, mut before) = (BTreeMap::new(), BTreeMap::new());
        for mut record in record::published(&project.root.join("output"))? {
            // Published files do not say from which table an indicator is, which the rules of `diff` ask.
            record::define(&mut record, project);
            let earlier = previous.iter().find(|earlier| earlier.country == record.country);
            let wrong = project.corrections.iter().flat_map(|correction| &correction.figures);
            let wrong = wrong.filter(|wrong| wrong.country() == record.country);
            let mut old = published_before(project, &record, earlier, wrong);
            let lacking = |id: &str| record.figures.get(id).is_none_or(|figure| figure.value.is_none());
            for figure in kept
                .iter()
                .filter(|kept| kept.record.country == record.country)
                .flat_map(|kept| kept.record.figures.values())
            {
                if figure.value.is_some() && lacking(&figure.id) {
                    old.figures.insert(figure.id.clone(), figure.clone());
                }
            }
            before.insert(record.country.clone(), old);
            now.insert(record.country.clone(), record);
        }
        Ok(Self { ready, now, before })
    }

    /// The figures of a file that read otherwise now; none where its country is not in `output/`.
    pub(super) fn changes(&self, printed: &Printed) -> Vec<Change> {
        let ids: BTreeSet<&str> = printed.record.figures.keys().map(String::as_str).collect();
        let of = |id: &str| printed.record.figures.get(id).cloned();
        self.found(&printed.record.country, &ids, &of)
    }

    /// What declared corrections say of a file of which nothing was kept: those of its figures that a day or later corrects.
    pub(super) fn declared(&self, country: &str, ids: &BTreeSet<String>, since: &str) -> Vec<Change> {
        let Some(now) = self.now.get(country) else { return Vec::new() };
        let due =
            self.ready.project.corrections.iter().filter(|correction| correction.day().to_string().as_str() >= since);
        let mut was: BTreeMap<&str, Figure> = BTreeMap::new();
        for wrong in due.flat_map(|correction| &correction.figures).filter(|wrong| ids.contains(&wrong.id.value)) {
            let figure =
                known(self.ready.project, now, &wrong.id.value).and_then(|current| as_printed(&current, wrong));
            if let Some(figure) = figure {
                // The first of them says what was printed before any.
                was.entry(wrong.id.value.as_str()).or_insert(figure);
            }
        }
        let named: BTreeSet<&str> = was.keys().copied().collect();
        self.found(country, &named, &|id| was.get(id).cloned())
    }

    fn found(&self, country: &str, ids: &BTreeSet<&str>, was: &dyn Fn(&str) -> Option<Figure>) -> Vec<Change> {
        let Some((now, before)) = self.now.get(country).zip(self.before.get(country)) else { return Vec::new() };
        let mut old = Record {
            country: country.to_owned(),
            figures: before.figures.clone(),
            definitions: before.definitions.clone(),
            with_prose: true,
            ..Record::default()
        };
        old.figures.extend(ids.iter().filter_map(|id| Some(((*id).to_owned(), was(id)?))));
        let mut changes = Vec::new();
        for difference in differences(&old, now) {
            let Some(id) = difference.figure().map(|figure| figure.id.clone()).filter(|id| ids.contains(id.as_str()))
            else {
                continue;
            };
            let Some(was) = was(&id).filter(|was| self.matters(was)) else { continue };
            let current = now.figures.get(&id);
            // A change or share that prose asks for no more is not wrong for that.
            if difference.reads_the_same() || (was.relative && current.is_none()) {
                continue;
            }
            let gone = || known(self.ready.project, now, &id);
            let blank = || Figure { value: None, contested: false, alternatives: Vec::new(), ..was.clone() };
            let now = current.cloned().or_else(gone).unwrap_or_else(blank);
            changes.push(Change { hidden: difference.hidden, was, now });
        }
        changes
    }

    /// Whether a change of it concerns those who read it: it printed a number, or a correction names it.
    fn matters(&self, was: &Figure) -> bool {
        let named =
            || self.ready.project.corrections.iter().flat_map(|one| &one.figures).any(|wrong| wrong.id.value == was.id);
        was.value.is_some() || named()
    }

    /// The corrections that lead from what was printed of a figure to what it is now, the first of which says that it was printed
    /// so; none where no correction says so.
    pub(super) fn reasons(&self, change: &Change) -> Vec<&'c Correction> {
        let id = &change.was.id;
        let named: Vec<(&Correction, &Wrong)> = self
            .ready
            .project
            .corrections
            .iter()
            .flat_map(|correction| correction.figures.iter().map(move |wrong| (correction, wrong)))
            .filter(|(_, wrong)| wrong.id.value == *id)
            .collect();
        let says_so = |(_, wrong): &(&Correction, &Wrong)| {
            let same = || as_printed(&change.was, wrong).is_some_and(|printed| printed.reads_as(&change.was));
            wrong.is_withheld() || same()
        };
        let first = named.iter().position(says_so);
        first.map(|first| named[first..].iter().map(|(correction, _)| *correction).collect()).unwrap_or_default()
    }
}
