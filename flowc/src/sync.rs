//! The locks and atomics of what is shared between tasks. A build that checks them (`cargo xtask shuttle`) swaps the types here, in one
//! place, for those of shuttle, which tries out one order of steps after another.

#[cfg(not(flowc_shuttle))]
pub(crate) use std::sync::{Mutex, MutexGuard};

#[cfg(flowc_shuttle)]
pub(crate) use shuttle::sync::{Mutex, MutexGuard};

use std::sync::PoisonError;

#[cfg(not(flowc_shuttle))]
pub(crate) mod atomic {
    pub(crate) use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
}

#[cfg(flowc_shuttle)]
pub(crate) mod atomic {
    pub(crate) use shuttle::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
}

/// Locks, also after somebody panicked while holding the lock: what we keep under a lock is whole between any two statements.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
