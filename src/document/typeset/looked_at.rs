//! A document to look at: its pages as pictures, and one in which each figure is a link to its id. Neither is published.

use anyhow::{Context, Result};

use super::compile::{self, Form, LOCATED};
use super::{Prepared, Press, stage};

/// What finds the figures of a document.
const LOCATING: &str = include_str!("located.typ");

impl Prepared<'_> {
    /// A page as an SVG whose letters are outlines, so that it looks the same everywhere.
    ///
    /// # Errors
    /// When there is no room to stage, when Typst crashes or hangs, or has an error to tell of.
    pub fn picture(&self, press: Press<'_>, page: usize) -> Result<Vec<u8>> {
        self.look(press, Form::Page(page))
    }

    /// A PDF in which each printed figure is a link to its id, of a plan whose figures carry their ids.
    ///
    /// # Errors
    /// When there is no room to stage, when Typst crashes or hangs, or has an error to tell of.
    pub fn located(&self, press: Press<'_>) -> Result<Vec<u8>> {
        self.look(press, Form::Located)
    }

    fn look(&self, press: Press<'_>, form: Form) -> Result<Vec<u8>> {
        let (document, date) = (&self.outline.document, self.outline.project.report.issue.end());
        let folder = press.work.join(self.name());
        stage::stage(self.outline, &self.figures, &self.view, press.templates, &folder)?;
        if matches!(form, Form::Located) {
            let written = stage::write(&folder.join(LOCATED), LOCATING.as_bytes());
            written.with_context(|| format!("cannot stage in `{}`", folder.display()))?;
        }
        let made = compile::compile(press.typst, &folder, &document.kind.id, form, date, press.limits);
        // If this fails, the folder goes when the whole work folder is cleared.
        let _ = std::fs::remove_dir_all(&folder);
        made?.0.with_context(|| format!("Typst cannot set `{}`", document.kind.id))
    }
}
