//! What holds of every PDF, whatever is in it: it is read or refused, and a numeral that nothing backs is a stray. The fuzz targets
//! and the tests ask for it.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, Stream, dictionary};

use super::{BTreeMap, Expected, Marks, Trace, is_year, pdf, plain};

/// Reads a file as a PDF; one that is none as what a page of a PDF draws, and a drawing on it.
///
/// # Errors
/// Where a numeral gets through.
pub(crate) fn of_pdf(file: &[u8]) -> Result<(), String> {
    if file.starts_with(b"%PDF") { read(file) } else { read(&around(file).map_err(|error| error.to_string())?) }
}

fn read(file: &[u8]) -> Result<(), String> {
    let Ok(pages) = pdf::pages(file) else { return Ok(()) };
    let expected = Expected { marks: Marks::default(), figures: BTreeMap::new(), strings: BTreeMap::new() };
    for (at, page) in pages.into_iter().enumerate() {
        if page.cut.last().is_some_and(|run| *run >= page.runs.len()) {
            return Err(format!("a text that is cut off is none of the {} of its page", page.runs.len()));
        }
        for run in page.runs {
            let mut trace = Trace { literals: BTreeSet::new(), strays: Vec::new() };
            expected.read(&run, ("", ""), (at + 1, at + 1), &mut trace);
            let text = plain(&run);
            let backed = |numeral: &str| is_year(numeral) || text == (at + 1).to_string();
            let unbacked = Marks::default().numerals(&text).filter(|numeral| !backed(numeral)).count();
            if trace.strays.len() != unbacked {
                return Err(format!("`{run}` has {unbacked} numerals, {} are strays", trace.strays.len()));
            }
        }
    }
    Ok(())
}

/// A PDF of one page with a font and a drawing, both of which draw this.
pub(super) fn around(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut document = Document::with_version("1.7");
    let drawn = || content.to_vec();
    // The content decides about the letters and the widths of the font as well.
    let letters = document.add_object(Stream::new(Dictionary::new(), drawn()));
    let width = |byte: &u8| Object::Integer(i64::from(*byte) * 257);
    let widths: Vec<Object> = content.iter().take(64).map(width).collect();
    let within = document.add_object(dictionary! { "Type" => "Font", "Subtype" => "CIDFontType2", "W" => widths });
    let composite = dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "Encoding" => "Identity-H",
        "DescendantFonts" => vec![Object::Reference(within)], "ToUnicode" => letters,
    };
    let plain = dictionary! { "Type" => "Font", "Subtype" => "Type1", "Encoding" => "WinAnsiEncoding" };
    let fonts = dictionary! { "F0" => plain, "F1" => composite };
    let drawing = document.new_object_id();
    let resources = dictionary! { "Font" => fonts, "XObject" => dictionary! { "X0" => drawing } };
    let form = dictionary! { "Subtype" => "Form", "Resources" => resources.clone() };
    document.objects.insert(drawing, Object::Stream(Stream::new(form, drawn())));
    let shown = document.add_object(Stream::new(Dictionary::new(), drawn()));
    let tree = document.new_object_id();
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => tree, "Contents" => shown, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    });
    let pages = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(tree, pages.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let mut file = Vec::new();
    document.save_to(&mut file)?;
    Ok(file)
}
