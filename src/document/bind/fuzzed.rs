//! What holds of every narrative, whatever is in it: one that is accepted has no numeral but in calls, literals and comments. The
//! fuzz targets and the tests ask for it.

use std::sync::Arc;

use typst_syntax::{SyntaxKind, SyntaxNode};

use super::functions::{Role, function};
use super::numbers::Numbers;
use super::resolve::Resolver;
use super::walk;
use crate::diagnostic::{Diagnostics, Source};
use crate::disclosure::protect::Release;
use crate::project::Project;

/// Binds a file as a narrative of the first country in the default language.
///
/// # Errors
/// Where a numeral gets through.
pub(crate) fn of_prose(
    project: &Project,
    release: &Release,
    file: &[u8],
    found: &mut Diagnostics,
) -> Result<(), String> {
    let Some(country) = project.countries.first() else { return Err("there is no country".to_owned()) };
    let source = Arc::new(Source::new("prose.typ", file.to_vec()).of_country(Some(&country.iso3)));
    let released = release.country(&country.iso3);
    let numbers = Numbers::of(released);
    let mut resolver = Resolver::new(project, country, (released, &numbers), &source, found);
    walk::narrative(&source, project.texts.first(), &mut resolver);
    drop(resolver.finish());
    let Some(prose) = std::str::from_utf8(file).ok().filter(|_| !found.failed()) else { return Ok(()) };
    match numeral(&typst_syntax::parse(prose)) {
        Some(leaf) => Err(format!("`{leaf}` is accepted")),
        None => Ok(()),
    }
}

/// The first piece with a numeral that would be printed as it stands.
fn numeral(root: &SyntaxNode) -> Option<String> {
    let mut left = vec![root];
    while let Some(node) = left.pop() {
        match node.kind() {
            SyntaxKind::LineComment | SyntaxKind::BlockComment => {}
            SyntaxKind::FuncCall => left.extend(printed(node)),
            _ if node.children().len() > 0 => left.extend(node.children()),
            _ if node.leaf_text().contains(char::is_numeric) => return Some(node.leaf_text().to_string()),
            _ => {}
        }
    }
    None
}

/// The arguments of a call that are printed as they stand.
fn printed(call: &SyntaxNode) -> impl Iterator<Item = &SyntaxNode> {
    let name = call.children().next().map(|callee| callee.leaf_text().to_string());
    let role = name.and_then(|name| function(&name)).map(|(_, role, _)| role);
    let arguments = call.children().filter(|child| child.kind() == SyntaxKind::Args).flat_map(SyntaxNode::children);
    arguments.filter(move |argument| match argument.kind() {
        SyntaxKind::ContentBlock => role != Some(Role::Literal),
        SyntaxKind::FuncCall => true,
        SyntaxKind::Str | SyntaxKind::Int => {
            matches!(role, Some(Role::Text | Role::Ask | Role::Dated | Role::Changes))
        }
        SyntaxKind::Named => argument.children().next().is_some_and(|name| name.leaf_text() == "owner"),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_that_would_be_printed_are_seen() {
        let found = |prose: &str| numeral(&typst_syntax::parse(prose));
        for prose in ["41", "a \\4", "*b* _c 4_", "#lead[see 41]", "= Act 5", "#lead[#lead[41]]", "#ask(owner: \"Unit 4\")[]"] {
            assert!(found(prose).is_some(), "{prose}");
        }
        for prose in ["none", "// 41\n/* 41 */", "#lit[Act 5]", "#n(\"a\", year: 2007)", "#lead[#n(\"a\", year: 2007)]"]
        {
            assert_eq!(found(prose), None, "{prose}");
        }
    }
}
