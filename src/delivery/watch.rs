//! What stands below `data/` and `templates/`, looked at again and again: whether any of it was saved anew, and whether it
//! rests. Dates only tell when to look; what is made anew is decided by content.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// How long is waited between two looks, unless looking takes its time.
const PAUSE: Duration = Duration::from_millis(20);
/// Of the time, looking takes no more than one part in so many.
const SHARE: u32 = 10;

/// What tells one state of a file from another.
type State = (u64, Option<SystemTime>, u64);

/// A project that is looked at.
pub struct Watch {
    root: PathBuf,
    seen: BTreeMap<PathBuf, State>,
}

impl Watch {
    /// Looks at a project for the first time.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        let mut watch = Self { root: root.to_owned(), seen: BTreeMap::new() };
        watch.look();
        watch
    }

    /// Waits until something was saved and nothing more is being saved; false once `ended` is true.
    pub fn wait(&mut self, ended: &dyn Fn() -> bool) -> bool {
        let mut changed = false;
        while !ended() {
            let start = Instant::now();
            match (self.look(), changed) {
                (true, _) => changed = true,
                // Several saves, one after another, are one change.
                (false, true) => return true,
                (false, false) => {}
            }
            std::thread::sleep(PAUSE.max(start.elapsed() * SHARE));
        }
        false
    }

    /// Whether anything differs from what was seen last.
    fn look(&mut self) -> bool {
        let mut now = BTreeMap::new();
        for folder in ["data", "templates"] {
            collect(&self.root.join(folder), &mut now);
        }
        // What is written there while something is sent is no input.
        now.retain(|path, _| !path.starts_with(self.root.join("data/sent")));
        let changed = now != self.seen;
        self.seen = now;
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
            Ok(told) if told.is_dir() => collect(&path, seen),
            Ok(told) => {
                seen.insert(path, (told.len(), told.modified().ok(), identity(&told)));
            }
            Err(_) => {}
        }
    }
}

/// A file that was written anew and put in the place of another is another.
#[cfg(unix)]
fn identity(told: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(told)
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> u64 {
    0
}
