//! Links that lead out of the project: nothing behind them is read, hashed or printed, and nothing is written through them.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;

use tempfile::TempDir;

use crate::donors::{LOGO, declare};
use crate::mail::with_donors;
use crate::project::{Project, Run, files};

/// A name and a text that nobody may see.
const SECRET: &str = "Harbour-Lane";

/// A pipe outside the project that tells whether anybody opened it to read.
struct Trap {
    folder: TempDir,
    opened: Receiver<()>,
    watching: Option<JoinHandle<()>>,
}

impl Trap {
    fn set() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(SECRET);
        let made = Command::new("mkfifo").arg(&path).status().expect("there is mkfifo");
        assert!(made.success(), "mkfifo makes a pipe");
        let (sender, opened) = channel();
        // To open a pipe for writing waits for a reader.
        let watching = std::thread::spawn(move || {
            let _ = fs::File::options().write(true).open(path);
            let _ = sender.send(());
        });
        Self { folder, opened, watching: Some(watching) }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join(SECRET)
    }

    /// The pipe under another name, so that whoever takes what is there for a project's finds it.
    fn also(&self, name: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        fs::hard_link(self.file(), path).expect("a second name");
    }

    fn was_opened(&self) -> bool {
        self.opened.try_recv().is_ok()
    }
}

impl Drop for Trap {
    fn drop(&mut self) {
        // Lets the thread go.
        let reader = fs::File::options().read(true).write(true).open(self.file());
        let _ = self.watching.take().map(JoinHandle::join);
        drop(reader);
    }
}

/// Puts a link where the project has or may have something.
fn plant(project: &Project, inside: &str, target: &Path) {
    let path = project.path(inside);
    fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
    if path.is_dir() {
        fs::remove_dir_all(&path).expect("the folder can be removed");
    } else if path.exists() {
        fs::remove_file(&path).expect("the file can be removed");
    }
    symlink(target, path).expect("a link can be made");
}

/// A project with a snapshot that it names, a released ledger, a logo and a font of its own.
fn rich() -> Project {
    let project = Project::minimal();
    project.write("data/logos/aid.svg", LOGO);
    declare(&project, "[[donors]]\nid = \"aid\"\nname = \"Aid\"\nlogo = \"logos/aid.svg\"\n");
    project.replace("data/report.toml", "issue = \"2024\"", "issue = \"2024\"\nprevious = \"2023\"");
    project.write("data/snapshots/2023/XXA/figures.json", "{\"country\": \"XXA\", \"figures\": []}");
    fs::create_dir_all(project.path("data/ledger")).expect("a folder");
    for (name, bytes) in [("upright", dejavu::sans::regular()), ("bold", dejavu::sans::bold())] {
        fs::create_dir_all(project.path("data/fonts")).expect("a folder");
        fs::write(project.path(&format!("data/fonts/{name}.ttf")), bytes).expect("a font");
    }
    let text = project.read("data/text/en.toml");
    project.write("data/text/en.toml", &format!("{text}\n[font]\nfamily = \"DejaVu Sans\"\nfolder = \"data/fonts\"\n"));
    project
}

/// Checks and builds it, and asks that the link is named once and for this reason, and nothing behind it.
fn refused(project: &Project, link: &str, why: &str) {
    let name = link.rsplit('/').next().unwrap_or(link);
    let expected = format!("{link}:1:1: error[path-error]: `{name}` is not read: {why}\n");
    let (check, build) = (&["check", "--format", "short"], &["build", "--format", "short"]);
    for run in [project.run(check), project.run(build)] {
        let output = format!("{}{}", run.stdout, run.stderr);
        assert_eq!((run.code, output.matches(&expected).count()), (1, 1), "{link}: {output}");
        assert!(!output.contains(SECRET), "{link}: {output}");
    }
    assert!(!project.path("output/XXA/en/brief.pdf").exists(), "{link}: nothing is published");
}

#[test]
fn the_rich_project_is_sound() {
    let project = rich();
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
}

#[test]
fn a_link_to_a_file_outside_is_named_and_not_opened() {
    for link in [
        "data/logos/aid.svg",
        "data/fonts/upright.ttf",
        "data/fonts/italic.ttf",
        "data/snapshots/2023/XXA/figures.json",
        "data/snapshots/2023/XXA/tables/datapackage.json",
        "data/snapshots/2022/XXA/figures.json",
        "data/ledger/2023.json",
        "data/text/en.toml",
        "data/schemas/arrests.json",
        "data/indicators/prosecution/section.toml",
        "data/countries/XXA/country.toml",
        "data/countries/XXA/arrests.csv",
        "data/countries/XXA/narrative/en/brief.typ",
        "data/sent/2024.jsonl",
        "data/nobodys.txt",
        "templates/nobodys.txt",
        "templates/components/nobodys.typ",
    ] {
        let (project, trap) = (rich(), Trap::set());
        plant(&project, link, &trap.file());
        refused(&project, link, "it leads out of the project");
        assert!(!trap.was_opened(), "{link} was opened");
    }
}

#[test]
fn a_link_to_a_folder_outside_is_named_and_nothing_in_it() {
    for (link, held) in [
        ("data/logos", "aid.svg"),
        ("data/fonts", "upright.ttf"),
        ("data/snapshots", "2023/XXA/figures.json"),
        ("data/snapshots/2023", "XXA/figures.json"),
        ("data/snapshots/2023/XXA", "figures.json"),
        ("data/ledger", "2023.json"),
        ("data/text", "en.toml"),
        ("data/schemas", "arrests.json"),
        ("data/indicators", "prosecution/section.toml"),
        ("data/countries", "XXA/country.toml"),
        ("data/countries/XXA", "country.toml"),
        ("data/sent", "2024.jsonl"),
        ("data/nobodys", "file"),
        ("templates", "brief.typ"),
        ("templates/components", "file.typ"),
    ] {
        let (project, trap) = (rich(), Trap::set());
        trap.also(held);
        plant(&project, link, trap.folder.path());
        refused(&project, link, "it leads out of the project");
        assert!(!trap.was_opened(), "{link} was read");
    }
}

#[test]
fn a_chain_of_links_leads_where_its_end_is() {
    for link in ["data/logos/aid.svg", "data/fonts/upright.ttf", "data/snapshots/2023/XXA/figures.json", "data/nobodys"]
    {
        let (project, trap) = (rich(), Trap::set());
        let between = trap.folder.path().join("between");
        symlink(trap.file(), &between).expect("a link can be made");
        plant(&project, link, &between);
        refused(&project, link, "it leads out of the project");
        assert!(!trap.was_opened(), "{link} was opened");
    }
}

#[test]
fn a_link_that_leads_nowhere_or_in_a_circle_is_named() {
    for link in
        ["data/logos/aid.svg", "data/fonts/bold.ttf", "data/snapshots/2023/XXA/tables/datapackage.json", "data/x"]
    {
        for target in [SECRET.to_owned(), link.rsplit('/').next().expect("a name").to_owned()] {
            let project = rich();
            plant(&project, link, Path::new(&target));
            refused(&project, link, "it leads nowhere");
        }
    }
}

#[test]
fn a_pipe_is_named_and_not_waited_for() {
    for path in ["data/logos/aid.svg", "data/fonts/upright.ttf", "data/nobodys", "templates/nobodys"] {
        let project = rich();
        let _ = fs::remove_file(project.path(path));
        let made = Command::new("mkfifo").arg(project.path(path)).status().expect("there is mkfifo");
        assert!(made.success(), "mkfifo makes a pipe");
        refused(&project, path, "it is neither a file nor a folder");
    }
}

#[test]
fn no_declaration_reaches_into_a_register() {
    let register = "data/countries/XXA/register/victims.csv";
    for link in ["data/logos/aid.svg", "data/fonts/upright.ttf", "data/snapshots/2023/XXA/figures.json"] {
        let project = rich();
        project.write(register, &format!("period,case_id\n2023,{SECRET}\n"));
        plant(&project, link, &project.path(register));
        refused(&project, link, "it leads into a register");
    }
    let project = rich();
    project.write("data/countries/XXA/register/aid.svg", LOGO);
    project.replace("data/report.toml", "logos/aid.svg", "countries/XXA/register/aid.svg");
    let run = project.run(&["check", "--format", "short"]);
    let expected = "error[path-error]: `countries/XXA/register/aid.svg` is not read: it leads into a register";
    assert!(run.code == 1 && run.stdout.contains(&format!("data/report.toml:15:8: {expected}")), "{}", run.stdout);
}

#[test]
fn fonts_of_the_machine_may_be_links() {
    let (project, machine) = (rich(), tempfile::tempdir().expect("a temporary folder"));
    fs::create_dir(machine.path().join("fonts")).expect("a folder");
    for name in ["upright", "bold"] {
        let file = machine.path().join(name);
        fs::rename(project.path(&format!("data/fonts/{name}.ttf")), &file).expect("the font can be moved");
        symlink(file, machine.path().join(format!("fonts/{name}.ttf"))).expect("a link can be made");
    }
    let folder = machine.path().join("fonts");
    project.replace("data/text/en.toml", "\"data/fonts\"", &format!("{folder:?}"));
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
}

/// A folder outside with a file in it that must stay as it is.
struct Victim(TempDir);

impl Victim {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["file", "manifest.json", ".manifest", "new/XXA/en/brief.pdf", "brief.pdf"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, SECRET).expect("a file");
        }
        Self(folder)
    }

    fn is_as_it_was(&self) -> bool {
        let own = files(self.0.path());
        let same = |name: &String| fs::read_to_string(self.0.path().join(name)).is_ok_and(|text| text == SECRET);
        own.len() == 5 && own.iter().all(same)
    }
}

#[test]
fn nothing_is_written_through_a_link_in_the_output() {
    for (link, to) in [
        ("output/.stamp", "file"),
        ("output/.stamp.new", "file"),
        ("output/.work", ""),
        ("output/.work/.manifest", "file"),
        ("output/.work/XXA-en-brief", ""),
        ("output/.work/new", "new"),
        ("output/XXA", ""),
        ("output/XXA/en", ""),
        ("output/XXA/en/brief.pdf", "file"),
        ("output/index.html", "file"),
        ("output/manifest.json", "file"),
    ] {
        for built_before in [false, true] {
            let (project, victim) = (Project::minimal(), Victim::new());
            if built_before {
                project.build();
                project.replace("data/countries/XXA/arrests.csv", "2023,arrested,total,41", "2023,arrested,total,42");
            }
            plant(&project, link, &victim.0.path().join(to));
            let run = project.run(&["build"]);
            assert_eq!(run.code, 0, "{link}: {}", run.stderr);
            assert!(victim.is_as_it_was(), "{link}: {:?}", files(victim.0.path()));
            let brief = project.path("output/XXA/en/brief.pdf");
            assert!(
                brief.canonicalize().is_ok_and(|real| real.starts_with(project.root().canonicalize().expect("a root")))
            );
            let verified = project.run(&["verify"]);
            assert_eq!((verified.code, verified.stdout.as_str()), (0, ""), "{link}: the set is whole");
        }
    }
}

#[test]
fn a_pipe_in_the_output_is_not_waited_for() {
    let project = Project::minimal();
    project.build();
    for path in ["output/.stamp", "output/.stamp.new", "output/manifest.json", "output/XXA/en/brief.pdf"] {
        let _ = fs::remove_file(project.path(path));
        let made = Command::new("mkfifo").arg(project.path(path)).status().expect("there is mkfifo");
        assert!(made.success(), "mkfifo makes a pipe");
        let verified = project.run(&["verify"]);
        assert_ne!(verified.code, 2, "{path}: it comes to an end");
        let run = project.run(&["build"]);
        assert_eq!(run.code, 0, "{path}: {}", run.stderr);
        let verified = project.run(&["verify"]);
        assert_eq!((verified.code, verified.stdout.as_str()), (0, ""), "{path}: the set is whole");
    }
}

#[test]
fn a_lock_that_is_a_link_is_named() {
    let (project, victim) = (Project::minimal(), Victim::new());
    plant(&project, "output/.lock", &victim.0.path().join("gone"));
    let run = project.run(&["build"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("error: `output/.lock` is no file but a link"), "{}", run.stderr);
    assert!(victim.is_as_it_was(), "no file is made where it leads");
}

#[test]
fn messages_and_journal_are_written_through_no_link() {
    let (project, victim) = (with_donors(Project::minimal(), 1), Victim::new());
    plant(&project, "output/.mail", victim.0.path());
    let run = project.run(&["send"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(victim.is_as_it_was() && !project.path("output/.mail").is_symlink());
    project.write("data/.journal-kept", SECRET);
    plant(&project, "data/sent/2024.jsonl", &project.path("data/.journal-kept"));
    let run = project.run(&["send"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains("`data/sent/2024.jsonl` is a link; put the journal itself there"), "{}", run.stderr);
    assert_eq!(project.read("data/.journal-kept"), SECRET);
}

#[test]
fn what_was_published_and_is_a_link_now_is_told_and_made_anew() {
    let (project, elsewhere) = (Project::minimal(), tempfile::tempdir().expect("a temporary folder"));
    project.build();
    let (brief, kept) = (project.path("output/XXA/en/brief.pdf"), elsewhere.path().join("same.pdf"));
    fs::rename(&brief, &kept).expect("the brief can be moved");
    symlink(&kept, &brief).expect("a link can be made");
    let run = project.run(&["verify"]);
    let expected = "output/XXA/en/brief.pdf: differs from the manifest\n";
    assert_eq!((run.code, run.stdout.as_str()), (1, expected), "its bytes are the same, but another may change them");
    project.build();
    assert!(!brief.is_symlink() && Run::of(&mut project.command(&["verify"])).code == 0);
}
