//! Workbooks as the rules write them, a line for what stands in them:
//!
//! ```text
//! sheet Data hidden
//! row 3|Year||12.5              texts and numbers, from A
//! B4|number|0.075|0.0%          a stored number with its format
//! C4|formula|B4+1|1.075         a formula with its stored value, or without
//! D4|error|#N/A   E4|true
//! hide row 3   hide column B    merge A1:C1
//! ```

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A sheet while it is written.
#[derive(Default)]
struct Sheet {
    name: String,
    hidden: bool,
    rows: BTreeMap<usize, Vec<String>>,
    hidden_rows: Vec<usize>,
    hidden_columns: Vec<usize>,
    merged: Vec<String>,
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The row in the name of a cell.
fn row_of(cell: &str) -> usize {
    cell.trim_start_matches(|c: char| c.is_ascii_uppercase()).parse().expect("a cell")
}

fn letters(column: usize) -> String {
    char::from(b'A' + u8::try_from(column).expect("few columns")).to_string()
}

impl Sheet {
    fn line(&mut self, line: &str, formats: &mut Vec<String>) {
        if let Some(row) = line.strip_prefix("hide row ") {
            self.hidden_rows.push(row.parse().expect("a row"));
        } else if let Some(column) = line.strip_prefix("hide column ") {
            self.hidden_columns.push(usize::from(column.as_bytes()[0] - b'A') + 1);
        } else if let Some(area) = line.strip_prefix("merge ") {
            self.merged.push(area.to_owned());
        } else if let Some(row) = line.strip_prefix("row ") {
            let (number, texts) = row.split_once('|').expect("a row with cells");
            let number: usize = number.parse().expect("a row");
            for (column, text) in texts.split('|').enumerate().filter(|(_, text)| !text.is_empty()) {
                let cell = format!("{}{number}", letters(column));
                let kind = if text.parse::<f64>().is_ok() { "number" } else { "text" };
                self.cell(&cell, &[kind, text], formats);
            }
        } else {
            let parts: Vec<&str> = line.split('|').collect();
            self.cell(parts[0], &parts[1..], formats);
        }
    }

    fn cell(&mut self, cell: &str, parts: &[&str], formats: &mut Vec<String>) {
        let mut style = |format: &str| {
            let known = formats.iter().position(|known| known == format);
            1 + known.unwrap_or_else(|| {
                formats.push(format.to_owned());
                formats.len() - 1
            })
        };
        let written = match parts {
            ["text", text] => format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{}</t></is></c>", escaped(text)),
            ["number", number] => format!("<c r=\"{cell}\"><v>{number}</v></c>"),
            ["number", number, format] => format!("<c r=\"{cell}\" s=\"{}\"><v>{number}</v></c>", style(format)),
            ["formula", formula] => format!("<c r=\"{cell}\"><f>{}</f></c>", escaped(formula)),
            ["formula", formula, value] => format!("<c r=\"{cell}\"><f>{}</f><v>{value}</v></c>", escaped(formula)),
            ["error", error] => format!("<c r=\"{cell}\" t=\"e\"><v>{error}</v></c>"),
            ["true"] => format!("<c r=\"{cell}\" t=\"b\"><v>1</v></c>"),
            other => panic!("{other:?} is no cell"),
        };
        self.rows.entry(row_of(cell)).or_default().push(written);
    }

    fn xml(&self) -> String {
        let row = |(number, cells): (&usize, &Vec<String>)| {
            let hidden = if self.hidden_rows.contains(number) { " hidden=\"1\"" } else { "" };
            format!("<row r=\"{number}\"{hidden}>{}</row>", cells.concat())
        };
        let column = |column: &usize| format!("<col min=\"{column}\" max=\"{column}\" width=\"9\" hidden=\"1\"/>");
        let columns: String = self.hidden_columns.iter().map(column).collect();
        let columns = if columns.is_empty() { columns } else { format!("<cols>{columns}</cols>") };
        let merged: String = self.merged.iter().map(|area| format!("<mergeCell ref=\"{area}\"/>")).collect();
        let merged = if merged.is_empty() { merged } else { format!("<mergeCells>{merged}</mergeCells>") };
        let rows: String = self.rows.iter().map(row).collect();
        format!("{HEAD}<worksheet xmlns=\"{MAIN}\">{columns}<sheetData>{rows}</sheetData>{merged}</worksheet>")
    }
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// The bytes of a workbook.
pub fn workbook(text: &str) -> Vec<u8> {
    let (mut sheets, mut formats): (Vec<Sheet>, Vec<String>) = (Vec::new(), Vec::new());
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(name) = line.strip_prefix("sheet ") {
            let (name, hidden) = name.strip_suffix(" hidden").map_or((name, false), |name| (name, true));
            sheets.push(Sheet { name: name.to_owned(), hidden, ..Sheet::default() });
        } else {
            sheets.last_mut().expect("a sheet comes first").line(line, &mut formats);
        }
    }
    package(&parts(&sheets, &formats))
}

fn parts(sheets: &[Sheet], formats: &[String]) -> Vec<(String, String)> {
    let numbered = |one: &dyn Fn(usize, &Sheet) -> String| -> String {
        sheets.iter().enumerate().map(|(at, sheet)| one(at + 1, sheet)).collect()
    };
    let listed = numbered(&|at, sheet| {
        let state = if sheet.hidden { " state=\"hidden\"" } else { "" };
        format!("<sheet name=\"{}\" sheetId=\"{at}\"{state} r:id=\"rId{at}\"/>", escaped(&sheet.name))
    });
    let related = numbered(&|at, _| {
        format!("<Relationship Id=\"rId{at}\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet{at}.xml\"/>")
    });
    let codes: String = formats
        .iter()
        .enumerate()
        .map(|(at, code)| format!("<numFmt numFmtId=\"{}\" formatCode=\"{}\"/>", 164 + at, escaped(code)))
        .collect();
    let looks: String =
        (0..formats.len()).map(|at| format!("<xf numFmtId=\"{}\" applyNumberFormat=\"1\"/>", 164 + at)).collect();
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), format!("{HEAD}<Types/>")),
        (
            "_rels/.rels".to_owned(),
            format!(
                "{HEAD}<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!("{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>{listed}</sheets></workbook>"),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!(
                "{HEAD}<Relationships xmlns=\"{PACKAGE}\">{related}<Relationship Id=\"rIdS\" Type=\"{RELATIONS}/styles\" \
                 Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml".to_owned(),
            format!(
                "{HEAD}<styleSheet xmlns=\"{MAIN}\"><numFmts>{codes}</numFmts><cellXfs><xf numFmtId=\"0\"/>{looks}</cellXfs>\
                 </styleSheet>"
            ),
        ),
    ];
    for (at, sheet) in sheets.iter().enumerate() {
        parts.push((format!("xl/worksheets/sheet{}.xml", at + 1), sheet.xml()));
    }
    parts
}

/// A package of these parts.
pub fn package(parts: &[(String, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).expect("a part");
        zip.write_all(text.as_bytes()).expect("its bytes");
    }
    zip.finish().expect("an archive").into_inner()
}
