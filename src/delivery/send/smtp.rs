//! One conversation with a server about one message. Whatever comes of it, it is known whether the message may have been
//! delivered: that is so only from the moment on when the dot that ends it was let go.
//!
//! The conversation is held by a thread of its own, for a server that answers a byte at a time cannot be waited for. Before
//! the dot the thread asks, and who waits for it writes down that the dot goes; who has given up answers no more, and the
//! thread ends without it.

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

/// A message goes in pieces of this size, so that giving up is noticed between them.
const PIECE: usize = 1 << 14;
/// The slowest line that is waited for, in bytes a second.
const SLOWEST: u64 = 1 << 12;
/// By how much longer the answer to a whole message is waited for than any other, and all that goes before it together: a
/// server may look through the message first, and to give up then is to know nothing (RFC 5321, 4.5.3.2.6, has 10 minutes).
const LONGER: u32 = 10;
/// How long the server may take to say farewell.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long it is listened for what ought not to be there.
const SILENCE: Duration = Duration::from_millis(1);
/// The steps in which the message itself goes, and is answered.
const MESSAGE: &str = "message";
const END: &str = "end of the message";
/// How much of an answer is kept.
const ANSWER: usize = 300;

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The server took the message, in these words.
    Sent(String),
    /// The message was not taken.
    NotTaken(String),
    /// It did not come to the message: the server could not be reached or spoken with.
    Unreached(String),
    /// The message may have been taken.
    Unknown(String),
}

/// What the thread tells.
enum Event {
    /// It goes on: to a step, or to a further piece.
    Step(&'static str),
    /// The message is there but for its dot, which goes if it is told so.
    Whole,
    /// It is over.
    End(Result<String, Failure>),
}

struct Failure {
    step: &'static str,
    why: String,
    /// Whether it is the server's own word.
    answered: bool,
}

/// Nobody waits any more.
struct Gone;

/// Holds it. `dot` is called once, before the dot goes; where it fails, the dot does not go.
///
/// # Errors
/// That of `dot`, or no thread is to be had.
pub(super) fn converse(server: &Server, message: Written, dot: &mut dyn FnMut() -> Result<()>) -> Result<Ending> {
    let (told, events) = channel();
    let (go, going) = channel();
    let longest = server.patience.saturating_mul(LONGER);
    let mut within = longest;
    let transfer = Duration::from_secs(u64::try_from(message.bytes.len())? / SLOWEST);
    let talk = Talk { server: server.clone(), told, going, step: "connection" };
    let thread = thread::Builder::new().name("mail".to_owned());
    thread.spawn(move || drop(talk.hold(&message))).context("no thread for a conversation")?;
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
                // A thread that is gone has told why, or is heard of no more.
                let _ = go.send(());
            }
            Ok(Event::End(Ok(answer))) => break Ending::Sent(answer),
            Ok(Event::End(Err(failure))) => break ending(failure, whole),
            Err(stopped) => {
                let slow = stopped == RecvTimeoutError::Timeout;
                let why = if slow { "the server keeps us waiting" } else { "the conversation broke off" };
                return Ok(ending(Failure { step, why: why.to_owned(), answered: false }, whole));
            }
        }
    };
    // What is known of the message is known; the farewell is mere courtesy, and its end comes when the thread lets go.
    let _ = events.recv_timeout(FAREWELL);
    Ok(ending)
}

fn ending(Failure { step, why, answered }: Failure, whole: bool) -> Ending {
    let told = format!("{step}: {why}");
    match step {
        _ if whole && !answered => Ending::Unknown(told),
        "MAIL" | "RCPT" | "DATA" | MESSAGE | END => Ending::NotTaken(told),
        _ => Ending::Unreached(told),
    }
}

/// The thread's side of it.
struct Talk {
    server: Server,
    told: Sender<Event>,
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
                    // The message is taken, whatever is said to this.
                    let _ = connection.quit();
                }
                Ok(())
            }
            Err(failure) => self.tell(Event::End(Err(failure))),
        }
    }

    fn tell(&self, event: Event) -> Result<(), Gone> {
        self.told.send(event).map_err(|_| Gone)
    }

    /// Goes on to a step, unless nobody waits for it any more.
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

    /// A line on which everything can be said.
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
            return Err(self.failed("the server offers no encryption, and nothing is sent without"));
        }
        connection.starttls(with, hello).map_err(|error| self.of(&error))?;
        // Whoever sits on the line can say more before the encryption begins than was asked; taken for answers within, it
        // would tell of a delivery that never was.
        self.wait(connection, SILENCE)?;
        let silent = connection.read_response().is_err_and(|error| is_silence(&error));
        self.wait(connection, self.server.patience)?;
        if silent && connection.is_encrypted() { Ok(()) } else { Err(self.failed("the line is not to be trusted")) }
    }

    fn log_in(&mut self, connection: &mut SmtpConnection) -> Outcome<()> {
        let Some(credentials) = self.server.credentials.clone() else { return Ok(()) };
        self.step("AUTH")?;
        // The server's words are not told: it may repeat what it was given.
        match connection.auth(DEFAULT_MECHANISMS, &credentials) {
            Ok(answer) if answer.has_code(235) => Ok(()),
            Ok(_) => Err(self.failed("the server answers out of turn")),
            Err(error) => Err(match error.status() {
                Some(code) => self.answered(format!("{code} (the server refuses the user or the password)")),
                None if error.is_client() => self.failed("the server offers no way to log in"),
                None => self.of(&error),
            }),
        }
    }

    /// What the server has to know of the message beforehand, and must be able to do.
    fn options(&self, message: &Written, connection: &SmtpConnection) -> Outcome<Vec<MailParameter>> {
        let foreign = message.envelope.from().into_iter().chain(message.envelope.to());
        let foreign = foreign.into_iter().any(|address| !AsRef::<str>::as_ref(address).is_ascii());
        let needs = [
            (foreign, Extension::SmtpUtfEight, MailParameter::SmtpUtfEight, "addresses in other letters than ASCII"),
            (
                !message.bytes.is_ascii(),
                Extension::EightBitMime,
                MailParameter::Body(MailBodyParameter::EightBitMime),
                "heads in other letters than ASCII",
            ),
        ];
        let mut options = Vec::new();
        for (_, extension, parameter, what) in needs.into_iter().filter(|(needed, ..)| *needed) {
            if !connection.server_info().supports_feature(extension) {
                return Err(self.failed(&format!("the server takes no {what}")));
            }
            options.push(parameter);
        }
        Ok(options)
    }

    /// The words of an answer that has one of these codes; another one answers something that was not asked.
    fn command(&self, answer: Result<Response, Error>, codes: &[u16]) -> Outcome<String> {
        let answer = answer.map_err(|error| self.of(&error))?;
        if codes.iter().any(|code| answer.has_code(*code)) {
            let words: Vec<&str> = answer.message().collect();
            return Ok(plain(&format!("{} {}", answer.code(), words.join(" "))));
        }
        Err(self.failed(&format!("the server answers out of turn, with {}", answer.code())))
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

    /// What went wrong, in the server's words where they are its own.
    fn of(&self, error: &Error) -> Failure {
        let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        match error.status() {
            Some(code) => self.answered(format!("{code} {source}")),
            None if is_silence(error) => self.failed("the server does not answer in time"),
            None if source.is_empty() => self.failed(&error.to_string()),
            None if source.contains("certificate") => {
                self.failed(&format!("{source} (`--certificate FILE` names one that is trusted, too)"))
            }
            None => self.failed(&source),
        }
    }
}

/// Whether nothing was heard; the system says so in two ways.
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

/// Words from outside, on one line and of bounded length.
fn plain(words: &str) -> String {
    let words: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(ANSWER).collect();
    words.trim().to_owned()
}

/// The message piece by piece; after the last one, it is asked whether the dot may go.
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
            // An iterator that ends sends the dot. Unwinding is the only way out that does not: it closes the line.
            std::panic::resume_unwind(Box::new(()));
        }
        *self.whole = piece.is_none();
        piece
    }
}
