//! Summaries of random small tables, held to the slow reference: statement by statement, with rule, qualifier and rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::facts::{SourceKind, SourceRecord};
use super::observe::{Question, stated};
use super::reference::Content;
use super::{Rule, Statement, SummaryCell, reference};
use crate::diagnostic::{Diagnostics, Source};
use crate::project::indicator::Indicator;
use crate::project::schema::Schema;
use crate::project::text::anything::hold;
use crate::tables::validate::{Places, Table};
use crate::value::period::Period;

const SCHEMA: &str = include_str!("../../data/schemas/arrests.json");
const DIMENSIONS: [&str; 5] = ["age_group", "nationality", "province", "purpose", "sex"];
const FIELDS: [&str; 6] = ["period", "stage", "source", "count", "qualifier", "as_reported"];

/// What each dimension may be broken down by, complete or not.
const CODES: [&[&[&str]]; 5] = [
    &[
        &["0-17", "18+"],
        &["0-14", "15-17", "18+"],
        &["0-14", "0-17", "15-17", "18+"],
        &["0-17", "18+", "unknown"],
        &["0-17", "15-24"],
        &["0-9", "10+"],
    ],
    &[
        &["national", "foreign"],
        &["NLD", "PRT", "MMR"],
        &["NLD", "PRT", "foreign"],
        &["MMR", "national", "PRT", "unknown"],
    ],
    &[&["LA-VT", "LA-CH"], &["LA-VT", "LA-CH", "unknown"], &["LA-VT", "rest"], &["LA-VT"]],
    &[&["servitude", "other"], &["servitude", "unknown"]],
    &[&["female", "male"], &["female", "male", "unknown"], &["female"]],
];

/// The periods of one breakdown in time.
const PERIODS: [&[&str]; 7] = [
    &["2020"],
    &["2021"],
    &["2020", "2021"],
    &["2020-01/2020-06", "2020-07/2020-12"],
    &["2020-01/2020-03", "2020-04/2020-06", "2020-07/2020-09", "2020-10/2020-12"],
    &["2020-01-01/2020-12-31~", "2021-01/2021-06"],
    &["2020-01/2020-06", "2020-07", "2020-08/2020-12", "2020-07/2020-12"],
];

/// An indicator: its dimensions, and its conditions.
const INDICATORS: [(&str, &str); 7] = [
    ("[]", ""),
    ("[\"sex\"]", ""),
    ("[\"sex\", \"nationality\", \"purpose\"]", ""),
    ("[\"province\", \"age_group\"]", ""),
    ("[\"sex\"]", "age_group = [\"0-17\"]"),
    ("[]", "nationality = [\"NLD\", \"PRT\"]"),
    ("[\"age_group\"]", "nationality = [\"own\"]\nsex = [\"total\"]"),
];

/// Rows of one source: its periods, the codes of each dimension (`None` for `total`), which rows are left out, and their
/// numbers.
#[derive(Debug, Clone)]
struct Block {
    source: usize,
    periods: usize,
    codes: [Option<usize>; 5],
    left_out: u64,
    numbers: Vec<(u8, u8)>,
}

/// A row: a cell for each field.
type Row = BTreeMap<&'static str, String>;

impl Block {
    fn rows(&self) -> Vec<Row> {
        let mut rows = vec![Row::new()];
        for (at, name) in DIMENSIONS.iter().enumerate() {
            let codes = self.codes[at].map_or(&["total"][..], |set| CODES[at][set % CODES[at].len()]);
            let with = |row: &Row| codes.iter().map(|code| with(row, name, code)).collect::<Vec<_>>();
            rows = rows.iter().flat_map(with).take(12).collect();
        }
        let periods = PERIODS[self.periods].iter();
        let rows: Vec<Row> = periods.flat_map(|period| rows.iter().map(|row| with(row, "period", period))).collect();
        let kept = rows.into_iter().enumerate().filter(|(at, _)| self.left_out >> (at % 64) & 1 == 0);
        kept.map(|(at, row)| self.numbered(row, at)).collect()
    }

    fn numbered(&self, row: Row, at: usize) -> Row {
        let (number, rest) = self.numbers[at % self.numbers.len()];
        let count = match number {
            0 => "..".to_owned(),
            1 => "<5".to_owned(),
            2 => "x".to_owned(),
            3 => "9223372036854775807".to_owned(),
            4 => "4611686018427387904".to_owned(),
            number => (number % 3).to_string(),
        };
        let qualifier = ["", "", "", "exact", "approximate", "at_least", "at_most"][usize::from(rest % 7)];
        let stage = if rest % 11 == 0 { "charged" } else { "arrested" };
        let row = with(&row, "count", &count);
        let row = with(&with(&row, "qualifier", qualifier), "stage", stage);
        with(&with(&row, "source", ["one", "register", "two", "unheard"][self.source]), "as_reported", "")
    }
}

fn with(row: &Row, field: &'static str, cell: &str) -> Row {
    let mut row = row.clone();
    row.insert(field, cell.to_owned());
    row
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let numbers = prop_oneof![3 => Just((6..9_u8, 0..3_u8)), 1 => Just((0..40_u8, 0..40_u8))];
    let numbers = numbers.prop_flat_map(|range| proptest::collection::vec(range, 1..8));
    let codes = proptest::array::uniform5(proptest::option::weighted(0.5, 0..6_usize));
    let left_out = prop_oneof![2 => Just(0_u64), 1 => any::<u64>().prop_map(|bits| bits & bits >> 1 & bits >> 2)];
    let block = (0..4_usize, 0..PERIODS.len(), codes, left_out, numbers);
    let block = block.prop_map(|(source, periods, codes, left_out, numbers)| Block {
        source,
        periods,
        codes,
        left_out,
        numbers,
    });
    proptest::collection::vec(block, 1..4)
}

fn table(rows: &[Row], schema: &Schema) -> Table {
    let mut columns = BTreeMap::new();
    for field in FIELDS.iter().chain(&DIMENSIONS) {
        let mut words: Vec<String> = rows.iter().map(|row| row[field].clone()).collect();
        words.sort();
        words.dedup();
        let code = |row: &Row| u32::try_from(words.binary_search(&row[field]).expect("a word")).expect("few");
        columns.insert((*field).to_owned(), (rows.iter().map(code).collect(), words));
    }
    let lines = (0..u32::try_from(rows.len()).expect("few")).collect();
    Table::new(columns, schema, Places::new("t".to_owned(), lines)).expect("a table")
}

fn sources() -> Vec<SourceRecord> {
    let source = |id: &str, rank: u32, published: &str, complete: &[&str]| SourceRecord {
        id: id.to_owned(),
        title: String::new(),
        publisher: String::new(),
        published: published.to_owned(),
        url: String::new(),
        archived: String::new(),
        held_at: String::new(),
        accessed: String::new(),
        rank,
        register: id == "register",
        covers: String::new(),
        origin: String::new(),
        complete: complete.iter().map(|name| (*name).to_owned()).collect(),
        kind: SourceKind::default(),
        via: String::new(),
    };
    vec![
        source("one", 2, "2021", &["nationality", "province"]),
        source("two", 2, "2022", &["province", "purpose"]),
        source("register", 1, "", &[]),
    ]
}

fn content(statement: &Statement) -> Content {
    let row = |place: String| place.split_once(':').and_then(|(_, row)| row.parse().ok()).expect("a row");
    Content {
        source: statement.source.clone(),
        outcome: statement.outcome.clone(),
        below: statement.below,
        qualifier: statement.qualifier,
        rule: statement.rule,
        rows: statement.rows.places().into_iter().map(row).collect(),
        register: statement.register,
        as_reported: statement.as_reported.clone(),
    }
}

/// Cells so that they can be compared: a period by its text.
fn shown<C>(cells: Vec<C>, of: impl Fn(C) -> (Period, BTreeMap<String, String>, Vec<Content>)) -> Vec<String> {
    let shown = cells.into_iter().map(of);
    shown.map(|(period, codes, content)| format!("{} {codes:?} {content:#?}", period.text())).collect()
}

#[test]
fn summaries_are_those_of_the_rules() {
    let mut diagnostics = Diagnostics::default();
    let source = |text: String| Arc::new(Source::new("t", text.into_bytes()));
    let schema = Schema::parse("arrests", &source(SCHEMA.to_owned()), &mut diagnostics);
    let schemas = [schema.clone()];
    let indicator = |(dimensions, conditions): &(&str, &str)| {
        let text = format!(
            "title = \"t\"\ndescription = \"t\"\ntable = \"arrests\"\nmeasure = \"arrested\"\nunit = \"persons\"\n\
             dimensions = {dimensions}\n[where]\n{conditions}\n"
        );
        Indicator::parse(("s", "i"), &source(text), &schemas, &mut Diagnostics::default())
    };
    let indicators: Vec<Indicator> = INDICATORS.iter().map(indicator).collect();
    assert!(indicators[4].conditions.len() == 1 && indicators[6].conditions.len() == 2, "conditions are read");
    let (sources, observations) = (sources(), schema.observations.as_ref().expect("observations"));
    let withheld = ["2020", "2021"].map(|year| ("register", Period::parse(year).expect("a year")));
    let seen = std::cell::Cell::new([0_usize; 4]);
    hold(300, (blocks(), 0..INDICATORS.len()), |(blocks, asked)| {
        let rows: Vec<Row> = blocks.iter().flat_map(Block::rows).collect();
        let table = table(&rows, &schema);
        for indicator in [&indicators[asked], &indicators[2]] {
            let question = Question { country: "MMR", indicator, schema: &schema, observations, sources: &sources };
            let entries = stated(question, Some(&table), &withheld).expect("entries");
            let cells = super::ranked(entries, question).expect("cells").cells;
            count(&seen, &cells);
            let expected = shown(reference::cells(question, &table, &withheld), |cell| cell);
            let found = shown(cells, |SummaryCell { period, codes, statements }| {
                (period, codes, statements.iter().map(content).collect())
            });
            prop_assert_eq!(&found, &expected);
        }
        Ok(())
    });
    let [stated, derived, tiled, contested] = seen.get();
    assert!(
        stated > 1000 && derived > 500 && tiled > 100 && contested > 20,
        "the tables are telling: {:?}",
        seen.get()
    );
}

/// Counts statements by their rule, and cells of several.
fn count(seen: &std::cell::Cell<[usize; 4]>, cells: &[SummaryCell]) {
    let mut all = seen.get();
    for cell in cells {
        let of = |rule: Rule| cell.statements.iter().filter(|statement| statement.rule == rule).count();
        all[0] += of(Rule::Stated);
        all[1] += of(Rule::Derived);
        all[2] += of(Rule::Tiled);
        all[3] += usize::from(cell.statements.len() > 1);
    }
    seen.set(all);
}
