//! `tipbrief send` when something fails: each failure is reported, nobody is mailed twice, and whatever ended a run, the next one
//! continues. The server is started by [`MailServer`](crate::mail::MailServer) and fails as its plan says.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::dice::{Dice, long};
use crate::mail::{LOGIN, MailServer, journal, send, states, with, with_donors};
use crate::project::{Project, Run};
use crate::tools::able;

/// The state and the id of a donor's message, as the last run printed them.
fn outcome(run: &Run, donor: &str) -> (String, String) {
    let line = run.stdout.lines().find(|line| line.split(' ').nth(1) == Some(donor));
    let words: Vec<&str> = line.unwrap_or_else(|| panic!("{donor} has a line: {}", run.stdout)).split(' ').collect();
    (words[0].to_owned(), words[3].to_owned())
}

/// Waits until it is so, which is soon.
fn until(is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_mins(1), "it comes to that");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What a plan does to one message: the state that is printed, and whether it is delivered.
const MISHAPS: [(&str, &str, &str, bool); 8] = [
    ("close", "not_sent", "connection: ", false),
    ("refuse", "not_sent", "RCPT: 550 5.1.1 nobody of that name  lives here", false),
    ("later", "not_sent", "RCPT: 451 4.3.0 come back later", false),
    ("drop-before", "not_sent", "DATA: ", false),
    ("reject", "not_sent", "end of the message: 554 this message is not wanted here", false),
    ("defer", "not_sent", "end of the message: 452 4.3.1 no room", false),
    ("drop-after", "unknown", "end of the message: ", false),
    ("vanish", "unknown", "end of the message: ", true),
];

#[test]
fn each_failure_is_reported_and_the_others_are_sent() {
    let words: Vec<&str> = MISHAPS.iter().map(|(word, ..)| *word).collect();
    let Some(server) = MailServer::plain(&format!("{} take", words.join(" "))) else { return };
    let project = with_donors(Project::minimal(), MISHAPS.len() + 1);
    let run = send(&project, &server, &[]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    for (at, (word, state, answer, _)) in MISHAPS.iter().enumerate() {
        let donor = format!("d{}", at + 1);
        let (found, id) = outcome(&run, &donor);
        assert_eq!(found, *state, "{word}: {}", run.stderr);
        let start = format!("error: {donor}, officer@{donor}.example.org: {state}: ");
        let complaint = run.stderr.lines().find(|line| line.starts_with(&start)).expect("a complaint");
        assert!(complaint.contains(answer), "{word}: {complaint}");
        assert_eq!(complaint.contains(&format!("--received {id}")), *state == "unknown", "{word}: {complaint}");
        assert!(!complaint.contains(char::is_control) && complaint.len() < 700, "{word}: {complaint}");
    }
    assert_eq!(outcome(&run, "d9").0, "sent");
    assert_eq!(server.delivered().len(), 2, "one vanished, one was taken");
    for line in journal(&project) {
        assert!(!line.to_string().contains("\\u00"), "{line}");
    }
    // The next run sends those that were certainly not delivered, and lets alone those of which nobody knows.
    let again = send(&project, &server, &[]);
    assert_eq!(again.code, 3, "{}", again.stderr);
    let unknown: Vec<String> = again.stdout.lines().filter(|l| l.starts_with("unknown")).map(str::to_owned).collect();
    assert_eq!((unknown.len(), server.delivered().len()), (2, 8), "{}", again.stdout);
    // An officer asks, and says so.
    let (lost, arrived) = (outcome(&again, "d7").1, outcome(&again, "d8").1);
    let run = project.run(&["send", "--received", &arrived]);
    assert_eq!(
        (run.code, run.stdout),
        (0, format!("received d8 officer@d8.example.org {arrived}\n")),
        "{}",
        run.stderr
    );
    let run = send(&project, &server, &["--again", &lost[..10]]);
    assert_eq!((run.code, outcome(&run, "d8").0.as_str()), (0, "received"), "{}", run.stderr);
    assert_eq!(states(&project, "d7"), ["sending", "unknown", "again", "sending", "sent"]);
    let ids: BTreeSet<String> = server.ids().into_iter().collect();
    assert_eq!((server.ids().len(), ids.len()), (9, 9), "each message was delivered once");
    for decided in [["--again", &lost], ["--received", &lost]] {
        let run = project.run(&[&["send"], &decided[..]].concat());
        assert_eq!(
            (run.code, run.stderr.contains("is `sent`")),
            (1, true),
            "what is sent is not sent again: {}",
            run.stderr
        );
    }
}

#[test]
fn a_server_that_keeps_us_waiting_is_named_and_not_waited_for() {
    for (word, step, state) in [
        ("mute", "connection", "not_sent"),
        ("drip", "connection", "not_sent"),
        ("hang", "end of the message", "unknown"),
    ] {
        let Some(server) = MailServer::plain(word) else { return };
        let project = with_donors(Project::minimal(), 1);
        let begun = Instant::now();
        let run = send(&project, &server, &["--timeout", "1"]);
        assert_eq!((run.code, outcome(&run, "d1").0.as_str()), (3, state), "{word}: {}", run.stderr);
        assert!(begun.elapsed() < Duration::from_secs(30), "{word} took {:?}", begun.elapsed());
        assert!(run.stderr.contains(&format!("{step}: the server ")), "{word}: {}", run.stderr);
    }
}

#[test]
fn a_server_that_is_not_there_is_left_alone() {
    let project = with_donors(Project::minimal(), 5);
    // A port that nobody listens at: it was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
    let place = format!("localhost:{port}");
    let run = project.run(&["send", "--live", "--server", &place]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert_eq!(
        run.stderr.matches("skipped after 3 failures").count(),
        2,
        "after three times it is not tried: {}",
        run.stderr
    );
    assert!(run.stderr.contains(&place), "the server is named: {}", run.stderr);
    assert_eq!((journal(&project).len(), run.stdout.matches("not_sent").count()), (3, 5));
}

#[test]
fn the_password_is_printed_nowhere() {
    let Some(server) = MailServer::strict("deny") else { return };
    let project = with_donors(Project::minimal(), 1);
    let run = send(&project, &server, &[]);
    assert_eq!((run.code, outcome(&run, "d1").0.as_str()), (3, "not_sent"), "{}", run.stderr);
    assert!(run.stderr.contains("AUTH: 535"), "{}", run.stderr);
    let kept = journal(&project).iter().map(Value::to_string).collect::<String>();
    for place in [&run.stdout, &run.stderr, &kept] {
        assert!(!place.contains(LOGIN[1]), "{place}");
    }
}

/// An address of this machine that is not the loopback's; nothing is sent to find it.
fn own_address() -> Option<String> {
    let look = || {
        let socket = std::net::UdpSocket::bind("0.0.0.0:0")?;
        socket.connect("192.0.2.1:9")?;
        let address = socket.local_addr()?.ip();
        if address.is_loopback() { Err(std::io::Error::other("only the loopback")) } else { Ok(address.to_string()) }
    };
    able("address but the loopback's", look().map_err(|error| error.to_string()))
}

#[test]
fn nothing_leaves_the_machine_unencrypted() {
    let Some(host) = own_address() else { return };
    let Some(bare) = MailServer::start(&host, &[]) else { return };
    let project = with_donors(Project::minimal(), 1);
    let mut command = project.command(&["send", "--live", "--server", &bare.place]);
    let run = Run::of(command.env("TIPBRIEF_SMTP_USER", LOGIN[0]).env("TIPBRIEF_SMTP_PASSWORD", LOGIN[1]));
    assert_eq!((run.code, bare.delivered().len()), (3, 0), "{}", run.stderr);
    assert!(run.stderr.contains("STARTTLS: the server offers no encryption"), "{}", run.stderr);
    let Some(server) = MailServer::start(&host, &["--encrypted", "--login", LOGIN[0], LOGIN[1]]) else { return };
    let run = project.run(&["send", "--live", "--server", &server.place]);
    assert_eq!((run.code, server.delivered().len()), (3, 0), "{}", run.stderr);
    assert!(run.stderr.contains("certificate") && run.stderr.contains("--certificate FILE"), "{}", run.stderr);
    let run = send(&project, &server, &[]);
    assert_eq!((run.code, server.delivered().len()), (0, 1), "{}", run.stderr);
}

#[test]
fn a_certificate_of_another_host_is_none() {
    let Some(host) = own_address() else { return };
    let Some(server) = MailServer::start(&host, &["--encrypted", "--host", "0.0.0.0"]) else { return };
    let project = with_donors(Project::minimal(), 1);
    let port = server.place.rsplit(':').next().expect("a port");
    let mut options = server.options();
    let place = format!("127.0.0.1:{port}");
    options[1] = &place;
    let run = project.run(&[&["send", "--live"], &options[..]].concat());
    assert_eq!((run.code, server.delivered().len()), (3, 0), "{}", run.stderr);
    assert!(run.stderr.contains("certificate"), "{}", run.stderr);
}

#[test]
fn a_reply_before_the_encryption_is_not_an_answer() {
    let Some(server) = MailServer::strict("inject") else { return };
    let project = with_donors(Project::minimal(), 1);
    let run = send(&project, &server, &[]);
    assert_eq!((run.code, outcome(&run, "d1").0.as_str()), (3, "not_sent"), "{}", run.stderr);
    assert!(run.stderr.contains("STARTTLS: "), "{}", run.stderr);
}

#[test]
fn a_line_that_is_encrypted_throughout_needs_no_asking() {
    // A port under 1024 is not everybody's.
    let free = std::net::TcpListener::bind("127.0.0.1:465").map(drop).map_err(|error| error.to_string());
    let Some(()) = able("leave to listen at port 465", free) else { return };
    let Some(server) =
        MailServer::start("localhost", &["--encrypted", "--whole", "--port", "465", "--login", LOGIN[0], LOGIN[1]])
    else {
        return;
    };
    let project = with_donors(Project::minimal(), 1);
    let run = send(&project, &server, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(server.delivered()[0].report["encrypted"], true);
}

#[test]
fn two_runs_at_once_do_not_mix() {
    let Some(server) = MailServer::plain("hang") else { return };
    let project = with_donors(Project::minimal(), 1);
    let options = [&["send", "--live", "--timeout", "60"], &server.options()[..]].concat();
    let mut first = project.command(&options).spawn().expect("the first run starts");
    until(|| !states(&project, "d1").is_empty());
    let second = send(&project, &server, &[]);
    first.kill().expect("the first run can be ended");
    first.wait().expect("the first run ends");
    assert_eq!((second.code, second.stdout.as_str()), (1, ""), "{}", second.stderr);
    assert!(second.stderr.contains("another `tipbrief send` is running"), "{}", second.stderr);
    // It was ended when the message was with the server.
    let third = send(&project, &server, &[]);
    assert_eq!((third.code, outcome(&third, "d1").0.as_str()), (3, "unknown"), "{}", third.stderr);
    assert_eq!(server.delivered().len(), 1);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_ends_after_the_message_under_way() {
    let Some(server) = MailServer::plain("hang") else { return };
    let project = with_donors(Project::minimal(), 2);
    let options = [&["send", "--live", "--timeout", "1"], &server.options()[..]].concat();
    let run = project.command(&options).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a run starts");
    until(|| !states(&project, "d1").is_empty());
    let killed = Command::new("kill").arg("-INT").arg(run.id().to_string()).status().expect("kill starts");
    assert!(killed.success());
    let run = run.wait_with_output().expect("the run ends");
    let stderr = String::from_utf8(run.stderr).expect("UTF-8");
    assert_eq!(
        (run.status.code(), stderr.contains("interrupted: the last message is left to the next run")),
        (Some(3), true),
        "{stderr}"
    );
    assert_eq!((states(&project, "d1"), states(&project, "d2").len()), (vec!["sending".into(), "unknown".into()], 0));
}

#[test]
fn an_address_in_other_letters_needs_a_server_that_takes_it() {
    for (able, arguments) in [(false, &[][..]), (true, &["--utf8"])] {
        let Some(server) = MailServer::start("localhost", arguments) else { return };
        let donor = ("one".to_owned(), "One".to_owned(), "[\"žofie@example.org\"]".to_owned());
        let project = with(Project::minimal(), &[donor]);
        let run = send(&project, &server, &[]);
        assert_eq!((run.code, server.delivered().len()), if able { (0, 1) } else { (3, 0) }, "{}", run.stderr);
        assert_eq!(
            run.stderr.contains("MAIL: the server does not accept addresses with letters"),
            !able,
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_line_that_breaks_off_is_named_and_any_other_is_a_fault() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = with_donors(Project::minimal(), 1);
    assert_eq!(send(&project, &server, &[]).code, 0);
    let path = "data/sent/2024.jsonl";
    let whole = project.read(path);
    project.write(path, &format!("{whole}{{\"time\":\"2024-"));
    let run = send(&project, &server, &[]);
    assert_eq!(
        (run.code, run.stderr.contains(&format!("{path}:3: this line is incomplete"))),
        (0, true),
        "{}",
        run.stderr
    );
    assert_eq!(project.read(path), whole);
    project.write(path, &whole.replacen('{', "", 1));
    let run = send(&project, &server, &[]);
    assert_eq!(
        (run.code, run.stderr.contains(&format!("{path}:1: this line cannot be read"))),
        (1, true),
        "{}",
        run.stderr
    );
    assert_eq!(server.delivered().len(), 1);
}

/// Sends until everything is where it belongs; an officer looks for every message of which nobody knows. Runs are killed at
/// random moments, where that is asked for. Returns how many runs it took.
fn until_all_is_sent(project: &Project, server: &MailServer, dice: &mut Dice, killing: bool) -> usize {
    for run in 1..=200 {
        let options = [&["send", "--live"], &server.options()[..]].concat();
        let mut command = project.command(&options);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a run starts");
        let mut code = None;
        if killing && run % 2 == 1 {
            std::thread::sleep(Duration::from_millis(dice.below(800) as u64));
            let _ = child.kill();
            child.wait().expect("a run ends");
        } else {
            code = child.wait().expect("a run ends").code();
            assert!(matches!(code, Some(0 | 3)), "{code:?}");
        }
        if code == Some(0) {
            return run;
        }
        // Before the server rests a message may still be under way.
        server.rests();
        let delivered: BTreeSet<String> = server.ids().into_iter().collect();
        for id in unknown(project) {
            let decision = if delivered.contains(&id) { "--received" } else { "--again" };
            let run = project.run(&["send", decision, &id]);
            assert_eq!(run.code, 0, "{}", run.stderr);
        }
    }
    panic!("200 runs did not deliver everything");
}

/// The ids of the messages of which the journal does not know.
fn unknown(project: &Project) -> Vec<String> {
    let mut last = std::collections::BTreeMap::new();
    for line in journal(project) {
        let id = line["message_id"].as_str().expect("an id").split('@').next().expect("an id").to_owned();
        last.insert(id, line["state"].clone());
    }
    last.into_iter().filter(|(_, state)| state == "sending" || state == "unknown").map(|(id, _)| id).collect()
}

/// A burst against a server that fails at random: each message is delivered exactly once, and logged.
fn burst(donors: usize, seed: u64, killing: bool) {
    let Some(server) = MailServer::start("localhost", &["--seed", &seed.to_string()]) else { return };
    let project = with_donors(Project::minimal(), donors);
    let runs = until_all_is_sent(&project, &server, &mut Dice::of(seed), killing);
    let ids = server.ids();
    let once: BTreeSet<&String> = ids.iter().collect();
    assert_eq!((ids.len(), once.len()), (donors, donors), "seed {seed}, {runs} runs");
    for donor in 1..=donors {
        let states = states(&project, &format!("d{donor}"));
        let end = states.last().map(String::as_str);
        assert!(matches!(end, Some("sent" | "received")), "seed {seed}: d{donor} ends with {states:?}");
    }
    eprintln!("{donors} messages, {runs} runs, each delivered once");
}

#[test]
fn a_burst_against_a_failing_server_delivers_each_message_once() {
    burst(12, 1, false);
    burst(12, 2, true);
}

#[test]
#[ignore = "long"]
fn two_hundred_donors_are_each_mailed_once() {
    assert!(long(), "this test is part of `just test-long`");
    burst(200, 3, true);
}
