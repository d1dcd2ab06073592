//! Checks a mapping against the schemas of the tables that it makes: every constant and every right-hand side must fit each
//! field that uses it, and nothing that a row needs may be missing.

use std::collections::BTreeSet;

use super::codes::{Right, State};
use super::makes::Sum;
use super::origin::{At, From, Lookup, OPEN, UNDECIDED};
use super::{BUILT_IN, Dated, Make, Mapping};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::project::declaration::nearest;
use crate::project::iso3166;
use crate::project::schema::{Field, Kind, Schema, TOTAL};
use crate::value::period::Period;

/// Every fault of a mapping that its schemas show.
pub(super) fn check(mapping: &Mapping, schemas: &[Schema]) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    if let Some(into) = &mapping.into {
        countries(mapping, into, &mut faults);
    }
    for make in &mapping.makes {
        let Some(schema) = schemas.iter().find(|schema| schema.name == make.table) else { continue };
        of_make(mapping, make, (schema, schemas), &mut faults);
    }
    same_dimensions(mapping, schemas, &mut faults);
    faults
}

fn of_make(mapping: &Mapping, make: &Make, (schema, schemas): (&Schema, &[Schema]), faults: &mut Vec<Diagnostic>) {
    match mapping.folder_of(make) {
        Some(_) => make.into.iter().for_each(|into| countries(mapping, into, faults)),
        None if mapping.country.is_none() => {
            let fault = Diagnostic::error(Code::MissingField, make.span.clone(), "nothing says whose rows these are");
            faults.push(fault.hint("add `into`, at the head of the mapping or here"));
        }
        None => {}
    }
    for given in &make.fields {
        let Some(field) = schema.field(&given.field.value) else { continue };
        match &given.from {
            From::Constant(constant) if constant.value == OPEN => faults.push(undecided(constant.span.clone())),
            From::Constant(constant) if !holds(field, &constant.value) => {
                faults.push(wrong(field, &constant.value, constant.span.clone()));
            }
            From::Constant(_) => {}
            From::Looked(lookup) => {
                looked_up(mapping, lookup, field, faults);
                beside(mapping, lookup, (field, schema, schemas), faults);
                if lookup.at == At::Value && make.take.is_empty() {
                    let fault = Diagnostic::error(Code::MissingField, lookup.span.clone(), "no cell is taken here");
                    faults.push(fault.hint("add `take`, the column of the cell"));
                }
            }
        }
    }
    states(mapping, make, schema, faults);
    needed(mapping, make, schema, faults);
    if make.sum != Sum::No && !value_field(schema).is_some_and(|field| field.kind == Kind::Integer) {
        let message = format!("`{}` holds no counts, so its rows cannot be added up", schema.name);
        faults.push(Diagnostic::error(Code::InvalidValue, make.span.clone(), message).hint("delete `sum`"));
    }
}

/// The field that a taken cell is.
#[must_use]
pub(super) fn value_field(schema: &Schema) -> Option<&Field> {
    schema.field(&schema.observations.as_ref()?.value)
}

fn undecided(span: Span) -> Diagnostic {
    Diagnostic::error(Code::UndecidedCode, span, UNDECIDED).hint("write what it is, or where it comes from")
}

/// Whether a text can be a cell of a field.
fn holds(field: &Field, text: &str) -> bool {
    field.holds(text) && (field.kind != Kind::Period || text.is_empty() || Period::parse(text).is_ok())
}

fn wrong(field: &Field, text: &str, span: Span) -> Diagnostic {
    let allowed = || field.constraints.allowed.iter().map(String::as_str);
    let hint = match (nearest(text, allowed()), &field.expected) {
        (Some(near), _) => Some(format!("did you mean `{near}`?")),
        (None, Some(expected)) => Some(format!("`{}` must be {expected}", field.name)),
        (None, None) if !field.is_open() => {
            Some(format!("the codes are: {}", allowed().collect::<Vec<_>>().join(", ")))
        }
        (None, None) => None,
    };
    let fault = Diagnostic::error(Code::ConstraintError, span, format!("`{text}` can be no `{}`", field.name));
    match hint {
        Some(hint) => fault.hint(hint),
        None => fault,
    }
}

/// Whose folder rows belong to: each right-hand side must be a country.
fn countries(mapping: &Mapping, into: &From, faults: &mut Vec<Diagnostic>) {
    let none = |code: &str, span: Span| {
        let fault = Diagnostic::error(Code::ConstraintError, span, format!("`{code}` is no country of ISO 3166-1"));
        fault.hint("write the country's three-letter code, in capitals")
    };
    match into {
        From::Constant(code) if code.value == OPEN => faults.push(undecided(code.span.clone())),
        From::Constant(code) if !iso3166::is_country(&code.value) => faults.push(none(&code.value, code.span.clone())),
        From::Constant(_) => {}
        From::Looked(lookup) => {
            known_tables(mapping, lookup, faults);
            for table in lookup.codes.iter().filter_map(|table| mapping.codes.get(&table.value)) {
                for (_, right) in table.lines() {
                    match &right.value {
                        Right::Code(code) if !iso3166::is_country(code) => faults.push(none(code, right.span.clone())),
                        Right::Fields(_) | Right::TotalAbove => faults.push(none("{ … }", right.span.clone())),
                        _ => {}
                    }
                }
            }
        }
    }
}

fn known_tables(mapping: &Mapping, lookup: &Lookup, faults: &mut Vec<Diagnostic>) {
    let known = || mapping.codes.keys().map(String::as_str).chain(BUILT_IN);
    for table in lookup.tables().filter(|table| !known().any(|known| known == table.value)) {
        let message = format!("there is no table of codes `{}`", table.value);
        let hint = match nearest(&table.value, known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are: {}", known().collect::<Vec<_>>().join(", ")),
        };
        faults.push(Diagnostic::error(Code::UnknownName, table.span.clone(), message).hint(hint));
    }
}

/// Every right-hand side that a field can be given.
fn looked_up(mapping: &Mapping, lookup: &Lookup, field: &Field, faults: &mut Vec<Diagnostic>) {
    known_tables(mapping, lookup, faults);
    if lookup.open {
        return;
    }
    if lookup.dating.is_some() && !matches!(field.kind, Kind::Period | Kind::Year | Kind::YearMonth | Kind::Date) {
        let message = format!("`{}` is no period, so `as` says nothing of it", field.name);
        faults.push(Diagnostic::error(Code::InvalidValue, lookup.span.clone(), message).hint("delete `as`"));
    }
    let fits = |text: &str| match &lookup.dating {
        Some(dating) => dating.read(text, Dated::No).is_some(),
        None => holds(field, text),
    };
    let can_be_total = field.holds(TOTAL);
    for table in lookup.codes.iter().filter_map(|table| mapping.codes.get(&table.value)) {
        for (_, right) in table.lines() {
            match &right.value {
                Right::Code(code) if !fits(code) => faults.push(wrong(field, code, right.span.clone())),
                Right::Fields(fields) => {
                    let own = fields.iter().find(|(name, _)| *name == field.name);
                    let own = own.map_or(TOTAL, |(_, code)| code.as_str());
                    if !fits(own) {
                        faults.push(wrong(field, own, right.span.clone()));
                    }
                }
                Right::TotalAbove if !can_be_total => {
                    let message = format!("`{}` can hold no total", field.name);
                    faults.push(Diagnostic::error(Code::ConstraintError, right.span.clone(), message));
                }
                _ => {}
            }
        }
    }
}

/// What codes say of other fields than that which looks them up.
fn beside(
    mapping: &Mapping,
    lookup: &Lookup,
    (own, schema, schemas): (&Field, &Schema, &[Schema]),
    faults: &mut Vec<Diagnostic>,
) {
    for table in lookup.codes.iter().filter_map(|table| mapping.codes.get(&table.value)) {
        for (_, right) in table.lines() {
            let Right::Fields(fields) = &right.value else { continue };
            for (name, code) in fields.iter().filter(|(name, _)| *name != own.name) {
                match schema.field(name) {
                    Some(field) if !holds(field, code) => faults.push(wrong(field, code, right.span.clone())),
                    Some(_) => {}
                    // Two tables may share codes, and one of them have the column alone.
                    None if schemas.iter().any(|schema| schema.field(name).is_some()) => {}
                    None => {
                        let message = format!("{} has no column `{name}`", schema.name);
                        let names = || schema.fields.iter().map(|field| field.name.as_str());
                        let hint = match nearest(name, names()) {
                            Some(near) => format!("did you mean `{near}`?"),
                            None => format!("its columns are: {}", names().collect::<Vec<_>>().join(", ")),
                        };
                        let fault = Diagnostic::error(Code::UnknownField, right.span.clone(), message);
                        faults.push(fault.hint(hint));
                    }
                }
            }
        }
    }
}

/// What a taken cell without a number stands for must be a state of the field, or a number.
fn states(mapping: &Mapping, make: &Make, schema: &Schema, faults: &mut Vec<Diagnostic>) {
    let Some(field) = value_field(schema).filter(|_| !make.take.is_empty()) else { return };
    let own = make.missing.values();
    for state in own.chain(mapping.missing.iter().filter(|(text, _)| !make.missing.contains_key(*text)).map(|(_, s)| s))
    {
        if let State::Is(text) = &state.value
            && !field.holds(text)
        {
            faults.push(wrong(field, text, state.span.clone()));
        }
    }
}

/// What each row needs and the make does not set.
fn needed(mapping: &Mapping, make: &Make, schema: &Schema, faults: &mut Vec<Diagnostic>) {
    let value = schema.observations.as_ref().map(|observations| observations.value.as_str());
    for field in schema.fields.iter().filter(|field| field.required_column && !mapping.sets(make, &field.name)) {
        let name = field.name.as_str();
        let taken = Some(name) == value && !make.take.is_empty();
        if taken || name == "source" || name == "country" {
            continue;
        }
        let message = format!("`{name}` is not set, and each row of {} needs it", schema.name);
        let hint = if Some(name) == value {
            "add `take`, the column of its numbers, or `count = 1` for one row a person".to_owned()
        } else {
            format!("add `{name} = \"…\"`, or `{name} = {{ column = \"…\" }}`")
        };
        faults.push(Diagnostic::error(Code::MissingField, make.span.clone(), message).hint(hint));
    }
}

/// In a register every make of a table sets the same dimensions: a dimension that a row lacks is no total there.
fn same_dimensions(mapping: &Mapping, schemas: &[Schema], faults: &mut Vec<Diagnostic>) {
    if !mapping.files.iter().any(|file| file.confidential) {
        return;
    }
    for schema in schemas {
        let Some(observations) = &schema.observations else { continue };
        let makes: Vec<&Make> = mapping.makes.iter().filter(|make| make.table == schema.name).collect();
        let set = |make: &Make| -> BTreeSet<String> {
            observations.dimensions.iter().filter(|name| mapping.sets(make, name)).cloned().collect()
        };
        let all: BTreeSet<String> = makes.iter().flat_map(|make| set(make)).collect();
        for make in makes {
            for lacking in all.difference(&set(make)) {
                let message = format!("`{lacking}` is not set here, but by another [[make]] of {}", schema.name);
                let fault = Diagnostic::error(Code::MissingField, make.span.clone(), message);
                faults.push(fault.hint("in a register every [[make]] of a table sets the same dimensions"));
            }
        }
    }
}

impl Mapping {
    /// Whether a make sets a field, itself or by a line of its codes.
    #[must_use]
    pub fn sets(&self, make: &Make, field: &str) -> bool {
        let by_codes = |lookup: &Lookup| {
            lookup
                .codes
                .iter()
                .filter_map(|table| self.codes.get(&table.value))
                .any(|table| table.fields().any(|f| f == field))
        };
        make.fields
            .iter()
            .any(|given| given.field.value == field || matches!(&given.from, From::Looked(lookup) if by_codes(lookup)))
    }
}
