//! Audits tables released by a build. They describe their own columns, so nothing is guessed.
//!
//! The data package beside a file says what it counts (`description`): files that count the same are read together and each
//! by itself. Sources are read separately, since another source's number for the same cell has its own row and is not part of
//! the first one's sums. A value in no sum of its source is free. Parts add up to a whole if no other part is possible, such as
//! female and male, or age bands without a gap. Periods that share days are read together as well, except for stocks.

use std::collections::{BTreeMap, BTreeSet};

use super::arrange::TableRow;
use super::columns::fold;
use super::dimension::Dimension;
use super::value::{ValueCell, scale};
use super::{Audit, Request, worse};
use crate::disclosure::attack::{Bounds, Verdict, WORK};
use crate::project::schema::TOTAL;
use crate::tables::ingest::RawTable;
use crate::tables::parts::{groups, overlapping, stretches};
use crate::value::period::Period;

/// The columns that are not a dimension.
const COLUMNS: [&str; 6] = ["period", "value", "unit", "qualifier", "status", "sources"];
/// Further such columns: the rank of a contested value, and the bounds of an inferred period.
const FURTHER: [&str; 2] = ["rank", "period_bounds"];

/// Whether a file is such a table, and the request does not declare its columns otherwise.
pub(super) fn is_released(file: &RawTable, request: &Request) -> bool {
    let has = |label: &str| file.labels.iter().any(|own| own.text == label);
    let of_values = request.values.iter().any(|value| fold(value) == "value");
    let undeclared = request.nested.is_empty() && file.irregular.is_empty();
    COLUMNS.iter().all(|label| has(label)) && of_values && undeclared
}

/// One source's value in a row.
struct SourceRow<'f> {
    /// The file, and the row in it.
    place: (usize, usize),
    period: Option<Period>,
    codes: BTreeMap<&'f str, &'f str>,
    bounds: Bounds,
    marked: bool,
}

/// Rows with the same key are read together: measure (none without a data package), period of a stock, unit, source, country.
type Key<'f> = (Option<&'f str>, &'f str, &'f str, &'f str, &'f str);

/// Attacks every withheld value of the files. Their columns must already have dictionaries.
pub(super) fn attack(files: &[RawTable], request: &Request) -> Audit {
    let mut tables: BTreeMap<Key<'_>, Vec<SourceRow<'_>>> = BTreeMap::new();
    let scale = scale(files, request);
    for number in 0..files.len() {
        rows(files, number, (request, scale), &mut tables);
    }
    let mut found = Found::default();
    for ((measure, .., country), rows) in &tables {
        for read in readings(rows) {
            let periods: BTreeSet<Option<&Period>> = read.iter().map(|at| rows[*at].period.as_ref()).collect();
            let files: BTreeSet<usize> = read.iter().map(|at| rows[*at].place.0).collect();
            // Numbers of several periods, or of files that may count different things, need not agree.
            let agrees = periods.len() == 1 && (measure.is_some() || files.len() == 1);
            let rows: Vec<&SourceRow<'_>> = read.iter().map(|at| &rows[*at]).collect();
            found.attack(&rows, country, i128::from(request.width) * scale, agrees);
        }
    }
    found.into_audit(files)
}

/// Adds the rows of a file to the tables that they are read with.
fn rows<'f>(
    files: &'f [RawTable],
    number: usize,
    (request, scale): (&'f Request, i128),
    tables: &mut BTreeMap<Key<'f>, Vec<SourceRow<'f>>>,
) {
    let file = &files[number];
    let at = |label: &str| file.labels.iter().position(|own| own.text == label).unwrap_or(0);
    let [period, value, unit, qualifier, status, sources] = COLUMNS.map(at);
    let cell = |column: usize, row: usize| file.columns[column].cell(row);
    let description = request.descriptions.get(&file.source.path);
    let fixed = || {
        description.into_iter().flat_map(|description| &description.fixed).map(|(d, code)| (d.as_str(), code.as_str()))
    };
    let dimensions = dimensions(file, request);
    let mut seen: BTreeSet<(&str, &str, Vec<&str>)> = BTreeSet::new();
    for row in 0..file.rows {
        let read = ValueCell::read(cell(value, row), &request.marks, None, scale);
        let Some((bounds, marked)) = row_bounds(read, cell(status, row), cell(qualifier, row)) else { continue };
        let when = Period::parse(cell(period, row)).ok();
        let alone = when.is_none() || description.is_some_and(|description| description.stock);
        let time = if alone { cell(period, row) } else { "" };
        for source in cell(sources, row).split(';') {
            let own: Vec<&str> = dimensions.iter().map(|at| cell(*at, row)).collect();
            // A source that is named again only supports a further reading of its own.
            if !seen.insert((cell(period, row), source, own.clone())) {
                continue;
            }
            let labels = dimensions.iter().map(|at| file.labels[*at].text.as_str());
            let codes = fixed().chain(labels.zip(own)).collect();
            let key = (
                description.map(|known| known.measure.as_str()),
                time,
                cell(unit, row),
                source,
                country(&file.source.path),
            );
            let row = SourceRow { place: (number, row), period: when.clone(), codes, bounds, marked };
            tables.entry(key).or_default().push(row);
        }
    }
}

/// The groups of rows to attack: those of one period, in each file and in all, and those of all periods that share days.
/// Groups without a withheld value are left out.
fn readings(rows: &[SourceRow<'_>]) -> BTreeSet<Vec<usize>> {
    let mut of: BTreeMap<(Option<&Period>, Option<usize>), Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        for file in [Some(row.place.0), None] {
            of.entry((row.period.as_ref(), file)).or_default().push(at);
        }
    }
    let periods: BTreeSet<&Period> = rows.iter().filter_map(|row| row.period.as_ref()).collect();
    let periods: Vec<&Period> = periods.into_iter().collect();
    let linked = overlapping(&periods).into_iter().filter(|linked| linked.len() > 1);
    let linked: Vec<Vec<usize>> = linked
        .map(|linked| {
            let mut all: Vec<usize> = linked.iter().flat_map(|at| of[&(Some(periods[*at]), None)].clone()).collect();
            all.sort_unstable();
            all
        })
        .collect();
    let mut readings: BTreeSet<Vec<usize>> = of.into_values().chain(linked).collect();
    readings.retain(|read| read.iter().any(|at| rows[*at].marked));
    readings
}

/// The columns that are dimensions.
fn dimensions(file: &RawTable, request: &Request) -> Vec<usize> {
    let ignored = |label: &str| request.ignored.iter().any(|ignored| fold(ignored) == fold(label));
    let other = |label: &str| !COLUMNS.contains(&label) && !FURTHER.contains(&label) && !ignored(label);
    (0..file.labels.len()).filter(|at| other(&file.labels[*at].text)).collect()
}

/// The bounds of a row's count, and whether it is withheld; `None` where there is no count, or where it is a code of a scale.
fn row_bounds(read: ValueCell, status: &str, qualifier: &str) -> Option<(Bounds, bool)> {
    match (status, read, qualifier) {
        ("not_reported" | "not_applicable", ..) => None,
        (_, ValueCell::Marked(least, most), _) => Some(((least, most), true)),
        ("withheld", ..) => Some(((0, None), true)),
        (_, ValueCell::Number(number), "at_least") => Some(((number, None), false)),
        (_, ValueCell::Number(number), "at_most") => Some(((0, Some(number)), false)),
        (_, ValueCell::Number(_), "approximate") => Some(((0, None), false)),
        (_, ValueCell::Number(number), _) => Some(((number, Some(number)), false)),
        (_, ValueCell::Within(least, most), _) => Some(((least, Some(most)), true)),
        (_, ValueCell::Empty | ValueCell::NoMultiple | ValueCell::Unread, _) => None,
    }
}

/// The country in whose folder a table lies, `LAO/tables/…`, which is not foreign there.
fn country(path: &str) -> &str {
    let folder = path.rsplit('/').nth(2).unwrap_or_default();
    if folder.len() == 3 && folder.bytes().all(|byte| byte.is_ascii_uppercase()) { folder } else { "" }
}

/// The findings, by file and row.
#[derive(Default)]
struct Found {
    verdicts: BTreeMap<(usize, usize), Verdict>,
    clashes: BTreeSet<Vec<(usize, usize)>>,
    open: BTreeSet<(usize, usize)>,
}

impl Found {
    /// Attacks the rows of one source.
    fn attack(&mut self, of_source: &[&SourceRow<'_>], own: &str, width: i128, agrees: bool) {
        let (dimensions, codes) = dimensions_of(of_source, own);
        let row = |(at, row): (usize, &&SourceRow<'_>)| TableRow {
            codes: codes.iter().map(|codes| codes[at]).collect(),
            least: row.bounds.0,
            most: row.bounds.1,
            marked: row.marked,
            observation: at,
        };
        let rows: Vec<TableRow> = of_source.iter().enumerate().map(row).collect();
        let answer = super::solve::solve(&rows, &dimensions, width, WORK);
        let counts = |verdict: Verdict| agrees || answer.clashes.is_empty() || verdict != Verdict::Undecided;
        for (at, verdict) in answer.verdicts.into_iter().filter(|(_, verdict)| counts(*verdict)) {
            self.verdicts.entry(of_source[at].place).and_modify(|own| *own = worse(*own, verdict)).or_insert(verdict);
        }
        if agrees {
            let clashes = answer.clashes.iter();
            self.clashes.extend(clashes.map(|clash| clash.iter().map(|at| of_source[*at].place).collect()));
            self.open.extend(answer.open.iter().map(|(at, _)| of_source[*at].place));
        }
    }

    fn into_audit(self, files: &[RawTable]) -> Audit {
        let lines: Vec<_> = files.iter().map(RawTable::lines).collect();
        let place = |(file, row): &(usize, usize)| format!("{}:{}", files[*file].source.path, lines[*file][*row]);
        let with = |wanted: Verdict| {
            self.verdicts.iter().filter(|(_, own)| **own == wanted).map(|(row, _)| place(row)).collect::<Vec<String>>()
        };
        Audit {
            withheld: self.verdicts.len(),
            exact: with(Verdict::Exact),
            narrow: with(Verdict::Narrow),
            undecided: with(Verdict::Undecided),
            open: self.open.iter().map(place).collect(),
            contradictions: self.clashes.iter().map(|rows| rows.iter().map(place).collect()).collect(),
            ..Audit::default()
        }
    }
}

/// The dimensions by which rows are broken down, time the last of them, and for each the code of every row.
fn dimensions_of(rows: &[&SourceRow<'_>], own: &str) -> (Vec<Dimension>, Vec<Vec<usize>>) {
    let names: BTreeSet<&str> = rows.iter().flat_map(|row| row.codes.keys().copied()).collect();
    let (mut dimensions, mut codes) = (Vec::new(), Vec::new());
    for name in names {
        let of_row: Vec<&str> = rows.iter().map(|row| row.codes.get(name).copied().unwrap_or(TOTAL)).collect();
        let known: Vec<&str> = of_row.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let (held, size) = groups(&known, false, own);
        dimensions.push(Dimension::with(held, size));
        codes.push(of_row.iter().map(|code| known.binary_search(code).unwrap_or(0)).collect());
    }
    let periods: BTreeSet<&Period> = rows.iter().filter_map(|row| row.period.as_ref()).collect();
    if periods.len() > 1 {
        let periods: Vec<&Period> = periods.into_iter().collect();
        let (held, size) = stretches(&periods);
        dimensions.push(Dimension::with(held, size));
        let at = |row: &&SourceRow<'_>| row.period.as_ref().and_then(|period| periods.binary_search(&period).ok());
        codes.push(rows.iter().map(|row| at(row).unwrap_or(0)).collect());
    }
    (dimensions, codes)
}
