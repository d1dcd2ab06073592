//! How long the audit of published tables takes, and what it says of them: of each shape, withheld by the rule for small
//! values alone, and with one more value where a total would give it away.

mod seeded;
mod shapes;

use std::time::Instant;

use anyhow::{Context, Result};
use shapes::{Rule, Shape, shapes};
use tipbrief::diagnostic::Diagnostics;
use tipbrief::disclosure::audit::{Mark, Request};

fn measure(shape: &Shape, request: &Request) -> Result<()> {
    let folder = tempfile::tempdir().context("a temporary folder")?;
    let mut files = Vec::new();
    for (number, text) in shape.files.iter().enumerate() {
        let name = format!("{number}.csv");
        std::fs::write(folder.path().join(&name), text).context("a file")?;
        files.push(name.into());
    }
    let start = Instant::now();
    let found = tipbrief::audit(folder.path(), &files, request, &mut Diagnostics::default())?;
    println!(
        "  {}: {} values, {} withheld, {} exact, {} narrow, {} undecided, {:.1} s",
        shape.name,
        shape.values,
        found.withheld,
        found.exact.len(),
        found.narrow.len(),
        found.undecided.len(),
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

fn main() -> Result<()> {
    let marks = ["x", "<5=0..4"].map(str::parse::<Mark>).into_iter().collect::<Result<_, _>>();
    let marks = marks.map_err(anyhow::Error::msg)?;
    let request = Request { values: vec!["value".into()], marks, width: 1, ..Request::default() };
    for (rule, words) in [(Rule::Small, "1 to 4 withheld"), (Rule::SmallAndOneMore, "1 to 4 and one more withheld")] {
        println!("{words}");
        for shape in shapes(rule) {
            measure(&shape, &request)?;
        }
    }
    Ok(())
}
