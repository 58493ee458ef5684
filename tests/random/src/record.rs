//! What happened in a run, and what each value was computed from.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

/// From each number to those it was computed from.
static PARENTS: LazyLock<Mutex<BTreeMap<u64, Vec<u64>>>> = LazyLock::new(Mutex::default);

/// The number of a value that `id` computed from others. It is the same in every run.
pub fn made(id: u32, from: &[u64]) -> u64 {
    let number = from.iter().fold(mix(u64::from(id) + 1), |hash, part| mix(hash ^ part.rotate_left(17)));
    PARENTS.lock().unwrap_or_else(PoisonError::into_inner).entry(number).or_insert_with(|| from.to_vec());
    number
}

/// A number scrambled.
pub fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Everything that a value was computed from, and itself.
pub fn ancestors(of: impl IntoIterator<Item = u64>) -> BTreeSet<u64> {
    let parents = PARENTS.lock().unwrap_or_else(PoisonError::into_inner);
    let mut found = BTreeSet::new();
    let mut open: Vec<u64> = of.into_iter().collect();
    while let Some(number) = open.pop() {
        if found.insert(number) {
            open.extend(parents.get(&number).into_iter().flatten());
        }
    }
    found
}

/// A step that began or ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Which step it is in the text.
    pub id: u32,
    /// That, and what it was given.
    pub key: u64,
    /// It ended; else it began.
    pub ended: bool,
    /// Nothing uses its value, and yet it must run.
    pub effect: bool,
}

/// What happened in one run, and in what order it is to happen.
#[derive(Debug)]
pub struct Record {
    seed: u64,
    entries: Mutex<Vec<Entry>>,
}

impl Record {
    /// A run whose steps take as long as `seed` says.
    pub fn new(seed: u64) -> Self {
        Self { seed, entries: Mutex::default() }
    }

    /// What happened.
    pub fn entries(&self) -> Vec<Entry> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn push(&self, entry: Entry) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    /// A step that takes its time.
    pub async fn step(&self, id: u32, from: &[u64], effect: bool) -> u64 {
        let key = made(id, from);
        self.push(Entry { id, key, ended: false, effect });
        if self.seed != 0 {
            let wait = mix(key ^ self.seed);
            match wait % 4 {
                0 => {}
                1 => {
                    for _ in 0..wait / 4 % 4 {
                        tokio::task::yield_now().await;
                    }
                }
                _ => tokio::time::sleep(Duration::from_millis(wait / 4 % 50)).await,
            }
        }
        self.push(Entry { id, key, ended: true, effect });
        key
    }

    /// A step that does not.
    pub fn sync_step(&self, id: u32, from: &[u64]) -> u64 {
        let key = made(id, from);
        self.push(Entry { id, key, ended: false, effect: false });
        self.push(Entry { id, key, ended: true, effect: false });
        key
    }
}
