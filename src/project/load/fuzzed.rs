//! What holds of every declaration and every logo, whatever is in its file: a declaration gives the same findings each time, and a
//! drawing that is accepted has no number in its text. The fuzz targets and the tests ask for it.

use std::sync::Arc;

use super::drawing::{is_svg, unfit};
use super::{Project, Report};
use crate::diagnostic::{Diagnostics, Format, Source};
use crate::project::country::Country;
use crate::project::indicator::Indicator;
use crate::project::ledger::RegisterRelease;
use crate::project::schema::{self, Schema};
use crate::project::text::{Text, is_year, numerals};

/// Reads a file as each declaration of its notation.
///
/// # Errors
/// Where reading it again finds something else.
pub(crate) fn of_declaration(project: &Project, file: &[u8]) -> Result<Diagnostics, String> {
    let (found, again) = (declared(project, file), declared(project, file));
    let same = found.render(Format::Short) == again.render(Format::Short);
    if same { Ok(found) } else { Err("read again, it has other findings".to_owned()) }
}

fn declared(project: &Project, file: &[u8]) -> Diagnostics {
    let mut found = Diagnostics::default();
    let source = |path: &str| Arc::new(Source::new(path, file.to_vec()));
    if file.trim_ascii_start().starts_with(b"{") {
        let read = Schema::parse("cases", &source("schema.json"), &mut found);
        schema::relate(&[read], &mut found);
        drop(serde_json::from_slice::<RegisterRelease>(file));
        return found;
    }
    drop(Report::parse(&source("report.toml"), crate::project::format::Format::PRESENT, &mut found));
    drop(Country::parse("XXA", &source("country.toml"), &mut found));
    drop(Text::parse("qps", &source("text.toml"), &mut found));
    drop(Indicator::parse(("section", "cases"), &source("indicator.toml"), &project.schemas, &mut found));
    found
}

/// Judges a file as a logo.
///
/// # Errors
/// Where a number in its text is accepted.
pub(crate) fn of_drawing(file: &[u8]) -> Result<(), String> {
    let Some(drawing) = std::str::from_utf8(file).ok().filter(|drawing| is_svg(drawing) && unfit(drawing).is_none())
    else {
        return Ok(());
    };
    for words in printed(drawing).unwrap_or_default() {
        if let Some(number) = numerals(&words).find(|numeral| !is_year(numeral)) {
            return Err(format!("`{number}` is accepted in `{words}`"));
        }
    }
    // Whatever stands before it, a number at the end is seen.
    let end = drawing.rfind("</").filter(|_| !drawing.contains("<!") && !drawing.contains("<?"));
    if let Some((before, after)) = end.and_then(|end| drawing.split_at_checked(end)) {
        let with = format!("{before}<text>41</text>{after}");
        if is_svg(&with) && unfit(&with).is_none() {
            return Err("a number before its end is accepted".to_owned());
        }
    }
    Ok(())
}

/// The texts that a drawing prints, read without a parser; none if it has what this reading does not know.
fn printed(drawing: &str) -> Option<Vec<String>> {
    let (mut texts, mut depth, mut rest) = (vec![String::new()], 0_usize, drawing);
    while let Some((text, markup)) = rest.split_once('<') {
        if depth > 0 {
            texts.last_mut()?.push_str(&decoded(text));
        }
        if let Some(comment) = markup.strip_prefix("!--") {
            rest = comment.split_once("-->")?.1;
        } else if let Some(data) = markup.strip_prefix("![CDATA[") {
            let (data, after) = data.split_once("]]>")?;
            texts.last_mut()?.push_str(if depth > 0 { data } else { "" });
            rest = after;
        } else if let Some(processing) = markup.strip_prefix('?') {
            rest = processing.split_once("?>")?.1;
        } else if markup.starts_with('!') {
            return None;
        } else {
            let (tag, after) = markup.split_once('>').filter(|(tag, _)| !tag.contains(['"', '\'']))?;
            let name = tag.split(char::is_whitespace).next()?.trim_end_matches('/');
            let is_text = name.rsplit(':').next() == Some("text");
            match (tag.starts_with('/'), tag.ends_with('/')) {
                (true, _) => depth = depth.saturating_sub(1),
                (_, true) => {}
                _ => depth += usize::from(depth > 0 || is_text),
            }
            texts.push(String::new());
            rest = after;
        }
    }
    Some(texts)
}

/// A text with its letters in place of their numbers.
fn decoded(text: &str) -> String {
    let mut parts = text.split('&');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let letter = part.split_once(';').and_then(|(name, after)| {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            Some((char::from_u32(code.ok()?)?, after))
        });
        match letter {
            Some((letter, after)) => decoded.extend(std::iter::once(letter).chain(after.chars())),
            None => decoded.push_str(part.split_once(';').map_or("", |(_, after)| after)),
        }
    }
    decoded
}
