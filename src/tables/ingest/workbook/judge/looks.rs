//! What the look of single cells changes: raised and struck-out text, colours in which nothing can be seen, number formats.

use super::super::sheet::{Cell, Colour, Grid, Look, Mark, Script, Value};
use super::cells::{self, Format, hidden};
use super::{Judged, quoted, stored};
use crate::diagnostic::Code;

pub(super) fn judge(grid: &Grid, judged: &mut Judged) {
    marks(grid, judged);
    let Some(top) = grid.cells.first().map(|cell| cell.place.0) else { return };
    let formats: Vec<(Format, Option<&str>)> =
        grid.looks.iter().map(|look| (Format::of(look), unreadable(look))).collect();
    for cell in &grid.cells {
        let (Some(look), Some((format, unreadable))) = (grid.look(cell), formats.get(cell.look)) else { continue };
        if let Some(script) = look.script.filter(|_| cell.value.is_something()) {
            let message = format!("the whole cell is {}, and holds {}", written(script), stored(cell));
            judged.fault(cell.place, Code::MarkedText, message, ALONE);
        }
        // Labels are no values: nothing is masked by hiding one.
        if cell.place.0 > top {
            unseen(cell, *unreadable, judged);
            cells::judge(cell, look, format, grid.zeros_hidden, judged);
        }
    }
}

const ALONE: &str = "write the value alone; what is to be said about it belongs into a column for notes";

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
                    let message = format!("the cell shows {} and holds {}", quoted(text), stored(cell));
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

pub(super) const GROUND: &str = "it has the colour of its ground";

/// Why nothing can be seen under a look.
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

/// Two colours in which one cannot be told from the other.
pub(super) fn alike(one: Colour, other: Colour) -> bool {
    one.iter().zip(other).all(|(one, other)| one.abs_diff(other) <= NEAR)
}

/// Colours whose parts differ by no more cannot be told apart.
const NEAR: u8 = 16;
