//! Why an output was rebuilt or kept: its inputs are compared with those of the previous build.

use std::collections::BTreeSet;
use std::fmt;

use crate::delivery::publish::{Kept, Sums};

/// Why an output was rebuilt or kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Kept: its inputs are the same.
    Same,
    /// New: there is no record of an earlier one.
    Unknown,
    /// Another tipbrief or Typst built it, or none that is on record.
    Programs,
    /// It had warnings when it was built, which must be shown again.
    Remarks,
    /// Its file is missing or was edited.
    Damaged,
    /// These inputs differ.
    Pieces(BTreeSet<String>),
    /// Its content differs.
    Content,
    /// Kept: `--donor` names another donor.
    Unasked,
}

/// Why a document is built or kept: its inputs compared with those of the previous one.
pub(super) fn of(known: bool, before: Option<&Kept>, pieces: &Sums) -> Why {
    let Some(before) = before else { return if known { Why::Unknown } else { Why::Programs } };
    let names = before.pieces.keys().chain(pieces.keys());
    let changed: BTreeSet<String> =
        names.filter(|name| before.pieces.get(*name) != pieces.get(*name)).cloned().collect();
    if changed.is_empty() && before.remarked {
        Why::Remarks
    } else if changed.is_empty() {
        Why::Same
    } else {
        Why::Pieces(changed)
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Same => f.write_str("kept: its inputs have not changed"),
            Self::Unknown => f.write_str("built: new"),
            Self::Programs => f.write_str("built: no earlier build by this tipbrief and this Typst is on record"),
            Self::Remarks => f.write_str("built: its warnings are shown again"),
            Self::Damaged => f.write_str("built: output was missing or edited"),
            Self::Content => f.write_str("built: inputs changed"),
            Self::Unasked => f.write_str("kept: not asked for"),
            Self::Pieces(pieces) => {
                let names: Vec<String> = pieces.iter().map(|piece| name(piece)).collect();
                write!(f, "built: inputs changed: {}", names.join(", "))
            }
        }
    }
}

/// An input of a document, as its authors call it.
fn name(piece: &str) -> String {
    let within = |folder: &str, ending: &str| piece.strip_prefix(folder)?.strip_suffix(ending);
    match (within("figures/", ".svg"), within("narrative/", ".typ")) {
        _ if piece.starts_with("logo.") => "the donor's logo".to_owned(),
        _ if piece == "cover" => "whether it has a picture of its first page".to_owned(),
        _ if piece == "chart" => "whether it has a picture of its chart".to_owned(),
        _ if piece == "view.json" => "its numbers and words".to_owned(),
        (Some(chart), _) => format!("the chart `{chart}`"),
        (_, Some(prose)) => format!("the prose `{prose}`"),
        _ => format!("`templates/{piece}`"),
    }
}
