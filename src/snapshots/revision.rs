//! A revision of the project's data, taken out of Git into a folder of its own. **git** is called here and nowhere else;
//! **tempfile** makes that folder.
//!
//! Only plumbing commands are called, and only to read: no hook runs, nothing is fetched, the working tree is not touched.
//! Registers must not be in Git. If a revision contains one, it is not taken out; if one could get in, `check` reports it.

mod kept_out;

use std::fs;
use std::io::{Read, Write};
use std::path::{Component, Path};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

pub use kept_out::{IGNORE, ignores, registers_kept_out};

/// The folders that a build reads to compute figures.
const PARTS: [&str; 2] = ["data", "templates"];
/// The folder of confidential rows.
const REGISTER: &str = "register";
/// The kinds of files in a tree.
const FILES: [&str; 2] = ["100644", "100755"];
/// The kind of a link.
const LINK: &str = "120000";

/// A revision's files in a temporary folder, which is deleted with this value.
pub struct Revision {
    folder: TempDir,
    /// The full id of the commit.
    pub commit: String,
}

/// A file or link in a Git tree: its mode, its object, its path from the root.
struct TreeEntry {
    mode: String,
    object: String,
    path: String,
}

impl Revision {
    /// Takes `data/` and `templates/` of a revision of the repository in which `root` lies.
    ///
    /// # Errors
    /// Without Git or a repository; when the revision is unknown or holds no `data/`; when writing fails.
    pub fn take(root: &Path, name: &str) -> Result<Self> {
        let commit = resolve(root, name)?;
        let entries = entries(root, name, &commit)?;
        let revision = Self { folder: private_folder()?, commit };
        let contents = contents(root, name, &entries)?;
        // Links come last, so that no file is ever written through one.
        let (links, files): (Vec<_>, Vec<_>) = entries.iter().zip(&contents).partition(|(entry, _)| entry.mode == LINK);
        for (entry, content) in files.into_iter().chain(links) {
            let path = revision.root().join(&entry.path);
            put(&path, entry.mode == LINK, content).with_context(|| format!("cannot write `{}`", path.display()))?;
        }
        if !entries.iter().any(|entry| entry.path.starts_with(PARTS[1])) {
            stand_in(&root.join(PARTS[1]), &revision.root().join(PARTS[1]))?;
        }
        Ok(revision)
    }

    /// The folder that holds `data/` and `templates/`.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.folder.path()
    }
}

/// A Git command in the folder `root`, independent of the caller's Git variables, in English and without network.
fn git(root: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(root).env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_NO_LAZY_FETCH", "1");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"] {
        git.env_remove(variable);
    }
    git.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    git
}

/// Git's output, or the first line of its error message.
fn ask(root: &Path, arguments: &[&str]) -> Result<Result<String, String>> {
    let output = git(root).args(arguments).output().context("cannot run `git`, which reads revisions; install it")?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches('\n').to_owned();
    if output.status.success() {
        return Ok(Ok(text(&output.stdout)));
    }
    let why = text(&output.stderr);
    Ok(Err(why.lines().next().unwrap_or_default().trim_start_matches("fatal: ").to_owned()))
}

fn resolve(root: &Path, name: &str) -> Result<String> {
    ensure!(!name.is_empty() && !name.starts_with('-'), "`{name}` is neither a folder nor a revision");
    let neither = || format!("there is no folder `{name}`");
    if let Err(why) = ask(root, &["rev-parse", "--git-dir"])? {
        bail!(
            "{}, and it cannot be a revision, because `{}` is not in a Git repository: {why}",
            neither(),
            root.display()
        );
    }
    if let Ok(commit) = ask(root, &["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])? {
        return Ok(commit);
    }
    let shallow = ask(root, &["rev-parse", "--is-shallow-repository"])?.is_ok_and(|answer| answer == "true");
    let hint = if shallow {
        "this clone is shallow: `git fetch --unshallow --tags` fetches the whole history"
    } else {
        "name an output folder, or a commit, branch or tag that `git log` knows"
    };
    bail!("{}, and Git knows no revision `{name}`; {hint}", neither())
}

fn entries(root: &Path, name: &str, commit: &str) -> Result<Vec<TreeEntry>> {
    let [data, templates] = PARTS;
    let listed = ask(root, &["ls-tree", "-r", "-z", commit, "--", data, templates])?;
    let listed = listed.map_err(|why| anyhow::anyhow!("Git cannot list the revision `{name}`: {why}"))?;
    let entries: Vec<TreeEntry> = listed.split('\0').filter_map(entry).filter(wanted).collect();
    let held = entries.iter().any(|entry| entry.path.starts_with(data));
    ensure!(held, "the revision `{name}` contains no folder `data` below `{}`", root.display());
    Ok(entries)
}

/// Reads `mode type object<TAB>path`.
fn entry(line: &str) -> Option<TreeEntry> {
    let (head, path) = line.split_once('\t')?;
    let mut head = head.split(' ');
    let (mode, object) = (head.next()?, head.nth(1)?);
    Some(TreeEntry { mode: mode.to_owned(), object: object.to_owned(), path: path.to_owned() })
}

/// Files and links inside; no other repository's folder, no register.
fn wanted(entry: &TreeEntry) -> bool {
    let inside = Path::new(&entry.path).components().all(|part| matches!(part, Component::Normal(_)));
    let register = entry.path.split('/').any(|part| part == REGISTER);
    inside && !register && (entry.mode == LINK || FILES.contains(&entry.mode.as_str()))
}

/// The contents of all entries, in their order, from one Git process.
fn contents(root: &Path, name: &str, entries: &[TreeEntry]) -> Result<Vec<Vec<u8>>> {
    let mut child =
        git(root).args(["cat-file", "--batch"]).stdin(Stdio::piped()).spawn().context("cannot run `git`")?;
    let mut pipe = child.stdin.take().context("Git has no stdin")?;
    let asked: String = entries.iter().map(|entry| format!("{}\n", entry.object)).collect();
    // Git answers while it is still being asked: one thread for each direction, or both wait for ever.
    let asking = std::thread::spawn(move || pipe.write_all(asked.as_bytes()));
    let answer = read_all(&mut child)?;
    let status = child.wait().context("cannot wait for Git")?;
    let lacking = || format!("the repository lacks some files of the revision `{name}`; `git fetch` fetches them");
    // If Git ended early, writing fails, and the missing answer shows it.
    let _ = asking.join();
    let contents = split(&answer, entries.len()).with_context(lacking)?;
    ensure!(status.success(), lacking());
    Ok(contents)
}

fn read_all(child: &mut Child) -> Result<Vec<u8>> {
    let mut answer = Vec::new();
    child
        .stdout
        .take()
        .context("Git has no stdout")?
        .read_to_end(&mut answer)
        .context("cannot read the output of Git")?;
    Ok(answer)
}

/// Reads `object blob size<LF>content<LF>`, once for each entry.
fn split(answer: &[u8], wanted: usize) -> Option<Vec<Vec<u8>>> {
    let (mut rest, mut contents) = (answer, Vec::new());
    for _ in 0..wanted {
        let end = memchr::memchr(b'\n', rest)?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.rsplit_once(" blob ")?.1.parse::<usize>().ok()?;
        contents.push(rest.get(end + 1..end + 1 + size)?.to_vec());
        rest = rest.get(end + 2 + size..)?;
    }
    Some(contents)
}

/// Makes a folder that only this user can read, since the history may not be public yet.
fn private_folder() -> Result<TempDir> {
    let mut folder = tempfile::Builder::new();
    #[cfg(unix)]
    folder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    folder.prefix("tipbrief-").tempdir().context("cannot make a temporary folder")
}

/// Stands in for templates that are not in Git: computing figures needs their names, not their content.
fn stand_in(templates: &Path, place: &Path) -> Result<()> {
    let Ok(entries) = fs::read_dir(templates) else { return Ok(()) };
    for entry in entries.filter_map(Result::ok).filter(|entry| entry.path().is_file()) {
        let path = place.join(entry.file_name());
        put(&path, false, &[]).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(())
}

fn put(path: &Path, link: bool, content: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    #[cfg(unix)]
    if link {
        use std::os::unix::ffi::OsStrExt;
        // Its target is checked by the code that follows it.
        return std::os::unix::fs::symlink(std::ffi::OsStr::from_bytes(content), path);
    }
    // Without links, a file with the target as its content, as in Git's own working trees.
    let _ = link;
    fs::write(path, content)
}
