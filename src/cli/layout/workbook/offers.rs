//! What the cells of a column are offered: the codes of the schema, the rows of another table, countries, provinces, and codes that
//! are in use.

use std::collections::BTreeSet;

use crate::delivery::publish::Offer;
use crate::project::Project;
use crate::project::country::Country;
use crate::project::indicator::Measure;
use crate::project::schema::{Field, Kind, REST, Schema, StandsFor};
use crate::project::text::Text;

/// The rows of a table that a column refers to.
pub(super) struct Reference {
    /// The column that refers.
    pub(super) field: String,
    /// The table.
    pub(super) table: String,
    /// Its column.
    pub(super) target: String,
    /// What stands in that column, each with what the row is called.
    pub(super) rows: Vec<(String, String)>,
}

/// Where a table is.
pub(super) struct Ground<'g> {
    pub(super) project: &'g Project,
    pub(super) country: &'g Country,
    pub(super) schema: &'g Schema,
    /// The tables that it refers to.
    pub(super) references: &'g [Reference],
}

impl Ground<'_> {
    /// The table that a column refers to.
    pub(super) fn reference(&self, field: &Field) -> Option<&Reference> {
        self.references.iter().find(|reference| reference.field == field.name)
    }

    /// What a column is offered; `used` are its cells so far, and `labels` the columns of the table.
    pub(super) fn offer(&self, field: &Field, used: &BTreeSet<&str>, labels: &[String]) -> Offer {
        if let Some(reference) = self.reference(field) {
            let own = || labels.iter().position(|label| *label == reference.target);
            if let Some(at) = own().filter(|_| reference.table == self.schema.name) {
                return Offer::Column(at);
            }
            return Offer::Codes { codes: reference.rows.clone(), only: false };
        }
        let codes = if field.is_open() { self.known(field, used) } else { self.allowed(field) };
        match field.kind {
            _ if !codes.is_empty() => Offer::Codes { codes, only: !field.is_open() },
            Kind::Integer if is_plain(field) => Offer::Whole { bounds: bounds(field), words: words(field) },
            _ => Offer::Nothing,
        }
    }

    /// The codes of a closed list, and the cells for missing values.
    fn allowed(&self, field: &Field) -> Vec<(String, String)> {
        let section = |code: &str| self.project.sections.iter().find(|section| section.id == code);
        let meaning = |code: &String| match section(code).filter(|_| field.stands_for == Some(StandsFor::Section)) {
            Some(section) => section.title.clone(),
            None => field.label(code).to_owned(),
        };
        let codes = field.constraints.allowed.iter().map(|code| (code.clone(), meaning(code)));
        codes.chain(field.missing.iter().map(|(cell, state)| (cell.clone(), state.replace('_', " ")))).collect()
    }

    /// The codes that are known of an open list: those with a label, those of the world, and those in use.
    fn known(&self, field: &Field, used: &BTreeSet<&str>) -> Vec<(String, String)> {
        if !is_coded(field) && !self.is_measure(field) {
            return Vec::new();
        }
        let mut codes: Vec<(String, String)> = Vec::new();
        let special = ["total", "unknown"].into_iter().filter(|code| fits(field, code));
        codes.extend(special.map(|code| (code.to_owned(), field.label(code).to_owned())));
        if field.kind == Kind::Boolean {
            let words = [&field.writing.yes, &field.writing.no].into_iter().filter_map(|words| words.first());
            codes.extend(words.map(|word| (word.clone(), String::new())));
        }
        codes.extend(codes_of(field).map(|code| (code.clone(), field.label(code).to_owned())));
        codes.extend(self.of_the_world(field));
        codes.extend(used.iter().map(|code| ((*code).to_owned(), String::new())));
        let mut seen = BTreeSet::new();
        codes.retain(|(code, _)| fits(field, code) && !is_register_code(code) && seen.insert(code.clone()));
        codes
    }

    /// The countries that have a name, the provinces of the country, the measures that indicators ask for.
    fn of_the_world(&self, field: &Field) -> Vec<(String, String)> {
        let pair = |(code, name): (&str, &str)| (code.to_owned(), name.to_owned());
        match field.stands_for {
            Some(StandsFor::Country) => {
                let own = (self.country.iso3.as_str(), self.country.name.as_str());
                let others = self.project.texts.first().into_iter().flat_map(Text::countries);
                let mut countries: Vec<_> = std::iter::once(own).chain(others).map(pair).collect();
                countries.sort();
                countries
            }
            Some(StandsFor::Province) => {
                let provinces = self.country.provinces.iter();
                provinces.map(|province| pair((&province.code, &province.name))).collect()
            }
            _ if self.is_measure(field) => self.measures(),
            _ => Vec::new(),
        }
    }

    fn is_measure(&self, field: &Field) -> bool {
        let counted = self.schema.observations.as_ref();
        counted.and_then(|counted| counted.measure.as_ref()).is_some_and(|measure| *measure == field.name)
    }

    fn measures(&self) -> Vec<(String, String)> {
        let asked = self.project.indicators.iter().filter_map(|indicator| match &indicator.measure {
            Measure::Observed { table, code: Some(code), .. } if *table == self.schema.name => {
                Some((code.clone(), indicator.title.clone()))
            }
            _ => None,
        });
        let mut asked: Vec<_> = asked.collect();
        asked.sort();
        asked
    }
}

/// The codes of a column that have a label, or all of them where the list is closed.
pub(super) fn codes_of(field: &Field) -> impl Iterator<Item = &String> {
    let closed = field.constraints.allowed.iter();
    closed.chain(field.labels.keys().filter(|code| field.is_open() || !field.constraints.allowed.contains(code)))
}

/// Whether a code is that of the rest of a register, which no table may contain.
pub(super) fn is_register_code(code: &str) -> bool {
    code == REST
}

/// Whether an open list is one of codes.
fn is_coded(field: &Field) -> bool {
    let stands = matches!(
        field.stands_for,
        Some(StandsFor::Country | StandsFor::Province | StandsFor::AgeGroup | StandsFor::Section)
    );
    field.kind == Kind::Text && (stands || !field.labels.is_empty()) || field.kind == Kind::Boolean
}

/// Whether a code may stand in the column.
fn fits(field: &Field, code: &str) -> bool {
    let patterned = field.constraints.pattern.as_ref().is_none_or(|pattern| pattern.is_match(code));
    patterned && field.accepts(code) && !field.names_no_country(code)
}

/// Whether a number is written without marks of its own.
pub(super) fn is_plain(field: &Field) -> bool {
    field.writing.bare && field.writing.group.is_empty() && field.writing.decimal == "."
}

/// The bounds of a number, as conditions.
fn bounds(field: &Field) -> Vec<String> {
    let sign = |sign: &str, exclusive: bool| if exclusive { sign.to_owned() } else { format!("{sign}=") };
    let least = field.constraints.minimum.iter().map(|bound| (sign(">", bound.exclusive), &bound.written));
    let most = field.constraints.maximum.iter().map(|bound| (sign("<", bound.exclusive), &bound.written));
    least.chain(most).map(|(sign, bound)| format!("{sign}{bound}")).collect()
}

/// The cells that stand for a missing number.
fn words(field: &Field) -> Vec<String> {
    field.missing.keys().cloned().collect()
}
