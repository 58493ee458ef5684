//! What is kept: each result until its time is over, and no more than fit. What goes is handed out, to be dropped without a lock.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

pub(super) struct Store<K, V> {
    ttl: Option<Duration>,
    max: usize,
    entries: HashMap<K, Entry<V>>,
    /// The keys by when they were used last, the one not used for the longest first.
    uses: BTreeMap<u64, K>,
    /// The number of the next use.
    next: u64,
    pub(super) evictions: u64,
}

struct Entry<V> {
    value: Arc<V>,
    /// When its time is over, if ever.
    until: Option<Instant>,
    used: u64,
}

impl<V> Entry<V> {
    fn is_over(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

/// What is no longer kept.
pub(super) type Gone<K, V> = Vec<(K, Arc<V>)>;

impl<K: Hash + Eq + Clone, V> Store<K, V> {
    pub(super) fn new(ttl: Option<Duration>, max: usize) -> Self {
        Self { ttl, max, entries: HashMap::new(), uses: BTreeMap::new(), next: 0, evictions: 0 }
    }

    /// A result whose time is not over. It is used now.
    pub(super) fn get(&mut self, key: &K, now: Instant) -> (Option<Arc<V>>, Gone<K, V>) {
        let Some(entry) = self.entries.get_mut(key) else { return (None, Gone::new()) };
        if entry.is_over(now) {
            return (None, self.remove(key));
        }
        if let Some(key) = self.uses.remove(&entry.used) {
            self.uses.insert(self.next, key);
        }
        entry.used = self.next;
        self.next += 1;
        (Some(entry.value.clone()), Gone::new())
    }

    pub(super) fn insert(&mut self, key: K, value: Arc<V>, now: Instant) -> Gone<K, V> {
        let mut gone = self.remove(&key);
        if self.max == 0 {
            return gone;
        }
        while self.entries.len() >= self.max {
            let Some((_, oldest)) = self.uses.pop_first() else { break };
            gone.extend(self.entries.remove(&oldest).map(|entry| (oldest, entry.value)));
            self.evictions += 1;
        }
        // A time that the clock cannot name is never over.
        let until = self.ttl.and_then(|ttl| now.checked_add(ttl));
        self.uses.insert(self.next, key.clone());
        self.entries.insert(key, Entry { value, until, used: self.next });
        self.next += 1;
        gone
    }

    pub(super) fn remove(&mut self, key: &K) -> Gone<K, V> {
        let Some((key, entry)) = self.entries.remove_entry(key) else { return Gone::new() };
        self.uses.remove(&entry.used);
        vec![(key, entry.value)]
    }

    pub(super) fn clear(&mut self) -> impl Sized + use<K, V> {
        (std::mem::take(&mut self.entries), std::mem::take(&mut self.uses))
    }

    /// Drops all whose time is over.
    pub(super) fn expire(&mut self, now: Instant) -> Gone<K, V> {
        let over = self.entries.iter().filter(|(_, entry)| entry.is_over(now));
        let over: Vec<K> = over.map(|(key, _)| key.clone()).collect();
        over.iter().flat_map(|key| self.remove(key)).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}
