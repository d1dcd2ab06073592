//! Where a package of the program puts what it brings along: beside the program, or in the folder of its own that Linux packages
//! use.

use std::path::{Path, PathBuf};

/// The folder beside the one that holds the program in a package such as Debian's: `bin/tipbrief`, `lib/tipbrief/typst`.
const LIBRARY: [&str; 2] = ["lib", "tipbrief"];

/// The places where a package may have put a file or folder of that name, the first one to be looked at first.
#[must_use]
pub fn places(name: &str) -> Vec<PathBuf> {
    // Behind a link the program lies where its package put it.
    let program = std::env::current_exe().and_then(|program| program.canonicalize());
    let folder = program.ok().and_then(|program| Some(program.parent()?.to_owned()));
    folder.map_or_else(Vec::new, |folder| beside(&folder, name))
}

/// No place is named by `..`: on Windows the path of a program that was looked up takes that for a name.
fn beside(folder: &Path, name: &str) -> Vec<PathBuf> {
    let library = folder.parent().map(|above| LIBRARY.iter().fold(above.to_owned(), |path, part| path.join(part)));
    std::iter::once(folder.to_owned()).chain(library).map(|place| place.join(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_has_it_beside_the_program_or_in_its_library() {
        let places = beside(Path::new("/opt/tipbrief/bin"), "typst");
        assert_eq!(places, ["/opt/tipbrief/bin/typst", "/opt/tipbrief/lib/tipbrief/typst"].map(PathBuf::from));
        assert_eq!(beside(Path::new("/"), "typst"), [PathBuf::from("/typst")]);
    }
}
