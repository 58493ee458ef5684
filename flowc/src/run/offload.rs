//! Nodes that leave the task of the run: `blocking` on a thread for such work, `spawn` in a task of its own.

use std::future::Future;

use tokio::runtime::Handle;
use tokio::task::{JoinError, JoinHandle};

use super::{At, Halt, Panicked};
use crate::error::{Failure, FailureKind};
use crate::trace::{carried, carried_call};

/// Why a call outside the task came to no end.
pub enum Stopped {
    /// It panicked.
    Panicked(Panicked),
    /// There is no runtime that could take it.
    NoRuntime,
    /// The runtime shut down under it.
    ShutDown,
}

impl From<JoinError> for Stopped {
    fn from(error: JoinError) -> Self {
        match error.try_into_panic() {
            Ok(payload) => Self::Panicked(Panicked::new(payload)),
            Err(_) => Self::ShutDown,
        }
    }
}

impl Halt for Stopped {
    #[cold]
    fn into_failure<E, X: Copy>(self, at: At<'_, X>) -> Failure<E> {
        match self {
            Self::Panicked(panicked) => panicked.into_failure(at),
            Self::NoRuntime => at.fail(
                FailureKind::Runtime,
                "a `blocking` or `spawn` node needs a tokio runtime, and none is running here",
            ),
            Self::ShutDown => at.fail(FailureKind::Cancelled, "the runtime shut down while the node was at work"),
        }
    }
}

/// A task that is aborted when nobody waits for it any more. A blocking call that has begun goes on to its end, and its
/// result is dropped; one that still waits for a thread never begins.
struct Leash<T>(JoinHandle<T>);

impl<T> Drop for Leash<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn end<T>(handle: JoinHandle<T>) -> Result<T, Stopped> {
    let mut leash = Leash(handle);
    Ok((&mut leash.0).await?)
}

/// Calls `call` on a thread for blocking work, from the first poll on.
///
/// # Errors
/// It panicked, or there is no runtime that could take it.
#[allow(clippy::manual_async_fn, reason = "an `async fn` cannot promise `Send`")]
pub fn blocking<C, T>(call: C) -> impl Future<Output = Result<T, Stopped>> + Send
where
    C: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    async move {
        let Ok(runtime) = Handle::try_current() else { return Err(Stopped::NoRuntime) };
        end(runtime.spawn_blocking(carried_call(call))).await
    }
}

/// Runs `future` in a task of its own, from the first poll on.
///
/// # Errors
/// It panicked, or there is no runtime that could take it.
#[allow(clippy::manual_async_fn, reason = "an `async fn` cannot promise `Send`")]
pub fn spawn<F>(future: F) -> impl Future<Output = Result<F::Output, Stopped>> + Send
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    async move {
        let Ok(runtime) = Handle::try_current() else { return Err(Stopped::NoRuntime) };
        end(runtime.spawn(carried(future))).await
    }
}
