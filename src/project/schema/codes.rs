//! Codes and their meaning: categories, labels, missing values.

use std::collections::BTreeSet;

use super::fault;
use super::field::Constraints;
use super::kind::Kind;
use super::typed::Typed;
use crate::project::declaration::{Declaration, Item, Located, Scalar, is_no_name, is_only_a_number, nearest};
use crate::value::Missing;

/// A value that may have a label, both with their places.
#[derive(Debug, Clone)]
pub(super) struct Labelled {
    pub(super) value: Located<String>,
    label: Option<Located<String>>,
    /// `tipbrief:state`, for missing values: in the standard every label must be different, but two cells may mean one state.
    state: Option<Located<String>>,
}

impl Labelled {
    /// The code and its label, if it has one.
    pub(super) fn pair(self) -> Option<(String, String)> {
        Some((self.value.value, self.label?.value))
    }

    /// The cell and the state that it declares; outside observations its label, or the cell itself.
    pub(super) fn state(&self, observed: bool) -> (String, String) {
        let label = self.declares().map_or(&self.value.value, |label| &label.value);
        let state = if observed { label.replace(' ', "_") } else { label.clone() };
        (self.value.value.clone(), state)
    }

    /// The text that names the state of a missing value.
    fn declares(&self) -> Option<&Located<String>> {
        self.state.as_ref().or(self.label.as_ref())
    }
}

/// `missingValues`, of a table or a field.
pub(super) fn missing(file: &mut Declaration<'_>) -> Option<Vec<Labelled>> {
    labelled(file, "missingValues").map(|values| values.value)
}

/// `tipbrief:labels`: the printed labels of some of the codes that a pattern allows.
pub(super) fn labels(file: &mut Declaration<'_>) -> Vec<Labelled> {
    labelled(file, "tipbrief:labels").map(|labels| labels.value).unwrap_or_default()
}

/// `categories`: the values allowed, which must be of the field's type.
pub(super) fn categories(file: &mut Declaration<'_>, typed: &Typed) -> Option<Located<Vec<Labelled>>> {
    let place = file.key("categories");
    let categories = labelled(file, "categories")?;
    if let Some(place) =
        place.filter(|_| !typed.unknown && (!matches!(typed.kind, Kind::Text | Kind::Integer) || typed.any))
    {
        let message = format!("`categories` does not apply to the type `{}`", typed.name());
        file.fault(
            fault(place, message).hint("only strings and integers have categories; an `enum` lists other values"),
        );
    }
    for category in &categories.value {
        let written = &category.value.value;
        if typed.writing.read(typed.kind, written).is_none() {
            let message = format!("the category `{written}` is not of the type `{}`", typed.name());
            file.fault(fault(category.value.span.clone(), message).hint("correct the value, or the `type`"));
        }
    }
    twice(file, &categories.value, "category");
    Some(categories)
}

/// Makes the categories the allowed values; an `enum` beside them must list the same values.
pub(super) fn agree(
    file: &mut Declaration<'_>,
    constraints: &mut Constraints,
    categories: Option<&Located<Vec<Labelled>>>,
) {
    let Some(categories) = categories else { return };
    let values: Vec<String> = categories.value.iter().map(|category| category.value.value.clone()).collect();
    if constraints.allowed.is_empty() {
        constraints.allowed = values;
        return;
    }
    let lone = |values: &[String], others: &[String]| {
        let lone: Vec<_> = values.iter().filter(|value| !others.contains(value)).map(|v| format!("`{v}`")).collect();
        lone.join(", ")
    };
    let uncategorised = lone(&constraints.allowed, &values);
    let unlisted = lone(&values, &constraints.allowed);
    let odd = [(uncategorised, "not in the categories"), (unlisted, "not in the enum")];
    let differences: Vec<_> = odd.iter().filter(|(values, _)| !values.is_empty()).collect();
    if let Some((values, _)) = differences.first() {
        let listed: Vec<String> = differences.iter().map(|(values, place)| format!("{place}: {values}")).collect();
        let message = format!("enum and categories differ; {}", listed.join("; "));
        let hint = if *values == odd[0].0 {
            "add it to `categories`, or delete it from the `enum`"
        } else {
            "add it to the `enum`, or move labels of codes that a pattern allows to `tipbrief:labels`"
        };
        file.fault(fault(categories.span.clone(), message).hint(hint));
    }
}

/// Every missing value of an observation's value must declare its state.
pub(super) fn states(file: &mut Declaration<'_>, values: &[Labelled]) {
    let states = [Missing::NotReported, Missing::NotApplicable, Missing::Withheld].map(Missing::code);
    let listed = format!("the states are: {}", states.join(", "));
    for value in values.iter().filter(|value| !value.value.value.is_empty()) {
        let cell = &value.value.value;
        let found = match value.declares() {
            None => {
                let message = format!("the missing value `{cell}` declares no state");
                let hint = format!("declare its state: `{{ \"value\": \"{cell}\", \"label\": \"…\" }}`; {listed}");
                fault(value.value.span.clone(), message).hint(hint)
            }
            Some(label) if !states.contains(&label.value.replace(' ', "_").as_str()) => {
                let message = format!("`{}` is not a state of a missing value", label.value);
                let near = nearest(&label.value, states);
                let hint = near.map_or_else(|| listed.clone(), |near| format!("did you mean `{near}`?"));
                fault(label.span.clone(), message).hint(hint)
            }
            Some(_) => continue,
        };
        file.fault(found);
    }
}

/// A list of values, or of objects with `value` and `label`.
fn labelled(file: &mut Declaration<'_>, key: &'static str) -> Option<Located<Vec<Labelled>>> {
    let listed = file.items(key, |item| match item {
        Item::Scalar(value) => Some(Labelled { value: written(value), label: None, state: None }),
        Item::Table(pair) => object(pair, key),
    })?;
    if key != "categories" {
        twice(file, &listed.value, "value");
    }
    Some(listed)
}

fn object(mut pair: Declaration<'_>, key: &str) -> Option<Labelled> {
    let there = pair.has("value");
    let value = pair.scalar("value").map(written);
    let label = pair.text("label");
    // A scale may use its codes as labels.
    let number = label.as_ref().filter(|label| value.as_ref().is_none_or(|value| value.value != label.value));
    if let Some(label) = number.filter(|label| is_only_a_number(&label.value)) {
        let (message, hint) = is_no_name(&label.value);
        let found = fault(label.span.clone(), message).hint(hint);
        pair.fault(found);
    }
    let state = if key == "missingValues" { pair.text("tipbrief:state") } else { None };
    if !there {
        let missing = fault(pair.span(), format!("an item of `{key}` has no `value`"));
        pair.fault(missing.hint("write `{ \"value\": \"…\", \"label\": \"…\" }`"));
    }
    pair.tolerate(&["description"]);
    pair.finish_open("tipbrief:");
    Some(Labelled { value: value?, label, state })
}

fn written(scalar: Located<Scalar>) -> Located<String> {
    Located { value: scalar.value.written(), span: scalar.span }
}

fn twice(file: &mut Declaration<'_>, values: &[Labelled], what: &str) {
    let mut seen = BTreeSet::new();
    for labelled in values.iter().filter(|labelled| !seen.insert(&labelled.value.value)) {
        let message = format!("the {what} `{}` occurs twice", labelled.value.value);
        file.fault(fault(labelled.value.span.clone(), message).hint("delete one of the two"));
    }
}
