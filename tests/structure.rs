//! The structure tree of a document, as a screen reader walks it: headings in order, tables with heads, links with text.

use std::process::Command;

use lopdf::{Dictionary, Document, Object};

use crate::article;
use crate::gallery;
use crate::pdf::open;
use crate::project::{Project, files};
use crate::tools::brought;

/// One element of the tree, in reading order.
pub struct Element {
    /// Its role: `H1`, `Table`, `Figure`.
    pub role: String,
    /// How deep it stands.
    pub depth: usize,
    /// Its alternative text.
    pub alternative: Option<String>,
    /// Which way a head looks: `Column`, `Row`.
    scope: Option<String>,
    /// Whether it has marked content of its own or below it.
    content: bool,
    /// How many annotations it holds.
    annotations: usize,
}

/// The elements of a document in reading order.
pub fn elements(document: &Document) -> Vec<Element> {
    let root = document.catalog().and_then(|catalog| catalog.get(b"StructTreeRoot")).expect("a structure tree");
    let root = follow(document, root).as_dict().expect("the root is a dictionary");
    let mut found = Vec::new();
    walk(document, root.get(b"K").expect("the root has children"), 0, &mut found);
    found
}

fn follow<'d>(document: &'d Document, object: &'d Object) -> &'d Object {
    document.dereference(object).expect("a reference leads somewhere").1
}

/// Walks one child; whether it holds marked content, and how many annotations.
fn walk(document: &Document, object: &Object, depth: usize, found: &mut Vec<Element>) -> (bool, usize) {
    match follow(document, object) {
        Object::Integer(_) => (true, 0),
        Object::Array(items) => items.iter().fold((false, 0), |(content, annotations), item| {
            let (more, further) = walk(document, item, depth, found);
            (content || more, annotations + further)
        }),
        Object::Dictionary(dictionary) if dictionary.has(b"S") => {
            let at = found.len();
            found.push(element(document, dictionary, depth));
            let below = dictionary.get(b"K").map_or((false, 0), |kids| walk(document, kids, depth + 1, found));
            (found[at].content, found[at].annotations) = below;
            below
        }
        Object::Dictionary(dictionary) => {
            let annotation = dictionary.get(b"Type").and_then(Object::as_name).is_ok_and(|name| name == b"OBJR");
            (!annotation, usize::from(annotation))
        }
        other => panic!("a child of the structure tree is {other:?}"),
    }
}

fn element(document: &Document, dictionary: &Dictionary, depth: usize) -> Element {
    let name = |dictionary: &Dictionary, key: &[u8]| {
        let name = dictionary.get(key).and_then(Object::as_name).ok()?;
        Some(String::from_utf8_lossy(name).into_owned())
    };
    let attributes: Vec<&Object> = match dictionary.get(b"A").map(|attributes| follow(document, attributes)) {
        Ok(Object::Array(list)) => list.iter().collect(),
        Ok(one) => vec![one],
        Err(_) => Vec::new(),
    };
    let mut scope = attributes.iter().filter_map(|attribute| follow(document, attribute).as_dict().ok());
    let text = |object: &Object| lopdf::decode_text_string(object).ok();
    Element {
        role: name(dictionary, b"S").expect("an element has a role"),
        depth,
        alternative: dictionary.get(b"Alt").ok().and_then(text),
        scope: scope.find_map(|attribute| name(attribute, b"Scope")),
        content: false,
        annotations: 0,
    }
}

fn headings_in_order(elements: &[Element], path: &str) {
    let levels: Vec<u32> = elements.iter().filter_map(|element| element.role.strip_prefix('H')?.parse().ok()).collect();
    assert!(
        levels.first().is_none_or(|first| *first == 1),
        "{path}: the first heading is of level {:?}",
        levels.first()
    );
    let skipped = levels.windows(2).find(|pair| pair[1] > pair[0] + 1);
    assert!(skipped.is_none(), "{path}: a heading leaves out a level: {skipped:?}");
}

fn tables_have_heads(elements: &[Element], path: &str) {
    for (at, table) in elements.iter().enumerate().filter(|(_, element)| element.role == "Table") {
        let inside: Vec<&Element> =
            elements[at + 1..].iter().take_while(|element| element.depth > table.depth).collect();
        let heads: Vec<_> = inside.iter().filter(|element| element.role == "TH").collect();
        assert!(!heads.is_empty(), "{path}: a table has no heads");
        assert!(heads.iter().all(|head| head.scope.is_some()), "{path}: a head does not say which way it looks");
        let rows = inside.iter().filter(|element| element.role == "TR").count();
        assert!(rows > 1, "{path}: a table has a head and nothing below it");
        let firsts = inside.iter().zip(inside.iter().skip(1)).filter(|(row, _)| row.role == "TR").map(|(_, cell)| cell);
        let headless = firsts.filter(|cell| cell.role != "TH").count();
        assert_eq!(headless, 0, "{path}: of {rows} rows of a table {headless} have no head");
    }
}

fn figures_say_what_they_show(elements: &[Element], path: &str) {
    for figure in elements.iter().filter(|element| element.role == "Figure") {
        let alternative = figure.alternative.as_deref().unwrap_or_default();
        assert!(!alternative.trim().is_empty(), "{path}: a figure has no alternative text");
        for stray in ["alt_", "{", "}", "  ", ": ."] {
            assert!(!alternative.contains(stray), "{path}: `{stray}` stands in the alternative text “{alternative}”");
        }
    }
}

fn links_have_text(elements: &[Element], path: &str) {
    for link in elements.iter().filter(|element| element.role == "Link") {
        assert!(link.annotations > 0, "{path}: a link leads nowhere");
        assert!(link.content || link.alternative.is_some(), "{path}: a link has no text");
    }
}

/// The annotations of a document say where they lead.
fn annotations_are_described(document: &Document, path: &str) {
    let links = document.objects.values().filter_map(|object| object.as_dict().ok()).filter(|dictionary| {
        dictionary.get(b"Subtype").and_then(Object::as_name).is_ok_and(|subtype| subtype == b"Link")
    });
    for link in links {
        let contents = link.get(b"Contents").and_then(Object::as_str).unwrap_or_default();
        assert!(!contents.is_empty(), "{path}: an annotation says nothing of where it leads");
        assert!(link.has(b"StructParent"), "{path}: an annotation stands outside the structure");
    }
}

fn in_order(project: &Project, path: &str) {
    let document = open(project, path);
    let elements = elements(&document);
    headings_in_order(&elements, path);
    tables_have_heads(&elements, path);
    figures_say_what_they_show(&elements, path);
    links_have_text(&elements, path);
    annotations_are_described(&document, path);
}

#[test]
fn the_documents_of_the_series_are_in_order() {
    let places = ["LAO", "KHM"].into_iter().flat_map(|country| ["en", "fr", "lo"].map(|language| (country, language)));
    for (country, language) in places {
        for document in ["brief", "annex", "donor-summary"] {
            in_order(article::series(), &format!("{country}/{language}/{document}.pdf"));
        }
    }
}

/// A screen reader that jumps from heading to heading meets the country, then each finding, and the sources as items of a list.
#[test]
fn a_brief_has_one_title_a_headline_for_each_block_and_its_sources_as_a_list() {
    for country in ["LAO", "KHM"] {
        let prose = article::series().read(&format!("data/countries/{country}/narrative/en/brief.typ"));
        // Beside the questions: the dated facts, what is asked in full, the scoreboard and the sources.
        let headlines = prose.matches("#question(").count() + 4;
        assert!(headlines > 8, "{country}: {headlines}");
        for language in ["en", "fr", "lo"] {
            let path = format!("{country}/{language}/brief.pdf");
            let elements = elements(&open(article::series(), &path));
            let count = |role: &str| elements.iter().filter(|element| element.role == role).count();
            assert_eq!((count("H1"), count("H2"), count("H3")), (1, headlines, 0), "{path}");
            let lists = elements.iter().enumerate().filter(|(_, element)| element.role == "L");
            let items = lists.map(|(at, list)| {
                let inside = elements[at + 1..].iter().take_while(|element| element.depth > list.depth);
                inside.filter(|element| element.role == "LI" && element.depth == list.depth + 1).count()
            });
            let items: Vec<usize> = items.collect();
            assert!(
                !items.contains(&0) && items.iter().sum::<usize>() > 8,
                "{path}: its sources are no lists: {items:?}"
            );
            assert_eq!(count("LI"), count("LBody"), "{path}: an item without a body");
        }
    }
}

/// What a machine can check of PDF/UA-1, by the Matterhorn protocol; veraPDF does so as well where a workflow is hosted. Heads of
/// groups within a table are rows of heads: `TBL-010` takes several of these for a table torn apart.
#[test]
fn the_documents_of_the_series_conform_to_pdf_ua() {
    let Some(outloud) = brought("outloud", "outloud") else { return };
    let output = article::series().path("output");
    let documents = files(&output).into_iter().filter(|path| path.ends_with(".pdf"));
    let paths: Vec<_> = documents.map(|path| output.join(path)).collect();
    assert!(paths.len() >= 18, "two countries, three languages, three documents: {paths:?}");
    let mut command = Command::new(outloud);
    command.args(["--layer", "conformance", "--skip", "TBL-010", "--fail-on", "warning", "--quiet"]);
    let run = command.args(&paths).output().expect("it starts");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}");
    assert_eq!(said.matches("PASS ").count(), paths.len(), "{said}");
}

#[test]
fn the_gallery_is_in_order() {
    for country in gallery::COUNTRIES {
        in_order(gallery::built(), &format!("{country}/en/brief.pdf"));
    }
}
