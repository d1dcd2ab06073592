//! What a run of Typst may not do: write anywhere, reach a network, take more memory than the policy grants. **landlock**
//! and the process side of **rustix** live here; where the system has neither, the run is only bounded in time.

use std::path::Path;
use std::process::{Child, Command};

use anyhow::{Result, anyhow};

use super::child::apart;
use super::confinement::{Held, decide};
use crate::project::policy::Confinement;

/// Starts a command that can write to what it was handed and to the one file that it may write, if there is one, and to nothing
/// else, as far as the system can see to it. That file must be there.
///
/// A thread of its own is confined and starts it: what is started inherits that, and this program stays as it was.
///
/// # Errors
/// When the system confines it less than is asked for: it is not started then. When it cannot be started.
pub(super) fn spawn(command: &mut Command, asked: Confinement, writes: Option<&Path>) -> Result<Child> {
    std::thread::scope(|scope| {
        let started = scope.spawn(|| {
            apart(command);
            // The build has warned already; here it counts that nothing starts with less than is asked for.
            decide(confine_thread(writes), asked)?;
            Ok(command.spawn()?)
        });
        started.join().unwrap_or_else(|_| Err(anyhow!("the thread that starts it ended")))
    })
}

/// What this system keeps Typst from, tried on a thread that does nothing else.
#[must_use]
pub fn held() -> Held {
    std::thread::spawn(|| confine_thread(None)).join().unwrap_or(Held::NOTHING)
}

/// Holds a run to an amount of memory, in MB.
pub(super) fn bound(child: &Child, megabytes: u64) {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    if let Some(pid) = super::child::pid(child) {
        use rustix::process::{Resource, Rlimit, prlimit};
        let bytes = Some(megabytes.saturating_mul(1 << 20));
        // What has ended just now needs no bounds.
        let _ = prlimit(Some(pid), Resource::As, Rlimit { current: bytes, maximum: bytes });
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let _ = (child, megabytes);
}

/// Takes from this thread every way to write any file but one and to open a connection, as far as the kernel can.
#[cfg(target_os = "linux")]
fn confine_thread(writes: Option<&Path>) -> Held {
    Held { files: landlocked::files(writes), network: landlocked::network() }
}

#[cfg(not(target_os = "linux"))]
fn confine_thread(_: Option<&Path>) -> Held {
    Held::NOTHING
}

#[cfg(target_os = "linux")]
mod landlocked {
    use std::path::Path;

    use landlock::{
        ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError,
        RulesetStatus, path_beneath_rules,
    };

    use crate::document::typeset::confinement::Hold;

    /// Each prohibition is a set of rules of its own, so that the kernel answers for each.
    pub(super) fn files(writes: Option<&Path>) -> Hold {
        let rules = Ruleset::default().handle_access(AccessFs::from_write(ABI::V4)).and_then(Ruleset::create);
        let null = || path_beneath_rules(["/dev/null"], AccessFs::WriteFile);
        let own = || path_beneath_rules(writes, AccessFs::WriteFile | AccessFs::Truncate);
        enforced(rules.and_then(|rules| rules.add_rules(null())).and_then(|rules| rules.add_rules(own())))
    }

    pub(super) fn network() -> Hold {
        enforced(Ruleset::default().handle_access(AccessNet::from_all(ABI::V4)).and_then(Ruleset::create))
    }

    fn enforced(rules: Result<RulesetCreated, RulesetError>) -> Hold {
        match rules.and_then(RulesetCreated::restrict_self).map(|status| status.ruleset) {
            Ok(RulesetStatus::FullyEnforced) => Hold::Full,
            Ok(RulesetStatus::PartiallyEnforced) => Hold::Partial,
            Ok(RulesetStatus::NotEnforced) | Err(_) => Hold::Off,
        }
    }
}
