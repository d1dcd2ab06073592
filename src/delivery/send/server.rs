//! The server that mail goes through: where it is, how the line to it is encrypted, and who we are to it.

use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};

use super::{Refused, Request};
use crate::project::donor::{Mail, SUBMISSION, place};

/// Where the line is encrypted from its first byte (RFC 8314).
const ENCRYPTED: u16 = 465;

/// A server, and what is needed to speak with it.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    pub(super) credentials: Option<Credentials>,
    /// How long each of its answers is waited for.
    pub(super) patience: Duration,
}

/// How the line is encrypted.
#[derive(Clone)]
pub(super) enum Encryption {
    /// Not at all: the line does not leave this machine.
    None,
    /// From the answer to STARTTLS on, and nothing is said before.
    Asked(Arc<TlsParameters>),
    /// From the first byte.
    Whole(Arc<TlsParameters>),
}

/// Who we are to the server: what the environment says.
pub struct Login {
    /// The user's name.
    pub user: String,
    /// The password.
    pub password: String,
}

impl Server {
    /// The server that the request names, or else `[mail]`.
    ///
    /// # Errors
    /// [`Refused`] when none is named; when the certificate cannot be read.
    pub(super) fn of(request: &Request<'_>, mail: &Mail) -> Result<Self> {
        let declared = mail.server.as_ref().map(|server| server.value.as_str());
        let named = request.server.or(declared).ok_or_else(|| {
            Refused::one(
                "no server is named: `server` of `[mail]` in `data/report.toml`, or `--server HOST:PORT`".into(),
            )
        })?;
        let (host, port) = place(named)
            .ok_or_else(|| Refused::one(format!("`{named}` is no server: write `mail.example.org:{SUBMISSION}`")))?;
        let encryption = match wanted(&host, port, request.certificate.is_some()) {
            Wanted::Nothing => Encryption::None,
            Wanted::Start => Encryption::Asked(parameters(&host, request.certificate)?),
            Wanted::Whole => Encryption::Whole(parameters(&host, request.certificate)?),
        };
        let login = request.login.as_ref();
        let credentials = login.map(|login| Credentials::new(login.user.clone(), login.password.clone()));
        Ok(Self { host, port, encryption, credentials, patience: request.patience })
    }

    /// How it is called.
    pub(super) fn name(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

/// What the line needs.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Nothing,
    Start,
    Whole,
}

/// Only a line that does not leave the machine may go without; what merely resolves to such an address may leave it.
fn wanted(host: &str, port: u16, certificate: bool) -> Wanted {
    let loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    match port {
        ENCRYPTED => Wanted::Whole,
        _ if loopback && !certificate => Wanted::Nothing,
        _ => Wanted::Start,
    }
}

/// The certificates of the system, and the one given besides.
fn parameters(host: &str, certificate: Option<&Path>) -> Result<Arc<TlsParameters>> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(path) = certificate {
        let pem = fs::read(path).with_context(|| format!("cannot read the certificate `{}`", path.display()))?;
        let refuse = || Refused::one(format!("`{}` holds no certificate in PEM", path.display()));
        // What holds none is read as an empty list of them.
        if !pem.windows(10).any(|words| words == b"-----BEGIN") {
            return Err(refuse().into());
        }
        builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|_| refuse())?);
    }
    Ok(Arc::new(builder.build().context("no encrypted line can be made")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stays_on_the_machine_goes_unencrypted() {
        for loopback in ["localhost", "127.0.0.1", "127.8.9.1", "::1"] {
            assert_eq!(wanted(loopback, 25, false), Wanted::Nothing, "{loopback}");
            assert_eq!(wanted(loopback, 25, true), Wanted::Start, "{loopback}");
        }
        for other in ["mail.example.org", "localhost.example.org", "10.0.0.1", "fd00::2", "0.0.0.0"] {
            assert_eq!(wanted(other, 25, false), Wanted::Start, "{other}");
            assert_eq!(wanted(other, 465, false), Wanted::Whole, "{other}");
        }
    }
}
