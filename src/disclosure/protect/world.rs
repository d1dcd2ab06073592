//! What is known of a country's registers: their rows, what was released of them, and what the custodian keeps.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::OnceLock;

use super::assemble::code;
use super::closed::{Closed, LateNumbers, late_numbers};
use super::seal::{copy_code, state_code};
use crate::disclosure::late::Key;
use crate::figures::{Atom, Summaries};
use crate::project::custody::{Counts, Custody, Kept, ToldYear};
use crate::project::indicator::Indicator;
use crate::project::ledger::{ClosedYear, Ledger, name};
use crate::project::policy::Policy;
use crate::value::period::Period;

/// A country's registers, and what was made of them before.
pub(super) struct World<'w> {
    pub(super) country: &'w Summaries,
    pub(super) indicators: &'w [Indicator],
    pub(super) policy: &'w Policy,
    pub(super) ledger: &'w Ledger,
    reopened: &'w BTreeSet<String>,
    kept: Option<&'w Kept>,
    pub(super) key: Option<Key>,
    pub(super) late: LateNumbers<'w>,
    /// The registers' counts, by table and year.
    atoms: BTreeMap<(&'w str, i32), Vec<&'w Atom>>,
    basis: OnceLock<Vec<Atom>>,
    /// Which of these tell of a code.
    telling: OnceLock<Vec<usize>>,
}

impl<'w> World<'w> {
    pub(super) fn of(
        country: &'w Summaries,
        indicators: &'w [Indicator],
        policy: &'w Policy,
        (ledger, custody, reopened): (&'w Ledger, &'w Custody, &'w BTreeSet<String>),
    ) -> Self {
        let kept = custody.of(country.iso3());
        let mut atoms: BTreeMap<(&str, i32), Vec<&Atom>> = BTreeMap::new();
        for atom in country.atoms() {
            if let Some(year) = year_of(&atom.period) {
                atoms.entry((&atom.table, year)).or_default().push(atom);
            }
        }
        let key = kept.and_then(|kept| kept.key).map(Key::new);
        let late = late_numbers(ledger, country.iso3());
        let (basis, telling) = (OnceLock::new(), OnceLock::new());
        Self { country, indicators, policy, ledger, reopened, kept, key, late, atoms, basis, telling }
    }

    /// A year of a table and measure, if it has closed.
    pub(super) fn closed(&self, table: &str, measure: Option<&str>, year: &str) -> Option<Closed<'w>> {
        let reopened = self.reopened.contains(&name(self.country.iso3(), table, None, year));
        if reopened { None } else { Closed::of(self.ledger, self.country.iso3(), table, measure, year) }
    }

    /// What these registers count now of a measure in a year.
    pub(super) fn present(
        &self,
        table: &str,
        measure: Option<&str>,
        year: &Period,
        sources: &[String],
    ) -> Vec<&'w Atom> {
        let own = |atom: &&&Atom| measure.is_none_or(|code| code == atom.measure) && sources.contains(&atom.source);
        let all = year.whole_year().and_then(|year| self.atoms.get(&(table, year)));
        all.into_iter().flatten().filter(own).copied().collect()
    }

    /// The closed copy of a year; none where it, or the key, is lost or is not what the ledger says.
    pub(super) fn copy(&self, record: &ClosedYear) -> Option<(Vec<Atom>, Counts)> {
        let copy = record.copy.as_ref()?;
        let kept = self.kept?.releases.get(&copy.release)?;
        let counts = kept
            .copies
            .get(&record.table)?
            .of(record.measure.as_deref().unwrap_or_default(), |period| period.split('-').next() == Some(&record.year));
        let code = copy_code(self.key.as_ref()?, &record.name(), &counts)?;
        (copy.hmac == code).then(|| (atoms(&record.table, &counts), counts))
    }

    /// Whether something is kept of a closed year, or a key, that is not what the ledger says.
    pub(super) fn is_unlike(&self, record: &ClosedYear) -> bool {
        let (Some(kept), Some(copy)) = (self.kept, &record.copy) else { return false };
        let there = |release: &str| kept.releases.get(release).is_some_and(|kept| kept.holds(&record.table));
        let same = self.copy(record).is_some() && self.told_as_kept(record);
        kept.key.is_some() && there(&copy.release) && !same
    }

    fn told_as_kept(&self, record: &ClosedYear) -> bool {
        // What is missing is lost, and nothing is told any more.
        let (Some(told), Some((since, before)), Some(key)) = (&record.told, self.since(record), &self.key) else {
            return true;
        };
        let code = since.last().and_then(|last| state_code(key, &record.name(), last, &before));
        code.as_ref() == Some(&told.state.hmac)
    }

    /// The counts of a closed year as they were at each release since its closing that is kept, the last one at the end, and
    /// what that one told.
    pub(super) fn since(&self, record: &ClosedYear) -> Option<(Vec<Counts>, ToldYear)> {
        let kept = self.kept?;
        let measure = record.measure.as_deref().unwrap_or_default();
        let of = |release: &str| {
            let counts = kept.releases.get(release)?.now.get(&record.table)?;
            Some(counts.of(measure, |period| period.split('-').next() == Some(&record.year)))
        };
        let binding = self.ledger.binding_of(Some(record));
        let all: Vec<Counts> = binding.iter().filter_map(|release| of(&release.name)).collect();
        let head = kept.releases.get(&record.told.as_ref()?.state.release)?;
        let told = head
            .told
            .iter()
            .find(|told| told.year == record.name())
            .cloned()
            .unwrap_or_else(|| ToldYear { year: record.name(), ..ToldYear::default() });
        Some((all, told))
    }

    /// The counts by which codes are named: those of closed copies, and of years that are due and have not closed. Nothing that
    /// came after a year closed is among them.
    pub(super) fn basis(&self) -> &[Atom] {
        self.basis.get_or_init(|| self.naming())
    }

    fn naming(&self) -> Vec<Atom> {
        let own = self.ledger.closed_years().iter().filter(|closed| closed.country == self.country.iso3());
        let mut basis: Vec<Atom> = own.filter_map(|closed| self.copy(closed)).flat_map(|(atoms, _)| atoms).collect();
        let mut states: BTreeMap<(&str, &str, &str), bool> = BTreeMap::new();
        for atom in self.country.atoms() {
            let year = atom.period.split('-').next().unwrap_or_default();
            let counts = *states.entry((&atom.table, &atom.measure, year)).or_insert_with(|| {
                let measure = Some(atom.measure.as_str()).filter(|code| !code.is_empty());
                self.is_due(year) && self.closed(&atom.table, measure, year).is_none()
            });
            if counts {
                basis.push(atom.clone());
            }
        }
        basis
    }

    fn is_due(&self, year: &str) -> bool {
        Period::parse(year).is_ok_and(|year| self.policy.late.is_due(year.end()))
    }

    /// For each code by which a table's codes are named a row that has it, and the rows of a year that is taken as its copy.
    pub(super) fn of_table<'a>(&'a self, table: &str, also: &[&'a Atom]) -> Vec<&'a Atom> {
        let found = self.telling.get_or_init(|| telling(self.basis()));
        let own = found.iter().map(|at| &self.basis()[*at]).filter(|atom| atom.table == table);
        own.chain(also.iter().copied()).collect()
    }
}

/// A counted table as atoms with the codes of all its dimensions.
pub(super) fn atoms(table: &str, counts: &Counts) -> Vec<Atom> {
    let atom = |row: &crate::project::custody::Row| Atom {
        table: table.to_owned(),
        measure: row.measure.clone(),
        period: row.period.clone(),
        source: row.source.clone(),
        codes: counts.dimensions.iter().cloned().zip(row.codes.iter().cloned()).collect(),
        units: row.count,
    };
    counts.rows.iter().map(atom).collect()
}

/// Of these rows the first of each table, and those with a code that no earlier row of their table has: few, since every year of
/// every measure looks through them.
fn telling(atoms: &[Atom]) -> Vec<usize> {
    let mut dimensions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for Atom { table, codes, .. } in atoms {
        dimensions.entry(table).or_default().extend(codes.keys().map(String::as_str));
    }
    let (mut tables, mut known) = (BTreeSet::new(), HashSet::new());
    let mut tells = |atom: &'_ usize| {
        let atom = &atoms[*atom];
        let table = atom.table.as_str();
        let own = dimensions.get(table).into_iter().flatten();
        let new = own.filter(|dimension| known.insert((table, **dimension, code(atom, dimension)))).count();
        tables.insert(table) || new > 0
    };
    (0..atoms.len()).filter(|atom| tells(atom)).collect()
}

fn year_of(period: &str) -> Option<i32> {
    let parsed = Period::parse(period).ok()?;
    let (first, last) = (chrono::Datelike::year(&parsed.start()), chrono::Datelike::year(&parsed.end()));
    (first == last).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_have_every_code_of_all() {
        let atom = |table: &str, codes: &[(&str, &str)]| Atom {
            table: table.to_owned(),
            measure: String::new(),
            period: "2020".to_owned(),
            source: String::new(),
            codes: codes.iter().map(|(name, code)| ((*name).to_owned(), (*code).to_owned())).collect(),
            units: 1,
        };
        let sexes = ["female", "male", "female", "male", "female"];
        let provinces = ["LA-VT", "LA-VT", "LA-CH", "LA-CH", "LA-VT"];
        let own =
            sexes.iter().zip(provinces).map(|(sex, province)| atom("cases", &[("sex", sex), ("province", province)]));
        // A copy that lacks a dimension is a margin in it.
        let mut all: Vec<Atom> = own.chain([atom("cases", &[("sex", "female")]), atom("cases", &[])]).collect();
        all.extend([atom("victims", &[]), atom("victims", &[]), atom("cases", &[("sex", "unknown")])]);
        assert_eq!(telling(&all), [0, 1, 2, 5, 6, 7, 9]);
    }
}
