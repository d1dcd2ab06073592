//! The gallery of mappings, one folder a publisher: `gallery/<name>` holds a mapping to copy, a small file in the shape that the
//! publisher hands out, and for each table what `import --show` prints of it. `BLESS=1` writes that anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::Importing;
use crate::expected;
use crate::project::{REPOSITORY, files, tests};

/// A mapping of the gallery.
struct Piece {
    folder: PathBuf,
    name: String,
    mapping: String,
}

impl Piece {
    fn all() -> Vec<Self> {
        let entries = fs::read_dir(tests().join("imports/gallery")).expect("there is a gallery");
        let mut folders: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
        folders.sort();
        let read = |folder: PathBuf| {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let mapping = fs::read_to_string(folder.join("mapping.toml")).expect("each folder has a mapping");
            Self { folder, name, mapping }
        };
        folders.into_iter().map(read).collect()
    }

    /// The tables whose rows are expected, as `LAO/victims`.
    fn tables(&self) -> BTreeSet<String> {
        let table = |path: &String| Some(path.strip_prefix("shown-")?.strip_suffix(".csv")?.replacen('-', "/", 1));
        files(&self.folder).iter().filter_map(table).collect()
    }

    fn project(&self) -> Importing {
        let source = self.mapping.lines().find_map(|line| line.strip_prefix("source = \"")?.strip_suffix('"'));
        let confidential = self.folder.join("register").exists();
        let inside = if confidential { "data/countries/LAO/imports" } else { "data/imports" };
        let tables = self.tables();
        let mut countries: BTreeSet<&str> = tables.iter().filter_map(|table| table.split('/').next()).collect();
        countries.insert("LAO");
        let countries: Vec<&str> = countries.into_iter().collect();
        let importing = Importing::of(&countries, source.expect("it names its source"), inside);
        for path in files(&self.folder).into_iter().filter(|path| !path.starts_with("shown-")) {
            let name = if path == "mapping.toml" { "x.toml" } else { &path };
            let to = importing.path(name);
            fs::create_dir_all(to.parent().expect("a folder")).expect("the folder can be made");
            fs::copy(self.folder.join(&path), to).expect("a file can be copied");
        }
        importing
    }
}

#[test]
fn the_gallery_shows_what_its_mappings_make() {
    let mut differences = Vec::new();
    for piece in Piece::all() {
        let importing = piece.project();
        let counted = importing.shown(None);
        assert_eq!((counted.code, counted.stderr.as_str()), (0, ""), "{}", piece.name);
        let mut made = BTreeSet::new();
        for line in counted.stdout.lines().skip(1) {
            let table = line.rsplit_once(',').expect("country, table and rows").0.replacen(',', "/", 1);
            let path = piece.folder.join(format!("shown-{}.csv", table.replace('/', "-")));
            differences.extend(expected::text(&path, &importing.shown(Some(&table)).stdout));
            made.insert(table);
        }
        if made != piece.tables() {
            differences.push(format!(
                "{}: it makes {made:?}, and rows are expected of {:?}",
                piece.name,
                piece.tables()
            ));
        }
    }
    expected::conclude(&differences);
}

/// A reader must know what is true of a sample, and find each from the page about mappings.
#[test]
fn every_piece_says_where_its_shape_is_from_and_stands_on_the_page() {
    let page = fs::read_to_string(Path::new(REPOSITORY).join("docs/import.md")).expect("the page");
    for Piece { name, mapping, .. } in Piece::all() {
        let head: String = mapping.lines().take_while(|line| line.starts_with('#')).collect();
        assert!(["invented", "byte for byte"].iter().any(|word| head.contains(word)), "{name}: of what is its sample?");
        let link = format!("](../tests/imports/gallery/{name}/mapping.toml)");
        assert!(page.contains(&link), "docs/import.md has no link to {name}");
    }
}
