//! A figure as it is printed: a number, the label of a code, a share, a change, a closed number with late cases.

use crate::disclosure::protect::{Relation, ReleasedCell};
use crate::project::Project;
use crate::project::text::Text;
use crate::value::{Qualifier, Value};

/// A closed number with late cases: "about 158", or, where fewer than the base came, "fewer than 15 more than 143".
fn with_late(text: &Text, cell: &ReleasedCell, value: &Value) -> String {
    let Some(late) = &cell.late else { return text.value(value, cell.qualifier) };
    let closed = text.value(value, Qualifier::Exact);
    let fewer = || text.phrase("late_fewer_than", &[("base", &text.integer(late.base)), ("value", &closed)]);
    let told = if late.cases == 0 { fewer() } else { text.value(value, Qualifier::Approximate) };
    repeated(text, cell, told)
}

/// The late cases of a closed number, as a table prints them below it: "about 158", "fewer than 15 more".
#[must_use]
pub fn late_line(text: &Text, cell: &ReleasedCell) -> Option<String> {
    let (late, value) = (cell.late.as_ref()?, cell.value.as_ref()?);
    let fewer = || text.phrase("late_fewer", &[("base", &text.integer(late.base))]);
    let told = if late.cases == 0 { fewer() } else { text.value(value, Qualifier::Approximate) };
    Some(repeated(text, cell, told))
}

/// With the name of the release, where an earlier one told it and this one cannot.
fn repeated(text: &Text, cell: &ReleasedCell, told: String) -> String {
    let release = cell.late.as_ref().filter(|late| late.repeated).and_then(|late| late.release.as_ref());
    release
        .map_or_else(|| told.clone(), |release| text.phrase("late_as_told", &[("value", &told), ("release", release)]))
}

/// A value of a cell as it is printed: a number, the label of a code, "11 more", or a share; with a mark if it is a share of
/// few persons.
#[must_use]
pub fn printed_value(
    project: &Project,
    text: &Text,
    cell: &ReleasedCell,
    value: &Value,
    qualifier: Qualifier,
) -> String {
    let printed = match (value, cell.relation) {
        (Value::Code(code), _) => {
            let label = |indicator| project.value_label(indicator, code, text);
            project.indicator(&cell.indicator).map_or_else(|| code.clone(), label)
        }
        (value, Relation::Own) => text.value(value, qualifier),
        (value, Relation::Late) => with_late(text, cell, value),
        (value, Relation::Share) => text.phrase("share_value", &[("value", &text.value(value, qualifier))]),
        (value, Relation::Change) => text.change(value, qualifier),
    };
    if cell.small_base { text.phrase("small_base", &[("value", &printed)]) } else { printed }
}
