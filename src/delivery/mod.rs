//! Documents to their readers: files, page on the web, mail.
//!
//! * Takes: documents and released tables.
//! * Gives: `output/`, of which each country's folder is replaced whole or not at all; messages, each sent once.
//!
//! Only `publish` writes what is kept in `output/`, and only `send` reaches a network.
//!
//! | module | owns |
//! |---|---|
//! | [`publish`] | files, data package, checksums, and how one whole set follows another |
//! | [`build`] | every country made whole, and no failure of one that stops another |
//! | [`send`] | to each donor by mail what is its own, and the journal of what went to whom (**lettre**) |
//! | [`summary`] | what a build did, for the page of a job |
//! | [`watch`] | whether anything was saved (**notify**) |

pub(crate) mod build;
pub mod publish;
pub(crate) mod send;
pub(crate) mod summary;
pub(crate) mod watch;
