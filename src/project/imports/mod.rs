//! Mappings: which cells of a delivered file become which rows of our tables, declared in TOML.
//!
//! * Takes: `data/imports/<id>.toml`, `data/countries/<ISO3>/imports/<id>.toml`, and the schemas.
//! * Gives: a [`Mapping`] whose every right-hand side fits the fields that use it, or every fault found in it.
//!
//! What a mapping does to a file is done in `tables/import`; here nothing of the file is known.

mod check;
mod codes;
mod file;
mod form;
mod keys;
mod makes;
mod origin;
mod pattern;
mod read;
mod reading;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::declaration::Located;
use crate::project::schema::Schema;

pub use codes::{CodeTable, Mark, Right, State};
pub use file::Delivered;
pub use form::{Dated, Dating, Form, western, western_digit};
pub use keys::MAPPING;
pub use makes::{Left, Make, Sum, Where};
pub use origin::{At, From, Lookup, OPEN};
pub use pattern::{Pattern, folded, is_folded};
pub use reading::Reading;

/// A larger mapping is not read, in bytes.
const LARGEST: usize = 4 << 20;
/// The code tables that every mapping has.
pub const BUILT_IN: [&str; 3] = ["iso3166-alpha3", "iso3166-alpha2", "iso3166-names"];

/// One mapping.
#[derive(Debug)]
pub struct Mapping {
    /// The file's stem.
    pub id: String,
    /// The file.
    pub source: Arc<Source>,
    /// The folder that it lies in, from the root.
    pub folder: String,
    /// The country in whose folder it lies; none for one that may feed all of them.
    pub country: Option<String>,
    /// The delivered files.
    pub files: Vec<Delivered>,
    /// Whose folder a row belongs to, unless its make says otherwise.
    pub into: Option<From>,
    /// How numbers are written.
    pub number: Number,
    /// What cells without a number stand for.
    pub missing: BTreeMap<String, Located<State>>,
    /// Marks behind numbers and labels, the longest first.
    pub marks: Vec<Mark>,
    /// Rows that are left, with the reason.
    pub skips: Vec<Left>,
    /// What is made of the rows.
    pub makes: Vec<Make>,
    /// What texts are as codes of ours.
    pub codes: BTreeMap<String, CodeTable>,
    /// Whether it has faults that may be why a label or a row of a file is not read.
    pub partial: bool,
}

/// How numbers are written.
#[derive(Debug, Clone, Default)]
pub struct Number {
    /// The mark between groups of digits.
    pub thousands: Option<char>,
    /// The decimal mark.
    pub decimal: Option<char>,
    /// Whether digits of any script are read.
    pub any_digits: bool,
}

/// Where a mapping lies.
#[derive(Debug, Clone)]
pub struct Lying {
    /// The file's stem.
    pub id: String,
    /// Its folder, from the root.
    pub folder: String,
    /// The country whose folder it is.
    pub country: Option<String>,
}

impl Mapping {
    /// Reads a mapping and reports its faults.
    pub fn parse(lying: Lying, source: &Arc<Source>, schemas: &[Schema], diagnostics: &mut Diagnostics) -> Self {
        if source.bytes.len() > LARGEST {
            let message = format!("the mapping is larger than {} MB, and is not read", LARGEST >> 20);
            let fault = Diagnostic::error(Code::SourceError, Span::start_of(source), message);
            diagnostics.push(fault.hint("a mapping names labels and codes; rows belong into the delivered file"));
            let empty = Source::new(source.path.clone(), Vec::new()).of_country(source.country.as_deref());
            return Self::parse(lying, &Arc::new(empty), schemas, diagnostics);
        }
        let mut own = Diagnostics::default();
        let (mut mapping, tables_are_open) = read::read(lying, source, schemas, &mut own);
        check::check(&mapping, schemas).into_iter().for_each(|fault| own.push(fault));
        mapping.partial = own.sorted().iter().any(|fault| {
            use Code::{InvalidValue, MissingField, SyntaxError, UnknownField, UnknownName};
            matches!(fault.code, InvalidValue | MissingField | SyntaxError | UnknownField | UnknownName)
        });
        mapping.partial |= tables_are_open;
        diagnostics.absorb(own);
        mapping
    }

    /// Whether any field asks in which section a row is.
    #[must_use]
    pub fn asks_sections(&self) -> bool {
        self.lookups().any(|lookup| matches!(lookup.at, At::Section))
    }

    /// Every field that is looked up, those of `into` among them.
    pub fn lookups(&self) -> impl Iterator<Item = &Lookup> {
        let own = self.into.iter().chain(self.makes.iter().filter_map(|make| make.into.as_ref()));
        let fields = self.makes.iter().flat_map(|make| make.fields.iter().map(|given| &given.from));
        own.chain(fields).filter_map(|from| match from {
            From::Looked(lookup) => Some(lookup),
            From::Constant(_) => None,
        })
    }

    /// Whose folder the rows of a make belong to.
    #[must_use]
    pub fn folder_of<'m>(&'m self, make: &'m Make) -> Option<&'m From> {
        make.into.as_ref().or(self.into.as_ref())
    }

    /// Where the rows that it made are kept, from the root: in the register, if some are confidential.
    #[must_use]
    pub fn kept(&self) -> String {
        let inside = self.folder.ends_with("/register");
        let register = !inside && self.files.iter().any(|file| file.confidential);
        format!("{}{}/{}{}", self.folder, if register { "/register" } else { "" }, self.id, file::KEPT)
    }

    /// The start of the file, for a fault of the whole.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::start_of(&self.source)
    }
}
