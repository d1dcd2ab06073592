//! How every target runs: a panic that the product catches is none of ours, and of any other its place is printed.

use std::panic::{catch_unwind, set_hook};
use std::process::abort;
use std::sync::Mutex;

static LAST: Mutex<String> = Mutex::new(String::new());

/// Keeps the words of the last panic. libFuzzer's own hook would end the process for a panic that is caught.
pub fn listen() {
    set_hook(Box::new(|panic| {
        if let Ok(mut last) = LAST.lock() {
            *last = panic.to_string();
        }
    }));
}

/// Runs a target, and ends the process with what does not hold.
pub fn hold(target: fn(&[u8]) -> Result<(), String>, file: &[u8]) {
    let message = match catch_unwind(|| target(file)) {
        Ok(Ok(())) => return,
        Ok(Err(why)) => why,
        Err(_) => LAST.lock().map_or_else(|_| "a panic".to_owned(), |last| last.clone()),
    };
    eprintln!("{message}");
    abort();
}
