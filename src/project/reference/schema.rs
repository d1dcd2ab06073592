//! A JSON Schema (draft 7, which editors of TOML read) of each kind of file.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::File;
use crate::project::declaration::keys::{Holds, Key, Keys, Need, Text, Without};

/// The schema of a kind of file, with a line break at its end.
#[must_use]
pub fn schema(file: File) -> String {
    let mut definitions = BTreeMap::new();
    let mut whole = table(file.keys(), &mut definitions);
    whole.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    whole.insert("title".to_owned(), json!(format!("tipbrief: {}", file.keys().head)));
    whole.insert("definitions".to_owned(), Value::Object(definitions.into_iter().collect()));
    format!("{:#}\n", Value::Object(whole))
}

/// The schemas of tables that several keys hold, by name.
type Definitions = BTreeMap<String, Value>;

fn table(keys: &'static Keys, definitions: &mut Definitions) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("description".to_owned(), json!(keys.says));
    let properties: Map<String, Value> =
        keys.named().map(|key| (key.name.to_owned(), value(key, definitions))).collect();
    schema.insert("properties".to_owned(), Value::Object(properties));
    let further = keys.further.map_or(json!(false), |key| value(key, definitions));
    schema.insert("additionalProperties".to_owned(), further);
    let needed: Vec<&str> = keys.named().filter(|key| key.need == Need::Must).map(|key| key.name).collect();
    if !needed.is_empty() {
        schema.insert("required".to_owned(), json!(needed));
    }
    if !keys.one_of.is_empty() {
        let ways: Vec<Value> = keys.one_of.iter().map(|name| json!({ "required": [name] })).collect();
        schema.insert("oneOf".to_owned(), json!(ways));
    }
    if !keys.beside.is_empty() {
        let others = keys.beside.iter().map(|(key, other)| ((*key).to_owned(), json!([other])));
        schema.insert("dependencies".to_owned(), Value::Object(others.collect()));
    }
    if !keys.alone.is_empty() {
        let rules =
            keys.alone.iter().map(|name| json!({ "if": { "required": [name] }, "then": { "maxProperties": 1 } }));
        schema.insert("allOf".to_owned(), rules.collect());
    }
    schema
}

/// What a key holds, with what it is for.
fn value(key: &'static Key, definitions: &mut Definitions) -> Value {
    let held = holds(key.holds, key.need == Need::Must, definitions);
    let mut schema = match held {
        // Beside a reference nothing else counts.
        Value::Object(held) if held.contains_key("$ref") => Map::from_iter([("allOf".to_owned(), json!([held]))]),
        Value::Object(held) => held,
        _ => Map::new(),
    };
    let shown = format!("{} Example: `{} = {}`", key.says, key.name, key.example);
    schema.insert("description".to_owned(), json!(if key.example.is_empty() { key.says } else { &shown }));
    match key.without {
        Without::Number(number) => drop(schema.insert("default".to_owned(), json!(number))),
        Without::Text(text) => drop(schema.insert("default".to_owned(), json!(text))),
        Without::Words("`false`") => drop(schema.insert("default".to_owned(), json!(false))),
        Without::Words(_) | Without::Nothing => {}
    }
    Value::Object(schema)
}

fn holds(holds: Holds, needed: bool, definitions: &mut Definitions) -> Value {
    match holds {
        Holds::Text(kind) => text(kind),
        Holds::Texts(kind) => json!({ "anyOf": [text(kind), { "type": "array", "items": text(kind) }] }),
        Holds::SomeTexts(kind) => {
            json!({ "anyOf": [text(kind), { "type": "array", "minItems": 1, "items": text(kind) }] })
        }
        Holds::Integer(least, most) => {
            let mut number = Map::from_iter([("type".to_owned(), json!("integer"))]);
            least.map(|least| number.insert("minimum".to_owned(), json!(least)));
            most.map(|most| number.insert("maximum".to_owned(), json!(most)));
            Value::Object(number)
        }
        Holds::Switch => json!({ "type": "boolean" }),
        Holds::Scalar => scalar(),
        Holds::Scalars => json!({ "anyOf": [scalar(), { "type": "array", "items": scalar() }] }),
        // Readers of TOML hand a day on as a string.
        Holds::Day => json!({ "type": "string" }),
        Holds::Table(keys) => within(keys, definitions),
        Holds::Tables(keys) => {
            let items = within(keys, definitions);
            json!({ "type": "array", "items": items, "minItems": usize::from(needed) })
        }
        Holds::Items(keys) => {
            let inside = within(keys, definitions);
            json!({ "type": "array", "items": { "anyOf": [scalar(), inside] } })
        }
        Holds::Nested => {
            let inside = json!({ "anyOf": [{ "type": "string" }, { "$ref": "#/definitions/texts" }] });
            let texts = json!({ "type": "object", "additionalProperties": inside });
            definitions.insert("texts".to_owned(), texts);
            json!({ "$ref": "#/definitions/texts" })
        }
        Holds::Either(several) => {
            let ways: Vec<Value> = several.iter().map(|way| self::holds(*way, needed, definitions)).collect();
            json!({ "anyOf": ways })
        }
    }
}

fn scalar() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

fn text(text: Text) -> Value {
    let choice = |choices: &[(&str, &str)]| {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let words: Vec<String> = choices.iter().map(|(name, says)| format!("`{name}`: {says}")).collect();
        // Editors of TOML show the words beside each value; others leave them alone.
        json!({ "type": "string", "enum": names, "x-taplo": { "docs": { "enumValues": words } } })
    };
    match text {
        Text::Any => json!({ "type": "string" }),
        Text::OneOf(choices) => choice(choices),
        Text::Among(choices) => choice(&choices()),
        Text::Like(pattern) => json!({ "type": "string", "pattern": pattern }),
    }
}

/// A table as a definition of its own, under the words of its head.
fn within(keys: &'static Keys, definitions: &mut Definitions) -> Value {
    let letters = |c: char| if c.is_ascii_alphanumeric() { c } else { ' ' };
    let words: String = keys.head.chars().map(letters).collect();
    let name = words.split_whitespace().collect::<Vec<_>>().join("-");
    let reference = json!({ "$ref": format!("#/definitions/{name}") });
    if !definitions.contains_key(&name) {
        // Entered first, since a table may contain its like.
        definitions.insert(name.clone(), Value::Null);
        let mut inside = table(keys, definitions);
        if keys.some {
            inside.insert("minProperties".to_owned(), json!(1));
        }
        definitions.insert(name, Value::Object(inside));
    }
    reference
}
