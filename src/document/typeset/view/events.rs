//! A dated fact in words.

use super::marks;
use super::model::Event;
use crate::disclosure::protect;
use crate::document::outline::Outline;
use crate::project::text::INFERRED;

/// Its first date with a mark where it is inferred, the others that sources give, its text and the numbers of its sources.
pub(super) fn dated(outline: &Outline<'_>, event: &protect::Event) -> Event {
    let text = outline.document.text;
    let others: Vec<String> = event.dates[1..].iter().map(|date| text.period(date)).collect();
    let or = if others.is_empty() { String::new() } else { text.any_of(&others) };
    let numbers = outline.numbers(event.sources.iter().map(String::as_str));
    let inferred = event.dates[0].inferred();
    let date = format!("{}{}", text.period(&event.dates[0]), if inferred { INFERRED } else { "" });
    Event { date, inferred, or, text: outline.fact(event).to_owned(), marks: marks(&numbers) }
}
