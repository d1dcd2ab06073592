//! Prose with a missing bracket or quote: one error for each slip. The paragraph with the slip is blanked out, so that errors in
//! the other paragraphs are found as if it were sound.

use std::ops::Range;

use typst_syntax::{LinkedNode, SyntaxKind, SyntaxNode, parse};

use super::functions::FUNCTIONS;

/// At most this many slips of one file are reported; nobody reads more.
const MOST: usize = 20;
/// A file is parsed at most this often. What still does not parse then is no prose, and its slips are reported.
const ROUNDS: usize = 200;

/// A syntax error of a paragraph: in its brackets, its quotes or its code.
pub(super) struct Slip {
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

/// Parses a text without the paragraphs that have a syntax error; the slip of each such paragraph is returned, too.
pub(super) fn parsed(text: &str) -> (SyntaxNode, Vec<Slip>) {
    let (mut text, mut slips) = (text.to_owned(), Vec::new());
    for round in 1.. {
        let root = parse(&text);
        let Some((slip, aside)) = first(&root, &text) else { return (root, slips) };
        // A closing bracket whose opening one was blanked out is not a slip of its own.
        let closes = text.get(slip.range.clone()).is_some_and(|word| matches!(word, "]" | ")" | "}"));
        if slips.is_empty() || !closes {
            slips.push(slip);
        }
        let left = blank(&text, &aside);
        if left == text || slips.len() >= MOST || round >= ROUNDS {
            break;
        }
        text = left;
    }
    (parse(&" ".repeat(text.len())), slips)
}

/// The first slip, and the bytes to blank out for it.
fn first(root: &SyntaxNode, text: &str) -> Option<(Slip, Vec<Range<usize>>)> {
    if !is_faulty(root) {
        return None;
    }
    let errors = errors(&LinkedNode::new(root));
    let error = errors.first()?;
    let mut top = error.clone();
    while let Some(parent) = top.parent().filter(|parent| parent.kind() != SyntaxKind::Markup) {
        top = parent.clone();
    }
    let (paragraphs, names) = (paragraphs(text), names(root, error));
    let paragraph = around(&paragraphs, top.offset());
    if let Some(slip) = never_opened(&names, error, &paragraph) {
        return Some((slip, vec![paragraph]));
    }
    let slip = slip(error, &top, &paragraph);
    if !closes_nothing(error) {
        return Some((slip, vec![paragraph]));
    }
    // Those that follow go with it: a text of nothing else would be parsed once for each.
    let is_stray = |error: &LinkedNode<'_>| {
        let in_text = error.parent().is_some_and(|parent| parent.kind() == SyntaxKind::Markup);
        let lone = || never_opened(&names, error, &around(&paragraphs, error.offset())).is_none();
        in_text && closes_nothing(error) && lone()
    };
    let further = errors.iter().skip(1).take_while(|error| is_stray(error)).map(LinkedNode::range);
    Some((slip, std::iter::once(error.range()).chain(further).collect()))
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

/// The function names without arguments in running text, in order; none are needed unless it is a bracket that is in error.
fn names<'n>(root: &'n SyntaxNode, error: &LinkedNode<'_>) -> Vec<LinkedNode<'n>> {
    if error.leaf_text() != "]" {
        return Vec::new();
    }
    let is_bare = |leaf: &LinkedNode<'_>| {
        leaf.kind() == SyntaxKind::Ident
            && leaf.parent().is_some_and(|parent| matches!(parent.kind(), SyntaxKind::Markup | SyntaxKind::Heading))
    };
    leaves(&LinkedNode::new(root)).into_iter().filter(is_bare).collect()
}

/// A function name before an unmatched `]`: its `[` is missing.
fn never_opened(bare: &[LinkedNode<'_>], error: &LinkedNode<'_>, paragraph: &Range<usize>) -> Option<Slip> {
    if error.leaf_text() != "]" {
        return None;
    }
    let before = bare.get(..bare.partition_point(|word| word.offset() < error.offset()))?;
    let word = before.last().filter(|word| paragraph.contains(&word.offset()))?;
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

/// The paragraphs, in order: each from one blank line to the next, the last one to the end.
fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut start, mut place) = (Vec::new(), 0, 0);
    for line in text.split_inclusive('\n') {
        let end = place + line.len();
        if line.trim().is_empty() {
            found.extend(Some(start..place).filter(|paragraph| !paragraph.is_empty()));
            start = end;
        }
        place = end;
    }
    found.push(start..text.len());
    found
}

/// The paragraph around a byte.
fn around(paragraphs: &[Range<usize>], at: usize) -> Range<usize> {
    let last = paragraphs.len().saturating_sub(1);
    let found = paragraphs.partition_point(|paragraph| paragraph.end <= at).min(last);
    let Range { start, end } = paragraphs.get(found).cloned().unwrap_or_default();
    if found == last { start.min(at)..end } else { start..end }
}

/// The text with some of its bytes replaced by spaces; line breaks stay.
fn blank(text: &str, aside: &[Range<usize>]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for range in aside {
        let blanked = bytes.get_mut(range.clone()).unwrap_or_default();
        blanked.iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
    }
    String::from_utf8_lossy(&bytes).into_owned()
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
    fn brackets_that_close_nothing_go_together_as_they_go_one_by_one() {
        /// As [`parsed`], by one bracket at a time.
        fn one_by_one(text: &str) -> Vec<(Range<usize>, String)> {
            let (mut text, mut slips) = (text.to_owned(), Vec::new());
            loop {
                let root = parse(&text);
                let Some((slip, mut aside)) = first(&root, &text) else { return slips };
                let closes = text.get(slip.range.clone()).is_some_and(|word| matches!(word, "]" | ")" | "}"));
                if slips.is_empty() || !closes {
                    slips.push((slip.range, slip.message));
                }
                aside.truncate(1);
                let left = blank(&text, &aside);
                if left == text || slips.len() >= MOST {
                    return slips;
                }
                text = left;
            }
        }
        let mut dice = fastrand::Rng::with_seed(9);
        let pieces =
            ["]", "] ", "[", "a ", "\n", "\n\n", "#n(\"a\")", "#lead", "#lead[", "*", "- ", "= ", ")", "\"", "$"];
        for _ in 0..1500 {
            let mut piece = || pieces[if dice.bool() { dice.usize(..6) } else { dice.usize(..pieces.len()) }];
            let text: String = (0..24).map(|_| piece()).collect();
            let slips: Vec<_> = parsed(&text).1.into_iter().map(|slip| (slip.range, slip.message)).collect();
            assert_eq!(slips, one_by_one(&text), "{text:?}");
        }
    }

    #[test]
    fn a_long_text_of_nothing_else_is_parsed_a_few_times() {
        for piece in ["]\n\n", "]", "[a]] ", "#n(\"a\")] ", "- [a\n\n] "] {
            assert_eq!(slips(&piece.repeat(3000)).len(), 1, "{piece}");
        }
    }

    #[test]
    fn two_paragraphs_have_a_slip_each() {
        let text = "In #n(\"a\", year: 2007 one.\n\nSound #n(\"b\").\n\nIn #note[two.\n";
        assert_eq!(slips(text).iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [1, 5]);
    }
}
