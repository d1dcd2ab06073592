//! Conditional formats, which mask a value as other formats do, but only where their condition holds.

use super::super::sheet::{Area, Cell, Condition, Conditional, Effect, Grid, Value};
use super::cells::{CellFormat, hidden, shows};
use super::looks::alike;
use super::{Judged, stored};
use crate::diagnostic::Code;

pub(super) fn judge(grid: &Grid, judged: &mut Judged) {
    if grid.conditional.is_empty() {
        return;
    }
    let Some(whole) = grid.extent() else { return };
    for rule in &grid.conditional {
        let format = match &rule.effect {
            Effect::Format(code) => Some(CellFormat::read(code)),
            _ => None,
        };
        for area in &rule.areas {
            // Labels are not values.
            let below = Area { first: (area.first.0.max(whole.first.0 + 1), area.first.1), ..*area };
            for cell in grid.within(below).filter(|cell| cell.value.is_something()) {
                if apply(grid, rule, *area, cell, format.as_ref(), judged) == Next::Stop {
                    break;
                }
            }
        }
    }
}

/// Whether the rule needs to be applied to the next cells of its area: not if one error stands for all of them.
#[derive(PartialEq, Eq)]
enum Next {
    Continue,
    Stop,
}

fn apply(
    grid: &Grid,
    rule: &Conditional,
    area: Area,
    cell: &Cell,
    format: Option<&CellFormat>,
    judged: &mut Judged,
) -> Next {
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
        return Next::Continue;
    }
    if rule.condition == Condition::Unknown && !harmless(cell, format) {
        let message = format!(
            "the conditional format of {} may {} the cell, which stores {}; its condition is not evaluated",
            area.name(),
            rule.effect.verb(),
            stored(cell)
        );
        let hint = "delete the rule, and write into the cells what they should show";
        judged.fault(cell.place, Code::MaskedValue, message, hint);
        return Next::Stop;
    }
    match (&rule.effect, &cell.value, format) {
        (Effect::Colours { .. }, _, _) => {
            hidden(cell, "a conditional format gives it the colour of its background", judged);
        }
        (Effect::Picture, _, _) => hidden(cell, "a conditional format shows a picture in its place", judged),
        (Effect::Struck, _, _) => {
            let message = format!("a conditional format strikes out the cell, which stores {}", stored(cell));
            let hint = "delete the rule, or what is struck out";
            judged.fault(cell.place, Code::MarkedText, message, hint);
        }
        (Effect::Format(code), Value::Number(number) | Value::Day { serial: number, .. }, Some(format)) => {
            shows(cell, *number, code, format, judged);
        }
        _ => {}
    }
    Next::Continue
}

/// Whether a conditional format shows the number as it is in any case.
fn harmless(cell: &Cell, format: Option<&CellFormat>) -> bool {
    let (Some(format), Value::Number(number) | Value::Day { serial: number, .. }) = (format, &cell.value) else {
        return false;
    };
    let mut judged = Judged::default();
    shows(cell, *number, "", format, &mut judged);
    judged.cells.is_empty()
}

impl Condition {
    /// Whether it certainly does not hold for a cell.
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
            // Both numbers are as stored, so they are compared to the bit.
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
            Self::Format(_) => "change what is shown by",
            Self::Colours { .. } | Self::Picture => "hide",
        }
    }
}
