//! The draft of a confidential file: its labels, all of them ignored, and nothing else of it.

use super::written::{list, string};
use super::{Asked, Look};
use crate::diagnostic::letters;
use crate::project::imports::OPEN;

/// The draft as TOML.
pub(super) fn draft(asked: &Asked<'_>, look: &Look) -> String {
    let sheet = &look.sheet;
    let label = |column: usize| {
        let text = sheet.text(look.shape.labels, column);
        let below = (look.shape.labels + 1..sheet.rows).any(|row| !sheet.is_blank(row, column));
        let letter = || u32::try_from(column).map(letters).map(|letters| format!("@{letters}")).ok();
        if text.is_empty() { letter().filter(|_| below) } else { Some(text.to_owned()) }
    };
    let labels: Vec<String> = (0..sheet.columns.len()).filter_map(label).collect();
    let open = string(OPEN);
    let mut keys = look.keys.clone();
    keys.push(format!("ignore = {}", list(&labels)));
    let head = "# A draft: of a confidential file only the labels are shown. Decide each \"?\", and take the labels that are read\n\
                # out of `ignore`.";
    let path = string(asked.path);
    format!(
        "{head}\nsource = {open}\nlicence = {open}\n\n[[file]]\npath = {path}\n\n[read]\n{}\n\n[[make]]\ntable = {open}\n",
        keys.join("\n")
    )
}
