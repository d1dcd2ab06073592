//! Finds and reads all declarations, and checks them against each other. What exists is what has a file or a folder.

mod among;
mod approval;
mod charts;
mod corrections;
mod countries;
mod custody;
mod discover;
mod donors;
mod draft;
mod drawing;
mod engines;
mod entry;
mod faces;
mod filled;
mod font_files;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzed;
mod imports;
mod ledger;
mod letters;
mod links;
mod logos;
mod moved;
mod named;
mod printed;
mod publisher;
mod relate;
mod report;
mod schemas;
mod sections;
mod table_files;
mod texts;
mod translations;
mod unnamed;
mod unwritten;
mod visits;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};

use crate::diagnostic::Diagnostics;
use crate::diagnostic::bug::{ALL, Stage, point};
use crate::project::correction::Correction;
use crate::project::country::Country;
use crate::project::donor::Donor;
use crate::project::indicator::{Indicator, Measure};
use crate::project::ledger::Ledger;
use crate::project::schema::{Field, REST, Schema};
use crate::project::text::Text;
use crate::project::visits::Visits;
use discover::Needed;

pub use corrections::{CORRECTIONS, reason_place};
pub use custody::custody;
pub use draft::DraftReason;
pub use filled::{filled, format, own_or_carried};
pub use font_files::face_in;
pub use imports::{Imports, Mapped};
pub use letters::{Chosen, LETTERS, Letters, path_of_correction};
pub use links::{follow, templates, unsafe_path};
pub use moved::{SNAPSHOTS, holds_old_snapshots};
pub use report::{DocumentKind, REPORT, Report};
pub use sections::SECTION;
#[cfg(test)]
pub use sections::section;

/// The number of bands in the drawing of an ordinal scale.
const BANDS: usize = 4;

/// All declarations below one root.
#[derive(Debug)]
pub struct Project {
    /// The folder with `data/` and `templates/`.
    pub root: PathBuf,
    /// `data/report.toml`.
    pub report: Report,
    /// The schemas, one for each kind of table.
    pub schemas: Vec<Schema>,
    /// The sections, in print order.
    pub sections: Vec<Section>,
    /// The indicators, by section and order.
    pub indicators: Vec<Indicator>,
    /// The countries, by code.
    pub countries: Vec<Country>,
    /// The languages, the default first.
    pub texts: Vec<Text>,
    /// The same project in each further language, in the order of `texts`.
    pub translations: Vec<Project>,
    /// The earlier releases of register numbers.
    pub ledger: Ledger,
    /// The mappings of delivered files.
    pub mappings: Vec<Mapped>,
    /// What was found at the addresses of sources.
    pub visits: Arc<Visits>,
    /// The corrections of figures that were printed wrongly, by day.
    pub corrections: Vec<Correction>,
}

/// A section of the brief: a folder of `data/indicators/`.
#[derive(Debug, Clone)]
pub struct Section {
    /// The folder's name.
    pub id: String,
    /// The title that is printed when no narrative gives a headline.
    pub title: String,
    /// Its place in the brief.
    pub order: i64,
}

/// One document to build: a country, a language and a kind of document.
#[derive(Debug, Clone, Copy)]
pub struct Document<'p> {
    /// The declarations, translated into the language.
    pub project: &'p Project,
    /// The country.
    pub country: &'p Country,
    /// The language.
    pub text: &'p Text,
    /// The default language; a text without a translation is printed in it.
    pub default: &'p Text,
    /// Brief or summary.
    pub kind: &'p DocumentKind,
    /// The donor whose copy this is; none for the published document.
    pub donor: Option<&'p Donor>,
    /// Whether so many persons approved what it says now as `[approval]` asks for: where approvals are asked for, not until that
    /// is found out.
    pub approved: bool,
}

/// The declarations of `data/report.toml` by themselves.
///
/// # Errors
/// When they cannot be used, which is in `diagnostics`, or the file cannot be read.
pub fn report(root: &Path, diagnostics: &mut Diagnostics) -> Result<Report> {
    let report = discover::report(root, diagnostics)?;
    Ok(diagnostics.conclude_shared(report)?)
}

impl Project {
    /// Finds and reads every declaration below `root`, and of what it lacks the carried files.
    ///
    /// # Errors
    /// When a shared declaration is faulty (reported in `diagnostics`), or a file cannot be read.
    pub fn load(root: &Path, diagnostics: &mut Diagnostics) -> Result<Self> {
        let project = Self::read(root, diagnostics)?;
        Ok(diagnostics.conclude_shared(project)?)
    }

    /// Like [`Project::load`], but the folder of the countries may be missing: the first country is still to be created.
    ///
    /// # Errors
    /// As for [`Project::load`].
    pub fn load_before_first_country(root: &Path, diagnostics: &mut Diagnostics) -> Result<Self> {
        point(Stage::Declare, ALL);
        let project = discover::project(root, Needed::Declarations, diagnostics)?;
        Ok(diagnostics.conclude_shared(project)?)
    }

    /// The series that the program carries, in its default language and without countries.
    ///
    /// # Errors
    /// When its declarations cannot be used.
    pub fn carried() -> Result<Self> {
        discover::carried_series()?.context("the carried declarations cannot be read")
    }

    /// Reads as many declarations as possible, so that faults after the first one are found too.
    ///
    /// # Errors
    /// When `report.toml` cannot be used, or a file cannot be read.
    pub fn read(root: &Path, diagnostics: &mut Diagnostics) -> Result<Self> {
        point(Stage::Declare, ALL);
        discover::project(root, Needed::Countries, diagnostics)
    }

    /// Every language with the declarations translated into it, the default language first.
    pub fn languages(&self) -> impl Iterator<Item = (&Text, &Self)> {
        self.texts.iter().zip(std::iter::once(self).chain(&self.translations))
    }

    /// Forgets all other countries, in every language: what stands at one place there is one country.
    pub fn keep_country(&mut self, iso3: &str) {
        self.countries.retain(|country| country.iso3 == iso3);
        self.translations.iter_mut().for_each(|translation| translation.keep_country(iso3));
    }

    /// Every document of the project: country × language × kind.
    pub fn documents(&self) -> impl Iterator<Item = Document<'_>> {
        let languages = move || self.languages();
        (0..self.countries.len()).flat_map(move |at| {
            languages().flat_map(move |(text, project)| {
                let country = &project.countries[at];
                let default = &self.texts[0];
                let approved = project.report.approval.is_none();
                let document = move |kind| Document { project, country, text, default, kind, donor: None, approved };
                project.report.documents.iter().map(document)
            })
        })
    }

    /// Every donor copy: donor × countries it follows × languages it reads × kinds of document it receives.
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

    /// The copies for one donor, or for all of them.
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

    /// The codes of an indicator's ordinal scale, the best first. A code that is not on the scale, such as a special case,
    /// has no band.
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
