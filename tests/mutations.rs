//! Damaged files: the repository's own, mutated by chance, and the corpus of nasty ones.
//!
//! Whatever a file holds, a check ends soon, without a panic, and every place it names lies inside the file it names. All
//! formats are written, since they cut and escape what the file holds. `corpus/<kind>/` holds small files of every nasty
//! shape; a file that once broke something is put there.

use std::fs;
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;

use tipbrief::diagnostic::{Diagnostic, Diagnostics, Format};

use crate::dice::{Dice, long};
use crate::project::{Project, copy, files, tests};

/// More time for one small file is a hang.
const PATIENCE: Duration = Duration::from_secs(20);
const FORMATS: [Format; 6] = [Format::Human, Format::Short, Format::Json, Format::Github, Format::Sarif, Format::Junit];

/// Pieces that mean something to one of the readers.
const TOKENS: [&[u8]; 40] = [
    b"\"",
    b"\"\"",
    b",",
    b"\n",
    b"\r",
    b"\r\n",
    b"\0",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xff",
    b";",
    b"\t",
    b"{",
    b"}",
    b"[",
    b"]",
    b"[[",
    b"]]",
    b"=",
    b"#",
    b"#n(",
    b")",
    b"\\",
    b"\\u{",
    b"$",
    b"`",
    b"```",
    b"*",
    b"_",
    b"//",
    b"/*",
    b"'''",
    b"\"\"\"",
    b"1e999",
    b"-",
    b"9999999999999999999999",
    b"\xe2\x80\x8b",
    b"\xf0\x9f\x98\x80",
    b"<5",
    b"~",
];

/// Checks a project, and says what is wrong with the answer; `what` tells which input it was.
pub fn examine(project: &Project, what: &str) {
    let (sender, receiver) = channel();
    let root = project.root().to_owned();
    let work = std::thread::spawn(move || {
        let mut diagnostics = Diagnostics::default();
        let outcome = tipbrief::check(&root, &|_| {}, &mut diagnostics);
        let texts = FORMATS.map(|format| diagnostics.render(format));
        let failed = outcome.err().map(|error| (error.is::<tipbrief::diagnostic::Reported>(), format!("{error:#}")));
        // Nobody listens only where it took too long.
        let _ = sender.send((diagnostics, failed, texts));
    });
    let Ok((diagnostics, failed, texts)) = receiver.recv_timeout(PATIENCE) else {
        assert!(work.is_finished(), "{what}: no answer in {PATIENCE:?}");
        panic!("{what}: a panic");
    };
    if let Some((false, failure)) = failed {
        panic!("{what}: a fault of the file, not a failure of the world, is due: {failure}");
    }
    assert!(texts.iter().all(|text| !text.contains(['\0', '\u{1b}'])), "{what}: control characters are printed");
    for found in diagnostics.sorted() {
        inside(project, found, what);
    }
}

/// The place of a finding lies inside its file.
fn inside(project: &Project, found: &Diagnostic, what: &str) {
    for span in std::iter::once(&found.span).chain(found.second.as_ref().map(|(span, _)| span)) {
        let (line, column) = span.position();
        let bytes = fs::read(project.path(span.path())).unwrap_or_default();
        // What is decoded, or read from a workbook, has places of its own.
        let Ok(text) = String::from_utf8(bytes) else { continue };
        if span.cell_name().is_some() || text.starts_with("PK") || text.contains('\0') {
            continue;
        }
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
        let named = text.split('\n').nth(line - 1).map(|line| line.chars().count() + 1);
        let claim = format!("{what}: {} is named for `{}`", span.place(), found.message);
        assert!(named.is_some_and(|width| column <= width), "{claim}, outside the file:\n{text:?}");
        let (_, end) = (span.start(), span.end_position());
        assert!(end >= (line, column), "{claim}, which ends before it begins");
    }
}

/// Damages a file a few times.
fn mutate(dice: &mut Dice, bytes: &mut Vec<u8>) {
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len() + 1);
        let end = (at + dice.below(30)).min(bytes.len());
        match dice.below(7) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at),
            2 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(end..end, again.iter().copied().cycle().take(again.len() * (1 + dice.below(200))));
            }
            3 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            4 if at < bytes.len() => bytes[at] = u8::try_from(dice.below(256)).expect("a byte"),
            _ => {
                let token = dice.one(&TOKENS).repeat(if dice.once_in(8) { 1 + dice.below(300) } else { 1 });
                bytes.splice(at..at, token);
            }
        }
    }
}

/// The minimal project, with one file of each kind beside what it has.
fn everything() -> Project {
    let project = Project::minimal();
    let series = Project::series();
    // The prose and declarations of a series hold every construct there is.
    for part in ["indicators", "text"] {
        copy(&series.path("data").join(part), &project.path("data").join(part));
    }
    for path in files(&series.path("data/countries/LAO")) {
        if path.ends_with(".csv") || path.ends_with(".toml") || path.ends_with(".typ") {
            let text = series.read(&format!("data/countries/LAO/{path}"));
            project.write(&format!("data/countries/LAO/{path}"), &text);
        }
    }
    let workbook = tests().join("faults/workbook/data/countries/XXA/arrests.xlsx");
    fs::remove_file(project.path("data/countries/XXA/arrests.csv")).expect("there is an arrests.csv");
    fs::copy(workbook, project.path("data/countries/XXA/arrests.xlsx")).expect("there is a workbook");
    for (workbook, path) in [("sound.ods", "register/arrests.ods"), ("sound.xls", "repatriations.xls")] {
        let path = project.path("data/countries/XXA").join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        fs::copy(tests().join("workbooks").join(workbook), path).expect("there is a workbook");
    }
    fs::copy(Path::new(crate::project::REPOSITORY).join("data/report.toml"), project.path("data/report.toml"))
        .expect("there is a report.toml");
    project
}

#[test]
fn a_damaged_file_is_answered_with_findings_inside_it() {
    let project = everything();
    let mut paths: Vec<String> = files(&project.path("data")).into_iter().map(|path| format!("data/{path}")).collect();
    paths.retain(|path| !path.ends_with(".docx"));
    let seeds = if long() { 0..20_000 } else { 0..300 };
    for seed in seeds {
        let mut dice = Dice::of(seed);
        let path = dice.one(&paths);
        let sound = fs::read(project.path(path)).expect("the file is there");
        let mut damaged = sound.clone();
        mutate(&mut dice, &mut damaged);
        fs::write(project.path(path), &damaged).expect("the file can be written");
        examine(&project, &format!("seed {seed}, {path}"));
        fs::write(project.path(path), &sound).expect("the file can be written");
    }
}

#[test]
fn the_corpus_of_nasty_files_is_answered_with_findings_inside_them() {
    let (corpus, project) = (tests().join("corpus"), Project::minimal());
    for path in files(&corpus) {
        let bytes = fs::read(corpus.join(&path)).expect("a file of the corpus");
        let places: &[&str] = match path.rsplit('.').next().unwrap_or_default() {
            "csv" => &[
                "data/countries/XXA/arrests.csv",
                "data/countries/XXA/victims.csv",
                "data/countries/XXA/sources.csv",
                "data/countries/XXA/events.csv",
                "data/countries/XXA/register/cases.csv",
            ],
            "json" => &["data/schemas/events.json", "data/schemas/arrests.json"],
            "toml" => &[
                "data/report.toml",
                "data/text/en.toml",
                "data/countries/XXA/country.toml",
                "data/indicators/prosecution/persons_arrested.toml",
                "data/indicators/prosecution/section.toml",
            ],
            "typ" => &["data/countries/XXA/narrative/en/prosecution.typ"],
            "ods" => &["data/countries/XXA/cases.ods", "data/countries/XXA/register/arrests.ods"],
            "xls" => &["data/countries/XXA/cases.xls", "data/countries/XXA/register/arrests.xls"],
            "xlsx" => &["data/countries/XXA/cases.xlsx", "data/countries/XXA/register/arrests.xlsx"],
            _ => panic!("tests/corpus/{path} is of no kind that is tried"),
        };
        for place in places {
            let kept = fs::read(project.path(place)).ok();
            project.write(place, "");
            fs::write(project.path(place), &bytes).expect("the file can be written");
            examine(&project, &format!("tests/corpus/{path} as {place}"));
            match kept {
                Some(kept) => fs::write(project.path(place), kept).expect("the file can be written"),
                None => fs::remove_file(project.path(place)).expect("the file is there"),
            }
        }
    }
}
