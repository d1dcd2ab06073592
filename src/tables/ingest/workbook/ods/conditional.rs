//! Conditional formats: beside the sheet, or, in older files, in the styles of cells.

use std::collections::BTreeMap;

use quick_xml::events::Event;

use super::super::Unreadable;
use super::super::package::part::{Part, damaged};
use super::super::sheet::{Area, Condition, Conditional, Effect, Place};
use super::attributes::Attributes;
use super::styles::Styles;

/// Reads the format whose element has begun.
pub(super) fn read(
    part: &mut Part<'_, '_>,
    format: &Attributes,
    styles: &Styles,
) -> Result<Vec<Conditional>, Unreadable> {
    let areas = areas(format.get("calcext:target-range-address").unwrap_or_default());
    let mut found = Vec::new();
    loop {
        let (name, attributes) = match part.next()? {
            Event::Start(element) => (element.name().as_ref().to_owned(), Attributes::of(&element)),
            Event::End(element) if element.name().as_ref() == "calcext:conditional-format" => return Ok(found),
            Event::Eof => return Err(damaged()),
            _ => continue,
        };
        // LibreOffice states at the first step of an icon set that no number is shown beside it.
        let picture = matches!(name.as_str(), "calcext:data-bar" | "calcext:icon-set" | "calcext:formatting-entry");
        if picture && attributes.is("calcext:show-value", "false") {
            found.push(Conditional { areas: areas.clone(), condition: Condition::Always, effect: Effect::Picture });
        }
        if matches!(name.as_str(), "calcext:condition" | "calcext:date-is") {
            let effects =
                styles.effects(attributes.either("calcext:apply-style-name", "calcext:style").unwrap_or_default());
            let condition = condition(attributes.get("calcext:value").unwrap_or_default());
            found.extend(conditionals(&areas, condition.as_ref(), effects));
        }
    }
}

fn conditionals(areas: &[Area], condition: Option<&Condition>, effects: Vec<Effect>) -> Vec<Conditional> {
    let Some(condition) = condition else { return Vec::new() };
    let whole = |effect| Conditional { areas: areas.to_vec(), condition: condition.clone(), effect };
    effects.into_iter().map(whole).collect()
}

/// The conditional formats in styles, which apply to the cells with the style.
pub(super) fn of_styles(mapped: Vec<(String, Area)>, styles: &Styles) -> Vec<Conditional> {
    let mut areas: BTreeMap<String, Vec<Area>> = BTreeMap::new();
    for (style, area) in mapped {
        areas.entry(style).or_default().push(area);
    }
    let mut found = Vec::new();
    for (style, areas) in &areas {
        for (condition, applied) in styles.get("table-cell", style).map_or(&[][..], |style| &style.maps) {
            found.extend(conditionals(areas, self::condition(condition).as_ref(), styles.effects(applied)));
        }
    }
    found
}

/// A comparison as a condition.
type Compared = fn(f64) -> Condition;

/// The condition; none if it never holds for a cell with a valid value.
fn condition(text: &str) -> Option<Condition> {
    let text = text.trim().replace("cell-content-is-", "").replace("cell-content()", "");
    let inside = |name: &str| text.strip_prefix(name).and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')'));
    let pair = |inside: &str| {
        let (one, other) = inside.split_once(',')?;
        let (one, other) = (one.trim().parse::<f64>().ok()?, other.trim().parse::<f64>().ok()?);
        Some((one.min(other), one.max(other)))
    };
    if let Some(inside) = inside("between") {
        return Some(pair(inside).map_or(Condition::Unknown, |(least, most)| Condition::Between(least, most)));
    }
    if let Some(inside) = inside("not-between") {
        return Some(pair(inside).map_or(Condition::Unknown, |(least, most)| Condition::Outside(least, most)));
    }
    match text.as_str() {
        "is-error" => return None,
        "is-no-error" => return Some(Condition::Always),
        _ => {}
    }
    let signs: [(&str, Compared); 6] = [
        ("<=", Condition::AtMost),
        (">=", Condition::AtLeast),
        ("!=", Condition::IsNot),
        ("<", Condition::Below),
        (">", Condition::Above),
        ("=", Condition::Is),
    ];
    let found = signs.iter().find_map(|(sign, make)| Some((text.strip_prefix(sign)?, make)));
    let Some((rest, make)) = found else { return Some(Condition::Unknown) };
    // Conditions on texts never hold for a number.
    if text.starts_with("=\"") {
        return None;
    }
    Some(rest.trim().parse().map_or(Condition::Unknown, make))
}

/// `Sheet1.C2:Sheet1.C10 'My sheet'.D2`.
fn areas(text: &str) -> Vec<Area> {
    let mut quoted = false;
    let outside = |c: char| {
        quoted ^= c == '\'';
        c.is_whitespace() && !quoted
    };
    text.split(outside).filter_map(area).collect()
}

fn area(text: &str) -> Option<Area> {
    let mut quoted = false;
    let mut ends = text.split(|c: char| {
        quoted ^= c == '\'';
        c == ':' && !quoted
    });
    let first = place(ends.next()?)?;
    Some(Area { first, last: ends.next().map_or(Some(first), place)? })
}

/// `Sheet1.$C$2`.
fn place(text: &str) -> Option<Place> {
    let cell = text.rsplit('.').next()?.replace('$', "");
    let letters: String = cell.chars().take_while(char::is_ascii_alphabetic).collect();
    let row: u32 = cell.strip_prefix(letters.as_str())?.parse().ok()?;
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        column.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    })?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}
