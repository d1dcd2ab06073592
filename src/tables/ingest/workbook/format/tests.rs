//! What formats show, and which masks are found.

use super::*;
use proptest::prelude::*;

fn shown(code: &str, value: f64) -> String {
    NumberFormat::read(code).shown(value).unwrap_or_else(|| "(beyond)".to_owned())
}

fn relation(code: &str, value: f64) -> Relation {
    NumberFormat::read(code).relation(value)
}

fn plain(code: &str, value: f64, text: &str) {
    assert_eq!((shown(code, value).as_str(), relation(code, value)), (text, Relation::Plain), "{code} of {value}");
}

fn other(code: &str, value: f64, text: &str) {
    let wanted = Relation::Other { shown: text.to_owned() };
    assert_eq!((shown(code, value).as_str(), relation(code, value)), (text, wanted), "{code} of {value}");
}

fn rounded(code: &str, value: f64, text: &str) {
    let wanted = Relation::Rounded { shown: text.to_owned() };
    assert_eq!((shown(code, value).as_str(), relation(code, value)), (text, wanted), "{code} of {value}");
}

#[test]
fn looks_change_no_number() {
    plain("General", 23.0, "23");
    plain("", 0.1 + 0.2, "0.3");
    plain("0", 23.0, "23");
    plain("@", 23.0, "23");
    plain("0.00", 23.0, "23.00");
    plain(".0", 23.0, "23.0");
    plain(".00", 0.5, ".50");
    plain("#,##0", 1_234_567.0, "1,234,567");
    plain("#,##0.0#", 1234.5, "1,234.5");
    plain("# ##0", 1234.0, "1 234");
    plain("#\u{a0}##0;-#\u{a0}##0", -1234.0, "-1\u{a0}234");
    plain("0.0%", 0.075, "7.5%");
    plain("[Red]0", 5.0, "5");
    plain("[Color10][$-409]0", 5.0, "5");
    plain("0_);(0)", 5.0, "5");
    plain("0_);(0)", -5.0, "(5)");
    plain("0.00_ ;[Red]\\-0.00\\ ", -5.0, "-5.00");
    plain("+0;-0;0", 5.0, "+5");
    plain("00000", 23.0, "00023");
    plain("0.00E+00", 1200.0, "1.20E+03");
    plain("##0.0E+0", 12_000.0, "12.0E+3");
    plain("_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"_);_(@_)", 1234.0, "1,234");
    plain("0.0;-0.0;;@", 5.0, "5.0");
    plain("General;-General;;@", -5.0, "-5");
    plain("[>=10000000]##\\,##\\,##\\,##0;[>=100000]##\\,##\\,##0;##,##0", 1_234_567.0, "12,34,567");
    plain("[$-D07041E]0", 25.0, "\u{e52}\u{e55}");
    plain("[$-2000000]0", 5.0, "\u{665}");
    plain("[<5]\"<5\"", 7.0, "7");
    plain("[<5]\"<5\";0", 7.0, "7");
    plain("# ?/?", 2.5, "2 1/2");
    plain("?/8", 0.25, "2/8");
    plain("# ??/??", 3.0, "3");
}

#[test]
fn masks_are_seen_through() {
    other("[<5]\"<5\"", 3.0, "<5");
    other("[<5]\"<5\";0", 3.0, "<5");
    other("[<=4]\"x\";General", 4.0, "x");
    other("\"x\"", 3.0, "x");
    other(";;;", 3.0, "");
    other("0;-0;;@", 0.0, "");
    other("#", 0.0, "");
    other("0\"+\"", 3.0, "3+");
    other("\"about \"0", 3.0, "about 3");
    other("0\"%\"", 5.0, "5%");
    other("0 \"persons\"", 5.0, "5 persons");
    other("#,##0,", 1_234_567.0, "1,235");
    other("0.0,,\"m\"", 1_234_567.0, "1.2m");
    other("0;0", -5.0, "5");
    other("0\"0\"", 5.0, "50");
    other("0*0", 5.0, "5000");
    other("0.00E+00", 12_345.0, "1.23E+04");
    other("# ?/?", 0.3, "2/7");
    other("[White]0", 5.0, "");
    other("0\",\"0", 12.0, "1,2");
    other("#\".\"##0", 1234.0, "1.234");
    other("000-0000", 5_551_234.0, "555-1234");
    other("[$\u{20ac}-407] #,##0", 1200.0, "\u{20ac} 1,200");
    other("_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"_);_(@_)", 0.0, "-");
    other("\"TRUE\";\"TRUE\";\"FALSE\"", 1.0, "TRUE");
    other("0;[<-5]0", -3.0, "#######");
    other("yyyy\"+\"", 44_197.0, "2021+");
    other("(0)", 5.0, "(5)");
}

#[test]
fn fewer_decimals_are_a_rounding() {
    rounded("0", 2.5, "3");
    rounded("0", -2.5, "-3");
    rounded("0", 0.4, "0");
    rounded("0.00", 1.005, "1.01");
    rounded("0%", 0.075, "8%");
    rounded("#,##0", 999_999.5, "1,000,000");
    rounded("General", 1.0 / 3.0, "0.333333333");
    rounded("General", 123_456_789_012.0, "1.23457E+11");
    rounded("General", 12_345_678_901.5, "12345678902");
}

#[test]
fn a_day_is_a_day() {
    for code in
        ["yyyy-mm-dd", "m/d/yyyy", "[$-409]mmm\\-yy;@", "d \"de\" mmmm \"de\" yyyy", "[h]:mm", "yyyy\"年\"m\"月\""]
    {
        assert_eq!(relation(code, 44_197.0), Relation::Date, "{code}");
    }
    assert_eq!(relation("[$-1070000]d/m/yy", 44_197.0), Relation::Date);
    assert_eq!(shown("dddd, d mmmm yyyy", 39_360.0), "Friday, 5 October 2007");
    assert_eq!(shown("yyyy-mm-dd hh:mm:ss", 39_360.5), "2007-10-05 12:00:00");
    assert_eq!(shown("h:mm AM/PM", 0.75), "6:00 PM");
    assert_eq!(shown("[h]:mm:ss.00", 1.5), "36:00:00.00");
    assert_eq!(shown("yyyy-mm-dd", 2021.0), "1905-07-13");
    other("yyyy", -1.0, "#######");
}

#[test]
fn what_is_not_understood_is_not_taken_for_plain() {
    let codes =
        ["0x", "[DBNum1]0", "[Quux]0", "0;0;0;@;0", "\"0", "0\\", "[<5", "0,\"k\",0,x", ",0", "t0", "[$-11000000]0"];
    for code in codes {
        assert_eq!((relation(code, 5.0), NumberFormat::read(code).shown(5.0)), (Relation::Unknown, None), "{code}");
    }
    assert_eq!(relation("0", f64::NAN), Relation::Unknown);
    // Programs differ in the sign: a text is returned only if all agree.
    assert_eq!(relation("[>0]0;0", -5.0), Relation::Unknown);
}

#[test]
fn text_is_masked_by_the_section_of_text() {
    let shown = |code: &str| NumberFormat::read(code).shown_text("5");
    assert_eq!(shown("0"), Some("5".to_owned()));
    assert_eq!(shown("0;0;0;\"x\""), Some("x".to_owned()));
    assert_eq!(shown(";;;"), Some(String::new()));
    assert_eq!(shown("_(@_)"), Some(" 5 ".to_owned()));
}

/// The formats that spreadsheets have built in.
const BUILT_IN: [&str; 36] = [
    "General",
    "0",
    "0.00",
    "#,##0",
    "#,##0.00",
    "\"$\"#,##0_);\\(\"$\"#,##0\\)",
    "\"$\"#,##0_);[Red]\\(\"$\"#,##0\\)",
    "\"$\"#,##0.00_);\\(\"$\"#,##0.00\\)",
    "\"$\"#,##0.00_);[Red]\\(\"$\"#,##0.00\\)",
    "0%",
    "0.00%",
    "0.00E+00",
    "# ?/?",
    "# ??/??",
    "m/d/yyyy",
    "d-mmm-yy",
    "d-mmm",
    "mmm-yy",
    "h:mm AM/PM",
    "h:mm:ss AM/PM",
    "h:mm",
    "h:mm:ss",
    "m/d/yyyy h:mm",
    "#,##0_);\\(#,##0\\)",
    "#,##0_);[Red]\\(#,##0\\)",
    "#,##0.00_);\\(#,##0.00\\)",
    "#,##0.00_);[Red]\\(#,##0.00\\)",
    "_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"_);_(@_)",
    "_(\"$\"* #,##0_);_(\"$\"* \\(#,##0\\);_(\"$\"* \"-\"_);_(@_)",
    "_(* #,##0.00_);_(* \\(#,##0.00\\);_(* \"-\"??_);_(@_)",
    "_(\"$\"* #,##0.00_);_(\"$\"* \\(#,##0.00\\);_(\"$\"* \"-\"??_);_(@_)",
    "mm:ss",
    "[h]:mm:ss",
    "mm:ss.0",
    "##0.0E+0",
    "@",
];

#[test]
fn every_format_that_is_built_in_is_understood() {
    for code in BUILT_IN {
        let format = NumberFormat::read(code);
        assert!(format.shown(1234.0).is_some() && format.relation(1234.0) != Relation::Unknown, "{code}");
    }
}

/// A number to so many decimals, by hand: on the digits that a spreadsheet keeps.
fn by_hand(value: f64, decimals: usize) -> f64 {
    let fifteen = format!("{value:.14e}").parse::<f64>().expect("a number");
    let text = fifteen.abs().to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits: String = [whole, part, &"0".repeat(12)].concat().chars().take(whole.len() + decimals + 3).collect();
    let number = (digits.parse::<u128>().expect("digits") + 500) / 1000;
    let shown = format!("{number}e-{decimals}");
    shown.parse::<f64>().expect("a number").copysign(value)
}

fn amounts() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<i32>().prop_map(f64::from),
        (any::<i32>(), 0_i32..7).prop_map(|(number, places)| f64::from(number) / 10_f64.powi(places)),
        -1e12..1e12,
        -1.0..1.0,
    ]
}

proptest! {
    #[test]
    fn the_short_way_for_whole_numbers_is_the_long_one(code in "[0#?.,;%_ *General+-]{0,9}", value in 0_u32..2_000_000) {
        let (short, value) = (NumberFormat::read(&code), f64::from(value));
        let long = NumberFormat { whole_is_plain: false, ..short.clone() };
        prop_assert_eq!(short.relation(value), long.relation(value), "{} of {}", code, value);
    }

    #[test]
    fn plain_formats_never_mask(value in amounts(), at in 0_usize..7) {
        let (code, decimals) =
            [("0", 0), ("#,##0", 0), ("0.00", 2), ("General", 99), ("#,##0.000", 3), ("0.0_);(0.0)", 1), ("0%", 2)][at];
        match relation(code, value) {
            Relation::Plain => {}
            Relation::Rounded { shown } => {
                let read = read_back(&shown).expect("a number");
                prop_assert_eq!(&read.number, &Decimal::of(value).expect("a number").rounded(read.decimals));
                if decimals < 9 && value.abs() < 1e9 {
                    let wanted = Decimal::of(by_hand(value, decimals)).expect("a number");
                    prop_assert_eq!(read.number, wanted, "{} as {}", value, code);
                }
            }
            found => prop_assert!(false, "{} as {}: {:?}", value, code, found),
        }
    }

    #[test]
    fn no_code_is_too_odd(code in "[0#?.,;%E+\\-/@\"\\\\_*\\[\\]$<>=5ymdhsGeneral \u{e50}\u{20ac}é年]{0,24}", value in any::<f64>()) {
        let format = NumberFormat::read(&code);
        let shown = format.shown(value);
        match format.relation(value) {
            Relation::Unknown => {}
            Relation::Date => prop_assert!(code.to_lowercase().contains(['y', 'm', 'd', 'h', 's', 'e', 'g', 'r', 'a'])),
            Relation::Plain => prop_assert!(shown.is_some()),
            Relation::Rounded { shown: text } | Relation::Other { shown: text } => prop_assert_eq!(Some(text), shown),
        }
        let _ = format.shown_text(&code);
    }

    #[test]
    fn no_text_is_too_odd(code in any::<String>(), value in any::<f64>()) {
        let _ = (NumberFormat::read(&code).relation(value), read_back(&code));
    }
}
