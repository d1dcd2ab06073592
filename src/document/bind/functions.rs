//! The functions that a narrative may call, and what their arguments mean.

/// What a call does with its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Prints a figure, given by an id, a period and codes.
    Number,
    /// Prints the change of a figure since an earlier period.
    Change,
    /// Prints the share of a figure in its whole.
    Share,
    /// Prints the least and the greatest figure of some years.
    Range,
    /// Prints a sentence's end: "rose from … to …", by the data.
    Trend,
    /// Prints how certain a figure is, without the figure.
    Certainty,
    /// Prints the marks of the sources since the last such call.
    Cite,
    /// Prints its body, in which numbers are allowed that are not figures.
    Literal,
    /// Prints the date of an event.
    Date,
    /// Prints a period in words.
    Period,
    /// Places the chart of an indicator.
    Chart,
    /// Places the released table of an indicator.
    Table,
    /// Places the dated facts of a section.
    Chronology,
    /// Places the table of what changed.
    Changes,
    /// A block of a document's frame: the chart or table of an indicator, under a finding and beside a text.
    Question,
    /// A block of dated facts.
    Dated,
    /// A request, with its owner and its date.
    Ask,
    /// Lays out its bracketed text, which may contain other calls.
    Text,
}

impl Role {
    /// The named arguments that are not codes; none if the function does not take a figure.
    pub(super) fn figure(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Certainty => Some(&["year", "period"]),
            Self::Number => Some(&["year", "period", OR_STATE, LATE]),
            Self::Change => Some(&["year", "period", "since", OR_STATE]),
            Self::Share => Some(&["year", "period", "of", OR_STATE]),
            Self::Range | Self::Trend => Some(&["from", "to", OR_STATE]),
            _ => None,
        }
    }

    /// The greatest number of bracketed texts it takes.
    pub(super) fn bodies(self) -> usize {
        match self {
            Self::Text | Self::Certainty => usize::MAX,
            Self::Literal | Self::Chart | Self::Table | Self::Dated => 1,
            Self::Question | Self::Ask => 3,
            _ => 0,
        }
    }

    /// Whether it prints something in the sentence; the text before and after it is then checked separately.
    pub(super) fn prints(self) -> bool {
        self.is_printed() || matches!(self, Self::Period | Self::Certainty)
    }

    /// Whether it prints a number, so that its source must be cited.
    pub(super) fn is_printed(self) -> bool {
        matches!(self, Self::Number | Self::Change | Self::Share | Self::Range | Self::Trend | Self::Date)
    }
}

/// The argument that allows a state, such as "not reported", to be printed in place of the number.
pub(super) const OR_STATE: &str = "or_state";

/// The argument that asks for the number with late cases.
pub(super) const LATE: &str = "late";

/// The arguments that are `true` or `false`.
pub(super) const SWITCHES: [&str; 2] = [OR_STATE, LATE];

/// The function for a row of text with notes beside it.
pub(super) const BAND: &str = "band";

/// The name of a first-level heading in the list of titles.
pub(super) const HEADLINE: &str = "headline";

/// Every documented function: its name, its role, and how many of its leading bracketed texts carry no marks, because
/// they are headlines over their evidence.
pub(super) const FUNCTIONS: &[(&str, Role, usize)] = &[
    ("n", Role::Number, 0),
    ("words", Role::Number, 0),
    ("change", Role::Change, 0),
    ("share", Role::Share, 0),
    ("range", Role::Range, 0),
    ("trend", Role::Trend, 0),
    ("src", Role::Cite, 0),
    ("lit", Role::Literal, 0),
    ("date", Role::Date, 0),
    ("period", Role::Period, 0),
    ("sure", Role::Certainty, 0),
    ("deck", Role::Text, 1),
    ("lead", Role::Text, 0),
    (BAND, Role::Text, 0),
    ("note", Role::Text, 0),
    ("aside", Role::Text, 0),
    ("chart", Role::Chart, 1),
    ("released", Role::Table, 1),
    ("chronology", Role::Chronology, 0),
    ("findings", Role::Text, 0),
    ("finding", Role::Certainty, 1),
    ("changes", Role::Changes, 0),
    ("asks", Role::Text, 0),
    ("ask", Role::Ask, 1),
    ("question", Role::Question, 1),
    ("dated", Role::Dated, 1),
    ("statements", Role::Text, 0),
    ("statement", Role::Certainty, 2),
];

/// A function with its role and its headlines, if it is documented.
pub(super) fn function(name: &str) -> Option<(&'static str, Role, usize)> {
    FUNCTIONS.iter().find(|(known, ..)| *known == name).copied()
}
