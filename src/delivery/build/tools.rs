//! The programs at work: which Typst, and whether they are those that made what is there.

use std::path::Path;
use std::thread::JoinHandle;

use anyhow::{Result, anyhow};

use crate::delivery::publish::Stamp;
use crate::document::typeset::Typst;

/// Typst, and what is known of what is there.
pub(crate) struct Tools {
    pub(crate) typst: Typst,
    stamp: Known,
}

/// What is known of what is there: all of it, or, where nothing is there, the programs as soon as they are read.
enum Known {
    Now { stamp: Stamp, same: bool },
    Later(JoinHandle<Stamp>),
}

impl Tools {
    /// Looks for them while something else is done: a program that is not known yet is read whole.
    pub(crate) fn look(root: &Path, mut stamp: Stamp) -> JoinHandle<Result<Self>> {
        let root = root.to_owned();
        std::thread::spawn(move || {
            let typst = Typst::find(&root, &mut |program| stamp.version(program))?;
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
            Ok(Self { typst, stamp })
        })
    }

    /// What was found.
    ///
    /// # Errors
    /// When there is no Typst.
    pub(crate) fn found(looking: JoinHandle<Result<Self>>) -> Result<Self> {
        looking.join().map_err(|_| anyhow!("looking for Typst ended before its time"))?
    }

    /// Whether the documents that are there were made by the same programs.
    pub(crate) fn known(&self) -> bool {
        matches!(self.stamp, Known::Now { same: true, .. })
    }

    /// How what is there was made, if that is known.
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
            Known::Later(reading) => reading.join().map_err(|_| anyhow!("a program could not be read to its end"))?,
        };
        Ok((self.typst, stamp))
    }
}
