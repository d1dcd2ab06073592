//! Registers counted by real engines: `DuckDB` and `PostgreSQL` in every run, Spark in `just test-long`. What they count gives the same
//! outputs, byte for byte, as the rows; a role that counts can see no row.

use std::fs;

use tipbrief::value::period::Period;

use crate::dice::Dice;
use crate::engine_clients::{COUNTED, counted_by, counted_elsewhere};
use crate::engine_servers::{Duck, Engine, Postgres, Spark, answer, done, quoted};
use crate::project::{Project, Run, files};

/// The columns of the view.
const COLUMNS: [&str; 10] =
    ["row_id", "period", "status", "sex", "age_group", "purpose", "nationality", "found_in", "province", "source"];

/// Rows that engines may read differently: quotes, line ends, other scripts and digits, both forms of a letter, no value.
const ADVERSARIAL: [&str; 14] = [
    "\"quoted\"",
    "a,b",
    "line\nend",
    "line\r\nend",
    "tab\there",
    " lead",
    "trail ",
    "ວຽງຈັນ",
    "caf\u{e9}",
    "cafe\u{301}",
    "٢٠٢٤",
    "back\\slash",
    "it's",
    "",
];

/// The engine with these cases behind its view, and a role that sees the view alone.
fn load(engine: &dyn Engine, cases: &[Vec<String>]) {
    let columns = COLUMNS.map(|name| format!("{name} TEXT")).join(", ");
    let mut sql = format!("CREATE SCHEMA tipbrief; CREATE TABLE tipbrief.base ({columns}, case_id TEXT);\n");
    for some in cases.chunks(500) {
        let rows: Vec<String> = some
            .iter()
            .map(|row| format!("({})", row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(", ")))
            .collect();
        sql.push_str(&format!("INSERT INTO tipbrief.base VALUES {};\n", rows.join(",\n")));
    }
    sql.push_str("CREATE VIEW tipbrief.victims AS SELECT * FROM tipbrief.base;\n");
    if engine.dialect() == "postgres" {
        sql.push_str("CREATE ROLE counter LOGIN; GRANT USAGE ON SCHEMA tipbrief TO counter; GRANT SELECT ON tipbrief.victims TO counter;\n");
    }
    engine.obey(&sql);
}

/// The cases of a register as its file has them.
fn cases(rows: &str) -> Vec<Vec<String>> {
    let mut lines = rows.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let labels = lines.next().expect("labels");
    let at = |name: &str| labels.iter().position(|label| label == name).expect("a column");
    let named: Vec<usize> = COLUMNS[1..].iter().chain(&["case_id"]).map(|name| at(name)).collect();
    let case = |(number, cells): (usize, Vec<String>)| {
        std::iter::once(format!("key-{number:05}")).chain(named.iter().map(|at| cells[*at].clone())).collect()
    };
    lines.enumerate().map(case).collect()
}

/// Counts the register with an engine; the run's streams hold nothing of it.
fn counted(project: &Project, engine: &dyn Engine) -> Run {
    let client = engine.client();
    let run = counted_by(project, &[], client.iter().map(String::as_str));
    let streams = run.stdout.clone() + &run.stderr;
    assert!(!streams.contains("key-0") && !streams.contains("C-0"), "no key and no case id is said: {streams}");
    run
}

/// All outputs of a project by path, but for what is remembered from build to build.
fn outputs(project: &Project) -> Vec<(String, Vec<u8>)> {
    let folder = project.path("output");
    let kept = files(&folder).into_iter().filter(|path| !path.starts_with('.'));
    kept.map(|path| (path.clone(), fs::read(folder.join(&path)).expect("an output"))).collect()
}

/// The outputs of what an engine counted are those of the rows.
fn same_as_rows(engine: &dyn Engine) {
    let (project, rows) = counted_elsewhere(engine.dialect());
    load(engine, &cases(&rows));
    let run = counted(&project, engine);
    assert!(run.code == 0 && run.stdout.trim() == COUNTED, "{} {} {}", run.code, run.stdout, run.stderr);
    let plain = Project::named("register");
    let counted = project.read(COUNTED);
    assert!(!counted.contains("C-0") && counted.lines().count() < rows.lines().count());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(project.path(COUNTED)).expect("the file").permissions().mode() & 0o777, 0o600);
    }
    project.build();
    // The declaration of the engine is an input like any other, so only what was counted may differ here.
    let from_rows = outputs_of(&plain, &rows);
    assert_eq!(from_rows, outputs_of(&plain, &counted), "what was counted gives the same bytes as the rows");
    assert!(from_rows.iter().any(|(path, _)| path.ends_with("brief.pdf")));
    keys(engine, &project, &counted, &rows);
}

/// What a project builds from this register.
fn outputs_of(project: &Project, register: &str) -> Vec<(String, Vec<u8>)> {
    project.write(COUNTED, register);
    let output = project.path("output");
    if output.exists() {
        fs::remove_dir_all(&output).expect("the outputs can be taken away");
    }
    project.build();
    outputs(project)
}

/// The keys behind a counted line are those of the rows that it counts, on the engine's own console.
fn keys(engine: &dyn Engine, project: &Project, counted: &str, rows: &str) {
    let (at, line) = counted.lines().enumerate().skip(1).find(|(_, line)| line.ends_with(",3,0")).expect("three cases");
    let asked = project.run(&["sql", "XXA/victims", "--rows", &(at + 1).to_string()]);
    assert!(asked.code == 0 && !asked.stdout.contains("key-0"), "{}", asked.stderr);
    let answer = answer(&engine.client(), &asked.stdout);
    done(&answer);
    let values: Vec<String> = line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect();
    let wanted: Vec<String> = cases(rows)
        .into_iter()
        .filter(|case| case[1].starts_with(&values[0]) && case[2..10] == values[1..9])
        .map(|case| case[0].clone())
        .collect();
    let mut listed: Vec<String> = String::from_utf8_lossy(&answer.stdout).lines().map(str::to_owned).collect();
    listed.sort();
    assert_eq!(listed, wanted);
}

/// The file that an engine counts of adversarial rows, and what `check` finds in it.
fn adversarial(engine: &dyn Engine) -> (Vec<u8>, Vec<String>) {
    let (project, _) = counted_elsewhere(engine.dialect());
    let sound = ["2021", "identified", "female", "18-24", "forced_labour", "XXA", "XXA", "XA-01", "police_register"];
    let mut cases: Vec<Vec<String>> = Vec::new();
    for (column, text) in (0..sound.len()).flat_map(|column| ADVERSARIAL.iter().map(move |text| (column, text))) {
        let mut case: Vec<String> = sound.iter().map(|cell| (*cell).to_owned()).collect();
        (*text).clone_into(&mut case[column]);
        case.insert(0, format!("key-{:05}", cases.len()));
        case.push(format!("C-{:05}", cases.len()));
        cases.push(case);
    }
    // One case twice under one status, one under two.
    let first = cases[0][10].clone();
    cases[1][10] = first;
    load(engine, &cases);
    let run = counted(&project, engine);
    assert_eq!(run.code, 1, "the engine counted, and the faults are found: {}", run.stderr);
    let run = project.run(&["check", "--format", "short"]);
    (fs::read(project.path(COUNTED)).expect("the counted file"), run.stdout.lines().map(str::to_owned).collect())
}

/// The periods that an engine counts these under, in the order of the lines.
fn years(engine: &dyn Engine, periods: &[String]) -> Vec<(String, String)> {
    let (project, _) = counted_elsewhere(engine.dialect());
    let statement = project.run(&["sql", "XXA/victims"]).stdout;
    let from = statement.find("CASE WHEN").expect("the rule");
    let to = statement.find(" AS period").expect("the rule's end");
    let rule = &statement[from..to];
    let rows: Vec<String> = periods.iter().map(|period| format!("({})", quoted(period))).collect();
    let sql = format!(
        "SELECT CONCAT(period, '|', {rule}) FROM (SELECT column1 AS period, 'identified' AS status, 'police_register' AS source FROM (VALUES {}) AS given(column1)) AS cases;\n",
        rows.join(", ")
    );
    let answer = answer(&engine.client(), &sql);
    done(&answer);
    let text = String::from_utf8(answer.stdout).expect("text");
    let mut pairs: Vec<(String, String)> = text
        .lines()
        .map(|line| line.split_once('|').expect("two parts"))
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .collect();
    pairs.sort();
    pairs
}

/// Periods near the edges of the calendar and of the way that they are written.
fn odd_periods() -> Vec<String> {
    let mut dice = Dice::of(20_261_129);
    let mut pick = |of: &[&str]| of[dice.below(of.len())].to_owned();
    let mut periods: Vec<String> = (0..3000)
        .map(|_| {
            let year = pick(&["2021", "1799", "0000", "9999", "20", "2o21", "٢٠٢١", "2020", "1900"]);
            let month = pick(&["", "-01", "-02", "-12", "-13", "-00", "-1", "-09", "/2022", "~", "-02-"]);
            let day = pick(&["", "-01", "-28", "-29", "-30", "-31", "-32", "-00", "T00", " ", "~", "/2024-01"]);
            format!("{year}{month}{day}")
        })
        .collect();
    periods.sort();
    periods.dedup();
    periods.retain(|period| !period.is_empty());
    periods
}

/// The year of a sound year, month or day; every other period stays, and so does 29 February.
fn expected_year(period: &str) -> String {
    let plain = Period::parse(period).is_ok() && !period.contains(['/', '~']);
    let leap = period.ends_with("-02-29");
    if plain && !leap { period.chars().take(4).collect() } else { period.to_owned() }
}

/// The rule of years is that of the parser of periods.
fn same_years(engine: &dyn Engine) {
    let periods = odd_periods();
    assert!(periods.len() > 500);
    for (period, year) in years(engine, &periods) {
        // The calendar's beginning is for `check` to judge: its year is a fault as much as its day.
        if period.starts_with("1799") || period.starts_with("0000") {
            continue;
        }
        assert_eq!(year, expected_year(&period), "of `{period}`");
    }
}

/// A register that grows after its release is the same as rows and as an engine counts it: closed numbers, late cases, and the copies
/// that the custodian keeps.
#[test]
fn after_a_release_too_what_is_counted_is_what_the_rows_say() {
    let plain = Project::named("register");
    let (before, grown) = growing(&plain.read(COUNTED));
    let counts = |rows: &str| {
        let duck = Duck::start()?;
        let (project, _) = counted_elsewhere("ansi");
        load(&duck, &cases(rows));
        assert_eq!(counted(&project, &duck).code, 0);
        Some(project.read(COUNTED))
    };
    let (Some(counted_before), Some(counted_grown)) = (counts(&before), counts(&grown)) else { return };
    let copy = |release: &str| {
        fs::read(plain.path(&format!("data/countries/XXA/register/.closed/{release}/victims.csv"))).expect("a copy")
    };
    // The years close with the counted file, and again with the rows of the same cases: one key makes the same copy.
    outputs_of(&plain, &counted_before);
    let released = plain.run(&["release", "one"]);
    assert_eq!(released.code, 0, "{}", released.stderr);
    let closed = copy("one");
    let ledger = plain.read("data/ledger/one.json");
    fs::remove_file(plain.path("data/ledger/one.json")).expect("there is a ledger");
    outputs_of(&plain, &before);
    let released = plain.run(&["release", "one"]);
    assert_eq!(released.code, 0, "{}", released.stderr);
    assert_eq!(copy("one"), closed, "the closed copy is the same table");
    assert_eq!(plain.read("data/ledger/one.json"), ledger, "and so is what is released");
    assert_eq!(outputs_of(&plain, &before), outputs_of(&plain, &counted_before), "as it was released");
    let late = outputs_of(&plain, &grown);
    assert_eq!(late, outputs_of(&plain, &counted_grown), "with late cases");
    let figures = late.iter().find(|(path, _)| path.ends_with("figures.json")).expect("figures");
    assert!(String::from_utf8_lossy(&figures.1).contains(":late=one"), "late cases are told");
}

/// A register without every twentieth of its cases, and with all of them.
fn growing(rows: &str) -> (String, String) {
    let kept = |(at, _): &(usize, &str)| at % 20 != 7;
    let before: String = rows.lines().enumerate().filter(kept).map(|(_, line)| format!("{line}\n")).collect();
    (before, rows.to_owned())
}

#[test]
fn duckdb_counts_what_the_rows_say() {
    let Some(duck) = Duck::start() else { return };
    same_as_rows(&duck);
    same_years(&duck);
}

#[test]
fn postgres_counts_what_the_rows_say_and_shows_no_row() {
    let Some(server) = Postgres::start() else { return };
    same_as_rows(&server);
    same_years(&server);
    denied(&server);
}

/// A role that may see the counted lines sees neither the cases nor their ids.
fn denied(server: &Postgres) {
    let (project, _) = counted_elsewhere("postgres");
    let view = project.run(&["sql", "XXA/victims", "--view"]).stdout;
    server.obey(&format!(
        "{view}CREATE ROLE blind LOGIN; GRANT USAGE ON SCHEMA tipbrief TO blind; GRANT SELECT ON tipbrief.victims_counted TO blind;"
    ));
    let statement = project.run(&["sql", "XXA/victims"]).stdout;
    let counted = project.run(&["sql", "XXA/victims", "--counted"]).stdout;
    let (whole, blind) = (server.asked("counter", &statement), server.asked("blind", &counted));
    done(&whole);
    done(&blind);
    assert!(whole.stdout == blind.stdout && whole.stdout.starts_with(b"period,status,"), "both count the same lines");
    for sql in [
        "SELECT * FROM tipbrief.base",
        "SELECT * FROM tipbrief.victims",
        "SELECT case_id FROM tipbrief.victims_counted",
        "UPDATE tipbrief.base SET sex = 'male'",
    ] {
        let output = server.asked("blind", &format!("{sql};"));
        assert!(!output.status.success() && output.stdout.is_empty(), "{sql} is denied");
    }
    let writing = server.asked("custodian", &counted.replace("SELECT line", "DELETE FROM tipbrief.base; SELECT line"));
    assert!(!writing.status.success(), "the statement's own transaction cannot write");
}

#[test]
fn engines_print_the_same_bytes_of_adversarial_rows() {
    let Some(duck) = Duck::start() else { return };
    let (bytes, findings) = adversarial(&duck);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(text.contains("\"\"\"quoted\"\"\"") && text.contains("ວຽງຈັນ") && text.contains("cafe\u{301}"), "{text}");
    let repeated: Vec<&String> = findings.iter().filter(|line| line.contains("of `repeated`")).collect();
    assert!(text.lines().any(|line| line.ends_with(",0,1")), "the case that is there twice raises the alarm");
    assert_eq!(repeated.len(), 1, "it is one error: {findings:?}");
    let Some(server) = Postgres::start() else { return };
    same(&(bytes, findings), &adversarial(&server));
}

/// Two engines print the same bytes, and `check` finds the same in them.
fn same((bytes, findings): &(Vec<u8>, Vec<String>), (other, found): &(Vec<u8>, Vec<String>)) {
    let lines = |bytes: &[u8]| {
        bytes.split(|byte| *byte == b'\n').map(|line| line.escape_ascii().to_string()).collect::<Vec<_>>()
    };
    for (one, other) in lines(bytes).iter().zip(&lines(other)) {
        assert_eq!(one, other, "both print the same line");
    }
    assert_eq!((bytes.len(), findings), (other.len(), found));
}

#[test]
#[ignore = "long"]
fn spark_counts_what_the_rows_say() {
    let (Some(spark), Some(other), Some(duck)) = (Spark::start(), Spark::start(), Duck::start()) else { return };
    same_as_rows(&spark);
    same_years(&spark);
    same(&adversarial(&duck), &adversarial(&other));
}
