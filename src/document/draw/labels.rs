//! Words beside marks: each label takes the first place that is free, so that none overlaps another or leaves its
//! panel. Millimetres; the baseline is at zero and heights are negative.

use super::area::Area;
use super::canvas::{Anchor, Canvas};
use super::style::{self, CONTESTED, Face, HAIR, MID, SMALLEST, Type};
use crate::project::text::runs_on;

/// The least space around a label.
const CLEAR: f64 = 0.35;
/// The same beside a label read upwards, and the least space after its last letter: two in one line would read as one number.
const CLOSE: f64 = 0.25;
const AFTER: f64 = 1.2;
/// The least space beside the line that joins a label to its mark.
pub const LEADER: f64 = 0.35;
/// From a mark to the baseline of the label above it.
pub const ABOVE: f64 = 1.1;
/// How much further words in a script with marks under its letters stand off.
const UNDER: f64 = 0.7;
/// From a mark to a label beside it.
pub const BESIDE: f64 = 0.9;
/// How far a label is lifted at a time, and how far at most.
const LIFT: (f64, f64) = (0.25, 60.0);
/// A label lifted further than this is joined to its mark by a hairline.
const JOINED: f64 = 1.2;

/// A text and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Where its baseline begins, is centred or ends.
    pub at: (f64, f64),
    /// Which of the three.
    pub anchor: Anchor,
    /// How it is set.
    pub style: Type,
    /// The words.
    pub text: String,
    /// Read upwards.
    pub upwards: bool,
    /// How far it was lifted.
    pub lifted: f64,
    /// Where its mark has its middle, from left to right.
    pub foot: f64,
    /// How far its mark reaches to either side of that.
    pub reach: f64,
}

/// Takes away each line that runs through other words.
pub fn unjoin_struck(labels: &mut [Label]) {
    for at in 0..labels.len() {
        if labels[at].strikes(labels) {
            labels[at].lifted = 0.0;
        }
    }
}

impl Label {
    /// A level label.
    #[must_use]
    pub fn new(at: (f64, f64), anchor: Anchor, style: Type, text: &str) -> Self {
        Self { at, anchor, style, text: text.to_owned(), upwards: false, lifted: 0.0, foot: at.0, reach: 0.0 }
    }

    /// The same label for a mark.
    #[must_use]
    pub fn footed(self, mark: Area) -> Self {
        Self { foot: f64::midpoint(mark.left, mark.right), reach: (mark.right - mark.left) / 2.0, ..self }
    }

    /// The same label where it would stand if nothing were in its way.
    #[must_use]
    pub fn unlifted(self) -> Self {
        Self { at: (self.at.0, self.at.1 + self.lifted), lifted: 0.0, ..self }
    }

    /// A label read upwards, centred over `x` and beginning at `y`.
    #[must_use]
    pub fn upwards((x, y): (f64, f64), style: Type, text: &str) -> Self {
        let at = (x + style::cap(style) / 2.0, y);
        Self { upwards: true, ..Self::new(at, Anchor::Left, style, text) }
    }

    /// The space the text takes; descenders count where it has any, and remarks keep further off.
    #[must_use]
    pub fn area(&self) -> Area {
        self.area_of(self.size())
    }

    /// How wide the text is, and how far it reaches over and under its baseline.
    fn size(&self) -> [f64; 3] {
        let below = match self.style.face {
            Face::Italic => 0.34,
            _ if self.text.contains(['g', 'j', 'p', 'q', 'y', ',']) => 0.2,
            _ => 0.0,
        };
        [style::width(&self.text, self.style), style::cap(self.style), below * style::em(self.style)]
    }

    fn area_of(&self, [wide, high, below]: [f64; 3]) -> Area {
        let (x, y) = self.at;
        if self.upwards {
            return Area::new(x - high, y - wide - AFTER, x, y);
        }
        let left = match self.anchor {
            Anchor::Left => x,
            Anchor::Middle => x - wide / 2.0,
            Anchor::Right => x - wide,
        };
        Area::new(left, y - high, left + wide, y + below)
    }

    /// The line that joins it to its mark if it was lifted far.
    #[must_use]
    pub fn leader(&self) -> Option<Area> {
        self.leader_from(self.area())
    }

    fn leader_from(&self, area: Area) -> Option<Area> {
        let x = self.foot.clamp(area.left, area.right);
        let top = self.at.1 + 0.5;
        (self.lifted > JOINED && !self.upwards).then(|| Area::new(x, top, x, top + self.lifted))
    }

    /// Whether the line to its mark runs through another of the `words`.
    #[must_use]
    pub fn strikes(&self, words: &[Label]) -> bool {
        let meets = |line: Area| words.iter().any(|other| other != self && other.area().meets(&line, LEADER / 2.0));
        self.leader().is_some_and(meets)
    }

    /// The same label without a line to its mark.
    #[must_use]
    pub fn unjoined(self) -> Self {
        Self { lifted: 0.0, ..self }
    }

    /// Writes the label over a baseline at `y`, joined to its mark if it was lifted far.
    pub fn draw(&self, canvas: &mut Canvas, y: f64) {
        let at = (self.at.0, self.at.1 + y);
        if self.upwards {
            canvas.text_up(at, self.style, &self.text);
            return;
        }
        if let Some(line) = self.leader() {
            canvas.line((line.left, line.top + y), (line.left, line.bottom + y), MID, HAIR);
        }
        canvas.text(at, self.anchor, self.style, &self.text);
    }
}

/// The space of one panel: its sides, and what is taken.
#[derive(Clone, Debug)]
pub struct Room {
    /// Left edge.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// What is already there.
    pub taken: Vec<Area>,
}

impl Room {
    /// Whether a label has its place to itself, and the line to its mark crosses nothing but what its mark stands before.
    #[must_use]
    pub fn free(&self, label: &Label) -> bool {
        self.holds(label.area()) && is_free(&self.taken, label, label.area())
    }

    /// Whether a place is in the panel.
    fn holds(&self, area: Area) -> bool {
        area.left >= self.left - 0.01 && area.right <= self.right + 0.01 && area.bottom <= 0.01
    }

    /// Takes the place of a label.
    pub fn take(&mut self, label: Label) -> Label {
        self.taken.push(label.area());
        self.taken.extend(label.leader());
        label
    }

    /// The first of several places that is free.
    #[must_use]
    pub fn first_free(&self, places: Vec<Label>) -> Option<Label> {
        places.into_iter().find(|label| self.free(label))
    }

    /// The label moved sideways into the panel and lifted until it is free, at most by `limit`.
    #[must_use]
    pub fn lift(&self, label: &Label, limit: f64) -> Option<Label> {
        self.lift_until(label, limit, is_free)
    }

    /// Of several places the one from which a label is lifted least, each at most by `limit`; of equal ones the first.
    #[must_use]
    pub fn least_lifted(&self, places: &[Label], limit: f64) -> Option<Label> {
        let mut least: Option<Label> = None;
        for place in places {
            // Only one that is lifted less counts.
            let limit = least.as_ref().map_or(limit, |least| least.lifted - LIFT.0);
            least = if limit < 0.0 { least } else { self.lift(place, limit).or(least) };
        }
        least
    }

    /// The first of the steps upwards that fits among what is taken. There are hundreds, of which only the height differs: so
    /// only what is taken over or under the label is looked at.
    fn lift_until(&self, label: &Label, limit: f64, fits: fn(&[Area], &Label, Area) -> bool) -> Option<Label> {
        let mut label = self.inside(label);
        let (start, before, size) = (label.at.1, label.lifted, label.size());
        let Area { left, right, .. } = label.area_of(size);
        let column = Area::new(left, f64::NEG_INFINITY, right, f64::INFINITY);
        let taken: Vec<Area> = self.taken.iter().filter(|taken| column.meets(taken, CLEAR)).copied().collect();
        for step in 0..=(limit.min(LIFT.1) / LIFT.0) as usize {
            let lifted = step as f64 * LIFT.0;
            (label.at.1, label.lifted) = (start - lifted, before + lifted);
            let area = label.area_of(size);
            if self.holds(area) && fits(&taken, &label, area) {
                return Some(label);
            }
        }
        None
    }

    /// As [`Room::lift`] without a limit, at worst over what its line cannot pass; a label that is never free keeps its first
    /// place inside the panel.
    #[must_use]
    pub fn lift_clear(&self, label: &Label) -> Label {
        let over = || self.lift_until(label, LIFT.1, is_roomy);
        self.lift(label, LIFT.1).or_else(over).unwrap_or_else(|| self.inside(label))
    }

    /// The label moved sideways into the panel.
    #[must_use]
    pub fn inside(&self, label: &Label) -> Label {
        let area = label.area();
        let shift = (self.left - area.left).max(0.0) - (area.right - self.right).max(0.0);
        Label { at: (label.at.0 + shift, label.at.1), ..label.clone() }
    }
}

/// Whether a label has its place to itself among what is taken, and the line to its mark crosses nothing but what its mark
/// stands before.
fn is_free(taken: &[Area], label: &Label, area: Area) -> bool {
    // Only columns stand on the baseline.
    let column = |taken: &Area| taken.bottom > -0.05;
    let behind = |line: &Area, taken: &Area| column(taken) && taken.meets(&Area { top: line.bottom, ..*line }, 0.0);
    let in_way = |line: &Area| taken.iter().any(|taken| line.meets(taken, LEADER) && !behind(line, taken));
    is_roomy(taken, label, area) && !label.leader_from(area).is_some_and(|line| in_way(&line))
}

/// Whether a label has its place to itself among what is taken.
fn is_roomy(taken: &[Area], label: &Label, area: Area) -> bool {
    let clear = if label.upwards { CLOSE } else { CLEAR };
    taken.iter().all(|taken| !area.meets(taken, clear))
}

/// From a mark to the baseline of words above it.
fn off(text: &str) -> f64 {
    if runs_on(text) { ABOVE + UNDER } else { ABOVE }
}

/// The places for a figure above its own mark, in the order of preference: over its middle, else flush with an edge.
#[must_use]
pub fn above(mark: Area, style: Type, text: &str) -> Vec<Label> {
    let top = mark.top - off(text);
    let small = style.at(SMALLEST);
    let middle = f64::midpoint(mark.left, mark.right);
    let places = [(mark.right, Anchor::Right, small), (mark.left, Anchor::Left, small)];
    let centred = [style, small].map(|style| (middle, Anchor::Middle, style));
    // The last is the one that is lifted where none is free.
    let order = [centred[0], centred[1], places[0], places[1], centred[1]];
    order.map(|(x, anchor, style)| Label::new((x, top), anchor, style, text).footed(mark)).into()
}

/// The places for a figure beside its own mark, where there is none above it.
#[must_use]
pub fn beside(mark: Area, style: Type, text: &str) -> Vec<Label> {
    let foot = (mark.top + style::cap(style)).min(-0.6);
    let ends = [(mark.right + BESIDE, Anchor::Left), (mark.left - BESIDE, Anchor::Right)];
    ends.map(|(x, anchor)| Label::new((x, foot), anchor, style.at(SMALLEST), text)).into()
}

/// The places for words that may be wider than their mark: above it, flush with either edge, beside its group.
#[must_use]
pub fn around(mark: Area, group: Area, style: Type, text: &str) -> Vec<Label> {
    let middle = f64::midpoint(mark.left, mark.right);
    let (top, side) = (mark.top - off(text), (mark.top + style::cap(CONTESTED) + 0.2).min(-0.6));
    let places = [
        ((middle, top), Anchor::Middle),
        ((mark.right, top), Anchor::Right),
        ((mark.left, top), Anchor::Left),
        ((group.left - BESIDE, side), Anchor::Right),
        ((group.right + BESIDE, side), Anchor::Left),
    ];
    let sizes = [style, style.at(SMALLEST)];
    places
        .iter()
        .flat_map(|&(at, anchor)| sizes.map(|style| Label::new(at, anchor, style, text).footed(mark)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::style::VALUE;
    use super::*;

    #[test]
    fn a_label_in_the_way_is_lifted() {
        assert!(style::register().is_ok());
        let mut room = Room { left: 0.0, right: 50.0, taken: Vec::new() };
        let label = Label::new((20.0, -5.0), Anchor::Middle, VALUE, "264");
        let first = room.lift_clear(&label);
        assert_eq!(first, label);
        room.take(first);
        let second = room.lift_clear(&label);
        assert!(second.lifted >= style::cap(VALUE));
        assert!(!second.area().meets(&label.area(), 0.0));
    }

    #[test]
    fn labels_stay_in_their_panel() {
        let room = Room { left: 0.0, right: 50.0, taken: Vec::new() };
        let label = room.lift_clear(&Label::new((49.0, -5.0), Anchor::Left, VALUE, "119 suspects"));
        assert!(label.area().right <= 50.01);
        let label = room.lift_clear(&Label::new((1.0, -5.0), Anchor::Middle, VALUE, "119 suspects"));
        assert!(label.area().left >= -0.01);
    }
}
