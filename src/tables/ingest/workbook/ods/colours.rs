//! Colours and writing as styles name them.

use super::super::sheet::{Colour, Script};
use super::attributes::Attributes;

/// What a style states: something, or that there is nothing.
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

/// `#ff0000`; none for `transparent` and the like.
pub(super) fn colour(text: &str) -> Option<Colour> {
    let digits = text.trim().strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some([red, green, blue])
}

/// Whether properties of text say how it is written: none if they do not, and no script if they say that it is plain.
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
