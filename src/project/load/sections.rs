//! The sections and indicators: the folders of `data/indicators/` and the files in them.

use std::sync::Arc;

use anyhow::Result;

use super::Section;
use super::entry::{Root, misplaced};
use crate::diagnostic::{Diagnostics, Source};
use crate::project::declaration::Declaration;
use crate::project::declaration::keys::{self, Keys};
use crate::project::indicator::Indicator;
use crate::project::schema::Schema;

/// The keys of `section.toml`.
pub static SECTION: Keys = Keys::of(
    "data/indicators/<section>/section.toml",
    "A section of the documents: the folder that holds its indicators.",
    &[
        keys::text("title").must().says("The title that is printed.").example("\"Protection\""),
        keys::integer("order", None, None)
            .without("the last place")
            .says("Its place among the sections: lower numbers come first.")
            .example("3"),
    ],
);

pub(super) fn read(
    root: Root<'_>,
    schemas: &[Schema],
    diagnostics: &mut Diagnostics,
) -> Result<(Vec<Section>, Vec<Indicator>)> {
    let (mut sections, mut indicators) = (Vec::new(), Vec::<Indicator>::new());
    for folder in root.list("data/indicators", diagnostics)? {
        let base = format!("data/indicators/{}", folder.name);
        if !folder.is_folder {
            misplaced(&base, None, "a section's folder", diagnostics);
            continue;
        }
        let source = root.read_or_missing(&format!("{base}/section.toml"), None, diagnostics)?;
        sections.push(section(&folder.name, &source, diagnostics));
        for file in root.list(&base, diagnostics)?.into_iter().filter(|file| file.name != "section.toml") {
            let path = format!("{base}/{}", file.name);
            let Some(id) = file.name.strip_suffix(".toml") else {
                misplaced(&path, None, "an indicator `<id>.toml`", diagnostics);
                continue;
            };
            let source = root.read(&path, None, diagnostics)?;
            indicators.push(Indicator::parse((&folder.name, id), &source, schemas, diagnostics));
        }
    }
    sections.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
    let place = |id: &str| sections.iter().position(|section| section.id == id);
    indicators.sort_by_key(|indicator| (place(&indicator.section), indicator.order, indicator.id.clone()));
    Ok((sections, indicators))
}

/// Reads `section.toml`.
pub fn section(id: &str, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Section {
    let mut file = Declaration::parse(&SECTION, source, diagnostics);
    let title = file.required_text("title").value;
    let order = file.integer("order").map_or(i64::MAX, |order| order.value);
    file.finish();
    Section { id: id.to_owned(), title, order }
}
