//! The fonts of the documents: which letters they have, and how wide these are. **dejavu** lives here, and the crates that
//! read fonts: **ttf-parser**, and **typst-assets** with the font of the page.

use std::fmt;
use std::sync::{Arc, OnceLock};

use ttf_parser::{Face, name_id};

/// The font family of every page and every chart.
pub const OWN: &str = "Libertinus Serif";
/// The built-in font family for scripts whose letters the font of the page does not have.
pub const CARRIED: &str = "DejaVu Sans";

/// A font family: its upright, bold and italic fonts.
#[derive(Clone)]
pub struct Family {
    /// Its name.
    pub name: String,
    faces: [Arc<[u8]>; 3],
}

impl fmt::Debug for Family {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

/// The font family of the page, read once.
static PAGE: OnceLock<Option<Family>> = OnceLock::new();

fn page() -> Option<&'static Family> {
    PAGE.get_or_init(|| Family::among(OWN, typst_assets::fonts())).as_ref()
}

impl Family {
    /// The built-in family, if this is its name.
    #[must_use]
    pub fn carried(name: &str) -> Option<Self> {
        let faces = [dejavu::sans::regular(), dejavu::sans::bold(), dejavu::sans::oblique()];
        (name == CARRIED).then(|| Self { name: name.to_owned(), faces: faces.map(Arc::from) })
    }

    /// A family among the contents of font files. The upright font stands in for a missing bold or italic one.
    #[must_use]
    pub fn among(name: &str, files: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Option<Self> {
        let mut found: [Option<Arc<[u8]>>; 3] = [None, None, None];
        for file in files {
            let file = file.as_ref();
            let Some(place) = Face::parse(file, 0).ok().filter(|face| is_of(face, name)).and_then(|face| kind(&face))
            else {
                continue;
            };
            found[place].get_or_insert_with(|| file.into());
        }
        let [upright, bold, italic] = found;
        let upright = upright?;
        let faces = [upright.clone(), bold.unwrap_or_else(|| upright.clone()), italic.unwrap_or(upright)];
        Some(Self { name: name.to_owned(), faces })
    }

    /// The contents of its files, each once.
    pub fn files(&self) -> impl Iterator<Item = &[u8]> {
        let [upright, bold, italic] = &self.faces;
        let further = [bold, italic].into_iter().filter(move |face| !Arc::ptr_eq(face, upright));
        std::iter::once(upright).chain(further).map(|face| &**face)
    }

    /// Whether it has a letter.
    #[must_use]
    pub fn has(&self, letter: char) -> bool {
        self.upright().is_some_and(|face| face.glyph_index(letter).is_some())
    }

    fn upright(&self) -> Option<Face<'_>> {
        Face::parse(&self.faces[0], 0).ok()
    }

    /// The width of a text, in units of the type size; `kind` is 0 for upright, 1 for bold, 2 for italic.
    #[must_use]
    pub fn width(&self, text: &str, kind: usize) -> f64 {
        let Ok(face) = Face::parse(&self.faces[kind.min(2)], 0) else { return 0.0 };
        let advance = |letter| face.glyph_hor_advance(face.glyph_index(letter)?);
        let units: f64 = text.chars().filter_map(advance).map(f64::from).sum();
        units / f64::from(face.units_per_em())
    }
}

/// The first visible letter of a text that neither the font of the page nor a further one has.
#[must_use]
pub fn lacking(text: &str, further: Option<&Family>) -> Option<char> {
    let seen = |letter: &char| !letter.is_control() && !letter.is_whitespace() && !INVISIBLE.contains(letter);
    let mut letters = text.chars().filter(|letter| !letter.is_ascii()).filter(seen).peekable();
    // Most texts are ASCII, and need no font to be read.
    letters.peek()?;
    let faces: Vec<Face<'_>> = page().into_iter().chain(further).filter_map(Family::upright).collect();
    letters.find(|letter| !faces.iter().any(|face| face.glyph_index(*letter).is_some()))
}

/// Whether the font of the page has a letter.
#[must_use]
pub fn is_own(letter: char) -> bool {
    page().is_some_and(|own| own.has(letter))
}

/// Invisible characters that allow or forbid a line break.
const INVISIBLE: [char; 3] = ['\u{200b}', '\u{2060}', '\u{ad}'];

fn is_of(face: &Face<'_>, family: &str) -> bool {
    let names = face.names().into_iter();
    let wanted = [name_id::FAMILY, name_id::TYPOGRAPHIC_FAMILY];
    names.filter(|name| wanted.contains(&name.name_id)).any(|name| name.to_string().as_deref() == Some(family))
}

/// Which of the three fonts it is; none for other weights and for bold italics, which are not used.
fn kind(face: &Face<'_>) -> Option<usize> {
    match (face.weight().to_number(), face.is_italic() || face.is_oblique()) {
        (400, false) => Some(0),
        (700, false) => Some(1),
        (400, true) => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_found_where_they_are() {
        let carried = Family::carried(CARRIED);
        assert!(is_own('é') && !is_own('ລ'));
        assert_eq!(lacking("Résumé ລາວ", None), Some('ລ'));
        assert_eq!(lacking("Résumé ລາວ\u{200b}", carried.as_ref()), None);
        assert!(Family::carried("Another").is_none());
    }

    #[test]
    fn marks_over_letters_take_no_room() {
        let Some(carried) = Family::carried(CARRIED) else { unreachable!("the program carries it") };
        assert!((carried.width("ຜູ້", 0) - carried.width("ຜ", 0)).abs() < 0.01);
        assert!(carried.width("ຜ", 1) > carried.width("ຜ", 0));
    }
}
