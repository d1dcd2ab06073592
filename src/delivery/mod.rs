//! Delivers documents to their readers: as files, as a web page, by mail.
//!
//! * Takes: documents and released tables.
//! * Gives: `output/`, where each country's folder is replaced as a whole or not at all; messages, each sent once.
//!
//! Only `publish` writes what is kept in `output/`, only `count` writes a register, and only `send` reaches a network; `preview` listens
//! at this machine alone.
//!
//! | module | owns |
//! |---|---|
//! | [`publish`] | files, data package, checksums, and replacing one complete set of outputs by the next |
//! | [`build`] | building every country; a failure in one does not stop the others |
//! | [`send`] | mailing each donor its copies, and the journal of what was sent to whom (**lettre**) |
//! | [`summary`] | the summary of a build, for the page of a CI job |
//! | [`count`] | having an engine count a register, and keeping what it counted |
//! | [`watch`] | whether anything was saved (**notify**) |
//! | [`preview`] | showing the documents to a browser on this machine, with the rows behind each number (**httparse**) |

pub(crate) mod build;
pub(crate) mod count;
pub(crate) mod preview;
pub mod publish;
pub(crate) mod send;
pub(crate) mod summary;
pub(crate) mod watch;
