//! Signed approvals, by keys that the `ssh-keygen` of the machine makes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::approving::{LEDGER, approve, asking, lines};
use crate::project::{Project, Run};
use crate::tools::tool;

/// A folder with keys of persons, outside of every project.
struct Keys {
    program: PathBuf,
    folder: TempDir,
}

impl Keys {
    fn new() -> Option<Self> {
        Some(Self { program: tool(&["ssh-keygen"])?, folder: TempDir::new().expect("a temporary folder") })
    }

    /// A new key; with a passphrase if there is one.
    fn make(&self, name: &str, passphrase: &str) -> String {
        let key = self.folder.path().join(name);
        let mut command = Command::new(&self.program);
        command.args(["-q", "-t", "ed25519", "-C", name, "-N", passphrase, "-f"]).arg(&key);
        assert!(command.status().expect("ssh-keygen starts").success());
        key.to_str().expect("UTF-8").to_owned()
    }

    /// A line of those who may sign.
    fn line(key: &str, person: &str) -> String {
        let public = fs::read_to_string(format!("{key}.pub")).expect("a public key");
        format!("\"{person}\" {}\n", public.trim_end())
    }
}

/// A project in which these persons may sign with these keys.
fn signed(persons: &[(&str, &str)], needed: usize) -> Project {
    let project = Project::minimal();
    let signers: String = persons.iter().map(|(person, key)| Keys::line(key, person)).collect();
    project.write("data/signers", &signers);
    asking(project, &format!("needed = {needed}\nallowed_signers = \"signers\""))
}

fn done(run: &Run) {
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
}

fn says(run: &Run, words: &str) {
    assert!(run.code == 1 && run.stderr.contains(words), "`{words}` is missing in ({}) {}", run.code, run.stderr);
}

#[test]
fn a_signed_approval_counts_and_others_do_not() {
    let Some(keys) = Keys::new() else { return };
    let (ana, bo, foreign) = (keys.make("ana", ""), keys.make("bo", ""), keys.make("foreign", ""));
    let project = signed(&[("Ana Núñez", &ana), ("Bo Kim", &bo)], 2);
    says(&approve(&project, "Ana Núñez", &[]), "only signed approvals count in this project; name your key");
    says(
        &approve(&project, "Ana Núñez", &["--key", &foreign]),
        "`data/signers` does not let Ana Núñez sign with this key",
    );
    says(&approve(&project, "Ana Núñez", &["--key", &bo]), "does not let Ana Núñez sign with this key");
    says(&approve(&project, "Ana Núñez", &["--key", "/nowhere/key"]), "there is no key `/nowhere/key`");
    assert!(!project.path("data/approvals").exists(), "what is refused leaves nothing");
    done(&approve(&project, "Ana Núñez", &["--key", &ana]));
    done(&approve(&project, "Bo Kim", &["--key", &bo]));
    project.build();
    assert!(!project.printed("XXA/en/brief.pdf").contains("Draft"));
    done(&project.run(&["verify"]));
    // Anybody can verify it without this program.
    let line = project.read(LEDGER).lines().next().expect("a line").to_owned();
    let parsed = &lines(&project)[0];
    let (start, end) = (line.find("{\"number\"").expect("an entry"), line.find(",\"signature\"").expect("a signature"));
    let folder = TempDir::new().expect("a temporary folder");
    let signature = folder.path().join("signature");
    fs::write(&signature, parsed["signature"].as_str().expect("a signature")).expect("it is written");
    assert!(verified(&keys.program, &project.path("data/signers"), "Ana Núñez", &signature, &line[start..end]));
    assert!(!verified(&keys.program, &project.path("data/signers"), "Bo Kim", &signature, &line[start..end]));
}

fn verified(program: &Path, signers: &Path, person: &str, signature: &Path, text: &str) -> bool {
    let message = signature.with_file_name("message");
    fs::write(&message, text).expect("it is written");
    let mut command = Command::new(program);
    command
        .args(["-q", "-Y", "verify", "-n", "tipbrief-approval", "-I", person, "-f"])
        .arg(signers)
        .arg("-s")
        .arg(signature);
    command.stdin(fs::File::open(message).expect("it is there")).status().expect("ssh-keygen starts").success()
}

#[test]
fn a_wrong_or_foreign_signature_is_a_fault() {
    let Some(keys) = Keys::new() else { return };
    let (ana, bo) = (keys.make("ana", ""), keys.make("bo", ""));
    let project = signed(&[("Ana", &ana), ("Bo", &bo)], 1);
    done(&approve(&project, "Ana", &["--key", &ana]));
    project.build();
    let fault = "data/approvals/2024.jsonl:1:1: error[signature-error]: the signature is not one of `Ana`, by a key that may sign";
    let signers = project.read("data/signers");
    // Her key goes: what she signed with it is foreign now.
    project.write("data/signers", &Keys::line(&bo, "Bo"));
    for command in [&["check", "--format", "short"][..], &["build", "--format", "short"]] {
        let run = project.run(command);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!((run.stdout + &run.stderr).contains(fault));
    }
    let verify = project.run(&["verify"]);
    assert!(
        verify.code == 1 && verify.stdout.contains("2024.jsonl:1: the signature is not one of `Ana`"),
        "{}",
        verify.stdout
    );
    project.write("data/signers", &signers);
    done(&project.run(&["check"]));
    // A whole chain forged by somebody without a key: the sums are right, the signature is not.
    let forged = forge(&project.read(LEDGER), "\"content\":\"", "\"content\":\"0");
    project.write(LEDGER, &forged);
    let run = project.run(&["check", "--format", "short"]);
    assert!(run.code == 1 && run.stdout.contains(fault) && !run.stdout.contains("broken-chain"), "{}", run.stdout);
}

/// A line with other words and the checksum that belongs to them, as whoever knows the rule can make it.
fn forge(line: &str, old: &str, new: &str) -> String {
    use sha2::{Digest, Sha256};
    let (start, end) = (line.find("{\"number\"").expect("an entry"), line.find(",\"signature\"").expect("a signature"));
    let entry = line[start..end].replacen(old, new, 1);
    let parsed: serde_json::Value = serde_json::from_str(line).expect("JSON");
    let signature = parsed["signature"].as_str().expect("a signature");
    let digest = Sha256::digest(format!("{entry}\n{signature}"));
    let sum: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let head = line.replacen(&line[start..end], &entry, 1);
    let old = parsed["sha256"].as_str().expect("a checksum");
    head.replacen(&format!("\"sha256\":\"{old}\""), &format!("\"sha256\":\"{sum}\""), 1)
}

#[test]
fn an_approval_without_a_signature_does_not_count_where_signers_are_declared() {
    let Some(keys) = Keys::new() else { return };
    let ana = keys.make("ana", "");
    let project = asking(Project::minimal(), "");
    done(&approve(&project, "Ana", &[]));
    says(
        &approve(&project, "Ana", &["--key", &ana]),
        "has no `allowed_signers`, without which nobody can verify a signature",
    );
    project.write("data/signers", &Keys::line(&ana, "Ana"));
    project.replace("data/report.toml", "[approval]\n", "[approval]\nallowed_signers = \"signers\"\n");
    project.build();
    assert!(project.printed("XXA/en/brief.pdf").contains("Draft"));
    let status = project.run(&["status"]).stdout;
    assert!(status.contains("not counted: the approval by Ana on ") && status.contains(" is not signed"), "{status}");
    done(&approve(&project, "Ana", &["--key", &ana]));
    project.build();
    assert!(!project.printed("XXA/en/brief.pdf").contains("Draft"));
}

#[test]
fn one_key_counts_once_whatever_names_it_signs_for() {
    let Some(keys) = Keys::new() else { return };
    let ana = keys.make("ana", "");
    let project = signed(&[("Ana", &ana), ("Ana too", &ana)], 2);
    done(&approve(&project, "Ana", &["--key", &ana]));
    done(&approve(&project, "Ana too", &["--key", &ana]));
    let status = project.run(&["status"]).stdout;
    assert!(status.contains("1 of 2 approvals (Ana)"), "{status}");
    assert!(
        status.contains("the approval by Ana too on ") && status.contains("is signed with the key of another"),
        "{status}"
    );
}

#[cfg(unix)]
#[test]
fn a_passphrase_is_asked_for_and_a_wrong_one_signs_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let Some(keys) = Keys::new() else { return };
    let ana = keys.make("ana", "open sesame");
    let project = signed(&[("Ana", &ana)], 1);
    let ask = keys.folder.path().join("ask");
    for (answer, code) in [("wrong", 1), ("open sesame", 0)] {
        fs::write(&ask, format!("#!/bin/sh\necho '{answer}'\n")).expect("it is written");
        fs::set_permissions(&ask, fs::Permissions::from_mode(0o700)).expect("it can be run");
        let mut command = project.command(&["approve", "XXA", "--by", "Ana", "--key", &ana]);
        let run = Run::of(command.env("SSH_ASKPASS", &ask).env("SSH_ASKPASS_REQUIRE", "force"));
        assert_eq!(run.code, code, "{}", run.stderr);
        assert_eq!(lines(&project).len(), usize::from(code == 0));
    }
}

#[test]
fn without_ssh_keygen_it_is_said_what_is_missing() {
    let Some(keys) = Keys::new() else { return };
    let ana = keys.make("ana", "");
    let project = signed(&[("Ana", &ana)], 1);
    let nothing = TempDir::new().expect("a temporary folder");
    let run = Run::of(project.command(&["approve", "XXA", "--by", "Ana", "--key", &ana]).env("PATH", nothing.path()));
    assert_eq!(run.code, 3, "{}", run.stderr);
    let why = "cannot run `ssh-keygen`, which signs approvals; it comes with OpenSSH (Debian: openssh-client)";
    assert!(run.stderr.contains(why), "{}", run.stderr);
    done(&approve(&project, "Ana", &["--key", &ana]));
    let run = Run::of(project.command(&["check"]).env("PATH", nothing.path()));
    assert!(run.code == 3 && run.stderr.contains("which verifies signatures of approvals"), "{}", run.stderr);
}

#[test]
fn what_is_taken_back_is_signed_too() {
    let Some(keys) = Keys::new() else { return };
    let (ana, bo) = (keys.make("ana", ""), keys.make("bo", ""));
    let project = signed(&[("Ana", &ana), ("Bo", &bo)], 1);
    done(&approve(&project, "Ana", &["--key", &ana]));
    says(&approve(&project, "Ana", &["--withdraw"]), "only signed approvals count");
    says(&approve(&project, "Ana", &["--withdraw", "--key", &bo]), "does not let Ana sign with this key");
    done(&approve(&project, "Ana", &["--withdraw", "--key", &ana]));
    assert!(project.run(&["status"]).stdout.contains("0 of 1 approval; still to approve: one person"));
}
