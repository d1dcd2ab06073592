//! The command `protect`: what share of each register would be withheld under other rules. It sets nothing.

use std::path::Path;

use anyhow::Result;
use clap::Args;

use super::confidential::Confidential;
use super::end::End;
use super::progress::Progress;
use super::shared::Shared;
use super::stages;
use super::unanswerable::{NotHere, Unfit};
use crate::diagnostic::Diagnostics;
use crate::disclosure::protect::{self, Change, Cost, Trial};
use crate::project::Project;

#[derive(Args)]
pub(super) struct ProtectOptions {
    /// A rule that is tried, and not set: `threshold=5`, `weights=cells` or `counts`, `zeros_sensitive=true` or `false`,
    /// `without=DIMENSION` (no indicator is broken down by it), `unasked=INDICATOR`; may be given several times. Years that have
    /// closed stay as they are
    #[arg(long = "try", value_name = "KEY=VALUE", required = true)]
    tried: Vec<Change>,
    #[command(flatten)]
    confidential: Confidential,
}

/// Prints the share of the registers' figures that is withheld now and under the rules that are tried.
pub(super) fn run(options: &ProtectOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    options.confidential.answer(shared, diagnostics, |root, progress, diagnostics| {
        Ok(lines(&tried(root, &options.tried, progress, diagnostics)?))
    })
}

fn tried(root: &Path, changes: &[Change], progress: Progress<'_>, diagnostics: &mut Diagnostics) -> Result<Vec<Trial>> {
    let project = Project::load(root, diagnostics)?;
    if let Some(unfit) = changes.iter().find_map(|change| change.unfit(&project.indicators)) {
        return Err(Unfit(unfit).into());
    }
    let found = stages::unprotected(&project, progress, diagnostics)?;
    found.release.conclude()?;
    diagnostics.conclude(())?;
    progress("trying other rules".into());
    let trials = protect::tried(found.of(&project), changes);
    if trials.is_empty() { Err(NotHere { country: None }.into()) } else { Ok(trials) }
}

/// The shares, of each country and table and in all: `XXA/victims: 43 % withheld, then 30 %`.
fn lines(trials: &[Trial]) -> Vec<String> {
    let line =
        |name: &str, now: &[Cost], then: &[Cost]| format!("{name}: {} withheld, then {}", share(now), share(then));
    let each = trials.iter().map(|one| line(&format!("{}/{}", one.country, one.table), &[one.now], &[one.then]));
    let (now, then): (Vec<Cost>, Vec<Cost>) = trials.iter().map(|one| (one.now, one.then)).unzip();
    each.chain([line("in all", &now, &then)]).collect()
}

/// The share of the figures that is withheld, in whole per cent.
pub(super) fn share(costs: &[Cost]) -> String {
    let (cells, withheld) = costs.iter().fold((0, 0), |(all, some), cost| (all + cost.cells, some + cost.withheld));
    if cells == 0 { "nothing".to_owned() } else { format!("{} %", (withheld * 200 + cells) / (2 * cells)) }
}
