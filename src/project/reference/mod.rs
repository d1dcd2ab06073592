//! What may be written in each file of declarations, made of the descriptions beside their readers: schemas for editors, and the
//! page docs/reference.md.

#[cfg(test)]
mod agreement;
mod page;
mod schema;

use crate::project::correction::CORRECTIONS;
use crate::project::country::COUNTRY;
use crate::project::declaration::keys::Keys;
use crate::project::imports::MAPPING;
use crate::project::indicator::INDICATOR;
use crate::project::load::{REPORT, SECTION};
use crate::project::text::CATALOGUE;

pub use page::page;
pub use schema::schema;

/// The folder of a project with the schemas for editors. Nothing that reads a project looks into it.
pub const FOLDER: &str = "data/.schema";

macro_rules! files {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $keys:expr;)*) => {
        /// A kind of file of declarations.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum File { $($(#[doc = $doc])+ $variant,)* }

        impl File {
            /// All of them, in the order of the reference.
            pub const ALL: &'static [File] = &[$(File::$variant,)*];

            /// The name of its schema.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(File::$variant => $name,)* }
            }

            /// What its keys hold.
            #[must_use]
            pub fn keys(self) -> &'static Keys {
                match self { $(File::$variant => &$keys,)* }
            }
        }
    };
}

files! {
    /// `data/report.toml`.
    Report = "report", REPORT;
    /// A country's `country.toml`.
    Country = "country", COUNTRY;
    /// A section's `section.toml`.
    Section = "section", SECTION;
    /// An indicator.
    Indicator = "indicator", INDICATOR;
    /// The texts of a language.
    Catalogue = "text", CATALOGUE;
    /// A mapping of delivered files.
    Mapping = "import", MAPPING;
    /// `data/corrections.toml`.
    Corrections = "corrections", CORRECTIONS;
}

impl File {
    /// The path of its schema from the root of a project.
    #[must_use]
    pub fn path(self) -> String {
        format!("{FOLDER}/{}.json", self.name())
    }

    /// The first line of a file of this kind, by which editors find its schema.
    #[must_use]
    pub fn line(self, path: &str) -> String {
        let up = path.matches('/').count().saturating_sub(1);
        let up = if up == 0 { "./".to_owned() } else { "../".repeat(up) };
        let (_, schema) = FOLDER.split_once('/').unwrap_or_default();
        format!("#:schema {up}{schema}/{}.json\n", self.name())
    }
}
