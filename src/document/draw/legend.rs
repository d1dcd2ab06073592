//! The legend of a chart: the marks that occur in it, and no others.

use super::arranged::Arranged;
use super::breakdown;
use super::chart::{Point, Qualifier, State};
use super::points::point;
use crate::disclosure::protect::ReleasedCell;
use crate::project::indicator::ChartKind;

/// The states that occur, in the order of a legend.
pub(super) fn legend(arranged: &Arranged<'_>, kind: ChartKind) -> Vec<&'static str> {
    if matches!(kind, ChartKind::Tiers | ChartKind::Neighbours | ChartKind::Milestones) {
        return Vec::new();
    }
    let of = |cell: &ReleasedCell| arranged.outline.project.indicator(&cell.indicator).unwrap_or(arranged.indicator);
    let points: Vec<Point> = arranged.cells().map(|cell| point(arranged.outline, of(cell), cell)).collect();
    let any = |test: &dyn Fn(&Point) -> bool| points.iter().any(test);
    let qualified = |q: Qualifier| any(&|point| point.readings.iter().any(|reading| reading.qualifier == q));
    let absent = (kind == ChartKind::Provinces && !breakdown::missing(arranged).is_empty())
        .then(|| breakdown::state_without(arranged));
    let occurs = |state: State| absent == Some(state) || any(&|point| point.state == state);
    let gaps = match kind {
        ChartKind::Flow => false,
        ChartKind::Provinces => occurs(State::NotReported),
        _ => true,
    };
    // Other kinds write bounds in words.
    let ringed = matches!(kind, ChartKind::Panels | ChartKind::Rows);
    let bounded = |q: Qualifier| {
        let drawn = |point: &Point| !point.stock && !point.several_years();
        ringed && any(&|point| drawn(point) && point.readings.iter().any(|r| r.qualifier == q && r.value > 0.0))
    };
    // Other kinds draw a dotted line with words at a break.
    let later = |point: &Point| kind == ChartKind::Matrix && point.is_lighter();
    let plain = |point: &Point| point.state == State::Value && !point.contested() && !later(point);
    // In a stack only a total of zero has a ring.
    let zero = match kind {
        ChartKind::Stack => arranged.cells().any(|cell| cell.codes.is_empty() && state(arranged, cell) == State::Zero),
        _ => occurs(State::Zero),
    };
    let states = [
        ("value", kind != ChartKind::Stack && any(&plain)),
        ("after_break", any(&later)),
        ("zero", zero),
        ("not_reported", gaps),
        ("not_applicable", any(&|point| point.state == State::NotApplicable)),
        ("withheld", occurs(State::Withheld)),
        ("contested", kind != ChartKind::Matrix && any(&Point::contested)),
        ("contested_cell", kind == ChartKind::Matrix && any(&Point::contested)),
        ("total", kind != ChartKind::Stack && any(&Point::several_years)),
        ("stock", kind != ChartKind::Matrix && any(&|point| point.stock)),
        ("approximate", kind == ChartKind::Matrix && qualified(Qualifier::Approximate)),
        ("at_least", bounded(Qualifier::AtLeast)),
        ("at_most", bounded(Qualifier::AtMost)),
    ];
    states.into_iter().filter(|(_, occurs)| *occurs).map(|(name, _)| name).collect()
}

fn state(arranged: &Arranged<'_>, cell: &ReleasedCell) -> State {
    point(arranged.outline, arranged.indicator, cell).state
}
