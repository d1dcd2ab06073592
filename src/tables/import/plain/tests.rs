//! A plain file becomes what the general way makes of it: the same rows, the same cells, the same faults.

use std::cell::Cell;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;

use super::super::{Present, import};
use super::{Read, of_pieces};
use crate::diagnostic::{Diagnostics, Format, Source};
use crate::project::Imports;
use crate::project::imports::{Lying, Mapping};
use crate::project::schema::Schema;
use crate::project::text::anything::hold;
use crate::tables::ingest::RawTable;

const LABELS: &str = "Day,Stage,Form,Province,Number,Note,Case,Agency\n";

/// A mapping of these columns, whose rows have this period and are taken as `more` says.
fn mapping(period: &str, more: &str) -> String {
    format!(
        "source = \"case_register\"\n[[file]]\npath = \"register/a.csv\"\n[read]\nignore = [\"Agency\"]\n[missing]\n\
         \"-\" = \"skip\"\n\"..\" = \"..\"\n[[make]]\ntable = \"cases\"\ntake = \"Number\"\nperiod = {period}\n\
         stage = {{ column = \"Stage\", codes = \"stage\" }}\npurpose = {{ column = \"Form\" }}\n\
         province = {{ column = \"Province\" }}\nnote = {{ column = \"Note\" }}\ncase_id = {{ column = \"Case\" }}\n{more}\n\
         [codes.stage]\nReported = \"reported\"\nConvicted = \"convicted\"\nOther = {{ skip = \"no stage of ours\" }}\n"
    )
}

/// As a register is mapped most often; with a condition; with what two columns say together; and with rows that are left.
fn mappings() -> [String; 4] {
    let day = "{ column = \"Day\", as = \"day\", upto = \"month\" }";
    let several = mapping(day, "").replace("province = { column = \"Province\" }", "province = \"total\"");
    let several = several.replace("{ column = \"Stage\", codes", "{ columns = [\"Stage\", \"Province\"], codes");
    let pairs = ["LA-VT", "LA-CH", "x"].map(|province| format!("\"Reported | {province}\" = \"reported\"\n"));
    let left = "[[skip]]\nwhere = { Stage = [\"Other\", \"Closed\"], Agency = \"\" }\nwhy = \"-\"\n[[make]]";
    let left = mapping(day, "").replace("ignore = [\"Agency\"]\n", "").replace("[[make]]", left);
    let chosen = mapping(day, "where = { Stage = [\"Reported\", \"Convicted\"] }");
    [mapping(day, ""), chosen, several + &pairs.concat(), left]
}

fn schemas() -> Vec<Schema> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    Imports::of(root, "", &mut Diagnostics::default()).expect("the schemas can be read").schemas
}

fn parsed(text: &str, schemas: &[Schema]) -> Mapping {
    let folder = "data/countries/XXA/imports".to_owned();
    let lying = Lying { id: "x".to_owned(), folder, country: Some("XXA".to_owned()) };
    let source = Arc::new(Source::new("data/countries/XXA/imports/x.toml", text.as_bytes().to_vec()));
    let mut found = Diagnostics::default();
    let mapping = Mapping::parse(lying, &source, schemas, &mut found);
    assert!(!found.failed(), "{}", found.render(Format::Short));
    mapping
}

fn present(file: &str) -> Present {
    let path = "data/countries/XXA/imports/register/a.csv".to_owned();
    Present { file: 0, path, bytes: file.as_bytes().to_vec().into() }
}

/// The countries of the project.
fn countries() -> [String; 2] {
    ["XXB".to_owned(), "XXA".to_owned()]
}

/// The rows of tables with their labels, and what names each row and each of its cells.
fn rows(tables: &[RawTable]) -> String {
    let mut text = String::new();
    for table in tables {
        let labels: Vec<&str> = table.labels.iter().map(|label| label.text.as_str()).collect();
        writeln!(text, "{} {} {} {labels:?}", table.table, table.country, table.register).expect("a line");
        let hashed: Vec<usize> = (0..labels.len()).filter(|at| !table.columns[*at].coded()).collect();
        let asked: Vec<_> = (0..table.rows).flat_map(|row| hashed.iter().map(move |at| (row, Some(*at)))).collect();
        let written = table.written(&asked);
        let made = table.made.first().expect("a mapping made it");
        let fields = || std::iter::once(None).chain(labels.iter().copied().map(Some));
        let places: Vec<_> = (0..table.rows).flat_map(|row| fields().map(move |field| (row, field))).collect();
        let origins = made.origins.places(&places);
        for (row, origins) in origins.chunks(labels.len() + 1).enumerate() {
            let cell = |at: usize| match written.get(&(row, Some(at))) {
                Some(written) => written.clone(),
                None => table.columns[at].cell(row).to_owned(),
            };
            let cells: Vec<String> = (0..labels.len()).map(cell).collect();
            let places: Vec<String> = origins.iter().map(|origin| origin.span.place()).collect();
            writeln!(text, "{cells:?} {:?} {places:?}", made.origins.names(row)).expect("a line");
        }
    }
    text
}

/// What the general way makes of a file, and what it finds.
fn generally(mapping: &Mapping, file: &str, schemas: &[Schema]) -> (String, String) {
    let mut found = Diagnostics::default();
    let imported = import(mapping, vec![present(file)], schemas, &countries(), &mut found);
    (rows(&imported.into_tables(mapping, schemas)), found.render(Format::Short))
}

/// The same of the way of plain files; none where it is not taken.
fn plainly(mapping: &Mapping, file: &str, schemas: &[Schema], size: Option<usize>) -> Option<(String, String)> {
    let Read { table, found } = of_pieces(mapping, &present(file), schemas, &countries(), size)?;
    let mut all = Diagnostics::default();
    found.into_iter().for_each(|fault| all.push(fault));
    Some((rows(&table.into_iter().collect::<Vec<_>>()), all.render(Format::Short)))
}

/// A cell, which is in most rows the first of these.
fn cell(texts: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop_oneof![6 => Just(texts[0]), 2 => select(texts.to_vec())]
}

/// A row whose case is named by its number, with the end of a line.
fn row() -> impl Strategy<Value = (Vec<&'static str>, &'static str)> {
    let cells = (
        cell(&["2023-04-05", "2024-02-29", "2023-02-29", "", " 2023-04-05 ", "\"2023-04-06\"", "soon"]),
        cell(&["Reported", "Convicted", "Other", "Closed", "", "reported", " Reported"]),
        cell(&["forced_labour", "servitude", "Forced labour", ""]),
        cell(&["LA-VT", "LA-CH", "x", "unknown", ""]),
        cell(&["1", "2", "..", "-", "x", "", "1.5", "01"]),
        cell(&["", "seen  twice", "\"a, b\"", "\u{a0}late", "#REF!"]),
        cell(&["C-", "", " ", "D \u{a0}", "E  "]),
        cell(&["", "Police"]),
    );
    let row = cells.prop_map(|(day, stage, form, province, number, note, case, agency)| {
        vec![day, stage, form, province, number, note, case, agency]
    });
    let end =
        prop_oneof![60 => Just("\n"), 1 => Just(",\n"), 1 => Just("\n\n"), 1 => Just("\n,,,,,,,\n"), 1 => Just("\r\n")];
    (row, end)
}

fn file(rows: &[(Vec<&str>, &str)]) -> String {
    let mut text = LABELS.to_owned();
    for (number, (cells, end)) in rows.iter().enumerate() {
        let named = |cell: &str| if cell.trim().is_empty() { cell.to_owned() } else { format!("{cell}{number}") };
        let texts = cells.iter().enumerate().map(|(at, cell)| if at == 6 { named(cell) } else { (*cell).to_owned() });
        let _ = write!(text, "{}{end}", texts.collect::<Vec<_>>().join(","));
    }
    text
}

#[test]
fn a_plain_file_becomes_what_the_general_way_makes_of_it() {
    let schemas = schemas();
    let mappings = mappings().map(|text| parsed(&text, &schemas));
    let (all, plain) = (Cell::new(0), Cell::new(0));
    let numbered = (0..mappings.len(), prop::collection::vec(row(), 0..12));
    hold(600, numbered, |(number, rows)| {
        let (mapping, file) = (&mappings[number], file(&rows));
        all.set(all.get() + 1);
        if let Some(own) = plainly(mapping, &file, &schemas, None) {
            plain.set(plain.get() + 1);
            let due = generally(mapping, &file, &schemas);
            prop_assert_eq!(own, due, "of {}", file);
        }
        Ok(())
    });
    assert!(plain.get() * 2 > all.get(), "the plain way was taken {} times of {}", plain.get(), all.get());
}

#[test]
fn a_file_with_ids_too_many_for_a_dictionary_is_read_without_one() {
    const ROWS: usize = 24_000;
    let (schemas, mut text) = (schemas(), LABELS.to_owned());
    for row in 0..ROWS {
        let stage = match row {
            7_000 => "Closed",
            15_000 => "Other",
            _ => "Convicted",
        };
        let _ = writeln!(text, "2023-04-05,{stage},forced_labour,LA-VT,1,,XX-2023-{row:09},");
    }
    let mapping = parsed(&mappings()[0], &schemas);
    let size = Some(400_000);
    let read = of_pieces(&mapping, &present(&text), &schemas, &countries(), size).expect("it is plain");
    let table = read.table.expect("it has rows");
    let (_, ids) = table.cells("case_id").expect("it has ids");
    assert!(!ids.coded() && table.rows == ROWS - 2 && read.found.len() == 1);
    let (own, found) = plainly(&mapping, &text, &schemas, size).expect("it is plain");
    let (due, due_found) = generally(&mapping, &text, &schemas);
    let differs = own.lines().zip(due.lines()).find(|(own, due)| own != due);
    assert!(differs.is_none() && own.len() == due.len(), "{differs:?}");
    assert_eq!(found, due_found);
}

#[test]
fn a_register_is_read_plainly_whatever_is_left_or_wrong_in_it() {
    let schemas = schemas();
    let [usual, chosen, ..] = mappings().map(|text| parsed(&text, &schemas));
    let sound = "2023-04-05,Reported,forced_labour,LA-VT,1,,C-1,\n";
    for (what, row) in [
        ("nothing", ""),
        ("a row that is left", "2023-04-05,Other,forced_labour,LA-VT,1,,C-2,\n"),
        ("a cell that is left", "2023-04-05,Reported,forced_labour,LA-VT,-,,C-2,\n"),
        ("a code that is none", "2023-04-05,Closed,forced_labour,LA-VT,1,,C-2,\n"),
        ("a day that is none", "2023-02-30,Reported,forced_labour,LA-VT,1,,C-2,\n"),
        ("a note", "2023-04-05,Reported,forced_labour,LA-VT,1,seen  twice,C-2,\n"),
    ] {
        for mapping in [&usual, &chosen] {
            let text = format!("{LABELS}{sound}{row}");
            let own = plainly(mapping, &text, &schemas, None);
            assert_eq!(own, Some(generally(mapping, &text, &schemas)), "{what}");
        }
    }
}
