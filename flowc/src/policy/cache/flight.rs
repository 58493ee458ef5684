//! Single flight: of all who want the same result at the same time, one computes it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::sync::{Mutex, lock};

/// One result that is being computed.
pub(super) struct Flight<V> {
    /// Whose turn it is to compute. Closed when there is a result.
    turn: Semaphore,
    value: Mutex<Option<Arc<V>>>,
}

impl<V> Flight<V> {
    fn new() -> Self {
        Self { turn: Semaphore::new(1), value: Mutex::new(None) }
    }

    /// Waits for the turn to compute, first come, first served; none once there is a result.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turn.acquire().await.ok()
    }

    pub(super) fn value(&self) -> Option<Arc<V>> {
        lock(&self.value).clone()
    }

    /// There is a result: all who wait get it.
    pub(super) fn land(&self, value: Arc<V>) {
        *lock(&self.value) = Some(value);
        self.turn.close();
    }
}

/// What is being computed now, and by how many it is wanted.
pub(super) struct Flights<K, V>(HashMap<K, (Arc<Flight<V>>, usize)>);

impl<K, V> Default for Flights<K, V> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Hash + Eq + Clone, V> Flights<K, V> {
    /// Joins the flight for a key, the first one makes it.
    pub(super) fn board(&mut self, key: &K) -> Arc<Flight<V>> {
        if let Some((flight, aboard)) = self.0.get_mut(key) {
            *aboard += 1;
            return flight.clone();
        }
        let flight = Arc::new(Flight::new());
        self.0.insert(key.clone(), (flight.clone(), 1));
        flight
    }

    /// Leaves a flight. What nobody wants any more is given back, to be dropped without a lock.
    pub(super) fn leave(&mut self, key: &K, flight: &Arc<Flight<V>>) -> Option<(K, Arc<Flight<V>>)> {
        let (current, aboard) = self.0.get_mut(key)?;
        if !Arc::ptr_eq(current, flight) {
            return None;
        }
        *aboard -= 1;
        if *aboard > 0 { None } else { self.detach(key) }
    }

    /// New callers do not join this flight.
    pub(super) fn detach(&mut self, key: &K) -> Option<(K, Arc<Flight<V>>)> {
        self.0.remove_entry(key).map(|(key, (flight, _))| (key, flight))
    }

    /// New callers join no flight.
    pub(super) fn detach_all(&mut self) -> impl Sized + use<K, V> {
        std::mem::take(&mut self.0)
    }

    /// Whether new callers join this very flight.
    pub(super) fn is_current(&self, key: &K, flight: &Arc<Flight<V>>) -> bool {
        self.0.get(key).is_some_and(|(current, _)| Arc::ptr_eq(current, flight))
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
