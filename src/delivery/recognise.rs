//! Which file this is: told by its checksum alone, from the manifest of `output/`, the journals of what was sent, what was kept of what
//! it printed, and snapshots. No answer names whom anything was sent to.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::publish::{Checksum, listed_as};
use super::send::{Printed, SentFile, sent_files, sent_issues};
use crate::diagnostic::Diagnostics;
use crate::project::{Project, SNAPSHOTS};
use crate::snapshots::correction::published_before;
use crate::snapshots::diff::{Difference, differences, reading};
use crate::snapshots::record::{self, FILES, Record};

/// What a file is.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Recognised {
    /// The answer, a line each.
    pub lines: Vec<String>,
    /// Whether it is as it is in `output/`.
    pub is_current: bool,
}

/// How a file begins that is a PDF.
const PDF: &[u8] = b"%PDF-";

/// Says which file this is.
///
/// # Errors
/// When the file, or what it is looked up in, cannot be read.
pub fn recognise(root: &Path, file: &Path) -> Result<Recognised> {
    let (sum, what) = read(file)?;
    let mut answer = Recognised { lines: vec![format!("sha256 {sum}{what}")], is_current: false };
    for path in listed_as(root, &sum) {
        let place = root.join("output").join(&path);
        if place.is_file() && read(&place)?.0 == sum {
            answer.lines.push(format!("it is as it is in `output/{path}`"));
            answer.is_current = true;
        } else {
            answer.lines.push(format!("the manifest lists it as `output/{path}`, and what stands there now differs"));
        }
    }
    let is_built = answer.is_current;
    for issue in sent_issues(root)? {
        let Some(sent) = sent_files(root, &issue)?.into_iter().find(|sent| sent.sha256 == sum) else { continue };
        answer.lines.extend(of_issue(&issue, &sent, is_built));
        if !is_built {
            answer.lines.extend(differing(root, &issue, &sent)?);
        }
    }
    for path in snapshots(root, &sum)? {
        answer.lines.push(format!("it is `{path}`"));
    }
    if answer.lines.len() == 1 {
        answer.lines.push("not known: no manifest, snapshot or journal names this checksum".to_owned());
    }
    Ok(answer)
}

/// The checksum of a file, read piece by piece, and what is to say of it if it is no PDF.
fn read(file: &Path) -> Result<(String, &'static str)> {
    let context = || format!("cannot read `{}`", file.display());
    ensure!(!file.is_dir(), "`{}` is a folder; name a file", file.display());
    let mut open = File::open(file).with_context(context)?;
    let (mut checksum, mut piece, mut start) = (Checksum::default(), vec![0; 1 << 16], Vec::new());
    loop {
        let count = open.read(&mut piece).with_context(context)?;
        if count == 0 {
            break;
        }
        if start.len() < PDF.len() {
            start.extend(piece[..count].iter().take(PDF.len()));
        }
        checksum.add(&piece[..count]);
    }
    let what = match start.as_slice() {
        [] => "; the file is empty",
        start if start.starts_with(PDF) => "",
        _ => "; it is no PDF",
    };
    Ok((checksum.hex(), what))
}

/// When it was sent, to how many, and what took its place.
fn of_issue(issue: &str, sent: &SentFile, is_built: bool) -> Vec<String> {
    let recipients = |count: usize| if count == 1 { "1 recipient".to_owned() } else { format!("{count} recipients") };
    let on = |days: &BTreeSet<String>| match (days.first(), days.last()) {
        (Some(first), Some(last)) if first != last => format!("from {first} to {last}"),
        (first, _) => format!("on {}", first.map_or("", String::as_str)),
    };
    let mut lines = Vec::new();
    let name = &sent.name;
    match sent.arrived {
        0 => lines.push(format!("it is `{name}` of the issue {issue}, of which no message is known to have arrived")),
        count => {
            lines.push(format!(
                "it is `{name}` of the issue {issue}, sent {} to {}",
                on(&sent.days),
                recipients(count)
            ));
        }
    }
    if sent.open > 0 {
        lines.push(format!("whether it arrived at {} more is not known", recipients(sent.open)));
    }
    match &sent.superseded {
        Some(day) => lines.push(format!("superseded on {day}, when another file was sent in its place")),
        None if !is_built => {
            lines.push("another file stands in its place in `output/` or none, and none was sent yet".to_owned());
        }
        None => {}
    }
    if sent.told > 0 {
        lines.push(format!(
            "{} told that it was corrected",
            if sent.told == 1 { "1 was".into() } else { format!("{} were", sent.told) }
        ));
    }
    lines
}

/// The figures that read otherwise now, or why that is not known.
fn differing(root: &Path, issue: &str, sent: &SentFile) -> Result<Vec<String>> {
    let Some(printed) = sent.printed(root, issue)? else {
        let mut lines = vec![format!(
            "what it printed was not kept: `{}` (sha256 {}) was sent by an earlier version",
            sent.name, sent.sha256
        )];
        let day = sent.days.first().map_or("", String::as_str);
        for name in names(root) {
            lines.push(format!("  the snapshot `{name}` may tell: `tipbrief diff {SNAPSHOTS}/{name}`"));
        }
        lines.push(format!("  so may a revision of that day: `git log --until={day}`, then `tipbrief diff REVISION`"));
        return Ok(lines);
    };
    let country = &printed.record.country;
    let now = record::published(&root.join("output")).unwrap_or_default();
    let Some(now) = now.into_iter().find(|record| record.country == *country) else {
        return Ok(vec![format!("`output/` holds no figures of {country} to compare it with")]);
    };
    let found = changed(root, &printed, now);
    let what = format!("the {} of {country} in `{}`", printed.document, printed.language);
    let count = match found.len() {
        0 => return Ok(vec![format!("{what}: no figure in it reads otherwise now")]),
        1 => "1 figure differs".to_owned(),
        count => format!("{count} figures differ"),
    };
    Ok(std::iter::once(format!("{what}: {count}")).chain(found).collect())
}

/// A line for each figure of a file that reads otherwise now. What may not be printed again is left out, by the rules of `diff`.
fn changed(root: &Path, printed: &Printed, mut now: Record) -> Vec<String> {
    let unheard = &mut Diagnostics::default();
    let project = Project::load(root, unheard).ok();
    let mut old = match &project {
        Some(project) => {
            record::define(&mut now, project);
            let earlier = record::previous(project, unheard).unwrap_or_default();
            let earlier = earlier.iter().find(|earlier| earlier.country == now.country);
            let wrong = project.corrections.iter().flat_map(|correction| &correction.figures);
            published_before(project, &now, earlier, wrong.filter(|wrong| wrong.country() == now.country))
        }
        None => {
            Record { country: now.country.clone(), figures: now.figures.clone(), with_prose: true, ..Record::default() }
        }
    };
    old.figures.extend(printed.record.figures.iter().map(|(id, figure)| (id.clone(), figure.clone())));
    let is_own = |difference: &&Difference| {
        let own = difference.figure().is_some_and(|figure| printed.record.figures.contains_key(&figure.id));
        let asked_no_more = difference.now.is_none() && difference.figure().is_some_and(|figure| figure.relative);
        own && !asked_no_more && !difference.reads_the_same()
    };
    let found = differences(&old, &now);
    let line = |difference: &Difference| {
        let figure = difference.figure()?;
        // Without its declarations a project does not say what may be printed again.
        let hidden = difference.hidden || project.is_none();
        let before = difference.before.as_ref().filter(|_| !hidden);
        let before = before.map_or_else(|| "(not shown again)".to_owned(), reading);
        let after = difference.now.as_ref().map_or_else(|| "–".to_owned(), reading);
        Some(format!("  {}: {before} → {after}", figure.id))
    };
    found.iter().filter(is_own).filter_map(line).collect()
}

/// The names of the snapshots, sorted.
fn names(root: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(root.join(SNAPSHOTS)).into_iter().flatten().filter_map(Result::ok);
    let names =
        entries.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| !name.starts_with('.')).collect()
}

/// The files of snapshots with this checksum.
fn snapshots(root: &Path, sum: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for name in names(root) {
        let countries = fs::read_dir(root.join(SNAPSHOTS).join(&name)).into_iter().flatten().filter_map(Result::ok);
        let mut countries: Vec<String> =
            countries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        countries.sort();
        for path in
            countries.iter().flat_map(|country| FILES.map(|file| format!("{SNAPSHOTS}/{name}/{country}/{file}")))
        {
            let place = root.join(&path);
            if place.is_file() && read(&place)?.0 == *sum {
                found.push(path);
            }
        }
    }
    Ok(found)
}
