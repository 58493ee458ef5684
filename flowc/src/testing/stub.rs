use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::run::Panicked;
use crate::step::Step;

/// What can stand in the place of step `S`: a closure that gives the step's `Result`; `Ok(..)` for a node that cannot fail. It is
/// called once for each call of the step. [`counted`] makes one that counts.
pub trait Stub<S: Step>: Send + Sync + 'static {
    /// The result of one call.
    ///
    /// # Errors
    /// The error that the node is to fail with.
    fn call(&self) -> Result<S::Output, S::Error>;
}

impl<S, F> Stub<S> for F
where
    S: Step,
    F: Fn() -> Result<S::Output, S::Error> + Send + Sync + 'static,
{
    fn call(&self) -> Result<S::Output, S::Error> {
        self()
    }
}

/// Counts the calls of a stub; [`counted`] gives it.
#[derive(Debug, Clone, Default)]
pub struct Calls(Arc<AtomicUsize>);

impl Calls {
    /// How often the stub was called.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }
}

/// A stub that counts its calls.
#[derive(Debug)]
pub struct Counted<F> {
    stub: F,
    calls: Calls,
}

impl<S: Step, F: Stub<S>> Stub<S> for Counted<F> {
    fn call(&self) -> Result<S::Output, S::Error> {
        self.calls.0.fetch_add(1, Ordering::AcqRel);
        self.stub.call()
    }
}

/// A stub, and the count of its calls.
pub fn counted<F>(stub: F) -> (Counted<F>, Calls) {
    let calls = Calls::default();
    (Counted { stub, calls: calls.clone() }, calls)
}

/// A stub, its own type no longer known.
pub(crate) struct Stubbed<T, E>(Box<dyn Fn() -> Result<T, E> + Send + Sync>);

impl<T, E> Stubbed<T, E> {
    pub(crate) fn new<S: Step<Output = T, Error = E>>(stub: impl Stub<S>) -> Self {
        Self(Box::new(move || stub.call()))
    }

    /// The result of one call; a panic of the stub is one of the step.
    pub(crate) fn call(&self) -> Result<Result<T, E>, Panicked> {
        catch_unwind(AssertUnwindSafe(|| (self.0)())).map_err(Panicked::new)
    }
}
