//! The command `watch`: what is saved is built, several saves at once are one build, an error leaves what is there, and
//! Ctrl-C ends it.

#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::project::Project;

const TABLE: &str = "data/countries/XXA/arrests.csv";
/// No build of a small project takes as long, on no machine.
const PATIENCE: Duration = Duration::from_mins(1);
/// Half of what a pause between two saves lasts that ends them: no pause that is shorter passes for their end.
const TOO_SHORT_TO_END: Duration = Duration::from_millis(10);

struct Watched {
    project: Project,
    child: Child,
    lines: Receiver<String>,
}

impl Watched {
    /// A project that is watched, and built for the first time.
    fn new() -> Self {
        let (watched, output) = Self::of(Project::minimal());
        assert!(!output.contains("note: "), "{output}");
        watched
    }

    /// A project that is watched, and what it prints until the first build ends.
    fn of(project: Project) -> (Self, String) {
        let command = project.command(&["watch", "--format", "short"]);
        Self::by(project, command)
    }

    /// A project that is watched by a command.
    fn by(project: Project, mut command: Command) -> (Self, String) {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
        let (sender, lines) = channel();
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                // Whoever listened may be gone.
                let _ = sender.send(line);
            }
        });
        let watched = Self { project, child, lines };
        let output = watched.built();
        (watched, output)
    }

    /// Everything it prints until the next build ends.
    fn built(&self) -> String {
        let mut output = Vec::new();
        while output.last().is_none_or(|line: &String| !line.ends_with("; watching")) {
            output.push(self.lines.recv_timeout(PATIENCE).expect("it builds"));
        }
        output.join("\n")
    }

    /// Whether it builds again without being asked to.
    fn builds_again(&self) -> bool {
        self.says_something_within(Duration::from_millis(700))
    }

    fn says_something_within(&self, time: Duration) -> bool {
        self.lines.recv_timeout(time).is_ok()
    }

    /// Saves the counts one after the other as editors do; the longest pause between two changes.
    fn save_all(&self, counts: impl IntoIterator<Item = usize>) -> Duration {
        let [table, other] = [TABLE, "data/other"].map(|path| self.project.path(path));
        let (mut last, mut longest) = (Instant::now(), Duration::ZERO);
        for count in counts {
            let put_away = || fs::rename(&table, &other).expect("as editors save");
            let put_back = || fs::rename(&other, &table).expect("as editors save");
            let saves: [&dyn Fn(); 3] = [&|| self.save(&count.to_string()), &put_away, &put_back];
            for save in saves {
                save();
                longest = longest.max(last.elapsed());
                last = Instant::now();
            }
        }
        longest
    }

    fn save(&self, count: &str) {
        let rows = "2021,arrested,total,30,,yearbook_2023,\n2023,arrested,total,";
        let head = "period,stage,sex,count,qualifier,source,note\n";
        // What the prose asks for, too.
        let rest = "2022,arrested,total,0,,yearbook_2023,\n2023,arrested,female,12,at_least,police_2024,\n";
        self.project.write(TABLE, &format!("{head}{rows}{count},,police_2024,\n{rest}"));
    }

    fn end(mut self, signal: &str) -> i32 {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()));
        self.child.wait().expect("it ends").code().unwrap_or(-1)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // It has ended already where all went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_is_saved_is_built_and_faults_leave_what_is_there() {
    let watched = Watched::new();
    let first = watched.project.published("XXA");
    watched.save("43");
    assert!(watched.built().contains("built XXA/en/brief.pdf in "));
    let second = watched.project.published("XXA");
    assert!(first != second);
    watched.save("many");
    let output = watched.built();
    assert!(output.contains(&format!("{TABLE}:3:21: error[type-error]: ")), "{output}");
    assert!(output.contains("previous output kept: XXA\nbuilt no document in "), "{output}");
    assert!(second == watched.project.published("XXA"), "the last good one stays");
    // Not even a declaration that all share ends it.
    let report = watched.project.read("data/report.toml");
    watched.project.write("data/report.toml", "title =");
    assert!(watched.built().contains("data/report.toml:1:"));
    watched.project.write("data/report.toml", &report);
    watched.built();
    watched.save("43");
    assert!(watched.built().contains("built no document in "), "it is what is there already");
    assert!(second == watched.project.published("XXA"));
    assert_eq!(watched.end("-INT"), 0);
}

#[test]
fn several_saves_are_one_build_and_no_change_is_none() {
    let watched = Watched::new();
    // On a busy machine this process may be kept waiting in the middle, which rightly ends the saves: then they are made again.
    let (last, took) = (0..30)
        .find_map(|attempt| {
            let counts = 50 + 10 * attempt..60 + 10 * attempt;
            let (last, saved) = (counts.end - 1, Instant::now());
            let at_once = watched.save_all(counts) < TOO_SHORT_TO_END;
            watched.built();
            let took = saved.elapsed();
            if !at_once {
                while watched.says_something_within(3 * took + Duration::from_millis(700)) {}
            }
            at_once.then_some((last, took))
        })
        .expect("ten saves are made at once");
    assert!(!watched.says_something_within(2 * took + Duration::from_millis(700)), "ten saves are one build");
    assert!(watched.project.read("output/XXA/tables/persons_arrested.csv").contains(&format!(",{last},")));
    watched.project.write("data/countries/XXA/.arrests.csv.swp", "what an editor keeps");
    watched.project.write("output/other.txt", "no input");
    assert!(!watched.builds_again());
    assert_eq!(watched.end("-TERM"), 0);
}

#[test]
fn however_it_is_saved_it_is_built() {
    let watched = Watched::new();
    let project = &watched.project;
    let rows = project.read(TABLE).replacen(",41,", ",42,", 1);
    project.write("data/countries/XXA/.arrests.csv.new", &rows);
    fs::rename(project.path("data/countries/XXA/.arrests.csv.new"), project.path(TABLE)).expect("as editors save");
    assert!(watched.built().contains("built XXA/en/brief.pdf in "));
    // File by file: a build in between finds that some are missing.
    project.add_country("XXB");
    while !watched.built().contains("XXB/en/brief.pdf in ") {}
    project.write("data/countries/XXB/arrests.csv", &rows.replacen(",42,", ",43,", 1));
    assert!(watched.built().contains("XXB/en/brief.pdf in "), "the new folder is watched, too");
    fs::remove_dir_all(project.path("data/countries/XXB")).expect("it can be removed");
    while project.path("output/XXB").exists() {
        watched.built();
    }
    assert_eq!(watched.end("-INT"), 0);
}

#[test]
fn what_is_saved_while_a_build_runs_is_built_after_it() {
    let watched = Watched::new();
    watched.save("43");
    // Now it is seen, and being built.
    std::thread::sleep(Duration::from_millis(100));
    watched.save("44");
    while !watched.project.read("output/XXA/tables/persons_arrested.csv").contains(",44,") {
        watched.built();
    }
    assert_eq!(watched.end("-INT"), 0);
}

#[test]
fn without_events_changes_are_looked_for_and_that_is_said_once() {
    let project = Project::minimal();
    let templates = project.path("templates");
    fs::rename(&templates, project.path("elsewhere")).expect("it can be renamed");
    let (watched, output) = Watched::of(project);
    let note =
        "note: the file system does not report changes here (a folder to watch is missing); looking for them instead";
    assert_eq!(output.lines().filter(|line| *line == note).count(), 1, "{output}");
    fs::rename(watched.project.path("elsewhere"), &templates).expect("it can be renamed");
    let output = watched.built();
    assert!(output.contains("built XXA/en/brief.pdf in ") && !output.contains("note: "), "{output}");
    watched.save("43");
    let output = watched.built();
    assert!(output.contains("built XXA/en/brief.pdf in ") && !output.contains("note: "), "{output}");
    assert_eq!(watched.end("-TERM"), 0);
}

#[test]
fn what_watching_leaves_is_what_a_build_makes() {
    let watched = Watched::new();
    watched.save("47");
    watched.built();
    let other = Project::minimal();
    other.write(TABLE, &watched.project.read(TABLE));
    other.build();
    assert!(watched.project.published("XXA") == other.published("XXA"));
    assert!(watched.project.read("output/manifest.json") == other.read("output/manifest.json"));
    assert_eq!(watched.project.run(&["verify"]).code, 0);
    // Who watches keeps nobody from building.
    assert_eq!(watched.project.run(&["build"]).code, 0);
    assert_eq!(watched.end("-INT"), 0);
}

#[test]
fn a_mapping_and_its_file_are_watched() {
    let (watched, output) = Watched::of(Project::named("imported"));
    assert!(output.contains("XXB/en/brief.pdf"), "{output}");
    let mapping = "data/imports/police.toml";
    watched.project.replace(mapping, "All = \"total\"", "All = \"male\"");
    assert!(watched.built().contains("error["), "prose asks for a total that is gone");
    watched.project.replace(mapping, "All = \"male\"", "All = \"total\"");
    watched.built();
    let delivered = "data/imports/police.csv";
    watched.project.replace(delivered, "1 204", "1 205");
    assert!(watched.built().contains("error[checksum-error]"));
    watched.project.replace(delivered, "1 205", "1 204");
    watched.built();
    assert_eq!(watched.end("-INT"), 0);
}

/// The processes that work in the folder of the document in view.
fn living(project: &Project) -> Vec<String> {
    let folder = project.path("output/.view/.work").display().to_string();
    let found = Command::new("pgrep").args(["-f", &folder]).output().expect("pgrep");
    String::from_utf8_lossy(&found.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn the_document_in_view_is_shown_first_and_is_what_is_published() {
    let watched = Watched::new();
    assert!(!watched.project.path("output/.view").exists(), "nothing is in view before something is saved");
    for count in ["43", "44"] {
        watched.save(count);
        let output = watched.built();
        let shown = output.find("output/.view/XXA-en-brief.pdf in view in ").expect("it is shown");
        assert!(output.find("built XXA/en/brief.pdf").is_some_and(|built| shown < built), "{output}");
        let (view, published) = ("output/.view/XXA-en-brief.pdf", "output/XXA/en/brief.pdf");
        let bytes = |path: &str| fs::read(watched.project.path(path)).expect("a document");
        assert!(bytes(view) == bytes(published), "what is then published is the same");
    }
    let alive = living(&watched.project);
    assert_eq!(alive.len(), 1, "one Typst stays alive");
    // It is replaced where it dies.
    assert!(Command::new("kill").args(["-KILL", &alive[0]]).status().is_ok_and(|status| status.success()));
    watched.save("45");
    assert!(watched.built().contains("output/.view/XXA-en-brief.pdf in view in "));
    assert_ne!(living(&watched.project), alive);
    assert!(!watched.project.read("output/manifest.json").contains(".view"));
    assert_eq!(watched.project.run(&["verify"]).code, 0);
    // A fault shows nothing anew.
    watched.save("many");
    assert!(!watched.built().contains(" in view in "));
    let folder = watched.project.path("output/.view/.work").display().to_string();
    assert_eq!(watched.end("-INT"), 0);
    let left = Command::new("pgrep").args(["-f", &folder]).output().expect("pgrep");
    assert!(left.stdout.is_empty(), "nothing stays alive at the end");
}

#[test]
fn another_document_is_in_view_where_it_is_asked_for() {
    let project = Project::minimal();
    project.add_country("XXB");
    let command = project.command(&["watch", "--format", "short", "--view", "XXB/en/brief"]);
    let (watched, _) = Watched::by(project, command);
    watched.save("43");
    assert!(watched.built().contains("output/.view/XXB-en-brief.pdf in view in "));
    assert_eq!(watched.end("-INT"), 0);
}

#[test]
fn a_living_typst_writes_its_one_file_and_reaches_nobody() {
    let kernel = crate::project::Kernel::here();
    let confined = if kernel.confines() { Ok(()) } else { Err("the kernel confines nothing".to_owned()) };
    let Some(()) = crate::tools::able("Landlock", confined) else { return };
    let project = Project::minimal();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let real = crate::project::typst().canonicalize().expect("there is a Typst");
    let place = project.root().display().to_string();
    let script = format!(
        "#!/bin/bash
        if [ \"$1\" = watch ]; then
            for file in '{place}/stray' '{place}/output/.view/.work/stray' '{place}/output/.view/.work/staged/view.json'; do
                (echo stray > \"$file\") 2>/dev/null && echo \"wrote $file\" >> '{place}/output/.view/.work/shown.pdf'
            done
            (exec 3<>/dev/tcp/127.0.0.1/{port}) 2>/dev/null && echo reached >> '{place}/output/.view/.work/shown.pdf'
            while [ ! -e '{place}/go' ]; do sleep 0.05; done
        fi
        exec '{}' \"$@\"",
        real.display()
    );
    project.write("typst.sh", &script);
    let path = project.path("typst.sh");
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("it can be run");
    let mut command = project.command(&["watch", "--format", "short"]);
    command.env("TYPST", &path);
    let (watched, _) = Watched::by(project, command);
    watched.save("43");
    let tried = watched.project.path("output/.view/.work/shown.pdf");
    let start = std::time::Instant::now();
    while living(&watched.project).is_empty() || !tried.exists() {
        assert!(start.elapsed() < PATIENCE, "it is started");
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(fs::read_to_string(&tried).expect("its one file"), "", "what it could write and reach");
    assert!(!watched.project.path("stray").exists() && !watched.project.path("output/.view/.work/stray").exists());
    watched.project.write("go", "");
    assert!(watched.built().contains("output/.view/XXA-en-brief.pdf in view in "), "that one file it may write");
    assert_eq!(watched.end("-INT"), 0);
}
