//! Tokio's clock, without its panic where there is none.

use std::panic::catch_unwind;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep};

/// There is no runtime here, or one without a timer.
pub(crate) struct NoTimer;

/// A wait, from now on.
pub(crate) fn sleep(delay: Duration) -> Result<Sleep, NoTimer> {
    if Handle::try_current().is_err() {
        return Err(NoTimer);
    }
    // A runtime says only by a panic that its timer is off.
    catch_unwind(|| tokio::time::sleep(delay)).map_err(|_| NoTimer)
}

/// The clock that [`sleep`] follows. Reading it needs no runtime.
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// When `limit` from now is over.
pub(crate) fn until(limit: Duration) -> Option<std::time::Instant> {
    now().checked_add(limit).map(Instant::into_std)
}
