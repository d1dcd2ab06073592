//! Sources that die: `links` opens each address once, notes what it found, and readers are led to a copy or warned.

use std::time::Duration;

use serde_json::Value;

use crate::project::{Project, Run};
use crate::web::WebServer;

const NOTES: &str = "data/links.jsonl";
const SOURCES: &str = "data/countries/XXA/sources.csv";

/// A project whose sources are at these addresses, each cited by a row of arrests.
fn citing(addresses: &[(&str, &str)]) -> Project {
    let project = Project::minimal();
    let mut sources = "id,title,publisher,published,url,archived,held_at,role\n".to_owned();
    for known in ["yearbook_2023", "police_2024"] {
        sources += &format!("{known},{known},Office,2024-01,,,National Library,publication\n");
    }
    let mut arrests = project.read("data/countries/XXA/arrests.csv");
    for (at, (url, copy)) in addresses.iter().enumerate() {
        sources += &format!("source_{at},Report {at},Office {at},2024,{url},{copy},,publication\n");
        arrests += &format!("{},arrested,total,{},,source_{at},\n", 2010 + at, 40 + at);
    }
    project.write(SOURCES, &sources);
    project.write("data/countries/XXA/arrests.csv", &arrests);
    project
}

fn links(project: &Project, options: &[&str]) -> Run {
    project.run(&[&["links", "--pause", "0", "--timeout", "2"], options].concat())
}

/// What is noted of each address, by its path.
fn noted(project: &Project) -> Vec<(String, String)> {
    let lines = project.read(NOTES);
    let notes = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    let path = |url: &str| url.splitn(4, '/').nth(3).expect("a path").to_owned();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    notes.map(|note| (path(&text(&note["url"])), text(&note["answer"]))).collect()
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(path, answer)| ((*path).to_owned(), (*answer).to_owned())).collect()
}

#[test]
fn each_address_is_opened_once_and_what_it_answers_is_noted() {
    let (server, other) = (WebServer::start(), WebServer::start());
    let at = |path: &str| format!("{}/{path}", server.place);
    let [there, moved, gone, forbidden] = ["there", "moved", "gone", "forbidden"].map(at);
    let copy = format!("{}/copy", other.place);
    let project = citing(&[(&there, &copy), (&there, ""), (&moved, ""), (&gone, ""), (&forbidden, "")]);
    let run = links(&project, &[]);
    assert_eq!(run.code, 1, "one is dead: {}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("links: 5 opened now, 0 earlier today; 1 dead"), "{}", run.stderr);
    assert!(run.stdout.contains(&format!("gone    {gone} (410)  [{SOURCES}:7:")), "{}", run.stdout);
    assert!(run.stdout.contains(&format!("moved   {moved} → {there}")), "{}", run.stdout);
    let mut found = noted(&project);
    found.sort();
    let due = [("copy", "there"), ("forbidden", "refused"), ("gone", "gone"), ("moved", "there"), ("there", "there")];
    assert_eq!(found, pairs(&due));
    let sums = project.read(NOTES).matches("\"sha256\":\"").count();
    assert_eq!(sums, 3, "what is there has its checksum: {}", project.read(NOTES));
    // What was opened today is not opened again, unless it is asked for.
    let asked = server.asked().len();
    assert_eq!(asked, 5, "the moved one leads to another: {:?}", server.asked());
    assert!(links(&project, &[]).stderr.contains("0 opened now, 5 earlier today; 1 dead"));
    assert_eq!(server.asked().len(), asked);
    assert!(links(&project, &["--again"]).stderr.contains("5 opened now"));
}

#[test]
fn a_server_gets_its_pauses_and_one_that_is_busy_its_rest() {
    let server = WebServer::start();
    let addresses = ["busy", "copy", "copy?1", "there"].map(|path| format!("{}/{path}", server.place));
    let project = citing(&addresses[1..].iter().map(|address| (address.as_str(), "")).collect::<Vec<_>>());
    project.run(&["links", "--pause", "0.4"]);
    assert_eq!(server.asked(), ["/copy", "/copy?1", "/there"]);
    assert!(server.shortest_pause() >= Duration::from_millis(390), "{:?}", server.shortest_pause());
    // The busy one comes first by its address, and the others are left.
    let project = citing(&addresses.each_ref().map(|address| (address.as_str(), "")));
    let run = links(&project, &[]);
    assert_eq!(server.asked()[3..], ["/busy"]);
    assert!(run.stderr.contains("1 opened now, 0 earlier today, 3 left to the next run; 0 dead"), "{}", run.stderr);
    assert_eq!(run.code, 0);
}

#[test]
fn hostile_answers_are_noted_and_harm_nobody() {
    let server = WebServer::start();
    let paths = ["drip", "file", "heads", "huge", "noise", "round", "short", "silent", "there"];
    let addresses = paths.map(|path| format!("{}/{path}", server.place));
    let project = citing(&addresses.each_ref().map(|address| (address.as_str(), "")));
    let run = links(&project, &[]);
    assert_eq!(run.code, 0, "none of them is surely dead: {}{}", run.stdout, run.stderr);
    let mut found = noted(&project);
    found.sort();
    let due = [
        ("drip", "there"),
        ("file", "refused"),
        ("heads", "silent"),
        ("huge", "there"),
        ("noise", "silent"),
        ("round", "silent"),
        ("short", "there"),
        ("silent", "silent"),
        ("there", "there"),
    ];
    assert_eq!(found, pairs(&due), "{}", run.stdout);
    let sums = project.read(NOTES).matches("\"sha256\":\"").count();
    assert_eq!(sums, 1, "no other came to its end: {}", project.read(NOTES));
    assert!(!run.stdout.contains('\u{0}'), "{}", run.stdout);
    let check = project.run(&["check"]);
    assert_eq!(check.code, 0, "{}", check.stdout);
}

#[test]
fn without_a_connection_nothing_is_noted() {
    // Nobody listens at a port that was just given back.
    let free = || std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port");
    let addresses = [0; 4].map(|_| format!("http://{}/a", free()));
    let project = citing(&addresses.each_ref().map(|address| (address.as_str(), "")));
    let run = links(&project, &[]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert!(run.stderr.contains("no address answers, so nothing was noted"), "{}", run.stderr);
    assert!(!project.path(NOTES).exists());
}

#[test]
fn a_dead_link_is_named_and_no_reader_is_led_there_unwarned() {
    let server = WebServer::start();
    let at = |path: &str| format!("{}/{path}", server.place);
    let [there, gone, lost, copy] = ["there", "gone", "lost", "copy"].map(at);
    let project = citing(&[(&there, &copy), (&gone, ""), (&lost, &copy)]);
    assert_eq!(links(&project, &[]).code, 1);
    let check = project.run(&["check", "--format", "short"]);
    let warned: Vec<&str> = check.stdout.lines().filter(|line| line.contains("dead-link")).collect();
    assert_eq!(warned.len(), 1, "the one without a copy: {}", check.stdout);
    assert!(warned[0].starts_with(&format!("{SOURCES}:5:")) && warned[0].contains("(410)"), "{warned:?}");
    let build = project.run(&["build"]);
    assert_eq!(build.code, 0, "{}", build.stderr);
    let text = project.printed("XXA/en/brief.pdf");
    let plain = text.replace(['\u{200b}', ' '], "");
    assert!(plain.contains("gonefromthisaddresson"), "{text}");
    assert!(plain.contains("acopy:theoriginalwasgoneon"), "{text}");
    let links = crate::pdf::links(&project, "XXA/en/brief.pdf");
    assert!(links.contains(&there) && links.contains(&copy), "{links:?}");
    assert!(!links.contains(&gone) && !links.contains(&lost), "{links:?}");
    // A copy that is dead too helps nobody.
    let notes = project.read(NOTES);
    let dead = |line: &str| line.contains("/copy").then(|| line.replace("\"there\"", "\"gone\""));
    let notes: Vec<String> = notes.lines().map(|line| dead(line).unwrap_or_else(|| line.to_owned())).collect();
    project.write(NOTES, &(notes.join("\n") + "\n"));
    let check = project.run(&["check", "--format", "short"]).stdout;
    assert_eq!(check.matches("dead-link").count(), 3, "the two cells of the copy as well: {check}");
}

#[test]
fn notes_that_cannot_be_read_are_named_at_their_line() {
    let project = Project::minimal();
    project.write(NOTES, "\n{\"url\":\"https://example.org\",\"opened\":\"soon\",\"answer\":\"there\"}\n");
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.contains("data/links.jsonl:2:1: error[syntax-error]: the visit cannot be read: `soon`"),
        "{}",
        run.stdout
    );
}
