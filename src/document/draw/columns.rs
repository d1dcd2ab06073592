//! Points drawn as columns over a baseline on a time axis, with their labels placed: the one drawing that panels,
//! rows and strips share.

use super::area::Area;
use super::axis::{Time, broken};
use super::canvas::{Anchor, Canvas};
use super::chart::{Point, Series, State};
use super::labels::{Label, Room};
use super::marks::{self, Mark, Scale};
use super::sign::Sign;
use super::style::{self, Colour, INK, LINE, MID, SLATE, TEXT_2, YEAR};

/// Height of a bracket's legs, and the lowest place of its foot.
const BRACKET: (f64, f64) = (1.4, 1.6);
/// Length of the arrow at the open end of a bracket, and half its width.
const ARROW: (f64, f64) = (1.0, 0.75);

/// A line over the years of one figure, with an upright at each end that is one: where the axis cuts it off, it stays open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bracket {
    pub(super) area: Area,
    pub(super) open: [bool; 2],
}

impl Bracket {
    /// Over the years of a point, as low as a bracket stands.
    pub(super) fn over(point: &Point, time: &Time) -> Self {
        let (left, right) = (time.x(point.from) + 0.35, time.x(point.to) - 0.35);
        let area = Area::new(left, -BRACKET.1 - BRACKET.0, right, -BRACKET.1);
        Self { area, open: time.cuts(point.from, point.to) }
    }

    /// One that stands in a legend.
    pub(super) fn glyph(open: [bool; 2], (left, right): (f64, f64)) -> Self {
        Self { area: Area::new(left, -BRACKET.1 - BRACKET.0, right, -BRACKET.1), open }
    }

    fn line(&self, y: f64) -> Vec<(f64, f64)> {
        let Area { left, top, right, bottom } = self.area.down(y);
        let [first, last] = self.open.map(|open| if open { top } else { bottom });
        vec![(left, first), (left, top), (right, top), (right, last)]
    }

    /// Draws it over a baseline at `y`, with an open arrow at each end where it goes on.
    pub(super) fn draw(&self, canvas: &mut Canvas, y: f64) {
        let Area { left, top, right, .. } = self.area.down(y);
        canvas.path(&self.line(y), INK, LINE);
        canvas.sign(Sign::Total);
        for (tip, inwards) in
            [(left, 1.0), (right, -1.0)].into_iter().zip(self.open).filter_map(|(end, open)| open.then_some(end))
        {
            let barb = tip + inwards * ARROW.0;
            canvas.path(&[(barb, top - ARROW.1), (tip, top), (barb, top + ARROW.1)], INK, LINE);
            canvas.sign(Sign::Beyond);
        }
    }
}

/// Columns and labels with their places, relative to a baseline at zero.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) marks: Vec<Mark>,
    pub(super) labels: Vec<Label>,
    pub(super) brackets: Vec<Bracket>,
    pub(super) breaks: Vec<(f64, f64)>,
    ground: Vec<(f64, f64, State)>,
    pub(super) room: Room,
    /// Words that stand in the panel whatever is placed.
    pub(super) fixed: Vec<Area>,
    pub(super) time: Time,
}

/// Places the marks of a series without a word, each in the colour `fill` gives it.
#[must_use]
pub fn bare(series: &Series, time: &Time, scale: Scale, fill: impl Fn(&Point) -> Colour) -> Plan {
    let points = sorted(series, time);
    let marks: Vec<Mark> = points.iter().flat_map(|point| marks::marks(point, time, scale, fill(point))).collect();
    let taken = marks.iter().map(Mark::area).collect();
    let spread = points.iter().filter(|point| !point.stock);
    let ground = spread.map(|point| (time.x(point.from), time.x(point.to), point.state)).collect();
    let several = points.iter().filter(|point| bracketed(point));
    let brackets = several.map(|point| Bracket::over(point, time)).collect();
    let room = Room { left: time.left, right: time.edge, taken };
    Plan { marks, labels: Vec::new(), brackets, breaks: Vec::new(), ground, room, fixed: Vec::new(), time: *time }
}

/// Places the marks of a series, its figures, brackets, breaks and asides. `taken` is what else stands in the panel.
#[must_use]
pub fn plan(series: &Series, time: &Time, scale: Scale, taken: Vec<Area>) -> Plan {
    let colour = |point: &Point| if point.second { MID } else { SLATE };
    let mut plan = bare(series, time, scale, colour);
    plan.room.taken.extend(&taken);
    plan.fixed = taken;
    plan.brackets.clear();
    let points = sorted(series, time);
    // No word lies on the line of a break.
    let top = -plan.height();
    // With nothing before it on the axis, nothing changes.
    let within = |at: f64| at > f64::from(time.axis.first) && time.shows(at, at + 0.001);
    let breaks: Vec<&(f64, String)> = series.breaks.iter().filter(|(at, _)| within(*at)).collect();
    plan.room.taken.extend(breaks.iter().map(|(moment, _)| break_line(time.x(*moment), top)));
    plan.label_figures(&points, scale);
    for point in points.iter().filter(|point| bracketed(point)) {
        plan.label_several(point);
    }
    for (moment, words) in &breaks {
        let others = breaks.iter().map(|(other, _)| time.x(*other)).filter(|x| *x != time.x(*moment));
        plan.label_break(time.x(*moment), words, &others.collect::<Vec<_>>());
    }
    for aside in &series.asides {
        plan.label_aside(aside);
    }
    plan
}

/// The points on the axis, tallest first: where periods overlap, the lower stands before the higher.
fn sorted<'a>(series: &'a Series, time: &Time) -> Vec<&'a Point> {
    let mut points: Vec<&Point> =
        series.points.iter().filter(|point| time.shows(point.from, point.to.max(point.from + 0.001))).collect();
    points.sort_by(|one, other| {
        other.height().total_cmp(&one.height()).then(one.from.total_cmp(&other.from)).then(one.to.total_cmp(&other.to))
    });
    points
}

/// Whether a figure is drawn as a bracket over its years.
pub(super) fn bracketed(point: &Point) -> bool {
    point.several_years() && matches!(point.state, State::Value | State::Zero)
}

impl Plan {
    /// How far the plan reaches above its baseline.
    #[must_use]
    pub fn height(&self) -> f64 {
        let areas = self.marks.iter().map(Mark::area).chain(self.labels.iter().map(Label::area));
        areas.chain(self.brackets.iter().map(|bracket| bracket.area)).map(|area| -area.top).fold(0.0, f64::max)
    }

    /// How far marks reach below the baseline.
    #[must_use]
    pub fn depth(&self) -> f64 {
        let withheld = self.marks.iter().any(|mark| matches!(mark, Mark::Crossed(_)));
        if withheld { marks::CROSSED.1 + marks::CROSSED.0 / 2.0 } else { 0.0 }
    }

    /// Whether no mark and no label stands near a rectangle.
    #[must_use]
    pub fn clear(&self, area: &Area) -> bool {
        let areas = self.marks.iter().map(Mark::area).chain(self.labels.iter().map(Label::area));
        areas.into_iter().all(|taken| !taken.meets(area, 1.0))
    }

    /// The number of a grid line, at the end that has no columns; none where both ends have.
    pub(super) fn number(&self, height: f64, text: &str) -> Option<Label> {
        let ends = [(self.time.left, Anchor::Left), (self.time.edge, Anchor::Right)];
        let labels = ends.map(|(x, anchor)| Label::new((x, -height - 0.7), anchor, YEAR, text));
        labels.into_iter().find(|label| self.clear(&label.area()))
    }

    /// A level line at `height` that leaves out labels.
    #[must_use]
    pub fn level(&self, height: f64) -> Vec<(f64, f64)> {
        let words: Vec<Area> = self.labels.iter().map(|label| label.area().inset(-0.4)).collect();
        broken(-height, self.time.left, self.time.edge, &words)
    }

    /// Draws everything over a baseline at `y`.
    pub fn draw(&self, canvas: &mut Canvas, y: f64) {
        self.draw_breaks(canvas, y);
        self.draw_ground(canvas, y, false);
        for mark in &self.marks {
            if let Mark::Column(area, _) = mark {
                self.edge(canvas, *area, y);
            }
            mark.draw(canvas, y);
        }
        self.draw_ground(canvas, y, true);
        self.marks.iter().filter(|mark| matches!(mark, Mark::Ring(..))).for_each(|mark| mark.draw(canvas, y));
        self.brackets.iter().for_each(|bracket| bracket.draw(canvas, y));
        self.labels.iter().for_each(|label| label.draw(canvas, y));
    }

    /// A white edge around a column that stands before a higher one of an overlapping period.
    fn edge(&self, canvas: &mut Canvas, area: Area, y: f64) {
        let behind = |mark: &&Mark| mark.area() != area && mark.area().meets(&area, -0.1);
        if self.marks.iter().take_while(|mark| mark.area() != area).any(|mark| behind(&mark)) {
            canvas.rect(edge_of(area).down(y), style::PAPER);
            canvas.sign(Sign::Within);
        }
    }

    /// The baseline: solid under reported periods, nothing where the question does not arise, dotted elsewhere.
    fn draw_ground(&self, canvas: &mut Canvas, y: f64, solid: bool) {
        let reported = |state: State| !matches!(state, State::NotReported | State::NotApplicable);
        if solid {
            for (left, right, _) in self.ground.iter().filter(|(.., state)| reported(*state)) {
                canvas.line((*left, y), (*right, y), INK, LINE);
            }
            return;
        }
        let kept = self.ground.iter().filter(|(.., state)| *state != State::NotReported);
        let areas: Vec<Area> = kept.map(|(left, right, _)| Area::new(*left, -1.0, *right, 1.0)).collect();
        for (from, to) in broken(0.0, self.time.left, self.time.right, &areas) {
            canvas.not_reported((from, y), (to, y));
        }
        if self.ground.iter().any(|(.., state)| *state == State::NotApplicable) {
            canvas.sign(Sign::NoBaseline);
        }
    }

    fn draw_breaks(&self, canvas: &mut Canvas, y: f64) {
        for (x, top) in &self.breaks {
            canvas.dotted((*x, *top + y), (*x, -0.6 + y), TEXT_2);
        }
    }
}

/// What the line of a break takes.
pub(super) fn break_line(x: f64, top: f64) -> Area {
    Area::new(x - 0.2, top, x + 0.2, 0.0)
}

/// The white edge around a column that stands before another.
fn edge_of(area: Area) -> Area {
    Area { bottom: area.bottom, ..area.inset(-0.25) }
}

/// A column before a longer one, for a legend.
pub(super) fn draw_within(canvas: &mut Canvas, (middle, foot): (f64, f64)) {
    let (behind, before) =
        (Area::new(middle - 1.7, -2.7, middle + 1.7, 0.0), Area::new(middle - 1.2, -1.5, middle + 0.4, 0.0));
    Mark::Column(behind, SLATE).draw(canvas, foot);
    canvas.rect(edge_of(before).down(foot), style::PAPER);
    canvas.sign(Sign::Within);
    Mark::Column(before, SLATE).draw(canvas, foot);
}

/// A stretch without a baseline between two dotted ones, for a legend.
pub(super) fn draw_gap(canvas: &mut Canvas, (left, right): (f64, f64), y: f64) {
    canvas.dotted((left, y), (left + 1.6, y), MID);
    canvas.dotted((right - 1.6, y), (right, y), MID);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::draw::chart::Axis;

    #[test]
    fn a_bracket_stays_open_where_the_axis_cuts_it_off() {
        let time = Time::whole(Axis { first: 2005, last: 2010 }, 0.0, 60.0);
        let uprights = |from, to| {
            let point = Point { from, to, state: State::Value, readings: Vec::new(), stock: false, second: false };
            let line = Bracket::over(&point, &time).line(0.0);
            [line[0].1 > line[1].1, line[3].1 > line[2].1]
        };
        assert_eq!(uprights(2005.0, 2011.0), [true, true]);
        assert_eq!(uprights(2001.5, 2008.0), [false, true]);
        assert_eq!(uprights(2007.0, 2012.0), [true, false]);
        assert_eq!(uprights(2001.0, 2012.0), [false, false]);
    }
}
