//! The bytes of a mapping's files, and whether they are those whose checksums it states.

use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::Present;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::project::Mapped;
use crate::tables::ingest::delivered::open;

/// The checksum of some bytes, as mappings state it.
pub(super) fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Opens the files that are there. A wrong checksum does not stop the reading.
///
/// # Errors
/// When a file cannot be read.
pub fn present(root: &Path, mapped: &Mapped, diagnostics: &mut Diagnostics) -> Result<Vec<Present>> {
    let mut present = Vec::new();
    for (number, (file, path)) in mapped.mapping.files.iter().zip(&mapped.paths).enumerate() {
        let Some(path) = path else { continue };
        let bytes = open(&root.join(path)).with_context(|| format!("cannot read `{path}`"))?;
        if let Some(stated) = &file.sha256 {
            let sum = sum(&bytes);
            if sum != stated.value {
                let message = format!("`{}` is not the file whose checksum this is", file.path.value);
                let fault = Diagnostic::error(Code::ChecksumError, stated.span.clone(), message);
                let hint = format!("if it was revised, add a [[file]] for it, with `sha256 = \"{sum}\"`");
                diagnostics.push(if file.confidential { fault } else { fault.hint(hint) });
            }
        }
        present.push(Present { file: number, path: path.clone(), bytes });
    }
    Ok(present)
}
