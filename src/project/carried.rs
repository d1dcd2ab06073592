//! The files that the program carries (**`include_dir`**): templates, schemas, the texts of each language, the letters of corrections and, for a new project,
//! sections, indicators and the declarations of the series that they were made for.
//!
//! What a carried catalogue says of single countries is left out: it is about the tables of that series and about no other.

use std::borrow::Cow;
use std::sync::OnceLock;

use include_dir::{Dir, include_dir};

/// The folders that a project need not have: of what it lacks there, the carried files are read.
pub const FILLED: [&str; 4] = ["data/letters/correction", "data/schemas", "data/text", "templates"];
/// The folder of sections and indicators, which a new project gets as its own.
pub const INDICATORS: &str = "data/indicators";
/// The folder of the texts of each language.
pub const TEXTS: &str = "data/text";

static LETTERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data/letters/correction");
static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static SCHEMAS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data/schemas");
static TEXT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data/text");
static SECTIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data/indicators");
static REPORT: &[u8] = include_bytes!("../../data/report.toml");

/// A carried file: its path from the root of a project, and its bytes.
pub type Carried = (String, Cow<'static, [u8]>);

/// Every carried file, by path.
pub fn files() -> &'static [Carried] {
    static FILES: OnceLock<Vec<Carried>> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut files = vec![("data/report.toml".to_owned(), Cow::Borrowed(REPORT))];
        let [letters, schemas, text, templates] = FILLED;
        let folders =
            [(letters, &LETTERS), (templates, &TEMPLATES), (schemas, &SCHEMAS), (text, &TEXT), (INDICATORS, &SECTIONS)];
        folders.into_iter().for_each(|(base, folder)| gather(base, folder, &mut files));
        files.sort_by(|one, other| one.0.cmp(&other.0));
        files
    })
}

fn gather(base: &str, folder: &'static Dir<'static>, files: &mut Vec<Carried>) {
    folder.dirs().for_each(|inside| gather(base, inside, files));
    for file in folder.files() {
        let path = format!("{base}/{}", file.path().to_string_lossy().replace('\\', "/"));
        let name = path.rsplit('/').next().unwrap_or_default();
        // What an editor had open while the program was compiled is none.
        if name.starts_with(['.', '~', '#']) || name.ends_with('~') {
            continue;
        }
        let catalogue = path.starts_with(TEXTS);
        let bytes = if catalogue { of_any_series(file.contents()) } else { Cow::Borrowed(file.contents()) };
        files.push((path, bytes));
    }
}

/// The carried file of a path.
#[must_use]
pub fn file(path: &str) -> Option<&'static [u8]> {
    let files = files();
    let at = files.binary_search_by(|(known, _)| known.as_str().cmp(path)).ok()?;
    Some(&files.get(at)?.1)
}

/// The carried files that stand in for those that a project lacks.
pub fn filling() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    files().iter().filter(|(path, _)| fills(path)).map(|(path, bytes)| (path.as_str(), &**bytes))
}

/// Whether the carried file of a path, or those of a folder, stand in where a project has none.
#[must_use]
pub fn fills(path: &str) -> bool {
    FILLED.iter().any(|folder| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// What is directly inside a carried folder: each name, and whether it is a folder.
#[must_use]
pub fn inside(folder: &str) -> Vec<(&'static str, bool)> {
    let rest = |(path, _): &'static Carried| path.strip_prefix(folder)?.strip_prefix('/');
    let name = |rest: &'static str| rest.split_once('/').map_or((rest, false), |(name, _)| (name, true));
    let mut found: Vec<_> = files().iter().filter_map(rest).map(name).collect();
    found.dedup();
    found
}

/// The languages that a carried catalogue speaks.
pub fn languages() -> impl Iterator<Item = &'static str> {
    inside(TEXTS).into_iter().filter_map(|(name, _)| name.strip_suffix(".toml"))
}

/// A catalogue without its tables of single countries and of their events.
fn of_any_series(catalogue: &'static [u8]) -> Cow<'static, [u8]> {
    let Ok(text) = std::str::from_utf8(catalogue) else { return Cow::Borrowed(catalogue) };
    let of_one = |line: &str| ["[country.", "[events."].iter().any(|head| line.starts_with(head));
    let (mut kept, mut left_out) = (String::with_capacity(text.len()), false);
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') {
            left_out = of_one(line);
        }
        if !left_out {
            kept.push_str(line);
        }
    }
    Cow::Owned(kept.into_bytes())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The paths below a folder of the repository.
    fn below(folder: &Path, prefix: &str, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder of the repository") {
            let entry = entry.expect("an entry");
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}/{name}");
            if entry.path().is_dir() {
                below(&entry.path(), &path, found);
            } else if !name.starts_with('.') {
                found.push(path);
            }
        }
    }

    #[test]
    fn every_file_of_the_repository_is_carried_as_it_is() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut there = vec!["data/report.toml".to_owned()];
        FILLED.iter().chain([&INDICATORS]).for_each(|folder| below(&root.join(folder), folder, &mut there));
        there.sort();
        let carried: Vec<&String> = files().iter().map(|(path, _)| path).collect();
        assert_eq!(carried, there.iter().collect::<Vec<_>>(), "touch src/project/carried.rs and compile again");
        for (path, bytes) in files().iter().filter(|(path, _)| !path.starts_with(TEXTS)) {
            assert!(std::fs::read(root.join(path)).expect("a file") == **bytes, "{path}");
        }
        assert_eq!(file("templates/brief.typ"), std::fs::read(root.join("templates/brief.typ")).ok().as_deref());
        assert_eq!(file("templates/none.typ"), None);
    }

    #[test]
    fn a_carried_catalogue_tells_of_no_single_country() {
        let text = b"name = \"x\"\n[country.XXA]\na = \"b\"\n[countries]\nXXA = \"c\"\n[events.XXA]\nd = \"e\"\n[words]\nf = \"g\"\n";
        let kept = String::from_utf8(of_any_series(text).into_owned()).expect("UTF-8");
        assert_eq!(kept, "name = \"x\"\n[countries]\nXXA = \"c\"\n[words]\nf = \"g\"\n");
        for (path, bytes) in files().iter().filter(|(path, _)| path.starts_with(TEXTS)) {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains("[country.") && !text.contains("[events."), "{path}");
        }
    }

    #[test]
    fn folders_are_listed_once() {
        let listed = inside("templates");
        assert_eq!(listed.iter().filter(|(name, folder)| *name == "components" && *folder).count(), 1);
        assert!(listed.contains(&("brief.typ", false)) && languages().count() == inside(TEXTS).len());
        assert!(fills("templates") && fills("data/text/x.toml") && !fills("data/textual") && !fills(INDICATORS));
    }
}
