//! A counted table: how many units each combination of codes has, by period, measure and register. No case and no note.

use anyhow::{Context, Result, ensure};

/// A counted table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// The dimensions of the file that it was made of, in their order.
    pub dimensions: Vec<String>,
    /// The combinations that occur, sorted.
    pub rows: Vec<Row>,
}

/// One combination of codes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// The year, or the day of a stock.
    pub period: String,
    /// The code of the measure; empty for a table with one measure.
    pub measure: String,
    /// A code for each dimension.
    pub codes: Vec<String>,
    /// The register.
    pub source: String,
    /// How many units.
    pub count: i64,
}

const PERIOD: &str = "period";
const MEASURE: &str = "measure";
const SOURCE: &str = "source";
const COUNT: &str = "count";

impl Counts {
    /// The table as a file.
    ///
    /// # Errors
    /// When it cannot be written as CSV.
    pub fn csv(&self) -> Result<Vec<u8>> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let dimensions = self.dimensions.iter().map(String::as_str);
        writer.write_record([PERIOD, MEASURE].into_iter().chain(dimensions).chain([SOURCE, COUNT]))?;
        for row in &self.rows {
            let count = row.count.to_string();
            let codes = row.codes.iter().map(String::as_str);
            let first = [row.period.as_str(), row.measure.as_str()].into_iter();
            writer.write_record(first.chain(codes).chain([row.source.as_str(), count.as_str()]))?;
        }
        writer.into_inner().context("a table cannot be written")
    }

    /// Reads the file of a table.
    ///
    /// # Errors
    /// When no release wrote it.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let mut reader = csv::Reader::from_reader(bytes);
        let labels: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
        let [first, second, dimensions @ .., source, count] = labels.as_slice() else {
            anyhow::bail!("it has too few columns");
        };
        let known = [first, second, source, count].map(String::as_str);
        ensure!(known == [PERIOD, MEASURE, SOURCE, COUNT], "it has other columns");
        let mut rows = Vec::new();
        for record in reader.records() {
            let cells: Vec<String> = record?.iter().map(str::to_owned).collect();
            let [period, measure, codes @ .., source, count] = cells.as_slice() else {
                anyhow::bail!("a row is short")
            };
            let count = count.parse().context("a count is no number")?;
            rows.push(Row {
                period: period.clone(),
                measure: measure.clone(),
                codes: codes.to_vec(),
                source: source.clone(),
                count,
            });
        }
        Ok(Self { dimensions: dimensions.to_vec(), rows })
    }

    /// The rows of one year and measure.
    #[must_use]
    pub fn of(&self, measure: &str, holds: impl Fn(&str) -> bool) -> Self {
        let own = self.rows.iter().filter(|row| row.measure == measure && holds(&row.period));
        Self { dimensions: self.dimensions.clone(), rows: own.cloned().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_as_it_was_written() -> Result<()> {
        let row = |source: &str, count| Row {
            period: "2023".to_owned(),
            measure: "identified".to_owned(),
            codes: vec!["fe\"male".to_owned(), "a,b".to_owned()],
            source: source.to_owned(),
            count,
        };
        let counts =
            Counts { dimensions: vec!["sex".into(), "province".into()], rows: vec![row("one", 3), row("two", 40)] };
        assert_eq!(Counts::read(&counts.csv()?)?, counts);
        assert!(Counts::read(b"period,measure\n").is_err());
        Ok(())
    }
}
