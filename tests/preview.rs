//! The command `preview`: what it shows of each number, to everybody who may see it.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use regex::Regex;
use serde_json::Value;
use tempfile::TempDir;

use crate::page::{accessible, look};
use crate::project::Project;
use crate::tools::tool;

/// No answer about a small project takes as long, on no machine.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A preview that runs, and where its temporary files are.
pub struct Preview {
    pub child: Child,
    pub temporary: TempDir,
    pub port: u16,
    pub token: String,
}

/// An answer: its status, its headers, its body.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Preview {
    pub fn of(project: &Project) -> Self {
        let temporary = TempDir::new().expect("a temporary folder");
        let mut command = project.command(&["preview"]);
        command.env("TMPDIR", temporary.path()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("it starts");
        let mut address = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut address).expect("an address");
        let rest = address.trim().strip_prefix("http://127.0.0.1:").unwrap_or_else(|| panic!("{address}"));
        let (port, token) = rest.split_once('/').expect("a port and a secret");
        let token = token.trim_end_matches('/').to_owned();
        assert!(token.len() == 64 && token.chars().all(|digit| digit.is_ascii_hexdigit()), "{token}");
        Self { child, temporary, port: port.parse().expect("a port"), token }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        stream
    }

    /// Sends bytes and reads what is answered, to its end.
    pub fn send(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).expect("it reads");
        read(&mut stream)
    }

    pub fn ask(&self, first: &str, headers: &str) -> Answer {
        self.send(&format!("{first} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{headers}\r\n", self.port))
    }

    /// What stands at a path below the secret.
    pub fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET /{}/{path}", self.token), "")
    }

    pub fn found(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    /// What the page says of a number.
    fn said(&self, path: &str, number: usize) -> String {
        let page = self.found(&format!("page/{path}?number={number}"));
        let answer = page.split("<section id=\"answer\"").nth(1).and_then(|rest| rest.split("</section>").next());
        unescaped(answer.expect("an answer"))
    }

    /// Ends it by a signal; its exit code.
    pub fn end(&mut self, signal: &str) -> i32 {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the signal is sent");
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status.code().expect("it ends by itself");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it does not end");
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn read(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("an answer, and its end");
    let text = String::from_utf8(bytes).expect("UTF-8");
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("a head and a body: {text}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

fn unescaped(html: &str) -> String {
    let plain = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    plain.replace("&amp;", "&")
}

/// The links over the picture: the number of each, and the text that it is called by.
fn links(page: &str) -> Vec<(usize, String)> {
    let link =
        Regex::new("<a id=\"n(\\d+)\" href=\"[^\"]+\" data-number=\"\\d+\"[^>]*>([^<]*)</a>").expect("a pattern");
    let found = link.captures_iter(page);
    found.map(|found| (found[1].parse().expect("a number"), unescaped(&found[2]))).collect()
}

/// What `explain` says, as JSON.
fn explained(project: &Project, arguments: &[&str]) -> Value {
    let run = project.run(&[&["explain", "--format", "json"], arguments].concat());
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {} {}", run.stdout, run.stderr))
}

/// Every text in some JSON, but for where a figure is printed, which `explain` knows better.
fn texts(json: &Value) -> Vec<String> {
    match json {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(entries) => {
            let left_out = ["printed", "copies", "unit", "qualifier", "status", "title", "period", "definition"];
            entries
                .iter()
                .filter(|(key, _)| !left_out.contains(&key.as_str()))
                .flat_map(|(_, one)| texts(one))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// A project in which two figures of one page are the same number.
pub fn twins() -> Project {
    let project = Project::minimal();
    project.replace("data/countries/XXA/victims.csv", "identified,male,18+,10", "identified,male,18+,11");
    project.write(
        "data/countries/XXA/narrative/en/protection.typ",
        "= Who was identified\n\nIn #lit[2023], #n(\"victims_identified\", year: 2023) persons were identified.#src()\n",
    );
    project.build();
    project
}

#[test]
fn each_number_of_a_page_answers_as_explain_does() {
    let project = twins();
    let listed = explained(&project, &["--page", "1"]);
    let listed = listed["numbers"].as_array().expect("numbers");
    let preview = Preview::of(&project);
    let page = preview.found("");
    assert_eq!(page, preview.found("page/XXA/en/brief/1"), "the first page of the first document comes first");
    let links = links(&page);
    assert_eq!(links.len(), listed.len(), "each number is a link");
    let mut figures = Vec::new();
    for (number, text) in &links {
        let numeral = &listed[*number];
        assert!(text.contains(numeral["number"].as_str().expect("a text")), "{text}: {numeral}");
        let said = preview.said("XXA/en/brief/1", *number);
        assert!(said.contains(&format!("<h2>{text}</h2>")), "{said}");
        for id in numeral["figures"].as_array().expect("figures").iter().filter_map(Value::as_str) {
            let answer = explained(&project, &[id]);
            assert!(said.contains(&format!("<code>{id}</code>")), "{said}");
            for told in texts(&answer["figures"][0]) {
                assert!(said.contains(&told), "`{told}` is missing: {said}");
            }
            figures.push((text.clone(), id.to_owned()));
        }
        if numeral["year"] == true {
            assert!(said.contains("This is a year"), "{said}");
        }
    }
    let ids = |number: &str| {
        let mut ids: Vec<&str> = figures.iter().filter(|(text, _)| text == number).map(|(_, id)| id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    assert_eq!(ids("41"), ["XXA/persons_arrested:2023", "XXA/victims_identified:2023"], "{figures:?}");
    assert_eq!(ids("0"), ["XXA/persons_arrested:2022"], "{figures:?}");
    assert_eq!(preview.get("page/XXA/en/brief/99").status, 404);
}

/// Another program reads from the PDF where its words are: each link over the picture lies on its own.
#[test]
fn a_click_hits_the_number_that_is_seen() {
    let Some(_) = tool(&["pdftoppm"]) else { return };
    let project = twins();
    let preview = Preview::of(&project);
    let pages = preview.found("").matches("aria-current=\"page\"").count();
    assert!(pages >= 1);
    let mut boxes = Command::new("pdftotext");
    boxes.args(["-bbox", "-f", "1", "-l", "1"]).arg(project.path("output/XXA/en/brief.pdf")).arg("-");
    let html = String::from_utf8(boxes.output().expect("it starts").stdout).expect("UTF-8");
    let number = |found: &regex::Captures<'_>, at: usize| found[at].parse::<f64>().expect("a number");
    let sheet = Regex::new("<page width=\"([0-9.]+)\" height=\"([0-9.]+)\"")
        .expect("a pattern")
        .captures(&html)
        .expect("a page");
    let (wide, high) = (number(&sheet, 1), number(&sheet, 2));
    let word = Regex::new("xMin=\"([0-9.]+)\" yMin=\"([0-9.]+)\" xMax=\"([0-9.]+)\" yMax=\"([0-9.]+)\">([^<]*)<")
        .expect("a pattern");
    let words: Vec<([f64; 4], String)> = word
        .captures_iter(&html)
        .map(|found| ([1, 2, 3, 4].map(|at| number(&found, at)), found[5].to_owned()))
        .collect();
    let place =
        Regex::new("#n(\\d+) \\{ left: ([0-9.]+)%; top: ([0-9.]+)%; width: ([0-9.]+)%; height: ([0-9.]+)%; \\}")
            .expect("a pattern");
    let sheet = preview.found("numbers/XXA/en/brief/1");
    let texts = links(&preview.found(""));
    let mut hit = 0;
    for found in place.captures_iter(&sheet) {
        let text = &texts.iter().find(|(at, _)| *at == found[1].parse::<usize>().expect("a number")).expect("a link").1;
        let [left, top, width, height] = [2, 3, 4, 5].map(|at| number(&found, at) / 100.0);
        let (x, y) = ((left + width / 2.0) * wide, (top + height / 2.0) * high);
        let under =
            words.iter().filter(|([left, top, right, low], _)| *left <= x && x <= *right && *top <= y && y <= *low);
        let under: Vec<&str> = under.map(|(_, word)| word.as_str()).collect();
        let meets = |word: &str| text.split(' ').any(|part| word.contains(part) || part.contains(word));
        assert!(under.iter().any(|word| meets(word)), "`{text}` lies on {under:?}");
        hit += 1;
    }
    assert!(hit > 10 && hit == texts.len(), "{hit} of {}", texts.len());
}

#[test]
fn of_a_register_the_rule_is_shown_and_no_row() {
    let project = Project::named("register");
    project.build();
    let preview = Preview::of(&project);
    let rows = project.read("data/countries/XXA/register/victims.csv");
    let first = preview.found("");
    let pages = first.matches("page/XXA/en/brief/").count();
    let (mut seen, mut figures) = (String::new(), 0);
    for page in 1..=pages {
        let answer = preview.get(&format!("page/XXA/en/brief/{page}"));
        for (number, _) in links(&answer.body) {
            let said = preview.said(&format!("XXA/en/brief/{page}"), number);
            if said.contains("rows of the register `victims`") {
                assert!(said.contains("<dt>rule</dt>") && !said.contains("<dt>rows</dt>"), "{said}");
                assert!(said.contains("The rows of a register are shown to nobody."), "{said}");
                figures += 1;
            }
            seen += &said;
        }
        seen += &answer.body;
    }
    assert!(figures > 5, "{figures} figures of the register are on its pages");
    for row in rows.lines().skip(1) {
        let case = row.split(',').nth(10).expect("a case");
        assert!(!seen.contains(row) && !seen.contains(case), "a row is shown: {row}");
    }
    assert!(!seen.contains("register/victims.csv"), "not even its place");
}

#[test]
fn what_is_newer_than_the_build_is_said_and_a_new_build_is_shown() {
    let project = Project::minimal();
    let preview = Preview::of(&project);
    assert!(preview.found("").contains("nothing is built yet"));
    project.build();
    let number = |page: &str| links(page).into_iter().find(|(_, text)| text == "41").map(|(number, _)| number);
    let page = preview.found("");
    let at = number(&page).expect("it is on the page");
    let row = "2023,arrested,total,41,,police_2024,";
    assert!(!page.contains("have changed") && preview.said("XXA/en/brief/1", at).contains(row));
    project.replace("data/countries/XXA/arrests.csv", row, "2023,arrested,total,43,,police_2024,");
    let (page, said) = (preview.found(""), preview.said("XXA/en/brief/1", at));
    assert!(page.contains("The inputs have changed since this build"), "{page}");
    assert!(number(&page) == Some(at) && preview.found("state").contains("have changed"), "it shows what was built");
    assert!(!said.contains("43") && !said.contains(row) && said.contains("arrests.csv:4"), "{said}");
    assert!(said.contains("its rows are shown after the next one"), "{said}");
    project.build();
    let page = preview.found("");
    assert!(number(&page).is_none() && page.contains(">43</a>") && !page.contains("have changed"), "{page}");
    project.replace("data/countries/XXA/arrests.csv", "2023,arrested,total,43", "2023,arrested,total,x");
    let late = Preview::of(&project);
    let page = late.found("");
    assert!(page.contains("have errors: run `tipbrief check`") && !page.contains(",x,"), "{page}");
}

/// As a browser lays it out: on a phone, on a desk, by day and by night; by the rules of accessibility.
#[test]
fn the_preview_can_be_used_by_everybody() {
    let project = twins();
    let preview = Preview::of(&project);
    let page = preview.found("page/XXA/en/brief/1?number=4");
    let linked = Regex::new("<link rel=\"stylesheet\" href=\"/[0-9a-f]+/([^\"]+)\">").expect("a pattern");
    let page =
        linked.replace_all(&page, |found: &regex::Captures<'_>| format!("<style>{}</style>", preview.found(&found[1])));
    let script = Regex::new("<script[^>]*></script>").expect("a pattern");
    let picture = Regex::new("src=\"/[0-9a-f]+/picture[^\"]+\"").expect("a pattern");
    let page = script.replace_all(&page, "");
    project.write("output/picture.svg", &preview.found("picture/XXA/en/brief/1"));
    project.write(
        "output/index.html",
        &picture.replace_all(&page, "src=\"picture.svg\"").replace("<details>", "<details open>"),
    );
    accessible(&project);
    let Some(browser) = tool(&["chromium", "chromium-browser", "google-chrome"]) else { return };
    let html = project.read("output/index.html").replace("<head>", "<head><base href=\"output/\">");
    let quoted = html.replace('&', "&amp;").replace('"', "&quot;");
    let frames = [320, 1280].map(|width| {
        format!("<iframe width=\"{width}\" height=\"900\" style=\"border:0\" srcdoc=\"{quoted}\"></iframe>")
    });
    let look_at = "onload = () => { document.title = Array.from(document.querySelectorAll('iframe'), i => i.contentWindow).map(f => \
                   [f.document.documentElement.scrollWidth, [...f.document.images].filter(i => !i.naturalWidth).length].join(' ')).join(';') }";
    project.write("look.html", &format!("<title></title>{}<script>{look_at}</script>", frames.concat()));
    let dom = look(&browser, 0, &["--dump-dom", "--virtual-time-budget=10000"], &project.path("look.html"));
    let title = dom.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).expect("a title");
    assert_eq!(title, "320 0;1280 0", "width, and pictures that are missing");
}
