//! The guide in a new country's prose before it is written: comments, which print nothing.

use crate::project::indicator::{Indicator, Measure};
use crate::project::{DocumentKind, Project, Section};

const FRONT: &str = include_str!("front.typ");
const SUMMARY: &str = include_str!("summary.typ");
const SECTION: &str = include_str!("section.typ");

/// A guide for each document and section, by the stem of its file.
pub(super) fn guides(project: &Project) -> Vec<(&str, String)> {
    // The record behind the others has no prose of its own.
    let told = project.report.documents.iter().filter(|document| !document.record);
    let documents = told.map(|document| (document.id.as_str(), front(project, document)));
    let sections = project.sections.iter().map(|section| (section.id.as_str(), section_guide(project, section)));
    documents.chain(sections).collect()
}

fn front(project: &Project, document: &DocumentKind) -> String {
    let counted = |indicator: &&Indicator| matches!(indicator.measure, Measure::Observed { .. });
    let key = project.indicators.iter().filter(counted).min_by_key(|i| i.key_figure.unwrap_or(i64::MAX));
    let chart = project.indicators.iter().find(|indicator| indicator.chart.is_some());
    let id = |indicator: Option<&Indicator>| indicator.map_or_else(|| "…".to_owned(), |i| i.id.clone());
    let pages = match document.pages {
        Some(1) => "one page exactly".to_owned(),
        Some(pages) => format!("{pages} pages exactly"),
        None => "as many pages as it needs".to_owned(),
    };
    let guide = if document.sections { FRONT } else { SUMMARY };
    let guide = guide.replace("{title}", &document.title).replace("{pages}", &pages);
    let charts = project.indicators.iter().filter(|indicator| indicator.chart.is_some());
    let charts: String = charts.map(|indicator| format!("//   {}: {}\n", indicator.id, indicator.title)).collect();
    let guide = guide.replace("{charts}", charts.trim_end()).replace("{issue}", project.report.issue.text());
    guide.replace("{figure}", &id(key)).replace("{chart}", &id(chart))
}

fn section_guide(project: &Project, section: &Section) -> String {
    let own: Vec<&Indicator> = project.indicators.iter().filter(|i| i.section == section.id).collect();
    let charts = own.iter().filter(|i| i.chart.is_some());
    let charts = charts.map(|i| format!("#chart(\"{}\")[A title that says what the chart shows]", i.id));
    let tables = own.iter().filter(|i| i.table);
    let tables = tables.map(|i| format!("#released(\"{}\")[A title that says what the table shows]", i.id));
    let places: String = charts.chain(tables).map(|call| format!("//\n// {call}\n")).collect();
    let counted = own.iter().filter(|i| matches!(i.measure, Measure::Observed { .. } | Measure::Ratio(_)));
    let figures: String = counted.map(|i| format!("//   {}: {}\n", i.id, i.title)).collect();
    let figures = if figures.is_empty() { "//   none".to_owned() } else { figures.trim_end().to_owned() };
    SECTION.replace("{title}", &section.title).replace("{places}", &places).replace("{figures}", &figures)
}
