//! The tests of the whole program: small projects in folders, and what a user sees of them.
//!
//! * `projects/<name>/data` is a project without what all projects share (schemas, texts, templates, which are the
//!   product's own); `projects/<name>/expected` is what a build of it writes.
//! * `series/data` holds the countries of a whole series as they once stood; what else it is made of is the product's own.
//! * `corpus/<kind>` holds nasty files: whatever they hold, a check of them ends soon, with findings inside them.
//! * `faults/<name>` holds the files in which a faulty project differs from `projects/minimal`, and what `check` says.
//!
//! To add a test, add a folder. `BLESS=1 cargo test --release` writes the `expected` files anew.
//! `just test-long` tries more damaged files, and extreme ones in their real size.

// A test says what it expected, and stops there.
#![allow(clippy::expect_used, clippy::panic)]
// Every path here was written by this program or by its authors, in lower case.
#![allow(clippy::case_sensitive_file_extension_comparisons)]
// A string that a test cuts between two bytes fails that test, and nothing else.
#![allow(clippy::string_slice)]
#[cfg(unix)]
mod action;
mod approvals;
mod approving;
mod article;
mod attacks;
mod audit;
mod bugs;
mod charts;
mod ci;
mod closing;
mod confinement;
mod correcting;
mod correcting_once;
mod correcting_page;
mod countries;
mod covers;
mod custody;
mod dates;
mod dead_links;
mod determinism;
mod dialect;
mod dice;
mod diff;
mod docs;
mod donors;
mod drawn;
mod engine_clients;
mod engine_servers;
mod engines;
mod expected;
mod explain;
mod exports;
mod extremes;
mod faults;
mod figures;
mod filling;
mod foreign_typsts;
mod formats;
mod frame;
mod frictionless;
mod gallery;
mod golden;
mod guards;
mod help;
mod hostile;
mod idle;
mod importing;
mod importing_registers;
mod imports;
mod init;
mod languages;
mod late;
mod late_printed;
mod layers;
mod letters;
mod links;
mod losses;
mod mail;
mod messages;
mod mishaps;
mod mutations;
mod new;
mod outside;
mod packages;
mod page;
mod palette;
mod paths;
mod pdf;
mod phrases;
mod positions;
mod preview;
mod preview_guards;
mod previous;
mod print;
mod project;
mod prose;
mod protection;
mod pseudo;
mod publications;
mod published;
mod rebuilds;
mod reckonable;
mod recognising;
mod record;
mod register;
mod released_tables;
mod rest;
mod revisions;
mod schemas;
mod sending;
mod shares;
mod signing;
mod slips;
mod spreadsheets;
mod status;
mod structure;
mod tidy;
mod tools;
mod trace;
mod translating;
mod tutorial;
mod unicode;
mod upgrading;
mod watching;
mod web;
mod workbooks;
