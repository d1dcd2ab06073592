//! What a release closes and keeps: the closed copies and counts for the custodian, and the codes by which the next release
//! recognises them. Whoever writes the files does not read them.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::release::CountryRelease;
use super::seal::{copy_code, state_code};
use super::years::{State, Telling, Year};
use crate::disclosure::late::{Key, Rung};
use crate::project::custody::{COPY, COUNTS, Counts, TOLD, ToldYear};
use crate::project::ledger::{ClosedYear, Copy, Definition, LateNumber, Ledger, PrintedNumber, Told};
use crate::project::schema::TOTAL;

/// What a release says of a country's closed years, and what is kept of them.
#[derive(Default)]
pub struct Sealed {
    /// The closed years.
    pub years: Vec<ClosedYear>,
    /// What was asked of the registers.
    pub definitions: Vec<Definition>,
    /// The numbers with late cases.
    pub late: Vec<LateNumber>,
    /// The files for the custodian, by their names in the release's folder.
    files: Vec<(String, Vec<u8>)>,
}

/// What is counted, and under which name it is released.
pub struct Sealing<'s> {
    /// What may be printed.
    pub country: &'s CountryRelease,
    /// The registers' counts by all their dimensions, by table.
    pub counts: &'s BTreeMap<String, Counts>,
    /// The custodian's key; without it nothing can be kept.
    pub key: Option<&'s Key>,
    /// The release's name.
    pub name: &'s str,
    /// The numbers that it prints.
    pub figures: &'s [PrintedNumber],
    /// The earlier releases.
    pub ledger: &'s Ledger,
}

impl Sealed {
    /// The files for the custodian, by their names in the release's folder: to be written, and read by nobody else.
    #[must_use]
    pub fn files(&self) -> &[(String, Vec<u8>)] {
        &self.files
    }
}

/// The tables that are kept.
#[derive(Default)]
struct Tables {
    copies: BTreeMap<String, Counts>,
    now: BTreeMap<String, Counts>,
    told: Vec<ToldYear>,
}

/// Closes what is due, and keeps what the next release needs.
///
/// # Errors
/// When a table cannot be written.
pub fn seal(sealing: &Sealing<'_>) -> Result<Sealed> {
    let mut tables = Tables::default();
    let years = sealing.country.years();
    years.iter().for_each(|year| sealing.keep(year, &mut tables));
    [&mut tables.copies, &mut tables.now].into_iter().flat_map(BTreeMap::values_mut).for_each(|one| one.rows.sort());
    tables.told.sort_by(|one, other| one.year.cmp(&other.year));
    let mut sealed = Sealed { definitions: sealing.definitions(), ..Sealed::default() };
    for year in years {
        sealed.years.push(sealing.closed(year, &tables));
    }
    let known = |closed: &&ClosedYear| {
        closed.country == sealing.country.iso3() && !years.iter().any(|year| year.name == closed.name())
    };
    sealed.years.extend(sealing.ledger.closed_years().iter().filter(known).cloned());
    sealed.years.sort_by_key(ClosedYear::name);
    sealed.late = sealing.late(&sealed.years);
    for (tables, ending) in [(&tables.copies, COPY), (&tables.now, COUNTS)] {
        for (table, counts) in tables {
            sealed.files.push((format!("{table}{ending}"), counts.csv()?));
        }
    }
    if !sealed.files.is_empty() {
        sealed
            .files
            .push((TOLD.to_owned(), serde_json::to_vec_pretty(&tables.told).context("a table cannot be written")?));
    }
    Ok(sealed)
}

impl Sealing<'_> {
    /// What is kept of a year.
    fn keep(&self, year: &Year, tables: &mut Tables) {
        if self.key.is_none() {
            return;
        }
        let now = self.counts.get(&year.table).map(|counts| own(year, counts)).unwrap_or_default();
        let told = |told: &ToldYear| ToldYear { year: year.name.clone(), ..told.clone() };
        match &year.late {
            Telling::Fresh => {
                add(&mut tables.copies, &year.table, &now);
                add(&mut tables.now, &year.table, &now);
                tables.told.push(told(&ToldYear::default()));
            }
            Telling::Anew(_, _, layer) => {
                add(&mut tables.now, &year.table, &now);
                tables.told.push(told(layer));
            }
            Telling::Again(before, counts) => {
                add(&mut tables.now, &year.table, counts);
                tables.told.push(told(before));
            }
            Telling::Ended => {}
        }
    }

    /// What the release says of a year.
    fn closed(&self, year: &Year, tables: &Tables) -> ClosedYear {
        let policy = self.country.policy();
        let own = |tables: &BTreeMap<String, Counts>| tables.get(&year.table).map(|counts| own(year, counts));
        let kept = |code: Option<String>| Some(Copy { release: self.name.to_owned(), hmac: code? });
        let state = || {
            let told = tables.told.iter().find(|told| told.year == year.name)?;
            kept(state_code(self.key?, &year.name, &own(&tables.now)?, told))
        };
        let fresh = matches!(year.late, Telling::Fresh);
        let copy = || kept(copy_code(self.key?, &year.name, &own(&tables.copies)?));
        let (threshold, base, rung) = match &year.late {
            Telling::Anew(rung, terms, _) => (terms.threshold(), terms.base(), rung_name(*rung)),
            _ => (policy.threshold_units(), policy.base(), rung_name(Rung::All)),
        };
        let before = year.record.as_ref().and_then(|record| record.told.clone());
        let told = match &year.late {
            Telling::Ended => None,
            Telling::Again(..) => before.and_then(|told| Some(Told { state: state()?, ..told })),
            Telling::Fresh | Telling::Anew(..) if year.day.is_some() => None,
            Telling::Fresh | Telling::Anew(..) => state().map(|state| Told {
                threshold: u64::try_from(threshold).unwrap_or(policy.threshold),
                base,
                rung: rung.to_owned(),
                state,
            }),
        };
        match &year.record {
            Some(record) if year.state == State::Kept => ClosedYear { told, ..record.clone() },
            Some(record) => ClosedYear { told: None, copy: None, ..record.clone() },
            None => ClosedYear {
                country: self.country.iso3().to_owned(),
                table: year.table.clone(),
                measure: year.measure.clone(),
                year: year.year.clone(),
                day: year.day.clone(),
                threshold: policy.threshold,
                base: policy.base(),
                zeros_sensitive: policy.zeros_sensitive,
                sources: year.sources.clone(),
                release: year.closed_by.clone().unwrap_or_else(|| self.name.to_owned()),
                closed: policy.late.closes.filter(|_| year.state == State::Closes).map(|day| day.to_string()),
                copy: copy().filter(|_| fresh),
                told,
            },
        }
    }

    /// The numbers with late cases, and those of years that close now: nothing has come yet.
    fn late(&self, years: &[ClosedYear]) -> Vec<LateNumber> {
        let told = self.country.told().iter().filter_map(|cell| {
            let mark = cell.late.as_ref()?;
            Some(LateNumber {
                id: cell.id.clone(),
                country: self.country.iso3().to_owned(),
                indicator: cell.indicator.clone(),
                period: cell.period.text().to_owned(),
                dimensions: cell.codes.clone(),
                cases: mark.cases,
                base: mark.base,
                release: mark.release.clone().unwrap_or_else(|| self.name.to_owned()),
            })
        });
        let fresh = |year: &&Year| matches!(year.late, Telling::Fresh);
        let new = self.country.years().iter().filter(fresh).flat_map(|year| {
            let closed = years.iter().find(|closed| closed.name() == year.name && closed.told.is_some());
            let own = |number: &&PrintedNumber| {
                number.country == self.country.iso3()
                    && number.period == year.year
                    && year.questions.iter().any(|(indicator, _)| *indicator == number.indicator)
            };
            closed.into_iter().flat_map(move |closed| {
                self.figures.iter().filter(own).map(move |number| LateNumber {
                    id: format!("{}:late={}", number.id, closed.release),
                    country: number.country.clone(),
                    indicator: number.indicator.clone(),
                    period: number.period.clone(),
                    dimensions: number.dimensions.clone(),
                    cases: 0,
                    base: closed.base,
                    release: self.name.to_owned(),
                })
            })
        });
        told.chain(new).collect()
    }

    /// What was asked of each year, years with the same questions together; and what the last release asked of years that are
    /// not at hand now.
    fn definitions(&self) -> Vec<Definition> {
        let mut definitions: Vec<Definition> = Vec::new();
        let mut add = |one: Definition| {
            let same =
                |other: &&mut Definition| Definition { periods: one.periods.clone(), ..(**other).clone() } == one;
            match definitions.iter_mut().find(same) {
                Some(known) => known.periods.extend(one.periods),
                None => definitions.push(one),
            }
        };
        for year in self.country.years() {
            for (indicator, question) in &year.questions {
                add(Definition {
                    country: self.country.iso3().to_owned(),
                    indicator: indicator.clone(),
                    table: year.table.clone(),
                    measure: year.measure.clone(),
                    conditions: question.conditions.clone(),
                    dimensions: question.asked.clone(),
                    periods: vec![year.year.clone()],
                    sources: year.sources.clone(),
                });
            }
        }
        let last = self.ledger.releases().last();
        for definition in last.into_iter().flat_map(|last| self.ledger.definitions(last, self.country.iso3())) {
            let at_hand = |period: &String| {
                let of = |year: &Year| {
                    year.year == *period && year.table == definition.table && year.measure == definition.measure
                };
                self.country.years().iter().any(of)
            };
            let periods: Vec<String> = definition.periods.iter().filter(|period| !at_hand(period)).cloned().collect();
            if !periods.is_empty() {
                add(Definition { periods, ..definition.clone() });
            }
        }
        definitions
    }
}

/// The rows of a year in a counted table.
pub(super) fn own(year: &Year, counts: &Counts) -> Counts {
    let period = year.day.as_ref().unwrap_or(&year.year);
    let mut own = counts.of(year.measure.as_deref().unwrap_or_default(), |other| other == period);
    own.rows.retain(|row| year.sources.contains(&row.source));
    own
}

/// Adds the rows of a year to a table; a dimension that either lacks is not broken down there.
fn add(tables: &mut BTreeMap<String, Counts>, table: &str, counts: &Counts) {
    let known = tables.entry(table.to_owned()).or_insert_with(|| Counts { rows: Vec::new(), ..counts.clone() });
    let more: Vec<String> = counts.dimensions.iter().filter(|name| !known.dimensions.contains(name)).cloned().collect();
    for row in &mut known.rows {
        row.codes.extend(more.iter().map(|_| TOTAL.to_owned()));
    }
    known.dimensions.extend(more);
    let at: Vec<Option<usize>> =
        known.dimensions.iter().map(|name| counts.dimensions.iter().position(|own| own == name)).collect();
    known.rows.extend(counts.rows.iter().map(|row| {
        let code =
            |at: &Option<usize>| at.and_then(|at| row.codes.get(at)).cloned().unwrap_or_else(|| TOTAL.to_owned());
        crate::project::custody::Row { codes: at.iter().map(code).collect(), ..row.clone() }
    }));
}

fn rung_name(rung: Rung) -> &'static str {
    match rung {
        Rung::Nothing => "nothing",
        Rung::Totals => "totals",
        Rung::One => "one",
        Rung::Two => "two",
        Rung::All => "all",
    }
}
