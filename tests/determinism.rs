//! The same inputs give the same bytes, however many threads work.

use std::collections::BTreeMap;
use std::fs;

use sha2::{Digest, Sha256};

use crate::project::{Project, Run, files};

/// Every output of a build, by path; the stamp is of this machine only.
fn outputs(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let output = project.path("output");
    let read = |path: String| (path.clone(), fs::read(output.join(&path)).expect("an output can be read"));
    files(&output).into_iter().filter(|path| !path.starts_with('.')).map(read).collect()
}

fn assert_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>, of: &str) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>(), "{of}: the files differ");
    for (path, bytes) in one {
        assert!(bytes == &other[path], "{of}: the bytes of {path} differ");
    }
}

/// A build in a shell whose umask, locale, time zone and number of threads are others.
fn build_elsewhere(project: &Project, umask: &str, zone: &str, locale: &str, threads: &str) {
    let program = format!("umask {umask}; exec \"$0\" build --root \"$1\"");
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &program, env!("CARGO_BIN_EXE_tipbrief")]).arg(project.root()).current_dir("/");
    shell.env("TZ", zone).env("LANG", locale).env("LC_ALL", locale).env("SOURCE_DATE_EPOCH", threads);
    shell.env("POLARS_MAX_THREADS", threads).env("RAYON_NUM_THREADS", threads);
    let run = Run::of(&mut shell);
    assert_eq!(run.code, 0, "a build elsewhere ends well:\n{}", run.stderr);
}

#[test]
fn builds_are_the_same_bytes() {
    for name in ["minimal", "alternatives"] {
        let (first, second, single) = (Project::named(name), Project::named(name), Project::named(name));
        first.build();
        build_elsewhere(&second, "077", "America/St_Johns", "tr_TR.UTF-8", "7");
        build_elsewhere(&single, "002", "Asia/Vientiane", "lo_LA.UTF-8", "1");
        let reference = outputs(&first);
        assert!(reference.contains_key("manifest.json"), "the manifest is among the outputs");
        assert_same(&reference, &outputs(&second), &format!("{name}, built with many threads in another place"));
        assert_same(&reference, &outputs(&single), &format!("{name}, built with one thread in another place"));
    }
}

#[test]
fn a_second_build_in_place_changes_nothing() {
    let project = Project::minimal();
    let first = project.build();
    let before = outputs(&project);
    let second = project.build();
    assert_same(&before, &outputs(&project), "built twice in place");
    assert_eq!(first.stdout, second.stdout, "the paths written are named both times");
}

#[test]
fn a_changed_table_changes_what_is_printed() {
    let project = Project::minimal();
    project.build();
    let before = outputs(&project);
    project.replace("data/countries/XXA/arrests.csv", "2023,arrested,total,41", "2023,arrested,total,42");
    project.build();
    let after = outputs(&project);
    for path in ["manifest.json", "XXA/figures.json", "XXA/en/brief.pdf", "XXA/tables/persons_arrested.csv"] {
        assert!(before[path] != after[path], "{path} is still the old one");
    }
}

#[test]
fn a_damaged_output_is_made_anew() {
    let project = Project::minimal();
    project.build();
    let before = outputs(&project);
    project.write("output/XXA/tables/persons_arrested.csv", "damaged\n");
    fs::remove_file(project.path("output/XXA/en/brief.pdf")).expect("there is a brief");
    project.build();
    assert_same(&before, &outputs(&project), "built again over damaged outputs");
}

#[test]
fn the_manifest_names_every_input_and_output_with_its_checksum() {
    let project = Project::minimal();
    project.build();
    let manifest: serde_json::Value = serde_json::from_str(&project.read("output/manifest.json")).expect("JSON");
    let sums = |part: &str, folders: &[&str], root: &str| {
        let listed = manifest[part].as_object().unwrap_or_else(|| panic!("`{part}` is an object"));
        let under = |folder: &&str| files(&project.path(&format!("{root}{folder}")));
        let on_disk: Vec<String> = folders
            .iter()
            .flat_map(|folder| under(folder).into_iter().map(move |path| format!("{folder}{path}")))
            .filter(|path| !path.starts_with('.') && path != "manifest.json")
            .collect();
        assert_eq!(listed.keys().cloned().collect::<Vec<_>>(), on_disk, "`{part}` lists what there is");
        for (path, sum) in listed {
            let bytes = fs::read(project.path(&format!("{root}{path}"))).expect("a listed file can be read");
            let found: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(sum.as_str(), Some(found.as_str()), "the checksum of {path}");
        }
    };
    sums("inputs", &["data/", "templates/"], "");
    sums("outputs", &[""], "output/");
}
