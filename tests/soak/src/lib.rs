//! Runs by the thousand, disturbed by chaos, and each of them compared with what was done to it.
//!
//! [`flows`] are the workflows: what they give follows from their input and from the failures that they catch. [`play`] starts them, many at
//! a time, and keeps what each did. [`check`] says whether that can have come from the faults that chaos reports, and from nothing else.

#![allow(clippy::type_complexity, reason = "a table of flows says what it holds")]

pub mod check;
pub mod flows;
pub mod play;
