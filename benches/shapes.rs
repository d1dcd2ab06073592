//! Published tables as statistical offices and portals write them, invented, with what is small withheld.

use std::collections::BTreeMap;

use crate::seeded::Seeded;

/// A column: its codes, and the leaves that each counts.
struct Column {
    label: &'static str,
    leaves: usize,
    codes: Vec<(String, Vec<usize>)>,
    /// Codes that share nobody and are everybody.
    parts: Vec<usize>,
}

/// How values are withheld.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Every value from 1 to 4, and nothing else.
    Small,
    /// Where one part of a total is withheld, the smallest other too.
    SmallAndOneMore,
}

/// Files of a published table.
pub struct Shape {
    pub name: &'static str,
    /// The texts of its files.
    pub files: Vec<String>,
    pub values: usize,
}

/// One file: which columns it breaks down by, and what happens to its rows.
struct File<'c> {
    columns: Vec<&'c Column>,
    /// One row in so many is left out; 0 leaves out none.
    left_out: u64,
    /// Whether rows of nobody are left out.
    zeros_left_out: bool,
    rule: Rule,
}

fn plain(label: &'static str, leaves: usize, total: bool) -> Column {
    let mut codes: Vec<(String, Vec<usize>)> = (0..leaves).map(|leaf| (format!("{label}{leaf}"), vec![leaf])).collect();
    if total {
        codes.push(("Total".into(), (0..leaves).collect()));
    }
    Column { label, leaves, codes, parts: (0..leaves).collect() }
}

/// Ages with bands within bands.
fn nested() -> Column {
    let bands = [("0-8", 0..1), ("9-17", 1..2), ("18-24", 2..3), ("25-59", 3..4), ("60+", 4..5)];
    let wider = [("0-17", 0..2), ("18+", 2..5), ("total", 0..5)];
    let code = |(name, leaves): (&str, std::ops::Range<usize>)| (name.to_owned(), leaves.collect());
    Column {
        label: "age",
        leaves: 5,
        codes: bands.into_iter().chain(wider).map(code).collect(),
        parts: vec![0, 1, 2, 3, 4],
    }
}

fn ages() -> Column {
    let codes = [("0 to 17 years", vec![0]), ("18 years or over", vec![1]), ("Total", vec![0, 1])];
    let codes = codes.into_iter().map(|(name, leaves)| (name.to_owned(), leaves)).collect();
    Column { label: "age", leaves: 2, codes, parts: vec![0, 1] }
}

/// Persons for every combination of leaves: many have none, few have many.
fn persons(random: &mut Seeded, columns: &[&Column], none: u64) -> BTreeMap<Vec<usize>, u64> {
    let mut all = vec![Vec::new()];
    for column in columns {
        let longer = |start: Vec<usize>| (0..column.leaves).map(move |leaf| [start.clone(), vec![leaf]].concat());
        all = all.into_iter().flat_map(longer).collect();
    }
    let mut drawn = |_: &Vec<usize>| match random.below(100) {
        chance if chance < none => 0,
        chance if chance % 3 == 0 => 1 + random.below(400) / (1 + random.below(40)),
        _ => 1 + random.below(3),
    };
    all.into_iter()
        .map(|leaves| {
            let persons = drawn(&leaves);
            (leaves, persons)
        })
        .filter(|(_, persons)| *persons > 0)
        .collect()
}

/// The sums over all columns of a file, by the numbers of its codes.
fn sums(columns: &[&Column], persons: &BTreeMap<Vec<usize>, u64>, at: &[usize]) -> BTreeMap<Vec<usize>, u64> {
    let mut found: BTreeMap<Vec<usize>, u64> = BTreeMap::new();
    let mut none = vec![Vec::new()];
    for column in columns {
        let longer = |start: Vec<usize>| (0..column.codes.len()).map(move |code| [start.clone(), vec![code]].concat());
        none = none.into_iter().flat_map(longer).collect();
    }
    found.extend(none.into_iter().map(|codes| (codes, 0)));
    for (leaves, persons) in persons {
        let mut holding = vec![Vec::new()];
        for (column, at) in columns.iter().zip(at) {
            let codes: Vec<usize> =
                (0..column.codes.len()).filter(|code| column.codes[*code].1.contains(&leaves[*at])).collect();
            let longer = |start: Vec<usize>| {
                codes.iter().map(move |code| [start.clone(), vec![*code]].concat()).collect::<Vec<_>>()
            };
            holding = holding.into_iter().flat_map(longer).collect();
        }
        holding.into_iter().for_each(|codes| *found.entry(codes).or_default() += persons);
    }
    found
}

/// Rows of one file, withheld by its rule.
fn rows(random: &mut Seeded, file: &File, sums: &BTreeMap<Vec<usize>, u64>) -> (String, usize) {
    let mut withheld: BTreeMap<&Vec<usize>, &str> =
        sums.iter().filter(|(_, sum)| (1..5).contains(*sum)).map(|(codes, _)| (codes, "<5")).collect();
    if file.rule == Rule::SmallAndOneMore {
        for (at, column) in file.columns.iter().enumerate().filter(|(_, column)| column.codes.len() > column.leaves) {
            for codes in sums.keys().filter(|codes| codes[at] == column.codes.len() - 1) {
                let part = |part: &usize| {
                    let mut codes = codes.clone();
                    codes[at] = *part;
                    sums.get_key_value(&codes)
                };
                let parts: Vec<(&Vec<usize>, &u64)> =
                    column.parts.iter().filter_map(part).filter(|(_, sum)| **sum > 0).collect();
                if parts.iter().filter(|(codes, _)| withheld.contains_key(codes)).count() == 1
                    && let Some((codes, _)) =
                        parts.iter().filter(|(codes, _)| !withheld.contains_key(codes)).min_by_key(|(_, sum)| **sum)
                {
                    withheld.insert(codes, "x");
                }
            }
        }
    }
    let (mut text, mut values) = (String::new(), 0);
    for (codes, sum) in sums {
        if (file.left_out > 0 && random.below(file.left_out) == 0) || (file.zeros_left_out && *sum == 0) {
            continue;
        }
        values += 1;
        file.columns.iter().zip(codes).for_each(|(column, code)| text += &format!("{},", column.codes[*code].0));
        text += &withheld.get(codes).map_or_else(|| format!("{sum}\n"), |mark| format!("{mark}\n"));
    }
    (text, values)
}

/// Files over the same persons, once for every value of columns without a total.
fn publish(name: &'static str, seed: u64, times: usize, none: u64, columns: &[Column], files: &[File]) -> Shape {
    let mut random = Seeded(seed);
    let all: Vec<&Column> = columns.iter().collect();
    let mut texts: Vec<String> = files
        .iter()
        .map(|file| {
            format!("time,{},value\n", file.columns.iter().map(|column| column.label).collect::<Vec<_>>().join(","))
        })
        .collect();
    let mut values = 0;
    for time in 0..times {
        let persons = persons(&mut random, &all, none);
        for (file, text) in files.iter().zip(&mut texts) {
            let at: Vec<usize> =
                file.columns.iter().filter_map(|own| all.iter().position(|column| column.label == own.label)).collect();
            let (rows, more) = rows(&mut random, file, &sums(&file.columns, &persons, &at));
            rows.lines().for_each(|row| *text += &format!("T{time},{row}\n"));
            values += more;
        }
    }
    Shape { name, files: texts, values }
}

/// One file over its columns, for so many times; of 100 combinations of leaves `none` have nobody.
struct Single {
    name: &'static str,
    times: usize,
    none: u64,
    columns: Vec<Column>,
    left_out: u64,
    zeros_left_out: bool,
}

impl Single {
    fn published(self, seed: u64, rule: Rule) -> Shape {
        let Self { name, times, none, columns, left_out, zeros_left_out } = self;
        let file = File { columns: columns.iter().collect(), left_out, zeros_left_out, rule };
        publish(name, seed, times, none, &columns, &[file])
    }
}

/// All shapes, of about 60,000 values each. Each is drawn from the seed that is its place.
pub fn shapes(rule: Rule) -> Vec<Shape> {
    vec![
        by_country().published(1, rule),
        by_place("four dimensions, nested bands, rows missing", 6).published(2, rule),
        by_place("four dimensions, nested bands, complete", 0).published(3, rule),
        linked(4, rule),
        sparse().published(5, rule),
        six_dimensions().published(6, rule),
        few_totals().published(7, rule),
    ]
}

fn by_country() -> Single {
    let name = "a table for each country and year";
    let columns = vec![plain("sex", 3, true), ages(), plain("category", 4, true)];
    Single { name, times: 1200, none: 40, columns, left_out: 4, zeros_left_out: false }
}

fn by_place(name: &'static str, left_out: u64) -> Single {
    let columns = vec![plain("place", 50, true), plain("sex", 3, true), nested(), plain("purpose", 9, true)];
    Single { name, times: 4, none: 60, columns, left_out, zeros_left_out: false }
}

fn linked(seed: u64, rule: Rule) -> Shape {
    let columns = [
        plain("sex", 3, true),
        nested(),
        plain("province", 60, true),
        plain("purpose", 9, true),
        plain("origin", 40, true),
    ];
    let file = |numbers: [usize; 3]| File {
        columns: numbers.iter().map(|at| &columns[*at]).collect(),
        left_out: 12,
        zeros_left_out: false,
        rule,
    };
    let files = [[0, 1, 2], [0, 1, 3], [0, 2, 3], [0, 1, 4]].map(file);
    publish("four files that share sex, age, province, purpose", seed, 9, 97, &columns, &files)
}

fn sparse() -> Single {
    let name = "sparse: no row where there is nobody";
    let columns = vec![plain("origin", 120, true), plain("form", 10, true), plain("sex", 3, true), ages()];
    Single { name, times: 20, none: 93, columns, left_out: 0, zeros_left_out: true }
}

fn six_dimensions() -> Single {
    let columns = vec![
        plain("sex", 2, true),
        nested(),
        plain("form", 5, true),
        plain("status", 3, true),
        plain("place", 8, true),
        plain("role", 2, true),
    ];
    Single { name: "six dimensions", times: 5, none: 92, columns, left_out: 5, zeros_left_out: false }
}

fn few_totals() -> Single {
    let name = "totals of sex and age only";
    let columns = vec![plain("place", 30, false), plain("form", 6, false), plain("sex", 3, true), nested()];
    Single { name, times: 12, none: 60, columns, left_out: 8, zeros_left_out: false }
}
