//! What was made to be looked at, kept in memory by the checksum of its document: a build that leaves a document as it was leaves
//! this, too.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::document::trace::Numeral;

/// A page of a document: the checksum of the document, and the number of the page.
pub(super) type Page = (String, usize);

/// So many pictures are kept, the latest.
const PICTURES: usize = 96;

/// Pictures and numerals.
#[derive(Default)]
pub(crate) struct Shelf {
    pictures: VecDeque<(Page, Arc<Vec<u8>>)>,
    /// The numerals of each page of documents.
    pub(super) numerals: BTreeMap<String, Arc<Vec<Vec<Numeral>>>>,
}

impl Shelf {
    pub(super) fn picture(&self, page: &Page) -> Option<Arc<Vec<u8>>> {
        self.pictures.iter().find(|(known, _)| known == page).map(|(_, picture)| Arc::clone(picture))
    }

    pub(super) fn put(&mut self, page: Page, picture: Vec<u8>) -> Arc<Vec<u8>> {
        let picture = Arc::new(picture);
        self.pictures.push_back((page, Arc::clone(&picture)));
        if self.pictures.len() > PICTURES {
            self.pictures.pop_front();
        }
        picture
    }

    /// Keeps what is of these documents alone.
    pub(super) fn keep(&mut self, is_there: impl Fn(&str) -> bool) {
        self.pictures.retain(|((sum, _), _)| is_there(sum));
        self.numerals.retain(|sum, _| is_there(sum));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_pictures_of_documents_that_are_there_are_kept() {
        let mut shelf = Shelf::default();
        for page in 0..=PICTURES {
            shelf.put((if page % 2 == 0 { "even" } else { "odd" }.to_owned(), page), vec![1]);
        }
        assert!(shelf.picture(&("even".to_owned(), 0)).is_none(), "the oldest has gone");
        assert!(shelf.picture(&("odd".to_owned(), 1)).is_some());
        shelf.keep(|sum| sum == "even");
        assert!(shelf.picture(&("odd".to_owned(), 1)).is_none() && shelf.picture(&("even".to_owned(), 2)).is_some());
    }
}
