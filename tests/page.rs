//! The page on the web: well-formed, accessible, every link leading somewhere, nothing on it that is not released; and what a
//! browser makes of it, on a phone and on a desk, by day and by night.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::palette::{Colour, byte, contrast};
use crate::project::{Project, REPOSITORY, files};
use crate::tools::{able, tool};

/// An element that begins: its name and its attributes, and the text up to the next one.
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
}

fn begun(tag: &BytesStart<'_>) -> Element {
    let attribute = |found: Result<quick_xml::events::attributes::Attribute<'_>, _>| {
        let found = found.expect("a sound attribute");
        let value =
            quick_xml::escape::unescape(std::str::from_utf8(found.value.as_bytes()).expect("text")).expect("text");
        (String::from_utf8_lossy(found.key.as_ref().as_bytes()).into_owned(), value.into_owned())
    };
    let name = String::from_utf8_lossy(tag.name().as_ref().as_bytes()).into_owned();
    Element { name, attributes: tag.attributes().map(attribute).collect(), text: String::new() }
}

/// The elements of a page in their order; what is not well-formed fails the test.
fn elements(html: &str) -> Vec<Element> {
    let (mut reader, mut found, mut open) = (Reader::from_str(html), Vec::<Element>::new(), 0);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("at {}: {error}", reader.error_position())) {
            Event::Start(tag) => {
                open += 1;
                found.push(begun(&tag));
            }
            Event::Empty(tag) => found.push(begun(&tag)),
            Event::End(_) => open -= 1,
            Event::Text(text) => {
                if let Some(last) = found.last_mut() {
                    last.text += &String::from_utf8_lossy(text.as_ref().as_bytes());
                }
            }
            Event::GeneralRef(entity) => {
                let named = format!("&{};", String::from_utf8_lossy(entity.as_ref().as_bytes()));
                let text = quick_xml::escape::unescape(&named).expect("a known entity").into_owned();
                found.last_mut().expect("an element").text += &text;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open, 0, "every element is closed");
    found
}

/// What every page must be; its elements are returned.
fn sound(project: &Project) -> Vec<Element> {
    let html = project.read("output/index.html");
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"), "it says what it is, and in which language");
    let elements = elements(&html);
    let count = |name: &str| elements.iter().filter(|element| element.name == name).count();
    assert_eq!((count("title"), count("h1"), count("main")), (1, 1, 1));
    assert_eq!((count("script"), count("iframe"), count("link")), (0, 0, 0), "it needs nothing but itself");
    let mut before = 0;
    for heading in elements.iter().filter(|element| matches!(element.name.as_str(), "h1" | "h2" | "h3" | "h4")) {
        let level = usize::from(heading.name.as_bytes()[1] - b'0');
        assert!(level <= before + 1, "{} follows h{before}", heading.name);
        assert!(!heading.text.trim().is_empty(), "a heading says something");
        before = level;
    }
    let ids: Vec<&String> = elements.iter().filter_map(|element| element.attributes.get("id")).collect();
    assert!(ids.iter().enumerate().all(|(at, id)| !ids[..at].contains(id)), "no id stands twice: {ids:?}");
    for element in &elements {
        assert!(!element.attributes.keys().any(|key| key.starts_with("on")), "no script in {}", element.name);
        if element.name == "img" {
            assert!(element.attributes["alt"].len() > 10, "a picture says what it shows");
        }
        for target in ["href", "src", "aria-labelledby"].iter().filter_map(|key| element.attributes.get(*key)) {
            let inside = target.strip_prefix('#').unwrap_or(target);
            let elsewhere = ["mailto:", "https://"].iter().any(|scheme| target.starts_with(scheme));
            let leads =
                elsewhere || ids.iter().any(|id| *id == inside) || project.path(&format!("output/{target}")).is_file();
            assert!(leads, "`{target}` leads nowhere");
            assert!(!target.contains("donors") && !target.contains("delivery") && !target.contains("manifest"));
        }
    }
    elements
}

/// What is linked, each once, in its order.
fn linked(elements: &[Element]) -> Vec<&str> {
    let mut links: Vec<&str> =
        elements.iter().filter_map(|element| Some(element.attributes.get("href")?.as_str())).collect();
    links.dedup();
    links
}

#[test]
fn the_page_lists_what_is_released_with_size_and_checksum() {
    let project = Project::minimal();
    project.add_country("XXC");
    project.replace("data/countries/XXC/country.toml", "name = \"Examplia\"", "name = 'Q & <A> \"x\"'");
    crate::donors::declare(&project, "[[donors]]\nid = \"secret\"\nname = \"A secret fund\"\n");
    project.build();
    let elements = sound(&project);
    let headings: Vec<&str> =
        elements.iter().filter(|element| element.name == "h2").map(|element| element.text.trim()).collect();
    assert_eq!(headings, ["Examplia", "Q & <A> \"x\""], "names stand as they are");
    let html = project.read("output/index.html");
    assert!(!html.contains("secret") && project.path("output/donors/secret").is_dir(), "no donor is named");
    let all: Vec<String> = files(&project.path("output")).into_iter().collect();
    let expected = all.iter().filter(|path| path.ends_with(".pdf") || path.contains("tables/"));
    for path in expected.filter(|path| !path.starts_with("donors/")) {
        let bytes = fs::read(project.path(&format!("output/{path}"))).expect("an output");
        let link = elements.iter().position(|element| {
            element.name == "a" && element.attributes["href"] == *path && !element.attributes.contains_key("class")
        });
        let link = link.unwrap_or_else(|| panic!("{path} is listed"));
        let found = elements[link..].iter().find(|element| element.name == "span").expect("it follows");
        let size = found.text.trim();
        assert!(size.ends_with(&format!("{} kB", bytes.len().div_ceil(1000))), "{path}: {size}");
    }
    // One file has the checksums of all that is listed, as `sha256sum --check` reads them.
    let sums = project.read("output/SHA256SUMS");
    for path in linked(&elements).into_iter().filter(|path| !path.starts_with('#') && *path != "SHA256SUMS") {
        let bytes = fs::read(project.path(&format!("output/{path}"))).expect("an output");
        let line = format!("{}  {path}", tipbrief::delivery::publish::sum(&bytes));
        assert!(sums.lines().any(|known| known == line), "{line}");
    }
    assert!(!sums.contains("donors/") && !sums.contains("manifest"));
}

#[test]
fn a_country_tells_its_story_in_the_words_of_its_document() {
    let project = Project::series_of("LAO", &["en"]);
    let signed = "[publisher]\nname = \"The <Desk>\"\ncontact = \"mailto:desk@example.org\"\naddress = \"https://example.org/briefs/\"\n\
                  licence = \"CC BY 4.0\"\n";
    project.replace("data/report.toml", "[publisher]\nname = \"tipbrief\"\n", signed);
    project.build();
    let (html, elements) = (project.read("output/index.html"), sound(&project));
    let brief = crate::donors::words(&project, "LAO/en/brief.pdf");
    let first = brief[0].concat();
    let said = |class: &str| {
        let found =
            elements.iter().filter(|element| element.attributes.get("class").is_some_and(|known| known == class));
        found.map(|element| element.text.trim().to_owned()).collect::<Vec<_>>()
    };
    let spoken = |text: &str| first.contains(&text.split_whitespace().collect::<String>());
    // The header has a deck of its own.
    assert!(said("deck").len() == 2 && spoken(&said("deck")[1]), "{:?}", said("deck"));
    assert_eq!(said("what").len(), 4, "four figures: {:?}", said("what"));
    for text in said("what").iter().chain(&said("met")) {
        assert!(spoken(text), "{text}");
    }
    assert!(html.contains("<meta property=\"og:image\" content=\"https://example.org/briefs/"), "{html}");
    assert!(html.contains("The &lt;Desk&gt; (November 2026). Laos."), "it says how it is cited");
    assert!(html.contains("href=\"LAO/en/chart.png\"") && html.contains("<ol class=\"asks\">"));
    let png = fs::read(project.path("output/LAO/en/chart.png")).expect("a picture");
    let wide = u32::from_be_bytes([png[16], png[17], png[18], png[19]]);
    assert!((1000..2000).contains(&wide), "{wide} points wide");
    accessible(&project);
    in_a_browser(&project);
}

#[test]
fn a_draft_is_not_listed() {
    let project = Project::named("register");
    project.run(&["build"]);
    assert!(project.path("output/XXA/en/brief.pdf").is_file(), "there is a document");
    assert_eq!(linked(&sound(&project)), Vec::<&str>::new(), "it holds what is not released");
    assert!(project.read("output/index.html").contains("No document has been released yet."));
    assert_eq!(project.run(&["release", "2024"]).code, 0);
    project.run(&["build"]);
    assert!(linked(&sound(&project)).contains(&"XXA/en/brief.pdf"), "released, it is listed");
}

#[test]
fn the_page_of_the_series_lists_languages_that_are_confirmed() {
    let project = Project::series();
    project.build();
    let elements = sound(&project);
    let links = linked(&elements);
    for path in [
        "LAO/en/brief.pdf",
        "LAO/fr/brief.pdf",
        "KHM/fr/donor-summary.pdf",
        "VNM/fr/brief.pdf",
        "LAO/tables/datapackage.json",
    ] {
        assert!(links.contains(&path), "{path} is listed: {links:?}");
    }
    assert!(!links.iter().any(|path| path.contains("/lo/")), "a draft language is not listed");
    let tagged = |element: &&Element| element.name == "h3" && element.attributes.contains_key("lang");
    let languages: Vec<(&str, &str)> =
        elements.iter().filter(tagged).map(|h3| (h3.attributes["lang"].as_str(), h3.text.trim())).collect();
    assert_eq!(languages, [("en", "English"), ("fr", "Français")].repeat(4), "of each country");
    in_a_browser(&project);
}

/// The colours of a scheme of a built page, by name: those by day, and those by night.
fn schemes(html: &str) -> [BTreeMap<String, Colour>; 2] {
    let named = regex::Regex::new(r"--([a-z0-9-]+): #(..)(..)(..);").expect("a pattern");
    let read = |block: &str| {
        let colours = named.captures_iter(block);
        colours.map(|found| (found[1].to_owned(), [byte(&found[2]), byte(&found[3]), byte(&found[4])])).collect()
    };
    let blocks: Vec<&str> =
        html.split(":root {").skip(1).map(|rest| rest.split('}').next().unwrap_or_default()).collect();
    [read(blocks[0]), read(blocks[1])]
}

#[test]
fn the_page_can_be_read_by_day_and_by_night() {
    let project = Project::minimal();
    project.build();
    let schemes = schemes(&project.read("output/index.html"));
    assert!(schemes[0].len() >= 8 && schemes[0].keys().eq(schemes[1].keys()), "both schemes name the same colours");
    for colours in &schemes {
        for text in ["ink", "text-2", "slate", "rust"] {
            for ground in ["paper", "band"] {
                let found = contrast(colours[text], colours[ground]);
                assert!(found >= 4.5, "{text} on {ground}: {found:.1}");
            }
        }
    }
}

/// axe-core, which knows the rules of accessibility; `.ci/tools` lays it beside the other packages of Python.
fn axe() -> Option<String> {
    let packages = fs::read_dir(Path::new(REPOSITORY).join(".tools/python/lib")).into_iter().flatten().flatten();
    let mut places = packages.map(|python| python.path().join("site-packages/axe_playwright_python/axe.min.js"));
    let found = places.find_map(|place| fs::read_to_string(place).ok());
    able("axe-core", found.ok_or_else(|| "`pip install --no-deps axe-playwright-python`".to_owned()))
}

/// By all rules of the Web Content Accessibility Guidelines 2.2, A and AA, and by axe-core's own best practices.
pub fn accessible(project: &Project) {
    let (Some(browser), Some(axe)) = (tool(&["chromium", "chromium-browser", "google-chrome"]), axe()) else { return };
    let run = "addEventListener('load', () => axe.run().then(found => { document.title = 'axe: ' + found.passes.length + ' passed; ' + \
               found.violations.map(v => v.id + ' at ' + v.nodes.map(n => n.target).join(', ')).join('; ') }))";
    let html = project.read("output/index.html");
    let page = html.replace("</body>", &format!("<script>{axe}</script><script>{run}</script></body>"));
    project.write("output/.look.html", &page);
    for scheme in 0..2 {
        let dom =
            look(&browser, scheme, &["--dump-dom", "--virtual-time-budget=20000"], &project.path("output/.look.html"));
        let title = dom.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).expect("a title");
        let (passed, violated) = title.split_once(" passed; ").unwrap_or_else(|| panic!("axe did not end: {title}"));
        assert!(passed.trim_start_matches("axe: ").parse::<u32>().is_ok_and(|passed| passed > 15), "{title}");
        assert_eq!(violated, "", "what axe-core finds wrong");
    }
}

/// Has the browser look at a page; what it says of it is returned.
pub fn look(browser: &Path, scheme: usize, options: &[&str], page: &Path) -> String {
    let profile = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(browser);
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]);
    command.args(["--disable-component-update", "--disable-sync", "--hide-scrollbars"]);
    command.arg(format!("--user-data-dir={}", profile.path().display()));
    command.arg(format!("--blink-settings=preferredColorScheme={}", 1 - scheme)).args(options);
    let output = command.arg(format!("file://{}", page.display())).output().expect("the browser starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The page in a browser: nothing is wider than a phone, every picture is shown, both schemes are at work.
fn in_a_browser(project: &Project) {
    let Some(browser) = tool(&["chromium", "chromium-browser", "google-chrome"]) else { return };
    let html = project.read("output/index.html").replace("<head>", "<head><base href=\"output/\"/>");
    let quoted = html.replace('&', "&amp;").replace('"', "&quot;").replace("loading=&quot;lazy&quot;", "");
    let frame = |width: u32| {
        format!("<iframe width=\"{width}\" height=\"900\" style=\"border:0\" srcdoc=\"{quoted}\"></iframe>")
    };
    // The page has no script; what holds it here has one, which looks at it.
    let script = "onload = () => { document.title = Array.from(document.querySelectorAll('iframe'), i => i.contentWindow).map(f => \
                  [f.document.documentElement.scrollWidth, f.innerWidth, [...f.document.images].filter(i => \
                  !i.naturalWidth).length, f.getComputedStyle(f.document.body).backgroundColor].join(' ')).join(';') }";
    project.write("look.html", &format!("<title></title>{}{}<script>{script}</script>", frame(390), frame(1280)));
    for (scheme, colours) in schemes(&project.read("output/index.html")).iter().enumerate() {
        let dom = look(&browser, scheme, &["--dump-dom", "--virtual-time-budget=10000"], &project.path("look.html"));
        let title = dom.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).expect("a title");
        let [r, g, b] = colours["paper"];
        let as_it_is = |width: u32| format!("{width} {width} 0 rgb({r}, {g}, {b})");
        assert_eq!(title, format!("{};{}", as_it_is(390), as_it_is(1280)), "width, room, pictures missing, ground");
        let picture = project.path("look.png");
        let shot = format!("--screenshot={}", picture.display());
        look(&browser, scheme, &[&shot, "--window-size=1280,1000"], &project.path("output/index.html"));
        let png = fs::read(&picture).expect("a picture");
        assert_eq!(png[16..24], [0, 0, 5, 0, 0, 0, 3, 232], "1,280 by 1,000 points were drawn");
    }
}
