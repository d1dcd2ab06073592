//! Compares the prose of a section in each language with the default language: both must have the same findings and print the
//! same figures.

use std::collections::{BTreeMap, BTreeSet};

use super::Bindings;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::project::Project;
use crate::project::country::Narrative;

/// A message names at most this many figures.
const SHOWN: usize = 4;

type Twin<'p, 'b> = (&'b Narrative, &'b Bindings<'p>);

/// Warns of headlines and findings that one of two languages lacks; if there are none, of figures that it lacks.
pub(super) fn findings<'p>(
    project: &Project,
    narratives: &[(&'p Narrative, Bindings<'p>)],
    diagnostics: &mut Diagnostics,
) {
    let Some((default, others)) = project.texts.split_first() else { return };
    let of = |language: &str, place: &str| {
        let found = narratives.iter().find(|(known, _)| known.language == language && known.place == place);
        found.map(|(narrative, bindings)| (*narrative, bindings))
    };
    for (narrative, bindings) in narratives.iter().filter(|(narrative, _)| narrative.language == default.language) {
        for text in others {
            if let Some(other) = of(&text.language, &narrative.place) {
                let both = [(*narrative, bindings), other];
                let mut found = compare(both, &statements);
                if found.is_empty() {
                    found = compare(both, &printed).into_iter().take(1).collect();
                }
                found.into_iter().for_each(|found| diagnostics.push(found));
            }
        }
    }
}

/// The compared items of a narrative with their places, in the order of the text.
type Things = Vec<(String, Span)>;

/// The headlines, findings, statements and requests. For headlines and requests only the number is compared, not the words.
fn statements(bindings: &Bindings<'_>) -> Things {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let titled = bindings.titles.iter().filter(|title| COUNTED.contains(&title.what)).map(|title| {
        let count = counts.entry(title.what).or_default();
        *count += 1;
        (format!("{} {count}", title.what), title.span.clone())
    });
    let mut things: Things = titled.collect();
    let questions = bindings.titles.iter().filter(|title| title.what == "question");
    things.extend(questions.map(|title| (format!("the question on `{}`", title.id), title.span.clone())));
    let leaning = bindings.calls.iter().filter(|call| STATED.contains(&call.function));
    things.extend(leaning.map(|call| (format!("the {} on {}", call.function, call.what()), call.span.clone())));
    things.sort_by_key(|(_, span)| span.start());
    things
}

/// Titles without a figure, of which only the number is compared.
const COUNTED: [&str; 2] = [super::functions::HEADLINE, "ask"];
/// Functions whose call names the figure behind a statement.
const STATED: [&str; 2] = ["finding", "statement"];

/// The printed figures, in whatever form: "rose from … to …" prints the same two figures as two calls of `#n`.
fn printed(bindings: &Bindings<'_>) -> Things {
    let own = bindings.calls.iter().filter(|call| call.prints);
    own.flat_map(|call| call.figures.iter().map(|id| (format!("`{id}`"), call.span.clone()))).collect()
}

/// Warnings for the items that only one of two narratives has.
fn compare(both: [Twin<'_, '_>; 2], things: &dyn Fn(&Bindings<'_>) -> Things) -> Vec<Diagnostic> {
    let [one, other] = both;
    let mut found = Vec::new();
    for ((narrative, own), (twin, theirs)) in [(one, other), (other, one)] {
        let (own, theirs) = (things(own), things(theirs));
        let theirs: BTreeSet<&str> = theirs.iter().map(|(thing, _)| thing.as_str()).collect();
        let lacking: Vec<&(String, Span)> = own.iter().filter(|(thing, _)| !theirs.contains(thing.as_str())).collect();
        found.extend(lacking.first().map(|(_, span)| lacks(span, &lacking, [narrative, twin])));
    }
    found
}

fn lacks(span: &Span, lacking: &[&(String, Span)], [narrative, twin]: [&Narrative; 2]) -> Diagnostic {
    let mut names: Vec<&str> = lacking.iter().map(|(thing, _)| thing.as_str()).collect();
    names.dedup();
    let more = names.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    names.truncate(SHOWN);
    let message = format!("`{}` lacks what stands here: {}{more}", twin.language, names.join(", "));
    let warning = Diagnostic::warning(Code::Untranslated, span.clone(), message);
    warning.hint(format!("add it to `{}`, or delete it from `{}`", twin.source.path, narrative.language))
}
