//! Nothing is lost, whatever happens to a build: killed at any moment, no space, a folder that cannot be written to, another
//! build at the same time. What was published is whole, or what is new is, and the next build needs no cleaning.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::dice::{Dice, long};
use crate::project::{Project, Run, copy, files};
use crate::tools::able;

const COUNTRIES: [&str; 2] = ["XXA", "XXC"];
const TABLE: &str = "arrests.csv";

/// The outputs of each country.
type Sets = Vec<BTreeMap<String, Vec<u8>>>;

/// Two countries, built, and what they hold with the one number and with the other.
struct Alternating {
    project: Project,
    sets: [Sets; 2],
    now: usize,
}

impl Alternating {
    fn new() -> Self {
        let mut made = Self { project: Project::minimal(), sets: [Sets::new(), Sets::new()], now: 0 };
        made.project.add_country(COUNTRIES[1]);
        for other in [1, 0] {
            made.turn(other);
            made.project.build();
            made.sets[other] = made.sets();
        }
        assert!(made.sets[0].iter().zip(&made.sets[1]).all(|(one, other)| one != other), "the number is printed");
        made
    }

    fn sets(&self) -> Sets {
        COUNTRIES.map(|country| self.project.published(country)).into()
    }

    /// Has the data tell the one number or the other.
    fn turn(&mut self, now: usize) {
        for country in COUNTRIES {
            let table = format!("data/countries/{country}/{TABLE}");
            let text = self.project.read(&table);
            let other = text.replace("2023,arrested,total,42", "2023,arrested,total,41");
            let text = if now == 1 { other.replace("total,41", "total,42") } else { other };
            self.project.write(&table, &text);
        }
        self.now = now;
    }

    fn start(&self) -> Child {
        let mut command = self.project.command(&["build"]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the build starts")
    }

    /// Every country is wholly the one or wholly the other.
    fn assert_whole(&self, when: &str) {
        for (at, set) in self.sets().iter().enumerate() {
            let whole = self.sets.iter().any(|known| known[at] == *set);
            assert!(whole, "{when}: {} is neither the old nor the new: {:?}", COUNTRIES[at], set.keys());
        }
    }

    /// The next build needs no cleaning, and what it leaves is what it should.
    fn assert_mends(&self, when: &str) {
        self.project.build();
        assert!(self.sets() == self.sets[self.now], "{when}: the next build publishes what the data says");
        let verified = self.project.run(&["verify"]);
        assert_eq!((verified.code, verified.stdout.as_str()), (0, ""), "{when}: and its manifest tells it");
        let left = files(&self.project.path("output")).into_iter().find(|path| path.contains(".work"));
        assert_eq!(left, None, "{when}: and nothing else");
    }
}

/// How often a build is killed: a sample, or as often as it takes to meet what is rare.
fn kills() -> usize {
    if long() { 200 } else { 12 }
}

#[test]
fn a_build_that_is_killed_leaves_whole_sets() {
    let mut made = Alternating::new();
    let start = Instant::now();
    made.turn(1);
    made.project.build();
    let whole = start.elapsed();
    let mut dice = Dice::of(9);
    let (mut before, mut after) = (0, 0);
    for kill in 0..kills() {
        made.turn(1 - made.now);
        let mut child = made.start();
        // Every other one while the sets change places, which takes a thousandth of the time.
        let moment = if kill % 2 == 0 {
            whole.mul_f64(f64::from(u32::try_from(dice.below(1000)).unwrap_or(0)) / 1000.0)
        } else {
            wait_for(&mut child, &made.project.path("output/.work/new"));
            Duration::from_micros(u64::try_from(dice.below(6000)).unwrap_or(0))
        };
        std::thread::sleep(moment);
        // One that has ended already was not killed, which is a moment, too.
        let _ = child.kill();
        let _ = child.wait();
        let when = format!("killed {kill}, after {moment:?}");
        made.assert_whole(&when);
        let new = made.sets() == made.sets[made.now];
        (before, after) = (before + usize::from(!new), after + usize::from(new));
        made.assert_mends(&when);
    }
    println!("{before} left what was there, {after} what is new");
}

/// Waits until there is something, or the build has ended.
fn wait_for(child: &mut Child, path: &Path) {
    while !path.exists() && child.try_wait().is_ok_and(|ended| ended.is_none()) {
        std::thread::sleep(Duration::from_micros(100));
    }
}

#[test]
fn what_was_decided_is_done_by_the_next_run_and_reported_until_then() {
    let mut made = Alternating::new();
    made.turn(1);
    // As a build leaves it that is killed after it decided: one country in its place, the other not.
    let output = made.project.path("output");
    let other = Project::minimal();
    copy(&made.project.path("data"), &other.path("data"));
    other.build();
    let work = output.join(".work");
    for country in COUNTRIES {
        copy(&other.path("output").join(country), &work.join("new").join(country));
    }
    fs::copy(other.path("output/manifest.json"), work.join("manifest.json")).expect("a manifest");
    fs::rename(output.join("XXA"), work.join("aside")).expect("the old is moved");
    fs::rename(work.join("new/XXA"), output.join("XXA")).expect("the new is put there");
    fs::rename(work.join("aside"), work.join("new/XXA")).expect("the old stands where the new stood");
    made.assert_whole("half done");
    let verified = made.project.run(&["verify"]);
    assert_eq!(verified.code, 1);
    assert!(verified.stdout.contains("a build was interrupted; the next one finishes it"), "{}", verified.stdout);
    // A build that has no Typst changes nothing of it.
    let run = Run::of(made.project.command(&["build"]).env("TYPST", "/nonexistent/typst"));
    assert_eq!(run.code, 3);
    made.assert_whole("half done, and then no Typst");
    made.assert_mends("half done");
}

#[test]
fn what_was_not_decided_is_undone() {
    let made = Alternating::new();
    let work = made.project.path("output/.work");
    fs::create_dir_all(work.join("new/XXA/en")).expect("a folder");
    fs::write(work.join("new/XXA/en/brief.pdf"), "half").expect("a file");
    fs::write(work.join(".manifest"), "{").expect("a file");
    made.assert_mends("not decided");
}

#[test]
fn a_second_build_waits_for_the_first() {
    let mut made = Alternating::new();
    let lock = File::open(made.project.path("output/.lock")).expect("there is a lock");
    lock.lock().expect("it can be taken");
    made.turn(1);
    let mut child = made.start();
    std::thread::sleep(Duration::from_secs(1));
    assert!(child.try_wait().expect("it runs").is_none(), "it waits");
    assert!(made.sets() == made.sets[0] && !made.project.path("output/.work").exists(), "and writes nothing");
    drop(lock);
    assert!(child.wait().expect("it ends").success());
    assert!(made.sets() == made.sets[1]);
}

#[test]
fn builds_at_once_do_not_mix() {
    let mut made = Alternating::new();
    for now in [1, 0, 1] {
        made.turn(now);
        let children: Vec<Child> = (0..3).map(|_| made.start()).collect();
        for mut child in children {
            assert!(child.wait().expect("it ends").success());
        }
        assert!(made.sets() == made.sets[now]);
        made.assert_mends("three at once");
    }
}

/// Runs a script in a shell of its own, in which `$BUILD` builds the project.
fn shell(made: &Alternating, script: &str) -> std::process::Output {
    let mut command = Command::new("sh");
    let build = format!("{} build --root {}", env!("CARGO_BIN_EXE_tipbrief"), made.project.root().display());
    command.args(["-c", script]).env("BUILD", build).env("OUTPUT", made.project.path("output"));
    command.output().expect("there is a shell")
}

#[test]
fn a_limit_on_the_size_of_files_loses_nothing() {
    // First some file that is staged is larger than the limit, then only the PDF. Without the trap the system kills the build.
    for (trap, limit) in [("trap '' XFSZ; ", 40), ("", 40), ("trap '' XFSZ; ", 72), ("", 72)] {
        let mut made = Alternating::new();
        made.turn(1);
        let ended = shell(&made, &format!("{trap}ulimit -f {limit}; exec $BUILD"));
        assert!(!ended.status.success());
        if !trap.is_empty() {
            let stderr = String::from_utf8_lossy(&ended.stderr).into_owned();
            assert_eq!(ended.status.code(), Some(3), "{stderr}");
            let refused = stderr.contains(if limit == 40 { "cannot stage in `" } else { "cannot write `" });
            assert!(refused && stderr.contains("File too large"), "{stderr}");
        }
        assert!(made.sets() == made.sets[0], "what was there is there");
        made.assert_mends("a limit on files");
    }
}

/// Runs a script that may mount; none where the system does not let it.
fn apart(made: &Alternating, script: &str) -> Option<std::process::Output> {
    let ended = shell(made, &format!("exec unshare --user --map-root-user --mount sh -c '{script}'"));
    if ended.status.code() == Some(77) || String::from_utf8_lossy(&ended.stderr).contains("unshare") {
        return able("leave to mount", Err(String::from_utf8_lossy(&ended.stderr).into_owned()));
    }
    Some(ended)
}

#[test]
fn a_full_disk_loses_nothing() {
    // What was there fits, and so many KB more.
    for room in [0, 60, 200, 400] {
        let mut made = Alternating::new();
        made.turn(1);
        let kept = tempfile::tempdir().expect("a folder");
        let (mount, all) = (kept.path().join("mount"), kept.path().join("all"));
        copy(&made.project.path("output"), &all);
        fs::create_dir(&mount).expect("a folder");
        let script = format!(
            "mount -t tmpfs -o size=64m none \"$OUTPUT\" || exit 77
             cp -r {all}/. \"$OUTPUT\"
             used=$(df -k --output=used \"$OUTPUT\" | tail -n 1)
             mount -o remount,size=$((used + {room}))k \"$OUTPUT\" || exit 77
             $BUILD; code=$?
             cp -r \"$OUTPUT\"/. {mount}
             mount -o remount,size=64m \"$OUTPUT\"
             $BUILD || exit 78
             rm -rf {all}; cp -r \"$OUTPUT\"/. {all}
             exit $code",
            all = all.display(),
            mount = mount.display()
        );
        let Some(ended) = apart(&made, &script) else { return };
        let stderr = String::from_utf8_lossy(&ended.stderr).into_owned();
        let of = |folder: &Path| -> Sets {
            let read = |place: &Path| {
                files(place)
                    .into_iter()
                    .map(|path| (path.clone(), fs::read(place.join(&path)).expect("a file")))
                    .collect()
            };
            COUNTRIES.map(|country| read(&folder.join(country))).into()
        };
        let full = ended.status.code() == Some(3);
        assert!(full || ended.status.success(), "{room} KB: {:?}: {stderr}", ended.status);
        assert!(room > 0 || full && stderr.contains("No space left on device"), "{stderr}");
        for (at, set) in of(&mount).iter().enumerate() {
            let whole = made.sets.iter().any(|known| known[at] == *set);
            assert!(whole && (full || *set == made.sets[1][at]), "{room} KB: {} is not whole: {stderr}", COUNTRIES[at]);
        }
        assert!(of(&all) == made.sets[1], "{room} KB: and with space the next build needs no cleaning");
    }
}

#[test]
fn a_folder_that_cannot_be_written_to_is_reported() {
    let mut made = Alternating::new();
    let script = "mount --bind \"$OUTPUT\" \"$OUTPUT\" && mount -o remount,ro,bind \"$OUTPUT\" || exit 77; $BUILD";
    let Some(ended) = apart(&made, script) else { return };
    assert!(ended.status.success(), "nothing to do is done: {}", String::from_utf8_lossy(&ended.stderr));
    made.turn(1);
    let Some(ended) = apart(&made, script) else { return };
    let stderr = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("Read-only file system") && stderr.contains("output"), "{stderr}");
    assert!(made.sets() == made.sets[0]);
    made.assert_mends("a read-only folder");
}
