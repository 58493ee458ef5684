//! The locks and atomics of what is shared between tasks. A build that checks them swaps the types here, in one place.

pub(crate) use std::sync::{Mutex, MutexGuard};

use std::sync::PoisonError;

pub(crate) mod atomic {
    pub(crate) use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
}

/// Locks, also after somebody panicked while holding the lock: what we keep under a lock is whole between any two statements.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
