//! Cells judged by small schemas: each type and constraint of the standard, and each hint.

use std::sync::Arc;

use super::*;
use crate::diagnostic::{Diagnostics, Source};
use crate::project::schema::Schema;

/// A field called `f`, of a table whose rows are no observations.
fn field(properties: &str) -> Field {
    schema(&format!("{{\"fields\": [{{\"name\": \"f\", {properties}}}]}}"))
}

/// The value of an observation, with the states of a count.
fn observed(properties: &str) -> Field {
    schema(&format!(
        "{{\"tipbrief:value\": \"f\", \"fields\": [{{\"name\": \"f\", {properties}, \"missingValues\": [{{\"value\": \"..\", \
         \"label\": \"not_reported\"}}]}}, {{\"name\": \"period\", \"type\": \"year\"}}]}}"
    ))
}

fn schema(text: &str) -> Field {
    let source = Source::new("t.json", text.as_bytes().to_vec());
    let mut diagnostics = Diagnostics::default();
    let schema = Schema::parse("t", &Arc::new(source), &mut diagnostics);
    assert!(!diagnostics.failed(), "{text}:\n{:?}", diagnostics.sorted());
    schema.fields.into_iter().next().expect("a field")
}

/// One field of each type that the standard has, and those of this program.
pub(super) fn of_every_type() -> Vec<Field> {
    let types =
        ["string", "any", "integer", "number", "boolean", "date", "datetime", "time", "year", "yearmonth", "list"];
    let mut fields: Vec<Field> = types.map(|kind| field(&format!("\"type\": \"{kind}\""))).into();
    let codes = "\"type\": \"string\", \"constraints\": {\"enum\": [\"female\", \"½\", \"ກ\"], \"maxLength\": 3}";
    fields.extend([
        field(codes),
        observed(codes),
        observed("\"type\": \"integer\", \"constraints\": {\"minimum\": 2}"),
    ]);
    fields
}

fn check(field: &Field, good: &[&str], bad: &[&str]) {
    for value in good {
        let wrong = judge(value, field, false, true);
        assert!(wrong.is_none(), "`{value}` is good, but {wrong:?}");
    }
    for value in bad {
        assert!(judge(value, field, false, true).is_some(), "`{value}` is bad");
    }
}

#[test]
fn every_type_knows_its_cells() {
    for (properties, good, bad) in [
        (r#""type": "string""#, &["a", " ", "7"][..], &[][..]),
        (r#""type": "any""#, &["a", "7"], &[]),
        (r#""title": "no type""#, &["a", "7"], &[]),
        (r#""type": "string", "format": "email""#, &["a@b.c"], &["a"]),
        (r#""type": "string", "format": "uri""#, &["https://b.c"], &["b.c"]),
        (r#""type": "integer""#, &["7", "-7", "+5", "007"], &["7.0", "1e3", "1,000", "x", "99999999999999999999"]),
        (r#""type": "integer", "groupChar": ",""#, &["1,000"], &["1.000"]),
        (r#""type": "integer", "bareNumber": false"#, &["95 %"], &["many"]),
        (r#""type": "number""#, &["6.50", "-1e3", "NaN", "INF"], &["6,5", "inf", "1 000"]),
        (r#""type": "boolean""#, &["true", "0", "FALSE"], &["yes"]),
        (r#""type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]"#, &["yes", "no"], &["true"]),
        (r#""type": "date""#, &["2007-10-05"], &["2007-10", "05/10/2007", "2007-02-30"]),
        (r#""type": "date", "format": "%d/%m/%Y""#, &["05/10/2007"], &["2007-10-05"]),
        (r#""type": "datetime""#, &["2007-10-05T14:30:00Z"], &["2007-10-05"]),
        (r#""type": "time""#, &["14:30:00"], &["14:30", "2 pm"]),
        (r#""type": "year""#, &["2007"], &["07", "2550", "45210"]),
        (r#""type": "yearmonth""#, &["2007-10"], &["2007", "2007-13"]),
        (r#""type": "list", "delimiter": ";", "itemType": "integer""#, &["1;2"], &["1,2"]),
        (r#""type": "string", "tipbrief:kind": "period""#, &["2007/2008", "2007-10~"], &["2007/2006", "2550"]),
    ] {
        check(&field(properties), good, bad);
    }
}

#[test]
fn every_constraint_is_tested_on_the_value() {
    for (properties, good, bad) in [
        (r#""type": "string", "constraints": {"required": true}"#, &["a"][..], &[""][..]),
        (r#""type": "string", "constraints": {"minLength": 2, "maxLength": 3}"#, &["ลาว", "ab"], &["a", "abcd"]),
        (r#""type": "list", "constraints": {"minLength": 2}"#, &["a,b"], &["abc"]),
        (r#""type": "integer", "constraints": {"minimum": 1, "maximum": 10}"#, &["1", "010"], &["0", "11"]),
        (r#""type": "number", "constraints": {"exclusiveMinimum": 0, "exclusiveMaximum": 1}"#, &["0.5"], &["0", "1.0"]),
        (r#""type": "date", "constraints": {"minimum": "2007-10-05"}"#, &["2007-10-05"], &["2007-10-04"]),
        (r#""type": "year", "constraints": {"minimum": 2000, "maximum": "2024"}"#, &["2024"], &["1999", "2025"]),
        (r#""type": "yearmonth", "constraints": {"maximum": "2007-10"}"#, &["2006-12"], &["2007-11"]),
        (r#""type": "time", "constraints": {"maximum": "12:00:00"}"#, &["11:59:59"], &["12:00:01"]),
        (
            r#""type": "datetime", "constraints": {"minimum": "2007-10-05T00:00:00Z"}"#,
            &["2007-10-05T07:00:00+07:00"],
            &["2007-10-05T06:59:59+07:00"],
        ),
        (r#""type": "string", "constraints": {"pattern": "a|b"}"#, &["a", "b"], &["ab", "xa", "a\n"]),
        (r#""type": "integer", "constraints": {"enum": [1, 2]}"#, &["1", "02"], &["3"]),
        (r#""type": "string", "constraints": {"enum": ["a"]}"#, &["a", ""], &["A"]),
        (r#""type": "string", "categories": ["a", {"value": "b", "label": "B"}]"#, &["a", "b"], &["B", "c"]),
        (r#""type": "string", "missingValues": ["NA"], "constraints": {"minLength": 5}"#, &["NA"], &["N"]),
        (r#""type": "string", "missingValues": ["NA"], "constraints": {"required": true}"#, &["N"], &["NA", ""]),
    ] {
        check(&field(properties), good, bad);
    }
}

#[test]
fn the_value_of_an_observation_is_finite_and_written_out() {
    check(&observed(r#""type": "number""#), &["6.50", "-1", ".."], &["NaN", "INF", "1e3"]);
    check(&observed(r#""type": "integer", "constraints": {"required": true}"#), &["7", ".."], &["", "x", "…"]);
    assert!(judge("", &observed(r#""type": "integer""#), true, true).is_some());
}

#[test]
fn a_count_with_marks_is_read() {
    let field = field(r#""type": "integer", "groupChar": ",""#);
    assert_eq!(field.integer("1,234"), Some(1234));
    assert_eq!(field.integer(".."), None);
    assert_eq!(self::field(r#""type": "number", "decimalChar": ",", "groupChar": ".""#).digits("1.234,5"), "1234.5");
}

fn hints(field: &Field, cells: &[(&str, &str)]) {
    for (value, hint) in cells {
        let wrong = judge(value, field, false, true).unwrap_or_else(|| panic!("`{value}` is bad"));
        assert_eq!(wrong.hint.as_deref(), Some(*hint), "the hint for `{value}`: {}", wrong.message);
    }
}

#[test]
fn a_number_is_told_how_it_is_written() {
    let states = "for a missing value write `..` (not reported)";
    hints(
        &observed(r#""type": "integer""#),
        &[
            ("1,234", "write `1234`"),
            ("1 234", "write `1234`"),
            ("1.234", "write `1234`"),
            ("1\u{202f}234", "write `1234`"),
            ("1'234", "write `1234`"),
            ("1,234,567", "write `1234567`"),
            ("12.0", "write `12`"),
            ("12,0", "write `12`"),
            ("1e3", "write `1000`"),
            ("1.2E+01", "write `12`"),
            (" 12", "write `12`"),
            ("໑໒", "write `12`"),
            ("๑๒", "write `12`"),
            ("١٢", "write `12`"),
            ("４１", "write `41`"),
            ("12%", "write `12` without the percent sign"),
            ("NA", states),
            (". .", "did you mean `..`?"),
            ("#N/A", states),
            ("null", states),
            ("-", states),
            ("…", states),
            ("4 1", "write digits only, without spaces or separators; for a missing value write `..` (not reported)"),
            ("12.5", "`f` holds whole numbers only"),
            ("99999999999999999999", "no count is this large; is a cell missing before it?"),
        ],
    );
    hints(
        &field(r#""type": "number""#),
        &[
            ("6,5", "write `6.5`"),
            ("1,234", "write `1234`, or `1.234` if the comma is the decimal mark"),
            ("1.234,5", "write `1234.5`"),
            ("1,234.5", "write `1234.5`"),
            ("-", "leave the cell empty"),
        ],
    );
    hints(&observed(r#""type": "number""#), &[("1.5e3", "write `1500`"), ("NaN", states)]);
}

#[test]
fn a_day_is_told_how_it_is_written() {
    let serial = "this looks like a spreadsheet's day number for 2023-10-11; format the column as text";
    hints(
        &field(r#""type": "string", "tipbrief:kind": "period""#),
        &[
            ("45210", serial),
            ("45210.5", serial),
            ("2550", "did you mean 2007? years of the Buddhist Era are 543 ahead"),
            ("2550-10/2551", "did you mean 2007-10/2008? years of the Buddhist Era are 543 ahead"),
            ("3202", "write a period as `2007`, `2007-10`, `2007-10-05` or an interval such as `2007-04/2008-03`"),
            ("໒໕໕໐", "did you mean 2007? years of the Buddhist Era are 543 ahead"),
            ("05/10/2007", "write `2007-10-05` if the day comes first, `2007-05-10` if the month does"),
            ("25/10/2007", "write `2007-10-25`: the year first, then month and day"),
            ("5.5.2007", "write `2007-05-05`: the year first, then month and day"),
            ("2007/10/05", "write `2007-10-05`"),
            ("2007-1", "write `2007-01`"),
            ("2007-2008", "write `2007/2008`"),
            ("2007–2008", "write `2007/2008`"),
            ("2007‑10", "write `2007-10`"),
            ("2007 to 2008", "write `2007/2008`"),
            ("໒໐໐໗", "write `2007`"),
            (" 2007", "write `2007`"),
            ("Oct-07", "write `2007-10`"),
            ("October 2007", "write `2007-10`"),
            ("5 Oct 2007", "write `2007-10-05`"),
            ("2007-10-05 00:00:00", "write `2007-10-05`"),
            ("20x7", "write a period as `2007`, `2007-10`, `2007-10-05` or an interval such as `2007-04/2008-03`"),
        ],
    );
    hints(
        &field(r#""type": "date""#),
        &[("45210", serial), ("5/25/2007", "write `2007-05-25`: the year first, then month and day")],
    );
    hints(&field(r#""type": "year""#), &[("45210", serial), ("2007-10-05", "write the year alone: `2007`")]);
    // The calendar of 1900 with its day that never was: what it calls 1 January 2000 is 36526.
    hints(
        &field(r#""type": "yearmonth""#),
        &[("36526", "this looks like a spreadsheet's day number for 2000-01-01; format the column as text")],
    );
}

#[test]
fn a_code_is_found_under_what_hides_it() {
    let sex = field(
        r#""type": "string", "categories": ["total", "female", {"value": "male", "label": "men and boys"}, "at_least"]"#,
    );
    let dimension = "write `total` if the row is not broken down by this, `unknown` if it is recorded as unknown";
    hints(
        &sex,
        &[
            ("Female", "did you mean `female`?"),
            ("FEMALE", "did you mean `female`?"),
            ("f\u{435}male", "did you mean `female`?"),
            ("fe male", "did you mean `female`?"),
            ("female\u{a0}", "did you mean `female`?"),
            ("At least", "did you mean `at_least`?"),
            ("Men and boys", "did you mean `male`?"),
            ("femal", "did you mean `female`?"),
            ("both", "the codes are: total, female, male, at_least"),
            ("-", dimension),
        ],
    );
    let country = field(r#""type": "string", "constraints": {"pattern": "[A-Z]{3}|total"}"#);
    hints(
        &country,
        &[("xxa", "did you mean `XXA`?"), ("Total", "did you mean `total`?"), (" XXA", "did you mean `XXA`?")],
    );
    let age = field(r#""type": "string", "constraints": {"pattern": "[0-9]+-[0-9]+"}"#);
    hints(
        &age,
        &[
            ("0–17", "did you mean `0-17`?"),
            ("0 - 17", "did you mean `0-17`?"),
            ("14-Oct", "did a spreadsheet turn `10-14` into a day? format the column as text"),
        ],
    );
}

#[test]
fn no_cell_makes_the_judge_stumble() {
    let types = ["string", "integer", "number", "boolean", "date", "datetime", "time", "year", "yearmonth", "list"];
    let plain = types.map(|name| field(&format!("\"type\": \"{name}\"")));
    let marked = [
        observed(r#""type": "number", "decimalChar": ",", "groupChar": " ", "bareNumber": false"#),
        field(r#""type": "string", "tipbrief:kind": "period""#),
        field(r#""type": "string", "constraints": {"pattern": "[0-9]+-[0-9]+"}, "tipbrief:labels": []"#),
        field(r#""type": "datetime", "format": "any""#),
        field(r#""type": "string", "categories": ["total", "a"]"#),
    ];
    let letters: Vec<char> = "0129+-–/.,: eETZ~%'\u{a0}\u{200b}а໒４é女Oct".chars().collect();
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..20_000 {
        let length = random.usize(..12);
        let value: String = (0..length).filter_map(|_| random.choice(&letters)).collect();
        for field in plain.iter().chain(&marked) {
            let wrong = judge(&value, field, true, true);
            assert!(wrong.is_none_or(|wrong| !wrong.message.is_empty()));
        }
    }
}

#[test]
fn a_message_shows_what_cannot_be_seen() {
    let sex = field(r#""type": "string", "categories": ["female"]"#);
    for (value, message) in [
        ("f\u{435}male", "`f‹U+0435›male` is not a code of `f`"),
        ("fe male", "`fe␣male` is not a code of `f`"),
        ("female\u{a0}", "`female‹U+00A0›` is not a code of `f`"),
    ] {
        assert_eq!(judge(value, &sex, false, true).map(|wrong| wrong.message).as_deref(), Some(message));
    }
    let age = field(r#""type": "string", "constraints": {"pattern": "[0-9]+"}, "tipbrief:expected": "such as `7`""#);
    let message = judge("x", &age, false, true).map(|wrong| wrong.message);
    assert_eq!(message.as_deref(), Some("`x` is not a valid `f`, such as `7`"));
}
