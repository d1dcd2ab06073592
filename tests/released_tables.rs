//! The tables that a build publishes for machines: every value that stands behind a contested figure is a row of its own.

use serde_json::Value;

use crate::project::Project;

const FOLDER: &str = "output/XXB/tables";

fn json(project: &Project, path: &str) -> Value {
    serde_json::from_str(&project.read(path)).expect("JSON")
}

/// The rows of one indicator: each cell by its column.
fn rows(project: &Project, indicator: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let table = project.read(&format!("{FOLDER}/{indicator}.csv"));
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let labels: Vec<String> = reader.headers().expect("labels").iter().map(str::to_owned).collect();
    let row = |row: csv::Result<csv::StringRecord>| {
        labels.iter().cloned().zip(row.expect("a row").iter().map(str::to_owned)).collect()
    };
    reader.records().map(row).collect()
}

#[test]
fn every_contested_value_is_a_row_with_its_rank() {
    let project = Project::named("alternatives");
    project.build();
    let figures = json(&project, "output/XXB/figures.json")["figures"].as_array().expect("figures").clone();
    let mut contested = 0;
    for figure in figures.iter().filter(|figure| {
        ![":change=", ":share="].iter().any(|mark| figure["id"].as_str().unwrap_or_default().contains(mark))
    }) {
        let text = |key: &str| figure[key].as_str().unwrap_or_default().to_owned();
        let of = |row: &std::collections::BTreeMap<String, String>| {
            let codes = figure["dimensions"].as_object().expect("codes");
            let dimensions = row.iter().filter(|(label, _)| {
                !["period", "value", "unit", "qualifier", "status", "sources", "rank", "period_bounds"]
                    .contains(&label.as_str())
            });
            let mut same =
                dimensions.map(|(label, code)| codes.get(label).map_or("total", |c| c.as_str().unwrap_or("")) == code);
            row["period"] == text("period") && same.all(|same| same)
        };
        let found: Vec<_> = rows(&project, &text("indicator")).into_iter().filter(of).collect();
        let others = figure["alternatives"].as_array().expect("alternatives");
        let missing = figure["value"].is_null();
        assert_eq!(found.len(), if missing { 1 } else { 1 + others.len() }, "{figure}\n{found:?}");
        contested += usize::from(figure["contested"] == true);
        for (rank, row) in (1_usize..).zip(&found) {
            assert_eq!(row["rank"], usize::to_string(&rank), "{row:?}");
            let reading = if rank == 1 { figure } else { &others[rank - 2] };
            let value = reading["value"]
                .as_str()
                .map_or_else(|| reading["value"].to_string().replace("null", ""), str::to_owned);
            let sources: Vec<&str> =
                reading["sources"].as_array().expect("sources").iter().filter_map(Value::as_str).collect();
            assert_eq!(
                (row["value"].parse::<f64>().ok(), &row["sources"]),
                (value.parse::<f64>().ok(), &sources.join(";")),
                "{row:?}"
            );
        }
    }
    assert!(contested > 3, "{contested} figures are contested");
}

#[test]
fn the_key_of_a_released_table_ends_with_the_rank() {
    let project = Project::named("alternatives");
    project.build();
    let package = json(&project, &format!("{FOLDER}/datapackage.json"));
    for resource in package["resources"].as_array().expect("resources") {
        let name = resource["name"].as_str().expect("a name");
        let key: Vec<&str> =
            resource["schema"]["primaryKey"].as_array().expect("a key").iter().filter_map(Value::as_str).collect();
        assert_eq!((key.first(), key.last()), (Some(&"period"), Some(&"rank")), "{name}");
        let fields = resource["schema"]["fields"].as_array().expect("fields");
        assert!(key.iter().all(|part| fields.iter().any(|field| field["name"] == *part)), "{name}: {key:?}");
        assert_eq!(fields.last().map(|field| &field["type"]), Some(&"integer".into()), "{name}");
        let mut keys: Vec<Vec<String>> =
            rows(&project, name).iter().map(|row| key.iter().map(|part| row[*part].clone()).collect()).collect();
        let all = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), all, "{name}: no two rows have one key");
    }
}
