//! One part of the package as a stream of XML, and its attributes. **zip** and **quick-xml** are used in this folder only.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Cursor, Read, Take};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::super::Unreadable;

/// The parts of a package.
pub(in super::super) struct Archive<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    /// The names of the parts, in lower case and with `/`.
    names: HashMap<String, usize>,
}

/// The most bytes of a part once decompressed.
const LARGEST: u64 = 1 << 31;

/// The decompressed bytes of a part.
type Unfolded<'a, 'b> = BufReader<Take<ZipFile<'a, Cursor<&'b [u8]>>>>;

/// A part being read.
pub(in super::super) struct Part<'a, 'b> {
    xml: Reader<Unfolded<'a, 'b>>,
    buffer: Vec<u8>,
}

impl<'b> Archive<'b> {
    pub(in super::super) fn open(bytes: &'b [u8]) -> Result<Self, Unreadable> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        let name = |number: usize| {
            let name = zip.name_for_index(number)?.ok()?;
            Some((name.replace('\\', "/").to_ascii_lowercase(), number))
        };
        let names = (0..zip.len()).filter_map(name).collect();
        Ok(Self { zip, names })
    }

    /// Whether there is a part with this name.
    pub(in super::super) fn holds(&self, name: &str) -> bool {
        self.names.contains_key(&name.to_ascii_lowercase())
    }

    /// The part with this name, if there is one.
    pub(in super::super) fn part(&mut self, name: &str) -> Result<Option<Part<'_, 'b>>, Unreadable> {
        let Some(number) = self.names.get(&name.trim_start_matches('/').to_ascii_lowercase()) else { return Ok(None) };
        let file = self.zip.by_index(*number).map_err(|_| damaged())?;
        let mut xml = Reader::from_reader(BufReader::with_capacity(1 << 16, file.take(LARGEST)));
        let config = xml.config_mut();
        config.check_end_names = false;
        config.expand_empty_elements = true;
        Ok(Some(Part { xml, buffer: Vec::new() }))
    }
}

impl Part<'_, '_> {
    /// The next element that begins or ends, text, or the end of the part.
    pub(in super::super) fn next(&mut self) -> Result<Event<'_>, Unreadable> {
        self.buffer.clear();
        self.xml.read_event_into(&mut self.buffer).map_err(|_| damaged())
    }

    /// Skips as many of the buffered bytes as `read` returns. They must be whole elements, after the end of an element.
    pub(super) fn pass<T>(&mut self, read: impl FnOnce(&[u8]) -> (usize, T)) -> Result<T, Unreadable> {
        let source = self.xml.get_mut();
        let (length, result) = read(source.fill_buf().map_err(|_| damaged())?);
        source.consume(length);
        Ok(result)
    }

    /// The text up to the end of the element that has begun.
    pub(in super::super) fn text(&mut self) -> Result<String, Unreadable> {
        let (mut text, mut depth) = (String::new(), 0);
        loop {
            match self.next()? {
                Event::Text(part) => text.push_str(&part.xml10_content()),
                Event::CData(part) => text.push_str(&part.xml10_content()),
                Event::GeneralRef(name) => text.push_str(&character(&name)),
                Event::Start(_) => depth += 1,
                Event::End(_) if depth == 0 => return Ok(text),
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(damaged()),
                _ => {}
            }
        }
    }

    /// Skips to the end of the element that has begun.
    pub(in super::super) fn skip(&mut self) -> Result<(), Unreadable> {
        let mut depth = 0;
        loop {
            match self.next()? {
                Event::Start(_) => depth += 1,
                Event::End(_) if depth == 0 => return Ok(()),
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(damaged()),
                _ => {}
            }
        }
    }
}

/// The text of an entity such as `&amp;`.
fn character(name: &str) -> String {
    quick_xml::escape::unescape(&format!("&{name};")).map_or_else(|_| String::new(), Cow::into_owned)
}

/// The value of an attribute, with any prefix.
pub(in super::super) fn attribute<'e>(element: &'e BytesStart<'_>, name: &str) -> Option<Cow<'e, str>> {
    let mut attributes = element.attributes();
    let found =
        attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(match found.value {
        Cow::Borrowed(raw) => quick_xml::escape::unescape(raw).unwrap_or(Cow::Borrowed(raw)),
        Cow::Owned(raw) => Cow::Owned(quick_xml::escape::unescape(&raw).map_or(raw.clone(), Cow::into_owned)),
    })
}

/// The value of an attribute as a number.
pub(in super::super) fn number<T: std::str::FromStr>(element: &BytesStart<'_>, name: &str) -> Option<T> {
    attribute(element, name)?.trim().parse().ok()
}

/// Whether an attribute is true.
pub(in super::super) fn truth(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).is_some_and(|value| is_true(&value))
}

/// Whether an element of a font is on: `<strike/>` is, `<strike val="0"/>` is not.
pub(in super::super) fn is_on(element: &BytesStart<'_>) -> bool {
    attribute(element, "val").is_none_or(|value| is_true(&value))
}

pub(in super::super) fn is_true(value: &str) -> bool {
    matches!(value.trim(), "1" | "true" | "on")
}

pub(in super::super) fn damaged() -> Unreadable {
    Unreadable {
        message: "the file is not a workbook, or it is damaged".to_owned(),
        hint: "open it in a spreadsheet and save it again as .xlsx, without a password".to_owned(),
    }
}
