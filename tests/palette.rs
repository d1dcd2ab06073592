//! The palette: one for pages and charts, and in it contrast for text and for marks that alone carry a value, and a
//! difference in grey between what stands side by side.

use std::collections::BTreeMap;
use std::path::Path;

use regex::Regex;

use crate::project::REPOSITORY;

pub type Colour = [u8; 3];

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(REPOSITORY).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn byte(hex: &str) -> u8 {
    u8::from_str_radix(hex, 16).expect("two hexadecimal digits")
}

/// The colours that `templates/theme.typ` names; the fills of the ratings as `band-0` to `band-3`.
fn pages() -> BTreeMap<String, Colour> {
    let theme = read("templates/theme.typ");
    let named = Regex::new(r##"(?m)^#let ([a-z0-9-]+) = rgb\("#(..)(..)(..)"\)"##).expect("a pattern");
    let mut colours: BTreeMap<String, Colour> = named
        .captures_iter(&theme)
        .map(|found| (found[1].to_owned(), [byte(&found[2]), byte(&found[3]), byte(&found[4])]))
        .collect();
    let fills = theme.split("#let tier-fills = (").nth(1).and_then(|rest| rest.lines().next()).expect("the fills");
    let fill = Regex::new(r##"rgb\("#(..)(..)(..)"\)"##).expect("a pattern");
    for (at, found) in fill.captures_iter(fills).enumerate() {
        colours.insert(format!("band-{at}"), [byte(&found[1]), byte(&found[2]), byte(&found[3])]);
    }
    colours
}

/// The colours that the charts are drawn with.
fn charts() -> BTreeMap<String, Colour> {
    let style = read("src/document/draw/style.rs");
    let colour = r"Colour\(0x(..), 0x(..), 0x(..)\)";
    let named = Regex::new(&format!(r"pub const ([A-Z_0-9]+): Colour = {colour};")).expect("a pattern");
    let mut colours: BTreeMap<String, Colour> = named
        .captures_iter(&style)
        .map(|found| (found[1].to_lowercase().replace('_', "-"), [byte(&found[2]), byte(&found[3]), byte(&found[4])]))
        .collect();
    let bands = style.split("pub const BANDS").nth(1).and_then(|rest| rest.split(';').nth(1)).expect("the bands");
    let bare = Regex::new(colour).expect("a pattern");
    for (at, found) in bare.captures_iter(bands).enumerate() {
        colours.insert(format!("band-{at}"), [byte(&found[1]), byte(&found[2]), byte(&found[3])]);
    }
    colours
}

/// Relative luminance, as the Web Content Accessibility Guidelines 2.2 define it.
fn luminance(colour: Colour) -> f64 {
    let linear = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

/// Contrast of two colours, 1 to 21, as the same guidelines define it.
pub fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Lightness after conversion to grey, in per cent (CIE 1976 L*).
fn grey(colour: Colour) -> f64 {
    let luminance = luminance(colour);
    if luminance > 0.008_856 { 116.0 * luminance.cbrt() - 16.0 } else { 903.3 * luminance }
}

const WHITE: Colour = [255, 255, 255];

#[test]
fn charts_and_pages_share_one_palette() {
    let (pages, charts) = (pages(), charts());
    assert!(charts.len() >= 13 && pages.len() >= 13, "the palettes are found: {charts:?} {pages:?}");
    for (name, colour) in charts.iter().filter(|(name, _)| *name != "paper") {
        assert_eq!(pages.get(name), Some(colour), "`{name}` of the charts is not that of the pages");
    }
    assert_eq!(charts["paper"], WHITE);
}

#[test]
fn text_can_be_read_where_it_stands() {
    let colours = pages();
    let sand = colours["sand"];
    for name in ["ink", "text-2", "slate", "rust"] {
        for (ground, colour) in [("white", WHITE), ("sand", sand), ("fog", colours["fog"])] {
            let found = contrast(colours[name], colour);
            assert!(found >= 4.5, "{name} on {ground} has a contrast of {found:.1}");
        }
    }
    // Figures inside fills: years in the bands, parts of a whole, tiles.
    for (text, ground) in [
        ("ink", "band-0"),
        ("ink", "band-1"),
        ("white", "band-2"),
        ("white", "band-3"),
        ("white", "slate"),
        ("white", "ink"),
        ("ink", "mist"),
        ("ink", "fog"),
    ] {
        let text_colour = if text == "white" { WHITE } else { colours[text] };
        let found = contrast(text_colour, colours[ground]);
        assert!(found >= 4.5, "{text} on {ground} has a contrast of {found:.1}");
    }
}

#[test]
fn no_figure_stands_on_a_fill_it_cannot_be_read_on() {
    let segments = read("src/document/draw/segments.rs");
    let charts = charts();
    let fills = segments.split("const FILL:").nth(1).and_then(|rest| rest.split("];").next()).expect("the fills");
    let pair = Regex::new(r"\(([A-Z0-9\[\]]+), ([A-Z]+)\)").expect("a pattern");
    let colour = |name: &str| charts[&name.to_lowercase().replace("bands[", "band-").replace(']', "")];
    let pairs: Vec<(String, String)> =
        pair.captures_iter(fills).map(|found| (found[1].to_owned(), found[2].to_owned())).collect();
    assert!(pairs.len() > 6, "the fills are found");
    for (fill, text) in pairs {
        let found = contrast(colour(&fill), colour(&text));
        assert!(found >= 4.5, "{text} on {fill} has a contrast of {found:.1}");
    }
}

#[test]
fn marks_that_alone_carry_a_value_are_seen() {
    let colours = pages();
    for name in ["ink", "slate", "mid", "rust"] {
        for (ground, colour) in [("white", WHITE), ("sand", colours["sand"]), ("fog", colours["fog"])] {
            let found = contrast(colours[name], colour);
            assert!(found >= 3.0, "{name} on {ground} has a contrast of {found:.1}");
        }
    }
}

/// Fills that stand for different things side by side in one chart.
const BESIDE: [(&str, &[&str]); 5] = [
    ("columns before and after a break", &["slate", "mid"]),
    ("the strip of a key figure", &["slate", "mist"]),
    ("the bands of a rating", &["band-0", "band-1", "band-2", "band-3"]),
    ("parts of a whole", &["slate", "mist", "ink", "white"]),
    ("bars and squares of a matrix", &["slate", "mist"]),
];

#[test]
fn what_stands_side_by_side_differs_in_grey() {
    let colours = pages();
    for (what, fills) in BESIDE {
        for (at, one) in fills.iter().enumerate() {
            for other in &fills[..at] {
                let of = |name: &str| grey(if name == "white" { WHITE } else { colours[name] });
                let difference = (of(one) - of(other)).abs();
                assert!(difference >= 10.0, "{what}: {one} and {other} differ by {difference:.0} per cent of grey");
            }
        }
    }
}

#[test]
fn contested_figures_are_recognised_by_form_not_by_hue() {
    // Rust and slate are close in grey: wherever a chart draws in rust, it hatches, outlines or halves, or writes a word.
    let colours = pages();
    assert!((grey(colours["rust"]) - grey(colours["slate"])).abs() < 10.0, "if they differ in grey, this test may go");
    let marks = read("src/document/draw/marks.rs");
    assert!(marks.contains("Self::Hatched(area) => {\n                canvas.outlined(area.down(y), RUST"));
    assert!(
        !Regex::new(r"canvas\.rect\([^;]*RUST\)").expect("a pattern").is_match(&marks),
        "a column is filled with rust"
    );
}
