//! The bands of a rating: one block for each run of report years, its years in it, jumps joined, remarks beside it.

use super::area::Area;
use super::axis::Time;
use super::canvas::{Anchor, Canvas};
use super::chart::{Axis, Bands, Rating};
use super::style::{self, ASIDE, BANDS, Colour, FOG, INK, LINE, PAPER, SLATE, THIN, Type, VALUE, YEAR};

/// Height of a band and from one band to the next: at full size, above other rows, and in a small panel.
const FULL: (f64, f64) = (8.6, 9.5);
const COMPACT: (f64, f64) = (5.4, 6.0);
const SMALL: (f64, f64) = (2.3, 2.6);
const MEDIUM: (f64, f64) = (3.9, 4.4);
/// Space left free at each side of a block, and height of the ticks in it.
const INSET: f64 = 0.15;
const TICK: f64 = 1.5;
/// From a block to an aside beside it.
const BESIDE: f64 = 1.4;

/// What the chart stands on, which decides the colour of empty bands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ground {
    /// The sand of the cover: bands are white.
    #[default]
    Sand,
    /// White paper: bands are fog.
    Paper,
}

impl Ground {
    fn empty(self) -> Colour {
        if self == Self::Sand { PAPER } else { FOG }
    }
}

/// Report years after each other with the same rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First report year.
    pub first: i32,
    /// Last report year.
    pub last: i32,
    /// Index of the band.
    pub band: usize,
}

/// Joins ratings of neighbouring years in the same band; a missing year ends a run.
#[must_use]
pub fn runs(ratings: &[Rating], axis: Axis) -> Vec<Run> {
    let mut years: Vec<&Rating> =
        ratings.iter().filter(|rating| (axis.first..=axis.last).contains(&rating.year)).collect();
    years.sort_by_key(|rating| rating.year);
    let mut runs: Vec<Run> = Vec::new();
    for rating in years {
        match runs.last_mut() {
            Some(run) if run.band == rating.band && run.last + 1 == rating.year => run.last = rating.year,
            _ => runs.push(Run { first: rating.year, last: rating.year, band: rating.band }),
        }
    }
    runs
}

/// How large the bands are, and how much is written in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// A chart of its own: all years written, remarks beside their blocks.
    Full,
    /// Above other rows: years written in the latest band only.
    Compact,
    /// A small panel: short names at its left, no years.
    Small,
    /// The same, higher.
    Medium,
    /// The same, as high as above other rows.
    Large,
}

/// The bands of a rating, placed on a sheet.
pub struct Block<'a> {
    /// The bands, best first.
    pub bands: &'a Bands,
    /// The ratings.
    pub ratings: &'a [Rating],
    /// What is written in a band that was never used.
    pub never: &'a [String],
    /// Where its years stand.
    pub time: Time,
    /// Its upper edge.
    pub top: f64,
    /// How large it is, and how much is written in it.
    pub size: Size,
    /// What it stands on.
    pub ground: Ground,
}

impl Block<'_> {
    /// Draws the block and returns its lower edge.
    pub fn draw(&self, canvas: &mut Canvas) -> f64 {
        let runs = runs(self.ratings, self.time.axis);
        let latest = runs.last().map(|run| run.band);
        let now = runs.last().filter(|run| run.last == self.time.axis.last);
        self.draw_bands(canvas, now.map(|run| run.band));
        self.draw_missing(canvas, &runs);
        self.draw_jumps(canvas, &runs);
        runs.iter().for_each(|run| self.draw_run(canvas, run, latest));
        if self.size == Size::Full {
            self.draw_never(canvas, &runs);
            self.draw_asides(canvas, &runs);
        }
        let (high, pitch) = self.sizes();
        self.top + pitch * (self.bands.labels.len().max(1) - 1) as f64 + high
    }

    fn draw_bands(&self, canvas: &mut Canvas, now: Option<usize>) {
        let small = matches!(self.size, Size::Small | Size::Medium | Size::Large);
        let names = if small { &self.bands.short } else { &self.bands.labels };
        for (band, name) in names.iter().enumerate() {
            let area = self.band(band, self.time.left, self.time.right);
            canvas.rect(area, self.ground.empty());
            let style = if small { YEAR } else { VALUE };
            let style = if now == Some(band) { style.bold().in_colour(INK) } else { style };
            if small {
                canvas.text((self.time.left - 1.0, middle(area, style)), Anchor::Right, style, name);
                continue;
            }
            let lines = style::wrap(name, style, self.time.left - BESIDE);
            let above = (lines.len().max(1) - 1) as f64 / 2.0 * style::leading(style);
            for (at, line) in lines.iter().enumerate() {
                let y = middle(area, style) - above + at as f64 * style::leading(style);
                canvas.text((0.0, y), Anchor::Left, style, line);
            }
        }
    }

    fn sizes(&self) -> (f64, f64) {
        match self.size {
            Size::Full => FULL,
            Size::Compact | Size::Large => COMPACT,
            Size::Small => SMALL,
            Size::Medium => MEDIUM,
        }
    }

    fn band(&self, band: usize, left: f64, right: f64) -> Area {
        let (high, pitch) = self.sizes();
        let top = self.top + pitch * band as f64;
        Area::new(left, top, right, top + high)
    }

    fn block(&self, run: &Run) -> Area {
        let (left, right) = (self.time.x(f64::from(run.first)), self.time.x(f64::from(run.last + 1)));
        self.band(run.band, left + INSET, right - INSET)
    }

    fn draw_run(&self, canvas: &mut Canvas, run: &Run, latest: Option<usize>) {
        let area = self.block(run);
        let (fill, ink) = fill(run.band);
        canvas.rect(area, fill);
        if run.band == 0 {
            canvas.outlined(area, SLATE, LINE);
            canvas.rect(area.inset(LINE), fill);
        }
        for year in run.first + 1..=run.last {
            let x = self.time.x(f64::from(year));
            let tick = if run.band == 0 { SLATE } else { self.ground.empty() };
            let long = TICK.min((area.bottom - area.top) / 3.0);
            canvas.line((x, area.bottom - long), (x, area.bottom), tick, THIN);
        }
        if self.size == Size::Full || self.size == Size::Compact && latest == Some(run.band) {
            let style = YEAR.in_colour(ink);
            let room = area.right - area.left - 2.0 * LINE;
            let fitting = years(run).into_iter().find(|text| style::width(text, style) <= room);
            let at = (f64::midpoint(area.left, area.right), middle(area, style));
            canvas.text(at, Anchor::Middle, style, &fitting.unwrap_or_default());
        }
    }

    /// Joins two neighbouring years between which a whole band was skipped.
    fn draw_jumps(&self, canvas: &mut Canvas, runs: &[Run]) {
        for (x, top, bottom) in self.jumps(runs) {
            canvas.line((x, top), (x, bottom), BANDS[3], LINE);
        }
    }

    /// Where a jump stands, and from where to where it goes.
    fn jumps<'r>(&'r self, runs: &'r [Run]) -> impl Iterator<Item = (f64, f64, f64)> + 'r {
        let far = |pair: &&[Run]| pair[0].last + 1 == pair[1].first && pair[0].band.abs_diff(pair[1].band) > 1;
        runs.windows(2).filter(far).map(|pair| {
            let (from, to) = (pair[0].band, pair[1].band);
            let x = self.time.x(f64::from(pair[1].first));
            (x, self.band(from.min(to), x, x).bottom, self.band(from.max(to), x, x).top)
        })
    }

    /// A dotted line through report years without a rating.
    fn draw_missing(&self, canvas: &mut Canvas, runs: &[Run]) {
        let axis = self.time.axis;
        let rated = |year: i32| runs.iter().any(|run| (run.first..=run.last).contains(&year));
        let last = self.band(self.bands.labels.len().max(1) - 1, 0.0, 0.0);
        for year in (axis.first..=axis.last).filter(|year| !rated(*year)) {
            let (left, right) = (self.time.x(f64::from(year)), self.time.x(f64::from(year + 1)));
            let y = last.bottom + 0.6;
            canvas.not_reported((left, y), (right, y));
        }
    }

    fn draw_never(&self, canvas: &mut Canvas, runs: &[Run]) {
        let unused = |band: &usize| runs.iter().all(|run| run.band != *band);
        for band in (0..self.bands.labels.len()).filter(unused) {
            let area = self.band(band, self.time.left, self.time.right);
            let text = self.never.get(band).map_or("", String::as_str);
            canvas.text((area.left + 1.6, middle(area, ASIDE)), Anchor::Left, ASIDE, text);
        }
    }

    /// Remarks beside their blocks, left or right, in one line or two; where neither fits they are left out.
    fn draw_asides(&self, canvas: &mut Canvas, runs: &[Run]) {
        let mut taken: Vec<Area> = runs.iter().map(|run| self.block(run)).collect();
        taken.extend(self.jumps(runs).map(|(x, top, bottom)| Area::new(x, top, x, bottom)));
        for run in runs {
            let remarks = self.ratings.iter().filter(|rating| (run.first..=run.last).contains(&rating.year));
            let text = remarks.filter_map(|rating| rating.aside.clone()).collect::<Vec<_>>().join("; ");
            let block = self.block(run);
            let whole = style::width(&text, ASIDE) + 0.1;
            let ways = [whole, whole * 0.62].map(|room| style::wrap(&text, ASIDE, room));
            let sides = [(block.left - BESIDE, Anchor::Right), (block.right + BESIDE, Anchor::Left)];
            let tried = ways.iter().flat_map(|lines| sides.map(|side| (lines, side)));
            let free = |(lines, side): &(&Vec<String>, (f64, Anchor))| {
                let area = extent(lines, *side, block);
                area.left >= self.time.left + 0.5
                    && area.right <= self.time.right - 0.5
                    && taken.iter().all(|taken| !taken.meets(&area, 0.8))
            };
            if let Some((lines, side)) = tried.into_iter().find(free) {
                write_aside(canvas, lines, side, block);
                taken.push(extent(lines, side, block));
            }
        }
    }
}

fn extent(lines: &[String], (x, anchor): (f64, Anchor), block: Area) -> Area {
    let wide = lines.iter().map(|line| style::width(line, ASIDE)).fold(0.0, f64::max);
    let left = if anchor == Anchor::Right { x - wide } else { x };
    Area::new(left, block.top + 0.9, left + wide, block.bottom - 0.9)
}

fn write_aside(canvas: &mut Canvas, lines: &[String], (x, anchor): (f64, Anchor), block: Area) {
    let first = middle(block, ASIDE) - (lines.len().max(1) - 1) as f64 * style::leading(ASIDE) / 2.0;
    for (index, line) in lines.iter().enumerate() {
        canvas.text((x, first + index as f64 * style::leading(ASIDE)), anchor, ASIDE, line);
    }
}

/// Fill of a band and the colour of text on it.
#[must_use]
pub fn fill(band: usize) -> (Colour, Colour) {
    let band = band.min(BANDS.len() - 1);
    (BANDS[band], if band < 2 { INK } else { PAPER })
}

/// The baseline on which a text stands in the middle of an area.
#[must_use]
pub fn middle(area: Area, style: Type) -> f64 {
    f64::midpoint(area.top, area.bottom) + style::cap(style) / 2.0
}

/// The years of a run, the fullest form first: "2001–03", "’01–03"; "2004", "’04".
fn years(run: &Run) -> Vec<String> {
    let short = |year: i32| format!("{:02}", year.rem_euclid(100));
    if run.first == run.last {
        return vec![run.first.to_string(), format!("’{}", short(run.first))];
    }
    let last = if run.first / 100 == run.last / 100 { short(run.last) } else { run.last.to_string() };
    vec![format!("{}–{last}", run.first), format!("’{}–{}", short(run.first), short(run.last))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rated(years: &[(i32, usize)]) -> Vec<Rating> {
        years.iter().map(|&(year, band)| Rating { year, band, aside: None }).collect()
    }

    #[test]
    fn neighbouring_years_join_and_gaps_stay() {
        let ratings = rated(&[(2003, 1), (2001, 1), (2002, 1), (2004, 2), (2006, 2), (1999, 1)]);
        let runs = runs(&ratings, Axis { first: 2001, last: 2006 });
        let runs: Vec<_> = runs.iter().map(|run| (run.first, run.last, run.band)).collect();
        assert_eq!(runs, [(2001, 2003, 1), (2004, 2004, 2), (2006, 2006, 2)]);
    }

    #[test]
    fn years_are_written_short() {
        let text = |first, last| years(&Run { first, last, band: 0 })[0].clone();
        assert_eq!(text(2001, 2003), "2001–03");
        assert_eq!(text(2004, 2004), "2004");
        assert_eq!(text(1999, 2001), "1999–2001");
    }
}
