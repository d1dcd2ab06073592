//! Delivered files and mappings that nobody writes by mistake: each is one fault, soon, and no cell of a file outside the folder is
//! ever printed. In the long tests each takes less than a second of the processors, and says how much.

use std::fs;
use std::process::Command;

use sha2::{Digest, Sha256};

use super::{Importing, book};
use crate::project::Run;

/// A mapping of one file, with further lines.
fn mapping(path: &str, bytes: &[u8], more: &str) -> String {
    let sum: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "source = \"s\"\nlicence = \"x\"\ninto = \"LAO\"\n[[file]]\npath = {path:?}\nsha256 = \"{sum}\"\n{more}\n[[make]]\n\
         table = \"victims\"\ntake = \"n\"\nstatus = \"identified\"\nperiod = {{ column = \"year\", as = \"year\" }}\n"
    )
}

/// What `--show` says, within processor time and memory that leave no room for what grows.
fn shown(importing: &Importing) -> Run {
    limited(importing, &["import", "--show", "x"])
}

/// What stands before the processor time in the last line.
const TOOK: &str = "took ";

fn limited(importing: &Importing, arguments: &[&str]) -> Run {
    const LIMITED: &str = "ulimit -v 4000000 2>/dev/null; ulimit -t 20; TIMEFORMAT=\"$1%U %S\"; shift; time \"$@\"";
    let mut command = Command::new("bash");
    command.args(["-c", LIMITED, "limited", TOOK, env!("CARGO_BIN_EXE_tipbrief")]).args(arguments);
    command.args(["--format", "short", "--root"]).arg(importing.path("../.."));
    let run = Run::of(&mut command);
    let (said, took) = run.stderr.rsplit_once(TOOK).expect("the shell says how long it took");
    let took: f64 = took.split_whitespace().map(|part| part.parse::<f64>().expect("seconds")).sum();
    if crate::dice::long() {
        println!("{took:.2} s: {}", said.lines().next().unwrap_or_default().chars().take(120).collect::<String>());
        assert!(took < 1.0, "it took {took} s of the processors: {said}");
    }
    Run { stderr: said.to_owned(), ..run }
}

fn with(path: &str, bytes: &[u8], more: &str) -> Run {
    let importing = Importing::of(&["LAO"], "s", "data/imports");
    fs::write(importing.path(path), bytes).expect("a file");
    fs::write(importing.path("x.toml"), mapping(path, bytes, more)).expect("a mapping");
    shown(&importing)
}

/// One fault, of this code.
fn one(run: &Run, code: &str, what: &str) {
    let faults: Vec<&str> = run.stderr.lines().filter(|line| !line.contains(": note[")).collect();
    assert!(faults.len() == 1 && faults[0].contains(&format!("error[{code}]")), "{what}: {faults:#?}");
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{what}");
}

/// A package that may unfold to much.
fn packed(parts: &[(&str, String)]) -> Vec<u8> {
    let parts: Vec<(String, String)> = parts.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
    book::package(&parts)
}

/// A spreadsheet of these rows.
fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet>\
         <table:table table:name=\"Data\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    packed(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_owned()), ("content.xml", content)])
}

#[test]
fn workbooks_that_unfold_or_span_too_much_are_refused() {
    let cell = |name: &str| format!("<c r=\"{name}\"><v>1</v></c>");
    let sheet = |rows: &str| {
        let book = book::workbook("sheet Data\nrow 1|year|n\nrow 2|2020|5\n");
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).expect("an archive");
        let names: Vec<String> = archive.file_names().map(|name| name.expect("a name").to_string()).collect();
        let mut parts = Vec::new();
        for name in names {
            let mut text = String::new();
            let mut part = archive.by_name(&name).expect("a part");
            std::io::Read::read_to_string(&mut part, &mut text).expect("text");
            let text = if name.ends_with("sheet1.xml") {
                text.replace("</sheetData>", &format!("{rows}</sheetData>"))
            } else {
                text
            };
            parts.push((name, text));
        }
        book::package(&parts)
    };
    let far = sheet(&format!("<row r=\"1048576\">{}</row>", cell("XFD1048576")));
    one(&with("a.xlsx", &far, ""), "source-error", "a cell at the end of the sheet");
    let blanks = sheet(&" ".repeat(64 << 20));
    one(&with("a.xlsx", &blanks, ""), "source-error", "a part of blanks");
    let text = "<table:table-cell office:value-type=\"string\"";
    let repeated = |columns: u32, rows: u32| {
        ods(&format!(
            "<table:table-row table:number-rows-repeated=\"{rows}\">{text} table:number-columns-repeated=\"{columns}\">\
             <text:p>x</text:p></table:table-cell></table:table-row>"
        ))
    };
    one(&with("a.ods", &repeated(16_384, 1_048_576), ""), "source-error", "repeats of a cell");
    one(&with("a.ods", &repeated(u32::MAX, u32::MAX), ""), "source-error", "endless repeats of a cell");
    let apart = format!(
        "<table:table-row>{text}><text:p>year</text:p></table:table-cell></table:table-row>\
         <table:table-row table:number-rows-repeated=\"4000000000\"/>\
         <table:table-row>{text}><text:p>x</text:p></table:table-cell></table:table-row>"
    );
    one(&with("a.ods", &ods(&apart), ""), "source-error", "a cell below endless rows");
}

#[test]
fn what_is_no_workbook_is_one_fault() {
    let sound = book::workbook("sheet Data\nrow 1|year|n\nrow 2|2020|5\n");
    for (name, bytes) in [
        ("a.xlsx", &b""[..]),
        ("a.xlsx", b"PK\x03\x04"),
        ("a.xlsx", b"year,n\n2020,5\n"),
        ("a.ods", &sound),
        ("a.xlsb", &sound),
        ("a.xls", &sound),
        ("a.csv", &sound),
        ("a.xlsx", &sound[..sound.len() - 40]),
    ] {
        one(&with(name, bytes, ""), "source-error", name);
    }
}

#[test]
fn texts_that_are_no_tables_are_one_fault() {
    let cells = with("a.csv", &b",".repeat(4 << 20), "");
    one(&cells, "source-error", "one line of separators");
    let letters = with("a.csv", &b"x".repeat(16 << 20), "");
    one(&letters, "source-error", "one line of letters");
    let open = with("a.csv", &[b"year,n\n\"".to_vec(), b"x\n".repeat(1 << 20)].concat(), "");
    assert_eq!((open.code, open.stderr.lines().count()), (1, 1), "{}", open.stderr);
}

/// Files that grow with the square of something if they are read without care.
#[test]
fn odd_files_are_soon_read() {
    let marks = "[marks]\nb = {}\ne = { note = \"estimated\" }\n";
    let cell = format!("year,n\n2020,5{}\n", "be".repeat(20_000));
    assert_eq!(with("a.csv", cell.as_bytes(), marks).code, 0, "a cell of many marks");
    let rows = format!("year,n\n{}", "year,n\n".repeat(200_000));
    assert_eq!(with("a.csv", rows.as_bytes(), "").code, 0, "rows of labels and nothing else");
    let wide: String = (0..4_000).map(|at| format!(",column {at}")).collect();
    let patterns: Vec<String> = (0..300).map(|at| format!("\"*{at} of {at}*\"")).collect();
    let ignored = format!("[read]\nignore = [{}, \"column*\"]\n", patterns.join(", "));
    let file = format!("year,n{wide}\n2020,5{}\n", ",x".repeat(4_000));
    assert_eq!(with("a.csv", file.as_bytes(), &ignored).code, 0, "many columns and many patterns");
    let texts: Vec<String> = (0..60_000).map(|at| format!("\"a text {at}\"")).collect();
    let asked = format!("[[skip]]\nwhy = \"-\"\nwhere = {{ year = [{}] }}\n", texts.join(", "));
    let file: String = (0..60_000).rev().map(|at| format!("a text {at},1\n")).collect();
    assert_eq!(with("a.csv", format!("year,n\n2020,5\n{file}").as_bytes(), &asked).code, 0, "many texts");
    let keys = format!("\"year,n{}\",x\n\"2020,5\",1\n", ",key".repeat(10_000));
    let run = with("a.csv", keys.as_bytes(), "[read]\nsplit = \",\"\nignore = [\"key\", \"x\"]\n");
    assert_eq!(run.code, 0, "many keys: {}", run.stderr);
}

#[test]
fn mappings_that_are_no_mappings_are_one_fault() {
    let whole = |text: String| {
        let importing = Importing::of(&["LAO"], "s", "data/imports");
        fs::write(importing.path("a.csv"), "year,n\n2020,5\n").expect("a file");
        fs::write(importing.path("x.toml"), text).expect("a mapping");
        shown(&importing)
    };
    let sound = mapping("a.csv", b"year,n\n2020,5\n", "");
    let large: String = (0..400_000).map(|at| format!("\"a text of a file {at}\" = \"female\"\n")).collect();
    one(&whole(format!("{sound}[codes.sex]\n{large}")), "source-error", "10 MB of codes");
    for (what, deep) in [
        ("lists", format!("sum = {}1{}\n", "[".repeat(100_000), "]".repeat(100_000))),
        ("tables", format!("sum = {}1{}\n", "{a=".repeat(50_000), "}".repeat(50_000))),
        ("dotted keys", format!("sum{} = 1\n", ".a".repeat(50_000))),
        ("a table", format!("[number{}]\na = 1\n", ".a".repeat(50_000))),
    ] {
        let run = whole(format!("{sound}{deep}"));
        let lines: Vec<&str> = run.stderr.lines().map(|line| line.get(..line.len().min(200)).unwrap_or(line)).collect();
        assert!(run.code == 1 && (1..=2).contains(&lines.len()), "{what}: {lines:#?}");
    }
}

#[test]
fn patterns_of_many_stars_are_soon_decided() {
    let text = "a".repeat(20_000);
    let file = format!("year,n,{text}b\n2020,5,{text}\n");
    for pattern in ["*a".repeat(50), "{}a".repeat(50), "?*".repeat(5_000)] {
        let more = format!("[read]\nignore = [\"{pattern}\"]\nexpect = [{{ cell = \"C2\", like = \"{pattern}c\" }}]");
        one(&with("a.csv", file.as_bytes(), &more), "unexpected-text", "many stars");
    }
}

#[test]
fn what_only_begins_like_a_letter_is_a_label() {
    for label in ["@1", "@", "@é", "@Z1", &format!("@{}", "Z".repeat(200))] {
        let sound = with("a.csv", format!("year,n,{label}\n2020,5,x\n").as_bytes(), &format!("fill = [{label:?}]\n"));
        assert!(!sound.stderr.contains("bug") && sound.code < 2, "{label}: {}", sound.stderr);
        let cell = with(
            "a.csv",
            b"year,n\n2020,5\n",
            &format!("[read]\nexpect = [{{ cell = \"{}1\", is = \"n\" }}]", &label[1..]),
        );
        assert!(!cell.stderr.contains("bug") && cell.code < 2, "{label}: {}", cell.stderr);
    }
}

#[cfg(unix)]
#[test]
fn no_cell_of_a_file_outside_the_folder_is_printed() {
    const SECRET: &str = "year,n\nnever,printed\n";
    let importing = Importing::of(&["LAO"], "s", "data/imports");
    let root = importing.path("../..");
    fs::write(root.join("secret.csv"), SECRET).expect("a file");
    fs::create_dir_all(root.join("data/countries/LAO/imports/register")).expect("a folder");
    fs::write(root.join("data/countries/LAO/imports/register/secret.csv"), SECRET).expect("a file");
    fs::create_dir_all(importing.path("sub")).expect("a folder");
    let link = |to: &str, from: &str| std::os::unix::fs::symlink(to, importing.path(from)).expect("a link");
    link("../../secret.csv", "link.csv");
    link("../../../secret.csv", "sub/link.csv");
    link("../..", "up");
    link("../countries/LAO/imports/register", "reg");
    link("loop.csv", "loop.csv");
    for path in [
        "../../secret.csv",
        "sub/../../../secret.csv",
        "/etc/hostname",
        "C:\\secret.csv",
        "link.csv",
        "sub/link.csv",
        "up/secret.csv",
        "up/data/countries/LAO/imports/register/secret.csv",
        "reg/secret.csv",
        "register/secret.csv",
        "Register/secret.csv",
        "loop.csv",
        "sub",
        "NUL",
        "con.csv",
        "x.toml",
    ] {
        fs::write(importing.path("x.toml"), mapping(path, SECRET.as_bytes(), "")).expect("a mapping");
        let run = shown(&importing);
        one(&run, "path-error", path);
        assert!(!run.stderr.contains("never") && !run.stderr.contains("printed"), "{path}: {}", run.stderr);
    }
    // A mapping that is a link itself is none, and kept rows are not read through one.
    fs::remove_file(importing.path("x.toml")).expect("a mapping");
    link("../../secret.csv", "x.toml");
    let run = shown(&importing);
    assert!(run.code != 0 && !run.stderr.contains("never"), "{}", run.stderr);
    fs::remove_file(importing.path("x.toml")).expect("a link");
    fs::write(importing.path("x.toml"), mapping("gone.csv", b"", "")).expect("a mapping");
    link("../../secret.csv", "x.kept.csv");
    let run = shown(&importing);
    one(&run, "missing-file", "a link to kept rows");
    assert!(!run.stderr.contains("never"), "{}", run.stderr);
}
