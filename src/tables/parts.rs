//! Which codes are parts of a whole, which contain one another, and when parts are complete
//! (docs/data.md#how-rows-are-read, rule 2).

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use crate::project::schema::{REST, TOTAL, UNKNOWN};
use crate::value::period::Period;

/// The first age of a band, and its last unless the band is open.
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

/// The ages that may be named for a band: its first, its last, and the one after, as in "under 18".
#[must_use]
pub fn limits(code: &str) -> Vec<u32> {
    band(code).map_or_else(Vec::new, |band| {
        [Some(band.from), band.to, band.to.map(|to| to.saturating_add(1))].into_iter().flatten().collect()
    })
}

/// Whether a code is an age band whose last age is before its first.
#[must_use]
pub fn ends_before_it_begins(code: &str) -> bool {
    band(code).is_some_and(|band| band.to.is_some_and(|to| to < band.from))
}

/// Whether `outer` includes everyone in `inner`, in the tables of the country `own`.
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

/// Whether two age bands overlap, and neither contains the other.
#[must_use]
pub fn crossing(one: &str, other: &str) -> bool {
    let (Some(a), Some(b)) = (band(one), band(other)) else { return false };
    let share = a.to.is_none_or(|to| b.from <= to) && b.to.is_none_or(|to| a.from <= to);
    share && !contains(one, other, "") && !contains(other, one, "")
}

/// The smallest groups of people that the codes of one dimension distinguish: the groups in each code, and their number.
///
/// People in none of the codes are a group, too, unless the codes cover everybody: female and male, age bands (the
/// ages between and beyond bands are groups of their own), codes with a register's `rest`, and codes that the source
/// declares complete. `total` includes all groups.
#[must_use]
pub fn groups(codes: &[&str], declared: bool, own: &str) -> (Vec<Vec<u32>>, u32) {
    let bands: Vec<Option<Band>> = codes.iter().map(|code| band(code)).collect();
    let mut cuts: BTreeSet<u64> = BTreeSet::new();
    for band in bands.iter().flatten() {
        cuts.extend([0, u64::MAX, u64::from(band.from), band.to.map_or(u64::MAX, |to| u64::from(to) + 1)]);
    }
    let at = |cut: u64| u32::try_from(cuts.iter().take_while(|other| **other < cut).count()).unwrap_or(0);
    let mut size = u32::try_from(cuts.len().saturating_sub(1)).unwrap_or(0);
    let mut held: Vec<Vec<u32>> = vec![Vec::new(); codes.len()];
    for (code, band) in bands.iter().enumerate() {
        if let Some(band) = band {
            held[code] = (at(u64::from(band.from))..at(band.to.map_or(u64::MAX, |to| u64::from(to) + 1))).collect();
        } else if codes[code] != TOTAL {
            // `national` is the same group as the country's own code.
            let one =
                |other: &usize| [codes[*other], codes[code]].iter().all(|code| *code == own || *code == "national");
            let alias = (0..code).find(one);
            held[code] = alias.map_or_else(|| vec![size], |other| held[other].clone());
            size += u32::from(alias.is_none());
        }
    }
    for outer in (0..codes.len()).filter(|at| bands[*at].is_none() && codes[*at] != TOTAL) {
        let inner = (0..codes.len())
            .filter(|at| bands[*at].is_none() && codes[*at] != TOTAL && contains(codes[outer], codes[*at], own));
        let all: BTreeSet<u32> = inner.flat_map(|at| held[at].clone()).chain(held[outer].clone()).collect();
        held[outer] = all.into_iter().collect();
    }
    let has = |code: &str| codes.contains(&code);
    let all = declared || !cuts.is_empty() || has(REST) || has("female") && has("male");
    size += u32::from(!all || size == 0);
    for total in (0..codes.len()).filter(|at| codes[*at] == TOTAL) {
        held[total] = (0..size).collect();
    }
    (held, size)
}

/// The shortest spans of time that periods distinguish, as [`groups`] does for people: the spans in each period, and
/// their number.
#[must_use]
pub fn stretches(periods: &[&Period]) -> (Vec<Vec<u32>>, u32) {
    let after = |period: &Period| period.end().succ_opt().unwrap_or(period.end());
    let cuts: BTreeSet<_> = periods.iter().flat_map(|period| [period.start(), after(period)]).collect();
    let cuts: Vec<_> = cuts.into_iter().collect();
    let at = |day| u32::try_from(cuts.binary_search(&day).unwrap_or(0)).unwrap_or(0);
    let held = periods.iter().map(|period| (at(period.start())..at(after(period))).collect());
    (held.collect(), u32::try_from(cuts.len().saturating_sub(1)).unwrap_or(0))
}

/// Groups of periods that overlap, directly or through others, as indices.
#[must_use]
pub fn overlapping(periods: &[&Period]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..periods.len()).collect();
    order.sort_by_key(|at| (periods[*at].start(), periods[*at].end()));
    let mut found: Vec<Vec<usize>> = Vec::new();
    let mut last = None;
    for at in order {
        match found.last_mut().filter(|_| last.is_some_and(|last| periods[at].start() <= last)) {
            Some(group) => group.push(at),
            None => found.push(vec![at]),
        }
        last = last.max(Some(periods[at].end()));
    }
    found
}

/// The most codes of a breakdown, and the most ways to make up a whole, that are tried.
const MOST: usize = 1000;

/// The ways in which some of `codes` add up to their whole, each as indices. `unknown`, if stated, is one of the parts.
///
/// Complete sets are: female and male; disjoint age bands from 0 to an open one; in other dimensions all codes that are
/// not inside another, if the source declares the dimension `complete`; and disjoint codes with a register's
/// `rest`, which includes everybody else.
#[must_use]
pub fn complete(codes: &[&str], declared: bool, own: &str) -> Vec<Vec<usize>> {
    let unknown = codes.iter().position(|code| *code == UNKNOWN);
    let stated: Vec<usize> = (0..codes.len()).filter(|at| codes[*at] != TOTAL && codes[*at] != UNKNOWN).collect();
    let find = |wanted: &str| codes.iter().position(|code| *code == wanted);
    let mut covers = Vec::new();
    if find(REST).is_some() {
        let outer = disjoint(codes, own);
        covers.extend((!outer.is_empty()).then(|| outer.into_iter().filter(|at| codes[*at] != UNKNOWN).collect()));
    } else if find("female").is_some() && find("male").is_some() {
        covers.push(stated);
    } else if stated.iter().any(|at| band(codes[*at]).is_some()) {
        bands(codes, &stated, 0, &mut Vec::new(), &mut covers);
    } else if declared && !stated.is_empty() {
        covers.push(outermost(codes, &stated, own));
    }
    for cover in &mut covers {
        cover.extend(unknown);
    }
    covers
}

/// Whether some of these codes, each any number of times, may make up a whole in more than one way: only age bands do.
#[must_use]
pub fn whole_in_several_ways(codes: &[&str]) -> bool {
    let banded: Vec<&str> = codes.iter().copied().filter(|code| band(code).is_some()).collect();
    !complete(&banded, false, "").is_empty()
}

/// The outermost parts, which are disjoint, as indices; none if bands overlap and neither contains the other.
#[must_use]
pub fn disjoint(codes: &[&str], own: &str) -> Vec<usize> {
    let stated: Vec<usize> = (0..codes.len()).filter(|at| codes[*at] != TOTAL).collect();
    if stated.len() > MOST {
        return Vec::new();
    }
    let outer = outermost(codes, &stated, own);
    let banded: Vec<&str> = outer.iter().map(|at| codes[*at]).filter(|code| band(code).is_some()).collect();
    let crossed = banded.iter().any(|one| banded.iter().any(|other| one != other && crossing(one, other)));
    if crossed { Vec::new() } else { outer }
}

/// Those of some codes that no other of them [`contains`], found without comparing each with each: a breakdown may have a
/// thousand.
fn outermost(codes: &[&str], stated: &[usize], own: &str) -> Vec<usize> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    stated.iter().for_each(|at| *times.entry(codes[*at]).or_default() += 1);
    let mut bands: Vec<(u32, Reverse<u64>, usize)> = stated
        .iter()
        .filter_map(|at| band(codes[*at]).map(|band| (band.from, Reverse(band.to.map_or(u64::MAX, u64::from)), *at)))
        .collect();
    bands.sort_unstable();
    // Of bands in this order one is inside another if it ends no later than one before it; equal ones are inside each other.
    let mut inside: HashSet<usize> = HashSet::new();
    let mut last: Option<(u64, (u32, u64), usize)> = None;
    for (from, Reverse(to), at) in bands {
        match last {
            Some((_, before, other)) if before == (from, to) => inside.extend([other, at]),
            Some((furthest, ..)) if to <= furthest => drop(inside.insert(at)),
            _ => {}
        }
        last = Some((last.map_or(to, |(furthest, ..)| furthest.max(to)), (from, to), at));
    }
    let has = |outer: &str, inner: &str| times.contains_key(outer) && outer != inner && contains(outer, inner, own);
    let is_outer = |at: &usize| {
        let code = codes[*at];
        times[code] == 1 && !inside.contains(at) && !["national", "foreign"].iter().any(|outer| has(outer, code))
    };
    stated.iter().copied().filter(is_outer).collect()
}

/// Finds every chain of bands that covers all ages from `from` on.
fn bands(codes: &[&str], stated: &[usize], from: u32, chain: &mut Vec<usize>, covers: &mut Vec<Vec<usize>>) {
    let banded: Vec<(usize, Band)> = stated.iter().filter_map(|at| Some((*at, band(codes[*at])?))).collect();
    follow(&banded, &leading(&banded), from, chain, covers);
}

/// The ages from which a chain of bands leads to an open one.
fn leading(banded: &[(usize, Band)]) -> BTreeSet<u32> {
    let mut sorted: Vec<Band> = banded.iter().map(|(_, band)| *band).collect();
    sorted.sort_by_key(|band| std::cmp::Reverse(band.from));
    let mut leading = BTreeSet::new();
    for band in sorted {
        let leads = match band.to {
            None => true,
            Some(to) => to >= band.from && leading.contains(&to.saturating_add(1)),
        };
        if leads {
            leading.insert(band.from);
        }
    }
    leading
}

fn follow(
    banded: &[(usize, Band)],
    leading: &BTreeSet<u32>,
    from: u32,
    chain: &mut Vec<usize>,
    covers: &mut Vec<Vec<usize>>,
) {
    if !leading.contains(&from) || covers.len() >= MOST {
        return;
    }
    for (at, next) in banded.iter().filter(|(_, band)| band.from == from) {
        chain.push(*at);
        match next.to {
            None => covers.push(chain.clone()),
            Some(to) if to >= from => follow(banded, leading, to.saturating_add(1), chain, covers),
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
    fn a_rest_makes_what_shares_nobody_complete() {
        assert_eq!(complete(&["XA-01", "rest", "unknown"], false, "LAO"), [vec![0, 1, 2]]);
        assert_eq!(complete(&["0-14", "0-17", "rest"], false, "LAO"), [vec![1, 2]]);
        assert!(complete(&["0-17", "15-24", "rest"], true, "LAO").is_empty(), "who lies in neither whole is nowhere");
    }

    #[test]
    fn groups_leave_room_for_who_is_in_no_code() {
        let grouped = |codes: &[&str], declared: bool| groups(codes, declared, "LAO");
        assert_eq!(grouped(&["female", "male", "total"], false), (vec![vec![0], vec![1], vec![0, 1]], 2));
        assert_eq!(grouped(&["female", "total"], false), (vec![vec![0], vec![0, 1]], 2));
        assert_eq!(grouped(&["0-14", "0-17", "18+", "total"], false).0, [vec![0], vec![0, 1], vec![2], vec![0, 1, 2]]);
        assert_eq!(grouped(&["0-17", "total", "unknown"], false).0, [vec![0], vec![0, 1, 2], vec![2]]);
        assert_eq!(grouped(&["XA-01", "total"], true).1, 1);
        assert_eq!(grouped(&["XA-01", "rest", "total"], false).1, 2);
        assert_eq!(grouped(&["THA", "foreign", "total"], false).0, [vec![0], vec![0, 1], vec![0, 1, 2]]);
        assert_eq!(grouped(&["LAO", "national", "total"], false).0, [vec![0], vec![0], vec![0, 1]]);
        assert_eq!(grouped(&["total"], false), (vec![vec![0]], 1));
    }

    #[test]
    fn periods_are_told_apart_by_their_days() {
        let read = |texts: &[&str]| texts.iter().map(|text| Period::parse(text).expect("a period")).collect::<Vec<_>>();
        let periods = read(&["2019/2021", "2020", "2021-07", "2023", "2019"]);
        let periods: Vec<&Period> = periods.iter().collect();
        assert_eq!(stretches(&periods[..3]), (vec![(0..5).collect(), vec![1], vec![3]], 5));
        assert_eq!(overlapping(&periods), [vec![4, 0, 1, 2], vec![3]]);
    }

    #[test]
    fn outermost_codes_are_those_that_no_other_contains() {
        use proptest::prelude::*;
        let code = proptest::sample::select(vec![
            "0-14", "0-17", "00-17", "15-24", "18-24", "18+", "25+", "9-3", "THA", "LAO", "foreign", "national",
            "rest", "female", "unknown", "XA-01",
        ]);
        crate::project::text::anything::hold(3000, proptest::collection::vec(code, 0..9), |codes| {
            let stated: Vec<usize> = (0..codes.len()).collect();
            let inside = |at: &usize| stated.iter().any(|o| o != at && contains(codes[*o], codes[*at], "LAO"));
            let outer: Vec<usize> = stated.iter().copied().filter(|at| !inside(at)).collect();
            prop_assert_eq!(outermost(&codes, &stated, "LAO"), outer, "{:?}", codes);
            Ok(())
        });
    }

    #[test]
    fn only_bands_make_a_whole_in_several_ways() {
        use proptest::prelude::*;
        let code = proptest::sample::select(vec![
            "0-14", "0-17", "15-17", "15+", "18+", "18-24", "25+", "THA", "foreign", "rest", "female", "male",
            "unknown",
        ]);
        assert!(whole_in_several_ways(&["0-17", "rest", "18+"]) && !whole_in_several_ways(&["0-17", "female", "male"]));
        crate::project::text::anything::hold(3000, proptest::collection::vec(code, 0..9), |codes| {
            let all: Vec<&str> = codes.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
            let several = complete(&codes, true, "LAO").len() > 1;
            prop_assert!(!several || whole_in_several_ways(&all), "{:?}", codes);
            Ok(())
        });
    }

    #[test]
    fn disjoint_parts_share_nobody() {
        assert_eq!(disjoint(&["0-14", "0-17", "18-24"], "LAO"), [1, 2]);
        assert!(disjoint(&["0-17", "15-24"], "LAO").is_empty());
        assert_eq!(disjoint(&["THA", "foreign", "national"], "LAO"), [1, 2]);
    }
}
