//! What is answered: its status, its headers, its body. Nothing is kept by the browser, and nothing but this page's own style and
//! script is loaded or run.

use std::sync::Arc;

/// Why a request is refused. What is told is the same for everybody, and holds nothing of what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Malformed,
    Foreign,
    Unknown,
    Method,
    TooSlow,
    TooLarge,
    Busy,
    Broken,
}

/// An answer.
pub(crate) struct Response {
    status: &'static str,
    kind: &'static str,
    body: Arc<Vec<u8>>,
}

const SVG: &str = "image/svg+xml";

/// What the page may load and do.
const PAGE: &str = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; \
                    form-action 'none'; frame-ancestors 'none'";
/// What a picture may: it is an SVG, which could hold a script. Should somebody open it by itself, nothing in it runs.
const PICTURE: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox";

/// The other headers of every answer.
const HEADERS: &str = "Cache-Control: no-store\r\n\
    Cross-Origin-Opener-Policy: same-origin\r\n\
    Cross-Origin-Resource-Policy: same-origin\r\n\
    Referrer-Policy: no-referrer\r\n\
    X-Content-Type-Options: nosniff\r\n\
    X-Frame-Options: DENY\r\n\
    Connection: close\r\n";

impl Refusal {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Malformed => ("400 Bad Request", "this is no request that is understood\n"),
            Self::Foreign => ("403 Forbidden", "open the address that `tipbrief preview` printed\n"),
            Self::Unknown => {
                ("404 Not Found", "there is nothing here; open the address that `tipbrief preview` printed\n")
            }
            Self::Method => ("405 Method Not Allowed", "only GET and HEAD are answered\n"),
            Self::TooSlow => ("408 Request Timeout", "the request took too long\n"),
            Self::TooLarge => ("431 Request Header Fields Too Large", "the request is too long\n"),
            Self::Busy => ("503 Service Unavailable", "too much is asked at once; ask again\n"),
            Self::Broken => ("500 Internal Server Error", "this could not be answered; see the terminal\n"),
        }
    }
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        let (status, words) = refusal.words();
        Self { status, kind: "text/plain; charset=utf-8", body: Arc::new(words.as_bytes().to_vec()) }
    }
}

impl Response {
    fn found(kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: "200 OK", kind, body: Arc::new(body.into()) }
    }

    pub(super) fn html(page: String) -> Self {
        Self::found("text/html; charset=utf-8", page)
    }

    pub(super) fn style(sheet: String) -> Self {
        Self::found("text/css; charset=utf-8", sheet)
    }

    pub(super) fn script(script: &str) -> Self {
        Self::found("text/javascript; charset=utf-8", script)
    }

    pub(super) fn text(text: String) -> Self {
        Self::found("text/plain; charset=utf-8", text)
    }

    pub(super) fn picture(svg: Arc<Vec<u8>>) -> Self {
        Self { status: "200 OK", kind: SVG, body: svg }
    }

    /// That there is nothing at this place.
    pub(super) fn unknown() -> Self {
        Refusal::Unknown.into()
    }

    /// That the program failed.
    pub(crate) fn broken() -> Self {
        Refusal::Broken.into()
    }

    /// Its bytes; the head alone where that is asked for.
    pub(super) fn bytes(&self, is_head: bool) -> Vec<u8> {
        let allow = if self.status.starts_with("405") { "Allow: GET, HEAD\r\n" } else { "" };
        let length = self.body.len();
        let head = format!("HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {length}\r\n", self.status, self.kind);
        let policy = if self.kind == SVG { PICTURE } else { PAGE };
        let policy = format!("Content-Security-Policy: {policy}\r\n");
        let mut bytes = format!("{head}{allow}{policy}{HEADERS}\r\n").into_bytes();
        if !is_head {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }
}
