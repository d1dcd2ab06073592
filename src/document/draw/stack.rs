//! Parts of a whole stacked over time, each kind with its own fill and its name beside a column, never in a legend.

use anyhow::Result;

use super::area::Area;
use super::axis::{self, Time};
use super::canvas::{Anchor, Canvas};
use super::chart::{Aside, Axis, Point, Reading, Series, State};
use super::columns;
use super::drawing::Drawing;
use super::fit::{fitting, grown};
use super::labels::{self, Label, Room};
use super::marks::{FAR, Mark, Scale};
use super::segments::{Part, Segment, draw_part, fill, inside, sides};
use super::style::{self, SLATE, SMALLEST, TEXT_2, Type, VALUE, YEAR};

/// Space at each side of a column.
const INSET: f64 = 0.25;
/// How far from the middle of its segment a figure beside it may stand.
const NEAR: f64 = 2.2;
/// The name of a kind of segment beside a column.
const KIND: Type = Type { pt: SMALLEST, face: style::Face::Italic, colour: TEXT_2 };

/// How far a total may be lifted from its column.
const HIGHEST: f64 = 60.0;
/// Side of the fill before a name in the line above the chart.
const SWATCH: f64 = 2.4;

/// Ways to draw: the share of the usual height.
const SHARES: [f64; 4] = [1.0, 0.8, 0.6, 0.4];

/// One period.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Start in decimal years.
    pub from: f64,
    /// End in decimal years, not included.
    pub to: f64,
    /// What is known: without segments, a zero, a withheld figure or a gap.
    pub state: State,
    /// The parts that are known, from the baseline up; what is not known is not drawn.
    pub segments: Vec<Segment>,
    /// The total above the segments, as it is printed.
    pub total: Option<String>,
    /// In place of segments, a total that is contested or not exact: each number has the mark that it has in any chart.
    pub readings: Vec<Reading>,
    /// Whether a part of it is withheld: a crossed square under the baseline.
    pub partly_withheld: bool,
}

/// What stacked columns need.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// Names of the kinds of segments, in the order of their fills: "women", "girls", "men", "boys", "sex not stated".
    pub kinds: Vec<String>,
    /// The periods.
    pub columns: Vec<Column>,
    /// Remarks, placed where the chart is free.
    pub asides: Vec<Aside>,
    /// Where something else is counted from then on, with the reason.
    pub breaks: Vec<(f64, String)>,
    /// The years.
    pub axis: Axis,
    /// Width in millimetres.
    pub width: f64,
    /// Height of the tallest column in millimetres.
    pub tallest: f64,
}

/// Draws stacked columns, lower where they would be higher than `tallest`.
///
/// # Errors
/// When Plotters cannot.
pub fn stack(stack: &Stack, tallest: f64) -> Result<Drawing> {
    let drawn = |share| draw(&Stack { tallest: stack.tallest * share, ..stack.clone() });
    grown(tallest, drawn)?.map_or_else(|| fitting(tallest, SHARES, drawn), Ok)
}

fn draw(stack: &Stack) -> Result<Drawing> {
    let mut canvas = Canvas::new(stack.width)?;
    let widest = stack.kinds.iter().map(|kind| style::width(kind, KIND)).fold(0.0, f64::max) + 4.0;
    let tried = [0.0, widest].map(|margin| {
        let time = Time::new(stack.axis, 0.0, stack.width - margin);
        (time, stack.plan(&time))
    });
    let [narrow, wide] = tried;
    // Where not every kind has a place beside a column, all are named in a line above.
    let keyed = !narrow.1.1 && !wide.1.1;
    let (time, (labels, _)) = if narrow.1.1 || keyed { narrow } else { wide };
    let labels = if keyed { stack.figures(&time) } else { labels };
    let head = if keyed { stack.draw_key(&mut canvas) } else { 0.0 };
    let parts = stack.parts(&time);
    let ground = columns::plan(&stack.series(), &time, stack.scale(), areas(&parts, &labels));
    let tops = labels.iter().map(|label| -label.area().top).chain(parts.iter().map(|part| -part.area.top));
    let baseline = head + tops.fold(ground.height(), f64::max) + 0.3;
    for part in &parts {
        draw_part(&mut canvas, part, baseline);
    }
    ground.draw(&mut canvas, baseline);
    labels.iter().for_each(|label| label.draw(&mut canvas, baseline));
    time.write_years(&mut canvas, baseline + ground.depth());
    canvas.finish(baseline + ground.depth() + axis::years_height())
}

fn areas(parts: &[Part], labels: &[Label]) -> Vec<Area> {
    parts.iter().map(|part| part.area).chain(labels.iter().map(Label::area)).collect()
}

impl Stack {
    /// The periods as points without numbers: the baseline, zeros and withheld squares.
    fn series(&self) -> Series {
        let point = |column: &Column| Point {
            from: column.from,
            to: column.to,
            state: column.state,
            readings: column.readings.clone(),
            stock: false,
            second: false,
        };
        let partly = self.columns.iter().filter(|column| column.partly_withheld && column.state != State::Withheld);
        let withheld = partly.map(|column| Point { state: State::Withheld, readings: Vec::new(), ..point(column) });
        let points = self.columns.iter().map(point).chain(withheld).collect();
        Series { points, asides: self.asides.clone(), breaks: self.breaks.clone(), ..Series::default() }
    }

    fn scale(&self) -> Scale {
        let parts = self.columns.iter().map(height).fold(1.0, f64::max);
        let near = self.columns.iter().flat_map(|column| &column.readings).map(|reading| reading.value);
        Scale::to(near.filter(|value| *value <= parts * FAR).fold(parts, f64::max), self.tallest)
    }

    fn parts(&self, time: &Time) -> Vec<Part<'_>> {
        let scale = self.scale().one;
        let mut parts = Vec::new();
        for (index, column) in self.columns.iter().enumerate() {
            let (left, right) = (time.x(column.from) + INSET, time.x(column.to) - INSET);
            let mut foot = 0.0;
            for segment in column.segments.iter().filter(|segment| segment.value > 0.0) {
                let top = foot - segment.value * scale;
                let area = Area::new(left, top.min(foot - 0.3), right.max(left + 1.0), foot);
                foot = area.top;
                parts.push(Part { segment, area, column: index });
            }
        }
        parts
    }

    /// What the words must keep clear of: columns, other marks and the lines of breaks.
    fn room(&self, time: &Time, parts: &[Part]) -> Room {
        let marks = columns::bare(&self.series(), time, self.scale(), |_| SLATE).marks;
        let lines = self.breaks.iter().map(|(at, _)| columns::break_line(time.x(*at), -self.tallest));
        let taken = parts.iter().map(|part| part.area).chain(marks.iter().map(Mark::area)).chain(lines).collect();
        Room { left: 0.0, right: self.width, taken }
    }

    /// Places all words; and whether each kind found a place beside a column.
    fn plan(&self, time: &Time) -> (Vec<Label>, bool) {
        let parts = self.parts(time);
        let mut room = self.room(time, &parts);
        // The figures come first: which of them find room must not depend on how long a language's names are.
        let mut labels = self.label_totals(&parts, &mut room);
        labels.extend(parts.iter().filter_map(|part| figure(part, &mut room)));
        let (names, all) = self.label_kinds(&parts, &mut room);
        labels.extend(names);
        (labels, all)
    }

    /// All figures, where the kinds are named in a line above.
    fn figures(&self, time: &Time) -> Vec<Label> {
        let parts = self.parts(time);
        let mut room = self.room(time, &parts);
        let mut labels = self.label_totals(&parts, &mut room);
        for part in &parts {
            labels.extend(figure(part, &mut room));
        }
        labels
    }

    /// The name of each kind that is drawn, after its fill, in a line above the chart; returns where it ends.
    fn draw_key(&self, canvas: &mut Canvas) -> f64 {
        let (mut x, mut y) = (0.0, style::cap(KIND) + 0.4);
        for (kind, name) in self.kinds.iter().enumerate() {
            let segments = self.columns.iter().flat_map(|column| &column.segments);
            let Some(segment) = segments.into_iter().find(|segment| segment.kind == kind) else { continue };
            let wide = SWATCH + 1.0 + style::width(name, KIND);
            if x > 0.0 && x + wide > self.width {
                (x, y) = (0.0, y + style::leading(KIND) + 0.6);
            }
            let area = Area::new(x, y - SWATCH, x + SWATCH, y);
            draw_part(canvas, &Part { segment, area, column: 0 }, 0.0);
            canvas.text((x + SWATCH + 1.0, y), Anchor::Left, KIND, name);
            x += wide + 4.0;
        }
        y + 2.4
    }

    fn label_totals(&self, parts: &[Part], room: &mut Room) -> Vec<Label> {
        let mut totals = Vec::new();
        for (index, column) in self.columns.iter().enumerate() {
            let last = parts.iter().rfind(|part| part.column == index);
            if let (Some(text), Some(part)) = (&column.total, last) {
                let places = labels::above(part.area, VALUE.bold(), text);
                // Where not even its line finds a free way, the list of figures has it.
                let lifted = || room.lift(places.last()?, HIGHEST);
                let found = room.first_free(places.clone()).or_else(lifted);
                totals.extend(found.map(|label| room.take(label)));
            }
        }
        totals
    }

    /// Names each kind once, beside the fullest and latest column that has room for it.
    fn label_kinds(&self, parts: &[Part], room: &mut Room) -> (Vec<Label>, bool) {
        let mut order: Vec<&Part> = parts.iter().collect();
        order.sort_by(|one, other| {
            let full = |part: &Part| self.columns.get(part.column).map_or(0, |column| column.segments.len());
            full(other).cmp(&full(one)).then(other.column.cmp(&one.column))
        });
        let (mut labels, mut all) = (Vec::new(), true);
        for (kind, name) in self.kinds.iter().enumerate() {
            let mut own: Vec<&&Part> = order.iter().filter(|part| part.segment.kind == kind).collect();
            // What nobody broke down is named where it is all there is.
            own.sort_by_key(|part| part.segment.undivided && self.columns[part.column].segments.len() > 1);
            let own = own.into_iter();
            let found = own.clone().flat_map(|part| sides(part, KIND, name)).find(|label| room.free(label));
            all &= found.is_some() || own.clone().next().is_none();
            let fallback = || own.clone().next().map(|part| room.lift_clear(&sides(part, KIND, name)[0]));
            labels.extend(found.or_else(fallback).map(|label| room.take(label)));
        }
        (labels, all)
    }
}

/// The number that makes the scale: the sum of the parts, or the first-ranked.
fn height(column: &Column) -> f64 {
    let parts: f64 = column.segments.iter().map(|segment| segment.value).sum();
    column.readings.first().map_or(0.0, |reading| reading.value).max(parts)
}

/// The figure of a segment: inside it, else beside it; where there is no room, the table of the chart's data has it.
fn figure(part: &Part, room: &mut Room) -> Option<Label> {
    let style = YEAR.in_colour(fill(part.segment).1);
    if inside(part) {
        let x = f64::midpoint(part.area.left, part.area.right);
        let y = f64::midpoint(part.area.top, part.area.bottom) + style::cap(style) / 2.0;
        return Some(Label::new((x, y), Anchor::Middle, style, &part.segment.text));
    }
    let near = |label: &Label| (label.at.1 - f64::midpoint(part.area.top, part.area.bottom)).abs() < NEAR;
    let places = sides(part, YEAR, &part.segment.text).into_iter().filter(near).collect();
    let found = room.first_free(places)?;
    Some(room.take(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart() -> Stack {
        let segment = |kind, value: f64| Segment { kind, value, text: value.to_string(), ..Segment::default() };
        let column = |from, segments| Column {
            from,
            to: from + 1.0,
            state: State::Value,
            segments,
            total: None,
            readings: Vec::new(),
            partly_withheld: false,
        };
        let columns = vec![
            column(2001.0, vec![segment(0, 60.0), segment(1, 40.0)]),
            column(2003.0, vec![segment(0, 48.0), segment(1, 2.0)]),
        ];
        let axis = Axis { first: 2001, last: 2005 };
        let kinds = vec!["women".to_owned(), "girls".to_owned()];
        Stack { kinds, columns, asides: Vec::new(), breaks: Vec::new(), axis, width: 116.0, tallest: 40.0 }
    }

    #[test]
    fn segments_stand_on_each_other() {
        let stack = chart();
        let parts = stack.parts(&Time::new(stack.axis, 0.0, 100.0));
        let edges: Vec<_> = parts.iter().map(|part| (-part.area.bottom, -part.area.top)).collect();
        assert_eq!(edges[..2], [(0.0, 24.0), (24.0, 40.0)]);
    }

    #[test]
    fn each_kind_is_named_once_and_each_figure_given() {
        let svg = stack(&chart(), 220.0).unwrap_or_default().svg;
        assert_eq!(svg.matches("women").count(), 1);
        assert!(["60", "40", "48"].iter().all(|text| svg.contains(&format!(">{text}</text>"))));
        assert!(svg.contains(">2</text>") && svg.contains(">girls</text>"), "{svg}");
    }
}
