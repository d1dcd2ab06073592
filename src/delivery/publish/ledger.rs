//! `data/ledger/<release>.json`: the released numbers; only the custodian's command `release` writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::custody::{Keeping, keep, new_key};
use super::own_file::create_new;
use crate::disclosure::late::Key;
use crate::disclosure::protect::{
    CountryRelease, Relation, Release, ReleasedCell, Sealed, Sealing, State, exposed, seal,
};
use crate::project::Project;
use crate::project::custody::{Counts, Custody};
use crate::project::ledger::{Ledger, PrintedNumber, RegisterRelease};
use crate::value::Value;

/// The result of a release.
#[derive(Debug, Default)]
pub struct Released {
    /// What blocks it; then nothing was written.
    pub refused: Vec<String>,
    /// Figures that changed by fewer than the threshold, which a correction exposes.
    pub exposed: Vec<String>,
    /// The ledger's new file.
    pub path: Option<PathBuf>,
}

/// What the registers of each country count by all their dimensions, by table.
pub type Counted = BTreeMap<String, BTreeMap<String, Counts>>;

/// A release before it is written.
pub struct Made {
    /// What the ledger says.
    pub register: RegisterRelease,
    /// For each country what is kept, and the key where it is new.
    kept: Vec<(String, Sealed, Option<[u8; 32]>)>,
    /// Closed years whose copy or key is not what the last release says.
    unlike: Vec<String>,
    /// Closed years that are counted anew, of which old and new numbers together reveal few persons.
    narrow: Vec<String>,
}

/// Makes a release of what may be printed: its numbers, as the ledger keeps them, and what the custodian keeps.
///
/// # Errors
/// When the system gives no key, or a table cannot be written.
pub fn made(
    name: &str,
    release: &Release,
    project: &Project,
    (counted, custody): (&Counted, &Custody),
) -> Result<Made> {
    let number = project.ledger.releases().iter().map(|earlier| earlier.number).max().unwrap_or(0) + 1;
    let mut register = RegisterRelease {
        name: name.to_owned(),
        number,
        corrects: false,
        previous: project.ledger.predecessor(),
        systems: Vec::new(),
        definitions: Vec::new(),
        figures: Vec::new(),
        late: Vec::new(),
    };
    let (mut kept, mut unlike, mut narrow, nothing) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new());
    for released in project.countries.iter().filter_map(|country| release.country(&country.iso3)) {
        let figures = figures(project, released);
        let own = counted.get(released.iso3()).unwrap_or(&nothing);
        let closed = project.ledger.closed_years().iter().any(|closed| closed.country == released.iso3());
        let there = custody.of(released.iso3()).and_then(|kept| kept.key);
        // With another key nobody could follow what was told before, so a lost one is not replaced.
        let new = if there.is_none() && !closed && !released.years().is_empty() { Some(new_key()?) } else { None };
        let key = there.or(new).map(Key::new);
        let sealed = seal(&Sealing {
            country: released,
            counts: own,
            key: key.as_ref(),
            name,
            figures: &figures,
            ledger: &project.ledger,
        })?;
        register.systems.extend(sealed.years.iter().cloned());
        register.definitions.extend(sealed.definitions.iter().cloned());
        register.late.extend(sealed.late.iter().cloned());
        let other = released.years().iter().filter(|year| year.state() == State::Unlike);
        unlike.extend(other.map(|year| year.name().to_owned()));
        narrow.extend(exposed(released, (own, custody), (&project.ledger, &figures)));
        register.figures.extend(figures);
        kept.push((released.iso3().to_owned(), sealed, new));
    }
    carry(&mut register, &project.ledger, &kept.iter().map(|(country, ..)| country.as_str()).collect());
    Ok(Made { register, kept, unlike, narrow })
}

/// Repeats what the last release says of countries that are not among these: their closed years stay closed, if they come back.
fn carry(register: &mut RegisterRelease, ledger: &Ledger, own: &BTreeSet<&str>) {
    let Some(last) = ledger.releases().last() else { return };
    let other = |country: &String| !own.contains(country.as_str());
    register.systems.extend(last.systems.iter().filter(|closed| other(&closed.country)).cloned());
    register.definitions.extend(last.definitions.iter().filter(|asked| other(&asked.country)).cloned());
    register.figures.extend(last.figures.iter().filter(|number| other(&number.country)).cloned());
    register.late.extend(last.late.iter().filter(|number| other(&number.country)).cloned());
}

/// The numbers that are printed of a country's registers.
fn figures(project: &Project, released: &CountryRelease) -> Vec<PrintedNumber> {
    let of = |id: &str| released.cells(id).iter().filter(|cell| cell.relation == Relation::Own);
    let all = project.indicators.iter().flat_map(|indicator| of(&indicator.id));
    all.filter_map(|cell| entry(cell, released)).collect()
}

/// The value that a register gives for a cell, if it is printed.
fn entry(cell: &ReleasedCell, released: &CountryRelease) -> Option<PrintedNumber> {
    let register = |id: &String| released.source(id).is_some_and(|source| source.register);
    let first = cell.value.as_ref().filter(|_| cell.sources.iter().any(register));
    let others = cell.alternatives.iter().filter(|other| other.sources.iter().any(register)).map(|other| &other.value);
    Some(PrintedNumber {
        id: cell.id.clone(),
        country: released.iso3().to_owned(),
        indicator: cell.indicator.clone(),
        period: cell.period.text().to_owned(),
        dimensions: cell.codes.clone(),
        value: first.into_iter().chain(others).find_map(Value::count)?,
    })
}

/// Writes the release unless a check blocks it.
///
/// # Errors
/// When there is no manifest in `output/`, or writing fails.
pub fn release(root: &Path, ledger: &Ledger, made: &Made, accept: &dyn Fn() -> bool) -> Result<Released> {
    let register = &made.register;
    let mut refused = super::manifest::differences(root)?;
    if refused.is_empty() {
        let unlike = unlike(root, made)?;
        refused.extend(unlike.into_iter().map(|path| format!("{path}: prints numbers that differ from the register")));
    }
    let known = ledger.releases().iter().find(|known| known.name == register.name);
    match known {
        Some(known) if is_the_same(known, register) => {
            return Ok(Released { refused, ..Released::default() });
        }
        Some(known) => refused.push(format!("the release `{}` already exists, with other numbers", known.name)),
        None if register.figures.is_empty() => refused.push("there are no numbers of a register to release".to_owned()),
        None => {}
    }
    refused.extend(made.blocked());
    if refused.is_empty() && !accept() {
        refused.push("nothing is written".to_owned());
    }
    let path = if refused.is_empty() { Some(write(root, made)?) } else { None };
    Ok(Released { refused, exposed: Vec::new(), path })
}

/// Whether a release that exists prints the same.
fn is_the_same(known: &RegisterRelease, register: &RegisterRelease) -> bool {
    let late = |release: &RegisterRelease| {
        release.late.iter().map(|number| (number.id.clone(), number.cases)).collect::<BTreeSet<_>>()
    };
    let closed = |release: &RegisterRelease| {
        release.systems.iter().map(|closed| (closed.name(), closed.release.clone())).collect::<BTreeSet<_>>()
    };
    known.figures == register.figures && late(known) == late(register) && closed(known) == closed(register)
}

impl Made {
    /// Why it cannot be released: what is kept of closed years is not what the last release says.
    #[must_use]
    pub fn blocked(&self) -> Vec<String> {
        let why = |year: &String| {
            format!(
                "{year}: the key, or what is kept of this closed year, is not what the last release says; restore \
                 `register/.closed/` from its backup"
            )
        };
        self.unlike.iter().map(why).collect()
    }
}

/// Lists what a correction of closed years exposes, and writes it only if that is accepted.
///
/// # Errors
/// When writing fails.
pub fn correct(root: &Path, ledger: &Ledger, made: &Made, threshold: i64, consent: Consent) -> Result<Released> {
    let register = &made.register;
    let mut exposed = differing(register, ledger, threshold);
    exposed.extend(made.narrow.iter().cloned());
    let name = &register.name;
    let mut refused = made.blocked();
    if ledger.releases().iter().any(|known| known.name == *name) {
        refused.push(format!("the release `{name}` already exists; give the correction another name"));
    } else if consent == Consent::None {
        refused.push("nothing is written yet; add `--yes` to write it".to_owned());
    } else if consent == Consent::Writing && !exposed.is_empty() {
        refused.push(
            "nothing is written: the correction reveals few persons; add `--expose` to write it all the same"
                .to_owned(),
        );
    }
    let path = if refused.is_empty() { Some(write(root, made)?) } else { None };
    Ok(Released { refused, exposed, path })
}

/// What the custodian accepts of a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// Nothing: it is only shown.
    None,
    /// That it is written, if it reveals nothing.
    Writing,
    /// That it is written, whatever it reveals.
    Exposing,
}

/// The ids of the figures whose released number changes by fewer than the threshold: such a change reveals few persons.
fn differing(register: &RegisterRelease, ledger: &Ledger, threshold: i64) -> Vec<String> {
    let mut exposed = BTreeSet::new();
    let by_id: BTreeMap<&str, &PrintedNumber> =
        register.figures.iter().rev().map(|now| (now.id.as_str(), now)).collect();
    for before in ledger.releases().last().iter().flat_map(|earlier| &earlier.figures) {
        let now = by_id.get(before.id.as_str());
        if now.is_some_and(|now| now.value != before.value && (now.value - before.value).abs() < threshold) {
            exposed.insert(before.id.clone());
        }
    }
    exposed.into_iter().collect()
}

/// The countries whose `figures.json` in `output/` does not print the numbers of the release.
fn unlike(root: &Path, made: &Made) -> Result<Vec<String>> {
    let register = &made.register;
    let counted = |country: &&str| register.figures.iter().any(|entry| entry.country == *country);
    let countries: Vec<&str> = made.kept.iter().map(|(country, ..)| country.as_str()).filter(counted).collect();
    let mut unlike = Vec::new();
    for country in countries {
        let path = format!("output/{country}/figures.json");
        let bytes = fs::read(root.join(&path)).with_context(|| format!("cannot read `{path}`"))?;
        let printed: serde_json::Value = serde_json::from_slice(&bytes).with_context(|| format!("`{path}`"))?;
        let printed: BTreeMap<&str, Vec<Option<i64>>> = printed["figures"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|figure| {
                let others = figure["alternatives"].as_array().into_iter().flatten();
                let values = std::iter::once(figure).chain(others).map(|one| one["value"].as_i64()).collect();
                Some((figure["id"].as_str()?, values))
            })
            .collect();
        // What is told of late cases where none came may not be printed yet.
        let nothing_came: BTreeSet<&str> =
            register.late.iter().filter(|late| late.cases == 0).map(|late| late.id.as_str()).collect();
        let agrees = |(id, value): &(&str, i64)| match printed.get(id) {
            Some(values) => values.contains(&Some(*value)),
            None => nothing_came.contains(id),
        };
        let own = register.printed().into_iter().filter(|(id, _)| id.split('/').next() == Some(country));
        if !own.collect::<Vec<_>>().iter().all(agrees) {
            unlike.push(path);
        }
    }
    Ok(unlike)
}

/// Writes the release, whole or not at all; returns its path from the root.
///
/// # Errors
/// When the disk refuses.
pub fn write(root: &Path, made: &Made) -> Result<PathBuf> {
    let register = &made.register;
    for (country, sealed, key) in &made.kept {
        if key.is_some() || !sealed.files().is_empty() {
            keep(root, &register.name, &Keeping { country, key: *key, files: sealed.files() })?;
        }
    }
    let folder = root.join("data/ledger");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    let mut json = serde_json::to_vec_pretty(register)?;
    json.push(b'\n');
    let (fresh, path) = (folder.join(".release.json"), folder.join(format!("{}.json", register.name)));
    let written = create_new(&fresh).and_then(|mut file| file.write_all(&json).and_then(|()| file.sync_all()));
    written.with_context(|| format!("cannot write `{}`", fresh.display()))?;
    fs::rename(&fresh, &path).with_context(|| format!("cannot replace `{}`", path.display()))?;
    Ok(path)
}
