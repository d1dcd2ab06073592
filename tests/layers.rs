//! The wings of the code in the order of the way, what stands inside each from the ground up, and what lives in one place only.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use crate::tidy::{File, conclude, sources};

/// Each wing and its modules. A wing imports only wings that stand above it here, a module only modules that stand before it;
/// where no modules are listed, that no circle is inside is all that is asked.
const WINGS: &[(&str, &[&str])] = &[
    ("value", &["cell", "period"]),
    ("diagnostic", &[]),
    (
        "project",
        &[
            "declaration",
            "format",
            "carried",
            "packaged",
            "iso3166",
            "face",
            "schema",
            "engine",
            "country",
            "late",
            "policy",
            "approval",
            "letter",
            "correction",
            "donor",
            "publisher",
            "theme",
            "ledger",
            "custody",
            "text",
            "indicator",
            "imports",
            "visits",
            "load",
            "reference",
        ],
    ),
    ("tables", &["ingest", "key", "parts", "import", "count", "validate"]),
    ("figures", &[]),
    ("disclosure", &["attack", "audit", "late", "protect"]),
    ("snapshots", &["record", "diff", "correction", "revision"]),
    ("document", &["bind", "outline", "draw", "typeset", "trace", "explain", "find"]),
    (
        "delivery",
        &["publish", "approve", "build", "send", "links", "recognise", "summary", "watch", "count", "preview"],
    ),
    ("cli", &[]),
    // For tests and fuzzing only.
    ("fuzzing", &[]),
];

/// Circles inside wings that still stand: the module they are in, and its children that import each other.
const CIRCLES: &[(&str, &[&str])] = &[];

pub const CONFINED: &[(&str, &[&str])] = &[
    ("polars::", &["tables/validate", "figures"]),
    ("plotters::", &["document/draw"]),
    ("plotters_", &["document/draw"]),
    ("ttf_parser::", &["document/draw", "project/face"]),
    ("typst_assets::", &["document/draw", "project/face"]),
    ("dejavu::", &["project/face"]),
    ("fixed_decimal::", &["project/text"]),
    ("icu_", &["project/text"]),
    ("calamine::", &["tables/ingest"]),
    ("csv::", &["delivery/publish/csv_text", "project/custody"]),
    ("csv_core::", &["tables/ingest"]),
    ("notify::", &["delivery/watch/events"]),
    (
        "tempfile::",
        &[
            "delivery/publish/programs",
            "delivery/approve/signature",
            "delivery/count",
            "delivery/preview/desk",
            "snapshots/revision",
        ],
    ),
    ("getrandom::", &["delivery/publish/custody", "delivery/preview/token"]),
    ("httparse::", &["delivery/preview/request"]),
    ("strsim::", &["project/declaration/near"]),
    ("walkdir::", &["project/load/entry"]),
    ("encoding_rs::", &["project/country", "project/imports/reading", "tables/ingest"]),
    ("email_address::", &["project/donor"]),
    ("idna::", &["project/donor"]),
    ("include_dir::", &["project/carried"]),
    ("lettre::", &["delivery/send"]),
    ("ureq::", &["delivery/links/client"]),
    ("qrcode::", &["document/typeset/qr"]),
    ("rust_xlsxwriter::", &["delivery/publish/xlsx"]),
    ("lopdf::", &["document/trace"]),
    ("memmap2::", &["tables/ingest"]),
    ("simdutf8::", &["tables/ingest"]),
    ("unsafe {", &["tables/ingest"]),
    ("wide::", &["tables/ingest"]),
    ("toml::", &["project/declaration"]),
    ("jsonc_parser::", &["project/declaration"]),
    ("typst_syntax::", &["document/bind"]),
    ("zip::", &["tables/ingest"]),
    ("clap::", &["cli"]),
    ("clap_complete::", &["cli/manual"]),
    ("clap_mangen::", &["cli/manual"]),
    ("indicatif::", &["cli"]),
    ("quick_xml::", &["diagnostic", "tables/ingest", "project/load", "delivery/publish", "delivery/preview"]),
    ("anstyle::", &["diagnostic"]),
    ("unicode_width::", &["diagnostic"]),
    ("hmac::", &["disclosure/late/key"]),
    (
        "sha2::",
        &[
            "delivery/links/client",
            "delivery/publish",
            "disclosure/late/key",
            "tables/import/files",
            "project/load/ledger",
            "project/load/font_files",
        ],
    ),
    ("rustix::", &["delivery/publish", "document/typeset"]),
    ("landlock::", &["document/typeset"]),
    ("signal_hook::", &["cli"]),
    ("process::Command", &["snapshots/revision", "document/typeset", "delivery/approve/signature", "delivery/count"]),
    ("\"git\"", &["snapshots/revision"]),
    ("\"ssh-keygen\"", &["delivery/approve/signature"]),
    ("process::{", &["snapshots/revision", "document/typeset", "delivery/approve/signature", "delivery/count"]),
    ("std::net", &["delivery/send", "delivery/links/client", "delivery/preview/server", "delivery/preview/crowd"]),
    ("File::create", &["delivery/publish", "document/typeset"]),
    (
        "fs::write",
        &[
            "cli/layout",
            "cli/manual",
            "delivery/publish",
            "delivery/approve/signature",
            "snapshots/revision",
            "delivery/send",
            "document/typeset",
        ],
    ),
    ("fs::rename", &["cli/layout", "delivery/publish"]),
    ("fs::remove", &["cli/layout", "delivery/publish", "snapshots/revision", "document/typeset"]),
    (
        "std::fs",
        &[
            "tables/ingest",
            "cli/layout",
            "cli/manual",
            "cli/translate",
            "project/load",
            "delivery/publish",
            "delivery/approve",
            "delivery/count",
            "snapshots/record",
            "snapshots/revision",
            "delivery/send",
            "delivery/recognise",
            "delivery/summary",
            "document/typeset",
            "delivery/watch",
        ],
    ),
    ("SystemTime::now", &["cli/new", "delivery/approve/giving", "delivery/send", "delivery/links"]),
    // After a panic while it is filled it panics for everybody; `OnceLock` does not.
    ("LazyLock", &[]),
    ("Local::now", &[]),
    ("Utc::now", &[]),
];

/// The whole crate: what each module imports, as paths from its root.
struct House {
    /// By module, `document::draw::alt`; also the parts of what it imports, re-exports followed.
    imports: BTreeMap<Vec<String>, BTreeSet<Vec<String>>>,
}

impl House {
    fn read() -> Self {
        let files: BTreeMap<Vec<String>, File> = sources()
            .into_iter()
            .map(|file| (module(&file.path), file))
            .filter(|(module, _)| !module.is_empty())
            .collect();
        let named: BTreeMap<Vec<String>, Vec<Vec<String>>> =
            files.iter().map(|(module, file)| (module.clone(), paths(&file.code(), module))).collect();
        let imports = named.iter().map(|(module, paths)| {
            let found = paths.iter().map(|path| owner(path, &named, 0)).filter(|path| !path.is_empty()).collect();
            (module.clone(), found)
        });
        Self { imports: imports.collect() }
    }

    /// Which children of a module import which, by what is anywhere inside them.
    fn siblings(&self) -> BTreeMap<Vec<String>, BTreeMap<String, BTreeSet<String>>> {
        let mut found: BTreeMap<Vec<String>, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
        for (module, imports) in &self.imports {
            for import in imports {
                let shared = module.iter().zip(import).take_while(|(one, other)| one == other).count();
                if let (Some(one), Some(other)) = (module.get(shared), import.get(shared)) {
                    let inside = found.entry(module[..shared].to_vec()).or_default();
                    inside.entry(one.clone()).or_default().insert(other.clone());
                }
            }
        }
        found
    }
}

/// The module that a file is: none for the roots.
fn module(path: &str) -> Vec<String> {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    if matches!(path, "lib" | "main") { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

/// The module that owns what a path names: the longest part that is a module, from where a `use` in it leads on.
fn owner(path: &[String], named: &BTreeMap<Vec<String>, Vec<Vec<String>>>, steps: usize) -> Vec<String> {
    let Some(depth) = (1..=path.len()).rev().find(|depth| named.contains_key(&path[..*depth])) else {
        return Vec::new();
    };
    let (module, rest) = path.split_at(depth);
    let further = rest.first().and_then(|name| {
        let brought = |used: &&Vec<String>| used.last() == Some(name) && !used.starts_with(path);
        named[module].iter().find(brought)
    });
    match further {
        Some(further) if steps < 8 => owner(further, named, steps + 1),
        _ => module.to_vec(),
    }
}

/// Every path that a file names from the root, from above, or, in a `use`, from itself.
fn paths(code: &str, own: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let uses = Regex::new(r"(?m)^\s*(?:pub(?:\([^)]*\))? )?use ([^;]+);").expect("a pattern");
    for used in uses.captures_iter(code) {
        let tree: String = used[1].split_whitespace().collect::<Vec<_>>().join(" ");
        found.extend(leaves(&tree).iter().filter_map(|path| absolute(path, own)));
    }
    let inline = Regex::new(r"\b(?:crate|super)(?:::\w+)+").expect("a pattern");
    let rest = uses.replace_all(code, "");
    found.extend(inline.find_iter(&rest).filter_map(|path| absolute(path.as_str(), own)));
    found
}

/// A path from the root; none where it begins in another crate.
fn absolute(path: &str, own: &[String]) -> Option<Vec<String>> {
    let path = path.split(" as ").next().unwrap_or(path);
    let mut names = path.split("::").map(str::trim).filter(|name| *name != "*").peekable();
    let mut from = own.to_vec();
    match *names.peek()? {
        "crate" | "tipbrief" => from.clear(),
        "super" | "self" => {}
        // It may be a module inside this one; of another crate nothing is known here.
        name => from.push(name.to_owned()),
    }
    names.next_if(|_| true).filter(|name| *name == "super").map(|_| from.pop());
    while names.next_if(|name| *name == "super").is_some() {
        from.pop();
    }
    from.extend(names.filter(|name| *name != "self").map(str::to_owned));
    Some(from)
}

/// The paths of a tree of `use`: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn leaves(tree: &str) -> Vec<String> {
    let Some((stem, list)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let list = list.trim_end().trim_end_matches('}');
    let (mut depth, mut items) = (0, vec![String::new()]);
    for c in list.chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match (c, depth) {
            (',', 0) => items.push(String::new()),
            _ => items.last_mut().expect("an item").push(c),
        }
    }
    let items = items.iter().filter(|item| !item.trim().is_empty());
    items.flat_map(|item| leaves(item.trim())).map(|leaf| format!("{}{leaf}", stem.trim())).collect()
}

/// Groups that can each be reached from each other.
fn circles(imports: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<Vec<String>> {
    let reached = |from: &String| {
        let (mut found, mut next) = (BTreeSet::new(), vec![from]);
        while let Some(at) = next.pop() {
            next.extend(imports.get(at).into_iter().flatten().filter(|to| found.insert((*to).clone())));
        }
        found
    };
    let reach: BTreeMap<&String, BTreeSet<String>> = imports.keys().map(|name| (name, reached(name))).collect();
    let group = |name: &String| {
        reach
            .iter()
            .filter(|(other, to)| to.contains(name) && reach[name].contains(**other))
            .map(|(other, _)| (*other).clone())
            .collect()
    };
    imports.keys().filter(|name| reach[name].contains(*name)).map(group).collect()
}

fn place(names: &[&str], name: &str) -> Option<usize> {
    names.iter().position(|other| *other == name)
}

#[test]
fn the_listing_of_the_sources_is_the_wings() {
    let mut listed: BTreeSet<String> = WINGS.iter().map(|(wing, _)| (*wing).to_owned()).collect();
    listed.extend(["lib.rs".to_owned(), "main.rs".to_owned()]);
    let found: BTreeSet<String> =
        sources().iter().map(|file| file.path.split('/').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(found, listed);
    let mut faults = Vec::new();
    for (wing, modules) in WINGS.iter().filter(|(_, modules)| !modules.is_empty()) {
        let inside = sources()
            .into_iter()
            .map(|file| module(&file.path))
            .filter(|module| module.first().is_some_and(|first| first == wing));
        let inside: BTreeSet<String> = inside.filter_map(|module| module.get(1).cloned()).collect();
        if inside != modules.iter().map(|module| (*module).to_owned()).collect() {
            faults.push(format!("src/{wing}/ holds {inside:?}, listed are {modules:?}"));
        }
    }
    conclude(&faults);
}

#[test]
fn wings_and_modules_import_only_what_stands_before_them() {
    let wings: Vec<&str> = WINGS.iter().map(|(wing, _)| *wing).collect();
    let mut faults = Vec::new();
    for (module, imports) in &House::read().imports {
        let at = place(&wings, &module[0]).expect("a wing");
        for import in imports {
            let later = match place(&wings, &import[0]) {
                Some(to) if to == at => {
                    let inside = |path: &[String]| path.get(1).and_then(|name| place(WINGS[at].1, name));
                    inside(module).zip(inside(import)).is_some_and(|(own, other)| other > own)
                }
                to => to.is_some_and(|to| to > at),
            };
            if later {
                faults.push(format!("`{}` may not import `{}`", module.join("::"), import.join("::")));
            }
        }
    }
    conclude(&faults);
}

#[test]
fn no_circle_inside_wings() {
    let mut found = BTreeSet::new();
    for (inside, imports) in House::read().siblings() {
        found.extend(circles(&imports).into_iter().map(|circle| (inside.join("::"), circle)));
    }
    let known = CIRCLES
        .iter()
        .map(|(inside, circle)| ((*inside).to_owned(), circle.iter().map(|name| (*name).to_owned()).collect()));
    let known: BTreeSet<(String, Vec<String>)> = known.collect();
    let fresh = found.difference(&known).map(|circle| format!("a circle in {circle:?}"));
    let gone = known.difference(&found).map(|circle| format!("no circle any more, take it off the list: {circle:?}"));
    conclude(&fresh.chain(gone).collect::<Vec<_>>());
}

#[test]
fn circles_are_seen() {
    let imports = [("a", "b"), ("b", "c"), ("c", "b"), ("d", "a")];
    let imports = imports.map(|(from, to)| (from.to_owned(), BTreeSet::from([to.to_owned()])));
    assert_eq!(circles(&imports.into()), BTreeSet::from([vec!["b".to_owned(), "c".to_owned()]]));
    let own = ["document".to_owned(), "draw".to_owned(), "alt".to_owned()];
    let found =
        paths("use super::{series_text::{Said, gaps}, strip};\nlet x = crate::value::agree();\nuse std::fmt;", &own);
    let found: Vec<String> = found.iter().map(|path| path.join("::")).collect();
    let fmt = "document::draw::alt::std::fmt";
    assert_eq!(
        found,
        [
            "document::draw::series_text::Said",
            "document::draw::series_text::gaps",
            "document::draw::strip",
            fmt,
            "value::agree"
        ]
    );
}
