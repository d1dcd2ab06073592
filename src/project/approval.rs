//! Who must approve a document before it is published: `[approval]` of `data/report.toml`.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::project::declaration::keys::{self, Keys};
use crate::project::declaration::{Declaration, Located, nearest};

/// The keys of `[approval]`.
pub static APPROVAL: Keys = Keys::of(
    "[approval]",
    "Who must approve a document before it is published.",
    &[
        keys::integer("needed", Some(1), None)
            .else_number(1)
            .says("How many persons must approve a document; until then it is a draft.")
            .example("2"),
        keys::texts("by")
            .without("anybody may")
            .says("The names of those who may approve.")
            .example("[\"Somchai P.\", \"Anna Berg\"]"),
        keys::text("allowed_signers")
            .without("approvals need no signature")
            .says("The file below `data/` with the keys of those who may sign, as OpenSSH writes it; with it only signed approvals count.")
            .example("\"allowed_signers\""),
    ],
);

/// Without so many approvals a document is a draft.
#[derive(Debug, Clone)]
pub struct Approval {
    /// How many persons must approve it.
    pub needed: usize,
    /// The persons who may; empty where anybody may.
    pub by: Vec<Located<String>>,
    /// The file below `data/` with the keys of those who may sign; with it only signed approvals count.
    pub allowed_signers: Option<Located<String>>,
    /// Where it is declared.
    pub span: Span,
}

/// The most characters in the name of a person.
const LONGEST: usize = 100;

impl Approval {
    pub(super) fn read(mut declaration: Declaration<'_>) -> Self {
        let span = declaration.span();
        let needed = declaration.integer("needed");
        let by = declaration.texts("by");
        let allowed_signers = declaration.text("allowed_signers");
        let mut faults = Vec::new();
        let count = needed.as_ref().map_or(Some(1), |needed| usize::try_from(needed.value).ok().filter(|n| *n > 0));
        if let Some(needed) = needed.as_ref().filter(|_| count.is_none()) {
            let message = format!("`needed` is {}; a number above 0 is expected", needed.value);
            faults.push(Diagnostic::error(Code::InvalidValue, needed.span.clone(), message));
        }
        faults.extend(by.iter().filter_map(|name| Some(unfit(name, unfit_name(&name.value)?))));
        for (at, name) in by.iter().enumerate() {
            if by[..at].iter().any(|other| is_same_person(&other.value, &name.value)) {
                let message = format!("`{}` is named twice", name.value);
                faults.push(Diagnostic::error(Code::InvalidValue, name.span.clone(), message));
            }
        }
        if let Some(needed) = needed.filter(|_| !by.is_empty() && count.is_some_and(|count| count > by.len())) {
            let message = format!("{} approvals are needed, and `by` names {}", needed.value, by.len());
            let fault = Diagnostic::error(Code::InvalidValue, needed.span, message);
            faults.push(fault.hint("name as many persons as must approve, or more"));
        }
        faults.into_iter().for_each(|fault| declaration.fault(fault));
        declaration.finish();
        Self { needed: count.unwrap_or(1), by, allowed_signers, span }
    }

    /// The declared name of a person who may approve, as it is written in `by`; where that is empty, the name itself.
    ///
    /// # Errors
    /// Why nobody of that name may.
    pub fn person(&self, name: &str) -> Result<String, String> {
        let name = tidy(name);
        if let Some(why) = unfit_name(&name) {
            return Err(format!("`{name}` {why}"));
        }
        let known = self.by.iter().find(|known| is_same_person(&known.value, &name));
        if let Some(known) = known {
            return Ok(known.value.clone());
        }
        if self.by.is_empty() {
            return Ok(name);
        }
        let near = nearest(&name, self.by.iter().map(|known| known.value.as_str()));
        let names: Vec<&str> = self.by.iter().map(|known| known.value.as_str()).collect();
        let hint =
            near.map_or_else(|| format!("they are: {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
        Err(format!("`{name}` is not among those who may approve; {hint}"))
    }

    /// Whether an approval by a person of that name counts.
    #[must_use]
    pub fn counts(&self, name: &str) -> bool {
        self.by.is_empty() || self.by.iter().any(|known| is_same_person(&known.value, name))
    }
}

/// A name without spaces around it, and with one space between its words.
fn tidy(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether two names are of one person: case and spaces make no other.
#[must_use]
pub fn is_same_person(one: &str, other: &str) -> bool {
    let plain = |name: &str| tidy(name).to_lowercase();
    plain(one) == plain(other)
}

/// Why a name cannot be that of a person.
fn unfit_name(name: &str) -> Option<&'static str> {
    let turns = |c| matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if tidy(name).is_empty() {
        Some("is no name")
    } else if name.chars().any(|c| c.is_control() || turns(c)) {
        Some("holds characters that no name has")
    } else if name.chars().count() > LONGEST {
        Some("is too long for a name")
    } else {
        None
    }
}

fn unfit(name: &Located<String>, why: &str) -> Diagnostic {
    Diagnostic::error(Code::InvalidValue, name.span.clone(), format!("`{}` {why}", name.value))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::{Diagnostics, Source};

    static REPORT: Keys = Keys::of("", "", &[keys::table("approval", &APPROVAL)]);

    fn read(text: &str) -> (Option<Approval>, Vec<String>) {
        let (mut found, source) =
            (Diagnostics::default(), Arc::new(Source::new("data/report.toml", text.as_bytes().to_vec())));
        let mut file = Declaration::parse(&REPORT, &source, &mut found);
        let approval = file.table("approval").map(Approval::read);
        file.finish();
        (approval, found.sorted().iter().map(|fault| fault.message.to_string()).collect())
    }

    #[test]
    fn a_person_is_the_same_however_the_name_is_spaced_or_in_whatever_case() {
        let (approval, faults) = read("[approval]\nby = [\"Somchai Vongsa\", \"Ana Núñez\"]\n");
        let approval = approval.expect("an approval");
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(approval.needed, 1, "one is enough unless more are asked for");
        assert_eq!(approval.person("  ana  NÚÑEZ ").as_deref(), Ok("Ana Núñez"));
        let refused = approval.person("Somchai Vongsaa").expect_err("not named");
        assert!(refused.ends_with("did you mean `Somchai Vongsa`?"), "{refused}");
        assert!(approval.person("").is_err() && approval.person("a\u{202e}b").is_err());
        assert!(approval.counts("SOMCHAI VONGSA") && !approval.counts("Somebody"));
    }

    #[test]
    fn what_can_never_be_met_is_named() {
        for (text, fault) in [
            ("needed = 0", "`needed` is 0; a number above 0 is expected"),
            ("needed = 3\nby = [\"A\", \"B\"]", "3 approvals are needed, and `by` names 2"),
            ("by = [\"A\", \" a \"]", "` a ` is named twice"),
            ("by = [\" \"]", "` ` is no name"),
        ] {
            let (_, faults) = read(&format!("[approval]\n{text}\n"));
            assert_eq!(faults, [fault], "{text}");
        }
    }
}
