//! The one door for generated code. Not part of the public API: it may change in any release.

pub use crate::engine::{Observed, Watched};
pub use crate::graph::{EdgeMode, GraphSpec, NodeKind, NodeSpec, ParamSpec, Vertex, make};
pub use crate::policy::*;
pub use crate::run::*;
pub use crate::step::{ResourcesFrom, Step, Workflow};
pub use crate::{AnyError, Context, Failure, FailureKind, Prepared, Provides, StepHandle};

#[cfg(rust_analyzer)]
pub use crate::view;

/// Begins step `S` on its executor.
#[inline]
pub fn step<'s, S: Step, X: Executor>(
    at: At<'s, X>,
    resources: S::Resources<'s>,
    input: S::Input<'s>,
) -> impl std::future::Future<Output = X::Ended<S>> + Send {
    X::step::<S, _>(at, S::begin::<X>(input, resources, at))
}

/// The result of step `S`, its error no longer typed.
///
/// # Errors
/// The failure of the step.
#[inline]
pub fn settle<S: Step, X: Executor>(ended: X::Ended<S>, at: At<'_, X>) -> Result<S::Output, Failure> {
    match X::settle::<S>(ended, at) {
        Ok(output) => Ok(output),
        Err(failure) => Err(failure.into_any()),
    }
}

/// Stands for a type parameter in what does not depend on it.
#[derive(Debug)]
pub struct Any;

/// The result of a workflow.
///
/// # Errors
/// The failure that ended it.
#[inline]
pub fn settle_workflow<T, X: Copy>(ended: Result<Result<T, Failure>, Panicked>, at: At<'_, X>) -> Result<T, Failure> {
    match ended {
        Ok(result) => result,
        Err(panicked) => Err(panicked.into_failure(at)),
    }
}
