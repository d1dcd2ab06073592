//! Keys: the fields that identify a row, are unique, or refer to another table.

use super::fields::{Column, names};
use super::{ForeignKey, Schema, fault, instead, known_field};
use crate::diagnostic::{Diagnostics, Span};
use crate::project::declaration::{Declaration, Item, Located};

/// The keys of a schema as they were written.
pub(super) struct Keys {
    primary: Vec<Located<String>>,
    unique: Vec<Vec<Located<String>>>,
    foreign: Vec<Reference>,
}

/// The keys of a schema whose fields all exist.
pub(super) struct Known {
    pub(super) primary: Vec<String>,
    pub(super) unique: Vec<Vec<String>>,
    pub(super) foreign: Vec<ForeignKey>,
}

struct Reference {
    fields: Vec<Located<String>>,
    table: Option<Located<String>>,
    targets: Vec<Located<String>>,
    place: Span,
}

impl Keys {
    /// Takes the keys.
    pub(super) fn take(file: &mut Declaration<'_>) -> Self {
        // A string instead of a list is version 1 of the standard.
        let primary = file.texts("primaryKey");
        let unique = file.lists("uniqueKeys");
        let foreign = file.items("foreignKeys", |item| match item {
            Item::Table(key) => Some(Ok(reference(key))),
            Item::Scalar(scalar) => Some(Err(scalar.span)),
        });
        let mut references = Vec::new();
        for key in foreign.into_iter().flat_map(|foreign| foreign.value) {
            match key {
                Ok(key) => references.push(key),
                Err(span) => file.fault(fault(span, "a foreign key is an object").hint(SHAPE)),
            }
        }
        Self { primary, unique, foreign: references }
    }

    /// Checks that every name is a field.
    pub(super) fn check(self, file: &mut Declaration<'_>, columns: &[Column]) -> Known {
        let fields = names(columns);
        let foreign = self.foreign.iter();
        let own = foreign.clone().filter(|key| key.itself()).flat_map(|key| &key.targets);
        let named = self.primary.iter().chain(self.unique.iter().flatten());
        for named in named.chain(foreign.flat_map(|key| &key.fields)).chain(own) {
            known_field(file, named, &fields);
        }
        for key in std::iter::once(&self.primary).chain(&self.unique) {
            repeated(file, key);
        }
        let read = self.foreign.into_iter().filter_map(|key| key.read(file));
        Known {
            primary: values(self.primary),
            unique: self.unique.into_iter().map(values).collect(),
            foreign: read.collect(),
        }
    }
}

const SHAPE: &str = "write `{ \"fields\": [\"…\"], \"reference\": { \"resource\": \"…\", \"fields\": [\"…\"] } }`";

fn reference(mut key: Declaration<'_>) -> Reference {
    let place = key.span();
    for needed in ["fields", "reference"] {
        if !key.has(needed) {
            key.fault(fault(place.clone(), format!("the foreign key has no `{needed}`")).hint(SHAPE));
        }
    }
    let fields = key.texts("fields");
    let (mut table, mut targets) = (None, Vec::new());
    if let Some(mut reference) = key.table("reference") {
        if !reference.has("fields") {
            let missing = fault(reference.span(), "the reference names no `fields`").hint(SHAPE);
            reference.fault(missing);
        }
        table = reference.text("resource");
        targets = reference.texts("fields");
        reference.finish_open("tipbrief:");
    }
    key.finish_open("tipbrief:");
    Reference { fields, table, targets, place }
}

impl Reference {
    /// Whether it refers to its own table: it has no resource, or an empty one.
    fn itself(&self) -> bool {
        self.table.as_ref().is_none_or(|table| table.value.is_empty())
    }

    fn read(self, file: &mut Declaration<'_>) -> Option<ForeignKey> {
        let (from, to) = (self.fields.len(), self.targets.len());
        if from == 0 || to == 0 {
            return None;
        }
        if from != to {
            let message = format!("the number of fields differs: {from} in the foreign key, {to} in its reference");
            file.fault(
                fault(self.place, message).hint("name the same number of fields on both sides, in the same order"),
            );
            return None;
        }
        let spans = self.targets.iter().map(|target| target.span.clone()).collect();
        let place = self.table.as_ref().map_or(self.place, |table| table.span.clone());
        let table = self.table.map(|table| table.value).unwrap_or_default();
        Some(ForeignKey { fields: values(self.fields), table, targets: values(self.targets), places: (place, spans) })
    }
}

/// Checks that the tables and fields that foreign keys name exist.
pub fn relate(schemas: &[Schema], diagnostics: &mut Diagnostics) {
    let tables = || schemas.iter().map(|schema| schema.name.as_str());
    for key in schemas.iter().flat_map(|schema| &schema.foreign_keys).filter(|key| !key.table.is_empty()) {
        let (place, targets) = &key.places;
        let Some(table) = schemas.iter().find(|schema| schema.name == key.table) else {
            let message = format!("there is no table `{}` to refer to", key.table);
            let hint = instead(&key.table, "tables", tables().collect::<Vec<_>>());
            diagnostics.push(fault(place.clone(), message).hint(hint));
            continue;
        };
        // A schema that could not be read is a fault already.
        if table.fields.is_empty() {
            continue;
        }
        let fields: Vec<&str> = table.fields.iter().map(|field| field.name.as_str()).collect();
        for (target, span) in key.targets.iter().zip(targets).filter(|(target, _)| table.field(target).is_none()) {
            let message = format!("`{target}` is not a field of the table `{}`", table.name);
            let hint = instead(target, "fields", fields.iter().copied());
            diagnostics.push(fault(span.clone(), message).hint(hint));
        }
    }
}

fn repeated(file: &mut Declaration<'_>, key: &[Located<String>]) {
    for (at, named) in key.iter().enumerate() {
        if key[..at].iter().any(|earlier| earlier.value == named.value) {
            let message = format!("the key names `{}` twice", named.value);
            file.fault(fault(named.span.clone(), message).hint("delete one of the two"));
        }
    }
}

fn values(located: Vec<Located<String>>) -> Vec<String> {
    located.into_iter().map(|located| located.value).collect()
}
