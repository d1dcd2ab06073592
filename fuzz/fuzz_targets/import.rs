//! Mappings and delivered files.

#![no_main]

libfuzzer_sys::fuzz_target!(init: tipbrief_fuzz::listen(), |file: &[u8]| tipbrief_fuzz::hold(tipbrief::fuzzing::import, file));
