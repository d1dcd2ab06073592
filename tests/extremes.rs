//! Files that no table is: each ends in a clear answer, in bounded time and memory.
//!
//! The program runs under a limit of its address space, so that memory without bound is a crash that the test sees. The
//! real sizes (a cell of 1 GB) are for `just test-long`; every day they are scaled down.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::dice::long;
use crate::project::{Project, Run};

const ARRESTS: &str = "data/countries/XXA/arrests.csv";
const LABELS: &str = "period,stage,sex,count,qualifier,source,note\n";
const ROW: &str = "2023,arrested,total,41,,police_2024,\n";
const MEGABYTE: usize = 1 << 20;

/// What a check may take.
struct Limits {
    /// Of memory beside the file, in megabytes.
    megabytes: usize,
    seconds: u64,
}

/// Everyday limits. Threads and their stacks are among the memory, and it is counted before it is used.
const USUAL: Limits = Limits { megabytes: 1500, seconds: 30 };

/// A size in an everyday run, and its real one.
fn size(everyday: usize, real: usize) -> usize {
    if long() { real } else { everyday }
}

/// Writes a file piece by piece.
fn fill(project: &Project, inside: &str, pieces: impl IntoIterator<Item = Vec<u8>>) -> usize {
    let mut file = std::io::BufWriter::new(fs::File::create(project.path(inside)).expect("the file can be made"));
    let mut length = 0;
    for piece in pieces {
        file.write_all(&piece).expect("there is room on the disk");
        length += piece.len();
    }
    file.flush().expect("there is room on the disk");
    length
}

/// A piece repeated until it fills so many bytes.
fn filled(piece: &[u8], bytes: usize) -> impl Iterator<Item = Vec<u8>> {
    let block = piece.repeat((MEGABYTE / piece.len()).max(1));
    (0..bytes.div_ceil(block.len())).map(move |_| block.clone())
}

/// Checks a project within limits; `length` bytes of it are its one large file.
fn check(project: &Project, length: usize, limits: &Limits) -> Run {
    let kilobytes = (limits.megabytes * MEGABYTE + 2 * length) / 1024;
    let mut command = Command::new("bash");
    let program = project.command(&["check", "--format", "short"]);
    command
        .arg("-c")
        .arg(format!("ulimit -v {kilobytes} 2>/dev/null; ulimit -t {}; exec \"$@\"", limits.seconds))
        .arg("limited");
    command.arg(program.get_program()).args(program.get_args());
    let (out, err) = (project.path("stdout"), project.path("stderr"));
    let to = |path| Stdio::from(fs::File::create(path).expect("the file can be made"));
    let mut child = command.stdout(to(&out)).stderr(to(&err)).spawn().expect("bash starts");
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("the program can be waited for") {
            break status;
        }
        // Processor time is limited; by the clock only a program that waits for ever is ended, on however busy a machine.
        if start.elapsed() > Duration::from_secs(20 * limits.seconds) {
            child.kill().expect("the program can be ended");
            panic!("no answer in {} seconds", 20 * limits.seconds);
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let (stdout, stderr) = (project.read("stdout"), project.read("stderr"));
    let code = status.code().unwrap_or_else(|| panic!("the program was killed ({status}):\n{stderr}"));
    Run { code, stdout, stderr }
}

/// Checks the first line of the answer.
fn answered(run: &Run, expected: &str) {
    let first = run.stdout.lines().next().unwrap_or_default();
    assert_eq!((run.code, run.stderr.as_str()), (1, ""), "a fault, and nothing on stderr; it says {first}");
    assert!(first.starts_with(expected), "`{expected}` is due, it says `{first}`");
    let longest = run.stdout.lines().map(str::len).max().unwrap_or_default();
    assert!(longest < 2000, "no line is longer than people read; one has {longest} bytes");
}

fn of_table(pieces: impl IntoIterator<Item = Vec<u8>>) -> Run {
    let project = Project::minimal();
    let length = fill(&project, ARRESTS, pieces);
    check(&project, length, &USUAL)
}

fn finding(place: &str, message: &str) -> String {
    format!("{ARRESTS}:{place}: {message}")
}

#[test]
fn a_cell_without_end_is_named_where_it_starts() {
    let bytes = size(32 * MEGABYTE, 1024 * MEGABYTE);
    let long = || filled(b"x", bytes);
    let start = format!("{LABELS}2023,arrested,total,41,,police_2024,").into_bytes();
    let end = || std::iter::once(b"\n".to_vec());
    let plain = of_table(std::iter::once(start.clone()).chain(long()).chain(end()));
    answered(&plain, &finding("2:37", "error[source-error]: the cell holds "));
    let quoted = [start, b"\"".to_vec()].concat();
    let closed = of_table(std::iter::once(quoted.clone()).chain(long()).chain([b"\"\n".to_vec()]));
    answered(&closed, &finding("2:37", "error[source-error]: the cell holds "));
    let open = of_table(std::iter::once(quoted).chain(filled(ROW.as_bytes(), bytes)));
    answered(&open, &finding("2:37", "error[quote-error]: the quote is never closed"));
}

#[test]
fn a_first_row_without_end_holds_no_labels() {
    let label = of_table(filled(b"x", size(32 * MEGABYTE, 1024 * MEGABYTE)));
    answered(&label, &finding("1:1", "error[source-error]: the cell holds "));
    assert_eq!(label.stdout.lines().count(), 1, "{}", label.stdout);
    let many = of_table((0..1_000_000).map(|at| format!("c{at},").into_bytes()));
    answered(&many, &finding("1:1", "error[source-error]: the first row has 1000001 cells"));
}

#[test]
fn a_row_of_a_million_cells_is_one_fault() {
    let rows = std::iter::once(LABELS.into()).chain((0..1_000_000).map(|_| b"2023,".to_vec()));
    let run = of_table(rows);
    assert!(run.stdout.contains(&finding("2:36", "error[extra-cell]: the row has 1000001 cells")), "{}", run.stdout);
}

#[test]
fn ten_million_blank_rows_are_one_fault() {
    for (blank, place) in [("\n", "2:1"), ("\r\n", "2:1"), ("\r", "2:1")] {
        let rows = std::iter::once(LABELS.into()).chain(filled(blank.as_bytes(), 10 * MEGABYTE * blank.len()));
        let run = of_table(rows.chain([ROW.into()]));
        answered(&run, &finding(place, "error[blank-row]: this row and the "));
        assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    }
    // Rows of nothing but commas, as a spreadsheet writes those that were once formatted.
    let rows = std::iter::once(LABELS.into()).chain(filled(b",,,,,,\n", size(14, 70) * MEGABYTE));
    let run = of_table(rows.chain([ROW.into()]));
    answered(&run, &finding("2:1", "error[blank-row]: this row and the "));
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
}

#[test]
fn quotes_without_end_are_reported_once_for_each_cell() {
    let bytes = size(16, 100) * MEGABYTE;
    answered(&of_table(filled(b"\"", bytes)), &finding("1:1", "error["));
    let body = std::iter::once(LABELS.into()).chain(filled(b"\"", bytes));
    answered(&of_table(body), &finding("2:1", "error["));
    let rows = std::iter::once(LABELS.into()).chain(filled(b"\"a\"b,\"\",\"\"\"\",\n", 2 * MEGABYTE));
    answered(&of_table(rows), &finding("2:1", "error["));
}

#[test]
fn an_empty_file_is_reported_as_such() {
    for nothing in [&b""[..], b"\xef\xbb\xbf", b"\n\n\n", b"\xef\xbb\xbf\r\n"] {
        let run = of_table([nothing.to_vec()]);
        answered(&run, &finding("1:1", "error[source-error]: the file is empty"));
        assert_eq!(run.stdout.lines().count(), 1, "{nothing:?}: {}", run.stdout);
    }
}

/// Opens a thing within itself as often as it says.
fn tower(before: &str, level: &str, after: &str, depth: usize) -> String {
    format!("{before}{}{after}", level.repeat(depth))
}

#[test]
fn towers_of_brackets_end_in_an_answer() {
    let depth = size(100_000, 1_000_000);
    let prose = "data/countries/XXA/narrative/en/prosecution.typ";
    let declared = ["data/report.toml", "data/countries/XXA/country.toml", "data/text/en.toml"];
    let toml = ["a = [", "a = {b=", "[a", "a"].map(|start| (start, start.trim_start_matches("a = ")));
    let mut towers: Vec<(&str, String)> = Vec::new();
    for path in declared {
        for (start, level) in toml {
            let level = if level.ends_with('a') { ".a" } else { level };
            towers.push((path, tower(&format!("name = \"x\"\n{start}"), level, "", depth)));
        }
    }
    for level in ["[", "{\"a\":", "{\"fields\":["] {
        towers.push(("data/schemas/events.json", tower("", level, "", depth)));
    }
    for (before, level) in [
        ("#lead", "[#lead"),
        ("", "#["),
        ("#", "("),
        ("#n", "(n"),
        ("$", "("),
        ("", "*_"),
        ("", "- "),
        ("", "/ a: "),
        ("", "="),
        ("#", "{"),
        ("#(", "not "),
        ("#(", "-"),
        ("#a", ".a"),
        ("#a", "()"),
        ("", "`"),
        ("", "/*"),
        ("$", "x^"),
        ("$", "√"),
        ("#", "a => "),
        ("#(", "a = "),
        ("#", "if a {"),
        ("", "#lead["),
        ("#", "[*"),
        ("#let a = ", "a + "),
    ] {
        towers.push((prose, tower(before, level, "", depth)));
    }
    for (path, text) in towers {
        let project = Project::minimal();
        project.write(path, &text);
        let start: String = text.chars().take(30).collect();
        let run = check(&project, text.len(), &USUAL);
        assert!(run.code == 1 || run.code == 0, "{path} with `{start}…`: exit {}\n{}", run.code, run.stderr);
        assert_eq!(run.stderr, "", "{path} with `{start}…`");
    }
}
