//! AI workflows that are checked by the compiler.

mod context;
mod error;
mod event;
pub mod graph;
mod id;
mod policy;
mod prepared;
mod resources;
mod run;
mod step;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use context::Context;
pub use error::{AnyError, Failure, FailureKind};
pub use event::{Chunk, Event, EventKind};
pub use id::{ParseRunIdError, RunId};
pub use flowc_macros::{Resources, node};
pub use prepared::Prepared;
pub use resources::Provides;
