//! The spans of attempts.
//!
//! A call of a node is over before it is known whether it failed: its result is looked at outside of its future. So its span is
//! left for the step that made the call, which is being polled on this thread, and the step says how it ended.

use std::cell::RefCell;
use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::Span;
use crate::error::FailureKind;
use crate::run::At;

thread_local! {
    static LEFT: RefCell<Option<Ended>> = const { RefCell::new(None) };
}

/// The attempt that ended since the step around it was polled, if one did.
#[derive(Debug)]
pub(crate) struct Left(Option<Ended>);

/// The span of an attempt that is over, and the type of the node's error.
#[derive(Debug)]
struct Ended(Span, &'static str);

/// Takes the attempt that was left by what was polled last.
pub(crate) fn left() -> Left {
    Left(LEFT.try_with(RefCell::take).ok().flatten())
}

fn leave(ended: Ended) {
    // A thread on its way out keeps nothing.
    let _ = LEFT.try_with(|left| left.replace(Some(ended)));
}

impl Left {
    pub(crate) fn done(&self) {
        if let Some(Ended(span, _)) = &self.0 {
            span.done();
        }
    }

    pub(crate) fn cancelled(&self) {
        if let Some(Ended(span, _)) = &self.0 {
            span.cancelled();
        }
    }

    pub(crate) fn failed(&self, kind: FailureKind, error: &dyn Display) {
        if let Some(Ended(span, class)) = &self.0 {
            span.failed_by(kind, class, error);
        }
    }
}

pin_project! {
    /// One call of a node, inside of a span of its own.
    pub(crate) struct Attempting<'s, X, F> {
        at: At<'s, X>,
        class: &'static str,
        span: Option<Span>,
        #[pin]
        call: Option<F>,
    }

    impl<X, F> PinnedDrop for Attempting<'_, X, F> {
        fn drop(this: Pin<&mut Self>) {
            // Its time was up, or nobody needs it any more: the step knows.
            let mut this = this.project();
            if let Some(span) = this.span.take() {
                // What it drops goes inside of its span; steps in it take what they left.
                span.inside(|| this.call.set(None));
                leave(Ended(span, this.class));
            }
        }
    }
}

/// The call at `at`, inside of a span of its own; `E` is the error of the node.
pub(crate) fn attempting<E, X: Copy, F: Future>(at: At<'_, X>, call: F) -> Attempting<'_, X, F> {
    Attempting { at, class: std::any::type_name::<E>(), span: None, call: Some(call) }
}

impl<X: Copy, F: Future> Future for Attempting<'_, X, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let Some(call) = this.call.as_pin_mut() else { return Poll::Pending };
        // A call inside of a call whose policies are applied further out is one attempt, and that has its span.
        if this.at.is_bare() {
            return call.poll(task);
        }
        let at = *this.at;
        let span = this.span.get_or_insert_with(|| Span::attempt(at));
        let polled = span.inside(|| call.poll(task));
        if let Some(span) = this.span.take_if(|_| polled.is_ready()) {
            leave(Ended(span, this.class));
        }
        polled
    }
}
