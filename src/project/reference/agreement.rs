//! Holds descriptions, readers and schemas to each other, on files made of the descriptions: one with every key, and that one with
//! each key left out, of every wrong type, and beside one that nobody knows.

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::io::Write;
    use std::path::Path;
    use std::process::{Command, Stdio};
    use std::sync::Arc;

    use serde_json::{Map, Value, json};

    use super::super::{File, page, schema};
    use crate::diagnostic::{Code, Diagnostics, Severity, Source};
    use crate::project::correction::Correction;
    use crate::project::country::Country;
    use crate::project::declaration::keys::{Holds, Key, Keys, Need, Without};
    use crate::project::declaration::unasked;
    use crate::project::format::{Format, Stated, stated};
    use crate::project::imports::{Lying, Mapping};
    use crate::project::indicator::Indicator;
    use crate::project::load::{Report, section};
    use crate::project::text::Text;
    use crate::project::{Project, schema::Schema};

    /// What a reader says of a file.
    struct Verdict {
        /// Whether it finds an error.
        refused: bool,
        /// The first error about a key or the shape of a value, of which the schema knows as much as the reader.
        shape: Option<String>,
    }

    fn read(file: File, text: &str, schemas: &[Schema]) -> Verdict {
        let source = Arc::new(Source::new("t.toml", text.as_bytes().to_vec()));
        let mut found = Diagnostics::default();
        match file {
            File::Report => {
                if let Stated::Unknown(fault) | Stated::Newer(fault) = stated(&source) {
                    found.push(fault);
                }
                drop(Report::parse(&source, Format::PRESENT, &mut found));
            }
            File::Country => drop(Country::parse("XXA", &source, &mut found)),
            File::Section => drop(section("s", &source, &mut found)),
            File::Indicator => drop(Indicator::parse(("s", "i"), &source, schemas, &mut found)),
            File::Catalogue => drop(Text::parse("xx", &source, &mut found)),
            File::Corrections => drop(Correction::parse(&source, &mut found)),
            File::Mapping => {
                let lying = Lying { id: "m".into(), folder: "data/imports".into(), country: None };
                drop(Mapping::parse(lying, &source, schemas, &mut found));
            }
        }
        let errors = found.sorted().into_iter().filter(|found| found.severity == Severity::Error);
        let errors: Vec<(Code, String)> = errors.map(|found| (found.code, found.message.to_string())).collect();
        let of_shape = |(code, message): &&(Code, String)| {
            assert!(*code != Code::SyntaxError, "{message}\n{text}");
            // Which columns a table has, its own schema says.
            let missing = *code == Code::MissingField && !message.contains("each row of");
            *code == Code::UnknownField || missing || message.contains(" must be ")
        };
        let shape = errors.iter().find(of_shape).map(|(_, message)| message.clone());
        Verdict { refused: !errors.is_empty(), shape }
    }

    /// The value of an example; the default stands in for one that is not given.
    fn example(key: &Key) -> Value {
        let written = match (key.example, key.without) {
            ("", Without::Text(text)) => return json!(text),
            (written, _) => written,
        };
        let read = toml::from_str::<toml::Table>(&format!("x = {written}"));
        let value = read.unwrap_or_else(|error| panic!("the example of `{}` is no TOML: {error}", key.name));
        plain(&value["x"])
    }

    fn plain(value: &toml::Value) -> Value {
        match value {
            toml::Value::Datetime(day) => json!(day.to_string()),
            toml::Value::Array(items) => items.iter().map(plain).collect(),
            toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), plain(value))).collect(),
            other => serde_json::to_value(other).expect("a value"),
        }
    }

    /// A name for a key that may have any.
    fn name(key: &Key) -> &'static str {
        match key.name {
            "<dimension>" => "sex",
            "<figure>" => "XXA/persons_arrested:2023",
            "<column>" => "period",
            other => other.trim_matches(['<', '>']),
        }
    }

    /// A table with every key that may stand in it; of those that exclude each other another one each round.
    fn specimen(keys: &'static Keys, round: usize) -> Map<String, Value> {
        let own = keys.named().filter(|key| keys.alone.is_empty() || keys.alone.get(round % 3) == Some(&key.name));
        let way = keys.one_of.get(round % keys.one_of.len().max(1));
        let own = own.filter(|key| !keys.one_of.contains(&key.name) || way == Some(&key.name));
        let fits = |key: &&Key| keys.beside.iter().all(|(name, other)| *name != key.name || way == Some(other));
        let own = own.filter(fits);
        let further = keys.further.filter(|_| keys.alone.is_empty() || round % 3 == 2);
        own.chain(further).map(|key| (name(key).to_owned(), value(key, round))).collect()
    }

    fn value(key: &'static Key, round: usize) -> Value {
        match key.holds {
            Holds::Table(keys) => Value::Object(specimen(keys, round)),
            Holds::Tables(keys) => json!([specimen(keys, round)]),
            Holds::Items(keys) if round % 2 == 1 => json!([specimen(keys, round)]),
            Holds::Either(several) if round % 2 == 1 || key.example.is_empty() => {
                let mut tables = several
                    .iter()
                    .flat_map(|holds| holds.tables())
                    .map(|keys| Value::Object(specimen(keys, round / 2)));
                tables.next_back().unwrap_or_else(|| example(key))
            }
            _ => example(key),
        }
    }

    /// So many rounds show every way of every table.
    const ROUNDS: usize = 14;

    /// A file of TOML with these keys.
    fn written(table: &Map<String, Value>) -> String {
        table.iter().map(|(key, value)| format!("{} = {}\n", json!(key), inline(value))).collect()
    }

    fn inline(value: &Value) -> String {
        let joined = |parts: Vec<String>| parts.join(", ");
        match value {
            Value::Array(items) => format!("[{}]", joined(items.iter().map(inline).collect())),
            Value::Object(table) => {
                format!(
                    "{{ {} }}",
                    joined(table.iter().map(|(key, value)| format!("{} = {}", json!(key), inline(value))).collect())
                )
            }
            other => other.to_string(),
        }
    }

    /// Values of every type, of which most are wrong for any one key.
    fn others() -> Vec<Value> {
        vec![
            json!("zzz"),
            json!(""),
            json!(7),
            json!(-1),
            json!(100_000),
            json!(1.5),
            json!(true),
            json!([]),
            json!([7]),
            json!(["zzz"]),
            json!([["zzz"]]),
            json!({}),
            json!({ "zzz": 1 }),
            json!([{ "zzz": 1 }]),
            json!({ "zzz": [{}] }),
        ]
    }

    /// The changes that were made already, by the place of the table among the descriptions, the key and the value.
    type Seen = BTreeSet<(usize, String, String)>;

    /// The table with one thing changed, in every way that was not seen yet.
    fn changed(keys: &'static Keys, table: &Map<String, Value>, seen: &mut Seen) -> Vec<Map<String, Value>> {
        let mut found = Vec::new();
        let mut fresh =
            |name: &str, value: &str| seen.insert((std::ptr::from_ref(keys).addr(), name.to_owned(), value.to_owned()));
        if keys.further.is_none() {
            for stranger in
                [json!("x"), json!(1), json!({ "x": 1 })].into_iter().filter(|value| fresh("zzz", &value.to_string()))
            {
                found.push(table.clone().into_iter().chain([("zzz".to_owned(), stranger)]).collect());
            }
        }
        for (name, key) in table.keys().filter_map(|name| Some((name, keys.key(name)?))) {
            let with = |value: Value| table.clone().into_iter().chain([(name.clone(), value)]).collect();
            found.extend(others().into_iter().filter(|value| fresh(name, &value.to_string())).map(with));
            if !matches!(key.need, Need::Unless(_)) && fresh(name, "") {
                found.push(table.clone().into_iter().filter(|(other, _)| other != name).collect());
            }
        }
        for (name, value) in table {
            let with = |value: Value| table.clone().into_iter().chain([(name.clone(), value)]).collect();
            for inside in keys.key(name).map(|key| key.holds.tables()).unwrap_or_default() {
                match value {
                    Value::Object(own) => {
                        found.extend(changed(inside, own, seen).into_iter().map(|own| with(Value::Object(own))));
                    }
                    Value::Array(items) => {
                        for own in items.iter().filter_map(Value::as_object) {
                            found.extend(changed(inside, own, seen).into_iter().map(|own| with(json!([own]))));
                        }
                    }
                    _ => {}
                }
            }
        }
        found
    }

    fn carried() -> Vec<Schema> {
        Project::carried().expect("the carried series").schemas
    }

    /// Every table below one.
    fn tables(keys: &'static Keys, found: &mut Vec<&'static Keys>) {
        if !found.iter().any(|known| std::ptr::eq(*known, keys)) {
            found.push(keys);
            keys.named()
                .chain(keys.further)
                .flat_map(|key| key.holds.tables())
                .for_each(|inside| tables(inside, found));
        }
    }

    #[test]
    fn readers_ask_for_every_described_key_and_for_no_other() {
        let schemas = carried();
        for file in File::ALL {
            for round in 0..ROUNDS {
                let text = written(&specimen(file.keys(), round));
                let verdict = read(*file, &text, &schemas);
                assert_eq!(verdict.shape, None, "{file:?}\n{text}");
            }
            let mut below = Vec::new();
            tables(file.keys(), &mut below);
            for keys in below {
                let words = "no reader asks for these keys: take them out of its `Keys`, or read them";
                assert_eq!(unasked(keys), Vec::<&str>::new(), "{} of {}: {words}", keys.head, file.keys().head);
            }
        }
    }

    #[test]
    fn every_key_is_told_of_and_has_an_example() {
        for file in File::ALL {
            let mut below = Vec::new();
            tables(file.keys(), &mut below);
            let heads: BTreeSet<&str> = below.iter().map(|keys| keys.head).collect();
            assert_eq!(heads.len(), below.len(), "{file:?}: every table has a head of its own: {heads:?}");
            for keys in below {
                assert!(keys.says.ends_with('.'), "{}: a sentence", keys.head);
                for key in keys.named().chain(keys.further) {
                    assert!(key.says.ends_with('.'), "{} {}: a sentence", keys.head, key.name);
                    let needs = key.holds.tables().is_empty() && !matches!(key.without, Without::Text(_));
                    assert!(!needs || !key.example.is_empty(), "{} {}: an example", keys.head, key.name);
                }
            }
        }
    }

    /// A Python with a JSON Schema in it; none where the machine has none.
    fn python() -> Option<std::path::PathBuf> {
        let laid = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/python/bin/python3");
        let able = |python: &std::path::PathBuf| {
            Command::new(python)
                .args(["-c", "import jsonschema, tomllib"])
                .output()
                .is_ok_and(|run| run.status.success())
        };
        let found = [laid, "python3".into(), "/usr/bin/python3".into()].into_iter().find(able);
        assert!(
            found.is_some() || std::env::var_os("CI").is_none(),
            "there is no Python with jsonschema: run .ci/tools"
        );
        found
    }

    /// What schemas say of values, one answer each, empty where there is no objection.
    fn schemas_say(python: &Path, asked: &[(File, Value)]) -> Vec<String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schema_says.py");
        let mut command = Command::new(python);
        let mut child =
            command.arg("-B").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python starts");
        let mut lines = String::new();
        for file in File::ALL {
            lines += &format!("{}\n", json!({ "schema": file.name(), "text": schema(*file) }));
        }
        for (file, value) in asked {
            lines += &format!("{}\n", json!({ "against": file.name(), "value": value }));
        }
        let mut pipe = child.stdin.take().expect("a pipe");
        let writer = std::thread::spawn(move || pipe.write_all(lines.as_bytes()));
        let output = child.wait_with_output().expect("python ends");
        writer.join().expect("the writer ends").expect("python reads");
        assert!(output.status.success(), "tests/schema_says.py ends well");
        let answers: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
        assert_eq!(answers.len(), asked.len());
        answers
    }

    #[test]
    fn readers_and_schemas_refuse_the_same() {
        let Some(python) = python() else {
            println!("skipped: there is no Python with jsonschema");
            return;
        };
        let schemas = carried();
        let (mut asked, mut verdicts) = (Vec::new(), Vec::new());
        for file in File::ALL {
            let mut seen = Seen::new();
            for round in 0..ROUNDS {
                let whole = specimen(file.keys(), round);
                for table in std::iter::once(whole.clone()).chain(changed(file.keys(), &whole, &mut seen)) {
                    verdicts.push(read(*file, &written(&table), &schemas));
                    asked.push((*file, Value::Object(table)));
                }
            }
        }
        let answers = schemas_say(&python, &asked);
        let (mut faults, mut refused) = (Vec::new(), 0);
        for ((file, value), (verdict, answer)) in asked.iter().zip(verdicts.iter().zip(&answers)) {
            let shown = || written(value.as_object().expect("a table"));
            match (&verdict.shape, answer.as_str()) {
                (Some(reader), "") => {
                    faults.push(format!("{file:?}: the reader says “{reader}”, the schema nothing:\n{}", shown()));
                }
                (None, "") => {}
                (_, objection) if !verdict.refused => {
                    faults.push(format!("{file:?}: the schema says “{objection}”, the reader nothing:\n{}", shown()));
                }
                _ => refused += 1,
            }
        }
        assert!(refused > 1000, "{refused} of {} files are refused by both", asked.len());
        assert!(
            faults.is_empty(),
            "{} of {}:\n{}",
            faults.len(),
            asked.len(),
            faults.iter().take(12).cloned().collect::<Vec<_>>().join("\n")
        );
    }

    /// A file of the repository that is made by the program; `BLESS=1` writes it.
    fn made(path: &str, text: &str) {
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        if std::env::var_os("BLESS").is_some() {
            std::fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
            std::fs::write(&place, text).expect("the file is written");
        }
        let found = std::fs::read_to_string(&place).unwrap_or_default();
        assert!(
            found == text,
            "{path} is not what the program makes: `BLESS=1 cargo test --release --locked reference` writes it"
        );
    }

    #[test]
    fn the_reference_is_what_the_program_knows() {
        made("docs/reference.md", &page());
    }

    #[test]
    fn the_schemas_of_the_repository_are_those_of_the_program() {
        File::ALL.iter().for_each(|file| made(&file.path(), &schema(*file)));
    }
}
