//! One SMTP session for one message. Whatever its outcome, we know whether the message may have been delivered: only after
//! the final dot was sent.
//!
//! The session runs in a thread of its own, because a server that answers a byte at a time could keep us waiting for ever.
//! Before the dot the thread asks its caller, who first records in the journal that the dot is sent. A caller who has given
//! up no longer answers, and the thread ends without the dot.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;

use super::letter::Written;
use super::server::{Encryption, Server};

/// A message is sent in pieces of this size, so that giving up is noticed between them.
const PIECE: usize = 1 << 14;
/// The slowest connection that we wait for, in bytes a second.
const SLOWEST: u64 = 1 << 12;
/// How many times longer we wait for the answer to a whole message than for any other, and for all steps before it together:
/// a server may scan the message first, and giving up then leaves the outcome unknown (RFC 5321, 4.5.3.2.6: 10 minutes).
const LONGER: u32 = 10;
/// How long the server may take to answer QUIT.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long we listen for bytes that should not be there.
const SILENCE: Duration = Duration::from_millis(1);
/// The steps in which the message itself is sent and answered.
const MESSAGE: &str = "message";
const END: &str = "end of the message";
/// How much of an answer is kept.
const ANSWER: usize = 300;

/// The outcome of a session.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The server accepted the message, with this reply.
    Sent(String),
    /// The server did not accept the message.
    NotTaken(String),
    /// The session failed before the message: the server could not be reached or did not cooperate.
    Unreached(String),
    /// The server may have accepted the message.
    Unknown(String),
}

/// What the thread reports.
enum Event {
    /// It has reached a step, or sent another piece.
    Step(&'static str),
    /// The whole message is sent except the final dot, which waits for the go-ahead.
    Whole,
    /// It is over.
    End(Result<String, Failure>),
}

struct Failure {
    step: &'static str,
    why: String,
    /// Whether the server itself replied so.
    answered: bool,
}

/// The caller has given up.
struct Gone;

/// Runs the session. `dot` is called once, before the final dot is sent; if it fails, the dot is not sent.
///
/// # Errors
/// The error of `dot`, or the thread cannot be started.
pub(super) fn converse(server: &Server, message: Written, dot: &mut dyn FnMut() -> Result<()>) -> Result<Ending> {
    let (sender, events) = channel();
    let (go, going) = channel();
    let longest = server.patience.saturating_mul(LONGER);
    let mut within = longest;
    let transfer = Duration::from_secs(u64::try_from(message.bytes.len())? / SLOWEST);
    let talk = Talk { server: server.clone(), sender, going, step: "connection" };
    let thread = thread::Builder::new().name("mail".to_owned());
    thread.spawn(move || drop(talk.hold(&message))).context("cannot start a thread for the connection")?;
    let (mut since, mut step, mut whole) = (Instant::now(), "connection", false);
    let ending = loop {
        match events.recv_timeout(within.saturating_sub(since.elapsed())) {
            Ok(Event::Step(next)) => {
                within += if next == MESSAGE && step != next { transfer } else { Duration::ZERO };
                step = next;
            }
            Ok(Event::Whole) => {
                dot()?;
                (whole, since, within, step) = (true, Instant::now(), longest + FAREWELL, END);
                // A thread that is gone has reported why, or never will.
                let _ = go.send(());
            }
            Ok(Event::End(Ok(answer))) => break Ending::Sent(answer),
            Ok(Event::End(Err(failure))) => break ending(failure, whole),
            Err(stopped) => {
                let slow = stopped == RecvTimeoutError::Timeout;
                let why = if slow { "the server takes too long" } else { "the connection broke off" };
                return Ok(ending(Failure { step, why: why.to_owned(), answered: false }, whole));
            }
        }
    };
    // The outcome is known. QUIT is mere courtesy; wait for it a moment.
    let _ = events.recv_timeout(FAREWELL);
    Ok(ending)
}

fn ending(Failure { step, why, answered }: Failure, whole: bool) -> Ending {
    let reason = format!("{step}: {why}");
    match step {
        _ if whole && !answered => Ending::Unknown(reason),
        "MAIL" | "RCPT" | "DATA" | MESSAGE | END => Ending::NotTaken(reason),
        _ => Ending::Unreached(reason),
    }
}

/// The thread's side of the session.
struct Talk {
    server: Server,
    sender: Sender<Event>,
    going: Receiver<()>,
    step: &'static str,
}

type Outcome<T> = Result<T, Failure>;

impl Talk {
    fn hold(mut self, message: &Written) -> Result<(), Gone> {
        match self.speak(message) {
            Ok((mut connection, answer)) => {
                self.tell(Event::End(Ok(answer)))?;
                if connection.set_timeout(Some(FAREWELL)).is_ok() {
                    // The message is accepted, whatever the server replies to QUIT.
                    let _ = connection.quit();
                }
                Ok(())
            }
            Err(failure) => self.tell(Event::End(Err(failure))),
        }
    }

    fn tell(&self, event: Event) -> Result<(), Gone> {
        self.sender.send(event).map_err(|_| Gone)
    }

    /// Enters a step, unless the caller has given up.
    fn step(&mut self, step: &'static str) -> Outcome<()> {
        self.step = step;
        self.tell(Event::Step(step)).map_err(|Gone| self.failed("given up"))
    }

    fn speak(&mut self, message: &Written) -> Outcome<(SmtpConnection, String)> {
        let mut connection = self.connect()?;
        self.log_in(&mut connection)?;
        self.step("MAIL")?;
        let options = self.options(message, &connection)?;
        self.command(connection.command(Mail::new(message.envelope.from().cloned(), options)), &[250])?;
        self.step("RCPT")?;
        for address in message.envelope.to() {
            self.command(connection.command(Rcpt::new(address.clone(), Vec::new())), &[250, 251])?;
        }
        self.step("DATA")?;
        self.command(connection.command(Data), &[354])?;
        self.step(MESSAGE)?;
        self.wait(&mut connection, self.server.patience.saturating_mul(LONGER))?;
        let mut whole = false;
        let pieces = Pieces { left: message.bytes.chunks(PIECE), talk: self, whole: &mut whole };
        let answer = connection.message_iter(pieces);
        if whole {
            self.step = END;
        }
        let answer = self.command(answer, &[250, 251, 252])?;
        Ok((connection, answer))
    }

    /// A connection on which it is safe to send everything.
    fn connect(&mut self) -> Outcome<SmtpConnection> {
        let (place, patience) = ((self.server.host.clone(), self.server.port), Some(self.server.patience));
        let (place, hello) = ((place.0.as_str(), place.1), ClientId::default());
        let encryption = self.server.encryption.clone();
        let whole = match &encryption {
            Encryption::Whole(parameters) => Some(parameters.as_ref()),
            _ => None,
        };
        let connected = SmtpConnection::connect(place, patience, &hello, whole, None);
        let mut connection = connected.map_err(|error| self.of(&error))?;
        if let Encryption::Asked(parameters) = &encryption {
            self.encrypt(&mut connection, parameters, &hello)?;
        }
        Ok(connection)
    }

    fn encrypt(&mut self, connection: &mut SmtpConnection, with: &TlsParameters, hello: &ClientId) -> Outcome<()> {
        self.step("STARTTLS")?;
        if !connection.can_starttls() {
            return Err(self.failed("the server offers no encryption, and nothing is sent without it"));
        }
        connection.starttls(with, hello).map_err(|error| self.of(&error))?;
        // An attacker on the network can send extra replies before the encryption begins; read as encrypted replies, they
        // would report a delivery that never happened.
        self.wait(connection, SILENCE)?;
        let silent = connection.read_response().is_err_and(|error| is_silence(&error));
        self.wait(connection, self.server.patience)?;
        if silent && connection.is_encrypted() {
            Ok(())
        } else {
            Err(self.failed("the encrypted connection cannot be trusted"))
        }
    }

    fn log_in(&mut self, connection: &mut SmtpConnection) -> Outcome<()> {
        let Some(credentials) = self.server.credentials.clone() else { return Ok(()) };
        self.step("AUTH")?;
        // The server's reply is not printed: it may repeat the password.
        match connection.auth(DEFAULT_MECHANISMS, &credentials) {
            Ok(answer) if answer.has_code(235) => Ok(()),
            Ok(_) => Err(self.failed("the server sent an unexpected answer")),
            Err(error) => Err(match error.status() {
                Some(code) => self.answered(format!("{code} (the server refuses the user or the password)")),
                None if error.is_client() => self.failed("the server offers no way to log in"),
                None => self.of(&error),
            }),
        }
    }

    /// The extensions that this message needs; an error if the server lacks one.
    fn options(&self, message: &Written, connection: &SmtpConnection) -> Outcome<Vec<MailParameter>> {
        let foreign = message.envelope.from().into_iter().chain(message.envelope.to());
        let foreign = foreign.into_iter().any(|address| !AsRef::<str>::as_ref(address).is_ascii());
        let needs = [
            (foreign, Extension::SmtpUtfEight, MailParameter::SmtpUtfEight, "addresses with letters beyond ASCII"),
            (
                !message.bytes.is_ascii(),
                Extension::EightBitMime,
                MailParameter::Body(MailBodyParameter::EightBitMime),
                "headers with letters beyond ASCII",
            ),
        ];
        let mut options = Vec::new();
        for (_, extension, parameter, what) in needs.into_iter().filter(|(needed, ..)| *needed) {
            if !connection.server_info().supports_feature(extension) {
                return Err(self.failed(&format!("the server does not accept {what}")));
            }
            options.push(parameter);
        }
        Ok(options)
    }

    /// The text of a reply with one of these codes; any other code is unexpected.
    fn command(&self, answer: Result<Response, Error>, codes: &[u16]) -> Outcome<String> {
        let answer = answer.map_err(|error| self.of(&error))?;
        if codes.iter().any(|code| answer.has_code(*code)) {
            let words: Vec<&str> = answer.message().collect();
            return Ok(plain(&format!("{} {}", answer.code(), words.join(" "))));
        }
        Err(self.failed(&format!("the server sent an unexpected answer: {}", answer.code())))
    }

    fn wait(&self, connection: &mut SmtpConnection, patience: Duration) -> Outcome<()> {
        connection.set_timeout(Some(patience)).map_err(|error| self.failed(&error.to_string()))
    }

    fn failed(&self, why: &str) -> Failure {
        Failure { step: self.step, why: plain(why), answered: false }
    }

    fn answered(&self, answer: String) -> Failure {
        Failure { step: self.step, why: plain(&answer), answered: true }
    }

    /// What went wrong, in the server's words if it replied.
    fn of(&self, error: &Error) -> Failure {
        let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        match error.status() {
            Some(code) => self.answered(format!("{code} {source}")),
            None if is_silence(error) => self.failed("the server does not answer in time"),
            None if source.is_empty() => self.failed(&error.to_string()),
            None if source.contains("certificate") => {
                self.failed(&format!("{source} (to trust another certificate, name it with `--certificate FILE`)"))
            }
            None => self.failed(&source),
        }
    }
}

/// Whether nothing was received in time; systems report this in two ways.
fn is_silence(error: &Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            return matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut);
        }
        cause = error.source();
    }
    false
}

/// Text from outside, on one line and shortened.
fn plain(words: &str) -> String {
    let words: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(ANSWER).collect();
    words.trim().to_owned()
}

/// The message piece by piece; after the last piece it asks whether the dot may be sent.
struct Pieces<'m> {
    left: std::slice::Chunks<'m, u8>,
    talk: &'m Talk,
    whole: &'m mut bool,
}

impl<'m> Iterator for Pieces<'m> {
    type Item = &'m [u8];

    fn next(&mut self) -> Option<&'m [u8]> {
        let piece = self.left.next();
        let event = if piece.is_some() { Event::Step(MESSAGE) } else { Event::Whole };
        let waited_for = self.talk.tell(event).is_ok() && (piece.is_some() || self.talk.going.recv().is_ok());
        if !waited_for {
            // When the iterator ends, the dot is sent. Only unwinding avoids that: it closes the connection.
            std::panic::resume_unwind(Box::new(()));
        }
        *self.whole = piece.is_none();
        piece
    }
}
