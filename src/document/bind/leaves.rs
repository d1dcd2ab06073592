//! The leaves of a narrative's syntax tree: which of them print nothing that has to be checked, and what an argument is.

use typst_syntax::{LinkedNode, SyntaxKind};

use super::functions::SWITCHES;

/// Whether a value fits an argument: a string or a whole number, and `true` or `false` for a switch.
pub(super) fn is_value(name: &str, kind: SyntaxKind) -> bool {
    if SWITCHES.contains(&name) { kind == SyntaxKind::Bool } else { matches!(kind, SyntaxKind::Str | SyntaxKind::Int) }
}

/// Whether a piece of markup needs no check: it prints no number and calls nothing.
pub(super) fn harmless(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::Space
            | SyntaxKind::Linebreak
            | SyntaxKind::Parbreak
            | SyntaxKind::SmartQuote
            | SyntaxKind::Shorthand
            | SyntaxKind::LineComment
            | SyntaxKind::BlockComment
            | SyntaxKind::HeadingMarker
            | SyntaxKind::ListMarker
            | SyntaxKind::TermMarker
            | SyntaxKind::Hash
            | SyntaxKind::Star
            | SyntaxKind::Underscore
            | SyntaxKind::LeftBracket
            | SyntaxKind::RightBracket
            | SyntaxKind::Colon
            | SyntaxKind::End
    )
}

/// What parts the arguments of a call.
pub(super) fn punctuation(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::LeftParen | SyntaxKind::RightParen | SyntaxKind::Comma)
}

/// The text of a string or an integer, as the templates receive it.
pub(super) fn literal(node: &LinkedNode<'_>) -> String {
    node.leaf_text().trim_matches('"').to_owned()
}
