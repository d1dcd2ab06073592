//! The encoding of a file, and its text in UTF-8. **`encoding_rs`** and **simdutf8** are used here only.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use rayon::prelude::*;

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
    let seen = look(&bytes);
    let wide = wide(&bytes);
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct FirstLook {
    /// Not all of it is UTF-8.
    pub(super) broken: bool,
    /// It holds a NUL, which no text does.
    pub(super) nul: bool,
    /// It holds a quote.
    pub(super) quotes: bool,
}

/// Bytes looked at together, so that they stay in the processor's cache.
const NEAR: usize = 1 << 18;

/// Looks at every byte once.
pub(super) fn look(bytes: &[u8]) -> FirstLook {
    let starts: Vec<usize> = (0..bytes.len()).step_by(NEAR).collect();
    let one = |start: &usize| {
        let (from, to) = (boundary(bytes, *start), boundary(bytes, start + NEAR));
        let part = &bytes[from..to];
        FirstLook {
            broken: simdutf8::basic::from_utf8(part).is_err(),
            nul: memchr::memchr(0, part).is_some(),
            quotes: memchr::memchr(b'"', part).is_some(),
        }
    };
    let both = |a: FirstLook, b: FirstLook| FirstLook {
        broken: a.broken || b.broken,
        nul: a.nul || b.nul,
        quotes: a.quotes || b.quotes,
    };
    starts.par_iter().map(one).reduce(FirstLook::default, both)
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
    let (text, _, broken) = encoding.decode(bytes);
    (!broken).then(|| text.into_owned().into_bytes().into())
}

/// A cell that is not UTF-8, decoded as older spreadsheets write it.
pub(super) fn in_windows_1252(cell: &[u8]) -> Option<String> {
    let (text, _, broken) = encoding_rs::WINDOWS_1252.decode(cell);
    (!broken && !text.chars().any(char::is_control)).then(|| text.into_owned())
}
