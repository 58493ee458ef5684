//! The spans of attempts.
//!
//! A call of a node is over before it is known whether it failed: its result is looked at outside of its future, right after it. So
//! its span is left on this thread for whoever does that.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::Span;
use crate::run::At;

thread_local! {
    static LEFT: RefCell<Option<Span>> = const { RefCell::new(None) };
}

/// Takes the span of the attempt that has just ended; none if there was none.
pub(crate) fn left() -> Span {
    LEFT.try_with(RefCell::take).ok().flatten().unwrap_or_else(Span::none)
}

fn leave(span: Span) {
    // A thread on its way out keeps nothing.
    let _ = LEFT.try_with(|left| left.replace(Some(span)));
}

pin_project! {
    /// One call of a node, inside of a span of its own.
    pub(crate) struct Attempting<'s, X, F> {
        at: At<'s, X>,
        span: Option<Span>,
        #[pin]
        call: Option<F>,
    }

    impl<X, F> PinnedDrop for Attempting<'_, X, F> {
        fn drop(this: Pin<&mut Self>) {
            // Its time was up, or nobody needs it any more.
            let mut this = this.project();
            if let Some(span) = this.span.take() {
                // What it drops goes inside of its span; steps in it take what they leave.
                span.inside(|| this.call.set(None));
                leave(span);
            }
        }
    }
}

/// The call at `at`, inside of a span of its own.
pub(crate) fn attempting<X: Copy, F: Future>(at: At<'_, X>, call: F) -> Attempting<'_, X, F> {
    Attempting { at, span: None, call: Some(call) }
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
            leave(span);
        }
        polled
    }
}
