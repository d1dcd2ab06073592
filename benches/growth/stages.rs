//! The stages of a run, each timed by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tipbrief::delivery::publish;
use tipbrief::diagnostic::{Diagnostics, Format};
use tipbrief::disclosure::protect::{Asked, Known, Release, protect};
use tipbrief::document::bind::{Prose, bind};
use tipbrief::document::draw::draw;
use tipbrief::document::explain::{self, Query};
use tipbrief::document::outline::{Outline, outline};
use tipbrief::document::typeset::{SetDocument, prepare};
use tipbrief::figures::summarise;
use tipbrief::project::Project;
use tipbrief::project::custody::Custody;
use tipbrief::snapshots::correction::Changed;
use tipbrief::snapshots::diff::{self, Side, differences};
use tipbrief::snapshots::record::{self, PublicRows, Record};
use tipbrief::tables::ingest::{RawTable, ingest};
use tipbrief::tables::validate::{Declared, validate};

use crate::large::indicator;

/// A stage: its place among the others, and its name.
pub type Stage = (usize, &'static str);
pub type Times = BTreeMap<Stage, Took>;

/// From here on a single call is reported while the others still run.
const LONG: Duration = Duration::from_secs(10);

/// How long a stage took, in clock time and in processor time.
#[derive(Clone, Copy, Default)]
pub struct Took {
    pub clock: Duration,
    pub processors: Duration,
}

impl Took {
    /// What `some` of so many things take.
    pub fn of_each(self, all: u32, some: u32) -> Self {
        let of = |time: Duration| time.mul_f64(f64::from(some) / f64::from(all.max(1)));
        Self { clock: of(self.clock), processors: of(self.processors) }
    }

    /// The less of two, each by itself.
    pub fn least(self, other: Self) -> Self {
        Self { clock: self.clock.min(other.clock), processors: self.processors.min(other.processors) }
    }
}

/// The time that this process has spent on processors.
struct Spent {
    /// Of the threads that still run, in billionths.
    running: Duration,
    /// Of all threads, in the hundredths that the system counts.
    all: Duration,
}

impl Spent {
    fn now() -> Self {
        let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
        let of = |thread: fs::DirEntry| fs::read_to_string(thread.path().join("schedstat")).ok();
        let running = threads.filter_map(of).filter_map(|stat| stat.split(' ').next()?.parse::<u64>().ok()).sum();
        let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
        let fields = stat.rsplit(") ").next().unwrap_or_default().split_whitespace().skip(11).take(2);
        let hundredths: u64 = fields.map(|ticks| ticks.parse::<u64>().unwrap_or(0)).sum();
        Self { running: Duration::from_nanos(running), all: Duration::from_millis(hundredths * 10) }
    }

    fn since(&self, before: &Self) -> Duration {
        let running = self.running.saturating_sub(before.running);
        let all = self.all.saturating_sub(before.all);
        // The system rounds twice, what it spent itself and what it spent for us. More than that is of threads that ended.
        if all > running + Duration::from_millis(20) { all } else { running }
    }
}

/// The times of the stages so far.
#[derive(Default)]
struct Clock(Times);

impl Clock {
    fn time<T>(&mut self, stage: &'static str, run: impl FnOnce() -> T) -> T {
        let (start, before) = (Instant::now(), Spent::now());
        let done = run();
        let (clock, used) = (start.elapsed(), Spent::now().since(&before));
        if clock > LONG {
            eprintln!("    {stage}: {clock:.3?}, {used:.3?} of processor time");
        }
        let place = self.0.keys().find(|(_, known)| *known == stage).map_or(self.0.len(), |(place, _)| *place);
        let took = self.0.entry((place, stage)).or_default();
        (took.clock, took.processors) = (took.clock + clock, took.processors + used);
        done
    }
}

/// A project up to what may be printed.
struct Released {
    project: Project,
    rows: Vec<PublicRows>,
    release: Release,
}

fn released(root: &Path, clock: &mut Clock) -> Result<Released> {
    let mut found = Diagnostics::default();
    let project = clock.time("load the declarations", || Project::load(root, &mut found))?;
    let mut tables = clock.time("ingest the tables", || read(&project, &mut found))?;
    let rows = clock.time("keep the rows for a comparison", || PublicRows::of_all(&mut tables, &project.schemas));
    let rows = project.countries.iter().map(|country| rows.get(&country.iso3).cloned().unwrap_or_default()).collect();
    let dataset = clock.time("validate", || validate(tables, declared(&project), &mut found))?;
    let summaries =
        clock.time("summarise", || summarise(&dataset, &project.indicators, &project.schemas, &mut found))?;
    let (asked, custody, reopened) = (Asked::default(), Custody::default(), BTreeSet::new());
    let (indicators, policy) = (&project.indicators, &project.report.policy);
    let known = Known { ledger: &project.ledger, custody: &custody, reopened: &reopened, asked: &asked };
    let release = clock.time("protect", || protect(summaries, indicators, policy, known, &mut found));
    ensure!(!found.failed(), "the project has faults:\n{}", found.render(Format::Human));
    Ok(Released { project, rows, release })
}

fn read(project: &Project, found: &mut Diagnostics) -> Result<Vec<RawTable>> {
    ingest(&project.root, &project.countries, &project.schemas, &|_, _| (), found)
}

fn declared(project: &Project) -> Declared<'_> {
    Declared {
        schemas: &project.schemas,
        indicators: &project.indicators,
        countries: &project.countries,
        issue: &project.report.issue,
        visits: &project.visits,
    }
}

/// The processor time of one piece of work.
pub fn spent<T>(run: impl FnOnce() -> T) -> Duration {
    let before = Spent::now();
    std::hint::black_box(run());
    Spent::now().since(&before)
}

/// Every stage of a build but Typst, and questions about builds: changes since a snapshot, a comparison, explanations.
pub fn all(root: &Path, earlier: &Path) -> Result<Times> {
    let mut clock = Clock::default();
    let now = released(root, &mut clock)?;
    let before = released(earlier, &mut Clock::default())?;
    let mut found = Diagnostics::default();
    let prose = clock.time("bind the prose", || bind(&now.project, &now.release, &mut found));
    ensure!(!found.failed(), "the prose has faults:\n{}", found.render(Format::Human));
    let records = [&before, &now].map(records);
    let changes = clock.time("compare with a snapshot", || changes(&records));
    documents(&now, &prose, &changes, &mut clock)?;
    compared(&records, &mut clock)?;
    let country = now.project.countries.first().context("a country")?.iso3.clone();
    let queries = [format!("{country}/{}:2010", indicator(0, 0)), "23".to_owned(), format!("{country}/nothing:2010")];
    clock.time("explain an id, a number, nothing", || {
        queries.iter().try_for_each(|query| -> Result<()> {
            let query = Query::read(std::slice::from_ref(query))?;
            let answer = explain::explain(&now.project, &now.release, &prose, &query);
            let answer = explain::or_nothing(answer, &now.release, &query);
            answer.map_or(Ok(()), |answer| explain::json(&answer).map(drop))
        })
    })?;
    clock.time("print what was found", || found.render(Format::Human));
    Ok(clock.0)
}

/// The stages up to what may be printed.
pub fn up_to_release(root: &Path) -> Result<Times> {
    let mut clock = Clock::default();
    released(root, &mut clock)?;
    Ok(clock.0)
}

/// The stages up to what may be printed, and the comparison with an earlier project.
pub fn compared_only(root: &Path, earlier: &Path) -> Result<Times> {
    let mut clock = Clock::default();
    let now = released(root, &mut clock)?;
    let before = released(earlier, &mut Clock::default())?;
    compared(&[&before, &now].map(records), &mut clock)?;
    Ok(clock.0)
}

fn records(side: &Released) -> Vec<Record> {
    let countries = side.project.countries.iter().zip(&side.rows);
    let released = countries.filter_map(|(country, rows)| Some((side.release.country(&country.iso3)?, rows)));
    released.map(|(country, rows)| record::released(&side.project, country, Some(rows.clone()))).collect()
}

fn changes([before, now]: &[Vec<Record>; 2]) -> BTreeMap<String, Changed> {
    let changed = |before, now| Changed { differences: Some(differences(before, now)), corrected: Vec::new() };
    before.iter().zip(now).map(|(before, now)| (now.country.clone(), changed(before, now))).collect()
}

/// Every document as far as Typst, and what is published of each country beside it.
fn documents(
    now: &Released,
    prose: &[Prose<'_>],
    changes: &BTreeMap<String, Changed>,
    clock: &mut Clock,
) -> Result<()> {
    let mut set: BTreeMap<String, Vec<SetDocument>> = BTreeMap::new();
    let countries = now.project.countries.iter().map(|country| country.iso3.as_str());
    let prose: BTreeMap<&str, &Prose<'_>> = countries.zip(prose).collect();
    for document in now.project.documents() {
        let iso3 = document.country.iso3.as_str();
        let (released, prose) = (now.release.country(iso3).context("released")?, prose[iso3]);
        let changes = changes.get(iso3);
        let outline: Outline<'_> = clock.time("outline", || outline(document, released, prose, changes));
        let figures = clock.time("draw", || draw(&outline))?;
        let prepared = clock.time("prepare the view", || prepare(&outline, figures, &mut Diagnostics::default()))?;
        let prepared = prepared.context("every chart fits")?;
        set.entry(iso3.to_owned()).or_default().push(prepared.keep(Vec::new(), BTreeMap::new()));
    }
    for (iso3, documents) in &set {
        let documents: Vec<&SetDocument> = documents.iter().collect();
        let released = now.release.country(iso3).context("released")?;
        let json = clock.time("write figures.json", || publish::figures_json(released, &now.project, &documents))?;
        let folder = now.project.root.join("published").join(iso3);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("figures.json"), json)?;
    }
    clock.time("read figures.json", || record::published(&now.project.root.join("published")))?;
    Ok(())
}

/// The two compared, and the answer in each format.
fn compared([before, now]: &[Vec<Record>; 2], clock: &mut Clock) -> Result<()> {
    let side = |name: &str| Side { name: name.to_owned(), commit: None };
    let comparison =
        clock.time("compare two projects", || diff::compare((side("old"), before), (side("new"), now), &|_| false));
    let comparison = comparison.context("both have countries")?;
    ensure!(!comparison.differences.is_empty(), "the projects differ");
    clock.time("print the comparison", || {
        drop((diff::text(&comparison), diff::markdown(&comparison)));
        diff::json(&comparison).map(drop)
    })
}

/// Faults found, and printed in every format.
pub fn faulty(root: &Path) -> Result<Times> {
    let (mut clock, mut found) = (Clock::default(), Diagnostics::default());
    let project = Project::load(root, &mut found)?;
    let tables = clock.time("ingest the tables", || read(&project, &mut found))?;
    clock.time("validate", || validate(tables, declared(&project), &mut found))?;
    let formats = [
        ("print for people", Format::Human),
        ("print as lines", Format::Short),
        ("print as a Frictionless report", Format::Json),
        ("print for GitHub", Format::Github),
        ("print as SARIF", Format::Sarif),
        ("print as JUnit XML", Format::Junit),
    ];
    for (stage, format) in formats {
        clock.time(stage, || found.render(format));
    }
    ensure!(found.failed(), "the faults are found");
    Ok(clock.0)
}
