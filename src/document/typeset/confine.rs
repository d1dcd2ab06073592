//! What a run of Typst may not do: write anywhere, reach a network, take more memory than the policy grants. **landlock**
//! and the process side of **rustix** live here; where the system has neither, the run is only bounded in time.

use std::io;
use std::process::{Child, Command};

/// Starts a command that can write to what it was handed, and to nothing else.
///
/// A thread of its own is confined and starts it: what is started inherits that, and this program stays as it was.
pub(super) fn spawn(command: &mut Command) -> io::Result<Child> {
    std::thread::scope(|scope| {
        let started = scope.spawn(|| {
            apart(command);
            confine_thread();
            command.spawn()
        });
        started.join().unwrap_or_else(|_| Err(io::Error::other("the thread that starts it ended")))
    })
}

/// Ends a run with all that it started.
pub(super) fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = pid(child) {
        // What has ended just now needs no ending.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Holds a run to an amount of memory, in MB.
pub(super) fn bound(child: &Child, megabytes: u64) {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    if let Some(pid) = pid(child) {
        use rustix::process::{Resource, Rlimit, prlimit};
        let bytes = Some(megabytes.saturating_mul(1 << 20));
        // What has ended just now needs no bounds.
        let _ = prlimit(Some(pid), Resource::As, Rlimit { current: bytes, maximum: bytes });
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let _ = (child, megabytes);
}

#[cfg(unix)]
fn pid(child: &Child) -> Option<rustix::process::Pid> {
    i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw)
}

/// A group of its own, so that it can be ended with all that it started.
#[cfg(unix)]
fn apart(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn apart(_: &mut Command) {}

/// Takes from this thread every way to write a file and to open a connection, as far as the kernel can.
#[cfg(target_os = "linux")]
fn confine_thread() {
    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreatedAttr, path_beneath_rules};
    let writing = AccessFs::from_write(ABI::V4);
    let confined = Ruleset::default()
        .handle_access(writing)
        .and_then(|rules| rules.handle_access(AccessNet::from_all(ABI::V4)))
        .and_then(Ruleset::create)
        .and_then(|rules| rules.add_rules(path_beneath_rules(["/dev/null"], AccessFs::WriteFile)))
        .and_then(landlock::RulesetCreated::restrict_self);
    // A kernel without it is no reason to make no brief: nothing that Typst is known to do needs holding back.
    drop(confined);
}

#[cfg(not(target_os = "linux"))]
fn confine_thread() {}
