//! The sections and indicators: the folders of `data/indicators/` and the files in them.

use anyhow::Result;

use super::Section;
use super::entry::{Root, misplaced};
use crate::diagnostic::Diagnostics;
use crate::project::declaration::Declaration;
use crate::project::indicator::Indicator;
use crate::project::schema::Schema;

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
        sections.push(section(root, &folder.name, diagnostics)?);
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

fn section(root: Root<'_>, id: &str, diagnostics: &mut Diagnostics) -> Result<Section> {
    let source = root.read_or_missing(&format!("data/indicators/{id}/section.toml"), None, diagnostics)?;
    let mut file = Declaration::parse(&source, diagnostics);
    let title = file.required_text("title").value;
    let order = file.integer("order").map_or(i64::MAX, |order| order.value);
    file.finish();
    Ok(Section { id: id.to_owned(), title, order })
}
