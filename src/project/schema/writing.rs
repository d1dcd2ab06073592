//! How the cells of a field are written: the formats of the standard, and its marks for numbers, booleans and lists.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::kind::Kind;
use super::logical::{self, Logical};
use crate::value::period::Period;

/// How the cells of a field are written.
#[derive(Debug, Clone)]
pub struct Writing {
    /// The format of its type.
    pub format: Format,
    /// The decimal mark of numbers.
    pub decimal: String,
    /// The mark between groups of digits; empty if there is none.
    pub group: String,
    /// Whether a number has no text around it, such as a unit or a currency.
    pub bare: bool,
    /// The cells that mean true.
    pub yes: Vec<String>,
    /// The cells that mean false.
    pub no: Vec<String>,
    /// The separator between the items of a list.
    pub delimiter: String,
    /// The type of the items of a list.
    pub item: Kind,
}

/// A format of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// The default format of the type.
    Default,
    /// Any of the known ways to write dates and times.
    Any,
    /// A pattern of strptime for dates and times.
    Pattern(String),
    /// A mail address.
    Email,
    /// A URI, such as a web address.
    Uri,
    /// Bytes in Base64.
    Binary,
    /// A universally unique identifier.
    Uuid,
}

/// Further ways to write a date for the format `any`.
const DAYS: [&str; 5] = ["%Y/%m/%d", "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%Y%m%d"];
/// Further ways to write a time for the format `any`.
const TIMES: [&str; 3] = ["%H:%M", "%I:%M %p", "%I:%M:%S %p"];
/// Further ways to write a date with a time for the format `any`.
const MOMENTS: [&str; 4] = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y/%m/%d %H:%M:%S"];

impl Default for Writing {
    /// The defaults of the standard.
    fn default() -> Self {
        let words = |words: [&str; 4]| words.map(str::to_owned).to_vec();
        Self {
            format: Format::Default,
            decimal: ".".into(),
            group: String::new(),
            bare: true,
            yes: words(["true", "True", "TRUE", "1"]),
            no: words(["false", "False", "FALSE", "0"]),
            delimiter: ",".into(),
            item: Kind::Text,
        }
    }
}

impl Writing {
    /// The value of `written` as this type; none if it is not of the type.
    #[must_use]
    pub fn read(&self, kind: Kind, written: &str) -> Option<Logical> {
        match kind {
            Kind::Text => self.is_text(written).then(|| Logical::Text(written.to_owned())),
            Kind::Period => Period::parse(written).ok().map(|_| Logical::Text(written.to_owned())),
            Kind::Integer => logical::integer(&self.digits(kind, written)).map(Logical::Integer),
            Kind::Number => logical::number(&self.digits(kind, written)).map(Logical::Number),
            Kind::Boolean => self.boolean(written).map(Logical::Boolean),
            Kind::Date => self.date(written).map(Logical::Date),
            Kind::Datetime => self.datetime(written).map(Logical::Datetime),
            Kind::Time => self.time(written).map(Logical::Time),
            Kind::Year => logical::year(written).map(Logical::Year),
            Kind::YearMonth => logical::year_month(written).map(|(year, month)| Logical::YearMonth(year, month)),
            Kind::List => self.list(written).map(Logical::List),
        }
    }

    /// A number with a decimal point, and without the marks of groups and the text around it.
    pub(super) fn digits<'c>(&self, kind: Kind, written: &'c str) -> Cow<'c, str> {
        let mut text = Cow::Borrowed(if self.bare { written } else { bare(written) });
        // Only in a number is this character the mark of groups.
        if !self.group.is_empty() && text.starts_with(|c: char| c.is_ascii_digit() || "+-".contains(c)) {
            text = Cow::Owned(text.replace(&self.group, ""));
        }
        if kind == Kind::Number && self.decimal != "." {
            let marked = text.replace(&self.decimal, ".");
            // A point is an error if the decimal mark is another.
            text = Cow::Owned(if text.contains('.') { String::new() } else { marked });
        }
        text
    }

    fn boolean(&self, written: &str) -> Option<bool> {
        let among = |words: &[String]| words.iter().any(|word| word == written);
        if among(&self.yes) { Some(true) } else { among(&self.no).then_some(false) }
    }

    fn date(&self, written: &str) -> Option<NaiveDate> {
        let read = |pattern: &str| NaiveDate::parse_from_str(written, pattern).ok();
        match &self.format {
            Format::Pattern(pattern) => read(pattern),
            Format::Any => logical::date(written).or_else(|| DAYS.into_iter().find_map(read)),
            _ => logical::date(written),
        }
    }

    fn time(&self, written: &str) -> Option<NaiveTime> {
        let read = |pattern: &str| NaiveTime::parse_from_str(written, pattern).ok();
        match &self.format {
            Format::Pattern(pattern) => read(pattern),
            Format::Any => logical::time(written).or_else(|| TIMES.into_iter().find_map(read)),
            _ => logical::time(written),
        }
    }

    fn datetime(&self, written: &str) -> Option<NaiveDateTime> {
        let read = |pattern: &str| NaiveDateTime::parse_from_str(written, pattern).ok();
        match &self.format {
            Format::Pattern(pattern) => read(pattern),
            Format::Any => logical::datetime(written).or_else(|| MOMENTS.into_iter().find_map(read)),
            _ => logical::datetime(written),
        }
    }

    fn list(&self, written: &str) -> Option<Vec<Logical>> {
        let items = Self { format: Format::Default, ..self.clone() };
        written.split(&self.delimiter).map(|item| items.read(self.item, item)).collect()
    }

    pub(super) fn is_text(&self, written: &str) -> bool {
        match self.format {
            Format::Email => is_email(written),
            Format::Uri => is_uri(written),
            Format::Binary => is_base64(written),
            Format::Uuid => is_uuid(written),
            _ => true,
        }
    }
}

/// The text from the first to the last character that can belong to a number.
fn bare(written: &str) -> &str {
    let number = |c: char| c.is_ascii_digit() || "+-.".contains(c);
    written.trim_matches(|c| !number(c))
}

fn is_email(text: &str) -> bool {
    let whole = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace) && !part.contains('@');
    text.split_once('@').is_some_and(|(name, host)| whole(name) && whole(host) && !host.starts_with('.'))
}

fn is_uri(text: &str) -> bool {
    let scheme = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    let rest =
        |rest: &str| !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || "<>\"{}|\\^`".contains(c));
    text.split_once(':').is_some_and(|(name, after)| scheme(name) && rest(after))
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let alphabet = body.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/');
    text.len().is_multiple_of(4) && text.len() - body.len() <= 2 && alphabet
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let widths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    widths == [8, 4, 4, 4, 12] && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(writing: &Writing, kind: Kind, good: &[&str], bad: &[&str]) {
        for written in good {
            assert!(writing.read(kind, written).is_some(), "{written} is {kind:?} of {:?}", writing.format);
        }
        for written in bad {
            assert!(writing.read(kind, written).is_none(), "{written} is not {kind:?} of {:?}", writing.format);
        }
    }

    fn format(format: Format) -> Writing {
        Writing { format, ..Writing::default() }
    }

    #[test]
    fn strings_have_formats() {
        reads(&format(Format::Email), Kind::Text, &["a.b@c.org"], &["a.b", "@c.org", "a@", "a b@c.org", "a@b@c"]);
        reads(
            &format(Format::Uri),
            Kind::Text,
            &["https://e.org/a", "urn:isbn:1"],
            &["e.org", "https:", "a b:c", "1:a"],
        );
        reads(&format(Format::Binary), Kind::Text, &["YWJj", "YQ==", ""], &["YWJ", "Y===", "YW?j"]);
        let good = "6fd8bd86-7c5c-4f1f-9d34-0d2b1e5a7b11";
        reads(
            &format(Format::Uuid),
            Kind::Text,
            &[good],
            &["6fd8bd86", &good.replace('f', "g"), &good.replace('-', "")],
        );
    }

    #[test]
    fn numbers_have_marks() {
        let german = Writing { decimal: ",".into(), group: ".".into(), ..Writing::default() };
        assert_eq!(german.read(Kind::Number, "1.234,5"), Some(Logical::Number(1234.5)));
        assert_eq!(german.read(Kind::Integer, "1.234"), Some(Logical::Integer(1234)));
        let comma = Writing { decimal: ",".into(), ..Writing::default() };
        reads(&comma, Kind::Number, &["1,5", "15"], &["1.5", "1,5,0"]);
        let bare = Writing { bare: false, ..Writing::default() };
        assert_eq!(bare.read(Kind::Integer, "95 %"), Some(Logical::Integer(95)));
        assert_eq!(bare.read(Kind::Number, "€ -1.5"), Some(Logical::Number(-1.5)));
        reads(&Writing::default(), Kind::Integer, &[], &["95 %", "1.234"]);
    }

    #[test]
    fn booleans_are_declared() {
        let default = Writing::default();
        reads(&default, Kind::Boolean, &["true", "True", "TRUE", "1", "false", "0"], &["yes", "", "tRUE"]);
        let ours = Writing { yes: vec!["yes".into()], no: vec!["no".into()], ..default };
        assert_eq!(ours.read(Kind::Boolean, "no"), Some(Logical::Boolean(false)));
        reads(&ours, Kind::Boolean, &["yes"], &["true", "1"]);
    }

    #[test]
    fn days_and_times_have_patterns() {
        reads(&format(Format::Pattern("%d/%m/%Y".into())), Kind::Date, &["05/10/2007"], &["2007-10-05", "32/10/2007"]);
        reads(&format(Format::Pattern("%H.%M".into())), Kind::Time, &["14.30"], &["14:30"]);
        reads(&format(Format::Any), Kind::Date, &["2007-10-05", "5 October 2007", "2007/10/05"], &["05/10/2007", "x"]);
        reads(&format(Format::Any), Kind::Datetime, &["2007-10-05T14:30:00", "2007-10-05 14:30"], &["14:30"]);
        reads(&format(Format::Any), Kind::Time, &["14:30", "2:30 PM"], &["half past two"]);
    }

    #[test]
    fn lists_have_items() {
        let numbers = Writing { delimiter: ";".into(), item: Kind::Integer, ..Writing::default() };
        let list = numbers.read(Kind::List, "1;2;3").expect("a list");
        assert_eq!(list.length(), Some(3));
        reads(&numbers, Kind::List, &["7"], &["1,2", "1;;2", "1;x"]);
        reads(&Writing::default(), Kind::List, &["a,b", "a"], &[]);
    }
}
