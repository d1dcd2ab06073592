//! Charts that cannot be printed: those higher than their space, and those with letters that no face at hand has.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::document::draw::{FACE, Figure};
use crate::document::outline::Outline;

/// An error for each such chart of a document, where the chart is declared.
pub(super) fn faults(outline: &Outline<'_>, figures: &[Figure]) -> Vec<Diagnostic> {
    figures.iter().flat_map(|figure| too_high(outline, figure).into_iter().chain(unlettered(outline, figure))).collect()
}

/// A warning for each figure that the title of a chart prints and the chart does not draw: a reader looks for it in vain.
pub(super) fn titles(outline: &Outline<'_>, figures: &[Figure]) -> Vec<Diagnostic> {
    let titles = outline.bindings.titles.iter().filter(|title| title.what == "chart");
    let drawn = titles.filter_map(|title| Some((title, figures.iter().find(|figure| figure.id == title.id)?)));
    let undrawn = drawn.flat_map(|(title, figure)| {
        let printed = outline.bindings.printed_in(title);
        printed.filter(|(id, _)| !figure.figures.iter().any(|drawn| drawn == id)).collect::<Vec<_>>()
    });
    let warning = |(id, span): (&str, &Span)| {
        let message = format!("the title prints `{id}`, which the chart does not draw");
        let hint = "print a figure that the chart draws, or say it in the text";
        Diagnostic::warning(Code::UnknownFigure, span.clone(), message).hint(hint)
    };
    undrawn.map(warning).collect()
}

fn too_high(outline: &Outline<'_>, figure: &Figure) -> Option<Diagnostic> {
    let (high, tallest) = (figure.drawing.height, outline.space(outline.project.indicator(&figure.id)?).tallest);
    let place_of_it = if outline.bindings.questions.contains(&figure.id) { "its question block" } else { "a page" };
    let message = format!("the chart is {high:.0} mm high; {place_of_it} has room for {tallest:.0} mm");
    let fault = || Diagnostic::error(Code::InvalidValue, place(outline, figure), message);
    (high > tallest).then(|| fault().hint("show fewer series or facts, or split it into two charts"))
}

fn unlettered(outline: &Outline<'_>, figure: &Figure) -> Option<Diagnostic> {
    let (words, letter) = figure.missing_letter.as_ref()?;
    let message = format!("`{letter}` (U+{:04X}) in “{words}” is not in the typeface {FACE}", u32::from(*letter));
    let fault = Diagnostic::error(Code::InvalidValue, place(outline, figure), message);
    Some(fault.hint("write it in letters that the typeface has"))
}

/// Where the chart is declared; the error stops this country only.
fn place(outline: &Outline<'_>, figure: &Figure) -> Span {
    let indicator = outline.project.indicator(figure.id.trim_end_matches("-strip"));
    let place = indicator.map(|indicator| indicator.chart.as_ref().map_or(&indicator.span, |chart| &chart.span));
    let place = place.cloned().unwrap_or_else(|| super::prose::missing_prose(outline));
    place.for_country(&outline.document.country.iso3)
}
