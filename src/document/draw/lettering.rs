//! Where the words of columns go: figures over their columns, brackets over several years, breaks and asides.

use super::area::Area;
use super::axis::broken;
use super::canvas::Anchor;
use super::chart::{Aside, Point};
use super::columns::{self, Bracket, Plan};
use super::labels::{self, ABOVE, Label, Room};
use super::marks::{self, Mark, Scale};
use super::style::{self, ASIDE, CONTESTED, SLATE, SMALLEST, Type, VALUE, YEAR, ZERO};

/// How far a single figure may be lifted before the whole row is rather read upwards.
const CROWDED: f64 = 3.4;
/// How many figures in the way of each other make a row crowded.
const MANY: usize = 3;
/// How far a figure that is read upwards may be lifted: no line joins it to its mark.
const UPWARDS: f64 = 3.0;
/// The least space between two figures read upwards.
const CLOSE: f64 = 0.3;
/// How far the words of a break stand lower at each try.
const STEP: f64 = 0.5;
/// How far words may be lifted from their mark.
const HIGHEST: f64 = 60.0;
/// How many figures a row must have to be read upwards.
const LONG: usize = 8;
/// The lowest place of an aside: the baseline of its last line over the baseline of the panel.
const LOW: f64 = 1.8;
/// Half-millimetre steps by which an aside may rise: in a free stretch, and where it belongs to a moment.
const NEAR: u32 = 12;
const HIGH: u32 = 160;
impl Plan {
    pub(super) fn label_figures(&mut self, points: &[&Point], scale: Scale) {
        let (mut worded, mut plain) = (Vec::new(), Vec::new());
        let many_stocks = points.iter().filter(|point| point.stock).count() > LONG;
        for &point in points.iter().filter(|point| !point.several_years()) {
            let marks = marks::marks(point, &self.time, scale, SLATE);
            let in_words = matches!(marks[..], [Mark::Bound(..) | Mark::Open(..) | Mark::Stem(_, true, _)]);
            if point.contested() || in_words || point.stock && !many_stocks && !marks.is_empty() {
                worded.push((point, marks));
            } else if let [mark @ (Mark::Column(..) | Mark::Ring(..) | Mark::Stem(..))] = marks[..] {
                plain.push((mark, point));
            }
        }
        let unlettered = self.room.clone();
        self.label_worded(worded);
        self.label_plain(plain);
        self.untangle(unlettered);
        self.leave_out_struck();
    }

    /// Leaves out each figure that finds no free place, or whose line no free way, to its mark: the list of figures has it.
    /// Words in the colour of their contested marks stand without a line.
    fn leave_out_struck(&mut self) {
        let fixed = |label: &Label| {
            let line = label.leader();
            line.is_some_and(|line| self.fixed.iter().any(|word| word.meets(&line, 0.1)))
        };
        let struck: Vec<bool> = self.labels.iter().map(fixed).collect();
        let mut kept = struck.iter();
        self.labels
            .retain(|label| !kept.next().is_some_and(|struck| *struck) || label.style.colour == CONTESTED.colour);
        while let Some(at) = (0..self.labels.len()).find(|at| self.labels[*at].strikes(&self.labels)) {
            if self.labels[at].style.colour == CONTESTED.colour {
                self.labels[at].lifted = 0.0;
            } else {
                self.labels.remove(at);
            }
        }
    }

    /// Figures that contest each other, and figures in words, each around its mark: in the order, of a few, in which they
    /// are least in each other's way.
    fn label_worded(&mut self, mut worded: Vec<(&Point, Vec<Mark>)>) {
        let mut orders = vec![worded.clone()];
        worded.sort_by(|one, other| one.0.from.total_cmp(&other.0.from));
        orders.push(worded.clone());
        worded.reverse();
        orders.push(worded);
        let tried = orders.into_iter().map(|order| {
            let mut room = self.room.clone();
            let labels: Vec<Label> =
                order.iter().flat_map(|(point, marks)| place_worded(&mut room, point, marks)).collect();
            let cost: f64 = labels.iter().map(|label| label.lifted).sum();
            (cost, room, labels)
        });
        if let Some((_, room, labels)) = tried.min_by(|one, other| one.0.total_cmp(&other.0)) {
            self.room = room;
            self.labels.extend(labels);
        }
    }

    /// Figures above their columns; when too many are in each other's way, all of them read upwards. Where not even that
    /// leaves room for all, those that matter most are placed as far as there is room.
    fn label_plain(&mut self, plain: Vec<(Mark, &Point)>) {
        let mut plain = self.label_within(plain);
        plain.sort_by(|one, other| one.0.area().top.total_cmp(&other.0.area().top));
        let mut room = self.room.clone();
        let mut crowded = 0;
        let mut placed = Vec::new();
        for (mark, point) in &plain {
            let places = figure(mark, point);
            let lift = || places.last().and_then(|label| room.lift(label, CROWDED));
            let beside = || room.first_free(labels::beside(mark.area(), VALUE, words(point)));
            let found = room.first_free(places.clone()).or_else(lift).or_else(beside);
            crowded += usize::from(found.is_none());
            let label = found.or_else(|| places.last().map(|label| room.lift_clear(label)));
            placed.extend(label.map(|label| room.take(label)));
        }
        if crowded >= MANY && plain.len() >= LONG {
            room = self.room.clone();
            placed = if self.time.year() < style::cap(YEAR) + CLOSE {
                sparse(&mut room, &plain)
            } else {
                let upwards = plain.iter().map(|(mark, point)| read_upwards(mark, point));
                upwards.filter_map(|label| Some(room.take(room.lift(&label, UPWARDS)?))).collect()
            };
        }
        self.room = room;
        self.labels.extend(placed);
    }

    /// A bracket over the years of a figure with its words above, as low as both are free.
    pub(super) fn label_several(&mut self, point: &Point) {
        let style = if point.contested() { CONTESTED } else { VALUE };
        let lowest = Bracket::over(point, &self.time);
        let middle = f64::midpoint(lowest.area.left, lowest.area.right);
        let ways = (0..120).flat_map(|step| {
            let area = lowest.area.down(f64::from(step) * -0.5);
            let ends = [(middle, Anchor::Middle), (area.right, Anchor::Right), (area.left, Anchor::Left)];
            ends.map(|(x, anchor)| (area, over(point, (x, area.top - 0.7), anchor, style)))
        });
        let free = |(area, labels): &(Area, Vec<Label>)| {
            self.room.taken.iter().all(|taken| !taken.meets(area, 0.3))
                && labels.iter().all(|label| self.room.free(label))
        };
        let (area, labels) = ways.into_iter().find(free).unwrap_or((lowest.area, Vec::new()));
        self.room.taken.push(area);
        self.brackets.push(Bracket { area, ..lowest });
        for label in labels {
            let label = self.room.take(label);
            self.labels.push(label);
        }
    }

    /// Two words at the head of the dotted line of a break, to its right or left.
    /// None lies over the line of one of the `others`.
    pub(super) fn label_break(&mut self, x: f64, words: &str, others: &[f64]) {
        let top = -self.height();
        let beside = |y: f64| {
            [((x + 0.9, y), Anchor::Left), ((x - 0.9, y), Anchor::Right)]
                .map(|(at, anchor)| Label::new(at, anchor, ASIDE, words))
        };
        // The line goes as high as its words: these stand lower where other words are in its way.
        let clear = |label: &Label| {
            let line = columns::break_line(x, label.area().top);
            let met = |other: &Label| {
                other.area().meets(&line, 0.2) || other.leader().is_some_and(|way| way.meets(&line, 0.1))
            };
            let area = label.area();
            let over = |other: &f64| area.left - 0.2 < *other && *other < area.right + 0.2;
            self.room.free(label) && !over(&x) && !self.labels.iter().any(met) && !others.iter().any(over)
        };
        let lifted =
            || beside(top).into_iter().filter_map(|label| self.room.lift(&label, HIGHEST)).map(Label::unjoined);
        let lower = || (0..((-top - LOW) / STEP).max(0.0) as u32).flat_map(|step| beside(top + STEP * f64::from(step)));
        let found = beside(top).into_iter().chain(lifted()).chain(lower()).find(clear);
        let Some(label) = found else {
            // Without room for its words, the line ends under what is in its way.
            let line = columns::break_line(x, top);
            let met = self.labels.iter().map(Label::area).filter(|area| area.meets(&line, 0.2));
            self.breaks.push((x, met.map(|area| area.bottom + 0.4).fold(top, f64::max)));
            return;
        };
        self.breaks.push((x, label.area().top - 0.2));
        self.room.taken.push(columns::break_line(x, label.area().top));
        let label = self.room.take(label);
        self.labels.push(label);
    }

    /// An aside from its own moment on, or in a free stretch: as low as possible, in one line or more.
    pub(super) fn label_aside(&mut self, aside: &Aside) {
        let whole = style::width(&aside.text, ASIDE) + 0.1;
        let ways = [whole, whole * 0.62, whole * 0.4].map(|room| style::wrap(&aside.text, ASIDE, room));
        let right = (self.time.edge, Anchor::Right);
        let mut starts: Vec<((f64, Anchor), u32)> = Vec::new();
        match aside.at {
            Some(moment) => starts.push(((self.time.x(moment), Anchor::Left), HIGH)),
            None => starts.extend(self.stretches().into_iter().map(|start| ((start, Anchor::Left), NEAR))),
        }
        let end = self.room.taken.iter().map(|area| area.right).fold(self.time.left, f64::max);
        if aside.at.is_none() && end < self.time.edge - self.time.year() {
            starts.insert(1.min(starts.len()), (right, NEAR * 2));
        }
        starts.push((right, HIGH));
        let tried = starts.iter().flat_map(|&(start, limit)| {
            ways.iter().flat_map(move |lines| (0..limit).map(move |step| block(lines, start, step)))
        });
        let found = tried.into_iter().find(|labels| labels.iter().all(|label| self.room.free(label)));
        for label in found.unwrap_or_default() {
            let label = self.room.take(label);
            self.labels.push(label);
        }
    }

    /// Where stretches without a mark begin: after the last mark, then in the widest gap, then in the others.
    fn stretches(&self) -> Vec<f64> {
        let marks: Vec<Area> = self.room.taken.iter().map(|area| Area { top: -1.0, bottom: 1.0, ..*area }).collect();
        let mut gaps = broken(0.0, self.time.left, self.time.edge, &marks);
        let last = |gap: &(f64, f64)| gap.1 >= self.time.edge - 0.01;
        gaps.sort_by(|one, other| last(other).cmp(&last(one)).then((other.1 - other.0).total_cmp(&(one.1 - one.0))));
        gaps.into_iter().map(|(from, _)| if from > self.time.left { from + 1.4 } else { from }).collect()
    }
}

/// The words of one point around its marks, the highest first.
fn place_worded(room: &mut Room, point: &Point, marks: &[Mark]) -> Vec<Label> {
    let style = if point.contested() { CONTESTED } else { VALUE };
    let areas = marks.iter().map(Mark::area);
    let group = areas.reduce(|one, other| {
        Area::new(one.left.min(other.left), one.top.min(other.top), one.right.max(other.right), 0.0)
    });
    let Some(group) = group else { return Vec::new() };
    // Figures that contest each other are read as one: their order gives the rank, not their position.
    let words: Vec<&str> = point.readings.iter().map(|reading| reading.text.as_str()).collect();
    let area = if point.contested() { group } else { marks[0].area() };
    let mut places = labels::around(area, group, style, &words.join(" "));
    let above = places.clone();
    if point.stock && !point.contested() {
        places.rotate_right(2);
    }
    let placed = room
        .first_free(places)
        .or_else(|| room.least_lifted(&above, HIGHEST))
        .or_else(|| above.first().map(|label| room.lift_clear(label)));
    placed.map(|label| room.take(label)).into_iter().collect()
}

/// As many figures as stand free over their marks: the last, the first, zeros, then from the highest down.
fn sparse(room: &mut Room, plain: &[(Mark, &Point)]) -> Vec<Label> {
    let moment = |at: usize| plain[at].1.from;
    let last = (0..plain.len()).max_by(|one, other| moment(*one).total_cmp(&moment(*other)));
    let first = (0..plain.len()).min_by(|one, other| moment(*one).total_cmp(&moment(*other)));
    let zeros = (0..plain.len()).filter(|at| matches!(plain[*at].0, Mark::Ring(..)));
    let mut order: Vec<usize> = last.into_iter().chain(first).chain(zeros).chain(0..plain.len()).collect();
    let mut seen = std::collections::BTreeSet::new();
    order.retain(|at| seen.insert(*at));
    let mut placed = Vec::new();
    for at in order {
        let (mark, point) = &plain[at];
        let inside = figure(mark, point).into_iter().map(|label| room.inside(&label)).collect();
        placed.extend(room.first_free(inside).map(|label| room.take(label)));
    }
    placed
}

/// Lines of an aside, the last one `step` steps above the lowest place.
fn block(lines: &[String], (x, anchor): (f64, Anchor), step: u32) -> Vec<Label> {
    let height = |index: usize| LOW + f64::from(step) * 0.5 + (lines.len() - 1 - index) as f64 * style::leading(ASIDE);
    let line = |(index, text): (usize, &String)| Label::new((x, -height(index)), anchor, ASIDE, text);
    lines.iter().enumerate().map(line).collect()
}

/// The readings of a figure over several years, one line each, the last just above its bracket.
fn over(point: &Point, (x, y): (f64, f64), anchor: Anchor, style: Type) -> Vec<Label> {
    let lines = point.readings.iter().rev().enumerate();
    lines
        .map(|(index, reading)| Label::new((x, y - index as f64 * style::leading(style)), anchor, style, &reading.text))
        .collect()
}

fn figure(mark: &Mark, point: &Point) -> Vec<Label> {
    let style = if matches!(mark, Mark::Ring(..)) { ZERO } else { VALUE };
    labels::above(mark.area(), style, words(point))
}

fn read_upwards(mark: &Mark, point: &Point) -> Label {
    let area = mark.area();
    let style = if matches!(mark, Mark::Ring(..)) { ZERO } else { VALUE };
    let at = (f64::midpoint(area.left, area.right), area.top - ABOVE + 0.2);
    Label::upwards(at, style.at(SMALLEST), words(point))
}

pub(super) fn words(point: &Point) -> &str {
    point.readings.first().map_or("0", |reading| reading.text.as_str())
}
