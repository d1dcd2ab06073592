//! The commands `completions` and `man`, made from the command line itself. Only this file uses `clap_complete` and `clap_mangen`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Command};
use clap_complete::Shell;

use super::end::{End, conclude, guarded};
use super::printing::{say_paths, unless_gone};

#[derive(Args)]
pub(super) struct CompletionsOptions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Args)]
pub(super) struct ManOptions {
    /// The folder to write to; it is created if it is missing
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Prints the script that completes commands and options in a shell.
pub(super) fn completions(options: &CompletionsOptions, mut command: Command) -> End {
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut command, name, &mut script);
    let written = unless_gone(std::io::stdout().write_all(&script));
    conclude(written.err().map(|error| format!("the output cannot be written: {error}")), false)
}

/// Writes a manual page for each command, and names them on stdout.
pub(super) fn man(options: &ManOptions, command: Command) -> End {
    match guarded(|| pages(&options.folder, command)) {
        Ok(paths) => conclude(say_paths(&paths).err().map(|error| error.to_string()), false),
        Err(error) => conclude(Some(format!("{error:#}")), false),
    }
}

fn pages(folder: &Path, mut command: Command) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    command.build();
    let mut paths = Vec::new();
    let commands: Vec<&Command> = command.get_subcommands().filter(|command| command.get_name() != "help").collect();
    for command in std::iter::once(&command).chain(commands) {
        let page = clap_mangen::Man::new(command.clone());
        let path = folder.join(page.get_filename());
        let mut text = Vec::new();
        page.render(&mut text)?;
        fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
        paths.push(path);
    }
    Ok(paths)
}
