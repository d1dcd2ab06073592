//! The prose of a section in each language held against that of the default language: what one of them finds and prints, the
//! other must, too.

use std::collections::BTreeMap;

use super::Bindings;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::project::Project;
use crate::project::country::Narrative;

/// So many figures are named.
const SHOWN: usize = 4;

type Twin<'p, 'b> = (&'b Narrative, &'b Bindings<'p>);

/// Warns of every headline and finding, or else of every figure, that one of two languages has and the other lacks.
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
                let mut found = compare(both, &told);
                if found.is_empty() {
                    found = compare(both, &printed).into_iter().take(1).collect();
                }
                found.into_iter().for_each(|found| diagnostics.push(found));
            }
        }
    }
}

/// What is compared of a narrative: for each thing where it stands, in the order of the text.
type Things = Vec<(String, Span)>;

/// The headlines, findings, statements and requests; headlines and requests are as many, whatever they say.
fn told(bindings: &Bindings<'_>) -> Things {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let titled = bindings.titles.iter().filter(|title| COUNTED.contains(&title.what)).map(|title| {
        let count = counts.entry(title.what).or_default();
        *count += 1;
        (format!("{} {count}", title.what), title.span.clone())
    });
    let mut things: Things = titled.collect();
    let leaning = bindings.calls.iter().filter(|call| STATED.contains(&call.function));
    things.extend(leaning.map(|call| (format!("the {} on {}", call.function, call.what()), call.span.clone())));
    things.sort_by_key(|(_, span)| span.start());
    things
}

/// Titles that have no key: only how many there are is compared.
const COUNTED: [&str; 2] = [super::functions::HEADLINE, "ask"];
/// Functions whose call names the figure that a finding leans on.
const STATED: [&str; 2] = ["finding", "statement"];

/// The figures that are printed, in whatever form: "rose from … to …" prints the same two as two calls.
fn printed(bindings: &Bindings<'_>) -> Things {
    let own = bindings.calls.iter().filter(|call| call.prints);
    own.flat_map(|call| call.figures.iter().map(|id| (format!("`{id}`"), call.span.clone()))).collect()
}

/// What each of two narratives has and the other lacks.
fn compare(both: [Twin<'_, '_>; 2], things: &dyn Fn(&Bindings<'_>) -> Things) -> Vec<Diagnostic> {
    let [one, other] = both;
    let mut found = Vec::new();
    for ((narrative, own), (twin, theirs)) in [(one, other), (other, one)] {
        let (own, theirs) = (things(own), things(theirs));
        let lacking: Vec<&(String, Span)> =
            own.iter().filter(|(thing, _)| !theirs.iter().any(|(other, _)| other == thing)).collect();
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
    warning.hint(format!("write it in `{}`, too, or take it out of `{}`", twin.source.path, narrative.language))
}
