//! Workbooks as all kinds of programs write their packages, made here part by part: what a sheet does not show as it is
//! stored is a fault at its cell, and what is sound gives no finding.

use std::fs::{self, File};
use std::io::Write;

use crate::project::{Project, Run};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

const LABELS: [&str; 5] = ["period", "stage", "sex", "count", "source"];

/// A package with one sheet: what differs from a plain one.
#[derive(Default, Clone)]
struct Parts {
    /// Cells of the sheet in place of those that are plain, by their names.
    cells: Vec<(&'static str, &'static str)>,
    /// What stands before the rows, and after them.
    before: &'static str,
    after: &'static str,
    /// Attributes of the third row.
    third: &'static str,
    /// What the main part says beside the list of sheets.
    workbook: &'static str,
}

impl Parts {
    fn cells(cells: &[(&'static str, &'static str)]) -> Self {
        Self { cells: cells.to_vec(), ..Self::default() }
    }

    fn cell(&self, name: &str, plain: &str) -> String {
        let inner = self.cells.iter().find(|(known, _)| *known == name).map(|(_, inner)| (*inner).to_owned());
        let text = format!(" t=\"inlineStr\"><is><t>{plain}</t></is>");
        let inner = inner.unwrap_or(if plain.parse::<u32>().is_ok() { format!("><v>{plain}</v>") } else { text });
        format!("<c r=\"{name}\"{inner}</c>")
    }

    fn sheet(&self) -> String {
        let rows = [
            LABELS,
            ["2021", "arrested", "total", "50", "yearbook_2023"],
            ["2022", "arrested", "total", "60", "yearbook_2023"],
            ["2023", "arrested", "total", "40", "police_2024"],
        ];
        let mut text = format!("<worksheet xmlns=\"{MAIN}\">{}<sheetData>", self.before);
        for (number, row) in (1..).zip(rows) {
            let cells: String = ["A", "B", "C", "D", "E"]
                .iter()
                .zip(row)
                .map(|(column, plain)| self.cell(&format!("{column}{number}"), plain))
                .collect();
            let attributes = if number == 3 { self.third } else { "" };
            text.push_str(&format!("<row r=\"{number}\"{attributes}>{cells}</row>"));
        }
        text + "</sheetData>" + self.after + "</worksheet>"
    }

    fn parts(&self) -> Vec<(&'static str, String)> {
        let related = |kind: &str, target: &str| {
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/></Relationships>"
            )
        };
        let workbook = format!(
            "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"arrests\" sheetId=\"1\" r:id=\"rId1\"/></sheets>{}</workbook>",
            self.workbook
        );
        let xf = |format: u8| format!("<xf numFmtId=\"{format}\" fontId=\"0\"/>");
        let formats: String = [0, 170, 14, 38, 5, 18].into_iter().map(xf).collect();
        let styles = format!(
            "<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"1\"><numFmt numFmtId=\"170\" formatCode=\"0&quot;+&quot;\"/></numFmts><fonts><font><sz val=\"11\"/></font></fonts><cellXfs>{formats}</cellXfs></styleSheet>"
        );
        vec![
            ("[Content_Types].xml", format!("<Types xmlns=\"{PACKAGE}/content-types\"/>")),
            ("_rels/.rels", related("officeDocument", "xl/workbook.xml")),
            ("xl/_rels/workbook.xml.rels", related("worksheet", "worksheets/sheet1.xml")),
            ("xl/workbook.xml", workbook),
            ("xl/styles.xml", styles),
            ("xl/worksheets/sheet1.xml", self.sheet()),
        ]
    }
}

fn check(parts: Vec<(&str, String)>) -> Run {
    let project = Project::minimal();
    let country = project.path("data/countries/XXA");
    fs::remove_file(country.join("arrests.csv")).expect("there is a table");
    fs::remove_dir_all(country.join("narrative")).expect("there is prose");
    let mut archive = zip::ZipWriter::new(File::create(country.join("arrests.xlsx")).expect("a file"));
    for (name, text) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        archive.write_all(text.as_bytes()).expect("it is written");
    }
    archive.finish().expect("an archive");
    project.run(&["check", "--format", "short"])
}

/// The cells and codes of what is found, such as `D2 masked-value`.
fn found(parts: Vec<(&str, String)>) -> Vec<String> {
    let short = |line: &str| {
        let (place, rest) = line.split_once(": error[")?;
        Some(format!("{} {}", place.rsplit_once('!')?.1, rest.split_once(']')?.0))
    };
    check(parts).stdout.lines().map(|line| short(line).unwrap_or_else(|| line.to_owned())).collect()
}

/// Every name of an element with a prefix, as some programs write them.
fn prefixed(text: &str) -> String {
    text.replace("</", "\u{1}").replace('<', "<x:").replace('\u{1}', "</x:").replace("xmlns=", "xmlns:x=")
}

fn strict(text: &str) -> String {
    text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
        .replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")
}

/// Cells that differ from the sound ones, and what is found.
type Case<'c> = (&'c [(&'c str, &'c str)], &'c [&'c str]);

#[test]
fn what_a_cell_does_not_show_is_a_fault_there() {
    let cases: [Case; 16] = [
        (&[("D2", " s=\"1\"><v>50</v>")], &["D2 masked-value"]),
        (&[("D2", " s=\"4\"><v>50</v>")], &["D2 masked-value"]),
        (&[("A2", " s=\"5\"><v>0.4375</v>")], &["A2 masked-value"]),
        (&[("A2", " s=\"2\"><v>2021</v>")], &["A2 period-error"]),
        (&[("A2", " s=\"2\"><v>-5</v>")], &["A2 masked-value"]),
        (&[("D2", "><f>SUM(D3:D4)</f>")], &["D2 formula-error"]),
        (&[("D2", "><f>SUM(D3:D4)</f><v/>")], &["D2 formula-error"]),
        (&[("D2", " t=\"str\"><f>D3&amp;D4</f>")], &["D2 formula-error"]),
        (&[("D2", "><f>SUM(D3:D4)</f><v>0</v>")], &["D2 formula-error"]),
        (&[("D2", "><f>[1]S!A1</f><v>50</v>")], &["D2 formula-error"]),
        (
            &[
                ("D2", "><f t=\"shared\" ref=\"D2:D3\" si=\"0\">'[1]S'!A1</f><v>50</v>"),
                ("D3", "><f t=\"shared\" si=\"0\"/><v>60</v>"),
            ],
            &["D2 formula-error", "D3 formula-error"],
        ),
        (&[("D2", " t=\"e\"><f>1/0</f><v>#DIV/0!</v>")], &["D2 type-error"]),
        (&[("E2", " t=\"e\"><v>#REF!</v>")], &["E2 type-error"]),
        (
            &[("D2", " t=\"inlineStr\"><is><r><t>5</t></r><r><rPr><strike/></rPr><t>0</t></r></is>")],
            &["D2 marked-text"],
        ),
        (
            &[(
                "D2",
                " t=\"inlineStr\"><is><r><t>5</t></r><r><rPr><vertAlign val=\"superscript\"/></rPr><t>2</t></r></is>",
            )],
            &["D2 marked-text"],
        ),
        (
            &[("D2", " t=\"inlineStr\"><is><r><t>5</t></r><r><rPr><color rgb=\"FFFFFFFF\"/></rPr><t>2</t></r></is>")],
            &["D2 masked-value"],
        ),
    ];
    for (cells, expected) in cases {
        assert_eq!(found(Parts::cells(cells).parts()), expected, "{cells:?}");
    }
}

#[test]
fn what_is_sound_gives_no_finding() {
    let cases: [&[(&str, &str)]; 8] = [
        &[],
        &[("D2", " s=\"3\"><v>50</v>")],
        &[("A2", " s=\"2\"><v>44260</v>")],
        &[("A2", " t=\"d\"><v>2021-03-05T00:00:00</v>")],
        &[("D2", "><f>SUM(D3:D4)</f><v>100</v>")],
        &[("D2", "><f>D3-10</f><v>50</v>")],
        &[("C2", " t=\"inlineStr\"><is><t>total</t><rPh sb=\"0\" eb=\"1\"><t>x</t></rPh></is>")],
        &[(
            "C2",
            " t=\"inlineStr\"><is><r><t>to</t></r><r><rPr><b/><strike val=\"0\"/><color rgb=\"FFFF0000\"/></rPr><t>tal</t></r></is>",
        )],
    ];
    for cells in cases {
        assert_eq!(found(Parts::cells(cells).parts()), [""; 0], "{cells:?}");
    }
    let whole = Parts {
        workbook: "<calcPr calcId=\"1\" fullCalcOnLoad=\"1\"/>",
        third: " outlineLevel=\"1\"",
        ..Parts::default()
    };
    assert_eq!(found(whole.parts()), [""; 0], "no formula needs to be computed");
}

#[test]
fn what_stands_around_a_cell_counts() {
    let plain = Parts::default();
    let computed = Parts::cells(&[("D2", "><f>D3+D4-10</f><v>90</v>")]);
    let x14 = "<extLst><ext xmlns:x14=\"x\"><x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule type=\"cellIs\" operator=\"lessThan\"><xm:f>45</xm:f><x14:dxf><font><color rgb=\"FFFFFFFF\"/></font></x14:dxf></x14:cfRule><xm:sqref>D2:D4</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>";
    let bar = "<conditionalFormatting sqref=\"D3\"><cfRule type=\"dataBar\"><dataBar showValue=\"0\"/></cfRule></conditionalFormatting>";
    let cases: [(Parts, &[&str]); 11] = [
        (Parts { third: " hidden=\"1\"", ..plain.clone() }, &["A3 hidden-data"]),
        (Parts { third: " ht=\"0\" customHeight=\"1\"", ..plain.clone() }, &["A3 hidden-data"]),
        (Parts { before: "<cols><col min=\"4\" max=\"4\" width=\"0\"/></cols>", ..plain.clone() }, &["D1 hidden-data"]),
        (Parts { after: "<mergeCells><mergeCell ref=\"E2:E3\"/></mergeCells>", ..plain.clone() }, &["E3 merged-cells"]),
        (Parts { after: "<mergeCells><mergeCell ref=\"A9:E9\"/></mergeCells>", ..plain.clone() }, &[]),
        (Parts { after: x14, ..plain.clone() }, &["D4 masked-value"]),
        (Parts { after: bar, ..plain.clone() }, &["D3 masked-value"]),
        (
            Parts {
                after: "<mergeCells><mergeCell ref=\"E2:E3\"/></mergeCells>",
                ..Parts::cells(&[("E2", ">"), ("E3", ">")])
            },
            &["E2 constraint-error", "E3 constraint-error"],
        ),
        (Parts { workbook: "<calcPr fullCalcOnLoad=\"true\"/>", ..computed.clone() }, &["D2 formula-error"]),
        (Parts { workbook: "<calcPr calcCompleted=\"0\"/>", ..computed }, &["D2 formula-error"]),
        (
            Parts {
                workbook: "<definedNames><definedName name=\"Elsewhere\">[1]S!$A$1</definedName></definedNames>",
                ..Parts::cells(&[("D2", "><f>elsewhere</f><v>50</v>")])
            },
            &["D2 formula-error"],
        ),
    ];
    for (parts, expected) in cases {
        assert_eq!(found(parts.parts()), expected, "{}", parts.sheet());
    }
}

#[test]
fn a_sum_that_a_script_stores_is_done_again() {
    let cases: [Case; 5] = [
        (&[("D2", "><f>SUM(D3:D4)</f><v>100</v>")], &[]),
        (&[("D2", "><f>SUM(D3:D4)</f><v>0</v>")], &["D2 formula-error"]),
        (&[("D2", "><f>SUM(D3:D4)</f><v>99</v>")], &["D2 formula-error"]),
        (&[("D2", "><f>Other!D3</f><v>60</v>")], &["D2 formula-error"]),
        // What it adds up was never computed either.
        (
            &[("D2", "><f>SUM(D3:D4)</f><v>100</v>"), ("D3", "><f>6*10</f><v>60</v>")],
            &["D2 formula-error", "D3 formula-error"],
        ),
    ];
    for (cells, expected) in cases {
        let parts = Parts { workbook: "<calcPr fullCalcOnLoad=\"1\"/>", ..Parts::cells(cells) };
        assert_eq!(found(parts.parts()), expected, "{cells:?}");
    }
}

#[test]
fn prefixes_and_the_strict_form_read_alike() {
    let masked = Parts { third: " hidden=\"true\"", ..Parts::cells(&[("D2", " s=\"1\"><v>50</v>")]) };
    for write in [prefixed, strict] {
        let rewritten = |parts: Parts| {
            let of_sheets = |name: &str| name.starts_with("xl/") && !name.ends_with(".rels");
            let rewrite = |(name, text): (&'static str, String)| {
                let strict_only = name.ends_with(".rels") && write(MAIN) != MAIN;
                let text = if of_sheets(name) || strict_only { write(&text) } else { text };
                (name, text)
            };
            parts.parts().into_iter().map(rewrite).collect::<Vec<_>>()
        };
        assert_eq!(found(rewritten(Parts::default())), [""; 0]);
        assert_eq!(found(rewritten(masked.clone())), ["D2 masked-value", "A3 hidden-data"]);
    }
}
