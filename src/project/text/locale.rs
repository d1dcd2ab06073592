//! The conventions of a language in the CLDR: digits, plurals, lists, dates, and where its words end.
//! **ICU4X** lives here.
//!
//! The tables, the ids of figures and the axes of charts use years of the Common Era in European digits. So every date is
//! Gregorian and every digit European, whatever the custom of the language.

use chrono::{Datelike, NaiveDate};
use fixed_decimal::Decimal;
use icu_calendar::{Date, Iso};
use icu_datetime::fieldsets::{M, MD, YM, YMD};
use icu_datetime::{DateTimeFormatter, DateTimeFormatterPreferences};
use icu_decimal::{DecimalFormatter, DecimalFormatterPreferences};
use icu_list::ListFormatter;
use icu_list::options::ListFormatterOptions;
use icu_locale_core::extensions::unicode::{Value, key};
use icu_locale_core::preferences::extensions::unicode::keywords::{CalendarAlgorithm, NumberingSystem};
use icu_locale_core::subtags::subtag;
use icu_plurals::{PluralCategory, PluralRules};
use icu_segmenter::WordSegmenter;

use super::numerals::Marks;

/// The data of the library for one language, read once.
pub(super) struct Locale {
    digits: DecimalFormatter,
    plurals: PluralRules,
    and: ListFormatter,
    or: ListFormatter,
    day: DateTimeFormatter<YMD>,
    day_of_month: DateTimeFormatter<MD>,
    month: DateTimeFormatter<M>,
    month_of_year: DateTimeFormatter<YM>,
    short_day: DateTimeFormatter<YMD>,
    short_month: DateTimeFormatter<YM>,
}

impl std::fmt::Debug for Locale {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Locale")
    }
}

impl Locale {
    /// The conventions of a BCP 47 tag; none if it is not one.
    pub(super) fn of(tag: &str) -> Option<Self> {
        let locale: icu_locale_core::Locale = tag.parse().ok()?;
        let dates = || {
            let mut dates = DateTimeFormatterPreferences::from(&locale);
            dates.calendar_algorithm = Some(CalendarAlgorithm::Gregory);
            dates.numbering_system = digits();
            dates
        };
        let mut numbers = DecimalFormatterPreferences::from(&locale);
        numbers.numbering_system = digits();
        let lists = ListFormatterOptions::default;
        Some(Self {
            digits: DecimalFormatter::try_new(numbers, <_>::default()).ok()?,
            plurals: PluralRules::try_new_cardinal((&locale).into()).ok()?,
            and: ListFormatter::try_new_and((&locale).into(), lists()).ok()?,
            or: ListFormatter::try_new_or((&locale).into(), lists()).ok()?,
            day: DateTimeFormatter::try_new(dates(), YMD::long()).ok()?,
            day_of_month: DateTimeFormatter::try_new(dates(), MD::long()).ok()?,
            month: DateTimeFormatter::try_new(dates(), M::long()).ok()?,
            month_of_year: DateTimeFormatter::try_new(dates(), YM::long()).ok()?,
            short_day: DateTimeFormatter::try_new(dates(), YMD::medium()).ok()?,
            short_month: DateTimeFormatter::try_new(dates(), YM::medium()).ok()?,
        })
    }

    /// The part of a tag that asks for another calendar or for other digits, which no document uses.
    pub(super) fn wish(tag: &str) -> Option<String> {
        let locale: icu_locale_core::Locale = tag.parse().ok()?;
        let [calendar, numbers] = [key!("ca"), key!("nu")].map(|key| locale.extensions.unicode.keywords.get(&key));
        let calendar =
            calendar.map(ToString::to_string).filter(|calendar| !matches!(calendar.as_str(), "gregory" | "iso8601"));
        calendar.or_else(|| numbers.map(ToString::to_string).filter(|numbers| numbers != "latn"))
    }

    /// A number of digits and at most one point, with the marks of the language; any other text as it is.
    pub(super) fn number(&self, written: &str) -> String {
        written.parse::<Decimal>().map_or_else(|_| written.to_owned(), |number| self.digits.format(&number).to_string())
    }

    /// The marks that group digits and separate decimals, found by writing a number.
    pub(super) fn marks(&self) -> Marks {
        let between = |number: &str| self.number(number).replace(char::is_numeric, "");
        Marks { group: between("10000"), decimal: between("0.5") }
    }

    /// The plural category of a count: `one`, `few`, …
    pub(super) fn category(&self, count: u64) -> &'static str {
        name(self.plurals.category_for(count))
    }

    /// The plural categories of the language.
    pub(super) fn categories(&self) -> Vec<&'static str> {
        self.plurals.categories().map(name).collect()
    }

    /// "a, b and c".
    pub(super) fn all_of(&self, items: &[String]) -> String {
        self.and.format(items.iter().map(String::as_str)).to_string()
    }

    /// "a, b or c".
    pub(super) fn any_of(&self, items: &[String]) -> String {
        self.or.format(items.iter().map(String::as_str)).to_string()
    }

    /// "5 October 2007".
    pub(super) fn day(&self, day: NaiveDate) -> String {
        date(day).map_or_else(String::new, |day| self.day.format(&day).to_string())
    }

    /// "5 October".
    pub(super) fn day_of_month(&self, day: NaiveDate) -> String {
        date(day).map_or_else(String::new, |day| self.day_of_month.format(&day).to_string())
    }

    /// "October".
    pub(super) fn month(&self, day: NaiveDate) -> String {
        date(day).map_or_else(String::new, |day| self.month.format(&day).to_string())
    }

    /// "October 2007".
    pub(super) fn month_of_year(&self, day: NaiveDate) -> String {
        date(day).map_or_else(String::new, |day| self.month_of_year.format(&day).to_string())
    }

    /// "5 Oct 2007".
    pub(super) fn short_day(&self, day: NaiveDate) -> String {
        date(day).map_or_else(String::new, |day| self.short_day.format(&day).to_string())
    }

    /// "Oct 2007".
    pub(super) fn short_month(&self, day: NaiveDate) -> String {
        date(day).map_or_else(String::new, |day| self.short_month.format(&day).to_string())
    }
}

/// European digits.
fn digits() -> Option<NumberingSystem> {
    NumberingSystem::try_from(&Value::from_subtag(Some(subtag!("latn")))).ok()
}

/// The ends of words that a trained model finds, in bytes.
pub(super) fn ends_by_model(text: &str) -> Vec<usize> {
    WordSegmenter::new_lstm(<_>::default()).segment_str(text).collect()
}

/// The ends of words that the dictionary of the script finds, in bytes.
pub(super) fn ends_by_dictionary(text: &str) -> Vec<usize> {
    WordSegmenter::new_dictionary(<_>::default()).segment_str(text).collect()
}

fn date(day: NaiveDate) -> Option<Date<Iso>> {
    let (month, of_month) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    Date::try_new_iso(day.year(), month, of_month).ok()
}

fn name(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tag: &str) -> Locale {
        Locale::of(tag).unwrap_or_else(|| unreachable!("{tag} is a tag"))
    }

    #[test]
    fn conventions_are_those_of_the_language() {
        let items = ["a", "b", "c"].map(String::from);
        let day = NaiveDate::from_ymd_opt(2007, 10, 5).unwrap_or_default();
        let formatted = |tag: &str| {
            let locale = of(tag);
            [locale.number("12345.60"), locale.any_of(&items), locale.day(day), locale.month_of_year(day)]
        };
        assert_eq!(formatted("en-GB"), ["12,345.60", "a, b or c", "5 October 2007", "October 2007"]);
        assert_eq!(formatted("fr-FR"), ["12\u{202f}345,60", "a, b ou c", "5 octobre 2007", "octobre 2007"]);
        assert_eq!(formatted("lo-LA"), ["12.345,60", "a, b ຫຼື c", "5 ຕຸລາ 2007", "ຕຸລາ 2007"]);
        assert_eq!((of("fr").category(0), of("en").category(0), of("pl").category(3)), ("one", "other", "few"));
        assert_eq!(of("lo").categories(), ["other"]);
    }

    #[test]
    fn years_are_of_one_era_and_digits_of_one_kind_in_every_language() {
        let day = NaiveDate::from_ymd_opt(2007, 10, 5).unwrap_or_default();
        let tags = [
            "th-TH",
            "fa-IR",
            "am-ET",
            "ja-JP",
            "hi-IN",
            "bn-BD",
            "my-MM",
            "km-KH",
            "ar-SA",
            "ar-EG",
            "ne-NP",
            "mr-IN",
            "dz-BT",
            "ur-PK",
            "ps-AF",
            "zh-TW",
            "he-IL",
            "th-TH-u-ca-buddhist-nu-thai",
            "ja-JP-u-ca-japanese",
        ];
        for tag in tags {
            let locale = of(tag);
            for date in [locale.day(day), locale.month_of_year(day)] {
                assert!(date.contains("2007"), "{tag}: {date}");
            }
            let dates =
                [locale.day(day), locale.month_of_year(day), locale.day_of_month(day), locale.number("1234567.8")];
            let native = dates.iter().find(|date| date.contains(|c: char| c.is_numeric() && !c.is_ascii()));
            assert_eq!(native, None, "{tag} has digits of its own");
        }
    }

    #[test]
    fn what_is_no_tag_has_no_conventions() {
        assert!(Locale::of("not a tag").is_none());
    }
}
