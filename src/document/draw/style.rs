//! The type of the charts, and how wide a text is. Type is given in points and measured in
//! millimetres, in the face in which the page sets it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow};
use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};
use ttf_parser::{Face as Table, name_id};

use crate::document::outline::unidentified;
use crate::project::face::{self, Family};
use crate::project::text::runs_on;

pub use super::palette::{BANDS, Colour, FOG, INK, MID, MIST, PAPER, RULE, RUST, SLATE, TEXT_2};

/// Strokes, in millimetres: a hairline, a thin line, a line, a heavy line.
pub const HAIR: f64 = 0.1;
/// Axis ticks and rules under heads.
pub const THIN: f64 = 0.15;
/// Baselines and brackets.
pub const LINE: f64 = 0.25;
/// Outlines of contested columns, stems and rings.
pub const HEAVY: f64 = 0.3;

/// The family named in every text of every chart.
pub const FAMILY: &str = face::OWN;

/// A weight or slope of the family. Charts use no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Upright.
    Regular,
    /// Panel heads, contested figures, zeros.
    Bold,
    /// Units and asides.
    Italic,
}

/// Size, face and colour of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Type {
    /// Size in points.
    pub pt: f64,
    /// Weight or slope.
    pub face: Face,
    /// Colour.
    pub colour: Colour,
}

impl Type {
    /// This type at another size.
    #[must_use]
    pub const fn at(self, pt: f64) -> Self {
        Self { pt, ..self }
    }

    /// This type in another colour.
    #[must_use]
    pub const fn in_colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// This type in bold.
    #[must_use]
    pub const fn bold(self) -> Self {
        Self { face: Face::Bold, ..self }
    }
}

const fn set(pt: f64, face: Face, colour: Colour) -> Type {
    Type { pt, face, colour }
}

/// The smallest size on any page.
pub const SMALLEST: f64 = 7.6;
/// Head of a panel or row.
pub const HEAD: Type = set(9.5, Face::Bold, INK);
/// A figure beside its mark.
pub const VALUE: Type = set(8.0, Face::Regular, INK);
/// A reported zero.
pub const ZERO: Type = set(8.0, Face::Bold, INK);
/// One of several figures for the same period.
pub const CONTESTED: Type = set(8.0, Face::Bold, RUST);
/// The line under a head.
pub const UNIT: Type = set(8.0, Face::Italic, TEXT_2);
/// Years on an axis, sources of a panel.
pub const YEAR: Type = set(SMALLEST, Face::Regular, TEXT_2);
/// Remarks inside a chart.
pub const ASIDE: Type = set(SMALLEST, Face::Italic, TEXT_2);
/// Labels of rows in a matrix.
pub const ROW: Type = set(8.5, Face::Regular, INK);

/// Height of a figure or capital, as a share of the type size.
const CAP: f64 = 0.65;
/// Millimetres in a point.
const POINT: f64 = 25.4 / 72.0;
/// From one baseline to the next, as a share of the type size.
const LEADING: f64 = 1.17;
/// A measuring size so large that Plotters' rounding to whole pixels does not matter.
const MEASURE: f64 = 100_000.0;

/// The type size in millimetres.
#[must_use]
pub fn em(style: Type) -> f64 {
    style.pt * POINT
}

/// Height of a figure or capital, in millimetres.
#[must_use]
pub fn cap(style: Type) -> f64 {
    em(style) * CAP
}

/// From one baseline to the next, in millimetres.
#[must_use]
pub fn leading(style: Type) -> f64 {
    em(style) * LEADING
}

/// Width of a text in millimetres, as the page will set it (kerning apart).
///
/// Plotters scales a face so that its *height* (ascender to descender) fills the size it is asked for, and draws it
/// with a *type size* of that size divided by 1.24: measured and drawn widths differ. So the width is asked for at
/// a very large size and turned into shares of the type size by the height of the face. A face that cannot be measured
/// (which [`register`] has then refused) counts as half the type size for each character.
#[must_use]
pub fn width(text: &str, style: Type) -> f64 {
    let style = upright(style);
    let known = WIDTHS.with_borrow(|known| known[style.face as usize].get(text).copied());
    let share = known.unwrap_or_else(|| {
        let share = measure(text, style.face).unwrap_or(0.5 * text.chars().count() as f64);
        WIDTHS.with_borrow_mut(|known| known[style.face as usize].insert(text.to_owned(), share));
        share
    });
    share * em(style)
}

thread_local! {
    /// The face of the document that is being drawn for letters that the page's own has not.
    static BESIDE: RefCell<Option<Family>> = const { RefCell::new(None) };
    /// The widths of texts in each face, measured once in a document: each time Plotters would read the font anew.
    static WIDTHS: RefCell<[HashMap<String, f64>; 3]> = RefCell::default();
}

/// A type as it is set in the document that is being drawn: a script with a face of its own has no slanted letters, and figures
/// among them stand upright, too.
#[must_use]
pub fn upright(style: Type) -> Type {
    let slants = BESIDE.with_borrow(Option::is_none);
    if style.face == Face::Italic && !slants { Type { face: Face::Regular, ..style } } else { style }
}

/// Draws with a face beside the page's own.
pub fn beside<T>(face: Option<&Family>, draw: impl FnOnce() -> T) -> T {
    /// Takes the face away again, even where the drawing panics: the thread goes on with other documents.
    struct Borrowed;
    impl Drop for Borrowed {
        fn drop(&mut self) {
            lend(None);
        }
    }
    lend(face.cloned());
    let _borrowed = Borrowed;
    draw()
}

/// Sets the face, and forgets what was measured in another.
fn lend(face: Option<Family>) {
    BESIDE.set(face);
    WIDTHS.take();
}

fn measure(text: &str, face: Face) -> Option<f64> {
    let heights = known_heights().as_ref().ok()?;
    let text = &*unidentified(text);
    let other = |letter: &char| !letter.is_ascii() && !face::is_own(*letter);
    let own: String = text.chars().filter(|letter| !other(letter)).collect();
    let others: String = text.chars().filter(other).collect();
    let beside = BESIDE.with_borrow(|beside| beside.as_ref().map(|family| family.width(&others, face as usize)));
    // Letters of no face at all are never printed.
    let beside = beside.unwrap_or(0.5 * others.chars().count() as f64);
    let font = FontDesc::new(FontFamily::Name(FAMILY), MEASURE, plotters_style(face));
    let ((left, _), (right, _)) = font.layout_box(&own).ok()?;
    Some(f64::from(right - left) / MEASURE * heights[face as usize] + if others.is_empty() { 0.0 } else { beside })
}

/// A place between two words that are written without a space.
pub const BREAK: char = '\u{200b}';

/// Breaks a text into lines no wider than `room`, at spaces and between words written without spaces; a word wider than a
/// line is cut with a hyphen.
#[must_use]
pub fn wrap(text: &str, style: Type, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (spaced, word) in text.split([' ', '\n']).flat_map(words) {
        for (at, piece) in cut(word, style, room).into_iter().enumerate() {
            let between = if spaced { " " } else { "" };
            let joined = lines.last().filter(|_| at == 0).map(|line| format!("{line}{between}{piece}"));
            match (joined, lines.last_mut()) {
                (Some(joined), Some(line)) if width(&joined, style) <= room => *line = joined,
                _ => lines.push(piece),
            }
        }
    }
    lines
}

/// Whether no word of a text is wider than `room`, so that none is cut.
#[must_use]
pub fn holds_words(text: &str, style: Type, room: f64) -> bool {
    text.split([' ', '\n']).flat_map(words).all(|(_, word)| width(word, style) <= room)
}

/// The words between two spaces, the first of which follows a space.
fn words(text: &str) -> impl Iterator<Item = (bool, &str)> {
    text.split(BREAK).filter(|word| !word.is_empty()).enumerate().map(|(at, word)| (at == 0, word))
}

/// A word in pieces no wider than `room`: parted after what joins its parts, else within them by a hyphen.
fn cut(word: &str, style: Type, room: f64) -> Vec<String> {
    if width(word, style) <= room {
        return vec![word.to_owned()];
    }
    let mut pieces = vec![String::new()];
    for part in word.split_inclusive(['-', '/', '–', '—']) {
        match pieces.last_mut() {
            Some(last) if width(&format!("{last}{part}"), style) <= room => last.push_str(part),
            _ if width(part, style) <= room => pieces.push(part.to_owned()),
            _ => hyphenate(part, style, room, &mut pieces),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Adds a part of a word that is too wide for any line, letter by letter.
fn hyphenate(part: &str, style: Type, room: f64, pieces: &mut Vec<String>) {
    let hyphened = !runs_on(part);
    let letters: Vec<char> = part.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let last = pieces.last().map_or("", String::as_str);
        let within = |at: usize| letters.get(at).is_some_and(|letter| letter.is_alphabetic());
        // A mark over a letter stands with it.
        let mark = width(&letter.to_string(), style) == 0.0;
        let ends = if hyphened && within(at) && within(at + 1) { "-" } else { "" };
        if !last.is_empty() && !mark && width(&format!("{last}{letter}{ends}"), style) > room {
            let hyphen = hyphened && within(at) && last.chars().next_back().is_some_and(char::is_alphabetic);
            if let Some(last) = pieces.last_mut().filter(|_| hyphen) {
                last.push('-');
            }
            pieces.push(String::new());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(*letter);
        }
    }
}

/// Registers the three faces with Plotters, once.
///
/// # Errors
/// When `typst-assets` no longer carries one of them.
pub fn register() -> Result<()> {
    known_heights().as_ref().map(|_| ()).map_err(|reason| anyhow!("{reason}"))
}

/// Height of each face, ascender to descender, as a share of its type size; reading it registers the faces.
static HEIGHTS: OnceLock<std::result::Result<[f64; 3], String>> = OnceLock::new();

fn known_heights() -> &'static std::result::Result<[f64; 3], String> {
    HEIGHTS.get_or_init(|| heights().map_err(|error| format!("{error:#}")))
}

fn heights() -> Result<[f64; 3]> {
    Ok([height(Face::Regular)?, height(Face::Bold)?, height(Face::Italic)?])
}

/// The first letter of a text that the faces at hand lack: it would be printed as an empty box.
#[must_use]
pub fn unlettered(text: &str) -> Option<char> {
    BESIDE.with_borrow(|beside| face::lacking(text, beside.as_ref()))
}

/// A face that Typst carries.
fn find(wanted: &str) -> Result<(&'static [u8], Table<'static>)> {
    typst_assets::fonts()
        .filter_map(|bytes| Some((bytes, Table::parse(bytes, 0).ok()?)))
        .find(|(_, table)| postscript_name(table).as_deref() == Some(wanted))
        .with_context(|| format!("typst-assets contains no font {wanted}"))
}

fn height(face: Face) -> Result<f64> {
    let wanted = ["LibertinusSerif-Regular", "LibertinusSerif-Bold", "LibertinusSerif-Italic"][face as usize];
    let (bytes, table) = find(wanted)?;
    register_font(FAMILY, plotters_style(face), bytes)
        .map_err(|_| anyhow!("Plotters cannot load the font {wanted}"))?;
    Ok(f64::from(table.height()) / f64::from(table.units_per_em()))
}

fn postscript_name(table: &Table) -> Option<String> {
    let names = table.names().into_iter();
    names.filter(|name| name.name_id == name_id::POST_SCRIPT_NAME).find_map(|name| name.to_string())
}

/// A face as Plotters names it.
#[must_use]
pub fn plotters_style(face: Face) -> FontStyle {
    match face {
        Face::Regular => FontStyle::Normal,
        Face::Bold => FontStyle::Bold,
        Face::Italic => FontStyle::Italic,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::project::text::anything::{anything, hold};

    #[test]
    fn widths_are_those_of_the_face() {
        assert!(register().is_ok());
        let digits = width("0123456789", VALUE) / em(VALUE);
        assert!((digits - 4.65).abs() < 0.3, "ten figures take {digits} of the type size");
        assert!(width("Arrested", HEAD) > width("Arrested", HEAD.at(8.0)));
        assert!(width("Arrested", HEAD) > width("Arrested", Type { face: Face::Regular, ..HEAD }));
    }

    #[test]
    fn letters_that_the_face_lacks_are_found() {
        assert_eq!(unlettered("Décembre ≥ “11”, Việt Nam, Россия"), None);
        assert_eq!(unlettered("Laos, ລາວ"), Some('ລ'));
        assert_eq!(unlettered("لاوس"), Some('ل'));
    }

    #[test]
    fn lines_break_at_spaces_and_fit() {
        let lines = wrap("no significant efforts were stated", ASIDE, 22.0);
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|line| width(line, ASIDE) <= 22.0));
        assert_eq!(lines.join(" "), "no significant efforts were stated");
        assert!(wrap("", ASIDE, 22.0).is_empty());
        let pieces = wrap("a counterrevolutionaries", ASIDE, 12.0);
        assert!(pieces.len() > 2 && pieces.iter().all(|piece| width(piece, ASIDE) <= 12.0), "{pieces:?}");
        let (last, cut) = pieces[1..].split_last().unwrap_or((&pieces[0], &[]));
        assert!(cut.iter().all(|piece| piece.ends_with('-')) && !last.ends_with('-'), "a cut is seen: {pieces:?}");
        assert_eq!(wrap("Saint-Laurent-sur-Sèvre", ASIDE, 14.0).concat(), "Saint-Laurent-sur-Sèvre");
    }

    #[test]
    fn any_text_is_measured_and_wrapped_whole() {
        // A word that is cut has a hyphen more.
        let letters = |text: &str| text.replace([' ', '\n', '-', BREAK], "");
        hold(400, (anything(), 0.0..60.0_f64), |(text, room)| {
            let wide = width(&text, VALUE);
            prop_assert!(wide.is_finite() && wide >= 0.0, "{wide}");
            let lines = wrap(&text, VALUE, room);
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
            let _ = unlettered(&text);
            Ok(())
        });
    }

    #[test]
    fn a_width_is_remembered_for_its_face_and_document_only() {
        let carried = Family::carried(crate::project::face::CARRIED);
        let seen: Vec<f64> = [carried.as_ref(), None, carried.as_ref()]
            .map(|family| beside(family, || [VALUE, VALUE.bold(), VALUE].map(|style| width("ຜູ້ 23", style))))
            .concat();
        assert_eq!(seen[..3], seen[6..]);
        assert!(seen[0] == seen[2] && seen[0] != seen[1] && seen[0] != seen[3], "{seen:?}");
    }

    #[test]
    fn a_face_is_taken_away_even_after_a_panic() {
        let family = Family::carried(crate::project::face::CARRIED);
        assert!(family.is_some());
        // Unwinds as a panic does, without a word of it.
        let ended = std::panic::catch_unwind(|| beside(family.as_ref(), || std::panic::resume_unwind(Box::new(()))));
        let ended: std::thread::Result<()> = ended;
        assert!(ended.is_err() && BESIDE.with_borrow(Option::is_none));
    }
}
