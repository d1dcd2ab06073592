//! What a recipe hands on to a bench.

use std::str::FromStr;

/// What is given after an option; none where nothing is, or where it cannot be read.
pub fn argument<T: FromStr>(option: &str) -> Option<T> {
    std::env::args().skip_while(|argument| argument != option).nth(1)?.parse().ok()
}
