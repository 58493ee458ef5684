//! AI workflows that are checked by the compiler.

mod error;
pub mod graph;
mod prepared;
mod resources;
mod run;
mod step;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use error::{AnyError, Failure, FailureKind};
pub use prepared::Prepared;
pub use resources::Provides;
