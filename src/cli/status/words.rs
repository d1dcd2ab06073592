//! What stands as text, for people.

use std::fmt::Write;

use super::{ApprovalStatus, CountryStatus, DocumentStatus, LanguageStatus, OvertakenStatus, Standing};

/// At most so many new figures are listed.
const SHOWN: usize = 12;

/// The countries, one after the other.
pub(super) fn words(countries: &[CountryStatus]) -> String {
    countries.iter().map(country).collect::<Vec<_>>().join("\n")
}

fn country(country: &CountryStatus) -> String {
    let mut out = String::new();
    line(&mut out, 0, &format!("{} ({})", country.name, country.iso3));
    if country.faulty {
        line(&mut out, 1, "has errors: `tipbrief check` names them");
    }
    country.languages.iter().for_each(|one| language(&mut out, one));
    if !country.new.is_empty() {
        line(&mut out, 1, "new since the last build, and in no prose:");
        country.new.iter().take(SHOWN).for_each(|id| line(&mut out, 2, id));
        if country.new.len() > SHOWN {
            line(&mut out, 2, &format!("and {} more; `--format json` lists all", country.new.len() - SHOWN));
        }
    }
    if !country.unreleased.is_empty() {
        let years: Vec<&str> = country.unreleased.iter().map(String::as_str).collect();
        line(&mut out, 1, &format!("years of the register that are not released: {}", years.join(", ")));
    }
    out
}

fn language(out: &mut String, language: &LanguageStatus) {
    line(out, 1, &format!("{} ({})", language.name, language.language));
    let width = language.documents.iter().map(|document| document.id.len()).max().unwrap_or_default();
    for document in &language.documents {
        line(out, 2, &format!("{:width$}  {}", document.id, state(document)));
        document.approval.iter().for_each(|one| approval(out, one));
    }
    for (what, places) in [("no prose for", &language.missing), ("not written yet", &language.unwritten)] {
        if !places.is_empty() {
            line(out, 2, &format!("{what}: {}", places.join(", ")));
        }
    }
}

fn approval(out: &mut String, approval: &ApprovalStatus) {
    line(out, 3, &approval.words);
    let mut alike: Vec<(String, Vec<String>)> = Vec::new();
    for before in &approval.overtaken {
        let (who, changed) = (format!("{} ({})", before.by, day(&before.time)), changed(before));
        match alike.iter_mut().find(|(known, _)| *known == changed) {
            Some((_, all)) => all.push(who),
            None => alike.push((changed, vec![who])),
        }
    }
    for (changed, who) in alike {
        line(out, 3, &format!("overtaken: {}; changed since: {changed}", who.join(", ")));
    }
    approval.uncounted.iter().for_each(|why| line(out, 3, &format!("not counted: {why}")));
}

/// What changed since an approval: the parts of the document, and the ids of its figures.
fn changed(before: &OvertakenStatus) -> String {
    let shown = before.figures.iter().take(SHOWN).map(|id| format!("the figure `{id}`"));
    let more = before.figures.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| format!("{more} more figures (`--format json` lists all)"));
    before.parts.iter().cloned().chain(shown).chain(more).collect::<Vec<_>>().join(", ")
}

fn day(time: &str) -> &str {
    time.split('T').next().unwrap_or_default()
}

fn state(document: &DocumentStatus) -> String {
    let standing = match &document.standing {
        Standing::Current => "as built".to_owned(),
        Standing::NotBuilt => "not built".to_owned(),
        Standing::Stale(why) => format!("stale: {why}"),
        Standing::Faulty => "cannot be built".to_owned(),
    };
    if document.draft.is_empty() { standing } else { format!("{standing}; draft: {}", document.draft.join(", ")) }
}

fn line(out: &mut String, depth: usize, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{:indent$}{text}", "", indent = depth * 2);
}
