//! Which Typst: `$TYPST`, then the one on PATH, then the project's own in `.tools/bin`, then the one of the program's package;
//! recent enough, or none.

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, bail};

use super::run;
use crate::project::packaged;
use crate::project::policy::Limits;

/// The oldest version whose output this project's templates were tried with.
const OLDEST: (u32, u32, u32) = (0, 15, 1);
/// The one command that mends a missing or an old Typst.
const MEND: &str = "cargo install --locked --root .tools typst-cli@0.15.1";

/// How long its version is waited for at least, however short a run may be: the machine may be busy with something else.
const SLOWEST: Duration = Duration::from_secs(10);

/// A Typst command that fits.
#[derive(Debug, Clone)]
pub struct Typst {
    /// The program.
    pub program: PathBuf,
    /// Its version, `0.15.1`.
    pub version: String,
}

/// The variable that names the program to use.
pub const NAMED: &str = "TYPST";

impl Typst {
    /// Finds a Typst that is recent enough. It is started to tell its version, confined like every run, unless `known` does.
    ///
    /// # Errors
    /// When there is none, with the one command that mends it.
    pub fn find(root: &Path, limits: Limits, known: &mut dyn FnMut(&Path) -> Option<String>) -> Result<Self> {
        Self::search(root, &mut |program| known(program).or_else(|| version(program, limits)))
    }

    /// Finds the same one without starting any program, by the versions that are known.
    #[must_use]
    pub fn among_known(root: &Path, known: &mut dyn FnMut(&Path) -> Option<String>) -> Option<Self> {
        Self::search(root, known).ok()
    }

    fn search(root: &Path, version: &mut dyn FnMut(&Path) -> Option<String>) -> Result<Self> {
        if let Some(named) = std::env::var_os(NAMED).filter(|named| !named.is_empty()) {
            let program = placed(Path::new(&named)).unwrap_or_else(|| PathBuf::from(&named));
            return match version(&program) {
                Some(found) if recent(&found) => Ok(Self { program, version: found }),
                Some(found) => bail!("`{}` named by TYPST is Typst {found}; {}", program.display(), wanted()),
                None => bail!("`{}` named by TYPST does not run as Typst; {}", program.display(), wanted()),
            };
        }
        let mut old = None;
        let own = [PathBuf::from("typst"), root.join(".tools/bin/typst"), PathBuf::from("./.tools/bin/typst")];
        let packaged = packaged::places("typst");
        for program in own.iter().chain(&packaged).filter_map(|name| placed(name)) {
            match version(&program) {
                Some(found) if recent(&found) => return Ok(Self { program, version: found }),
                Some(found) => old = Some(found),
                None => {}
            }
        }
        match old {
            Some(found) => bail!("the Typst found is {found}; {}", wanted()),
            None => bail!("Typst was not found; {}", wanted()),
        }
    }
}

/// The file of a program: one without a folder is looked for on PATH.
fn placed(name: &Path) -> Option<PathBuf> {
    if name.components().count() > 1 {
        return first_of(spelled(name, EXE_SUFFIX));
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).find_map(|folder| first_of(spelled(&folder.join(name), EXE_SUFFIX)))
}

/// How the file of a program may be called: as it is named, or with what programs of this system end with.
fn spelled(name: &Path, suffix: &str) -> Vec<PathBuf> {
    let mut whole = name.as_os_str().to_owned();
    whole.push(suffix);
    // Beside `typst.exe` a `typst` is a program of another system.
    if suffix.is_empty() { vec![name.to_owned()] } else { vec![whole.into(), name.to_owned()] }
}

fn first_of(files: Vec<PathBuf>) -> Option<PathBuf> {
    files.into_iter().filter_map(|file| std::path::absolute(file).ok()).find(|file| file.is_file())
}

fn wanted() -> String {
    let (major, minor, patch) = OLDEST;
    format!("version {major}.{minor}.{patch} or later is needed: run `{MEND}`")
}

fn version(program: &Path, limits: Limits) -> Option<String> {
    let limits = Limits { time: limits.time.max(SLOWEST), ..limits };
    let output = run::run(run::bare(program).arg("--version"), limits).ok()?;
    let text = String::from_utf8(output.out).ok()?;
    let version = text.strip_prefix("typst ")?.split_whitespace().next()?;
    Some(version.to_owned())
}

fn recent(version: &str) -> bool {
    let core = version.split(['-', '+']).next().unwrap_or(version);
    let mut parts = core.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next()) >= OLDEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_with_and_without_what_its_system_ends_programs_with() {
        let named = Path::new(".tools/bin/typst");
        assert_eq!(spelled(named, ""), [PathBuf::from(".tools/bin/typst")]);
        assert_eq!(spelled(named, ".exe"), [".tools/bin/typst.exe", ".tools/bin/typst"].map(PathBuf::from));
        assert_eq!(spelled(Path::new("typst.exe"), ".exe")[1], PathBuf::from("typst.exe"));
    }

    #[test]
    fn versions_compare_as_numbers() {
        assert!(recent("0.15.1") && recent("0.16.0") && recent("1.0.0") && recent("0.15.10"));
        assert!(!recent("0.15.0") && !recent("0.9.9") && !recent("nonsense"));
    }
}
