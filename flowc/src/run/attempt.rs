//! One call of a node.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::error::Failure;

pin_project! {
    /// One call of a node: each attempt of a step that is retried, or its only one.
    pub(crate) struct Attempt<F, E> {
        #[pin]
        call: F,
        error: PhantomData<fn() -> E>,
    }
}

/// A call that nothing stands around.
pub(crate) fn attempted<F, E>(call: F) -> Attempt<F, E> {
    Attempt { call, error: PhantomData }
}

impl<F: Future, E> Future for Attempt<F, E> {
    type Output = Result<F::Output, Failure<E>>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().call.poll(task).map(Ok)
    }
}
