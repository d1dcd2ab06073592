//! The corrections of a country on the page: when, which figures, as they were printed and as they are now, and why.

use quick_xml::escape::escape;

use super::Page;
use crate::document::typeset::SummedCorrection;

impl Page<'_> {
    pub(super) fn corrections(&self, corrected: &[SummedCorrection]) -> String {
        let title = self.word("corrections_title");
        let items: String = corrected.iter().map(correction).collect();
        format!("<div class=\"story\">\n<h3>{title}</h3>\n<ul>\n{items}</ul>\n</div>\n")
    }
}

fn correction(corrected: &SummedCorrection) -> String {
    let figure =
        |(name, change): &(String, String)| format!("<br/>{}: <strong>{}</strong>", escape(name), escape(change));
    let figures: String = corrected.figures.iter().map(figure).collect();
    format!(
        "<li><span class=\"facts\">{}</span>{figures}<br/>{}</li>\n",
        escape(&corrected.date),
        escape(&corrected.why)
    )
}
