use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

pin_project! {
    /// A future whose answer is changed once. An async block would do the same, but one that holds what a step takes meets
    /// <https://github.com/rust-lang/rust/issues/100013> with the oldest Rust that is promised.
    pub(crate) struct Then<Fut, Change> {
        #[pin]
        future: Fut,
        change: Option<Change>,
    }
}

impl<Fut, Change> Then<Fut, Change> {
    pub(crate) fn new(future: Fut, change: Change) -> Self {
        Self { future, change: Some(change) }
    }
}

impl<Fut: Future, T, Change: FnOnce(Fut::Output) -> T> Future for Then<Fut, Change> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let this = self.project();
        match this.future.poll(cx) {
            // Nobody polls a future that has answered; the last arm stands for that.
            Poll::Ready(answer) => this.change.take().map_or(Poll::Pending, |change| Poll::Ready(change(answer))),
            Poll::Pending => Poll::Pending,
        }
    }
}
