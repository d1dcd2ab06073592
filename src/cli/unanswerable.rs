//! Why a question has no answer: what it names is not here, or is not there at all.

use std::fmt;

use crate::project::declaration::nearest;

/// The register that the answer needs is not at hand.
#[derive(Debug)]
pub(super) struct NotHere {
    /// Whose; none where there is no register at all.
    pub(super) country: Option<String>,
}

impl fmt::Display for NotHere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hint = "ask on the machine of the custodian, where `data/countries/<ISO3>/register/` is";
        match &self.country {
            Some(country) => write!(f, "the register of {country} is not here\n  = hint: {hint}"),
            None => write!(f, "no register is here, or none holds a year that is asked for\n  = hint: {hint}"),
        }
    }
}

impl std::error::Error for NotHere {}

/// The command line asks for something that there is not.
#[derive(Debug)]
pub(super) struct Unfit(pub(super) String);

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}

/// The name that an option gives, if the project has it.
///
/// # Errors
/// [`Unfit`], with the nearest name or all of them, if it does not.
pub(super) fn known<'p>(
    what: &str,
    named: Option<&str>,
    all: impl Iterator<Item = &'p str>,
) -> Result<Option<&'p str>, Unfit> {
    let Some(named) = named else { return Ok(None) };
    let all: Vec<&str> = all.collect();
    if let Some(known) = all.iter().find(|known| **known == named) {
        return Ok(Some(known));
    }
    let hint = match nearest(named, all.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            format!("the project has {}", all.iter().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", "))
        }
    };
    Err(Unfit(format!("the project has no {what} `{named}`\n  = hint: {hint}")))
}
