//! Why a question of the custodian has no answer.

use std::fmt;

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
