//! A workbook's sheet as CSV text in which every cell knows its name. **calamine** lives here.
//!
//! A cell reads as the sheet shows it, not as it is stored: a day that is shown as a month is a month, and 0.075 that is
//! shown as a percentage keeps its sign. Otherwise a precision, or a factor, that nobody wrote would slip in.

#[allow(dead_code, reason = "read by the judge of a sheet")]
mod format;

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Style, Xlsx, XlsxError};

use crate::diagnostic::{Bytes, Sheet};

/// The ending of the files that are read here.
pub(super) const ENDING: &str = ".xlsx";

/// More cells than these, empty ones between them counted, are no table that people keep in a workbook.
const MOST_CELLS: usize = 1 << 23;

/// Why a workbook cannot be read.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub(super) message: String,
    pub(super) hint: String,
}

/// Whether a file is a workbook, whatever it is called: an archive, or the older form.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0")
}

/// A workbook that is called something else.
pub(super) fn misnamed() -> Unreadable {
    let hint = format!("save it as CSV, or let its name end with `{ENDING}`");
    Unreadable { message: "the file is a workbook, though its name says that it is CSV".to_owned(), hint }
}

/// The text of the sheet that holds `table`, and where its cells stand.
pub(super) fn text(bytes: &Bytes, table: &str) -> Result<(Bytes, Sheet), Unreadable> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(&bytes[..])).map_err(|error| unreadable(&error))?;
    let sheet = choose(sheets(&mut workbook)?, table)?;
    sheet.written()
}

fn unreadable(error: &XlsxError) -> Unreadable {
    let hint = "open it in the spreadsheet and save it anew as .xlsx, without a password".to_owned();
    let message = match error {
        XlsxError::Password => "the workbook is locked by a password".to_owned(),
        XlsxError::Zip(_) | XlsxError::Io(_) => "the file is no workbook, or a damaged one".to_owned(),
        other => format!("the workbook cannot be read: {}", other.to_string().to_lowercase()),
    };
    Unreadable { message, hint }
}

/// What a sheet holds: its cells that are not empty, by row and column from 0.
struct Cells {
    name: String,
    cells: Vec<((u32, u32), String)>,
}

/// The sheets that hold anything.
fn sheets(workbook: &mut Xlsx<Cursor<&[u8]>>) -> Result<Vec<Cells>, Unreadable> {
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        let mut reader = match workbook.worksheet_cells_reader(&name) {
            Err(XlsxError::NotAWorksheet(_)) => continue,
            reader => reader.map_err(|error| unreadable(&error))?,
        };
        let mut cells = Vec::new();
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|error| unreadable(&error))? {
            let shown = shown(cell.get_value(), reader.styles().get(style));
            if !shown.is_empty() {
                cells.push((cell.get_position(), shown));
            }
            if cells.len() > MOST_CELLS {
                return Err(too_large(&name, "more than can be"));
            }
        }
        if !cells.is_empty() {
            sheets.push(Cells { name, cells });
        }
    }
    Ok(sheets)
}

fn too_large(sheet: &str, found: &str) -> Unreadable {
    let message = format!("the sheet `{sheet}` holds {found} cells; at most {MOST_CELLS} are read from a workbook");
    let hint = "delete what stands apart from the table; a table of this size is kept as CSV".to_owned();
    Unreadable { message, hint }
}

/// The sheet that is called like the table, or the only one.
fn choose(mut sheets: Vec<Cells>, table: &str) -> Result<Cells, Unreadable> {
    if let Some(named) = sheets.iter().position(|sheet| sheet.name.eq_ignore_ascii_case(table)) {
        return Ok(sheets.swap_remove(named));
    }
    match sheets.len() {
        0 => Ok(Cells { name: String::new(), cells: Vec::new() }),
        1 => Ok(sheets.swap_remove(0)),
        _ => {
            let names: Vec<String> = sheets.iter().map(|sheet| format!("`{}`", sheet.name)).collect();
            let message =
                format!("the workbook holds several sheets, none of them called `{table}`: {}", names.join(", "));
            Err(Unreadable { message, hint: format!("call the sheet that holds the table `{table}`") })
        }
    }
}

impl Cells {
    /// The smallest grid that holds every cell: its first row and column, its rows and columns.
    fn grid(&self) -> ((u32, u32), (usize, usize)) {
        let rows = || self.cells.iter().map(|((row, _), _)| *row);
        let columns = || self.cells.iter().map(|((_, column), _)| *column);
        let (Some(top), Some(left)) = (rows().min(), columns().min()) else { return ((0, 0), (0, 0)) };
        let size = |last: Option<u32>, first: u32| last.map_or(0, |last| (last - first) as usize + 1);
        ((top, left), (size(rows().max(), top), size(columns().max(), left)))
    }

    fn written(mut self) -> Result<(Bytes, Sheet), Unreadable> {
        let (origin, (height, width)) = self.grid();
        let area = height.saturating_mul(width);
        if area > MOST_CELLS {
            return Err(too_large(&self.name, &format!("{height} rows of {width}")));
        }
        // In the file they need not stand in order.
        self.cells.sort_by_key(|(place, _)| *place);
        let (mut text, mut starts) = (String::new(), Vec::with_capacity(area));
        let mut cells = self.cells.iter().peekable();
        for row in (origin.0..).take(height) {
            for column in (origin.1..).take(width) {
                if column > origin.1 {
                    text.push(',');
                }
                starts.push(text.len());
                while let Some((_, cell)) = cells.next_if(|(place, _)| *place == (row, column)) {
                    push(&mut text, cell);
                }
            }
            text.push('\n');
        }
        Ok((text.into_bytes().into(), Sheet { name: self.name, origin, width, cells: starts }))
    }
}

/// A cell as CSV has it.
fn push(text: &mut String, cell: &str) {
    if cell.contains([',', '"', '\n', '\r']) {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}

/// A cell as the sheet shows it.
fn shown(cell: &DataRef<'_>, style: Option<&Style>) -> String {
    let format = style.and_then(|style| style.number_format.as_ref()).map_or("", |format| &format.format_code);
    match cell {
        DataRef::Empty => String::new(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(float) => number(*float, format),
        DataRef::DateTime(day) if day.is_datetime() => date(day, format),
        DataRef::DateTime(duration) => number(duration.as_f64(), format),
        DataRef::Error(error) => error.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
    }
}

/// A number to the fifteen digits that a spreadsheet keeps.
fn number(number: f64, format: &str) -> String {
    let fifteen = |number: f64| format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    if letters(format).contains('%') { format!("{}%", fifteen(number * 100.0)) } else { fifteen(number).to_string() }
}

/// A day as far as its format shows it.
fn date(date: &ExcelDateTime, format: &str) -> String {
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let format = letters(format);
    let shows = |letter: char| format.contains(letter);
    if format.is_empty() || shows('y') && shows('d') {
        let midnight = (hour, minute, second) == (0, 0, 0);
        let time = if midnight { String::new() } else { format!(" {hour:02}:{minute:02}:{second:02}") };
        return format!("{year:04}-{month:02}-{day:02}{time}");
    }
    match (shows('y'), shows('d')) {
        (true, _) if shows('m') => format!("{year:04}-{month:02}"),
        (true, _) => format!("{year:04}"),
        // A span such as `10-14`, of which the spreadsheet has made a day of this year.
        (false, true) => format!("{day}-{}", MONTHS[usize::from(month.clamp(1, 12)) - 1]),
        (false, false) => number(date.as_f64(), ""),
    }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The letters of a format that stand for something: without literal text, colours and conditions.
fn letters(format: &str) -> String {
    let (mut letters, mut chars) = (String::new(), format.split(';').next().unwrap_or_default().chars());
    while let Some(c) = chars.next() {
        match c {
            '"' => drop(chars.find(|c| *c == '"')),
            '[' => drop(chars.find(|c| *c == ']')),
            '\\' | '_' | '*' => drop(chars.next()),
            c => letters.extend(c.to_lowercase()),
        }
    }
    if letters == "general" { String::new() } else { letters }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    fn shown_as(day: f64, format: &str) -> String {
        date(&ExcelDateTime::new(day, ExcelDateTimeType::DateTime, false), format)
    }

    #[test]
    fn a_day_reads_as_far_as_it_is_shown() {
        assert_eq!(shown_as(39_360.0, "yyyy-mm-dd"), "2007-10-05");
        assert_eq!(shown_as(39_356.0, "mmm-yy"), "2007-10");
        assert_eq!(shown_as(39_356.0, "[$-409]mmm\\-yy;@"), "2007-10");
        assert_eq!(shown_as(39_356.0, "yyyy"), "2007");
        assert_eq!(shown_as(39_369.0, "d-mmm"), "14-Oct");
        assert_eq!(shown_as(39_360.5, "yyyy-mm-dd hh:mm"), "2007-10-05 12:00:00");
    }

    #[test]
    fn a_number_has_no_more_digits_than_it_was_given() {
        assert_eq!(number(23.0, "#,##0"), "23");
        assert_eq!(number(0.1 + 0.2, ""), "0.3");
        assert_eq!(number(0.075, "0.0%"), "7.5%");
        assert_eq!(number(0.5, "0 \"%\""), "0.5");
    }
}
