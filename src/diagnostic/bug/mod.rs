//! Bugs in this program, which are panics. They are caught for the country they happen in, or at the end of the run, and
//! reported by their place in the program. The message of a panic is never shown: it may quote a register.

mod place;
mod point;

use std::any::Any;
use std::collections::BTreeSet;
use std::fmt;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use point::{ALL, Stage, point};

/// A bug, with the file and line of this program where it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bug {
    place: String,
}

impl fmt::Display for Bug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is a bug in tipbrief, at {}; please report it with this place", self.place)
    }
}

impl std::error::Error for Bug {}

/// A panic that happened: which one, where, and whether it was reported.
struct Heard {
    which: Option<Identity>,
    place: String,
    reported: bool,
}

/// Panics are distinguished by the address of their message. The message itself is never read.
type Identity = (usize, usize);

static HEARD: Mutex<Vec<Heard>> = Mutex::new(Vec::new());

/// Makes every panic silent, in all threads, and records its place.
pub fn listen() {
    set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        // The place is found before the lock is taken, so that no other thread waits for it.
        let panicked = Heard { which: identity(panic.payload()), place: place::of(panic), reported: false };
        heard().push(panicked);
    }));
}

/// Runs some work. A panic in it, or in a thread that it waits for, is returned as a bug, so the run can go on.
///
/// What the work was changing is left half done: it must still be usable, or be dropped.
///
/// # Errors
/// [`Bug`], when it panics.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Bug> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let bug = Bug::of(identity(&*panic));
        // The memory is not freed, so that no other message can have the same address.
        std::mem::forget(panic);
        bug
    })
}

/// The bugs that were not caught, such as those in a thread that nothing waited for.
#[must_use]
pub fn unreported() -> Vec<Bug> {
    let heard = heard();
    let places =
        |reported: bool| heard.iter().filter(move |heard| heard.reported == reported).map(|heard| heard.place.as_str());
    // Two threads may panic at the same place, and one of them may have been waited for.
    let reported: BTreeSet<&str> = places(true).collect();
    let unreported: BTreeSet<&str> = places(false).filter(|place| !reported.contains(place)).collect();
    unreported.into_iter().map(|place| Bug { place: place.to_owned() }).collect()
}

impl Bug {
    /// Panics at several places may have the same constant message; then all these places are named.
    fn of(which: Option<Identity>) -> Self {
        let mut heard = heard();
        let alike = heard.iter_mut().filter(|heard| which.is_some() && heard.which == which);
        let places: BTreeSet<&str> = alike
            .map(|heard| {
                heard.reported = true;
                heard.place.as_str()
            })
            .collect();
        let places: Vec<&str> = places.into_iter().collect();
        Self { place: if places.is_empty() { place::UNKNOWN.to_owned() } else { places.join(" or ") } }
    }
}

fn heard() -> MutexGuard<'static, Vec<Heard>> {
    HEARD.lock().unwrap_or_else(PoisonError::into_inner)
}

fn identity(panic: &(dyn Any + Send)) -> Option<Identity> {
    let place = |text: &str| (text.as_ptr().addr(), text.len());
    let text = panic.downcast_ref::<&'static str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).map(place)
}
