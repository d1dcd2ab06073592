//! Draws the charts of the gallery and of the product with the production code and reads them back: no words overlap, none
//! leaves its sheet, and each chart keeps to its space, on a page and in a question block. For tests only.

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::diagnostic::Diagnostics;
    use crate::document::draw::{Figure, draw, proof};
    use crate::document::outline::{Outline, outline};
    use crate::project::Project;

    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).expect("a folder can be made");
        for entry in std::fs::read_dir(from).expect("a folder of the repository") {
            let path = entry.expect("an entry").path();
            let target = to.join(path.file_name().expect("a name"));
            if path.is_dir() {
                copy(&path, &target);
            } else {
                std::fs::copy(&path, &target).expect("a file can be copied");
            }
        }
    }

    /// The gallery in a folder of its own, with what it shares with the product.
    fn gallery() -> tempfile::TempDir {
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        for shared in ["data/schemas", "data/text", "templates"] {
            copy(&repository.join(shared), &folder.path().join(shared));
        }
        copy(&repository.join("tests/projects/gallery/data"), &folder.path().join("data"));
        folder
    }

    /// Shows every document of a project, with its charts as they are drawn on its pages, and then as drawn in question blocks.
    fn each(root: &Path, mut show: impl FnMut(&Outline<'_>, &[Figure])) {
        let mut diagnostics = Diagnostics::default();
        let project = Project::load(root, &mut diagnostics).expect("the project is sound");
        let release = crate::cli::stages::release(&project, &|_| {}, &mut diagnostics).expect("its tables are sound");
        let prose = crate::document::bind::bind(&project, &release, &mut diagnostics);
        for document in project.documents() {
            let released = release.country(&document.country.iso3).expect("a country");
            let prose = prose.iter().find(|prose| prose.country.iso3 == document.country.iso3).expect("its prose");
            let mut outline = outline(document, released, prose, None);
            show(&outline, &draw(&outline).expect("it can be drawn"));
            outline.bindings.questions = outline.charts.iter().map(|indicator| indicator.id.clone()).collect();
            outline.key_figures.clear();
            show(&outline, &draw(&outline).expect("it can be drawn"));
        }
    }

    #[test]
    fn words_never_overlap_and_charts_keep_to_their_space() {
        let gallery = gallery();
        let (mut drawn, mut faults) = (0, Vec::new());
        for root in [gallery.path(), Path::new(env!("CARGO_MANIFEST_DIR"))] {
            each(root, |outline, figures| {
                for figure in figures {
                    let (drawing, face) = (&figure.drawing, outline.document.text.face.as_ref());
                    let mut found = proof::faults(&drawing.svg, face);
                    assert!(figure.words().eq(proof::words(&drawing.svg)), "{}: its texts are its SVG's", figure.id);
                    found.extend(figure.missing_letter.iter().map(|(text, _)| format!("“{text}” lacks a letter")));
                    if let Some(indicator) = outline.project.indicator(&figure.id) {
                        let space = outline.space(indicator);
                        let block = outline.bindings.questions.contains(&figure.id);
                        let keeps = drawing.width <= space.width && (block || drawing.height <= space.tallest);
                        found.extend((!keeps).then(|| format!("{} x {} mm", drawing.width, drawing.height)));
                    }
                    let (country, text) = (&outline.document.country.iso3, &outline.document.text.language);
                    faults.extend(found.into_iter().map(|fault| format!("{country}/{text} {}: {fault}", figure.id)));
                    drawn += 1;
                }
            });
        }
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(drawn > 150, "{drawn} charts are drawn");
    }
}
