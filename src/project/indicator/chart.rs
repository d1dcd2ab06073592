//! The chart of an indicator: its kind, from a fixed list, and its few settings.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::project::declaration::{Declaration, Located, nearest};

/// The chart of an indicator.
#[derive(Debug, Clone)]
pub struct Chart {
    /// Its kind.
    pub kind: ChartKind,
    /// The place of its kind.
    pub span: Span,
    /// For a flow, bars or a chart of provinces: the dimension of its breakdown.
    pub by: Option<Located<String>>,
    /// Its title, unless a narrative gives one that states a finding.
    pub title: String,
    /// The place of that title.
    pub title_span: Option<Span>,
    /// Measure, unit and scale, under the title.
    pub subtitle: String,
    /// The first year of its axis; none for the first year with a figure.
    pub from: Option<i32>,
    /// Whether it is only as wide as the text, with room for notes beside it; else it is as wide as the page.
    pub narrow: bool,
    /// The most series that it shows, the highest first; none for all.
    pub most: Option<usize>,
    /// For a stack: ways to split the whole, of which each period uses the first that it has figures for.
    pub splits: Vec<Split>,
}

/// One way to split a whole into parts.
#[derive(Debug, Clone)]
pub struct Split {
    /// The cells: `sex=female,age_group=0-17`.
    pub cells: Vec<Located<String>>,
    /// The label of each.
    pub labels: Vec<Located<String>>,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)*) => {
        /// The kinds of charts; each has a file of its name in `draw`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ChartKind { $($(#[doc = $doc])+ $variant,)* }

        impl ChartKind {
            /// All kinds.
            pub const ALL: &'static [ChartKind] = &[$(ChartKind::$variant,)*];

            /// Its name in a declaration.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(ChartKind::$variant => $name,)* }
            }

            /// What it shows, in a sentence.
            #[must_use]
            pub fn says(self) -> &'static str {
                match self { $(ChartKind::$variant => concat!($($doc),+).trim_ascii(),)* }
            }
        }
    };
}

kinds! {
    /// A rating over time, as steps on an ordinal axis.
    Tiers = "tiers",
    /// Ratings of several countries over time, as small multiples.
    Neighbours = "neighbours",
    /// One panel for each indicator, on one scale.
    Panels = "panels",
    /// One row for each indicator, on one time axis.
    Rows = "rows",
    /// Parts of a whole, stacked.
    Stack = "stack",
    /// A grid of years and measures that shows which figures are known.
    Matrix = "matrix",
    /// Dated events on a time axis.
    Milestones = "milestones",
    /// Bands from each country to this one, as wide as their counts.
    Flow = "flow",
    /// A tile or a bar for each province.
    Provinces = "provinces",
    /// One period: a dot on a line for each number that sources give.
    Dumbbell = "dumbbell",
    /// One period: a bar for each code of a dimension.
    Bars = "bars",
}

impl ChartKind {
    /// Whether it has no time axis: each of its series is drawn at one period.
    #[must_use]
    pub fn is_of_one_period(self) -> bool {
        match self {
            Self::Flow | Self::Provinces | Self::Dumbbell | Self::Bars => true,
            Self::Tiers
            | Self::Neighbours
            | Self::Panels
            | Self::Rows
            | Self::Stack
            | Self::Matrix
            | Self::Milestones => false,
        }
    }

    /// Whether it is broken down by the dimension that its key `by` names.
    #[must_use]
    pub fn is_broken_down(self) -> bool {
        match self {
            Self::Flow | Self::Provinces | Self::Bars => true,
            Self::Tiers
            | Self::Neighbours
            | Self::Panels
            | Self::Rows
            | Self::Stack
            | Self::Matrix
            | Self::Milestones
            | Self::Dumbbell => false,
        }
    }

    /// Whether it marks the years in which a series breaks.
    #[must_use]
    pub fn marks_breaks(self) -> bool {
        match self {
            Self::Panels | Self::Rows | Self::Stack => true,
            Self::Tiers
            | Self::Neighbours
            | Self::Matrix
            | Self::Milestones
            | Self::Flow
            | Self::Provinces
            | Self::Dumbbell
            | Self::Bars => false,
        }
    }

    /// Whether the size of its marks is that of its figures, so that these can be compared.
    #[must_use]
    pub fn compares(self) -> bool {
        match self {
            Self::Matrix | Self::Milestones => false,
            Self::Tiers
            | Self::Neighbours
            | Self::Panels
            | Self::Rows
            | Self::Stack
            | Self::Flow
            | Self::Provinces
            | Self::Dumbbell
            | Self::Bars => true,
        }
    }

    /// Whether it can also be drawn as wide as the text.
    fn may_be_narrow(self) -> bool {
        match self {
            Self::Rows | Self::Flow | Self::Provinces | Self::Dumbbell | Self::Bars => true,
            Self::Tiers | Self::Neighbours | Self::Panels | Self::Stack | Self::Matrix | Self::Milestones => false,
        }
    }
}

impl Chart {
    pub(super) fn read(mut table: Declaration<'_>) -> Self {
        let empty = table.is_empty("kind");
        let kind = table.required_text("kind");
        let found = ChartKind::ALL.iter().copied().find(|known| known.name() == kind.value);
        if found.is_none() && (empty || !kind.value.is_empty()) {
            let names: Vec<_> = ChartKind::ALL.iter().map(|known| known.name()).collect();
            let hint = nearest(&kind.value, names.iter().copied())
                .map_or_else(|| format!("there are: {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
            let message = format!("there is no chart kind `{}`", kind.value);
            table.fault(Diagnostic::error(Code::UnknownName, kind.span.clone(), message).hint(hint));
        }
        let title = table.text("title");
        let chart = Self {
            title_span: title.as_ref().map(|title| title.span.clone()),
            title: title.map_or_else(String::new, |title| title.value),
            kind: found.unwrap_or(ChartKind::Rows),
            span: kind.span,
            by: table.text("by"),
            subtitle: table.text("subtitle").map_or_else(String::new, |subtitle| subtitle.value),
            from: table.integer("from").and_then(|from| i32::try_from(from.value).ok()),
            most: table.integer("most").and_then(|most| usize::try_from(most.value).ok()),
            narrow: table.text("width").is_some_and(|width| is_narrow(found, &mut table, width)),
            splits: table.tables("splits", |mut split| {
                let read = Split { cells: split.texts("cells"), labels: split.texts("labels") };
                split.finish();
                read
            }),
        };
        table.finish();
        chart
    }
}

/// How wide a chart may be on the page.
const WIDTHS: [&str; 2] = ["full", "text"];

fn is_narrow(kind: Option<ChartKind>, table: &mut Declaration<'_>, width: Located<String>) -> bool {
    let narrow = width.value == "text";
    if !WIDTHS.contains(&width.value.as_str()) {
        let message = format!("`{}` is not a width of a chart", width.value);
        let fault = Diagnostic::error(Code::InvalidValue, width.span, message);
        table.fault(fault.hint(format!("there are: {}", WIDTHS.join(", "))));
    } else if let Some(kind) = kind.filter(|kind| narrow && !kind.may_be_narrow()) {
        let message = format!("a chart `{}` must be as wide as the page, or its text becomes too small", kind.name());
        let kinds = ChartKind::ALL.iter().filter(|kind| kind.may_be_narrow()).map(|kind| kind.name());
        let kinds = kinds.collect::<Vec<_>>().join(", ");
        let fault = Diagnostic::error(Code::InvalidValue, width.span, message);
        table.fault(fault.hint(format!("delete the key; the charts that can be as wide as the text are: {kinds}")));
    }
    narrow
}
