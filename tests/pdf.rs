//! The documents as a reader's tools see them: tagged, titled, archivable, with alternative texts and embedded fonts.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object};

use crate::article;
use crate::project::Project;

/// Opens a PDF of a built project.
pub fn open(project: &Project, path: &str) -> Document {
    Document::load(project.path("output").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Follows a reference.
fn resolve<'d>(document: &'d Document, object: &'d Object) -> &'d Object {
    document.dereference(object).expect("a reference leads somewhere").1
}

fn dictionaries(document: &Document) -> impl Iterator<Item = &Dictionary> {
    document.objects.values().filter_map(|object| match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    })
}

fn name<'d>(dictionary: &'d Dictionary, key: &[u8]) -> &'d [u8] {
    dictionary.get(key).and_then(Object::as_name).unwrap_or_default()
}

/// The language of a whole document.
pub fn language(document: &Document) -> String {
    let language = document.catalog().expect("a catalogue").get(b"Lang").and_then(Object::as_str);
    String::from_utf8_lossy(language.expect("there is a language")).into_owned()
}

/// The languages that elements of the structure, and pieces of text, are tagged with.
pub fn languages(document: &Document) -> BTreeSet<String> {
    let tag = |dictionary: &Dictionary| dictionary.get(b"Lang").and_then(Object::as_str).ok().map(<[u8]>::to_vec);
    let mut tags: BTreeSet<String> =
        dictionaries(document).filter_map(tag).map(|tag| String::from_utf8_lossy(&tag).into_owned()).collect();
    for page in document.get_pages().into_values() {
        let content = String::from_utf8_lossy(&document.get_page_content(page)).into_owned();
        let marked = content
            .split("/Lang")
            .skip(1)
            .filter_map(|rest| rest.trim_start().strip_prefix('(')?.split(')').next().map(str::to_owned));
        tags.extend(marked);
    }
    tags
}

/// The addresses of the web to which a document leads.
pub fn links(project: &Project, path: &str) -> BTreeSet<String> {
    let document = open(project, path);
    let address = |object: &Object| {
        let uri = object.as_dict().ok()?.get(b"URI").ok()?.as_str().ok()?;
        Some(String::from_utf8_lossy(uri).into_owned())
    };
    let inside = |object: &Object| object.as_dict().ok().and_then(|dictionary| address(dictionary.get(b"A").ok()?));
    document.objects.values().filter_map(|object| address(object).or_else(|| inside(object))).collect()
}

/// The XMP packet.
fn metadata(document: &Document) -> String {
    let reference = document.catalog().expect("a catalogue").get(b"Metadata").expect("metadata");
    let stream = resolve(document, reference).as_stream().expect("the metadata is a stream");
    let bytes = stream.get_plain_content().expect("the metadata can be read");
    String::from_utf8(bytes).expect("the metadata is UTF-8")
}

/// The value of an XMP property, as an element or as an attribute.
fn property(xmp: &str, name: &str) -> Option<String> {
    let element = xmp.split_once(&format!("<{name}>")).and_then(|(_, rest)| rest.split_once("</"));
    let attribute = || xmp.split_once(&format!("{name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
    element.or_else(attribute).map(|(value, _)| value.to_owned())
}

fn accessible(document: &Document, title: &[&str], figures: usize) {
    let catalog = document.catalog().expect("a catalogue");
    assert!(catalog.has(b"StructTreeRoot"), "there is a structure tree");
    let marked = resolve(document, catalog.get(b"MarkInfo").expect("there is MarkInfo"));
    let marked = marked.as_dict().expect("MarkInfo is a dictionary").get(b"Marked").and_then(Object::as_bool);
    assert_eq!(marked.ok(), Some(true), "the document is marked");
    let language = catalog.get(b"Lang").and_then(Object::as_str).expect("there is a language");
    assert!(language.starts_with(b"en"), "the language is English, not {:?}", String::from_utf8_lossy(language));

    let xmp = metadata(document);
    assert_eq!(property(&xmp, "pdfaid:part").as_deref(), Some("2"), "PDF/A-2");
    assert_eq!(property(&xmp, "pdfaid:conformance").as_deref(), Some("A"), "PDF/A-2a");
    assert_eq!(property(&xmp, "pdfuaid:part").as_deref(), Some("1"), "PDF/UA-1");
    let found = xmp.split("<dc:title>").nth(1).and_then(|rest| rest.split("</dc:title>").next()).unwrap_or_default();
    assert!(title.iter().all(|part| found.contains(part)), "the title names {title:?}: {found}");
    let fingerprint = xmp.split("sha256:").nth(1).unwrap_or_default();
    let digits = fingerprint.chars().take_while(char::is_ascii_hexdigit).count();
    assert_eq!(digits, 64, "the metadata holds the checksum of inputs and tools");

    let alternatives: Vec<_> = dictionaries(document)
        .filter(|dictionary| name(dictionary, b"S") == b"Figure")
        .map(|figure| figure.get(b"Alt").and_then(Object::as_str).unwrap_or_default())
        .collect();
    assert!(alternatives.len() >= figures, "{} figures are tagged, at least {figures} expected", alternatives.len());
    assert!(alternatives.iter().all(|alternative| !alternative.is_empty()), "a figure has no alternative text");
}

/// The names of its fonts, one for each cut.
pub fn fonts(document: &Document) -> Vec<String> {
    let descriptors = dictionaries(document).filter(|dictionary| name(dictionary, b"Type") == b"FontDescriptor");
    descriptors.map(|font| String::from_utf8_lossy(name(font, b"FontName")).into_owned()).collect()
}

fn fonts_embedded(document: &Document) {
    let descriptors: Vec<_> = dictionaries(document).filter(|d| name(d, b"Type") == b"FontDescriptor").collect();
    assert!(!descriptors.is_empty(), "there are fonts");
    for descriptor in descriptors {
        let embedded = [&b"FontFile"[..], b"FontFile2", b"FontFile3"].into_iter().any(|key| descriptor.has(key));
        assert!(embedded, "{} is not embedded", String::from_utf8_lossy(name(descriptor, b"FontName")));
    }
    let described = |font: &&Dictionary| font.has(b"FontDescriptor") || font.has(b"DescendantFonts");
    let fonts = dictionaries(document).filter(|d| name(d, b"Type") == b"Font" && name(d, b"Subtype") != b"Type3");
    let bare: Vec<_> = fonts.filter(|font| !described(font)).collect();
    assert!(bare.is_empty(), "a font stands without its file: {bare:?}");
}

#[test]
fn the_brief_of_the_minimal_project_is_accessible() {
    let project = Project::minimal();
    project.build();
    let document = open(&project, "XXA/en/brief.pdf");
    accessible(&document, &["Examplia", "Country brief", "2024"], 1);
    fonts_embedded(&document);
}

/// Width and height of a PNG, in pixels.
fn size(png: &[u8]) -> (u32, u32) {
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"), "it is a PNG");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    (number(16), number(20))
}

#[test]
fn a_picture_of_the_first_page_stands_beside_the_brief() {
    let project = article::series();
    let png = std::fs::read(project.path("output/LAO/en/cover.png")).expect("there is a cover");
    let (wide, high) = size(&png);
    assert!((1150..1250).contains(&wide) && (1600..1800).contains(&high), "{wide} by {high} pixels");
    let manifest = project.read("output/manifest.json");
    assert!(manifest.contains("\"LAO/en/cover.png\": \""), "the manifest names the cover");
    assert!(!manifest.contains("donor-summary.png"), "of one kind of document there is a picture");
}

#[test]
fn the_documents_of_the_series_are_accessible() {
    for (path, title, figures) in [
        ("LAO/en/brief.pdf", ["Laos", "Country brief", "November 2026"], 6),
        ("LAO/en/donor-summary.pdf", ["Laos", "Donor summary", "November 2026"], 2),
    ] {
        let document = open(article::series(), path);
        accessible(&document, &title, figures);
        fonts_embedded(&document);
    }
}
