//! What a run says when it cannot finish.

mod any;
mod failure;
mod kind;

pub use any::AnyError;
pub use failure::Failure;
pub use kind::FailureKind;
