//! A program that is started for us: ended with all that it started, its pipes read to a limit, its end awaited until a moment.
//! The process side of **rustix** lives here.

use std::io::Read;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Ends a program with all that it started.
pub(crate) fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = pid(child) {
        // What has ended just now needs no ending.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(unix)]
pub(super) fn pid(child: &Child) -> Option<rustix::process::Pid> {
    i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw)
}

/// A group of its own, so that it can be ended with all that it started.
#[cfg(unix)]
pub(crate) fn apart(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
pub(crate) fn apart(_: &mut Command) {}

/// Reads a pipe to its end, but at most one byte more than `most`.
pub(crate) fn read(pipe: Option<impl Read + Send + 'static>, most: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // If the pipe breaks, the exit status or the missing end shows it.
            let _ = pipe.take(most + 1).read_to_end(&mut bytes);
        }
        // When the time is over, nobody receives it any more.
        let _ = sender.send(bytes);
    });
    receiver
}

/// What was read of a pipe; none if the moment comes first.
pub(crate) fn receive(pipe: &Receiver<Vec<u8>>, until: Instant) -> Option<Vec<u8>> {
    pipe.recv_timeout(until.saturating_duration_since(Instant::now())).ok()
}

/// Waits for the exit status: a program that has closed both pipes is about to end, or hangs.
pub(crate) fn wait(child: &mut Child, until: Instant) -> Option<ExitStatus> {
    let mut pause = Duration::from_micros(50);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < until => std::thread::sleep(pause),
            _ => return None,
        }
        pause = (pause * 2).min(Duration::from_millis(16));
    }
}
