//! The summary of a document, put together from its view: the page on the web prints no other words than the document.

use super::languages::unbroken;
use super::model::{KeyFigure, Picture, View};
use crate::document::bind::spoken::{Piece, Pieces, Request, story};
use crate::document::draw::Figure;
use crate::document::outline::Outline;
use crate::document::typeset::summary::{Summary, SummedChart, SummedFigure, SummedRequest};

/// The summary of the document that comes first in its language; none of a donor's copy, nor of one without a text of its own.
pub(super) fn summary(outline: &Outline<'_>, view: &View) -> Option<Summary> {
    let first = outline.project.report.documents.first()?;
    let front = outline.front.filter(|_| first.id == outline.document.kind.id && outline.document.donor.is_none())?;
    let story = story(&front.source.text());
    let scale = || view.scale.as_ref().map(|scale| (scale.figure.clone(), Pieces::new()));
    let chart = story.chart.clone().or_else(scale).and_then(|(id, title)| {
        let drawn = view.figures.get(&id)?;
        let title = if title.is_empty() { drawn.title.clone() } else { said(view, &title) };
        Some(SummedChart { id, title: unbroken(&title), alt: drawn.alt.clone() })
    });
    let publisher = &view.publisher;
    let signed =
        [Some(&publisher.name).filter(|name| !name.is_empty()), Some(&publisher.dated), publisher.licence.as_ref()];
    Some(Summary {
        deck: said(view, &story.deck),
        tier: view.tier.as_ref().map(|tier| (tier.label.clone(), tier.now.clone())),
        figures: view.key_figures.iter().map(|figure| key_figure(outline, figure)).collect(),
        requests: story.requests.iter().map(|asked| request(outline, view, asked)).collect(),
        chart,
        cite: publisher.cite.clone(),
        signed: signed.into_iter().flatten().cloned().collect(),
    })
}

/// The chart of its first page, with the names of its sources: it leaves the document that numbers them.
pub(super) fn picture(outline: &Outline<'_>, figures: &[Figure], summary: &Summary) -> Option<Picture> {
    let chart = summary.chart.as_ref()?;
    let drawn = figures.iter().find(|figure| figure.id == chart.id)?;
    let mut names: Vec<&str> = Vec::new();
    for source in drawn.marks.iter().filter_map(|mark| outline.sources().get(mark.checked_sub(1)?)) {
        if !names.contains(&source.publisher.as_str()) {
            names.push(&source.publisher);
        }
    }
    let sources = outline.document.text.phrase("picture_sources", &[("names", &names.join(", "))]);
    Some(Picture { figure: chart.id.clone(), title: chart.title.clone(), sources })
}

fn key_figure(outline: &Outline<'_>, figure: &KeyFigure) -> SummedFigure {
    let or = outline.document.text.word("or");
    let others: Vec<String> = figure.or.iter().map(|other| format!("{or} {other}")).collect();
    let value = figure.old.as_ref().or(figure.state_text.as_ref()).unwrap_or(&figure.value);
    let about = if figure.old.is_some() { figure.unit.clone() } else { format!("{}, {}", figure.period, figure.unit) };
    let arrow = match figure.direction {
        Some("up") => "▲ ",
        Some("down") => "▼ ",
        _ => "",
    };
    let change = figure.last.clone().or(figure.change.as_ref().map(|change| format!("{arrow}{change}")));
    SummedFigure {
        in_words: figure.old.is_some() || figure.state_text.is_some(),
        title: unbroken(&figure.title),
        value: value.clone(),
        or: if figure.old.is_some() { String::new() } else { others.join(" ") },
        about: unbroken(&about),
        change: change.unwrap_or_default(),
    }
}

fn request(outline: &Outline<'_>, view: &View, asked: &Request) -> SummedRequest {
    let by = asked.by.as_ref().map(|by| view.periods.get(by).cloned().unwrap_or_else(|| by.clone()));
    let met = said(view, &asked.met);
    let test = format!("{} {met}", outline.document.text.word("met_when"));
    SummedRequest {
        asked: said(view, &asked.asked),
        of: asked.owner.iter().cloned().chain(by).collect::<Vec<_>>().join(" · "),
        met: if met.is_empty() { met } else { unbroken(&test) },
    }
}

/// A text with the figures that its calls print.
fn said(view: &View, pieces: &Pieces) -> String {
    let value = |key: &str| view.values.get(key);
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Figure(key) => value(key).map(|value| value.text.clone()).unwrap_or_default(),
        Piece::Words(key) => value(key).map(|value| value.words.clone()).unwrap_or_default(),
        Piece::Phrase(key) => view.phrases.get(key).map(|phrase| phrase.text.clone()).unwrap_or_default(),
        Piece::Date(event) => view.dates.get(event).map(|date| date.text.clone()).unwrap_or_default(),
        Piece::Period(name) => view.periods.get(name).cloned().unwrap_or_default(),
    };
    let text: String = pieces.iter().map(piece).collect();
    unbroken(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}
