use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::At;
use crate::error::{Failure, FailureKind};

/// What a panic said. It has the size of a box, as every step's result has room for it, though hardly one panics.
pub struct Panicked(Box<str>);

impl Panicked {
    #[cold]
    pub(crate) fn new(payload: Box<dyn Any + Send>) -> Self {
        // The message, if it was text, as that of `panic!` is.
        let other = match payload.downcast::<String>() {
            Ok(text) => return Self(text.into_boxed_str()),
            Err(payload) => match payload.downcast::<&'static str>() {
                Ok(text) => return Self((*text).into()),
                Err(other) => other,
            },
        };
        // Whatever else it carried may panic once more where it is dropped, and that panic may carry such a thing again.
        if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(other))) {
            std::mem::forget(again);
        }
        Self("the panic carried no text".into())
    }

    pub(crate) fn message(&self) -> &str {
        &self.0
    }

    /// The failure of the step at `at`.
    #[cold]
    #[inline(never)]
    pub fn into_failure<E, X: Copy>(self, at: At<'_, X>) -> Failure<E> {
        at.fail(FailureKind::Panic, self.message())
    }
}

pin_project! {
    /// A future whose panic is a value.
    pub struct Guarded<F> {
        #[pin]
        future: F,
    }
}

impl<F> Guarded<F> {
    /// Guards a future.
    #[inline(always)]
    pub fn new(future: F) -> Self {
        Self { future }
    }
}

impl<F: Future> Future for Guarded<F> {
    type Output = Result<F::Output, Panicked>;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let future = self.project().future;
        // The future is never polled again after a panic, so a state broken halfway is never seen.
        match catch_unwind(AssertUnwindSafe(|| future.poll(cx))) {
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(payload) => Poll::Ready(Err(Panicked::new(payload))),
        }
    }
}

/// A sync node as a future: called at the first poll.
pub struct Lazy<C>(Option<C>);

impl<C> Lazy<C> {
    /// Keeps the call for the first poll.
    #[inline(always)]
    pub fn new(call: C) -> Self {
        Self(Some(call))
    }
}

impl<C> Unpin for Lazy<C> {}

impl<T, C: FnOnce() -> T> Future for Lazy<C> {
    type Output = T;

    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        match self.0.take() {
            Some(call) => Poll::Ready(call()),
            None => Poll::Pending,
        }
    }
}
