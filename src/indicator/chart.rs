//! How an indicator is drawn: a closed list of chart kinds and their few settings.

use crate::declaration::{Declaration, nearest};
use crate::diagnostic::{Code, Diagnostic, Span};

/// The chart an indicator hosts.
#[derive(Debug)]
pub struct Chart {
    /// Which kind.
    pub kind: ChartKind,
    /// Its title when no narrative gives one that states a finding.
    pub title: String,
    /// Where that title is written.
    pub title_span: Option<Span>,
    /// Measure, unit and scale, under the title.
    pub subtitle: String,
    /// First year of its axis; none for the first year with a figure.
    pub from: Option<i32>,
    /// Its width on the page: `full`, `text` or `notes`.
    pub width: String,
    /// How many series it shows at most, those that rise highest; none for all.
    pub most: Option<usize>,
    /// For a stack: ways of splitting the whole, the first that a period knows is drawn.
    pub splits: Vec<Split>,
}

/// One way of splitting a whole into parts.
#[derive(Debug)]
pub struct Split {
    /// Cells: `sex=female,age_group=0-17`.
    pub cells: Vec<String>,
    /// A direct label for each.
    pub labels: Vec<String>,
}

/// The chart kinds; each has a file of its name in `draw`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// A rating over time, as steps on an ordinal axis.
    Tiers,
    /// The same for several countries, as small multiples.
    Neighbours,
    /// One panel for each indicator, on one scale.
    Panels,
    /// One row for each indicator, on one time axis.
    Rows,
    /// Parts of a whole, stacked.
    Stack,
    /// Year by measure: what is known.
    Matrix,
    /// Dated facts on a time axis.
    Milestones,
}

const KINDS: [(&str, ChartKind); 7] = [
    ("tiers", ChartKind::Tiers),
    ("neighbours", ChartKind::Neighbours),
    ("panels", ChartKind::Panels),
    ("rows", ChartKind::Rows),
    ("stack", ChartKind::Stack),
    ("matrix", ChartKind::Matrix),
    ("milestones", ChartKind::Milestones),
];

impl Chart {
    pub(super) fn read(mut table: Declaration<'_>) -> Self {
        let kind = table.required_text("kind");
        let found = KINDS.iter().find(|(name, _)| *name == kind.value);
        if found.is_none() && !kind.value.is_empty() {
            let names: Vec<_> = KINDS.iter().map(|(name, _)| *name).collect();
            let hint = nearest(&kind.value, names.iter().copied())
                .map_or_else(|| format!("there are: {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
            let message = format!("there is no chart kind `{}`", kind.value);
            table.fault(Diagnostic::error(Code::UnknownName, kind.span, message).hint(hint));
        }
        let title = table.text("title");
        let chart = Self {
            title_span: title.as_ref().map(|title| title.span.clone()),
            title: title.map_or_else(String::new, |title| title.value),
            kind: found.map_or(ChartKind::Rows, |(_, kind)| *kind),
            subtitle: table.text("subtitle").map_or_else(String::new, |subtitle| subtitle.value),
            from: table.integer("from").and_then(|from| i32::try_from(from.value).ok()),
            most: table.integer("most").and_then(|most| usize::try_from(most.value).ok()),
            width: table.text("width").map_or_else(|| "full".into(), |width| width.value),
            splits: table.tables("splits", |mut split| {
                let values = |texts: Vec<crate::declaration::Located<String>>| {
                    texts.into_iter().map(|text| text.value).collect::<Vec<_>>()
                };
                let read = Split { cells: values(split.texts("cells")), labels: values(split.texts("labels")) };
                split.finish();
                read
            }),
        };
        table.finish();
        chart
    }
}
