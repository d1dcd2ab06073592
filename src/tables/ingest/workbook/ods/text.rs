//! The text of a cell: its paragraphs, without notes and drawings, and the parts that look different.

use quick_xml::events::Event;

use super::super::Unreadable;
use super::super::package::part::{Part, damaged};
use super::super::sheet::Mark;
use super::attributes::Attributes;
use super::styles::Styles;

/// The most repeated spaces that are read in a text.
const MOST_SPACES: usize = 1 << 20;

/// What a cell shows.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) marks: Vec<Mark>,
    pub(super) paragraphs: usize,
    /// Whether the cell contains a sheet or a range of another workbook.
    pub(super) linked: bool,
}

/// Reads the cell whose element, named `kind`, has begun.
pub(super) fn read(part: &mut Part<'_, '_>, kind: &str, styles: &Styles) -> Result<Shown, Unreadable> {
    let mut shown = Shown::default();
    loop {
        let name = match part.next()? {
            Event::Start(element) => element.name().as_ref().to_owned(),
            Event::End(element) if element.name().as_ref() == kind => return Ok(shown),
            Event::Eof => return Err(damaged()),
            _ => continue,
        };
        match name.as_str() {
            "text:p" | "text:h" => {
                if shown.paragraphs > 0 {
                    shown.text.push('\n');
                }
                shown.paragraphs += 1;
                shown.paragraph(part, &name, styles)?;
            }
            "table:cell-range-source" => {
                shown.linked = true;
                part.skip()?;
            }
            // Notes, drawings and frames are on the sheet, not in the cell.
            _ => part.skip()?,
        }
    }
}

impl Shown {
    fn paragraph(&mut self, part: &mut Part<'_, '_>, kind: &str, styles: &Styles) -> Result<(), Unreadable> {
        // Open spans: their style, and where in the text they began.
        let mut spans: Vec<Option<(String, usize)>> = Vec::new();
        let start = self.text.len();
        loop {
            match part.next()? {
                Event::Start(element) => {
                    let (name, attributes) = (element.name().as_ref().to_owned(), Attributes::of(&element));
                    if !self.sign(&name, &attributes) {
                        part.skip()?;
                        continue;
                    }
                    let style = attributes.owned("text:style-name").filter(|_| name == "text:span");
                    spans.push(style.map(|style| (style, self.text.len())));
                }
                Event::Text(text) => self.push(&text.xml10_content(), start),
                Event::CData(text) => self.push(&text.xml10_content(), start),
                Event::GeneralRef(name) => {
                    let text = quick_xml::escape::unescape(&format!("&{};", &*name)).map(std::borrow::Cow::into_owned);
                    self.text += &text.unwrap_or_default();
                }
                Event::End(element) if spans.is_empty() && element.name().as_ref() == kind => return Ok(()),
                Event::End(_) => {
                    if let Some((style, from)) = spans.pop().flatten() {
                        self.span(&style, from, styles);
                    }
                }
                Event::Eof => return Err(damaged()),
                _ => {}
            }
        }
    }

    /// Reads an element inside a paragraph; returns whether its text belongs to the paragraph.
    fn sign(&mut self, name: &str, attributes: &Attributes) -> bool {
        match name {
            "text:s" => {
                let spaces = attributes.number("text:c").unwrap_or(1) as usize;
                let room = MOST_SPACES.saturating_sub(self.text.len());
                self.text.extend(std::iter::repeat_n(' ', spaces.min(room)));
            }
            "text:tab" => self.text.push('\t'),
            "text:line-break" => self.text.push('\n'),
            "text:ruby-text" | "text:note" => return false,
            other => return other.starts_with("text:"),
        }
        true
    }

    /// White space between words counts as one space, as in HTML.
    fn push(&mut self, text: &str, start: usize) {
        for c in text.chars() {
            let white = matches!(c, ' ' | '\t' | '\n' | '\r');
            if !white {
                self.text.push(c);
            } else if self.text.len() > start && !self.text.ends_with([' ', '\n', '\t']) {
                self.text.push(' ');
            }
        }
    }

    fn span(&mut self, style: &str, from: usize, styles: &Styles) {
        let part = self.text.get(from..).unwrap_or_default().trim().to_owned();
        if part.is_empty() {
            return;
        }
        match styles.run(style) {
            (Some(script), _) => self.marks.push(Mark::Run { script, part }),
            (None, Some(text)) => self.marks.push(Mark::Coloured { text, part }),
            (None, None) => {}
        }
    }
}
