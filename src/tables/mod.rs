//! Files to typed tables, or every fault of them, each at its cell.
//!
//! * Takes: CSV files and workbooks of the countries, and the project's schemas.
//! * Gives: a [`Dataset`](validate::Dataset) in which every cell is of its type.
//!
//! Positions end here: no later wing knows a line or a column, except as lineage that it carries without reading.
//!
//! | module | owns |
//! |---|---|
//! | [`ingest`] | bytes to columns with recoverable positions (**csv-core**, **calamine**, **zip**) |
//! | [`parts`] | which codes make up a whole |
//! | [`validate`] | columns to typed tables (**polars** begins) |

pub mod ingest;
pub(crate) mod parts;
pub mod validate;
