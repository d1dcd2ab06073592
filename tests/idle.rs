//! A build with nothing to do: it reads no table again, prints the previous findings, and notices every change, even a new
//! folder. What it remembers for that may be torn, old or gone; then it reads everything itself.

#![cfg(unix)]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::project::{Project, Run, typst};

const STAMP: &str = "output/.stamp";
/// The words of a finding, as the stamp stores them.
const FOUND: &str = "contradict each other";
/// Words that no build finds in a table.
const INVENTED: &str = "agree in everything";

/// A project whose tables have a finding, built once. The program must be a few seconds old: a newer one may change unnoticed,
/// and is read again.
fn contested() -> Project {
    rested(Path::new(env!("CARGO_BIN_EXE_tipbrief")));
    let project = Project::minimal();
    let table = project.read("data/countries/XXA/arrests.csv");
    project.write("data/countries/XXA/arrests.csv", &format!("{table}2021,arrested,total,31,,police_2024,\n"));
    let run = build(&project);
    assert!(run.code == 0 && run.stderr.contains(FOUND), "{}", run.stderr);
    project
}

/// Waits until a program is old enough.
pub fn rested(program: &Path) {
    let written = fs::metadata(program).and_then(|program| program.modified()).expect("a program");
    while written.elapsed().is_ok_and(|age| age < Duration::from_secs(3)) {
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn build(project: &Project) -> Run {
    project.run(&["build", "--format", "short"])
}

/// Changes the finding in the stamp: only a build that reads no table prints the changed words.
fn invent(project: &Project) {
    let stamp = project.read(STAMP);
    assert!(stamp.contains(FOUND) || stamp.contains(INVENTED), "the finding is stored: {stamp}");
    project.write(STAMP, &stamp.replace(FOUND, INVENTED));
}

/// Whether a build looked into the tables.
fn looked(project: &Project) -> bool {
    invent(project);
    let run = build(project);
    let (found, invented) = (run.stderr.contains(FOUND), run.stderr.contains(INVENTED));
    assert!(run.code == 0 && found != invented, "{}", run.stderr);
    found
}

#[test]
fn where_nothing_changed_no_table_is_read_and_the_findings_are_printed_again() {
    let project = contested();
    let before = project.published("XXA");
    let first = project.run(&["build"]);
    let again = project.run(&["build"]);
    assert_eq!((first.code, &first.stdout, &first.stderr), (again.code, &again.stdout, &again.stderr));
    assert!(again.stderr.contains("1 note (1 contested-cell)"), "{}", again.stderr);
    assert!(!looked(&project), "nothing has changed");
    assert!(before == project.published("XXA"));
    let denied = project.run(&["build", "--format", "short", "--deny", "warnings"]);
    assert_eq!(denied.code, 0, "a note is no warning: {}", denied.stderr);
    assert!(!project.run(&["check", "--format", "short"]).stdout.contains(INVENTED), "a check always looks");
}

#[test]
fn whatever_changed_is_seen() {
    type Change = fn(&Project);
    let changes: [(&str, Change); 8] = [
        ("a cell", |project| {
            project.replace("data/countries/XXA/arrests.csv", "2023,arrested,total,41", "2023,arrested,total,42");
        }),
        ("a template", |project| {
            let text = project.read("templates/theme.typ");
            project.write("templates/theme.typ", &format!("{text}\n// changed\n"));
        }),
        ("a word", |project| project.replace("data/text/en.toml", "\"Key figures\"", "\"Main figures\"")),
        ("a date", |project| {
            let file = File::options().append(true).open(project.path(STAMP)).expect("a stamp");
            file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("a date");
            project.write("data/countries/XXA/register.txt", "");
            fs::remove_file(project.path("data/countries/XXA/register.txt")).expect("it is gone again");
        }),
        ("a hidden file", |project| project.write("data/countries/XXA/.hidden", "")),
        ("an output", |project| project.write("output/XXA/figures.json", "{}")),
        ("an output that is gone", |project| {
            fs::remove_file(project.path("output/index.html")).expect("a page");
        }),
        ("a link in the place of a file", |project| {
            let table = project.path("data/countries/XXA/victims.csv");
            fs::rename(&table, project.path("victims.csv")).expect("it moves");
            std::os::unix::fs::symlink("../../../victims.csv", &table).expect("a link");
        }),
    ];
    for (what, change) in changes {
        let project = contested();
        assert!(!looked(&project), "{what}: until then nothing had changed");
        change(&project);
        assert_eq!(looked(&project), !matches!(what, "a date" | "a hidden file"), "{what}");
    }
}

#[test]
fn an_empty_folder_of_a_country_is_seen() {
    let project = contested();
    fs::create_dir(project.path("data/countries/XXC")).expect("a folder");
    let run = build(&project);
    assert!(run.code == 1 && run.stderr.contains("data/countries/XXC/country.toml"), "{}", run.stderr);
    fs::remove_dir(project.path("data/countries/XXC")).expect("it goes");
    assert_eq!(build(&project).code, 0);
}

#[test]
fn a_register_is_looked_at_each_time() {
    let project = contested();
    project.write("data/countries/XXA/register/.kept", "");
    for _ in 0..2 {
        let run = build(&project);
        assert!(run.code == 0 && run.stderr.contains(FOUND), "{}", run.stderr);
        assert!(
            project.read(STAMP).ends_with("\"seen\":null}"),
            "the content of a register is stored nowhere, so it is read"
        );
    }
}

#[test]
fn what_is_remembered_may_be_torn_or_gone() {
    let project = contested();
    let (before, stamp) = (project.published("XXA"), project.read(STAMP));
    let half = stamp.floor_char_boundary(stamp.len() / 2);
    for torn in [&stamp[..half], &stamp[..stamp.len() - 1], "", "{}", "null", "\u{0}\u{0}\u{0}"] {
        project.write(STAMP, torn);
        let run = build(&project);
        assert!(run.code == 0 && run.stderr.contains(FOUND), "{}", run.stderr);
        assert!(before == project.published("XXA"), "every byte is made again");
        assert!(!looked(&project), "and remembered again");
    }
    fs::remove_file(project.path(STAMP)).expect("a stamp");
    assert_eq!(build(&project).code, 0);
    assert!(before == project.published("XXA"));
}

#[test]
fn a_stamp_of_another_machine_counts_for_nothing() {
    let project = contested();
    let stamp = project.read(STAMP);
    let identity = stamp.find("\"identity\":[").expect("a program is known") + "\"identity\":[".len();
    let digits = stamp[identity..].find(',').expect("its device");
    let other = format!("{}7{}", &stamp[..identity + digits], &stamp[identity + digits..]);
    project.write(STAMP, &other.replace(FOUND, INVENTED));
    let run = build(&project);
    assert!(run.code == 0 && !run.stderr.contains(INVENTED), "{}", run.stderr);
}

#[test]
fn where_nothing_can_be_written_a_build_with_nothing_to_do_still_ends_well() {
    let project = contested();
    let stamp = project.read(STAMP);
    let seen = stamp.find(",\"seen\":").expect("what was seen");
    project.write(STAMP, &format!("{},\"seen\":null}}", &stamp[..seen]));
    // Even a user who may write everywhere cannot open a folder for writing.
    fs::remove_file(project.path("output/.lock")).expect("a lock");
    fs::create_dir(project.path("output/.lock")).expect("a folder");
    let run = build(&project);
    assert!(run.code == 0 && run.stderr.contains(FOUND), "{}", run.stderr);
    assert!(project.read(STAMP).ends_with("\"seen\":null}"), "nothing was remembered");
    fs::remove_dir(project.path("output/.lock")).expect("it goes");
    assert_eq!(build(&project).code, 0);
    assert!(!looked(&project), "once it can be, it is");
}

/// The project's own copy of Typst, at rest.
fn own_typst(project: &Project) -> PathBuf {
    let place = project.path(".tools/bin/typst");
    fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
    fs::copy(typst().canonicalize().expect("there is a Typst"), &place).expect("it can be copied");
    rested(&place);
    place
}

#[test]
fn another_typst_of_the_same_size_and_date_makes_everything() {
    let project = contested();
    let typst = own_typst(&project);
    let run = || Run::of(project.command(&["build", "--explain"]).env_remove("TYPST").env("PATH", ""));
    assert_eq!((run().code, run().stdout.matches(": built: ").count()), (0, 0));
    let (mut bytes, date) =
        (fs::read(&typst).expect("it"), fs::metadata(&typst).and_then(|t| t.modified()).expect("it"));
    // The last byte of the program is not run.
    *bytes.last_mut().expect("bytes") ^= 1;
    let other = typst.with_file_name("other");
    fs::copy(&typst, &other).expect("it can be copied");
    fs::write(&other, bytes).expect("it can be changed");
    File::options().append(true).open(&other).and_then(|file| file.set_modified(date)).expect("a date");
    fs::rename(&other, &typst).expect("it takes its place");
    let run = run();
    let anew = run
        .stdout
        .lines()
        .filter(|line| line.contains(".pdf: built: no earlier build by this tipbrief and this Typst"));
    assert_eq!((run.code, anew.count()), (0, 1), "{}{}", run.stdout, run.stderr);
}

/// The same project, with a font in a folder of its own.
fn with_own_font() -> Project {
    let project = contested();
    let text = project.read("data/text/en.toml");
    let at = text.find("\n[").expect("a table");
    let font = "\n[font]\nfamily = \"DejaVu Sans\"\nfolder = \"fonts\"\n";
    project.write("data/text/en.toml", &format!("{}{font}{}", &text[..at], &text[at..]));
    fs::create_dir(project.path("fonts")).expect("a folder");
    fs::write(project.path("fonts/upright.ttf"), dejavu::sans::regular()).expect("a font");
    assert_eq!(build(&project).code, 0);
    project
}

#[test]
fn a_font_outside_of_the_data_is_followed() {
    let project = with_own_font();
    assert!(!looked(&project));
    let mut bytes = fs::read(project.path("fonts/upright.ttf")).expect("a font");
    bytes.push(0);
    fs::write(project.path("fonts/upright.ttf"), bytes).expect("it can be changed");
    let run = project.run(&["build", "--explain"]);
    assert!(run.stdout.contains("brief.pdf: built: inputs changed: "), "{}{}", run.stdout, run.stderr);
    assert!(!looked(&project), "and then nothing has changed again");
}

/// The same with the checksums of another edition, for which the built-in font stands in.
#[test]
fn a_font_of_another_edition_makes_drafts_until_the_one_that_is_meant_is_there() {
    let project = with_own_font();
    let whole = fs::read(project.path("fonts/upright.ttf")).expect("a font");
    let meant = format!("sha256 = [\"{}\"]\nstand_in = \"DejaVu Sans\"\n", tipbrief::delivery::publish::sum(&whole));
    let text = project.read("data/text/en.toml");
    project
        .write("data/text/en.toml", &text.replacen("folder = \"fonts\"\n", &format!("folder = \"fonts\"\n{meant}"), 1));
    let drafted = |project: &Project| {
        let run = project.run(&["build"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let first = crate::donors::words(project, "XXA/en/brief.pdf")[0].join(" ");
        let warned = run.stderr.contains("documents in `en` are drafts, set in DejaVu Sans");
        assert_eq!(first.contains("stands in for the one of the series"), warned, "the page says what the build says");
        warned
    };
    assert!(!drafted(&project));
    fs::write(project.path("fonts/upright.ttf"), [whole.as_slice(), &[0]].concat()).expect("it can be changed");
    assert!(drafted(&project), "another edition is not used");
    fs::remove_dir_all(project.path("fonts")).expect("it can be removed");
    assert!(drafted(&project) && !looked(&project), "nor is none; and then nothing has changed");
    fs::create_dir(project.path("fonts")).expect("a folder");
    fs::write(project.path("fonts/upright.ttf"), whole).expect("a font");
    assert!(!drafted(&project), "the font that is meant is used as soon as it is there");
}

#[test]
fn no_link_is_believed() {
    type Change = fn(&Project);
    let put_aside = |project: &Project, path: &str| {
        let (place, other) = (project.path(path), project.path("moved"));
        fs::rename(&place, &other).expect("it moves");
        std::os::unix::fs::symlink(&other, &place).expect("a link");
    };
    for path in [STAMP, "output/index.html", "output/manifest.json", "output/XXA"] {
        let project = contested();
        assert!(!looked(&project), "{path}: until then nothing had changed");
        invent(&project);
        put_aside(&project, path);
        let run = build(&project);
        assert!(
            run.code == 0 && run.stderr.contains(FOUND) && !run.stderr.contains(INVENTED),
            "{path}: {}",
            run.stderr
        );
        assert!(!project.path(path).is_symlink(), "{path}: it is made again");
    }
    let refused: [(&str, Change); 3] = [
        ("data/countries/XXA/leading-out.csv", |project| {
            let link = project.path("data/countries/XXA/leading-out.csv");
            std::os::unix::fs::symlink("/etc/passwd", link).expect("a link");
        }),
        ("data/indicators/leading-nowhere", |project| {
            let link = project.path("data/indicators/leading-nowhere");
            std::os::unix::fs::symlink("nowhere", link).expect("a link");
        }),
        ("fonts/other.ttf", |project| {
            std::os::unix::fs::symlink("/etc/passwd", project.path("fonts/other.ttf")).expect("a link");
        }),
    ];
    for (path, change) in refused {
        let project = with_own_font();
        assert!(!looked(&project), "{path}: until then nothing had changed");
        change(&project);
        let run = build(&project);
        assert!(run.code == 1 && run.stderr.contains("is not read: "), "{path}: {}", run.stderr);
        assert!(run.stderr.contains(path), "{path}: {}", run.stderr);
    }
}
