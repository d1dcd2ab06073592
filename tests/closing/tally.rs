//! Rows of a register counted by the test itself, under the ids of figures: the truth beside what is printed.

use std::collections::{BTreeMap, BTreeSet};

/// The columns that are asked for, and which label of the register each is.
const ASKED: [(&str, usize); 4] = [("sex", 2), ("age_group", 3), ("purpose", 4), ("province", 7)];

/// The persons of a register by year, status, and the codes that are asked for.
pub struct Tally(BTreeMap<(String, String, [String; 4]), i64>);

/// The codes that the ids of an indicator name, by dimension: what is none of them is its rest.
type Named = BTreeSet<(String, String, String)>;

impl Tally {
    pub fn of(rows: &str) -> Self {
        let mut tally = BTreeMap::new();
        for row in rows.lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            let key = (cells[0][..4].to_owned(), cells[1].to_owned(), ASKED.map(|(_, at)| cells[at].to_owned()));
            *tally.entry(key).or_default() += cells[8].parse::<i64>().expect("a count");
        }
        Self(tally)
    }

    /// The count of each of these figures.
    pub fn counts<'i>(&self, ids: impl IntoIterator<Item = &'i String>) -> BTreeMap<String, i64> {
        let ids: Vec<&String> = ids.into_iter().collect();
        let mut named = Named::new();
        for id in &ids {
            let (indicator, _, codes) = parts(id);
            named.extend(codes.iter().map(|(name, code)| (indicator.clone(), name.clone(), code.clone())));
        }
        ids.into_iter().map(|id| (id.clone(), self.count(id, &named))).collect()
    }

    fn count(&self, id: &str, named: &Named) -> i64 {
        let (indicator, year, codes) = parts(id);
        let status = if indicator == "victims_assisted" { "assisted" } else { "identified" };
        let passes = |own: &[String; 4]| {
            let child = indicator != "children" || within("0-17", &own[1]);
            child && codes.iter().all(|(name, code)| lies(&indicator, name, code, own, named))
        };
        let inside = self.0.iter().filter(|((of, met, own), _)| *of == year && met == status && passes(own));
        inside.map(|(_, persons)| persons).sum()
    }
}

/// Indicator, period and codes of an id.
fn parts(id: &str) -> (String, String, Vec<(String, String)>) {
    let mut parts = id.split_once('/').map_or("", |(_, rest)| rest).split(':');
    let (indicator, year) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let codes = parts.next().unwrap_or_default().split(',').filter_map(|code| code.split_once('='));
    let codes = codes.map(|(name, code)| (name.to_owned(), code.to_owned()));
    (indicator.to_owned(), year.to_owned(), codes.collect())
}

/// Whether a person's codes lie in a code that is asked for.
fn lies(indicator: &str, name: &str, code: &str, own: &[String; 4], named: &Named) -> bool {
    let at = ASKED.iter().position(|(asked, _)| *asked == name).expect("a column that is asked for");
    let own = own[at].as_str();
    let asked = named.iter().filter(|(of, dimension, _)| of == indicator && dimension == name);
    match code {
        "rest" => own != "unknown" && !asked.into_iter().any(|(.., other)| other != "rest" && within(other, own)),
        "unknown" => own == "unknown",
        code => within(code, own),
    }
}

/// Whether a code lies in another: an age band in a wider one.
pub fn within(outer: &str, own: &str) -> bool {
    let band = |code: &str| -> Option<(u32, u32)> {
        let (low, high) =
            code.strip_suffix('+').map(|low| (low, "999")).or_else(|| code.split_once('-')).unwrap_or_default();
        Some((low.parse().ok()?, high.parse().ok()?))
    };
    outer == own || band(outer).zip(band(own)).is_some_and(|(outer, own)| outer.0 <= own.0 && own.1 <= outer.1)
}
