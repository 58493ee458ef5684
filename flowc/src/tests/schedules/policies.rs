//! The locks of the policies.

use std::sync::Arc;
use std::time::Duration;

use shuttle::future::block_on;
use shuttle::sync::atomic::{AtomicUsize, Ordering};
use shuttle::thread;

use super::explore;
use crate::policy::{
    Breaker, BreakerPolicy, BreakerState, Bulkhead, Cache, CachePolicy, ConcurrencyPolicy, RateLimiter, RatePolicy,
};

/// Counts who is inside at once.
#[derive(Default)]
struct Inside {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Inside {
    fn enter(&self) {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        thread::yield_now();
    }

    fn leave(&self) {
        self.now.fetch_sub(1, Ordering::SeqCst);
    }
}

fn threads(count: usize, work: impl Fn(usize) + Send + Sync + 'static) {
    let work = Arc::new(work);
    let threads: Vec<_> = (0..count)
        .map(|number| {
            let work = Arc::clone(&work);
            thread::spawn(move || work(number))
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn a_half_open_breaker_lets_no_more_probes_pass_than_it_says() {
    explore(|| {
        let policy = BreakerPolicy::new().failures(1).cooldown(Duration::ZERO).half_open_calls(2);
        let breaker = Breaker::new("b", &policy);
        breaker.acquire().unwrap().failure();
        let (inside, shared) = (Arc::new(Inside::default()), breaker.clone());
        let seen = Arc::clone(&inside);
        threads(3, move |_| {
            if let Ok(permit) = shared.acquire() {
                // Once it has closed again everybody may pass.
                if shared.state() == BreakerState::HalfOpen {
                    seen.enter();
                    seen.leave();
                }
                permit.success();
            }
        });
        assert!(inside.most.load(Ordering::SeqCst) <= 2, "three probes at once");
        // Two successes close it; a probe that was refused is none.
        assert_eq!(breaker.state(), BreakerState::Closed);
    });
}

#[test]
fn a_bulkhead_is_never_too_full_and_gives_all_back() {
    explore(|| {
        let bulkhead = Bulkhead::new("b", &ConcurrencyPolicy::max(2));
        let (inside, shared) = (Arc::new(Inside::default()), bulkhead.clone());
        let seen = Arc::clone(&inside);
        threads(3, move |_| {
            block_on(async {
                let _permit = shared.acquire().await.unwrap();
                seen.enter();
                seen.leave();
            });
        });
        assert!(inside.most.load(Ordering::SeqCst) <= 2);
        assert_eq!((bulkhead.in_use(), bulkhead.waiting()), (0, 0));
    });
}

#[test]
fn a_cache_computes_once_for_all_who_ask_at_once() {
    explore(|| {
        let cache: Cache<u8, usize> = Cache::new(&CachePolicy::new());
        let computed = Arc::new(AtomicUsize::new(0));
        let (shared, count) = (cache.clone(), Arc::clone(&computed));
        threads(3, move |_| {
            let value = block_on(shared.get_or_compute(1, || async {
                thread::yield_now();
                Ok::<_, ()>(count.fetch_add(1, Ordering::SeqCst) + 7)
            }));
            assert_eq!(value, Ok(7));
        });
        assert_eq!(computed.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn a_cache_tries_again_when_who_computes_fails() {
    explore(|| {
        let cache: Cache<u8, usize> = Cache::new(&CachePolicy::new());
        let (shared, tries) = (cache.clone(), AtomicUsize::new(0));
        threads(3, move |_| {
            let value = block_on(shared.get_or_compute(1, || async {
                thread::yield_now();
                if tries.fetch_add(1, Ordering::SeqCst) == 0 { Err(()) } else { Ok(5) }
            }));
            assert!(value == Ok(5) || value == Err(()));
        });
        assert!(cache.get(&1).is_some());
    });
}

#[test]
fn a_limiter_lets_only_so_many_pass() {
    explore(|| {
        let policy = RatePolicy::new().calls(2, Duration::from_secs(3600)).wait(Duration::ZERO);
        let limiter = RateLimiter::new("l", &policy);
        let passed = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&passed);
        threads(3, move |_| {
            if block_on(limiter.acquire("")).is_ok() {
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        assert_eq!(passed.load(Ordering::SeqCst), 2);
    });
}
