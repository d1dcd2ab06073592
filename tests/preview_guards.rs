//! What the command `preview` refuses, what it takes from hostile clients, and how it ends.

#![cfg(unix)]

use std::fs;
use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use regex::Regex;

use crate::preview::{PATIENCE, Preview, read, twins};

#[test]
fn only_who_knows_the_address_is_answered() {
    let project = twins();
    let preview = Preview::of(&project);
    let own = format!("GET /{}/", preview.token);
    let wrong = format!("GET /{}/", "0".repeat(64));
    let shorter = format!("GET /{}/", &preview.token[..63]);
    for first in ["GET /", "GET /favicon.ico", wrong.as_str(), shorter.as_str(), "GET //"] {
        let answer = preview.ask(first, "");
        assert_eq!(answer.status, 404, "{first}");
        assert!(!answer.body.contains(&preview.token), "the secret is told to nobody");
    }
    for host in ["evil.example", "127.0.0.1", "localhost:1", "[::1]"] {
        assert_eq!(preview.send(&format!("{own} HTTP/1.1\r\nHost: {host}\r\n\r\n")).status, 403, "{host}");
    }
    for headers in [
        "Origin: http://evil.example\r\n",
        "Origin: null\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
    ] {
        assert_eq!(preview.ask(&own, headers).status, 403, "{headers}");
    }
    assert_eq!(preview.send(&format!("{own} HTTP/1.1\r\n\r\n")).status, 400, "no host");
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        let answer = preview.ask(&format!("{method} /{}/", preview.token), "Content-Length: 0\r\n");
        assert_eq!(answer.status, 405, "{method}");
        assert!(answer.head.contains("Allow: GET, HEAD"), "{}", answer.head);
    }
    let head = preview.ask(&format!("HEAD /{}/style", preview.token), "Sec-Fetch-Site: same-origin\r\n");
    let length: usize = head
        .head
        .split("Content-Length: ")
        .nth(1)
        .and_then(|rest| rest.lines().next()?.parse().ok())
        .expect("a length");
    assert!((head.status, head.body.as_str()) == (200, "") && length > 1000);
}

#[test]
fn no_path_leads_to_anything_but_the_documents_of_the_build() {
    let project = twins();
    project.write("output/XXA/en/stray.pdf", "%PDF-1.7");
    let preview = Preview::of(&project);
    assert!(preview.found("").contains("not of this data"), "a file that no build made is no document");
    fs::remove_file(project.path("output/XXA/en/stray.pdf")).expect("it can be removed");
    preview.found("page/XXA/en/brief/1");
    for path in [
        "../../data/report.toml",
        "page/../../../data/report.toml/1",
        "page/XXA/en/../en/brief/1",
        "page/XXA/en/%2e%2e/en/brief/1",
        "page//etc/passwd/1",
        "page/XXA/en/brief.pdf/1",
        "page/XXA/en/brief/0",
        "page/XXA/en/brief/-1",
        "page/XXA/en/brief",
        "picture/XXA/en/brief/99999999999999999999",
        "picture/XXA/figures.json/1",
        "numbers/XXB/en/brief/1",
        "manifest.json",
        "output/manifest.json",
        "page/XXA/en/brief/1\u{0}",
    ] {
        let answer = preview.get(path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
    }
    for (path, kind) in [
        ("", "text/html"),
        ("style", "text/css"),
        ("script", "text/javascript"),
        ("state", "text/plain"),
        ("numbers/XXA/en/brief/1", "text/css"),
        ("picture/XXA/en/brief/1", "image/svg+xml"),
        ("nothing", "text/plain"),
    ] {
        let answer = preview.get(path);
        let policy = if path.starts_with("picture") { "sandbox" } else { "frame-ancestors 'none'" };
        for header in [
            format!("Content-Type: {kind}").as_str(),
            "Cache-Control: no-store",
            "Referrer-Policy: no-referrer",
            "X-Content-Type-Options: nosniff",
            "Content-Security-Policy: default-src 'none'; ",
            policy,
        ] {
            assert!(answer.head.contains(header), "{path} lacks `{header}`: {}", answer.head);
        }
        assert!(!answer.head.to_lowercase().contains("access-control"), "{}", answer.head);
    }
    let page = preview.found("");
    assert!(!page.contains("style=") && !page.contains("<style") && !page.contains("onclick"), "nothing is inline");
    let elsewhere = Regex::new("(src|href)=\"(https?:)?//").expect("a pattern");
    assert!(!elsewhere.is_match(&page), "nothing is loaded from elsewhere");
}

#[test]
fn hostile_clients_neither_stop_it_nor_keep_others_waiting() {
    let project = twins();
    let preview = Preview::of(&project);
    preview.found("");
    let long = preview.ask(&format!("GET /{}/", preview.token), &format!("A: {}\r\n", "a".repeat(1 << 20)));
    assert_eq!(long.status, 431);
    assert_eq!(preview.ask("GET /", &"A: b\r\n".repeat(100)).status, 431);
    assert_eq!(preview.send("\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n").status, 400);
    // Its other half is closed, and still it is answered.
    let mut half = preview.connect();
    let request = format!("GET /{}/state HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", preview.token, preview.port);
    half.write_all(request.as_bytes()).expect("it reads");
    half.shutdown(Shutdown::Write).expect("half of it can be closed");
    assert_eq!(read(&mut half).status, 200);
    // Idle ones, slow ones, and ones that never read.
    let mut crowd: Vec<TcpStream> = Vec::new();
    for number in 0..1000 {
        // Where this machine gives a test no more, that many must do.
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", preview.port)) else { break };
        let part: &[u8] = match number % 3 {
            0 => b"",
            1 => b"GET / HTTP/1.1\r\nHost: 127",
            _ => b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        };
        // It may have been sent away already.
        let _ = stream.write_all(part);
        crowd.push(stream);
        if number % 100 == 99 {
            let start = Instant::now();
            assert_eq!(preview.get("state").status, 200);
            assert!(start.elapsed() < Duration::from_secs(4), "after {number} it takes {:?}", start.elapsed());
        }
    }
    assert!(crowd.len() > 500, "{}", crowd.len());
    if let Ok(threads) = fs::read_dir(format!("/proc/{}/task", preview.child.id())) {
        let threads = threads.count();
        assert!(threads < 200, "{threads} threads run");
    }
    preview.found("page/XXA/en/brief/1");
    drop(crowd);
    // One that sends a byte at a time is sent away.
    let mut slow = preview.connect();
    let start = Instant::now();
    while start.elapsed() < PATIENCE && slow.write_all(b"G").is_ok() {
        std::thread::sleep(Duration::from_millis(250));
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    preview.found("");
}

#[test]
fn ctrl_c_ends_it_and_nothing_is_left() {
    let project = twins();
    let before = project.published("");
    for signal in ["-INT", "-TERM"] {
        let mut preview = Preview::of(&project);
        preview.found("picture/XXA/en/brief/1");
        // A connection that waits does not keep it.
        let _idle = preview.connect();
        assert_eq!(preview.end(signal), 0);
        let left: Vec<_> = fs::read_dir(preview.temporary.path()).expect("a folder").flatten().collect();
        assert!(left.is_empty(), "{left:?}");
        assert!(TcpStream::connect(("127.0.0.1", preview.port)).is_err(), "nobody listens any more");
    }
    assert_eq!(project.published(""), before, "it writes nothing into output/");
}

#[test]
fn a_port_that_is_taken_and_a_folder_without_a_project_are_named() {
    let project = twins();
    let preview = Preview::of(&project);
    let run = project.run(&["preview", "--port", &preview.port.to_string()]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{}", run.stderr);
    assert!(run.stderr.contains(&format!("cannot listen at port {}", preview.port)), "{}", run.stderr);
    let run = project.run(&["preview", "--root", "nowhere"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
}
