//! Policies around nodes that are done at their first poll.

// The chains are the same files for both paces; only the nodes differ.
#![allow(clippy::duplicate_mod)]

#[path = "flows.rs"]
mod flows;
#[path = "list.rs"]
mod list;

pub(crate) use list::rows;

use crate::nodes::ready as nodes;

/// How the table names this pace.
const PACE: &str = "ready";
