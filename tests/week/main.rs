//! Who answers when: the week against the very deciding it is told of, on random tables, and on days that
//! are out of the ordinary.
//!
//! `PROPTEST_CASES=10000 cargo test --test week` looks at as many tables.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod days;
mod random;
mod shown;
