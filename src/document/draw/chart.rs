//! What every chart is given: plain data, already counted, protected and put into words.
//! Nothing here knows a file, a language or Plotters.

/// What is known about one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A number above zero.
    Value,
    /// A zero that a source states.
    Zero,
    /// No figure was found: a gap over a dotted baseline.
    NotReported,
    /// The question does not arise in this period: nothing is drawn.
    NotApplicable,
    /// A figure exists and is withheld: a crossed square under the baseline.
    Withheld,
}

/// How a source qualifies a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Qualifier {
    /// As counted.
    #[default]
    Exact,
    /// "About": its mark is drawn hollow.
    Approximate,
    /// "At least": a ring with an arrow away from zero.
    AtLeast,
    /// "At most": a ring with an arrow towards zero.
    AtMost,
}

/// One number as one source gives it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The number, for its height only; it is never printed.
    pub value: f64,
    /// The number as it is printed, in words where qualified: "23", "about 100", "119 suspects".
    pub text: String,
    /// How the source qualifies it.
    pub qualifier: Qualifier,
}

/// What is known about one period of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Start in decimal years: calendar 2007 is 2007.0 to 2008.0, April 2007 to March 2008 is 2007.25 to 2008.25.
    pub from: f64,
    /// End in decimal years, not included.
    pub to: f64,
    /// Which of the five states.
    pub state: State,
    /// The numbers, first-ranked first; more than one means that they contest each other.
    pub readings: Vec<Reading>,
    /// A stock on one day (`from`), drawn as a stem.
    pub stock: bool,
    /// After a break, or of a second measure: filled `mid`.
    pub second: bool,
}

impl Point {
    /// Whether two or more numbers stand for this period.
    #[must_use]
    pub fn contested(&self) -> bool {
        self.readings.len() > 1
    }

    /// Whether the period is longer than a year, so that its number has no height.
    #[must_use]
    pub fn several_years(&self) -> bool {
        !self.stock && self.to - self.from > 1.01
    }

    /// Whether it is a mark of its year in the lighter fill of what comes after a break.
    #[must_use]
    pub fn is_lighter(&self) -> bool {
        self.second && self.state == State::Value && !self.contested() && !self.several_years()
    }

    /// The first-ranked number, where it is drawn as a height: it makes the scale.
    #[must_use]
    pub fn height(&self) -> f64 {
        if self.several_years() || self.state != State::Value {
            return 0.0;
        }
        self.readings.first().map_or(0.0, |reading| reading.value)
    }
}

/// A small remark inside a chart, in words: "no figure after 2014".
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aside {
    /// Where it begins, in decimal years; `None`: wherever there is most room.
    pub at: Option<f64>,
    /// The remark.
    pub text: String,
}

/// One measure over time, with the words that stand beside it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Name of the measure, bold.
    pub head: String,
    /// Unit with any remark on it, italic.
    pub unit: String,
    /// Its sources: "sources 2, 13, 14".
    pub marks: String,
    /// What is known, in any order.
    pub points: Vec<Point>,
    /// Changes of source or definition: when, and two words.
    pub breaks: Vec<(f64, String)>,
    /// Remarks, placed where the panel is free.
    pub asides: Vec<Aside>,
}

impl Series {
    /// The largest number that is drawn as a height.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.points.iter().map(Point::height).fold(0.0, f64::max)
    }
}

/// The years a chart spans, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// First year.
    pub first: i32,
    /// Last year.
    pub last: i32,
}

/// The bands of an ordinal rating, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bands {
    /// Full names, best first: "Tier 1" to "Tier 3".
    pub labels: Vec<String>,
    /// Short names for small panels, in the same order: "1", "2", "WL", "3".
    pub short: Vec<String>,
}

/// The rating of one report year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rating {
    /// The report's year.
    pub year: i32,
    /// Index into the bands, 0 being the best.
    pub band: usize,
    /// A short remark beside its block.
    pub aside: Option<String>,
}
