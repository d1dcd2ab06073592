//! Points drawn as columns over a baseline on a time axis, with their labels placed: the one drawing that panels,
//! rows and strips share.

use super::area::Area;
use super::axis::{Time, broken};
use super::canvas::Canvas;
use super::chart::{Point, Series, State};
use super::labels::{Label, Room};
use super::marks::{self, Mark};
use super::style::{self, Colour, INK, LINE, MID, SLATE, TEXT_2};

/// Height of a bracket's legs, and the lowest place of its foot.
pub(super) const BRACKET: (f64, f64) = (1.4, 1.6);

/// Columns and labels with their places, relative to a baseline at zero.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) marks: Vec<Mark>,
    pub(super) labels: Vec<Label>,
    pub(super) brackets: Vec<Area>,
    pub(super) breaks: Vec<(f64, f64)>,
    ground: Vec<(f64, f64, State)>,
    pub(super) room: Room,
    pub(super) time: Time,
}

/// Places the marks of a series without a word, each in the colour `fill` gives it.
#[must_use]
pub fn bare(series: &Series, time: &Time, scale: f64, fill: impl Fn(&Point) -> Colour) -> Plan {
    let points = sorted(series, time);
    let marks: Vec<Mark> = points.iter().flat_map(|point| marks::marks(point, time, scale, fill(point))).collect();
    let taken = marks.iter().map(Mark::area).collect();
    let spread = points.iter().filter(|point| !point.stock);
    let ground = spread.map(|point| (time.x(point.from), time.x(point.to), point.state)).collect();
    let several = points.iter().filter(|point| bracketed(point));
    let brackets = several.map(|point| bracket(time.x(point.from), time.x(point.to), BRACKET.1)).collect();
    let room = Room { left: time.left, right: time.edge, taken };
    Plan { marks, labels: Vec::new(), brackets, breaks: Vec::new(), ground, room, time: *time }
}

/// Places the marks of a series, its figures, brackets, breaks and asides. `taken` is what else stands in the panel.
#[must_use]
pub fn plan(series: &Series, time: &Time, scale: f64, taken: Vec<Area>) -> Plan {
    let colour = |point: &Point| if point.second { MID } else { SLATE };
    let mut plan = bare(series, time, scale, colour);
    plan.room.taken.extend(taken);
    plan.brackets.clear();
    let points = sorted(series, time);
    plan.label_figures(&points, scale);
    for point in points.iter().filter(|point| bracketed(point)) {
        plan.label_several(point);
    }
    for (moment, words) in &series.breaks {
        plan.label_break(time.x(*moment), words);
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

pub(super) fn bracket(left: f64, right: f64, foot: f64) -> Area {
    Area::new(left + 0.35, -foot - BRACKET.0, right - 0.35, -foot)
}

impl Plan {
    /// How far the plan reaches above its baseline.
    #[must_use]
    pub fn height(&self) -> f64 {
        let areas = self.marks.iter().map(Mark::area).chain(self.labels.iter().map(Label::area));
        areas.chain(self.brackets.iter().copied()).map(|area| -area.top).fold(0.0, f64::max)
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
        for area in &self.brackets {
            let Area { left, top, right, bottom } = area.down(y);
            canvas.path(&[(left, bottom), (left, top), (right, top), (right, bottom)], INK, LINE);
        }
        self.labels.iter().for_each(|label| label.draw(canvas, y, &self.labels));
    }

    /// A white edge around a column that stands before a higher one of an overlapping period.
    fn edge(&self, canvas: &mut Canvas, area: Area, y: f64) {
        let behind = |mark: &&Mark| mark.area() != area && mark.area().meets(&area, -0.1);
        if self.marks.iter().take_while(|mark| mark.area() != area).any(|mark| behind(&mark)) {
            let edge = Area { bottom: area.bottom, ..area.inset(-0.25) };
            canvas.rect(edge.down(y), style::PAPER);
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
            canvas.dotted((from, y), (to, y), MID);
        }
    }

    fn draw_breaks(&self, canvas: &mut Canvas, y: f64) {
        for (x, top) in &self.breaks {
            let words: Vec<Area> = self.labels.iter().map(|label| label.area().inset(-0.3).turned()).collect();
            for (from, to) in broken(*x, *top, -0.6, &words) {
                canvas.dotted((*x, from + y), (*x, to + y), TEXT_2);
            }
        }
    }
}
