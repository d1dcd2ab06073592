//! Why a document is a draft, whatever its numbers are. A draft says so on its pages, is not mailed, and is not listed on the web page.

use super::Document;
use crate::project::country::Narrative;

/// A reason for which a document is a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftReason {
    /// Nobody who reads its language has confirmed the translation.
    Unconfirmed,
    /// A typeface stands in for the one of its language.
    StandIn,
    /// Some of its prose is not written yet.
    Unwritten,
    /// Some of its prose is printed in the default language.
    Untranslated,
    /// Fewer persons than must approved what it says now.
    Unapproved,
}

impl DraftReason {
    /// The word of a catalogue that says it on the pages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unconfirmed => "draft_language",
            Self::StandIn => "draft_font",
            Self::Unwritten => "draft_unwritten",
            Self::Untranslated => "draft_untranslated",
            Self::Unapproved => "draft_unapproved",
        }
    }

    /// The same for those who send it: "it is not sent: …".
    #[must_use]
    pub fn why_unsent(self) -> &'static str {
        match self {
            Self::Unconfirmed => "its language is a draft that nobody has confirmed yet",
            Self::StandIn => "it is a draft, set in a typeface that stands in for the one of its language",
            Self::Unwritten => "it is a draft: some of its prose is not written yet",
            Self::Untranslated => "it is a draft: some of its prose is not translated yet",
            Self::Unapproved => "it is a draft that is not approved yet",
        }
    }
}

impl Document<'_> {
    /// Every reason for which it is a draft, beside numbers that are not released; empty if it is none.
    #[must_use]
    pub fn draft_reasons(&self) -> Vec<DraftReason> {
        let unconfirmed = self.text.draft.then_some(DraftReason::Unconfirmed);
        let unwritten = self.is_unwritten().then_some(DraftReason::Unwritten);
        // Which font it is set in matters least while it is being written.
        let stand_in = (self.text.stood_in && unwritten.is_none()).then_some(DraftReason::StandIn);
        let untranslated = self.places().any(|place| self.lacks(place)).then_some(DraftReason::Untranslated);
        let unapproved = (!self.approved).then_some(DraftReason::Unapproved);
        [unconfirmed, unwritten, stand_in, untranslated, unapproved].into_iter().flatten().collect()
    }

    /// Whether some of its prose is not written yet. Where a language has none, that of the default language stands in.
    #[must_use]
    pub fn is_unwritten(&self) -> bool {
        let guide = |place: &str| {
            let has = |language: &str| self.country.unwritten.iter().any(|(own, of)| own == language && of == place);
            has(&self.text.language) || has(&self.default.language) && !self.has(&self.text.language, place)
        };
        self.places().any(guide) || self.says_nothing()
    }

    /// Whether it has no prose of its own in a series whose documents are made of it: nothing but its cover would be printed.
    fn says_nothing(&self) -> bool {
        let kind = self.kind;
        self.project.report.format.is_filled()
            && !kind.record
            && !kind.sections
            && !self.has(&self.default.language, &kind.id)
    }

    /// Where its prose stands: its own place, and those of the sections that it has and its donor reads.
    fn places(&self) -> impl Iterator<Item = &str> {
        let sections = self.project.sections.iter().filter(|_| self.kind.sections);
        let read = sections.filter(|section| self.donor.is_none_or(|donor| donor.reads(&section.id)));
        std::iter::once(self.kind.id.as_str()).chain(read.map(|section| section.id.as_str()))
    }

    /// Whether the default language has prose at this place, and the language of the document has none.
    fn lacks(&self, place: &str) -> bool {
        self.has(&self.default.language, place) && !self.has(&self.text.language, place)
    }

    fn has(&self, language: &str, place: &str) -> bool {
        let here = |narrative: &Narrative| narrative.place == place && narrative.language == language;
        self.country.narratives.iter().any(here)
    }
}
