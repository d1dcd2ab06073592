//! What is seen of a panic that is planted in one stage of one country: the whole program, run as a child of these tests.

/// The stage and the country that panic.
pub(super) const PLANTED: &str = "TIPBRIEF_PLANTED";
/// What the panic says.
pub(super) const SECRET: &str = "these words are of a register";
