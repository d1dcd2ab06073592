//! Which codes are parts of a whole, which contain one another, and when parts are complete (the contract, 3.2.2).

use crate::schema::{TOTAL, UNKNOWN};

/// Completed years: the first, and the last unless the band is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Band {
    from: u32,
    to: Option<u32>,
}

fn band(code: &str) -> Option<Band> {
    if let Some(from) = code.strip_suffix('+') {
        return Some(Band { from: from.parse().ok()?, to: None });
    }
    let (from, to) = code.split_once('-')?;
    Some(Band { from: from.parse().ok()?, to: Some(to.parse().ok()?) })
}

/// Whether `outer` holds everyone whom `inner` holds, in the folder of the country `own`.
#[must_use]
pub fn contains(outer: &str, inner: &str, own: &str) -> bool {
    if outer == inner || outer == TOTAL {
        return true;
    }
    if let (Some(outer), Some(inner)) = (band(outer), band(inner)) {
        return outer.from <= inner.from && outer.to.is_none_or(|last| inner.to.is_some_and(|to| to <= last));
    }
    let country = inner.len() == 3 && inner.bytes().all(|byte| byte.is_ascii_uppercase());
    match outer {
        "national" => inner == own,
        "foreign" => country && inner != own,
        _ => false,
    }
}

/// The ways in which some of `codes` make up their whole, each as indices; `unknown`, where stated, is one of the parts.
///
/// Complete are: female and male; disjoint age bands from 0 to an open one; in another dimension every code that is
/// not nested in another, if the source declares the dimension `complete`.
#[must_use]
pub fn complete(codes: &[&str], declared: bool, own: &str) -> Vec<Vec<usize>> {
    let unknown = codes.iter().position(|code| *code == UNKNOWN);
    let stated: Vec<usize> = (0..codes.len()).filter(|at| codes[*at] != TOTAL && codes[*at] != UNKNOWN).collect();
    let find = |wanted: &str| codes.iter().position(|code| *code == wanted);
    let mut covers = Vec::new();
    if find("female").is_some() && find("male").is_some() {
        covers.push(stated);
    } else if stated.iter().any(|at| band(codes[*at]).is_some()) {
        bands(codes, &stated, 0, &mut Vec::new(), &mut covers);
    } else if declared && !stated.is_empty() {
        let nested = |at: &usize| stated.iter().any(|o| o != at && contains(codes[*o], codes[*at], own));
        covers.push(stated.iter().copied().filter(|at| !nested(at)).collect());
    }
    for cover in &mut covers {
        cover.extend(unknown);
    }
    covers
}

/// The parts that share nobody with one another, as indices; none where bands overlap without one holding the other.
#[must_use]
pub fn disjoint(codes: &[&str], own: &str) -> Vec<usize> {
    let stated: Vec<usize> = (0..codes.len()).filter(|at| codes[*at] != TOTAL).collect();
    let crossing = |one: &usize, other: &usize| match (band(codes[*one]), band(codes[*other])) {
        (Some(one), Some(other)) => {
            one.to.is_none_or(|to| other.from <= to) && other.to.is_none_or(|to| one.from <= to)
        }
        _ => false,
    };
    let nested = |at: &usize| stated.iter().any(|other| other != at && contains(codes[*other], codes[*at], own));
    let outer: Vec<usize> = stated.iter().copied().filter(|at| !nested(at)).collect();
    let crossed = outer.iter().any(|one| outer.iter().any(|other| one != other && crossing(one, other)));
    if crossed { Vec::new() } else { outer }
}

/// Every chain of bands that covers all ages from `from` on.
fn bands(codes: &[&str], stated: &[usize], from: u32, chain: &mut Vec<usize>, covers: &mut Vec<Vec<usize>>) {
    for at in stated {
        let Some(next) = band(codes[*at]).filter(|band| band.from == from) else { continue };
        chain.push(*at);
        match next.to {
            None => covers.push(chain.clone()),
            Some(to) if to >= from => bands(codes, stated, to + 1, chain, covers),
            Some(_) => {}
        }
        chain.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_nest_and_countries_are_foreign() {
        assert!(contains("0-17", "0-14", "LAO") && contains("18+", "30-44", "LAO"));
        assert!(!contains("0-14", "0-17", "LAO") && !contains("0-17", "18+", "LAO"));
        assert!(contains("foreign", "VNM", "LAO") && !contains("foreign", "LAO", "LAO"));
        assert!(contains("national", "LAO", "LAO"));
    }

    #[test]
    fn only_complete_parts_make_a_whole() {
        assert_eq!(complete(&["female", "male"], false, "LAO"), [vec![0, 1]]);
        assert!(complete(&["female"], true, "LAO").is_empty() || complete(&["female"], false, "LAO").is_empty());
        assert_eq!(complete(&["0-14", "0-17", "18+"], false, "LAO"), [vec![1, 2]]);
        assert!(complete(&["0-14", "18+"], false, "LAO").is_empty());
        assert_eq!(complete(&["female", "male", "unknown"], false, "LAO"), [vec![0, 1, 2]]);
        assert!(complete(&["THA", "MMR"], false, "LAO").is_empty());
        assert_eq!(complete(&["THA", "foreign"], true, "LAO"), [vec![1]]);
    }

    #[test]
    fn disjoint_parts_share_nobody() {
        assert_eq!(disjoint(&["0-14", "0-17", "18-24"], "LAO"), [1, 2]);
        assert!(disjoint(&["0-17", "15-24"], "LAO").is_empty());
        assert_eq!(disjoint(&["THA", "foreign", "national"], "LAO"), [1, 2]);
    }
}
