//! Which numbers of a country's registers may be printed, system by system.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::assemble::{Assembly, Codes, Question};
use super::cell::Reprint;
use super::cost::Cost;
use super::earlier::{EarlierRelease, Reprinted};
use super::growth::Joint;
use super::suppress::suppress;
use super::witness::proved;
use crate::figures::{Atom, SourceRecord, Statement, Summaries, Summary, SummaryCell};
use crate::project::indicator::{Indicator, Measure, Selector};
use crate::project::ledger::Ledger;
use crate::project::policy::Policy;
use crate::project::schema::{REST, TOTAL, UNKNOWN};
use crate::value::period::Period;

/// A cell of a register as it may be printed.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    pub(super) period: Period,
    pub(super) codes: Codes,
    /// The number, unless it is withheld.
    pub(super) units: Option<i64>,
    /// The registers it is counted from.
    pub(super) sources: Vec<String>,
    /// Whether a release has printed this number.
    pub(super) released: bool,
    /// The release from which the number is copied, where it is not counted anew.
    pub(super) reprint: Option<Reprint>,
}

/// The register cells of every indicator, and how much of them is withheld.
#[derive(Default)]
pub(super) struct Registers {
    pub(super) cells: BTreeMap<String, Vec<Counted>>,
    pub(super) cost: Cost,
    /// Indicators whose published totals already disclose.
    pub(super) disclosed: BTreeSet<String>,
}

/// Tables and dimensions whose codes no schema lists.
pub(super) type OpenLists = BTreeSet<(String, String)>;

/// Table, measure and year.
type Key = (String, Option<String>, Period);

/// A system before it is assembled.
struct Asked {
    key: Key,
    questions: Vec<(String, Question)>,
    sources: Vec<String>,
    /// What publications print that repeat the register, and what was released: indicator, codes, number.
    public: Vec<(usize, Codes, i64)>,
    /// Its part of each earlier release that still binds.
    releases: Vec<EarlierRelease>,
    /// Whether a publication gives away what the system cannot express: a count over another period, or a limit where a
    /// number is withheld, which a witness could overstep.
    beyond: bool,
}

/// Counts and protects the registers of a country.
pub(super) fn registers(country: &Summaries, indicators: &[Indicator], policy: &Policy, ledger: &Ledger) -> Registers {
    let asked = asked(country, indicators, policy, ledger);
    let answers: Vec<Registers> = asked.par_iter().map(|asked| answer(asked, country, policy)).collect();
    let mut all = Registers::default();
    for one in answers {
        for (indicator, cells) in one.cells {
            all.cells.entry(indicator).or_default().extend(cells);
        }
        all.cost.merge(one.cost);
        all.disclosed.extend(one.disclosed);
    }
    all
}

/// The questions of each system: those of every indicator that counts flows of its table and measure.
fn asked(country: &Summaries, indicators: &[Indicator], policy: &Policy, ledger: &Ledger) -> Vec<Asked> {
    let mut systems: BTreeMap<Key, Asked> = BTreeMap::new();
    for summary in country.summaries() {
        let Some(indicator) = indicators.iter().find(|indicator| indicator.id == summary.indicator) else { continue };
        let Measure::Observed { table, code, stock: false } = &indicator.measure else { continue };
        for cell in summary.cells.iter().filter(|cell| cell.codes.is_empty()) {
            let sources: Vec<String> =
                cell.statements.iter().filter(|one| one.register).map(|one| one.source.clone()).collect();
            if sources.is_empty() {
                continue;
            }
            let key = (table.clone(), code.clone(), cell.period.clone());
            let system = systems.entry(key.clone()).or_insert_with(|| Asked {
                key,
                questions: Vec::new(),
                sources: sources.clone(),
                public: Vec::new(),
                releases: Vec::new(),
                beyond: false,
            });
            let number = system.questions.len();
            system.questions.push((indicator.id.clone(), question(country, summary, indicator, indicators, policy)));
            note_repeated(system, number, summary, country.sources());
        }
    }
    for ((table, measure, year), system) in &mut systems {
        let of =
            |release| EarlierRelease::of((ledger, release), country.iso3(), year.text(), table, measure.as_deref());
        system.releases = ledger.binding().iter().filter_map(of).collect();
    }
    systems.into_values().collect()
}

/// The codes that an indicator asks for: those that the schema lists. Where the list is open, the codes that publications or
/// indicators name, those frequent enough in the registers, and a rest. The rest is always there, so that its presence tells
/// nothing.
fn question(
    country: &Summaries,
    summary: &Summary,
    indicator: &Indicator,
    indicators: &[Indicator],
    policy: &Policy,
) -> Question {
    let mut asked = BTreeMap::new();
    for dimension in indicator.dimensions.iter().filter(|dimension| !indicator.conditions.contains_key(*dimension)) {
        let Measure::Observed { table, .. } = &indicator.measure else { continue };
        let declared = country.declared(table, dimension);
        let codes: BTreeSet<String> = if declared.is_empty() {
            let public = summary.cells.iter().filter_map(|cell| cell.codes.get(dimension).cloned());
            let named = named(&indicator.id, dimension, indicators);
            public.chain(named).chain(frequent(country.atoms(), table, dimension, policy)).collect()
        } else {
            declared.iter().cloned().collect()
        };
        let is_named = |code: &String| !matches!(code.as_str(), TOTAL | UNKNOWN | REST | "*");
        let rest = declared.is_empty().then(|| REST.to_owned());
        asked.insert(dimension.clone(), codes.into_iter().filter(is_named).chain(rest).collect());
    }
    Question { asked, conditions: indicator.conditions.clone() }
}

/// The codes of a dimension that declarations name for an indicator.
fn named(id: &str, dimension: &str, indicators: &[Indicator]) -> Vec<String> {
    let mut selectors: Vec<Selector> = indicators.iter().flat_map(Indicator::shown).collect();
    for indicator in indicators.iter().filter(|indicator| indicator.id == id) {
        let splits = indicator.chart.iter().flat_map(|chart| &chart.splits).flat_map(|split| &split.cells);
        let parts = splits.chain(&indicator.of_whom).map(|codes| format!("{id}:{}", codes.value));
        selectors.extend(parts.filter_map(|text| Selector::parse(&text)));
    }
    let own = selectors.into_iter().filter(|selector| selector.indicator == id);
    own.filter_map(|selector| selector.codes.get(dimension).cloned()).collect()
}

/// The codes with at least the threshold's units in the registers of a table, over all years and measures.
fn frequent(atoms: &[Atom], table: &str, dimension: &str, policy: &Policy) -> Vec<String> {
    let mut units: BTreeMap<&str, i64> = BTreeMap::new();
    for atom in atoms.iter().filter(|atom| atom.table == table) {
        if let Some(code) = atom.codes.get(dimension) {
            *units.entry(code).or_default() += atom.units;
        }
    }
    let many = units.into_iter().filter(|(_, units)| *units >= policy.threshold_units());
    many.map(|(code, _)| code.to_owned()).collect()
}

/// Notes the numbers of publications that repeat one of the registers.
fn note_repeated(system: &mut Asked, number: usize, summary: &Summary, sources: &[SourceRecord]) {
    let year = system.key.2.clone();
    for cell in &summary.cells {
        let repeats = cell.statements.iter().filter(|statement| repeats_register(statement, sources));
        for statement in repeats {
            let count = statement.outcome.as_ref().ok().and_then(crate::value::Value::count);
            match (count, statement.below) {
                (Some(count), _) if cell.period == year => system.public.push((number, cell.codes.clone(), count)),
                (Some(_), _) if cell.period.overlaps(&year) && cell.period.whole_year().is_none() => {
                    system.beyond = true;
                }
                (None, Some(_)) if cell.period.overlaps(&year) => system.beyond = true,
                _ => {}
            }
        }
    }
}

/// Whether a publication repeats a register, directly or through others.
fn repeats_register(statement: &Statement, sources: &[SourceRecord]) -> bool {
    let mut id = statement.source.as_str();
    for _ in 0..=sources.len() {
        let Some(source) = sources.iter().find(|source| source.id == id) else { return false };
        if source.register {
            return !statement.register;
        }
        id = source.origin.as_str();
    }
    false
}

/// Chooses what to withhold and checks the proof; without a proof, only what was released before is printed.
fn answer(asked: &Asked, country: &Summaries, policy: &Policy) -> Registers {
    let reprinted = asked.releases.last().map(|last| last.reprinted(&asked.questions)).unwrap_or_default();
    let assembly = assembled(asked, country, policy);
    let joint = assembly.as_ref().and_then(|assembly| {
        let past = asked.releases.iter().map(|release| release.numbers(assembly)).collect::<Option<Vec<_>>>()?;
        Joint::of(&assembly.system, past, policy)
    });
    let Some((assembly, joint)) = assembly.as_ref().zip(joint) else {
        return asked.reprinted(&reprinted, assembly.as_ref());
    };
    match suppress(&joint.system, policy) {
        Ok(pattern) if proved(&joint.system, &pattern, policy) => {
            asked.printed(assembly, &joint.withheld(&pattern.withheld), &reprinted, policy)
        }
        Err(disclosed) if !asked.public.is_empty() && !joint.grown => {
            let disclosed = asked.concerned(assembly, &joint.present(&disclosed.cells));
            Registers { disclosed, ..asked.reprinted(&reprinted, Some(assembly)) }
        }
        // What was released was proved then, and is reprinted; nothing else is printed.
        Ok(_) | Err(_) => asked.reprinted(&reprinted, Some(assembly)),
    }
}

/// The system with its public cells; none where a publication that repeats the register differs from it by a small count.
fn assembled(asked: &Asked, country: &Summaries, policy: &Policy) -> Option<Assembly> {
    let (table, measure, year) = &asked.key;
    let of_system = |atom: &&Atom| {
        &atom.table == table
            && measure.as_ref().is_none_or(|code| *code == atom.measure)
            && atom.period == year.text()
            && asked.sources.contains(&atom.source)
    };
    let atoms: Vec<&Atom> = country.atoms().iter().filter(of_system).collect();
    let of_table: Vec<&Atom> = country.atoms().iter().filter(|atom| &atom.table == table).collect();
    let questions: Vec<Question> = asked.questions.iter().map(|(_, question)| question.clone()).collect();
    let earlier: Vec<&Question> = asked.releases.iter().flat_map(EarlierRelease::questions).collect();
    let public: Vec<(usize, Codes)> = asked.public.iter().map(|(q, codes, _)| (*q, codes.clone())).collect();
    let assembly =
        Assembly::of(&atoms, &of_table, &questions, &earlier, &public, country.iso3()).filter(|_| !asked.beyond)?;
    // That difference would itself be the count of a small group.
    let apart = |(question, codes, value): &(usize, Codes, i64)| {
        let difference =
            assembly.cell(&questions[*question], codes).map(|cell| assembly.system.cells[cell].units - value);
        difference.is_none_or(|difference| difference != 0 && difference.abs() < policy.threshold_units())
    };
    (!asked.public.iter().any(apart)).then_some(assembly)
}

impl Asked {
    /// Reprints what was released and withholds every other cell. Where the system could be assembled, it also shows whether
    /// the register holds another number now.
    fn reprinted(&self, released: &Reprinted, assembly: Option<&Assembly>) -> Registers {
        let (mut answer, by) = (Registers::default(), by_codes(released));
        for (number, (indicator, question)) in self.questions.iter().enumerate() {
            for codes in question.combinations() {
                let again = by.get(&(number, &codes)).copied();
                // If the whole is withheld, listing its withheld parts adds nothing.
                if again.is_none() && !codes.is_empty() && released.is_empty() {
                    continue;
                }
                answer.cost.add(0, again.is_none());
                let now =
                    assembly.and_then(|assembly| Some(assembly.system.cells[assembly.cell(question, &codes)?].units));
                let differs = now.zip(again).is_some_and(|(now, then)| now != then);
                let release = self.releases.last().map(|last| last.name.clone()).filter(|_| again.is_some());
                let reprint = release.map(|release| Reprint { release, differs });
                self.push(&mut answer, indicator, (codes, again), again.is_some(), reprint);
            }
        }
        answer
    }

    fn printed(&self, assembly: &Assembly, withheld: &[bool], released: &Reprinted, policy: &Policy) -> Registers {
        let (mut answer, by) = (Registers::default(), by_codes(released));
        for (number, (indicator, question)) in self.questions.iter().enumerate() {
            for codes in question.combinations() {
                let (units, withheld) = match assembly.cell(question, &codes) {
                    Some(cell) => (assembly.system.cells[cell].units, withheld[cell]),
                    None if assembly.is_empty(question, &codes) => (0, policy.zeros_sensitive),
                    None => continue,
                };
                answer.cost.add(units, withheld);
                let again = by.get(&(number, &codes)) == Some(&units);
                self.push(&mut answer, indicator, (codes, Some(units).filter(|_| !withheld)), again, None);
            }
        }
        answer
    }

    /// The indicators that ask for any of these cells.
    fn concerned(&self, assembly: &Assembly, cells: &[usize]) -> BTreeSet<String> {
        let asks = |(_, question): &&(String, Question)| {
            let own = question.combinations();
            own.iter().filter_map(|codes| assembly.cell(question, codes)).any(|cell| cells.contains(&cell))
        };
        self.questions.iter().filter(asks).map(|(indicator, _)| indicator.clone()).collect()
    }

    fn push(
        &self,
        answer: &mut Registers,
        indicator: &str,
        (codes, units): (Codes, Option<i64>),
        released: bool,
        reprint: Option<Reprint>,
    ) {
        let (period, sources) = (self.key.2.clone(), self.sources.clone());
        let counted = Counted { period, codes, units, sources, released, reprint };
        answer.cells.entry(indicator.to_owned()).or_default().push(counted);
    }
}

/// The first number that is reprinted of each question and codes.
fn by_codes(released: &Reprinted) -> BTreeMap<(usize, &Codes), i64> {
    released.iter().rev().map(|(number, codes, value)| ((*number, codes), *value)).collect()
}

/// The cells of a country whose registers are not available, as they were last released. A release without a `rest` printed
/// persons of rare codes as `unknown`: such a number is not reprinted.
pub(super) fn from_ledger(country: &str, indicator: &Indicator, ledger: &Ledger, open: &OpenLists) -> Vec<Counted> {
    let Some((release, definition)) = ledger.last(country, &indicator.id) else { return Vec::new() };
    let question = Question { asked: definition.dimensions.clone(), conditions: definition.conditions.clone() };
    let is_open = |dimension: &String| open.contains(&(definition.table.clone(), dimension.clone()));
    let mixed = |codes: &Codes| {
        codes.iter().any(|(dimension, code)| code == UNKNOWN && is_open(dimension) && !question.has_rest(dimension))
    };
    let entries = ledger.figures(release, country, &indicator.id);
    let entries: BTreeMap<(&str, &Codes), i64> =
        entries.map(|entry| ((entry.period.as_str(), &entry.dimensions), entry.value)).collect();
    let mut counted = Vec::new();
    for period in definition.periods.iter().filter_map(|text| Period::parse(text).ok()) {
        for codes in question.combinations() {
            let units = entries.get(&(period.text(), &codes)).copied();
            let units = units.filter(|units| *units == 0 || !mixed(&codes));
            let (period, sources) = (period.clone(), definition.sources.clone());
            let reprint = units.map(|_| Reprint { release: release.name.clone(), differs: false });
            counted.push(Counted { period, codes, units, sources, released: true, reprint });
        }
    }
    counted
}

/// Whether the register's table is available: then some statement is a register's.
pub(super) fn at_hand(cells: &[SummaryCell]) -> bool {
    cells.iter().any(|cell| cell.statements.iter().any(|statement| statement.register))
}
