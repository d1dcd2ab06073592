//! The released tables as a Data Package: one CSV per indicator, and their descriptor.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde_json::{Value as Json, json};

use super::counts::{DESCRIPTOR, KEY, described};
use super::csv_text::{is_formula, published};
use super::paths::Files;
use crate::disclosure::protect::{Alternative, CountryRelease, ReleasedCell, SourceRecord, Status};
use crate::project::Project;
use crate::project::country::Country;
use crate::project::indicator::Indicator;
use crate::project::schema::REST;
use crate::value::period::Period;
use crate::value::{Qualifier, Value};

/// The description of a column with such a text.
const DEFUSED: &str = "A text that a spreadsheet would compute begins with an apostrophe";

/// The description of a column with this code.
const FOLDED: &str = "rest: codes with too few persons to be printed, combined; unknown: recorded as unknown";
/// The column of ranks: 1 for the value printed first, higher for what other sources give for the same cell.
const RANK: &str = "rank";

/// The column that says whether the bounds of the period are stated by the source or inferred.
const BOUNDS: &str = "period_bounds";

/// The columns of late cases, where any are told.
const LATE: [&str; 2] = ["with_late_cases", "late_base"];
const OF_LATE: [&str; 2] = [
    "The value with cases that came after its year closed; it is off by less than `late_base`",
    "The base in steps of which late cases are told",
];

/// `<indicator>.csv` for every indicator with a figure, and `datapackage.json`, by path.
pub(super) fn files(released: &CountryRelease, project: &Project, country: &Country) -> Result<Files<'static>> {
    let mut files = Files::new();
    let mut resources = Vec::new();
    for indicator in &project.indicators {
        let cells = printed(released.cells(&indicator.id));
        if !cells.is_empty() {
            let late = released.late(&indicator.id);
            files.insert(format!("tables/{}.csv", indicator.id), csv(indicator, &cells, late)?.into_bytes().into());
            let mut resource = resource(indicator, country, &cells, !late.is_empty());
            if let Some(described) = described(indicator, &country.iso3) {
                resource[KEY] = described;
            }
            resources.push(resource);
        }
    }
    let sources: Vec<Json> = released.sources().iter().filter(|source| !source.register).map(source).collect();
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
    files.insert(format!("tables/{DESCRIPTOR}"), bytes.into());
    Ok(files)
}

/// A publication as the standard describes it, which has a key for an address only.
fn source(source: &SourceRecord) -> Json {
    if source.held_at.is_empty() {
        let mut published = json!({ "title": source.title, "path": source.url });
        if !source.archived.is_empty() {
            published["tipbrief:archived"] = source.archived.as_str().into();
        }
        published
    } else {
        json!({ "title": source.title, "tipbrief:held_at": source.held_at })
    }
}

/// The cells that a table prints. A register without a rest in any period needs no row that says so.
fn printed(cells: &[ReleasedCell]) -> Vec<&ReleasedCell> {
    let folded = |dimension: &str| {
        let rest = |cell: &&ReleasedCell| cell.codes.get(dimension).is_some_and(|code| code == REST);
        cells.iter().filter(rest).any(|cell| !cell.is_zero())
    };
    let dimensions: BTreeSet<&str> = cells.iter().flat_map(|cell| cell.codes.keys().map(String::as_str)).collect();
    let empty: BTreeSet<&str> = dimensions.into_iter().filter(|dimension| !folded(dimension)).collect();
    let of_nobody = |(dimension, code): (&String, &String)| code == REST && empty.contains(dimension.as_str());
    cells.iter().filter(|cell| !cell.codes.iter().any(of_nobody)).collect()
}

/// A row for the value printed first, of rank 1, and one for each that other sources give, in their order.
fn csv(indicator: &Indicator, cells: &[&ReleasedCell], late: &[ReleasedCell]) -> Result<String> {
    let late: BTreeMap<(&Period, &BTreeMap<String, String>), &ReleasedCell> =
        late.iter().map(|cell| ((&cell.period, &cell.codes), cell)).collect();
    let labels = ["period"].into_iter().chain(indicator.dimensions.iter().map(String::as_str));
    let labels = labels.chain(["value", "unit", "qualifier", "status", "sources", BOUNDS, RANK]);
    let labels = labels.chain(LATE.into_iter().filter(|_| !late.is_empty()));
    let mut rows: Vec<Vec<String>> = vec![labels.map(str::to_owned).collect()];
    for cell in cells {
        let mut key = vec![cell.period.text().to_owned()];
        key.extend(indicator.dimensions.iter().map(|d| cell.codes.get(d).map_or("total", String::as_str).to_owned()));
        for (rank, reading) in (1..).zip(readings(cell)) {
            let values = [
                reading.value.map(Value::plain).unwrap_or_default(),
                indicator.unit.clone(),
                reading.value.map_or("", |_| reading.qualifier.code()).to_owned(),
                reading.status.code().to_owned(),
                reading.sources.join(";"),
                if cell.period.inferred() { "inferred" } else { "stated" }.to_owned(),
                i32::to_string(&rank),
            ];
            let with_late = late.get(&(&cell.period, &cell.codes)).filter(|_| rank == 1);
            let told =
                with_late.and_then(|cell| Some((cell.value.as_ref()?.plain(), cell.late.as_ref()?.base.to_string())));
            let (value, base) = told.unwrap_or_default();
            let told = [value, base].into_iter().filter(|_| !late.is_empty());
            rows.push(key.iter().cloned().chain(values).chain(told).collect());
        }
    }
    published(rows)
}

/// The value of one row.
struct Reading<'c> {
    value: Option<&'c Value>,
    qualifier: Qualifier,
    status: Status,
    sources: &'c [String],
}

/// The value printed first, then what other sources give; where the first-ranked source gives no number, that alone.
fn readings(cell: &ReleasedCell) -> Vec<Reading<'_>> {
    let ReleasedCell { qualifier, status, sources, .. } = cell;
    let first = Reading { value: cell.value.as_ref(), qualifier: *qualifier, status: *status, sources };
    let others = cell.alternatives.iter().filter(|_| cell.value.is_some()).map(|other| {
        let Alternative { value, qualifier, status, sources, .. } = other;
        Reading { value: Some(value), qualifier: *qualifier, status: *status, sources }
    });
    std::iter::once(first).chain(others).collect()
}

fn resource(indicator: &Indicator, country: &Country, cells: &[&ReleasedCell], late: bool) -> Json {
    let text = |name: &str, title: &str| json!({ "name": name, "type": "string", "title": title });
    let mut fields = vec![text("period", "Period: a year, a month, a day or an interval of them")];
    for dimension in &indicator.dimensions {
        let mut field = text(dimension, dimension);
        let occurs = |holds: &dyn Fn(&str) -> bool| {
            cells.iter().filter_map(|cell| cell.codes.get(dimension)).any(|code| holds(code))
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
    fields.push(text("qualifier", "Whether the value is a minimum, a maximum or approximate"));
    let states = ["published", "derived", "withheld", "not_reported", "not_applicable"];
    fields.push(json!({ "name": "status", "type": "string", "title": "State", "constraints": { "enum": states } }));
    fields.push(text("sources", "Ids of the sources, joined by ;"));
    let bounds = json!({ "required": true, "enum": ["stated", "inferred"] });
    let title = "Whether the period is stated by the source or inferred";
    fields.push(json!({ "name": BOUNDS, "type": "string", "title": title, "constraints": bounds }));
    let rank = "Rank of the value among those of its cell: 1 is printed first; contested values are never added up";
    let least = json!({ "required": true, "minimum": 1 });
    fields.push(json!({ "name": RANK, "type": "integer", "title": rank, "constraints": least }));
    for (name, title) in LATE.into_iter().zip(OF_LATE).filter(|_| late) {
        fields.push(json!({ "name": name, "type": "integer", "title": title }));
    }
    let key: Vec<&str> =
        ["period"].into_iter().chain(indicator.dimensions.iter().map(String::as_str)).chain([RANK]).collect();
    json!({
        "name": indicator.id,
        "path": format!("{}.csv", indicator.id),
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "title": indicator.title,
        "description": indicator.definition(country),
        "schema": { "fields": fields, "primaryKey": key, "missingValues": [""] },
    })
}
