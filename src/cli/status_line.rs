//! The status line, for a person at a terminal who has waited for a while. **indicatif** lives here.

use std::io::IsTerminal;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::progress::Step;
use crate::diagnostic::Format;

/// The status line, for a person at a terminal who has waited for a while.
pub(super) struct StatusLine {
    bar: ProgressBar,
    shown: Option<(Sender<()>, JoinHandle<()>)>,
}

/// How long a run lasts before the status line appears.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the status line moves.
const TICK: Duration = Duration::from_millis(120);

impl StatusLine {
    /// Shown on stderr after a while; never if a program reads stderr.
    pub(super) fn start(format: Format) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if !std::io::stderr().is_terminal() || format.is_for_machines() {
            return Self { bar, shown: None };
        }
        let (sender, receiver) = channel::<()>();
        let shown = bar.clone();
        let thread = std::thread::spawn(move || {
            if receiver.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(TICK);
                // Until the run ends and drops the sender.
                let _ = receiver.recv();
                shown.finish_and_clear();
            }
        });
        Self { bar, shown: Some((sender, thread)) }
    }

    pub(super) fn say(&self, step: Step<'_>) {
        if self.shown.is_none() {
            return;
        }
        let template = if let Some((done, total)) = step.bytes {
            self.bar.set_length(total);
            self.bar.set_position(done);
            "{spinner} {msg} {bar:24} {percent} %"
        } else {
            "{spinner} {msg} ({elapsed})"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        self.bar.set_message(step.message.to_owned());
    }

    /// Takes it off the terminal, before anything else is printed there.
    pub(super) fn end(self) {
        if let Some((sender, thread)) = self.shown {
            drop(sender);
            // How a thread that only draws ended does not matter.
            let _ = thread.join();
        }
    }
}
