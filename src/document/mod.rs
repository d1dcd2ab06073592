//! Turns a release into PDFs in which every numeral is accounted for.
//!
//! * Takes: the project, the release, the changes since the last snapshot, and the templates.
//! * Gives: typeset documents whose numerals are all traced, and the answer to where a number comes from.
//!
//! No earlier wing deals with languages. Templates do no arithmetic and format no numbers: they receive formatted strings from a
//! private view model.
//!
//! | module | owns |
//! |---|---|
//! | [`bind`] | checks the prose against the release and binds its numbers (**typst-syntax**) |
//! | [`outline`] | plans one document and numbers its sources |
//! | [`draw`] | draws released figures as SVG, with alternative text (**plotters**) |
//! | [`typeset`] | typesets an outline with the Typst command, confined (**process**, **landlock**) |
//! | [`trace`] | checks that every numeral of a PDF is expected (**lopdf**) |
//! | [`explain`] | answers where a number comes from and where it is printed |
//! | [`find`] | finds figures by words, each with the call that prints it |

pub mod bind;
pub mod draw;
pub mod explain;
pub mod find;
pub mod outline;
pub mod trace;
pub mod typeset;
