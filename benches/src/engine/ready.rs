//! Engines whose nodes are done at their first poll.

// The settings are the same files for both paces; only the nodes differ.
#![allow(clippy::duplicate_mod)]

#[path = "listeners.rs"]
pub(super) mod listeners;
#[cfg(feature = "signals")]
#[path = "signals.rs"]
pub(super) mod signals;

use crate::rows::ready::{flows, hand};

/// How the table names this pace.
const PACE: &str = "ready";
