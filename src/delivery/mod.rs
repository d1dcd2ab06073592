//! Delivers documents to their readers: as files, as a web page, by mail.
//!
//! * Takes: documents and released tables.
//! * Gives: `output/`, where each country's folder is replaced as a whole or not at all; messages, each sent once.
//!
//! Only `publish` writes what is kept in `output/`, only `approve` the approvals, only `count` a register. Only `send` and `links` reach a
//! network; `preview` listens at this machine alone.
//!
//! | module | owns |
//! |---|---|
//! | [`publish`] | files, data package, checksums, and replacing one complete set of outputs by the next |
//! | [`approve`] | who approved what documents say, in a file that only grows (**ssh-keygen**) |
//! | [`build`] | building every country; a failure in one does not stop the others |
//! | [`send`] | mailing each donor its copies, and the journal of what was sent to whom (**lettre**) |
//! | [`links`] | opening the addresses of sources, and noting what was found (**ureq**) |
//! | [`recognise`] | which file this is, by its checksum |
//! | [`summary`] | the summary of a build, for the page of a CI job |
//! | [`count`] | having an engine count a register, and keeping what it counted |
//! | [`watch`] | whether anything was saved (**notify**) |
//! | [`preview`] | showing the documents to a browser on this machine, with the rows behind each number (**httparse**) |

pub(crate) mod approve;
pub(crate) mod build;
pub(crate) mod count;
pub(crate) mod links;
pub(crate) mod preview;
pub mod publish;
pub(crate) mod recognise;
pub(crate) mod send;
pub(crate) mod summary;
pub(crate) mod watch;
