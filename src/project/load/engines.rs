//! Checks that what `[engine.<table>]` counts is a table that can be counted, with names that a statement can hold.

use super::among::hinted;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::project::country::Country;
use crate::project::declaration::nearest;
use crate::project::engine::is_name;
use crate::project::schema::Schema;

/// What every counted table must be able to hold: cases, and whether one of them is repeated.
const NEEDED: [&str; 4] = ["case_id", "count", "repeated", "source"];

/// What the statement itself calls its columns.
const TAKEN: [&str; 3] = ["line", "persons", "place"];

/// Reports engines of tables that do not exist or cannot be counted.
pub(super) fn relate(country: &Country, schemas: &[Schema], diagnostics: &mut Diagnostics) {
    for engine in &country.engines {
        let named = &engine.table;
        let fault = |message| Diagnostic::error(Code::UnknownName, named.span.clone(), message);
        let Some(schema) = schemas.iter().find(|schema| schema.name == named.value) else {
            let names = schemas.iter().filter(|schema| lacking(schema).is_none()).map(|schema| schema.name.as_str());
            diagnostics
                .push(hinted(fault(format!("there is no table `{}`", named.value)), nearest(&named.value, names)));
            continue;
        };
        if let Some(why) = lacking(schema) {
            let message = format!("`{}` cannot be counted in an engine: {why}", named.value);
            diagnostics.push(Diagnostic::error(Code::InvalidValue, named.span.clone(), message));
        }
    }
}

/// Why no engine can count a table; none if it can, or if its schema could not be read, which is a fault already.
fn lacking(schema: &Schema) -> Option<String> {
    if schema.fields.is_empty() {
        return None;
    }
    let Some(observations) = schema.observations.as_ref().filter(|observations| observations.measure.is_some()) else {
        return Some("it counts no stages or statuses".to_owned());
    };
    if let Some(missing) = NEEDED.iter().find(|needed| schema.field(needed).is_none()) {
        return Some(format!("its schema has no field `{missing}`"));
    }
    let names = observations.measure.iter().chain([&observations.period]).chain(&observations.dimensions);
    let codes = observations.stock.iter();
    let taken = names.clone().find(|name| TAKEN.contains(&name.as_str()));
    let odd = names.chain(codes).find(|name| !is_name(name)).or(taken);
    odd.map(|name| format!("`{name}` cannot be written into its statement"))
}
