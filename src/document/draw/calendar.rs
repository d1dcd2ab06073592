//! Years down a sheet, in proportion; long stretches without an event are drawn short and dotted.

use super::canvas::{Anchor, Canvas};
use super::chart::Axis;
use super::style::{self, INK, LINE, MID, THIN, YEAR};

/// Where the axis stands.
pub const AXIS: f64 = 10.5;
/// A stretch of more years than this without an event is drawn short: as long as so many years.
const EMPTY: (usize, f64) = (6, 2.5);
/// Space over the first and under the last year.
const MARGIN: f64 = 1.0;
/// The least height of a year, where the words leave room for it, and of the space between two labelled years.
const YEARS: (f64, f64) = (2.2, 3.2);
/// The years down the sheet: where each begins, and whether it is drawn short.
pub struct Scale {
    axis: Axis,
    starts: Vec<f64>,
    short: Vec<bool>,
}

impl Scale {
    /// Lays the years out around events (each with its end) so that the words have at least `needed` millimetres.
    #[must_use]
    pub fn of(axis: Axis, events: &[(f64, f64)], needed: f64) -> Self {
        let years: Vec<i32> = (axis.first..=axis.last.max(axis.first)).collect();
        let busy: Vec<bool> = years.iter().map(|year| events.iter().any(|event| lasts(*event, *year))).collect();
        let short = empty_stretches(&busy);
        let shares = shares(&short);
        let total: f64 = shares.iter().sum();
        let unit = (needed / total).max(YEARS.0);
        let mut starts = vec![MARGIN];
        for share in shares {
            starts.push(starts.last().copied().unwrap_or(0.0) + share * unit);
        }
        Self { axis, starts, short }
    }

    /// Height of the sheet.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.end() + MARGIN
    }

    fn end(&self) -> f64 {
        self.starts.last().copied().unwrap_or(MARGIN)
    }

    /// Where a moment stands, kept inside the axis.
    #[must_use]
    pub fn y(&self, moment: f64) -> f64 {
        let place = (moment - f64::from(self.axis.first)).clamp(0.0, self.short.len() as f64 - 0.001);
        let (year, part) = (place.floor() as usize, place.fract());
        self.starts[year] + (self.starts[year + 1] - self.starts[year]) * part
    }

    /// The axis, dotted where it is short, and the years that fit beside it.
    pub fn draw(&self, canvas: &mut Canvas) {
        let mut free = 0.0;
        for (index, short) in self.short.iter().enumerate() {
            let (top, bottom) = (self.starts[index], self.starts[index + 1]);
            if !short {
                canvas.line((AXIS, top), (AXIS, bottom), INK, LINE);
                canvas.line((AXIS - 0.9, top), (AXIS, top), INK, THIN);
            }
            let year = self.axis.first + index as i32;
            let middle = f64::midpoint(top, bottom).max(style::cap(YEAR) / 2.0);
            if !short && self.labelled(year) && middle - style::cap(YEAR) / 2.0 >= free {
                let baseline = middle + style::cap(YEAR) / 2.0;
                canvas.text((AXIS - 2.2, baseline), Anchor::Right, YEAR, &year.to_string());
                free = baseline + YEARS.1 - style::cap(YEAR);
            }
        }
        canvas.line((AXIS - 0.9, self.end()), (AXIS, self.end()), INK, THIN);
        for (from, to) in stretches(&self.short) {
            canvas.dotted((AXIS, self.starts[from]), (AXIS, self.starts[to]), MID);
        }
    }

    /// Round years, and those at either end of a stretch.
    fn labelled(&self, year: i32) -> bool {
        let index = (year - self.axis.first) as usize;
        let edge = |other: Option<usize>| other.and_then(|other| self.short.get(other)).is_none_or(|short| *short);
        let roomy = self.starts[index + 1] - self.starts[index] >= YEARS.1 * 1.2;
        roomy || year % 5 == 0 || edge(index.checked_sub(1)) || edge(Some(index + 1))
    }
}

fn lasts(event: (f64, f64), year: i32) -> bool {
    let (from, to) = (f64::from(year), f64::from(year + 1));
    event.0 < to && event.1.max(event.0 + 0.001) > from
}

/// Marks the years inside long stretches without an event; a year at either end keeps its length.
fn empty_stretches(busy: &[bool]) -> Vec<bool> {
    let mut short = vec![false; busy.len()];
    let mut start = 0;
    for end in 0..=busy.len() {
        if end == busy.len() || busy[end] {
            if end > start + EMPTY.0 {
                short[start + 1..end - 1].fill(true);
            }
            start = end + 1;
        }
    }
    short
}

/// The runs of short years, each without its end.
fn stretches(short: &[bool]) -> Vec<(usize, usize)> {
    let starts = (0..short.len()).filter(|&index| short[index] && (index == 0 || !short[index - 1]));
    starts.map(|from| (from, (from..short.len()).find(|&index| !short[index]).unwrap_or(short.len()))).collect()
}

/// The length of each year: a run of short years is together as long as a few whole ones.
fn shares(short: &[bool]) -> Vec<f64> {
    let mut shares = vec![1.0; short.len()];
    for (from, to) in stretches(short) {
        shares[from..to].fill((EMPTY.1 / (to - from) as f64).min(1.0));
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_empty_stretches_are_short() {
        let mut busy = vec![false; 12];
        busy[0] = true;
        busy[10] = true;
        let short = empty_stretches(&busy);
        assert_eq!(short.iter().filter(|short| **short).count(), 7);
        assert!(!short[0] && !short[1] && short[2] && short[8] && !short[9] && !short[11]);
    }
}
