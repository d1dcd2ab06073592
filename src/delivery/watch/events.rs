//! What the file system reports of changes: **notify** lives here.
//!
//! An event only says that it is time to look. That a file was opened or read is none: a build reads everything, and looking
//! itself opens folders, so both would wake themselves for ever.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Config, ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// The events of some folders and all that is in them.
pub(super) struct Events {
    /// With it the events end.
    _watcher: RecommendedWatcher,
    reported: Receiver<()>,
}

impl Events {
    /// Asks for the events of these folders; else says why there are none.
    pub(super) fn of(folders: &[PathBuf]) -> Result<Self, String> {
        // That one event waits to be seen is enough.
        let (report, reported) = sync_channel(1);
        let handler = move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| is_change(event.kind)) {
                // Where it is full, one waits already; where nobody listens any more, the program ends.
                let _ = report.try_send(());
            }
        };
        let config = Config::default().with_follow_symlinks(false);
        let mut watcher = RecommendedWatcher::new(handler, config).map_err(reason)?;
        folders.iter().try_for_each(|folder| watcher.watch(folder, RecursiveMode::Recursive)).map_err(reason)?;
        Ok(Self { _watcher: watcher, reported })
    }

    /// Waits for an event, at most so long; whether there was one.
    pub(super) fn wait(&self, longest: Duration) -> bool {
        let waited = self.reported.recv_timeout(longest);
        if waited == Err(RecvTimeoutError::Disconnected) {
            std::thread::sleep(longest);
        }
        waited.is_ok()
    }
}

/// Whether something may have been saved. What cannot be told from the kind, as where events were lost, may have been.
fn is_change(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}

/// Why there are no events, as part of a sentence.
fn reason(error: notify::Error) -> String {
    match error.kind {
        ErrorKind::MaxFilesWatch => "the system's limit of watched folders is reached".to_owned(),
        ErrorKind::PathNotFound => "a folder to watch is missing".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn writing_is_reported_and_reading_is_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("file");
        fs::write(&file, "1").expect("it can be written");
        let events = Events::of(&[folder.path().to_owned()]).expect("temporary folders have events");
        // Some systems report what was before, too.
        while events.wait(Duration::from_millis(300)) {}
        assert!(fs::read(&file).is_ok() && fs::read_dir(folder.path()).is_ok_and(|entries| entries.count() == 1));
        assert!(!events.wait(Duration::from_millis(300)), "reading is no change");
        fs::write(&file, "2").expect("it can be written");
        assert!(events.wait(Duration::from_secs(5)), "writing is");
    }

    #[test]
    fn a_folder_that_is_not_there_has_no_events() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(Events::of(&[folder.path().join("none")]).is_err());
    }
}
