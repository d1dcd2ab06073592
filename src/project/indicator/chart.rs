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

/// The kinds of charts; each has a file of its name in `draw`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// A rating over time, as steps on an ordinal axis.
    Tiers,
    /// Ratings of several countries over time, as small multiples.
    Neighbours,
    /// One panel for each indicator, on one scale.
    Panels,
    /// One row for each indicator, on one time axis.
    Rows,
    /// Parts of a whole, stacked.
    Stack,
    /// A grid of years and measures that shows which figures are known.
    Matrix,
    /// Dated events on a time axis.
    Milestones,
    /// Bands from each country to this one, as wide as their counts.
    Flow,
    /// A tile or a bar for each province.
    Provinces,
    /// One period: a dot on a line for each number that sources give.
    Dumbbell,
    /// One period: a bar for each code of a dimension.
    Bars,
}

const KINDS: [(&str, ChartKind); 11] = [
    ("tiers", ChartKind::Tiers),
    ("neighbours", ChartKind::Neighbours),
    ("panels", ChartKind::Panels),
    ("rows", ChartKind::Rows),
    ("stack", ChartKind::Stack),
    ("matrix", ChartKind::Matrix),
    ("milestones", ChartKind::Milestones),
    ("flow", ChartKind::Flow),
    ("provinces", ChartKind::Provinces),
    ("dumbbell", ChartKind::Dumbbell),
    ("bars", ChartKind::Bars),
];

impl ChartKind {
    /// Its name in a declaration.
    #[must_use]
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

impl Chart {
    pub(super) fn read(mut table: Declaration<'_>) -> Self {
        let kind = table.required_text("kind");
        let found = KINDS.iter().find(|(name, _)| *name == kind.value);
        if found.is_none() && !kind.value.is_empty() {
            let names: Vec<_> = KINDS.iter().map(|(name, _)| *name).collect();
            let hint = nearest(&kind.value, names.iter().copied())
                .map_or_else(|| format!("there are: {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
            let message = format!("there is no chart kind `{}`", kind.value);
            table.fault(Diagnostic::error(Code::UnknownName, kind.span.clone(), message).hint(hint));
        }
        let title = table.text("title");
        let chart = Self {
            title_span: title.as_ref().map(|title| title.span.clone()),
            title: title.map_or_else(String::new, |title| title.value),
            kind: found.map_or(ChartKind::Rows, |(_, kind)| *kind),
            span: kind.span,
            by: table.text("by"),
            subtitle: table.text("subtitle").map_or_else(String::new, |subtitle| subtitle.value),
            from: table.integer("from").and_then(|from| i32::try_from(from.value).ok()),
            most: table.integer("most").and_then(|most| usize::try_from(most.value).ok()),
            narrow: table.text("width").is_some_and(|width| is_narrow(found.map(|(_, kind)| *kind), &mut table, width)),
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
/// The kinds that can also be drawn as wide as the text.
const NARROW: [ChartKind; 5] =
    [ChartKind::Rows, ChartKind::Flow, ChartKind::Provinces, ChartKind::Dumbbell, ChartKind::Bars];

fn is_narrow(kind: Option<ChartKind>, table: &mut Declaration<'_>, width: Located<String>) -> bool {
    let narrow = width.value == "text";
    if !WIDTHS.contains(&width.value.as_str()) {
        let message = format!("`{}` is not a width of a chart", width.value);
        let fault = Diagnostic::error(Code::InvalidValue, width.span, message);
        table.fault(fault.hint(format!("there are: {}", WIDTHS.join(", "))));
    } else if let Some(kind) = kind.filter(|kind| narrow && !NARROW.contains(kind)) {
        let message = format!("a chart `{}` must be as wide as the page, or its text becomes too small", kind.name());
        let kinds = NARROW.map(ChartKind::name).join(", ");
        let fault = Diagnostic::error(Code::InvalidValue, width.span, message);
        table.fault(fault.hint(format!("delete the key; the charts that can be as wide as the text are: {kinds}")));
    }
    narrow
}
