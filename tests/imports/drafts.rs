//! Drafts of mappings: they can be read, they never pass by themselves, and their only faults are those that they mark.

use std::fs;

use super::{Case, Importing};

/// How often a draft says that somebody must decide, comments aside.
fn marked(draft: &str) -> usize {
    let code = |line: &str| line.split(" # ").next().unwrap_or_default().to_owned();
    draft.lines().filter(|line| !line.starts_with('#')).map(|line| code(line).matches("\"?\"").count()).sum()
}

#[test]
fn the_only_faults_of_a_draft_are_those_that_it_marks() {
    for case in Case::all() {
        let importing = case.project("");
        let path = case.value("path").expect("it names its file").to_owned();
        let mapping = importing.path("x.toml");
        fs::remove_file(&mapping).expect("there is a mapping");
        let file = importing.path(&path);
        let draft = importing.run(&["--draft", file.to_str().expect("a path")]);
        assert_eq!((draft.code, draft.stderr.as_str()), (0, ""), "{}", case.name());
        fs::write(&mapping, &draft.stdout).expect("the draft can be written");
        let run = importing.shown(None);
        let others: Vec<&str> =
            run.stderr.lines().filter(|line| line.contains(": error[") && !line.contains("[undecided-code]")).collect();
        assert!(others.is_empty(), "{}: {others:#?}\n{}", case.name(), draft.stdout);
        let found = run.stderr.matches("[undecided-code]").count();
        assert_eq!((run.code, found), (1, marked(&draft.stdout)), "{}: {}\n{}", case.name(), run.stderr, draft.stdout);
        assert!(found > 0, "{}: a draft never passes by itself", case.name());
    }
}

/// A register with a name in each cell that must not be printed.
const REGISTER: &str = "Case ID,Given name,Sex,Arrived\n9001,Secretia,F,2031-01-02\n9002,Hiddenna,M,2031-02-03\n";

#[test]
fn of_a_register_a_draft_shows_labels_only() {
    let importing = Importing::of(&["LAO"], "s", "data/countries/LAO/imports");
    fs::create_dir_all(importing.path("register")).expect("a folder");
    let file = importing.path("register/a.csv");
    fs::write(&file, REGISTER).expect("a file");
    let run = importing.run(&["--draft", file.to_str().expect("a path")]);
    let ignore = r#"ignore = ["Case ID", "Given name", "Sex", "Arrived"]"#;
    assert!(run.code == 0 && run.stdout.contains(ignore), "{}{}", run.stdout, run.stderr);
    assert!(
        !["9001", "Secretia", "Hiddenna", "2031", "row"]
            .iter()
            .any(|text| run.stdout.replace("register", "").contains(text))
    );
    assert!(!run.stdout.contains("sha256"), "{}", run.stdout);
    // Without a row of labels nothing is shown, since the first row is one of persons.
    let (_, rows) = REGISTER.split_once('\n').expect("rows");
    for text in [rows, "Secretia,female\nHiddenna,female\nOthera,male\n"] {
        fs::write(&file, text).expect("a file");
        let run = importing.run(&["--draft", file.to_str().expect("a path")]);
        assert!(run.code != 0 && run.stdout.is_empty(), "{}", run.stdout);
        assert!(!["Secretia", "female", "9001"].iter().any(|text| run.stderr.contains(text)), "{}", run.stderr);
    }
}

#[test]
fn a_link_into_a_register_is_confidential_and_so_is_its_mapping_onto() {
    let importing = Importing::of(&["LAO"], "s", "data/countries/LAO/imports");
    fs::create_dir_all(importing.path("register")).expect("a folder");
    let file = importing.path("register/a.csv");
    fs::write(&file, REGISTER).expect("a file");
    #[cfg(unix)]
    {
        let link = importing.path("open.csv");
        std::os::unix::fs::symlink(&file, &link).expect("a link");
        let run = importing.run(&["--draft", link.to_str().expect("a path")]);
        assert!(!run.stdout.contains("Secretia") && run.stdout.contains("\"Given name\""), "{}", run.stdout);
    }
    let mapping = "source = \"s\"\nlicence = \"x\"\n[[file]]\npath = \"register/b.csv\"\n[[make]]\ntable = \"victims\"\n\
                   count = 1\nstatus = \"identified\"\nperiod = { column = \"Arrived\", as = \"day\" }\n\
                   sex = { column = \"Sex\", codes = \"sex\" }\n[codes.sex]\nF = \"female\"\n";
    fs::write(importing.path("x.toml"), mapping).expect("a mapping");
    let run = importing.run(&["--draft", file.to_str().expect("a path"), "--onto", "x"]);
    assert!(run.code == 0 && run.stdout.contains("\"Given name\""), "{}{}", run.stdout, run.stderr);
    assert!(!["Secretia", "\nM", "9001", "row"].iter().any(|text| run.stdout.replace("register", "").contains(text)));
}
