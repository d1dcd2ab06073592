//! The server, for this machine only: it reads requests within bounds of time and size, refuses what is not for it, hands the rest
//! to whoever answers, and writes the answers. `std::net` is used here and in `crowd`.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::crowd::Crowd;
use super::request::{self, Request};
use super::response::{Refusal, Response};
use super::token::Token;

/// The longest head of a request, in bytes.
const HEAD: usize = 16 << 10;
/// How long a request may take to arrive, and an answer to leave.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long it is waited for the rest of what was refused, so that the refusal is read.
const FAREWELL: Duration = Duration::from_millis(200);
/// How long it is waited after a connection could not be taken, as when too many files are open.
const PAUSE: Duration = Duration::from_millis(20);

/// A server that listens until the program ends.
pub(crate) struct Server {
    address: String,
    questions: Receiver<Question>,
}

/// What was asked, by who knows the address: what follows the secret in it.
pub(crate) struct Question {
    path: String,
    answer: Sender<Response>,
}

impl Question {
    /// What is asked for: what follows the secret in the address.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Answers it. Who asked may be gone.
    pub(crate) fn answer(self, response: Response) {
        let _ = self.answer.send(response);
    }
}

/// What each connection is served with.
struct Door {
    port: u16,
    token: Token,
    crowd: Crowd,
    questions: Sender<Question>,
}

impl Server {
    /// Listens at a port of this machine; 0 stands for any that is free.
    ///
    /// # Errors
    /// When the port is taken, or the system gives no random bytes.
    pub(crate) fn listen(port: u16) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        let listener = listener.with_context(|| format!("cannot listen at port {port} of this machine"))?;
        let port = listener.local_addr().context("the port is not known")?.port();
        let token = Token::new()?;
        let address = format!("http://127.0.0.1:{port}/{}/", token.text());
        let (sender, questions) = channel();
        let door = Arc::new(Door { port, token, crowd: Crowd::default(), questions: sender });
        std::thread::Builder::new().spawn(move || accept(&listener, &door)).context("no thread can be started")?;
        Ok(Self { address, questions })
    }

    /// The address at which it is to be opened.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The next question, if there is one in time.
    pub(crate) fn next(&self, patience: Duration) -> Option<Question> {
        self.questions.recv_timeout(patience).ok()
    }
}

fn accept(listener: &TcpListener, door: &Arc<Door>) {
    loop {
        let Ok((stream, _)) = listener.accept() else {
            std::thread::sleep(PAUSE);
            continue;
        };
        let door = Arc::clone(door);
        // Where no thread can be started, the connection is closed.
        let _ = std::thread::Builder::new().spawn(move || door.serve(stream));
    }
}

impl Door {
    /// Serves one request. What becomes of a connection is nobody's concern but its other end's.
    fn serve(&self, mut stream: TcpStream) {
        let Ok(stranger) = self.crowd.enter(&stream) else { return };
        let until = Instant::now() + PATIENCE;
        let refuse = |mut stream: &TcpStream, refusal: Refusal| {
            let sent = send(&mut stream, &Response::from(refusal).bytes(false), Instant::now() + PATIENCE);
            if sent.is_some() {
                take_leave(stream);
            }
        };
        let request = match read(&mut stream, self.port, until) {
            Ok(Some(request)) => request,
            Ok(None) => return,
            Err(refusal) => return refuse(&stream, refusal),
        };
        let Some(path) = self.path(&request) else { return refuse(&stream, Refusal::Unknown) };
        let Some(_guest) = stranger.welcome() else { return refuse(&stream, Refusal::Busy) };
        let (sender, receiver) = channel();
        let asked = self.questions.send(Question { path, answer: sender });
        let response = asked.ok().and_then(|()| receiver.recv().ok()).unwrap_or_else(|| Refusal::Busy.into());
        if send(&mut (&stream), &response.bytes(request.is_head), Instant::now() + PATIENCE).is_some() {
            take_leave(&stream);
        }
    }

    /// What is asked for, after the secret; none where that is not the right one.
    fn path(&self, request: &Request) -> Option<String> {
        let inside = request.target.strip_prefix('/')?;
        let (token, path) = inside.split_once('/').unwrap_or((inside, ""));
        self.token.is(token).then(|| path.to_owned())
    }
}

/// Reads a request; none where the other end leaves before its end.
fn read(stream: &mut TcpStream, port: u16, until: Instant) -> Result<Option<Request>, Refusal> {
    let mut bytes = Vec::new();
    let mut piece = [0; 2048];
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() || stream.set_read_timeout(Some(left)).is_err() {
            return Err(Refusal::TooSlow);
        }
        let count = match stream.read(&mut piece) {
            Ok(0) => return Ok(None),
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) if Instant::now() >= until => return Err(Refusal::TooSlow),
            Err(_) => return Ok(None),
        };
        bytes.extend_from_slice(piece.get(..count).unwrap_or_default());
        if let Some(request) = request::read(&bytes, port)? {
            return Ok(Some(request));
        }
        if bytes.len() > HEAD {
            return Err(Refusal::TooLarge);
        }
    }
}

/// Writes bytes, if the other end takes them in time.
fn send(stream: &mut &TcpStream, mut bytes: &[u8], until: Instant) -> Option<()> {
    while !bytes.is_empty() {
        let left = until.saturating_duration_since(Instant::now());
        let left = Some(left).filter(|left| !left.is_zero())?;
        stream.set_write_timeout(Some(left)).ok()?;
        match stream.write(bytes) {
            Ok(0) => return None,
            Ok(count) => bytes = bytes.get(count..)?,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
    Some(())
}

/// Ends a connection so that its other end reads what was sent, even if it still sends.
fn take_leave(mut stream: &TcpStream) {
    if stream.shutdown(Shutdown::Write).is_err() {
        return;
    }
    let until = Instant::now() + FAREWELL;
    let mut piece = [0; 4096];
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() || stream.set_read_timeout(Some(left)).is_err() {
            return;
        }
        if !matches!(stream.read(&mut piece), Ok(1..)) {
            return;
        }
    }
}
