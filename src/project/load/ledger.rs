//! Reads `data/ledger/`: the earlier releases, one file for each, which follow one another.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::entry::inside;
use super::links::{followed, unsafe_path};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::declaration::Located;
use crate::project::ledger::{Ledger, RegisterRelease};

/// The folder, from the root.
const FOLDER: &str = "data/ledger";

pub(super) fn read(root: &Path, diagnostics: &mut Diagnostics) -> Result<Ledger> {
    let folder = root.join(FOLDER);
    let mut releases = Vec::new();
    if !folder.is_dir() {
        return Ok(Ledger::default());
    }
    if let Err(why) = followed(root, FOLDER) {
        unsafe_path(root, FOLDER, why, diagnostics);
        return Ok(Ledger::default());
    }
    for path in inside(&folder).with_context(|| format!("cannot read `{FOLDER}`"))? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".json").filter(|_| !name.starts_with('.')) else { continue };
        let path = format!("{FOLDER}/{name}");
        if let Err(why) = followed(root, &path) {
            unsafe_path(root, &path, why, diagnostics);
            continue;
        }
        let bytes = std::fs::read(root.join(&path)).with_context(|| format!("cannot read `{path}`"))?;
        let read = serde_json::from_slice::<RegisterRelease>(&bytes);
        let source = Arc::new(Source::new(&path, bytes));
        let fault = |code, message: String| Diagnostic::error(code, Span::start_of(&source), message);
        match read {
            Ok(release) if release.name == stem => releases.push((release, source)),
            Ok(release) => {
                let message = format!("the file holds the release `{}`", release.name);
                diagnostics.push(fault(Code::NameMismatch, message).hint("name the file after the release"));
            }
            Err(error) => {
                let message = format!("the release cannot be read: {error}");
                diagnostics.push(fault(Code::SyntaxError, message).hint("only `tipbrief release` writes this file"));
            }
        }
    }
    releases.sort_by(|(a, _), (b, _)| (a.number, &a.name).cmp(&(b.number, &b.name)));
    releases.windows(2).for_each(|pair| follows(&pair[0], &pair[1], diagnostics));
    if let Some((first, source)) = releases.first() {
        begins(first, source, diagnostics);
    }
    let head = releases.last().map(|(_, source)| sum(source));
    let files = releases.iter().map(|(release, source)| (release.name.clone(), source.clone())).collect();
    let releases = releases.into_iter().map(|(release, _)| release).collect();
    Ok(Ledger::new(releases).ending_with(head).in_files(files))
}

/// Reports a declared base that is lower than one in which a release told late cases.
pub(super) fn lowered(base: Option<&Located<i64>>, ledger: &Ledger, diagnostics: &mut Diagnostics) {
    let Some((declared, (release, known))) = base.zip(ledger.base()).filter(|(own, (_, known))| own.value < *known)
    else {
        return;
    };
    let message = format!(
        "a base of {} is lower than that of the release `{release}`; at least {known} is expected",
        declared.value
    );
    let fault = Diagnostic::error(Code::InvalidValue, declared.span.clone(), message);
    diagnostics
        .push(fault.hint("a base is never lowered: late cases would be told to within fewer persons than before"));
}

/// A release, and its file.
type Read = (RegisterRelease, Arc<Source>);

fn sum(source: &Source) -> String {
    Sha256::digest(&source.bytes[..]).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reports a first release that names one before it, or is not the first by its number.
fn begins(first: &RegisterRelease, source: &Arc<Source>, diagnostics: &mut Diagnostics) {
    let lost = match &first.previous {
        Some(previous) => format!("the release `{}`, which this one follows, has no file", previous.release),
        None if first.number != 1 => {
            format!("this release has the number {}, but there is none before it", first.number)
        }
        None => return,
    };
    diagnostics.push(broken(source, lost).hint("restore the file that is missing; no release is ever deleted"));
}

/// Reports a release that does not follow the one before it.
fn follows((before, file): &Read, (next, source): &Read, diagnostics: &mut Diagnostics) {
    let one = &before.name;
    if next.number == before.number {
        let message = format!("this release has the number {}, as `{one}` has", next.number);
        let hint = "two machines or two branches made a release each: keep the one that was published, and make the other again";
        diagnostics.push(broken(source, message).hint(hint));
        return;
    }
    if next.number != before.number + 1 {
        let message =
            format!("this release has the number {}, and the one before it has {}", next.number, before.number);
        diagnostics.push(broken(source, message).hint("restore the file that is missing; no release is ever deleted"));
        return;
    }
    match &next.previous {
        Some(previous) if previous.release != *one => {
            let message = format!("this release follows `{}`, but `{one}` is the one before it", previous.release);
            let hint = "two machines or two branches made a release each: keep the one that was published, and make the other again";
            diagnostics.push(broken(source, message).hint(hint));
        }
        Some(previous) if previous.sha256 != sum(file) => {
            let message = format!("`{one}` is not as it was when this release was made after it");
            diagnostics.push(broken(source, message).hint(format!("restore `{}` as it was released", file.path)));
        }
        // Releases from before years closed name no other.
        None if !next.systems.is_empty() || !before.systems.is_empty() => {
            let message = format!("this release does not name the one before it, `{one}`");
            diagnostics.push(broken(source, message).hint("only `tipbrief release` writes this file"));
        }
        _ => {}
    }
}

fn broken(source: &Arc<Source>, message: String) -> Diagnostic {
    Diagnostic::error(Code::BrokenChain, Span::start_of(source), message)
}
