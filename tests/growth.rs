//! Registers that grow from release to release, attacked with all releases at once.

use std::collections::BTreeMap;

use tipbrief::disclosure::attack::{Sum, Verdict, attack};
use tipbrief::disclosure::protect::growth::Joint;
use tipbrief::disclosure::protect::past::PastNumbers;
use tipbrief::disclosure::protect::suppress::suppress;
use tipbrief::disclosure::protect::system::{Atom, System, SystemCell, packed};
use tipbrief::disclosure::protect::witness::proved;
use tipbrief::project::policy::Policy;

use crate::protection::{Seeded, atoms, policy, random};

/// What is true of each stage, and what was printed of it.
#[derive(Default)]
struct History {
    /// By how much each atom grew, stage by stage.
    added: Vec<BTreeMap<Atom, i64>>,
    released: Vec<PastNumbers>,
}

impl History {
    /// The register as it is after all stages, asked as before.
    fn present(&self, first: &System) -> System {
        let mut units: BTreeMap<Atom, i64> = BTreeMap::new();
        self.added.iter().flatten().for_each(|(atom, more)| *units.entry(*atom).or_default() += more);
        let cells = first.cells.iter().map(|cell| SystemCell::of(cell.codes.clone())).collect();
        System::counted(first.dimensions.clone(), units.into_iter().collect(), Vec::new(), cells)
    }

    /// Prints a release of a present; returns whether it prints the present numbers, or the last ones again.
    fn print(&mut self, present: &System, policy: &Policy) -> bool {
        let withheld = Joint::of(present, self.released.clone(), policy).and_then(|joint| {
            let pattern = suppress(&joint.system, policy).ok()?;
            proved(&joint.system, &pattern, policy).then(|| joint.withheld(&pattern.withheld))
        });
        match withheld {
            Some(withheld) => {
                self.release(present, &withheld);
                true
            }
            None => false,
        }
    }

    /// Lets the register grow; what no release has printed yet is one stage.
    fn grow(&mut self, more: BTreeMap<Atom, i64>) {
        if self.added.len() == self.released.len() {
            self.added.push(BTreeMap::new());
        }
        let last = self.added.last_mut().expect("it was pushed");
        more.into_iter().for_each(|(atom, units)| *last.entry(atom).or_default() += units);
    }

    fn release(&mut self, present: &System, withheld: &[bool]) {
        let printed = |(cell, withheld): (&SystemCell, &bool)| (cell.codes.clone(), (!withheld).then_some(cell.units));
        self.released.push(present.cells.iter().zip(withheld).map(printed).collect());
    }

    /// What an outsider works out who knows every release and that the register only grows.
    fn attacked(&self, system: &System, policy: &Policy) -> Vec<String> {
        let (atoms, stages) = (atoms(system), self.released.len());
        let threshold = i128::from(policy.threshold);
        let truth =
            |atom: usize, stage: usize| i128::from(self.added[stage].get(&packed(&atoms[atom])).copied().unwrap_or(0));
        let (mut sums, mut wide, mut loose) = (Vec::new(), Vec::new(), Vec::new());
        for (stage, released) in self.released.iter().enumerate() {
            for (codes, number) in released {
                let cell = SystemCell::of(codes.clone());
                let inside = (0..atoms.len()).filter(|atom| system.holds(&cell, packed(&atoms[*atom]), u32::MAX));
                let parts: Vec<(usize, usize)> = inside.flat_map(|atom| (0..=stage).map(move |s| (atom, s))).collect();
                let units: i128 = parts.iter().map(|(atom, stage)| truth(*atom, *stage)).sum();
                assert!(number.is_none_or(|number| i128::from(number) == units), "a release prints what is true");
                if number.is_none() {
                    if units < threshold { wide.push(sums.len()) } else { loose.push(sums.len()) }
                }
                let (least, most) = if number.is_some() { (units, Some(units)) } else { (0, None) };
                sums.push(Sum {
                    atoms: parts.iter().map(|(atom, stage)| atom * stages + stage).collect(),
                    least,
                    most,
                });
            }
        }
        for (atom, stage) in (0..atoms.len()).flat_map(|atom| (0..stages).map(move |stage| (atom, stage))) {
            if (1..threshold).contains(&truth(atom, stage)) {
                wide.push(sums.len());
                sums.push(Sum { atoms: vec![atom * stages + stage], least: 0, most: None });
            }
        }
        let mut faults = Vec::new();
        for (targets, width) in [(wide, threshold), (loose, 0)] {
            let found = attack(atoms.len() * stages, &sums, &targets, width);
            let weak = targets.iter().zip(found.verdicts).filter(|(_, verdict)| *verdict != Verdict::Free);
            faults.extend(weak.map(|(at, verdict)| format!("{verdict:?}: {:?}", sums[*at])));
        }
        faults
    }
}

/// By how much a register grows: one to three groups, small and large.
fn growth(system: &System, random: &mut Seeded) -> BTreeMap<Atom, i64> {
    let all = atoms(system);
    let groups = 1 + random.below(3);
    let mut more = BTreeMap::new();
    for _ in 0..groups {
        let atom = &all[usize::try_from(random.below(all.len() as u64)).expect("few")];
        let units = if random.below(3) == 0 { 1 + random.below(6) } else { 5 + random.below(40) };
        *more.entry(packed(atom)).or_default() += i64::try_from(units).expect("small");
    }
    more
}

fn first(seed: u64, policy: &Policy) -> (System, History) {
    let system = random(seed, 3);
    let pattern = suppress(&system, policy).expect("nothing is public yet");
    let mut history = History::default();
    history.added.push(system.atoms.iter().copied().collect());
    history.release(&system, &pattern.withheld);
    (system, history)
}

#[test]
fn releases_of_growing_registers_withstand_an_attack_on_all_of_them() {
    let (mut renewed, mut again) = (0, 0);
    for seed in 0..300 {
        let policy = policy([3, 5, 11][usize::try_from(seed % 3).expect("small")]);
        let (system, mut history) = first(seed, &policy);
        let mut random = Seeded::new(seed + 77);
        for _ in 0..3 {
            history.grow(growth(&system, &mut random));
            let present = history.present(&system);
            if history.print(&present, &policy) { renewed += 1 } else { again += 1 }
        }
        let faults = history.attacked(&system, &policy);
        assert!(faults.is_empty(), "seed {seed}:\n{}", faults.join("\n"));
    }
    eprintln!("{renewed} releases print new numbers, {again} those of the release before");
    assert!(renewed > 30 && again > 30, "{renewed} and {again}");
}

#[test]
fn a_release_that_forgets_the_one_before_discloses() {
    let policy = policy(5);
    let discloses = |seed: &u64| {
        let (system, mut history) = first(*seed, &policy);
        history.grow(growth(&system, &mut Seeded::new(seed + 77)));
        let present = history.present(&system);
        let pattern = suppress(&present, &policy).expect("nothing is public");
        history.release(&present, &pattern.withheld);
        !history.attacked(&system, &policy).is_empty()
    };
    let leaks = (0..100).filter(discloses).count();
    assert!(leaks > 10, "the attack finds {leaks} of a hundred careless pairs of releases");
}
