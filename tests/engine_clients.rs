//! Clients of an engine that fail, hang, say too much or something else: the old file stays whole, and nothing is repeated of what
//! they print. What may not be overwritten or would be committed is refused before any client runs.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::project::{Project, Run};

/// The counted file.
pub const COUNTED: &str = "data/countries/XXA/register/victims.csv";
/// What an engine declares for the register of the tests.
const ENGINE: &str = "\n[engine.victims]\nview = \"tipbrief.victims\"\ndialect = \"ansi\"\nkey = \"row_id\"\n";
/// Its labels.
const LABELS: &str = "period,status,sex,age_group,purpose,nationality,found_in,province,source,count,repeated";

/// The project with a register that an engine counts, and no file of it yet; with its rows.
pub fn counted_elsewhere(dialect: &str) -> (Project, String) {
    let project = Project::named("register");
    let rows = project.read(COUNTED);
    fs::remove_file(project.path(COUNTED)).expect("there is a register");
    let country = "data/countries/XXA/country.toml";
    project.write(country, &(project.read(country) + &ENGINE.replace("ansi", dialect)));
    (project, rows)
}

/// The project with a counted file that was there before.
fn with_old_file() -> (Project, String) {
    let (project, _) = counted_elsewhere("ansi");
    let old = format!(
        "{LABELS}\n\"2021\",\"identified\",\"female\",\"18-24\",\"forced_labour\",\"XXA\",\"XXA\",\"XA-01\",\"police_register\",12,0\n"
    );
    project.write(COUNTED, &old);
    (project, old)
}

/// Has this client count the register; it stands last on the command line.
pub fn counted_by<'a>(project: &Project, further: &[&'a str], client: impl IntoIterator<Item = &'a str>) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tipbrief"));
    command.args(["count", "XXA/victims"]).args(further).arg("--").args(client).current_dir(project.root());
    Run::of(&mut command)
}

/// Counts with a script of the shell.
fn count(project: &Project, script: &str) -> Run {
    counted_by(project, &[], ["sh", "-c", script])
}

#[test]
fn a_client_that_fails_leaves_the_old_file_whole() {
    let (project, old) = with_old_file();
    project.replace("data/report.toml", "[[documents]]", "[limits]\nengine_seconds = 1\n\n[[documents]]");
    let secret =
        "\"2022\",\"identified\",\"female\",\"77-78\",\"x\",\"XXA\",\"XXA\",\"XA-01\",\"police_register\",4711,0";
    let labels = format!("echo '{LABELS}'; echo '{secret}'");
    for (what, script, says) in [
        ("fails after the labels", format!("{labels}; echo '{secret}' >&2; exit 1"), "failed: exit status: 1"),
        ("is killed in the middle", format!("{labels}; kill -9 $$"), "failed: signal: 9"),
        ("hangs", format!("{labels}; sleep 60"), "did not finish within 1 second"),
        ("prints without end", format!("{labels}; yes '{secret}'"), "did not finish within 1 second"),
        ("prints other labels", format!("echo 'period,status'; echo '{secret}'"), "did not print the labels"),
        ("prints nothing", "true".to_owned(), "did not print the labels"),
        ("begins with something else", format!("echo BEGIN; {labels}"), "did not print the labels"),
        ("stops within a line", format!("echo '{LABELS}'; printf '\"2022\",\"iden'"), "in the middle of a line"),
    ] {
        let run = count(&project, &script);
        let said = if what == "prints without end" && run.stderr.contains("MB and was stopped") {
            "MB and was stopped"
        } else {
            says
        };
        assert!(run.code == 3 && run.stderr.contains(said), "{what}: {} {}", run.code, run.stderr);
        assert_eq!(project.read(COUNTED), old, "{what}: the old file is as it was");
        let streams = run.stdout + &run.stderr;
        assert!(!streams.contains("4711") && !streams.contains("77-78"), "{what}: nothing of a row is said: {streams}");
        let left = fs::read_dir(project.path("data/countries/XXA/register")).expect("the folder").count();
        assert_eq!(left, 1, "{what}: nothing is left beside it");
    }
    let run = counted_by(&project, &[], ["no-such-client"]);
    assert!(run.code == 3 && run.stderr.contains("cannot run the client `no-such-client`"), "{}", run.stderr);
    assert_eq!(project.read(COUNTED), old);
}

#[test]
fn a_client_that_says_too_much_is_stopped() {
    let (project, old) = with_old_file();
    let run = count(&project, &format!("echo '{LABELS}'; yes 0123456789012345678901234567890123456789"));
    assert!(run.code == 3 && run.stderr.contains("printed more than 256 MB and was stopped"), "{}", run.stderr);
    assert_eq!(project.read(COUNTED), old);
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_client_started_ends_with_it() {
    let (project, _) = with_old_file();
    project.replace("data/report.toml", "[[documents]]", "[limits]\nengine_seconds = 1\n\n[[documents]]");
    let noted = project.path("pid");
    let run = count(&project, &format!("sleep 300 & echo $! > '{}'; wait", noted.display()));
    assert_eq!(run.code, 3, "{}", run.stderr);
    let pid = fs::read_to_string(&noted).expect("it noted whom it started");
    let state = || fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    for _ in 0..100 {
        // What has ended and was not waited for yet is a zombie.
        if state().is_empty() || state().contains(") Z ") {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("what the client started is running still: {}", state());
}

#[test]
fn a_client_gets_the_statement_on_stdin_or_in_a_file() {
    let (project, _) = with_old_file();
    let statement = project.run(&["sql", "XXA/victims"]).stdout;
    let kept = project.path("seen.sql");
    count(&project, &format!("cat > '{}'", kept.display()));
    assert_eq!(fs::read_to_string(&kept).expect("it kept its stdin"), statement);
    let script = format!("cp \"$1\" '{}'; stat -c %a \"$1\" > '{}'", kept.display(), project.path("mode").display());
    counted_by(&project, &[], ["sh", "-c", script.as_str(), "sh", "{sql}"]);
    assert_eq!(fs::read_to_string(&kept).expect("it kept the file"), statement);
    assert_eq!(project.read("mode").trim(), "600");
}

#[test]
fn nothing_is_counted_where_it_would_be_lost_or_committed() {
    let (project, old) = with_old_file();
    let marked = project.path("ran");
    let run = |project: &Project| {
        let run = count(project, &format!("touch '{}'", marked.display()));
        assert!(!marked.exists(), "no client ran: {}", run.stderr);
        run
    };
    let git = Command::new("git").args(["init", "--quiet"]).current_dir(project.root()).status();
    assert!(git.expect("Git starts").success());
    let refused = run(&project);
    assert!(refused.code == 1 && refused.stderr.contains("Git would commit"), "{}", refused.stderr);
    project.write(".gitignore", "/data/**/register/\n");
    project.write(COUNTED, "period,status,source,count,case_id\n2021,identified,police_register,1,C-1\n");
    let refused = run(&project);
    assert!(refused.code == 1 && refused.stderr.contains("was not counted by an engine"), "{}", refused.stderr);
    fs::remove_file(project.path(COUNTED)).expect("it is there");
    fs::write(project.path("data/countries/XXA/register/victims.xlsx"), "no workbook").expect("it can be written");
    let refused = run(&project);
    assert!(refused.code == 1 && refused.stderr.contains("register/victims.xlsx` already"), "{}", refused.stderr);
    assert!(!old.is_empty());
}

#[test]
fn a_table_without_an_engine_is_not_counted() {
    let (project, _) = with_old_file();
    for (asked, says) in [
        ("XXA/arrests", "declare `[engine.arrests]` in the country.toml of XXA"),
        ("XXB/victims", "no engine counts `XXB/victims`"),
        ("victims", "names no table"),
    ] {
        let run = project.run(&["sql", asked]);
        assert!(run.code == 1 && run.stdout.is_empty() && run.stderr.contains(says), "{asked}: {}", run.stderr);
    }
    assert_eq!(project.run(&["count", "XXA/victims"]).code, 2, "a client must be named");
    assert!(Path::new(&project.path(COUNTED)).exists());
}
