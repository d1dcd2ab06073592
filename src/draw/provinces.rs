//! One figure for each province: tiles where the country declares their places, else bars by code. A tile carries its
//! number or the mark of its state; its shade repeats the number and never stands alone.

use anyhow::Result;

use super::area::Area;
use super::canvas::{Anchor, Canvas};
use super::chart::{Point, Qualifier, State};
use super::marks::CROSSED;
use super::style::{
    self, ASIDE, BANDS, CONTESTED, Colour, HEAVY, INK, LINE, MID, PAPER, ROW, RUST, SLATE, TEXT_2, Type, VALUE, YEAR,
    ZERO,
};

/// The widest and the highest tile, and the space between two.
const TILE: (f64, f64) = (30.0, 15.0);
const GAP: f64 = 1.2;
/// Width of the names beside bars, from bar to bar, and height of a bar.
const NAMES: f64 = 46.0;
const PITCH: f64 = 5.6;
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
    /// The remark under them: their period, and what a shade says.
    pub remark: String,
    /// Width in millimetres.
    pub width: f64,
}

/// Draws tiles or bars.
///
/// # Errors
/// When Plotters cannot.
pub fn provinces(chart: &Provinces) -> Result<String> {
    let mut canvas = Canvas::new(chart.width)?;
    let placed = chart.provinces.iter().any(|province| province.place.is_some());
    let bottom = if placed { chart.draw_tiles(&mut canvas) } else { chart.draw_bars(&mut canvas) };
    let mut y = bottom + 1.6 + style::cap(ASIDE);
    for line in style::wrap(&chart.remark, ASIDE, chart.width) {
        canvas.text((0.0, y), Anchor::Left, ASIDE, &line);
        y += style::leading(ASIDE);
    }
    canvas.finish(y - style::leading(ASIDE) + 1.2)
}

impl Provinces {
    fn highest(&self) -> f64 {
        self.provinces.iter().map(|province| province.point.height()).fold(0.0, f64::max)
    }

    /// Draws a tile at each place, and those without one in rows below; returns where they end.
    fn draw_tiles(&self, canvas: &mut Canvas) -> f64 {
        let placed = || self.provinces.iter().filter_map(|province| province.place);
        let (columns, rows) = (placed().map(|place| place.0).max(), placed().map(|place| place.1).max());
        let (columns, rows) = (columns.unwrap_or(1).max(1), rows.unwrap_or(0));
        let wide = TILE.0.min((self.width + GAP) / f64::from(columns) - GAP);
        let high = TILE.1;
        let (highest, mut further, mut bottom) = (self.highest(), 0, 0.0_f64);
        for province in &self.provinces {
            let (column, row) = province.place.unwrap_or_else(|| {
                further += 1;
                ((further - 1) % columns + 1, rows + 1 + (further - 1) / columns)
            });
            let (left, top) = (f64::from(column - 1) * (wide + GAP), f64::from(row - 1) * (high + GAP));
            draw_tile(canvas, province, Area::new(left, top, left + wide, top + high), highest);
            bottom = bottom.max(top + high);
        }
        bottom
    }

    /// Draws a bar for each province, in the order of their codes; returns where they end.
    fn draw_bars(&self, canvas: &mut Canvas) -> f64 {
        let scale = (self.width - NAMES - NUMBERS) / self.highest().max(1.0);
        let mut y = PITCH / 2.0;
        for province in &self.provinces {
            let lines = style::wrap(&province.name, ROW, NAMES - 2.0);
            let extra = (lines.len().max(1) - 1) as f64 * style::leading(ROW);
            for (index, line) in lines.iter().enumerate() {
                let baseline = y + style::cap(ROW) / 2.0 + index as f64 * style::leading(ROW);
                canvas.text((0.0, baseline), Anchor::Left, ROW, line);
            }
            draw_bar(canvas, &province.point, (NAMES, y + extra / 2.0), scale);
            y += extra + PITCH;
        }
        canvas.line((NAMES, 0.0), (NAMES, y - PITCH / 2.0), INK, LINE);
        y - PITCH / 2.0
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
        State::Value if point.contested() => canvas.outlined(area, RUST, HEAVY),
        State::Value if !exact => canvas.outlined(area, SLATE, HEAVY),
        State::Value => {
            canvas.rect(area, SLATE);
            canvas.rect(area.inset(LINE), fill);
        }
        _ => canvas.outlined(area, MID, LINE),
    }
    let mut y = area.top + 1.2 + style::cap(YEAR);
    for line in style::wrap(&province.name, YEAR, area.right - area.left - 2.4).iter().take(2) {
        canvas.text((area.left + 1.2, y), Anchor::Left, YEAR.in_colour(if shaded { words } else { TEXT_2 }), line);
        y += style::leading(YEAR);
    }
    draw_state(canvas, point, (area.left + 1.2, area.bottom - 1.4), words);
}

/// The number of a tile or bar, or the mark of its state, its foot at the left.
fn draw_state(canvas: &mut Canvas, point: &Point, (x, y): (f64, f64), ink: Colour) {
    let middle = y - style::cap(VALUE) / 2.0;
    let figure: Vec<&str> = point.readings.iter().map(|reading| reading.text.as_str()).collect();
    let style: Type = if point.contested() { CONTESTED } else { VALUE.bold().in_colour(ink) };
    match point.state {
        State::Value => canvas.text((x, y), Anchor::Left, style, &figure.join(" ")),
        State::Zero => {
            canvas.ring((x + RING.0, middle), RING.0, INK, RING.1);
            canvas.text((x + 2.0 * RING.0 + 1.0, y), Anchor::Left, ZERO, figure.first().unwrap_or(&"0"));
        }
        State::Withheld => canvas.crossed((x + CROSSED.0 / 2.0 + 0.1, middle), CROSSED.0 + 0.3, INK),
        State::NotApplicable => canvas.line((x, middle), (x + 2.4, middle), TEXT_2, LINE),
        State::NotReported => canvas.dotted((x, middle), (x + 4.2, middle), MID),
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
            Qualifier::Exact => canvas.rect(area, SLATE),
            _ => canvas.outlined(area, SLATE, HEAVY),
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
        Provinces { provinces, remark: "The darker, the more.".into(), width: 116.0 }
    }

    #[test]
    fn every_tile_and_bar_has_its_number() {
        for place in [None, Some((2, 1))] {
            let svg = provinces(&chart(place, State::Value, 7.0)).unwrap_or_default();
            assert!(svg.contains(">40</text>") && svg.contains(">7</text>"), "{svg}");
        }
    }

    #[test]
    fn shades_are_four_and_the_words_on_them_are_seen() {
        let shades = [10.0, 40.0, 60.0, 100.0].map(|value| shade(value, 100.0).0);
        assert_eq!(shades, BANDS);
    }

    #[test]
    fn a_withheld_province_has_a_crossed_square_and_no_shade() {
        let drawn = |value| provinces(&chart(Some((2, 1)), State::Withheld, value)).unwrap_or_default();
        assert_eq!(drawn(3.0), drawn(4000.0));
    }
}
