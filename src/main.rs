//! The command `tipbrief`: everything is in the library, where tests reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    tipbrief::cli::run(std::env::args_os())
}
