//! Colours and scripts as styles name them.

use super::super::sheet::{Colour, Script};
use super::attributes::Attributes;

/// A property that a style sets, possibly to nothing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stated<T> {
    Nothing,
    Is(T),
}

impl<T> Stated<T> {
    pub(super) fn of(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Self::Is)
    }

    pub(super) fn value(self) -> Option<T> {
        match self {
            Self::Nothing => None,
            Self::Is(value) => Some(value),
        }
    }
}

/// The colour `#ff0000`; none for `transparent` and similar values.
pub(super) fn colour(text: &str) -> Option<Colour> {
    let digits = text.trim().strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some([red, green, blue])
}

/// The script that text properties set: none if they set none, and `Stated` nothing if they set plain text.
pub(super) fn script(properties: &Attributes) -> Option<Stated<Script>> {
    let line = ["style:text-line-through-style", "style:text-line-through-type"];
    let lines: Vec<_> = line.iter().filter_map(|name| properties.get(name)).collect();
    if lines.iter().any(|line| *line != "none") {
        return Some(Stated::Is(Script::Struck));
    }
    let raised = properties.get("style:text-position").map(|text| Stated::of(position(text)));
    raised.or_else(|| (!lines.is_empty()).then_some(Stated::Nothing))
}

/// `super 58%`, `-33% 58%`.
fn position(text: &str) -> Option<Script> {
    let first = text.split_whitespace().next()?;
    match first {
        "super" => Some(Script::Raised),
        "sub" => Some(Script::Lowered),
        shift => match shift.trim_end_matches('%').parse::<f64>().ok()? {
            shift if shift > 0.0 => Some(Script::Raised),
            shift if shift < 0.0 => Some(Script::Lowered),
            _ => None,
        },
    }
}
