//! Invented publications of which some numbers are withheld, attacked by sums and differences worked out here and nowhere in
//! the product: protected, nothing withheld follows from all that is published; otherwise whatever follows was warned of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::dice::{Dice, long};
use crate::project::Project;

const SEXES: [&str; 2] = ["female", "male"];
const AGES: [&str; 2] = ["0-17", "18+"];
/// The last stands for whoever is in none of the others.
const PURPOSES: [&str; 4] = ["forced_labour", "forced_marriage", "sexual_exploitation", ""];
const YEARS: [&str; 6] = ["2018", "2019", "2020", "2021", "2022", "2023"];
/// Longer periods, and the years in them.
const LONGER: [(&str, &[usize]); 2] = [("2018/2020", &[0, 1, 2]), ("2021/2022", &[3, 4])];
const SOURCES: [&str; 2] = ["police_2024", "yearbook_2023"];
const VICTIMS: &str = "data/countries/XXA/victims.csv";

/// The finest group: a year, a sex, an age and a purpose, by number.
type Atom = [usize; 4];
/// A cell: its period, and the codes of sex, age and purpose.
type Cell = (String, [String; 3]);

fn atoms() -> Vec<Atom> {
    let mut all = Vec::new();
    for year in 0..YEARS.len() {
        for sex in 0..SEXES.len() {
            for age in 0..AGES.len() {
                all.extend((0..PURPOSES.len()).map(|purpose| [year, sex, age, purpose]));
            }
        }
    }
    all
}

fn holds((period, codes): &Cell, [year, sex, age, purpose]: &Atom) -> bool {
    let longer = LONGER.iter().find(|(name, _)| name == period).map_or(&[][..], |(_, years)| years);
    let names = [SEXES[*sex], AGES[*age], PURPOSES[*purpose]];
    (YEARS[*year] == period || longer.contains(year))
        && codes.iter().zip(names).all(|(code, name)| code == "total" || code == name)
}

/// Every cell that a source states: two breakdowns that share their totals.
fn cells() -> BTreeSet<Cell> {
    let mut all = BTreeSet::new();
    for period in YEARS.into_iter().chain(LONGER.map(|(name, _)| name)) {
        for sex in SEXES.into_iter().chain(["total"]) {
            let cell = |age: &str, purpose: &str| (period.to_owned(), [sex, age, purpose].map(str::to_owned));
            all.extend(AGES.into_iter().chain(["total"]).map(|age| cell(age, "total")));
            all.extend(PURPOSES[..3].iter().map(|purpose| cell("total", purpose)));
        }
    }
    all
}

/// For each source and cell the line that states or withholds it, and whether it withholds.
type Lines = BTreeMap<(usize, Cell), (usize, bool)>;

/// A project of one publication by each source.
fn invented(seed: u64) -> (Project, Lines) {
    let mut dice = Dice::of(seed);
    let project = Project::minimal();
    let mut text = "period,status,sex,age_group,purpose,count,qualifier,source,note\n".to_owned();
    let mut lines = BTreeMap::new();
    for (source, name) in SOURCES.iter().enumerate() {
        let most = 2 + dice.below(9);
        let table: BTreeMap<Atom, usize> = atoms().into_iter().map(|atom| (atom, dice.below(most))).collect();
        let withheld = 6 + dice.below(10);
        for cell in cells() {
            let count: usize = table.iter().filter(|(atom, _)| holds(&cell, atom)).map(|(_, count)| count).sum();
            // What a source does not state is not withheld.
            if dice.once_in(9) {
                continue;
            }
            let hidden = dice.once_in(withheld);
            let written = match (hidden, count < 5 && dice.once_in(2)) {
                (true, true) => "<5".to_owned(),
                (true, false) => "x".to_owned(),
                _ => count.to_string(),
            };
            let (period, [sex, age, purpose]) = &cell;
            text += &format!("{period},identified,{sex},{age},{purpose},{written},,{name},\n");
            lines.insert((source, cell), (text.lines().count(), hidden));
        }
    }
    project.write(VICTIMS, &text);
    let indicator = "data/indicators/protection/victims_identified.toml";
    let own = project.read(indicator);
    let other = own.replace("\"age_group\"", "\"purpose\"").replace("order = 1\n", "order = 2\n");
    let other = other.lines().filter(|line| !line.starts_with("key_figure") && !line.starts_with("released_table"));
    let other = other.collect::<Vec<_>>().join("\n").replace("Victims identified", "Victims by purpose");
    project
        .write("data/indicators/protection/victims_purpose.toml", &(other.replace("Identified", "By purpose") + "\n"));
    (project, lines)
}

/// Everything in `figures.json`: for each source the cells with a number, and those withheld.
fn published(project: &Project) -> [(BTreeMap<Cell, i128>, BTreeSet<Cell>); 2] {
    let file: Value = serde_json::from_str(&project.read("output/XXA/figures.json")).expect("JSON");
    let mut found: [(BTreeMap<Cell, i128>, BTreeSet<Cell>); 2] = Default::default();
    for figure in file["figures"].as_array().expect("figures") {
        let own = figure["indicator"].as_str().expect("an indicator").starts_with("victims_");
        if !own || figure["id"].as_str().expect("an id").contains(":share=") {
            continue;
        }
        let code = |dimension: &str| figure["dimensions"][dimension].as_str().unwrap_or("total").to_owned();
        let period = figure["period"].as_str().expect("a period").to_owned();
        let cell: Cell = (period, ["sex", "age_group", "purpose"].map(code));
        for reading in std::iter::once(figure).chain(figure["alternatives"].as_array().expect("alternatives")) {
            let names = reading["sources"].as_array().expect("sources");
            for at in (0..SOURCES.len()).filter(|at| names.iter().any(|name| name == SOURCES[*at])) {
                match reading["value"].as_i64() {
                    Some(number) => drop(found[at].0.insert(cell.clone(), i128::from(number))),
                    None if figure["status"] == "withheld" => drop(found[at].1.insert(cell.clone())),
                    None => {}
                }
            }
        }
    }
    found
}

/// A fraction, its denominator above nothing.
type Fraction = (i128, i128);

fn reduced((over, under): Fraction) -> Fraction {
    let (mut a, mut b) = (over.abs(), under.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let by = a.max(1) * under.signum();
    (over / by, under / by)
}

/// Takes so many times one row from another.
fn take(row: &mut [Fraction], other: &[Fraction], times: Fraction) {
    for (own, (over, under)) in row.iter_mut().zip(other) {
        let product = reduced((over * times.0, under * times.1));
        *own = reduced((own.0 * product.1 - product.0 * own.1, own.1 * product.1));
    }
}

/// Which of the wanted cells are sums and differences of the known ones, where the parts of nothing are nothing.
fn worked_out(known: &BTreeMap<Cell, i128>, wanted: &BTreeSet<Cell>) -> BTreeSet<Cell> {
    let nothing = |atom: &Atom| known.iter().any(|(cell, number)| *number == 0 && holds(cell, atom));
    let open: Vec<Atom> = atoms().into_iter().filter(|atom| !nothing(atom)).collect();
    let row = |cell: &Cell| open.iter().map(|atom| (i128::from(holds(cell, atom)), 1)).collect::<Vec<Fraction>>();
    let mut basis: Vec<(usize, Vec<Fraction>)> = Vec::new();
    let left = |mut row: Vec<Fraction>, basis: &[(usize, Vec<Fraction>)]| {
        for (pivot, other) in basis {
            let times = row[*pivot];
            if times.0 != 0 {
                take(&mut row, other, times);
            }
        }
        row
    };
    for cell in known.keys() {
        let mut row = left(row(cell), &basis);
        if let Some(pivot) = row.iter().position(|(over, _)| *over != 0) {
            let (over, under) = row[pivot];
            row.iter_mut().for_each(|own| *own = reduced((own.0 * under, own.1 * over)));
            basis.push((pivot, row));
        }
    }
    let follows = |cell: &&Cell| left(row(cell), &basis).iter().all(|(over, _)| *over == 0);
    wanted.iter().filter(follows).cloned().collect()
}

/// An audit of all released tables together.
fn audit(project: &Project) -> (i32, String) {
    let folder = "output/XXA/tables";
    let tables = ["victims_identified", "victims_purpose"].map(|name| format!("{folder}/{name}.csv"));
    let options = ["audit", "--value", "value", "--places", "--deny"];
    let run = project.run(&options.into_iter().chain(tables.iter().map(String::as_str)).collect::<Vec<_>>());
    (run.code, run.stdout + &run.stderr)
}

fn seeds() -> std::ops::Range<u64> {
    if long() { 0..40 } else { 0..2 }
}

#[test]
fn the_check_of_this_test_works_out_what_anybody_would() {
    let cell = |sex: &str, age: &str| ("2018".to_owned(), [sex, age, "total"].map(str::to_owned));
    let known = BTreeMap::from([(cell("total", "total"), 9), (cell("female", "total"), 4), (cell("male", "0-17"), 2)]);
    let wanted = [cell("male", "total"), cell("male", "18+"), cell("female", "18+")];
    assert_eq!(worked_out(&known, &wanted.clone().into()), BTreeSet::from([wanted[0].clone(), wanted[1].clone()]));
}

#[test]
fn what_follows_from_everything_published_was_warned_of() {
    let mut follow = 0;
    for seed in seeds() {
        let (project, lines) = invented(seed);
        project.build();
        let stdout = project.run(&["check", "--format", "short"]).stdout;
        let warned: BTreeSet<usize> = stdout
            .lines()
            .filter(|line| line.contains("warning[reckonable-value]"))
            .filter_map(|line| line.strip_prefix(VICTIMS)?.split(':').nth(1)?.parse().ok())
            .collect();
        for (source, (known, withheld)) in published(&project).iter().enumerate() {
            for cell in worked_out(known, withheld) {
                let (line, _) = lines[&(source, cell.clone())];
                assert!(warned.contains(&line), "seed {seed}: line {line}, {cell:?}, follows; warned of: {warned:?}");
                follow += 1;
            }
        }
        let (_, found) = audit(&project);
        let exact = found.lines().filter(|line| line.ends_with(": exact")).count();
        assert!(exact <= 2 * warned.len(), "seed {seed}: {exact} values are worked out, {} warned of", warned.len());
    }
    assert!(follow > 4, "{follow} values follow");
}

#[test]
fn protected_nothing_follows_from_everything_published() {
    let mut more = 0;
    for seed in seeds() {
        let (project, lines) = invented(seed);
        let report = project.read("data/report.toml");
        project.write("data/report.toml", &format!("{report}\n[disclosure]\npublications = \"protect\"\n"));
        let built = project.build();
        assert!(!built.stderr.contains("reckonable"), "seed {seed}: {}", built.stderr);
        for (source, (known, withheld)) in published(&project).iter().enumerate() {
            let found = worked_out(known, withheld);
            assert!(found.is_empty(), "seed {seed}: {} tells {found:?}", SOURCES[source]);
            let of_source = lines.iter().filter(|((of, _), (_, hidden))| *of == source && *hidden);
            let by_source: BTreeSet<Cell> = of_source.map(|((_, cell), _)| cell.clone()).collect();
            assert!(
                by_source.iter().all(|cell| !known.contains_key(cell)),
                "seed {seed}: a withheld number is printed"
            );
            // Whatever the other source is the first to state is withheld there as well, and no figure says so.
            let found = worked_out(known, &by_source);
            assert!(found.is_empty(), "seed {seed}: {} reveals {found:?}, which it withholds", SOURCES[source]);
            more += withheld.difference(&by_source).count();
        }
        let (code, found) = audit(&project);
        assert_eq!(code, 0, "seed {seed}: {found}");
    }
    assert!(more > 0, "something was withheld beside what the sources withhold");
}
