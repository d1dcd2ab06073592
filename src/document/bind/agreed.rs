//! Holds the prose of each further language to the words that it has agreed on.

use super::Bindings;
use super::sentences::{self, Line};
use crate::diagnostic::{Diagnostics, Span};
use crate::project::Project;
use crate::project::country::Narrative;

/// Warns where prose of the default language has a term and its translation lacks the agreed word.
pub(super) fn words(project: &Project, narratives: &[(&Narrative, Bindings<'_>)], diagnostics: &mut Diagnostics) {
    let Some((default, others)) = project.texts.split_first() else { return };
    let own = narratives.iter().filter(|(narrative, _)| narrative.language == default.language);
    for (narrative, _) in own {
        let lines = sentences::lines(&narrative.source.text());
        for text in others {
            let twin = |other: &&Narrative| other.language == text.language && other.place == narrative.place;
            let Some(other) = narratives.iter().map(|(narrative, _)| *narrative).find(twin) else { continue };
            for (line, words, range) in pairs(&lines, &sentences::lines(&other.source.text())) {
                for agreed in text.glossary().lacking(&line, &words) {
                    diagnostics.push(agreed.warning(&text.language, Span::new(&other.source, range.clone())));
                }
            }
        }
    }
}

/// Each line with its translation and its place. Texts of unlike length are one pair each: nothing says which lines belong together.
fn pairs(lines: &[Line], others: &[Line]) -> Vec<(String, String, std::ops::Range<usize>)> {
    if lines.len() == others.len() {
        let both = lines.iter().zip(others);
        return both.map(|(line, other)| (line.words.clone(), other.words.clone(), other.range.clone())).collect();
    }
    let Some(first) = others.first() else { return Vec::new() };
    let whole = |lines: &[Line]| lines.iter().map(|line| line.words.as_str()).collect::<Vec<_>>().join("\n");
    vec![(whole(lines), whole(others), first.range.clone())]
}
