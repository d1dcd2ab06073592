//! What a build read and found, remembered for a later build that reads the same: one checksum of all inputs, and the findings.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::checksum::sum;
use super::manifest::Inputs;
use super::own_file::read_plain;
use crate::diagnostic::{Diagnostics, Remembered, Source};
use crate::project::face::Family;
use crate::project::{Project, face_in, filled};

/// What a build reports that finds all of this unchanged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// The checksum of the inputs, the folders that hold them, and the programs.
    all: String,
    fonts: Vec<Font>,
    findings: Remembered,
}

/// A font of a language, whose folder may be anywhere on the machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Font {
    family: String,
    folder: String,
    /// The checksums of its files that are used.
    files: Vec<String>,
}

impl Seen {
    /// What a build read and found; `None` if the next build could not compare all of it.
    pub(super) fn of(project: &Project, inputs: &Inputs, all: String, diagnostics: &Diagnostics) -> Option<Self> {
        let as_read =
            |source: &Source| inputs.files.get(&source.path).is_some_and(|known| *known == sum(&source.bytes));
        let fonts = project.texts.iter().filter_map(|text| {
            let (font, face) = (text.font.as_ref()?, text.face.as_ref()?);
            let (family, folder) = (font.family.value.clone(), font.folder.as_ref()?.value.clone());
            // Where another font stands in, what counts is that the folder still does not hold the one that is meant.
            let held = if text.stood_in { face_in(&project.root, &family, &folder) } else { Some(face.clone()) };
            Some(Font { family, folder, files: sums(held.as_ref()) })
        });
        Some(Self { all, fonts: fonts.collect(), findings: diagnostics.remembered(&as_read)? })
    }

    /// Whether the inputs, the programs and the fonts are still the same.
    pub(super) fn is(&self, all: &str, root: &Path) -> bool {
        self.all == all && self.fonts.iter().all(|font| font.is_there(root))
    }

    /// The findings; `None` if a file that they point into cannot be read as it was hashed.
    pub(super) fn findings(&self, root: &Path, inputs: &Inputs) -> Option<Diagnostics> {
        let filled = filled(root);
        let as_hashed = |path: &str| {
            let known = inputs.files.get(path)?;
            let bytes = match filled.iter().find(|(carried, _)| *carried == path) {
                Some((_, bytes)) => bytes.to_vec(),
                None => read_plain(&root.join(path))?,
            };
            (*known == sum(&bytes)).then_some(bytes)
        };
        self.findings.recalled(&as_hashed)
    }
}

impl Font {
    fn is_there(&self, root: &Path) -> bool {
        sums(face_in(root, &self.family, &self.folder).as_ref()) == self.files
    }
}

/// The checksums of the files of a font; none where there is no such font.
fn sums(face: Option<&Family>) -> Vec<String> {
    face.into_iter().flat_map(Family::files).map(sum).collect()
}
