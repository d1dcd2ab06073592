//! The tracing of PDFs; what is no PDF is drawn on a page of one.

#![no_main]

libfuzzer_sys::fuzz_target!(init: tipbrief_fuzz::listen(), |file: &[u8]| tipbrief_fuzz::hold(tipbrief::fuzzing::pdf, file));
