//! Where a register is counted: `[engine.<table>]` of `country.toml`. Hosts, users and secrets stand nowhere in the project: the
//! engine's own client has them. Every name is matched against its pattern here, before it can reach a statement.

use crate::diagnostic::{Code, Diagnostic};
use crate::project::declaration::keys::{self, Keys};
use crate::project::declaration::{Declaration, Located, Shape};

/// The tables of `[engine]`.
pub static ENGINES: Keys = Keys::of("[engine]", "The registers of the country that an engine counts.", &[])
    .further(&keys::table("<table>", &ENGINE).says("A register that an engine counts, by the name of its table."));

static ENGINE: Keys = Keys::of(
    "[engine.<table>]",
    "A register that lives in a database, where an engine counts it. Hosts, users and secrets stand nowhere in the project: the \
     engine’s own client has them.",
    &[
        keys::like("view", "^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*){0,2}$")
            .must()
            .says("The view in which one row is one case: up to three names, joined by points.")
            .example("\"tipbrief.victims\""),
        keys::one_of("dialect", &[("postgres", "PostgreSQL"), ("ansi", "DuckDB and Spark")])
            .must()
            .says("What the engine understands.")
            .example("\"postgres\""),
        keys::like("key", "^[A-Za-z_][A-Za-z0-9_]*$")
            .says("The column that names a row on the engine’s own console; never `case_id`.")
            .example("\"row_id\""),
    ],
);

/// A table of a register that an engine counts.
#[derive(Debug, Clone)]
pub struct Engine {
    /// The table: `victims`.
    pub table: Located<String>,
    /// The view in which one row is one case: `tipbrief.victims`.
    pub view: String,
    /// What the engine understands.
    pub dialect: Dialect,
    /// The column that names a row on the engine's own console; none if it has no such column.
    pub key: Option<String>,
}

/// The dialects of SQL that differ in what a statement needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `PostgreSQL`: one snapshot that cannot write, and the order of bytes.
    Postgres,
    /// `DuckDB` and Spark, which order by bytes anyhow.
    Ansi,
}

/// The parts that the name of a view may have: catalogue, schema, view.
const PARTS: usize = 3;
/// The longest name: engines cut one of over 63 letters, and `_counted` is added to it.
const LONGEST: usize = 55;

/// Reads `[engine.<table>]`, each table once.
pub(super) fn read(declaration: &mut Declaration<'_>) -> Vec<Engine> {
    let Some(mut engines) = declaration.table("engine") else { return Vec::new() };
    let (mut read, mut faults) = (Vec::new(), Vec::new());
    engines.each(|table, shape| match shape {
        Shape::Table(declared) => read.extend(engine(table, declared)),
        Shape::Scalar(_) | Shape::List(_) => {
            let message = format!("`{}` must be a table: `[engine.{}]`", table.value, table.value);
            faults.push(Diagnostic::error(Code::InvalidValue, table.span, message));
        }
    });
    engines.finish();
    faults.into_iter().for_each(|fault| declaration.fault(fault));
    read
}

/// Reads one of them; none where its view or its dialect cannot be used, which is a fault already.
fn engine(table: Located<String>, mut declared: Declaration<'_>) -> Option<Engine> {
    let given = declared.has("view");
    let view = declared.required_text("view");
    let named = view.value.split('.').all(is_name) && view.value.split('.').count() <= PARTS;
    if given && !named {
        let message = format!("`{}` is not the name of a view", view.value);
        declared.fault(Diagnostic::error(Code::InvalidValue, view.span, message).hint(format!(
            "write `schema.view`: up to {PARTS} names joined by points, each of letters, digits and underscores, a letter first, \
             at most {LONGEST} long"
        )));
    }
    let (dialect, key) = (dialect(&mut declared), key(&mut declared));
    declared.finish();
    named.then_some(Engine { table, view: view.value, dialect: dialect?, key })
}

fn dialect(declared: &mut Declaration<'_>) -> Option<Dialect> {
    let given = declared.has("dialect");
    let dialect = declared.required_text("dialect");
    match dialect.value.as_str() {
        "postgres" => return Some(Dialect::Postgres),
        "ansi" => return Some(Dialect::Ansi),
        _ => {}
    }
    if given {
        let message = format!("`{}` is not a dialect", dialect.value);
        let fault = Diagnostic::error(Code::InvalidValue, dialect.span, message);
        declared.fault(fault.hint("write `postgres` for PostgreSQL, or `ansi` for DuckDB and Spark"));
    }
    None
}

/// Reads the key, if there is one, and reports what cannot be one.
fn key(declared: &mut Declaration<'_>) -> Option<String> {
    let key = declared.text("key")?;
    let (message, hint) = if key.value.eq_ignore_ascii_case("case_id") {
        (
            "`case_id` identifies a person, and is never shown",
            "name a column that only the engine knows, such as `row_id`",
        )
    } else if is_name(&key.value) {
        return Some(key.value);
    } else {
        (
            "the key is not the name of a column",
            "write letters, digits and underscores, a letter first, such as `row_id`",
        )
    };
    declared.fault(Diagnostic::error(Code::InvalidValue, key.span, message).hint(hint));
    None
}

/// Whether a name can be written into a statement as it is.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_';
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.len() <= LONGEST && name.starts_with(first) && name.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_reach_a_statement() {
        for name in ["victims", "_v", "Victims_2024"] {
            assert!(is_name(name), "{name}");
        }
        let long = "v".repeat(LONGEST + 1);
        for name in ["", "2victims", "victims; DROP TABLE x", "vic\"tims", "vic tims", "ວິ", "a-b", "a'b", &long] {
            assert!(!is_name(name), "{name}");
        }
    }
}
