//! Translates a style of numbers, days or text into a number format.

use quick_xml::events::Event;

use super::super::Unreadable;
use super::super::package::part::{Part, damaged};
use super::attributes::Attributes;

/// A code that no format understands, for styles that cannot be translated.
const BEYOND: &str = "[beyond]";

/// A style's own section, and its conditional sections.
#[derive(Debug, Default, Clone)]
pub(super) struct DataStyle {
    own: String,
    maps: Vec<(String, String)>,
}

/// Whether an element is such a style.
pub(super) fn is_one(name: &str) -> bool {
    name.strip_prefix("number:").is_some_and(|name| name.ends_with("-style"))
}

/// Reads the style whose element, named `kind`, has begun.
pub(super) fn read(part: &mut Part<'_, '_>, kind: &str, style: &Attributes) -> Result<DataStyle, Unreadable> {
    let spans = style.is("number:truncate-on-overflow", "false");
    let mut data = DataStyle { own: digits(style), maps: Vec::new() };
    loop {
        let (name, attributes) = match part.next()? {
            Event::Start(element) => (element.name().as_ref().to_owned(), Attributes::of(&element)),
            Event::End(element) if element.name().as_ref() == kind => return Ok(data),
            Event::Eof => return Err(damaged()),
            _ => continue,
        };
        match name.as_str() {
            "number:number" => data.own += &number(part, &attributes)?,
            "number:text" | "number:currency-symbol" => {
                let text = part.text()?;
                data.own += &if kind == "number:percentage-style" { percent(&text) } else { literal(&text) };
            }
            "number:fill-character" => {
                let fill = part.text()?.chars().next();
                data.own.extend(fill.into_iter().flat_map(|c| ['*', c]));
            }
            "style:map" => {
                let condition = attributes.get("style:condition").unwrap_or_default().replace("value()", "");
                data.maps.push((condition, attributes.owned("style:apply-style-name").unwrap_or_default()));
            }
            "style:text-properties" if attributes.is("fo:color", "#ffffff") => data.own.insert_str(0, "[White]"),
            name => data.own += &other(name, &attributes, spans),
        }
    }
}

/// The digits of another script.
fn digits(style: &Attributes) -> String {
    let zeros = super::super::format::ZEROS;
    match style.get("number:transliteration-format").and_then(|text| text.chars().next()) {
        None | Some('1') => String::new(),
        Some(one) => {
            let script = zeros.iter().find(|(_, zero)| u32::from(*zero) + 1 == u32::from(one));
            script.map_or_else(|| BEYOND.to_owned(), |(script, _)| format!("[$-{script:X}000000]"))
        }
    }
}

/// Literal text.
fn literal(text: &str) -> String {
    match text {
        "" | " " | "-" | ":" => text.to_owned(),
        text if text.contains('"') => text.chars().flat_map(|c| ['\\', c]).collect(),
        text => format!("\"{text}\""),
    }
}

fn percent(text: &str) -> String {
    text.split('%').map(literal).collect::<Vec<_>>().join("%")
}

/// The digits of a number, with texts between them.
fn number(part: &mut Part<'_, '_>, attributes: &Attributes) -> Result<String, Unreadable> {
    let mut texts = Vec::new();
    loop {
        match part.next()? {
            Event::Start(element) if element.name().as_ref() == "number:embedded-text" => {
                let position = Attributes::of(&element).number("number:position").unwrap_or(0);
                texts.push((position as usize, part.text()?));
            }
            Event::End(element) if element.name().as_ref() == "number:number" => break,
            Event::Eof => return Err(damaged()),
            _ => {}
        }
    }
    let decimals = attributes.number("number:decimal-places");
    let whole = attributes.number("number:min-integer-digits").unwrap_or(1).min(99) as usize;
    let grouped = attributes.is("number:grouping", "true");
    let thousands = thousands(attributes.get("number:display-factor"));
    if decimals.is_none() && !grouped && whole <= 1 && texts.is_empty() && thousands.as_deref() == Some("") {
        return Ok("General".to_owned());
    }
    let mut code = whole_digits(whole, grouped, &texts);
    code += &part_digits(decimals.unwrap_or(0).min(99), attributes);
    code += thousands.as_deref().unwrap_or(BEYOND);
    Ok(code)
}

/// A comma for each division by a thousand; none if the factor is another number.
fn thousands(factor: Option<&str>) -> Option<String> {
    let mut factor: f64 = factor.map_or(Ok(1.0), str::parse).ok()?;
    let mut commas = String::new();
    while factor >= 1000.0 && commas.len() < 9 {
        factor /= 1000.0;
        commas.push(',');
    }
    ((factor - 1.0).abs() < f64::EPSILON).then_some(commas)
}

fn whole_digits(least: usize, grouped: bool, texts: &[(usize, String)]) -> String {
    let places = texts.iter().map(|(position, _)| *position).max().unwrap_or(0).min(99) + 1;
    let places = places.max(least).max(if grouped { 4 } else { 1 });
    let mut code = String::new();
    for place in (1..=places).rev() {
        code.push(if place <= least { '0' } else { '#' });
        let here = texts.iter().filter(|(position, _)| *position == place - 1);
        here.for_each(|(_, text)| code += &literal(text));
        if grouped && place > 1 && (place - 1).is_multiple_of(3) {
            code.push(',');
        }
    }
    code
}

fn part_digits(decimals: u32, attributes: &Attributes) -> String {
    if decimals == 0 {
        return String::new();
    }
    let replacement = attributes.get("number:decimal-replacement");
    if let Some(text) = replacement.filter(|text| !text.trim().is_empty()) {
        return format!(".{}", literal(text));
    }
    let least = attributes.either("number:min-decimal-places", "loext:min-decimal-places");
    let least = least.and_then(|least| least.parse().ok()).unwrap_or(if replacement.is_some() { 0 } else { decimals });
    (0..decimals).fold(".".to_owned(), |code, at| code + if at < least { "0" } else { "#" })
}

/// The other parts of a format.
fn other(name: &str, attributes: &Attributes, spans: bool) -> String {
    let long = attributes.is("number:style", "long");
    let letters = |letter: &str| if long { letter.repeat(2) } else { letter.to_owned() };
    let count = |name, least: u32| attributes.number(name).unwrap_or(least).clamp(least, 20) as usize;
    match name {
        "number:scientific-number" => {
            let decimals = count("number:decimal-places", 0);
            let point = if decimals > 0 { "." } else { "" };
            let (whole, power) = (count("number:min-integer-digits", 1), count("number:min-exponent-digits", 1));
            format!("{}{point}{}E+{}", "0".repeat(whole), "0".repeat(decimals), "0".repeat(power))
        }
        "number:fraction" => {
            let whole = if attributes.get("number:min-integer-digits").is_some() { "# " } else { "" };
            let over = "?".repeat(count("number:min-numerator-digits", 1));
            let under = attributes.get("number:denominator-value").map(str::to_owned);
            format!("{whole}{over}/{}", under.unwrap_or_else(|| "?".repeat(count("number:min-denominator-digits", 1))))
        }
        "number:day" => letters("d"),
        "number:month" if attributes.is("number:textual", "true") => if long { "mmmm" } else { "mmm" }.to_owned(),
        "number:month" | "number:minutes" => letters("m"),
        "number:year" => if long { "yyyy" } else { "yy" }.to_owned(),
        "number:day-of-week" => if long { "dddd" } else { "ddd" }.to_owned(),
        "number:era" => "g".to_owned(),
        "number:hours" if spans => format!("[{}]", letters("h")),
        "number:hours" => letters("h"),
        "number:seconds" => match count("number:decimal-places", 0) {
            0 => letters("s"),
            decimals => format!("{}.{}", letters("s"), "0".repeat(decimals)),
        },
        "number:am-pm" => "AM/PM".to_owned(),
        "number:boolean" => "General".to_owned(),
        "number:text-content" => "@".to_owned(),
        "style:text-properties" | "style:properties" => String::new(),
        _ => BEYOND.to_owned(),
    }
}

impl DataStyle {
    /// The whole format; `named` finds the styles of conditional sections.
    pub(super) fn code<'s>(&self, named: impl Fn(&str) -> Option<&'s DataStyle>) -> String {
        let conditions: Vec<&str> = self.maps.iter().map(|(condition, _)| condition.as_str()).collect();
        // The default conditions of sections without one.
        let usual = matches!(conditions.as_slice(), [] | [">=0"] | [">0", "<0"] | [">0", "<0", "=0"]);
        let mut code = String::new();
        for (condition, name) in &self.maps {
            if !usual {
                code += &format!("[{}]", condition.replace("!=", "<>"));
            }
            code += named(name).map_or(BEYOND, |style| style.own.as_str());
            code.push(';');
        }
        code += &self.own;
        // An empty code would mean General.
        if code.is_empty() { "\"\"".to_owned() } else { code }
    }
}
