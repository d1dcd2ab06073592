//! Figures of a period that lies within another one, whose column stands behind theirs: inside their own column, or over
//! both, with what stands in the way moved aside.

use super::canvas::Anchor;
use super::chart::Point;
use super::columns::Plan;
use super::labels::{LEADER, Label, Room};
use super::lettering::words;
use super::marks::Mark;
use super::style::{self, PAPER, SLATE, SMALLEST, VALUE};

/// The least space around a figure inside its column.
const PADDING: f64 = 0.5;
/// Steps by which a figure is moved aside.
const STEP: f64 = 0.2;
/// Where on its mark a line may end, as shares of its reach from its middle.
const FEET: [f64; 5] = [0.0, -0.4, 0.4, -0.8, 0.8];

impl Plan {
    /// Writes the figures that stand inside their columns, and returns the others.
    pub(super) fn label_within<'p>(&mut self, plain: Vec<(Mark, &'p Point)>) -> Vec<(Mark, &'p Point)> {
        let (within, others): (Vec<_>, Vec<_>) = plain
            .into_iter()
            .map(|(mark, point)| (self.within(&mark, point), (mark, point)))
            .partition(|(w, _)| w.is_some());
        for label in within.into_iter().filter_map(|(label, _)| label) {
            let label = self.room.take(label);
            self.labels.push(label);
        }
        others.into_iter().map(|(_, plain)| plain).collect()
    }

    /// Moves each figure aside through which the line to another's mark passes, where both then have room in what was free
    /// before any figure was written.
    pub(super) fn untangle(&mut self, unlettered: Room) {
        let mut moved = false;
        for at in 0..self.labels.len() {
            let Some(struck) = struck(&self.labels, at) else { continue };
            let mut room = unlettered.clone();
            let others = self.labels.iter().enumerate().filter(|(index, _)| *index != at && *index != struck);
            others.for_each(|(_, label)| drop(room.take(label.clone())));
            if let Some((aside, lifted)) = apart(&room, &self.labels[struck], &self.labels[at]) {
                (self.labels[struck], self.labels[at], moved) = (aside, lifted, true);
            }
        }
        if moved {
            self.room = unlettered;
            self.labels.iter().for_each(|label| drop(self.room.take(label.clone())));
        }
    }

    /// The place of a figure inside its column, where another column stands behind all of it and there is room.
    fn within(&self, mark: &Mark, point: &Point) -> Option<Label> {
        let Mark::Column(area, fill) = mark else { return None };
        let style = VALUE.at(SMALLEST).in_colour(PAPER);
        let (wide, high) = (style::width(words(point), style), style::cap(style));
        let behind = |other: &Mark| {
            let back = other.area();
            back != *area && back.left <= area.left + 0.01 && back.right >= area.right - 0.01 && back.top < area.top
        };
        let roomy = area.right - area.left >= wide + 2.0 * PADDING && -area.top >= high + 2.0 * PADDING;
        let foot = (f64::midpoint(area.left, area.right), area.top + PADDING + high);
        (*fill == SLATE && roomy && self.marks.iter().any(behind))
            .then(|| Label::new(foot, Anchor::Middle, style, words(point)))
    }
}

/// The figure through which the line of another passes.
fn struck(labels: &[Label], at: usize) -> Option<usize> {
    let line = labels[at].leader()?;
    (0..labels.len()).find(|other| *other != at && labels[*other].area().meets(&line, LEADER))
}

/// A figure moved aside, by half its width at most, and the other lifted past it; or the first lifted past the other.
fn apart(room: &Room, struck: &Label, lifted: &Label) -> Option<(Label, Label)> {
    let furthest = style::width(&struck.text, struck.style) / 2.0;
    let steps = (1..=(furthest / STEP) as u32).flat_map(|step| [1.0, -1.0].map(|side| side * STEP * f64::from(step)));
    let moved = steps.map(|shift| Label { at: (struck.at.0 + shift, struck.at.1), ..struck.clone() });
    let aside = moved.filter(|moved| room.free(moved)).find_map(|moved| {
        let mut room = room.clone();
        room.take(moved.clone());
        over(&room, lifted).map(|lifted| (moved, lifted))
    });
    let past = || {
        let first = over(room, lifted)?;
        let mut room = room.clone();
        room.take(first.clone());
        Some((over(&room, struck)?, first))
    };
    aside.or_else(past)
}

/// A figure over its mark, lifted as little as can be, with the line to any part of it.
fn over(room: &Room, label: &Label) -> Option<Label> {
    let low = label.clone().unlifted();
    let feet = FEET.map(|share| low.foot + share * low.reach);
    let ways = feet.into_iter().filter_map(|foot| {
        let base = Label { at: (foot, low.at.1), anchor: Anchor::Middle, foot, ..low.clone() };
        room.lift(&base, f64::INFINITY)
    });
    ways.min_by(|one, other| one.lifted.total_cmp(&other.lifted))
}

#[cfg(test)]
mod tests {
    use super::super::axis::Time;
    use super::super::chart::{Axis, Reading, Series, State};
    use super::super::columns::plan;
    use super::super::marks::Scale;
    use super::*;

    fn point(from: f64, to: f64, values: &[f64]) -> Point {
        let reading = |value: &f64| Reading { value: *value, text: value.to_string(), ..Reading::default() };
        let readings = values.iter().map(reading).collect();
        Point { from, to, state: State::Value, readings, stock: false, second: false }
    }

    fn planned(year: f64) -> Plan {
        assert!(style::register().is_ok());
        let points = vec![
            point(2017.0, 2018.0, &[345.0]),
            point(2018.0, 2018.5, &[106.0]),
            point(2018.0, 2018.83, &[189.0]),
            point(2019.0, 2019.5, &[263.0]),
        ];
        let series = Series { points, ..Series::default() };
        let time = Time::new(Axis { first: 2016, last: 2025 }, 0.0, year * 10.0);
        plan(&series, &time, Scale { one: 0.05, most: 99.0 }, Vec::new())
    }

    #[test]
    fn words_of_a_contested_figure_are_not_struck_either() {
        assert!(style::register().is_ok());
        // Where the number of the shorter period finds no free place, the list of figures has it.
        for (joined, left_out) in [("or 33", true), ("ou 33", false), ("ou bien 33", true)] {
            let mut contested = point(2010.0, 2011.0, &[20.0, 33.0]);
            contested.readings[1].text = joined.to_owned();
            let points = vec![
                point(2007.0, 2008.0, &[38.0]),
                contested,
                point(2010.25, 2011.25, &[20.0]),
                point(2011.0, 2012.0, &[49.0]),
            ];
            let series = Series { points, ..Series::default() };
            let time = Time::new(Axis { first: 2007, last: 2024 }, 0.0, 56.0);
            let labels = plan(&series, &time, Scale { one: 0.11, most: 99.0 }, Vec::new()).labels;
            let texts: Vec<&str> = labels.iter().map(|label| label.text.as_str()).collect();
            let all = [&format!("20 {joined}"), "49", "38", "20"];
            assert_eq!(texts, all[..all.len() - usize::from(left_out)]);
            assert!(labels.iter().all(|label| !label.strikes(&labels)), "{joined}: {labels:?}");
        }
    }

    #[test]
    fn a_wide_column_holds_its_own_figure() {
        let plan = planned(16.0);
        let inner = plan.labels.iter().find(|label| label.text == "106");
        assert!(inner.is_some_and(|label| label.lifted == 0.0 && label.style.colour == PAPER));
    }

    #[test]
    fn no_line_strikes_through_a_figure() {
        for year in [5.0, 6.0, 7.0, 9.0] {
            let labels = planned(year).labels;
            assert_eq!(labels.len(), 4);
            assert!((0..labels.len()).all(|at| struck(&labels, at).is_none()), "{year}: {labels:?}");
        }
    }
}
