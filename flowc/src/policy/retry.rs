//! When a failed call is made again, and after how long.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use super::{Retryable, timer, transient};

/// The longest wait that an error may ask for where nothing else says how long is too long.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// Second chances, with exponential backoff: the n-th wait is `base * factor^(n - 1)`, at most `max`.
///
/// By default every error is worth another attempt. [`retryable`](Self::retryable), [`transient`](Self::transient) and
/// [`when`](Self::when) are more particular.
///
/// ```
/// use flowc::policy::Retry;
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// const POLICY: Retry<String> = Retry::attempts(4).base(Duration::from_millis(50)).jitter();
///
/// let answer = POLICY.call(async |attempt| if attempt < 3 { Err("busy".to_owned()) } else { Ok(attempt) }).await;
/// assert_eq!(answer, Ok(3));
/// # }
/// ```
pub struct Retry<E> {
    pub(super) attempts: u32,
    pub(super) base: Duration,
    pub(super) factor: f64,
    pub(super) max: Duration,
    pub(super) jitter: bool,
    pub(super) budget: Option<Duration>,
    when: Option<fn(&E) -> bool>,
    after: Option<fn(&E) -> Option<Duration>>,
}

// Derived impls would ask for `E: Copy`, though only a function pointer names `E`.
impl<E> Clone for Retry<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Retry<E> {}

impl<E> fmt::Debug for Retry<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("attempts", &self.attempts)
            .field("base", &self.base)
            .field("factor", &self.factor)
            .field("max", &self.max)
            .field("jitter", &self.jitter)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

impl<E> Retry<E> {
    /// So many attempts, the first call among them, with waits of 100 ms, 200 ms, 400 ms and so on up to 30 s.
    #[must_use]
    pub const fn attempts(attempts: u32) -> Self {
        Self {
            attempts,
            base: Duration::from_millis(100),
            factor: 2.0,
            max: Duration::from_secs(30),
            jitter: false,
            budget: None,
            when: None,
            after: None,
        }
    }

    /// The first wait.
    #[must_use]
    pub const fn base(self, base: Duration) -> Self {
        Self { base, ..self }
    }

    /// By what each wait is longer than the one before.
    #[must_use]
    pub const fn factor(self, factor: f64) -> Self {
        Self { factor, ..self }
    }

    /// The backoff grows no longer than this. An [error that asks for more](Self::after) gets it, within bounds of its own.
    #[must_use]
    pub const fn max(self, max: Duration) -> Self {
        Self { max, ..self }
    }

    /// Each wait is somewhere between its half and its whole, so that callers which failed together do not come back together.
    #[must_use]
    pub const fn jitter(self) -> Self {
        Self { jitter: true, ..self }
    }

    /// No attempt starts later than this after the first one did.
    #[must_use]
    pub const fn budget(self, budget: Duration) -> Self {
        Self { budget: Some(budget), ..self }
    }

    /// Only an error of which this holds is worth another attempt.
    #[must_use]
    pub const fn when(self, when: fn(&E) -> bool) -> Self {
        Self { when: Some(when), ..self }
    }

    /// The error itself may say how long to wait at least, as a server does with `Retry-After`. The real wait is the longer of that
    /// and the backoff. Where it would go beyond the [budget](Self::budget) there is no further attempt: the error is the answer at once.
    /// Without a budget the same holds for an error that asks for more than five minutes, or than [`max`](Self::max) if that is more.
    #[must_use]
    pub const fn after(self, after: fn(&E) -> Option<Duration>) -> Self {
        Self { after: Some(after), ..self }
    }

    /// The error says whether another attempt is worth it, and how long to wait at least.
    #[must_use]
    pub const fn retryable(self) -> Self
    where
        E: Retryable,
    {
        self.when(E::is_retryable).after(E::retry_after)
    }

    /// Only an error that may pass with time is worth another attempt, as far as its chain of sources tells: see [`transient`].
    #[must_use]
    pub const fn transient(self) -> Self
    where
        E: Error + 'static,
    {
        self.when(passes)
    }

    /// Calls until one call succeeds, or the policy says that it is enough. `call` is told which attempt it is, from 1 on.
    ///
    /// The waits need a tokio runtime with a timer. Where there is none, the first error is the answer.
    ///
    /// # Errors
    /// The error of the last attempt.
    pub async fn call<T, F>(self, mut call: impl FnMut(u32) -> F) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        let started = timer::now();
        let mut attempt = 1;
        loop {
            let error = match call(attempt).await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            let again = self.follows(attempt) && self.when.is_none_or(|when| when(&error));
            let asked = self.after.and_then(|after| after(&error));
            let wait = self.wait(attempt, asked, started.elapsed(), self.has_budget()).filter(|_| again);
            match wait.map(timer::sleep) {
                Some(Ok(sleep)) => sleep.await,
                None | Some(Err(timer::NoTimer)) => return Err(error),
            }
            attempt += 1;
        }
    }

    /// Another attempt may follow the `attempt`-th, if that one fails.
    pub(super) fn follows(&self, attempt: u32) -> bool {
        attempt < self.attempts
    }

    /// There is a time after which no attempt starts.
    pub(super) fn has_budget(&self) -> bool {
        self.budget.is_some()
    }

    /// The wait after the `attempt`-th attempt, whose error `asked` for one of its own, when `spent` has gone by since the first attempt.
    /// Nothing, if it is too long: for the budget, or where nothing has `bounded` it, for anybody.
    pub(super) fn wait(
        &self,
        attempt: u32,
        asked: Option<Duration>,
        spent: Duration,
        bounded: bool,
    ) -> Option<Duration> {
        let asked = asked.unwrap_or_default();
        let wait = self.delay(attempt).max(asked);
        let borne = bounded || asked <= PATIENCE.max(self.max);
        let afforded = self.budget.is_none_or(|budget| spent.saturating_add(wait) <= budget);
        (borne && afforded).then_some(wait)
    }

    /// The backoff after the `attempt`-th attempt.
    fn delay(&self, attempt: u32) -> Duration {
        let growth = self.factor.powi(i32::try_from(attempt.saturating_sub(1)).unwrap_or(i32::MAX));
        // A product beyond what a duration holds is beyond `max` as well.
        let delay = Duration::try_from_secs_f64(self.base.as_secs_f64() * growth).map_or(self.max, |d| d.min(self.max));
        if self.jitter { delay.mul_f64(0.5 + 0.5 * chance()) } else { delay }
    }
}

fn passes<E: Error + 'static>(error: &E) -> bool {
    transient(error)
}

/// A number between 0 and 1. The standard library's hasher has random keys, which is all the chance that a wait needs.
fn chance() -> f64 {
    let bits = RandomState::new().hash_one(0_u8) >> 32;
    f64::from(u32::try_from(bits).unwrap_or(u32::MAX)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    #[test]
    fn waits_grow_up_to_the_maximum() {
        let retry = Retry::<()>::attempts(9).base(MS(100)).max(MS(350));
        let waits: Vec<_> = (1..=4).map(|n| retry.delay(n)).collect();
        assert_eq!(waits, [MS(100), MS(200), MS(350), MS(350)]);
        assert_eq!(retry.delay(u32::MAX), MS(350));
    }

    #[test]
    fn jitter_keeps_between_half_and_whole() {
        let retry = Retry::<()>::attempts(9).base(MS(1000)).jitter();
        let waits: Vec<_> = (0..100).map(|_| retry.delay(1)).collect();
        assert!(waits.iter().all(|wait| (MS(500)..=MS(1000)).contains(wait)), "{waits:?}");
        assert!(waits.iter().any(|wait| Some(wait) != waits.first()), "all waits are equal");
    }

    #[test]
    fn a_budget_counts_the_wait() {
        let retry = Retry::<()>::attempts(9).budget(MS(500));
        assert_eq!(retry.wait(1, Some(MS(200)), MS(300), true), Some(MS(200)));
        assert_eq!(retry.wait(1, Some(MS(201)), MS(300), true), None);
    }

    /// What a server may answer.
    #[derive(Debug, PartialEq)]
    enum Answer {
        Busy(u64),
        Wrong,
    }

    impl Retryable for Answer {
        fn is_retryable(&self) -> bool {
            matches!(self, Self::Busy(_))
        }
        fn retry_after(&self) -> Option<Duration> {
            match self {
                Self::Busy(ms) => Some(MS(*ms)),
                Self::Wrong => None,
            }
        }
    }

    const POLICY: Retry<Answer> = Retry::attempts(3).base(MS100).retryable();
    const MS100: Duration = Duration::from_millis(100);

    /// What the calls gave, how many there were, and the time that went by.
    async fn spent(retry: Retry<Answer>, answer: impl Fn(u32) -> Answer) -> (Answer, u32, Duration) {
        let (begun, mut calls) = (timer::now(), 0);
        let ended = retry
            .call(|attempt| {
                calls = attempt;
                std::future::ready(Err::<(), _>(answer(attempt)))
            })
            .await;
        (ended.unwrap_err(), calls, begun.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn the_real_wait_is_the_longer_of_backoff_and_what_the_server_says() {
        // 100 ms and 200 ms by the backoff; 150 ms by the server.
        assert_eq!(spent(POLICY, |_| Answer::Busy(150)).await, (Answer::Busy(150), 3, MS(350)));
        assert_eq!(spent(POLICY, |_| Answer::Busy(0)).await, (Answer::Busy(0), 3, MS(300)));
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_server_says_is_not_cut_by_the_longest_backoff() {
        assert_eq!(spent(POLICY.max(MS(120)), |_| Answer::Busy(500)).await.2, MS(1000));
    }

    #[tokio::test(start_paused = true)]
    async fn who_asks_for_too_much_patience_is_the_answer_at_once() {
        let hour = Answer::Busy(3_600_000);
        assert_eq!(spent(POLICY, |_| Answer::Busy(3_600_000)).await, (hour, 1, MS(0)));
        assert_eq!(spent(POLICY, |_| Answer::Busy(300_000)).await.1, 3);
        // Who says how long is too long is heard.
        assert_eq!(spent(POLICY.max(MS(3_600_000)), |_| Answer::Busy(3_600_000)).await.1, 3);
        assert_eq!(spent(POLICY.budget(MS(3_600_000)), |_| Answer::Busy(3_600_000)).await.1, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn no_wait_goes_beyond_the_budget() {
        assert_eq!(spent(POLICY.budget(MS(1000)), |_| Answer::Busy(1001)).await, (Answer::Busy(1001), 1, MS(0)));
        assert_eq!(spent(POLICY.budget(MS(1000)), |_| Answer::Busy(900)).await, (Answer::Busy(900), 2, MS(900)));
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_that_will_not_pass_ends_it() {
        let answer = |attempt| if attempt == 1 { Answer::Busy(0) } else { Answer::Wrong };
        assert_eq!(spent(POLICY, answer).await, (Answer::Wrong, 2, MS(100)));
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_say_every_error_is_worth_another_attempt() {
        assert_eq!(spent(Retry::attempts(3).base(MS100), |_| Answer::Wrong).await.1, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn transient_looks_at_the_chain_of_sources() {
        use std::io::{Error, ErrorKind};
        let calls = async |kind: ErrorKind| {
            let mut calls = 0;
            let retry = Retry::<Error>::attempts(3).transient();
            let _ = retry
                .call(|attempt| {
                    std::future::ready(Err::<(), _>({
                        calls = attempt;
                        Error::from(kind)
                    }))
                })
                .await;
            calls
        };
        assert_eq!(calls(ErrorKind::ConnectionReset).await, 3);
        assert_eq!(calls(ErrorKind::NotFound).await, 1);
    }

    #[test]
    fn without_a_timer_the_first_error_is_the_answer() {
        let mut waker = std::task::Context::from_waker(std::task::Waker::noop());
        let call = std::pin::pin!(POLICY.call(|_| std::future::ready(Err::<(), _>(Answer::Busy(1)))));
        assert_eq!(call.poll(&mut waker), std::task::Poll::Ready(Err(Answer::Busy(1))));
    }
}
