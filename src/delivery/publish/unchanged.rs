//! Whether a build has nothing to do. If nothing has changed since the previous build, it ends at once: it reads no
//! declaration and no table, starts no Typst, and reports the same findings again. Only this machine's own stamp counts for
//! that, because it names the very files of the programs.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::checksum::hex;
use super::manifest::{self, Inputs};
use super::paths::path;
use super::seen::Seen;
use super::stamp::Stamp;
use super::workplace::{self, WORK};
use crate::diagnostic::Diagnostics;
use crate::document::typeset::Typst;
use crate::project::{Document, Project};

/// The outputs, if all wanted documents are in place, none of their inputs has changed, and a build would report nothing
/// beyond what its tables and its prose report.
///
/// Never if there is a register: its checksum is stored nowhere, so a change in it could not be noticed.
#[must_use]
pub fn unchanged<'p>(
    root: &Path,
    inputs: &Inputs,
    typst: &Typst,
    stamp: &Stamp,
    mut wanted: impl Iterator<Item = Document<'p>>,
) -> Option<Vec<String>> {
    let output = root.join("output");
    let quiet = !stamp.documents().is_empty() && stamp.documents().values().all(|kept| kept.quiet);
    if inputs.has_register() || output.join(WORK).exists() || !quiet {
        return None;
    }
    let outputs = manifest::intact(&output, inputs, typst)?;
    let document = |path: &&String| Path::new(path).extension().is_some_and(|kind| kind == "pdf");
    let known = outputs.iter().filter(document).all(|path| stamp.documents().contains_key(path));
    let mut fonts = BTreeMap::new();
    let there = |document: Document<'p>| {
        let path = path(document);
        let set = stamp.documents().get(&path).is_some_and(|kept| kept.is_set_in(document.text, &mut fonts));
        outputs.binary_search(&path).is_ok() && set
    };
    (known && wanted.all(there)).then_some(outputs)
}

impl Stamp {
    /// The outputs and the findings of the build that made them, if nothing has changed since: no input, folder, font, program
    /// or output.
    #[must_use]
    pub fn as_before(&self, root: &Path, inputs: &Inputs) -> Option<(Vec<String>, Diagnostics)> {
        let (seen, output) = (self.seen.as_ref()?, root.join("output"));
        let typst = self.recalled(root)?;
        if !seen.is(&self.all(inputs, &typst)?, root) || output.join(WORK).exists() {
            return None;
        }
        Some((manifest::intact(&output, inputs, &typst)?, seen.findings(root, inputs)?))
    }

    /// Remembers the findings of this build for the next one. If that is not possible, the next build reads everything itself.
    pub fn see(self, (project, typst): (&Project, &Typst), inputs: &Inputs, diagnostics: &Diagnostics) {
        let output = project.root.join("output");
        let seen = self.all(inputs, typst).and_then(|all| Seen::of(project, inputs, all, diagnostics));
        // Another build may have written its own meanwhile.
        let Some(_lock) = workplace::at_once(&output) else { return };
        let (there, next) = (Self::read(&project.root), self.remembering(seen));
        if there.is_of_the_same(&next) && there != next {
            // If this fails, the next build only takes longer.
            let _ = next.write(&output);
        }
    }

    /// One checksum for the inputs and the programs; `None` if one of them may change unnoticed.
    fn all(&self, inputs: &Inputs, typst: &Typst) -> Option<String> {
        let own = std::env::current_exe().ok()?;
        let programs = [&own, &typst.program].map(|program| Some((program, self.program(program)?.settled()?)));
        let (files, folders) = inputs.plain()?;
        let mut digest = Sha256::new();
        let mut add = |what: &str, state: &str| digest.update(format!("{what}\0{state}\0"));
        for (program, known) in programs.into_iter().collect::<Option<BTreeMap<_, _>>>()? {
            add(&program.to_string_lossy(), &known);
        }
        self.makers().for_each(|maker| add("made by", maker));
        files.iter().for_each(|(path, sum)| add(path, sum));
        folders.iter().for_each(|folder| add("folder", folder));
        Some(hex(&digest.finalize()))
    }

    /// The Typst that a build would use, if its version is known without starting it.
    fn recalled(&self, root: &Path) -> Option<Typst> {
        let mut unknown = false;
        let found = Typst::among_known(root, &mut |program| {
            let version = self.program(program).and_then(|program| program.known_version().map(str::to_owned));
            unknown |= version.is_none();
            version
        });
        found.filter(|_| !unknown)
    }
}
