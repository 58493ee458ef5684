//! Restate.
