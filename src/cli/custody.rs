//! The command `custody`: moves the key and the copies of closed years from one machine to another.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, Subcommand};

use super::end::{End, conclude, failure, guarded};
use super::printing::say_lines;
use super::shared::Shared;
use crate::delivery::publish::{export_custody, import_custody, quiet};
use crate::diagnostic::{Diagnostics, Format};
use crate::project::Project;

#[derive(Args)]
pub(super) struct CustodyOptions {
    #[command(subcommand)]
    way: Way,
}

#[derive(Subcommand)]
enum Way {
    /// Write the key and the copies of all countries into one file
    Export {
        /// The file; it is as confidential as the register
        file: PathBuf,
    },
    /// Put the key and the copies in such a file in their places
    Import {
        /// The file
        file: PathBuf,
    },
}

/// Moves key and copies, and says how many files were moved.
pub(super) fn run(options: &CustodyOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let root = shared.root();
    match guarded(|| moved(&root, &options.way, diagnostics)) {
        Ok(said) => conclude(say_lines(&[said]).err().map(|error| error.to_string()), false),
        Err(error) => {
            let failure = failure(Some(&error), diagnostics);
            let written = shared.report(diagnostics, Format::Human, failure.as_deref(), std::io::stderr());
            conclude(failure.or_else(|| written.err().map(|error| error.to_string())), true)
        }
    }
}

fn moved(root: &Path, way: &Way, diagnostics: &mut Diagnostics) -> Result<String> {
    let _quiet = quiet(root);
    let project = Project::load(root, diagnostics)?;
    let countries: Vec<&str> = project.countries.iter().map(|country| country.iso3.as_str()).collect();
    Ok(match way {
        Way::Export { file } => {
            let number = export_custody(root, &countries, file)?;
            format!("{} holds {number} files: keep it as confidential as the register", file.display())
        }
        Way::Import { file } => {
            let number = import_custody(root, &countries, file)?;
            format!("{number} files are new here; delete {}", file.display())
        }
    })
}
