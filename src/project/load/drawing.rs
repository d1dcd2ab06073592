//! Judges a logo that is an SVG: the text in it becomes text of the PDF, whose numbers must be figures.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

use crate::project::text::{is_year, numerals};

/// Why a drawing cannot be printed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// Its text has this number.
    Number(String),
    /// It refers to a text that it defines elsewhere, which may be anything.
    Entity(String),
}

/// Whether a text is well-formed XML with the root `svg`: one element, whose attributes can be read and which is closed. Another
/// program might see words where a damaged tag hides them from this one.
pub(super) fn is_svg(text: &str) -> bool {
    let (mut reader, mut root, mut depth) = (Reader::from_str(text), None, 0_usize);
    loop {
        let event = reader.read_event();
        let read = match &event {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let first = depth > 0 || root.is_none();
                root.get_or_insert_with(|| tag.local_name().as_ref() == "svg");
                first && tag.attributes().all(|attribute| attribute.is_ok())
            }
            Ok(Event::Text(words)) => depth > 0 || words.trim().is_empty(),
            Ok(Event::CData(_) | Event::GeneralRef(_)) => depth > 0,
            Ok(Event::Eof) => return root == Some(true) && depth == 0,
            Ok(_) => true,
            Err(_) => false,
        };
        if !read {
            return false;
        }
        match event {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
}

/// What keeps a drawing from being printed, if anything does. A number may be written in plain text, in a section of CDATA, or
/// letter by letter as references.
pub(super) fn unfit(drawing: &str) -> Option<Unfit> {
    // A `tref` prints the text of any element.
    let everywhere = drawing.contains("tref");
    let (mut reader, mut inside, mut words) = (Reader::from_str(drawing), usize::from(everywhere), String::new());
    loop {
        match reader.read_event() {
            Ok(Event::Text(more)) if inside > 0 => words.push_str(&more),
            Ok(Event::CData(more)) if inside > 0 => words.push_str(&more),
            Ok(Event::GeneralRef(name)) => match unescape(&format!("&{};", &*name)) {
                Ok(letter) => words.push_str(if inside > 0 { &letter } else { "" }),
                Err(_) => return Some(Unfit::Entity(name.to_string())),
            },
            // Text goes on behind these.
            Ok(Event::Comment(_) | Event::PI(_)) => {}
            other => {
                if let Some(number) = number(&std::mem::take(&mut words)) {
                    return Some(number);
                }
                match other {
                    Ok(Event::Start(tag)) if inside > 0 || tag.local_name().as_ref() == "text" => inside += 1,
                    Ok(Event::End(_)) => inside = inside.saturating_sub(1).max(usize::from(everywhere)),
                    Ok(Event::Eof) | Err(_) => return None,
                    Ok(_) => {}
                }
            }
        }
    }
}

fn number(words: &str) -> Option<Unfit> {
    numerals(words).find(|numeral| !is_year(numeral)).map(|numeral| Unfit::Number(numeral.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(inside: &str) -> String {
        format!("<svg><style>a {{ width: 3px }}</style><path d='M1 2'/>{inside}</svg>")
    }

    fn found(inside: &str) -> Option<String> {
        match unfit(&with(inside)) {
            Some(Unfit::Number(number)) => Some(number),
            _ => None,
        }
    }

    #[test]
    fn a_drawing_is_one_element_of_svg() {
        assert!(is_svg("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>"));
        assert!(is_svg("\u{feff}<svg a='1' b=\"2\">\n<g/></svg>\n<!-- the end -->\n"));
        for other in
            ["", "<html><svg/></html>", "<svg><g></svg>", "a,b\n1,2\n", "<svg>", "<svg/><svg/>", "<svg/>41", "41<svg/>"]
        {
            assert!(!is_svg(other), "{other}");
        }
        // A quote that is not closed hides what follows.
        for damaged in [
            "<svg><te \"41'><text>*2</text><g a=\"hg></g></te></svg>",
            "<svg><g a='1' a='2'/></svg>",
            "<svg><g a=1/></svg>",
        ] {
            assert!(!is_svg(damaged), "{damaged}");
        }
    }

    #[test]
    fn a_number_in_the_words_of_a_drawing_is_found_and_no_other() {
        assert_eq!(found("<text x='4'>Fund <tspan>of 12</tspan> states</text>").as_deref(), Some("12"));
        assert_eq!(unfit(&with("<text x='4'>Fund, since 1998</text><desc>5</desc>")), None);
        assert_eq!(unfit(&with("<text>Fund &amp; Trust, since 1<!-- -->998</text><title>&#52;</title>")), None);
    }

    #[test]
    fn a_number_is_found_however_it_is_written() {
        for text in [
            "<text><![CDATA[41]]></text>",
            "<text>&#52;&#x31;</text>",
            "<text>4<![CDATA[1]]></text>",
            "<text>4<!-- and -->1</text>",
            "<text>4<?and so on?>&#49;</text>",
            "<svg:text>41</svg:text>",
        ] {
            assert_eq!(found(text).as_deref(), Some("41"), "{text}");
        }
    }

    #[test]
    fn a_number_that_is_shown_elsewhere_is_found() {
        let drawing = |shown: &str| format!("<svg><desc id='a'>41</desc><text>{shown}</text></svg>");
        assert_eq!(unfit(&drawing("<tref href='#a'/>")), Some(Unfit::Number("41".to_owned())));
        assert_eq!(unfit(&drawing("Fund")), None);
    }

    #[test]
    fn a_text_that_is_defined_elsewhere_is_refused() {
        for inside in ["<text>&number;</text>", "&words;"] {
            let drawing = format!("<!DOCTYPE svg [<!ENTITY number \"41\">]>{}", with(inside));
            assert!(matches!(unfit(&drawing), Some(Unfit::Entity(_))), "{drawing}");
        }
        // Programs for drawings abbreviate the names of their namespaces so.
        let named = "<!DOCTYPE svg [<!ENTITY ns \"http://www.w3.org/2000/svg\">]><svg xmlns=\"&ns;\"><path/></svg>";
        assert!(unfit(named).is_none() && is_svg(named));
    }
}
