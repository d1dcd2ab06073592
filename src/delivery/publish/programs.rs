//! The programs that make documents. Each is read once, and again as soon as its file was written, replaced or renamed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::checksum::hex;

/// How a script begins: the program it starts may change without the script changing.
const SCRIPT: &[u8] = b"#!";
/// How many seconds a file must be unchanged before its next change is sure to show in its times: no file system counts in
/// longer steps.
#[cfg(unix)]
const REST: i64 = 2;

/// Metadata that the system changes whenever a file is written, replaced or given another date: its device, inode and size,
/// when it was written, and when anything about it changed.
type Identity = (u64, u64, u64, Time, Time);

/// Seconds, and the billionths of a second after them.
type Time = (i64, i64);

/// The programs that were read, by path.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Programs(BTreeMap<PathBuf, Program>);

/// A program, with its state when it was last read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Program {
    /// While this stays the same, so does the program; `None` if the file was too new when it was read.
    identity: Option<Identity>,
    pub(super) sum: String,
    script: bool,
    pub(super) version: Option<String>,
}

impl Program {
    /// Its version; `None` for a script, which may start another program tomorrow.
    pub(super) fn known_version(&self) -> Option<&str> {
        self.version.as_deref().filter(|_| !self.script)
    }

    /// Everything that is known about it, for a checksum; `None` if it may have changed unnoticed.
    pub(super) fn settled(&self) -> Option<String> {
        Some(format!("{:?} {} {:?}", self.identity?, self.sum, self.known_version()))
    }
}

impl Programs {
    /// A program that was read and has not changed since; `None` if only reading it would show that.
    pub(super) fn recalled(&self, program: &Path) -> Option<&Program> {
        let path = program.canonicalize().ok()?;
        let known = self.0.get(&path)?;
        (known.identity.is_some() && known.identity == identity(&path)).then_some(known)
    }

    /// A program as it is now.
    pub(super) fn known(&mut self, program: &Path) -> Option<&mut Program> {
        let path = program.canonicalize().ok()?;
        if self.recalled(&path).is_none() {
            let (identity, sum, script) = read(&path).ok()?;
            let before = self.0.remove(&path).filter(|before| before.sum == sum);
            let version = before.and_then(|before| before.version);
            self.0.insert(path.clone(), Program { identity, sum, script, version });
        }
        self.0.get_mut(&path)
    }
}

/// A file's identity, its checksum, and whether it is a script.
fn read(path: &Path) -> io::Result<(Option<Identity>, String, bool)> {
    let before = identity(path).filter(has_rested);
    let (sum, script) = digest(path)?;
    // If it was written meanwhile, a mixture may have been read.
    let same = before.filter(|before| identity(path).as_ref() == Some(before));
    Ok((same, sum, script))
}

fn digest(path: &Path) -> io::Result<(String, bool)> {
    let (mut file, mut digest) = (File::open(path)?, Sha256::new());
    let (mut buffer, mut script) = (vec![0; 1 << 18], None);
    loop {
        let length = file.read(&mut buffer)?;
        let piece = &buffer[..length];
        script = script.or(Some(piece.starts_with(SCRIPT)));
        if piece.is_empty() {
            return Ok((hex(&digest.finalize()), script.unwrap_or_default()));
        }
        digest.update(piece);
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    let file = path.metadata().ok()?;
    let (written, changed) = ((file.mtime(), file.mtime_nsec()), (file.ctime(), file.ctime_nsec()));
    Some((file.dev(), file.ino(), file.size(), written, changed))
}

/// Elsewhere it is read each time.
#[cfg(not(unix))]
fn identity(_: &Path) -> Option<Identity> {
    None
}

/// Whether a file was last changed so long ago that its next change shows in its times. The time of a new file (**tempfile**)
/// says when now is: the times of files come from the system, not from the clock.
#[cfg(unix)]
fn has_rested((.., written, changed): &Identity) -> bool {
    use std::os::unix::fs::MetadataExt;
    let Ok(now) = tempfile::tempfile().and_then(|file| file.metadata()) else { return false };
    let latest = (now.ctime() - REST, now.ctime_nsec());
    *changed <= latest && *written <= latest
}

#[cfg(not(unix))]
fn has_rested(_: &Identity) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::thread::sleep;
    use std::time::{Duration, SystemTime};

    use super::*;

    type Change = fn(&Path) -> io::Result<()>;

    /// Changes to the file of a program, and whether they make it another program.
    const CHANGES: [(&str, bool, Change); 4] = [
        ("other bytes of the same number, with the old date", true, |path| {
            let date = path.metadata()?.modified()?;
            fs::write(path, "two")?;
            File::options().append(true).open(path)?.set_modified(date)
        }),
        ("another file in its place, with the old date", true, |path| {
            let (other, date) = (path.with_file_name("other"), path.metadata()?.modified()?);
            fs::write(&other, "two")?;
            File::options().append(true).open(&other)?.set_modified(date)?;
            fs::rename(&other, path)
        }),
        ("a link in its place", true, |path| {
            let other = path.with_file_name("other");
            fs::write(&other, "two")?;
            fs::remove_file(path)?;
            std::os::unix::fs::symlink(&other, path)
        }),
        ("another date", false, |path| File::options().append(true).open(path)?.set_modified(SystemTime::UNIX_EPOCH)),
    ];

    fn sum(programs: &mut Programs, path: &Path) -> String {
        programs.known(path).map(|program| program.sum.clone()).unwrap_or_default()
    }

    #[test]
    fn whatever_happens_to_a_program_it_is_read_again() -> io::Result<()> {
        let folders = CHANGES.iter().map(|_| tempfile::tempdir()).collect::<io::Result<Vec<_>>>()?;
        let path = |folder: &tempfile::TempDir| folder.path().join("program");
        let mut programs = Programs::default();
        for folder in &folders {
            fs::write(path(folder), "one")?;
            let known = programs.known(&path(folder));
            assert!(known.is_some_and(|program| program.settled().is_none()));
            assert!(programs.recalled(&path(folder)).is_none(), "right after it was written it may change unnoticed");
        }
        sleep(Duration::from_millis(2100));
        for ((what, is_another, change), folder) in CHANGES.iter().zip(&folders) {
            let before = sum(&mut programs, &path(folder));
            assert!(programs.recalled(&path(folder)).is_some(), "an old file is read once");
            change(&path(folder))?;
            assert!(programs.recalled(&path(folder)).is_none(), "{what}");
            assert_eq!(sum(&mut programs, &path(folder)) != before, *is_another, "{what}");
        }
        Ok(())
    }

    #[test]
    fn a_version_goes_with_its_program() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        fs::write(path("program"), "one")?;
        fs::write(path("script"), "#!/bin/sh\n")?;
        sleep(Duration::from_millis(2100));
        let mut programs = Programs::default();
        for name in ["program", "script"] {
            if let Some(program) = programs.known(&path(name)) {
                program.version = Some("1.0".to_owned());
            }
        }
        let version = |programs: &Programs, name| Some(programs.recalled(&path(name))?.known_version()?.to_owned());
        assert_eq!(version(&programs, "program").as_deref(), Some("1.0"));
        assert_eq!(version(&programs, "script"), None, "a script may start another program tomorrow");
        fs::write(path("program"), "two")?;
        assert_eq!(programs.known(&path("program")).and_then(|program| program.version.clone()), None, "another");
        Ok(())
    }
}
