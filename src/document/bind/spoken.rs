//! The story of a document as plain text, for those who read it outside of a page: its deck, its requests and the findings of
//! its blocks, with a place for each figure that a call prints.

use std::collections::BTreeMap;

use typst_syntax::ast::Shorthand;
use typst_syntax::{LinkedNode, SyntaxKind};

use super::functions::LATE;
use super::leaves::literal;

/// A piece of plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A text as it is written.
    Text(String),
    /// A figure, by the key under which the templates look it up.
    Figure(String),
    /// The same in words.
    Words(String),
    /// A phrase of two figures, by its key.
    Phrase(String),
    /// The date of an event.
    Date(String),
    /// A period in words.
    Period(String),
}

/// A text in pieces.
pub(crate) type Pieces = Vec<Piece>;

/// A request: what is asked, of whom, by when, and the test by which it is met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) asked: Pieces,
    pub(crate) owner: Option<String>,
    pub(crate) by: Option<String>,
    pub(crate) met: Pieces,
}

/// What a document says first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Story {
    pub(crate) deck: Pieces,
    pub(crate) requests: Vec<Request>,
    /// The blocks: the indicator of each and its finding.
    pub(crate) findings: Vec<(String, Pieces)>,
    /// The chart of its first page: the indicator, and its title.
    pub(crate) chart: Option<(String, Pieces)>,
}

/// Reads the story out of a text that has been bound.
#[must_use]
pub(crate) fn story(source: &str) -> Story {
    let root = typst_syntax::parse(source);
    let mut story = Story::default();
    for call in LinkedNode::new(&root).children().filter_map(Called::read) {
        match call.name.as_str() {
            "deck" => story.deck = call.body(0),
            "asks" => story.requests = call.inner.iter().filter(|inner| inner.name == "ask").map(request).collect(),
            "chart" => story.chart = call.ids.first().map(|id| (id.clone(), call.body(0))),
            "question" => story.findings.extend(call.ids.first().map(|id| (id.clone(), call.body(0)))),
            _ => {}
        }
    }
    story
}

fn request(ask: &Called<'_>) -> Request {
    Request {
        asked: ask.body(0),
        owner: ask.named.get("owner").cloned(),
        by: ask.named.get("by").cloned(),
        met: ask.body(2),
    }
}

/// A call with its arguments, none of them looked up.
struct Called<'n> {
    name: String,
    ids: Vec<String>,
    named: BTreeMap<String, String>,
    bodies: Vec<LinkedNode<'n>>,
    inner: Vec<Called<'n>>,
}

impl<'n> Called<'n> {
    fn read(node: LinkedNode<'n>) -> Option<Self> {
        let name = node.children().next().filter(|_| node.kind() == SyntaxKind::FuncCall)?;
        let mut call = Self {
            name: name.leaf_text().to_string(),
            ids: Vec::new(),
            named: BTreeMap::new(),
            bodies: Vec::new(),
            inner: Vec::new(),
        };
        for arg in node.children().filter(|child| child.kind() == SyntaxKind::Args).flat_map(|args| args.children()) {
            match arg.kind() {
                SyntaxKind::Str | SyntaxKind::Int => call.ids.push(literal(&arg)),
                SyntaxKind::ContentBlock => call.bodies.push(arg.clone()),
                SyntaxKind::FuncCall => call.inner.extend(Self::read(arg.clone())),
                SyntaxKind::Named => {
                    let parts: Vec<LinkedNode<'_>> = arg.children().collect();
                    let value = parts.last().map(literal).unwrap_or_default();
                    call.named.extend(parts.first().map(|name| (name.leaf_text().to_string(), value)));
                }
                _ => {}
            }
        }
        Some(call)
    }

    fn body(&self, at: usize) -> Pieces {
        let mut pieces = Pieces::new();
        if let Some(body) = self.bodies.get(at) {
            said(body, &mut pieces);
        }
        pieces
    }

    /// What the call prints, as `templates/prose.typ` names it.
    fn printed(&self) -> Option<Piece> {
        let (id, named) = (self.ids.first().cloned().unwrap_or_default(), |key: &str| self.named.get(key).cloned());
        let apart = ["year", "period", "since", "of", "from", "to", super::functions::OR_STATE, LATE];
        let codes: Vec<(&String, &String)> =
            self.named.iter().filter(|(name, _)| !apart.contains(&name.as_str())).collect();
        let key = |when: Option<String>| {
            let codes: Vec<String> = codes.iter().map(|(name, code)| format!("{name}={code}")).collect();
            format!("{id}|{}|{}", when.unwrap_or_default(), codes.join(","))
        };
        let when = named("year").or_else(|| named("period"));
        let late = if named(LATE).as_deref() == Some("true") { "|late" } else { "" };
        let first_code = || codes.first().map(|(name, _)| (*name).clone());
        Some(match self.name.as_str() {
            "n" => Piece::Figure(key(when) + late),
            "words" => Piece::Words(key(when) + late),
            "change" => Piece::Phrase(format!("change|{}|{}", key(when), named("since")?)),
            "share" => Piece::Phrase(format!("share|{}|{}", key(when), named("of").or_else(first_code)?)),
            "range" | "trend" => Piece::Phrase(format!("{}|{}|{}", self.name, key(named("from")), named("to")?)),
            "date" => Piece::Date(id),
            "period" => Piece::Period(id),
            _ => return None,
        })
    }
}

/// What a piece of markup says: marks of sources and notes say nothing here.
fn said(node: &LinkedNode<'_>, pieces: &mut Pieces) {
    let text = |text: &str, pieces: &mut Pieces| match pieces.last_mut() {
        Some(Piece::Text(last)) => last.push_str(text),
        _ => pieces.push(Piece::Text(text.to_owned())),
    };
    match node.kind() {
        SyntaxKind::Text => text(node.leaf_text(), pieces),
        SyntaxKind::Space | SyntaxKind::Linebreak | SyntaxKind::Parbreak => text(" ", pieces),
        SyntaxKind::SmartQuote => text(if node.leaf_text() == "'" { "’" } else { "\"" }, pieces),
        SyntaxKind::Escape => text(node.leaf_text().trim_start_matches('\\'), pieces),
        SyntaxKind::Shorthand => {
            if let Some(shorthand) = node.cast::<Shorthand<'_>>() {
                text(&shorthand.get().to_string(), pieces);
            }
        }
        SyntaxKind::FuncCall => {
            let Some(call) = Called::read(node.clone()) else { return };
            match call.name.as_str() {
                "lit" => call.bodies.iter().for_each(|body| said(body, pieces)),
                _ => pieces.extend(call.printed()),
            }
        }
        SyntaxKind::Markup | SyntaxKind::Strong | SyntaxKind::Emph | SyntaxKind::ContentBlock => {
            node.children().for_each(|child| said(&child, pieces));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_is_read_with_a_place_for_each_figure() {
        let story = story(
            "#deck[Arrests rose in #lit[2024]\\; it isn't over.]\n\
             #asks(ask(owner: \"The court\", by: \"2026-12\")[Publish *the* outcome][Of #n(\"arrested\", year: 2024).#src()][it is public.])\n\
             #question(\"arrested\")[Arrests #trend(\"arrested\", from: 2023, to: 2024, sex: \"female\")][Text][Unknown]",
        );
        let text = |text: &str| vec![Piece::Text(text.to_owned())];
        assert_eq!(story.deck, text("Arrests rose in 2024; it isn’t over."));
        let request = &story.requests[0];
        assert_eq!((&request.asked, &request.met), (&text("Publish the outcome"), &text("it is public.")));
        assert_eq!((request.owner.as_deref(), request.by.as_deref()), (Some("The court"), Some("2026-12")));
        let finding =
            vec![Piece::Text("Arrests ".to_owned()), Piece::Phrase("trend|arrested|2023|sex=female|2024".to_owned())];
        assert_eq!(story.findings, [("arrested".to_owned(), finding)]);
    }
}
