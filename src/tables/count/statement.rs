//! The statements: the groups as finished lines, a view that shows nothing else, and the keys of one counted line.

use super::literal::literal;
use super::{Counting, Line, periods};
use crate::project::engine::Dialect;

/// What the view of counted lines is called: the name of the view of cases, and this.
const COUNTED: &str = "_counted";
/// What begins a transaction that sees one state and cannot write.
const BEGIN: &str = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;\n";

impl Counting<'_> {
    /// The statement that gives the labels and the groups, one finished line of CSV a row.
    #[must_use]
    pub fn statement(&self) -> String {
        self.framed(&format!(
            "-- The register, counted in the groups that the indicators tell apart: no case leaves the engine.\n{}\n\
             SELECT line FROM lines ORDER BY place, {}",
            self.lines(),
            self.by_bytes("line"),
        ))
    }

    /// The same lines from the view of counted lines, for a role that sees nothing else.
    #[must_use]
    pub fn counted(&self) -> String {
        self.framed(&format!(
            "SELECT line FROM {}{COUNTED} ORDER BY place, {}",
            self.engine.view,
            self.by_bytes("line")
        ))
    }

    /// The view of counted lines.
    #[must_use]
    pub fn view(&self) -> String {
        let barrier = match self.engine.dialect {
            Dialect::Postgres => " WITH (security_barrier)",
            Dialect::Ansi => "",
        };
        let view = &self.engine.view;
        format!(
            "-- For a role that may never see a row: grant it SELECT on this view alone, and count with `--counted`.\n\
             CREATE VIEW {view}{COUNTED}{barrier} AS\n{}\nSELECT place, line FROM lines;\n",
            self.lines()
        )
    }

    /// The query that lists the keys of the cases in one counted line, or of the repeated cases behind an alarm; none if no key
    /// is declared.
    #[must_use]
    pub fn rows(&self, line: &Line) -> Option<String> {
        let key = self.engine.key.as_ref()?;
        let equal = |(name, value): (&str, &String)| format!("{name} = {}", literal(value));
        let columns = self.columns();
        let named = columns.iter().copied().zip(&line.values);
        let asked: Vec<String> = named.filter(|(name, _)| !line.alarm || *name == self.measure).map(equal).collect();
        let mut asked = asked.join(" AND ");
        if line.alarm {
            asked = format!(
                "{asked} AND case_id IN (SELECT case_id FROM cases WHERE {asked} AND case_id <> '' GROUP BY case_id HAVING COUNT(*) > 1)"
            );
        }
        Some(self.framed(&format!(
            "WITH {}\nSELECT key_ FROM cases WHERE {asked} ORDER BY case_id, key_",
            self.cases(Some(key))
        )))
    }

    /// The cases, each under the period that it is counted under; with the key of each, where one is named.
    fn cases(&self, key: Option<&str>) -> String {
        let columns = self.columns();
        let others = columns.iter().skip(1).map(|name| format!("COALESCE({name}, '') AS {name}"));
        let others: Vec<String> =
            others.chain(["case_id".to_owned()]).chain(key.map(|key| format!("{key} AS key_"))).collect();
        format!(
            "cases AS (\n  SELECT {} AS {},\n         {}\n  FROM {}\n)",
            periods::expression(self),
            self.period,
            others.join(", "),
            self.engine.view
        )
    }

    /// The common table expressions from the cases to the finished lines, without what is selected from them.
    fn lines(&self) -> String {
        let (columns, measure, period) = (self.columns().join(", "), self.measure, self.period);
        format!(
            "WITH {cases}, counted AS (
  SELECT {columns}, COUNT(*) AS persons FROM cases GROUP BY {columns}
), twice AS (
  SELECT {measure}, COUNT(*) AS repeated
  FROM (SELECT {measure}, case_id FROM cases WHERE case_id <> '' GROUP BY {measure}, case_id HAVING COUNT(*) > 1) AS pairs
  GROUP BY {measure}
), alarm AS (
  SELECT twice.{measure}, MIN({period}) AS {period}, MIN(source) AS source, repeated
  FROM twice JOIN counted ON counted.{measure} = twice.{measure} GROUP BY twice.{measure}, repeated
), lines AS (
  SELECT 0 AS place, '{labels}' AS line
  UNION ALL
  SELECT 1, CONCAT({counted}, CAST(persons AS VARCHAR(20)), ',0') FROM counted
  UNION ALL
  SELECT 2, CONCAT({alarm}, '0,', CAST(repeated AS VARCHAR(20))) FROM alarm
)",
            cases = self.cases(None),
            labels = self.labels(),
            counted = self.quoted(false),
            alarm = self.quoted(true),
        )
    }

    /// The parts of a line before its numbers: every value in quotes; in an alarm the dimensions are not broken down.
    fn quoted(&self, alarm: bool) -> String {
        let part = |name: &str| {
            if alarm && self.dimensions.contains(&name) {
                "'\"total\",'".to_owned()
            } else {
                format!("'\"', REPLACE({name}, '\"', '\"\"'), '\",'")
            }
        };
        self.columns().into_iter().map(part).collect::<Vec<_>>().join(", ")
    }

    /// An order that is the same everywhere.
    fn by_bytes(&self, column: &str) -> String {
        match self.engine.dialect {
            Dialect::Postgres => format!("{column} COLLATE \"C\""),
            Dialect::Ansi => column.to_owned(),
        }
    }

    /// A query in the frame that its dialect needs to see one state of the register and to change nothing.
    fn framed(&self, query: &str) -> String {
        match self.engine.dialect {
            Dialect::Postgres => format!("{BEGIN}{query};\nCOMMIT;\n"),
            Dialect::Ansi => format!("{query};\n"),
        }
    }
}
