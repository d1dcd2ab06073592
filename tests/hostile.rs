//! What a cell holds stays text wherever it goes: it is not typeset as markup, computed by a spreadsheet, or obeyed by what
//! shows it.

use crate::pdf;
use crate::project::{Project, Run};

const SOURCES: &str = "data/countries/XXA/sources.csv";
const VICTIMS: &str = "data/countries/XXA/victims.csv";

/// Looks like Typst's markup and code, like HTML and like a shell's command.
const MARKUP: &str = r#"#sys.version *b* _i_ $x$ @ref <lab> `c` = h \ // c /* d */ ~ --- #panic() #[x] #let \u{41} \"q\" &amp; $(id) %s"#;

/// The words of the brief, without any space.
fn brief(project: &Project) -> String {
    let document = pdf::open(project, "XXA/en/brief.pdf");
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).expect("its text can be read");
    // An address may break at a mark without a width.
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect()
}

#[test]
fn text_that_looks_like_code_is_printed_as_it_stands() {
    let project = Project::minimal();
    let quoted = format!("\"{}\"", MARKUP.replace('"', "\"\""));
    project.replace(SOURCES, "Police statistics", &quoted);
    project.replace(SOURCES, "Statistical Office of Examplia", "\"=HYPERLINK(1),+1,-1,@x\"");
    project.build();
    let text = brief(&project);
    for wanted in [MARKUP, "=HYPERLINK(1),+1,-1,@x"] {
        let wanted: String = wanted.split_whitespace().collect();
        assert!(text.contains(&wanted), "`{wanted}` is in the brief:\n{text}");
    }
    let package: serde_json::Value =
        serde_json::from_str(&project.read("output/XXA/tables/datapackage.json")).expect("JSON");
    let titles: Vec<&str> =
        package["sources"].as_array().into_iter().flatten().filter_map(|source| source["title"].as_str()).collect();
    assert!(titles.contains(&MARKUP), "{titles:?}");
}

#[test]
fn a_formula_is_a_text_in_released_tables_and_in_the_brief() {
    let project = Project::minimal();
    let schema = project.read("data/schemas/victims.json");
    let dimension = r#"{ "name": "region", "type": "string", "title": "Region" },
    { "name": "purpose","#;
    let with = schema.replacen("{\n      \"name\": \"purpose\",", dimension, 1);
    assert_ne!(schema, with, "a schema may add a dimension");
    let listed = ["\"tipbrief:dimensions\": [", "\"primaryKey\": ["];
    let with = listed.iter().fold(with, |text, list| text.replacen(list, &format!("{list}\"region\", "), 1));
    project.write("data/schemas/victims.json", &with);
    let definition = "data/indicators/protection/victims_identified.toml";
    let text = project.read(definition);
    project.write(definition, &text.replacen("dimensions = [", "dimensions = [\"region\", ", 1));
    let formulas = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "=HYPERLINK(\"\"https://example.org\"\",1)"];
    let rows = formulas.iter().map(|formula| format!("2023,identified,total,total,\"{formula}\",5,,police_2024,\n"));
    let head = "period,status,sex,age_group,region,count,qualifier,source,note\n";
    project.write(VICTIMS, &(head.to_owned() + &rows.collect::<String>()));
    project.build();
    let table = project.read("output/XXA/tables/victims_identified.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let at = reader.headers().expect("labels").iter().position(|label| label == "region").expect("the column");
    let cells: Vec<String> = reader.records().map(|row| row.expect("a row")[at].to_owned()).collect();
    for formula in formulas {
        let defused = format!("'{}", formula.replace("\"\"", "\""));
        assert!(cells.contains(&defused), "{defused}: {cells:?}");
    }
    assert!(cells.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{cells:?}");
    let package: serde_json::Value =
        serde_json::from_str(&project.read("output/XXA/tables/datapackage.json")).expect("JSON");
    let stated = package.to_string().contains("A text that a spreadsheet would compute begins with an apostrophe");
    assert!(stated, "and the package says so: {package}");
}

#[test]
fn what_acts_on_text_is_a_fault_of_its_cell() {
    for (c, name) in [('\u{7}', "U+0007"), ('\u{1b}', "U+001B"), ('\u{202e}', "U+202E"), ('\u{2067}', "U+2067")] {
        let project = Project::minimal();
        project.replace(SOURCES, "Police statistics", &format!("Police{c} statistics"));
        let run = project.run(&["check", "--format", "short"]);
        let expected =
            format!("{SOURCES}:2:13: error[encoding-error]: `Police‹{name}› statistics` contains {name}, a ");
        assert!(run.code == 1 && run.stdout.starts_with(&expected), "{}", run.stdout);
        assert!(!run.stdout.contains(c), "and it is not handed on to a terminal");
    }
    // Scripts that need marks without a width keep them.
    let project = Project::minimal();
    project.replace(SOURCES, "Police statistics", "Police\u{200b} sta\u{ad}tis\u{200d}tics\u{200e}");
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
}

#[test]
fn a_name_that_leads_elsewhere_names_no_file() {
    for name in ["../../evil", "/tmp/evil", "..", "a/b", "a\\\\b", "con:", "a\\u0000b", ""] {
        for key in ["id = \"brief\"", "languages = [\"en\"]", "issue = \"2024\""] {
            let project = Project::minimal();
            let old = key.split('"').nth(1).expect("a value");
            let report = project.read("data/report.toml");
            let other = report.replacen(key, &key.replacen(old, name, 1), 1);
            assert_ne!(report, other);
            project.write("data/report.toml", &other);
            let run = project.run(&["build", "--format", "short"]);
            assert_ne!(run.code, 0, "{key} as `{name}`: {}", run.stderr);
            assert!(!project.path("output").exists(), "{key} as `{name}`: nothing is written");
        }
    }
    let project = Project::minimal();
    for odd in ["XX A", "xxa", "XXÉ", "X'A", "$HO", "XXAA"] {
        project.add_country(odd);
    }
    let run = Run::of(project.command(&["build", "--format", "short"]).env("HOME", "/nonexistent"));
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(!project.path("output").exists());
}
