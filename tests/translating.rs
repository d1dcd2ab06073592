//! What a reader of a further language meets: agreed words that `check` holds the texts to, and the sheet with both texts.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::project::{Project, Run};

/// The product's Laos in English and French, with a glossary of one word that its French prose lacks.
fn french() -> Project {
    Project::series_of("LAO", &["en", "fr"])
}

#[test]
fn an_agreed_word_that_is_not_there_is_named_at_its_line() {
    let project = french();
    assert!(!project.run(&["check"]).stderr.contains("has agreed on"), "the product keeps to its words");
    project.replace(
        "data/countries/LAO/narrative/fr/tier.typ",
        "la liste de surveillance aux zones",
        "la liste rouge aux zones",
    );
    let told = project.run(&["check", "--format", "short"]);
    let text = format!("{}{}", told.stdout, told.stderr);
    let expected = "the default text has “watch list”; `fr` has agreed on “liste de surveillance” for it";
    assert!(text.contains("data/countries/LAO/narrative/fr/tier.typ:20:") && text.contains(expected), "{text}");
}

#[test]
fn a_glossary_entry_without_its_word_is_an_error() {
    let project = french();
    let text = project.read("data/text/fr.toml").replacen(
        "[[glossary]]\n",
        "[[glossary]]\nterm = \"law\"\n\n[[glossary]]\n",
        1,
    );
    project.write("data/text/fr.toml", &text);
    let told = project.run(&["check", "--format", "short"]);
    let text = format!("{}{}", told.stdout, told.stderr);
    assert!(text.contains("error[missing-field]: the key `translation` is missing or empty"), "{text}");
}

const SHEET: &str = "translation-fr.csv";

fn written(project: &Project) -> String {
    let run = project.run(&["translate", "--sheet", "fr"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    project.read(SHEET)
}

fn read(project: &Project, sheet: &str) -> Run {
    project.run(&["translate", "--sheet", "fr", "--read", sheet])
}

/// The cells of the row of a sheet whose place begins like this, and the whole row.
fn row<'s>(sheet: &'s str, place: &str) -> (Vec<String>, &'s str) {
    let mut reader = csv::Reader::from_reader(sheet.trim_start_matches('\u{feff}').as_bytes());
    let starts = |record: &csv::StringRecord| record.get(0).is_some_and(|cell| cell.starts_with(place));
    let record = reader.records().flatten().find(starts).unwrap_or_else(|| panic!("{place} is in the sheet"));
    let line = sheet.lines().find(|line| line.starts_with(place)).expect("a row on a line");
    (record.iter().map(str::to_owned).collect(), line)
}

fn line_of(cells: &[&str]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).expect("a row");
    String::from_utf8(writer.into_inner().expect("a row")).expect("text").trim_end().to_owned()
}

/// The sheet with a correction in the row of that place.
fn corrected(sheet: &str, place: &str, correct: impl FnOnce(&str) -> String) -> String {
    let (cells, line) = row(sheet, place);
    sheet.replacen(line, &line_of(&[&cells[0], &cells[1], &cells[2], &correct(&cells[2])]), 1)
}

/// A workbook with one sheet of texts.
fn workbook(path: &Path, name: &str, rows: &[Vec<String>]) {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let cell =
        |text: &String| format!("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", escape(text));
    let rows: String =
        rows.iter().map(|row| format!("<row>{}</row>", row.iter().map(cell).collect::<String>())).collect();
    let related = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let parts = [
        ("[Content_Types].xml", format!("<Types xmlns=\"{PACKAGE}/content-types\"/>")),
        ("_rels/.rels", related("officeDocument", "xl/workbook.xml")),
        ("xl/_rels/workbook.xml.rels", related("worksheet", "worksheets/sheet1.xml")),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"{name}\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>")),
    ];
    let mut archive = zip::ZipWriter::new(fs::File::create(path).expect("a file"));
    for (name, text) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        archive.write_all(text.as_bytes()).expect("it is written");
    }
    archive.finish().expect("an archive");
}

fn rows_of(csv: &str) -> Vec<Vec<String>> {
    let text = csv.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

#[test]
fn a_sheet_is_read_back_and_only_its_corrections_are_written() {
    let project = french();
    let sheet = written(&project);
    let path = "data/countries/LAO/narrative/fr/tier.typ";
    let before = project.read(path);
    // Nothing is corrected yet, so that nothing is written.
    let run = read(&project, SHEET);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    assert_eq!(project.read(path), before);
    // No spreadsheet computes a headline: an apostrophe stands before its sign.
    let (cells, _) = row(&sheet, &format!("{path}:2:"));
    assert!(cells[2].starts_with("'= Au dernier niveau"), "{cells:?}");
    project.write(SHEET, &corrected(&sheet, &format!("{path}:2:"), |text| text.replace("'= Au", "'= Corrigé : au")));
    let run = read(&project, SHEET);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(project.read(path), before.replacen("= Au", "= Corrigé : au", 1));
    // The sheet is older than the text now.
    let run = read(&project, SHEET);
    assert!(run.code == 1 && run.stderr.contains("write the sheet again"), "{}", run.stderr);
    assert!(run.stderr.contains(&format!("{SHEET}:")), "the row of the sheet is named: {}", run.stderr);
}

#[test]
fn a_correction_that_loses_a_number_is_refused() {
    let project = french();
    let sheet = written(&project);
    let place = "data/countries/LAO/narrative/fr/tier.typ:2:";
    project.write(SHEET, &corrected(&sheet, place, |_| "Au dernier niveau".to_owned()));
    let run = read(&project, SHEET);
    assert!(run.code == 1 && run.stderr.contains("the mark {1} must stand in the text once"), "{}", run.stderr);
    assert_eq!(project.run(&["translate", "--sheet", "xx"]).code, 3);
}

#[test]
fn a_sheet_comes_back_in_any_dialect_or_as_a_workbook() {
    let path = "data/countries/LAO/narrative/fr/tier.typ";
    let place = format!("{path}:2:");
    let correct = |text: &str| text.replace("'= Au dernier", "= « Au »; \"tout\", dernier");
    let expected = |text: String| text.replacen("= Au dernier", "= « Au »; \"tout\", dernier", 1);
    let save = |rows: &[Vec<String>], delimiter: u8, mark: &str, end: &str| {
        let mut builder = csv::WriterBuilder::new();
        builder.delimiter(delimiter).quote_style(csv::QuoteStyle::Always);
        let mut writer = builder.from_writer(Vec::new());
        rows.iter().for_each(|row| writer.write_record(row).expect("a row"));
        let text = String::from_utf8(writer.into_inner().expect("rows")).expect("text");
        format!("{mark}{}", text.replace('\n', end))
    };
    for (delimiter, mark, end) in [(b',', "\u{feff}", "\n"), (b';', "\u{feff}", "\r\n"), (b';', "", "\n")] {
        let project = french();
        let rows = rows_of(&corrected(&written(&project), &place, correct));
        let before = project.read(path);
        project.write("from a reader.csv", &save(&rows, delimiter, mark, end));
        let run = read(&project, "from a reader.csv");
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_eq!(project.read(path), expected(before), "{mark:?} {end:?}");
    }
    let project = french();
    let rows = rows_of(&corrected(&written(&project), &place, correct));
    let before = project.read(path);
    workbook(&project.path("back.xlsx"), "back", &rows);
    let run = read(&project, "back.xlsx");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(project.read(path), expected(before));
    // Tabs would be guessed at: the sheet is refused, and nothing is written.
    project.write("tabs.csv", &save(&rows, b'\t', "", "\n"));
    let run = read(&project, "tabs.csv");
    assert!(run.code == 1 && run.stderr.contains("separated by tabs"), "{}", run.stderr);
}

#[test]
fn texts_of_a_catalogue_come_back_whatever_their_quotes() {
    let project = french();
    let catalogue = "data/text/fr.toml";
    let word = "sources = \"Sources\"\n";
    let kinds = [
        ("sources = 'So\\ur\"ces'\n", "So\\ur\"ces", "Les « so\\ur\"ces »", "sources = \"Les « so\\\\ur\\\"ces »\"\n"),
        ("sources = \"So\\\"ur\\u00e7es\"\n", "So\"urçes", "Corrigé", "sources = \"Corrigé\"\n"),
        (
            "sources = \"\"\"\nDeux\nlignes\"\"\"\n",
            "Deux\nlignes",
            "Deux\nautres",
            "sources = \"\"\"\nDeux\nautres\"\"\"\n",
        ),
        ("sources = \"\"\"Une \\\n    ligne\"\"\"\n", "Une ligne", "Une autre", "sources = \"Une autre\"\n"),
    ];
    let text = project.read(catalogue);
    for (before, shown, correction, after) in kinds {
        project.write(catalogue, &format!("\u{feff}{}", text.replacen(word, before, 1)));
        let rows = rows_of(&written(&project));
        let row = rows.iter().position(|row| row[2] == shown).unwrap_or_else(|| panic!("{shown} is in the sheet"));
        let mut rows = rows;
        correction.clone_into(&mut rows[row][3]);
        assert_eq!(rows[row][1], "Sources");
        let text_of_rows: Vec<String> =
            rows.iter().map(|row| line_of(&row.iter().map(String::as_str).collect::<Vec<_>>())).collect();
        project.write(SHEET, &text_of_rows.join("\n"));
        let run = read(&project, SHEET);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_eq!(project.read(catalogue), format!("\u{feff}{}", text.replacen(word, after, 1)));
    }
    // A plural form has a row of its own; blanks around a text, which a cell does not show, stay.
    project.write(catalogue, &text);
    let sheet = written(&project);
    let forms = rows_of(&sheet).iter().filter(|row| row[1].contains("{value} million")).count();
    assert_eq!(forms, 2, "one and other");
    let rows = rows_of(&sheet);
    let joined = rows.iter().find(|row| row[1].trim() == ";").expect("the sign between parts");
    project.write(SHEET, &corrected(&sheet, &joined[0], |_| "·".to_owned()));
    assert_eq!(read(&project, SHEET).code, 0);
    assert!(project.read(catalogue).contains("semicolon = \"\u{202f}· \""), "the blanks stay");
}

#[test]
fn events_stand_beside_their_translations_wherever_they_are_kept() {
    let project = french();
    let csv = "data/countries/LAO/events.csv";
    let sheet = written(&project);
    let original = |sheet: &str| {
        let rows = rows_of(sheet);
        // The sentences, not the name of the country.
        let of_event = |row: &Vec<String>| row[1].contains("Laos") && row[1].split(' ').count() > 4;
        let events = rows.into_iter().filter(|row| row[0].starts_with("data/text/fr.toml:") && of_event(row));
        events.map(|row| row[1].clone()).collect::<Vec<_>>()
    };
    let expected = original(&sheet);
    assert!(expected.len() > 10, "{expected:?}");
    let table = project.read(csv);
    // As a spreadsheet saves it where the comma is the decimal mark.
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    rows_of(&table).iter().for_each(|row| writer.write_record(row).expect("a row"));
    let semicolons = String::from_utf8(writer.into_inner().expect("rows")).expect("text");
    project.write(csv, &format!("\u{feff}{}", semicolons.replace('\n', "\r\n")));
    let country = project.read("data/countries/LAO/country.toml");
    project.write("data/countries/LAO/country.toml", &format!("{country}\n[dialect]\ndelimiter = \";\"\n"));
    assert_eq!(original(&written(&project)), expected);
    // And as a workbook.
    fs::remove_file(project.path(csv)).expect("there is a table");
    workbook(&project.path("data/countries/LAO/events.xlsx"), "events", &rows_of(&table));
    let sheet = written(&project);
    assert_eq!(original(&sheet), expected);
    // What was changed there cannot be written back, and is named by its cell; beside it nothing is written either.
    let rows = rows_of(&sheet);
    let event = rows.iter().find(|row| row[1] == expected[0]).expect("an event");
    let (cells, line) = row(&sheet, &event[0]);
    let changed = line_of(&[&cells[0], "Something else in Laos.", &cells[2], "Autre chose."]);
    let place = "data/countries/LAO/narrative/fr/tier.typ:2:";
    let sheet = corrected(&sheet.replacen(line, &changed, 1), place, |text| text.replace("Au", "Tout au"));
    project.write(SHEET, &sheet);
    let before = project.read("data/countries/LAO/narrative/fr/tier.typ");
    let run = read(&project, SHEET);
    let named = "the column `original` does not hold what stands at data/countries/LAO/events.xlsx!events!D";
    assert!(run.code == 1 && run.stderr.contains(named), "{}", run.stderr);
    assert_eq!(project.read("data/countries/LAO/narrative/fr/tier.typ"), before, "nothing is written");
}

#[test]
fn a_correction_in_the_wrong_column_is_named() {
    let project = french();
    let sheet = written(&project);
    let place = "data/countries/LAO/narrative/fr/tier.typ:2:";
    let (cells, line) = row(&sheet, place);
    let changed = line_of(&[&cells[0], &cells[1], &cells[2].replace("Au", "Tout au"), ""]);
    project.write(SHEET, &sheet.replacen(line, &changed, 1));
    let run = read(&project, SHEET);
    assert!(run.code == 0 && run.stderr.contains("write it into the column `correction`"), "{}", run.stderr);
    project.write(SHEET, "place,translation,correction\nx,y,z\n");
    let run = read(&project, SHEET);
    assert!(run.code == 1 && run.stderr.contains("the sheet has no column `original`"), "{}", run.stderr);
}

#[test]
fn corrections_are_written_all_or_none() {
    let project = french();
    let paths = ["data/countries/LAO/narrative/fr/law.typ", "data/text/fr.toml"];
    let before = paths.map(|path| project.read(path));
    let sheet = written(&project);
    let rows = rows_of(&sheet);
    let sources = rows.iter().find(|row| row[2] == "Sources").expect("a word");
    let sheet = corrected(&sheet, &sources[0], |_| "Origines".to_owned());
    let sheet = corrected(&sheet, &format!("{}:2:", paths[0]), |text| format!("{text}."));
    project.write(SHEET, &sheet);
    // The second file cannot be written: what should hold its new text is a folder.
    project.write("data/text/.fr.toml.new/in the way", "");
    let run = read(&project, SHEET);
    assert!(run.code == 3 && run.stderr.contains(".fr.toml.new`; nothing was changed"), "{} {}", run.code, run.stderr);
    assert_eq!(paths.map(|path| project.read(path)), before, "all stay as they were");
    assert!(!project.path("data/countries/LAO/narrative/fr/.law.typ.new").exists(), "and nothing is left over");
    fs::remove_dir_all(project.path("data/text/.fr.toml.new")).expect("it can go");
    assert_eq!(read(&project, SHEET).code, 0);
    assert!(paths.iter().zip(&before).all(|(path, before)| project.read(path) != *before), "now both are written");
}
