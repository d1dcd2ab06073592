//! Draws the charts of the gallery with the production code and reads them back: no words overlap, none leaves its sheet. For
//! tests only.

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::diagnostic::Diagnostics;
    use crate::document::draw::{draw, proof};
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

    #[test]
    fn words_of_the_gallery_never_overlap() {
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        for shared in ["data/schemas", "data/text", "templates"] {
            copy(&repository.join(shared), &folder.path().join(shared));
        }
        copy(&repository.join("tests/projects/gallery/data"), &folder.path().join("data"));
        let mut diagnostics = Diagnostics::default();
        let project = Project::load(folder.path(), &mut diagnostics).expect("the gallery is sound");
        let release =
            crate::cli::stages::release(&project, &|_| {}, &mut diagnostics).expect("the gallery's tables are sound");
        let prose = crate::document::bind::bind(&project, &release, &mut diagnostics);
        let mut drawn = 0;
        for document in project.documents() {
            let released = release.country(&document.country.iso3).expect("a country");
            let prose = prose.iter().find(|prose| prose.country.iso3 == document.country.iso3).expect("its prose");
            let outline = crate::document::outline::outline(document, released, prose, None);
            for figure in draw(&outline).expect("the gallery can be drawn") {
                let faults = proof::faults(&figure.drawing.svg, None);
                assert!(
                    figure.words().eq(proof::words(&figure.drawing.svg)),
                    "{}: its texts are those of its SVG",
                    figure.id
                );
                assert!(faults.is_empty(), "{} of {}: {faults:#?}", figure.id, document.country.iso3);
                assert_eq!(figure.missing_letter, None, "{} of {}", figure.id, document.country.iso3);
                drawn += 1;
            }
        }
        assert!(drawn > 50, "{drawn} charts of the gallery are drawn");
    }
}
