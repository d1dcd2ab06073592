//! One field of a schema, read from its object.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::codes::{self, Labelled};
use super::field::{About, Field, StandsFor};
use super::kind::Kind;
use super::typed::{self, Typed};
use super::{fault, instead, limits};
use crate::diagnostic::Span;
use crate::project::declaration::{Declaration, Item, Located};

/// The properties of a field that are not read here.
const DESCRIBING: [&str; 3] = ["example", "examples", "rdfType"];
/// The values of `tipbrief:kind`.
const KINDS: [&str; 7] = ["period", "section", "age_group", "country", "province", "count", "value"];

/// The properties of the table that its fields depend on.
pub(super) struct Table {
    /// The table's missing values.
    pub(super) missing: Option<Vec<Labelled>>,
    /// The name of the field with the value of an observation.
    pub(super) value: Option<String>,
}

/// A field, and where it is declared.
pub(super) struct Column {
    pub(super) field: Field,
    /// The place of its name.
    pub(super) place: Span,
    /// Whether its type is unknown and cannot be guessed.
    pub(super) unknown: bool,
    /// The two fields of `tipbrief:within`.
    pub(super) within: Vec<Located<String>>,
}

/// The names of all fields.
pub(super) fn names(columns: &[Column]) -> Vec<&str> {
    columns.iter().map(|column| column.field.name.as_str()).collect()
}

/// An item of `fields`, or the place of an item that is not an object.
pub(super) fn read(item: Item<'_>, table: &Table) -> Result<Column, Span> {
    match item {
        Item::Table(field) => Ok(column(field, table)),
        Item::Scalar(scalar) => Err(scalar.span),
    }
}

fn column(mut file: Declaration<'_>, table: &Table) -> Column {
    let name = name(&mut file);
    let typed = typed::read(&mut file);
    let ours = chosen(&mut file, "tipbrief:kind", &KINDS);
    let shown = chosen(&mut file, "tipbrief:column", &["required", "optional", "later"]);
    let typed = dated(&mut file, typed, ours.as_deref());
    let observed = !name.value.is_empty() && table.value.as_ref() == Some(&name.value);
    let missing = missing(&mut file, table, observed);
    let categories = codes::categories(&mut file, &typed);
    let labels = codes::labels(&mut file);
    let mut constraints = limits::read(&mut file, &typed);
    codes::agree(&mut file, &mut constraints, categories.as_ref());
    let shown_as = categories.into_iter().flat_map(|categories| categories.value).chain(labels);
    limits::misplaced(&mut file);
    let within = within(&mut file);
    let expected = file.text("tipbrief:expected").map(|expected| expected.value);
    let about = described(&mut file);
    file.finish_open("tipbrief:");
    let field = Field {
        kind: typed.kind,
        writing: typed.writing,
        constraints,
        labels: shown_as.filter_map(Labelled::pair).collect(),
        missing,
        required_column: shown.as_deref() == Some("required"),
        later_column: shown.as_deref() == Some("later"),
        stands_for: match ours.as_deref() {
            Some("section") => Some(StandsFor::Section),
            Some("country") => Some(StandsFor::Country),
            Some("province") => Some(StandsFor::Province),
            Some("age_group") => Some(StandsFor::AgeGroup),
            _ => None,
        },
        observed,
        expected,
        within: pair(&within),
        about,
        countries: Arc::default(),
        printed: Arc::default(),
        name: name.value,
    };
    Column { field, place: name.span, unknown: typed.unknown, within }
}

/// Takes the properties for people who read the schema or fill in the column; only their types are checked.
fn described(file: &mut Declaration<'_>) -> About {
    let mut words = |key| file.text(key).map(|words| words.value).unwrap_or_default();
    let (title, description) = (words("title"), words("description"));
    file.switch("categoriesOrdered");
    // An example that no cell could hold is nobody's fault.
    let example = file.first_of("example").or_else(|| file.first_of("examples"));
    file.tolerate(&DESCRIBING);
    About { title, description, example }
}

fn name(file: &mut Declaration<'_>) -> Located<String> {
    let written = file.has("name");
    let name = file.text("name").unwrap_or_else(|| Located { value: String::new(), span: file.span() });
    if !written || name.value.is_empty() && name.span.start() != file.span().start() {
        let missing = fault(name.span.clone(), "the field has no `name`");
        file.fault(missing.hint("add `\"name\": \"…\"`, the label of its column"));
    }
    name
}

/// One of several words, or a fault.
fn chosen(file: &mut Declaration<'_>, key: &'static str, words: &[&str]) -> Option<String> {
    let word = file.text(key)?;
    if words.contains(&word.value.as_str()) {
        return Some(word.value);
    }
    let unknown = fault(word.span, format!("`{}` is not a value of `{key}`", word.value));
    file.fault(unknown.hint(instead(&word.value, "values", words.iter().copied())));
    None
}

/// A period is a string in the file, but a kind of its own here.
fn dated(file: &mut Declaration<'_>, typed: Typed, ours: Option<&str>) -> Typed {
    if ours != Some("period") {
        return typed;
    }
    if typed.kind != Kind::Text {
        let wrong = fault(file.span(), format!("a period is a string, not of the type `{}`", typed.kind.name()));
        file.fault(wrong.hint("write `\"type\": \"string\"`, or leave `tipbrief:kind` out"));
    }
    Typed { kind: Kind::Period, ..typed }
}

/// The missing values of a field, its own or the table's, with the states they declare.
fn missing(file: &mut Declaration<'_>, table: &Table, observed: bool) -> BTreeMap<String, String> {
    let own = codes::missing(file);
    let missing = own.as_ref().or(table.missing.as_ref());
    if observed {
        codes::states(file, missing.map_or(&[][..], Vec::as_slice));
    }
    let named = missing.into_iter().flatten().filter(|value| !value.value.value.is_empty());
    named.map(|value| value.state(observed)).collect()
}

fn within(file: &mut Declaration<'_>) -> Vec<Located<String>> {
    let place = file.key("tipbrief:within");
    let fields = file.texts("tipbrief:within");
    if let Some(place) = place.filter(|_| !matches!(fields.len(), 0 | 2)) {
        let message = format!("`tipbrief:within` names {} fields; two are expected", fields.len());
        file.fault(fault(place, message).hint("name the field it begins with and the field it ends with"));
    }
    fields
}

fn pair(fields: &[Located<String>]) -> Option<(String, String)> {
    let [first, last] = fields else { return None };
    Some((first.value.clone(), last.value.clone()))
}
