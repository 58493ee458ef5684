//! The macros of flowc. Use them through the crate `flowc-engine`, which re-exports them.

mod diag;
mod messages;
mod span;
