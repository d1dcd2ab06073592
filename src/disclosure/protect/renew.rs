//! What is newly asked of a closed year, proved beside every number that was ever printed of it.

use std::collections::BTreeMap;

use super::asked::Asked;
use super::assemble::{Assembly, Codes, Question};
use super::closed::Closed;
use super::suppress::suppress;
use super::system::{System, SystemCell};
use super::witness::proved;
use super::world::World;
use crate::figures::Atom;
use crate::project::policy::Policy;

/// The system of a closed year with the cells that are newly asked for, and which of them must be withheld.
pub(super) struct Renewed {
    pub(super) assembly: Assembly,
    withheld: BTreeMap<Vec<u16>, bool>,
    zeros: bool,
}

impl Renewed {
    /// The cells of some questions of a closed year whose table is `atoms`; `public` lists what publications print. None where
    /// the table does not give every number that was printed, or where nothing can be proved.
    pub(super) fn of(
        asked: &Asked<'_>,
        closed: &Closed<'_>,
        table: (&[&Atom], &[usize]),
        public: &[(usize, Codes)],
        world: &World<'_>,
    ) -> Option<Self> {
        let policy = policy_of(closed, world.policy);
        let (assembly, system) = system_of(asked, closed, table, public, world)?;
        let pattern = suppress(&system, &policy).ok().filter(|pattern| proved(&system, pattern, &policy))?;
        let withheld = system.cells.iter().map(|cell| cell.codes.clone()).zip(pattern.withheld).collect();
        Some(Self { assembly, withheld, zeros: policy.zeros_sensitive })
    }

    /// How many units a cell holds, and whether it must be withheld; none where the system has no such cell.
    pub(super) fn cell(&self, question: &Question, codes: &Codes) -> Option<(i64, bool)> {
        if self.assembly.is_empty(question, codes) {
            return Some((0, self.zeros));
        }
        let cell = &self.assembly.system.cells[self.assembly.cell(question, codes)?];
        Some((cell.units, *self.withheld.get(&cell.codes)?))
    }
}

/// The system of a closed year whose table is `atoms`, with all that was ever asked of it: what was printed is public, what was
/// withheld stays so. None where the table does not give every number that was printed.
pub(super) fn system_of(
    asked: &Asked<'_>,
    closed: &Closed<'_>,
    (atoms, asking): (&[&Atom], &[usize]),
    public: &[(usize, Codes)],
    world: &World<'_>,
) -> Option<(Assembly, System)> {
    let questions: Vec<Question> = asking.iter().map(|at| asked.questions[*at].1.clone()).collect();
    let earlier = closed.questions();
    let known = |(at, codes): &(usize, Codes)| Some((asking.iter().position(|one| one == at)?, codes.clone()));
    let public: Vec<(usize, Codes)> = public.iter().filter_map(known).collect();
    let of_table = world.of_table(&asked.key.0, atoms);
    let assembly = Assembly::of(atoms, &of_table, &questions, &earlier, &public, world.country.iso3())?;
    let system = with_past(&assembly, closed).filter(|_| closed.is_consistent())?;
    Some((assembly, system))
}

/// The policy by which a year was closed.
pub(super) fn policy_of(closed: &Closed<'_>, now: &Policy) -> Policy {
    let Some(record) = closed.record else { return *now };
    Policy { threshold: record.threshold, zeros_sensitive: record.zeros_sensitive, ..*now }
}

/// The system with every cell that a release was asked for: what was printed is public, what was withheld stays so. None where
/// the table gives another number than was printed.
fn with_past(assembly: &Assembly, closed: &Closed<'_>) -> Option<System> {
    let mut past: BTreeMap<Vec<u16>, Option<i64>> = BTreeMap::new();
    for (question, numbers) in closed.asked() {
        for codes in question.combinations() {
            let number = numbers.get(&codes).copied();
            // A rest that must be empty today must have been empty then.
            if assembly.is_empty(question, &codes) {
                if number.is_some_and(|number| number != 0) {
                    return None;
                }
                continue;
            }
            let known = past.entry(assembly.codes(question, &codes)?).or_insert(number);
            match (*known, number) {
                (Some(one), Some(other)) if one != other => return None,
                (None, Some(_)) => *known = number,
                _ => {}
            }
        }
    }
    let blank = |cell: &SystemCell| (cell.codes.clone(), SystemCell { units: 0, ..cell.clone() });
    let mut cells: BTreeMap<Vec<u16>, SystemCell> = assembly.system.cells.iter().map(blank).collect();
    for (codes, number) in &past {
        let cell = cells.entry(codes.clone()).or_insert_with(|| SystemCell::of(codes.clone()));
        cell.public |= number.is_some();
        cell.kept = !cell.public;
    }
    let (dimensions, atoms) = (assembly.system.dimensions.clone(), assembly.system.atoms.clone());
    let system = System::counted(dimensions, atoms, Vec::new(), cells.into_values().collect());
    let true_now =
        |cell: &SystemCell| past.get(&cell.codes).copied().flatten().is_none_or(|number| number == cell.units);
    system.cells.iter().all(true_now).then_some(system)
}
