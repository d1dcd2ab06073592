//! Dated events down a time axis: years in proportion, words pushed apart just enough to be read, leaders between.

use anyhow::Result;

use super::area::Area;
use super::calendar::{AXIS, Scale};
use super::canvas::{Anchor, Canvas};
use super::chart::Axis;
use super::drawing::Drawing;
use super::fit::fitting;
use super::style::{self, ASIDE, HAIR, MID, MIST, SLATE, Type, VALUE};

/// Where leaders begin and end, and where the dates begin.
const LEADER: (f64, f64) = (12.4, 18.6);
const DATES: f64 = 19.4;
/// Space between the columns of words, and between two events.
const GUTTER: f64 = 2.4;
const BETWEEN: f64 = 1.5;
/// Radius of an event's dot and half the width of a lasting event's bar.
const DOT: f64 = 0.75;
const BAR: f64 = 0.5;
/// The date of an event.
const DATE: Type = VALUE.bold();

/// One event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Milestone {
    /// When, in decimal years.
    pub at: f64,
    /// Its end, if it lasted.
    pub to: Option<f64>,
    /// The date as it is printed: "September 2003".
    pub date: String,
    /// What happened.
    pub label: String,
    /// The section it belongs to, in the right column; empty: none.
    pub section: String,
}

/// What a chart of milestones needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Milestones {
    /// The events, in any order.
    pub events: Vec<Milestone>,
    /// The years.
    pub axis: Axis,
    /// Width in millimetres.
    pub width: f64,
}

/// Draws the milestones, without their sections where they would be higher than `tallest`.
///
/// # Errors
/// When Plotters cannot.
pub fn milestones(chart: &Milestones, tallest: f64) -> Result<Drawing> {
    let bare = |event: &Milestone| Milestone { section: String::new(), ..event.clone() };
    let without = Milestones { events: chart.events.iter().map(bare).collect(), ..chart.clone() };
    fitting(tallest, [chart, &without], draw)
}

fn draw(chart: &Milestones) -> Result<Drawing> {
    let mut canvas = Canvas::new(chart.width)?;
    let mut events: Vec<&Milestone> = chart.events.iter().collect();
    events.sort_by(|one, other| one.at.total_cmp(&other.at));
    let columns = Columns::of(&events, chart.width);
    let texts: Vec<Vec<String>> =
        events.iter().map(|event| style::wrap(&event.label, VALUE, columns.label.1)).collect();
    let heights: Vec<f64> =
        texts.iter().map(|lines| lines.len().max(1) as f64 * style::leading(VALUE) + BETWEEN).collect();
    let spans: Vec<_> = events.iter().map(|event| (event.at, event.to.unwrap_or(event.at))).collect();
    let scale = Scale::of(chart.axis, &spans, heights.iter().sum());
    let wanted: Vec<f64> = events.iter().map(|event| scale.y(event.at)).collect();
    let places = apart(&wanted, &heights, scale.height());
    scale.draw(&mut canvas);
    for (index, event) in events.iter().enumerate() {
        let first = places[index] - (heights[index] - BETWEEN) / 2.0 + style::cap(VALUE) + 0.5;
        draw_event(&mut canvas, event, &scale, first);
        columns.write(&mut canvas, event, &texts[index], first);
    }
    canvas.finish(scale.height())
}

/// Draws the dot or bar of an event and its leader to the first line of its words.
fn draw_event(canvas: &mut Canvas, event: &Milestone, scale: &Scale, first: f64) {
    let (y, line) = (scale.y(event.at), first - style::cap(VALUE) / 2.0);
    canvas.path(&[(AXIS, y), (LEADER.0, y), (LEADER.1 - 1.2, line), (LEADER.1, line)], MID, HAIR);
    if let Some(to) = event.to {
        canvas.rect(Area::new(AXIS - BAR, y, AXIS + BAR, scale.y(to)), MIST);
    }
    canvas.disc((AXIS, y), DOT, SLATE);
}

/// Left edges and widths of the columns of words.
struct Columns {
    label: (f64, f64),
    right: f64,
}

impl Columns {
    fn of(events: &[&Milestone], width: f64) -> Self {
        let widest = |style: Type, text: fn(&Milestone) -> &str| {
            events.iter().map(|event| style::width(text(event), style)).fold(0.0, f64::max)
        };
        let left = DATES + widest(DATE, |event| &event.date) + GUTTER;
        let sections = widest(ASIDE, |event| &event.section);
        let room = width - left - sections - if sections > 0.0 { GUTTER } else { 0.0 };
        Self { label: (left, room), right: width }
    }

    fn write(&self, canvas: &mut Canvas, event: &Milestone, lines: &[String], first: f64) {
        canvas.text((DATES, first), Anchor::Left, DATE, &event.date);
        for (index, line) in lines.iter().enumerate() {
            let y = first + index as f64 * style::leading(VALUE);
            canvas.text((self.label.0, y), Anchor::Left, VALUE, line);
        }
        canvas.text((self.right, first), Anchor::Right, ASIDE, &event.section);
    }
}

/// Moves the middles of blocks of given heights so that none overlaps, none leaves `0..height`, and all stay as near to
/// where they are wanted as they can: blocks in each other's way are joined and centred on their mean.
fn apart(wanted: &[f64], heights: &[f64], height: f64) -> Vec<f64> {
    let mut groups: Vec<(Vec<usize>, f64, f64)> = Vec::new();
    for (index, (middle, high)) in wanted.iter().zip(heights).enumerate() {
        groups.push((vec![index], middle - high / 2.0, *high));
        while let [.., above, below] = &mut groups[..] {
            let below_top = bounded(below.1, below.2, height);
            if bounded(above.1, above.2, height) + above.2 <= below_top + 1e-9 {
                break;
            }
            let (one, other) = (above.0.len() as f64, below.0.len() as f64);
            above.1 = (above.1 * one + (below.1 - above.2) * other) / (one + other);
            above.2 += below.2;
            let members = std::mem::take(&mut below.0);
            above.0.extend(members);
            groups.pop();
        }
    }
    let mut places = vec![0.0; wanted.len()];
    for (members, top, high) in groups {
        let mut y = bounded(top, high, height);
        for index in members {
            places[index] = y + heights[index] / 2.0;
            y += heights[index];
        }
    }
    places
}

fn bounded(top: f64, high: f64, height: f64) -> f64 {
    top.min(height - high).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_pushed_apart_and_stay_on_the_sheet() {
        let places = apart(&[5.0, 5.5, 6.0, 30.0, 39.9], &[4.0, 4.0, 8.0, 4.0, 4.0], 40.0);
        let heights = [4.0, 4.0, 8.0, 4.0, 4.0];
        for index in 1..places.len() {
            let gap = places[index] - places[index - 1] - f64::midpoint(heights[index], heights[index - 1]);
            assert!(gap >= -1e-9, "{places:?}");
        }
        assert!(places[0] >= 2.0 && places[4] <= 38.0);
        assert_eq!(places[3], 30.0);
    }
}
