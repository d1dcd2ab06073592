//! Copies for donors: what each receives, all of them or none, only one where one is asked for, and how a build tells of them.

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;

use crate::dice::{Dice, long};
use crate::project::{Project, Run, files};

/// A logo that is wider than its place and lower than it.
pub const LOGO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 900 60\" width=\"900\" height=\"60\">\
                        <rect width=\"900\" height=\"60\" fill=\"#2F5266\"/></svg>\n";
const KEPT: &str = "kept: its inputs have not changed";

/// Adds `[[donors]]` to a project.
pub fn declare(project: &Project, donors: &str) {
    project.write("data/report.toml", &format!("{}\n{donors}", project.read("data/report.toml")));
}

/// The smallest project with a second country and two donors: one reads all of it, the other one section of one country.
fn two_donors() -> Project {
    let project = Project::minimal();
    project.add_country("XXC");
    project.write("data/logos/aid.svg", LOGO);
    declare(
        &project,
        "[[donors]]\nid = \"aid\"\nname = \"Aid & <Trade>\"\nlogo = \"logos/aid.svg\"\nnote = \"With thanks for your support.\"\n\
         [[donors]]\nid = \"fund\"\nname = \"The fund\"\ncountries = [\"XXA\"]\nsections = [\"protection\"]\n",
    );
    project
}

/// The rows of `delivery.csv` without their labels, field by field.
fn delivery(project: &Project) -> Vec<Vec<String>> {
    let text = project.read("output/delivery.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().expect("labels"), ["donor", "file", "sha256", "pages"].as_slice());
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

/// The text of each page of a PDF below `output/`, as words.
pub fn words(project: &Project, path: &str) -> Vec<Vec<String>> {
    let pdf = fs::read(project.path(&format!("output/{path}"))).unwrap_or_else(|error| panic!("{path}: {error}"));
    let pages = tipbrief::document::trace::pages(&pdf).expect("the PDF can be read");
    let split = |runs: Vec<String>| runs.join(" ").split_whitespace().map(str::to_owned).collect();
    pages.into_iter().map(split).collect()
}

/// The document that is published, of which a copy is made.
fn published(copy: &str) -> String {
    let name = copy.rsplit('/').next().expect("a name");
    let (country, rest) = name.split_at(3);
    let (language, document) = rest[1..].split_once('-').expect("a language and a document");
    format!("{country}/{language}/{document}")
}

/// The first page of a copy holds all that the first page of the document holds, and there are no more pages than its.
fn agrees(copy: &[Vec<String>], own: &[Vec<String>], path: &str) {
    assert_eq!(copy.len(), own.len(), "{path} has the pages of the document that is published");
    // A script without spaces is parted now here, now there.
    let first = copy[0].concat();
    let missing: Vec<&String> = own[0].iter().filter(|word| !first.contains(*word)).collect();
    assert!(missing.is_empty(), "{path}: the first page lacks {missing:?}");
}

fn says(project: &Project, path: &str, phrase: &str) -> bool {
    words(project, path).concat().join(" ").contains(phrase)
}

/// What a donor has, by path below `output/donors/`.
fn copies(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let folder = project.path("output/donors");
    let paths = if folder.is_dir() { files(&folder) } else { Vec::new() };
    paths.into_iter().map(|path| (path.clone(), fs::read(folder.join(path)).expect("a copy"))).collect()
}

fn verified(project: &Project) -> String {
    project.run(&["verify"]).stdout
}

/// Why each PDF of a build was made that was not kept, by path below `output/`.
fn made(project: &Project, options: &[&str]) -> BTreeMap<String, String> {
    let run = project.run(&[&["build", "--explain"], options].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    let root = format!("{}/", project.path("output").display());
    let of = |line: &str| {
        let (path, why) = line.split_once(": ")?;
        Some((path.strip_prefix(&root)?.to_owned(), why.to_owned()))
    };
    run.stdout.lines().filter_map(of).filter(|(path, why)| path.ends_with(".pdf") && why != KEPT).collect()
}

#[test]
fn each_donor_has_a_document_of_its_own_of_the_same_numbers() {
    let project = two_donors();
    let run = project.build();
    let paths = ["donors/aid/XXA-en-brief.pdf", "donors/aid/XXC-en-brief.pdf", "donors/fund/XXA-en-brief.pdf"];
    let rows = delivery(&project);
    assert_eq!(rows.iter().map(|row| row[1].as_str()).collect::<Vec<_>>(), paths);
    for row in &rows {
        let pdf = fs::read(project.path(&format!("output/{}", row[1]))).expect("the copy is there");
        assert_eq!(row[0], row[1].split('/').nth(1).expect("a donor"));
        assert_eq!(row[2], tipbrief::delivery::publish::sum(&pdf));
        assert_eq!(row[3], words(&project, &row[1]).len().to_string());
        assert!(run.stdout.contains(&row[1]), "it is listed: {}", run.stdout);
    }
    assert!(says(&project, paths[0], "Prepared for Aid & <Trade>"), "its name is printed as it stands");
    assert!(says(&project, paths[0], "With thanks for your support."));
    for path in [paths[0], paths[1]] {
        let (copy, own) = (words(&project, path), words(&project, &published(path)));
        assert_eq!(copy[1..], own[1..], "{path}: what follows the first page is the same");
        agrees(&copy, &own, path);
    }
    let section = "Arrests resumed in 2023";
    assert!(says(&project, paths[0], section) && !says(&project, paths[2], section), "it reads other sections");
    assert_eq!(verified(&project), "");
    assert_eq!(made(&project, &[]), BTreeMap::new(), "a second build makes nothing");
}

#[test]
fn a_copy_is_made_anew_when_what_it_is_made_of_differs() {
    let project = two_donors();
    project.build();
    let before = copies(&project);
    project.replace("data/report.toml", "With thanks", "With many thanks");
    let whys = made(&project, &[]);
    assert_eq!(whys.keys().collect::<Vec<_>>(), ["donors/aid/XXA-en-brief.pdf", "donors/aid/XXC-en-brief.pdf"]);
    assert_eq!(copies(&project)["fund/XXA-en-brief.pdf"], before["fund/XXA-en-brief.pdf"]);
    project.replace("data/logos/aid.svg", "#2F5266", "#15212B");
    let whys = made(&project, &[]);
    assert!(whys.len() == 2 && whys.values().all(|why| why == "built: inputs changed: the donor's logo"), "{whys:?}");
    fs::write(project.path("output/donors/fund/XXA-en-brief.pdf"), "mine").expect("it can be written");
    fs::write(project.path("output/donors/fund/stray.pdf"), "mine").expect("it can be written");
    assert!(verified(&project).contains("output/donors/fund/stray.pdf: is not in the manifest"));
    assert_eq!(made(&project, &[]).keys().collect::<Vec<_>>(), ["donors/fund/XXA-en-brief.pdf"]);
    assert_eq!((verified(&project), copies(&project).len()), (String::new(), 3));
    assert_eq!(copies(&project)["fund/XXA-en-brief.pdf"], before["fund/XXA-en-brief.pdf"], "byte for byte");
}

#[test]
fn donors_that_are_declared_no_more_have_nothing() {
    let project = two_donors();
    let before = project.read("data/report.toml");
    project.build();
    project.write("data/report.toml", before.split("[[donors]]\nid = \"fund\"").next().expect("one donor"));
    project.build();
    assert_eq!(copies(&project).keys().collect::<Vec<_>>(), ["aid/XXA-en-brief.pdf", "aid/XXC-en-brief.pdf"]);
    project.write("data/report.toml", before.split("[[donors]]").next().expect("no donor"));
    project.build();
    assert!(!project.path("output/donors").exists() && !project.path("output/delivery.csv").exists());
    assert_eq!(verified(&project), "");
}

#[test]
fn one_donor_is_made_anew_and_the_others_keep_what_they_have() {
    let project = two_donors();
    assert_eq!(made(&project, &["--donor", "fund"]).len(), 3, "the countries' documents and one copy");
    assert_eq!(copies(&project).len(), 1, "no other donor had anything");
    assert_eq!(delivery(&project).len(), 1);
    assert_eq!(made(&project, &["--donor", "fund"]), BTreeMap::new());
    assert_eq!(made(&project, &[]).len(), 2, "the other donor's copies are still to be made");
    assert_eq!(verified(&project), "");
    let before = copies(&project);
    project.replace("data/countries/XXA/arrests.csv", "2023,arrested,total,41", "2023,arrested,total,42");
    let whys = made(&project, &["--donor", "fund"]);
    assert_eq!(whys["donors/aid/XXA-en-brief.pdf"], "kept: not asked for");
    assert!(whys["donors/fund/XXA-en-brief.pdf"].starts_with("built: "), "{whys:?}");
    assert_eq!(copies(&project)["aid/XXA-en-brief.pdf"], before["aid/XXA-en-brief.pdf"]);
    assert_eq!(delivery(&project).len(), 3);
    assert_eq!(verified(&project), "output/donors/aid: is from an earlier build than the rest\n");
    project.build();
    assert_eq!(verified(&project), "");
    assert_ne!(copies(&project)["aid/XXA-en-brief.pdf"], before["aid/XXA-en-brief.pdf"]);
    // What another donor has and is not as it was made is made again.
    fs::write(project.path("output/donors/aid/XXA-en-brief.pdf"), "mine").expect("it can be written");
    assert_eq!(made(&project, &["--donor", "fund"]).keys().collect::<Vec<_>>(), ["donors/aid/XXA-en-brief.pdf"]);
    assert_eq!(verified(&project), "");
}

#[test]
fn an_undeclared_donor_is_reported_with_the_nearest_name() {
    let project = two_donors();
    for (asked, hint) in [("fnud", "did you mean `fund`?"), ("xylophone", "there are: aid, fund")] {
        let run = project.run(&["build", "--donor", asked, "--format", "short"]);
        assert_eq!((run.code, run.stdout.as_str()), (1, ""));
        let expected = format!("data/report.toml:12:6: error[unknown-name]: there is no donor `{asked}`");
        assert!(run.stderr.starts_with(&expected), "{}", run.stderr);
        let run = project.run(&["build", "--donor", asked]);
        assert!(run.stderr.contains(hint), "{}", run.stderr);
    }
    assert!(!project.path("output").join("XXA").exists(), "nothing is made");
    let run = Project::minimal().run(&["build", "--donor", "fund"]);
    assert!(run.code == 1 && run.stderr.contains("none is declared"), "{}", run.stderr);
}

#[test]
fn a_copy_with_a_fault_keeps_all_copies_and_their_list() {
    let project = two_donors();
    project.build();
    let (before, list) = (copies(&project), project.read("output/delivery.csv"));
    project.replace("data/countries/XXA/arrests.csv", "2023,arrested,total,41", "2023,arrested,total,42");
    let wide = "W".repeat(159);
    for (note, expected) in [
        (wide.as_str(), "data/report.toml:15:8: error[too-long]: the cover note needs "),
        ("ok", "data/report.toml:14:8: error[typst-error]: "),
    ] {
        let text = project.read("data/report.toml");
        let old = text.lines().find(|line| line.starts_with("note = ")).expect("a note").to_owned();
        project.replace("data/report.toml", &old, &format!("note = \"{note}\""));
        if note == "ok" {
            // The beginning of a picture, and no picture.
            fs::write(project.path("data/logos/aid.svg"), b"\x89PNG\r\n\x1a\n and no more").expect("a file");
        }
        let run = project.run(&["build", "--format", "short"]);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(run.stderr.starts_with(expected), "{}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 1, "it is reported once, though it is in each copy: {}", run.stderr);
        assert!(says(&project, "XXA/en/brief.pdf", "42"), "the country is published all the same");
        assert!(copies(&project) == before && project.read("output/delivery.csv") == list, "the copies are kept");
        let kept = "output/delivery.csv: is from an earlier build than the rest\n\
                    output/donors: is from an earlier build than the rest\n";
        assert_eq!(verified(&project), kept);
        let run = project.run(&["build"]);
        assert!(run.stderr.contains("previous output kept: donors"), "{}", run.stderr);
    }
    project.write("data/logos/aid.svg", LOGO);
    project.build();
    assert!(copies(&project) != before && verified(&project).is_empty(), "the next build makes them");
}

#[test]
fn a_country_with_a_fault_keeps_all_copies() {
    let project = two_donors();
    project.build();
    let before = copies(&project);
    project.replace("data/countries/XXC/arrests.csv", "2023,arrested,total,41", "2023,arrested,total,4l");
    project.replace("data/countries/XXA/arrests.csv", "2023,arrested,total,41", "2023,arrested,total,42");
    let run = project.run(&["build"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("previous output kept: XXC, donors"), "{}", run.stderr);
    assert!(copies(&project) == before && says(&project, "XXA/en/brief.pdf", "42"));
    // The fund follows XXA alone.
    let run = project.run(&["build", "--donor", "fund"]);
    assert!(run.stderr.contains("previous output kept: XXC\n"), "{}", run.stderr);
    assert_ne!(copies(&project)["fund/XXA-en-brief.pdf"], before["fund/XXA-en-brief.pdf"]);
    assert_eq!(copies(&project)["aid/XXA-en-brief.pdf"], before["aid/XXA-en-brief.pdf"]);
}

#[cfg(unix)]
#[test]
fn a_machine_that_fails_a_copy_keeps_all_copies() {
    use std::os::unix::fs::PermissionsExt;
    let project = two_donors();
    project.build();
    let before = copies(&project);
    project.replace("data/countries/XXA/arrests.csv", "2023,arrested,total,41", "2023,arrested,total,42");
    let typst = crate::project::typst().canonicalize().expect("there is a Typst");
    let script =
        format!("#!/bin/sh\ncase \"$*\" in */donors/fund/*) exit 7;; esac\nexec '{}' \"$@\"\n", typst.display());
    project.write("typst.sh", &script);
    fs::set_permissions(project.path("typst.sh"), fs::Permissions::from_mode(0o755)).expect("it can be made to run");
    let run = Run::of(project.command(&["build"]).env("TYPST", project.path("typst.sh")));
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("error: donors: Typst ended with exit status: 7"), "{}", run.stderr);
    assert!(run.stderr.contains("previous output kept: donors"), "{}", run.stderr);
    assert!(copies(&project) == before && says(&project, "XXA/en/brief.pdf", "42"));
    // Where there was nothing, the next build does not take that for done.
    fs::remove_dir_all(project.path("output")).expect("it is there");
    let run = Run::of(project.command(&["build"]).env("TYPST", project.path("typst.sh")));
    assert!(run.code == 3 && copies(&project).is_empty(), "{}", run.stderr);
    assert!(!project.path("output/delivery.csv").exists(), "nothing half-made");
    project.build();
    assert_eq!(copies(&project).len(), 3);
}

#[test]
fn a_figure_is_explained_with_the_copies_that_print_it() {
    let project = two_donors();
    project.build();
    let run = project.run(&["explain", "XXA/persons_arrested", "year=2023", "sex=female"]);
    let paths: Vec<&str> = run.stdout.lines().filter(|line| line.contains("output/")).map(str::trim).collect();
    let [printed, copies] = paths.as_slice() else { panic!("{}", run.stdout) };
    assert!(printed.starts_with("printed     output/XXA/en/brief.pdf, page"), "{printed}");
    assert_eq!(*copies, "copies      output/donors/aid/XXA-en-brief.pdf", "the fund reads another section");
}

#[test]
fn what_was_sent_makes_nothing_stale() {
    let project = two_donors();
    project.build();
    project.write("data/sent/2024.jsonl", "{}\n");
    assert_eq!((made(&project, &[]), verified(&project)), (BTreeMap::new(), String::new()));
}

#[test]
fn a_build_that_is_killed_leaves_all_copies_or_those_before() {
    let project = two_donors();
    let parts = |project: &Project| {
        [copies(project), [(String::new(), project.read("output/delivery.csv").into_bytes())].into()]
    };
    let turn = |from: &str, to: &str| {
        let row = |number: &str| format!("2023,arrested,total,{number}");
        project.replace("data/countries/XXA/arrests.csv", &row(from), &row(to));
    };
    project.build();
    let before = parts(&project);
    turn("41", "42");
    let start = std::time::Instant::now();
    project.build();
    let (whole, after) = (start.elapsed(), parts(&project));
    let (mut dice, mut numbers) = (Dice::of(8), ["42", "41"]);
    for kill in 0..if long() { 60 } else { 6 } {
        turn(numbers[0], numbers[1]);
        numbers.reverse();
        let mut child =
            project.command(&["build"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        std::thread::sleep(whole.mul_f64(f64::from(u32::try_from(dice.below(1000)).unwrap_or(0)) / 1000.0));
        // One that has ended already was not killed, which is a moment, too.
        let _ = child.kill();
        let _ = child.wait();
        for (at, part) in parts(&project).iter().enumerate() {
            assert!(*part == before[at] || *part == after[at], "kill {kill}: part {at} is neither");
        }
        project.build();
        assert!(parts(&project) == if numbers[0] == "42" { after.clone() } else { before.clone() }, "kill {kill}");
        assert_eq!(verified(&project), "", "kill {kill}");
    }
}

/// How many donors come at once.
fn burst() -> usize {
    if long() { 200 } else { 12 }
}

#[test]
fn many_donors_at_once_have_each_its_own() {
    let project = Project::minimal();
    let ids: Vec<String> = (0..burst()).map(|number| format!("donor-{number}")).collect();
    let declared = ids.iter().map(|id| format!("[[donors]]\nid = \"{id}\"\nname = \"The fund {id}.\"\n"));
    declare(&project, &declared.collect::<String>());
    project.build();
    let rows = delivery(&project);
    assert_eq!(rows.len(), ids.len());
    for (row, id) in rows.iter().zip(ids.iter().collect::<std::collections::BTreeSet<_>>()) {
        assert_eq!(row[1], format!("donors/{id}/XXA-en-brief.pdf"));
        assert!(says(&project, &row[1], &format!("Prepared for The fund {id}.")), "{}", row[1]);
    }
    let sums: std::collections::BTreeSet<&String> = rows.iter().map(|row| &row[2]).collect();
    assert_eq!(sums.len(), ids.len(), "each is a document of its own");
    assert_eq!((verified(&project), made(&project, &[])), (String::new(), BTreeMap::new()));
}

#[test]
fn the_longest_name_and_note_fit_the_first_page_in_every_language() {
    let project = Project::series();
    project.write("data/logos/aid.svg", LOGO);
    declare(
        &project,
        "[[donors]]\nid = \"aid\"\nlanguages = [\"en\", \"fr\", \"lo\"]\nlogo = \"logos/aid.svg\"\nname = \"United Nations Voluntary Trust \
         Fund for Victims of Trafficking in Persons, especially Women and Children\"\nnote = \"With thanks for your support of \
         shelters and of the people who run them: the figures that your programme asked about are in the part on protection, \
         overleaf.\"\n",
    );
    project.build();
    let rows = delivery(&project);
    assert_eq!(rows.len(), 36, "three documents of four countries in three languages");
    for row in rows {
        let (copy, own) = (words(&project, &row[1]), words(&project, &published(&row[1])));
        // The record flows: a line at its head moves what follows.
        if row[1].contains("annex") {
            assert!(copy.len() <= own.len() + 1, "{}: {} pages, {} without the line", row[1], copy.len(), own.len());
        } else {
            agrees(&copy, &own, &row[1]);
        }
        assert!(copy[0].join(" ").contains("overleaf."), "{}: the note is on the first page", row[1]);
        assert!(!row[1].contains("summary") || row[3] == "2", "{row:?}");
    }
}
