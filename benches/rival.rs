//! Polars as it is installed for Python: a process of its own that reads the same files, nothing checked, and times itself.
//! `pip install polars` provides it; `PYTHON` names another interpreter than `python3`.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::register::Form;
use crate::took::Took;

/// Answers each line that names a file with the seconds that a scan and a group-by of five columns took, by the clock and of the
/// processors, and with the sum of all groups.
const PROGRAM: &str = r#"
import sys, time
import polars as pl
print(pl.__version__, pl.thread_pool_size(), flush=True)
for line in sys.stdin:
    path, separator, eol, encoding = line.rstrip("\n").split("|")
    separator, eol = chr(int(separator)), chr(int(eol))
    start, begun = time.perf_counter(), time.process_time()
    if encoding == "utf-8":
        frame = pl.scan_csv(path, separator=separator, eol_char=eol)
    else:
        frame = pl.read_csv(path, separator=separator, eol_char=eol, encoding=encoding).lazy()
    by = ["period", "stage", "purpose", "province", "source"]
    found = frame.group_by(by).agg(pl.col("count").sum()).collect(engine="streaming")
    print(time.perf_counter() - start, time.process_time() - begun, found["count"].sum(), flush=True)
"#;

/// The process.
pub struct Rival {
    process: Child,
    asked: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// The version of Polars, and its number of threads.
    pub version: String,
}

impl Rival {
    /// Starts it; none where Python has no Polars.
    pub fn start() -> Option<Self> {
        let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
        let mut command = Command::new(python);
        command.args(["-c", PROGRAM]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().ok()?;
        let (asked, answers) = (process.stdin.take()?, process.stdout.take()?);
        let mut rival = Self { process, asked, answers: BufReader::new(answers), version: String::new() };
        rival.version = rival.answer().ok().filter(|version| !version.is_empty())?;
        Some(rival)
    }

    fn answer(&mut self) -> Result<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }

    /// What it takes to read that file.
    pub fn read(&mut self, path: &Path, form: &Form, rows: usize) -> Result<Took> {
        let eol = form.line_break.as_bytes().last().copied().unwrap_or(b'\n');
        let encoding = if form.utf16 { "utf-16-le" } else { "utf-8" };
        writeln!(self.asked, "{}|{}|{eol}|{encoding}", path.display(), form.delimiter)?;
        let answer = self.answer()?;
        let mut fields = answer.split(' ');
        let mut number = || fields.next().context("Polars failed");
        let (clock, processors, sum) = (number()?.parse()?, number()?.parse()?, number()?);
        ensure!(sum == rows.to_string(), "Polars saw {sum} cases, not {rows}");
        Ok(Took { clock: Duration::from_secs_f64(clock), processors: Duration::from_secs_f64(processors) })
    }
}

impl Drop for Rival {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
