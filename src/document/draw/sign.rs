//! What the marks of a chart mean. Whatever draws a mark tells the sheet its sign: so a legend names the marks that are drawn
//! and no others.

/// The meaning of a mark, in the order of a legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// A number.
    Value,
    /// A number after a break in its series, where only its fill tells it.
    AfterBreak,
    /// A number of a period that lies in a longer one, whose column stands behind it.
    Within,
    /// A zero that a source states.
    Zero,
    /// No figure was found.
    NotReported,
    /// The question does not arise: a dash.
    NotApplicable,
    /// The same on a time axis: no baseline.
    NoBaseline,
    /// A figure exists and is withheld.
    Withheld,
    /// One of several numbers for one period.
    Contested,
    /// The same in a cell of a matrix.
    ContestedCell,
    /// A contested number that is higher than the scale, cut off.
    Clipped,
    /// A dot for what the first-ranked source counts, and one for what another counts.
    First,
    /// The latter.
    Other,
    /// A number of more than a year, which has no height.
    Total,
    /// The same in a matrix.
    TotalCell,
    /// It began before the axis, or ends after it.
    Beyond,
    /// A stock on one day.
    Stock,
    /// An approximate number.
    Approximate,
    /// At least so many.
    AtLeast,
    /// At most so many.
    AtMost,
}

/// Every sign with its name among the words of a legend, in the order of a legend.
pub(super) const ALL: [(Sign, &str); 20] = [
    (Sign::Value, "value"),
    (Sign::AfterBreak, "after_break"),
    (Sign::Within, "within"),
    (Sign::Zero, "zero"),
    (Sign::NotReported, "not_reported"),
    (Sign::NotApplicable, "not_applicable"),
    (Sign::NoBaseline, "no_baseline"),
    (Sign::Withheld, "withheld"),
    (Sign::Contested, "contested"),
    (Sign::ContestedCell, "contested_cell"),
    (Sign::Clipped, "clipped"),
    (Sign::First, "first"),
    (Sign::Other, "other"),
    (Sign::Total, "total"),
    (Sign::TotalCell, "total_cell"),
    (Sign::Beyond, "beyond"),
    (Sign::Stock, "stock"),
    (Sign::Approximate, "approximate"),
    (Sign::AtLeast, "at_least"),
    (Sign::AtMost, "at_most"),
];

impl Sign {
    /// Its name among the words of a legend.
    #[must_use]
    pub fn word(self) -> &'static str {
        ALL.iter().find(|(sign, _)| *sign == self).map_or("", |(_, word)| word)
    }
}

/// The names of all marks, in the order of a legend.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ALL.into_iter().map(|(_, word)| word)
}
