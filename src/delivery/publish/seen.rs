//! What a build saw and found, as it is kept for one that sees the same: the checksum of all that it read, and its findings.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::manifest::{Inputs, sum};
use crate::diagnostic::{Diagnostics, Remembered, Source};
use crate::project::{Project, face_in};

/// What a build has to say that finds all of this unchanged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// The checksum of the inputs, the folders that hold them, and the programs.
    all: String,
    fonts: Vec<Font>,
    findings: Remembered,
}

/// A font of a language, whose folder may lie anywhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Font {
    family: String,
    folder: String,
    /// The checksums of its files that are used.
    files: Vec<String>,
}

impl Seen {
    /// What was seen of a project; none where not all of it can be seen again.
    pub(super) fn of(project: &Project, inputs: &Inputs, all: String, diagnostics: &Diagnostics) -> Option<Self> {
        let as_read =
            |source: &Source| inputs.files.get(&source.path).is_some_and(|known| *known == sum(&source.bytes));
        let fonts = project.texts.iter().filter_map(|text| {
            let (font, face) = (text.font.as_ref()?, text.face.as_ref()?);
            let folder = font.folder.as_ref()?.value.clone();
            Some(Font { family: font.family.value.clone(), folder, files: face.files().map(sum).collect() })
        });
        Some(Self { all, fonts: fonts.collect(), findings: diagnostics.remembered(&as_read)? })
    }

    /// Whether the inputs and the programs are those that were seen, and the fonts.
    pub(super) fn is(&self, all: &str, root: &Path) -> bool {
        self.all == all && self.fonts.iter().all(|font| font.is_there(root))
    }

    /// What was found.
    pub(super) fn findings(&self, root: &Path, inputs: &Inputs) -> Option<Diagnostics> {
        let as_hashed = |path: &str| {
            let bytes = fs::read(root.join(path)).ok()?;
            (inputs.files.get(path) == Some(&sum(&bytes))).then_some(bytes)
        };
        self.findings.recalled(&as_hashed)
    }
}

impl Font {
    fn is_there(&self, root: &Path) -> bool {
        let there = face_in(root, &self.family, &self.folder).ok().flatten();
        there.is_some_and(|face| face.files().map(sum).eq(self.files.iter().cloned()))
    }
}
