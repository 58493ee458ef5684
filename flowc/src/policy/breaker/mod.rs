//! A circuit breaker: what fails again and again is left alone for a while.

mod config;
mod machine;
#[cfg(test)]
mod tests;
mod window;

use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

pub use config::BreakerPolicy;
pub use machine::BreakerState;

use super::{PolicyError, Refused, timer};
use crate::sync::{Mutex, lock};
use machine::{Admission, Change, Machine};

/// A circuit breaker. Clones are the same breaker.
///
/// Closed, it lets calls pass and counts them in a rolling window. When too many fail or are slow it opens, and refuses calls. After
/// its cooldown the next call finds it half open: a few calls may probe, and from what becomes of them it closes or opens again. The
/// terms and rules are those of [resilience4j's CircuitBreaker](https://resilience4j.readme.io/docs/circuitbreaker), with these
/// differences: a number of failures can open it as well, a probe that is given up makes room for another, and what began before a
/// change of state does not count after it.
///
/// ```
/// use flowc::policy::{Breaker, BreakerPolicy, BreakerState, PolicyError};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let breaker = Breaker::new("search", &BreakerPolicy::new().failures(2).cooldown(Duration::from_secs(10)));
/// let search = async |up: bool| {
///     breaker.call(|_: &String| true, || async move { if up { Ok(1) } else { Err("down".to_owned()) } }).await
/// };
///
/// assert!(search(false).await.is_err());
/// assert!(search(false).await.is_err());
/// assert_eq!(breaker.state(), BreakerState::Open);
/// assert!(matches!(search(true).await, Err(PolicyError::Refused(_))));
///
/// tokio::time::sleep(Duration::from_secs(10)).await;
/// assert_eq!(search(true).await, Ok(1));
/// assert_eq!(breaker.state(), BreakerState::Closed);
/// # }
/// ```
#[derive(Clone)]
pub struct Breaker(Arc<Inner>);

struct Inner {
    name: Arc<str>,
    machine: Mutex<Machine>,
    own: Listeners,
    /// Those of the registry that the breaker is from.
    shared: Listeners,
}

/// It gives whether it wants to be told of more.
type Listener = Arc<dyn Fn(&BreakerTransition) -> bool + Send + Sync>;

/// Who is told of transitions. Clones are the same list.
#[derive(Clone, Default)]
pub(super) struct Listeners(Arc<Mutex<Vec<Listener>>>);

impl Listeners {
    pub(super) fn add(&self, listener: impl Fn(&BreakerTransition) -> bool + Send + Sync + 'static) {
        lock(&self.0).push(Arc::new(listener));
    }

    fn tell(&self, transition: &BreakerTransition) {
        // They may ask the breaker, or add listeners, so no lock is held while they run.
        let listeners = lock(&self.0).clone();
        for listener in listeners {
            // Whoever made the call that changed the state is not to suffer for a listener.
            if let Ok(false) = catch_unwind(AssertUnwindSafe(|| listener(transition))) {
                lock(&self.0).retain(|other| !Arc::ptr_eq(other, &listener));
            }
        }
    }
}

/// A change of a breaker's state, as its listeners are told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BreakerTransition {
    /// The breaker.
    pub name: Arc<str>,
    /// What it was.
    pub from: BreakerState,
    /// What it is now.
    pub to: BreakerState,
    /// Grows with each transition of this breaker. Listeners on several threads may be told of two in either order.
    pub number: u64,
    /// It was forced or reset by hand; no call brought it about.
    pub by_hand: bool,
}

/// What a breaker is like at a moment.
///
/// ```
/// use flowc::policy::{Breaker, BreakerPolicy, BreakerState};
///
/// let breaker = Breaker::new("search", &BreakerPolicy::new());
/// for works in [true, true, true, false] {
///     let permit = breaker.acquire().unwrap();
///     if works { permit.success() } else { permit.failure() }
/// }
/// let snapshot = breaker.snapshot();
/// assert_eq!((snapshot.state, snapshot.calls, snapshot.failures), (BreakerState::Closed, 4, 1));
/// assert_eq!(snapshot.failure_rate, 0.25);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BreakerSnapshot {
    /// The breaker.
    pub name: Arc<str>,
    /// What it does with calls.
    pub state: BreakerState,
    /// Since when, on tokio's clock.
    pub since: std::time::Instant,
    /// For how long it stays open, if it is open. Zero means that the next call will probe.
    pub retry_after: Option<Duration>,
    /// The calls that count now: those of the window, or the probes while it is half open.
    pub calls: u32,
    /// How many of them failed.
    pub failures: u32,
    /// How many of them were slow.
    pub slow: u32,
    /// Which part of them failed, from 0.0 to 1.0.
    pub failure_rate: f64,
    /// Which part of them was slow, from 0.0 to 1.0.
    pub slow_call_rate: f64,
    /// How often it opened, by itself or by hand.
    pub opens: u64,
    /// How many calls it refused.
    pub refused: u64,
}

impl Breaker {
    /// A closed breaker. The name is what errors and listeners say.
    pub fn new(name: impl Into<Arc<str>>, policy: &BreakerPolicy) -> Self {
        Self::shared(name.into(), policy, Listeners::default())
    }

    pub(super) fn shared(name: Arc<str>, policy: &BreakerPolicy, shared: Listeners) -> Self {
        let machine = Mutex::new(Machine::new(*policy, timer::now()));
        Self(Arc::new(Inner { name, machine, own: Listeners::default(), shared }))
    }

    /// Its name.
    pub fn name(&self) -> &Arc<str> {
        &self.0.name
    }

    /// Asks to make a call. Tell the permit what became of it.
    ///
    /// # Errors
    /// [`Refused::BreakerOpen`].
    ///
    /// ```
    /// use flowc::policy::{Breaker, BreakerPolicy, Refused};
    ///
    /// fn guarded(breaker: &Breaker) -> Result<(), Refused> {
    ///     let permit = breaker.acquire()?;
    ///     match "1".parse::<u8>() {
    ///         Ok(_) => permit.success(),
    ///         Err(_) => permit.failure(),
    ///     }
    ///     Ok(())
    /// }
    /// let breaker = Breaker::new("parser", &BreakerPolicy::new());
    /// assert!(guarded(&breaker).is_ok());
    /// assert_eq!(breaker.snapshot().calls, 1);
    /// ```
    pub fn acquire(&self) -> Result<BreakerPermit, Refused> {
        self.admit().0
    }

    /// The same, with the change of state that it made.
    pub(super) fn admit(&self) -> (Result<BreakerPermit, Refused>, Option<BreakerTransition>) {
        let (answer, transition) = self.apply(Machine::admit);
        let permit = match answer {
            Ok(admission) => Ok(BreakerPermit { breaker: self.clone(), admission: Some(admission) }),
            Err(retry_after) => Err(Refused::BreakerOpen { name: self.0.name.clone(), retry_after }),
        };
        (permit, transition)
    }

    /// Makes a call if the breaker lets it, and counts what became of it. An error that `is_failure` denies counts as a success:
    /// whoever says that the question is wrong is well. A call that is dropped counts as nothing.
    ///
    /// # Errors
    /// The error of the call, or [`Refused::BreakerOpen`].
    pub async fn call<T, E, F>(&self, is_failure: fn(&E) -> bool, call: impl FnOnce() -> F) -> Result<T, PolicyError<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        let permit = self.acquire()?;
        let result = call().await;
        match &result {
            Err(error) if is_failure(error) => permit.failure(),
            _ => permit.success(),
        }
        result.map_err(PolicyError::Inner)
    }

    /// What it does with calls. An open breaker whose cooldown is over is open until the next call.
    pub fn state(&self) -> BreakerState {
        lock(&self.0.machine).state()
    }

    /// What it is like now.
    pub fn snapshot(&self) -> BreakerSnapshot {
        let now = timer::now();
        let mut machine = lock(&self.0.machine);
        let (state, counts) = (machine.state(), machine.counts(now));
        BreakerSnapshot {
            name: self.0.name.clone(),
            state,
            since: machine.since().into_std(),
            retry_after: (state == BreakerState::Open).then(|| machine.rest(now)),
            calls: counts.calls,
            failures: counts.failures,
            slow: counts.slow,
            failure_rate: counts.failure_rate(),
            slow_call_rate: counts.slow_rate(),
            opens: machine.opens,
            refused: machine.refused,
        }
    }

    /// Has every change of state told to `listener`, after it happened. A panic of a listener goes no further.
    ///
    /// ```
    /// use flowc::policy::{Breaker, BreakerPolicy, BreakerState};
    /// use std::sync::mpsc::channel;
    ///
    /// let breaker = Breaker::new("search", &BreakerPolicy::new());
    /// let (tell, told) = channel();
    /// breaker.on_transition(move |transition| tell.send(transition.to).unwrap());
    /// breaker.force_open();
    /// breaker.reset();
    /// assert_eq!(told.try_iter().collect::<Vec<_>>(), [BreakerState::ForcedOpen, BreakerState::Closed]);
    /// ```
    pub fn on_transition(&self, listener: impl Fn(&BreakerTransition) + Send + Sync + 'static) {
        self.0.own.add(always(listener));
    }

    /// Refuses all calls, until [`reset`](Self::reset) or [`force_close`](Self::force_close).
    pub fn force_open(&self) {
        self.apply(|machine, now| ((), machine.force(BreakerState::ForcedOpen, now)));
    }

    /// Switches it off: all calls pass, and it does not open, until [`reset`](Self::reset) or [`force_open`](Self::force_open).
    pub fn force_close(&self) {
        self.apply(|machine, now| ((), machine.force(BreakerState::ForcedClosed, now)));
    }

    /// Closed, and nothing counted, as in the beginning.
    pub fn reset(&self) {
        self.apply(|machine, now| ((), machine.reset(now)));
    }

    /// The one way in: changes the machine, then tells of it.
    fn apply<T>(
        &self,
        act: impl FnOnce(&mut Machine, Instant) -> (T, Option<Change>),
    ) -> (T, Option<BreakerTransition>) {
        let (value, change) = {
            let mut machine = lock(&self.0.machine);
            // The clock is read under the lock, so that the machine's time never goes back.
            act(&mut machine, timer::now())
        };
        let transition = change.map(|Change { from, to, number, by_hand }| {
            let transition = BreakerTransition { name: self.0.name.clone(), from, to, number, by_hand };
            self.0.own.tell(&transition);
            self.0.shared.tell(&transition);
            transition
        });
        (value, transition)
    }
}

/// A listener that is never done.
pub(super) fn always(
    listener: impl Fn(&BreakerTransition) + Send + Sync + 'static,
) -> impl Fn(&BreakerTransition) -> bool + Send + Sync + 'static {
    move |transition| {
        listener(transition);
        true
    }
}

impl fmt::Debug for Breaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breaker").field("name", &self.0.name).field("state", &self.state()).finish_non_exhaustive()
    }
}

/// The right to make one call. Dropped without a word, it counts as nothing.
#[derive(Debug)]
#[must_use = "tell the permit what became of the call"]
pub struct BreakerPermit {
    breaker: Breaker,
    admission: Option<Admission>,
}

impl BreakerPermit {
    /// The call succeeded.
    pub fn success(self) {
        self.end(false);
    }

    /// The call failed.
    pub fn failure(self) {
        self.end(true);
    }

    /// The call begins now: what it waited for since it was admitted does not make it a slow one.
    pub(super) fn begin(&mut self) {
        if let Some(admission) = &mut self.admission {
            admission.begin(timer::now());
        }
    }

    /// What became of the call, and the change of state that this made.
    pub(super) fn end(mut self, failed: bool) -> Option<BreakerTransition> {
        let admission = self.admission.take()?;
        self.breaker.apply(|machine, now| ((), machine.record(admission, failed, now))).1
    }
}

impl Drop for BreakerPermit {
    fn drop(&mut self) {
        if let Some(admission) = self.admission.take() {
            self.breaker.apply(|machine, _| (machine.give_back(admission), None));
        }
    }
}
