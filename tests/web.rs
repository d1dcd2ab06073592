//! A web server on this machine, whose every path answers in its own way, well or badly.

use std::io::{BufRead, BufReader, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What a sound path answers.
pub const DOCUMENT: &[u8] = b"%PDF-1.7 a report\n";

/// A server that runs until the tests end.
pub struct WebServer {
    /// `http://127.0.0.1:PORT`.
    pub place: String,
    /// Each request: its path, and when it came.
    requests: Arc<Mutex<Vec<(String, Instant)>>>,
}

impl WebServer {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let place = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let heard = Arc::clone(&heard);
                // One that hangs up is none of our business.
                std::thread::spawn(move || drop(converse(stream, &heard)));
            }
        });
        Self { place, requests }
    }

    /// The paths that were asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        self.requests.lock().expect("whole").iter().map(|(path, _)| path.clone()).collect()
    }

    /// The shortest time between two requests.
    pub fn shortest_pause(&self) -> Duration {
        let requests = self.requests.lock().expect("whole");
        let pauses = requests.windows(2).map(|pair| pair[1].1.duration_since(pair[0].1));
        pauses.min().expect("two requests")
    }
}

fn converse(mut stream: TcpStream, heard: &Mutex<Vec<(String, Instant)>>) -> Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    heard.lock().expect("whole").push((path.clone(), Instant::now()));
    match path.split('?').next().unwrap_or_default() {
        "/there" | "/copy" => answer(&mut stream, "200 OK", "", DOCUMENT),
        "/gone" => answer(&mut stream, "410 Gone", "", b""),
        "/forbidden" => answer(&mut stream, "403 Forbidden", "", b"no machines"),
        "/busy" => answer(&mut stream, "429 Too Many Requests", "Retry-After: 3600\r\n", b""),
        "/moved" => answer(&mut stream, "301 Moved Permanently", "Location: /there\r\n", b""),
        "/round" => answer(&mut stream, "302 Found", "Location: /round\r\n", b""),
        "/file" => answer(&mut stream, "302 Found", "Location: file:///etc/passwd\r\n", b""),
        "/silent" => {
            std::thread::sleep(Duration::from_secs(30));
            Ok(())
        }
        "/drip" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")?;
            (0..300).try_for_each(|_| {
                std::thread::sleep(Duration::from_millis(100));
                stream.write_all(b".")
            })
        }
        "/short" => stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nonly this"),
        "/heads" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
            (0..100_000).try_for_each(|_| stream.write_all(format!("X-Y: {}\r\n", "y".repeat(500)).as_bytes()))
        }
        "/huge" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            let part = vec![b'0'; 1 << 20];
            (0..300).try_for_each(|_| stream.write_all(&part))
        }
        "/noise" => stream.write_all(&[0x00, 0xff, 0x0a, 0x20].repeat(4096)),
        _ => answer(&mut stream, "404 Not Found", "", b"not here"),
    }
}

fn answer(stream: &mut TcpStream, status: &str, heads: &str, body: &[u8]) -> Result<()> {
    write!(stream, "HTTP/1.1 {status}\r\n{heads}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    stream.write_all(body)
}
