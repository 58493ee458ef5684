use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;
use tokio::task::JoinHandle;
use tokio::time::{Instant, advance, sleep};

use super::*;

const S: fn(u64) -> Duration = Duration::from_secs;

type Numbers = Cache<u32, u32>;

fn cache(policy: CachePolicy) -> Numbers {
    Cache::new(&policy)
}

async fn put(cache: &Numbers, key: u32) -> u32 {
    cache.get_or_compute(key, async || Ok::<_, ()>(key * 10)).await.unwrap()
}

/// Wants key 1 in a task of its own, which is polled once. The result takes a second.
async fn wants(cache: &Numbers, computed: &Arc<AtomicU32>, result: Result<u32, u32>) -> JoinHandle<Result<u32, u32>> {
    let (cache, computed) = (cache.clone(), computed.clone());
    let task = tokio::spawn(async move {
        let compute = async || {
            computed.fetch_add(1, Ordering::Relaxed);
            sleep(S(1)).await;
            result
        };
        cache.get_or_compute(1, compute).await
    });
    tokio::task::yield_now().await;
    task
}

#[tokio::test(start_paused = true)]
async fn one_computes_and_the_others_wait_for_it() {
    let (cache, computed) = (cache(CachePolicy::new()), Arc::default());
    let (begun, mut tasks) = (Instant::now(), Vec::new());
    for number in 0..10 {
        tasks.push(wants(&cache, &computed, Ok(number)).await);
    }
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok(0));
    }
    assert_eq!((computed.load(Ordering::Relaxed), begun.elapsed()), (1, S(1)));
    assert_eq!(cache.stats(), CacheStats { hits: 9, misses: 1, evictions: 0 });
    assert_eq!(lock(&cache.0).flights.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn keys_do_not_wait_for_each_other() {
    let (cache, computed) = (cache(CachePolicy::new()), Arc::default());
    let one = wants(&cache, &computed, Ok(1)).await;
    assert_eq!(put(&cache, 2).await, 20);
    assert!(!one.is_finished());
}

#[tokio::test(start_paused = true)]
async fn when_it_fails_the_next_computes_and_the_error_is_not_kept() {
    let (cache, computed) = (cache(CachePolicy::new()), Arc::default());
    let first = wants(&cache, &computed, Err(1)).await;
    let second = wants(&cache, &computed, Err(2)).await;
    let third = wants(&cache, &computed, Ok(3)).await;
    let fourth = wants(&cache, &computed, Ok(4)).await;
    assert_eq!((first.await.unwrap(), second.await.unwrap()), (Err(1), Err(2)));
    assert_eq!((third.await.unwrap(), fourth.await.unwrap()), (Ok(3), Ok(3)));
    assert_eq!(computed.load(Ordering::Relaxed), 3);
    assert_eq!(cache.get(&1), Some(3));
}

#[tokio::test(start_paused = true)]
async fn after_an_error_nothing_is_left() {
    let (cache, computed) = (cache(CachePolicy::new()), Arc::default());
    assert_eq!(wants(&cache, &computed, Err(1)).await.await.unwrap(), Err(1));
    assert_eq!((cache.len(), lock(&cache.0).flights.len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn when_it_is_dropped_the_next_computes() {
    let (cache, computed) = (cache(CachePolicy::new()), Arc::default());
    let first = wants(&cache, &computed, Ok(1)).await;
    let second = wants(&cache, &computed, Ok(2)).await;
    let third = wants(&cache, &computed, Ok(3)).await;
    // One that waits may go as well.
    second.abort();
    assert!(second.await.is_err());
    first.abort();
    assert_eq!(third.await.unwrap(), Ok(3));
    assert_eq!((computed.load(Ordering::Relaxed), lock(&cache.0).flights.len()), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_panic_leaves_the_turn_to_the_next() {
    let (cache, computed) = (cache(CachePolicy::new()), Arc::default());
    let bad = cache.clone();
    let panics = tokio::spawn(async move {
        bad.get_or_compute(1, async || {
            sleep(S(1)).await;
            panic!("a bug");
            #[expect(unreachable_code, reason = "it names the type")]
            Ok::<_, ()>(0)
        })
        .await
    });
    tokio::task::yield_now().await;
    let next = wants(&cache, &computed, Ok(2)).await;
    assert!(panics.await.unwrap_err().is_panic());
    assert_eq!(next.await.unwrap(), Ok(2));
}

#[tokio::test(start_paused = true)]
async fn who_waits_gets_the_result_even_where_it_cannot_be_kept() {
    let (cache, computed) = (cache(CachePolicy::new().max(0)), Arc::default());
    let first = wants(&cache, &computed, Ok(1)).await;
    let second = wants(&cache, &computed, Ok(2)).await;
    assert_eq!((first.await.unwrap(), second.await.unwrap()), (Ok(1), Ok(1)));
    assert_eq!(cache.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_result_is_kept_for_its_time_and_no_longer() {
    let cache = cache(CachePolicy::new().ttl(S(10)));
    put(&cache, 1).await;
    advance(Duration::from_millis(9_999)).await;
    assert_eq!((cache.get(&1), cache.len()), (Some(10), 1));
    advance(Duration::from_millis(1)).await;
    assert_eq!((cache.len(), cache.get(&1)), (0, None));
    assert_eq!(cache.get_or_compute(1, async || Ok::<_, ()>(7)).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn beyond_max_the_one_goes_that_was_not_used_the_longest() {
    let cache = cache(CachePolicy::new().max(3));
    for key in [1, 2, 3, 1, 4] {
        put(&cache, key).await;
    }
    let kept: Vec<_> = (1..=4).map(|key| cache.get(&key).is_some()).collect();
    assert_eq!(kept, [true, false, true, true]);
    assert_eq!((cache.len(), cache.stats().evictions), (3, 1));
}

#[tokio::test(start_paused = true)]
async fn invalidate_and_clear_forget() {
    let cache = cache(CachePolicy::new());
    for key in [1, 2, 3] {
        put(&cache, key).await;
    }
    cache.invalidate(&1);
    assert_eq!((cache.get(&1), cache.get(&2)), (None, Some(20)));
    cache.clear();
    assert!(cache.is_empty());
    cache.insert(2, 9);
    assert_eq!(put(&cache, 2).await, 9);
}

#[tokio::test(start_paused = true)]
async fn what_was_invalidated_while_it_was_computed_is_not_kept() {
    let (cache, computed) = (cache(CachePolicy::new()), Arc::default());
    let forget: [fn(&Numbers); 3] = [|cache| cache.invalidate(&1), Cache::clear, |cache| cache.insert(1, 100)];
    for (forget, kept) in forget.into_iter().zip([None, None, Some(100)]) {
        cache.clear();
        let (old, waits) = (wants(&cache, &computed, Ok(1)).await, wants(&cache, &computed, Ok(2)).await);
        forget(&cache);
        assert_eq!((old.await.unwrap(), waits.await.unwrap()), (Ok(1), Ok(1)));
        assert_eq!(cache.get(&1), kept);
    }
    cache.clear();
    let old = wants(&cache, &computed, Ok(1)).await;
    cache.invalidate(&1);
    let new = wants(&cache, &computed, Ok(2)).await;
    assert_eq!((old.await.unwrap(), new.await.unwrap()), (Ok(1), Ok(2)));
    assert_eq!((cache.get(&1), lock(&cache.0).flights.len()), (Some(2), 0));
}

/// A value that comes back to its cache when it is dropped.
#[derive(Clone)]
struct Returns(Option<Cache<u32, Returns>>);

impl Drop for Returns {
    fn drop(&mut self) {
        if let Some(cache) = self.0.take() {
            cache.len();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn values_are_dropped_without_the_lock() {
    let cache = Cache::<u32, Returns>::new(&CachePolicy::new().max(1).ttl(S(5)));
    let value = || Returns(Some(cache.clone()));
    cache.insert(1, value());
    cache.insert(2, value());
    cache.insert(2, value());
    advance(S(5)).await;
    assert_eq!(cache.len(), 0);
    cache.insert(3, value());
    advance(S(5)).await;
    assert!(cache.get(&3).is_none());
    cache.insert(4, value());
    cache.clear();
    cache.insert(5, value());
    cache.invalidate(&5);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// It does what a list does that is kept in order by hand.
    #[test]
    fn it_keeps_what_a_plain_list_would(max in 0_usize..5, steps in proptest::collection::vec((0_u8..3, 0_u32..8), 0..80)) {
        let now = Instant::now();
        let mut store = Store::<u32, usize>::new(None, max);
        let mut list: Vec<(u32, usize)> = Vec::new();
        for (number, (step, key)) in steps.into_iter().enumerate() {
            let place = list.iter().position(|(other, _)| *other == key);
            match step {
                0 => {
                    place.map(|place| list.remove(place));
                    list.push((key, number));
                    if list.len() > max { list.remove(0); }
                    store.insert(key, Arc::new(number), now);
                }
                1 => {
                    let used = place.map(|place| list.remove(place));
                    list.extend(used);
                    prop_assert_eq!(store.get(&key, now).0.map(|value| *value), used.map(|(_, value)| value));
                }
                _ => {
                    place.map(|place| list.remove(place));
                    store.remove(&key);
                }
            }
            prop_assert_eq!(store.len(), list.len());
        }
    }
}
