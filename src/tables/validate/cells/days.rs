//! Days, months and years as spreadsheets and people write them, and how to write them here.

use chrono::{Days, NaiveDate};

use super::super::eras;
use super::{letters, passes};
use crate::project::schema::{Field, Kind};
use crate::value::period::{AHEAD, BUDDHIST, EARLIEST};

/// The English names of the months, as spreadsheets shorten them.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Whether a year in the cell is centuries in the future.
pub(super) fn is_far_ahead(value: &str) -> bool {
    years(value).any(|(_, year)| year > AHEAD)
}

/// Whether a year in the cell is centuries in the past or in the future.
pub(in crate::tables::validate) fn is_far(value: &str) -> bool {
    years(value).any(|(_, year)| !(EARLIEST..=AHEAD).contains(&year))
}

/// A hint that says how to write the day, month or year that was probably meant.
pub(super) fn slip(value: &str, field: &Field) -> Option<String> {
    let folded = letters::folded(value);
    let text = folded.trim();
    let fits = |text: &String| passes(text, field);
    if let Some(day) = serial(text) {
        return Some(format!("this looks like a spreadsheet's day number for {day}; format the column as text"));
    }
    if is_far_ahead(text) {
        // A year that is in the future even when read as Buddhist belongs to no calendar known here.
        if years(text).any(|(_, year)| year > AHEAD && !eras::is_recent(year - BUDDHIST)) {
            return None;
        }
        let common = common_era(text);
        return Some(format!("did you mean {common}? years of the Buddhist Era are {BUDDHIST} ahead"));
    }
    let far_back = years(text).find(|(_, year)| *year < EARLIEST);
    if let Some(common) = far_back.and_then(|(_, year)| eras::common(year)) {
        return Some(common);
    }
    if let Some([first, second]) = day_first(text).map(|days| days.map(|day| day.filter(fits))) {
        return match (first, second) {
            (Some(day), Some(other)) if day != other => {
                Some(format!("write `{day}` if the day comes first, `{other}` if the month does"))
            }
            (Some(day), _) | (None, Some(day)) => Some(format!("write `{day}`: the year first, then month and day")),
            _ => None,
        };
    }
    if let Some(years) = two_years(text) {
        return Some(years);
    }
    let rewritten = [interval(text), year_first(text), month(text), midnight(text), Some(text.to_owned())];
    let meant = rewritten.into_iter().flatten().find(|meant| meant != value && fits(meant));
    meant.map(|meant| format!("write `{meant}`")).or_else(|| coarser(text, field))
}

/// The day that a spreadsheet stores as a number. Its calendar has a 29 February 1900, which never existed: day
/// 61 is 1 March 1900, and from there on counting from 30 December 1899 is right (ECMA-376, part 1, 18.17.4.1).
fn serial(text: &str) -> Option<NaiveDate> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let number: u64 = text.parse::<f64>().ok().and_then(|_| whole.parse().ok()).filter(|_| whole.len() == 5)?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(number)).filter(|_| number >= 10_000)
}

/// The four-digit years in a cell, each with the byte it starts at.
fn years(text: &str) -> impl Iterator<Item = (usize, i32)> {
    let starts = text.split('/').scan(0, |at, part| {
        let start = *at;
        *at += part.len() + 1;
        Some((start, part))
    });
    starts.filter_map(|(start, part)| {
        let (year, rest) = part.split_at_checked(4)?;
        let alone = rest.chars().next().is_none_or(|next| "-~T".contains(next));
        let year = Some(year).filter(|year| alone && year.bytes().all(|byte| byte.is_ascii_digit()))?;
        Some((start, year.parse().ok()?))
    })
}

fn common_era(text: &str) -> String {
    let mut common = text.to_owned();
    for (at, year) in years(text).filter(|(_, year)| *year > AHEAD) {
        common.replace_range(at..at + 4, &format!("{:04}", year - BUDDHIST));
    }
    common
}

/// `05/10/2007` read with the day first and with the month first.
fn day_first(text: &str) -> Option<[Option<String>; 2]> {
    let parts: Vec<&str> = text.split(['/', '.', '-']).collect();
    let [first, second, year] = parts.as_slice() else { return None };
    if year.len() != 4 || first.is_empty() || first.len() > 2 || second.is_empty() || second.len() > 2 {
        return None;
    }
    let (first, second, year) = (first.parse().ok()?, second.parse().ok()?, year.parse().ok()?);
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).map(|day| day.to_string());
    Some([day(second, first), day(first, second)])
}

/// `2007-2008` and `2007 to 2008` as an interval.
fn interval(text: &str) -> Option<String> {
    for between in [" to ", " - ", "--"] {
        if let Some((first, last)) = text.split_once(between) {
            return Some(format!("{}/{}", first.trim(), last.trim()));
        }
    }
    let (first, last) = text.split_once('-')?;
    (first.len() == 4 && last.len() == 4).then(|| format!("{first}/{last}"))
}

/// `2023-24` and `2023/24`: a year that begins in one and ends in the next.
fn two_years(text: &str) -> Option<String> {
    let (first, second) = text.split_once(['-', '/'])?;
    let year = |digits: &str| digits.parse::<u16>().ok();
    let (first, second) = (year(first).filter(|_| first.len() == 4)?, year(second).filter(|_| second.len() == 2)?);
    let next = first + 1;
    (next % 100 == second && second > 12).then(|| {
        format!("for twelve months from one year into the next write their first and last, such as `{first}-04/{next}-03`; for both years `{first}/{next}`")
    })
}

/// `2007/10/05`, `2007.10.5` and `2007-1` with hyphens and two digits each.
fn year_first(text: &str) -> Option<String> {
    let mut parts = text.split(['/', '.', '-']);
    let year = parts.next().filter(|year| year.len() == 4)?;
    let rest: Option<Vec<String>> = parts
        .map(|part| part.parse::<u32>().ok().filter(|_| part.len() <= 2).map(|number| format!("{number:02}")))
        .collect();
    Some(format!("{year}-{}", rest.filter(|rest| !rest.is_empty())?.join("-")))
}

/// `Oct-07`, `October 2007` and `5 October 2007`, as spreadsheets show months and days.
fn month(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split([' ', '-', ',']).filter(|word| !word.is_empty()).collect();
    let number = |word: &str| {
        let name = word.get(..3)?.to_lowercase();
        MONTHS.iter().position(|month| *month == name).map(|at| format!("{:02}", at + 1))
    };
    let whole = |year: &str| match year.len() {
        2 => Some(format!("20{year}")),
        4 => Some(year.to_owned()),
        _ => None,
    };
    match words.as_slice() {
        [month, year] => Some(format!("{}-{}", whole(year)?, number(month)?)),
        [day, month, year] => Some(format!("{}-{}-{:02}", whole(year)?, number(month)?, day.parse::<u32>().ok()?)),
        _ => None,
    }
}

/// A hint where a spreadsheet took an age band for a month and a day: `10-14` became `14-Oct`.
pub(super) fn made_of(value: &str, field: &Field) -> Option<String> {
    let (first, second) = value.trim().split_once('-')?;
    let (name, day) = if first.starts_with(char::is_alphabetic) { (first, second) } else { (second, first) };
    let month = MONTHS.iter().position(|month| name.eq_ignore_ascii_case(month))? + 1;
    let range = format!("{month}-{}", day.trim_start_matches('0'));
    passes(&range, field).then(|| format!("did a spreadsheet turn `{range}` into a day? format the column as text"))
}

/// The day alone, where a spreadsheet has added midnight.
fn midnight(text: &str) -> Option<String> {
    let (day, time) = text.split_once([' ', 'T'])?;
    time.bytes().all(|byte| matches!(byte, b'0' | b':' | b'.' | b'Z')).then(|| day.to_owned())
}

/// The hint for a day or a month in a column of years.
fn coarser(text: &str, field: &Field) -> Option<String> {
    let year = text.get(..4).filter(|year| field.kind == Kind::Year && passes(year, field))?;
    Some(format!("write the year alone: `{year}`"))
}
