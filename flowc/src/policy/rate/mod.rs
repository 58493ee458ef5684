//! A rate limiter: so many calls, and so many tokens of a model, in a time, for each key.

mod config;
mod lane;
mod meter;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

pub use config::RatePolicy;

use super::{PolicyError, Refused, timer};
use crate::sync::{Mutex, lock};
use lane::{Cost, Lane, Paces};

/// A rate limiter. Clones are the same limiter.
///
/// Each key has a quota of its own: a tenant, an account, a host. Use `""` where there is one for all. Callers wait for their turn in the
/// order in which they came, and one that is dropped leaves the line.
///
/// ```
/// use flowc::policy::{RateLimiter, RatePolicy};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), flowc::policy::Refused> {
/// const MINUTE: Duration = Duration::from_secs(60);
/// let limiter = RateLimiter::new("model", &RatePolicy::new().calls(60, MINUTE).tokens(1_000, MINUTE));
///
/// // The true number of tokens is known after the call.
/// let charge = limiter.acquire_tokens("alice", 400).await?;
/// charge.settle(1_500);
///
/// // What was used too much has to flow in before the next call.
/// let begun = tokio::time::Instant::now();
/// limiter.acquire("alice").await?;
/// assert_eq!(begun.elapsed(), Duration::from_secs(30));
///
/// // Others have a quota of their own.
/// limiter.acquire("bob").await?;
/// assert_eq!(begun.elapsed(), Duration::from_secs(30));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RateLimiter(Arc<Inner>);

struct Inner {
    name: Arc<str>,
    policy: RatePolicy,
    paces: Paces,
    lanes: Mutex<HashMap<Arc<str>, Arc<Lane>>>,
}

impl RateLimiter {
    /// A limiter. The name is what errors say.
    pub fn new(name: impl Into<Arc<str>>, policy: &RatePolicy) -> Self {
        let (name, paces) = (name.into(), Paces::new(policy));
        Self(Arc::new(Inner { name, policy: *policy, paces, lanes: Mutex::default() }))
    }

    /// Its name.
    pub fn name(&self) -> &Arc<str> {
        &self.0.name
    }

    /// Waits until a call may be made.
    ///
    /// # Errors
    /// [`Refused::RateLimited`], at once, if the wait would be longer than the policy's. [`Refused::NoTimer`] where it would have to
    /// wait, and no tokio runtime with a timer runs.
    pub async fn acquire(&self, key: &str) -> Result<(), Refused> {
        self.wait(&self.lane(key), Cost { calls: 1, tokens: 0 }).await
    }

    /// Waits until a call may be made that will use about so many tokens.
    ///
    /// An estimate beyond the whole quota waits for the whole quota, and those behind wait the longer.
    ///
    /// # Errors
    /// Those of [`acquire`](Self::acquire).
    pub async fn acquire_tokens(&self, key: &str, estimate: u64) -> Result<TokenCharge, Refused> {
        let lane = self.lane(key);
        self.wait(&lane, Cost { calls: 1, tokens: estimate }).await?;
        Ok(TokenCharge { lane, estimate })
    }

    /// Takes tokens that were used without being asked for. What is not there is owed, and later callers wait the longer.
    ///
    /// After [`acquire_tokens`](Self::acquire_tokens) use [`TokenCharge::settle`], which takes the difference.
    pub fn debit(&self, key: &str, used: u64) {
        self.lane(key).debit(used, timer::now());
    }

    /// Makes a call when its turn has come.
    ///
    /// # Errors
    /// The error of the call, or those of [`acquire`](Self::acquire).
    pub async fn call<T, E, F>(&self, key: &str, call: impl FnOnce() -> F) -> Result<T, PolicyError<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.acquire(key).await?;
        call().await.map_err(PolicyError::Inner)
    }

    /// How many callers wait, of all keys.
    pub fn waiting(&self) -> usize {
        lock(&self.0.lanes).values().map(|lane| lane.waiting()).sum()
    }

    /// How many keys it remembers.
    pub fn keys(&self) -> usize {
        lock(&self.0.lanes).len()
    }

    async fn wait(&self, lane: &Arc<Lane>, cost: Cost) -> Result<(), Refused> {
        let begun = timer::now();
        let Err(delay) = lane.arrive(cost) else { return Ok(()) };
        self.allow(delay)?;
        let place = lane.clone().line_up(cost);
        // Nobody closes it, so an error would only say that nobody waits.
        let _turn = place.lane.turn.acquire().await;
        loop {
            let Err(delay) = place.take() else { return Ok(()) };
            // Somebody before may have used more than he said.
            self.allow(begun.elapsed().saturating_add(delay)).map_err(|_| self.limited(delay))?;
            let (mut filled, mut refilled) = (pin!(timer::sleep(delay)?), pin!(place.lane.refilled.notified()));
            poll_fn(|cx| match refilled.as_mut().poll(cx) {
                Poll::Ready(()) => Poll::Ready(()),
                Poll::Pending => filled.as_mut().poll(cx),
            })
            .await;
        }
    }

    /// So long may a caller wait.
    fn allow(&self, delay: Duration) -> Result<(), Refused> {
        if self.0.policy.wait.is_some_and(|limit| delay > limit) { Err(self.limited(delay)) } else { Ok(()) }
    }

    fn limited(&self, retry_after: Duration) -> Refused {
        Refused::RateLimited { name: self.0.name.clone(), retry_after }
    }

    fn lane(&self, key: &str) -> Arc<Lane> {
        let mut lanes = lock(&self.0.lanes);
        if let Some(lane) = lanes.get(key) {
            return lane.clone();
        }
        let now = timer::now();
        make_room(&mut lanes, self.0.policy.keys.max(1), now);
        let lane = Arc::new(Lane::new(self.0.paces, now));
        lanes.insert(key.into(), lane.clone());
        lane
    }
}

/// Forgets keys until there is room for one more. A key with its whole quota is as good as a new one. Should there be none, the one
/// goes that would have its quota back first. A key that somebody uses this moment stays.
fn make_room(lanes: &mut HashMap<Arc<str>, Arc<Lane>>, keys: usize, now: Instant) {
    if lanes.len() < keys {
        return;
    }
    let in_use = |lane: &Arc<Lane>| Arc::strong_count(lane) > 1;
    lanes.retain(|_, lane| in_use(lane) || lane.full() > now);
    if lanes.len() < keys {
        return;
    }
    let idle = lanes.iter().filter(|(_, lane)| !in_use(lane));
    if let Some(key) = idle.min_by_key(|(_, lane)| lane.full()).map(|(key, _)| key.clone()) {
        lanes.remove(&key);
    }
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiter")
            .field("name", &self.0.name)
            .field("policy", &self.0.policy)
            .finish_non_exhaustive()
    }
}

/// Tokens that were taken by estimate. Dropped, the estimate stands.
///
/// ```
/// use flowc::policy::{RateLimiter, RatePolicy, Refused};
/// use std::time::Duration;
///
/// async fn ask(limiter: &RateLimiter, question: &str) -> Result<String, Refused> {
///     // Four letters are about a token, and the answer may have five hundred.
///     let charge = limiter.acquire_tokens("", question.len() as u64 / 4 + 500).await?;
///     let (answer, used) = ("42".to_owned(), 12);
///     charge.settle(used);
///     Ok(answer)
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let limiter = RateLimiter::new("model", &RatePolicy::new().tokens(90_000, Duration::from_secs(60)));
/// assert_eq!(ask(&limiter, "What is it?").await.unwrap(), "42");
/// # }
/// ```
#[derive(Debug)]
#[must_use = "say with `settle` how many tokens the call used"]
pub struct TokenCharge {
    lane: Arc<Lane>,
    estimate: u64,
}

impl TokenCharge {
    /// The call used so many tokens: what was estimated too much is put back, what was estimated too little is owed.
    pub fn settle(self, used: u64) {
        let now = timer::now();
        match used.checked_sub(self.estimate) {
            Some(more) => self.lane.debit(more, now),
            None => self.lane.credit(self.estimate - used, now),
        }
    }
}
