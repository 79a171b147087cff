//! Whatever a fuzzer thinks of, through the door that this program is called after.
#![no_main]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../tests/doors/doors.rs"]
mod doors;
#[path = "../tests/support/reference.rs"]
mod reference;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| doors::through(env!("CARGO_BIN_NAME"), bytes));
