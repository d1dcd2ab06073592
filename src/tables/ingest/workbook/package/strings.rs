//! Parts of a text that look different from the rest: superscript, subscript, struck out, or with their own colour.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::super::Unreadable;
use super::super::sheet::{Colour, Mark, Script};
use super::colours::Theme;
use super::part::{Archive, Part, attribute, damaged, is_on};

/// The shared texts with such parts, by number.
pub(super) type Marked = HashMap<usize, Vec<Mark>>;

pub(super) fn read(archive: &mut Archive<'_>, folder: &str, theme: &Theme) -> Result<Marked, Unreadable> {
    let mut marked = Marked::new();
    let Some(mut part) = archive.part(&format!("{folder}sharedStrings.xml"))? else { return Ok(marked) };
    let mut number = 0;
    loop {
        match part.next()? {
            Event::Start(element) if element.local_name().as_ref() == "si" => {
                let marks = text(&mut part, theme)?;
                if !marks.is_empty() {
                    marked.insert(number, marks);
                }
                number += 1;
            }
            Event::End(element) if element.local_name().as_ref() == "sst" => return Ok(marked),
            Event::Eof => return Err(damaged()),
            _ => {}
        }
    }
}

/// How a run looks.
#[derive(Default)]
struct Run {
    raised: Option<Script>,
    struck: bool,
    colour: Option<Colour>,
    text: String,
}

/// The marks of the text whose element has begun. Pronunciations are left out.
pub(super) fn text(part: &mut Part<'_, '_>, theme: &Theme) -> Result<Vec<Mark>, Unreadable> {
    let (mut marks, mut run, mut depth) = (Vec::new(), Run::default(), 0);
    loop {
        match part.next()? {
            Event::Start(element) => {
                depth += 1;
                match element.local_name().as_ref() {
                    "r" => run = Run::default(),
                    "vertAlign" => run.raised = script(attribute(&element, "val").as_deref()),
                    "strike" => run.struck = is_on(&element),
                    "color" => run.colour = theme.colour(&element),
                    "rPh" => {
                        part.skip()?;
                        depth -= 1;
                    }
                    // The text is only needed of a run with marks.
                    "t" if run.stands_out() => {
                        run.text.push_str(&part.text()?);
                        depth -= 1;
                    }
                    _ => {}
                }
            }
            Event::End(_) if depth == 0 => return Ok(marks),
            Event::End(element) => {
                depth -= 1;
                if element.local_name().as_ref() == "r" {
                    marks.extend(std::mem::take(&mut run).marks());
                }
            }
            Event::Eof => return Err(damaged()),
            _ => {}
        }
    }
}

impl Run {
    fn stands_out(&self) -> bool {
        self.struck || self.raised.is_some() || self.colour.is_some()
    }

    fn marks(self) -> Option<Mark> {
        let part = self.text.trim().to_owned();
        if part.is_empty() {
            return None;
        }
        let script = if self.struck { Some(Script::Struck) } else { self.raised };
        let coloured = |text: Colour| Mark::Coloured { text, part: part.clone() };
        script.map(|script| Mark::Run { script, part: part.clone() }).or_else(|| self.colour.map(coloured))
    }
}

/// The script that an attribute names.
pub(super) fn script(value: Option<&str>) -> Option<Script> {
    match value? {
        "superscript" => Some(Script::Raised),
        "subscript" => Some(Script::Lowered),
        _ => None,
    }
}
