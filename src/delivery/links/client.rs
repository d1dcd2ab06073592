//! Opens one address on the web (**ureq**): follows where it leads, reads the document to its end and forgets it.

use std::io::Read;
use std::net::IpAddr;
use std::time::Duration;

use sha2::{Digest, Sha256};
use ureq::http::{StatusCode, Uri, header};
use ureq::{Agent, Body, http::Response};

use crate::project::visits::Answer;

/// A larger document is not read to its end.
const LARGEST: u64 = 128 << 20;
/// So many letters of a reason are kept.
const SAID: usize = 200;
/// An address may lead on so many times.
const STEPS: usize = 8;

/// What was found at an address.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) answer: Answer,
    pub(super) status: Option<u16>,
    pub(super) moved_to: Option<String>,
    pub(super) sha256: Option<String>,
    pub(super) why: Option<String>,
    /// Whether the server asked to be left alone for a while.
    pub(super) busy: bool,
}

/// What opens addresses; it waits so long for a whole document.
pub(super) struct Client {
    agent: Agent,
    patience: Duration,
}

impl Client {
    pub(super) fn new(patience: Duration) -> Self {
        let name = concat!("tipbrief/", env!("CARGO_PKG_VERSION"), " (opens the sources of a report once)");
        let config = Agent::config_builder()
            .user_agent(name)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(patience))
            .build();
        Self { agent: config.into(), patience }
    }

    /// Opens an address.
    pub(super) fn open(&self, address: &str) -> Found {
        let Ok(mut place) = address.parse::<Uri>() else { return Found::silent("this is no address".to_owned()) };
        for step in 0..=STEPS {
            let mut response = match self.agent.get(place.clone()).call() {
                Ok(response) => response,
                Err(error) => return Found::silent(self.reason(&error)),
            };
            let status = response.status();
            let next = next(&response, &place).filter(|_| status.is_redirection());
            let Some(next) = next else {
                let moved_to = (step > 0).then(|| place.to_string());
                return Found { moved_to, ..self.read(status, &mut response) };
            };
            if is_inside(&next) && !is_inside(&place) {
                return Found::refused(status, "it leads to a machine inside this network".to_owned());
            }
            place = next;
        }
        Found::silent(format!("it led on more than {STEPS} times"))
    }

    fn read(&self, status: StatusCode, response: &mut Response<Body>) -> Found {
        match status.as_u16() {
            404 | 410 => return Found { answer: Answer::Gone, ..Found::status(status) },
            200..=299 => {}
            _ => return Found::status(status),
        }
        let there = Found { answer: Answer::There, ..Found::status(status) };
        match checksum(response.body_mut().as_reader()) {
            Ok(Some(sum)) => Found { sha256: Some(sum), ..there },
            Ok(None) => Found { why: Some(format!("the document has more than {} MB", LARGEST >> 20)), ..there },
            Err(error) => {
                let why = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
                let why = why.map_or_else(|| error.to_string(), |inner| self.reason(inner));
                Found { why: Some(format!("the document did not come to its end: {why}")), ..there }
            }
        }
    }

    /// Why nothing was answered, in words.
    fn reason(&self, error: &ureq::Error) -> String {
        match error {
            ureq::Error::Timeout(_) => format!("no answer within {} s", self.patience.as_secs()),
            ureq::Error::HostNotFound => "there is no server of this name".to_owned(),
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
                "the server refused the connection".to_owned()
            }
            // What a server says must not write into our terminal.
            error => error.to_string().chars().filter(|c| !c.is_control()).take(SAID).collect(),
        }
    }
}

impl Found {
    fn status(status: StatusCode) -> Self {
        let busy = matches!(status.as_u16(), 429 | 503);
        Self { answer: Answer::Refused, status: Some(status.as_u16()), moved_to: None, sha256: None, why: None, busy }
    }

    fn refused(status: StatusCode, why: String) -> Self {
        Self { why: Some(why), ..Self::status(status) }
    }

    fn silent(why: String) -> Self {
        let (moved_to, sha256) = (None, None);
        Self { answer: Answer::Silent, status: None, moved_to, sha256, why: Some(why), busy: false }
    }
}

/// The checksum of a document; none of one that is too large.
fn checksum(mut body: impl Read) -> std::io::Result<Option<String>> {
    let (mut sum, mut length, mut part) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = body.read(&mut part)?;
        length += u64::try_from(read).unwrap_or(u64::MAX);
        match read {
            0 => return Ok(Some(sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect())),
            _ if length > LARGEST => return Ok(None),
            _ => sum.update(&part[..read]),
        }
    }
}

/// Where an answer leads, as an address of the web.
fn next(response: &Response<Body>, place: &Uri) -> Option<Uri> {
    let written = response.headers().get(header::LOCATION)?.to_str().ok()?.trim();
    joined(place, written)
}

/// An address as it is written on a page of that place (RFC 3986, 5.2, without dots in paths).
fn joined(place: &Uri, written: &str) -> Option<Uri> {
    let written = written.split('#').next().unwrap_or_default();
    let (scheme, authority) = (place.scheme_str()?, place.authority()?);
    let whole = if written.contains("://") {
        written.to_owned()
    } else if written.starts_with("//") {
        format!("{scheme}:{written}")
    } else if written.starts_with('/') {
        format!("{scheme}://{authority}{written}")
    } else {
        let folder = place.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{scheme}://{authority}{folder}/{written}")
    };
    whole.parse().ok().filter(|uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some())
}

/// Whether an address is one of this machine or of a network that is not the public one.
fn is_inside(place: &Uri) -> bool {
    let host = place.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(at)) => at.is_loopback() || at.is_private() || at.is_link_local() || at.is_unspecified(),
        Ok(IpAddr::V6(at)) => {
            at.is_loopback() || at.is_unique_local() || at.is_unicast_link_local() || at.is_unspecified()
        }
        Err(_) => host.eq_ignore_ascii_case("localhost") || !host.contains('.'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_leads_to_addresses_of_the_web_alone() {
        let place: Uri = "https://example.org/a/b?c=1".parse().expect("an address");
        for (written, leads_to) in [
            ("https://other.org/x", Some("https://other.org/x")),
            ("//other.org/x", Some("https://other.org/x")),
            ("/x?y=2", Some("https://example.org/x?y=2")),
            ("x.pdf#page=3", Some("https://example.org/a/x.pdf")),
            ("file:///etc/passwd", None),
            ("ftp://example.org/x", None),
            ("http://", None),
        ] {
            assert_eq!(joined(&place, written).map(|uri| uri.to_string()).as_deref(), leads_to, "{written}");
        }
    }

    #[test]
    fn machines_inside_are_told_from_the_public_web() {
        for inside in
            ["http://127.0.0.1/", "http://[::1]:80/", "http://10.0.0.1/", "http://169.254.169.254/", "http://intranet/"]
        {
            assert!(is_inside(&inside.parse().expect("an address")), "{inside}");
        }
        for outside in ["https://example.org/", "http://93.184.216.34/", "http://[2606:2800::1]/"] {
            assert!(!is_inside(&outside.parse().expect("an address")), "{outside}");
        }
    }
}
