//! A table as a workbook in which people fill it in: **`rust_xlsxwriter`** lives here.
//!
//! The columns are text to a spreadsheet, but for those of numbers: otherwise it makes a day of `2023-05` and drops the zero of
//! `007`. The same table gives the same bytes.

use anyhow::Result;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Formula, IgnoreError, Note, ProtectionOptions, Workbook, Worksheet, XlsxError, utility,
};

/// A table to fill in.
pub struct BookTable {
    /// Its name, and that of its sheet.
    pub name: String,
    /// Its columns.
    pub columns: Vec<BookColumn>,
    /// The rows that are there already, a cell for each column.
    pub rows: Vec<Vec<String>>,
}

/// A column of such a table.
pub struct BookColumn {
    /// Its label.
    pub label: String,
    /// What it holds, as a note at its label.
    pub note: String,
    /// Whether each row needs a cell.
    pub required: bool,
    /// Whether numbers are numbers to the spreadsheet; all else is text.
    pub numbers: bool,
    /// What the spreadsheet offers, and what it asks about.
    pub offer: Offer,
}

/// What a spreadsheet offers for a cell.
pub enum Offer {
    /// Nothing: anything may be typed.
    Nothing,
    /// Codes, each with its meaning; with `only` nothing else is taken.
    Codes {
        /// The codes.
        codes: Vec<(String, String)>,
        /// Whether the spreadsheet refuses others, or only asks.
        only: bool,
    },
    /// What stands in a column of the same table.
    Column(usize),
    /// A whole number between these, or one of the words.
    Whole {
        /// Conditions on the number, such as `>=0`.
        bounds: Vec<String>,
        /// The words.
        words: Vec<String>,
    },
}

/// The last row of a sheet, from 0.
const LAST: u32 = 1_048_575;
/// The name of the sheet with the codes; the second where the table has the first.
const CODES: [&str; 2] = ["codes", "lists"];
/// Longer formulas are not valid in a validation.
const LONGEST_FORMULA: usize = 255;
/// The bounds of a column's width, in characters, and what the arrow of the filter takes.
const NARROWEST: usize = 9;
const WIDEST: usize = 48;
const ARROW: usize = 4;

/// The name of the sheet with the codes of a table.
#[must_use]
pub fn codes_sheet(table: &str) -> &'static str {
    if table.eq_ignore_ascii_case(CODES[0]) { CODES[1] } else { CODES[0] }
}

/// Whether a text is a number that a spreadsheet keeps as it is written.
#[must_use]
pub fn as_number(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let number = text.parse::<f64>().ok().filter(|_| (1..=15).contains(&digits) && !text.starts_with("-0"))?;
    (number.to_string() == text).then_some(number)
}

/// The bytes of the workbook.
///
/// # Errors
/// When a text or the table is larger than a workbook can hold.
pub fn workbook(table: &BookTable) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(&table.name).set_creation_datetime(&made));
    let mut sheet = Worksheet::new();
    sheet.set_name(&table.name)?;
    head(&mut sheet, table)?;
    body(&mut sheet, table)?;
    offers(&mut sheet, table)?;
    let protection = ProtectionOptions {
        format_cells: true,
        format_columns: true,
        format_rows: true,
        insert_rows: true,
        delete_rows: true,
        sort: true,
        use_autofilter: true,
        ..ProtectionOptions::default()
    };
    sheet.protect_with_options(&protection);
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    book.push_worksheet(sheet);
    if listed(table).next().is_some() {
        book.push_worksheet(codes(table)?);
    }
    Ok(book.save_to_buffer()?)
}

/// The columns with codes: the number of the column, the column and its codes.
fn listed(table: &BookTable) -> impl Iterator<Item = (usize, &BookColumn, &[(String, String)])> {
    table.columns.iter().enumerate().filter_map(|(at, column)| match &column.offer {
        Offer::Codes { codes, .. } if !codes.is_empty() => Some((at, column, codes.as_slice())),
        _ => None,
    })
}

fn column_number(at: usize) -> Result<u16> {
    Ok(u16::try_from(at)?)
}

fn label_format(required: bool) -> Format {
    let (ground, text) = if required { (0x1F_4E_79, 0xFF_FF_FF) } else { (0xDD_E6_EF, 0x1F_2A_37) };
    let format = Format::new().set_bold().set_background_color(Color::RGB(ground)).set_font_color(Color::RGB(text));
    format.set_border_bottom(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter)
}

/// The format of the cells below a label, which stay open.
fn cell_format(numbers: bool) -> Format {
    let format = Format::new().set_unlocked();
    if numbers {
        format.set_align(FormatAlign::Right).set_indent(1)
    } else {
        format.set_num_format("@").set_align(FormatAlign::Left)
    }
}

/// The row of labels, which stays in view and is locked, with its notes.
fn head(sheet: &mut Worksheet, table: &BookTable) -> Result<()> {
    for (at, column) in table.columns.iter().enumerate() {
        let number = column_number(at)?;
        let cells = table.rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
        let label = column.label.chars().count() + ARROW;
        let width = label.max(cells.unwrap_or_default() + 1).clamp(NARROWEST, WIDEST.max(label));
        sheet.set_column_format(number, &cell_format(column.numbers))?;
        sheet.set_column_width(number, f64::from(u16::try_from(width)?))?;
        sheet.write_string_with_format(0, number, &column.label, &label_format(column.required))?;
        sheet.insert_note(0, number, &note(&column.note))?;
    }
    if let Some(last) = table.columns.len().checked_sub(1) {
        // It takes in rows to come, but is no range of whole columns, which not every spreadsheet takes for a filter.
        sheet.autofilter(0, 0, LAST - 1, column_number(last)?)?;
        let below = (1, 0, LAST, column_number(last)?);
        sheet.ignore_error_range(below.0, below.1, below.2, below.3, IgnoreError::NumberStoredAsText)?;
    }
    sheet.set_row_height(0, 20)?.set_freeze_panes(1, 0)?;
    Ok(())
}

/// A note as large as its text.
fn note(text: &str) -> Note {
    const WIDTH: u32 = 330;
    const LINE: u32 = 17;
    const LETTERS: usize = 46;
    let lines: usize = text.lines().map(|line| line.chars().count().div_ceil(LETTERS).max(1)).sum();
    let height = LINE * u32::try_from(lines + 1).unwrap_or(20);
    Note::new(text).add_author_prefix(false).set_width(WIDTH).set_height(height).set_font_size(9)
}

/// The rows that are there.
fn body(sheet: &mut Worksheet, table: &BookTable) -> Result<()> {
    let formats: Vec<Format> = table.columns.iter().map(|column| cell_format(column.numbers)).collect();
    let text = cell_format(false);
    for (row, cells) in (1..).zip(&table.rows) {
        for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let (number, numbers) = (column_number(at)?, table.columns.get(at).is_some_and(|column| column.numbers));
            match as_number(cell).filter(|_| numbers) {
                Some(value) => sheet.write_number_with_format(row, number, value, &formats[at])?,
                None => sheet.write_string_with_format(row, number, cell, &text)?,
            };
        }
    }
    Ok(())
}

/// What is offered below each label, down to the last row of the sheet.
fn offers(sheet: &mut Worksheet, table: &BookTable) -> Result<()> {
    let lists = codes_sheet(&table.name);
    for (place, (at, column, codes)) in listed(table).enumerate() {
        let from = utility::column_number_to_name(column_number(place * 2)?);
        let range = format!("={lists}!${from}$2:${from}${}", codes.len() + 1);
        let only = matches!(column.offer, Offer::Codes { only: true, .. });
        let rule = DataValidation::new().allow_list_formula(Formula::new(range));
        below(sheet, at, &asked(rule, column, only)?)?;
    }
    for (at, column) in table.columns.iter().enumerate() {
        match &column.offer {
            Offer::Column(from) => {
                let from = utility::column_number_to_name(column_number(*from)?);
                let last = LAST + 1;
                let range = format!("=OFFSET(${from}$2,0,0,MAX(1,COUNTA(${from}$2:${from}${last})),1)");
                let rule = DataValidation::new().allow_list_formula(Formula::new(range));
                below(sheet, at, &asked(rule, column, false)?)?;
            }
            Offer::Whole { bounds, words } => {
                let formula = whole(&utility::row_col_to_cell(1, column_number(at)?), bounds, words);
                if formula.len() <= LONGEST_FORMULA {
                    let rule = DataValidation::new().allow_custom(Formula::new(formula));
                    below(sheet, at, &asked(rule, column, true)?)?;
                }
            }
            Offer::Nothing | Offer::Codes { .. } => {}
        }
    }
    Ok(())
}

fn below(sheet: &mut Worksheet, at: usize, rule: &DataValidation) -> Result<()> {
    let column = column_number(at)?;
    sheet.add_data_validation(1, column, LAST, column, rule)?;
    Ok(())
}

/// The condition under which a cell is a whole number or one of the words. Only the branch that applies is computed: a word has no
/// whole part.
fn whole(cell: &str, bounds: &[String], words: &[String]) -> String {
    let bounds: String = bounds.iter().map(|bound| format!(",{cell}{bound}")).collect();
    let words = words.iter().map(|word| format!("{cell}=\"{}\"", word.replace('"', "\"\"")));
    let words: Vec<String> = words.collect();
    let word = if words.is_empty() { "FALSE".to_owned() } else { format!("OR({})", words.join(",")) };
    format!("=IF(ISNUMBER({cell}),AND({cell}=INT({cell}){bounds}),{word})")
}

/// A rule with what the spreadsheet says where a cell does not keep it: it refuses, or only asks.
fn asked(rule: DataValidation, column: &BookColumn, only: bool) -> Result<DataValidation, XlsxError> {
    let label = &column.label;
    let short = if label.chars().count() <= 60 { format!("`{label}`") } else { "this column".to_owned() };
    let (style, title, message) = match (&column.offer, only) {
        (Offer::Whole { .. }, _) => (
            DataValidationErrorStyle::Stop,
            "Not a whole number",
            format!("The note at {short} says what may stand here."),
        ),
        (_, true) => {
            (DataValidationErrorStyle::Stop, "Not one of the codes", format!("Choose a code of {short} from the list."))
        }
        (_, false) => {
            let message =
                format!("It is not in the list of {short}; `tipbrief check` tells whether it is right all the same.");
            (DataValidationErrorStyle::Warning, "Not in the list", message)
        }
    };
    rule.set_error_style(style).set_error_title(title)?.set_error_message(message)
}

/// The sheet with the codes: two columns for each column of the table, the code and its meaning.
fn codes(table: &BookTable) -> Result<Worksheet> {
    let mut sheet = Worksheet::new();
    sheet.set_name(codes_sheet(&table.name))?;
    let (head, text) = (label_format(false), Format::new().set_num_format("@").set_align(FormatAlign::Left));
    for (place, (_, column, codes)) in listed(table).enumerate() {
        let (code_at, meaning_at) = (column_number(place * 2)?, column_number(place * 2 + 1)?);
        sheet.write_string_with_format(0, code_at, &column.label, &head)?;
        sheet.write_string_with_format(0, meaning_at, "meaning", &head)?;
        for (row, (code, meaning)) in (1..).zip(codes) {
            match as_number(code).filter(|_| column.numbers) {
                Some(number) => sheet.write_number(row, code_at, number)?,
                None => sheet.write_string_with_format(row, code_at, code, &text)?,
            };
            sheet.write_string(row, meaning_at, meaning)?;
        }
        let longest = |texts: &mut dyn Iterator<Item = &String>| texts.map(|text| text.chars().count()).max();
        let widths = [
            longest(&mut codes.iter().map(|(code, _)| code).chain([&column.label])),
            longest(&mut codes.iter().map(|(_, meaning)| meaning)),
        ];
        for (at, width) in [code_at, meaning_at].into_iter().zip(widths) {
            let width = (width.unwrap_or_default() + 2).clamp(NARROWEST, WIDEST);
            sheet.set_column_width(at, f64::from(u16::try_from(width)?))?;
        }
    }
    sheet.set_freeze_panes(1, 0)?.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    sheet.protect_with_options(&ProtectionOptions { format_columns: true, ..ProtectionOptions::default() });
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_that_comes_back_as_it_was_is_one_to_the_spreadsheet() {
        for kept in ["0", "41", "-3", "6.5", "999999999999999"] {
            assert!(as_number(kept).is_some(), "{kept}");
        }
        for text in ["", "007", "6.50", "1e5", "+4", "-0", "1,000", "..", "NaN", "inf", "1234567890123456", " 4"] {
            assert_eq!(as_number(text), None, "{text}");
        }
    }

    #[test]
    fn a_whole_number_has_bounds_and_words() {
        let strings = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            whole("C2", &strings(&[">=0"]), &strings(&["..", "<5", "a\"b"])),
            "=IF(ISNUMBER(C2),AND(C2=INT(C2),C2>=0),OR(C2=\"..\",C2=\"<5\",C2=\"a\"\"b\"))"
        );
        assert_eq!(whole("C2", &[], &[]), "=IF(ISNUMBER(C2),AND(C2=INT(C2)),FALSE)");
    }

    #[test]
    fn the_same_table_gives_the_same_bytes() -> Result<()> {
        let offer = Offer::Codes { codes: vec![("a".into(), "one".into())], only: true };
        let column = BookColumn { label: "x".into(), note: "A note.".into(), required: true, numbers: false, offer };
        let table = BookTable { name: "codes".into(), columns: vec![column], rows: vec![vec!["a".into()]] };
        assert_eq!(workbook(&table)?, workbook(&table)?);
        Ok(())
    }
}
