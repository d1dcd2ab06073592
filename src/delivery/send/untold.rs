//! Reasons of corrections that a language lacks. Its documents print that of the default language until they are to be mailed: then it is
//! needed.

use std::collections::BTreeSet;
use std::path::Path;

use super::journal::Journal;
use crate::delivery::publish::path;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::project::correction::{Correction, Wrong};
use crate::project::{Project, reason_place};
use crate::value::period::Period;

/// The paths of all files of an issue that arrived somewhere, or may have; none where there is no journal that can be read, which
/// `send` reports.
pub(crate) fn sent_paths(root: &Path, issue: &Period) -> BTreeSet<String> {
    let Ok(journal) = Journal::open(root, issue, false) else { return BTreeSet::new() };
    let arrived = journal.messages().into_iter().filter(|line| line.state.is_done() || line.state.is_open());
    arrived.flat_map(|line| &line.files).map(|file| file.path.clone()).collect()
}

/// Reports the languages in which corrections give no reason: an error for those of documents that were sent, else a warning.
pub(crate) fn untold(project: &Project, sent: &BTreeSet<String>, diagnostics: &mut Diagnostics) {
    for correction in &project.corrections {
        let further = project.report.languages.iter().skip(1).map(|language| language.value.as_str());
        for language in further.filter(|language| correction.reason(language).is_none()) {
            diagnostics.push(finding(project, correction, language, sent));
        }
    }
}

fn finding(project: &Project, correction: &Correction, language: &str, sent: &BTreeSet<String>) -> Diagnostic {
    let countries: BTreeSet<&str> = correction.figures.iter().map(Wrong::country).collect();
    let concerned = |iso3: &str| countries.contains(iso3);
    let was_sent = project
        .copies()
        .find(|copy| concerned(&copy.country.iso3) && copy.text.language == language && sent.contains(&path(*copy)));
    let place = reason_place(correction);
    let place = countries.first().map_or_else(|| place.clone(), |country| place.for_country(country));
    let message = format!("the reason is not given in `{language}`");
    let hint = format!("add `{language} = \"…\"` to `reason`");
    if let Some(copy) = was_sent {
        let message = format!("{message}, in which documents of {} were sent", copy.country.iso3);
        return Diagnostic::error(Code::MissingField, place, message).hint(hint);
    }
    let until = "until then documents print that of the default language";
    Diagnostic::warning(Code::Untranslated, place, message).hint(format!("{hint}; {until}"))
}
