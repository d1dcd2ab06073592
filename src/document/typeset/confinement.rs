//! Whether Typst may start: what the system keeps it from, held against what the project asks for.

use std::sync::Arc;

use anyhow::{Result, bail};

use crate::diagnostic::{Code, Diagnostic, Source, Span};
use crate::project::policy::Confinement;

/// How much of a prohibition the system enforces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// All of it.
    Full,
    /// A part of it, as an older kernel does.
    Partial,
    /// Nothing.
    Off,
}

/// What the system keeps Typst from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Changing files.
    pub files: Hold,
    /// Opening and accepting TCP connections.
    pub network: Hold,
}

impl Held {
    /// What a system without Landlock keeps Typst from.
    pub(super) const NOTHING: Self = Self { files: Hold::Off, network: Hold::Off };

    /// What it does not keep Typst from; none where it keeps it from everything.
    fn gap(self) -> Option<String> {
        let files = match self.files {
            Hold::Full => None,
            // An older Landlock lacks only the rule against truncating.
            Hold::Partial => Some("emptying files"),
            Hold::Off => Some("writing files"),
        };
        let network = (self.network != Hold::Full).then_some("opening network connections");
        let gaps: Vec<&str> = files.into_iter().chain(network).collect();
        (!gaps.is_empty()).then(|| gaps.join(" and "))
    }
}

/// Decides whether Typst may start; with a warning where it may and is not confined in full.
///
/// # Errors
/// When the project requires more than the system enforces.
pub fn decide(held: Held, asked: Confinement) -> Result<Option<Diagnostic>> {
    let Some(gap) = held.gap() else { return Ok(None) };
    match asked {
        Confinement::Required => bail!(
            "Typst was not started: `typst_confinement` in `data/report.toml` is `required`, and this system does not keep it \
             from {gap}; build on Linux 6.7 or later with Landlock switched on, or write `where_possible`"
        ),
        Confinement::WherePossible => Ok(Some(warning(held, &gap))),
    }
}

fn warning(held: Held, gap: &str) -> Diagnostic {
    let extent = if held == Held::NOTHING { "not confined" } else { "confined only in part" };
    let message = format!(
        "Typst is {extent}: this system does not keep it from {gap}, so that only Typst itself holds a template back"
    );
    let report = Arc::new(Source::new("data/report.toml", Vec::new()));
    let warning = Diagnostic::warning(Code::UnconfinedTypst, Span::start_of(&report), message);
    warning.hint(
        "Linux 6.7 or later with Landlock does; `typst_confinement = \"required\"` in `[limits]` refuses to build elsewhere",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use Confinement::{Required, WherePossible};
    use Hold::{Full, Off, Partial};

    fn held(files: Hold, network: Hold) -> Held {
        Held { files, network }
    }

    #[test]
    fn who_is_confined_in_full_may_start_and_nothing_is_said() {
        for asked in [WherePossible, Required] {
            assert!(matches!(decide(held(Full, Full), asked), Ok(None)), "{asked:?}");
        }
    }

    #[test]
    fn what_is_off_is_named_and_stops_only_where_confinement_is_required() {
        for (files, network, extent, gap) in [
            (Off, Off, "not confined", "writing files and opening network connections"),
            (Off, Full, "confined only in part", "writing files"),
            (Partial, Off, "confined only in part", "emptying files and opening network connections"),
            (Partial, Full, "confined only in part", "emptying files"),
            (Full, Off, "confined only in part", "opening network connections"),
            (Full, Partial, "confined only in part", "opening network connections"),
        ] {
            let warned = decide(held(files, network), WherePossible).ok().flatten();
            let warned = warned.unwrap_or_else(|| panic!("{files:?}, {network:?}: a warning and no error"));
            assert!(warned.message.starts_with(&format!("Typst is {extent}: ")), "{}", warned.message);
            assert!(warned.message.contains(&format!("keep it from {gap}, so that")), "{}", warned.message);
            assert_eq!((warned.code, warned.severity), (Code::UnconfinedTypst, crate::diagnostic::Severity::Warning));
            assert!(warned.hint.is_some_and(|hint| hint.contains("typst_confinement = \"required\"")));
            let refused = decide(held(files, network), Required).err().map(|error| error.to_string());
            let refused = refused.unwrap_or_else(|| panic!("{files:?}, {network:?}: an error"));
            assert!(refused.contains(&format!("keep it from {gap};")), "{refused}");
        }
    }
}
