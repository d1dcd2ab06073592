//! One figure for each province: tiles where the country declares their places and each has room for its words, else bars by
//! code. A tile carries its name and its number or the mark of its state; its shade repeats the number and never stands alone.

use anyhow::Result;

use super::area::Area;
use super::canvas::{Anchor, Canvas};
use super::chart::{Point, Qualifier, State};
use super::drawing::Drawing;
use super::fit::fitting;
use super::marks::CROSSED;
use super::sign::Sign;
use super::style::{
    self, ASIDE, BANDS, CONTESTED, Colour, HEAVY, INK, LINE, MID, PAPER, ROW, RUST, SLATE, TEXT_2, Type, VALUE, YEAR,
    ZERO,
};

/// The widest tile and its least height, and the space between two.
const TILE: (f64, f64) = (30.0, 15.0);
const GAP: f64 = 1.2;
/// Within a tile: beside and over its words, under its number, and between the two.
const PAD: f64 = 1.2;
const FOOT: f64 = 1.4;
const APART: f64 = 1.0;
/// Side of the hatched corner of a contested tile.
const CORNER: f64 = 3.4;
/// Width of the names beside bars, from bar to bar (wide or close), and height of a bar.
const NAMES: f64 = 46.0;
const PITCHES: [f64; 2] = [5.6, 4.2];
const BAR: f64 = 3.4;
/// Space to the right of bars for their numbers.
const NUMBERS: f64 = 30.0;
/// Radius and stroke of a ring.
const RING: (f64, f64) = (0.95, 0.35);

/// One province.
#[derive(Clone, Debug, PartialEq)]
pub struct Province {
    /// Its name.
    pub name: String,
    /// Column and row of its tile, from 1; none where the country declares no place for it.
    pub place: Option<(u32, u32)>,
    /// What is known.
    pub point: Point,
}

/// What a chart of provinces needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Provinces {
    /// The provinces, by code.
    pub provinces: Vec<Province>,
    /// The remark under tiles: their period, and what their shades mean.
    pub of_tiles: String,
    /// The remark under bars.
    pub of_bars: String,
    /// Width in millimetres.
    pub width: f64,
}

/// The sizes of a map of tiles.
#[derive(Clone, Copy)]
struct Tiles {
    /// Width of a tile that has a place.
    wide: f64,
    /// Width of those below the map, which have none.
    below: f64,
    high: f64,
}

/// How the provinces are drawn: as tiles, or as bars so far from each other.
#[derive(Clone, Copy)]
enum Way {
    Tiles(Tiles),
    Bars(f64),
}

/// Draws tiles, or bars where a tile has no room for its words or the map is too high.
///
/// # Errors
/// When Plotters cannot.
pub fn provinces(chart: &Provinces, tallest: f64) -> Result<Drawing> {
    let ways = chart.tiles().map(Way::Tiles).into_iter().chain(PITCHES.map(Way::Bars));
    fitting(tallest, ways, |way| chart.draw(way))
}

impl Provinces {
    fn draw(&self, way: Way) -> Result<Drawing> {
        let mut canvas = Canvas::new(self.width)?;
        let (bottom, remark) = match way {
            Way::Tiles(tiles) => (self.draw_tiles(&mut canvas, tiles), &self.of_tiles),
            Way::Bars(pitch) => (self.draw_bars(&mut canvas, pitch), &self.of_bars),
        };
        let mut y = bottom + 1.6 + style::cap(ASIDE);
        for line in style::wrap(remark, ASIDE, self.width) {
            canvas.text((0.0, y), Anchor::Left, ASIDE, &line);
            y += style::leading(ASIDE);
        }
        canvas.finish(y - style::leading(ASIDE) + 1.2)
    }

    fn highest(&self) -> f64 {
        self.provinces.iter().map(|province| province.point.height()).fold(0.0, f64::max)
    }

    /// The column and row of a tile, from 1 on where the map begins.
    fn place(&self, province: &Province) -> Option<(u32, u32)> {
        let placed = || self.provinces.iter().filter_map(|province| province.place);
        let (first, upper) = (placed().map(|place| place.0).min()?, placed().map(|place| place.1).min()?);
        province.place.map(|(column, row)| (column - first + 1, row - upper + 1))
    }

    /// Columns and rows of the map.
    fn grid(&self) -> (u32, u32) {
        let placed = || self.provinces.iter().filter_map(|province| self.place(province));
        (placed().map(|place| place.0).max().unwrap_or(0), placed().map(|place| place.1).max().unwrap_or(0))
    }

    /// Sizes with which every tile has room for its name, in whole words, and for its number; none where there are none.
    fn tiles(&self) -> Option<Tiles> {
        let (columns, _) = self.grid();
        let wide = TILE.0.min((self.width + GAP) / f64::from(columns) - GAP);
        let of = |placed: bool| self.provinces.iter().filter(move |province| province.place.is_some() == placed);
        let fit = |placed, wide| of(placed).all(|province| province.fits(wide));
        let below = [wide, TILE.0.min(self.width)].into_iter().find(|wide| fit(false, *wide));
        let (true, Some(below)) = (columns > 0 && fit(true, wide), below) else { return None };
        let heights = [(true, wide), (false, below)].into_iter();
        let heights = heights.flat_map(|(placed, wide)| of(placed).map(move |province| province.height(wide)));
        Some(Tiles { wide, below, high: heights.fold(TILE.1, f64::max) })
    }

    /// Draws a tile at each place, and those without one in rows below; returns where they end.
    fn draw_tiles(&self, canvas: &mut Canvas, tiles: Tiles) -> f64 {
        let (columns, rows) = self.grid();
        let fitting = ((self.width + GAP) / (tiles.below + GAP) + 0.001).floor().max(1.0) as u32;
        let a_row = if tiles.below > tiles.wide { fitting } else { columns.max(1) };
        let (highest, mut further, mut bottom) = (self.highest(), 0, 0.0_f64);
        for province in &self.provinces {
            let place = self.place(province);
            let wide = if place.is_some() { tiles.wide } else { tiles.below };
            let (column, row) = place.unwrap_or_else(|| {
                further += 1;
                ((further - 1) % a_row + 1, rows + 1 + (further - 1) / a_row)
            });
            let (left, top) = (f64::from(column - 1) * (wide + GAP), f64::from(row - 1) * (tiles.high + GAP));
            draw_tile(canvas, province, Area::new(left, top, left + wide, top + tiles.high), highest);
            bottom = bottom.max(top + tiles.high);
        }
        bottom
    }

    /// Draws a bar for each province, in the order of their codes; returns where they end.
    fn draw_bars(&self, canvas: &mut Canvas, pitch: f64) -> f64 {
        let scale = (self.width - NAMES - NUMBERS) / self.highest().max(1.0);
        let mut y = pitch / 2.0;
        for province in &self.provinces {
            let lines = style::wrap(&province.name, ROW, NAMES - 2.0);
            let extra = (lines.len().max(1) - 1) as f64 * style::leading(ROW);
            for (index, line) in lines.iter().enumerate() {
                let baseline = y + style::cap(ROW) / 2.0 + index as f64 * style::leading(ROW);
                canvas.text((0.0, baseline), Anchor::Left, ROW, line);
            }
            draw_bar(canvas, &province.point, (NAMES, y + extra / 2.0), scale);
            y += extra + pitch;
        }
        canvas.line((NAMES, 0.0), (NAMES, y - pitch / 2.0), INK, LINE);
        y - pitch / 2.0
    }
}

impl Province {
    /// Whether a tile so wide holds each word of the name, and the number, whole.
    fn fits(&self, wide: f64) -> bool {
        let room = wide - 2.0 * PAD;
        style::holds_words(&self.name, YEAR, room) && state_width(&self.point) <= room
    }

    /// Height of a tile for all lines of the name and the number under them.
    fn height(&self, wide: f64) -> f64 {
        let lines = style::wrap(&self.name, YEAR, wide - 2.0 * PAD).len().max(1) - 1;
        let words = PAD + style::cap(YEAR) + lines as f64 * style::leading(YEAR);
        words + APART + style::cap(VALUE) + FOOT
    }
}

/// The share of the highest number that each shade reaches, lightest first.
const SHADES: [f64; 3] = [0.25, 0.5, 0.75];

/// Fill of a number, and the colour of words on it.
fn shade(value: f64, highest: f64) -> (Colour, Colour) {
    let class = SHADES.iter().filter(|share| value > **share * highest).count();
    (BANDS[class], if class < 2 { INK } else { PAPER })
}

fn draw_tile(canvas: &mut Canvas, province: &Province, area: Area, highest: f64) {
    let point = &province.point;
    let exact = point.readings.first().is_some_and(|reading| reading.qualifier == Qualifier::Exact);
    let shaded = point.state == State::Value && !point.contested() && exact;
    let (fill, words) = if shaded { shade(point.height(), highest) } else { (PAPER, INK) };
    match point.state {
        State::NotReported => dotted(canvas, area),
        State::Value if point.contested() => {
            canvas.outlined(area, RUST, HEAVY);
            canvas.hatch(Area { left: area.right - CORNER, top: area.bottom - CORNER, ..area }.inset(HEAVY), RUST);
            canvas.sign(Sign::Contested);
        }
        State::Value if !exact => {
            canvas.outlined(area, SLATE, HEAVY);
            canvas.sign(Sign::Approximate);
        }
        State::Value => {
            canvas.sign(Sign::Value);
            canvas.rect(area, SLATE);
            canvas.rect(area.inset(LINE), fill);
        }
        _ => canvas.outlined(area, MID, LINE),
    }
    let mut y = area.top + PAD + style::cap(YEAR);
    for line in style::wrap(&province.name, YEAR, area.right - area.left - 2.0 * PAD) {
        canvas.text((area.left + PAD, y), Anchor::Left, YEAR.in_colour(if shaded { words } else { TEXT_2 }), &line);
        y += style::leading(YEAR);
    }
    draw_state(canvas, point, (area.left + PAD, area.bottom - FOOT), words);
}

/// The width of the number of a tile or bar, or of the mark of its state.
fn state_width(point: &Point) -> f64 {
    let figure: Vec<&str> = point.readings.iter().map(|reading| reading.text.as_str()).collect();
    match point.state {
        State::Value if point.contested() => style::width(&figure.join(" "), CONTESTED),
        State::Value => style::width(&figure.join(" "), VALUE.bold()),
        State::Zero => 2.0 * RING.0 + 1.0 + style::width(figure.first().unwrap_or(&"0"), ZERO),
        State::Withheld => CROSSED.0 + 0.4,
        State::NotApplicable => 2.4,
        State::NotReported => 4.2,
    }
}

/// The number of a tile or bar, or the mark of its state, its foot at the left.
fn draw_state(canvas: &mut Canvas, point: &Point, (x, y): (f64, f64), ink: Colour) {
    let middle = y - style::cap(VALUE) / 2.0;
    let figure: Vec<&str> = point.readings.iter().map(|reading| reading.text.as_str()).collect();
    let style: Type = if point.contested() { CONTESTED } else { VALUE.bold().in_colour(ink) };
    match point.state {
        State::Value => canvas.text((x, y), Anchor::Left, style, &figure.join(" ")),
        State::Zero => {
            canvas.sign(Sign::Zero);
            canvas.ring((x + RING.0, middle), RING.0, INK, RING.1);
            canvas.text((x + 2.0 * RING.0 + 1.0, y), Anchor::Left, ZERO, figure.first().unwrap_or(&"0"));
        }
        State::Withheld => canvas.crossed((x + CROSSED.0 / 2.0 + 0.1, middle), CROSSED.0 + 0.3, INK),
        State::NotApplicable => {
            canvas.sign(Sign::NotApplicable);
            canvas.line((x, middle), (x + 2.4, middle), TEXT_2, LINE);
        }
        State::NotReported => canvas.not_reported((x, middle), (x + 4.2, middle)),
    }
}

fn draw_bar(canvas: &mut Canvas, point: &Point, (x, middle): (f64, f64), scale: f64) {
    let foot = middle + style::cap(VALUE) / 2.0;
    if point.state != State::Value {
        return draw_state(canvas, point, (x + 1.0, foot), INK);
    }
    let share = BAR / point.readings.len().max(1) as f64;
    let mut right = x;
    for (index, reading) in point.readings.iter().enumerate() {
        let top = middle - BAR / 2.0 + share * index as f64;
        let area = Area::new(x, top, x + (reading.value * scale).max(0.35), top + share);
        right = right.max(area.right);
        match reading.qualifier {
            _ if point.contested() => {
                canvas.outlined(area, RUST, LINE.min(share / 3.0));
                canvas.hatch(area.inset(LINE), RUST);
            }
            Qualifier::Exact => {
                canvas.rect(area, SLATE);
                canvas.sign(Sign::Value);
            }
            _ => {
                canvas.outlined(area, SLATE, HEAVY);
                canvas.sign(Sign::Approximate);
            }
        }
    }
    draw_state(canvas, point, (right + 1.2, foot), INK);
}

fn dotted(canvas: &mut Canvas, area: Area) {
    let corners = [(area.left, area.top), (area.right, area.top), (area.right, area.bottom), (area.left, area.bottom)];
    for index in 0..4 {
        canvas.dotted(corners[index], corners[(index + 1) % 4], MID);
    }
}

#[cfg(test)]
mod tests {
    use super::super::chart::Reading;
    use super::*;

    fn chart(place: Option<(u32, u32)>, state: State, value: f64) -> Provinces {
        let province = |name: &str, place, state, value: f64| {
            let readings = vec![Reading { value, text: value.to_string(), ..Reading::default() }];
            let readings = if state == State::Withheld { Vec::new() } else { readings };
            let point = Point { from: 2001.0, to: 2002.0, state, readings, stock: false, second: false };
            Province { name: name.into(), place, point }
        };
        let first = province("Hills", place.map(|_| (1, 1)), State::Value, 40.0);
        let provinces = vec![first, province("Lake", place, state, value)];
        Provinces { provinces, of_tiles: "The darker, the more.".into(), of_bars: "By code.".into(), width: 116.0 }
    }

    #[test]
    fn every_tile_and_bar_has_its_number() {
        for place in [None, Some((2, 1))] {
            let svg = provinces(&chart(place, State::Value, 7.0), 220.0).unwrap_or_default().svg;
            assert!(svg.contains(">40</text>") && svg.contains(">7</text>"), "{svg}");
        }
    }

    /// The lines of a name as they are drawn, joined again.
    fn drawn(svg: &str) -> String {
        super::super::proof::words(svg).join(" ")
    }

    #[test]
    fn a_map_begins_at_its_first_tile() {
        let at = |by: u32| {
            let mut chart = chart(Some((2, 1)), State::Value, 7.0);
            chart
                .provinces
                .iter_mut()
                .for_each(|province| province.place = province.place.map(|(c, r)| (c + by, r + by)));
            provinces(&chart, 220.0).unwrap_or_default().svg
        };
        assert_eq!(at(0), at(9));
    }

    #[test]
    fn names_are_drawn_whole_however_narrow_the_tiles() {
        for columns in [2, 5, 10, 24] {
            for name in ["province unknown", "Hills and Lakes of the far North", "Nordprovinzialbezirk", "P 7"] {
                let mut chart = chart(Some((columns, 1)), State::Value, 1234.0);
                chart.provinces[1].name = name.to_owned();
                chart.provinces.push(Province { place: None, ..chart.provinces[1].clone() });
                let svg = provinces(&chart, 220.0).unwrap_or_default().svg;
                assert_eq!(drawn(&svg).matches(name).count(), 2, "{columns}: {svg}");
                assert_eq!(super::super::proof::faults(&svg, None), Vec::<String>::new(), "{columns}: {name}");
            }
        }
    }

    #[test]
    fn tiles_too_narrow_for_their_words_are_bars_and_say_so() {
        let with = |columns| provinces(&chart(Some((columns, 1)), State::Value, 7.0), 220.0).unwrap_or_default().svg;
        assert!(drawn(&with(6)).contains("The darker") && !drawn(&with(6)).contains("By code"));
        assert!(drawn(&with(24)).contains("By code") && !drawn(&with(24)).contains("The darker"));
    }

    #[test]
    fn shades_are_four_and_the_words_on_them_are_seen() {
        let shades = [10.0, 40.0, 60.0, 100.0].map(|value| shade(value, 100.0).0);
        assert_eq!(shades, BANDS);
    }

    #[test]
    fn a_withheld_province_has_a_crossed_square_and_no_shade() {
        let drawn = |value| provinces(&chart(Some((2, 1)), State::Withheld, value), 220.0).unwrap_or_default().svg;
        assert_eq!(drawn(3.0), drawn(4000.0));
    }
}
