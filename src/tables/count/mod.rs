//! The statement that counts a register in its engine: it groups by raw values, and every distinct value is checked here
//! afterwards. SQL knows two things only: that a sound day or month belongs to its year, and whether a case is repeated.
//!
//! * Takes: `[engine.<table>]`, the schema of the table, what the indicators ask of it, and what its registers cover.
//! * Gives: SQL that every client prints as the same bytes, one finished line of CSV a row; the labels of that CSV.
//!
//! The groups are what 15,110 of 10 million cases come to, so that no case has to leave the engine. Text is grouped as it
//! stands, and ordered by its bytes; nothing of the standard is used that `PostgreSQL`, `DuckDB` and Spark do not share.
//!
//! | module | owns |
//! |---|---|
//! | `asked` | the columns that the indicators ask for |
//! | `periods` | which days and months become their year, or the part of it that a register covers |
//! | `literal` | a text of any letters as SQL |
//! | `statement` | the groups, the view that shows nothing else, and the query of one line's keys |
//! | `line` | what one counted line holds |

mod asked;
mod line;
mod literal;
mod periods;
mod statement;

use anyhow::Result;

use crate::diagnostic::Diagnostics;
use crate::project::Project;
use crate::project::country::{Country, TableFile};
use crate::project::engine::Engine;
use crate::tables::ingest::{RawTable, ingest};

pub use line::{Line, line};

/// The column that is not zero where a case is repeated.
pub const REPEATED: &str = "repeated";

/// What is counted: one table of one country in its engine.
#[derive(Debug)]
pub struct Counting<'p> {
    engine: &'p Engine,
    /// The column of the measure: `status`.
    measure: &'p str,
    /// Its codes that are stocks, whose days stay.
    stock: &'p [String],
    period: &'p str,
    /// The dimensions that are asked for, in the order of the schema.
    dimensions: Vec<&'p str>,
    /// The years that the beginning or the end of a register cuts.
    cuts: Vec<periods::Cut>,
}

impl<'p> Counting<'p> {
    /// What is counted of a table; none if the country declares no engine for it.
    ///
    /// # Errors
    /// When the sources of the country cannot be read.
    pub fn of(
        project: &'p Project,
        country: &'p Country,
        table: &str,
        diagnostics: &mut Diagnostics,
    ) -> Result<Option<Self>> {
        let (Some(engine), Some(schema)) = (country.engine(table), project.schema(table)) else { return Ok(None) };
        let Some(observations) = &schema.observations else { return Ok(None) };
        let Some(measure) = &observations.measure else { return Ok(None) };
        let sources = read(project, country, |file| file.table == "sources", diagnostics)?;
        Ok(Some(Self {
            engine,
            measure,
            stock: &observations.stock,
            period: &observations.period,
            dimensions: asked::dimensions(schema, observations, &project.indicators),
            cuts: sources.iter().flat_map(periods::cuts).collect(),
        }))
    }

    /// The table that is counted.
    #[must_use]
    pub fn table(&self) -> &'p str {
        &self.engine.table.value
    }

    /// The columns that are grouped by, in their order.
    fn columns(&self) -> Vec<&str> {
        let first = [self.period, self.measure].into_iter();
        first.chain(self.dimensions.iter().copied()).chain(["source"]).collect()
    }

    /// The labels of the counted file, as a line without its end.
    #[must_use]
    pub fn labels(&self) -> String {
        self.columns().into_iter().chain(["count", REPEATED]).collect::<Vec<_>>().join(",")
    }
}

/// Reads those files of a country that are wanted.
fn read(
    project: &Project,
    country: &Country,
    wanted: impl Fn(&TableFile) -> bool,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<RawTable>> {
    let tables = country.tables.iter().filter(|file| wanted(file)).cloned().collect();
    let only = [Country { tables, ..country.clone() }];
    ingest(&project.root, &only, &project.schemas, &|_, _| (), diagnostics)
}
