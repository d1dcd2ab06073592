//! Where the figures of a document stand: a copy of it in which each is a link to its id is read, and compared with the document
//! itself. What is not the same text at the same place counts for nothing.

use anyhow::Result;

use super::pdf::{self, PlacedPage};
use super::plain;
use super::sheet::Edges;

/// What the address of a link to a figure begins with; the bytes of its id follow in hexadecimal digits.
const FIGURE: &str = "figure:";

/// Where something stands on a page, in shares of its width and height, from its left upper corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// Its left edge.
    pub left: f64,
    /// Its upper edge.
    pub top: f64,
    /// From its left edge to its right one.
    pub width: f64,
    /// From its upper edge to its lower one.
    pub height: f64,
}

impl Spot {
    pub(super) fn on(Edges([left, low, right, high]): Edges, Edges([x, y, other_x, other_y]): Edges) -> Self {
        let (wide, tall) = (other_x - x, other_y - y);
        Self {
            left: (left - x) / wide,
            top: (other_y - high) / tall,
            width: (right - left) / wide,
            height: (high - low) / tall,
        }
    }
}

/// The words of a document that are figures, or parts of one, page by page.
pub struct Located(Vec<Vec<Word>>);

/// A word of a printed figure.
pub(super) struct Word {
    /// The ids of the figures that it is a word of, parted by spaces.
    pub(super) ids: String,
    pub(super) edges: Edges,
    text: String,
}

/// The figures of a copy in which each is a link to its id.
///
/// # Errors
/// If the bytes are not a readable PDF.
pub fn located(pdf: &[u8]) -> Result<Located> {
    let words = |page: PlacedPage| {
        let word = |(edges, address): &(Edges, String)| {
            Some(Word { ids: ids(address.strip_prefix(FIGURE)?)?, edges: *edges, text: inside(&page, *edges) })
        };
        page.links.iter().filter_map(word).collect()
    };
    Ok(Located(pdf::placed_pages(pdf)?.into_iter().map(words).collect()))
}

impl Located {
    /// The words of a page that are printed on it at the same place.
    pub(super) fn on(&self, number: usize, page: &PlacedPage) -> Vec<&Word> {
        let words = number.checked_sub(1).and_then(|at| self.0.get(at)).into_iter().flatten();
        words.filter(|word| !word.text.is_empty() && word.text == inside(page, word.edges)).collect()
    }

    /// The pages on which a figure is printed.
    pub fn pages<'l>(&'l self, figure: &'l str) -> impl Iterator<Item = usize> + 'l {
        let printed = move |words: &Vec<Word>| words.iter().any(|word| word.ids.split(' ').any(|id| id == figure));
        (1..).zip(&self.0).filter(move |(_, words)| printed(words)).map(|(page, _)| page)
    }
}

/// The text within a rectangle.
fn inside(page: &PlacedPage, edges: Edges) -> String {
    let mut text = String::new();
    for (run, letters) in page.text.runs.iter().zip(&page.text.letters) {
        let mut from = 0;
        for letter in letters {
            let to = from + letter.bytes;
            if edges.has_middle_of(letter.edges) {
                text.push_str(run.get(from..to).unwrap_or_default());
            }
            from = to;
        }
    }
    plain(&text)
}

/// Ids from their bytes in hexadecimal digits.
fn ids(digits: &str) -> Option<String> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    String::from_utf8(digits.as_bytes().chunks(2).map(byte).collect::<Option<Vec<u8>>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_from_their_digits_or_not_at_all() {
        assert_eq!(ids("585841").as_deref(), Some("XXA"));
        for wrong in ["zz", "ff", "58é"] {
            assert_eq!(ids(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_spot_is_a_share_of_the_page() {
        let spot = Spot::on(Edges([50.0, 150.0, 100.0, 175.0]), Edges([0.0, 0.0, 200.0, 200.0]));
        assert_eq!(spot, Spot { left: 0.25, top: 0.125, width: 0.25, height: 0.125 });
    }
}
