//! Charts that no page can show as they are: too high for one, or with letters that no face at hand has.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::document::draw::{FACE, Figure, TALLEST};
use crate::document::outline::Outline;

/// The faults of the charts of a document, each at the chart that is declared.
pub(super) fn faults(outline: &Outline<'_>, figures: &[Figure]) -> Vec<Diagnostic> {
    figures.iter().flat_map(|figure| too_high(outline, figure).into_iter().chain(unlettered(outline, figure))).collect()
}

fn too_high(outline: &Outline<'_>, figure: &Figure) -> Option<Diagnostic> {
    let message = format!("the chart is {:.0} mm high; a page holds {TALLEST:.0}", figure.drawing.height);
    let fault = || Diagnostic::error(Code::InvalidValue, place(outline, figure), message);
    (figure.drawing.height > TALLEST)
        .then(|| fault().hint("let it show fewer series or facts, or divide it into two charts"))
}

fn unlettered(outline: &Outline<'_>, figure: &Figure) -> Option<Diagnostic> {
    let (words, letter) = figure.missing_letter.as_ref()?;
    let message = format!("`{letter}` (U+{:04X}) of “{words}” is no letter of the face {FACE}", u32::from(*letter));
    let fault = Diagnostic::error(Code::InvalidValue, place(outline, figure), message);
    Some(fault.hint("say it in letters that the face has"))
}

/// Where the chart is declared, as a fault of this country alone.
fn place(outline: &Outline<'_>, figure: &Figure) -> Span {
    let indicator = outline.project.indicator(figure.id.trim_end_matches("-strip"));
    let place = indicator.map(|indicator| indicator.chart.as_ref().map_or(&indicator.span, |chart| &chart.span));
    let place = place.cloned().unwrap_or_else(|| super::stage::missing_prose(outline));
    place.for_country(&outline.document.country.iso3)
}
