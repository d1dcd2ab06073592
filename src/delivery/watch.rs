//! Whether anything below `data/` and `templates/` was saved, and whether that has come to rest.
//!
//! Looking decides: it compares what is there with what was there. An event of the file system only says that it is time to
//! look, so that a change is seen at once and an idle program does next to nothing. Now and then it looks all the same: network
//! and shared folders report nothing of what others save, without saying so. The first change that is found without an event,
//! or that no events can be had, makes it look again and again. Dates only tell when to build; what is made anew is decided by
//! content.

mod events;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use crate::delivery::publish::OF_SENDING;
use crate::project::filled;
use events::Events;

/// The folders that a build reads. What it writes is not among them.
const FOLDERS: [&str; 2] = ["data", "templates"];
/// How long is waited between two looks at the least, and for more saves after one.
const PAUSE: Duration = Duration::from_millis(20);
/// How long is waited for an event before it looks all the same.
const LONGEST: Duration = Duration::from_secs(2);
/// Of the time, looking takes no more than one part in so many.
const SHARE: u32 = 10;
/// How soon it ends when it is asked to.
const TICK: Duration = Duration::from_millis(100);
/// How long an event may be on its way.
const DELAY: Duration = Duration::from_millis(200);

/// What tells one state of a file or folder from another.
type State = (u64, Option<SystemTime>, u64);

/// A project that is watched.
pub struct Watch {
    root: PathBuf,
    seen: BTreeMap<PathBuf, State>,
    /// What differed when it last waited.
    changed: BTreeSet<PathBuf>,
    /// How long the last look took.
    took: Duration,
    /// None where it looks again and again.
    events: Option<Events>,
    /// Why there are no events, until that was asked for.
    without: Option<String>,
}

impl Watch {
    /// Looks at a project for the first time.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        // A project may leave its templates to the program.
        let carried = !filled(root).is_empty();
        let folders = FOLDERS.map(|folder| root.join(folder)).into_iter();
        let there: Vec<PathBuf> = folders.filter(|folder| !carried || folder.exists()).collect();
        Self::with(root, Events::of(&there))
    }

    fn with(root: &Path, events: Result<Events, String>) -> Self {
        let (events, without) = match events {
            Ok(events) => (Some(events), None),
            Err(why) => (None, Some(why)),
        };
        let mut watch = Self {
            root: root.to_owned(),
            seen: BTreeMap::new(),
            changed: BTreeSet::new(),
            took: Duration::ZERO,
            events,
            without,
        };
        watch.look();
        watch.changed.clear();
        watch
    }

    /// Why the file system's events are not relied on, from now on; given once.
    pub fn without_events(&mut self) -> Option<String> {
        self.without.take()
    }

    /// What was saved, added or removed, as paths from the root, until that was asked for.
    pub fn changed(&mut self) -> BTreeSet<PathBuf> {
        std::mem::take(&mut self.changed)
    }

    /// Waits until something was saved and nothing more is being saved; false once `ended` is true.
    pub fn wait(&mut self, ended: &dyn Fn() -> bool) -> bool {
        // What was saved while a build ran is found without waiting.
        let mut changed = self.look();
        while !ended() {
            std::thread::sleep(PAUSE.max(self.took * SHARE));
            let expected = changed || self.is_time(ended);
            match (self.look(), changed) {
                // Several saves, one after another, are one change.
                (false, true) => return true,
                (found, _) => changed |= found,
            }
            if changed && !expected {
                self.miss();
            }
        }
        false
    }

    /// Waits until it is time to look; whether that was to be expected.
    fn is_time(&self, ended: &dyn Fn() -> bool) -> bool {
        let Some(events) = &self.events else { return true };
        let start = Instant::now();
        while !ended() && start.elapsed() < LONGEST {
            if events.wait(TICK) {
                return true;
            }
        }
        false
    }

    /// A change was found that no event told of: events are not relied on any more, unless it comes late.
    fn miss(&mut self) {
        if self.events.as_ref().is_some_and(|events| !events.wait(DELAY)) {
            self.events = None;
            self.without = Some("something was saved, and it did not report it".to_owned());
        }
    }

    /// Whether anything differs from what was seen last.
    fn look(&mut self) -> bool {
        let start = Instant::now();
        let mut now = BTreeMap::new();
        for folder in FOLDERS {
            collect(&self.root.join(folder), &mut now);
        }
        let of_sending = OF_SENDING.map(|folder| self.root.join(folder));
        now.retain(|path, _| !of_sending.iter().any(|folder| path.starts_with(folder)));
        let changed = now != self.seen;
        if changed {
            let from_root = |path: &PathBuf| path.strip_prefix(&self.root).unwrap_or(path).to_owned();
            let saved = now.iter().filter(|(path, state)| self.seen.get(*path) != Some(*state)).map(|(path, _)| path);
            let removed = self.seen.keys().filter(|path| !now.contains_key(*path));
            self.changed.extend(saved.chain(removed).map(from_root));
        }
        self.seen = now;
        self.took = start.elapsed();
        changed
    }
}

/// What cannot be read is not there; whoever builds says so.
fn collect(folder: &Path, seen: &mut BTreeMap<PathBuf, State>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        // Editors and spreadsheets keep files of their own beside what they have open.
        if name.to_string_lossy().starts_with(['.', '~', '#']) || name.to_string_lossy().ends_with('~') {
            continue;
        }
        match entry.metadata() {
            Ok(found) if found.is_dir() => {
                collect(&path, seen);
                // Its date changes with what editors keep in it.
                seen.insert(path, (0, None, identity(&found)));
            }
            Ok(found) => {
                seen.insert(path, (found.len(), found.modified().ok(), identity(&found)));
            }
            Err(_) => {}
        }
    }
}

/// A file that was written anew and put in the place of another is another.
#[cfg(unix)]
fn identity(found: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(found)
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const TABLE: &str = "data/countries/XXA/arrests.csv";
    /// No change needs as long to be seen, by events or without.
    const PATIENCE: Duration = Duration::from_secs(20);
    /// Within this, only an event lets it look.
    const SOON: Duration = Duration::from_millis(1500);

    fn project() -> TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for path in [TABLE, "templates/brief.typ", "output/XXA/brief.pdf", ".tools/bin/typst", "target/release/x"] {
            write(&folder, path, "first");
        }
        folder
    }

    fn write(folder: &TempDir, path: &str, text: &str) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    /// Whether a change is seen before the time is over.
    fn sees(watch: &mut Watch, within: Duration) -> bool {
        let start = Instant::now();
        watch.wait(&|| start.elapsed() > within)
    }

    /// Whether what is saved while it waits is seen before the time is over.
    fn sees_save(watch: &mut Watch, save: &(dyn Fn() + Sync), within: Duration) -> bool {
        std::thread::scope(|scope| {
            let saving = scope.spawn(|| {
                std::thread::sleep(PAUSE * 4);
                save();
            });
            sees(watch, within) && saving.join().is_ok()
        })
    }

    /// Every way in which something is saved, one after another.
    fn sees_every_way(watch: &mut Watch, folder: &TempDir) {
        let path = |inside: &str| folder.path().join(inside);
        let mut each = |how: &str, save: &(dyn Fn() + Sync)| {
            assert!(sees_save(watch, save, SOON), "{how}");
            assert!(!sees(watch, PAUSE * 3), "{how}: once");
        };
        each("a save in place", &|| write(folder, TABLE, "again"));
        each("a save by renaming", &|| {
            write(folder, "data/countries/XXA/.arrests.csv.new", "again");
            fs::rename(path("data/countries/XXA/.arrests.csv.new"), path(TABLE)).expect("it can be renamed");
        });
        each("a new folder", &|| fs::create_dir(path("data/countries/XXB")).expect("it can be made"));
        each("a file in it", &|| write(folder, "data/countries/XXB/country.toml", "first"));
        each("folders in folders", &|| write(folder, "data/countries/XXC/narrative/en/front.typ", "first"));
        each("a file in the deepest", &|| write(folder, "data/countries/XXC/narrative/en/front.typ", "again"));
        each("a file that goes", &|| fs::remove_file(path(TABLE)).expect("it can be removed"));
        each("a folder that goes", &|| fs::remove_dir_all(path("data/countries/XXC")).expect("it can be removed"));
        each("a template", &|| write(folder, "templates/brief.typ", "again"));
    }

    #[test]
    fn every_way_of_saving_is_seen_by_events() {
        let folder = project();
        let mut watch = Watch::new(folder.path());
        sees_every_way(&mut watch, &folder);
        assert_eq!(watch.without_events(), None);
    }

    #[test]
    fn every_way_of_saving_is_seen_without_events() {
        let folder = project();
        let mut watch = Watch::with(folder.path(), Err("it has none".to_owned()));
        assert_eq!(watch.without_events().as_deref(), Some("it has none"));
        assert_eq!(watch.without_events(), None, "that is said once");
        sees_every_way(&mut watch, &folder);
    }

    #[test]
    fn a_file_system_that_reports_nothing_is_found_out() {
        let folder = project();
        // Events of no folder: none will come.
        let mut watch = Watch::with(folder.path(), Events::of(&[]));
        assert_eq!(watch.without_events(), None);
        assert!(sees_save(&mut watch, &|| write(&folder, TABLE, "again"), PATIENCE), "the change is not lost");
        assert!(watch.without_events().is_some_and(|why| why.contains("did not report")));
        sees_every_way(&mut watch, &folder);
        assert_eq!(watch.without_events(), None);
    }

    #[test]
    fn what_is_saved_during_a_build_starts_another() {
        let folder = project();
        let mut watch = Watch::new(folder.path());
        write(&folder, TABLE, "again");
        assert!(sees(&mut watch, PATIENCE));
        // Here a build runs, at whose end the event is long gone.
        write(&folder, TABLE, "once more");
        if let Some(events) = &watch.events {
            events.wait(DELAY);
        }
        assert!(sees(&mut watch, SOON));
    }

    #[test]
    fn what_a_build_or_an_editor_writes_is_no_change() {
        let folder = project();
        let mut watch = Watch::new(folder.path());
        for path in [
            "output/XXA/brief.pdf",
            ".tools/bin/typst",
            "target/release/x",
            "data/sent/2024.jsonl",
            "data/letters/en.txt",
        ] {
            write(&folder, path, "again");
        }
        for name in [".arrests.csv.swp", "arrests.csv~", "#arrests.csv#", ".~lock.arrests.csv#", "~$arrests.xlsx"] {
            write(&folder, &format!("data/countries/XXA/{name}"), "kept");
        }
        assert!(!sees(&mut watch, LONGEST + Duration::from_millis(500)));
        assert_eq!(watch.without_events(), None);
    }
}
