//! The encoding of a file, and its text in UTF-8. **`encoding_rs`** and **simdutf8** are used here only.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use rayon::prelude::*;

use super::utf16::{self, Order};
use crate::diagnostic::Bytes;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// The length of the byte order mark before the text.
pub(super) fn bom(bytes: &[u8]) -> usize {
    if bytes.starts_with(BOM) { BOM.len() } else { 0 }
}

/// The bytes as UTF-8 text and what a first look found, with the name of the encoding if it could not be decoded.
///
/// A country's `declared` encoding applies only to files that are not UTF-8.
pub(super) fn text(bytes: Bytes, declared: Option<&str>) -> (Bytes, FirstLook, Option<String>) {
    let wide = wide(&bytes);
    let seen = if wide.is_some() { FirstLook::default() } else { look(&bytes) };
    if !seen.broken && wide.is_none() {
        return (bytes, seen, None);
    }
    if let Some(text) = declared.and_then(|declared| decode(&bytes, declared)) {
        let seen = look(&text);
        return (text, seen, None);
    }
    // The error is shown with readable text all the same.
    let shown = wide.and_then(|encoding| decode(&bytes, encoding.name()));
    (shown.unwrap_or(bytes), seen, wide.map(|encoding| encoding.name().to_owned()))
}

/// The bytes as text in the declared encoding, or in that of their byte order mark; and whether some of them are no text in
/// it. Nothing is guessed: without a declaration they are UTF-8, in which [`look`] finds what is none.
pub(super) fn as_declared(bytes: Bytes, declared: Option<&str>) -> (Bytes, bool) {
    let marked = Encoding::for_bom(&bytes).map(|(encoding, _)| encoding);
    let declared = declared.and_then(|declared| Encoding::for_label(declared.as_bytes()));
    let encoding = marked.or(declared).unwrap_or(encoding_rs::UTF_8);
    if encoding == encoding_rs::UTF_8 {
        return (bytes, false);
    }
    let (text, _, broken) = encoding.decode(&bytes);
    (text.into_owned().into_bytes().into(), broken)
}

/// What a first look at all bytes of a file found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FirstLook {
    /// Not all of it is UTF-8.
    pub(super) broken: bool,
    /// It holds a NUL, which no text does.
    pub(super) nul: bool,
    /// For each stretch of the file whether the number of quotes before it is odd.
    odd_quotes: Vec<bool>,
}

impl FirstLook {
    /// Whether the number of quotes before a byte is odd.
    pub(super) fn odd_quotes(&self, bytes: &[u8], at: usize) -> bool {
        let stretch = at / NEAR;
        let more = memchr::memchr_iter(b'"', &bytes[stretch * NEAR..at]).count();
        self.odd_quotes.get(stretch).is_some_and(|odd| *odd) != (more % 2 == 1)
    }
}

/// Bytes looked at together, so that they stay in the processor's cache.
const NEAR: usize = 1 << 16;

/// Looks at every byte once.
pub(super) fn look(bytes: &[u8]) -> FirstLook {
    let one = |(number, part): (usize, &[u8])| {
        // A character belongs to the stretch in which it begins.
        let (from, to) = (boundary(bytes, number * NEAR), boundary(bytes, number * NEAR + part.len()));
        let broken = simdutf8::basic::from_utf8(&bytes[from..to]).is_err();
        (broken, memchr::memchr(0, part).is_some(), memchr::memchr_iter(b'"', part).count() % 2 == 1)
    };
    let seen: Vec<(bool, bool, bool)> = bytes.par_chunks(NEAR).with_min_len(16).enumerate().map(one).collect();
    let mut odd = false;
    let odd_before = |odd_in: bool| {
        let before = odd;
        odd = before != odd_in;
        before
    };
    FirstLook {
        broken: seen.iter().any(|(broken, ..)| *broken),
        nul: seen.iter().any(|(_, nul, _)| *nul),
        odd_quotes: seen.iter().map(|(.., odd_in)| *odd_in).map(odd_before).collect(),
    }
}

/// The next byte at which no character is cut.
fn boundary(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at.min(bytes.len()) + rest.iter().take(3).take_while(|byte| **byte & 0xC0 == 0x80).count()
}

/// The UTF-16 encoding that the first bytes of a file reveal.
pub(super) fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => Some(UTF_16LE),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// The file's text in UTF-8, if all of it is in the `declared` encoding.
pub(super) fn decode(bytes: &[u8], declared: &str) -> Option<Bytes> {
    let declared = Encoding::for_label(declared.as_bytes())?;
    let encoding = wide(bytes).filter(|found| *found == declared || declared == UTF_16LE).unwrap_or(declared);
    // A byte order mark prevails over what is declared.
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((encoding, 0));
    let order = [(UTF_16LE, Order::Little), (UTF_16BE, Order::Big)].into_iter().find(|(wide, _)| *wide == encoding);
    if let Some((_, order)) = order {
        return utf16::decode(&bytes[mark..], order).map(Bytes::from);
    }
    let (text, _, broken) = encoding.decode(bytes);
    (!broken).then(|| text.into_owned().into_bytes().into())
}

/// A cell that is not UTF-8, decoded as older spreadsheets write it.
pub(super) fn in_windows_1252(cell: &[u8]) -> Option<String> {
    let (text, _, broken) = encoding_rs::WINDOWS_1252.decode(cell);
    (!broken && !text.chars().any(char::is_control)).then(|| text.into_owned())
}
