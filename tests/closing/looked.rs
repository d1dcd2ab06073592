//! A project as far as its release, without a document: what may be printed of it, and the release written.

use std::collections::{BTreeMap, BTreeSet};

use tipbrief::delivery::publish::{Counted, made, write_release};
use tipbrief::diagnostic::Diagnostics;
use tipbrief::disclosure::protect::{Asked, Known, Release, State, protect};
use tipbrief::figures::{counts, summarise};
use tipbrief::project::Project as Declarations;
use tipbrief::project::custody::Custody;
use tipbrief::tables::ingest::ingest;
use tipbrief::tables::validate::{Declared, validate};
use tipbrief::value::Value;

use crate::project::Project;

/// What may be printed of a project, and all that a release of it takes.
pub struct Look {
    pub declared: Declarations,
    pub release: Release,
    pub counted: Counted,
    pub custody: Custody,
}

/// Looks at a project as it stands.
pub fn look(project: &Project) -> Look {
    let (root, mut diagnostics) = (project.root(), Diagnostics::default());
    let declared = Declarations::load(root, &mut diagnostics).expect("the declarations can be read");
    let tables = ingest(root, &declared.countries, &declared.schemas, &|_, _| (), &mut diagnostics)
        .expect("the tables can be read");
    let (schemas, indicators, countries) = (&declared.schemas, &declared.indicators, &declared.countries);
    let against = Declared { schemas, indicators, countries, issue: &declared.report.issue, visits: &declared.visits };
    let dataset = validate(tables, against, &mut diagnostics).expect("they are sound");
    assert!(!diagnostics.failed(), "{:?}", diagnostics.sorted());
    let counted = BTreeMap::from([("XXA".to_owned(), counts(&dataset, "XXA", schemas))]);
    let summaries = summarise(&dataset, indicators, schemas, &mut diagnostics).expect("they are summarised");
    let custody = tipbrief::project::custody(root, countries);
    let known =
        Known { ledger: &declared.ledger, custody: &custody, reopened: &BTreeSet::new(), asked: &Asked::default() };
    let release = protect(summaries, indicators, &declared.report.policy, known, &mut diagnostics);
    Look { declared, release, counted, custody }
}

/// Writes a release of it.
pub fn release(project: &Project, name: &str) {
    let Look { declared, release, counted, custody } = look(project);
    let made = made(name, &release, &declared, (&counted, &custody)).expect("it is made");
    write_release(project.root(), &made).expect("it is written");
}

/// Numbers by id; none for one that is withheld.
pub type Values = BTreeMap<String, Option<i64>>;

fn count(value: Option<&Value>) -> Option<i64> {
    value.and_then(Value::count)
}

/// The register's closed numbers, or those that may close, by id.
pub fn closed(look: &Look) -> Values {
    let own = look.release.all().filter(|cell| cell.register);
    own.map(|cell| (cell.id.clone(), count(cell.value.as_ref()))).collect()
}

/// The numbers with late cases, by the id of the closed number.
pub fn late(look: &Look) -> BTreeMap<String, i64> {
    let country = look.release.country("XXA").expect("it is sound");
    let own = country.all_late().filter_map(|cell| {
        let (id, _) = cell.id.split_once(":late=")?;
        Some((id.to_owned(), count(cell.value.as_ref())?))
    });
    own.collect()
}

/// What this release itself tells with late cases: the closed number, and the number with late cases, by the id of the former.
pub fn anew(look: &Look) -> BTreeMap<String, (i64, i64)> {
    let country = look.release.country("XXA").expect("it is sound");
    let own = country.years().iter().any(|year| year.state() == State::Kept);
    let cells = country.all_late().filter(|cell| own && cell.late.as_ref().is_some_and(|mark| mark.release.is_none()));
    let told = cells.filter_map(|cell| {
        let ((id, _), with_late) = (cell.id.split_once(":late=")?, count(cell.value.as_ref())?);
        Some((id.to_owned(), (with_late - cell.late.as_ref()?.cases, with_late)))
    });
    told.collect()
}
