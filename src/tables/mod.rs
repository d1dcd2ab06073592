//! Reads files into typed tables, or reports every error in them, each at its cell.
//!
//! * Takes: CSV files and workbooks of the countries, and the project's schemas.
//! * Gives: a [`Dataset`](validate::Dataset) in which every cell has its type.
//!
//! Later wings know no lines or columns, except as lineage that they pass on without reading it.
//!
//! | module | owns |
//! |---|---|
//! | [`ingest`] | reads bytes into columns whose positions can be found again (**csv-core**, **calamine**, **zip**) |
//! | [`count`] | writes the statement by which an engine counts a register |
//! | [`key`] | makes one number of a row's source, period and codes, to group by |
//! | [`parts`] | knows which codes make up a whole |
//! | [`validate`] | checks columns and turns them into typed tables (**polars** begins) |

pub mod count;
pub mod import;
pub mod ingest;
pub(crate) mod key;
pub(crate) mod parts;
pub mod validate;
