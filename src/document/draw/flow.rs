//! Where people came from: a band for each country, as wide as its count, all leading to one. What has no size (a withheld
//! figure, a zero) has a mark of its own and no width. Counts of unlike periods cannot be compared by the eye: they stand in a
//! table, with their periods.

use anyhow::Result;

use super::area::Area;
use super::canvas::{Anchor, Canvas};
use super::chart::{Point, Qualifier, Reading, State};
use super::drawing::Drawing;
use super::fit::fitting;
use super::marks::CROSSED;
use super::sign::Sign;
use super::style::{self, CONTESTED, FOG, HAIR, HEAD, HEAVY, INK, LINE, PAPER, RUST, SLATE, Type, VALUE, YEAR, ZERO};

/// The most that names take at the left, the space after them, and that at the right for the name of the country.
const NAMES: (f64, f64) = (46.0, 4.0);
const TARGET: f64 = 26.0;
/// Width of the bar at which all bands end.
const BAR: f64 = 1.4;
/// How far a band runs level before it bends, and before it ends.
const LEVEL: (f64, f64) = (9.0, 5.0);
/// Space between two bands at either end.
const BETWEEN: (f64, f64) = (3.4, 1.0);
/// The least width of a band, so that a figure never vanishes.
const LEAST: f64 = 0.35;
/// Radius and stroke of a ring, and length of the arrow of a bound.
const RING: (f64, f64) = (0.95, 0.35);
const ARROW: f64 = 3.0;
/// Steps of a bend.
const STEPS: usize = 24;
/// Ways to draw, the most generous first: width of the widest band, and whether a period shares the line of its figure.
const WAYS: [(f64, bool); 4] = [(20.0, false), (12.0, false), (12.0, true), (6.0, true)];

/// In the table: the shares of the width where figures and periods begin, the space between columns, and over and under a row.
const COLUMNS: (f64, f64) = (0.4, 0.62);
const BESIDE: f64 = 2.0;
const ROW: f64 = 1.2;

/// What came from one country.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// The country, and what part of its count this is.
    pub name: String,
    /// What is known; only `period` places it in time.
    pub point: Point,
    /// The state in words, where there is no number.
    pub state: String,
    /// The period as it is printed.
    pub period: String,
    /// Its sources: "source 65".
    pub marks: String,
}

/// What a flow chart needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// The streams from top to bottom.
    pub streams: Vec<Stream>,
    /// The country to which they lead.
    pub to: String,
    /// Width in millimetres.
    pub width: f64,
}

/// Draws a flow chart, lower where it would be higher than `tallest`; a table where periods differ.
///
/// # Errors
/// When Plotters cannot.
pub fn flow(flow: &Flow, tallest: f64) -> Result<Drawing> {
    if flow.streams.iter().any(|stream| stream.period != flow.streams[0].period) {
        return flow.table();
    }
    fitting(tallest, WAYS, |(widest, close)| flow.draw(widest, close))
}

impl Stream {
    /// The readings that have a width, each with it.
    fn widths(&self, scale: f64) -> Vec<(&Reading, f64)> {
        if self.point.state != State::Value {
            return Vec::new();
        }
        let sized = self.point.readings.iter().filter(|reading| reading.value > 0.0);
        sized.map(|reading| (reading, (reading.value * scale).max(LEAST))).collect()
    }

    fn width(&self, scale: f64) -> f64 {
        self.widths(scale).iter().map(|(_, width)| width).sum()
    }

    /// Its number, or its state in words.
    fn figure(&self) -> (Type, String) {
        let words: Vec<&str> = self.point.readings.iter().map(|reading| reading.text.as_str()).collect();
        match self.point.state {
            State::Zero => (ZERO, words.first().map_or("0", |zero| *zero).to_owned()),
            State::Value if self.point.contested() => (CONTESTED, words.join(" ")),
            State::Value => (VALUE.bold(), words.join(" ")),
            _ => (YEAR, self.state.clone()),
        }
    }

    /// The lines beside the stream, from the top.
    fn lines(&self, close: bool) -> Vec<(Type, String)> {
        let room = NAMES.0;
        let (style, figure) = self.figure();
        let joined = format!("{figure} · {}", self.period);
        let parts = if close && style::width(&joined, style) <= room {
            vec![(HEAD, self.name.clone()), (style, joined)]
        } else {
            vec![(HEAD, self.name.clone()), (style, figure), (YEAR, self.period.clone())]
        };
        let wrapped =
            |(style, text): (Type, String)| style::wrap(&text, style, room).into_iter().map(move |l| (style, l));
        parts.into_iter().flat_map(wrapped).collect()
    }
}

fn words_height(lines: &[(Type, String)]) -> f64 {
    lines.iter().map(|(style, _)| style::leading(*style)).sum()
}

impl Flow {
    fn draw(&self, widest: f64, close: bool) -> Result<Drawing> {
        let mut canvas = Canvas::new(self.width)?;
        let names = self.streams.iter().flat_map(|stream| stream.lines(close));
        let left = names.map(|(style, line)| style::width(&line, style)).fold(0.0, f64::max) + NAMES.1;
        let most = self.streams.iter().map(|stream| stream.width(1.0)).fold(0.0, f64::max);
        let scale = if most > 0.0 { widest / most } else { 0.0 };
        let lines: Vec<_> = self.streams.iter().map(|stream| stream.lines(close)).collect();
        let slots: Vec<f64> = self
            .streams
            .iter()
            .zip(&lines)
            .map(|(stream, lines)| stream.width(scale).max(words_height(lines)))
            .collect();
        let height = slots.iter().sum::<f64>() + BETWEEN.0 * slots.len().saturating_sub(1) as f64;
        let joined: f64 = self.streams.iter().map(|stream| stream.width(scale)).sum();
        let gaps = BETWEEN.1 * self.streams.len().saturating_sub(1) as f64;
        let bar =
            Area::new(self.end(), (height - joined - gaps) / 2.0, self.end() + BAR, (height + joined + gaps) / 2.0);
        let (mut top, mut place) = (0.0, bar.top);
        for ((stream, lines), slot) in self.streams.iter().zip(&lines).zip(&slots) {
            write(&mut canvas, lines, top + (slot - words_height(lines)) / 2.0);
            let wide = stream.width(scale);
            self.draw_stream(&mut canvas, stream, scale, ((left, top + slot / 2.0), place + wide / 2.0));
            top += slot + BETWEEN.0;
            place += wide + BETWEEN.1;
        }
        canvas.rect(Area { top: bar.top - 1.2, bottom: bar.bottom + 1.2, ..bar }, INK);
        self.write_target(&mut canvas, f64::midpoint(bar.top, bar.bottom));
        canvas.finish(height.max(bar.bottom + 1.2) + 0.6)
    }

    /// A row for each country: its name, its count, its period and its sources.
    fn table(&self) -> Result<Drawing> {
        let mut canvas = Canvas::new(self.width)?;
        let edges = [0.0, COLUMNS.0, COLUMNS.1].map(|share| (share * self.width).round());
        let mut top = 0.0;
        for stream in &self.streams {
            let mut foot = top + ROW;
            let (style, figure) = stream.figure();
            let cells = [(VALUE.bold(), &stream.name), (style, &figure), (VALUE, &stream.period)];
            for (at, (style, text)) in cells.into_iter().enumerate() {
                let right = edges.get(at + 1).copied().unwrap_or(self.width);
                foot = foot.max(column(&mut canvas, (style, text), (edges[at], top + ROW), right - edges[at] - BESIDE));
            }
            foot = foot.max(column(&mut canvas, (YEAR, &stream.marks), (edges[2], foot), self.width - edges[2]));
            top = foot + ROW;
            canvas.line((0.0, top), (self.width, top), FOG, HAIR);
        }
        canvas.finish(top.max(1.0))
    }

    fn end(&self) -> f64 {
        self.width - TARGET
    }

    /// Draws what came from one country: from its place on the left to a height on the right.
    fn draw_stream(&self, canvas: &mut Canvas, stream: &Stream, scale: f64, (start, to): ((f64, f64), f64)) {
        let from = start.1;
        match stream.point.state {
            State::Withheld => canvas.crossed((start.0 + CROSSED.0 / 2.0, from), CROSSED.0, INK),
            State::Zero => {
                canvas.ring((start.0 + RING.0, from), RING.0, INK, RING.1);
                canvas.sign(Sign::Zero);
            }
            State::NotApplicable => {}
            State::NotReported => canvas.not_reported(start, (start.0 + LEVEL.0, from)),
            State::Value => self.draw_bands(canvas, stream, scale, (start, to)),
        }
    }

    /// The bands of one country, one for each of its figures.
    fn draw_bands(&self, canvas: &mut Canvas, stream: &Stream, scale: f64, (start, to): ((f64, f64), f64)) {
        let whole = stream.width(scale);
        let mut above = 0.0;
        for (reading, wide) in stream.widths(scale) {
            let middle = above + wide / 2.0 - whole / 2.0;
            let (start, end) = ((start.0, start.1 + middle), (self.end(), to + middle));
            above += wide;
            let (contested, exact) = (stream.point.contested(), reading.qualifier == Qualifier::Exact);
            let colour = if contested { RUST } else { SLATE };
            let area = band(start, end, wide);
            if exact && !contested || wide < 2.0 * HEAVY {
                canvas.polygon(&area, colour);
                canvas.sign(if contested { Sign::Contested } else { Sign::Value });
            } else {
                canvas.polygon(&area, PAPER);
                let (upper, lower) = area.split_at(area.len() / 2);
                let edge: Vec<(f64, f64)> = lower.iter().chain(upper).copied().collect();
                canvas.path(&edge, colour, HEAVY);
                if !exact && !contested {
                    canvas.sign(Sign::Approximate);
                }
            }
            if contested {
                let level = Area::new(start.0, start.1 - wide / 2.0, start.0 + LEVEL.0, start.1 + wide / 2.0);
                canvas.hatch(level.inset(HEAVY.min(wide / 2.0)), RUST);
            }
            draw_bound(canvas, reading.qualifier, (start.0 + LEVEL.0 / 2.0, start.1 - wide / 2.0), colour);
        }
    }

    fn write_target(&self, canvas: &mut Canvas, middle: f64) {
        let lines = style::wrap(&self.to, HEAD, TARGET - BAR - 2.0);
        let mut y = middle + style::cap(HEAD) / 2.0 - (lines.len().max(1) - 1) as f64 * style::leading(HEAD) / 2.0;
        for line in lines {
            canvas.text((self.end() + BAR + 2.0, y), Anchor::Left, HEAD, &line);
            y += style::leading(HEAD);
        }
    }
}

/// An open arrow at the edge of a band: outwards for at least, inwards for at most.
fn draw_bound(canvas: &mut Canvas, qualifier: Qualifier, (x, edge): (f64, f64), colour: style::Colour) {
    let (foot, tip, sign) = match qualifier {
        Qualifier::AtLeast => (edge, edge - ARROW, Sign::AtLeast),
        Qualifier::AtMost => (edge - ARROW, edge, Sign::AtMost),
        Qualifier::Exact | Qualifier::Approximate => return,
    };
    canvas.sign(sign);
    let barb = tip + 0.95 * (foot - tip).signum();
    canvas.line((x, foot), (x, tip), colour, LINE);
    canvas.path(&[(x - 0.75, barb), (x, tip), (x + 0.75, barb)], colour, LINE);
}

/// Writes a text in lines from `top` on and returns where they end.
fn column(canvas: &mut Canvas, (style, text): (Type, &str), (left, top): (f64, f64), room: f64) -> f64 {
    let mut y = top;
    for line in style::wrap(text, style, room) {
        canvas.text((left, y + style::cap(style) + 0.5), Anchor::Left, style, &line);
        y += style::leading(style);
    }
    y
}

fn write(canvas: &mut Canvas, lines: &[(Type, String)], top: f64) {
    let mut y = top;
    for (style, line) in lines {
        canvas.text((0.0, y + style::cap(*style) + 0.5), Anchor::Left, *style, line);
        y += style::leading(*style);
    }
}

/// A line that runs level, bends and runs level again.
fn bend(start: (f64, f64), end: (f64, f64)) -> Vec<(f64, f64)> {
    let (left, right) = (start.0 + LEVEL.0, end.0 - LEVEL.1);
    let step = |index: usize| {
        let share = index as f64 / STEPS as f64;
        let eased = share * share * (3.0 - 2.0 * share);
        (left + (right - left) * share, start.1 + (end.1 - start.1) * eased)
    };
    std::iter::once(start).chain((0..=STEPS).map(step)).chain([end]).collect()
}

/// A bend with a width.
fn band(start: (f64, f64), end: (f64, f64), wide: f64) -> Vec<(f64, f64)> {
    let middle = bend(start, end);
    let upper = middle.iter().map(|(x, y)| (*x, y - wide / 2.0));
    let lower = middle.iter().rev().map(|(x, y)| (*x, y + wide / 2.0));
    upper.chain(lower).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(state: State, value: f64, years: f64) -> Stream {
        let readings = vec![Reading { value, text: value.to_string(), ..Reading::default() }];
        let point = Point { from: 2001.0, to: 2001.0 + years, state, readings, stock: false, second: false };
        Stream { name: "Abroad".into(), point, state: String::new(), period: "2001".into(), marks: "source 1".into() }
    }

    #[test]
    fn bands_are_as_wide_as_their_counts() {
        assert_eq!(stream(State::Value, 40.0, 1.0).width(0.5), 20.0);
        assert_eq!(stream(State::Value, 0.1, 1.0).width(0.5), LEAST);
        for (state, years) in [(State::Withheld, 1.0), (State::Zero, 1.0), (State::NotReported, 6.0)] {
            assert_eq!(stream(state, 40.0, years).width(0.5), 0.0, "{state:?} has no width");
        }
    }

    #[test]
    fn counts_of_unlike_periods_are_a_table_and_no_bands() {
        let drawn = |period: &str| {
            let other = Stream { period: period.to_owned(), ..stream(State::Value, 600.0, 11.0) };
            let streams = vec![stream(State::Value, 195.0, 1.0), other];
            flow(&Flow { streams, to: "Home".into(), width: 116.0 }, 220.0).unwrap_or_default()
        };
        let (alike, unlike) = (drawn("2001"), drawn("2008 to 2018"));
        assert!(alike.signs.contains(&Sign::Value) && alike.svg.contains("<polygon"));
        assert!(unlike.signs.is_empty() && !unlike.svg.contains("<polygon") && !unlike.svg.contains("Home"));
        let words = super::super::proof::words(&unlike.svg);
        assert_eq!(words, ["Abroad", "195", "2001", "source 1", "Abroad", "600", "2008 to 2018", "source 1"]);
    }

    #[test]
    fn what_is_withheld_changes_no_scale() {
        let drawn = |withheld: f64| {
            let streams = vec![stream(State::Value, 40.0, 1.0), stream(State::Withheld, withheld, 1.0)];
            flow(&Flow { streams, to: "Home".into(), width: 116.0 }, 220.0).unwrap_or_default().svg
        };
        assert!(drawn(3.0).contains("Home"));
        assert_eq!(drawn(3.0), drawn(4000.0));
    }
}
