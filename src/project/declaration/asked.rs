//! Holds the readers to the descriptions of their keys, in tests: a key that is asked for and not described fails the test that
//! asks, with what to write; the keys that are described and never asked for are listed.

use super::keys::{Holds, Keys};

/// How a reader asks for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Text,
    Texts,
    Integer,
    Switch,
    Scalar,
    Day,
    Table,
    Tables,
    Items,
    Shape,
}

#[cfg(test)]
thread_local! {
    static SEEN: std::cell::RefCell<std::collections::BTreeSet<(usize, String)>> = std::cell::RefCell::default();
}

/// Fails a test whose reader asks for a key that its table does not describe, or describes otherwise.
pub(super) fn hold(keys: Option<&'static Keys>, name: &str, how: Asked) {
    if cfg!(test)
        && let Some(keys) = keys
    {
        let described = keys.key(name).map(|key| key.holds);
        assert!(
            described.is_some_and(|holds| fits(holds, how)),
            "the reader of `{}` asks for `{name}` as {how:?}, and its description says {described:?}.\nWrite a line into the `Keys` \
             of that table, beside its reader in src/project/, such as\n    keys::text(\"{name}\").says(\"What it is for.\")\
             .example(\"\\\"…\\\"\"),\nthen run `BLESS=1 cargo test --release --locked reference` (CONTRIBUTING.md, “A key of a declaration”)",
            keys.head
        );
        see(keys, name);
    }
}

/// The same for a reader that takes the texts of every table that was not read yet.
pub(super) fn hold_nested(keys: Option<&'static Keys>) {
    let nested = |keys: &'static Keys| keys.named().filter(|key| matches!(key.holds, Holds::Nested));
    keys.into_iter().for_each(|keys| nested(keys).for_each(|key| see(keys, key.name)));
}

/// Whether what is described is what is asked for.
fn fits(holds: Holds, how: Asked) -> bool {
    match holds {
        Holds::Text(_) => matches!(how, Asked::Text | Asked::Shape),
        Holds::Texts(_) | Holds::SomeTexts(_) => how == Asked::Texts,
        Holds::Integer(..) => matches!(how, Asked::Integer | Asked::Shape),
        Holds::Switch => matches!(how, Asked::Switch | Asked::Shape),
        Holds::Scalar | Holds::Scalars => matches!(how, Asked::Scalar | Asked::Shape),
        Holds::Day => how == Asked::Day,
        Holds::Table(_) => matches!(how, Asked::Table | Asked::Shape),
        Holds::Tables(_) => how == Asked::Tables,
        Holds::Items(_) => how == Asked::Items,
        Holds::Nested => how == Asked::Shape,
        Holds::Either(several) => matches!(how, Asked::Shape | Asked::Scalar) && several.len() > 1,
    }
}

#[cfg(not(test))]
fn see(_: &'static Keys, _: &str) {}

#[cfg(test)]
fn see(keys: &'static Keys, name: &str) {
    SEEN.with_borrow_mut(|seen| seen.insert((std::ptr::from_ref(keys).addr(), name.to_owned())));
}

/// The keys of a table that are described, and that no reader of this thread has asked for.
#[cfg(test)]
pub fn unasked(keys: &'static Keys) -> Vec<&'static str> {
    let own = std::ptr::from_ref(keys).addr();
    let seen = |name: &str| SEEN.with_borrow(|seen| seen.contains(&(own, name.to_owned())));
    keys.named().map(|key| key.name).filter(|name| !seen(name)).collect()
}
