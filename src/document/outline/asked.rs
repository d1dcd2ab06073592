//! The figures that authors chose to print, in prose or in charts, over all documents. Protection keeps these figures where it
//! has a choice of what to withhold.

use super::{Outline, outline};
use crate::disclosure::protect::{Asked, Release, ReleasedCell};
use crate::document::bind::{Prose, cited};
use crate::project::Project;

/// The figures that prose, key figures or declarations name, and those that charts or tables draw.
#[must_use]
pub fn asked(project: &Project, release: &Release, prose: &[Prose<'_>]) -> Asked {
    let mut asked = Asked { cited: cited(prose), ..Asked::default() };
    for same in project.countries.iter().flat_map(|country| &country.same) {
        asked.cited.extend(same.figures.iter().map(|id| id.value.clone()));
    }
    for document in project.documents() {
        let prose = prose.iter().find(|prose| prose.country.iso3 == document.country.iso3);
        let Some((released, prose)) = release.country(&document.country.iso3).zip(prose) else { continue };
        let document = outline(document, released, prose, None);
        let ids = |cells: Vec<&ReleasedCell>| cells.into_iter().map(|cell| cell.id.clone()).collect::<Vec<_>>();
        asked.cited.extend(ids(document.in_key_figures()));
        asked.drawn.extend(ids(document.in_figures(&document.charts)));
        asked.drawn.extend(ids(placed(&document)));
    }
    asked
}

/// The figures in tables that prose places.
fn placed<'p>(document: &Outline<'p>) -> Vec<&'p ReleasedCell> {
    document.bindings.tables.iter().flat_map(|indicator| document.released.cells(indicator)).collect()
}
