//! The shapes with nodes that are done at their first poll.

// The shapes are the same files for both paces; only the nodes differ.
#![allow(clippy::duplicate_mod)]

#[path = "flows.rs"]
pub(crate) mod flows;
#[path = "flows_wide.rs"]
mod flows_wide;
#[path = "hand.rs"]
pub(crate) mod hand;
#[path = "list.rs"]
mod list;
#[cfg(feature = "peers")]
#[path = "../peers/mod.rs"]
mod peers;

pub(crate) use list::rows;

use crate::nodes::ready as nodes;

/// How the table names this pace.
const PACE: &str = "ready";
