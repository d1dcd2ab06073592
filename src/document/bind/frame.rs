//! The frame of a document: its text is then a list of blocks, which the templates lay in fixed places. Each block stands at
//! the top of the document's own text, and beside the blocks stands nothing, because nothing else would be printed.

use std::ops::Range;

use typst_syntax::{LinkedNode, SyntaxKind};

use super::Bindings;
use super::call::Call;
use super::functions::Role;
use super::leaves::harmless;
use super::resolve::Resolver;
use crate::diagnostic::Code;
use crate::value::period::Period;

/// What may stand beside the blocks, and whether only once.
const BESIDE: [(&str, bool); 5] =
    [("deck", true), ("asks", true), ("chart", true), ("dated", true), ("question", false)];
/// The greatest number of requests: they stand in three columns.
const ASKS: usize = 3;
/// The greatest number of dated facts that a block holds.
pub(super) const DATED: usize = 12;

/// The kinds of a call's bracketed texts, each of which may be too long for its place.
pub(super) fn titles(call: &Call) -> Vec<&'static str> {
    match call.role {
        Role::Question => vec!["question", "question-text", "question-unknown"],
        Role::Ask => vec!["ask", "ask-because", "ask-met"],
        _ => vec![call.function],
    }
}

/// Reports a block that does not stand at the top of a document's text: nothing would print it.
pub(super) fn place(node: &LinkedNode<'_>, call: &Call, resolver: &mut Resolver<'_, '_>) {
    if matches!(call.role, Role::Chart | Role::Table | Role::Chronology | Role::Changes) && in_block(node) {
        let message = format!("`#{}` does not fit into the text of a block", call.function);
        let hint = "the block shows the chart or table of its own indicator; write a further block".to_owned();
        return resolver.fault(Code::ForbiddenCode, node.range(), message, Some(hint));
    }
    if !matches!(call.role, Role::Question | Role::Dated) {
        return;
    }
    let at_top = node.parent().is_some_and(|parent| parent.parent().is_none());
    if resolver.of_document && at_top {
        resolver.bindings.framed = true;
        return;
    }
    let message = format!("`#{}` stands only at the top of a document's own text", call.function);
    let hint =
        "move it out of other calls, into the file named after the document: `narrative/<language>/<document>.typ`";
    resolver.fault(Code::ForbiddenCode, node.range(), message, Some(hint.to_owned()));
}

/// Whether a call stands inside a block or a request.
fn in_block(node: &LinkedNode<'_>) -> bool {
    let mut above = node.parent();
    while let Some(outer) = above {
        if callee(outer).is_some_and(|name| matches!(name.as_str(), "question" | "dated" | "ask")) {
            return true;
        }
        above = outer.parent();
    }
    false
}

/// Reports what stands beside the blocks of a text.
pub(super) fn check(root: &LinkedNode<'_>, resolver: &mut Resolver<'_, '_>) {
    if !resolver.bindings.framed {
        return;
    }
    let mut seen: Vec<String> = Vec::new();
    for child in root.children() {
        let name = callee(&child);
        match (&name, child.kind()) {
            (Some(name), _) => block(&child, name, &mut seen, resolver),
            (None, kind) if harmless(kind) => {}
            // What no narrative may contain is reported already.
            (None, kind) if is_markup(kind) => beside(child.range(), resolver),
            _ => {}
        }
    }
}

/// What prints something where it stands.
fn is_markup(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::Text
            | SyntaxKind::Heading
            | SyntaxKind::ListItem
            | SyntaxKind::TermItem
            | SyntaxKind::Strong
            | SyntaxKind::Emph
    )
}

/// The function that a node calls.
fn callee(node: &LinkedNode<'_>) -> Option<String> {
    let callee = node.children().next().filter(|_| node.kind() == SyntaxKind::FuncCall)?;
    (callee.kind() == SyntaxKind::Ident).then(|| callee.leaf_text().to_string())
}

fn beside(range: Range<usize>, resolver: &mut Resolver<'_, '_>) {
    let message = "a text of blocks prints nothing beside them".to_owned();
    let hint = "put it into a block: `#question(…)[…][…][…]`, `#deck[…]` or `ask[…][…][…]`".to_owned();
    resolver.fault(Code::ForbiddenCode, range, message, Some(hint));
}

fn block(node: &LinkedNode<'_>, name: &str, seen: &mut Vec<String>, resolver: &mut Resolver<'_, '_>) {
    let Some((_, once)) = BESIDE.iter().find(|(known, _)| *known == name) else {
        return beside(node.range(), resolver);
    };
    if *once && seen.iter().any(|other| other == name) {
        let message = format!("`#{name}` stands twice; the page has one place for it");
        resolver.fault(Code::ForbiddenCode, node.range(), message, Some("delete one of them".to_owned()));
    }
    seen.push(name.to_owned());
    if name == "asks" {
        let asks: Vec<LinkedNode<'_>> = arguments(node).filter(|arg| callee(arg).is_some()).collect();
        if let Some(surplus) = asks.get(ASKS) {
            let message = format!("there are {} requests; the page has room for {ASKS}", asks.len());
            let hint = "keep those that settle most".to_owned();
            resolver.fault(Code::ForbiddenCode, surplus.range(), message, Some(hint));
        }
        asks.iter().for_each(|ask| unfinished(ask, resolver));
    }
}

/// What is written between the parentheses of a call, and after them.
fn arguments<'n>(call: &LinkedNode<'n>) -> impl Iterator<Item = LinkedNode<'n>> {
    call.children()
        .filter(|child| child.kind() == SyntaxKind::Args)
        .flat_map(|args| args.children().collect::<Vec<_>>())
}

/// Warns of a request that does not say by when, of whom, or how to see that it is met: nobody could be held to it.
fn unfinished(ask: &LinkedNode<'_>, resolver: &mut Resolver<'_, '_>) {
    let given: Vec<LinkedNode<'_>> = arguments(ask).collect();
    let names = |node: &LinkedNode<'_>, name: &str| {
        node.kind() == SyntaxKind::Named && node.children().next().is_some_and(|ident| ident.leaf_text() == name)
    };
    let who = [("owner", "of whom", "owner: \"Ministry of Justice\""), ("by", "by when", "by: \"2027-06\"")];
    for (name, what, example) in who {
        if !given.iter().any(|node| names(node, name)) {
            let message = format!("the request does not say {what}");
            resolver.warning(Code::Unwritten, ask.range(), message, &format!("add `{example}` to its parentheses"));
        }
    }
    let parts = ["what is asked", "the figure behind it", "how to see that it is met"];
    let texts = given.iter().filter(|node| node.kind() == SyntaxKind::ContentBlock);
    for (text, what) in texts.zip(parts) {
        let written = text.full_text();
        if written.trim_matches(['[', ']']).trim().is_empty() {
            let message = format!("the request does not say {what}");
            resolver.warning(Code::Unwritten, text.range(), message, "write it between these brackets");
        }
    }
}

impl<'r> Resolver<'r, '_> {
    /// What was bound before a block, in case the block is left out.
    pub(super) fn before_block(&self, call: &Call) -> Option<Bindings<'r>> {
        (call.role == Role::Question).then(|| self.bindings.clone())
    }

    /// Takes back what the texts of the latest block have bound, if it is not printed: no source is listed for it.
    pub(super) fn leave_out(&mut self, before: Option<Bindings<'r>>) {
        let Some(before) = before.filter(|before| before.questions.len() == self.bindings.questions.len()) else {
            return;
        };
        let now = std::mem::replace(&mut self.bindings, before);
        (self.bindings.titles, self.bindings.calls, self.bindings.left_out) = (now.titles, now.calls, now.left_out);
    }

    /// A block around the chart of an indicator, or its released table if it has no chart. A block of which this country
    /// knows nothing is left out, and the others move up.
    pub(super) fn question(&mut self, call: &Call) {
        let known = self.ids(|indicator| indicator.chart.is_some() || indicator.table);
        let Some((id, range)) = self.first(call) else { return };
        let Some(indicator) = self.project.indicator(&id).filter(|_| known.contains(&id.as_str())) else {
            return self.named(call, "chart or released table", &known, |bindings| &mut bindings.questions);
        };
        if self.bindings.questions.contains(&id) {
            let message = format!("there is a block on `{id}` already");
            return self.fault(Code::ForbiddenCode, range, message, Some("delete one of them".to_owned()));
        }
        if self.released.is_some_and(|released| !self.knows(indicator, released)) {
            let message = format!("this country has no data for `{id}`: the block is left out");
            let hint = "enter its figures in the tables, or delete the block";
            self.bindings.left_out.push(call.range.clone());
            return self.warning(Code::UnknownFigure, range, message, hint);
        }
        let places = if indicator.chart.is_some() { &mut self.bindings.charts } else { &mut self.bindings.tables };
        places.insert(id.clone());
        self.bindings.questions.insert(id);
    }

    /// The block of dated facts: the country's milestones, or all its events if there are few.
    pub(super) fn dated_facts(&mut self, call: &Call) {
        let Some(released) = self.released else { return };
        let chosen = self.country.milestones.as_ref().map(Vec::len);
        match chosen.unwrap_or(released.events().len()) {
            0 => {
                let message = "this country has no events: the block is left out".to_owned();
                let hint = "enter them in `events.csv`, or delete the block";
                self.warning(Code::UnknownFigure, call.range.clone(), message, hint);
            }
            1..=DATED => self.bindings.dated = true,
            many => {
                let message = format!("there are {many} dated facts; the block has room for {DATED}");
                let hint = "name the most important in `milestones` of the country's `country.toml`".to_owned();
                self.fault(Code::TooLong, call.range.clone(), message, Some(hint));
            }
        }
    }

    /// A request; who must act is a name, and by when is a period.
    pub(super) fn ask(&mut self, call: &Call) {
        for (name, value, range) in call.named.clone() {
            match name.as_str() {
                "owner" => self.owner(&value, range),
                "by" => match Period::parse(&value) {
                    Ok(period) => drop(self.bindings.periods.insert(value, period)),
                    Err(reason) => self.fault(Code::PeriodError, range, reason, None),
                },
                _ => {
                    let message = format!("this function has no argument `{name}`");
                    let hint = "a request takes `owner: \"…\"` and `by: \"2026-12\"`".to_owned();
                    self.fault(Code::ForbiddenCode, range, message, Some(hint));
                }
            }
        }
    }

    fn owner(&mut self, value: &str, range: Range<usize>) {
        if value.contains('\\') {
            let message = "the owner of a request is a plain name".to_owned();
            return self.fault(Code::ForbiddenCode, range, message, Some("write the letters themselves".to_owned()));
        }
        self.title("ask-owner", String::new(), range.clone());
        if let Some(numeral) = value.split(|c: char| !c.is_numeric()).find(|run| !run.is_empty()) {
            let message = format!("`{numeral}` is a number in the name of an owner");
            let hint = "name the body by its words, and the date in `by`".to_owned();
            self.fault(Code::UnboundNumber, range, message, Some(hint));
        }
    }
}
