//! One line of the approvals: who approved what, or took it back, after which other line.

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::delivery::publish::sum;

/// What the first line stands after.
pub(super) const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What somebody did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Approved what these documents say.
    Approved,
    /// Took such approvals back.
    Withdrawn,
}

/// What a line says; its bytes as JSON are what is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its place among the lines, from 1.
    pub number: usize,
    /// The checksum of the line before.
    pub previous: String,
    /// RFC 3339, UTC.
    pub time: String,
    /// The version of the program that wrote it.
    pub tipbrief: String,
    /// The issue.
    pub issue: String,
    /// What was done.
    pub act: Act,
    /// By whom.
    pub by: String,
    /// The country whose documents they are.
    pub country: String,
    /// The documents, by path.
    pub documents: Vec<Approved>,
    /// The checksum of all inputs but the approvals; none where approvals are taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<String>,
    /// The checksum of the file that keeps their figures and parts; none where approvals are taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
}

/// A document, and the checksum of what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approved {
    /// Its path below `output/`.
    pub path: String,
    /// The checksum.
    pub content: String,
}

/// A line as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub(super) entry: Entry,
    /// The signature of the entry, as `ssh-keygen -Y sign` makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) signature: Option<String>,
    /// The checksum of the entry and its signature.
    pub(super) sha256: String,
}

impl Entry {
    /// Its bytes: what is signed.
    pub(super) fn bytes(&self) -> Result<Vec<u8>> {
        Ok(serde_json::to_vec(self)?)
    }
}

impl Line {
    pub(super) fn new(entry: Entry, signature: Option<String>) -> Result<Self> {
        let sha256 = checksum(&entry, signature.as_deref())?;
        Ok(Self { entry, signature, sha256 })
    }

    /// Whether its checksum is that of its entry and signature.
    pub(super) fn is_whole(&self) -> bool {
        checksum(&self.entry, self.signature.as_deref()).is_ok_and(|sum| sum == self.sha256)
    }
}

/// The checksum of a line: of the entry, a line feed, and the signature if there is one.
fn checksum(entry: &Entry, signature: Option<&str>) -> Result<String> {
    let mut bytes = entry.bytes()?;
    bytes.push(b'\n');
    bytes.extend(signature.unwrap_or_default().as_bytes());
    Ok(sum(&bytes))
}
