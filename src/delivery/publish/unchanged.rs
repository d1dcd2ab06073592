//! Whether a build has nothing to do. One that finds everything as the one before left it is over at once: no declaration
//! and no table is read, and what was found in them then is told again. Only this machine's own stamp counts for that, since
//! it names the very files of the programs.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::manifest::{self, Inputs, hex};
use super::paths::path;
use super::seen::Seen;
use super::stamp::Stamp;
use super::workplace::{self, WORK};
use crate::diagnostic::Diagnostics;
use crate::document::typeset::Typst;
use crate::project::{Document, Project};

/// The outputs, if all documents that are wanted are there, nothing that could change them has changed since they were made,
/// and a build would have nothing more to say than its tables and its prose do.
///
/// Never with a register at hand: its checksum is kept nowhere, so a change in it could not be seen.
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
    /// The outputs, and what was found when they were made, if nothing at all has changed since: no input, no folder, no
    /// font, no program, no output.
    #[must_use]
    pub fn as_before(&self, root: &Path, inputs: &Inputs) -> Option<(Vec<String>, Diagnostics)> {
        let (seen, output) = (self.seen.as_ref()?, root.join("output"));
        let typst = self.recalled(root)?;
        if !seen.is(&self.all(inputs, &typst)?, root) || output.join(WORK).exists() {
            return None;
        }
        Some((manifest::intact(&output, inputs, &typst)?, seen.findings(root, inputs)?))
    }

    /// Leaves for the next build what this one found, where all is as it was made. Where that cannot be kept the next build
    /// looks for itself.
    pub fn see(self, (project, typst): (&Project, &Typst), inputs: &Inputs, diagnostics: &Diagnostics) {
        let output = project.root.join("output");
        let seen = self.all(inputs, typst).and_then(|all| Seen::of(project, inputs, all, diagnostics));
        // Another build may have left its own meanwhile.
        let Some(_lock) = workplace::at_once(&output) else { return };
        let (there, next) = (Self::read(&project.root), self.telling(seen));
        if there.is_of_the_same(&next) && there != next {
            // Nothing is lost but time.
            let _ = next.write(&output);
        }
    }

    /// One checksum for the inputs and the programs; none where one of them may change unseen.
    fn all(&self, inputs: &Inputs, typst: &Typst) -> Option<String> {
        let own = std::env::current_exe().ok()?;
        let programs = [&own, &typst.program].map(|program| Some((program, self.program(program)?.settled()?)));
        let (files, folders) = inputs.plain()?;
        let mut digest = Sha256::new();
        let mut tell = |what: &str, told: &str| digest.update(format!("{what}\0{told}\0"));
        for (program, known) in programs.into_iter().collect::<Option<BTreeMap<_, _>>>()? {
            tell(&program.to_string_lossy(), &known);
        }
        self.makers().for_each(|maker| tell("made by", maker));
        files.iter().for_each(|(path, sum)| tell(path, sum));
        folders.iter().for_each(|folder| tell("folder", folder));
        Some(hex(&digest.finalize()))
    }

    /// The Typst that a build would use, if it need not be started to tell its version.
    fn recalled(&self, root: &Path) -> Option<Typst> {
        let mut strange = false;
        let found = Typst::among_known(root, &mut |program| {
            let told = self.program(program).and_then(|program| program.told().map(str::to_owned));
            strange |= told.is_none();
            told
        });
        found.filter(|_| !strange)
    }
}
