//! Skips plain cells, which have no marks and fill most of a sheet, without parsing them as XML.
//!
//! Only cells in the form that all programs write are skipped, and only if they are in the buffer as a whole. Everything
//! else, even if it is correct, is parsed as XML.

use memchr::memchr;

use super::super::sheet::Place;
use super::reference::place;
use super::strings::Marked;

/// What was skipped.
#[derive(Debug, Default)]
pub(super) struct Passed {
    /// The number of bytes.
    pub(super) length: usize,
    pub(super) cells: usize,
    /// The place of the next cell if it does not state its own; none if nothing was skipped.
    pub(super) next: Option<Place>,
}

/// What some bytes begin with.
enum Plain<'b> {
    /// A cell with this name.
    Cell(&'b [u8]),
    /// The end of a row, and the start of the row with this number.
    Row(&'b [u8]),
}

/// Skips the plain cells and rows after the end of a cell; `strings` are the shared texts with marks.
pub(super) fn passed(bytes: &[u8], strings: &Marked) -> Passed {
    let (mut passed, mut last, mut rest) = (Passed::default(), None, bytes);
    loop {
        let trimmed = rest.trim_ascii_start();
        let (plain, after) = match (cell(trimmed, strings), trimmed) {
            (Some((name, after)), _) => (Plain::Cell(name), after),
            (None, trimmed) => match row(trimmed) {
                Some((number, after)) => (Plain::Row(number), after),
                None => break,
            },
        };
        passed.cells += usize::from(matches!(plain, Plain::Cell(_)));
        (last, rest) = (Some(plain), after);
    }
    passed.length = bytes.len() - rest.len();
    passed.next = last.and_then(|last| last.next());
    passed
}

impl Plain<'_> {
    fn next(&self) -> Option<Place> {
        match self {
            Self::Cell(name) => {
                let (row, column) = place(std::str::from_utf8(name).ok()?)?;
                Some((row, column + 1))
            }
            Self::Row(number) => {
                let number: u32 = std::str::from_utf8(number).ok()?.parse().ok()?;
                Some((number.saturating_sub(1), 0))
            }
        }
    }
}

/// A plain cell: its name, and the bytes after it.
fn cell<'b>(bytes: &'b [u8], strings: &Marked) -> Option<(&'b [u8], &'b [u8])> {
    let rest = bytes.strip_prefix(b"<c r=\"")?;
    let letters = rest.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let digits = number(rest.get(letters..)?)?.len();
    let (name, rest) = rest.split_at(letters + digits);
    let (mut rest, mut shared) = (rest.strip_prefix(b"\"")?, false);
    if !(1..=3).contains(&letters) || name.get(letters) == Some(&b'0') {
        return None;
    }
    while let Some(attribute) = rest.strip_prefix(b" ") {
        rest = if let Some(style) = attribute.strip_prefix(b"s=\"") {
            word(style)?.1
        } else {
            let (kind, after) = word(attribute.strip_prefix(b"t=\"")?)?;
            shared |= kind == b"s";
            after
        };
    }
    if let Some(rest) = rest.strip_prefix(b"/>") {
        return Some((name, rest));
    }
    let texts = if shared { Some(strings) } else { None };
    Some((name, value(rest.strip_prefix(b">")?, texts)?))
}

/// The bytes after the plain value of a cell and its end. A text in `strings` is not plain.
fn value<'b>(bytes: &'b [u8], strings: Option<&Marked>) -> Option<&'b [u8]> {
    if let Some(rest) = bytes.strip_prefix(b"<v>") {
        let (value, rest) = rest.split_at(memchr(b'<', rest)?);
        if let Some(strings) = strings.filter(|strings| !strings.is_empty()) {
            let number: usize = std::str::from_utf8(number(value).filter(|n| *n == value)?).ok()?.parse().ok()?;
            if strings.contains_key(&number) {
                return None;
            }
        }
        return rest.strip_prefix(b"</v></c>");
    }
    let Some(text) = bytes.strip_prefix(b"<is><t") else { return bytes.strip_prefix(b"</c>") };
    let text = text.strip_prefix(b" xml:space=\"preserve\"").unwrap_or(text).strip_prefix(b">")?;
    text.get(memchr(b'<', text)?..)?.strip_prefix(b"</t></is></c>")
}

/// The end of a row and the plain start of another: its number, and the bytes after it.
fn row(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = bytes.strip_prefix(b"</row>")?.trim_ascii_start().strip_prefix(b"<row r=\"")?;
    let number = number(rest)?;
    let mut rest = rest.get(number.len()..)?.strip_prefix(b"\"")?;
    while let Some(attribute) = rest.strip_prefix(b" ") {
        let (name, after) = attribute.split_at(memchr(b'=', attribute)?);
        let after = after.strip_prefix(b"=\"")?;
        let (value, after) = after.split_at(memchr(b'"', after)?);
        if !says_nothing(name, value) {
            return None;
        }
        rest = after.strip_prefix(b"\"")?;
    }
    Some((number, rest.strip_prefix(b">")?))
}

/// Whether a row stays visible with an attribute.
fn says_nothing(name: &[u8], value: &[u8]) -> bool {
    let high = |value: &[u8]| match value {
        [b'1'..=b'9', b'0'..=b'9', rest @ ..] => rest.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.'),
        _ => false,
    };
    let known = match name {
        b"ht" => high(value),
        b"hidden" => matches!(value, b"0" | b"false"),
        b"spans" | b"s" | b"customFormat" | b"customHeight" | b"thickTop" | b"thickBot" | b"outlineLevel"
        | b"collapsed" | b"x14ac:dyDescent" => true,
        _ => false,
    };
    known && !value.iter().any(|byte| matches!(byte, b'<' | b'&'))
}

/// The digits at the start of some bytes, if they are no longer than the number of a row.
fn number(bytes: &[u8]) -> Option<&[u8]> {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let sound = (1..=7).contains(&digits) && (digits == 1 || bytes.first() != Some(&b'0'));
    bytes.get(..digits).filter(|_| sound)
}

/// Letters and digits up to a quote, and the bytes after it.
fn word(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| !byte.is_ascii_alphanumeric())?;
    let (word, rest) = bytes.split_at(end);
    Some((word, rest.strip_prefix(b"\"")?))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use proptest::prelude::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::super::super::sheet::{Mark, Script};
    use super::super::book::Book;
    use super::super::colours::Theme;
    use super::super::part::Archive;
    use super::super::styles::Styles;
    use super::super::worksheet::{Details, Known, read_with};
    use super::*;

    /// The pieces of test sheets: cells and rows in every spelling, correct and broken.
    const PIECES: &[&str] = &[
        r#"<c r="A2"><v>1</v></c>"#,
        r#"<c r="B2" s="1"><v>2.5E-3</v></c>"#,
        r#"<c r="C2" t="s"><v>3</v></c>"#,
        r#"<c r="C2" s="4" t="s"><v>7</v></c>"#,
        r#"<c t="s" r="D2"><v>7</v></c>"#,
        r#"<c r="D3" t='s'><v>7</v></c>"#,
        r#"<c r="D3" t="s"><v> 7 </v></c>"#,
        r#"<c r="D3" t="s"><v>07</v></c>"#,
        r#"<c r="D3" t="s"><v><![CDATA[7]]></v></c>"#,
        r#"<c r="D3" t="s" t="str"><v>7</v></c>"#,
        r#"<c r="E3" t="str"><f>A2&amp;""</f><v></v></c>"#,
        r#"<c r="E3"/>"#,
        r#"<c r="E3" s="2"></c>"#,
        r#"<c r="E3" />"#,
        "<c r='E4'><v>1</v></c>",
        "<c><v>1</v></c>",
        "<c><f>A1</f></c>",
        r#"<c t="s"><v>7</v></c>"#,
        r#"<c r="F4" r="B9"><v>1</v></c>"#,
        r#"<c r="F4" cm="1"><v>1</v></c>"#,
        r#"<c r="F4" vm="a>b"><v>1</v></c>"#,
        r#"<c r="A0"><v>1</v></c>"#,
        r#"<c r="7"><v>1</v></c>"#,
        r#"<c r="ABCD12345678"><v>1</v></c>"#,
        r#"<c r="XFD1048576"><v>1</v></c>"#,
        r#"<c r="$A$5"><v>1</v></c>"#,
        r#"<c r="a5"><v>1</v></c>"#,
        r#"<c r="G5"><f>SUM(A1:A4)</f><v>3</v></c>"#,
        r#"<c r="G5"><f>SUM(A1:A4)</f></c>"#,
        r#"<c r="G5"><f t="shared" ref="G5:G9" si="0">[1]a!A1</f><v>3</v></c>"#,
        r#"<c r="G6"><f t="shared" si="0"/><v>3</v></c>"#,
        r#"<c r="G6"><v>3</v><f>[1]a!A1</f></c>"#,
        r#"<c r="H6" t="inlineStr"><is><t>a &lt; b</t></is></c>"#,
        r#"<c r="H6" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>"#,
        r#"<c r="H6" t="inlineStr"><is><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></is></c>"#,
        r#"<c r="H6" t="inlineStr"><is><t>a</t><r><rPr><strike/></rPr><t>1</t></r></is></c>"#,
        r#"<c r="H6" t="inlineStr"><is><t><![CDATA[</t></is></c>]]></t></is></c>"#,
        r#"<x:c r="I6"><x:f>A1</x:f></x:c>"#,
        r#"<x:c r="I6" t="s"><x:v>7</x:v></x:c>"#,
        r#"<c r="I6"><!-- <v> --><v>1</v></c>"#,
        r#"<!-- <c r="A9"><f>A1</f></c> -->"#,
        "<?pi <c r=\"A9\"><v>1</v></c> ?>",
        "<![CDATA[<c r=\"A9\"><f>A1</f></c>]]>",
        "</row><row>",
        r#"</row><row r="4">"#,
        r#"</row><row r="5" spans="1:8" s="1" customFormat="1" ht="15.75" x14ac:dyDescent="0.25">"#,
        r#"</row><row r="6" ht="1.5">"#,
        r#"</row><row r="6" ht="15e-1">"#,
        r#"</row><row r="7" hidden="1">"#,
        r#"</row><row r="8" hidden="0">"#,
        r#"</row><row r="8" hidden="true" ht="30">"#,
        r#"</row><row hidden="1" r="9">"#,
        "</row><row r='9' hidden='1'>",
        r#"</row><row r="10"/><row r="11">"#,
        r#"</row><row r="10" hidden="1"/><row r="11">"#,
        r#"</row><x:row r="12" x:hidden="1">"#,
        r#"</row><row r="13" x:hidden="1">"#,
        r#"</row><row r="0"><c><f>A1</f></c>"#,
        "\n  ",
        "text",
    ];

    fn details(sheet: &str, passes: bool) -> Result<Details, String> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("sheet.xml", SimpleFileOptions::default()).expect("a part");
        zip.write_all(sheet.as_bytes()).expect("its text");
        let bytes = zip.finish().expect("an archive").into_inner();
        let book = Book { folder: String::new(), sheets: Vec::new(), stale: false, foreign: Vec::new() };
        let strings = Marked::from([(7, vec![Mark::Run { script: Script::Raised, part: "1".to_owned() }])]);
        let mut archive = Archive::open(&bytes).expect("an archive");
        let (theme, styles) = (Theme::read(&mut archive, "").expect("the plain theme"), Styles::default());
        let known = Known { book: &book, theme: &theme, strings: &strings, styles: &styles };
        let part = archive.part("sheet.xml").expect("a sound archive").expect("a part");
        read_with(part, "table", &known, passes).map_err(|why| why.message)
    }

    /// A sheet of pieces.
    fn sheet(pieces: &str) -> String {
        let start = r#"<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c>"#;
        let end = r#"</row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>"#;
        format!("{start}{pieces}{end}")
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn to_pass_over_cells_changes_nothing(numbers in prop::collection::vec(0..PIECES.len(), 0..24)) {
            let sheet = sheet(&numbers.iter().map(|number| PIECES[*number]).collect::<String>());
            prop_assert_eq!(details(&sheet, true), details(&sheet, false), "{}", sheet);
        }
    }

    #[test]
    fn a_cell_that_stands_out_among_very_many_is_found() {
        for odd in ["<c><f>A1</f></c>", r#"<c r="B7" t="s"><v>7</v></c>"#] {
            let row = |number: usize| {
                let odd = if number.is_multiple_of(1009) { odd } else { "" };
                format!(r#"</row><row r="{number}" spans="1:2"><c r="A{number}" s="3"><v>{number}</v></c>{odd}"#)
            };
            let sheet = sheet(&(2..20_000).map(row).collect::<String>());
            let passed = details(&sheet, true).expect("a sheet");
            assert_eq!(passed.marks.len(), 19);
            assert_eq!(Ok(passed), details(&sheet, false));
        }
    }

    #[test]
    fn plain_cells_are_passed_over_and_no_others() {
        let strings = Marked::from([(7, Vec::new())]);
        let plain =
            r#"<c r="A1" s="1" t="s"><v>8</v></c> <c r="B1"/></row><row r="12" spans="1:2"><c r="AB12"><v>1</v></c>"#;
        let sheet = format!(r#"{plain}<c r="AC12" t="s"><v>7</v></c>"#);
        let passed = passed(sheet.as_bytes(), &strings);
        assert_eq!((passed.length, passed.cells, passed.next), (plain.len(), 3, Some((11, 28))));
    }
}
