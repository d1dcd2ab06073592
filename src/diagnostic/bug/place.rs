//! Where in this program a panic happened: file and line, never its message.

use std::backtrace::Backtrace;
use std::panic::{Location, PanicHookInfo};

/// The place of a panic without a known one.
pub(super) const UNKNOWN: &str = "an unknown place";

/// File and line; if they are in a library, also the function of this program that called it.
pub(super) fn of(panic: &PanicHookInfo<'_>) -> String {
    let Some(place) = panic.location() else { return UNKNOWN.to_owned() };
    let shown = shown(place);
    match caller().filter(|_| !shown.starts_with("src/")) {
        Some(caller) => format!("{shown}, called by {caller}"),
        None => shown,
    }
}

/// File and line. For a library the path starts at its package, without the folders of this machine.
fn shown(place: &Location<'_>) -> String {
    let parts: Vec<&str> = place.file().split(['/', '\\']).collect();
    let package = match parts.iter().rposition(|part| *part == "src") {
        Some(at) => at.saturating_sub(1),
        None => parts.len().saturating_sub(1),
    };
    format!("{}:{}", parts.get(package..).unwrap_or_default().join("/"), place.line())
}

/// The innermost function of this program on the stack; none if the executable has no symbol names.
fn caller() -> Option<String> {
    let stack = Backtrace::force_capture().to_string();
    let functions = stack.lines().filter_map(|line| line.trim_start().split_once(": ")).map(|(_, function)| function);
    let mut own = functions.filter(|function| {
        let heard = ["tipbrief::diagnostic::bug::place::", "tipbrief::diagnostic::bug::listen"]
            .iter()
            .any(|ours| function.contains(ours));
        function.trim_start_matches('<').starts_with("tipbrief::") && !heard
    });
    own.next().map(|function| function.split("::{{").next().unwrap_or(function).trim().to_owned())
}
