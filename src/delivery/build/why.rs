//! Why an output was made anew or not, told by what it is made of.

use std::collections::BTreeSet;
use std::fmt;

use crate::delivery::publish::{Kept, Sums};

/// Why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It would be made of the same.
    Same,
    /// Nothing is known of how it was made.
    Unknown,
    /// Other programs made it.
    Programs,
    /// Something was said of it when it was made, which is to be said again.
    Remarks,
    /// It is not there as it was made.
    Damaged,
    /// What it is made of differs.
    Pieces(BTreeSet<String>),
    /// It says something else than before.
    Content,
    /// It is for another donor than the one that was asked for.
    Unasked,
}

/// Why a document is made, or kept: held against how it was made before.
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
            Self::Same => f.write_str("kept: nothing that it is made of has changed"),
            Self::Unknown => f.write_str("made: it is new"),
            Self::Programs => f.write_str("made: no build by this tipbrief and this Typst is known"),
            Self::Remarks => f.write_str("made: there was something to say of it, which is said again"),
            Self::Damaged => f.write_str("made: it was not there as it had been made"),
            Self::Content => f.write_str("made: it says something else than before"),
            Self::Unasked => f.write_str("kept: it was not asked for"),
            Self::Pieces(pieces) => {
                let told: Vec<String> = pieces.iter().map(|piece| told(piece)).collect();
                write!(f, "made: changed were {}", told.join(", "))
            }
        }
    }
}

/// A piece of a document in the words of who works on it.
fn told(piece: &str) -> String {
    let within = |folder: &str, ending: &str| piece.strip_prefix(folder)?.strip_suffix(ending);
    match (within("figures/", ".svg"), within("narrative/", ".typ")) {
        _ if piece.starts_with("logo.") => "the logo of the donor".to_owned(),
        _ if piece == "cover" => "whether its first page is pictured".to_owned(),
        _ if piece == "view.json" => "the numbers and words that it prints".to_owned(),
        (Some(drawing), _) => format!("the drawing `{drawing}`"),
        (_, Some(prose)) => format!("the prose `{prose}`"),
        _ => format!("`templates/{piece}`"),
    }
}
