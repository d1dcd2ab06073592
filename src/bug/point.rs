//! Where a test can plant a panic: in each stage of one country. Outside the tests of this crate there is nothing of it.

/// A stage that has a part for each country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Ingest,
    Validate,
    Summarise,
    Protect,
    Bind,
    Draw,
    Typeset,
    Trace,
    Publish,
}

/// Nothing happens here.
#[cfg(not(test))]
pub(crate) const fn point(_: Stage, _: &str) {}

/// Panics if that is planted here; the message is what nobody may be told.
#[cfg(test)]
#[allow(clippy::panic)]
pub(crate) fn point(stage: Stage, country: &str) {
    let here = format!("{stage:?} {country}");
    if std::env::var(super::tests::PLANTED).is_ok_and(|planted| planted == here) {
        panic!("{} in {here}", super::tests::SECRET);
    }
}
