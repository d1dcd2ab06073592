//! The reasons why a figure is printed or withheld. None of them holds a number of a register that is not printed.

use chrono::NaiveDate;

use super::cost::Cost;
use super::mark::{ClosedAs, Mark};
use super::trial::Change;

/// A reason, or what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Of a register, and printed.
    Printed,
    /// Its year is not due: so many months after its last day must have passed on the day to which the lag is counted.
    NotDue {
        /// The last day of the year.
        last: NaiveDate,
        /// The months.
        lag_months: u32,
        /// The day.
        closes: Option<NaiveDate>,
    },
    /// The registers do not count it.
    Uncounted,
    /// The year's figures tell too many groups apart for a proof.
    TooFine,
    /// A publication that repeats the register differs from it by few, or counts something that the system cannot express.
    Contradicted,
    /// No proof was found for any pattern of the year.
    Unproved,
    /// Its year closes with the next release.
    Closes,
    /// Its year has closed.
    Closed(ClosedAs),
    /// It was withheld when its year closed, and stays so.
    Kept,
    /// Without the closed copy nobody can say why.
    CopyLost,
    /// It counts fewer than the threshold.
    Small,
    /// It is a zero, which the policy withholds.
    Zero,
    /// It protects others; if one sum alone would give one of them away, that sum.
    Protects(Option<Sum>),
    /// Printed alone it would give nothing away: in a large system the choice is not the least.
    Unneeded,
    /// Its late cases are told; repeated, with the reason why they are not told anew.
    Late(Mark, Option<Untold>),
    /// Its late cases are not told.
    Untold(Untold),
    /// No other rules change a closed year.
    Fixed,
    /// Under other rules.
    Otherwise {
        /// Which.
        change: Change,
        /// Whether it would be printed.
        printed: bool,
        /// What is withheld of the year now, and what would be.
        cost: (Cost, Cost),
    },
    /// This figure, broken down by less, is printed.
    Coarser(String),
    /// Of a publication, and printed.
    Stated,
    /// Its source withholds it.
    BySource,
    /// Its source withholds it, and it follows from what is printed.
    Reckonable,
    /// Its source prints it; it is withheld because a sum would give away what that source withholds.
    GivesAway,
    /// No source gives it.
    Unreported,
    /// It is computed from printed figures only, and is withheld where one of them is.
    Computed,
}

/// A sum that would give a withheld figure away if another were printed; each by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// The figure that would follow.
    pub gives: String,
    /// The whole.
    pub whole: String,
    /// Its parts.
    pub parts: Vec<String>,
}

/// Why late cases are not told, or not anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untold {
    /// It is a stock.
    Stock,
    /// The policy says so.
    Silent,
    /// The copy was taken only now: they are told from the next release on.
    Fresh,
    /// The copy or the key is lost.
    Lost,
    /// The copy or the key is not what the last release says.
    Unlike,
    /// The rounding does not fit figures that are broken down as far.
    Rung,
    /// A publication contradicts the closed numbers, or a code has another name than when the year closed.
    Stopped,
}
