//! Conditional formats, with those conditions that depend only on the number in the cell.

use quick_xml::events::{BytesStart, Event};

use super::super::Unreadable;
use super::super::sheet::{Area, Condition, Conditional, Effect};
use super::colours::Theme;
use super::part::{Part, attribute, damaged, number};
use super::reference::{areas, place};
use super::styles::effects;

/// A rule being read.
#[derive(Default)]
struct Rule {
    kind: String,
    operator: String,
    formulas: Vec<String>,
    effects: Vec<Effect>,
}

/// Reads the rules of the conditional format that has begun. Its ranges are in an attribute, or, in later versions,
/// at its end. Rules name the `known` effects by number.
pub(super) fn read(
    part: &mut Part<'_, '_>,
    ranges: Option<String>,
    known: &[Vec<Effect>],
    theme: &Theme,
) -> Result<Vec<Conditional>, Unreadable> {
    let (mut rules, mut ranges): (Vec<Rule>, _) = (Vec::new(), ranges.unwrap_or_default());
    loop {
        match part.next()? {
            Event::Start(element) => {
                let name = element.local_name().as_ref().to_owned();
                match (name.as_str(), rules.last_mut()) {
                    ("cfRule", _) => rules.push(begun(&element, known)),
                    ("dataBar" | "iconSet", Some(rule)) => rule.effects.extend(picture(&element)),
                    ("sqref", _) => ranges = part.text()?,
                    ("formula" | "f", Some(rule)) => rule.formulas.push(part.text()?),
                    ("dxf", Some(rule)) => rule.effects.extend(effects(part, theme)?),
                    _ => {}
                }
            }
            Event::End(element) if element.local_name().as_ref() == "conditionalFormatting" => break,
            Event::Eof => return Err(damaged()),
            _ => {}
        }
    }
    let areas = areas(&ranges);
    Ok(rules.into_iter().flat_map(|rule| rule.conditional(&areas)).collect())
}

fn begun(element: &BytesStart<'_>, known: &[Vec<Effect>]) -> Rule {
    let text = |name| attribute(element, name).unwrap_or_default().into_owned();
    let effects = number::<usize>(element, "dxfId").and_then(|id| known.get(id).cloned()).unwrap_or_default();
    Rule { kind: text("type"), operator: text("operator"), formulas: Vec::new(), effects }
}

/// A bar or an icon may replace the number.
fn picture(element: &BytesStart<'_>) -> Option<Effect> {
    attribute(element, "showValue").is_some_and(|shown| !super::part::is_true(&shown)).then_some(Effect::Picture)
}

impl Rule {
    fn conditional(self, areas: &[Area]) -> Vec<Conditional> {
        let Some(condition) = self.condition(areas) else { return Vec::new() };
        let whole = |effect| Conditional { areas: areas.to_vec(), condition: condition.clone(), effect };
        self.effects.into_iter().map(whole).collect()
    }

    /// The condition; none if it never holds for a cell with a valid value.
    fn condition(&self, areas: &[Area]) -> Option<Condition> {
        match self.kind.as_str() {
            "cellIs" => self.comparison(),
            "containsBlanks" | "containsErrors" => None,
            "notContainsBlanks" | "notContainsErrors" | "dataBar" | "iconSet" => Some(Condition::Always),
            "expression" => expression(self.formulas.first()?, areas),
            _ => Some(Condition::Unknown),
        }
    }

    fn comparison(&self) -> Option<Condition> {
        // Conditions on texts never hold for a number.
        if self.operator == "equal" && self.formulas.first().is_some_and(|formula| formula.starts_with('"')) {
            return None;
        }
        let number = |at: usize| self.formulas.get(at)?.trim().trim_start_matches('=').parse::<f64>().ok();
        let Some(first) = number(0) else { return Some(Condition::Unknown) };
        let between = |make: fn(f64, f64) -> Condition| {
            number(1).map_or(Condition::Unknown, |second| make(first.min(second), first.max(second)))
        };
        Some(match self.operator.as_str() {
            "between" => between(Condition::Between),
            "notBetween" => between(Condition::Outside),
            operator => compared(operator, first).unwrap_or(Condition::Unknown),
        })
    }
}

fn compared(operator: &str, number: f64) -> Option<Condition> {
    Some(match operator {
        "lessThan" | "<" => Condition::Below(number),
        "lessThanOrEqual" | "<=" => Condition::AtMost(number),
        "greaterThan" | ">" => Condition::Above(number),
        "greaterThanOrEqual" | ">=" => Condition::AtLeast(number),
        "equal" | "=" => Condition::Is(number),
        "notEqual" | "<>" => Condition::IsNot(number),
        _ => return None,
    })
}

/// A formula such as `C2<5` on the first cell of the ranges is a comparison. A test for an empty cell or an error never holds
/// for a value.
fn expression(formula: &str, areas: &[Area]) -> Option<Condition> {
    let formula: String = formula.trim().trim_start_matches('=').chars().filter(|c| *c != '$').collect();
    let upper = formula.to_ascii_uppercase();
    let own = |name: &str| place(name.trim()).is_some_and(|cell| areas.first().is_some_and(|area| area.first == cell));
    let asked = |function: &str| {
        let inner = upper.strip_prefix(function).and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')'));
        inner.is_some_and(own)
    };
    if ["ISERROR", "ISERR", "ISNA", "ISBLANK"].into_iter().any(asked) {
        return None;
    }
    if matches!(upper.as_str(), "TRUE" | "TRUE()" | "1") {
        return Some(Condition::Always);
    }
    let Some(at) = formula.find(['<', '>', '=']) else { return Some(Condition::Unknown) };
    let (cell, rest) = formula.split_at(at);
    let length = rest.chars().take_while(|c| matches!(c, '<' | '>' | '=')).count();
    let (operator, other) = rest.split_at(length);
    if !own(cell) {
        return Some(Condition::Unknown);
    }
    if operator == "=" && other.trim() == "\"\"" {
        return None;
    }
    let compared = other.trim().parse().ok().and_then(|number| compared(operator, number));
    Some(compared.unwrap_or(Condition::Unknown))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(formula: &str) -> Option<Condition> {
        expression(formula, &areas("C2:C9"))
    }

    #[test]
    fn a_comparison_of_the_first_cell_is_worked_out() {
        assert_eq!(holds("C2<5"), Some(Condition::Below(5.0)));
        assert_eq!(holds("$C2 >= 10"), Some(Condition::AtLeast(10.0)));
        assert_eq!(holds("C2=0"), Some(Condition::Is(0.0)));
        assert_eq!(holds("TRUE"), Some(Condition::Always));
        for unknown in ["D2<5", "AND(C2<5,D2=1)", "MOD(ROW(),2)=0", "C3<5", "C2<D2"] {
            assert_eq!(holds(unknown), Some(Condition::Unknown), "{unknown}");
        }
    }

    #[test]
    fn what_asks_for_errors_and_empty_cells_never_holds_for_a_value() {
        for never in ["ISERROR(C2)", "ISNA($C2)", "ISBLANK(C2)", "C2=\"\""] {
            assert_eq!(holds(never), None, "{never}");
        }
    }
}
