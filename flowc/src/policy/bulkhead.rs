//! A bulkhead: so many calls at once, so that one part that is slow does not take everything down.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{PolicyError, Refused, TimeLimit, Timeout};
use crate::sync::atomic::{AtomicUsize, Ordering};

/// How many calls may be under way at once, and how many may wait for how long.
///
/// ```
/// use flowc::policy::ConcurrencyPolicy;
/// use std::time::Duration;
///
/// /// Eight at once; a hundred may wait, for half a minute each.
/// const POLICY: ConcurrencyPolicy = ConcurrencyPolicy::max(8).queue(100).wait(Duration::from_secs(30));
/// # let _ = POLICY;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConcurrencyPolicy {
    max: usize,
    queue: Option<usize>,
    wait: Option<Duration>,
}

impl ConcurrencyPolicy {
    /// So many at once, one at least. Any number may wait, for any time.
    #[must_use]
    pub const fn max(max: usize) -> Self {
        Self { max, queue: None, wait: None }
    }

    /// So many may wait; with 0 nobody does.
    #[must_use]
    pub const fn queue(self, queue: usize) -> Self {
        Self { queue: Some(queue), ..self }
    }

    /// Nobody waits longer.
    #[must_use]
    pub const fn wait(self, wait: Duration) -> Self {
        Self { wait: Some(wait), ..self }
    }
}

/// A bulkhead. Clones are the same bulkhead.
///
/// Callers get their places in the order in which they came.
///
/// ```
/// use flowc::policy::{Bulkhead, ConcurrencyPolicy, Refused};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Refused> {
/// let bulkhead = Bulkhead::new("database", &ConcurrencyPolicy::max(2).queue(0));
/// let first = bulkhead.acquire().await?;
/// let second = bulkhead.acquire().await?;
/// assert!(matches!(bulkhead.acquire().await, Err(Refused::QueueFull { .. })));
/// drop(first);
/// let third = bulkhead.acquire().await?;
/// assert_eq!(bulkhead.in_use(), 2);
/// # drop((second, third));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Bulkhead(Arc<Inner>);

struct Inner {
    name: Arc<str>,
    policy: ConcurrencyPolicy,
    max: usize,
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Bulkhead {
    /// A bulkhead with all its places free. The name is what errors say.
    pub fn new(name: impl Into<Arc<str>>, policy: &ConcurrencyPolicy) -> Self {
        let max = policy.max.clamp(1, Semaphore::MAX_PERMITS);
        let (places, waiting) = (Arc::new(Semaphore::new(max)), AtomicUsize::new(0));
        Self(Arc::new(Inner { name: name.into(), policy: *policy, max, places, waiting }))
    }

    /// Its name.
    pub fn name(&self) -> &Arc<str> {
        &self.0.name
    }

    /// Waits for a place. It is free again when the permit is dropped.
    ///
    /// # Errors
    /// [`Refused::QueueFull`] if too many wait already, [`Refused::TimedOut`] if no place became free in time, [`Refused::NoTimer`] if the
    /// policy has a `wait` and no tokio runtime with a timer runs.
    pub async fn acquire(&self) -> Result<BulkheadPermit, Refused> {
        // Fails also when a place is free that somebody who waits is about to take.
        if let Ok(permit) = self.0.places.clone().try_acquire_owned() {
            return Ok(BulkheadPermit(Some(permit)));
        }
        let _waiting = self.line_up()?;
        let limit = Timeout { attempt: self.0.policy.wait, ..Timeout::NONE };
        let place = limit.within(None, self.0.places.clone().acquire_owned()).await;
        match place {
            // Nobody closes the semaphore, so there is no error; without a permit it would be no limit.
            Ok(permit) => Ok(BulkheadPermit(permit.ok())),
            Err(Refused::TimedOut { limit, .. }) => Err(Refused::TimedOut { limit, which: TimeLimit::Queue }),
            Err(refused) => Err(refused),
        }
    }

    /// Makes a call when there is a place for it.
    ///
    /// # Errors
    /// The error of the call, or those of [`acquire`](Self::acquire).
    pub async fn call<T, E, F>(&self, call: impl FnOnce() -> F) -> Result<T, PolicyError<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        let _permit = self.acquire().await?;
        call().await.map_err(PolicyError::Inner)
    }

    /// How many may be under way at once.
    pub fn max(&self) -> usize {
        self.0.max
    }

    /// How many are under way.
    pub fn in_use(&self) -> usize {
        self.0.max.saturating_sub(self.0.places.available_permits())
    }

    /// How many wait for a place.
    pub fn waiting(&self) -> usize {
        self.0.waiting.load(Ordering::Relaxed)
    }

    fn line_up(&self) -> Result<Waiting<'_>, Refused> {
        let queue = self.0.policy.queue.unwrap_or(usize::MAX);
        let one_more = |waiting: usize| if waiting < queue { waiting.checked_add(1) } else { None };
        match self.0.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more) {
            Ok(_) => Ok(Waiting(&self.0.waiting)),
            Err(_) => Err(Refused::QueueFull { name: self.0.name.clone(), queue }),
        }
    }
}

impl fmt::Debug for Bulkhead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulkhead")
            .field("name", &self.0.name)
            .field("policy", &self.0.policy)
            .field("in_use", &self.in_use())
            .field("waiting", &self.waiting())
            .finish_non_exhaustive()
    }
}

/// One who waits.
struct Waiting<'b>(&'b AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A place. It is free again when this is dropped.
#[derive(Debug)]
#[must_use = "the place is free again when the permit is dropped"]
pub struct BulkheadPermit(#[expect(dead_code, reason = "it is held, and dropped")] Option<OwnedSemaphorePermit>);

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, advance, sleep};

    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;

    fn bulkhead(policy: ConcurrencyPolicy) -> Bulkhead {
        Bulkhead::new("b", &policy)
    }

    /// Waits for a place in a task of its own, which is polled once.
    async fn waiter(bulkhead: &Bulkhead) -> tokio::task::JoinHandle<Result<BulkheadPermit, Refused>> {
        let bulkhead = bulkhead.clone();
        let task = tokio::spawn(async move { bulkhead.acquire().await });
        tokio::task::yield_now().await;
        task
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_than_max_at_once() {
        let bulkhead = bulkhead(ConcurrencyPolicy::max(3));
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..10 {
            let bulkhead = bulkhead.clone();
            tasks.spawn(async move {
                let call = bulkhead.call(async || {
                    sleep(S(1)).await;
                    Ok::<_, ()>(bulkhead.in_use())
                });
                call.await.unwrap()
            });
        }
        let begun = Instant::now();
        assert_eq!(tasks.join_all().await.into_iter().max(), Some(3));
        assert_eq!(begun.elapsed(), S(4));
        assert_eq!((bulkhead.in_use(), bulkhead.waiting(), bulkhead.max()), (0, 0, 3));
    }

    #[tokio::test(start_paused = true)]
    async fn first_come_first_served_and_nobody_overtakes() {
        let bulkhead = bulkhead(ConcurrencyPolicy::max(1));
        let place = bulkhead.acquire().await.unwrap();
        let (first, second) = (waiter(&bulkhead).await, waiter(&bulkhead).await);
        assert_eq!(bulkhead.waiting(), 2);
        drop(place);
        // The place is free, but for the first of those who wait.
        let late = waiter(&bulkhead).await;
        let place = first.await.unwrap().unwrap();
        assert!(!second.is_finished() && !late.is_finished());
        drop(place);
        let place = second.await.unwrap().unwrap();
        assert!(!late.is_finished());
        drop(place);
        assert!(late.await.unwrap().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn the_queue_is_bounded() {
        let bulkhead = bulkhead(ConcurrencyPolicy::max(1).queue(1));
        let place = bulkhead.acquire().await.unwrap();
        let waits = waiter(&bulkhead).await;
        assert_eq!(bulkhead.acquire().await.unwrap_err(), Refused::QueueFull { name: "b".into(), queue: 1 });
        drop(place);
        assert!(waits.await.unwrap().is_ok());
        assert_eq!(bulkhead.waiting(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_longer_than_the_policy_says() {
        let bulkhead = bulkhead(ConcurrencyPolicy::max(1).wait(S(5)));
        let place = bulkhead.acquire().await.unwrap();
        let begun = Instant::now();
        let refused = bulkhead.acquire().await.unwrap_err();
        assert_eq!(refused, Refused::TimedOut { limit: S(5), which: TimeLimit::Queue });
        assert_eq!((begun.elapsed(), bulkhead.waiting()), (S(5), 0));
        drop(place);
        assert!(bulkhead.acquire().await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_dropped_gives_place_and_queue_back() {
        let bulkhead = bulkhead(ConcurrencyPolicy::max(1).queue(1));
        let place = bulkhead.acquire().await.unwrap();
        let waits = waiter(&bulkhead).await;
        waits.abort();
        assert!(waits.await.unwrap_err().is_cancelled());
        assert_eq!(bulkhead.waiting(), 0);
        let call = tokio::spawn({
            let bulkhead = bulkhead.clone();
            async move { bulkhead.call(std::future::pending::<Result<(), ()>>).await }
        });
        drop(place);
        advance(S(1)).await;
        assert_eq!(bulkhead.in_use(), 1);
        call.abort();
        assert!(call.await.is_err());
        assert_eq!(bulkhead.in_use(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_bulkhead_of_none_has_one_place() {
        let bulkhead = bulkhead(ConcurrencyPolicy::max(0).queue(0));
        let _place = bulkhead.acquire().await.unwrap();
        assert!(bulkhead.acquire().await.is_err());
    }

    #[test]
    fn without_a_timer_only_a_limited_wait_is_refused() {
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        let bulkhead = bulkhead(ConcurrencyPolicy::max(1).wait(S(1)));
        let std::task::Poll::Ready(Ok(_place)) = std::pin::pin!(bulkhead.acquire()).poll(&mut cx) else {
            panic!("there is a place")
        };
        let std::task::Poll::Ready(Err(refused)) = std::pin::pin!(bulkhead.acquire()).poll(&mut cx) else {
            panic!("it cannot wait")
        };
        assert_eq!((refused, bulkhead.waiting()), (Refused::NoTimer, 0));
    }
}
