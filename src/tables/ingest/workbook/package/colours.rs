//! Colours as a package names them: by red, green and blue, by the theme, or by the old palette.

use quick_xml::events::{BytesStart, Event};

use super::super::Unreadable;
use super::super::sheet::Colour;
use super::part::{Archive, attribute, number};

/// The colours of the theme, in the order of their numbers.
pub(super) struct Theme(Vec<Colour>);

/// The first four colours of a workbook without a theme.
const PLAIN: [Colour; 4] = [[255; 3], [0; 3], [0xEE, 0xEC, 0xE1], [0x1F, 0x49, 0x7D]];

const SLOTS: [&str; 12] =
    ["dk1", "lt1", "dk2", "lt2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink", "folHlink"];

/// The first eight colours of the old palette, which contains them twice.
const PALETTE: [Colour; 8] =
    [[0; 3], [255; 3], [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0], [255, 0, 255], [0, 255, 255]];

impl Theme {
    pub(super) fn read(archive: &mut Archive<'_>, folder: &str) -> Result<Self, Unreadable> {
        let Some(mut part) = archive.part(&format!("{folder}theme/theme1.xml"))? else { return Ok(Self(PLAIN.into())) };
        let (mut colours, mut slot) = (PLAIN.to_vec(), None);
        // If a theme cannot be read, the plain one is used.
        while let Ok(event) = part.next() {
            match event {
                Event::Start(element) => {
                    let name = element.local_name();
                    slot = SLOTS.iter().position(|known| *known == name.as_ref()).or(slot);
                    if let (Some(at), Some(colour)) = (slot, stated(&element)) {
                        put(&mut colours, at, colour);
                        slot = None;
                    }
                }
                Event::End(element) if element.local_name().as_ref() == "clrScheme" => break,
                Event::Eof => break,
                _ => {}
            }
        }
        Ok(Self(colours))
    }

    /// The colour that an element such as `<color theme="0"/>` names.
    pub(super) fn colour(&self, element: &BytesStart<'_>) -> Option<Colour> {
        let plain = if let Some(rgb) = attribute(element, "rgb") {
            hexadecimal(&rgb)?
        } else if let Some(theme) = number::<usize>(element, "theme") {
            *self.0.get(theme)?
        } else {
            match number::<usize>(element, "indexed")? {
                64 => PALETTE[0],
                65 => PALETTE[1],
                index => *PALETTE.get(if (8..16).contains(&index) { index - 8 } else { index })?,
            }
        };
        Some(tinted(plain, number(element, "tint").unwrap_or(0.0)))
    }
}

/// A theme lists its dark colours before its light ones, but parts number them the other way round.
fn put(colours: &mut Vec<Colour>, slot: usize, colour: Colour) {
    let at = if slot < 4 { slot ^ 1 } else { slot };
    if colours.len() <= at {
        colours.resize(at + 1, PALETTE[0]);
    }
    colours[at] = colour;
}

fn stated(element: &BytesStart<'_>) -> Option<Colour> {
    match element.local_name().as_ref() {
        "srgbClr" => hexadecimal(&attribute(element, "val")?),
        "sysClr" => hexadecimal(&attribute(element, "lastClr")?),
        _ => None,
    }
}

/// `FFFFFF`, or `FFFFFFFF` with an opacity, which spreadsheets ignore.
fn hexadecimal(text: &str) -> Option<Colour> {
    let number = u32::from_str_radix(text, 16).ok().filter(|_| matches!(text.len(), 6 | 8))?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

/// The colour mixed with white, or with black if `tint` is negative.
fn tinted(colour: Colour, tint: f64) -> Colour {
    let one = |part: u8| {
        let part = f64::from(part);
        let part = if tint < 0.0 { part * (1.0 + tint) } else { part + (255.0 - part) * tint };
        // Between 0 and 255.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let part = part.clamp(0.0, 255.0).round() as u8;
        part
    };
    colour.map(one)
}
