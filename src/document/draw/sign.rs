//! What the marks of a chart mean. Whatever draws a mark tells the sheet its sign: so a legend names the marks that are drawn
//! and no others.

macro_rules! signs {
    ($($(#[doc = $doc:literal])+ $variant:ident = $word:literal,)*) => {
        /// The meaning of a mark, in the order of a legend.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Sign { $($(#[doc = $doc])+ $variant,)* }

        /// Every sign with its name among the words of a legend, in the order of a legend.
        pub(super) const ALL: &[(Sign, &str)] = &[$((Sign::$variant, $word),)*];

        impl Sign {
            /// Its name among the words of a legend.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Sign::$variant => $word,)* }
            }
        }
    };
}

signs! {
    /// A number.
    Value = "value",
    /// A number after a break in its series, where only its fill tells it.
    AfterBreak = "after_break",
    /// A number of a period that lies in a longer one, whose column stands behind it.
    Within = "within",
    /// A zero that a source states.
    Zero = "zero",
    /// No figure was found.
    NotReported = "not_reported",
    /// The question does not arise: a dash.
    NotApplicable = "not_applicable",
    /// The same on a time axis: no baseline.
    NoBaseline = "no_baseline",
    /// A figure exists and is withheld.
    Withheld = "withheld",
    /// One of several numbers for one period.
    Contested = "contested",
    /// The same in a cell of a matrix.
    ContestedCell = "contested_cell",
    /// A contested number that is higher than the scale, cut off.
    Clipped = "clipped",
    /// A dot for what the first-ranked source counts, and one for what another counts.
    First = "first",
    /// The latter.
    Other = "other",
    /// A number of more than a year, which has no height.
    Total = "total",
    /// The same in a matrix.
    TotalCell = "total_cell",
    /// It began before the axis, or ends after it.
    Beyond = "beyond",
    /// A stock on one day.
    Stock = "stock",
    /// An approximate number.
    Approximate = "approximate",
    /// At least so many.
    AtLeast = "at_least",
    /// At most so many.
    AtMost = "at_most",
}

/// The names of all marks, in the order of a legend.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(_, word)| *word)
}
