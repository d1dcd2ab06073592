//! The command `schema`: what may be written in a file of declarations, for editors; and the note on schemas of another program.

use std::path::Path;
use std::sync::Arc;

use clap::Args;

use super::end::{End, conclude};
use super::layout::stale_schema;
use super::printing::unless_gone;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::reference::{File, schema};

#[derive(Args)]
pub(super) struct SchemaOptions {
    /// The kind of file
    #[arg(value_name = "KIND", value_parser = kinds())]
    kind: String,
}

fn kinds() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(File::ALL.iter().map(|file| file.name()))
}

/// Prints the schema of one kind of file.
pub(super) fn run(options: &SchemaOptions) -> End {
    use std::io::Write;
    let asked = File::ALL.iter().find(|file| file.name() == options.kind);
    let text = asked.map_or_else(String::new, |file| schema(*file));
    let written = unless_gone(std::io::stdout().write_all(text.as_bytes()));
    conclude(written.err().map(|error| format!("the output cannot be written: {error}")), false)
}

/// A note for the first schema of the project that another version of the program wrote: an editor then knows other keys.
pub(super) fn noted(root: &Path, diagnostics: &mut Diagnostics) {
    if let Some(path) = stale_schema(root) {
        let source = Source::new(path, Vec::new());
        let message = "another version of the program wrote the schemas for editors";
        let note = Diagnostic::note(Code::StaleSchema, Span::start_of(&Arc::new(source)), message);
        diagnostics.push(note.hint("`tipbrief upgrade` writes those of this one"));
    }
}
