//! Workbooks as scripts and spreadsheets write them, read into the model of a sheet and judged.

use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::kind::WorkbookKind;
use super::super::sheet::{Grid, Value, Workbook as _};
use super::super::{Judged, Read, Unreadable, read};
use super::Reader;
use crate::diagnostic::{Bytes, Code};

/// The styles of the sheets below.
const STYLES: &str = r##"
<number:number-style style:name="plus"><number:number number:decimal-places="0" number:min-integer-digits="1"/><number:text>+</number:text></number:number-style>
<number:number-style style:name="grouped"><number:number number:decimal-places="0" number:min-integer-digits="1" number:grouping="true"/></number:number-style>
<number:number-style style:name="general"><number:number number:min-integer-digits="1"/></number:number-style>
<number:number-style style:name="hidden"/>
<number:number-style style:name="negative"><number:text>-</number:text><number:number number:decimal-places="0" number:min-integer-digits="1"/><style:map style:condition="value()&gt;=0" style:apply-style-name="grouped"/></number:number-style>
<number:date-style style:name="month"><number:month number:textual="true"/><number:text> </number:text><number:year number:style="long"/></number:date-style>
<number:percentage-style style:name="percent"><number:number number:decimal-places="1" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>
<style:style style:name="Plus" style:family="table-cell" style:data-style-name="plus"/>
<style:style style:name="Grouped" style:family="table-cell" style:data-style-name="grouped"/>
<style:style style:name="General" style:family="table-cell" style:data-style-name="general"/>
<style:style style:name="Hidden" style:family="table-cell" style:data-style-name="hidden"/>
<style:style style:name="Negative" style:family="table-cell" style:data-style-name="negative"/>
<style:style style:name="Month" style:family="table-cell" style:data-style-name="month"/>
<style:style style:name="Percent" style:family="table-cell" style:data-style-name="percent"/>
<style:style style:name="Child" style:family="table-cell" style:parent-style-name="Plus"/>
<style:style style:name="Loop" style:family="table-cell" style:parent-style-name="Loop"/>
<style:style style:name="Low" style:family="table-cell"><style:text-properties style:text-position="-33% 58%"/></style:style>
<style:style style:name="Filled" style:family="table-cell"><style:table-cell-properties style:repeat-content="true"/></style:style>
<style:style style:name="White" style:family="table-cell"><style:text-properties fo:color="#FFFFFF"/></style:style>
<style:style style:name="Mapped" style:family="table-cell"><style:map style:condition="cell-content()&lt;5" style:apply-style-name="White"/></style:style>
<style:style style:name="Of_5f_rule" style:display-name="Of_rule" style:family="table-cell"><style:text-properties fo:color="#ffffff"/></style:style>
<style:style style:name="flat" style:family="table-row"><style:table-row-properties style:row-height="0.0069in"/></style:style>
<style:style style:name="tall" style:family="table-row"><style:table-row-properties style:row-height="0.178in"/></style:style>
<style:style style:name="narrow" style:family="table-column"><style:table-column-properties style:column-width="0.1mm"/></style:style>
<style:style style:name="Up" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="unseen" style:family="table"><style:table-properties table:display="false"/></style:style>
"##;

/// A file of these sheets.
fn file(sheets: &str, more: &[(&str, &str)]) -> Bytes {
    let names = ["office", "table", "text", "style", "number", "fo", "calcext", "draw", "xlink"];
    let spaces: String = names.iter().map(|name| format!(" xmlns:{name}=\"urn:{name}\"")).collect();
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content{spaces}><office:automatic-styles>{STYLES}</office:automatic-styles>\
         <office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document-content>"
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_str())];
    for (name, text) in parts.iter().chain(more) {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(text.as_bytes()).expect("its text");
    }
    zip.finish().expect("an archive").into_inner().into()
}

fn sheet(rows: &str) -> String {
    format!("<table:table table:name=\"cases\">{rows}</table:table>")
}

fn row(cells: &str) -> String {
    format!("<table:table-row>{cells}</table:table-row>")
}

/// A cell of text.
fn text(text: &str) -> String {
    format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
}

/// A cell of a number, and what it shows.
fn number(style: &str, value: &str, shown: &str) -> String {
    format!(
        "<table:table-cell table:style-name=\"{style}\" office:value-type=\"float\" office:value=\"{value}\">\
         <text:p>{shown}</text:p></table:table-cell>"
    )
}

fn labels() -> String {
    row(&(text("period") + &text("count")))
}

/// A sheet of labels and these rows.
fn table(rows: &str) -> String {
    sheet(&(labels() + rows))
}

fn try_read(bytes: &Bytes) -> Result<Read, Unreadable> {
    read(bytes, WorkbookKind::Ods, "cases")
}

fn csv(sheets: &str) -> String {
    let read = try_read(&file(sheets, &[])).expect("a workbook");
    assert!(read.judged.cells.is_empty() && read.judged.stretches.is_empty(), "{:?}", read.judged);
    String::from_utf8(read.text.to_vec()).expect("text")
}

fn judged(sheets: &str) -> Judged {
    try_read(&file(sheets, &[])).expect("a workbook").judged
}

/// The one fault of a sheet: its cell, its code and its message.
fn fault(sheets: &str) -> ((u32, u32), Code, String) {
    let judged = judged(sheets);
    let mut found = judged.cells.into_iter().chain(judged.stretches);
    let (place, finding) = found.next().expect("a fault");
    assert_eq!(found.next(), None, "one fault for one slip");
    (place, finding.code, finding.message)
}

/// The code of the one fault that a number in cell B2 has.
fn fault_of(cell: &str) -> (Code, String) {
    let (place, code, message) = fault(&table(&row(&(text("2021") + cell))));
    assert_eq!(place, (1, 1), "{message}");
    (code, message)
}

fn grid(sheets: &str) -> Grid {
    Reader::open(&file(sheets, &[])).expect("a workbook").read(0).expect("a sheet")
}

#[test]
fn cells_read_as_they_show() {
    let day = |style: &str, day: &str| {
        format!(
            "<table:table-cell table:style-name=\"{style}\" office:value-type=\"date\" office:date-value=\"{day}\"><text:p>?</text:p></table:table-cell>"
        )
    };
    let rows = [
        row(&(day("Month", "2007-10-01") + &number("Grouped", "1234", "1,234"))),
        row(&(day("", "2007-10-05") + &number("Grouped", "1234", "1.234"))),
        row(&(day("", "2007-10-05T12:30:00") + &number("General", "0.1", "0,1"))),
        row(&(text("a &amp; b<text:s text:c=\"2\"/>c") + &number("Percent", "0.075", "7,5%"))),
        row(&(text("one</text:p><text:p>two") + &number("Negative", "-5", "-5"))),
        row(&("<table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"><text:p>WAHR</text:p></table:table-cell>".to_owned() + &number("", "5", "๕"))),
    ];
    let wanted = "period,count\n2007-10,1234\n2007-10-05,1234\n2007-10-05 12:30:00,0.1\na & b  c,7.5%\n\"one\ntwo\",-5\nTRUE,5\n";
    assert_eq!(csv(&table(&rows.concat())), wanted);
}

#[test]
fn what_a_script_writes_without_a_shown_text_is_read() {
    let bare = "<table:table-cell office:value-type=\"float\" office:value=\"23\"/>";
    assert_eq!(csv(&table(&row(&(text("2021") + bare)))), "period,count\n2021,23\n");
}

#[test]
fn notes_drawings_and_deleted_cells_are_no_text_of_a_cell() {
    let noted = "<table:table-cell office:value-type=\"string\"><office:annotation><text:p>99</text:p></office:annotation>\
                 <text:p>23<draw:frame><draw:text-box><text:p>7</text:p></draw:text-box></draw:frame></text:p></table:table-cell>";
    let only_noted = "<table:table-cell><office:annotation><text:p>99</text:p></office:annotation></table:table-cell>";
    let deleted = "<table:tracked-changes><table:deletion><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell>\
                   </table:table-row></table:deletion></table:tracked-changes>";
    let shapes =
        "<table:shapes><draw:frame><draw:text-box><text:p>8</text:p></draw:text-box></draw:frame></table:shapes>";
    let rows = row(&(text("2021") + noted)) + &row(&(text("2022") + only_noted));
    assert_eq!(csv(&(deleted.to_owned() + &table(&(shapes.to_owned() + &rows)))), "period,count\n2021,23\n2022,\n");
}

#[test]
fn masks_are_named() {
    assert_eq!(fault_of(&number("Plus", "3", "3+")).0, Code::MaskedValue);
    assert_eq!(fault_of(&number("Child", "3", "3+")).0, Code::MaskedValue);
    assert_eq!(
        fault_of(&number("Hidden", "3", "")).1,
        "the cell shows nothing but stores 3: its number format is `\"\"`"
    );
    assert_eq!(fault_of(&number("White", "3", "3")).0, Code::MaskedValue);
    assert_eq!(fault_of(&number("Filled", "3", "3")).0, Code::MaskedValue);
    assert_eq!(fault_of(&number("Low", "3", "3")), (Code::MarkedText, "the whole cell, 3, is subscript".to_owned()));
    let raised = "<table:table-cell office:value-type=\"string\"><text:p>30<text:span text:style-name=\"Up\">2</text:span></text:p></table:table-cell>";
    assert_eq!(fault_of(raised), (Code::MarkedText, "`2` of `302` is superscript".to_owned()));
    // A style that inherits from itself must not loop.
    assert_eq!(csv(&table(&row(&(text("2021") + &number("Loop", "3", "3"))))), "period,count\n2021,3\n");
}

#[test]
fn a_shown_text_that_is_another_number_is_a_fault() {
    for shown in ["24", "23+", "x", "2,3", "230"] {
        let wanted = (Code::MaskedValue, format!("the cell shows `{shown}` but stores 23"));
        let (code, message) = fault_of(&number("", "23", shown));
        let message = if shown.contains(',') { message.replace("a text", "`2,3`") } else { message };
        assert_eq!((code, message), wanted);
    }
}

#[test]
fn a_rounded_text_is_the_number() {
    let rounded = judged(&table(&row(&(text("2021") + &number("Grouped", "0.5", "1")))));
    assert_eq!((rounded.cells.len(), rounded.rounded.get(&(1, 1)).map(String::as_str)), (0, Some("1")));
}

#[test]
fn formulas_without_a_sound_value_are_faults() {
    let cell = |inside: &str| format!("<table:table-cell {inside}</table:table-cell>");
    let faults = [
        ("table:formula=\"of:=1+1\">", "no value"),
        ("table:formula=\"of:=1+1\" office:value-type=\"float\" office:value=\"0\">", "0"),
        (
            "table:formula=\"of:=1/0\" office:value-type=\"string\" office:string-value=\"\" calcext:value-type=\"error\"><text:p>#DIV/0!</text:p>",
            "`#DIV/0!`",
        ),
        (
            "table:formula=\"of:=foo()\" office:value-type=\"float\" office:value=\"0\"><text:p>Err:508</text:p>",
            "`Err:508`",
        ),
        (
            "table:formula=\"of:=['file:///srv/old.ods'#$Sheet1.A1]\" office:value-type=\"float\" office:value=\"7\"><text:p>7</text:p>",
            "another workbook",
        ),
    ];
    for (inside, message) in faults {
        let (_, found) = fault_of(&cell(inside));
        assert!(found.contains(message), "{found}");
    }
    let sound = cell(
        "table:formula=\"of:=[.A1]&amp;&quot;'#&quot;\" office:value-type=\"float\" office:value=\"7\"><text:p>7</text:p>",
    );
    assert_eq!(csv(&table(&row(&(text("2021") + &sound)))), "period,count\n2021,7\n");
}

#[test]
fn merged_and_hidden_cells_are_named() {
    let merged = "<table:table-cell table:number-rows-spanned=\"2\" office:value-type=\"float\" office:value=\"5\"><text:p>5</text:p></table:table-cell>";
    let rows = row(&(text("2021") + merged)) + &row(&(text("2022") + "<table:covered-table-cell/>"));
    assert_eq!(fault(&table(&rows)).1, Code::MergedCells);
    let hidden =
        row(&(text("2021") + &text("1"))).replace("table:table-row>", "table:table-row table:visibility=\"collapse\">");
    let hidden = hidden.replace("</table:table-row table:visibility=\"collapse\">", "</table:table-row>");
    assert_eq!(fault(&table(&hidden)).1, Code::HiddenData);
    let group = format!(
        "<table:table-row-group table:display=\"false\">{}</table:table-row-group>",
        row(&(text("2021") + &text("1")))
    );
    assert_eq!(fault(&table(&(group + &row(&(text("2022") + &text("2")))))).0, (1, 0));
    let column = "<table:table-column/><table:table-column table:visibility=\"collapse\"/>";
    let rows = labels() + &row(&(text("2021") + &text("1")));
    assert_eq!(fault(&sheet(&(column.to_owned() + &rows))).2, "column B is hidden, but would be read like the others");
    // An empty cell hides nothing.
    let empty = "<table:table-row table:visibility=\"filter\" table:number-rows-repeated=\"1000000\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>";
    assert_eq!(csv(&table(empty)), "period,count\n");
}

#[test]
fn conditions_mask_where_they_hold() {
    let rows = row(&(text("2021") + &number("Mapped", "3", "3"))) + &row(&(text("2022") + &number("Mapped", "7", "7")));
    assert_eq!(fault(&table(&rows)).0, (1, 1));
    let rule = |value: &str| {
        let conditions = "calcext:conditional-formats";
        format!(
            "<{conditions}><calcext:conditional-format calcext:target-range-address=\"'my cases'.$B$2:'my cases'.B9\"><calcext:condition calcext:apply-style-name=\"Of_rule\" calcext:value=\"{value}\"/></calcext:conditional-format></{conditions}>"
        )
    };
    let rows = |rule: String| table(&(row(&(text("2021") + &number("", "3", "3"))) + &rule));
    for value in ["&lt;5", "=3", "between(1,4)", "not-between(4,9)", "!=4", "formula-is(B2&lt;5)", "is-no-error"] {
        assert_eq!(fault(&rows(rule(value))).0, (1, 1), "{value}");
    }
    let icons = |shown: &str| {
        rule("&gt;5").replace("<calcext:condition ", &format!("<calcext:icon-set><calcext:formatting-entry {shown}calcext:value=\"0\" calcext:type=\"percent\"/></calcext:icon-set><calcext:condition "))
    };
    assert_eq!(fault(&rows(icons("calcext:show-value=\"false\" "))).1, Code::MaskedValue);
    assert_eq!(csv(&rows(icons(""))), "period,count\n2021,3\n");
    for value in ["&gt;5", "=4", "between(4,9)", "is-error", "=&quot;&quot;"] {
        assert_eq!(csv(&rows(rule(value))), "period,count\n2021,3\n", "{value}");
    }
}

#[test]
fn a_hidden_sheet_and_the_copy_of_another_workbook_are_not_read() {
    let hidden = table("").replace("table:name", "table:style-name=\"unseen\" table:name");
    let why = try_read(&file(&(hidden + &table("").replace("cases", "new")), &[])).err().expect("a hidden sheet");
    assert!(why.message.contains("hidden"), "{}", why.message);
    let copy = table("").replace("cases", "'file:///srv/old.ods'#$cases");
    assert_eq!(csv(&(copy + &table("").replace("cases", "new"))), "period,count\n");
}

#[test]
fn what_is_repeated_without_end_takes_no_memory() {
    let empty = "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    let styled = "<table:table-row table:number-rows-repeated=\"4294967295\"><table:table-cell table:style-name=\"Plus\" table:number-columns-repeated=\"4294967295\"/></table:table-row>";
    assert_eq!(csv(&table(&(row(&(text("2021") + &text("1"))) + empty + styled))), "period,count\n2021,1\n");
    let filled = empty
        .replace("/></", " office:value-type=\"float\" office:value=\"1\"><text:p>1</text:p></table:table-cell></");
    let why = try_read(&file(&table(&filled), &[])).err().expect("too large");
    assert!(why.message.contains("too many"), "{}", why.message);
    let grid = grid(&table(
        "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell office:value-type=\"float\" office:value=\"7\"/></table:table-row>",
    ));
    assert_eq!(grid.cells.iter().filter(|cell| cell.value == Value::Number(7.0)).count(), 3);
}

#[test]
fn settings_that_hide_zeros_and_passwords_are_seen() {
    let settings = "<config:config-item xmlns:config=\"urn:c\" config:name=\"ShowZeroValues\" config:type=\"boolean\">false</config:config-item>";
    let zero = table(&row(&(text("2021") + &number("", "0", "0"))));
    let read = try_read(&file(&zero, &[("settings.xml", settings)])).expect("a workbook");
    assert!(read.judged.cells.contains_key(&(1, 1)));
    let manifest = "<manifest:manifest xmlns:manifest=\"urn:m\"><manifest:encryption-data/></manifest:manifest>";
    let why = try_read(&file(&zero, &[("META-INF/manifest.xml", manifest)])).err().expect("a locked workbook");
    assert_eq!(why.message, "the workbook is locked by a password");
}

#[test]
fn a_file_that_breaks_off_is_damaged() {
    let whole = file(&table(&row(&(text("2021") + &text("1")))), &[]);
    for length in 0..whole.len() {
        let part: Bytes = whole.get(..length).unwrap_or_default().to_vec().into();
        assert!(try_read(&part).is_err(), "{length}");
    }
}

proptest! {
    /// However a part is damaged, it is read or rejected.
    #[test]
    fn a_damaged_part_is_no_panic(cuts in proptest::collection::vec((any::<usize>(), 0_usize..40, "[<>/\"&;:a-z0-9\u{0e80}-\u{0eff}]{0,6}"), 1..4)) {
        let rows = row(&(text("2021") + &number("Mapped", "3", "3"))) + &row(&(text("a<text:s/>b") + &number("Percent", "0.5", "50%")));
        let mut sheet: Vec<char> = (STYLES.to_owned() + &table(&rows)).chars().collect();
        for (at, length, with) in cuts {
            let at = at % (sheet.len() + 1);
            let end = (at + length).min(sheet.len());
            sheet.splice(at..end, with.chars());
        }
        let _ = try_read(&file(&sheet.into_iter().collect::<String>(), &[]));
    }
}
