//! Formats that hold under a condition: they mask as other formats do, where the condition holds.

use super::super::sheet::{Area, Cell, Condition, Conditional, Effect, Grid, Value};
use super::cells::{Format, hidden, shows};
use super::looks::{GROUND, alike};
use super::{Judged, stored};
use crate::diagnostic::Code;

pub(super) fn judge(grid: &Grid, judged: &mut Judged) {
    if grid.conditional.is_empty() {
        return;
    }
    let Some(whole) = grid.extent() else { return };
    for rule in &grid.conditional {
        let format = match &rule.effect {
            Effect::Format(code) => Some(Format::read(code)),
            _ => None,
        };
        for area in &rule.areas {
            // Labels are no values.
            let below = Area { first: (area.first.0.max(whole.first.0 + 1), area.first.1), ..*area };
            for cell in grid.within(below).filter(|cell| cell.value.is_something()) {
                if apply(grid, rule, *area, cell, format.as_ref(), judged) == Told::All {
                    break;
                }
            }
        }
    }
}

/// Whether a rule was told at its first cell, for all of them.
#[derive(PartialEq, Eq)]
enum Told {
    All,
    This,
}

fn apply(
    grid: &Grid,
    rule: &Conditional,
    area: Area,
    cell: &Cell,
    format: Option<&Format>,
    judged: &mut Judged,
) -> Told {
    let look = grid.look(cell);
    let masks = match &rule.effect {
        Effect::Colours { text, ground } => {
            let text = text.or(look.map(|look| look.text)).unwrap_or([0; 3]);
            let ground = ground.or(look.map_or(Some([255; 3]), |look| look.ground));
            ground.is_some_and(|ground| alike(text, ground))
        }
        Effect::Format(_) => matches!(cell.value, Value::Number(_) | Value::Day { .. }),
        Effect::Struck => true,
        Effect::Picture => matches!(cell.value, Value::Number(_)),
    };
    if !masks || rule.condition.excludes(cell) {
        return Told::This;
    }
    if rule.condition == Condition::Unknown && !harmless(cell, format) {
        let message = format!(
            "the conditional format of {} may {} the cell, which holds {}; whether its condition holds is not worked out",
            area.name(),
            rule.effect.verb(),
            stored(cell)
        );
        let hint = "delete the rule, and write into the cells what they are to show";
        judged.fault(cell.place, Code::MaskedValue, message, hint);
        return Told::All;
    }
    match (&rule.effect, &cell.value, format) {
        (Effect::Colours { .. }, _, _) => hidden(cell, &format!("by a conditional format {GROUND}"), judged),
        (Effect::Picture, _, _) => hidden(cell, "a conditional format shows a picture in its place", judged),
        (Effect::Struck, _, _) => {
            let message = format!("a conditional format strikes out the cell, which holds {}", stored(cell));
            let hint = "delete the rule, or what is struck out";
            judged.fault(cell.place, Code::MarkedText, message, hint);
        }
        (Effect::Format(code), Value::Number(number) | Value::Day { serial: number, .. }, Some(format)) => {
            shows(cell, *number, code, format, judged);
        }
        _ => {}
    }
    Told::This
}

/// Whether a format under a condition shows the number as it is in any case.
fn harmless(cell: &Cell, format: Option<&Format>) -> bool {
    let (Some(format), Value::Number(number) | Value::Day { serial: number, .. }) = (format, &cell.value) else {
        return false;
    };
    let mut judged = Judged::default();
    shows(cell, *number, "", format, &mut judged);
    judged.cells.is_empty()
}

impl Condition {
    /// Whether it is certain not to hold for a cell.
    fn excludes(&self, cell: &Cell) -> bool {
        if matches!(self, Self::Always | Self::Unknown) {
            return false;
        }
        let (Value::Number(number) | Value::Day { serial: number, .. } | Value::Duration(number)) = cell.value else {
            return true;
        };
        let holds = match self {
            Self::Below(limit) => number < *limit,
            Self::AtMost(limit) => number <= *limit,
            Self::Above(limit) => number > *limit,
            Self::AtLeast(limit) => number >= *limit,
            // Told to the fifteen digits of a spreadsheet: as stored, to the bit.
            #[allow(clippy::float_cmp)]
            Self::Is(other) => number == *other,
            #[allow(clippy::float_cmp)]
            Self::IsNot(other) => number != *other,
            Self::Between(least, most) => (*least..=*most).contains(&number),
            Self::Outside(least, most) => !(*least..=*most).contains(&number),
            Self::Always | Self::Unknown => true,
        };
        !holds
    }
}

impl Effect {
    fn verb(&self) -> &'static str {
        match self {
            Self::Struck => "strike out",
            Self::Format(_) => "change what is seen of",
            Self::Colours { .. } | Self::Picture => "hide",
        }
    }
}
