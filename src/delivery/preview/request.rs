//! What a browser asks for, and what is refused before anything is looked up. **httparse** lives here.

use httparse::{EMPTY_HEADER, Header, Status};

use super::response::Refusal;

/// A request may have so many header lines.
const LINES: usize = 64;

/// A request that may be answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// Whether only the head of the answer is asked for.
    pub(super) is_head: bool,
    /// What is asked for, from its first `/` on.
    pub(super) target: String,
}

/// The request that these bytes are the head of; none if its end is still to come. `port` is that of the server.
///
/// Only a browser that was sent here by this machine's own user asks in this way: another name in `Host` is one that a stranger
/// has led to this machine, and another site in `Origin` or `Sec-Fetch-Site` is one whose page asks behind the user's back.
pub(super) fn read(bytes: &[u8], port: u16) -> Result<Option<Request>, Refusal> {
    let mut lines = [EMPTY_HEADER; LINES];
    let mut request = httparse::Request::new(&mut lines);
    match request.parse(bytes) {
        Ok(Status::Complete(_)) => {}
        Ok(Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Refusal::TooLarge),
        Err(_) => return Err(Refusal::Malformed),
    }
    let own = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let is_own = |host: &str| own.iter().any(|own| own.eq_ignore_ascii_case(host));
    let host = single(request.headers, "host")?.ok_or(Refusal::Malformed)?;
    if !is_own(host) {
        return Err(Refusal::Foreign);
    }
    let origin = single(request.headers, "origin")?;
    if origin.is_some_and(|origin| origin.strip_prefix("http://") != Some(host)) {
        return Err(Refusal::Foreign);
    }
    let site = single(request.headers, "sec-fetch-site")?;
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Err(Refusal::Foreign);
    }
    let is_head = match request.method {
        Some("GET") => false,
        Some("HEAD") => true,
        _ => return Err(Refusal::Method),
    };
    let target = request.path.filter(|path| path.starts_with('/')).ok_or(Refusal::Malformed)?;
    Ok(Some(Request { is_head, target: target.to_owned() }))
}

/// The value of a header that may be there once.
fn single<'h>(headers: &[Header<'h>], name: &str) -> Result<Option<&'h str>, Refusal> {
    let mut found = headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
    let Some(first) = found.next() else { return Ok(None) };
    let value = std::str::from_utf8(first.value).ok().filter(|_| found.next().is_none());
    value.map(|value| Some(value.trim())).ok_or(Refusal::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(first: &str, headers: &str) -> Result<Option<Request>, Refusal> {
        read(format!("{first}\r\n{headers}\r\n").as_bytes(), 4000)
    }

    #[test]
    fn a_request_to_this_machine_is_read() {
        for host in ["127.0.0.1:4000", "localhost:4000", "LOCALHOST:4000"] {
            let read = asked("GET /a/b?number=3 HTTP/1.1", &format!("Host: {host}\r\nSec-Fetch-Site: none\r\n"));
            assert_eq!(read, Ok(Some(Request { is_head: false, target: "/a/b?number=3".to_owned() })));
        }
        assert!(matches!(
            asked("HEAD / HTTP/1.0", "Host: localhost:4000\r\n"),
            Ok(Some(Request { is_head: true, .. }))
        ));
        assert_eq!(read(b"GET / HTTP/1.1\r\nHost: loc", 4000), Ok(None), "its end is still to come");
    }

    #[test]
    fn another_name_and_another_site_are_refused() {
        for headers in [
            "Host: evil.example:4000\r\n",
            "Host: 127.0.0.1\r\n",
            "Host: 127.0.0.1:4001\r\n",
            "Host: localhost:4000.evil.example\r\n",
            "Host: localhost:4000\r\nOrigin: http://evil.example\r\n",
            "Host: localhost:4000\r\nOrigin: http://127.0.0.1:4000\r\n",
            "Host: localhost:4000\r\nOrigin: null\r\n",
            "Host: localhost:4000\r\nSec-Fetch-Site: cross-site\r\n",
            "Host: localhost:4000\r\nSec-Fetch-Site: same-site\r\n",
        ] {
            assert_eq!(asked("GET / HTTP/1.1", headers), Err(Refusal::Foreign), "{headers}");
        }
    }

    #[test]
    fn what_is_no_plain_question_is_refused() {
        let host = "Host: localhost:4000\r\n";
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "get"] {
            assert_eq!(asked(&format!("{method} / HTTP/1.1"), host), Err(Refusal::Method), "{method}");
        }
        for (first, headers) in [
            ("GET / HTTP/1.1", String::new()),
            ("GET / HTTP/1.1", host.repeat(2)),
            ("GET http://localhost:4000/ HTTP/1.1", host.to_owned()),
            ("GET * HTTP/1.1", host.to_owned()),
            ("GET / SMTP/1.1", host.to_owned()),
            ("GET / HTTP/1.1", format!("{host}no colon\r\n")),
            ("GET / HTTP/1.1", format!("{host}Origin: a\r\nOrigin: a\r\n")),
        ] {
            assert_eq!(asked(first, &headers), Err(Refusal::Malformed), "{first} {headers}");
        }
        assert_eq!(asked("GET / HTTP/1.1", &format!("{host}{}", "A: b\r\n".repeat(80))), Err(Refusal::TooLarge));
    }
}
