//! The types that the cells of a column can have.

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words; also the cells of the type `any`.
    Text,
    /// A whole number.
    Integer,
    /// A decimal number, kept as it was written.
    Number,
    /// `true` or `false`, or the words that the schema lists for them.
    Boolean,
    /// A day, `2007-10-05`.
    Date,
    /// A moment, `2007-10-05T14:30:00`.
    Datetime,
    /// A time of day, `14:30:00`.
    Time,
    /// A calendar year.
    Year,
    /// A month of a year, `2007-10`.
    YearMonth,
    /// Several values in one cell.
    List,
    /// A period in the sense of [`crate::value::period::Period`].
    Period,
}

impl Kind {
    /// The name of the type in the standard.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text | Self::Period => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Time => "time",
            Self::Year => "year",
            Self::YearMonth => "yearmonth",
            Self::List => "list",
        }
    }
}
