//! Nodes that are registered without the type of the application: their resources are looked up by type when they are registered.

mod candidate;
#[cfg(feature = "collect")]
mod collected;
mod provided;

pub use candidate::{Candidate, Finds};
#[cfg(feature = "collect")]
pub use collected::{Absent, Collected, Present, Probe};
pub use provided::{Found, Need, Provided, ProvidesAll};
