//! The one door for generated code. Not part of the public API: it may change in any release.

pub use crate::engine::{Observed, Watched};
pub use crate::graph::{EdgeMode, GraphSpec, NodeKind, NodeSpec, ParamSpec, Vertex, make};
pub use crate::lift::{Lift, Lifted};
pub use crate::policy::step::*;
pub use crate::policy::{BreakerPolicy, CachePolicy, ConcurrencyPolicy, RatePolicy, Timeout};
pub use crate::run::*;
pub use crate::step::{ResourcesFrom, Step, Workflow};
pub use crate::{AnyError, Context, Failure, FailureKind, Prepared, Provides, StepHandle};
#[cfg(all(feature = "dynamic", feature = "collect"))]
pub use inventory;

#[cfg(rust_analyzer)]
#[path = "view.rs"]
pub mod view;

/// Begins step `S` on its executor. Three lifetimes, as resources and inputs of a workflow are invariant in theirs.
#[inline(always)]
pub fn step<S: Step, X: Executor>(
    at: At<'_, X>,
    resources: S::Resources<'_>,
    input: S::Input<'_>,
) -> impl std::future::Future<Output = X::Ended<S>> + Send {
    X::step::<S>(at, input, resources)
}

/// The context of the call at `at`.
pub fn context<X: Executor>(at: At<'_, X>) -> crate::Context {
    X::context(at)
}

/// Says that a call came to its end, before its context goes.
pub fn returned(context: &Context) {
    context.returned();
}

/// A call that leaves the task with its context. The step tells the context when nobody waits any more, also where the call
/// goes on.
pub fn attended<F: std::future::Future + Send>(
    context: Context,
    call: impl FnOnce(Context) -> F,
) -> impl std::future::Future<Output = F::Output> + Send {
    let told = Told(context.token());
    let call = call(context);
    async move {
        let _told = told;
        call.await
    }
}

/// Cancels a token when it goes.
struct Told(crate::CancelToken);

impl Drop for Told {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// The result of step `S`, its error no longer typed.
///
/// # Errors
/// The failure of the step.
#[inline(always)]
pub fn settle<S: Step, X: Executor>(ended: X::Ended<S>, at: At<'_, X>) -> Result<S::Output, Failure> {
    X::settle_any::<S>(ended, at)
}

/// What is said.
pub type Text = String;

/// Says what an error is: its text where it is `Display`, as `(&Says(error)).says()`; the method of the nearer type is taken.
pub struct Says<'e, E>(pub &'e E);

/// What [`Says`] does for an error with a text.
pub trait SaysText {
    /// The text.
    fn says(&self) -> String;
}

impl<E: std::fmt::Display> SaysText for Says<'_, E> {
    fn says(&self) -> String {
        self.0.to_string()
    }
}

/// What [`Says`] does for any other error.
pub trait SaysName {
    /// The text of a type that we know, or the name of the type.
    fn says(&self) -> String;
}

impl<E: 'static> SaysName for &Says<'_, E> {
    fn says(&self) -> String {
        crate::error::describe(self.0)
    }
}

/// Stands for a type parameter in what does not depend on it.
#[derive(Debug)]
pub struct Any;

/// The result of a workflow.
///
/// # Errors
/// The failure that ended it.
#[inline(always)]
pub fn settle_workflow<T, X: Copy>(ended: Result<Result<T, Failure>, Panicked>, at: At<'_, X>) -> Result<T, Failure> {
    match ended {
        Ok(result) => result,
        Err(panicked) => Err(panicked.into_failure(at)),
    }
}
