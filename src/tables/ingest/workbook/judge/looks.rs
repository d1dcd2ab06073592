//! Cells whose look changes what is read: superscript and struck-out text, invisible colours, number formats.

use super::super::sheet::{Cell, Colour, Grid, Look, Mark, Script, Value};
use super::cells::{self, CellFormat, hidden};
use super::{Judged, quoted, stored};
use crate::diagnostic::Code;

pub(super) fn judge(grid: &Grid, judged: &mut Judged) {
    marks(grid, judged);
    let Some(top) = grid.cells.first().map(|cell| cell.place.0) else { return };
    let formats: Vec<(CellFormat, Option<&str>)> =
        grid.looks.iter().map(|look| (CellFormat::of(look), unreadable(look))).collect();
    for cell in &grid.cells {
        let (Some(look), Some((format, unreadable))) = (grid.look(cell), formats.get(cell.look)) else { continue };
        if let Some(script) = look.script.filter(|_| cell.value.is_something()) {
            let message = format!("the whole cell, {}, is {}", stored(cell), written(script));
            judged.fault(cell.place, Code::MarkedText, message, ALONE);
        }
        // Labels are not values: hiding one masks nothing.
        if cell.place.0 > top {
            unseen(cell, *unreadable, judged);
            cells::judge(cell, look, format, grid.zeros_hidden, judged);
        }
    }
}

const ALONE: &str = "write only the value; remarks about it belong in a column for notes";

const SAVED: &str = "open the workbook in a spreadsheet, see which of the two is right, and save it there";

fn marks(grid: &Grid, judged: &mut Judged) {
    let top = grid.cells.first().map_or(0, |cell| cell.place.0);
    for (area, mark) in grid.marks.iter().filter(|(area, _)| area.first.0 > top) {
        let Some(cell) = grid.within(*area).next() else { continue };
        match mark {
            Mark::Run { script, part } => {
                let message = format!("{} of {} is {}", quoted(part), stored(cell), written(*script));
                judged.fault(cell.place, Code::MarkedText, message, ALONE);
            }
            Mark::Coloured { text, part } => {
                let ground = grid.look(cell).and_then(|look| look.ground);
                if ground.is_some_and(|ground| alike(*text, ground)) {
                    let message = format!("{} of {} cannot be seen: {GROUND}", quoted(part), stored(cell));
                    judged.fault(cell.place, Code::MaskedValue, message, ALONE);
                }
            }
            Mark::Shows { text } => {
                for cell in grid.within(*area) {
                    let message = format!("the cell shows {} but stores {}", quoted(text), stored(cell));
                    judged.fault(cell.place, Code::MaskedValue, message, SAVED);
                }
            }
            _ => {}
        }
    }
}

fn written(script: Script) -> &'static str {
    match script {
        Script::Raised => "superscript",
        Script::Lowered => "subscript",
        Script::Struck => "struck out",
    }
}

const GROUND: &str = "it has the colour of its background";

/// Why the text of cells with this look cannot be seen.
fn unreadable(look: &Look) -> Option<&'static str> {
    let coloured = look.ground.is_some_and(|ground| alike(look.text, ground));
    look.unreadable.or(coloured.then_some(GROUND))
}

fn unseen(cell: &Cell, unreadable: Option<&str>, judged: &mut Judged) {
    let Some(why) = unreadable else { return };
    if matches!(&cell.value, Value::Text(text) if text.trim().is_empty()) || !cell.value.is_something() {
        return;
    }
    hidden(cell, why, judged);
}

/// Whether two colours are too similar to see one on the other.
pub(super) fn alike(one: Colour, other: Colour) -> bool {
    one.iter().zip(other).all(|(one, other)| one.abs_diff(other) <= NEAR)
}

/// Colours whose parts all differ by at most this look the same.
const NEAR: u8 = 16;
