//! The text on the pages of a PDF. **lopdf** lives here.
//!
//! A PDF stores text in pieces: a word, or in a drawing a single letter. Pieces on one line without a gap between them form one
//! run; their positions are computed as in ISO 32000-1, 9.4.4.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId};
use rayon::prelude::*;

use super::budget::{Budget, STREAM};
use super::fonts::{self, Font};
use super::sheet::{Edges, Matrix, Sheet, letters};
use crate::project::text::runs_on;

/// Drawings may contain drawings, to this depth at most.
const DEPTH: usize = 8;
/// So many drawing positions may be kept at once.
const SAVED: usize = 1 << 12;
/// A gap of this share of the type size separates two runs.
const GAP: f64 = 0.12;

/// Glyphs narrower than this share of the type size are marks over or under a letter.
const NO_ROOM: f64 = 0.01;
/// A letter with its marks has at most this many characters.
const MARKED: usize = 4;

/// The text of a page.
#[derive(Default)]
pub(super) struct Page {
    /// Its runs, in the order of the file.
    pub(super) runs: Vec<String>,
    /// The indices of runs that are outside the page or cut by an edge.
    pub(super) cut: BTreeSet<usize>,
    /// Where the letters of each run stand, if that was asked for.
    pub(super) letters: Vec<Vec<Letter>>,
}

/// A letter of a run, or several that one glyph stands for.
pub(super) struct Letter {
    /// The length of its text.
    pub(super) bytes: usize,
    /// The rectangle around it.
    pub(super) edges: Edges,
}

/// A page with where its letters stand, its own edges, and its links: where each is, and its address.
pub(super) struct PlacedPage {
    pub(super) text: Page,
    pub(super) edges: Edges,
    pub(super) links: Vec<(Edges, String)>,
}

/// The text of each page.
///
/// # Errors
/// If the bytes are not a readable PDF, or hold more than documents do.
pub(super) fn pages(pdf: &[u8]) -> Result<Vec<Page>> {
    let document = Document::load_mem(pdf).context("the PDF cannot be read")?;
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    let budget = Budget::whole();
    pages.into_par_iter().map(|page| runs_of(&document, page, &budget, false)).collect()
}

/// The text of each page, with where it stands.
///
/// # Errors
/// If the bytes are not a readable PDF, or hold more than documents do.
pub(super) fn placed_pages(pdf: &[u8]) -> Result<Vec<PlacedPage>> {
    let document = Document::load_mem(pdf).context("the PDF cannot be read")?;
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    let budget = Budget::whole();
    let placed = |page: ObjectId| {
        let text = runs_of(&document, page, &budget, true)?;
        let edges = edges(&document, page, b"MediaBox").context("a page has no edges")?;
        Ok(PlacedPage { text, edges: upright(edges), links: links(&document, page) })
    };
    pages.into_par_iter().map(placed).collect()
}

/// The links of a page to addresses.
fn links(document: &Document, page: ObjectId) -> Vec<(Edges, String)> {
    let follow = |object: &Object| document.dereference(object).ok().map(|(_, object)| object.clone());
    let link = |annotation: &Object| {
        let annotation = follow(annotation)?;
        let annotation = annotation.as_dict().ok()?;
        let action = follow(annotation.get(b"A").ok()?)?;
        let address = follow(action.as_dict().ok()?.get(b"URI").ok()?)?;
        let edges = rectangle(document, annotation.get(b"Rect").ok()?)?;
        Some((upright(edges), String::from_utf8_lossy(address.as_str().ok()?).into_owned()))
    };
    let listed = document.get_dictionary(page).ok().and_then(|page| follow(page.get(b"Annots").ok()?));
    let listed = listed.and_then(|listed| listed.as_array().ok().cloned()).unwrap_or_default();
    listed.iter().filter_map(link).collect()
}

fn upright([x, y, other_x, other_y]: [f64; 4]) -> Edges {
    Edges::NONE.around((x, y)).around((other_x, other_y))
}

fn runs_of(document: &Document, page: ObjectId, budget: &Budget, is_placed: bool) -> Result<Page> {
    let content = document.get_page_content_with_limit(page, STREAM).context("a page cannot be read")?;
    let (own, inherited) = document.get_page_resources(page).context("a page has no resources")?;
    let inherited = inherited.into_iter().filter_map(|id| document.get_dictionary(id).ok());
    let resources: Vec<&Dictionary> = own.into_iter().chain(inherited).collect();
    let boxes = [&b"MediaBox"[..], b"CropBox"].map(|name| edges(document, page, name));
    let sheet = boxes.into_iter().flatten().fold(Sheet::default(), |sheet, edges| sheet.within(Matrix::SAME, edges));
    let at = At { place: Matrix::SAME, sheet };
    let mut reader = Reader { document, budget, page: Page::default(), is_placed, end: None, at, saved: Vec::new() };
    reader.read(&content, &resources, DEPTH)?;
    Ok(reader.page)
}

/// The edges of a page, which it may inherit from a parent node.
fn edges(document: &Document, page: ObjectId, name: &[u8]) -> Option<[f64; 4]> {
    let mut node = document.get_dictionary(page).ok()?;
    for _ in 0..DEPTH {
        if let Ok(edges) = node.get(name) {
            return rectangle(document, edges);
        }
        node = document.dereference(node.get(b"Parent").ok()?).ok()?.1.as_dict().ok()?;
    }
    None
}

fn rectangle(document: &Document, object: &Object) -> Option<[f64; 4]> {
    let corners = document.dereference(object).ok()?.1.as_array().ok()?;
    numbers(corners).try_into().ok()
}

fn numbers(operands: &[Object]) -> Vec<f64> {
    operands.iter().filter_map(|number| number.as_float().ok()).map(f64::from).collect()
}

fn matrix(operands: &[Object]) -> Matrix {
    numbers(operands).try_into().map_or(Matrix::SAME, Matrix)
}

/// Reads the text that a content stream shows.
struct Reader<'d> {
    document: &'d Document,
    budget: &'d Budget,
    page: Page,
    /// Whether it notes where each letter stands.
    is_placed: bool,
    /// The end of the last run on this page.
    end: Option<(f64, f64)>,
    at: At,
    saved: Vec<At>,
}

/// The drawing position of a content stream: the map from its points to the page, and the visible part of the page.
#[derive(Clone)]
struct At {
    place: Matrix,
    sheet: Sheet,
}

/// The text state between two operators.
struct State<'f, 'd> {
    font: Option<&'f Font<'d>>,
    size: f64,
    line: Matrix,
    /// The length of the line so far.
    along: f64,
    /// The text that replaces the following glyphs: the letters behind small capitals.
    instead: Option<String>,
}

impl<'d> Reader<'d> {
    fn read(&mut self, content: &[u8], resources: &[&'d Dictionary], depth: usize) -> Result<()> {
        self.budget.spend(content.len())?;
        let fonts = self.fonts(resources)?;
        let mut state = State { font: None, size: 1.0, line: Matrix::SAME, along: 0.0, instead: None };
        for Operation { operator, operands } in Content::decode(content).context("a page cannot be read")?.operations {
            match operator.as_str() {
                "q" => self.save()?,
                "Q" => self.restore(),
                "cm" => self.at.place = matrix(&operands).then(self.at.place),
                "Tf" => {
                    state.font = operands.first().and_then(|name| fonts.get(name.as_name().ok()?));
                    state.size = operands.get(1).and_then(|size| size.as_float().ok()).map_or(1.0, f64::from);
                }
                "BT" => (state.line, state.along) = (Matrix::SAME, 0.0),
                "Tm" => (state.line, state.along) = (matrix(&operands), 0.0),
                "Tj" => self.show(&operands, &mut state)?,
                "TJ" => self.show(
                    operands.first().and_then(|parts| parts.as_array().ok()).map_or(&[], Vec::as_slice),
                    &mut state,
                )?,
                "BDC" => state.instead = operands.get(1).and_then(actual_text),
                "EMC" => state.instead = None,
                "Do" => self.drawing(operands.first(), resources, depth)?,
                operator => self.at.sheet.follow(operator, &numbers(&operands), self.at.place),
            }
        }
        Ok(())
    }

    fn fonts(&self, resources: &[&'d Dictionary]) -> Result<BTreeMap<Vec<u8>, Font<'d>>> {
        let mut read = BTreeMap::new();
        for named in resources.iter().filter_map(|resources| self.dictionary(resources, b"Font")) {
            for (name, font) in named {
                let font = self.document.dereference(font).ok().and_then(|(_, font)| font.as_dict().ok());
                let font = font.map(|font| fonts::read(self.document, font, self.budget)).transpose()?;
                read.extend(font.flatten().map(|font| (name.clone(), font)));
            }
        }
        Ok(read)
    }

    fn dictionary(&self, of: &'d Dictionary, key: &[u8]) -> Option<&'d Dictionary> {
        self.document.dereference(of.get(key).ok()?).ok()?.1.as_dict().ok()
    }

    /// Reads glyphs, and the offsets between them that move the next glyph back.
    fn show(&mut self, parts: &[Object], state: &mut State<'_, 'd>) -> Result<()> {
        let Some(font) = state.font else {
            let shown = parts.iter().any(|part| part.as_str().is_ok_and(|codes| !codes.is_empty()));
            ensure!(!shown, "a page shows text in a font that cannot be read");
            return Ok(());
        };
        let place = state.line.then(self.at.place);
        let (begin, start) = (state.along, place.point(state.along, 0.0));
        let mut text = String::new();
        let mut glyphs: Vec<(usize, (f64, f64))> = Vec::new();
        for part in parts {
            if let Ok(back) = part.as_float() {
                state.along -= f64::from(back) / 1000.0 * state.size;
            } else if let Ok(codes) = part.as_str() {
                text.push_str(&Document::decode_text(&font.encoding, codes).unwrap_or_default());
                let width = |pair: &[u8]| font.widths.get(&u16::from_be_bytes([pair[0], *pair.get(1)?])).copied();
                let wide = |codes: &[u8]| codes.chunks(2).filter_map(width).sum::<f64>() / 1000.0 * state.size;
                if self.is_placed {
                    let mut along = state.along;
                    for code in codes.chunks(2) {
                        let letters = Document::decode_text(&font.encoding, code).unwrap_or_default();
                        glyphs.push((letters.len(), (along, along + wide(code))));
                        along += wide(code);
                    }
                }
                state.along += wide(codes);
            }
        }
        // A replacement text is added once, with the first glyph that it replaces.
        let text = match &mut state.instead {
            Some(instead) => {
                glyphs = vec![(instead.len(), (begin, state.along))];
                std::mem::take(instead)
            }
            None => text,
        };
        let end = place.point(state.along, 0.0);
        if self.append(&text, start, end, state.size * place.scale()) && self.is_placed {
            let letter = |(bytes, stretch)| Letter { bytes, edges: letters(place, stretch, state.size) };
            self.page.letters.resize_with(self.page.runs.len(), Vec::new);
            self.page.letters.last_mut().into_iter().for_each(|run| run.extend(glyphs.drain(..).map(letter)));
        }
        let seen = self.at.sheet.shows(place, (begin, state.along), state.size);
        if !seen && text.contains(|letter: char| !letter.is_whitespace() && letter != '\u{200b}') {
            self.page.cut.insert(self.page.runs.len().saturating_sub(1));
        }
        Ok(())
    }

    fn save(&mut self) -> Result<()> {
        ensure!(self.saved.len() < SAVED, "a page saves more than {SAVED} drawing positions");
        self.saved.push(self.at.clone());
        Ok(())
    }

    fn restore(&mut self) {
        if let Some(saved) = self.saved.pop() {
            self.at = saved;
        }
    }

    /// Adds a piece to the run before it or to a new one; whether it is any text.
    fn append(&mut self, text: &str, start: (f64, f64), end: (f64, f64), size: f64) -> bool {
        let wide = (start.0 - end.0).hypot(start.1 - end.1);
        if text.is_empty() || self.repeats_a_letter(text, wide < NO_ROOM * size) {
            return false;
        }
        let near = self.end.is_some_and(|last| (last.0 - start.0).hypot(last.1 - start.1) < GAP * size);
        match self.page.runs.last_mut().filter(|_| near) {
            Some(run) => run.push_str(text),
            None => self.page.runs.push(text.to_owned()),
        }
        self.end = Some(end);
        true
    }

    /// Whether the glyphs repeat a letter that is already read. Each glyph of a letter with marks, set at its own height, carries
    /// the text of the whole letter; or a mark carries the text of the letter it was first set with.
    fn repeats_a_letter(&self, text: &str, mark: bool) -> bool {
        // Digits of such a script have no marks, and the same digit may follow itself.
        let of_script = |letter: &char| !letter.is_numeric() && runs_on(letter.encode_utf8(&mut [0; 4]));
        let mut letters = text.chars().filter(of_script);
        let (Some(letter), Some(_)) = (letters.next(), letters.next()) else { return false };
        let with = |run: &String| run.chars().rev().take(MARKED).any(|read| read == letter);
        self.page.runs.last().is_some_and(|run| run.ends_with(text) || mark && with(run))
    }

    /// A drawing within the page, such as a chart.
    fn drawing(&mut self, name: Option<&Object>, resources: &[&'d Dictionary], depth: usize) -> Result<()> {
        let Some(name) = name.and_then(|name| name.as_name().ok()) else { return Ok(()) };
        let document = self.document;
        let named = |dictionary: &&'d Dictionary| self.dictionary(dictionary, b"XObject")?.get(name).ok();
        let found = resources.iter().find_map(named).and_then(|object| document.dereference(object).ok());
        let Some(stream) = found.and_then(|(_, object)| object.as_stream().ok()) else { return Ok(()) };
        if stream.dict.get(b"Subtype").and_then(Object::as_name).ok() != Some(b"Form") {
            return Ok(());
        }
        if depth == 0 {
            bail!("drawings are nested more than {DEPTH} deep");
        }
        let own: Vec<&'d Dictionary> = self.dictionary(&stream.dict, b"Resources").into_iter().collect();
        let content = stream.get_plain_content_with_limit(STREAM).context("a drawing cannot be read")?;
        let own_place = stream.dict.get(b"Matrix").and_then(Object::as_array).map_or(Matrix::SAME, |own| matrix(own));
        self.save()?;
        self.at.place = own_place.then(self.at.place);
        if let Some(edges) = stream.dict.get(b"BBox").ok().and_then(|edges| rectangle(document, edges)) {
            self.at.sheet = std::mem::take(&mut self.at.sheet).within(self.at.place, edges);
        }
        let depth_of_saved = self.saved.len();
        self.read(&content, if own.is_empty() { resources } else { &own }, depth - 1)?;
        self.saved.truncate(depth_of_saved);
        self.restore();
        Ok(())
    }
}

/// The replacement text of marked content.
fn actual_text(properties: &Object) -> Option<String> {
    let text = properties.as_dict().ok()?.get(b"ActualText").ok()?.as_str().ok()?;
    Some(match text.strip_prefix(b"\xfe\xff") {
        Some(wide) => {
            let units: Vec<u16> = wide.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => String::from_utf8_lossy(text).into_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fuzzed::around;
    use super::*;

    /// A page that draws this, and a drawing `X0` that does the same.
    fn read(content: &str) -> Result<Vec<Page>> {
        pages(&around(content.as_bytes())?)
    }

    fn refused(content: &str, because: &str) {
        let why = read(content).err().map(|why| format!("{why:#}")).unwrap_or_default();
        assert!(why.contains(because), "{because} is due, it says: {why}");
    }

    #[test]
    fn the_text_of_a_page_is_read() {
        let pages = read("q BT /F0 12 Tf 1 0 0 1 72 700 Tm (41 persons) Tj ET Q").expect("a page");
        assert_eq!(pages[0].runs, ["41 persons"]);
    }

    #[test]
    fn a_drawing_within_itself_is_refused() {
        refused("/X0 Do", "nested more than 8 deep");
        refused("/X0 Do /X0 Do /X0 Do", "nested more than 8 deep");
    }

    #[test]
    fn text_that_cannot_be_read_is_refused() {
        refused("BT (41) Tj ET", "in a font that cannot be read");
        refused("BT /F9 12 Tf [(4) -10 (1)] TJ ET", "in a font that cannot be read");
        assert!(read("BT /F9 12 Tf [] TJ () Tj ET").is_ok(), "nothing is shown");
    }

    #[test]
    fn positions_without_end_are_refused() {
        assert!(read(&"q ".repeat(SAVED)).is_ok());
        refused(&"q ".repeat(SAVED + 1), "saves more than");
    }

    #[test]
    fn a_font_with_a_range_of_long_codes_is_refused() {
        refused("1 beginbfrange <00000000> <ffffffff> <0030> endbfrange", "codes or letters that are too long");
        refused(
            &format!("1 beginbfchar <0001> <{}> endbfchar", "0030".repeat(40)),
            "codes or letters that are too long",
        );
        assert!(read("1 beginbfchar <0001> <d83dde00> <0002> <d83dde01> endbfchar").is_ok(), "letters beyond 65535");
    }
}
