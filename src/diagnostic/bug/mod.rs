//! Bugs of this program, which are panics: caught at the edge of the country they happened in, or at the end of the run, and
//! told by their place in the program. What a panic says is told to nobody: it quotes text, and that may be a register's.

mod place;
mod point;

use std::any::Any;
use std::collections::BTreeSet;
use std::fmt;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use point::{ALL, Stage, point};

/// A bug, by the file and line of this program where it showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bug {
    place: String,
}

impl fmt::Display for Bug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is a bug of tipbrief, at {}; please report it with this place", self.place)
    }
}

impl std::error::Error for Bug {}

/// A panic that was heard of: which one it is, where it was, and whether somebody was told.
struct Heard {
    which: Option<Identity>,
    place: String,
    told: bool,
}

/// What tells one panic from another: where its message lies in memory. The message itself is never looked at.
type Identity = (usize, usize);

static HEARD: Mutex<Vec<Heard>> = Mutex::new(Vec::new());

/// Makes every panic, in whatever thread, silent; its place is kept for who catches it.
pub fn listen() {
    set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        // The place is looked for first, so that nobody waits for it.
        let panicked = Heard { which: identity(panic.payload()), place: place::of(panic), told: false };
        heard().push(panicked);
    }));
}

/// Does some work; a panic in it, or in a thread that it waits for, is a bug that is told, and the run goes on.
///
/// What the work was changing is left as the panic found it: it must be whole then, or be dropped.
///
/// # Errors
/// [`Bug`], when it panics.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Bug> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let bug = Bug::of(identity(&*panic));
        // Another message must never lie where this one lay, since that tells them apart.
        std::mem::forget(panic);
        bug
    })
}

/// The bugs that nobody caught, such as those of a thread that nobody waited for.
#[must_use]
pub fn untold() -> Vec<Bug> {
    let heard = heard();
    let places = |told: bool| heard.iter().filter(move |heard| heard.told == told).map(|heard| heard.place.as_str());
    // Two threads may have come to the same place, and one of them was waited for.
    let told: BTreeSet<&str> = places(true).collect();
    let untold: BTreeSet<&str> = places(false).filter(|place| !told.contains(place)).collect();
    untold.into_iter().map(|place| Bug { place: place.to_owned() }).collect()
}

impl Bug {
    /// Panics at several places may say the same constant words; then each of the places is named.
    fn of(which: Option<Identity>) -> Self {
        let mut heard = heard();
        let alike = heard.iter_mut().filter(|heard| which.is_some() && heard.which == which);
        let places: BTreeSet<&str> = alike
            .map(|heard| {
                heard.told = true;
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
