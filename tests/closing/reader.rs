//! A reader who has every ledger and a solver: all closed numbers and all late figures of all releases together.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tipbrief::disclosure::attack::{Equation, Sum, System, Verdict, WORK, attack, attack_system};

use super::looked::{closed, look, release};
use super::tally::within;
use super::{CLOSED, ROWS, grow};
use crate::project::Project;

const THRESHOLD: i64 = 11;
const DIMENSIONS: [(&str, usize); 3] = [("sex", 2), ("age_group", 3), ("province", 7)];
/// What is asked of the register, so that a reader's unknowns are few: by sex and age, and by province.
const ASKED: [(&str, &str); 2] = [("identified", "\"sex\", \"age_group\""), ("provinces", "\"province\"")];

/// A project that asks little.
fn small() -> Project {
    let project = Project::named("register");
    for indicator in ["breakdown", "by_province", "children", "victims_assisted", "victims_identified"] {
        let path = project.path(&format!("data/indicators/protection/{indicator}.toml"));
        std::fs::remove_file(path).expect("it is there");
    }
    project.write("data/countries/XXA/narrative/en/protection.typ", "= Victims\n\nThey are counted below.\n");
    ASKED.iter().for_each(|(id, dimensions)| ask(&project, id, dimensions));
    project
}

/// Asks for one indicator more.
fn ask(project: &Project, id: &str, dimensions: &str) {
    let order = project.root().join("data/indicators/protection").read_dir().expect("a folder").count();
    project.write(
        &format!("data/indicators/protection/{id}.toml"),
        &format!(
            "title = \"Victims, {id}\"\nshort = \"{id}\"\ndescription = \"Victims identified, {id}.\"\ntable = \"victims\"\n\
             measure = \"identified\"\nunit = \"persons\"\ndimensions = [{dimensions}]\norder = {order}\n"
        ),
    );
}

/// Codes by dimension.
type Codes = BTreeMap<String, String>;

/// What a reader knows of one year.
struct Reader {
    /// For each dimension the codes that tell persons apart.
    leaves: Vec<Vec<String>>,
    /// The codes that are named, by dimension.
    named: Vec<BTreeSet<String>>,
    /// Closed numbers, and those that are asked for and withheld.
    numbers: BTreeMap<Codes, Option<i64>>,
    /// For each release its late figures: how many came, and the base.
    late: Vec<BTreeMap<Codes, (i64, i64)>>,
}

impl Reader {
    /// Reads all ledgers, in their order, and nothing else.
    fn of(project: &Project, year: &str, releases: &[&str]) -> Self {
        let ledgers = releases.iter().map(|name| {
            serde_json::from_str::<Value>(&project.read(&format!("data/ledger/{name}.json"))).expect("JSON")
        });
        let ledgers: Vec<Value> = ledgers.collect();
        let mut named = vec![BTreeSet::new(); DIMENSIONS.len()];
        let mut beyond: BTreeSet<usize> = BTreeSet::new();
        let mut numbers = BTreeMap::new();
        for ledger in &ledgers {
            for definition in ledger["definitions"].as_array().expect("definitions").iter().filter(|one| of(one, year))
            {
                let codes = definition["dimensions"].as_object().expect("dimensions");
                let listed = |name: &str| {
                    let codes = codes.get(name).and_then(Value::as_array);
                    codes.map(|codes| codes.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
                };
                let mut cells = vec![Codes::new()];
                for (at, (name, _)) in DIMENSIONS.iter().enumerate() {
                    let Some(codes) = listed(name) else { continue };
                    beyond.extend(codes.iter().any(|code| code == "rest").then_some(at));
                    named[at].extend(codes.iter().filter(|code| *code != "rest").cloned());
                    let all = codes.into_iter().chain(["unknown".to_owned()]);
                    let more: Vec<Codes> = all
                        .flat_map(|code| cells.iter().map(move |cell| with(cell, name, &code)).collect::<Vec<_>>())
                        .collect();
                    cells.extend(more);
                }
                cells.into_iter().for_each(|cell| {
                    numbers.entry(cell).or_insert(None);
                });
            }
            for figure in ledger["figures"].as_array().expect("figures").iter().filter(|one| one["period"] == year) {
                let known = numbers.insert(codes(figure), figure["value"].as_i64()).flatten();
                assert!(known.is_none() || known == figure["value"].as_i64(), "{figure} has changed");
            }
        }
        let late = ledgers.iter().zip(releases).map(|(ledger, name)| {
            let own = ledger["late"].as_array().into_iter().flatten();
            let own = own.filter(|one| one["period"] == year && one["release"] == *name);
            own.map(|one| (codes(one), (one["cases"].as_i64().expect("cases"), one["base"].as_i64().expect("a base"))))
                .collect()
        });
        let late = late.collect();
        // Within a band that is named there may be persons of none of the bands in it; of a list that is closed nobody is left.
        let leaf = |(at, names): (usize, &BTreeSet<String>)| {
            let rest = beyond.contains(&at).then(|| "rest".to_owned());
            names.iter().cloned().chain(rest).chain(["unknown".to_owned()]).collect()
        };
        Self { leaves: named.iter().enumerate().map(leaf).collect(), named, numbers, late }
    }

    /// The leaf of a code of a row: the narrowest that is named.
    fn leaf(&self, at: usize, code: &str) -> usize {
        let holds = |leaf: &&String| code != "unknown" && within(leaf, code);
        let found = self.named[at].iter().filter(holds).min_by_key(|leaf| self.inside(at, leaf));
        let found = found.map_or(if code == "unknown" { "unknown" } else { "rest" }, String::as_str);
        self.leaves[at].iter().position(|leaf| leaf == found).expect("a leaf")
    }

    /// How many named codes lie in one.
    fn inside(&self, at: usize, outer: &str) -> usize {
        self.named[at].iter().filter(|code| within(outer, code)).count()
    }

    /// Every finest group, as a leaf of each dimension.
    fn groups(&self) -> Vec<Vec<usize>> {
        let longer = |all: Vec<Vec<usize>>, leaves: &Vec<String>| {
            let extend = |some: Vec<usize>| (0..leaves.len()).map(move |leaf| [some.as_slice(), &[leaf]].concat());
            all.into_iter().flat_map(extend).collect()
        };
        self.leaves.iter().fold(vec![Vec::new()], longer)
    }

    /// Whether a group lies in a cell.
    fn lies(&self, group: &[usize], cell: &Codes) -> bool {
        DIMENSIONS.iter().enumerate().all(|(at, (name, _))| {
            let leaf = self.leaves[at][group[at]].as_str();
            cell.get(*name).is_none_or(|code| match (code.as_str(), leaf) {
                ("rest" | "unknown", leaf) => code == leaf,
                (_, "rest" | "unknown") => false,
                (code, leaf) => within(code, leaf),
            })
        })
    }

    /// How many persons the rows of a year hold of each group.
    fn counted(&self, rows: &str, year: &str, groups: &[Vec<usize>]) -> Vec<i64> {
        let mut units: BTreeMap<Vec<usize>, i64> = BTreeMap::new();
        for row in rows.lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            if cells[0].starts_with(year) && cells[1] == "identified" {
                let group = DIMENSIONS.iter().enumerate().map(|(at, (_, column))| self.leaf(at, cells[*column]));
                *units.entry(group.collect()).or_default() += 1;
            }
        }
        groups.iter().map(|group| units.get(group).copied().unwrap_or(0)).collect()
    }

    /// What is known more narrowly than it may be; `rows` are those with which the year closed.
    fn narrow(&self, rows: &str, year: &str) -> Vec<String> {
        let groups = self.groups();
        let (truth, number) = (self.counted(rows, year, &groups), groups.len());
        let mut sums = Vec::new();
        let members = |cell: &Codes| (0..number).filter(|at| self.lies(&groups[*at], cell)).collect::<Vec<_>>();
        for (cell, value) in self.numbers.iter().filter_map(|(cell, value)| Some((cell, (*value)?))) {
            sums.push(Sum { atoms: members(cell), least: value.into(), most: Some(value.into()) });
        }
        for (at, told) in self.late.iter().enumerate() {
            for (cell, (cases, base)) in told {
                // What came between two releases has an unknown of its own.
                let came = |group: usize| (1..=at).map(move |release| release * number + group);
                let atoms = members(cell).into_iter().flat_map(came).collect::<Vec<_>>();
                let least = if *cases == 0 { 0 } else { cases - base + 1 };
                if at > 0 {
                    sums.push(Sum { atoms, least: least.into(), most: Some((cases + base - 1).into()) });
                }
            }
        }
        let known = sums.len();
        let mut names = Vec::new();
        let mut target = |atoms: Vec<usize>, name: String| {
            sums.push(Sum { atoms, least: 0, most: None });
            names.push(name);
        };
        for (cell, _) in self.numbers.iter().filter(|(_, value)| value.is_none()) {
            let inside = members(cell);
            let units: i64 = inside.iter().map(|at| truth[*at]).sum();
            if (1..THRESHOLD).contains(&units) {
                target(inside, format!("{cell:?}, which is {units}"));
            }
        }
        for at in (0..number).filter(|at| (1..THRESHOLD).contains(&truth[*at])) {
            target(vec![at], format!("the group {:?}, which is {}", groups[at], truth[at]));
        }
        for (group, leaves) in groups.iter().enumerate() {
            let came = (1..self.late.len()).map(|release| release * number + group).collect();
            target(came, format!("the growth of {leaves:?}"));
        }
        let targets: Vec<usize> = (known..sums.len()).collect();
        let found = attack(number * self.late.len(), &sums, &targets, THRESHOLD.into());
        assert!(found.clash.is_empty(), "the truth agrees with everything printed");
        let open: Vec<usize> =
            (0..targets.len()).filter(|at| found.verdicts[*at] == Verdict::Undecided).map(|at| known + at).collect();
        let mut longer = harder(number * self.late.len(), &sums, &open).into_iter();
        let verdicts = found.verdicts.into_iter().map(|verdict| match verdict {
            Verdict::Undecided => longer.next().expect("each has one"),
            other => other,
        });
        let weak = names.into_iter().zip(verdicts).filter(|(_, verdict)| *verdict != Verdict::Free);
        weak.map(|(name, verdict)| format!("{year}: {verdict:?}: {name}")).collect()
    }
}

/// The same attack by a solver that takes longer, on what is open after the first.
fn harder(atoms: usize, sums: &[Sum], open: &[usize]) -> Vec<Verdict> {
    let mut system = System { bounds: vec![(0, None); atoms], ..System::default() };
    for sum in sums {
        let whole = system.count((sum.least, sum.most));
        let terms = sum.atoms.iter().map(|atom| (*atom, -1)).chain([(whole, 1)]).collect();
        system.equations.push(Equation { terms, implied: false });
    }
    let targets: Vec<usize> = open.iter().map(|target| atoms + target).collect();
    attack_system(&system, &targets, THRESHOLD.into(), WORK).verdicts
}

/// Whether a definition asks something of a year.
fn of(definition: &Value, year: &str) -> bool {
    definition["periods"].as_array().is_some_and(|periods| periods.iter().any(|period| period == year))
}

fn codes(figure: &Value) -> Codes {
    let own = figure["dimensions"].as_object().into_iter().flatten();
    own.filter_map(|(name, code)| Some((name.clone(), code.as_str()?.to_owned()))).collect()
}

fn with(cell: &Codes, name: &str, code: &str) -> Codes {
    let mut longer = cell.clone();
    longer.insert(name.to_owned(), code.to_owned());
    longer
}

#[test]
fn a_reader_of_all_ledgers_learns_of_nobody() {
    let project = small();
    let rows = project.read(ROWS);
    release(&project, "one");
    grow(&project, 5, 2021..=2023, "L");
    release(&project, "two");
    // What is newly asked divides the groups, and is told beside all that was told before.
    ask(&project, "sexes", "\"sex\", \"province\"");
    grow(&project, 6, 2021..=2023, "M");
    release(&project, "three");
    // A question that is asked no longer binds as well.
    std::fs::remove_file(project.path("data/indicators/protection/provinces.toml")).expect("it is there");
    grow(&project, 7, 2021..=2023, "N");
    release(&project, "four");
    let releases = ["one", "two", "three", "four"];
    for year in ["2021", "2022", "2023"] {
        let reader = Reader::of(&project, year, &releases);
        assert!(reader.numbers.values().flatten().count() > 20 && reader.numbers.values().any(Option::is_none));
        assert!(reader.late[1..].iter().any(|told| !told.is_empty()), "late cases are told");
        let weak = reader.narrow(&rows, year);
        assert!(weak.is_empty(), "{}", weak.join("\n"));
        // The same attack, where one number more is known: the proof is no proof without what is withheld.
        let mut other = Reader::of(&project, year, &releases);
        let asked: Vec<Codes> = other.numbers.keys().cloned().collect();
        let groups = other.groups();
        let truth = other.counted(&rows, year, &groups);
        for cell in asked {
            let units = (0..groups.len()).filter(|at| other.lies(&groups[*at], &cell)).map(|at| truth[at]).sum();
            if units >= THRESHOLD {
                other.numbers.insert(cell, Some(units));
            }
        }
        assert!(!other.narrow(&rows, year).is_empty(), "{year}: the threshold alone protects nobody");
    }
    assert!(project.path(CLOSED).exists());
    assert!(closed(&look(&project)).values().any(Option::is_some));
}

#[test]
fn a_correction_is_attacked_together_with_what_was_told_of_late_cases() {
    let row = |sex: &str, at: usize| {
        format!("2022-05-05,identified,{sex},25+,forced_labour,XXA,XXA,XA-01,1,police_register,A-{sex}-{at},\n")
    };
    let came: String = (0..20).map(|at| row("female", at)).chain((0..3).map(|at| row("male", at))).collect();
    let mut seen = [0; 2];
    for key in 0..20 {
        let project = small();
        std::fs::create_dir_all(project.path(CLOSED)).expect("a folder can be made");
        std::fs::write(project.path(&format!("{CLOSED}/key")), [key; 32]).expect("a key can be written");
        release(&project, "one");
        project.write(ROWS, &(project.read(ROWS) + &came));
        release(&project, "two");
        let women = look(&project);
        let women = late_cases(&women, "XXA/identified:2022:sex=female");
        // By sex nothing is asked any more: the new numbers say only that 23 have come to one province.
        std::fs::remove_file(project.path("data/indicators/protection/identified.toml")).expect("it is there");
        let shown = project.run(&["release", "three", "--correct", "XXA/victims:2022"]).stdout;
        let listed = shown.contains("XXA/victims:identified:2022: ");
        match women {
            // 16 women at least have come of these 23, so 7 men at most.
            Some(30) => assert!(listed, "{shown}"),
            // One woman at least.
            Some(15) => assert!(!listed, "{shown}"),
            _ => continue,
        }
        seen[usize::from(women == Some(30))] += 1;
        if seen[0] > 0 && seen[1] > 0 {
            return;
        }
    }
    panic!("with some keys 15 and with others 30 are told: {seen:?}");
}

/// What is told of the late cases of a figure.
fn late_cases(look: &super::Look, id: &str) -> Option<i64> {
    let country = look.release.country("XXA").expect("it is sound");
    let own = country.all_late().find(|cell| cell.id.starts_with(&format!("{id}:late=")));
    own.and_then(|cell| cell.late.as_ref()).map(|mark| mark.cases)
}
