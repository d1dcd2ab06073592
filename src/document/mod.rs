//! A release to a PDF, every numeral of which is accounted for.
//!
//! * Takes: the project, the release, what changed, and the templates.
//! * Gives: documents of which every numeral was traced; and the answer where a number comes from.
//!
//! No wing before this one knows a language. Templates hold no arithmetic and no number formatting: they get formatted strings
//! from a private view model.
//!
//! | module | owns |
//! |---|---|
//! | [`bind`] | the prose held against the release (**typst-syntax**) |
//! | [`outline`] | what one document holds, its sources numbered |
//! | [`draw`] | released figures to SVG and alternative text (**plotters**) |
//! | [`typeset`] | an outline and its figures to a PDF through the Typst command, confined (**process**, **landlock**) |
//! | [`trace`] | the numerals of a typeset document, held against what it was told (**lopdf**) |
//! | [`explain`] | where a number comes from, and where it is printed |

pub mod bind;
pub mod draw;
pub mod explain;
pub(crate) mod outline;
pub mod trace;
pub(crate) mod typeset;
