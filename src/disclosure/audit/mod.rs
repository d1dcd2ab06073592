//! Audits published tables of any origin: which withheld values follow from the numbers printed beside them.
//!
//! A column is a dimension if it has a total (`margins`), lies within a dimension (`nesting`), or is missing in a file that
//! counts all of it (`shared`). A column that names the kind of breakdown, or whose codes differ from file to file, becomes
//! several dimensions (`breakdowns`). Other columns are ignored (`notes`) or separate tables. A combination without a row is
//! unknown rather than 0, unless its columns are nested.
//!
//! Where the meaning of a column is uncertain, the audit assumes more sums rather than fewer and lists the assumption: a wrong
//! guess may warn too often, never too seldom. If neither of two readings includes the other (`prefixes`), both are attacked
//! and the worse verdict counts. Tables that a build of `tipbrief` released describe themselves (`released`).
//!
//! A number that is rounded to a base, or printed with its uncertainty, is a withheld value with the bounds that it states
//! (`rounding`, `value`).
//!
//! Values that belong to no sum are reported as well (`relations`, `apart`), since nothing was calculated for them. Findings
//! are counted; their places are listed only on request.

mod apart;
mod arrange;
mod breakdowns;
mod cells;
mod cliques;
mod columns;
mod counted;
mod description;
mod dimension;
mod echoes;
mod evidence;
mod findings;
mod hierarchy;
mod lattice;
mod margins;
mod marks;
mod nesting;
mod notes;
mod prefixes;
mod read;
mod reading;
mod relations;
mod released;
mod report;
mod request;
mod rounding;
mod shared;
mod solve;
mod time;
mod value;
mod within;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::disclosure::attack::Verdict;
use crate::tables::ingest::RawTable;

pub use counted::Cells;
pub use description::Description;
pub use marks::Mark;
pub use request::{Nested, Request, UnknownColumn};
pub use rounding::Base;

/// The findings.
#[derive(Debug, Default)]
pub struct Audit {
    /// How many rows have a mark instead of a value, or a rounded one.
    pub withheld: usize,
    /// How many of them are rounded, or printed with their uncertainty.
    pub rounded: usize,
    /// The places of those that can be one number only.
    pub exact: Vec<String>,
    /// Those whose interval is narrower than required.
    pub narrow: Vec<String>,
    /// Those where nothing was proved.
    pub undecided: Vec<String>,
    /// Those that belong to no sum, so that nothing was calculated for them.
    pub unlinked: Vec<String>,
    /// Those that would follow if the combinations without a row were 0.
    pub open: Vec<String>,
    /// Columns of numbers that were not attacked although they contain marks or are the total of the others.
    pub beside: Vec<String>,
    /// Rows that are labelled as part of other rows, which the attack does not cover; the first of each column.
    pub within: Vec<String>,
    /// Groups of rows that contradict each other.
    pub contradictions: Vec<Vec<String>>,
    /// How the tables were read where they leave it open.
    pub assumptions: Vec<String>,
}

impl Audit {
    /// Adds the findings on other tables.
    fn add(&mut self, other: Self) {
        // Named one by one, so that none is forgotten.
        let Self {
            withheld,
            rounded,
            exact,
            narrow,
            undecided,
            unlinked,
            open,
            beside,
            within,
            contradictions,
            assumptions,
        } = other;
        self.withheld += withheld;
        self.rounded += rounded;
        self.exact.extend(exact);
        self.narrow.extend(narrow);
        self.undecided.extend(undecided);
        self.unlinked.extend(unlinked);
        self.open.extend(open);
        self.beside.extend(beside);
        self.within.extend(within);
        self.contradictions.extend(contradictions);
        self.assumptions.extend(assumptions);
    }

    /// Whether no withheld value follows and nothing was left unchecked.
    #[must_use]
    pub fn passed(&self) -> bool {
        let worked_out = [&self.exact, &self.narrow, &self.undecided];
        let left_open = [&self.unlinked, &self.beside, &self.within];
        worked_out.into_iter().chain(left_open).all(Vec::is_empty)
    }
}

/// Attacks every withheld value of the tables, which are linked by the dimensions they share.
///
/// # Errors
/// When a column is asked for that no file has.
pub fn audit(files: Vec<RawTable>, request: &Request, diagnostics: &mut Diagnostics) -> Result<Audit, UnknownColumn> {
    if let Some(unknown) = request.unknown(&files) {
        return Err(unknown);
    }
    for file in files.iter().filter(|file| value::values(file, request).is_empty()) {
        let Some(label) = file.labels.first() else { continue };
        let message = format!("there is no column {} for the values", quoted(&request.values));
        let labels: Vec<&str> = file.labels.iter().map(|label| label.text.as_str()).collect();
        let fault = Diagnostic::error(Code::MissingLabel, label.span.clone(), message);
        diagnostics.push(fault.hint(format!("the columns are: {}", labels.join(", "))));
    }
    let (mut released, mut others): (Vec<RawTable>, Vec<RawTable>) =
        files.into_iter().partition(|file| released::is_released(file, request));
    let mut found = Audit::default();
    if !released.is_empty() {
        released.iter_mut().for_each(|file| (0..file.columns.len()).for_each(|at| file.code(at)));
        found.add(released::attack(&released, request));
        found.assumptions = vec![RELEASED.to_owned()];
    }
    if others.is_empty() {
        return Ok(found);
    }
    let read = read::read(&mut others, request, diagnostics);
    if diagnostics.failed() {
        return Ok(Audit::default());
    }
    let mut reading = reading::Reading::of(read, request);
    if reading.contradicted(&others, diagnostics) {
        return Ok(Audit::default());
    }
    let answers = reading.attack(i128::from(request.width));
    found.add(findings::findings(&others, reading, answers, request, diagnostics));
    Ok(found)
}

/// The assumption under which tables released by a build are read.
const RELEASED: &str =
    "released tables are read source by source, and tables of one measure together, as their data package says";

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}

/// The worse of two verdicts for whoever withheld the value.
fn worse(one: Verdict, other: Verdict) -> Verdict {
    let rank = |verdict: Verdict| match verdict {
        Verdict::Exact => 0,
        Verdict::Narrow => 1,
        Verdict::Undecided => 2,
        Verdict::Free => 3,
    };
    if rank(other) < rank(one) { other } else { one }
}
