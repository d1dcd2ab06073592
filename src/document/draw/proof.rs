//! Reads a drawn chart back from its SVG and finds texts that come too near to each other, leave the sheet, or lie on the edge of a
//! mark or on a line. For tests only.

use super::area::Area;
use super::edges::Edges;
use super::style::{Face, INK, Type, beside, width};
use crate::project::face::Family;

/// The least space between two words that stand beside each other, in millimetres.
const APART: f64 = 0.2;

/// One fault for each pair of words that overlap or nearly touch, and for each that leaves the sheet or lies on an edge or a
/// line; letters that the page's own face has not are of another.
#[must_use]
pub fn faults(svg: &str, face: Option<&Family>) -> Vec<String> {
    beside(face, || found(svg))
}

/// The texts of a drawing, read back from its SVG.
#[must_use]
pub fn words(svg: &str) -> Vec<String> {
    let texts = svg.split("<text").skip(1).filter_map(|element| element.split_once('>')?.1.split("</text>").next());
    let plain =
        |text: &str| text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    texts.map(|text| plain(text.trim())).collect()
}

fn found(svg: &str) -> Vec<String> {
    let number = |name: &str| attribute(svg, name).and_then(|text| text.parse::<f64>().ok()).unwrap_or_default();
    let sheet = Area::new(-0.5, -0.5, number("width") / 20.0 + 0.5, number("height") / 20.0 + 0.5);
    let words: Vec<(Area, &str)> = svg.split("<text").skip(1).filter_map(word).collect();
    let edges = Edges::of(svg);
    let mut faults = Vec::new();
    for (index, (area, text)) in words.iter().enumerate() {
        if area.left < sheet.left || area.top < sheet.top || area.right > sheet.right || area.bottom > sheet.bottom {
            faults.push(format!("“{text}” leaves the sheet"));
        }
        let beside =
            |other: &Area| other.meets(&area.inset(0.02), APART) && other.top < area.bottom && area.top < other.bottom;
        let others = words[index + 1..].iter().filter(|(other, _)| other.meets(area, -0.02) || beside(other));
        faults.extend(others.map(|(_, other)| format!("“{text}” overlaps “{other}”")));
        faults.extend(edges.fault(area).map(|fault| format!("“{text}” {fault}")));
    }
    faults
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!("{name}=\""))?.1.split('"').next()
}

fn word(element: &str) -> Option<(Area, &str)> {
    let (tag, rest) = element.split_once('>')?;
    let text = rest.split("</text>").next()?;
    let number = |name: &str| attribute(tag, name)?.parse::<f64>().ok();
    let size = number("font-size")? / 20.0;
    let bold = tag.contains("font-weight=\"bold\"");
    let italic = tag.contains("font-style=\"italic\"");
    let face = if bold {
        Face::Bold
    } else if italic {
        Face::Italic
    } else {
        Face::Regular
    };
    let wide = width(text, Type { pt: size * 72.0 / 25.4, face, colour: INK });
    let (x, baseline) = (number(" x")? / 20.0, number(" y")? / 20.0 + 0.76 * size);
    if tag.contains("rotate") {
        let (right, bottom) = (x + 0.76 * size, number(" y")? / 20.0);
        return Some((Area::new(right - 0.65 * size, bottom - wide, right, bottom), text));
    }
    let left = match attribute(tag, "text-anchor")? {
        "end" => x - wide,
        "middle" => x - wide / 2.0,
        _ => x,
    };
    Some((Area::new(left, baseline - 0.65 * size, left + wide, baseline), text))
}

#[cfg(test)]
mod tests {
    use super::super::Drawing;
    use super::super::chart::{Aside, Axis, Point, Qualifier, Rating, Reading, Series, State};
    use super::super::{bands, milestones, neighbours, panels, rows, segments, stack, tiers};
    use super::*;

    /// Arbitrary numbers, the same on every machine.
    struct Dice(fastrand::Rng);

    impl Dice {
        fn of(seed: u64) -> Self {
            Self(fastrand::Rng::with_seed(seed))
        }

        fn roll(&mut self, sides: u64) -> u64 {
            self.0.u64(..sides)
        }

        fn reading(&mut self) -> Reading {
            let value = self.roll(290) as f64;
            let qualifier = match self.roll(12) {
                0 => Qualifier::Approximate,
                1 => Qualifier::AtLeast,
                2 => Qualifier::AtMost,
                _ => Qualifier::Exact,
            };
            let text = if qualifier == Qualifier::Exact { value.to_string() } else { format!("at about {value}") };
            Reading { value, text, qualifier }
        }

        fn point(&mut self, year: i32) -> Point {
            let readings = (0..=u64::from(self.roll(9) == 0)).map(|_| self.reading()).collect();
            let stock = self.roll(15) == 0;
            let from = f64::from(year);
            Point { from, to: from + 1.0, state: State::Value, readings, stock, second: false }
        }

        fn series(&mut self) -> Series {
            let sparse = 1 + self.roll(5);
            let years: Vec<i32> = (2005..=2024).filter(|_| self.roll(sparse + 1) == 0).collect();
            let points = years.into_iter().map(|year| self.point(year)).collect();
            let asides = vec![Aside { at: None, text: "no figure after 2014".into() }];
            let breaks = vec![(2012.0, "source changes".into())];
            let [head, unit, marks] = ["Prosecuted", "persons", "sources 4, 9, 10"].map(String::from);
            Series { head, unit, marks, points, breaks, asides }
        }
    }

    const AXIS: Axis = Axis { first: 2005, last: 2024 };

    fn prove(drawn: anyhow::Result<Drawing>, seed: u64) {
        let faults = drawn.map_or_else(|error| vec![error.to_string()], |drawing| faults(&drawing.svg, None));
        assert!(faults.is_empty(), "seed {seed}: {faults:#?}");
    }

    #[test]
    fn overlaps_are_found() {
        let Ok(mut canvas) = super::super::canvas::Canvas::new(30.0) else {
            return;
        };
        let left = super::super::canvas::Anchor::Left;
        canvas.text((1.0, 5.0), left, super::super::style::VALUE, "one word");
        canvas.text((8.0, 5.5), left, super::super::style::VALUE, "another");
        canvas.text((25.0, 9.0), left, super::super::style::VALUE, "leaves");
        let faults = faults(&canvas.finish(10.0).unwrap_or_default().svg, None);
        assert_eq!(faults, ["“one word” overlaps “another”", "“leaves” leaves the sheet"]);
    }

    #[test]
    fn words_of_columns_never_overlap() {
        for seed in 0..60 {
            let mut dice = Dice::of(seed);
            let series: Vec<Series> = (0..3).map(|_| dice.series()).collect();
            let rows = series.iter().cloned().map(|series| rows::Row { series, group: 0, words: None }).collect();
            let thousands = || ",".to_owned();
            let rows =
                rows::Rows { rows, axis: AXIS, width: 176.0, tallest: 30.0, tiers: None, thousands: thousands() };
            prove(rows::rows(&rows, 220.0), seed);
            let grid = panels::Panels {
                groups: vec![series],
                axis: AXIS,
                columns: 3,
                width: 176.0,
                tallest: 39.0,
                thousands: thousands(),
            };
            prove(panels::panels(&grid, 220.0), seed);
        }
    }

    #[test]
    fn words_of_ratings_never_overlap() {
        for seed in 0..60 {
            let mut dice = Dice::of(seed);
            let years: Vec<i32> = (2005..=2024).filter(|_| dice.roll(8) > 0).collect();
            let mut rating = |year| Rating {
                year,
                band: dice.roll(4) as usize,
                aside: (dice.roll(4) == 0).then(|| "kept by a waiver".to_owned()),
            };
            let ratings: Vec<Rating> = years.into_iter().map(&mut rating).collect();
            let names = super::super::chart::Bands {
                labels: ["Tier 1", "Tier 2", "Tier 2 Watch List", "Tier 3"].map(String::from).into(),
                short: ["1", "2", "WL", "3"].map(String::from).into(),
            };
            let chart = tiers::Tiers {
                bands: names.clone(),
                ratings: ratings.clone(),
                never: vec!["Never here".to_owned(); 4],
                axis: AXIS,
                width: 176.0,
                ground: bands::Ground::Sand,
            };
            prove(tiers::tiers(&chart), seed);
            let country = neighbours::Country { name: "Laos".into(), now: "Tier 3".into(), ratings, own: true };
            let countries = vec![country; 3];
            let chart = neighbours::Neighbours { countries, bands: names, axis: AXIS, columns: 2, width: 176.0 };
            prove(neighbours::neighbours(&chart, 220.0), seed);
        }
    }

    #[test]
    fn words_of_stacks_and_milestones_never_overlap() {
        for seed in 0..40 {
            let mut dice = Dice::of(seed);
            let mut column = |year: i32| stack::Column {
                from: f64::from(year),
                to: f64::from(year + 1),
                state: State::Value,
                segments: (0..4)
                    .map(|kind| {
                        let value = dice.roll(60) as f64;
                        segments::Segment { kind, value, text: value.to_string(), ..<_>::default() }
                    })
                    .collect(),
                total: Some("220".to_owned()),
                readings: Vec::new(),
                partly_withheld: false,
            };
            let columns = [2006, 2009, 2013, 2020, 2024].map(&mut column).into();
            let kinds = ["women", "girls", "men", "boys"].map(String::from).into();
            let breaks = if seed % 2 == 0 { vec![(2013.0, "source changes".to_owned())] } else { Vec::new() };
            let chart =
                stack::Stack { kinds, columns, asides: Vec::new(), breaks, axis: AXIS, width: 176.0, tallest: 45.0 };
            prove(stack::stack(&chart, 220.0), seed);
            let events = (0..14).map(|_| milestones::Milestone {
                at: 2005.0 + dice.roll(200) as f64 / 10.0,
                to: None,
                date: "14 December 2007".into(),
                label: "signed ".repeat(1 + dice.roll(30) as usize),
                section: "partnership".into(),
            });
            let chart = milestones::Milestones { events: events.collect(), axis: AXIS, width: 176.0 };
            prove(milestones::milestones(&chart, 220.0), seed);
        }
    }
}
