//! Codes of a register that are too rare to be named are folded into `rest`: it is never `unknown`, it stays in every total
//! and every base, it tells nobody, and a release without one is read for what it counted.

use std::collections::{BTreeMap, BTreeSet};

use tipbrief::delivery::publish::{Counted, made};
use tipbrief::diagnostic::Diagnostics;
use tipbrief::disclosure::attack::{Sum, Verdict, attack};
use tipbrief::disclosure::protect::{CountryRelease, Release, Status, protect, share, whole};
use tipbrief::figures::summarise;
use tipbrief::project::Project as Declarations;
use tipbrief::project::custody::Custody;
use tipbrief::project::ledger::RegisterRelease;
use tipbrief::tables::ingest::ingest;
use tipbrief::tables::validate::{Declared, validate};

use crate::project::Project;
use crate::protection::Seeded;

const ROWS: &str = "data/countries/XXA/register/victims.csv";
const LABELS: &str = "period,status,sex,age_group,purpose,nationality,found_in,province,count,source,case_id\n";
const SOURCES: &str = "id,title,publisher,published,accessed,url,role,rank,origin,covers,complete,note
police_2024,Police statistics,Police of Examplia,2024-03,,https://example.org/police-2024,publication,1,,,,
yearbook_2023,Yearbook,Statistical Office of Examplia,2023-06,,https://example.org/y,publication,2,,,,
police_register,Register of victims,Police of Examplia,,,,register,,,2022/2023,,
";

/// The project with a register, of which the police alone keeps one.
fn project(rows: &str) -> Project {
    let project = Project::named("register");
    project.write("data/countries/XXA/sources.csv", SOURCES);
    project.write(ROWS, &(LABELS.to_owned() + rows));
    project
}

/// So many persons of a year and province.
fn persons(year: i32, province: &str, count: usize) -> String {
    let row = |at: usize| {
        format!(
            "{year}-04-02,identified,female,18+,forced_labour,XXA,XXA,{province},1,police_register,{year}-{province}-{at}\n"
        )
    };
    (0..count).map(row).collect()
}

/// Four provinces of many persons in each of two years, and five of five in the second.
fn five_of_five() -> String {
    let many = [2022, 2023].map(|year| (1..=4).map(|at| persons(year, &format!("XA-0{at}"), 70)).collect::<String>());
    many.concat() + &(5..=9).map(|at| persons(2023, &format!("XA-0{at}"), 5)).collect::<String>()
}

/// What may be printed of a project, and its declarations.
fn released(project: &Project) -> (Declarations, Release) {
    let (root, mut diagnostics) = (project.root(), Diagnostics::default());
    let declared = Declarations::load(root, &mut diagnostics).expect("the declarations can be read");
    let tables = ingest(root, &declared.countries, &declared.schemas, &|_, _| (), &mut diagnostics)
        .expect("the tables can be read");
    let (schemas, indicators, countries) = (&declared.schemas, &declared.indicators, &declared.countries);
    let declared_for =
        Declared { schemas, indicators, countries, issue: &declared.report.issue, visits: &declared.visits };
    let dataset = validate(tables, declared_for, &mut diagnostics).expect("they are sound");
    assert!(!diagnostics.failed(), "{:?}", diagnostics.sorted());
    let summaries = summarise(&dataset, indicators, schemas, &mut diagnostics).expect("they are summarised");
    let release = protect(
        summaries,
        indicators,
        &declared.report.policy,
        tipbrief::disclosure::protect::Known {
            ledger: &declared.ledger,
            custody: &Custody::default(),
            reopened: &BTreeSet::new(),
            asked: &tipbrief::disclosure::protect::Asked::default(),
        },
        &mut diagnostics,
    );
    (declared, release)
}

type Values = BTreeMap<String, Option<i64>>;

/// The values of the register's cells, by id; none for one that is withheld.
fn values(release: &Release) -> Values {
    let of_register = release.all().filter(|cell| cell.register);
    of_register.map(|cell| (cell.id.clone(), cell.value.as_ref().and_then(tipbrief::value::Value::count))).collect()
}

fn by_province(values: &Values, year: i32, code: &str) -> Option<i64> {
    let id = format!("XXA/by_province:{year}:province={code}");
    *values.get(&id).unwrap_or_else(|| panic!("there is no {id}: {:?}", values.keys().collect::<Vec<_>>()))
}

#[test]
fn five_provinces_of_five_persons_are_the_rest_and_none_is_unknown() {
    let project = project(&five_of_five());
    let values = values(&released(&project).1);
    assert_eq!(by_province(&values, 2023, "rest"), Some(25));
    assert_eq!(by_province(&values, 2023, "unknown"), Some(0));
    assert_eq!(by_province(&values, 2022, "rest"), Some(0));
    assert_eq!(values["XXA/by_province:2023"], Some(4 * 70 + 25));
    let run = project.run(&["explain", "XXA/by_province", "year=2023", "province=rest"]);
    assert!(
        run.code == 0
            && run.stdout.contains("25 persons · Victims identified, by province and purpose, other provinces · 2023"),
        "{}",
        run.stdout
    );
    let filter = "found_in own or total, province recorded under a code that is not named here";
    assert!(run.stdout.contains(filter), "{}", run.stdout);
    assert!(!run.stdout.contains("XA-05"), "the codes in the rest are not shown: {}", run.stdout);
}

#[test]
fn a_share_counts_the_rest_in_its_base_and_the_unknown_in_none() {
    for (unknown, base, percent) in [(0, 305, 23), (40, 305, 23)] {
        let project = project(&(five_of_five() + &persons(2023, "unknown", unknown)));
        let (_, release) = released(&project);
        let country = release.country("XXA").expect("the country is sound");
        let id = "XXA/by_province:2023:province=XA-01";
        let part = country.all().find(|cell| cell.id == id).expect("it is named");
        let whole = whole(country, part, "province").expect("there is a base");
        assert_eq!(whole.value.as_ref().and_then(tipbrief::value::Value::count), Some(base), "{unknown} unknown");
        let share = share(part, &whole, "province").expect("there is a share");
        assert_eq!(share.value.and_then(|value| value.count()), Some(percent), "{unknown} unknown");
    }
}

#[test]
fn prose_may_ask_for_the_rest_and_a_condition_may_not() {
    let project = project(&five_of_five());
    let prose = "= Where\n\nElsewhere there were #n(\"by_province\", year: 2023, province: \"rest\").#src()\n";
    project.write("data/countries/XXA/narrative/en/protection.typ", prose);
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!((run.code, run.stdout.contains("error[")), (0, false), "{}", run.stdout);
    let indicator = "data/indicators/protection/by_province.toml";
    project.replace(indicator, "found_in = [\"own\", \"total\"]", "found_in = [\"own\", \"rest\"]");
    let run = project.run(&["check", "--format", "short"]);
    assert!(
        run.stdout.contains("by_province.toml:12:20: error[invalid-value]: no row has the code `rest`"),
        "{}",
        run.stdout
    );
}

#[test]
fn no_table_may_hold_the_code() {
    let project = project(&(five_of_five() + &persons(2023, "rest", 1)));
    let schema = "data/schemas/victims.json";
    project.replace(
        schema,
        "^(total|unknown|[A-Z]{2}-[A-Z0-9]{1,3})$",
        "^(total|unknown|rest|[A-Z]{2}-[A-Z0-9]{1,3})$",
    );
    let run = project.run(&["check", "--format", "short"]);
    let expected = "error[constraint-error]: `rest` is reserved for the codes of a register that are combined in print";
    assert!(run.code == 1 && run.stdout.contains(expected), "{}", run.stdout);
}

/// What a release from before there was a `rest` would hold: those persons are among the unknown, and no year closes.
fn without_rest(release: &mut RegisterRelease) {
    (release.systems, release.late) = (Vec::new(), Vec::new());
    for definition in &mut release.definitions {
        definition.dimensions.values_mut().for_each(|codes| codes.retain(|code| code != "rest"));
    }
    let folded: Vec<_> = release.figures.iter().filter(|entry| entry.id.contains("=rest")).cloned().collect();
    for rest in folded {
        let id = rest.id.replace("=rest", "=unknown");
        let unknown = release.figures.iter_mut().find(|entry| entry.id == id).expect("both are printed");
        unknown.value += rest.value;
    }
    release.figures.retain(|entry| !entry.id.contains("=rest"));
}

/// The first release of what may be printed, as the ledger has it.
fn first(declared: &Declarations, release: &Release) -> RegisterRelease {
    made("first", release, declared, (&Counted::new(), &Custody::default())).expect("it is made").register
}

fn keep(project: &Project, release: &RegisterRelease) {
    let json = serde_json::to_string(release).expect("a release is JSON");
    project.write(&format!("data/ledger/{}.json", release.name), &json);
}

#[test]
fn what_was_released_resolves_with_and_without_the_register() {
    let project = project(&five_of_five());
    let (declared, release) = released(&project);
    let before = values(&release);
    keep(&project, &first(&declared, &release));
    let (_, again) = released(&project);
    assert_eq!(before, values(&again), "what was released is printed as it was");
    assert!(again.all().all(|cell| !cell.unreleased), "and is no draft");
    std::fs::remove_dir_all(project.path("data/countries/XXA/register")).expect("there is a register");
    assert_eq!(before, values(&released(&project).1), "without the register its numbers are the ledger's");
}

#[test]
fn a_release_without_a_rest_never_says_unknown_of_persons_of_known_provinces() {
    let project = project(&five_of_five());
    let (declared, release) = released(&project);
    let before = values(&release);
    let mut first = first(&declared, &release);
    without_rest(&mut first);
    keep(&project, &first);
    let now = values(&released(&project).1);
    assert_eq!(before, now, "the register is at hand: it says what is unknown and what is the rest");
    std::fs::remove_dir_all(project.path("data/countries/XXA/register")).expect("there is a register");
    let kept = values(&released(&project).1);
    assert_eq!(by_province(&kept, 2023, "unknown"), None, "25 may be of known provinces");
    assert_eq!(by_province(&kept, 2022, "unknown"), Some(0), "where nobody is either, nobody is unknown");
    assert_eq!(kept["XXA/by_province:2023"], before["XXA/by_province:2023"]);
}

#[test]
fn a_code_that_grows_out_of_the_rest_stays_in_it_where_the_year_has_closed() {
    let project = project(&five_of_five());
    let (declared, release) = released(&project);
    let before = values(&release);
    keep(&project, &first(&declared, &release));
    let more = persons(2023, "XA-05", 45).replace("2023-XA-05-", "2023-XA-05-more-");
    project.write(ROWS, &(project.read(ROWS) + &more));
    let now = values(&released(&project).1);
    assert_eq!(before, now, "neither a number nor a name of a closed year follows from what came later");
}

/// Rows of a year over six provinces, of which the later ones are rare, two purposes and two sexes.
fn random_rows(seed: u64) -> String {
    let mut random = Seeded::new(seed + 500);
    let (mut rows, mut number) = (String::new(), 0);
    for (at, province) in ["XA-01", "XA-02", "XA-03", "XA-04", "XA-05", "unknown"].into_iter().enumerate() {
        for who in ["female,18+,forced_labour", "female,18+,sexual_exploitation", "male,18+,forced_labour"] {
            let most = if at < 2 { 9 } else { 3 };
            for _ in 0..random.below(most) {
                number += 1;
                rows += &format!("2023-04-02,identified,{who},XXA,XXA,{province},1,police_register,C-{number}\n");
            }
        }
    }
    rows
}

/// The project with two indicators of one year, so that every table that agrees with them can be attacked exactly.
fn small(seed: u64) -> Project {
    let project = project(&random_rows(seed));
    project.replace("data/countries/XXA/sources.csv", "2022/2023", "2023");
    for id in ["children", "victims_assisted", "breakdown"] {
        std::fs::remove_file(project.path(&format!("data/indicators/protection/{id}.toml"))).expect("it is there");
    }
    let indicator = "data/indicators/protection/victims_identified.toml";
    project.replace(indicator, "dimensions = [\"sex\", \"age_group\"]", "dimensions = [\"sex\"]");
    project.replace(indicator, "of_whom = [\"sex=female,age_group=0-17\", \"age_group=18+\"]\n", "");
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &format!("{report}\n[disclosure]\nthreshold = 3\n"));
    project
}

/// A combination of codes that a row can have.
type Atom = BTreeMap<&'static str, String>;

/// What an outsider knows of the rows: which combinations there may be; and what the test knows, how many are in each.
struct Known {
    atoms: Vec<Atom>,
    /// The provinces that the release names; all others are its `rest`.
    named: BTreeSet<String>,
    rows: String,
}

impl Known {
    /// All combinations of the codes that are printed and the provinces that there are.
    fn of(rows: String, country: &CountryRelease) -> Self {
        let codes = |dimension: &str| -> BTreeSet<String> {
            let known = country.all().filter_map(|cell| cell.codes.get(dimension).cloned());
            known.chain(["unknown".to_owned()]).filter(|code| code != "rest").collect()
        };
        let named = codes("province");
        let counted = rows.lines().skip(1).map(|line| column(line, 7));
        let provinces: BTreeSet<String> = named.iter().cloned().chain(counted).collect();
        let mut atoms = Vec::new();
        for sex in codes("sex") {
            for purpose in codes("purpose") {
                let with = |province: &String| {
                    Atom::from([("sex", sex.clone()), ("purpose", purpose.clone()), ("province", province.clone())])
                };
                atoms.extend(provinces.iter().map(with));
            }
        }
        Self { atoms, named, rows }
    }

    fn holds(&self, cell: &BTreeMap<String, String>, atom: &Atom) -> bool {
        cell.iter().all(|(dimension, code)| match code.as_str() {
            "rest" => !self.named.contains(&atom[dimension.as_str()]),
            code => atom[dimension.as_str()] == code,
        })
    }

    fn within(&self, cell: &BTreeMap<String, String>) -> Vec<usize> {
        (0..self.atoms.len()).filter(|at| self.holds(cell, &self.atoms[*at])).collect()
    }

    /// How many persons are in these.
    fn persons(&self, atoms: &[usize]) -> i128 {
        let is = |line: &str, atom: &Atom| {
            [(2, "sex"), (4, "purpose"), (7, "province")].iter().all(|(at, d)| column(line, *at) == atom[d])
        };
        let of = |at: &usize| self.rows.lines().skip(1).filter(|line| is(line, &self.atoms[*at])).count();
        i128::try_from(atoms.iter().map(of).sum::<usize>()).expect("few")
    }

    /// Groups that something printed tells apart, rare provinces together.
    fn groups(&self) -> BTreeMap<(&str, &str, &str), Vec<usize>> {
        let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (at, atom) in self.atoms.iter().enumerate() {
            let province = if self.named.contains(&atom["province"]) { atom["province"].as_str() } else { "rest" };
            groups.entry((atom["sex"].as_str(), atom["purpose"].as_str(), province)).or_default().push(at);
        }
        groups
    }
}

fn column(line: &str, at: usize) -> String {
    line.split(',').nth(at).unwrap_or_default().to_owned()
}

/// What an outsider works out of all that is printed, who knows which provinces there are.
fn attacked(project: &Project, release: &Release) -> Vec<String> {
    let country = release.country("XXA").expect("the country is sound");
    let mut known = Known::of(project.read(ROWS), country);
    let cells: Vec<_> = country.all().filter(|cell| cell.register).collect();
    // Where a printed zero holds an atom, nobody is in it.
    let empty = |atom: &Atom| cells.iter().any(|cell| cell.is_zero() && known.holds(&cell.codes, atom));
    let possible = known.atoms.iter().filter(|atom| !empty(atom)).cloned().collect();
    known.atoms = possible;
    let (mut sums, mut wide, mut loose) = (Vec::new(), Vec::new(), Vec::new());
    for cell in &cells {
        let atoms = known.within(&cell.codes);
        let persons = known.persons(&atoms);
        let printed = cell.value.as_ref().and_then(tipbrief::value::Value::count).map(i128::from);
        assert!(printed.is_none_or(|printed| printed == persons), "{} prints {printed:?}, counted {persons}", cell.id);
        if cell.status == Status::Withheld {
            if persons < 3 { wide.push(sums.len()) } else { loose.push(sums.len()) }
        }
        sums.push(Sum { atoms, least: printed.unwrap_or(0), most: printed });
    }
    for atoms in known.groups().into_values() {
        if (1..3).contains(&known.persons(&atoms)) {
            wide.push(sums.len());
            sums.push(Sum { atoms, least: 0, most: None });
        }
    }
    let weak = |(targets, width): (Vec<usize>, _)| {
        let found = attack(known.atoms.len(), &sums, &targets, width);
        let weak = targets.into_iter().zip(found.verdicts).filter(|(_, verdict)| *verdict != Verdict::Free);
        weak.map(|(at, verdict)| format!("{verdict:?}: {:?}", sums[at])).collect::<Vec<_>>()
    };
    [(wide, 3), (loose, 0)].into_iter().flat_map(weak).collect()
}

#[test]
fn the_rest_tells_nobody() {
    let (mut printed, mut withheld) = (0, 0);
    for seed in 0..40 {
        let project = small(seed);
        let (_, release) = released(&project);
        let rest = by_province(&values(&release), 2023, "rest");
        if rest.is_some_and(|rest| rest > 0) {
            printed += 1;
        } else {
            withheld += usize::from(rest.is_none());
        }
        let faults = attacked(&project, &release);
        assert!(faults.is_empty(), "seed {seed}:\n{}", faults.join("\n"));
    }
    assert!(printed > 3 && withheld > 3, "{printed} are printed, {withheld} withheld");
}
