//! Tokio's clock, without its panic where there is none.

use std::future::Future;
use std::panic::catch_unwind;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep};

use super::{Refused, TimeLimit};
use crate::error::{Failure, FailureKind};
use crate::run::At;

/// There is no runtime here, or one without a timer.
pub(super) struct NoTimer;

/// The failure of a step that needs a timer where there is none.
#[cold]
pub(super) fn no_timer<E, X: Copy>(at: At<'_, X>) -> Failure<E> {
    at.fail(
        FailureKind::Runtime,
        "`timeout` and `retry` need a tokio runtime with time enabled, and none is running here",
    )
}

/// Why [`within`] gave nothing.
pub(super) enum Late {
    NoTimer,
    Elapsed(Duration),
}

impl Late {
    #[cold]
    pub(super) fn into_failure<E, X: Copy>(self, at: At<'_, X>) -> Failure<E> {
        match self {
            Self::NoTimer => no_timer(at),
            Self::Elapsed(limit) => at.refused(&Refused::TimedOut { limit, which: TimeLimit::Attempt }),
        }
    }
}

/// A wait, from now on.
pub(super) fn sleep(delay: Duration) -> Result<Sleep, NoTimer> {
    if Handle::try_current().is_err() {
        return Err(NoTimer);
    }
    // A runtime says only by a panic that its timer is off.
    catch_unwind(|| tokio::time::sleep(delay)).map_err(|_| NoTimer)
}

/// The clock that [`sleep`] follows. Reading it needs no runtime.
pub(super) fn now() -> Instant {
    Instant::now()
}

/// When `limit` from now is over.
pub(super) fn until(limit: Duration) -> Option<std::time::Instant> {
    now().checked_add(limit).map(Instant::into_std)
}

/// What `future` gives, if it does so in time. With no limit the clock is not touched.
pub(super) async fn within<F: Future>(limit: Option<Duration>, future: F) -> Result<F::Output, Late> {
    let Some(limit) = limit else { return Ok(future.await) };
    let mut timer = pin!(sleep(limit).map_err(|NoTimer| Late::NoTimer)?);
    let mut future = pin!(future);
    std::future::poll_fn(|cx| {
        // The work comes first: what is done in the very moment that its time ends is done.
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(Ok(output));
        }
        timer.as_mut().poll(cx).map(|()| Err(Late::Elapsed(limit)))
    })
    .await
}
