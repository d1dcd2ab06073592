//! Patterns of suppression, attacked: random linked tables with hierarchies, in exact fractions and by enumeration.

use tipbrief::attack::{Sum, Verdict, attack};
use tipbrief::policy::{Policy, Weights};
use tipbrief::protect::suppress::{Pattern, suppress};
use tipbrief::protect::system::{Dimension, System, packed};
use tipbrief::protect::witness::proved;

/// A stream of small numbers that is the same in every run (SplitMix64; Steele and others, 2014).
struct Seeded(u64);

impl Seeded {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_F491_4F6C_DD1D))
    }

    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % most
    }

    fn leaf(&mut self, most: u16) -> u16 {
        u16::try_from(self.below(most.into())).expect("a small number")
    }
}

/// A dimension with its total as code 0, each leaf as a code, and one code that holds the first two leaves.
fn dimension(leaves: u16, nested: bool) -> (Dimension, Vec<u16>) {
    let mut codes: Vec<Vec<u16>> = vec![(0..leaves).collect()];
    codes.extend((0..leaves).map(|leaf| vec![leaf]));
    if nested && leaves > 2 {
        codes.push(vec![0, 1]);
    }
    let all = (0..u16::try_from(codes.len()).expect("few")).collect();
    (Dimension::new(leaves, &codes), all)
}

/// A random system of two to four dimensions, in which one to three indicators ask for some of them.
fn random(seed: u64, largest: u16) -> System {
    let mut random = Seeded::new(seed);
    let ways = 2 + random.below(3);
    let (mut dimensions, mut codes) = (Vec::new(), Vec::new());
    for _ in 0..ways {
        let (dimension, all) = dimension(2 + random.leaf(largest - 1), random.below(3) == 0);
        dimensions.push(dimension);
        codes.push(all);
    }
    let indicators = 1 + random.below(3);
    let asked: Vec<Vec<Vec<u16>>> = (0..indicators)
        .map(|_| codes.iter().map(|all| if random.below(3) == 0 { vec![0] } else { all.clone() }).collect())
        .collect();
    let persons = random.below(12) + 1;
    let mut units: Vec<(Vec<u16>, i64)> = Vec::new();
    for _ in 0..persons {
        let leaves = dimensions.iter().map(|dimension| random.leaf(dimension.leaves())).collect();
        let group = i64::try_from(random.below(30) + 1).expect("small");
        units.push((leaves, group));
    }
    System::new(dimensions, units, &asked, &[])
}

fn policy(threshold: u64) -> Policy {
    Policy { threshold, ..Policy::default() }
}

/// Every combination of leaves.
fn atoms(system: &System) -> Vec<Vec<u16>> {
    let longer = |all: Vec<Vec<u16>>, dimension: &Dimension| {
        let extend = |some: Vec<u16>| (0..dimension.leaves()).map(move |leaf| [some.clone(), vec![leaf]].concat());
        all.into_iter().flat_map(extend).collect()
    };
    system.dimensions.iter().fold(vec![Vec::new()], longer)
}

/// Attacks everything that is withheld, and every sensitive atom; whatever is less free than it must be is told.
fn attacked(system: &System, pattern: &Pattern, policy: &Policy) -> Vec<String> {
    let atoms = atoms(system);
    let threshold = i128::from(policy.threshold);
    let truth: std::collections::BTreeMap<_, _> = system.atoms.iter().copied().collect();
    let (mut sums, mut wide, mut loose) = (Vec::new(), Vec::new(), Vec::new());
    for (cell, withheld) in system.cells.iter().zip(&pattern.withheld) {
        let holds = |atom: &Vec<u16>| {
            (0..).zip(atom).all(|(d, leaf): (usize, _)| system.dimensions[d].holds(cell.codes[d], *leaf))
        };
        let members = (0..atoms.len()).filter(|atom| holds(&atoms[*atom])).collect();
        let units = i128::from(cell.units);
        if *withheld {
            if units < threshold { wide.push(sums.len()) } else { loose.push(sums.len()) }
        }
        let (least, most) = if *withheld { (0, None) } else { (units, Some(units)) };
        sums.push(Sum { atoms: members, least, most });
    }
    for (number, atom) in atoms.iter().enumerate() {
        let units = truth.get(&packed(atom)).copied().unwrap_or(0);
        if units > 0 && i128::from(units) < threshold {
            wide.push(sums.len());
            sums.push(Sum { atoms: vec![number], least: 0, most: None });
        }
    }
    let mut faults = Vec::new();
    for (targets, width) in [(wide, threshold), (loose, 0)] {
        let found = attack(atoms.len(), &sums, &targets, width);
        let weak = targets.iter().zip(found.verdicts).filter(|(_, verdict)| *verdict != Verdict::Free);
        faults.extend(weak.map(|(at, verdict)| format!("{verdict:?}: {:?}", sums[*at])));
    }
    faults
}

fn withstands(seed: u64, largest: u16, policy: &Policy) -> (usize, usize) {
    let system = random(seed, largest);
    let pattern = suppress(&system, policy).expect("nothing is public yet");
    assert!(proved(&system, &pattern, policy), "seed {seed}: the audit refuses the pattern");
    let faults = attacked(&system, &pattern, policy);
    assert!(faults.is_empty(), "seed {seed}:\n{}", faults.join("\n"));
    (pattern.withheld.iter().filter(|withheld| **withheld).count(), system.cells.len())
}

#[test]
fn a_thousand_linked_tables_withstand_an_exact_attack() {
    let (mut withheld, mut cells) = (0, 0);
    for seed in 0..1000 {
        let weights = if seed % 2 == 0 { Weights::Counts } else { Weights::Cells };
        let policy = Policy { weights, ..policy([3, 5, 11][usize::try_from(seed % 3).expect("small")]) };
        let (some, all) = withstands(seed, 3, &policy);
        (withheld, cells) = (withheld + some, cells + all);
    }
    eprintln!("{withheld} of {cells} cells are withheld");
    assert!(withheld < cells, "something is printed");
}
