//! The years that a register covers, compared with the years in which it has rows. A year without a row of a measure is a
//! gap, not a zero, unless `[[confirmed_empty]]` in country.toml says that there was nothing to count.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;

use super::fault::{Fault, report};
use super::register::{Sorting, occurring};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::project::country::{ConfirmedEmpty, Country};
use crate::project::declaration::nearest;
use crate::project::schema::{Observations, Schema};
use crate::tables::ingest::{Column, RawTable};
use crate::value::period::Period;

/// A register, and a measure that it reports, as `table/code`.
type Kept = (String, String);

/// A register, as sources.csv declares it.
struct Covering<'t> {
    row: usize,
    id: &'t str,
    /// The whole calendar years that it covers.
    years: BTreeSet<i32>,
    /// The first and the last year of the period that it covers; none if it names none.
    ends: Option<(i32, i32)>,
}

/// The years in which a country's registers have rows.
#[derive(Default)]
struct Held {
    /// The years in which a register has a row of a measure.
    years: BTreeMap<Kept, BTreeSet<i32>>,
    /// The tables with a row outside the period of its register: that must be corrected first.
    unplaced: BTreeSet<String>,
    /// Whether any register file is there: they are never committed.
    at_hand: bool,
}

/// Reports every gap, at `covers` of its register, and every confirmation without a gap.
pub(super) fn check(
    country: &Country,
    own: &[(&RawTable, &Schema)],
    schemas: &[Schema],
    diagnostics: &mut Diagnostics,
) {
    let Some((sources, _)) = own.iter().find(|(table, _)| table.table == "sources") else { return };
    let registers = covering(sources);
    let held = held(own, &registers);
    let confirmed = confirmed(country, sources, &registers, &held, schemas, diagnostics);
    // Without the register files the numbers come from the ledger.
    if held.at_hand {
        report(sources, gaps(sources, &registers, &held, &confirmed), diagnostics);
    }
}

/// The registers among the sources. One without `covers` covers no year.
fn covering(sources: &RawTable) -> Vec<Covering<'_>> {
    let (Some((_, ids)), Some((_, roles)), Some((_, covers))) =
        (sources.cells("id"), sources.cells("role"), sources.cells("covers"))
    else {
        return Vec::new();
    };
    let read = |row: usize| {
        let (id, none) = (ids.cell(row), Covering { row, id: ids.cell(row), years: BTreeSet::new(), ends: None });
        let Ok(covers) = Period::parse(covers.cell(row)) else { return none };
        let (first, last) = (covers.start().year(), covers.end().year());
        let whole = |year: &i32| Period::year(*year).is_ok_and(|year| covers.contains(&year));
        Covering { row, id, years: (first..=last).filter(whole).collect(), ends: Some((first, last)) }
    };
    (0..sources.rows).filter(|row| roles.cell(*row) == "register").map(read).collect()
}

fn held(tables: &[(&RawTable, &Schema)], registers: &[Covering<'_>]) -> Held {
    let mut held = Held::default();
    for (table, schema) in tables.iter().filter(|(table, _)| table.register) {
        held.at_hand = true;
        match schema.observations.as_ref().and_then(|observations| placed(table, schema, observations, registers)) {
            Some(years) => held.years.extend(years),
            None => drop(held.unplaced.insert(table.table.clone())),
        }
    }
    held
}

/// The years in which a file has rows; none if a row fits no year, which is reported elsewhere.
fn placed(
    table: &RawTable,
    schema: &Schema,
    observations: &Observations,
    registers: &[Covering<'_>],
) -> Option<BTreeMap<Kept, BTreeSet<i32>>> {
    let (_, sources) = table.cells("source")?;
    let (_, periods) = table.cells(&observations.period)?;
    let measures = match &observations.measure {
        Some(name) => Some((schema.field(name)?, table.cells(name)?.1)),
        None => None,
    };
    let periods_of: Vec<Period> =
        periods.values().iter().map(|text| Period::parse(text).ok()).collect::<Option<_>>()?;
    let sound = measures.is_none_or(|(field, cells)| cells.values().iter().all(|code| field.allows(code)));
    let registers: BTreeMap<&str, &Covering<'_>> =
        registers.iter().rev().map(|register| (register.id, register)).collect();
    let known = sources.values().iter().all(|id| registers.contains_key(id.as_str()));
    if !sound || !known {
        return None;
    }
    // A period across two calendar years belongs to neither.
    let year = |period: &Period| (period.start().year() == period.end().year()).then(|| period.start().year());
    let years: Vec<Option<i32>> = periods_of.iter().map(year).collect();
    let names: Vec<Option<i32>> = years.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let of_year = years.iter().map(|year| names.binary_search(year).unwrap_or(0)).collect();
    let each = |column: &Column| (0..column.values().len()).collect::<Vec<usize>>();
    let sorting = |groups: Vec<usize>, size: usize| Sorting { field: "", groups, size: size.max(1) };
    let mut by =
        vec![(periods, sorting(of_year, names.len())), (sources, sorting(each(sources), sources.values().len()))];
    by.extend(measures.map(|(_, cells)| (cells, sorting(each(cells), cells.values().len()))));
    let mut held: BTreeMap<Kept, BTreeSet<i32>> = BTreeMap::new();
    for groups in occurring(table.rows, &by) {
        let id = &sources.values()[groups[1]];
        let register = registers.get(id.as_str())?;
        let outside = |(first, last), year| year < first || last < year;
        if register.ends.zip(names[groups[0]]).is_some_and(|(ends, year)| outside(ends, year)) {
            return None;
        }
        let code = measures.zip(groups.get(2)).map(|((_, cells), at)| cells.values()[*at].as_str());
        let kept = (id.clone(), measure(&table.table, code));
        held.entry(kept).or_default().extend(names[groups[0]]);
    }
    Some(held)
}

/// The name of a measure: `victims/identified`, or the table's name if it has only one.
fn measure(table: &str, code: Option<&str>) -> String {
    code.map_or_else(|| table.to_owned(), |code| format!("{table}/{code}"))
}

/// One fault for each register with gaps: its years without a row, measure by measure.
fn gaps(sources: &RawTable, registers: &[Covering<'_>], held: &Held, confirmed: &BTreeSet<(Kept, i32)>) -> Vec<Fault> {
    let Some(column) = sources.column("covers") else { return Vec::new() };
    let mut faults: Vec<Fault> =
        registers.iter().filter_map(|register| uncounted(register, sources, column, held)).collect();
    for register in registers.iter().filter(|register| register.ends.is_some()) {
        let own: Vec<_> = held.years.iter().filter(|((id, _), _)| id == register.id).collect();
        if own.is_empty() {
            if !held.unplaced.is_empty() {
                continue;
            }
            let message = format!("`{}` covers these years but has no row", register.id);
            let fault = Fault::cell(register.row, column, Code::OutsideCoverage, message);
            faults.push(fault.hint("add its rows, or leave `covers` empty until there are some"));
            continue;
        }
        let lacking = |(kept, years): &(&Kept, &BTreeSet<i32>)| {
            let is_gap = |year: &&i32| !years.contains(year) && !confirmed.contains(&((*kept).clone(), **year));
            let lacking: Vec<String> = register.years.iter().filter(is_gap).map(i32::to_string).collect();
            (!lacking.is_empty()).then(|| format!("of `{}` in {}", kept.1, lacking.join(", ")))
        };
        let lacking: Vec<String> = own.iter().filter_map(lacking).collect();
        if !lacking.is_empty() {
            let message = format!("`{}` covers these years but has no row {}", register.id, lacking.join("; "));
            faults.push(Fault::cell(register.row, column, Code::OutsideCoverage, message).hint(
                "add the rows, correct `covers`, or confirm in country.toml that there was nothing to count, each year by \
                 itself: `[[confirmed_empty]]` with `source`, `measure` and `period`",
            ));
        }
    }
    faults
}

/// A warning for a register that covers no whole year, since none of its rows would be counted.
fn uncounted(register: &Covering<'_>, sources: &RawTable, column: usize, held: &Held) -> Option<Fault> {
    let written = sources.cells("covers")?.1.cell(register.row);
    let has_rows = held.years.keys().any(|(id, _)| id == register.id);
    // A cell that is not a period is reported elsewhere.
    let none = register.years.is_empty() && (written.is_empty() || register.ends.is_some());
    (none && has_rows).then(|| {
        let message = format!("`{}` covers no whole year: none of its rows is counted", register.id);
        let fault = Fault::cell(register.row, column, Code::OutsideCoverage, message).severity(Severity::Warning);
        fault.hint("write the calendar years for which it is complete, such as `2021/2023`")
    })
}

/// The gaps that a country confirms. A confirmation without a gap is reported.
fn confirmed(
    country: &Country,
    sources: &RawTable,
    registers: &[Covering<'_>],
    held: &Held,
    schemas: &[Schema],
    diagnostics: &mut Diagnostics,
) -> BTreeSet<(Kept, i32)> {
    let mut gaps = BTreeSet::new();
    for entry in &country.confirmed_empty {
        let Some(year) = entry.year.as_ref().and_then(Period::whole_year) else { continue };
        let gap = ((entry.source.value.clone(), entry.measure.value.clone()), year);
        let fault = of_source(entry, year, sources, registers)
            .or_else(|| of_measure(entry, schemas))
            .or_else(|| of_rows(entry, year, held))
            .or_else(|| {
                let again =
                    Diagnostic::error(Code::InvalidValue, entry.written.clone(), "this gap is already confirmed");
                gaps.contains(&gap).then(|| again.hint("delete one of the two"))
            });
        match fault {
            Some(fault) => diagnostics.push(fault),
            None => drop(gaps.insert(gap)),
        }
    }
    gaps
}

/// The fault of a confirmation whose source is not a register that covers the year.
fn of_source(entry: &ConfirmedEmpty, year: i32, sources: &RawTable, registers: &[Covering<'_>]) -> Option<Diagnostic> {
    let (id, span) = (&entry.source.value, &entry.source.span);
    // A confirmation without a source is reported elsewhere.
    if id.is_empty() {
        return None;
    }
    if let Some(register) = registers.iter().find(|register| register.id == id) {
        let message = format!("`{id}` does not cover {year}");
        let fault = Diagnostic::error(Code::OutsideCoverage, entry.written.clone(), message);
        let covered = register.years.contains(&year);
        let hint = || format!("correct the period, or `covers` of the register in {}", sources.file_name());
        return (!covered).then(|| fault.hint(hint()));
    }
    let known = sources.cells("id").is_some_and(|(_, ids)| (0..sources.rows).any(|row| ids.cell(row) == id));
    let message = if known { "is not a register".to_owned() } else { format!("is not in {}", sources.file_name()) };
    let fault = Diagnostic::error(Code::UnknownName, span.clone(), format!("`{id}` {message}"));
    let ids: Vec<&str> = registers.iter().map(|register| register.id).collect();
    Some(fault.hint(match nearest(id, ids.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if ids.is_empty() => "only a year of a register can be confirmed".to_owned(),
        None => format!("the registers are: {}", ids.join(", ")),
    }))
}

/// The fault of a confirmation whose measure does not exist.
fn of_measure(entry: &ConfirmedEmpty, schemas: &[Schema]) -> Option<Diagnostic> {
    let of_schema = |schema: &Schema| {
        let Some(observations) = &schema.observations else { return Vec::new() };
        let field = observations.measure.as_ref().and_then(|name| schema.field(name));
        let codes = field.map(|field| field.constraints.allowed.iter());
        codes.map_or_else(
            || vec![measure(&schema.name, None)],
            |codes| codes.map(|code| measure(&schema.name, Some(code))).collect(),
        )
    };
    let known: Vec<String> = schemas.iter().flat_map(of_schema).collect();
    let named = &entry.measure;
    let fault =
        Diagnostic::error(Code::UnknownName, named.span.clone(), format!("there is no measure `{}`", named.value));
    // A confirmation without a measure is reported elsewhere.
    (!named.value.is_empty() && !known.contains(&named.value)).then(|| {
        match nearest(&named.value, known.iter().map(String::as_str)) {
            Some(near) => fault.hint(format!("did you mean `{near}`?")),
            None => fault.hint("name a table and its stage or status, such as `victims/identified`"),
        }
    })
}

/// The fault of a confirmation for a year that has rows, or for a measure that the register never reports.
fn of_rows(entry: &ConfirmedEmpty, year: i32, held: &Held) -> Option<Diagnostic> {
    let (id, measure) = (&entry.source.value, &entry.measure.value);
    let table = measure.split_once('/').map_or(measure.as_str(), |(table, _)| table);
    if !held.at_hand || held.unplaced.contains(table) || id.is_empty() || measure.is_empty() {
        return None;
    }
    let Some(years) = held.years.get(&(id.clone(), measure.clone())) else {
        let message = format!("`{id}` has no row of `{measure}` in any year, so it does not report that measure");
        let fault = Diagnostic::error(Code::InvalidValue, entry.measure.span.clone(), message);
        return Some(
            fault.hint("delete the confirmation: a measure that the register never reports is not zero, but unknown"),
        );
    };
    let message = format!("`{id}` has rows of `{measure}` in {year}");
    let fault = Diagnostic::error(Code::InvalidValue, entry.written.clone(), message);
    years.contains(&year).then(|| fault.hint("delete the confirmation: the year is not empty"))
}
