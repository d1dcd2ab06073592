//! Tables as workbooks to fill in: made for a new project, for a country and for tables that are there, read back as they were, and
//! made CSV again.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;

use zip::ZipArchive;

use crate::project::{Project, Run, files};

const COUNTRY: &str = "data/countries/XXA";

/// The records of a table, without columns that are empty in all of them.
pub fn records(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let labels: Vec<String> = reader.headers().expect("labels").iter().map(str::to_owned).collect();
    let records = reader.records().map(|record| {
        let record = record.expect("a record");
        let cells = labels.iter().cloned().zip(record.iter().map(str::to_owned));
        cells.filter(|(_, cell)| !cell.is_empty()).collect()
    });
    records.collect()
}

/// What `check` finds, without where: the same rows have other places in another kind of file.
pub fn findings(project: &Project) -> Vec<String> {
    let run = project.run(&["check", "--format", "short"]);
    let mut found: Vec<String> =
        run.stdout.lines().map(|line| line.split_once(": ").map_or(line, |(_, rest)| rest).to_owned()).collect();
    found.sort();
    found
}

/// A part of a workbook.
fn part(project: &Project, workbook: &str, part: &str) -> String {
    let bytes = fs::read(project.path(workbook)).expect("a workbook");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut text = String::new();
    archive.by_name(part).expect("a part").read_to_string(&mut text).expect("text");
    text
}

fn refused(project: &Project, arguments: &[&str], why: &str) {
    let before = everything(project);
    let run = project.run(arguments);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{arguments:?}: {}", run.stderr);
    assert!(run.stderr.contains(why), "{arguments:?}: {}", run.stderr);
    assert_eq!(everything(project), before, "{arguments:?}: nothing changes");
}

/// Every file with its bytes.
fn everything(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let data = project.path("data/countries");
    files(&data).into_iter().map(|path| (path.clone(), fs::read(data.join(path)).expect("a file"))).collect()
}

fn made(project: &Project, arguments: &[&str]) -> Run {
    let run = project.run(arguments);
    assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
    run
}

#[test]
fn a_new_project_of_workbooks_is_sound_and_builds_at_once() {
    let project = Project::begun(&["--country", "THA", "--workbooks"]);
    let tables: Vec<String> =
        files(&project.path("data/countries/THA")).into_iter().filter(|path| !path.starts_with("narrative/")).collect();
    let named = ["arrests", "cases", "events", "indices", "repatriations", "sources", "tier_ratings", "victims"];
    let mut expected: Vec<String> = named.map(|table| format!("{table}.xlsx")).into();
    expected.push("country.toml".to_owned());
    expected.sort();
    assert_eq!(tables, expected, "each table has one file");
    let check = project.run(&["check", "--format", "short"]);
    assert_eq!((check.code, check.stderr.as_str()), (0, ""), "{}", check.stdout);
    assert!(check.stdout.lines().all(|line| line.contains("[unwritten]")), "{}", check.stdout);
    let readme = project.read("README.md");
    assert!(readme.contains("`data/countries/THA/sources.xlsx`") && !readme.contains('{'), "{readme}");
    assert!(!readme.contains("sources.csv") && readme.contains("`tipbrief workbook THA`"), "{readme}");
    project.build();
    for document in ["brief", "annex", "donor-summary"] {
        assert!(project.printed(&format!("THA/en/{document}.pdf")).contains("Thailand"), "{document}");
    }
    let second = Project::begun(&["--country", "THA", "--workbooks"]);
    assert_eq!(everything(&second), everything(&project), "the same tables give the same bytes");
}

#[test]
fn a_new_country_may_be_one_of_workbooks() {
    let project = Project::minimal();
    let run = made(&project, &["init", "THA", "--workbooks"]);
    assert!(run.stdout.contains("data/countries/THA/arrests.xlsx") && !run.stdout.contains(".csv"), "{}", run.stdout);
    let written = files(&project.path("data/countries/THA"));
    assert!(written.contains(&"sources.xlsx".to_owned()) && !written.iter().any(|path| path.ends_with(".csv")));
    let plain = Project::minimal();
    made(&plain, &["init", "THA"]);
    assert_eq!(findings(&project), findings(&plain), "what is left to do is the same");
}

/// The tables of the product hold what tables hold: periods of every kind, qualifiers, quotes, letters of other scripts.
#[test]
fn the_rows_that_are_there_stay_cell_for_cell() {
    let project = Project::series_of("LAO", &["en"]);
    let folder = "data/countries/LAO";
    let texts = |project: &Project| -> BTreeMap<String, String> {
        let tables = files(&project.path(folder)).into_iter().filter(|path| path.ends_with(".csv"));
        tables.map(|path| (path.clone(), project.read(&format!("{folder}/{path}")))).collect()
    };
    let (before, found) = (texts(&project), findings(&project));
    let run = made(&project, &["workbook", "LAO"]);
    assert_eq!(run.stdout.lines().count(), before.len(), "{}", run.stdout);
    assert!(run.stderr.contains(&format!("the {} files that held these rows are removed", before.len())));
    assert!(texts(&project).is_empty(), "no table has two files");
    assert_eq!(findings(&project), found, "the same is found, and nothing besides");
    let once = everything(&project);
    made(&project, &["workbook", "LAO"]);
    assert_eq!(everything(&project), once, "made again it is the same");
    made(&project, &["workbook", "LAO", "--csv"]);
    let after = texts(&project);
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    for (path, text) in &before {
        let (old, new) = (records(text), records(&after[path]));
        assert!(old.len() > 5, "{path}");
        assert_eq!(new, old, "{path}");
    }
}

#[test]
fn what_a_spreadsheet_would_change_stays_as_it_is_written() {
    let project = Project::minimal();
    let table = format!("{COUNTRY}/indices.csv");
    let text = "country,period,index,value,unit,source,note\n\
                XXA,2023-05,population,6.50,persons,yearbook_2023,007\n\
                XXA,2022/2023,population,7500000,persons,yearbook_2023,=1+1\n\
                XXA,2021-05-01,population,0.1,persons,yearbook_2023,\"a \"\"b\"\", c\nd\"\n\
                XXA,2020,population,1e3,persons,yearbook_2023, 1-2 \n";
    project.write(&table, text);
    made(&project, &["workbook", "XXA/indices"]);
    let sheet = part(&project, &format!("{COUNTRY}/indices.xlsx"), "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>"), "nothing is computed");
    assert!(sheet.contains("<v>7500000</v>") && sheet.contains("<v>0.1</v>"), "numbers are numbers: {sheet}");
    made(&project, &["workbook", "data/countries/XXA/indices.xlsx", "--csv"]);
    assert_eq!(records(&project.read(&table)), records(text));
}

#[test]
fn a_cell_outside_its_list_is_named() {
    let project = Project::minimal();
    project.replace(&format!("{COUNTRY}/arrests.csv"), "2022,arrested", "2022,arested");
    made(&project, &["workbook", "XXA/arrests"]);
    let check = project.run(&["check", "--format", "short"]);
    let named =
        "data/countries/XXA/arrests.xlsx!arrests!B3: error[constraint-error]: `arested` is not a code of `stage`";
    assert!(check.code == 1 && check.stdout.contains(named), "{}", check.stdout);
}

#[test]
fn a_source_that_is_not_there_is_missed_in_the_file_that_holds_them() {
    let project = Project::minimal();
    project.replace(
        &format!("{COUNTRY}/arrests.csv"),
        "2022,arrested,total,0,,yearbook_2023",
        "2022,arrested,total,0,,ngo_1999",
    );
    let missed = |file: &str| format!("arrests!F3: error[foreign-key]: no row of {file} has the id `ngo_1999`");
    made(&project, &["workbook", "XXA"]);
    let check = project.run(&["check", "--format", "short"]);
    assert!(check.stdout.contains(&missed("sources.xlsx")), "{}", check.stdout);
    made(&project, &["workbook", "XXA/sources", "--csv"]);
    let check = project.run(&["check", "--format", "short"]);
    assert!(check.stdout.contains(&missed("sources.csv")), "{}", check.stdout);
}

#[test]
#[cfg(unix)]
fn a_link_that_is_not_followed_is_no_missing_table() {
    let project = Project::minimal();
    let (table, elsewhere) = (project.path(&format!("{COUNTRY}/arrests.csv")), tempfile::tempdir().expect("a folder"));
    let kept = elsewhere.path().join("arrests.csv");
    fs::rename(&table, &kept)
        .or_else(|_| fs::copy(&table, &kept).and_then(|_| fs::remove_file(&table)))
        .expect("it moves");
    std::os::unix::fs::symlink(&kept, &table).expect("a link");
    refused(&project, &["workbook", "XXA/arrests"], "`data/countries/XXA/arrests.csv` is there, but is not read");
}

#[test]
fn each_column_says_what_it_holds() {
    let project = Project::minimal();
    made(&project, &["workbook", "XXA/arrests"]);
    let notes = part(&project, &format!("{COUNTRY}/arrests.xlsx"), "xl/comments1.xml");
    for said in [
        "Stage of the proceedings; stages are never added.",
        "Type: one of 11 codes; the sheet `codes` says what they mean",
        "Type: a whole number",
        "Where there is no number: .. (not reported), &lt;5 (withheld), n/a (not applicable), x (withheld)",
        "Unit: persons",
        "Required: yes",
        "Required: no",
        "Type: `id` of a row in the table `sources`",
        "Example: police_2024",
        "Example: female",
    ] {
        assert!(notes.contains(said), "{said}: {notes}");
    }
    let texts = part(&project, &format!("{COUNTRY}/arrests.xlsx"), "xl/sharedStrings.xml");
    for code in ["sent_to_court", "sent to court", "police_2024", "Police statistics"] {
        assert!(texts.contains(&format!(">{code}<")), "{code} is listed");
    }
    assert!(!texts.contains(">rest<"), "what no table may hold is not offered");
}

#[test]
fn the_lists_are_those_of_the_tables_now() {
    let project = Project::minimal();
    made(&project, &["workbook", "XXA"]);
    let listed = |code: &str| {
        let texts = part(&project, &format!("{COUNTRY}/arrests.xlsx"), "xl/sharedStrings.xml");
        texts.contains(&format!(">{code}<"))
    };
    assert!(listed("police_2024") && !listed("court_2025"));
    made(&project, &["workbook", "XXA/sources", "--csv"]);
    let sources = project.read(&format!("{COUNTRY}/sources.csv"));
    let row = sources.lines().nth(1).expect("a source").replace("police_2024", "court_2025");
    project.write(&format!("{COUNTRY}/sources.csv"), &format!("{sources}{row}\n"));
    made(&project, &["workbook", "XXA"]);
    assert!(listed("police_2024") && listed("court_2025"));
    assert_eq!(project.run(&["check", "--quiet"]).code, 0);
}

#[test]
fn a_table_with_two_files_is_left_alone() {
    let project = Project::minimal();
    let text = project.read(&format!("{COUNTRY}/arrests.csv"));
    made(&project, &["workbook", "XXA/arrests"]);
    project.write(&format!("{COUNTRY}/arrests.csv"), &text);
    let why = "the same table is in `data/countries/XXA/arrests.csv` and `data/countries/XXA/arrests.xlsx`; nothing was written";
    refused(&project, &["workbook", "XXA"], why);
    refused(&project, &["workbook", "XXA/arrests", "--csv"], why);
}

#[test]
fn what_would_be_lost_is_refused() {
    let project = Project::minimal();
    let table = format!("{COUNTRY}/arrests.csv");
    let text = project.read(&table);
    project.write(&table, &text.replace("A reported zero.", &"long ".repeat(7000)));
    refused(&project, &["workbook", "XXA"], "row 2 of `arrests` below the labels: `note` is longer than a cell");
    project.write(&table, &text.replace("A reported zero.", "two,cells"));
    refused(&project, &["workbook", "XXA"], "arrests.csv:3:1: error[extra-cell]");
    project.write(&table, &text.replace("A reported zero.", "\"never closed"));
    refused(&project, &["workbook", "XXA"], "error[quote-error]: the quote is never closed");
    project.write(&table, &text.replace("A reported zero.", "a \u{1}"));
    let run = project.run(&["workbook", "XXA/arrests"]);
    let kept = project.path(&table).is_file();
    assert!(run.code == 0 || kept, "a letter that a workbook cannot keep costs no table");
}

#[test]
fn a_workbook_with_further_sheets_keeps_them() {
    let project = Project::minimal();
    let text = project.read(&format!("{COUNTRY}/arrests.csv"));
    fs::remove_file(project.path(&format!("{COUNTRY}/arrests.csv"))).expect("a table");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("arrests").expect("a name");
    for (row, line) in (0..).zip(text.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            sheet.write_string(row, column, cell).expect("a cell");
        }
    }
    book.add_worksheet().set_name("empty").expect("a name");
    let path = project.path(&format!("{COUNTRY}/arrests.xlsx"));
    book.save(&path).expect("a workbook");
    made(&project, &["workbook", "XXA/arrests"]);
    book.add_worksheet().set_name("plan").expect("a name").write_string(0, 0, "more").expect("a cell");
    book.save(&path).expect("a workbook");
    let why = "`data/countries/XXA/arrests.xlsx` has further sheets, which would be lost: `plan`";
    refused(&project, &["workbook", "XXA/arrests"], why);
}

#[test]
fn what_is_no_table_is_named_with_what_was_meant() {
    let project = Project::minimal();
    for (name, why) in [
        ("XXB", "there is no country `XXB` in this project"),
        ("XXA/arests", "did you mean `arrests`?"),
        ("XXA/register", "`XXA` has no register yet"),
        ("a/b/c/d", "write it as `XXA/arrests` or `XXA/register/arrests`"),
    ] {
        refused(&project, &["workbook", name], why);
    }
    assert_eq!(project.run(&["workbook"]).code, 2);
}

fn git(folder: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    let run = Run::of(git.args(["-c", "init.defaultBranch=main"]).args(arguments).current_dir(folder));
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
#[cfg(unix)]
fn a_register_is_made_a_workbook_only_where_git_takes_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::named("register");
    let (rows, book) = (format!("{COUNTRY}/register/victims.csv"), format!("{COUNTRY}/register/victims.xlsx"));
    let (text, found) = (project.read(&rows), findings(&project));
    git(project.root(), &["init", "--quiet"]);
    refused(&project, &["workbook", "XXA/register"], "Git would take `data/countries/XXA/register/victims.xlsx`");
    project.write(".gitignore", "/data/**/register/\n");
    fs::set_permissions(project.path(&rows), fs::Permissions::from_mode(0o600)).expect("permissions");
    let run = made(&project, &["workbook", "XXA"]);
    assert!(!run.stdout.contains("register/"), "a country's tables are its public ones: {}", run.stdout);
    assert!(project.path(&rows).is_file() && !project.path(&book).exists());
    let run = made(&project, &["workbook", "XXA/register/victims"]);
    assert!(run.stdout.contains(&book), "{}", run.stdout);
    assert!(!project.path(&rows).exists(), "no second copy of the rows stays");
    let mode = fs::metadata(project.path(&book)).expect("a workbook").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "who may read the rows may read the workbook, and nobody else");
    let inside = files(&project.path(COUNTRY)).into_iter().filter(|path| path.contains("victims")).collect::<Vec<_>>();
    assert_eq!(inside, ["register/victims.xlsx"]);
    assert_eq!(findings(&project), found);
    made(&project, &["workbook", "XXA/register", "--csv"]);
    assert_eq!(records(&project.read(&rows)), records(&text));
}

#[test]
fn a_register_that_is_not_there_yet_begins_as_a_workbook() {
    let project = Project::begun(&["--country", "THA", "--workbooks"]);
    let run = made(&project, &["workbook", "THA/register/victims"]);
    assert_eq!(run.stderr, "", "nothing is removed");
    let texts = part(&project, "data/countries/THA/register/victims.xlsx", "xl/sharedStrings.xml");
    assert!(texts.contains(">case_id<") && !texts.contains(">repeated<"), "{texts}");
    let check = project.run(&["check", "--format", "short"]);
    assert!(check.code == 0 && check.stdout.lines().all(|line| line.contains("[unwritten]")), "{}", check.stdout);
}
