//! The programs in use: which Typst, and whether the same programs made the previous output.

use std::path::Path;
use std::thread::JoinHandle;

use anyhow::{Result, anyhow};

use crate::delivery::publish::Stamp;
use crate::diagnostic::Diagnostic;
use crate::document::typeset::{Typst, decide, held};
use crate::project::policy::Limits;

/// Typst, and what is known about the previous output.
pub(crate) struct Tools {
    pub(crate) typst: Typst,
    /// That the system does not confine Typst in full.
    pub(crate) unconfined: Option<Diagnostic>,
    stamp: Known,
}

/// What is known about the previous output; if there is none, only the programs, as soon as they are read.
enum Known {
    Now { stamp: Stamp, same: bool },
    Later(JoinHandle<Stamp>),
}

impl Tools {
    /// Looks for them in the background: an unknown program is read completely.
    ///
    /// No Typst is started, not even for its version, on a system that confines it less than the limits ask for.
    pub(crate) fn look(root: &Path, limits: Limits, mut stamp: Stamp) -> JoinHandle<Result<Self>> {
        let root = root.to_owned();
        std::thread::spawn(move || {
            let unconfined = decide(held(), limits.confinement)?;
            let typst = Typst::find(&root, limits, &mut |program| stamp.version(program))?;
            let recognised = typst.clone();
            let recognise = move |mut stamp: Stamp| {
                let same = stamp.recognise(&recognised);
                (stamp, same)
            };
            let stamp = if stamp.is_empty() {
                Known::Later(std::thread::spawn(move || recognise(stamp).0))
            } else {
                let (stamp, same) = recognise(stamp);
                Known::Now { stamp, same }
            };
            Ok(Self { typst, unconfined, stamp })
        })
    }

    /// What was found.
    ///
    /// # Errors
    /// When there is no Typst, or it may not be started here.
    pub(crate) fn found(looking: JoinHandle<Result<Self>>) -> Result<Self> {
        looking.join().map_err(|_| anyhow!("the search for Typst crashed"))?
    }

    /// Whether the same programs made the previous documents.
    pub(crate) fn known(&self) -> bool {
        matches!(self.stamp, Known::Now { same: true, .. })
    }

    /// How the previous output was made, if that is known.
    pub(crate) fn before(&self) -> Option<&Stamp> {
        match &self.stamp {
            Known::Now { stamp, .. } => Some(stamp),
            Known::Later(_) => None,
        }
    }

    /// Typst, and the stamp for the next build to know.
    pub(crate) fn stamp(self) -> Result<(Typst, Stamp)> {
        let stamp = match self.stamp {
            Known::Now { stamp, .. } => stamp,
            Known::Later(reading) => reading.join().map_err(|_| anyhow!("a program could not be read completely"))?,
        };
        Ok((self.typst, stamp))
    }
}
