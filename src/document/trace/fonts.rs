//! The fonts of a page: which letters their codes are, and how wide. A font can list a range of a million codes in a few bytes, so
//! what it lists is counted before it is read.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use lopdf::{Dictionary, Document, Encoding, Object};

use super::budget::{Budget, STREAM};

/// What the width of a code costs of the budget.
const WIDTH: usize = 16;
/// A code has at most so many hexadecimal digits.
const CODE: usize = 4;
/// The letters of a code have at most so many.
const LETTERS: usize = 128;

/// A font of the page: its encoding, and the widths of its codes in thousandths of the type size.
pub(super) struct Font<'d> {
    pub(super) encoding: Encoding<'d>,
    pub(super) widths: BTreeMap<u16, f64>,
}

/// Reads a font; none if it is not one.
///
/// # Errors
/// If it lists more than fonts do.
pub(super) fn read<'d>(document: &'d Document, font: &'d Dictionary, budget: &Budget) -> Result<Option<Font<'d>>> {
    if let Ok(letters) = font.get_deref(b"ToUnicode", document).and_then(Object::as_stream) {
        let letters = letters.get_plain_content_with_limit(STREAM).context("a font cannot be read")?;
        budget.spend(letters.len())?;
        ensure!(is_bounded(&letters), "a font has codes or letters that are too long");
    }
    let Ok(encoding) = font.get_font_encoding_with_limit(document, STREAM) else { return Ok(None) };
    let mut widths = BTreeMap::new();
    if let Some(listed) = listed(document, font) {
        spread(listed, &mut widths, budget)?;
    }
    Ok(Some(Font { encoding, widths }))
}

/// Whether a table of letters has short entries only. Its ranges of longer codes would be written out code by code.
fn is_bounded(letters: &[u8]) -> bool {
    let mut is_long = false;
    for entry in letters.split(|byte| *byte == b'<').skip(1) {
        let digits = entry.iter().take_while(|byte| **byte != b'>').filter(|byte| byte.is_ascii_hexdigit()).count();
        // A range begins with two codes; the letters of a single code stand beside a short one.
        if digits > LETTERS || is_long && digits > CODE {
            return false;
        }
        is_long = digits > CODE;
    }
    true
}

/// The list of widths of a composite font.
fn listed<'d>(document: &'d Document, font: &'d Dictionary) -> Option<&'d [Object]> {
    let descendants = document.dereference(font.get(b"DescendantFonts").ok()?).ok()?.1.as_array().ok()?;
    let descendant = document.dereference(descendants.first()?).ok()?.1.as_dict().ok()?;
    Some(document.dereference(descendant.get(b"W").ok()?).ok()?.1.as_array().ok()?)
}

/// The widths, one list or one stretch after another (ISO 32000-1, 9.7.4.3).
fn spread(listed: &[Object], widths: &mut BTreeMap<u16, f64>, budget: &Budget) -> Result<()> {
    let code = |object: &Object| u16::try_from(object.as_i64().ok()?).ok();
    let width = |object: &Object| object.as_float().ok().map(f64::from);
    let mut rest = listed.iter();
    while let (Some(first), Some(next)) = (rest.next().and_then(code), rest.next()) {
        if let Ok(list) = next.as_array() {
            budget.spend(list.len().saturating_mul(WIDTH))?;
            widths.extend((first..=u16::MAX).zip(list.iter().filter_map(width)));
            continue;
        }
        let (Some(last), Some(width)) = (code(next), rest.next().and_then(width)) else { break };
        budget.spend(usize::from(last.saturating_sub(first)).saturating_mul(WIDTH))?;
        widths.extend((first..=last).map(|code| (code, width)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_read_as_lists_and_as_stretches() {
        let listed = [1.into(), vec![500.into(), 600.into()].into(), 7.into(), 8.into(), 300.into()];
        let mut widths = BTreeMap::new();
        spread(&listed, &mut widths, &Budget::whole()).expect("few widths");
        assert_eq!(widths, BTreeMap::from([(1, 500.0), (2, 600.0), (7, 300.0), (8, 300.0)]));
    }

    #[test]
    fn a_list_that_leaves_the_codes_ends_there() {
        let (listed, mut widths) = ([65_535.into(), vec![500.into(), 600.into()].into()], BTreeMap::new());
        spread(&listed, &mut widths, &Budget::whole()).expect("few widths");
        assert_eq!(widths, BTreeMap::from([(65_535, 500.0)]));
    }

    #[test]
    fn stretches_without_end_are_refused() {
        let stretches =
            |count| -> Vec<Object> { (0..count).flat_map(|_| [0.into(), 65_535.into(), 500.into()]).collect() };
        assert!(spread(&stretches(10), &mut BTreeMap::new(), &Budget::whole()).is_ok());
        assert!(spread(&stretches(1000), &mut BTreeMap::new(), &Budget::whole()).is_err());
    }
}
