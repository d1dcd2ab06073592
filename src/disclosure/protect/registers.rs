//! The numbers of one country's registers: which of them may be printed, system by system.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::assemble::{Assembly, Codes, Question};
use super::cost::Cost;
use super::earlier::{EarlierRelease, Reprinted};
use super::growth::Joint;
use super::release::Again;
use super::suppress::suppress;
use super::witness::proved;
use crate::figures::{Atom, Cell, SourceRecord, Statement, Summaries, Summary};
use crate::project::indicator::{Indicator, Measure, Selector};
use crate::project::ledger::Ledger;
use crate::project::policy::Policy;
use crate::project::schema::{REST, TOTAL, UNKNOWN};
use crate::value::period::Period;

/// A cell of a register, as it may be printed.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    pub(super) period: Period,
    pub(super) codes: Codes,
    /// The number, unless it is withheld.
    pub(super) units: Option<i64>,
    /// The registers it is counted from.
    pub(super) sources: Vec<String>,
    /// Whether an edition with this number was released.
    pub(super) released: bool,
    /// The edition whose number it is, where it is not counted anew.
    pub(super) again: Option<Again>,
}

/// The cells of every indicator, and their cost.
#[derive(Default)]
pub(super) struct Registers {
    pub(super) cells: BTreeMap<String, Vec<Counted>>,
    pub(super) cost: Cost,
    /// Indicators of which what is public already discloses.
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
    /// What each edition that binds asked and printed of it.
    editions: Vec<EarlierRelease>,
    /// Whether something public counts the same rows in a way that no system holds.
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

/// What is asked of each system: by every indicator that counts flows of its table and measure.
fn asked(country: &Summaries, indicators: &[Indicator], policy: &Policy, ledger: &Ledger) -> Vec<Asked> {
    let mut systems: BTreeMap<Key, Asked> = BTreeMap::new();
    for summary in country.summaries() {
        let Some(indicator) = indicators.iter().find(|indicator| indicator.id == summary.indicator) else { continue };
        let Measure::Observed { table, code, stock: false } = &indicator.measure else { continue };
        for cell in summary.cells.iter().filter(|cell| cell.codes.is_empty()) {
            let sources: Vec<String> =
                cell.statements.iter().filter(|said| said.register).map(|said| said.source.clone()).collect();
            if sources.is_empty() {
                continue;
            }
            let key = (table.clone(), code.clone(), cell.period.clone());
            let system = systems.entry(key.clone()).or_insert_with(|| Asked {
                key,
                questions: Vec::new(),
                sources: sources.clone(),
                public: Vec::new(),
                editions: Vec::new(),
                beyond: false,
            });
            let number = system.questions.len();
            system.questions.push((indicator.id.clone(), question(country, summary, indicator, indicators, policy)));
            repeated(system, number, summary, country.sources());
        }
    }
    for ((table, measure, year), system) in &mut systems {
        let of = |edition| EarlierRelease::of(edition, country.iso3(), year.text(), table, measure.as_deref());
        system.editions = ledger.binding().iter().filter_map(of).collect();
    }
    systems.into_values().collect()
}

/// The codes that an indicator asks for: those the schema lists; of an open list those that publications or indicators
/// name, those that the registers hold often enough to be named, and the rest. Whether there is anybody in the rest changes
/// nothing here, so that nothing can be read from it.
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

/// Codes of a dimension that declarations name for an indicator.
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

/// Codes under which the registers of a table hold at least the threshold, over all years and measures.
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

/// Takes in what publications print that repeat one of the registers.
fn repeated(system: &mut Asked, number: usize, summary: &Summary, sources: &[SourceRecord]) {
    let year = system.key.2.clone();
    for cell in &summary.cells {
        let repeats = cell.statements.iter().filter(|said| repeats_register(said, sources));
        for said in repeats {
            let count = said.outcome.as_ref().ok().and_then(crate::value::Value::count);
            match count {
                Some(count) if cell.period == year => system.public.push((number, cell.codes.clone(), count)),
                Some(_) if cell.period.overlaps(&year) && cell.period.whole_year().is_none() => system.beyond = true,
                _ => {}
            }
        }
    }
}

/// Whether a publication repeats a register, directly or through others.
fn repeats_register(said: &Statement, sources: &[SourceRecord]) -> bool {
    let mut id = said.source.as_str();
    for _ in 0..=sources.len() {
        let Some(source) = sources.iter().find(|source| source.id == id) else { return false };
        if source.register {
            return !said.register;
        }
        id = source.origin.as_str();
    }
    false
}

/// Chooses, audits, and falls back on withholding more wherever a proof is missing.
fn answer(asked: &Asked, country: &Summaries, policy: &Policy) -> Registers {
    let again = asked.editions.last().map(|last| last.again(&asked.questions)).unwrap_or_default();
    let assembly = assembled(asked, country, policy);
    let joint = assembly.as_ref().and_then(|assembly| {
        let told = asked.editions.iter().map(|edition| edition.told(assembly)).collect::<Option<Vec<_>>>()?;
        Joint::of(&assembly.system, told, policy)
    });
    let Some((assembly, joint)) = assembly.as_ref().zip(joint) else {
        return asked.withheld(&again, assembly.as_ref());
    };
    match suppress(&joint.system, policy) {
        Ok(pattern) if proved(&joint.system, &pattern, policy) => {
            asked.printed(assembly, &joint.withheld(&pattern.withheld), &again, policy)
        }
        Err(disclosed) if !asked.public.is_empty() && !joint.grown => {
            let disclosed = asked.concerned(assembly, &joint.present(&disclosed.cells));
            Registers { disclosed, ..asked.withheld(&again, Some(assembly)) }
        }
        // What was released and passed the audit then is printed again, and nothing beside it.
        Ok(_) | Err(_) => asked.withheld(&again, Some(assembly)),
    }
}

/// The system with all that is public of it; nothing where a publication that repeats the register tells it apart from it.
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
    let earlier: Vec<&Question> = asked.editions.iter().flat_map(EarlierRelease::questions).collect();
    let public: Vec<(usize, Codes)> = asked.public.iter().map(|(q, codes, _)| (*q, codes.clone())).collect();
    let assembly =
        Assembly::of(&atoms, &of_table, &questions, &earlier, &public, country.iso3()).filter(|_| !asked.beyond)?;
    // The difference from a publication that repeats the register tells of a group, too.
    let apart = |(question, codes, value): &(usize, Codes, i64)| {
        let difference =
            assembly.cell(&questions[*question], codes).map(|cell| assembly.system.cells[cell].units - value);
        difference.is_none_or(|difference| difference != 0 && difference.abs() < policy.threshold_units())
    };
    (!asked.public.iter().any(apart)).then_some(assembly)
}

impl Asked {
    /// What was released, and every other cell withheld. Whether the register counts otherwise now is known of what can be
    /// assembled.
    fn withheld(&self, released: &Reprinted, assembly: Option<&Assembly>) -> Registers {
        let mut answer = Registers::default();
        for (number, (indicator, question)) in self.questions.iter().enumerate() {
            for codes in question.combinations() {
                let again = released.iter().find(|(other, known, _)| *other == number && *known == codes);
                // A withheld part of a withheld whole says nothing that the whole does not.
                if again.is_none() && !codes.is_empty() && released.is_empty() {
                    continue;
                }
                answer.cost.add(0, again.is_none());
                let units = again.map(|(.., units)| *units);
                let now =
                    assembly.and_then(|assembly| Some(assembly.system.cells[assembly.cell(question, &codes)?].units));
                let differs = now.zip(units).is_some_and(|(now, then)| now != then);
                let edition = self.editions.last().map(|last| last.edition.clone()).filter(|_| units.is_some());
                let again = edition.map(|edition| Again { edition, differs });
                self.push(&mut answer, indicator, (codes, units), units.is_some(), again);
            }
        }
        answer
    }

    fn printed(&self, assembly: &Assembly, withheld: &[bool], released: &Reprinted, policy: &Policy) -> Registers {
        let mut answer = Registers::default();
        for (number, (indicator, question)) in self.questions.iter().enumerate() {
            for codes in question.combinations() {
                let (units, withheld) = match assembly.cell(question, &codes) {
                    Some(cell) => (assembly.system.cells[cell].units, withheld[cell]),
                    None if assembly.is_empty(question, &codes) => (0, policy.zeros_sensitive),
                    None => continue,
                };
                answer.cost.add(units, withheld);
                let known = released.iter().find(|(other, known, _)| *other == number && *known == codes);
                let again = known.is_some_and(|(.., value)| *value == units);
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
        again: Option<Again>,
    ) {
        let (period, sources) = (self.key.2.clone(), self.sources.clone());
        let counted = Counted { period, codes, units, sources, released, again };
        answer.cells.entry(indicator.to_owned()).or_default().push(counted);
    }
}

/// The cells of a country whose registers are not at hand, as they were released last. Of an open list, an edition without
/// a `rest` printed persons of rare codes as `unknown`: that number is not printed again.
pub(super) fn from_ledger(country: &str, indicator: &Indicator, ledger: &Ledger, open: &OpenLists) -> Vec<Counted> {
    let Some((edition, definition)) = ledger.last(country, &indicator.id) else { return Vec::new() };
    let question = Question { asked: definition.dimensions.clone(), conditions: definition.conditions.clone() };
    let is_open = |dimension: &String| open.contains(&(definition.table.clone(), dimension.clone()));
    let mixed = |codes: &Codes| {
        codes.iter().any(|(dimension, code)| code == UNKNOWN && is_open(dimension) && !question.folds(dimension))
    };
    let entries = edition.figures.iter().filter(|entry| entry.country == country && entry.indicator == indicator.id);
    let entries: BTreeMap<(&str, &Codes), i64> =
        entries.map(|entry| ((entry.period.as_str(), &entry.dimensions), entry.value)).collect();
    let mut counted = Vec::new();
    for period in definition.periods.iter().filter_map(|text| Period::parse(text).ok()) {
        for codes in question.combinations() {
            let units = entries.get(&(period.text(), &codes)).copied();
            let units = units.filter(|units| *units == 0 || !mixed(&codes));
            let (period, sources) = (period.clone(), definition.sources.clone());
            let again = units.map(|_| Again { edition: edition.edition.clone(), differs: false });
            counted.push(Counted { period, codes, units, sources, released: true, again });
        }
    }
    counted
}

/// Whether a cell's statements name a register, so that its table is at hand.
pub(super) fn at_hand(cells: &[Cell]) -> bool {
    cells.iter().any(|cell| cell.statements.iter().any(|said| said.register))
}
