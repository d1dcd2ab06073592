//! A mail server on this machine, and projects with something to send.
//!
//! The server is `mail_server.py`, a real one made of aiosmtpd (Debian's `python3-aiosmtpd`), which is started for each test
//! on a free port of the loopback and fails as its plan says. Its certificate is made by `openssl`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::project::{Project, Run, files, tests};
use crate::tools::{python, tool};

/// Who the server lets in, where it asks.
pub const LOGIN: [&str; 2] = ["officer", "correct-horse-battery"];

/// A server that runs until it is dropped.
pub struct MailServer {
    server: Child,
    folder: TempDir,
    certificate: Option<PathBuf>,
    /// `host:port`.
    pub place: String,
}

/// A message as it was delivered, read by another program.
pub struct Delivered {
    /// What the server knows of it: `to`, `encrypted`, `user`, `subject`, `message_id`, `files` with their checksums.
    pub report: Value,
    /// Its text, heads and all.
    pub text: String,
}

impl MailServer {
    /// One that goes by a plan, without encryption.
    pub fn plain(plan: &str) -> Option<Self> {
        let plan: Vec<&str> = std::iter::once("--plan").chain(plan.split(' ')).collect();
        Self::start("localhost", &plan)
    }

    /// One that asks for encryption and for a login.
    pub fn strict(plan: &str) -> Option<Self> {
        let plan: Vec<&str> = std::iter::once("--plan").chain(plan.split(' ')).collect();
        Self::start("localhost", &[&["--encrypted", "--login", LOGIN[0], LOGIN[1]], &plan[..]].concat())
    }

    /// One with these arguments; `--encrypted` has a certificate made for the host.
    pub fn start(host: &str, arguments: &[&str]) -> Option<Self> {
        let python = python("aiosmtpd")?;
        tool(&["openssl"])?;
        let folder = TempDir::new().expect("a temporary folder");
        let mut command = Command::new(python);
        command.arg("-B").arg(tests().join("mail_server.py")).arg(folder.path().join("delivered"));
        if host != "localhost" {
            command.args(["--host", host]);
        }
        let mut certificate = None;
        for argument in arguments {
            if *argument == "--encrypted" {
                let made = certify(folder.path(), host);
                command.arg("--certificate").arg(&made).arg("--key").arg(folder.path().join("key.pem"));
                certificate = Some(made);
            } else {
                command.arg(argument);
            }
        }
        // It ends when its stdin does: with the test, however that ends.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().expect("the mail server starts");
        let mut port = String::new();
        let out = server.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut port).expect("the mail server says its port");
        let port = port.trim();
        assert!(!port.is_empty(), "the mail server could not start");
        Some(Self { server, folder, certificate, place: format!("{host}:{port}") })
    }

    /// The options with which `send` speaks to it.
    pub fn options(&self) -> Vec<&str> {
        let mut options = vec!["--server", &self.place];
        if let Some(certificate) = &self.certificate {
            options.extend(["--certificate", certificate.to_str().expect("UTF-8")]);
        }
        options
    }

    /// Every message that was delivered, the first first.
    pub fn delivered(&self) -> Vec<Delivered> {
        let folder = self.folder.path().join("delivered");
        let read = |name: String| fs::read(folder.join(name)).expect("a delivered message");
        let messages = (1..).take_while(|number| folder.join(format!("{number}.eml")).exists());
        let message = |number: usize| Delivered {
            report: serde_json::from_slice(&read(format!("{number}.json"))).expect("JSON"),
            text: String::from_utf8(read(format!("{number}.eml"))).expect("a message is text"),
        };
        messages.map(message).collect()
    }

    /// Waits until no conversation goes on: only then all is delivered that ever will be.
    pub fn rests(&self) {
        let open = || fs::read_to_string(self.folder.path().join("delivered/open"));
        while open().is_ok_and(|open| open != "0") {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    /// The ids of the messages that were delivered, sorted.
    pub fn ids(&self) -> Vec<String> {
        let id = |message: &Delivered| {
            let id = message.report["message_id"].as_str().expect("an id");
            id.trim_matches(['<', '>']).split('@').next().expect("an id").to_owned()
        };
        let mut ids: Vec<String> = self.delivered().iter().map(id).collect();
        ids.sort();
        ids
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A certificate that signs itself, for this host alone.
fn certify(folder: &Path, host: &str) -> PathBuf {
    let certificate = folder.join("certificate.pem");
    let kind = if host.parse::<std::net::IpAddr>().is_ok() { "IP" } else { "DNS" };
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]);
    openssl.args(["-subj", "/CN=test", "-addext", "basicConstraints=critical,CA:FALSE", "-addext"]);
    openssl.arg(format!("subjectAltName={kind}:{host}"));
    openssl.arg("-keyout").arg(folder.join("key.pem")).arg("-out").arg(&certificate);
    let made = openssl.output().expect("openssl starts");
    assert!(made.status.success(), "openssl: {}", String::from_utf8_lossy(&made.stderr));
    certificate
}

/// What `[mail]` says in the tests.
const MAIL: &str = r#"
[mail]
from = "Briefs <briefs@example.org>"
subject = "{series} {issue} for {donor}"
text = """
Dear {donor},

.please find the briefs of {issue} with this letter.
"""
"#;

/// A project with donors, each with its address, and their copies made.
pub fn with_donors(project: Project, donors: usize) -> Project {
    let named = |at: usize| (format!("d{at}"), format!("Donor {at}"), format!("[\"officer@d{at}.example.org\"]"));
    with(project, &(1..=donors).map(named).collect::<Vec<_>>())
}

/// A project with these donors: id, name and addresses as TOML.
pub fn with(project: Project, donors: &[(String, String, String)]) -> Project {
    let mut report = project.read("data/report.toml");
    for (id, name, addresses) in donors {
        let name = Value::from(name.as_str());
        report += &format!("\n[[donors]]\nid = \"{id}\"\nname = {name}\naddresses = {addresses}\n");
    }
    project.write("data/report.toml", &(report + MAIL));
    project.build();
    project
}

/// Sends by this server.
pub fn send(project: &Project, server: &MailServer, arguments: &[&str]) -> Run {
    let options = [&["send", "--live"], &server.options()[..], arguments].concat();
    let mut command = project.command(&options);
    if server.certificate.is_some() {
        command.env("TIPBRIEF_SMTP_USER", LOGIN[0]).env("TIPBRIEF_SMTP_PASSWORD", LOGIN[1]);
    }
    Run::of(&mut command)
}

/// The lines of the journal.
pub fn journal(project: &Project) -> Vec<Value> {
    let path = project.path("data/sent/2024.jsonl");
    let text = if path.exists() { fs::read_to_string(path).expect("a journal") } else { String::new() };
    // A line that is being written is not there yet.
    let whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    whole.map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// The states that the journal knows of one donor, in order.
pub fn states(project: &Project, donor: &str) -> Vec<String> {
    let own = |line: &Value| line["donor"] == donor;
    let state = |line: Value| line["state"].as_str().expect("a state").to_owned();
    journal(project).into_iter().filter(own).map(state).collect()
}

/// The messages of a dry run, by their files' names.
pub fn laid(project: &Project) -> Vec<String> {
    let folder = project.path("output/.mail");
    if folder.exists() { files(&folder) } else { Vec::new() }
}
