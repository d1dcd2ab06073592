//! Sign-off: persons bind their names to what documents say. `docs/approving.md` tells what is bound, and what is not.
//!
//! What is approved is the *content* of a document: all that a reader sees but the mark of a draft, so that taking the mark
//! away changes nothing that was approved. The approvals are lines in `data/approvals/`, each with the checksum of the line
//! before it, and signed by a key of SSH if one is named.
//!
//! | module | owns |
//! |---|---|
//! | [`contents`] | what each document says now, under one checksum |
//! | [`entry`], [`chain`] | a line; whether the lines are as they were written |
//! | [`ledger`], [`kept`] | the file of an issue, and what each approval keeps to say later what changed |
//! | [`signature`] | signing and verifying (**ssh-keygen**) |
//! | [`standing`], [`since`] | who approved a document and who has still to; what it says differently since |
//! | [`giving`] | giving an approval, and taking it back |

mod chain;
mod contents;
mod entry;
mod giving;
mod kept;
mod ledger;
mod signature;
mod since;
mod standing;

use std::path::Path;

use anyhow::Result;

use crate::diagnostic::{Code, Diagnostics};
use crate::project::{Document, Report};

pub use contents::Material;
pub use giving::{Accept, Asked, Outcome, approve, withdraw};
pub use since::Since;
pub use standing::{Standing, Standings};

use contents::Contents;
use ledger::Ledger;

/// Why nothing was approved, a line each.
#[derive(Debug)]
pub struct Refused(pub Vec<String>);

impl Refused {
    fn one(why: String) -> Self {
        Self(vec![why])
    }

    fn unless_none(why: Vec<String>) -> Result<(), Self> {
        if why.is_empty() { Ok(()) } else { Err(Self(why)) }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl std::error::Error for Refused {}

/// How these documents stand, and the approvals. A copy needs its document among them.
///
/// # Errors
/// Approvals that are not as they were written or signed, which is in `diagnostics`; or a failure of the machine.
pub fn stand(material: Material<'_>, documents: &[Document<'_>], diagnostics: &mut Diagnostics) -> Result<Standings> {
    let Some(approval) = &material.project.report.approval else { return Ok(Standings::default()) };
    let ledger = Ledger::read(&material.project.root, &material.project.report, diagnostics)?;
    diagnostics.conclude_shared(())?;
    let contents = Contents::of(material, documents)?;
    Ok(Standings::of(approval, &ledger, &contents, documents))
}

/// How every document and copy of a project stands.
///
/// # Errors
/// As for [`stand`].
pub fn stand_all(material: Material<'_>, diagnostics: &mut Diagnostics) -> Result<Standings> {
    let project = material.project;
    if project.report.approval.is_none() {
        return Ok(Standings::default());
    }
    let documents: Vec<Document<'_>> = project.documents().chain(project.copies()).collect();
    stand(material, &documents, diagnostics)
}

/// Reports approvals that are not as they were written or signed; nothing where none are asked for.
///
/// # Errors
/// When a file cannot be read, or signatures cannot be verified here.
pub fn check(root: &Path, report: &Report, diagnostics: &mut Diagnostics) -> Result<()> {
    if report.approval.is_some() {
        Ledger::read(root, report, diagnostics)?;
    }
    Ok(())
}

/// What is wrong with the approvals, a line each: `data/approvals/2025.jsonl:3: this line is not as it was written`.
///
/// # Errors
/// As for [`check`].
pub fn differences(root: &Path, report: &Report) -> Result<Vec<String>> {
    let mut found = Diagnostics::default();
    check(root, report, &mut found)?;
    let own =
        found.sorted().into_iter().filter(|found| [Code::BrokenChain, Code::SignatureError].contains(&found.code));
    Ok(own.map(|found| format!("{}:{}: {}", found.span.path(), found.span.position().0, found.message)).collect())
}
