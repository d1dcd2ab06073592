//! How long a workbook takes to be read and judged, held against calamine alone over the same bytes, in one run.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use calamine::{Ods, Reader, Xlsx};
use tipbrief::diagnostic::Diagnostics;
use tipbrief::tables::ingest::ingest_file;
use zip::write::SimpleFileOptions;

const RUNS: usize = 7;
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A sheet: how many rows and columns, and how its texts are.
struct Shape {
    name: &'static str,
    rows: usize,
    columns: usize,
    /// Texts that need quotes as CSV, and are long.
    long: bool,
    /// Written as an office suite does.
    ods: bool,
}

const SHAPES: [Shape; 6] = [
    Shape { name: "12,500 rows of 8", rows: 12_500, columns: 8, long: false, ods: false },
    Shape { name: "25,000 rows of 8", rows: 25_000, columns: 8, long: false, ods: false },
    Shape { name: "100,000 rows of 8", rows: 100_000, columns: 8, long: false, ods: false },
    Shape { name: "100,000 rows of 8, long texts", rows: 100_000, columns: 8, long: true, ods: false },
    Shape { name: "20,000 rows of 60", rows: 20_000, columns: 60, long: false, ods: false },
    Shape { name: "100,000 rows of 8, .ods", rows: 100_000, columns: 8, long: false, ods: true },
];

/// A cell: numbers plain and with separators, days, texts that repeat, texts of its own.
fn cell(shape: &Shape, row: usize, column: usize, out: &mut String) -> std::fmt::Result {
    let mut rest = column;
    let mut letters = String::new();
    loop {
        letters.insert(0, char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        if rest < 26 {
            break;
        }
        rest = rest / 26 - 1;
    }
    let name = format!("{letters}{}", row + 1);
    match column % 8 {
        _ if row == 0 => write!(out, "<c r=\"{name}\" t=\"inlineStr\"><is><t>label {column}</t></is></c>"),
        0 => write!(out, "<c r=\"{name}\" s=\"2\"><v>{}</v></c>", 43_000 + row % 2000),
        1 | 2 | 5 => write!(out, "<c r=\"{name}\" t=\"s\"><v>{}</v></c>", (row * 7 + column) % 50),
        3 => write!(out, "<c r=\"{name}\"><v>{}</v></c>", row % 300),
        4 => write!(out, "<c r=\"{name}\" s=\"1\"><v>{}</v></c>", row * 13 % 90_000),
        6 => write!(out, "<c r=\"{name}\" t=\"s\"><v>{}</v></c>", 50 + row % 1000),
        _ if shape.long => {
            let text = "A remark, &quot;quoted&quot;, of a &lt;few&gt; words; ".repeat(4);
            write!(out, "<c r=\"{name}\" t=\"inlineStr\"><is><t>{text}{row}</t></is></c>")
        }
        _ => Ok(()),
    }
}

fn sheet(shape: &Shape) -> Result<String> {
    let mut out = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>");
    for row in 0..shape.rows {
        write!(out, "<row r=\"{}\" spans=\"1:{}\">", row + 1, shape.columns)?;
        for column in 0..shape.columns {
            cell(shape, row, column, &mut out)?;
        }
        out.push_str("</row>");
    }
    out.push_str("</sheetData></worksheet>");
    Ok(out)
}

fn workbook(shape: &Shape) -> Result<Vec<u8>> {
    let strings: String = (0..1050).map(|n| format!("<si><t>code_{n}</t></si>")).collect();
    let xf = |format: u8| format!("<xf numFmtId=\"{format}\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>");
    let styles = format!(
        "<styleSheet xmlns=\"{MAIN}\"><fonts><font><sz val=\"11\"/></font></fonts><fills><fill><patternFill \
         patternType=\"none\"/></fill></fills><cellXfs>{}{}{}</cellXfs></styleSheet>",
        xf(0),
        xf(3),
        xf(14)
    );
    let related = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/{kind}\" \
             Target=\"{target}\"/></Relationships>"
        )
    };
    let parts = [
        ("[Content_Types].xml", format!("<Types xmlns=\"{PACKAGE}/content-types\"/>")),
        ("_rels/.rels", related("officeDocument", "xl/workbook.xml")),
        ("xl/_rels/workbook.xml.rels", related("worksheet", "worksheets/sheet1.xml")),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"table\" sheetId=\"1\" \
                 r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        ("xl/sharedStrings.xml", format!("<sst xmlns=\"{MAIN}\">{strings}</sst>")),
        ("xl/styles.xml", styles),
        ("xl/worksheets/sheet1.xml", sheet(shape)?),
    ];
    packed(&parts)
}

/// The same cells as an office suite writes them.
fn open_document(shape: &Shape) -> Result<Vec<u8>> {
    let names = ["office", "table", "text", "style", "number"];
    let spaces: String = names
        .iter()
        .map(|name| format!(" xmlns:{name}=\"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0\""))
        .collect();
    let mut out = format!(
        "<office:document-content{spaces}><office:automatic-styles><number:number-style style:name=\"N3\"><number:number \
         number:decimal-places=\"0\" number:min-integer-digits=\"1\" number:grouping=\"true\"/></number:number-style>\
         <style:style style:name=\"ce1\" style:family=\"table-cell\" style:data-style-name=\"N3\"/>\
         </office:automatic-styles><office:body><office:spreadsheet><table:table table:name=\"table\">"
    );
    for row in 0..shape.rows {
        out.push_str("<table:table-row>");
        for column in 0..shape.columns {
            open_cell(row, column, &mut out)?;
        }
        out.push_str("</table:table-row>");
    }
    out.push_str("</table:table></office:spreadsheet></office:body></office:document-content>");
    let parts = [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_owned()),
        ("META-INF/manifest.xml", "<manifest:manifest/>".to_owned()),
        ("content.xml", out),
    ];
    packed(&parts)
}

fn open_cell(row: usize, column: usize, out: &mut String) -> std::fmt::Result {
    let text = |value: String| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{value}</text:p></table:table-cell>")
    };
    let number = |style: &str, value: usize, shown: String| {
        format!(
            "<table:table-cell{style} office:value-type=\"float\" office:value=\"{value}\"><text:p>{shown}</text:p>\
             </table:table-cell>"
        )
    };
    let written = match column % 8 {
        _ if row == 0 => text(format!("label {column}")),
        0 => {
            let day = format!("{}-{:02}-{:02}", 2015 + row % 6, 1 + row % 12, 1 + row % 28);
            format!(
                "<table:table-cell office:value-type=\"date\" office:date-value=\"{day}\"><text:p>{day}</text:p>\
                 </table:table-cell>"
            )
        }
        1 | 2 | 5 => text(format!("code_{}", (row * 7 + column) % 50)),
        3 => number("", row % 300, (row % 300).to_string()),
        4 => {
            let value = row * 13 % 90_000;
            let shown = if value < 1000 { value.to_string() } else { format!("{},{:03}", value / 1000, value % 1000) };
            number(" table:style-name=\"ce1\"", value, shown)
        }
        6 => text(format!("code_{}", 50 + row % 1000)),
        _ => "<table:table-cell/>".to_owned(),
    };
    out.write_str(&written)
}

fn packed(parts: &[(&str, String)]) -> Result<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(*name, SimpleFileOptions::default())?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Every cell with its style, one after the other, as calamine gives them.
fn calamine_alone(path: &Path) -> Result<usize> {
    let bytes = std::fs::read(path)?;
    if path.extension().is_some_and(|ending| ending == "ods") {
        let mut workbook: Ods<_> = Ods::new(Cursor::new(&bytes[..]))?;
        let range = workbook.worksheet_range("table")?;
        return Ok(range.used_cells().count());
    }
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(&bytes[..]))?;
    let name = workbook.sheet_names().into_iter().next().context("a sheet")?;
    let mut reader = workbook.worksheet_cells_reader(&name)?;
    let mut cells = 0;
    while let Some(cell) = reader.next_cell_with_style_id()? {
        black_box(&cell);
        cells += 1;
    }
    Ok(cells)
}

fn ours(path: &Path) -> Result<usize> {
    let mut diagnostics = Diagnostics::default();
    let folder = path.parent().context("a folder")?;
    let table = ingest_file(folder, Path::new(path.file_name().context("a file")?), &mut diagnostics)?;
    ensure!(diagnostics.is_empty(), "the workbook is sound");
    Ok(table.rows)
}

fn timed(read: fn(&Path) -> Result<usize>, path: &Path) -> Result<Duration> {
    let start = Instant::now();
    ensure!(black_box(read(path)?) > 0, "something is read");
    Ok(start.elapsed())
}

fn main() -> Result<()> {
    for shape in &SHAPES {
        let folder = tempfile::tempdir().context("a temporary folder")?;
        let path = folder.path().join(if shape.ods { "table.ods" } else { "table.xlsx" });
        std::fs::write(&path, if shape.ods { open_document(shape)? } else { workbook(shape)? })?;
        let (mut alone, mut whole) = (Duration::MAX, Duration::MAX);
        // In turn, so that what else the machine does falls on both.
        for _ in 0..RUNS {
            alone = alone.min(timed(calamine_alone, &path)?);
            whole = whole.min(timed(ours, &path)?);
        }
        let (alone, whole) = (alone.as_secs_f64(), whole.as_secs_f64());
        println!(
            "  {}: read and judged in {:.0} ms, by calamine alone in {:.0} ms: {:.2} times that",
            shape.name,
            whole * 1e3,
            alone * 1e3,
            whole / alone
        );
    }
    Ok(())
}
