//! Writes the draft of a file that everybody may see.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::files::sum;
use super::super::frame::bare;
use super::super::{Present, import};
use super::codes::Line;
use super::column::{self, Column};
use super::plan::{Given, Plan, Role};
use super::shape::is_year;
use super::taken::{self, Taken};
use super::written::{comment, key, list, one_or_list, string};
use super::{Asked, Look, rest};
use crate::diagnostic::{Bytes, Code, Diagnostics, Severity, Source};
use crate::project::imports::{Lying, Mapping, OPEN};
use crate::project::iso3166;
use crate::tables::ingest::delivered::Value;

/// The draft as TOML.
pub(super) fn draft(asked: &Asked<'_>, look: &Look) -> String {
    let text = written(asked, look);
    let left = left(asked, &text);
    if left.is_empty() { text } else { format!("{}\n{text}", left.join("\n")) }
}

fn written(asked: &Asked<'_>, look: &Look) -> String {
    let Some(naming) = look.naming() else { return String::new() };
    let frame = bare(naming, 0, &look.sheet, naming.at(&look.sheet, look.shape.labels));
    let fill = column::outline(&frame, &look.shape);
    let mut columns = column::columns(&frame, &look.shape, &fill);
    let names = |numbers: &[usize]| -> Vec<String> {
        let of = |number: &usize| columns.iter().find(|column| column.number == Some(*number));
        numbers.iter().filter_map(|number| of(number)?.name.clone()).collect()
    };
    let fill = names(&fill);
    columns.extend(column::sections(&frame, &look.shape));
    let said = said(asked, look, &columns);
    let mut plan = Plan::new(asked.schemas, columns);
    plan.frame(asked.country);
    rates(&mut plan);
    let digits = plan.columns.iter().any(|column| column.texts().any(|text| text.chars().any(foreign_digit)));
    let cells = taken_cells(&plan);
    let (mut taken, _) = taken::look(&cells, digits);
    plan.choose_table(&said, taken.fractions);
    if let Some((schema, observed)) = plan.observed()
        && let Some(value) = schema.field(&observed.value)
    {
        taken.known_to(value);
    }
    plan.match_fields();
    plan.labels();
    plan.settle();
    plan.rest();
    text(asked, look, &plan, &taken, &fill)
}

fn foreign_digit(letter: char) -> bool {
    letter.is_numeric() && !letter.is_ascii() && crate::project::imports::western(&letter.to_string()).is_ascii()
}

/// The words in which a file says what it is about.
fn said(asked: &Asked<'_>, look: &Look, columns: &[Column]) -> String {
    let mut said = vec![asked.path.to_owned(), look.sheet.name.clone().unwrap_or_default()];
    for row in 0..look.shape.labels {
        said.extend((0..look.sheet.columns.len()).map(|column| look.sheet.text(row, column).to_owned()));
    }
    for column in columns {
        said.push(column.label.clone());
        said.extend(column.upper.iter().cloned());
        said.extend(column.texts().take(column::MOST_CODES));
    }
    said.join(" ")
}

/// Columns of fractions between columns of counts are rates, which are left.
fn rates(plan: &mut Plan<'_>) {
    let taken = plan.with(&Role::Taken);
    let column = |at: &usize| plan.columns.get(*at);
    let years = taken.iter().filter_map(column).any(|column| is_year(&column.label));
    let fractions: Vec<usize> = taken
        .iter()
        .copied()
        .filter(|at| column(at).is_some_and(|column| taken::has_fractions(&column.cells)))
        .collect();
    if !years && fractions.len() < taken.len() {
        fractions.into_iter().for_each(|at| plan.set(at, Role::Left("its numbers are not whole")));
    }
}

/// The distinct taken cells, each with its number of rows.
fn taken_cells(plan: &Plan<'_>) -> Vec<(Value, usize)> {
    let mut cells: Vec<(Value, usize)> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for column in plan.with(&Role::Taken).iter().filter_map(|at| plan.columns.get(*at)) {
        for (value, rows) in &column.cells {
            let at = *known.entry((value.text.clone(), value.kind)).or_insert(cells.len());
            match cells.get_mut(at) {
                Some((_, count)) => *count += rows,
                None => cells.push((value.clone(), *rows)),
            }
        }
    }
    cells
}

/// Everything in its order.
fn text(asked: &Asked<'_>, look: &Look, plan: &Plan<'_>, taken: &Taken, fill: &[String]) -> String {
    let mut text = String::new();
    text.push_str("# A draft: decide each \"?\". What stands here without one is a guess, too.\n");
    text.push_str(&head(asked, plan));
    let sum = sum(&asked.bytes);
    text.push_str(&format!("\n[[file]]\npath = {}\nsha256 = {}\n", string(asked.path), string(&sum)));
    let mut read = look.keys.clone();
    read.extend((!fill.is_empty()).then(|| format!("fill = {}", list(fill))));
    let open = plan.with(&Role::Open).into_iter().filter_map(|at| plan.columns.get(at));
    // Rows of one cell that nothing reads would end the table.
    let sections = open.filter(|column| rest::is_section(column)).flat_map(|column| column.texts().collect::<Vec<_>>());
    let skip: Vec<String> = look.shape.skip.iter().cloned().chain(sections).collect();
    read.extend((!skip.is_empty()).then(|| format!("skip = {}", list(&skip))));
    let broken = || has_blanks(plan, look.shape.rows.len());
    let end = look.shape.end.as_ref().or_else(|| look.shape.after.as_ref().filter(|_| broken()));
    read.extend(end.map(|end| format!("end = {}", string(end))));
    read.extend(ignored(plan));
    if !read.is_empty() {
        text.push_str(&format!("\n[read]\n{}\n", read.join("\n")));
    }
    if !taken.number.is_empty() {
        text.push_str(&format!("\n[number]\n{}\n", taken.number.join("\n")));
    }
    text.push_str(&table("missing", &taken.missing));
    text.push_str(&table("marks", &taken.marks));
    text.push_str(&make(plan));
    for (name, lines) in &plan.codes {
        text.push_str(&table(&format!("codes.{name}"), lines));
    }
    text
}

/// Whether a row is blank in all columns that are read, which would end the table.
fn has_blanks(plan: &Plan<'_>, rows: usize) -> bool {
    let read: Vec<&Column> = plan
        .columns
        .iter()
        .zip(&plan.roles)
        .filter(|(column, role)| column.number.is_some() && !matches!(role, Role::Open | Role::Left(_)))
        .map(|(column, _)| column)
        .collect();
    let blank = |column: &&Column, row: usize| {
        let cell = column.codes.get(row).and_then(|code| column.cells.get(*code));
        cell.is_none_or(|(value, _)| value.is_blank())
    };
    (0..rows).any(|row| read.iter().all(|column| blank(column, row)))
}

/// Source, licence and folder.
fn head(asked: &Asked<'_>, plan: &Plan<'_>) -> String {
    let known = match asked.sources.as_slice() {
        [] => "the id of its row in sources.csv".to_owned(),
        ids => format!("the id of its row in sources.csv; there are: {}", ids.join(", ")),
    };
    let open = string(OPEN);
    let mut head = format!("source = {open} {}\nlicence = {open}\n", comment(&known));
    match (&plan.into, asked.country) {
        (Some(into), _) => head.push_str(&line(into)),
        (None, None) => head.push_str(&format!("into = {open} # the country's three letters\n")),
        (None, Some(_)) => {}
    }
    head
}

fn line(given: &Given) -> String {
    let remark = if given.remark.is_empty() { String::new() } else { format!(" {}", comment(&given.remark)) };
    format!("{} = {}{remark}\n", key(&given.key), given.value)
}

/// The columns that are not read, and why.
fn ignored(plan: &Plan<'_>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for (column, role) in plan.columns.iter().zip(&plan.roles) {
        let why = match role {
            Role::Left(why) => *why,
            Role::Open => "no field is like it",
            _ => continue,
        };
        let name = column.name.clone().unwrap_or_else(|| column.label.clone());
        if column.number.is_some() && seen.insert(name.clone()) {
            lines.push(format!("    {}, # {why}", string(&name)));
        }
    }
    if lines.is_empty() { Vec::new() } else { vec![format!("ignore = [\n{}\n]", lines.join("\n"))] }
}

/// A table of lines, each with what is known of it.
fn table(name: &str, lines: &[Line]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let line = |line: &Line| format!("{} = {} {}\n", key(&line.text), line.right, comment(&line.remark));
    format!("\n[{name}]\n{}", lines.iter().map(line).collect::<String>())
}

/// The one `[[make]]`.
fn make(plan: &Plan<'_>) -> String {
    let open = string(OPEN);
    let Some((schema, observed)) = plan.observed() else { return format!("\n[[make]]\ntable = {open}\n") };
    let others = plan.schemas.iter().filter(|other| other.observations.is_some() && other.name != schema.name);
    let others: Vec<&str> = others.map(|other| other.name.as_str()).collect();
    let mut text = format!("\n[[make]]\ntable = {} # or: {}\n", string(&schema.name), others.join(", "));
    let wheres: Vec<String> =
        plan.with(&Role::Where).iter().filter_map(|at| condition(plan.columns.get(*at)?)).collect();
    if !wheres.is_empty() {
        text.push_str(&format!("where = {{ {} }}\n", wheres.join(", ")));
    }
    let take = take(plan);
    if !take.is_empty() {
        text.push_str(&format!("take = {}\n", one_or_list(&take)));
    }
    for field in &schema.fields {
        let name = field.name.as_str();
        if let Some(given) = plan.fields.iter().find(|given| given.key == name) {
            text.push_str(&line(given));
            continue;
        }
        let period = plan.with(&Role::Period).first().and_then(|at| plan.columns.get(*at));
        if let Some(column) = period.filter(|_| name == observed.period) {
            let keys: Vec<String> = super::period::reads(column).into_iter().collect();
            text.push_str(&format!("{name} = {}\n", super::plan::place(column, &keys)));
        } else if name == observed.value {
            text.push_str(if take.is_empty() { "count = 1 # one row a person\n" } else { "" });
        } else if field.required_column && name != "source" && name != "country" {
            let codes = &field.constraints.allowed;
            let known = if codes.is_empty() { String::new() } else { format!(" # {}", codes.join(", ")) };
            text.push_str(&format!("{name} = {open}{known}\n"));
        }
    }
    if take.is_empty() {
        text.push_str("sum = true\n");
    }
    text
}

fn condition(column: &Column) -> Option<String> {
    let (value, _) = column.cells.first()?;
    Some(format!("{} = {}", key(column.name.as_deref()?), string(&value.text)))
}

/// The taken columns: years by a pattern.
fn take(plan: &Plan<'_>) -> Vec<String> {
    let taken = plan.with(&Role::Taken);
    let columns: Vec<&Column> = taken.iter().filter_map(|at| plan.columns.get(*at)).collect();
    let years = |column: &&Column| is_year(&column.label) && column.label.is_ascii();
    if !columns.is_empty() && columns.iter().all(|column| years(column)) {
        let centuries: BTreeSet<&str> = columns.iter().filter_map(|column| column.label.get(..2)).collect();
        return centuries.into_iter().map(|century| format!("{century}??")).collect();
    }
    columns.iter().filter_map(|column| column.name.clone()).collect()
}

/// The most faults that are listed.
const MOST: usize = 20;

/// What the draft does not settle, beside each `"?"`: faults of the file itself, or of the guess.
fn left(asked: &Asked<'_>, text: &str) -> Vec<String> {
    let mut found = Diagnostics::default();
    let source = Arc::new(Source::new("draft.toml", text.as_bytes().to_vec()));
    let lying = Lying { id: "draft".to_owned(), folder: String::new(), country: asked.country.map(str::to_owned) };
    let mapping = Mapping::parse(lying, &source, asked.schemas, &mut found);
    let present = vec![Present { file: 0, path: asked.path.to_owned(), bytes: Bytes::clone(&asked.bytes) }];
    let countries: Vec<String> = iso3166::countries().map(str::to_owned).collect();
    let _rows = import(&mapping, present, asked.schemas, &countries, &mut found);
    let errors = found
        .sorted()
        .into_iter()
        .filter(|fault| fault.severity == Severity::Error && fault.code != Code::UndecidedCode);
    let lines: Vec<String> =
        errors.map(|fault| comment(&format!("to mend: {}: {}", fault.span.place(), fault.message))).collect();
    let more = lines.len().saturating_sub(MOST);
    let more = (more > 0).then(|| comment(&format!("and {more} more")));
    lines.into_iter().take(MOST).chain(more).collect()
}
