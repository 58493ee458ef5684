//! AI workflows that are checked by the compiler.

mod context;
mod editor;
mod engine;
mod error;
mod event;
pub mod graph;
mod id;
mod policy;
mod prepared;
mod resources;
mod run;
mod step;
#[cfg(feature = "testing")]
pub mod testing;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use context::Context;
pub use engine::{
    Builder, Ended, Engine, Events, NeedsResources, Ready, Run, RunState, RunStatus, StepHandle, StepState, StepStatus,
    Watch,
};
pub use error::{AnyError, Failure, FailureKind};
pub use event::{Chunk, Event, EventKind};
pub use flowc_macros::{Resources, node, workflow};
pub use id::{ParseRunIdError, RunId};
pub use prepared::{Correlation, CorrelationId, Prepared};
pub use resources::Provides;
