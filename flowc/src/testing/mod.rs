//! What tests of nodes and workflows need: stubs for steps, and contexts for nodes.

mod context;
mod stub;

pub use context::{TestContext, context};
pub(crate) use stub::{Given, Ready, Slow, Stub};
pub use stub::{StubbedAsyncBy, StubbedBy, fallible, infallible};
