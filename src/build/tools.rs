//! The programs at work: which Typst, and whether they are those that made what is there.

use std::path::Path;
use std::thread::JoinHandle;

use anyhow::{Result, anyhow};

use crate::publish::Stamp;
use crate::typeset::Typst;

/// Typst, and what is known of what is there.
pub(crate) struct Tools {
    pub(crate) typst: Typst,
    pub(crate) stamp: Stamp,
    /// Whether the documents that are there were made by the same programs.
    pub(crate) known: bool,
}

impl Tools {
    /// Looks for them while something else is done: a program that is not known yet is read whole.
    pub(crate) fn look(root: &Path) -> JoinHandle<Result<Self>> {
        let root = root.to_owned();
        std::thread::spawn(move || {
            let mut stamp = Stamp::read(&root);
            let typst = Typst::find(&root, &mut |program| stamp.version(program))?;
            let known = stamp.recognise(&typst);
            Ok(Self { typst, stamp, known })
        })
    }

    /// What was found.
    ///
    /// # Errors
    /// When there is no Typst.
    pub(crate) fn found(looking: JoinHandle<Result<Self>>) -> Result<Self> {
        looking.join().map_err(|_| anyhow!("looking for Typst ended before its time"))?
    }
}
