//! The codes of one column, and which of them contain which others.

use std::collections::{BTreeMap, BTreeSet};

/// What may follow the years of a band.
const YEARS: [&str; 6] = ["years", "year", "ans", "yrs", "yr", "y"];
/// What may follow the years of an open band.
const OPEN: [&str; 5] = ["+", "or over", "and over", "or older", "and older"];

/// What may precede the years of a band: before its exclusive upper end, its inclusive upper end, its lower end.
const BELOW: [&str; 5] = ["<", "under ", "less than ", "below ", "y_lt"];
const UP_TO: [&str; 3] = ["<=", "≤", "up to "];
const FROM: [&str; 3] = [">=", "≥", "y_ge"];

/// The codes of a column, or of columns that lie within one another.
#[derive(Clone, Debug)]
pub(super) struct Dimension {
    /// For each code the finest groups it holds.
    groups: Vec<Vec<u32>>,
    size: u32,
}

impl Dimension {
    /// No person is counted under two codes, except in age bands, which may be nested. Between the bands, below the first and
    /// above the last there may be people who are in no band. The margin counts everybody.
    pub(super) fn of(codes: &[String], is_margin: impl Fn(u32) -> bool) -> Self {
        let is_margin = |code: usize| u32::try_from(code).is_ok_and(&is_margin);
        let bands: Vec<Option<(u32, u32)>> = codes.iter().map(|code| band(code)).collect();
        let mut cuts: BTreeSet<u32> = bands.iter().flatten().flat_map(|(from, to)| [*from, *to]).collect();
        if !cuts.is_empty() {
            cuts.extend([0, u32::MAX]);
        }
        let cuts: Vec<u32> = cuts.into_iter().collect();
        let mut size = u32::try_from(cuts.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let at = |cut: u32| u32::try_from(cuts.partition_point(|other| *other < cut)).unwrap_or(0);
        let mut groups = Vec::new();
        for (code, band) in bands.iter().enumerate() {
            groups.push(match band {
                _ if is_margin(code) => Vec::new(),
                Some((from, to)) => (at(*from)..at(*to)).collect(),
                None => {
                    size += 1;
                    vec![size - 1]
                }
            });
        }
        let size = size.max(1);
        for (_, groups) in groups.iter_mut().enumerate().filter(|(code, _)| is_margin(*code)) {
            *groups = (0..size).collect();
        }
        Self { groups, size }
    }

    /// Codes that consist of these groups, in order, and the number of all groups.
    pub(super) fn with(groups: Vec<Vec<u32>>, size: u32) -> Self {
        Self { groups, size }
    }

    /// The same with the groups of some codes only; the others hold what they share with these.
    pub(super) fn within(&self, codes: impl Iterator<Item = u32>) -> Self {
        let kept: BTreeSet<u32> = codes.flat_map(|code| self.groups[code as usize].iter().copied()).collect();
        let number: BTreeMap<u32, u32> = kept.into_iter().zip(0..).collect();
        let renumbered = |groups: &Vec<u32>| groups.iter().filter_map(|group| number.get(group).copied()).collect();
        let size = u32::try_from(number.len()).unwrap_or(u32::MAX).max(1);
        Self { groups: self.groups.iter().map(renumbered).collect(), size }
    }

    /// The finest groups of a code.
    pub(super) fn groups(&self, code: usize) -> &[u32] {
        &self.groups[code]
    }

    /// How many codes there are.
    pub(super) fn codes(&self) -> usize {
        self.groups.len()
    }

    /// How many finest groups there are.
    pub(super) fn size(&self) -> usize {
        self.size as usize
    }
}

/// Whether a code is a band of ages.
pub(super) fn is_band(code: &str) -> bool {
    band(code).is_some()
}

/// The completed years of a band, the second excluded: `0-17`, `18+`, `0 to 17 years`, `18 years or over`, `<18`, `Y_LT18`.
fn band(code: &str) -> Option<(u32, u32)> {
    let code = code.trim().to_lowercase();
    let after = |starts: &[&str]| starts.iter().find_map(|start| code.strip_prefix(start)).map(str::to_owned);
    if let Some(to) = after(&UP_TO) {
        return Some((0, years(&to)?.checked_add(1)?));
    }
    if let Some(from) = after(&FROM) {
        return Some((years(&from)?, u32::MAX));
    }
    if let Some(to) = after(&BELOW) {
        return years(&to).filter(|to| *to > 0).map(|to| (0, to));
    }
    // As `Y15-24` is written.
    let code = code.strip_prefix('y').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(&code);
    if let Some(from) = OPEN.iter().find_map(|open| code.strip_suffix(open)) {
        return Some((years(from)?, u32::MAX));
    }
    let (from, to) =
        code.split_once("--").or_else(|| code.split_once(['-', '–'])).or_else(|| code.split_once(" to "))?;
    let (from, to) = (years(from)?, years(to)?);
    (from <= to).then(|| Some((from, to.checked_add(1)?))).flatten()
}

/// A number of years.
fn years(text: &str) -> Option<u32> {
    let text = text.trim();
    let bare = YEARS.iter().find_map(|years| text.strip_suffix(years)).unwrap_or(text).trim();
    bare.parse::<u32>().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_read_as_exports_write_them() {
        assert_eq!(band("0-17"), Some((0, 18)));
        assert_eq!(band("0 to 17 years"), Some((0, 18)));
        assert_eq!(band("18 years or over"), Some((18, u32::MAX)));
        assert_eq!(band("0--8"), Some((0, 9)));
        assert_eq!(band("18+"), Some((18, u32::MAX)));
        for under in ["<18", "< 18", "under 18", "Under 18 years", "Y_LT18", "<=17", "up to 17"] {
            assert_eq!(band(under), Some((0, 18)), "{under}");
        }
        for over in ["18 and over", "18 years and older", ">=18", "≥ 18", "Y_GE18", "18 +"] {
            assert_eq!(band(over), Some((18, u32::MAX)), "{over}");
        }
        assert_eq!(band("Y15-24"), Some((15, 25)));
        assert_eq!(band("<0"), None);
        assert_eq!(band("under age"), None);
        assert_eq!(band("yemen-2"), None);
        assert_eq!(band("female"), None);
        assert_eq!(band("forced-labour"), None);
    }

    #[test]
    fn a_band_holds_the_bands_within_it() {
        let codes = ["total", "0-17", "0-14", "18+", "unknown"].map(str::to_owned);
        let dimension = Dimension::of(&codes, |code| code == 0);
        assert_eq!(dimension.size(), 4);
        assert_eq!((dimension.groups(1), dimension.groups(2), dimension.groups(3)), (&[0, 1][..], &[0][..], &[2][..]));
        assert_eq!(dimension.groups(0).len(), 4);
    }
}
