//! Sending at once.

use std::future::ready;
use std::task::{Context, Poll, Waker};

use futures_util::future::Either;

/// Begins a sending where it stands. It is polled once, and mostly that is all: a pipe or socket takes a message whole, and no other task
/// has to be woken for it. The rest of one that has to wait is for whoever polls what comes back.
pub(super) fn eagerly<T: Send + 'static>(
    sending: impl Future<Output = T> + Send + 'static,
) -> impl Future<Output = T> + Send + 'static {
    let mut sending = Box::pin(sending);
    // Whoever polls it next leaves a waker of his own, as every future asks for.
    match sending.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(sent) => Either::Left(ready(sent)),
        Poll::Pending => Either::Right(sending),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use tokio::sync::Mutex;

    use super::*;

    #[tokio::test]
    async fn what_need_not_wait_is_done_before_it_is_awaited() {
        let sent = Arc::new(AtomicBool::new(false));
        let there = Arc::clone(&sent);
        let rest = eagerly(async move { there.store(true, Ordering::Relaxed) });
        assert!(sent.load(Ordering::Relaxed));
        rest.await;
    }

    #[tokio::test]
    async fn what_has_to_wait_is_woken() {
        let lock = Arc::new(Mutex::new(1));
        let held = Arc::clone(&lock).lock_owned().await;
        let rest = tokio::spawn(eagerly({
            let lock = Arc::clone(&lock);
            async move { *lock.lock().await }
        }));
        tokio::task::yield_now().await;
        assert!(!rest.is_finished());
        drop(held);
        assert_eq!(rest.await.expect("the task ends"), 1);
    }
}
