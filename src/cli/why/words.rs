//! Reasons in words, a line each.

use super::super::protect::share;
use crate::disclosure::protect::{Change, ClosedAs, Cost, Mark, Reason, Sum, Untold};
use crate::project::policy::Policy;

/// The reasons in words. What other rules would do comes last; rules that change nothing share a line.
pub(super) fn lines(reasons: &[Reason], policy: &Policy) -> Vec<String> {
    let mut lines: Vec<String> = reasons.iter().filter_map(|reason| line(reason, policy)).collect();
    let idle: Vec<String> = reasons.iter().filter_map(idle).collect();
    if !idle.is_empty() {
        lines.push(format!("it stays withheld, and no more of its year is printed, with {}", idle.join(", ")));
    }
    lines
}

fn line(reason: &Reason, policy: &Policy) -> Option<String> {
    let threshold = policy.threshold;
    Some(match reason {
        Reason::Printed => "printed: it is proved that it gives no small group away".to_owned(),
        Reason::NotDue { last, lag_months, closes } => {
            let closes = closes.map_or_else(|| "the day of closing".to_owned(), |day| day.to_string());
            format!("not due: {lag_months} months after {last} are later than {closes} (`lag_months` and `closes`)")
        }
        Reason::Uncounted => "not counted: the registers have nothing of that year".to_owned(),
        Reason::TooFine => {
            "withheld with its whole year: its figures tell too many groups apart for a proof; ask for fewer breakdowns"
                .to_owned()
        }
        Reason::Contradicted => {
            "withheld with its whole year: a publication that repeats the register is not what the register says, so that the \
             difference would show few persons"
                .to_owned()
        }
        Reason::Unproved => "withheld with its whole year: no proof was found for any choice of its figures".to_owned(),
        Reason::Closes => "its year closes with the next release; until then other rules may change it".to_owned(),
        Reason::Closed(closed) => format!("closed{}: its number never changes", since(closed)),
        Reason::Kept => "withheld since its year closed, and for good".to_owned(),
        Reason::CopyLost => "why it is withheld cannot be told without the closed copy of its year".to_owned(),
        Reason::Small => format!("withheld: it is small itself (from 1 to {})", threshold.saturating_sub(1)),
        Reason::Zero => "withheld: it is 0, and `zeros_sensitive` is set".to_owned(),
        Reason::Protects(Some(sum)) => format!("withheld: it protects another figure. {}", given_away(sum)),
        Reason::Protects(None) => {
            "withheld: it protects others. Printed, it would give a small group away, by several sums together".to_owned()
        }
        Reason::Unneeded => {
            "withheld: it was chosen to make room for others, and no sum is known that needs it; in a large year the choice is \
             not always the least"
                .to_owned()
        }
        Reason::Late(mark, untold) => late(mark, *untold),
        Reason::Untold(untold) => format!("late cases are not told: {}", cause(*untold)),
        Reason::Fixed => {
            "no threshold and no breakdown changes that; only `release --correct` counts a closed year anew".to_owned()
        }
        Reason::Otherwise { change, printed, cost } => return otherwise(change, *printed, cost),
        Reason::Coarser(id) => format!("printed instead, less broken down: {id}"),
        Reason::Stated => "printed as its publication states it".to_owned(),
        Reason::BySource => "withheld by its source".to_owned(),
        Reason::Reckonable => {
            "withheld by its source, although it follows from other numbers; `check` names the sum at its row".to_owned()
        }
        Reason::GivesAway => {
            "withheld although its source prints it: a sum would give away what that source withholds \
             (`publications = \"protect\"`)"
                .to_owned()
        }
        Reason::Unreported => "no publication gives a number".to_owned(),
        Reason::Computed => {
            "a share, a change or a ratio is computed from printed figures only; it is withheld where one of them is".to_owned()
        }
    })
}

/// What another rule would do; nothing where it would do nothing.
fn otherwise(change: &Change, printed: bool, cost: &(Cost, Cost)) -> Option<String> {
    let verb = if printed { "it would be printed" } else { "it stays withheld" };
    let (now, then) = (share(&[cost.0]), share(&[cost.1]));
    (printed || betters(cost)).then(|| format!("with {change} {verb}; of its year {then} would be withheld, now {now}"))
}

/// A rule that prints neither the figure nor more of its year.
fn idle(reason: &Reason) -> Option<String> {
    match reason {
        Reason::Otherwise { change, printed: false, cost } if !betters(cost) => Some(change.to_string()),
        _ => None,
    }
}

/// Whether a smaller share is withheld.
fn betters((now, then): &(Cost, Cost)) -> bool {
    then.withheld * now.cells < now.withheld * then.cells
}

fn since(closed: &ClosedAs) -> String {
    let day = closed.date.map(|day| format!(" since {day}")).unwrap_or_default();
    format!("{day} by the release `{}`", closed.release)
}

/// Which figure would follow, and from what.
fn given_away(Sum { gives, whole, parts }: &Sum) -> String {
    let parts: Vec<&str> = parts.iter().filter(|part| *part != gives).map(String::as_str).collect();
    if gives == whole {
        return format!("Printed, it would give away {gives}, as the sum of {}", parts.join(" and "));
    }
    format!("Printed, it would give away {gives}, as {whole} less {}", parts.join(" and "))
}

fn late(mark: &Mark, untold: Option<Untold>) -> String {
    let cases = if mark.cases == 0 { format!("fewer than {}", mark.base) } else { format!("about {}", mark.cases) };
    let why = "rounded, since an exact number would show the few persons who came from one release to the next";
    let again = untold.map(|untold| {
        let release = mark.release.as_deref().unwrap_or_default();
        format!("; told as the release `{release}` told it, because {}", cause(untold))
    });
    format!("late cases: {cases}, in steps of {}; {why}{}", mark.base, again.unwrap_or_default())
}

fn cause(untold: Untold) -> &'static str {
    match untold {
        Untold::Stock => "a stock has none",
        Untold::Silent => "`tell = \"closed\"` says so",
        Untold::Fresh => "the copy of its year was taken only now",
        Untold::Lost => "the copy of its year, or the key, is lost",
        Untold::Unlike => "the copy of its year, or the key, is not what the last release says",
        Untold::Rung => "the rounding fits no figure that is broken down as far",
        Untold::Stopped => {
            "a publication contradicts a closed number of its year, or a code of it has another name now"
        }
    }
}
