//! The colours of pages and charts: `[theme]` in `data/report.toml`. A colour that cannot be read or told from its neighbour, on
//! paper or in grey, is a fault.

use crate::diagnostic::{Code, Diagnostic};
use crate::project::declaration::keys::{self, Holds, Key, Keys, Text};
use crate::project::declaration::{Declaration, Located};

/// The keys of `[theme]`.
pub static THEME: Keys = Keys::of(
    "[theme]",
    "The colours of pages, charts and the page on the web. A colour that cannot be read where it stands, or that a print in grey \
     shows like its neighbour, is an error.",
    &[
        one("ink", "#15212B").says("Text and axes."),
        one("quiet", "#4A5862").says("Units, periods, sources, asides."),
        one("data", "#2F5266").says("Data, and the marks of sources."),
        one("second", "#6E8795").says("Data after a break or of a second measure, and dots."),
        one("earlier", "#A9BBC5").says("Earlier years in a strip."),
        one("rule", "#B8C2C9").says("Grid lines."),
        one("row", "#E6ECEF").says("Lines between rows."),
        one("cover", "#F5F1E8").says("The band at the head of page one."),
        one("alert", "#A63C1C").says("Contested figures, and the rating now."),
        keys::key(RATINGS, Holds::Texts(Text::Like(COLOUR)))
            .without("`[\"#E3EAEE\", \"#B7C9D3\", \"#4E7286\", \"#17364A\"]`")
            .says("The fills of ratings: four colours, the best rating first.")
            .example("[\"#E3EAEE\", \"#B7C9D3\", \"#4E7286\", \"#17364A\"]"),
    ],
);

const COLOUR: &str = "^#[0-9A-Fa-f]{6}$";

/// One colour, with the one that holds without it.
const fn one(name: &'static str, own: &'static str) -> Key {
    keys::like(name, COLOUR).else_text(own)
}

/// What a colour is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Text, axes, rules, zero rings.
    Ink,
    /// Units, periods, sources, asides.
    Quiet,
    /// Data; source marks.
    Data,
    /// Data after a break or of a second measure, and dots; never text.
    Second,
    /// Earlier years in a strip, bars over several years.
    Earlier,
    /// Grid lines.
    Rule,
    /// Hairlines between rows, empty bands.
    Row,
    /// The band at the head of page one.
    Cover,
    /// Contested figures, the rating now.
    Alert,
    /// Open marks, and text on dark fills: the paper, which no theme changes.
    Paper,
    /// The fill of a rating, 0 being the best of four.
    Rating(usize),
}

/// Red, green and blue.
pub type Rgb = [u8; 3];

const WHITE: Rgb = [0xFF, 0xFF, 0xFF];

/// The keys of `[theme]` that hold one colour, with what they are for.
const KEYS: [(&str, Role); 9] = [
    ("ink", Role::Ink),
    ("quiet", Role::Quiet),
    ("data", Role::Data),
    ("second", Role::Second),
    ("earlier", Role::Earlier),
    ("rule", Role::Rule),
    ("row", Role::Row),
    ("cover", Role::Cover),
    ("alert", Role::Alert),
];
/// The key of the four fills of ratings.
const RATINGS: &str = "ratings";

/// The colours of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    single: [Rgb; KEYS.len()],
    ratings: [Rgb; 4],
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            single: [
                [0x15, 0x21, 0x2B],
                [0x4A, 0x58, 0x62],
                [0x2F, 0x52, 0x66],
                [0x6E, 0x87, 0x95],
                [0xA9, 0xBB, 0xC5],
                [0xB8, 0xC2, 0xC9],
                [0xE6, 0xEC, 0xEF],
                [0xF5, 0xF1, 0xE8],
                [0xA6, 0x3C, 0x1C],
            ],
            ratings: [[0xE3, 0xEA, 0xEE], [0xB7, 0xC9, 0xD3], [0x4E, 0x72, 0x86], [0x17, 0x36, 0x4A]],
        }
    }
}

/// Text (4.5) and marks that alone carry a value (3) on the grounds where they stand, as the Web Content Accessibility
/// Guidelines 2.2 ask: what, on which grounds, at least which contrast.
const READ: [(Role, &[Role], f64); 11] = [
    (Role::Ink, &[Role::Paper, Role::Cover, Role::Row, Role::Earlier], 4.5),
    (Role::Quiet, &[Role::Paper, Role::Cover, Role::Row], 4.5),
    (Role::Data, &[Role::Paper, Role::Cover, Role::Row], 4.5),
    (Role::Alert, &[Role::Paper, Role::Cover, Role::Row], 4.5),
    (Role::Second, &[Role::Paper, Role::Cover, Role::Row], 3.0),
    (Role::Paper, &[Role::Data], 4.5),
    (Role::Paper, &[Role::Ink], 4.5),
    (Role::Ink, &[Role::Rating(0)], 4.5),
    (Role::Ink, &[Role::Rating(1)], 4.5),
    (Role::Paper, &[Role::Rating(2)], 4.5),
    (Role::Paper, &[Role::Rating(3)], 4.5),
];

/// Fills that stand for different things side by side in one chart: they must differ in grey.
const BESIDE: [&[Role]; 4] = [
    &[Role::Data, Role::Second],
    &[Role::Data, Role::Earlier, Role::Ink, Role::Paper],
    &[Role::Rating(0), Role::Rating(1)],
    &[Role::Rating(1), Role::Rating(2), Role::Rating(3)],
];
/// By how much, in per cent of lightness (CIE 1976 L*).
const GREY: f64 = 10.0;

impl Theme {
    /// The colour of a role.
    #[must_use]
    pub fn rgb(&self, role: Role) -> Rgb {
        match role {
            Role::Paper => WHITE,
            Role::Rating(at) => self.ratings[at.min(3)],
            _ => KEYS.iter().position(|(_, known)| *known == role).map_or(WHITE, |at| self.single[at]),
        }
    }

    /// Every colour with its key, as templates and the page on the web name it: `#15212B`. The fills of ratings are `rating_0`
    /// to `rating_3`.
    pub fn named(&self) -> impl Iterator<Item = (String, String)> {
        let single = KEYS.iter().map(|(key, role)| ((*key).to_owned(), *role));
        let ratings = (0..4).map(|at| (format!("rating_{at}"), Role::Rating(at)));
        single.chain(ratings).map(|(key, role)| (key, written(self.rgb(role))))
    }

    /// Reads `[theme]`: the keys that are given replace those of the series' own look.
    #[must_use]
    pub fn read(mut declaration: Declaration<'_>) -> Self {
        let mut theme = Self::default();
        let mut given: Vec<(Role, Located<String>)> = Vec::new();
        for (at, (key, role)) in KEYS.into_iter().enumerate() {
            let Some(text) = declaration.text(key) else { continue };
            match colour(&text.value) {
                Some(rgb) => {
                    theme.single[at] = rgb;
                    given.push((role, text));
                }
                None => declaration.fault(no_colour(&text)),
            }
        }
        let place = declaration.key(RATINGS);
        let ratings = declaration.texts(RATINGS);
        if let Some(place) = place.filter(|_| ratings.len() != 4) {
            let message =
                format!("`{RATINGS}` has {} colours; four are expected, the best rating first", ratings.len());
            declaration.fault(Diagnostic::error(Code::InvalidValue, place, message));
        }
        for (at, text) in ratings.into_iter().enumerate().take(4) {
            match colour(&text.value) {
                Some(rgb) => {
                    theme.ratings[at] = rgb;
                    given.push((Role::Rating(at), text));
                }
                None => declaration.fault(no_colour(&text)),
            }
        }
        theme.faults(&given).into_iter().for_each(|fault| declaration.fault(fault));
        declaration.finish();
        theme
    }

    /// One fault for each colour that was given and cannot be read, or told from another.
    fn faults(&self, given: &[(Role, Located<String>)]) -> Vec<Diagnostic> {
        let read = READ.iter().flat_map(|(text, grounds, least)| grounds.iter().map(|ground| (*text, *ground, *least)));
        let unread = read.filter_map(|(one, other, least)| {
            let contrast = contrast(self.rgb(one), self.rgb(other));
            let why = format!("have a contrast of {contrast:.1}; at least {least} is expected");
            (contrast < least).then_some((
                one,
                other,
                why,
                "choose one further from it in lightness: it must be read on it",
            ))
        });
        let pairs = BESIDE.iter().flat_map(|fills| {
            fills.iter().enumerate().flat_map(move |(at, one)| fills[..at].iter().map(|other| (*other, *one)))
        });
        let alike = pairs.filter_map(|(one, other)| {
            let difference = (grey(self.rgb(one)) - grey(self.rgb(other))).abs();
            let why = format!("differ by {difference:.0} per cent of grey; at least {GREY:.0} is expected");
            let hint = "choose a lighter or a darker one: a print in grey shows them as one";
            (difference < GREY).then_some((one, other, why, hint))
        });
        let (mut found, mut named) = (Vec::new(), Vec::new());
        for (one, other, why, hint) in unread.chain(alike) {
            // The later of two given colours is at fault, and once.
            let later = given.iter().rev().find(|(role, _)| [one, other].contains(role));
            let Some((role, at)) = later.filter(|(role, _)| !named.contains(role)) else { continue };
            named.push(*role);
            let beside = self.called(if *role == one { other } else { one });
            let message = format!("`{}` and {beside} {why}", at.value);
            found.push(Diagnostic::error(Code::InvalidValue, at.span.clone(), message).hint(hint));
        }
        found
    }

    /// A colour as a fault names it: "`cover` (`#F5F1E8`)".
    fn called(&self, role: Role) -> String {
        let rgb = written(self.rgb(role));
        match role {
            Role::Paper => "white paper".to_owned(),
            Role::Rating(at) => format!("rating {} (`{rgb}`)", at + 1),
            _ => {
                let key = KEYS.iter().find(|(_, known)| *known == role).map_or("", |(key, _)| *key);
                format!("`{key}` (`{rgb}`)")
            }
        }
    }
}

/// `#15212B`.
pub fn written([red, green, blue]: Rgb) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

/// Six hexadecimal digits after `#`.
fn colour(text: &str) -> Option<Rgb> {
    let digits =
        text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some([red, green, blue])
}

fn no_colour(text: &Located<String>) -> Diagnostic {
    let message = format!("`{}` is not a colour", text.value);
    Diagnostic::error(Code::InvalidValue, text.span.clone(), message)
        .hint("write it as six hexadecimal digits: `#15212B`")
}

/// Relative luminance, as the Web Content Accessibility Guidelines 2.2 define it.
fn luminance(rgb: Rgb) -> f64 {
    let [red, green, blue] = rgb.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126f64.mul_add(red, 0.7152f64.mul_add(green, 0.0722 * blue))
}

/// Contrast of two colours, 1 to 21, as the same guidelines define it.
#[must_use]
pub fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Lightness after conversion to grey, in per cent (CIE 1976 L*).
fn grey(rgb: Rgb) -> f64 {
    let luminance = luminance(rgb);
    if luminance > 0.008_856 { 116.0 * luminance.cbrt() - 16.0 } else { 903.3 * luminance }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::{Diagnostics, Source};

    fn read(toml: &str) -> (Theme, Vec<String>) {
        let mut diagnostics = Diagnostics::default();
        let source = Arc::new(Source::new("data/report.toml", toml.as_bytes().to_vec()));
        let theme = Theme::read(Declaration::parse(&THEME, &source, &mut diagnostics));
        (theme, diagnostics.into_list().iter().map(|fault| fault.message.to_string()).collect())
    }

    #[test]
    fn the_own_look_can_be_read() {
        let (theme, faults) = read("");
        assert!(faults.is_empty() && theme == Theme::default());
        for (key, role) in KEYS {
            let own = written(theme.rgb(role));
            let described = THEME.key(key).map(|key| key.without);
            assert!(matches!(described, Some(keys::Without::Text(colour)) if colour == own), "{key} is {own}");
        }
        // Every colour given as it is, so that each pair is judged.
        let same: String =
            KEYS.iter().map(|(key, role)| format!("{key} = \"{}\"\n", written(theme.rgb(*role)))).collect();
        let (_, faults) = read(&format!("{same}ratings = [\"#E3EAEE\", \"#B7C9D3\", \"#4E7286\", \"#17364A\"]"));
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn a_colour_that_cannot_be_read_is_one_fault() {
        let (_, faults) = read("alert = \"#FFAA00\"");
        assert_eq!(faults, ["`#FFAA00` and white paper have a contrast of 1.9; at least 4.5 is expected"]);
        let (_, faults) = read("cover = \"#15212B\"");
        assert_eq!(faults.len(), 1, "{faults:?}");
        let (_, faults) = read("second = \"#2F5266\"");
        assert_eq!(faults, ["`#2F5266` and `data` (`#2F5266`) differ by 0 per cent of grey; at least 10 is expected"]);
    }

    #[test]
    fn what_is_no_colour_is_named() {
        let (theme, faults) = read("ink = \"black\"\nratings = [\"#000000\"]\nshade = \"#000000\"");
        assert_eq!(faults.len(), 4, "{faults:?}");
        assert_eq!(theme.rgb(Role::Ink), Theme::default().rgb(Role::Ink));
    }
}
