//! The declaration of a mail server: `host`, `host:port`, `[address]:port`.

use super::address::ascii;

/// The port of mail submission (RFC 6409).
pub const SUBMISSION: u16 = 587;

/// The greatest length of a part of a host name, and of a whole host name (RFC 1035, 2.3.4).
const PART: usize = 63;
const NAME: usize = 253;

/// The host of a server, in ASCII, and its port; none for a text that is not a server.
#[must_use]
pub fn place(text: &str) -> Option<(String, u16)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            (host, if rest.is_empty() { None } else { Some(rest.strip_prefix(':')?) })
        }
        None => match text.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') => (host, Some(port)),
            _ => (text, None),
        },
    };
    let port = port.map_or(Some(SUBMISSION), |port| port.parse().ok().filter(|port| *port != 0))?;
    let host = ascii(host).filter(|host| is_host(host))?;
    Some((host, port))
}

/// Whether a text is an IP address, or a name of parts separated by dots.
fn is_host(host: &str) -> bool {
    if host.contains(':') {
        return host.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'));
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let part = |part: &str| {
        (1..=PART).contains(&part.len()) && part.bytes().all(plain) && !part.starts_with('-') && !part.ends_with('-')
    };
    host.len() <= NAME && host.split('.').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_host_and_port() {
        let read = |text: &str| place(text).map(|(host, port)| format!("{host} {port}"));
        assert_eq!(read("mail.example.org").as_deref(), Some("mail.example.org 587"));
        assert_eq!(read("mail.example.org:25").as_deref(), Some("mail.example.org 25"));
        assert_eq!(read("[::1]:25").as_deref(), Some("::1 25"));
        assert_eq!(read("fd00::2").as_deref(), Some("fd00::2 587"));
        assert_eq!(read("post.bücher.example").as_deref(), Some("post.xn--bcher-kva.example 587"));
        for wrong in [
            "",
            ":25",
            "host:",
            "host:0",
            "host:smtp",
            "host:70000",
            "smtps://host",
            "a b",
            "[::1",
            "[::1]25",
            "a..b",
            "-a.example",
            "host/path",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
