//! A cache: what was computed is kept for a while, and what is being computed is not computed twice.

mod flight;
mod store;
#[cfg(test)]
mod tests;

use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use super::timer;
use crate::sync::{Mutex, lock};
use flight::{Flight, Flights};
use store::Store;

/// How long results are kept, and how many.
///
/// ```
/// use flowc::policy::CachePolicy;
/// use std::time::Duration;
///
/// const POLICY: CachePolicy = CachePolicy::new().ttl(Duration::from_secs(600)).max(1_000);
/// # let _ = POLICY;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CachePolicy {
    ttl: Option<Duration>,
    max: usize,
}

impl CachePolicy {
    /// A thousand results, for any time.
    #[must_use]
    pub const fn new() -> Self {
        Self { ttl: None, max: 1_000 }
    }

    /// So long a result is kept.
    #[must_use]
    pub const fn ttl(self, ttl: Duration) -> Self {
        Self { ttl: Some(ttl), ..self }
    }

    /// So many results are kept. Beyond that, the one goes that was not asked for the longest.
    #[must_use]
    pub const fn max(self, max: usize) -> Self {
        Self { max, ..self }
    }
}

impl Default for CachePolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// A cache. Clones are the same cache.
///
/// While one caller computes a result, others who want the same wait for it. If it fails or is dropped, the next of them computes.
/// Errors are not kept.
///
/// ```
/// use flowc::policy::{Cache, CachePolicy};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), std::num::ParseIntError> {
/// let cache = Cache::<String, u32>::new(&CachePolicy::new());
/// let parsed = cache.get_or_compute("42".to_owned(), || async { "42".parse() }).await?;
/// let again = cache.get_or_compute("42".to_owned(), || async { unreachable!("it is kept") }).await?;
/// assert_eq!((parsed, again), (42, 42));
/// assert_eq!((cache.stats().hits, cache.stats().misses), (1, 1));
/// # Ok(())
/// # }
/// ```
pub struct Cache<K, V>(Arc<Mutex<State<K, V>>>);

impl<K, V> Clone for Cache<K, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

struct State<K, V> {
    store: Store<K, V>,
    flights: Flights<K, V>,
    hits: u64,
    misses: u64,
}

/// How a cache fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStats {
    /// How many callers got a result that they did not compute.
    pub hits: u64,
    /// How many callers computed, or tried to.
    pub misses: u64,
    /// How many results went before their time, for want of room.
    pub evictions: u64,
}

/// What a caller finds.
enum Found<V> {
    Kept(Arc<V>),
    Computing(Arc<Flight<V>>),
}

impl<K: Hash + Eq + Clone, V: Clone> Cache<K, V> {
    /// An empty cache.
    pub fn new(policy: &CachePolicy) -> Self {
        let store = Store::new(policy.ttl, policy.max);
        Self(Arc::new(Mutex::new(State { store, flights: Flights::default(), hits: 0, misses: 0 })))
    }

    /// The result for a key: the one that is kept, the one that another caller is computing, or the one that `compute` gives.
    ///
    /// # Errors
    /// The error of `compute`. Callers who wait for it do not get it; the next of them computes.
    pub async fn get_or_compute<E, F>(&self, key: K, compute: impl FnOnce() -> F) -> Result<V, E>
    where
        F: Future<Output = Result<V, E>>,
    {
        let flight = match self.find(&key) {
            Found::Kept(value) => return Ok(V::clone(&value)),
            Found::Computing(flight) => flight,
        };
        let aboard = Aboard { cache: self, key: &key, flight };
        // Whoever has the turn computes. It is given back when the future ends or is dropped, and taken from all when there is a result.
        let Some(_turn) = aboard.flight.turn().await else {
            if let Some(value) = aboard.flight.value() {
                lock(&self.0).hits += 1;
                return Ok(V::clone(&value));
            }
            return compute().await;
        };
        lock(&self.0).misses += 1;
        let value = compute().await?;
        self.land(&key, &aboard.flight, Arc::new(value.clone()));
        Ok(value)
    }

    /// The result that is kept for a key, if there is one.
    pub fn get(&self, key: &K) -> Option<V> {
        let (kept, _gone) = lock(&self.0).store.get(key, timer::now());
        kept.map(|value| V::clone(&value))
    }

    /// Keeps a result. What is being computed for this key is given to those who wait for it, and not kept.
    pub fn insert(&self, key: K, value: V) {
        let value = Arc::new(value);
        // What goes is dropped after the lock is released: dropping may take its time, and may come back here.
        let _gone = {
            let mut state = lock(&self.0);
            (state.flights.detach(&key), state.store.insert(key, value, timer::now()))
        };
    }

    /// Forgets the result for a key. What is being computed for it is given to those who wait for it, and not kept.
    pub fn invalidate(&self, key: &K) {
        let _gone = {
            let mut state = lock(&self.0);
            (state.flights.detach(key), state.store.remove(key))
        };
    }

    /// Forgets everything. What is being computed is given to those who wait for it, and not kept.
    pub fn clear(&self) {
        let _gone = {
            let mut state = lock(&self.0);
            (state.flights.detach_all(), state.store.clear())
        };
    }

    /// How many results are kept.
    pub fn len(&self) -> usize {
        let (len, _gone) = {
            let mut state = lock(&self.0);
            let gone = state.store.expire(timer::now());
            (state.store.len(), gone)
        };
        len
    }

    /// Nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How it fared so far.
    pub fn stats(&self) -> CacheStats {
        let state = lock(&self.0);
        CacheStats { hits: state.hits, misses: state.misses, evictions: state.store.evictions }
    }

    fn find(&self, key: &K) -> Found<V> {
        let (found, _gone) = {
            let mut state = lock(&self.0);
            let (kept, gone) = state.store.get(key, timer::now());
            let found = match kept {
                Some(value) => {
                    state.hits += 1;
                    Found::Kept(value)
                }
                None => Found::Computing(state.flights.board(key)),
            };
            (found, gone)
        };
        found
    }

    /// Keeps a computed result, unless it was invalidated meanwhile, and gives it to those who wait.
    fn land(&self, key: &K, flight: &Arc<Flight<V>>, value: Arc<V>) {
        let _gone = {
            let mut state = lock(&self.0);
            if state.flights.is_current(key, flight) {
                Some((state.flights.detach(key), state.store.insert(key.clone(), value.clone(), timer::now())))
            } else {
                None
            }
        };
        flight.land(value);
    }
}

impl<K, V> fmt::Debug for Cache<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").finish_non_exhaustive()
    }
}

/// Somebody who computes a result, or waits for it. The last one who leaves takes the flight with him.
struct Aboard<'c, K: Hash + Eq + Clone, V: Clone> {
    cache: &'c Cache<K, V>,
    key: &'c K,
    flight: Arc<Flight<V>>,
}

impl<K: Hash + Eq + Clone, V: Clone> Drop for Aboard<'_, K, V> {
    fn drop(&mut self) {
        let _gone = lock(&self.cache.0).flights.leave(self.key, &self.flight);
    }
}
