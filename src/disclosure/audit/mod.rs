//! Published tables of anybody, attacked: which withheld values follow from what is printed beside them.
//!
//! Every column but the values' is a dimension if it has a total (`margins`), lies within one that has (`nesting`), or is
//! left out by a file that counts all of it (`shared`). A column that says by what people are broken down, or whose codes
//! differ from file to file, is several dimensions (`breakdowns`). What else it may be is no dimension (`notes`) or separates tables.
//! A combination without a row is unknown, not nothing, unless columns are nested.
//!
//! Whatever is not certain is read so that more sums hold, and is said in the answer: a wrong guess may warn too often,
//! never too seldom. Where no reading has all sums of another (`prefixes`), both are attacked, and the worse answer is told.
//! Tables that a build of `tipbrief` released are read as they say themselves (`released`).
//!
//! What nothing links is told too (`relations`, `apart`): of a value in no sum nothing was worked out. What is found is told
//! in aggregate; the places only where they are asked for.

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
mod shared;
mod solve;
mod time;
mod within;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::disclosure::attack::Verdict;
use crate::tables::ingest::RawTable;

pub use counted::Cells;
pub use description::Description;
pub use marks::Mark;
pub use request::{Nested, Request, UnknownColumn};

/// What was found.
#[derive(Debug, Default)]
pub struct Audit {
    /// Rows bearing a mark.
    pub withheld: usize,
    /// Of them those that can be one number only.
    pub exact: Vec<String>,
    /// Of them those that are not exact, but narrower than asked.
    pub narrow: Vec<String>,
    /// Of them those of which nothing was proved.
    pub undecided: Vec<String>,
    /// Of them those that stand in no sum, so that nothing was worked out.
    pub unlinked: Vec<String>,
    /// Of them those that would follow if the combinations without a row were nothing.
    pub open: Vec<String>,
    /// Columns of numbers that were not attacked, though they bear marks or are the total of the others.
    pub beside: Vec<String>,
    /// Rows that say that they are part of others of the same column, which was not worked out; the first of each column.
    pub within: Vec<String>,
    /// Rows that cannot all be true.
    pub contradictions: Vec<Vec<String>>,
    /// How the tables were read where they do not say it.
    pub assumptions: Vec<String>,
}

impl Audit {
    /// Takes in what was found of other tables.
    fn add(&mut self, other: Self) {
        // Named one by one, so that none is forgotten.
        let Self { withheld, exact, narrow, undecided, unlinked, open, beside, within, contradictions, assumptions } =
            other;
        self.withheld += withheld;
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

    /// Whether it found nothing that is worked out, and left nothing open.
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
    for file in files.iter().filter(|file| read::values(file, request).is_empty()) {
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

/// Told where a table is read as a build releases it.
const RELEASED: &str = "tables as a build releases them are read source by source, those of one measure together, as the data package \
                        beside them says";

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}

/// The worse of two answers for who withheld the value.
fn worse(one: Verdict, other: Verdict) -> Verdict {
    let rank = |verdict: Verdict| match verdict {
        Verdict::Exact => 0,
        Verdict::Narrow => 1,
        Verdict::Undecided => 2,
        Verdict::Free => 3,
    };
    if rank(other) < rank(one) { other } else { one }
}
