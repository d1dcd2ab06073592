//! Reads the logo of the publisher, and checks that each of its texts can be printed in each language.

use super::Project;
use super::faces::unprintable;
use super::logos::picture;
use crate::diagnostic::Diagnostics;

/// Reports every fault in what the publisher declares beside its own file, and reads its logo.
pub(super) fn relate(project: &mut Project, diagnostics: &mut Diagnostics) {
    let Some(mut publisher) = project.report.publisher.take() else { return };
    let languages = || project.texts.iter();
    let unprinted =
        publisher.printed().filter_map(|(words, at)| languages().find_map(|text| unprintable(words, at, text)));
    unprinted.for_each(|fault| diagnostics.push(fault));
    let logo = publisher.logo.as_ref();
    match logo.map(|logo| picture(&project.root, logo, diagnostics)).transpose() {
        Ok(picture) => publisher.picture = picture.flatten(),
        Err(fault) => diagnostics.push(*fault),
    }
    project.report.publisher = Some(publisher);
}
