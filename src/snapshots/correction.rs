//! The figures that declared corrections name, each as it was printed and as it is now. What the earlier numbers would reveal of
//! figures that are withheld now is judged as `diff` judges it, so that a correction never prints what a release took back.

use std::collections::{BTreeMap, BTreeSet};

use super::diff::{Difference, differences};
use super::record::{Alternative, Figure, Record};
use crate::diagnostic::{Code, Diagnostic};
use crate::disclosure::protect::Status;
use crate::project::Project;
use crate::project::correction::{Correction, WITHHELD, Was, Wrong};
use crate::project::declaration::nearest;
use crate::project::ledger::RegisterRelease;
use crate::value::Qualifier;
use crate::value::period::Period;

/// What changed in one country: since the previous snapshot, and by corrections.
#[derive(Debug, Default)]
pub struct Changed {
    /// The differences from the previous snapshot; none where it does not hold the country.
    pub differences: Option<Vec<Difference>>,
    /// What corrections say, the latest first.
    pub corrected: Vec<Corrected>,
}

/// A figure that a correction names.
#[derive(Debug, Clone)]
pub struct Corrected {
    /// The day of the correction.
    pub date: Period,
    /// The figure as it was printed; none where its number is not printed again.
    pub before: Option<Figure>,
    /// The figure as this correction left it; without a value where none is known.
    pub now: Figure,
    /// Whether that is how it stands now, and no later correction has changed it.
    pub stands: bool,
    /// The reason, by language.
    pub reasons: BTreeMap<String, String>,
}

/// What declared corrections say of one country, the latest first, and what is wrong with them. `earlier` is the previous snapshot.
#[must_use]
pub fn corrected(project: &Project, now: &Record, earlier: Option<&Record>) -> (Vec<Corrected>, Vec<Diagnostic>) {
    let own: Vec<(&Correction, &Wrong)> = project
        .corrections
        .iter()
        .flat_map(|correction| correction.figures.iter().map(move |wrong| (correction, wrong)))
        .filter(|(_, wrong)| wrong.country() == now.country)
        .collect();
    if own.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let old = published_before(project, now, earlier, own.iter().map(|(_, wrong)| *wrong));
    let hidden = hidden(&old, now);
    let (mut corrected, mut found) = (Vec::new(), Vec::new());
    for (at, (correction, wrong)) in own.iter().enumerate() {
        let later = own[at + 1..].iter().map(|(_, wrong)| wrong).find(|later| later.id.value == wrong.id.value);
        let Some(current) = known(project, now, &wrong.id.value) else { continue };
        let Some(before) = as_printed(&current, wrong) else { continue };
        let after = later.map_or_else(|| Some(current.clone()), |later| as_printed(&current, later));
        let Some(after) = after else { continue };
        let fault = fault(project, now, wrong, (&before, &after));
        let shown = fault.is_none() && !wrong.is_withheld() && !hidden.contains(wrong.id.value.as_str());
        found.extend(fault);
        if later.is_none() {
            found.extend(absent(now, wrong));
        }
        // A withheld number of a correction in between stays withheld, too.
        let after =
            if later.is_some() && hidden.contains(wrong.id.value.as_str()) { without_values(after) } else { after };
        corrected.push(Corrected {
            date: correction.date.clone(),
            before: shown.then_some(before),
            now: after,
            stands: later.is_none(),
            reasons: correction
                .reasons
                .iter()
                .map(|(name, reason)| (name.value.clone(), reason.value.clone()))
                .collect(),
        });
    }
    corrected.reverse();
    (corrected, found)
}

/// The ids of figures whose earlier numbers are not printed again.
fn hidden(old: &Record, now: &Record) -> BTreeSet<String> {
    let found = differences(old, now);
    let hidden = found.into_iter().filter(|difference| difference.hidden);
    hidden.filter_map(|difference| difference.figure().map(|figure| figure.id.clone())).collect()
}

/// Everything on record that was published of a country before: what is published now, with the numbers that corrections replaced
/// and those that the previous snapshot and the releases of registers hold and that have no value now.
#[must_use]
pub fn published_before<'w>(
    project: &Project,
    now: &Record,
    earlier: Option<&Record>,
    wrong: impl Iterator<Item = &'w Wrong>,
) -> Record {
    let mut old = Record {
        country: now.country.clone(),
        figures: now.figures.clone(),
        definitions: now.definitions.clone(),
        with_prose: now.with_prose,
        ..Record::default()
    };
    let lacking = |id: &str| now.figures.get(id).is_none_or(|figure| figure.value.is_none());
    for figure in earlier.iter().flat_map(|record| record.figures.values()).filter(|figure| lacking(&figure.id)) {
        old.figures.insert(figure.id.clone(), figure.clone());
    }
    for (id, value) in project.ledger.releases().iter().flat_map(RegisterRelease::printed) {
        if id.split('/').next() == Some(now.country.as_str()) && lacking(id) {
            let value = Some(crate::value::Value::Count(value));
            let released = known(project, now, id).map(|figure| Figure {
                value,
                status: Status::Published,
                register: true,
                ..figure
            });
            old.figures.extend(released.map(|figure| (id.to_owned(), figure)));
        }
    }
    for wrong in wrong {
        let printed = known(project, now, &wrong.id.value).and_then(|current| as_printed(&current, wrong));
        old.figures.extend(printed.map(|figure| (figure.id.clone(), figure)));
    }
    old
}

/// The figure of an id as it is now; where there is none any more, one that was not reported.
#[must_use]
pub fn known(project: &Project, now: &Record, id: &str) -> Option<Figure> {
    if let Some(figure) = now.figures.get(id) {
        return Some(figure.clone());
    }
    let (_, rest) = id.split_once('/')?;
    let mut parts = rest.splitn(3, ':');
    let indicator = project.indicator(parts.next()?)?;
    let period = Period::parse(parts.next()?).ok()?;
    let codes = parts.next().unwrap_or_default().split(',').filter_map(|pair| pair.split_once('='));
    let of_register =
        project.ledger.releases().iter().any(|release| release.printed().iter().any(|(known, _)| *known == id));
    Some(Figure {
        id: id.to_owned(),
        indicator: indicator.id.clone(),
        period,
        codes: codes.map(|(dimension, code)| (dimension.to_owned(), code.to_owned())).collect(),
        value: None,
        unit: indicator.unit.clone(),
        qualifier: Qualifier::Exact,
        // Of a register what is not shown is withheld, named or not.
        status: if of_register { Status::Withheld } else { Status::NotReported },
        rule: String::new(),
        sources: Vec::new(),
        contested: false,
        alternatives: Vec::new(),
        relative: false,
        rows: Vec::new(),
        register: of_register,
    })
}

/// A figure with what a correction says was printed of it.
#[must_use]
pub fn as_printed(current: &Figure, wrong: &Wrong) -> Option<Figure> {
    let blank = without_values(current.clone());
    Some(match wrong.printed()? {
        Was::State(state) => Figure { status: Status::read(state)?, ..blank },
        Was::Values(values) => {
            let mut values = values.into_iter();
            let (value, qualifier) = values.next()?;
            let other = |(value, qualifier)| Alternative { value, qualifier, sources: Vec::new() };
            let alternatives: Vec<Alternative> = values.map(other).collect();
            let (status, contested) = (Status::Published, !alternatives.is_empty());
            Figure { value: Some(value), qualifier, status, contested, alternatives, ..blank }
        }
    })
}

fn without_values(figure: Figure) -> Figure {
    Figure { value: None, contested: false, alternatives: Vec::new(), ..figure }
}

/// Why a correction may not print what it says was printed, or why it corrects nothing.
fn fault(project: &Project, now: &Record, wrong: &Wrong, (before, after): (&Figure, &Figure)) -> Option<Diagnostic> {
    let id = &wrong.id.value;
    let error = |code, message| Diagnostic::error(code, wrong.was.span.for_country(&now.country), message);
    let current = known(project, now, id)?;
    if current.status == Status::Withheld && !wrong.is_withheld() {
        let fault =
            error(Code::ReckonableValue, format!("`{id}` is withheld now: its earlier number is not printed again"));
        return Some(fault.hint(format!("write `{WITHHELD}` in place of the number")));
    }
    if current.register && !wrong.is_withheld() {
        let releases = project.ledger.releases();
        let released: BTreeSet<(&str, i64)> = releases.iter().flat_map(RegisterRelease::printed).collect();
        let was_released = |figure: &Figure| {
            let count = figure.value.as_ref().and_then(crate::value::Value::count);
            count.is_some_and(|count| released.contains(&(id.as_str(), count)))
        };
        if before.value.is_some()
            && !(was_released(before) && before.qualifier == Qualifier::Exact && !before.contested)
        {
            let fault = error(Code::LedgerError, format!("no release printed `{}` for `{id}`", wrong.was.value));
            return Some(fault.hint("write the number of a register as a file of `data/ledger/` has it"));
        }
    }
    if !wrong.is_withheld() && before.reads_as(after) {
        let fault = error(
            Code::InvalidValue,
            format!("`{id}` is still printed as `{}`: nothing is corrected", wrong.was.value),
        );
        return Some(fault.hint("correct the row first, or write what was printed before it was corrected"));
    }
    None
}

/// A figure that is there no more, which may be a slip in its id.
fn absent(now: &Record, wrong: &Wrong) -> Option<Diagnostic> {
    let id = &wrong.id.value;
    if now.figures.contains_key(id) || wrong.is_withheld() {
        return None;
    }
    let message = format!("there is no figure `{id}` now, so that it is told as not reported");
    let warning = Diagnostic::warning(Code::UnknownName, wrong.id.span.for_country(&now.country), message);
    let near = nearest(id, now.figures.keys().map(String::as_str));
    Some(warning.hint(near.map_or_else(
        || "if its row was right, put it back".to_owned(),
        |near| format!("did you mean `{near}`? if its row was wrong and is gone, all is well"),
    )))
}
