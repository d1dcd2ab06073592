//! Delivers documents to their readers: as files, as a web page, by mail.
//!
//! * Takes: documents and released tables.
//! * Gives: `output/`, where each country's folder is replaced as a whole or not at all; messages, each sent once.
//!
//! Only `publish` writes what is kept in `output/`, only `count` writes a register, and only `send` reaches a network.
//!
//! | module | owns |
//! |---|---|
//! | [`publish`] | files, data package, checksums, and replacing one complete set of outputs by the next |
//! | [`build`] | building every country; a failure in one does not stop the others |
//! | [`send`] | mailing each donor its copies, and the journal of what was sent to whom (**lettre**) |
//! | [`recognise`] | which file this is, by its checksum |
//! | [`summary`] | the summary of a build, for the page of a CI job |
//! | [`count`] | having an engine count a register, and keeping what it counted |
//! | [`watch`] | whether anything was saved (**notify**) |

pub(crate) mod build;
pub(crate) mod count;
pub mod publish;
pub(crate) mod recognise;
pub(crate) mod send;
pub(crate) mod summary;
pub(crate) mod watch;
