//! What `--help` says after the options: the exit codes and the environment variables, from the constants that the code uses.

use std::fmt::Write;

use super::build::JOB_SUMMARY;
use super::confidential::CI;
use super::end::CODES;
use super::printing::COLOURS;
use super::send::LOGIN;
use crate::document::typeset::NAMED;

/// The tables after the options of the program itself.
pub(super) fn tables() -> String {
    let codes: Vec<(String, &str)> = CODES.iter().map(|(code, meaning)| (code.to_string(), *meaning)).collect();
    format!("{}\n{}", table("Exit codes", &codes), table("Environment variables", &variables()))
}

/// What a command says in their place.
pub(super) const SEE: &str = "`tipbrief --help` lists the exit codes and environment variables.";

fn variables() -> Vec<(String, &'static str)> {
    let [no_color, forced, able, term] = COLOURS;
    let login = LOGIN.join(", ");
    let rows = [
        (NAMED, "the Typst program; else `typst` on PATH, in `.tools/bin` or beside this program"),
        (login.as_str(), "the login at the mail server, for `send --live`"),
        (JOB_SUMMARY, "the file to which `build` appends its summary, unless `--summary` names one"),
        (CI, "where it is set, `why` and `protect` print nothing"),
        (no_color, "print no colours, if it is not empty"),
        (forced, "print colours even without a terminal, unless it is `0`"),
        (able, "print no colours, if it is `0`"),
        (term, "print no colours, if it is `dumb`"),
    ];
    rows.map(|(name, meaning)| (name.to_owned(), meaning)).into()
}

fn table(title: &str, rows: &[(String, &str)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let mut text = format!("{title}:\n");
    for (name, meaning) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name:width$}  {meaning}");
    }
    text
}
