//! The disclosure rules with their parameters, and the limits on a run of Typst.

use std::time::Duration;

use crate::diagnostic::{Code, Diagnostic};
use crate::project::declaration::keys::{self, Keys};
use crate::project::declaration::{Declaration, Located};
use crate::project::late::{LATE, Late};

/// The keys of `[disclosure]`.
pub static DISCLOSURE: Keys = Keys::of(
    "[disclosure]",
    "What protects the persons of confidential registers.",
    &[
        keys::integer("threshold", Some(LEAST_THRESHOLD.cast_signed()), None)
            .else_number(CTDC_K.cast_signed())
            .says("A number of a register that counts one person or more, and fewer than this, is withheld. Each document states a \
                   threshold lower than 11.")
            .example("11"),
        keys::switch("zeros_sensitive").says("Whether a zero of a register is withheld like a small number.").example("true"),
        keys::one_of(
            "weights",
            &[("counts", "small numbers rather than large ones"), ("cells", "as few numbers as possible")],
        )
        .else_text("counts")
        .says("Which further numbers are withheld, so that nobody can work out the small ones.")
        .example("\"cells\""),
        keys::one_of(
            "publications",
            &[
                ("as_published", "they are printed unchanged, with a warning"),
                ("protect", "more of their numbers are withheld, until none of those follows"),
            ],
        )
        .else_text("as_published")
        .says("What is done about a publication that withholds a number which follows from others that it prints.")
        .example("\"protect\""),
        keys::table("late", &LATE).says("When a year of a register closes, and what is told of cases that come later."),
    ],
);

/// The keys of `[limits]`.
pub static LIMITS: Keys = Keys::of(
    "[limits]",
    "What one run of Typst, or of an engine, may use.",
    &[
        keys::integer("typst_seconds", Some(1), None)
            .else_number(TYPST_SECONDS.cast_signed())
            .says("After so many seconds Typst is stopped; a brief takes one.")
            .example("120"),
        keys::integer("typst_megabytes", Some(1), None)
            .else_number(TYPST_MEGABYTES.cast_signed())
            .says("How much memory Typst may use, in MB, on systems that can limit it.")
            .example("4096"),
        keys::integer("engine_seconds", Some(1), None)
            .else_number(ENGINE_SECONDS.cast_signed())
            .says("After so many seconds an engine that counts a register is stopped.")
            .example("3600"),
        keys::one_of(
            "typst_confinement",
            &[
                ("where_possible", "Typst is confined as far as the system can, with a warning where that is not all"),
                ("required", "nothing is built where the system cannot confine Typst in full"),
            ],
        )
        .else_text("where_possible")
        .says("Whether Typst may run where the system cannot keep it from files and networks.")
        .example("\"required\""),
    ],
);

const TYPST_SECONDS: u64 = 120;
const TYPST_MEGABYTES: u64 = 4096;
const ENGINE_SECONDS: u64 = 3600;

/// The disclosure policy of a project, from `[disclosure]` in `report.toml`.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// The threshold T of the minimum frequency rule: a register cell of 1 to T−1 units is sensitive.
    pub threshold: u64,
    /// Whether a zero is as sensitive as a small number.
    pub zeros_sensitive: bool,
    /// Which cells are withheld first.
    pub weights: Weights,
    /// How to treat publications whose printed numbers reveal what they withhold.
    pub publications: Publications,
    /// When years of registers close, and what is told of later cases.
    pub late: Late,
}

/// How to treat a publication that withholds a number which follows from others that it prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publications {
    /// Print it as it was published, with a warning.
    AsPublished,
    /// Withhold more of its numbers, until none of those withheld follows from the others.
    Protect,
}

/// The cost of a withheld cell: the information that is lost with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// The same for each cell, so that as few cells as possible are withheld.
    Cells,
    /// Its count, so that the smallest counts are withheld.
    Counts,
}

/// The Counter Trafficking Data Collaborative's k: no group of its public data holds fewer than 11 people.
const CTDC_K: u64 = 11;

/// A lower threshold protects nobody.
pub const LEAST_THRESHOLD: u64 = 3;

impl Default for Policy {
    fn default() -> Self {
        Self {
            threshold: CTDC_K,
            zeros_sensitive: false,
            weights: Weights::Counts,
            publications: Publications::AsPublished,
            late: Late::default(),
        }
    }
}

impl Policy {
    /// The threshold as an `i64`.
    #[must_use]
    pub fn threshold_units(&self) -> i64 {
        i64::try_from(self.threshold).unwrap_or(i64::MAX)
    }

    /// The base to which late cases are rounded.
    #[must_use]
    pub fn base(&self) -> i64 {
        self.late.base(self.threshold_units())
    }

    /// Whether it protects less than the default.
    #[must_use]
    pub fn is_lowered(&self) -> bool {
        self.threshold < CTDC_K
    }

    /// Reads `[disclosure]`, and where the base of late cases is declared.
    #[must_use]
    pub fn read(mut declaration: Declaration<'_>) -> (Self, Option<Located<i64>>) {
        let (mut policy, mut base) = (Self::default(), None);
        if let Some(threshold) = declaration.integer("threshold") {
            match u64::try_from(threshold.value) {
                Ok(value) if value >= LEAST_THRESHOLD => policy.threshold = value,
                _ => declaration.fault(
                    Diagnostic::error(
                        Code::InvalidValue,
                        threshold.span,
                        format!(
                            "a threshold of {} protects nobody; at least {LEAST_THRESHOLD} is expected",
                            threshold.value
                        ),
                    )
                    .hint("the Counter Trafficking Data Collaborative uses 11"),
                ),
            }
        }
        policy.zeros_sensitive = declaration.boolean("zeros_sensitive");
        if let Some(weights) = declaration.text("weights") {
            match weights.value.as_str() {
                "cells" => policy.weights = Weights::Cells,
                "counts" => policy.weights = Weights::Counts,
                other => declaration.fault(
                    Diagnostic::error(
                        Code::InvalidValue,
                        weights.span,
                        format!("`{other}` is not a way to weigh cells"),
                    )
                    .hint("write `cells` to withhold as few as possible, or `counts` to withhold small counts"),
                ),
            }
        }
        if let Some(publications) = declaration.text("publications") {
            match publications.value.as_str() {
                "as_published" => policy.publications = Publications::AsPublished,
                "protect" => policy.publications = Publications::Protect,
                other => {
                    let message = format!("`{other}` is not a way to treat publications");
                    let fault = Diagnostic::error(Code::InvalidValue, publications.span, message);
                    declaration.fault(fault.hint(
                        "write `as_published` to print them unchanged, or `protect` to withhold more of their numbers",
                    ));
                }
            }
        }
        if let Some(late) = declaration.table("late") {
            (policy.late, base) = Late::read(late, policy.threshold_units());
        }
        declaration.finish();
        (policy, base)
    }
}

/// Whether Typst may run on a system that cannot confine it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confinement {
    /// It is confined as far as the system can, with a warning where that is not all.
    WherePossible,
    /// It is not started unless it is confined in full.
    Required,
}

/// What one run of Typst, or of an engine's client, may use: `[limits]` in `report.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// It is stopped after this time; a brief takes a second.
    pub time: Duration,
    /// How much memory it may use, in MB, on systems that can limit it.
    pub megabytes: u64,
    /// Whether it may run where the system cannot keep it from files and networks.
    pub confinement: Confinement,
    /// An engine that counts a register is stopped after this time.
    pub engine_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(TYPST_SECONDS),
            megabytes: TYPST_MEGABYTES,
            confinement: Confinement::WherePossible,
            engine_time: Duration::from_secs(ENGINE_SECONDS),
        }
    }
}

impl Limits {
    /// Reads `[limits]`.
    #[must_use]
    pub fn read(mut declaration: Declaration<'_>) -> Self {
        let mut limits = Self::default();
        if let Some(seconds) = positive(&mut declaration, "typst_seconds") {
            limits.time = Duration::from_secs(seconds);
        }
        if let Some(megabytes) = positive(&mut declaration, "typst_megabytes") {
            limits.megabytes = megabytes;
        }
        if let Some(seconds) = positive(&mut declaration, "engine_seconds") {
            limits.engine_time = Duration::from_secs(seconds);
        }
        if let Some(confinement) = declaration.text("typst_confinement") {
            match confinement.value.as_str() {
                "where_possible" => limits.confinement = Confinement::WherePossible,
                "required" => limits.confinement = Confinement::Required,
                other => {
                    let message = format!("`{other}` is not a way to confine Typst");
                    let fault = Diagnostic::error(Code::InvalidValue, confinement.span, message);
                    declaration.fault(fault.hint(
                        "write `where_possible` to build on any system, or `required` to build only where it is confined",
                    ));
                }
            }
        }
        declaration.finish();
        limits
    }
}

/// A number above zero.
fn positive(declaration: &mut Declaration<'_>, key: &'static str) -> Option<u64> {
    let stated = declaration.integer(key)?;
    let value = u64::try_from(stated.value).ok().filter(|value| *value > 0);
    if value.is_none() {
        let message = format!("`{key}` is {}; a number above 0 is expected", stated.value);
        declaration.fault(Diagnostic::error(Code::InvalidValue, stated.span, message));
    }
    value
}
