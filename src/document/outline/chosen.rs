//! The sources that a document which leans on the record cites: as few as give every figure that it prints one source. The record
//! names them all.

use std::collections::{BTreeMap, BTreeSet};

use super::Outline;
use crate::disclosure::protect::ReleasedCell;

/// So many sources a brief has room for, unless its numbers need more.
const MOST: usize = 20;

/// The sources that state one printed thing, the first-ranked first: one of them is cited.
type Statement<'p> = Vec<&'p str>;

/// Of the sources of all statements a few that cover each: those that alone state something, then whichever covers most.
pub(super) fn cover<'p>(statements: &[Statement<'p>]) -> BTreeSet<&'p str> {
    let mut chosen: BTreeSet<&str> = statements.iter().filter(|known| known.len() == 1).map(|known| known[0]).collect();
    loop {
        let mut gains: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for known in statements.iter().filter(|known| !known.iter().any(|source| chosen.contains(source))) {
            for (rank, source) in known.iter().enumerate() {
                let gain = gains.entry(source).or_insert((0, usize::MAX));
                *gain = (gain.0 + 1, gain.1.min(rank));
            }
        }
        let best = gains.iter().max_by_key(|(source, (gain, rank))| (*gain, std::cmp::Reverse((*rank, **source))));
        let Some((best, _)) = best else { return chosen };
        chosen.insert(best);
    }
}

/// The source that gives most of these figures; of equal ones the first by name.
fn fullest<'p>(cells: &[&'p ReleasedCell]) -> Option<&'p str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for source in cells.iter().filter_map(|cell| cell.sources.first()) {
        *counts.entry(source.as_str()).or_default() += 1;
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(source, _)| source)
}

impl<'p> Outline<'p> {
    /// The few sources that it cites; none in a document that cites all.
    pub(super) fn choose_sources(&self) -> BTreeSet<&'p str> {
        if !self.leans_on_record() {
            return BTreeSet::new();
        }
        let mut statements: Vec<Statement<'p>> = Vec::new();
        let mut printed: Vec<&'p ReleasedCell> = Vec::new();
        printed.extend(self.on_the_scale());
        printed.extend(self.in_words_of_key_figures());
        printed.extend(self.in_prose());
        printed.extend(self.in_figures(&self.tables));
        printed.extend(self.scoreboard.iter().flat_map(|row| self.cited_in_row(row)));
        for cell in printed {
            statements.push(cell.sources.iter().map(String::as_str).collect());
            let others = cell.alternatives.iter().filter(|_| cell.contested);
            statements.extend(others.map(|other| other.sources.iter().map(String::as_str).collect()));
        }
        let named = self.released.sources().iter().filter(|source| self.bindings.sources.contains(&source.id));
        statements.extend(named.map(|source| vec![source.id.as_str()]));
        let events = self.released.events().iter();
        let named = events.filter(|event| self.bindings.dates.contains(&event.id));
        statements.extend(named.map(|event| event.sources.iter().map(String::as_str).collect()));
        statements.retain(|known| !known.is_empty());
        let mut chosen = cover(&statements);
        // A chart cites the one source that gives most of its figures, unless another that it draws is cited already.
        for indicator in &self.charts {
            let cells = self.in_figures(&[*indicator]);
            let drawn = cells.iter().flat_map(|cell| &cell.sources).any(|source| chosen.contains(source.as_str()));
            chosen.extend(fullest(&cells).filter(|_| !drawn));
        }
        // Dated facts, the latest first, are cited as far as there is room; the record has the sources of the others.
        let milestones = if self.bindings.dated { self.milestones() } else { Vec::new() };
        for event in milestones.iter().rev() {
            let cited = event.sources.iter().any(|source| chosen.contains(source.as_str()));
            chosen.extend(event.sources.first().map(String::as_str).filter(|_| !cited && chosen.len() < MOST));
        }
        chosen
    }

    /// The figures that prose prints, and those that its phrases compare.
    fn in_prose(&self) -> Vec<&'p ReleasedCell> {
        let figures = self.bindings.figures.values().filter_map(|bound| bound.cell);
        figures.chain(self.bindings.phrases.values().flat_map(|bound| bound.parts.iter().copied())).collect()
    }

    /// Of the sources that state one thing the one that is cited: one that is chosen, or the first.
    pub(super) fn chosen_of<'c>(&self, sources: &'c [String]) -> Option<&'c str> {
        let chosen = sources.iter().find(|source| self.chosen.contains(source.as_str()));
        chosen.or(sources.first()).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_sources_cover_every_statement() {
        let statements = [vec!["a"], vec!["b", "c"], vec!["d", "c"], vec!["a", "e"], vec!["f", "g"]];
        assert_eq!(cover(&statements).into_iter().collect::<Vec<_>>(), ["a", "c", "f"]);
        assert!(cover(&[]).is_empty());
    }
}
