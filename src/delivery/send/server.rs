//! The mail server: its address, how the connection is encrypted, and our login.

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

/// The port on which the connection is encrypted from its first byte (RFC 8314).
const ENCRYPTED: u16 = 465;

/// A server, and what is needed to connect to it.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    pub(super) credentials: Option<Credentials>,
    /// How long to wait for each of its answers.
    pub(super) patience: Duration,
}

/// How the connection is encrypted.
#[derive(Clone)]
pub(super) enum Encryption {
    /// Not at all: the connection does not leave this machine.
    None,
    /// From the answer to STARTTLS on; nothing else is exchanged before.
    Asked(Arc<TlsParameters>),
    /// From the first byte.
    Whole(Arc<TlsParameters>),
}

/// The login at the server, from the environment.
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
        let (host, port) = place(named).ok_or_else(|| {
            Refused::one(format!("`{named}` is not a server: write it as `mail.example.org:{SUBMISSION}`"))
        })?;
        let encryption = match wanted(&host, port, request.certificate.is_some()) {
            Wanted::Nothing => Encryption::None,
            Wanted::Start => Encryption::Asked(parameters(&host, request.certificate)?),
            Wanted::Whole => Encryption::Whole(parameters(&host, request.certificate)?),
        };
        let login = request.login.as_ref();
        let credentials = login.map(|login| Credentials::new(login.user.clone(), login.password.clone()));
        Ok(Self { host, port, encryption, credentials, patience: request.patience })
    }

    /// Its name in messages.
    pub(super) fn name(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

/// The encryption that the connection needs.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Nothing,
    Start,
    Whole,
}

/// Only a connection that does not leave the machine may be unencrypted; a name that merely resolves to such an address does
/// not count.
fn wanted(host: &str, port: u16, certificate: bool) -> Wanted {
    let loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    match port {
        ENCRYPTED => Wanted::Whole,
        _ if loopback && !certificate => Wanted::Nothing,
        _ => Wanted::Start,
    }
}

/// The certificates of the system, and the additional one.
fn parameters(host: &str, certificate: Option<&Path>) -> Result<Arc<TlsParameters>> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(path) = certificate {
        let pem = fs::read(path).with_context(|| format!("cannot read the certificate `{}`", path.display()))?;
        let refuse = || Refused::one(format!("`{}` contains no PEM certificate", path.display()));
        // A file without a certificate would be read as an empty list.
        if !pem.windows(10).any(|words| words == b"-----BEGIN") {
            return Err(refuse().into());
        }
        builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|_| refuse())?);
    }
    Ok(Arc::new(builder.build().context("encryption cannot be set up")?))
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
