//! The command `send`: mails each donor its copies in `output/`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Result;
use clap::Args;

use super::end::{End, conclude, failure, guarded, withheld};
use super::interrupt::interrupted;
use super::printing::{say_paths, unless_gone};
use super::shared::Shared;
use super::stages::release;
use crate::delivery::approve::{Material, stand_all};
use crate::delivery::build::changes;
use crate::delivery::publish::quiet;
use crate::delivery::send::{self, Login, Message, Notice, Ready, Refused, Request, Sent, State, Tell};
use crate::diagnostic::{Diagnostics, Format, several};
use crate::document::bind::bind;
use crate::document::typeset::Templates;
use crate::project::Project;

/// Mails each donor its copies in `output/`, each message once; or only writes the messages.
///
/// # Errors
/// [`Refused`], with nothing sent; faults, which are in `diagnostics`; or a failure of the machine.
pub fn send(root: &Path, request: &send::Request<'_>, tell: Tell<'_>, diagnostics: &mut Diagnostics) -> Result<Sent> {
    let _quiet = quiet(root);
    let project = Project::load(root, diagnostics)?;
    let letters = project.letters(diagnostics)?;
    let release = release(&project, &|_| (), diagnostics)?;
    release.conclude()?;
    let changes = changes(&project, &release, diagnostics)?;
    let release = diagnostics.conclude(release)?;
    // What is wrong with the prose, a build reported; what is sent was built.
    let prose = bind(&project, &release, &mut Diagnostics::default());
    let templates = Templates::read(root)?;
    let material =
        Material { project: &project, release: &release, prose: &prose, changes: &changes, templates: &templates };
    let standings = stand_all(material, diagnostics)?;
    let Material { project, release, prose, changes, .. } = material;
    send::send(&Ready { project, letters: &letters, release, prose, changes, standings: &standings }, request, tell)
}

#[derive(Args)]
pub(super) struct SendOptions {
    /// Send only to this donor; may be given several times
    #[arg(long = "donor", value_name = "ID")]
    donors: Vec<String>,
    /// Tell whoever got a file with a figure that reads otherwise now: what changed, why, and the new file
    #[arg(long)]
    correction: bool,
    /// Send; without it the messages are only written to `output/.mail/`
    #[arg(long)]
    live: bool,
    /// The server, in place of `server` of `[mail]`; port 587 unless another is given, and 465 is encrypted throughout
    #[arg(long, value_name = "HOST:PORT")]
    server: Option<String>,
    /// A file of certificates (PEM) to trust in addition to those of the system
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// How long to wait for an answer of the server; ten times as long after a whole message
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// The message ID, whose state is `unknown`, arrived
    #[arg(long, value_name = "ID")]
    received: Vec<String>,
    /// The message ID, whose state is `unknown`, did not arrive; the next run sends it again
    #[arg(long, value_name = "ID")]
    again: Vec<String>,
}

/// Sends the messages, or writes them to files; prints a line for each.
pub(super) fn run(options: &SendOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let ended = match interrupted() {
        Ok(ended) => ended,
        Err(error) => return conclude(Some(format!("cannot install the Ctrl-C handler: {error}")), false),
    };
    let login = match login() {
        Ok(login) => login,
        Err(refused) => return refuse(&[refused]),
    };
    let request = Request {
        donors: &options.donors,
        correction: options.correction,
        live: options.live,
        server: options.server.as_deref(),
        certificate: options.certificate.as_deref(),
        patience: Duration::from_secs(options.timeout),
        received: &options.received,
        again: &options.again,
        login,
        ended: &|| ended.load(Ordering::Relaxed),
    };
    let mut unsaid = None;
    let mut tell = |notice: Notice<'_>| unsaid = say(&notice).err().or(unsaid.take());
    let outcome = guarded(|| send(&shared.root(), &request, &mut tell, diagnostics));
    match outcome {
        Ok(sent) => {
            conclude_with(&sent, options);
            let failure = unsaid.map(|error| format!("the output cannot be written: {error}"));
            if failure.is_none() && options.live && sent.failed > 0 { End::Machine } else { conclude(failure, false) }
        }
        Err(error) if End::of(&error, diagnostics) == End::Discloses => withheld(&format!("{error:#}")),
        Err(error) => {
            if let Some(Refused(why)) = error.downcast_ref::<Refused>() {
                return refuse(why);
            }
            let failure = failure(Some(&error), diagnostics);
            let written = shared.report(diagnostics, Format::Human, failure.as_deref(), std::io::stderr());
            conclude(failure.or_else(|| written.err().map(|error| error.to_string())), true)
        }
    }
}

/// The variables that hold the login at the mail server.
pub(super) const LOGIN: [&str; 2] = ["TIPBRIEF_SMTP_USER", "TIPBRIEF_SMTP_PASSWORD"];

/// The login that the environment gives.
fn login() -> Result<Option<Login>, String> {
    let [user, password] = LOGIN.map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    match (user, password) {
        (None, None) => Ok(None),
        (Some(user), Some(password)) => Ok(Some(Login { user, password })),
        _ => Err("only one of TIPBRIEF_SMTP_USER and TIPBRIEF_SMTP_PASSWORD is set; set both or none".to_owned()),
    }
}

/// Prints the checks that block sending.
fn refuse(why: &[String]) -> End {
    for line in why {
        complain("error", line);
    }
    complain("send", "nothing more was sent");
    End::Refused
}

/// Prints a line on stderr; if stderr is closed, nobody can read it.
fn complain(what: &str, line: &str) {
    let _ = writeln!(std::io::stderr(), "{what}: {line}");
}

/// Prints one line of the answer at once, and on stderr what went wrong.
fn say(notice: &Notice<'_>) -> std::io::Result<()> {
    match notice {
        Notice::Laid(path) => say_paths(std::slice::from_ref(path)),
        Notice::Untold { donor, address, why } => {
            complain("error", &format!("{donor}, {address}: cannot be told of the correction: {why}"));
            unless_gone(writeln!(std::io::stdout(), "untold {donor} {address}"))
        }
        Notice::Note(note) => {
            complain("note", note);
            Ok(())
        }
        Notice::Message(message) => {
            let Message { donor, address, id, state, answer } = message;
            if let Some(hint) = hint(*state, id) {
                let reply = answer.map_or_else(String::new, |answer| format!(": {answer}"));
                complain("error", &format!("{donor}, {address}: {}{reply}; {hint}", state.name()));
            }
            let mut out = std::io::stdout();
            unless_gone(writeln!(out, "{} {donor} {address} {id}", state.name()).and_then(|()| out.flush()))
        }
    }
}

/// What to do about a message that did not surely arrive.
fn hint(state: State, id: &str) -> Option<String> {
    match state {
        State::NotSent => Some("it did not arrive, and the next run tries again".to_owned()),
        State::Unknown | State::Sending => Some(format!(
            "it may have arrived: ask the donor, then run `tipbrief send --received {id}` or `tipbrief send --again {id}`"
        )),
        State::Sent | State::Received | State::Again => None,
    }
}

/// Prints the totals, and after a dry run how to send.
fn conclude_with(sent: &Sent, options: &SendOptions) {
    let Sent { done, before, failed } = sent;
    let how = if options.correction { "tipbrief send --correction --live" } else { "tipbrief send --live" };
    if options.live {
        complain("send", &format!("{done} sent now, {before} sent earlier, {failed} not sent or unknown"));
    } else if options.received.is_empty() && options.again.is_empty() {
        let written = several(*done, "message was", "messages were");
        complain(
            "send",
            &format!(
                "nothing was sent: {written} written to `output/.mail/`, {before} sent earlier, {failed} unknown; to send, run `{how}`"
            ),
        );
    }
}
