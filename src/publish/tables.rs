//! The released tables as a Data Package: one CSV per indicator, and their descriptor.

use anyhow::Result;
use serde_json::{Value as Json, json};

use super::csv::{is_formula, line};
use super::set::Files;
use crate::country::Country;
use crate::indicator::Indicator;
use crate::project::Project;
use crate::protect::{CountryRelease, ReleasedCell};
use crate::schema::REST;
use crate::value::Value;

/// Told of a column in which it happened.
const DEFUSED: &str = "An apostrophe stands before a text that a spreadsheet would compute";

/// Told of a column in which it stands.
const FOLDED: &str = "rest: recorded under a code of which there are too few to name it; unknown: recorded as unknown";

/// `<indicator>.csv` for every indicator with a figure, and `datapackage.json`, by path.
pub(super) fn files(released: &CountryRelease, project: &Project, country: &Country) -> Result<Files<'static>> {
    let mut files = Files::new();
    let mut resources = Vec::new();
    for indicator in &project.indicators {
        let cells = released.cells(&indicator.id);
        if !cells.is_empty() {
            files.insert(format!("tables/{}.csv", indicator.id), csv(indicator, cells).into_bytes().into());
            resources.push(resource(indicator, cells));
        }
    }
    let sources: Vec<Json> = released
        .sources()
        .iter()
        .filter(|source| !source.register)
        .map(|source| json!({ "title": source.title, "path": source.url }))
        .collect();
    let package = json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": format!("{}-{}", country.iso3.to_lowercase(), project.report.issue.text()),
        "title": format!("{}: {}", country.name, project.report.title),
        "version": project.report.issue.text(),
        "sources": sources,
        "resources": resources,
    });
    let mut bytes = serde_json::to_vec_pretty(&package)?;
    bytes.push(b'\n');
    files.insert("tables/datapackage.json".to_owned(), bytes.into());
    Ok(files)
}

fn csv(indicator: &Indicator, cells: &[ReleasedCell]) -> String {
    let labels = ["period"].into_iter().chain(indicator.dimensions.iter().map(String::as_str));
    let labels: Vec<&str> = labels.chain(["value", "unit", "qualifier", "status", "sources"]).collect();
    let mut text = line(labels);
    for cell in cells {
        let mut row = vec![cell.period.text().to_owned()];
        row.extend(indicator.dimensions.iter().map(|d| cell.codes.get(d).map_or("total", String::as_str).to_owned()));
        row.push(cell.value.as_ref().map(Value::plain).unwrap_or_default());
        row.push(indicator.unit.clone());
        row.push(cell.value.as_ref().map_or("", |_| cell.qualifier.code()).to_owned());
        row.push(cell.status.code().to_owned());
        row.push(cell.sources.join(";"));
        text += &line(row);
    }
    text
}

fn resource(indicator: &Indicator, cells: &[ReleasedCell]) -> Json {
    let text = |name: &str, title: &str| json!({ "name": name, "type": "string", "title": title });
    let mut fields = vec![text("period", "Period: a year, a month, a day or an interval of them")];
    for dimension in &indicator.dimensions {
        let mut field = text(dimension, dimension);
        let occurs = |told: &dyn Fn(&str) -> bool| {
            cells.iter().filter_map(|cell| cell.codes.get(dimension)).any(|code| told(code))
        };
        let remarks = [(occurs(&is_formula), DEFUSED), (occurs(&|code| code == REST), FOLDED)];
        let remarks: Vec<&str> = remarks.iter().filter(|(occurs, _)| *occurs).map(|(_, remark)| *remark).collect();
        if !remarks.is_empty() {
            field["description"] = remarks.join(". ").into();
        }
        fields.push(field);
    }
    let coded = cells.iter().any(|cell| matches!(cell.value, Some(Value::Code(_))));
    let kind = if coded { "string" } else { "number" };
    fields.push(json!({ "name": "value", "type": kind, "title": indicator.title }));
    fields.push(text("unit", "Unit"));
    fields.push(text("qualifier", "How the value stands to the truth"));
    let states = ["published", "derived", "withheld", "not_reported", "not_applicable"];
    fields.push(json!({ "name": "status", "type": "string", "title": "State", "constraints": { "enum": states } }));
    fields.push(text("sources", "Ids of the sources, joined by ;"));
    json!({
        "name": indicator.id,
        "path": format!("{}.csv", indicator.id),
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "title": indicator.title,
        "description": indicator.description,
        "schema": { "fields": fields, "missingValues": [""] },
    })
}
