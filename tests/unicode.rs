//! Text of all of Unicode in every file that the program reads and in what it is asked: an answer comes, with findings inside
//! the files, and never a bug. What goes through one function alone is tried beside it, in `src`.

use std::fs;
use std::process::Command;

use crate::dice::{Dice, long};
use crate::mutations::examine;
use crate::project::{Project, Run, copy, files};

const COUNTRY: &str = "data/countries/XXA";
const PROSE: &str = "data/countries/XXA/narrative/en/prosecution.typ";

/// Letters, marks and numerals that are of several bytes, join, turn about, have no width, or are of no font.
const PIECES: [&str; 48] = [
    "m²",
    "½",
    "Ⅳ",
    "①",
    "〇",
    "三",
    "৪১",
    "၄၁",
    "۴۱",
    "٤١",
    "๔๑",
    "໔໑",
    "៤១",
    "４１",
    "𝟒𝟏",
    "²",
    "㉑",
    "1٬234٫5",
    "41",
    "2024",
    "e\u{301}",
    "\u{301}",
    "ກໍ່",
    "ကျွန်ုပ်",
    "ໄດ້ສຳເລັດແຜນ",
    "ខ្មែរ",
    "বাংলা",
    "فارسی",
    "עברית",
    "\u{202e}abc\u{202c}",
    "👩\u{200d}👧",
    "😀",
    "\u{fffd}",
    "\u{ffff}",
    "\0",
    "\u{e000}",
    "\u{10ffff}",
    "\u{feff}",
    "\u{200b}",
    "\u{ad}",
    "\u{2028}",
    "\u{85}",
    "ß",
    "İ",
    "{value}",
    "~",
    "-",
    " ",
];

/// A text of a few pieces, of many in one of twenty.
fn text(dice: &mut Dice) -> String {
    let pieces = if dice.once_in(20) { 2000 } else { 1 + dice.below(5) };
    (0..pieces).map(|_| *dice.one(&PIECES)).collect()
}

/// A project with a file of every kind that `check` reads.
fn whole() -> Project {
    let project = Project::minimal();
    let events = "id,date,section,text,source,note\nlaw,2022-05,prosecution,A law.,police_2024,\n";
    project.write(&format!("{COUNTRY}/events.csv"), events);
    let register = "period,stage,sex,count,qualifier,source,note\n2023,convicted,male,1,,police_2024,\n";
    project.write(&format!("{COUNTRY}/register/arrests.csv"), register);
    let report = project.read("data/report.toml");
    let donor = "\n[[donors]]\nid = \"a\"\nname = \"A\"\naddresses = [\"a@example.org\"]\n";
    project.write("data/report.toml", &(report + donor));
    project
}

/// Puts a text into one place of a file, as the file's kind writes texts, or as it is.
fn put(dice: &mut Dice, path: &str, sound: &str, text: &str) -> String {
    let escaped = serde_json::Value::from(text).to_string();
    let end = path.rsplit('.').next().unwrap_or_default();
    match end {
        "csv" if !dice.once_in(4) => {
            let mut rows: Vec<Vec<String>> =
                sound.lines().map(|row| row.split(',').map(str::to_owned).collect()).collect();
            let row = dice.below(rows.len());
            let column = dice.below(rows[row].len());
            rows[row][column] = format!("\"{}\"", text.replace('"', "\"\""));
            rows.iter().map(|row| row.join(",") + "\n").collect()
        }
        "toml" | "json" if !dice.once_in(4) => {
            let mut parts: Vec<&str> = sound.split('"').collect();
            // What stands between two quotes is every second part.
            let at = (1 + 2 * dice.below(parts.len() / 2)).min(parts.len() - 1);
            parts[at] = &escaped[1..escaped.len() - 1];
            parts.join("\"")
        }
        "typ" if dice.once_in(2) => {
            let calls = [
                format!("{sound}\n#lit[{text}]\n"),
                format!("{sound}\n#n({escaped}, year: 2023)#src()\n"),
                format!("{sound}\n#words(\"persons_arrested\", year: 2023, sex: {escaped}) persons.#src()\n"),
                format!("{sound}\n= {text}\n- {text}\n"),
            ];
            dice.one(&calls).clone()
        }
        _ => {
            let places: Vec<usize> = sound.char_indices().map(|(at, _)| at).collect();
            let (before, after) = sound.split_at(*dice.one(&places));
            format!("{before}{text}{after}")
        }
    }
}

#[test]
fn any_text_in_any_file_is_answered_with_findings_inside_it() {
    let project = whole();
    let paths: Vec<String> = files(&project.path("data")).into_iter().map(|path| format!("data/{path}")).collect();
    for seed in 0..if long() { 20_000 } else { 250 } {
        let mut dice = Dice::of(seed);
        // Every file in turn, so that none is left out.
        let path = &paths[usize::try_from(seed).expect("a small number") % paths.len()];
        let (sound, text) = (project.read(path), text(&mut dice));
        project.write(path, &put(&mut dice, path, &sound, &text));
        examine(&project, &format!("seed {seed}, {path}, {text:?}"));
        project.write(path, &sound);
    }
}

#[test]
fn files_of_any_name_are_answered() {
    for seed in 0..if long() { 500 } else { 20 } {
        let (project, mut dice) = (Project::minimal(), Dice::of(seed));
        let name: String = text(&mut dice).chars().filter(|c| !matches!(c, '\0' | '/')).take(40).collect();
        for path in ["narrative/en/NAME.typ", "NAME.csv", "register/NAME.csv", "narrative/NAME/brief.typ"] {
            project.write(&format!("{COUNTRY}/{}", path.replace("NAME", &name)), "a,½\n²,Ⅳ\n");
        }
        project.write(&format!("data/indicators/{name}x/section.toml"), "title = \"½\"\n");
        project.write(&format!("data/text/{name}.toml"), "name = \"²\"\n");
        examine(&project, &format!("seed {seed}, {name:?}"));
    }
}

#[test]
fn any_question_is_answered() {
    let project = Project::minimal();
    let seeds = if long() { 500 } else { 12 };
    for seed in 0..seeds {
        let mut dice = Dice::of(seed);
        let asked = text(&mut dice).replace('\0', "");
        let asked: String = asked.chars().take(100).collect();
        project.write("t.csv", &format!("{asked}sex,persons\nfemale,½\nmale,{asked}\ntotal,²\n"));
        let (year, cell) = (format!("year={asked}"), format!("XXA/{asked}"));
        let asks: [&[&str]; 6] = [
            &["explain", "--", &asked],
            &["explain", "XXA/persons_arrested", &year],
            &["explain", "--", &cell],
            &["audit", "t.csv", "--value", "persons", "--mark", "½=1..4"],
            &["audit", "t.csv", "--value", &asked],
            &["diff", &asked, "."],
        ];
        for ask in asks {
            // What follows `--` is asked, whatever it begins with: the root stands before it.
            let root = project.root().to_str().expect("a path");
            let arguments = [&ask[..1], &["--root", root], &ask[1..]].concat();
            let mut command = Command::new(env!("CARGO_BIN_EXE_tipbrief"));
            let run = Run::of(command.args(&arguments).current_dir(root));
            let bug = run.stderr.contains("this is a bug in tipbrief");
            assert!(!bug && (0..=4).contains(&run.code), "seed {seed}, {ask:?}: {}", run.stderr);
        }
    }
}

/// The numerals of scripts that a document can say: with the letters that the page has, or with a face that is declared.
#[test]
fn a_text_with_signs_of_several_bytes_is_set_and_traced() {
    let project = Project::minimal();
    let prose = project.read(PROSE);
    let texts = [
        "Decree 2 asks for 6 m² for each person.",
        "Article 4½, section Ⅳ, footnote ²",
        "a²b, c³ and 10⁻²",
        "½",
        "6 m²",
        "1⁄2 e\u{301}",
    ];
    for text in texts {
        project.write(PROSE, &format!("{prose}\n#lit[{text}]\n"));
        let run = project.run(&["build", "--format", "short"]);
        assert_eq!(run.code, 0, "{text}: {}", run.stderr);
    }
    let figures = project.read("output/XXA/figures.json");
    assert!(figures.contains("\"literals\""), "{figures}");
}

/// Digits of every script are numbers: bare they are an error at their place; declared as no figures they are typeset, or
/// reported as missing from every font.
#[test]
fn digits_of_every_script_are_traced_or_refused() {
    let project = Project::minimal();
    let prose = project.read(PROSE);
    let line = prose.lines().count() + 2;
    for digits in ["৪১", "၄၁", "۴۱", "٤١", "๔๑", "໔໑", "៤១", "４１", "²", "½", "Ⅳ", "①", "〇", "𝟒𝟏"]
    {
        project.write(PROSE, &format!("{prose}\nOf them {digits} were freed.\n"));
        let run = project.run(&["check", "--format", "short"]);
        let due = format!("{PROSE}:{line}:9: error[unbound-number]: ");
        assert!(run.code == 1 && run.stdout.contains(&due), "{digits}: {}{}", run.stdout, run.stderr);
        project.write(PROSE, &format!("{prose}\n#lit[Law {digits}] says so.\n"));
        let run = project.run(&["build", "--format", "short"]);
        let refused = run.stderr.contains(&format!("{PROSE}:{line}:")) && run.stderr.contains("error[");
        assert!(run.code == 0 || run.code == 1 && refused, "{digits}: exit {}: {}", run.code, run.stderr);
    }
}

#[test]
fn any_text_in_what_was_published_is_compared() {
    let project = Project::minimal();
    project.build();
    let sound = project.read("output/XXA/figures.json");
    copy(&project.path("output"), &project.path("old"));
    for seed in 0..if long() { 500 } else { 12 } {
        let mut dice = Dice::of(seed);
        let text = text(&mut dice);
        project.write("old/XXA/figures.json", &put(&mut dice, "figures.json", &sound, &text));
        for format in ["text", "markdown", "json"] {
            let run = project.run(&["diff", "old", "output", "--format", format]);
            let bug = run.stderr.contains("this is a bug in tipbrief");
            assert!(!bug && run.code <= 3, "seed {seed}, {text:?}: {}", run.stderr);
        }
        fs::write(project.path("old/XXA/figures.json"), &sound).expect("it can be written");
    }
}
