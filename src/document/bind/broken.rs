//! Prose with a missing bracket or quote: one error for each slip. The paragraph with the slip is blanked out, so that errors in
//! the other paragraphs are found as if it were sound.

use std::ops::Range;

use typst_syntax::{LinkedNode, SyntaxKind, SyntaxNode, parse};

use super::functions::FUNCTIONS;

/// At most this many slips of one file are reported; nobody reads more.
const MOST: usize = 20;

/// A syntax error of a paragraph: in its brackets, its quotes or its code.
pub(super) struct Slip {
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

/// Parses a text without the paragraphs that have a syntax error; the slip of each such paragraph is returned, too.
pub(super) fn parsed(text: &str) -> (SyntaxNode, Vec<Slip>) {
    let (mut text, mut slips) = (text.to_owned(), Vec::new());
    loop {
        let root = parse(&text);
        let Some((slip, aside)) = first(&root, &text) else { return (root, slips) };
        // A closing bracket whose opening one was blanked out is not a slip of its own.
        let closes = text.get(slip.range.clone()).is_some_and(|word| matches!(word, "]" | ")" | "}"));
        if slips.is_empty() || !closes {
            slips.push(slip);
        }
        let left = blank(&text, aside);
        if left == text || slips.len() >= MOST {
            return (parse(&" ".repeat(text.len())), slips);
        }
        text = left;
    }
}

/// The first slip, and the bytes to blank out for it.
fn first(root: &SyntaxNode, text: &str) -> Option<(Slip, Range<usize>)> {
    if !is_faulty(root) {
        return None;
    }
    let error = errors(&LinkedNode::new(root)).into_iter().next()?;
    let mut top = error.clone();
    while let Some(parent) = top.parent().filter(|parent| parent.kind() != SyntaxKind::Markup) {
        top = parent.clone();
    }
    let paragraph = paragraph(text, top.offset());
    if let Some(slip) = never_opened(root, &error, &paragraph) {
        return Some((slip, paragraph));
    }
    let slip = slip(&error, &top, &paragraph);
    Some((slip, if closes_nothing(&error) { error.range() } else { paragraph }))
}

/// The error nodes, in order.
fn errors<'n>(node: &LinkedNode<'n>) -> Vec<LinkedNode<'n>> {
    let is_error = |node: &LinkedNode<'_>| node.kind() == SyntaxKind::Error;
    ends(node, |node| is_error(node) || !is_faulty(node.get())).into_iter().filter(is_error).collect()
}

/// The nodes at which the search stops, in order. It uses a list, not recursion, so that deep nesting cannot overflow the stack.
fn ends<'n>(node: &LinkedNode<'n>, is_end: impl Fn(&LinkedNode<'n>) -> bool) -> Vec<LinkedNode<'n>> {
    let (mut found, mut waiting) = (Vec::new(), vec![node.clone()]);
    while let Some(node) = waiting.pop() {
        if is_end(&node) {
            found.push(node);
        } else {
            waiting.extend(node.children().rev());
        }
    }
    found
}

/// Whether a node contains an error.
fn is_faulty(node: &SyntaxNode) -> bool {
    node.diagnosis().errors
}

fn message(error: &LinkedNode<'_>) -> String {
    let (errors, _) = error.get().errors_and_warnings();
    errors.first().map_or_else(|| "syntax error".into(), |error| error.message.to_string())
}

fn closes_nothing(error: &LinkedNode<'_>) -> bool {
    matches!(error.leaf_text().as_str(), "]" | ")" | "}")
}

/// A function name before an unmatched `]`: its `[` is missing.
fn never_opened(root: &SyntaxNode, error: &LinkedNode<'_>, paragraph: &Range<usize>) -> Option<Slip> {
    if error.leaf_text() != "]" {
        return None;
    }
    let is_bare = |leaf: &LinkedNode<'_>| {
        leaf.kind() == SyntaxKind::Ident
            && leaf.parent().is_some_and(|parent| matches!(parent.kind(), SyntaxKind::Markup | SyntaxKind::Heading))
            && leaf.offset() < error.offset()
            && paragraph.contains(&leaf.offset())
    };
    let word = leaves(&LinkedNode::new(root)).into_iter().rfind(is_bare)?;
    let names = FUNCTIONS.iter().map(|(name, ..)| *name).filter(|name| word.leaf_text().starts_with(name));
    let name = names.max_by_key(|name| name.len()).unwrap_or(word.leaf_text());
    Some(Slip {
        range: word.range(),
        message: format!("`[` is missing after `#{name}`, whose text ends with `]`"),
        hint: Some(format!("write `#{name}[`, then the text")),
    })
}

fn slip(error: &LinkedNode<'_>, top: &LinkedNode<'_>, paragraph: &Range<usize>) -> Slip {
    let all = errors(top);
    // A string without its closing quote runs over text and calls up to the next quote.
    let mut strings = leaves(top).into_iter().filter(|leaf| leaf.kind() == SyntaxKind::Str);
    if let Some(string) =
        strings.find(|string| string.leaf_text().contains(['\n', '#']) && paragraph.contains(&string.offset()))
    {
        let start = string.offset();
        let hint = "write `\"` where the quoted text ends".to_owned();
        return Slip { range: start..start + 1, message: "unclosed string".to_owned(), hint: Some(hint) };
    }
    let unclosed =
        all.iter().find(|error| message(error).starts_with("unclosed") && paragraph.contains(&error.offset()));
    if let Some(unclosed) = unclosed {
        let open = unclosed.leaf_text().chars().next().unwrap_or(' ');
        let close = match open {
            '(' => ')',
            '[' => ']',
            '{' => '}',
            other => other,
        };
        let start = unclosed.offset();
        return Slip {
            range: start..start + open.len_utf8(),
            message: message(unclosed),
            hint: Some(format!("add the closing `{close}`")),
        };
    }
    if closes_nothing(error) {
        let bracket = error.leaf_text().to_string();
        let hint = format!("delete it, or add the opening bracket; `\\{bracket}` prints one");
        return Slip { range: error.range(), message: message(error), hint: Some(hint) };
    }
    // The arguments run on into the text: the closing bracket is missing.
    let open = leaves(top).into_iter().find(|leaf| leaf.kind() == SyntaxKind::LeftParen);
    let runs_on = all.len() > 1 || message(error).contains("`#`");
    match open.filter(|open| (runs_on || !paragraph.contains(&error.offset())) && open.offset() < error.offset()) {
        Some(open) => {
            let hint = "write `)` after the last argument".to_owned();
            Slip { range: open.range(), message: "unclosed delimiter".to_owned(), hint: Some(hint) }
        }
        None => Slip { range: error.range(), message: message(error), hint: None },
    }
}

/// The nodes without children.
fn leaves<'n>(node: &LinkedNode<'n>) -> Vec<LinkedNode<'n>> {
    ends(node, |node| node.children().len() == 0)
}

/// The paragraph around a byte: from one blank line to the next.
fn paragraph(text: &str, at: usize) -> Range<usize> {
    let (mut start, mut place) = (0, 0);
    for line in text.split_inclusive('\n') {
        let end = place + line.len();
        if line.trim().is_empty() {
            if place > at {
                return start..place;
            }
            start = end;
        }
        place = end;
    }
    start.min(at)..text.len()
}

/// The text with some of its bytes replaced by spaces; line breaks stay.
fn blank(text: &str, range: Range<usize>) -> String {
    let bytes = text.bytes().enumerate();
    let kept = |(at, byte)| if range.contains(&at) && !matches!(byte, b'\n' | b'\r') { b' ' } else { byte };
    String::from_utf8_lossy(&bytes.map(kept).collect::<Vec<u8>>()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line, column and message of each slip.
    fn slips(text: &str) -> Vec<(usize, usize, String)> {
        let place = |slip: Slip| {
            let before = text.get(..slip.range.start).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            (line, before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1, slip.message)
        };
        parsed(text).1.into_iter().map(place).collect()
    }

    const REST: &str =
        " and #n(\"b\", year: 2008)#src() (see [2]).\n\nMore: #n(\"c\", year: 2009)#src() #band[\n\n#note[x]\n\n]\n";

    #[test]
    fn one_bracket_is_one_slip() {
        for (call, column) in [
            ("#n(\"a\", year: 2007#src()", 6),
            ("#n(\"a\", year: 2007 #src() text", 6),
            ("#n(\"a, year: 2007)#src()", 7),
            ("#note[a #n(\"a\", year: 2007)#src()", 9),
            ("#emph[a", 9),
        ] {
            let text = format!("= T\n\nIn {call}{REST}");
            let found = slips(&text);
            assert_eq!(
                found.iter().map(|(line, column, _)| (*line, *column)).collect::<Vec<_>>(),
                [(3, column)],
                "{call}"
            );
        }
        for (call, column) in [("#lit2007] it was", 5), ("#lit[2007] it #emph was] so", 19), ("#emph was]", 5)] {
            let found = slips(&format!("= T\n\nIn {call}{REST}"));
            assert_eq!(found.iter().map(|(line, column, _)| (*line, *column)).collect::<Vec<_>>(), [(3, column)]);
            assert!(found[0].2.starts_with("`[` is missing after `#"), "{found:?}");
        }
        let closed = format!("In 2007] it was{REST}");
        assert_eq!(slips(&closed).len(), 1, "{:?}", slips(&closed));
        assert!(slips(REST).is_empty(), "{:?}", slips(REST));
    }

    #[test]
    fn two_paragraphs_have_a_slip_each() {
        let text = "In #n(\"a\", year: 2007 one.\n\nSound #n(\"b\").\n\nIn #note[two.\n";
        assert_eq!(slips(text).iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [1, 5]);
    }
}
