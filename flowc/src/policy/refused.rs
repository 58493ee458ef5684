//! Why a policy did not let a call happen, or did not wait for its end.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Retryable;
use super::timer::NoTimer;

/// Why a policy refused a call. The text says what to do.
///
/// ```
/// use flowc::policy::{Breaker, BreakerPolicy, Refused};
///
/// let breaker = Breaker::new("search", &BreakerPolicy::new());
/// breaker.force_open();
/// let refused = breaker.acquire().unwrap_err();
/// assert!(matches!(refused, Refused::BreakerOpen { .. }));
/// assert!(refused.to_string().starts_with("the breaker `search` is open"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// Too many calls failed lately, so this one was not made.
    BreakerOpen {
        /// The breaker.
        name: Arc<str>,
        /// When a call may pass again. Unknown while other calls are probing, and where somebody forced the breaker open.
        retry_after: Option<Duration>,
    },
    /// It would have waited longer for its turn than the policy allows.
    RateLimited {
        /// The limiter.
        name: Arc<str>,
        /// When it will be its turn, as far as is known now.
        retry_after: Duration,
    },
    /// As many callers wait for a place as may wait.
    QueueFull {
        /// The bulkhead.
        name: Arc<str>,
        /// How many may wait.
        queue: usize,
    },
    /// A time limit is over.
    TimedOut {
        /// How long it was.
        limit: Duration,
        /// What it was for.
        which: TimeLimit,
    },
    /// A policy has to wait, and no tokio runtime with a timer runs here.
    NoTimer,
}

/// What a time limit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeLimit {
    /// All attempts and the waits between them.
    Total,
    /// One attempt.
    Attempt,
    /// The time without a sign of life.
    Idle,
    /// The wait for a free place.
    Queue,
}

impl Refused {
    /// After what time another call has a chance, where that is known.
    ///
    /// ```
    /// use flowc::policy::Refused;
    ///
    /// assert_eq!(Refused::NoTimer.retry_after(), None);
    /// ```
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::BreakerOpen { retry_after, .. } => *retry_after,
            Self::RateLimited { retry_after, .. } => Some(*retry_after),
            _ => None,
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BreakerOpen { name, retry_after: Some(after) } => {
                write!(f, "the breaker `{name}` is open: call again in {}, or use a fallback", Rounded(*after))
            }
            Self::BreakerOpen { name, retry_after: None } => {
                write!(f, "the breaker `{name}` is open: call again later, or use a fallback")
            }
            Self::RateLimited { name, retry_after } => write!(
                f,
                "the limiter `{name}` has no room: call again in {}, or raise its rate or its `wait`",
                Rounded(*retry_after)
            ),
            Self::QueueFull { name, queue: 0 } => {
                write!(f, "the bulkhead `{name}` is full and lets nobody wait: call again later, or raise its `max` or its `queue`")
            }
            Self::QueueFull { name, queue } => write!(
                f,
                "the bulkhead `{name}` is full and {queue} callers wait already: call again later, or raise its `max` or its `queue`"
            ),
            Self::TimedOut { limit, which } => match which {
                TimeLimit::Total => write!(f, "it was not done within {limit:?}: give it more time in `total`"),
                TimeLimit::Attempt => write!(f, "it took longer than {limit:?}: give it more time, or retry it"),
                TimeLimit::Idle => {
                    write!(f, "there was no sign of life for {limit:?}: report progress more often, or raise `idle`")
                }
                TimeLimit::Queue => {
                    write!(f, "no place became free within {limit:?}: call again later, or raise `max` or `wait`")
                }
            },
            Self::NoTimer => f.write_str(
                "a policy has to wait here, and no tokio runtime with time enabled is running: call it under `#[tokio::main]`, or `enable_time` on the runtime's builder",
            ),
        }
    }
}

impl Error for Refused {}

impl From<NoTimer> for Refused {
    fn from(NoTimer: NoTimer) -> Self {
        Self::NoTimer
    }
}

impl Retryable for Refused {
    fn is_retryable(&self) -> bool {
        !matches!(self, Self::NoTimer)
    }

    fn retry_after(&self) -> Option<Duration> {
        self.retry_after()
    }
}

/// A duration as people read it: whole milliseconds, as a nanosecond more or less says nothing.
struct Rounded(Duration);

impl fmt::Display for Rounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_nanos().div_ceil(1_000_000);
        write!(f, "{:?}", Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)))
    }
}

/// What a call under a policy ends with that gave no value.
///
/// ```
/// use flowc::policy::{Breaker, BreakerPolicy, PolicyError};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let breaker = Breaker::new("search", &BreakerPolicy::new().failures(1));
/// let failed = breaker.call(|_: &&str| true, || async { Err::<(), _>("no answer") }).await;
/// assert_eq!(failed, Err(PolicyError::Inner("no answer")));
///
/// let refused = breaker.call(|_: &&str| true, || async { Ok(()) }).await.unwrap_err();
/// assert!(refused.refused().is_some());
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyError<E> {
    /// The policy refused the call, or stopped waiting for it.
    Refused(Refused),
    /// The call was made, and failed.
    Inner(E),
}

impl<E> PolicyError<E> {
    /// Why the policy refused the call, if it did.
    pub fn refused(&self) -> Option<&Refused> {
        match self {
            Self::Refused(refused) => Some(refused),
            Self::Inner(_) => None,
        }
    }

    /// The error of the call itself, if it was made.
    pub fn inner(&self) -> Option<&E> {
        match self {
            Self::Refused(_) => None,
            Self::Inner(error) => Some(error),
        }
    }
}

impl<E> PolicyError<PolicyError<E>> {
    /// One error of two policies around each other.
    ///
    /// ```
    /// use flowc::policy::{Breaker, BreakerPolicy, PolicyError, Timeout};
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let breaker = Breaker::new("search", &BreakerPolicy::new());
    /// let limit = Timeout::attempt(Duration::from_secs(5));
    /// let call = breaker.call(|_| true, || limit.call(async |_| Err::<(), _>("no answer")));
    /// assert_eq!(call.await.map_err(PolicyError::flatten), Err(PolicyError::Inner("no answer")));
    /// # }
    /// ```
    pub fn flatten(self) -> PolicyError<E> {
        match self {
            Self::Refused(refused) => PolicyError::Refused(refused),
            Self::Inner(error) => error,
        }
    }
}

impl<E> From<Refused> for PolicyError<E> {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl<E: fmt::Display> fmt::Display for PolicyError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refused) => refused.fmt(f),
            Self::Inner(error) => error.fmt(f),
        }
    }
}

// The error is shown as it is, so what follows it in the chain is its own source.
impl<E: Error + 'static> Error for PolicyError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Refused(refused) => refused.source(),
            Self::Inner(error) => error.source(),
        }
    }
}

impl<E: Retryable> Retryable for PolicyError<E> {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Refused(refused) => refused.is_retryable(),
            Self::Inner(error) => error.is_retryable(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(refused) => refused.retry_after(),
            Self::Inner(error) => error.retry_after(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_says_what_to_do() {
        let name: Arc<str> = "search".into();
        let limit = Duration::from_secs(1);
        let which = [TimeLimit::Total, TimeLimit::Attempt, TimeLimit::Idle, TimeLimit::Queue];
        let all = [
            Refused::BreakerOpen { name: name.clone(), retry_after: Some(limit) },
            Refused::BreakerOpen { name: name.clone(), retry_after: None },
            Refused::RateLimited { name: name.clone(), retry_after: limit },
            Refused::QueueFull { name: name.clone(), queue: 0 },
            Refused::QueueFull { name, queue: 3 },
            Refused::NoTimer,
        ];
        for refused in all.into_iter().chain(which.map(|which| Refused::TimedOut { limit, which })) {
            let text = refused.to_string();
            let (what, advice) = text.split_once(": ").expect("what happened, then what to do");
            assert!(["call", "give", "report"].iter().any(|verb| advice.starts_with(verb)), "{text}");
            assert!(!what.is_empty() && !text.ends_with('.'), "{text}");
        }
    }

    #[test]
    fn waits_are_told_in_whole_milliseconds_and_never_too_short() {
        let text = |nanos| Rounded(Duration::from_nanos(nanos)).to_string();
        assert_eq!([text(0), text(1), text(1_500_000_001)], ["0ns", "1ms", "1.501s"]);
    }

    #[test]
    fn a_policy_error_shows_and_leads_to_what_is_inside() {
        let inner = std::io::Error::other(std::fmt::Error);
        let text = inner.to_string();
        let error = PolicyError::Inner(inner);
        assert_eq!(error.to_string(), text);
        assert!(error.inner().is_some() && error.refused().is_none());
        let refused = PolicyError::<std::io::Error>::from(Refused::NoTimer);
        assert!(refused.inner().is_none() && !refused.is_retryable());
    }
}
