//! Checks `[approval]` against what else is there: the file of those who may sign, and the word that marks a draft.

use std::path::{Component, Path};

use super::Project;
use super::draft::DraftReason;
use super::links::{declared, unsafe_path};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::project::approval::Approval;
use crate::project::declaration::Located;

/// Reports every fault in what the approvals need beside their own declaration.
pub(super) fn relate(project: &Project, diagnostics: &mut Diagnostics) {
    let Some(approval) = &project.report.approval else { return };
    if let Some(file) = &approval.allowed_signers {
        signers(&project.root, file, diagnostics);
    }
    marked(project, approval, diagnostics);
}

fn signers(root: &Path, file: &Located<String>, diagnostics: &mut Diagnostics) {
    let path = format!("data/{}", file.value);
    let fault = |message: String| {
        let fault = Diagnostic::error(Code::PathError, file.span.clone(), message);
        fault.hint("put the file of those who may sign below `data/` and name its path from there")
    };
    let inside = Path::new(&file.value).components().all(|part| matches!(part, Component::Normal(_)));
    if !inside || file.value.is_empty() {
        diagnostics.push(fault(format!("`{}` leads out of `data`", file.value)));
    } else if root.join(&path).symlink_metadata().is_err() {
        diagnostics.push(fault(format!("there is no file `{path}`")));
    } else {
        match declared(root, &path) {
            Ok(false) => {}
            Ok(true) => diagnostics.push(fault(format!("`{path}` is a folder"))),
            Err(why) => unsafe_path(root, &path, why, diagnostics),
        }
    }
}

/// A project of the oldest format has every word itself: without this one its drafts would carry the name of the word.
fn marked(project: &Project, approval: &Approval, diagnostics: &mut Diagnostics) {
    let word = DraftReason::Unapproved.word();
    if let Some(text) = project.texts.first().filter(|text| !text.words().contains_key(word)) {
        let message =
            format!("`data/text/{}.toml` has no word `{word}`, which marks what is not approved", text.language);
        let fault = Diagnostic::error(Code::MissingField, approval.span.clone(), message);
        diagnostics.push(fault.hint("add it under `[words]`, as `tipbrief carried` shows it"));
    }
}
