//! Ratings over the years, laid out for their two charts: those of this country, and those of its neighbours beside them.

use super::arranged::Arranged;
use super::bands::Ground;
use super::chart::{Bands, Rating};
use super::neighbours::{Country, Neighbours};
use super::tiers::Tiers;
use crate::disclosure::protect::ReleasedCell;
use crate::project::indicator::Selector;
use crate::value::Value;

/// The ratings of this country, on the sand of the cover.
pub(super) fn tiers(arranged: &Arranged<'_>) -> Tiers {
    let empty = Tiers {
        ground: Ground::Sand,
        ..rated(arranged, &Selector { indicator: String::new(), codes: <_>::default() }, &[])
    };
    let rated = arranged.series.first().map(|(selector, series)| rated(arranged, selector, series));
    rated.map_or(empty, |tiers| Tiers { ground: Ground::Sand, ..tiers })
}

/// The ratings of one series, with their bands.
pub(super) fn rated(arranged: &Arranged<'_>, selector: &Selector, series: &[&ReleasedCell]) -> Tiers {
    let codes = codes(arranged, selector);
    let text = arranged.outline.document.text;
    let bands = bands(arranged, selector);
    let ratings = ratings(series, codes);
    let unused = |(at, label): (usize, &String)| {
        let used = ratings.iter().any(|rating| rating.band == at);
        if used { String::new() } else { text.phrase("never_on", &[("band", label)]) }
    };
    let never = bands.labels.iter().enumerate().map(unused).collect();
    Tiers { never, bands, ratings, axis: arranged.axis(), width: arranged.space().width, ground: Ground::Paper }
}

/// The ratings of this country and its neighbours, a small panel each.
pub(super) fn neighbours(arranged: &Arranged<'_>) -> Neighbours {
    let own = &arranged.outline.document.country.iso3;
    let text = arranged.outline.document.text;
    let axis = arranged.axis();
    let mut countries = Vec::new();
    for (selector, series) in &arranged.series {
        let Some(code) = selector.codes.values().next() else { continue };
        let last = series.iter().max_by_key(|cell| cell.period.end());
        let current = last.filter(|cell| cell.period.whole_year() == Some(axis.last));
        let now = current.and_then(|cell| cell.value.as_ref().map(|v| arranged.outline.say(cell, v, cell.qualifier)));
        let missing = || text.phrase("no_rating_in", &[("year", &axis.last.to_string())]);
        countries.push(Country {
            name: text.country(code).to_owned(),
            now: now.unwrap_or_else(missing),
            ratings: ratings(series, codes(arranged, selector)),
            own: code == own,
        });
    }
    let bands = arranged.series.first().map(|(selector, _)| bands(arranged, selector)).unwrap_or_default();
    Neighbours { countries, bands, axis, columns: 2, width: arranged.space().width }
}

fn codes<'o>(arranged: &Arranged<'o>, selector: &Selector) -> &'o [String] {
    arranged.outline.project.scale(arranged.measured(selector))
}

fn bands(arranged: &Arranged<'_>, selector: &Selector) -> Bands {
    let (project, text) = (arranged.outline.project, arranged.outline.document.text);
    let codes = codes(arranged, selector);
    let labels = codes.iter().map(|code| project.value_label(arranged.measured(selector), code, text)).collect();
    let short = codes.iter().map(|code| text.word(&format!("band_{code}")).trim_start_matches("band_").to_owned());
    Bands { labels, short: short.collect() }
}

fn ratings(series: &[&ReleasedCell], codes: &[String]) -> Vec<Rating> {
    let rating = |cell: &&ReleasedCell| {
        let Some(Value::Code(code)) = &cell.value else { return None };
        let band = codes.iter().position(|known| known == code)?;
        Some(Rating { year: cell.period.whole_year()?, band, aside: None })
    };
    series.iter().filter_map(rating).collect()
}
