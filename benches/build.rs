//! What a build costs beside Typst: each time against the bare Typst command over the same finished inputs, in the same run,
//! on the same cores. Ratios are what counts; absolute times mean nothing on shared machines. Where others share the cores,
//! the ratio of processor times tells more than that of the clock.
//!
//! `just bench-build` runs it; `just bench-build --countries 20 --runs 3` on fewer countries.

mod argument;
mod countries;
mod folder;

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use argument::argument;
use countries::{COUNTRY, PROGRAM, TABLE, edit, project};
use folder::copy;

/// The finished inputs of each document: its staging folder, and the document's template.
type Staged = BTreeMap<String, (PathBuf, String)>;

/// How many documents a country has, and of how many countries they are given to bare Typst.
const DOCUMENTS: usize = 3;
const SAMPLE: usize = 40;

/// The document with a picture of its first page, and how Typst is asked for the document and for the picture.
const COVERED: &str = "brief";
const PDF: [&str; 4] = ["--format", "pdf", "--pdf-standard", "a-2a,ua-1"];
const COVER: [&str; 8] = ["--format", "png", "--pages", "1", "--ppi", "145", "--input", "picture=first-page"];

fn main() -> Result<()> {
    let (countries, runs) = (argument("--countries").unwrap_or(190), argument("--runs").unwrap_or(5));
    let cores = std::thread::available_parallelism()?.get();
    println!("{cores} cores; best of {runs} runs each; times against the bare Typst command in the same run");
    one(runs, cores)?;
    many(countries, cores)
}

/// What something took: by the clock, and of the processors, all that was started counted.
#[derive(Clone, Copy)]
struct Took {
    clock: Duration,
    processors: Duration,
}

impl Took {
    fn of<T>(run: impl FnOnce() -> Result<T>) -> Result<(Self, T)> {
        let (start, before) = (Instant::now(), children()?);
        let out = run()?;
        Ok((Self { clock: start.elapsed(), processors: children()?.saturating_sub(before) }, out))
    }

    fn and(self, other: Self) -> Self {
        Self { clock: self.clock + other.clock, processors: self.processors + other.processors }
    }

    /// What one of so many took.
    fn each(self, of: usize) -> Result<Self> {
        let of = u32::try_from(of)?;
        Ok(Self { clock: self.clock / of, processors: self.processors / of })
    }

    fn best(times: &[Self]) -> Result<Self> {
        let clock = times.iter().map(|took| took.clock).min().context("no run")?;
        Ok(Self { clock, processors: times.iter().map(|took| took.processors).min().context("no run")? })
    }
}

/// The time that this process's ended children spent on processors, and theirs, in the hundredths that the system counts.
fn children() -> Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(") ").next().context("its own times")?.split_whitespace().skip(13).take(2);
    Ok(Duration::from_millis(fields.map(|ticks| ticks.parse::<u64>().unwrap_or(0) * 10).sum()))
}

fn row(what: &str, ours: Took, bare: Took, ratio: f64, goal: &str, met: bool) {
    let met = if met { "met" } else { "NOT met" };
    let share = self::ratio(ours.processors, bare.processors);
    println!(
        "{what:<58} {:>8.3?}, bare {:>8.3?}: ratio {ratio:>5.2}, of processor time {share:>5.2}; goal {goal}: {met}",
        ours.clock, bare.clock
    );
}

/// The product's own country, all its documents.
fn one(runs: usize, cores: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let root = project(folder.path(), 1)?;
    let staged = stage(&root, folder.path())?;
    let output = root.join("output");
    let (mut cold, mut idle, mut all, mut longest) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let briefs = staged.iter().filter(|(_, (_, document))| document == COVERED);
    let first: Staged = briefs.take(1).map(|(name, of)| (name.clone(), of.clone())).collect();
    println!("layout passes of the brief: {}; goal at most 2", passes(&first)?);
    for _ in 0..runs {
        fs::remove_dir_all(&output).ok();
        cold.push(Took::of(|| build(&root))?.0);
        idle.push(Took::of(|| build(&root))?.0);
        all.push(Took::of(|| bare(&staged, cores, true))?.0);
        longest.push(Took::of(|| bare(&first, 1, false))?.0);
    }
    let [cold, idle, all, longest] = [&cold, &idle, &all, &longest].map(|times| Took::best(times));
    let (cold, idle, all, longest) = (cold?, idle?, all?, longest?);
    let ratio = self::ratio(cold.clock, all.clock);
    row("a cold build of Laos, all documents", cold, all, ratio, "at most 1.3", ratio <= 1.3);
    let ratio = self::ratio(idle.clock, longest.clock);
    row("nothing to do, against one bare compile of the brief", idle, longest, ratio, "below 0.5", ratio < 0.5);
    nothing_to_do(&root, folder.path(), runs)?;
    let (shown, published) = watched(&root, runs)?;
    println!(
        "watch: from a cell saved to the brief in view {shown:.3?}, {:.2} of one bare compile of it; until all is published \
         {published:.3?}",
        self::ratio(shown, longest.clock)
    );
    Ok(())
}

/// How often Typst lays out a document until nothing in it depends on an earlier pass.
fn passes(staged: &Staged) -> Result<usize> {
    let (folder, document) = staged.values().next().context("a brief")?;
    let (timings, pdf) = (folder.join("timings.json"), folder.join("timed.pdf"));
    let mut typst = Command::new(std::env::var_os("TYPST").unwrap_or_else(|| "typst".into()));
    typst.args(["compile", "--ignore-system-fonts", "--features", "a11y-extras", "--root"]).arg(folder);
    typst.arg("--timings").arg(&timings).arg(folder.join(format!("{document}.typ"))).arg(pdf);
    ensure!(typst.env("TZ", "UTC").output()?.status.success(), "Typst fails");
    let events: Vec<serde_json::Value> = serde_json::from_slice(&fs::read(timings)?)?;
    Ok(events.iter().filter(|event| event["name"] == "layout document" && event["ph"] == "B").count())
}

/// A build with nothing to do, compared with one bare page of Typst; and a build that does not remember the previous one.
fn nothing_to_do(root: &Path, folder: &Path, runs: usize) -> Result<()> {
    let page = folder.join("page");
    fs::create_dir_all(&page)?;
    // A page without a title is no PDF/UA.
    fs::write(page.join("page.typ"), "#set document(title: \"One page\")\nOne page.\n")?;
    let bare_page = Staged::from([("page".to_owned(), (page, "page".to_owned()))]);
    let stamp = root.join("output/.stamp");
    let (mut looking, mut idle, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs.max(10) {
        let mut kept: serde_json::Value = serde_json::from_slice(&fs::read(&stamp)?)?;
        kept["seen"] = serde_json::Value::Null;
        fs::write(&stamp, serde_json::to_vec(&kept)?)?;
        looking.push(Took::of(|| build(root))?.0);
        idle.push(Took::of(|| build(root))?.0);
        bare.push(Took::of(|| self::bare(&bare_page, 1, false))?.0);
    }
    let (looking, idle, bare) = (Took::best(&looking)?, Took::best(&idle)?, Took::best(&bare)?);
    let less = ratio(idle.clock, looking.clock);
    println!(
        "nothing to do, in bare pages of Typst ({:.3?}): {:.1}; where every table is read again {:.1}; the one {less:.2} of the \
         other; goal at most 0.3: {}",
        bare.clock,
        ratio(idle.clock, bare.clock),
        ratio(looking.clock, bare.clock),
        if less <= 0.3 { "met" } else { "NOT met" }
    );
    Ok(())
}

/// Many countries of the same size, each with its own name. Bare Typst is given the documents of some of them, before the
/// build and after it, since what else the machine does may change meanwhile.
fn many(countries: usize, cores: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (few, all) = (folder.path().join("few"), folder.path().join("all"));
    fs::create_dir(&few)?;
    let staged = stage(&project(&few, countries.min(SAMPLE))?, &few)?;
    let root = project(&all, countries)?;
    let (before, ()) = Took::of(|| bare(&staged, cores, true))?;
    let (ours, memory) = Took::of(|| build(&root))?;
    let (after, ()) = Took::of(|| bare(&staged, cores, true))?;
    let (alone, ours) = (before.and(after).each(2 * staged.len())?, ours.each(DOCUMENTS * countries)?);
    let throughput = ratio(alone.clock, ours.clock);
    let what = format!("{countries} countries, {DOCUMENTS} documents each, a document: throughput");
    row(&what, ours, alone, throughput, "at least 0.85", throughput >= 0.85);
    if let Some(memory) = memory {
        println!(
            "most memory resident in tipbrief itself: {memory} MB; goal below 1000: {}",
            if memory < 1000 { "met" } else { "NOT met" }
        );
    }
    let (again, _) = Took::of(|| build(&root))?;
    println!("the same with nothing to do: {:.3?}", again.clock);
    Ok(())
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

/// Has a build stage its documents for a Typst that waits until they are copied, and copies them.
fn stage(root: &Path, folder: &Path) -> Result<Staged> {
    let (place, taken) = (folder.join("staged"), folder.join("taken"));
    fs::create_dir_all(&taken)?;
    let script = format!(
        "#!/bin/sh\n[ \"$1\" = --version ] && echo 'typst 0.15.1' && exit\n\
         while [ \"$1\" != --root ]; do shift; done\n\
         while [ ! -e '{}'/\"${{2##*/}}\" ]; do sleep 0.01; done\n",
        taken.display()
    );
    let waiting = folder.join("typst.sh");
    fs::write(&waiting, script)?;
    fs::set_permissions(&waiting, Permissions::from_mode(0o755))?;
    let mut child = command(root).env("TYPST", &waiting).stderr(Stdio::null()).stdout(Stdio::null()).spawn()?;
    let mut staged = Staged::new();
    while child.try_wait()?.is_none() {
        for entry in fs::read_dir(root.join("output/.work")).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            // The view is written last.
            if staged.contains_key(&name)
                || serde_json::from_slice::<serde_json::Value>(
                    &fs::read(entry.path().join("view.json")).unwrap_or_default(),
                )
                .is_err()
            {
                continue;
            }
            copy(&entry.path(), &place.join(&name))?;
            let document = name.splitn(3, '-').nth(2).context("a document's name")?.to_owned();
            staged.insert(name.clone(), (place.join(&name), document));
            fs::write(taken.join(&name), "")?;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    ensure!(!staged.is_empty(), "nothing was staged");
    Ok(staged)
}

fn command(root: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(["build", "--format", "short", "--root"]).arg(root);
    command
}

/// A build; the most memory of its own that it held, in MB.
fn build(root: &Path) -> Result<Option<u64>> {
    let mut child = command(root).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let mut memory = None;
    loop {
        if let Some(status) = child.try_wait()? {
            ensure!(status.success(), "the build ended with {status}");
            return Ok(memory);
        }
        memory = resident(&child).or(memory);
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn resident(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1000)
}

/// The bare Typst command over every document and cover, as many at once as there are cores.
fn bare(staged: &Staged, cores: usize, covers: bool) -> Result<()> {
    let covered = staged.values().filter(|(_, document)| covers && document == COVERED).map(|of| (of, &COVER[..]));
    let runs: Vec<_> = staged.values().map(|of| (of, &PDF[..])).chain(covered).collect();
    let left = Mutex::new(runs.into_iter());
    let next = || left.lock().ok().and_then(|mut left| left.next());
    std::thread::scope(|scope| {
        let work = || -> Result<()> {
            while let Some(((folder, document), arguments)) = next() {
                let mut typst = Command::new(std::env::var_os("TYPST").unwrap_or_else(|| "typst".into()));
                typst
                    .args(["compile", "--ignore-system-fonts", "--features", "a11y-extras", "-j", "1"])
                    .args(arguments);
                typst.args(["--creation-timestamp", "0", "--root"]).arg(folder);
                typst.arg(folder.join(format!("{document}.typ"))).arg(folder.join(arguments[1]));
                let done = typst.env("TZ", "UTC").output()?;
                ensure!(done.status.success(), "Typst fails: {}", String::from_utf8_lossy(&done.stderr));
            }
            Ok(())
        };
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow::anyhow!("a worker ended"))?)
    })
}

/// From a cell saved to the brief in view, and to the build done that publishes it; of each the best of some.
fn watched(root: &Path, runs: usize) -> Result<(Duration, Duration)> {
    let mut child = Command::new(PROGRAM);
    let child = child.args(["watch", "--format", "short", "--root"]).arg(root).stderr(Stdio::piped());
    let mut child = child.stdout(Stdio::null()).spawn()?;
    let mut lines = BufReader::new(child.stderr.take().context("a pipe")?).lines();
    let mut line = |end: &str| lines.by_ref().map_while(Result::ok).find(|line| line.contains(end));
    line("; watching").context("the first build")?;
    let path = root.join("data/countries").join(COUNTRY).join(TABLE);
    let (mut shown, mut published) = (Duration::MAX, Duration::MAX);
    // The first save starts the Typst that stays alive.
    for run in 0..=runs {
        let start = Instant::now();
        edit(&path, 30 + run)?;
        line(" in view in ").context("a view")?;
        shown = shown.min(start.elapsed());
        let built = line("; watching").context("a build")?;
        ensure!(built.contains("brief.pdf"), "the brief prints the cell: {built}");
        published = published.min(start.elapsed());
    }
    // Asked to end, it ends the Typst that it keeps alive.
    ensure!(Command::new("kill").args(["-INT", &child.id().to_string()]).status()?.success(), "it is asked to end");
    child.wait()?;
    Ok((shown, published))
}
