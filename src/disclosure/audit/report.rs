//! The findings as text for a person, or as JSON.

use serde_json::json;

use super::Audit;
use crate::diagnostic::several;

impl Audit {
    /// The answer in words; with `places` also where.
    #[must_use]
    pub fn human(&self, width: u32, places: bool) -> String {
        let mut text = format!(
            "{} withheld{}\n{} exactly from what is printed\n{} in a range narrower than {width}\n",
            several(self.withheld, "value is", "values are"),
            if self.rounded > 0 { " or rounded" } else { "" },
            several(self.exact.len(), "of them follows", "of them follow"),
            several(self.narrow.len(), "more lies", "more lie")
        );
        if !self.undecided.is_empty() {
            text += &format!("{} could not be decided\n", self.undecided.len());
        }
        if !self.unlinked.is_empty() {
            text += &several(self.unlinked.len(), "stands in no sum", "stand in no sum");
            text += ", so nothing was worked out\n";
        }
        if !self.beside.is_empty() {
            text += &format!("the values of {} were not attacked\n", self.beside.join(", "));
        }
        if !self.within.is_empty() {
            text += "some rows are parts of other rows in the same column; what follows from that was not worked out\n";
        }
        if !self.open.is_empty() {
            text += &format!("{} would follow if the combinations without a row were 0\n", self.open.len());
        }
        if !self.contradictions.is_empty() {
            let groups = several(self.contradictions.len(), "group", "groups");
            text += &format!("{groups} of rows cannot all be true\n");
        }
        self.assumptions.iter().for_each(|assumption| text += &format!("assumed: {assumption}\n"));
        let lists = [
            ("exact", &self.exact),
            ("narrow", &self.narrow),
            ("undecided", &self.undecided),
            ("in no sum", &self.unlinked),
            ("part or sum of other rows", &self.within),
            ("follows if combinations without a row are 0", &self.open),
        ];
        for (word, found) in lists.into_iter().filter(|_| places) {
            found.iter().for_each(|place| text += &format!("{place}: {word}\n"));
        }
        for rows in &self.contradictions {
            text += &format!("{}: cannot all be true\n", rows.join(", "));
        }
        text
    }

    /// The answer as one object.
    #[must_use]
    pub fn json(&self, places: bool) -> String {
        let mut answer = json!({
            "withheld": self.withheld,
            "rounded": self.rounded,
            "exact": self.exact.len(),
            "narrow": self.narrow.len(),
            "undecided": self.undecided.len(),
            "unlinked": self.unlinked.len(),
            "unlisted": self.open.len(),
            "not_attacked": self.beside,
            "within_others": self.within.len(),
            "assumptions": self.assumptions,
            "contradictions": self.contradictions,
        });
        if places {
            answer["places"] = json!({
                "exact": self.exact,
                "narrow": self.narrow,
                "undecided": self.undecided,
                "unlinked": self.unlinked,
                "unlisted": self.open,
                "within_others": self.within,
            });
        }
        format!("{answer:#}\n")
    }
}
