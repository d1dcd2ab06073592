//! The palette: one for pages and charts, which a series may change. What it must hold (contrast, difference in grey) is tested
//! where it is declared; here, that nothing is coloured past it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use regex::Regex;

use crate::project::{Project, REPOSITORY, files};

pub type Colour = [u8; 3];

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(REPOSITORY).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn byte(hex: &str) -> u8 {
    u8::from_str_radix(hex, 16).expect("two hexadecimal digits")
}

/// The colours of the series' own look, by what they are for: `ink`, `rating_0`.
fn colours() -> BTreeMap<String, Colour> {
    let theme = read("src/project/theme.rs");
    let keys = theme.split("const KEYS:").nth(1).and_then(|rest| rest.split("];").next()).expect("the keys");
    let key = Regex::new(r#"\("([a-z]+)", Role::"#).expect("a pattern");
    let mut names: Vec<String> = key.captures_iter(keys).map(|found| found[1].to_owned()).collect();
    names.extend((0..4).map(|at| format!("rating_{at}")));
    let own = theme
        .split("impl Default for Theme")
        .nth(1)
        .and_then(|rest| rest.split("/// Text (4.5)").next())
        .expect("the look");
    let colour = Regex::new(r"\[0x(..), 0x(..), 0x(..)\]").expect("a pattern");
    let found: Vec<Colour> =
        colour.captures_iter(own).map(|found| [byte(&found[1]), byte(&found[2]), byte(&found[3])]).collect();
    assert_eq!(names.len(), found.len(), "each key has a colour");
    names.into_iter().zip(found).collect()
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
fn nothing_is_coloured_past_the_theme() {
    let hex = Regex::new("#[0-9A-Fa-f]{6}").expect("a pattern");
    for folder in ["templates", "src/document/draw"] {
        for path in files(&Path::new(REPOSITORY).join(folder)) {
            let code = read(&format!("{folder}/{path}"));
            // Unit tests and comments may name a colour.
            let code = code.split("#[cfg(test)]").next().unwrap_or_default();
            let named =
                code.lines().filter(|line| !line.trim_start().starts_with("//")).find(|line| hex.is_match(line));
            assert_eq!(named, None, "{folder}/{path} has a colour of its own");
        }
    }
}

#[test]
fn a_series_has_its_own_colours_on_pages_and_in_charts() {
    let project = Project::minimal();
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &format!("{report}\n[theme]\ndata = \"#5B2A6E\"\n"));
    project.build();
    let folder = project.path("output/XXA/en/figures");
    let drawn: String =
        files(&folder).iter().map(|path| fs::read_to_string(folder.join(path)).expect("a chart")).collect();
    assert!(drawn.contains("#5B2A6E") && !drawn.contains("#2F5266"), "the charts are drawn in it");
    let web = project.read("output/index.html");
    assert!(web.contains("--slate: #5B2A6E") && !web.contains("prefers-color-scheme"), "the page has it, by day alone");
    project.write("data/report.toml", &format!("{report}\n[theme]\nalert = \"#FFAA00\"\n"));
    let run = project.run(&["check"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(run.stdout.contains("have a contrast of 1.9; at least 4.5 is expected"), "{}", run.stdout);
}

#[test]
fn no_figure_stands_on_a_fill_it_cannot_be_read_on() {
    let segments = read("src/document/draw/segments.rs");
    let (colours, palette) = (colours(), read("src/document/draw/palette.rs"));
    let role = Regex::new(r"pub const ([A-Z_0-9]+): Colour = Colour::([A-Za-z]+);").expect("a pattern");
    let roles: BTreeMap<String, String> =
        role.captures_iter(&palette).map(|found| (found[1].to_owned(), found[2].to_lowercase())).collect();
    let fills = segments
        .split("const FILLS:")
        .nth(1)
        .and_then(|rest| rest.split("/// The fill that is outlined").next())
        .expect("the fills");
    let pair = Regex::new(r"\(([A-Z0-9\[\]]+), ([A-Z]+)\)").expect("a pattern");
    let colour = |name: &str| match name.strip_prefix("BANDS[") {
        Some(at) => colours[&format!("rating_{}", at.trim_end_matches(']'))],
        None if name == "PAPER" => WHITE,
        None => colours[&roles[name]],
    };
    let pairs: Vec<(String, String)> =
        pair.captures_iter(fills).map(|found| (found[1].to_owned(), found[2].to_owned())).collect();
    assert!(pairs.len() > 6, "the fills are found");
    for (fill, text) in pairs {
        let found = contrast(colour(&fill), colour(&text));
        assert!(found >= 4.5, "{text} on {fill} has a contrast of {found:.1}");
    }
}

#[test]
fn contested_figures_are_recognised_by_form_not_by_hue() {
    // Rust and slate are close in grey: wherever a chart draws in rust, it hatches, outlines or halves, or writes a word.
    let colours = colours();
    assert!((grey(colours["alert"]) - grey(colours["data"])).abs() < 10.0, "if they differ in grey, this test may go");
    let marks = read("src/document/draw/marks.rs");
    assert!(marks.contains("Self::Hatched(area) => {\n                canvas.outlined(area.down(y), RUST"));
    assert!(
        !Regex::new(r"canvas\.rect\([^;]*RUST\)").expect("a pattern").is_match(&marks),
        "a column is filled with rust"
    );
}
