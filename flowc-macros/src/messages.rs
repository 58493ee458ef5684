//! Every text that a user reads, and nothing else. Lower case, no final dot, backticks around code, the way out as `help:`.

pub(crate) mod node;
pub(crate) mod options;
pub(crate) mod resources;
pub(crate) mod workflow;
