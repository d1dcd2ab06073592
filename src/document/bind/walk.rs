//! Walks over a narrative's syntax tree, which may contain markup and calls of the documented functions, and nothing else.

use std::ops::Range;
use std::sync::Arc;

use typst_syntax::ast::Shorthand;
use typst_syntax::{LinkedNode, SyntaxKind};

use super::broken;
use super::call::Call;
use super::frame;
use super::functions::{BAND, FUNCTIONS, HEADLINE, OR_STATE, Role, SWITCHES, function};
use super::leaves::{harmless, is_value, literal, punctuation};
use super::literals::Running;
use super::resolve::Resolver;
use super::words::Counting;
use super::written::Written;
use crate::diagnostic::{Code, Source};
use crate::project::declaration::nearest;
use crate::project::text::Text;

/// The greatest size of a narrative in bytes; a section's prose has a few pages.
const LONGEST: usize = 1 << 18;
/// Typst nests a chain such as `a.b.c` as deep as it is long and frees it recursively; this stack is large enough for a chain as
/// long as a narrative.
const STACK: usize = 1 << 28;

/// Walks over one narrative in a language.
pub(super) fn narrative(source: &Arc<Source>, language: Option<&Text>, resolver: &mut Resolver<'_, '_>) {
    let bytes = source.bytes.len();
    if bytes > LONGEST {
        let message = format!("the narrative has {bytes} bytes; at most {LONGEST} are allowed");
        let hint = "a narrative has a few pages of prose".to_owned();
        return resolver.fault(Code::SourceError, 0..1, message, Some(hint));
    }
    let read = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        thread.spawn_scoped(scope, || walk(source, language, resolver)).map(std::thread::ScopedJoinHandle::join)
    });
    match read {
        Ok(Ok(())) => {}
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(error) => resolver.fault(Code::SourceError, 0..1, format!("the narrative cannot be read: {error}"), None),
    }
}

fn walk(source: &Arc<Source>, language: Option<&Text>, resolver: &mut Resolver<'_, '_>) {
    let text = source.text();
    let (root, slips) = broken::parsed(&text);
    for slip in slips {
        resolver.fault(Code::TypstError, slip.range, slip.message, slip.hint);
    }
    let (counting, sentence) = (Counting::default(), Vec::new());
    let running = Running::default();
    let (pending, marks_free, in_band) = (None, false, false);
    let mut walk = Walk { resolver, language, counting, running, sentence, pending, marks_free, in_band };
    let root = LinkedNode::new(&root);
    walk.markup(&root);
    walk.settle();
    frame::check(&root, walk.resolver);
}

struct Walk<'w, 'r, 'd> {
    resolver: &'w mut Resolver<'r, 'd>,
    language: Option<&'w Text>,
    counting: Counting,
    /// The text of the current paragraph, to check its literals.
    running: Running,
    /// The figures used in the current sentence.
    sentence: Vec<String>,
    /// The last number whose source is not yet cited.
    pending: Option<Range<usize>>,
    /// Whether numbers need no source marks here: in headlines and chart titles the text or chart below has them.
    marks_free: bool,
    /// Whether this is inside `#band`, where nothing as wide as the page fits.
    in_band: bool,
}

impl Walk<'_, '_, '_> {
    fn markup(&mut self, node: &LinkedNode<'_>) {
        match node.kind() {
            SyntaxKind::Text => self.text(node),
            SyntaxKind::EnumMarker => {
                let hint = "a numbered list prints numbers that are not figures; use `-`";
                self.resolver.fault(
                    Code::UnboundNumber,
                    node.range(),
                    "a list may not be numbered".into(),
                    Some(hint.into()),
                );
            }
            SyntaxKind::Parbreak => self.settle(),
            SyntaxKind::Heading | SyntaxKind::ListItem | SyntaxKind::EnumItem | SyntaxKind::TermItem => {
                self.settle();
                if node.children().any(|child| child.kind() == SyntaxKind::HeadingMarker && child.leaf_text() == "=") {
                    self.resolver.title(HEADLINE, String::new(), node.range());
                }
                self.children(node);
                self.settle();
            }
            SyntaxKind::Markup | SyntaxKind::Strong | SyntaxKind::Emph | SyntaxKind::ContentBlock => {
                self.children(node);
            }
            SyntaxKind::FuncCall => self.call(node),
            SyntaxKind::Semicolon => {
                let hint = "write `\\;` to print a semicolon";
                let message = "Typst does not print a semicolon after a call".to_owned();
                self.resolver.fault(Code::ForbiddenCode, node.range(), message, Some(hint.into()));
            }
            SyntaxKind::Escape if matches!(node.leaf_text().as_str(), "\\;" | "\\:" | "\\," | "\\.") => {
                self.running.stop();
            }
            // An escaped digit is a digit.
            SyntaxKind::Escape if !node.leaf_text().starts_with("\\u") => self.numerals(node),
            kind if harmless(kind) => {}
            SyntaxKind::Error => self.syntax(node),
            _ => self.forbidden(node),
        }
    }

    fn children(&mut self, node: &LinkedNode<'_>) {
        for child in node.children() {
            self.markup(&child);
        }
    }

    fn call(&mut self, node: &LinkedNode<'_>) {
        let Some(callee) = node.children().next().filter(|callee| callee.kind() == SyntaxKind::Ident) else {
            return self.forbidden(node);
        };
        let name = callee.leaf_text().to_string();
        let Some((known, role, headlines)) = function(&name) else {
            let names: Vec<_> = FUNCTIONS.iter().map(|(name, ..)| *name).collect();
            let hint = match nearest(&name, names.iter().copied()) {
                Some(near) => format!("did you mean `#{near}`?"),
                None => format!("a narrative may call: {}", names.join(", ")),
            };
            let message = format!("`#{name}` is not a function for narratives");
            return self.resolver.fault(Code::ForbiddenCode, callee.range(), message, Some(hint));
        };
        let mut call = Call::new((known, role), node.range());
        frame::place(node, &call, self.resolver);
        let before = self.resolver.before_block(&call);
        let outer = self.in_band;
        self.in_band |= name == BAND;
        for args in node.children().filter(|child| child.kind() == SyntaxKind::Args) {
            self.arguments(&args, &mut call, headlines);
        }
        self.in_band = outer;
        if self.in_band && self.resolver.as_wide_as_the_page(&call) {
            let hint = "put it outside `#band`, or make a chart narrower with `width = \"text\"` in its indicator";
            let message = "this is as wide as the page and does not fit beside notes".to_owned();
            self.resolver.fault(Code::ForbiddenCode, callee.range(), message, Some(hint.into()));
        }
        self.counting.interrupt();
        self.titles(node, &call);
        if role.prints() {
            self.running.stop();
        }
        let used = self.resolver.resolve(call);
        self.resolver.leave_out(before);
        self.once(used, node.range());
        match role {
            Role::Cite => self.pending = None,
            role if role.is_printed() && !self.marks_free => self.pending = Some(node.range()),
            _ => {}
        }
    }

    /// Remembers the texts of a call that may be too long for their place.
    fn titles(&mut self, node: &LinkedNode<'_>, call: &Call) {
        let arguments = node.children().filter(|child| child.kind() == SyntaxKind::Args);
        let bodies: Vec<Range<usize>> = arguments
            .flat_map(|args| args.children().filter(|arg| arg.kind() == SyntaxKind::ContentBlock).collect::<Vec<_>>())
            .map(|body| body.range())
            .collect();
        let id = call.positional.first().map_or_else(String::new, |(id, _)| id.clone());
        for (what, body) in frame::titles(call).into_iter().zip(bodies) {
            self.resolver.title(what, id.clone(), body);
        }
    }

    /// Checks plain text for numerals and number words; a full stop ends a sentence.
    fn text(&mut self, node: &LinkedNode<'_>) {
        self.numerals(node);
        let text = node.leaf_text();
        if let Some(language) = self.language {
            self.running.text(text, language);
        }
        let words = self.language.map(|language| self.counting.read(text, node.offset(), language));
        for (range, number, counted) in words.unwrap_or_default() {
            let message = format!("`{number}` before `{counted}` is a number without a figure");
            self.resolver.warning(
                Code::NumberWord,
                range,
                message,
                "print a figure in words with `#words(…)`, or rewrite the sentence without a number",
            );
        }
        let after = |(at, mark): (usize, &str)| text.get(at + mark.len()..).and_then(|rest| rest.chars().next());
        if text.match_indices(['.', '!', '?']).any(|found| after(found).is_none_or(char::is_whitespace)) {
            self.sentence.clear();
        }
    }

    /// A sentence must not use the same group twice under two names.
    fn once(&mut self, used: Vec<String>, range: Range<usize>) {
        for id in used {
            if let Some(reason) = self.resolver.same_as(&id, &self.sentence) {
                let message = format!("`{id}` counts a group that this sentence already gives under another name");
                self.resolver.fault(Code::DoubleCount, range.clone(), message, Some(reason));
            }
            self.sentence.push(id);
        }
    }

    fn arguments(&mut self, args: &LinkedNode<'_>, call: &mut Call, headlines: usize) {
        let mut bodies = 0;
        for arg in args.children() {
            match arg.kind() {
                SyntaxKind::ContentBlock if bodies >= call.role.bodies() => self.surplus(&arg),
                SyntaxKind::ContentBlock if call.role == Role::Literal => {
                    bodies += 1;
                    self.literal_body(&arg);
                }
                SyntaxKind::ContentBlock => {
                    bodies += 1;
                    self.body(&arg, bodies <= headlines);
                }
                SyntaxKind::FuncCall => self.call(&arg),
                SyntaxKind::Str | SyntaxKind::Int
                    if matches!(call.role, Role::Text | Role::Ask | Role::Dated | Role::Changes | Role::Literal) =>
                {
                    self.numerals(&arg);
                }
                // Only `#src` takes several ids; anything else after an id would reach the templates unchecked.
                SyntaxKind::Str | SyntaxKind::Int if !call.positional.is_empty() && call.role != Role::Cite => {
                    self.surplus(&arg);
                }
                SyntaxKind::Str | SyntaxKind::Int => call.positional.push((literal(&arg), arg.range())),
                SyntaxKind::Named => self.named(&arg, call),
                SyntaxKind::Error => self.syntax(&arg),
                kind if punctuation(kind) || harmless(kind) => {}
                SyntaxKind::Ident => {
                    self.forbidden(&arg);
                    // An id without quotes is still read as an id, so that it gives one error only.
                    call.positional.push((arg.leaf_text().to_string(), arg.range()));
                }
                _ => self.forbidden(&arg),
            }
        }
    }

    /// Reports an argument that the function does not take.
    fn surplus(&mut self, node: &LinkedNode<'_>) {
        let message = "the function does not take this argument".to_owned();
        let hint = "write a title or a text in brackets, `[…]`, if the function takes one";
        self.resolver.fault(Code::ForbiddenCode, node.range(), message, Some(hint.into()));
    }

    /// A literal may contain only text. It is joined before it is read: `300~000` is one number, and so is a bold `300 000`.
    fn literal_body(&mut self, node: &LinkedNode<'_>) {
        let mut written = Written::default();
        self.literal_parts(node, &mut written);
        if let Some(language) = self.language {
            self.running.literal(&written, language);
        }
        self.resolver.bindings.literals.insert(written.text);
    }

    fn literal_parts(&mut self, node: &LinkedNode<'_>, written: &mut Written) {
        for child in node.children() {
            match child.kind() {
                SyntaxKind::Text => {
                    // Around a quote or a bold part, the PDF may have the pieces as separate runs.
                    self.resolver.bindings.literals.insert(child.leaf_text().to_string());
                    written.add(child.leaf_text(), child.range());
                }
                SyntaxKind::Space | SyntaxKind::Linebreak | SyntaxKind::Parbreak => written.add(" ", child.range()),
                SyntaxKind::Shorthand => {
                    let letter = child.cast::<Shorthand<'_>>().map(|shorthand| shorthand.get().to_string());
                    written.add(&letter.unwrap_or_default(), child.range());
                }
                SyntaxKind::Markup | SyntaxKind::Strong | SyntaxKind::Emph => self.literal_parts(&child, written),
                SyntaxKind::Escape if !child.leaf_text().starts_with("\\u") => {
                    written.add(child.leaf_text().trim_start_matches('\\'), child.range());
                }
                SyntaxKind::SmartQuote => written.add("’", child.range()),
                kind if harmless(kind) && kind != SyntaxKind::Hash => {}
                SyntaxKind::Error => self.syntax(&child),
                _ => self.forbidden(&child),
            }
        }
    }

    /// Bracketed prose must cite its own numbers; a headline cites none.
    fn body(&mut self, node: &LinkedNode<'_>, headline: bool) {
        let (pending, marks_free, sentence) =
            (self.pending.take(), self.marks_free, std::mem::take(&mut self.sentence));
        let running = std::mem::take(&mut self.running);
        self.marks_free |= headline;
        self.children(node);
        self.settle();
        (self.pending, self.marks_free, self.sentence) = (pending, marks_free, sentence);
        self.running = running;
    }

    fn named(&mut self, node: &LinkedNode<'_>, call: &mut Call) {
        let parts: Vec<_> =
            node.children().filter(|child| !harmless(child.kind()) && !punctuation(child.kind())).collect();
        match parts.as_slice() {
            [name, value] if name.kind() == SyntaxKind::Ident && is_value(name.leaf_text(), value.kind()) => {
                call.named.push((name.leaf_text().to_string(), literal(value), value.range()));
            }
            [name, value] if SWITCHES.contains(&name.leaf_text().as_str()) => {
                let switch = name.leaf_text();
                let message = format!("`{switch}` is `true` or `false`");
                self.resolver.fault(Code::ForbiddenCode, value.range(), message, None);
                // Taken as what reports nothing more: a missing number is allowed, and no late cases are asked for.
                call.named.push((switch.to_string(), (switch == OR_STATE).to_string(), value.range()));
            }
            _ => self.forbidden(node),
        }
    }

    /// Reports every numeral in a piece of text.
    fn numerals(&mut self, node: &LinkedNode<'_>) {
        let text = node.leaf_text();
        let inner = |c: char| c.is_numeric() || matches!(c, ',' | '.' | '\u{a0}' | '\u{202f}');
        let mut rest: &str = text;
        while let Some((_, from)) = rest.find(char::is_numeric).and_then(|at| rest.split_at_checked(at)) {
            let run = from.split(|c| !inner(c)).next().unwrap_or_default();
            let numeral = run.trim_end_matches(|c: char| !c.is_numeric());
            let start = node.offset() + text.len() - from.len();
            self.resolver.unbound(numeral, start..start + numeral.len());
            rest = from.strip_prefix(run).unwrap_or_default();
        }
    }

    /// At the end of a paragraph, every number in it must be cited.
    fn settle(&mut self) {
        self.counting.interrupt();
        self.sentence.clear();
        if let Some(language) = self.language {
            self.resolver.literals(&mut self.running, language);
        }
        if let Some(range) = self.pending.take() {
            let hint = "write `#src()` after the number's word or full stop";
            self.resolver.fault(
                Code::UncitedNumber,
                range,
                "the source of this number is not cited".into(),
                Some(hint.into()),
            );
        }
    }

    fn syntax(&mut self, node: &LinkedNode<'_>) {
        let (errors, _) = node.get().errors_and_warnings();
        let message = errors.first().map_or_else(|| "syntax error".into(), |error| error.message.to_string());
        self.resolver.fault(Code::TypstError, node.range(), message, None);
    }

    fn forbidden(&mut self, node: &LinkedNode<'_>) {
        let message = format!("a narrative may not contain {}", node.kind().name());
        // The most common slip is an id without quotes.
        let in_call = node.parent().is_some_and(|parent| matches!(parent.kind(), SyntaxKind::Args | SyntaxKind::Named));
        let bare =
            [node.clone()].into_iter().chain(node.children()).filter(|part| part.kind() == SyntaxKind::Ident).last();
        let hint = match bare.filter(|_| in_call) {
            Some(word) => format!("put the id in quotes: `\"{}\"`", word.leaf_text()),
            None => "a narrative is text with calls of the documented functions; `#n(…)` prints numbers".to_owned(),
        };
        self.resolver.fault(Code::ForbiddenCode, node.range(), message, Some(hint));
    }
}
