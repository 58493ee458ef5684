use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ::tower::util::BoxService;
use ::tower::{ServiceBuilder, ServiceExt, service_fn};
use tokio::time::{Instant, sleep};

use super::*;
use crate::policy::{
    BreakerPolicy, BreakerState, CachePolicy, ConcurrencyPolicy, PolicyError, RatePolicy, Refused, TimeLimit,
};

const S: fn(u64) -> Duration = Duration::from_secs;

/// Takes a second, and counts. A request of 0 fails.
fn service(
    calls: &Arc<AtomicUsize>,
) -> impl Service<u32, Response = u32, Error = String, Future: Send> + Clone + Send + Sync + use<> {
    let calls = calls.clone();
    service_fn(move |request: u32| {
        let call = calls.fetch_add(1, Ordering::Relaxed) + 1;
        async move {
            sleep(S(1)).await;
            if request == 0 { Err(format!("call {call} failed")) } else { Ok(request * 10) }
        }
    })
}

async fn call<T: Service<u32>>(service: &mut T, request: u32) -> Result<T::Response, T::Error> {
    service.ready().await?.call(request).await
}

fn calls(calls: &AtomicUsize) -> usize {
    calls.load(Ordering::Relaxed)
}

#[tokio::test(start_paused = true)]
async fn retry_calls_again() {
    let count = Arc::default();
    let retry = Retry::<String>::attempts(3).base(S(5));
    let mut governed = ServiceBuilder::new().layer(retry).service(service(&count));
    let begun = Instant::now();
    assert_eq!(call(&mut governed, 0).await, Err("call 3 failed".to_owned()));
    assert_eq!((calls(&count), begun.elapsed()), (3, S(1 + 5 + 1 + 10 + 1)));
    assert_eq!(call(&mut governed, 7).await, Ok(70));
}

#[tokio::test(start_paused = true)]
async fn each_attempt_waits_until_the_service_is_ready() {
    let count = Arc::default();
    let mut governed = ServiceBuilder::new()
        .layer(Retry::<String>::attempts(3).base(Duration::ZERO))
        .concurrency_limit(1)
        .service(service(&count));
    assert!(call(&mut governed, 0).await.is_err());
    assert_eq!(calls(&count), 3);
    assert!(call(&mut governed, 1).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn timeout_ends_the_call() {
    let mut governed =
        ServiceBuilder::new().layer(Timeout::attempt(Duration::from_millis(500))).service(service(&Arc::default()));
    let limit = Duration::from_millis(500);
    let over = Refused::TimedOut { limit, which: TimeLimit::Attempt };
    assert_eq!(call(&mut governed, 1).await, Err(PolicyError::Refused(over)));
}

#[tokio::test(start_paused = true)]
async fn a_breaker_refuses_and_counts_what_it_is_told_to() {
    let count = Arc::default();
    let breaker = Breaker::new("b", &BreakerPolicy::new().failures(1));
    let mut lenient =
        ServiceBuilder::new().layer(breaker.judged(|error: &String| error.is_empty())).service(service(&count));
    assert_eq!(call(&mut lenient, 0).await, Err(PolicyError::Inner("call 1 failed".to_owned())));
    assert_eq!(breaker.state(), BreakerState::Closed);
    let mut governed = ServiceBuilder::new().layer(breaker.clone()).service(service(&count));
    assert_eq!(call(&mut governed, 0).await, Err(PolicyError::Inner("call 2 failed".to_owned())));
    assert!(call(&mut governed, 1).await.unwrap_err().refused().is_some());
    assert_eq!((calls(&count), breaker.state()), (2, BreakerState::Open));
}

#[tokio::test(start_paused = true)]
async fn a_limiter_spaces_calls_by_key() {
    let limiter = RateLimiter::new("r", &RatePolicy::new().calls(1, S(60)));
    let mut for_all = ServiceBuilder::new().layer(limiter.clone()).service(service(&Arc::default()));
    let mut by_key = ServiceBuilder::new()
        .layer(limiter.keyed(|request: &u32| request.to_string()))
        .service(service(&Arc::default()));
    let begun = Instant::now();
    for request in [1, 2] {
        assert!(call(&mut by_key, request).await.is_ok());
    }
    assert_eq!(begun.elapsed(), S(2));
    assert!(call(&mut for_all, 1).await.is_ok());
    assert!(call(&mut for_all, 2).await.is_ok());
    assert_eq!(begun.elapsed(), S(2 + 60 + 1));
}

#[tokio::test(start_paused = true)]
async fn a_bulkhead_lets_so_many_in() {
    let bulkhead = Bulkhead::new("b", &ConcurrencyPolicy::max(1).queue(0));
    let governed = ServiceBuilder::new().layer(bulkhead).service(service(&Arc::default()));
    let (mut first, mut second) = (governed.clone(), governed);
    let (first, second) = tokio::join!(call(&mut first, 1), call(&mut second, 2));
    assert_eq!((first, second.unwrap_err().refused().is_some()), (Ok(10), true));
}

#[tokio::test(start_paused = true)]
async fn a_cache_keeps_responses() {
    let count = Arc::default();
    let cache = Cache::<u32, u32>::new(&CachePolicy::new());
    let mut governed = ServiceBuilder::new().layer(cache.keyed(|request: &u32| *request)).service(service(&count));
    for _ in 0..3 {
        assert_eq!(call(&mut governed, 1).await, Ok(10));
        assert!(call(&mut governed, 0).await.is_err());
    }
    assert_eq!(calls(&count), 1 + 3);
}

#[tokio::test(start_paused = true)]
async fn layers_stack_and_can_be_boxed() {
    let count = Arc::default();
    let breaker = Breaker::new("b", &BreakerPolicy::new());
    let stacked = ServiceBuilder::new()
        .layer(Cache::new(&CachePolicy::new()).keyed(|request: &u32| *request))
        .layer(Retry::attempts(2))
        .layer(breaker.clone())
        .layer(RateLimiter::new("r", &RatePolicy::new()))
        .layer(Bulkhead::new("h", &ConcurrencyPolicy::max(1)))
        .layer(Timeout::attempt(S(2)))
        .service(service(&count));
    let mut boxed = BoxService::new(stacked);
    assert_eq!(call(&mut boxed, 3).await.map_err(|error| error.to_string()), Ok(30));
    assert_eq!(call(&mut boxed, 0).await.map_err(|error| error.to_string()), Err("call 3 failed".to_owned()));
    assert_eq!((breaker.snapshot().calls, breaker.snapshot().failures), (3, 2));
}
