//! Signatures of approvals, by keys of SSH. **ssh-keygen** is called here and nowhere else; **tempfile** makes the files that
//! it reads.
//!
//! Signing keeps the terminal, on which the passphrase of a key is asked for; verifying asks for nothing.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Error, Result};
use chrono::DateTime;

use super::Refused;
use super::entry::Entry;

/// What the signatures are for: one for anything else is none for an approval.
pub(super) const NAMESPACE: &str = "tipbrief-approval";
const PROGRAM: &str = "ssh-keygen";

/// The program, in English and in the time zone in which approvals are dated.
fn program() -> Command {
    let mut command = Command::new(PROGRAM);
    command.env("LC_ALL", "C").env("TZ", "UTC");
    command
}

/// Why it could not be run.
fn not_run(error: std::io::Error, what: &str) -> Error {
    let missing = error.kind() == ErrorKind::NotFound;
    let hint = if missing { "; it comes with OpenSSH (Debian: openssh-client)" } else { "" };
    Error::from(error).context(format!("cannot run `{PROGRAM}`, which {what}{hint}"))
}

/// Signs an entry with a key, or with that of its agent.
///
/// # Errors
/// [`Refused`] when the key does not sign; a failure of the machine.
pub(super) fn sign(entry: &Entry, key: &Path) -> Result<String> {
    if !key.is_file() {
        return Err(Refused::one(format!("there is no key `{}`", key.display())).into());
    }
    let folder = tempfile::tempdir().context("cannot make a folder for the signature")?;
    let (text, made) = (folder.path().join("approval"), folder.path().join("approval.sig"));
    fs::write(&text, entry.bytes()?).context("cannot write what is signed")?;
    let mut command = program();
    // What is signed is a file, and not its stdin: that stays the terminal on which a passphrase is asked for.
    command.args(["-q", "-Y", "sign", "-n", NAMESPACE, "-f"]).arg(key).arg(&text).stdout(Stdio::null());
    let status = command.status().map_err(|error| not_run(error, "signs approvals"))?;
    let signature = if status.success() { fs::read_to_string(&made).ok() } else { None };
    signature.ok_or_else(|| Refused::one(format!("`{PROGRAM}` did not sign with the key `{}`", key.display())).into())
}

/// The fingerprint of the key that signed an entry, if the person who is named in it may sign with that key.
///
/// # Errors
/// When the program cannot be run.
pub(super) fn signer(entry: &Entry, signature: &str, signers: &Path) -> Result<Option<String>> {
    let mut file = tempfile::NamedTempFile::new().context("cannot make a file for a signature")?;
    file.write_all(signature.as_bytes()).and_then(|()| file.flush()).context("cannot write a signature")?;
    let mut command = program();
    command.args(["-Y", "verify", "-n", NAMESPACE, "-I", &entry.by, "-f"]).arg(signers).arg("-s").arg(file.path());
    // A key that has expired since was good when it signed.
    command.args(
        DateTime::parse_from_rfc3339(&entry.time).map(|time| format!("-Overify-time={}", time.format("%Y%m%d%H%M%S"))),
    );
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| not_run(error, "verifies signatures of approvals"))?;
    let bytes = entry.bytes()?;
    if let Some(mut stdin) = child.stdin.take() {
        // If it ended without reading, it says why it refuses.
        let _ = stdin.write_all(&bytes);
    }
    let output = child.wait_with_output().with_context(|| format!("cannot wait for `{PROGRAM}`"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let key = said.trim_end().rsplit_once(" key ").map(|(_, key)| key.to_owned());
    Ok(key.filter(|_| output.status.success()))
}
