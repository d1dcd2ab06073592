//! All declarations, discovered from folders and checked against each other. The folders are the registry.

mod charts;
mod discover;
mod donors;
mod faces;
mod ledger;
mod links;
mod moved;
mod named;
mod printed;
mod relate;
mod report;
mod table_files;
mod tongues;
mod unwritten;

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::bug::{ALL, Stage, point};
use crate::project::country::Country;
use crate::project::donor::Donor;
use crate::project::indicator::{Indicator, Measure};
use crate::project::ledger::Ledger;
use crate::project::schema::{Field, REST, Schema};
use crate::project::text::Text;

pub use links::templates;
pub use moved::{SNAPSHOTS, holds_old_snapshots};
pub use report::{DocumentKind, Report};

/// How many bands an ordinal scale is drawn with.
const BANDS: usize = 4;

/// Everything that is declared below one root.
#[derive(Debug)]
pub struct Project {
    /// The folder with `data/` and `templates/`.
    pub root: PathBuf,
    /// `data/report.toml`.
    pub report: Report,
    /// The table kinds.
    pub schemas: Vec<Schema>,
    /// The sections, in print order.
    pub sections: Vec<Section>,
    /// The indicators, by section and order.
    pub indicators: Vec<Indicator>,
    /// The countries, by code.
    pub countries: Vec<Country>,
    /// The languages, the default first.
    pub texts: Vec<Text>,
    /// The same declarations as each further language says them, in the order of the languages.
    pub tongues: Vec<Project>,
    /// What has been released of registers.
    pub ledger: Ledger,
}

/// A section of the brief: a folder of `data/indicators/`.
#[derive(Debug, Clone)]
pub struct Section {
    /// The folder's name.
    pub id: String,
    /// Its title where no narrative gives a headline.
    pub title: String,
    /// Its place in the brief.
    pub order: i64,
}

/// One document to make: a country, a language and a kind of document.
#[derive(Debug, Clone, Copy)]
pub struct Document<'p> {
    /// Everything declared, as the language says it.
    pub project: &'p Project,
    /// The country.
    pub country: &'p Country,
    /// The language.
    pub text: &'p Text,
    /// The default language, in which whatever it lacks is printed.
    pub default: &'p Text,
    /// Brief or summary.
    pub kind: &'p DocumentKind,
    /// For whom it is a copy; none for the document that is published.
    pub donor: Option<&'p Donor>,
}

impl Project {
    /// Discovers and reads every declaration below `root`.
    ///
    /// # Errors
    /// When a shared declaration is faulty (reported in `diagnostics`), or a file cannot be read.
    pub fn load(root: &Path, diagnostics: &mut Diagnostics) -> Result<Self> {
        let project = Self::read(root, diagnostics)?;
        Ok(diagnostics.conclude_shared(project)?)
    }

    /// Reads every declaration as far as it can be read, to name the faults that stand beyond the first.
    ///
    /// # Errors
    /// When there is no `report.toml` to go by, or a file cannot be read.
    pub fn read(root: &Path, diagnostics: &mut Diagnostics) -> Result<Self> {
        point(Stage::Declare, ALL);
        discover::project(root, diagnostics)
    }

    /// Every language with the declarations as it says them, the default one first.
    pub fn languages(&self) -> impl Iterator<Item = (&Text, &Self)> {
        self.texts.iter().zip(std::iter::once(self).chain(&self.tongues))
    }

    /// Every document of the project: country × language × kind.
    pub fn documents(&self) -> impl Iterator<Item = Document<'_>> {
        let languages = move || self.languages();
        (0..self.countries.len()).flat_map(move |at| {
            languages().flat_map(move |(text, project)| {
                let country = &project.countries[at];
                let default = &self.texts[0];
                let document = move |kind| Document { project, country, text, default, kind, donor: None };
                project.report.documents.iter().map(document)
            })
        })
    }

    /// Every copy for a donor: donor × country that it follows × language that it speaks × kind that it receives.
    pub fn copies(&self) -> impl Iterator<Item = Document<'_>> {
        self.report.donors.iter().flat_map(|donor| {
            let wants = |document: &Document<'_>| {
                donor.follows(&document.country.iso3)
                    && donor.speaks(&document.text.language, &document.default.language)
                    && donor.receives(&document.kind.id)
            };
            self.documents().filter(wants).map(|document| Document { donor: Some(donor), ..document })
        })
    }

    /// The copies of one donor, or of all.
    pub fn copies_for<'p>(&'p self, asked: Option<&'p Donor>) -> impl Iterator<Item = Document<'p>> {
        let own = move |donor: &Donor| asked.is_none_or(|asked| asked.id.value == donor.id.value);
        self.copies().filter(move |copy| copy.donor.is_some_and(own))
    }

    /// The indicator of that id.
    #[must_use]
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.id == id)
    }

    /// The schema of that table.
    #[must_use]
    pub fn schema(&self, table: &str) -> Option<&Schema> {
        self.schemas.iter().find(|schema| schema.name == table)
    }

    /// What a reader sees for a code of an indicator's dimension.
    #[must_use]
    pub fn label(&self, indicator: &Indicator, field: &str, code: &str, text: &Text) -> String {
        let field = self.observed(indicator).and_then(|schema| schema.field(field));
        let label = field.map_or(code, |field| field.label(code));
        match label {
            REST if code == REST => text.word(REST).to_owned(),
            _ if label == code => text.country(code).to_owned(),
            _ => label.to_owned(),
        }
    }

    /// What a reader sees for a value that is a code.
    #[must_use]
    pub fn value_label(&self, indicator: &Indicator, code: &str, text: &Text) -> String {
        let field = self.value_field(indicator).map_or("", |field| field.name.as_str());
        self.label(indicator, field, code, text)
    }

    /// The codes of an indicator's ordinal scale, the best first; a code outside it, such as a special case, stands on no
    /// band.
    #[must_use]
    pub fn scale(&self, indicator: &Indicator) -> &[String] {
        let codes = self.value_field(indicator).map_or(&[][..], |field| field.constraints.allowed.as_slice());
        &codes[..codes.len().min(BANDS)]
    }

    fn value_field(&self, indicator: &Indicator) -> Option<&Field> {
        let schema = self.observed(indicator)?;
        schema.field(&schema.observations.as_ref()?.value)
    }

    fn observed(&self, indicator: &Indicator) -> Option<&Schema> {
        let Measure::Observed { table, .. } = &indicator.measure else { return None };
        self.schema(table)
    }
}
