//! The colours of the charts, by what they are for. The theme of the series says which they are.

use std::cell::Cell;

use crate::project::theme::{Rgb, Theme};

/// What a colour is for.
pub use crate::project::theme::Role as Colour;

/// Text, axes, rules, zero rings.
pub const INK: Colour = Colour::Ink;
/// Units, periods, sources, asides.
pub const TEXT_2: Colour = Colour::Quiet;
/// Data.
pub const SLATE: Colour = Colour::Data;
/// Data after a break or of a second measure, and dots; never text.
pub const MID: Colour = Colour::Second;
/// Earlier years in a strip, bars over several years.
pub const MIST: Colour = Colour::Earlier;
/// Grid lines.
pub const RULE: Colour = Colour::Rule;
/// Hairlines between rows, empty bands.
pub const FOG: Colour = Colour::Row;
/// Contested figures.
pub const RUST: Colour = Colour::Alert;
/// Open marks, and text on dark fills.
pub const PAPER: Colour = Colour::Paper;
/// Fills of four rating bands, best first.
pub const BANDS: [Colour; 4] = [Colour::Rating(0), Colour::Rating(1), Colour::Rating(2), Colour::Rating(3)];

thread_local! {
    /// The theme of the series that is being drawn.
    static THEME: Cell<Theme> = Cell::new(Theme::default());
}

/// Red, green and blue of a colour, in the theme that is drawn with.
#[must_use]
pub fn rgb(colour: Colour) -> Rgb {
    THEME.get().rgb(colour)
}

/// Draws in the colours of a theme.
pub fn coloured<T>(theme: &Theme, draw: impl FnOnce() -> T) -> T {
    /// Takes the colours away again, even where the drawing panics.
    struct Painted(Theme);
    impl Drop for Painted {
        fn drop(&mut self) {
            THEME.set(self.0);
        }
    }
    let _painted = Painted(THEME.replace(*theme));
    draw()
}
