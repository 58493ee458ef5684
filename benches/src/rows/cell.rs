//! A value that one part of a hand-written task makes and others read: the cheapest that is still honest.

use std::future::poll_fn;
use std::sync::OnceLock;
use std::task::Poll;

/// Written once. Readers in the same task need no waker of their own: the writer wakes the task.
pub(crate) struct Cell<T>(OnceLock<T>);

impl<T> Default for Cell<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Cell<T> {
    pub(crate) const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Puts the value in, and has the task polled again for those that wait for it.
    pub(crate) async fn put(&self, value: T) -> &T {
        let value = self.0.get_or_init(|| value);
        poll_fn(|cx| {
            cx.waker().wake_by_ref();
            Poll::Ready(())
        })
        .await;
        value
    }
}

/// Waits until the value is there.
pub(crate) async fn wait<T>(cell: &Cell<T>) -> &T {
    poll_fn(|_| cell.0.get().map_or(Poll::Pending, Poll::Ready)).await
}
