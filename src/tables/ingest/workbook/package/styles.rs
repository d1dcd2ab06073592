//! The styles that calamine does not give: superscript and subscript fonts, and the effects of conditional formats.

use quick_xml::events::Event;

use super::super::Unreadable;
use super::super::sheet::{Colour, Effect, Script};
use super::colours::Theme;
use super::part::{Archive, Part, attribute, damaged, is_on, number};
use super::strings::script;

/// The styles of a workbook that are read here.
#[derive(Default)]
pub(super) struct Styles {
    /// For each cell style, whether its font is superscript or subscript.
    pub(super) scripts: Vec<Option<Script>>,
    /// The effects of each conditional format.
    pub(super) effects: Vec<Vec<Effect>>,
}

pub(super) fn read(archive: &mut Archive<'_>, folder: &str, theme: &Theme) -> Result<Styles, Unreadable> {
    let mut styles = Styles::default();
    let Some(mut part) = archive.part(&format!("{folder}styles.xml"))? else { return Ok(styles) };
    let mut fonts: Vec<Option<Script>> = Vec::new();
    let mut list = "";
    loop {
        match part.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "fonts" => list = "fonts",
                "cellXfs" => list = "cellXfs",
                "cellStyleXfs" | "fills" | "borders" => list = "",
                "font" if list == "fonts" => fonts.push(font(&mut part)?),
                "xf" if list == "cellXfs" => {
                    let font = number::<usize>(&element, "fontId").and_then(|font| *fonts.get(font)?);
                    styles.scripts.push(font);
                }
                "dxf" => styles.effects.push(effects(&mut part, theme)?),
                _ => {}
            },
            Event::Eof => return Ok(styles),
            _ => {}
        }
    }
}

/// Whether the font that has begun is superscript or subscript.
fn font(part: &mut Part<'_, '_>) -> Result<Option<Script>, Unreadable> {
    let mut found = None;
    loop {
        match part.next()? {
            Event::Start(element) if element.local_name().as_ref() == "vertAlign" => {
                found = script(attribute(&element, "val").as_deref());
            }
            Event::End(element) if element.local_name().as_ref() == "font" => return Ok(found),
            Event::Eof => return Err(damaged()),
            _ => {}
        }
    }
}

/// The effects of the conditional format that has begun.
pub(super) fn effects(part: &mut Part<'_, '_>, theme: &Theme) -> Result<Vec<Effect>, Unreadable> {
    let (mut effects, mut text, mut fill) = (Vec::new(), None, Fill::default());
    let mut inside = "";
    loop {
        match part.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "font" => inside = "font",
                "fill" => inside = "fill",
                "border" => inside = "",
                "numFmt" => effects.extend(attribute(&element, "formatCode").map(|code| Effect::Format(code.into()))),
                "strike" if inside == "font" && is_on(&element) => effects.push(Effect::Struck),
                "color" if inside == "font" => text = theme.colour(&element),
                "patternFill" => fill.solid = attribute(&element, "patternType").is_none_or(|kind| kind == "solid"),
                "fgColor" if inside == "fill" => fill.front = theme.colour(&element),
                "bgColor" if inside == "fill" => fill.back = theme.colour(&element),
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "dxf" => break,
            Event::Eof => return Err(damaged()),
            _ => {}
        }
    }
    let ground = fill.colour();
    if text.is_some() || ground.is_some() {
        effects.push(Effect::Colours { text, ground });
    }
    Ok(effects)
}

/// The fill of a conditional format. A solid fill has its colour in `bgColor`.
#[derive(Default)]
struct Fill {
    solid: bool,
    front: Option<Colour>,
    back: Option<Colour>,
}

impl Fill {
    fn colour(&self) -> Option<Colour> {
        self.back.or(self.front).filter(|_| self.solid)
    }
}
