//! The format of a project, by the key `tipbrief` in its `data/report.toml`: an older one is read as before, a newer one refused.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source};
use crate::project::declaration::Declaration;
use crate::project::declaration::keys::{self, Holds, Keys, Text};

/// The key that states it.
pub const KEY: &str = "tipbrief";

/// A format that this program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Format {
    /// Without the key: the project has every file itself, and no document is made without its own prose.
    #[default]
    Whole,
    /// What the project lacks of templates, schemas and texts is read from the program, and what is not written yet makes a
    /// document a draft.
    Filled,
}

/// The formats by their names, the present one last.
const NAMES: [(&str, Format); 2] = [("0.1", Format::Whole), ("0.2", Format::Filled)];

/// The key, as the file of declarations has it.
pub const STATED: keys::Key = keys::key(KEY, Holds::Text(Text::Among(names)))
    .without("the oldest format, in which the project has every file itself")
    .says("The format of the project: an older program refuses it, and `tipbrief upgrade` moves it to a later one.")
    .example("\"0.2\"");

/// What is read before anything else is.
static HEAD: Keys = Keys::of("data/report.toml", "", &[STATED]);

fn names() -> Vec<(&'static str, &'static str)> {
    NAMES.iter().map(|(name, format)| (*name, format.says())).collect()
}

impl Format {
    /// The format of new projects.
    pub const PRESENT: Self = NAMES[NAMES.len() - 1].1;

    /// Its name, as the key states it.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    /// What it means, in a clause.
    fn says(self) -> &'static str {
        match self {
            Self::Whole => "the project has every file itself, and a document without its own prose is an error",
            Self::Filled => {
                "what the project lacks of templates, schemas and texts is the program's, and prose that is not written \
                             yet makes drafts"
            }
        }
    }

    /// Whether carried files are read in place of those that the project lacks.
    #[must_use]
    pub fn is_filled(self) -> bool {
        self >= Self::Filled
    }
}

/// What a file of declarations states about its format.
pub enum Stated {
    /// One that this program reads.
    Known(Format),
    /// None that there is: the fault.
    Unknown(Diagnostic),
    /// One of a later program: the fault, beside which no other counts.
    Newer(Diagnostic),
}

/// The format that `data/report.toml` states; the oldest where it states none.
#[must_use]
pub fn stated(report: &Arc<Source>) -> Stated {
    // What else is wrong with the file is reported by whoever reads it.
    let mut elsewhere = Diagnostics::default();
    let Some(asked) = Declaration::parse(&HEAD, report, &mut elsewhere).text(KEY) else {
        return Stated::Known(Format::Whole);
    };
    if let Some((_, format)) = NAMES.iter().find(|(name, _)| *name == asked.value) {
        return Stated::Known(*format);
    }
    let present = Format::PRESENT.name();
    match (version(&asked.value), version(present)) {
        (Some(wanted), Some(own)) if wanted > own => {
            let message = format!(
                "this project has the format `{}`; this program, {}, reads formats up to `{present}`",
                asked.value,
                env!("CARGO_PKG_VERSION")
            );
            let fault = Diagnostic::error(Code::NewerFormat, asked.span, message);
            Stated::Newer(fault.hint(format!("install tipbrief {} or later", asked.value)))
        }
        _ => {
            let message = format!("there is no format `{}`", asked.value);
            let fault = Diagnostic::error(Code::InvalidValue, asked.span, message);
            Stated::Unknown(fault.hint(format!("write `{KEY} = \"{present}\"`")))
        }
    }
}

/// Two whole numbers with a stop between them.
fn version(name: &str) -> Option<(u32, u32)> {
    let (major, minor) = name.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Stated {
        stated(&Arc::new(Source::new("data/report.toml", text.as_bytes().to_vec())))
    }

    #[test]
    fn a_project_without_the_key_has_the_oldest_format() {
        for (text, format) in [
            ("title = \"x\"\n", Format::Whole),
            ("", Format::Whole),
            ("tipbrief = \"0.1\"\n", Format::Whole),
            ("title = \n tipbrief = \"0.2\"\n", Format::Filled),
            // What is no string is reported where the report is read.
            ("tipbrief = 0.2\n", Format::Whole),
        ] {
            assert!(matches!(of(text), Stated::Known(found) if found == format), "{text}");
        }
        assert_eq!(Format::PRESENT.name(), "0.2");
    }

    #[test]
    fn later_formats_are_told_from_none() {
        for later in ["0.3", "0.10", "1.0", "10.0"] {
            assert!(matches!(of(&format!("tipbrief = \"{later}\"\n")), Stated::Newer(_)), "{later}");
        }
        for none in ["0.0", "2", "0.2.0", "x", "", "0.-3", "0. 3"] {
            assert!(matches!(of(&format!("tipbrief = \"{none}\"\n")), Stated::Unknown(_)), "{none}");
        }
    }
}
