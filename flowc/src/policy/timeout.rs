//! Time limits: for everything, for one attempt, and for the time without a sign of life.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep};

use super::{PolicyError, Refused, TimeLimit, timer};
use crate::sync::atomic::{AtomicU64, Ordering};

/// How long something may take.
///
/// On a step, `attempt` is for each call of the node, and `total` for all of them with the waits between. Alone, there is one call,
/// and both hold for it. `idle` is for the time since the last [`Pulse::beat`].
///
/// ```
/// use flowc::policy::{PolicyError, Refused, Timeout};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// const LIMITS: Timeout = Timeout::attempt(Duration::from_secs(60)).idle(Duration::from_secs(5));
///
/// // A stream may take its time as long as something comes.
/// let words = LIMITS.call(async |pulse| {
///     for _ in 0..10 {
///         tokio::time::sleep(Duration::from_secs(4)).await;
///         pulse.beat();
///     }
///     Ok::<_, String>(10)
/// });
/// assert_eq!(words.await, Ok(10));
///
/// let stuck = LIMITS.call(|_| std::future::pending::<Result<(), String>>()).await;
/// assert!(matches!(stuck, Err(PolicyError::Refused(Refused::TimedOut { .. }))));
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timeout {
    pub(crate) total: Option<Duration>,
    pub(crate) attempt: Option<Duration>,
    pub(crate) idle: Option<Duration>,
}

impl Timeout {
    /// All the time it takes.
    pub const NONE: Self = Self { total: None, attempt: None, idle: None };

    /// Each attempt may take this long.
    #[must_use]
    pub const fn attempt(limit: Duration) -> Self {
        Self { attempt: Some(limit), ..Self::NONE }
    }

    /// All attempts together may take this long, the waits between them included.
    #[must_use]
    pub const fn total(self, limit: Duration) -> Self {
        Self { total: Some(limit), ..self }
    }

    /// This long may go by without a sign of life.
    #[must_use]
    pub const fn idle(self, limit: Duration) -> Self {
        Self { idle: Some(limit), ..self }
    }

    /// Makes one call under these limits. The call is given a [`Pulse`], which refreshes the idle limit.
    ///
    /// # Errors
    /// The error of the call, or [`Refused::TimedOut`]; the call is dropped then. [`Refused::NoTimer`] where no tokio runtime with a timer
    /// runs.
    pub async fn call<T, E, F>(self, call: impl FnOnce(Pulse) -> F) -> Result<T, PolicyError<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        let pulse = Pulse::new();
        self.within(Some(&pulse), call(pulse.clone())).await?.map_err(PolicyError::Inner)
    }

    /// What `future` gives, if it does so in time. With no limit the clock is not touched. Without a pulse nothing refreshes the idle
    /// limit.
    pub(crate) fn within<F: Future>(self, pulse: Option<&Pulse>, future: F) -> Within<'_, F> {
        Within { limits: self, pulse, begun: None, sleep: None, future }
    }

    /// When the timer is needed first.
    fn shortest(self) -> Option<Duration> {
        [self.total, self.attempt, self.idle].into_iter().flatten().min()
    }

    /// When the next limit ends that has not ended yet, or the refusal that one has.
    fn next(self, begun: Instant, pulse: Option<&Pulse>) -> Result<Instant, Refused> {
        let now = timer::now();
        let limits = [
            (self.attempt, begun, TimeLimit::Attempt),
            (self.total, begun, TimeLimit::Total),
            (self.idle, pulse.map_or(begun, |pulse| pulse.last().max(begun)), TimeLimit::Idle),
        ];
        let mut next = None;
        for (limit, since, which) in limits {
            let Some(limit) = limit else { continue };
            // A limit beyond what the clock can name never ends.
            let Some(end) = since.checked_add(limit) else { continue };
            if end <= now {
                return Err(Refused::TimedOut { limit, which });
            }
            next = next.into_iter().chain([end]).min();
        }
        Ok(next.unwrap_or(now + FAR))
    }
}

pin_project! {
    /// A future under limits. Written by hand, as an `async fn` would hold the future twice.
    pub(crate) struct Within<'p, F> {
        limits: Timeout,
        pulse: Option<&'p Pulse>,
        // When it was polled first, if it has limits.
        begun: Option<Instant>,
        #[pin]
        sleep: Option<Sleep>,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for Within<'_, F> {
    type Output = Result<F::Output, Refused>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if let (None, Some(first)) = (&this.begun, this.limits.shortest()) {
            *this.begun = Some(timer::now());
            this.sleep.set(Some(timer::sleep(first)?));
        }
        // The work comes first: what is done in the very moment that its time ends is done.
        if let Poll::Ready(output) = this.future.poll(cx) {
            return Poll::Ready(Ok(output));
        }
        let (Some(begun), Some(mut sleep)) = (*this.begun, this.sleep.as_pin_mut()) else { return Poll::Pending };
        loop {
            ready!(sleep.as_mut().poll(cx));
            match this.limits.next(begun, *this.pulse) {
                Ok(later) => sleep.as_mut().reset(later),
                Err(over) => return Poll::Ready(Err(over)),
            }
        }
    }
}

/// As far as a timer needs to look ahead where no limit ends.
const FAR: Duration = Duration::from_secs(60 * 60 * 24);

/// The sign of life of something that has an idle limit. Clones are the same pulse.
///
/// [`Timeout::call`] hands it out.
#[derive(Debug, Clone)]
pub struct Pulse(Arc<Beats>);

#[derive(Debug)]
struct Beats {
    begun: Instant,
    /// Nanoseconds from `begun` to the last beat.
    last: AtomicU64,
}

impl Pulse {
    /// A pulse whose first beat is now.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Beats { begun: timer::now(), last: AtomicU64::new(0) }))
    }

    /// It lives: the idle limit begins anew.
    ///
    /// ```
    /// # use flowc::policy::Timeout;
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let lively = Timeout::NONE.idle(Duration::from_secs(2)).call(async |pulse| {
    ///     for _ in 0..5 {
    ///         tokio::time::sleep(Duration::from_secs(1)).await;
    ///         pulse.beat();
    ///     }
    ///     Ok::<_, String>(())
    /// });
    /// assert_eq!(lively.await, Ok(()));
    /// # }
    /// ```
    pub fn beat(&self) {
        let nanos = u64::try_from(self.0.begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.0.last.fetch_max(nanos, Ordering::Relaxed);
    }

    /// The last beat.
    fn last(&self) -> Instant {
        self.0.begun + Duration::from_nanos(self.0.last.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use tokio::time::sleep;

    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;

    type Ended = Result<u8, PolicyError<Infallible>>;

    async fn timed<F: Future<Output = Result<u8, Infallible>>>(
        limits: Timeout,
        call: impl FnOnce(Pulse) -> F,
    ) -> (Ended, Duration) {
        let begun = Instant::now();
        (limits.call(call).await, begun.elapsed())
    }

    fn over(limit: u64, which: TimeLimit) -> (Ended, Duration) {
        (Err(PolicyError::Refused(Refused::TimedOut { limit: S(limit), which })), S(limit))
    }

    async fn slow(seconds: u64) -> Result<u8, Infallible> {
        sleep(S(seconds)).await;
        Ok(1)
    }

    #[tokio::test(start_paused = true)]
    async fn the_earlier_of_total_and_attempt_holds() {
        assert_eq!(timed(Timeout::attempt(S(2)).total(S(5)), |_| slow(9)).await, over(2, TimeLimit::Attempt));
        assert_eq!(timed(Timeout::attempt(S(9)).total(S(5)), |_| slow(9)).await, over(5, TimeLimit::Total));
        assert_eq!(timed(Timeout::NONE, |_| slow(9)).await, (Ok(1), S(9)));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_done_as_its_time_ends_is_done() {
        assert_eq!(timed(Timeout::attempt(S(9)), |_| slow(9)).await, (Ok(1), S(9)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_beat_refreshes_the_idle_limit_and_only_that() {
        let beats = async |pulse: Pulse| {
            for _ in 0..4 {
                sleep(S(3)).await;
                pulse.beat();
            }
            slow(100).await
        };
        let (ended, after) = timed(Timeout::NONE.idle(S(5)), beats).await;
        assert_eq!((ended, after), (over(5, TimeLimit::Idle).0, S(17)));
        assert_eq!(timed(Timeout::attempt(S(10)).idle(S(5)), beats).await, over(10, TimeLimit::Attempt));
    }

    #[tokio::test(start_paused = true)]
    async fn a_beat_from_elsewhere_counts() {
        let ended = timed(Timeout::NONE.idle(S(5)), |pulse| {
            let handle = tokio::spawn(async move {
                sleep(S(4)).await;
                pulse.beat();
            });
            async move {
                let value = slow(8).await;
                handle.await.expect("the beat");
                value
            }
        });
        assert_eq!(ended.await, (Ok(1), S(8)));
    }

    #[tokio::test(start_paused = true)]
    async fn limits_beyond_the_clock_never_end() {
        let endless = Timeout::attempt(Duration::MAX).total(Duration::MAX).idle(Duration::MAX);
        assert_eq!(timed(endless, |_| slow(60 * 60 * 24 * 400)).await.0, Ok(1));
    }

    #[test]
    fn without_a_timer_it_says_so() {
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        let call = std::pin::pin!(Timeout::attempt(S(1)).call(|_| std::future::ready(Ok::<_, Infallible>(1))));
        assert_eq!(call.poll(&mut cx), Poll::Ready(Err(PolicyError::Refused(Refused::NoTimer))));
        // Nothing to wait for, nothing to miss.
        let call = std::pin::pin!(Timeout::NONE.call(|_| std::future::ready(Ok::<_, Infallible>(1))));
        assert_eq!(call.poll(&mut cx), Poll::Ready(Ok(1)));
    }
}
