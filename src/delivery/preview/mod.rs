//! A preview of the documents of a build, for the browser of who is at this machine: pages as pictures, and a link over each number
//! that leads to its rows.
//!
//! * Takes: the documents of a build with the data they were built from, and the questions of a browser.
//! * Gives: pages, pictures, and what `explain` says of a number.
//!
//! It listens at this machine alone, reaches no network, answers only who knows the secret in its address, and writes nothing but
//! in a temporary folder of its own. What holds against whom is in SECURITY.md.

mod answer;
mod crowd;
mod desk;
mod page;
mod request;
mod response;
mod server;
mod shelf;
mod token;

pub(crate) use desk::{Desk, Seen, trouble};
pub(crate) use response::Response;
pub(crate) use server::{Question, Server};
pub(crate) use shelf::Shelf;
