//! Where a package of the program puts what it brings along: beside the program, or in the folder of its own that Linux packages
//! use.

use std::path::PathBuf;

/// The folder from the one that holds the program in a package such as Debian's: `bin/tipbrief`, `lib/tipbrief/typst`.
const LIBRARY: &str = "../lib/tipbrief";

/// The places where a package may have put a file or folder of that name, the first one to be looked at first.
#[must_use]
pub fn places(name: &str) -> Vec<PathBuf> {
    // Behind a link the program lies where its package put it.
    let program = std::env::current_exe().and_then(|program| program.canonicalize());
    let folder = program.ok().and_then(|program| Some(program.parent()?.to_owned()));
    folder.into_iter().flat_map(|folder| [folder.join(name), folder.join(LIBRARY).join(name)]).collect()
}
