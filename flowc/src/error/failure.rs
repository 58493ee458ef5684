use std::any::Any;
use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::site::Site;
use super::{AnyError, Chain, FailureKind, Limit, help, text};
use crate::id::RunId;
use crate::policy::Refused;

/// A step, and with it a run, that ended without a value.
///
/// `E` is the node's own error. A run ends with a plain `Failure`, whose error is [`AnyError`]; `catch(search(..))`
/// gives a `Failure<SearchError>`.
///
/// It says what happened to whom: in text with `Display`, drawn for people with [`report`](Self::report), and as
/// `application/problem+json` with [`problem`](Self::problem).
///
/// ```
/// use flowc::{Failure, FailureKind};
///
/// fn explain(failure: &Failure) -> String {
///     match failure.kind() {
///         FailureKind::Error => format!("{} said: {}", failure.step(), failure),
///         _ => failure.help().to_owned(),
///     }
/// }
/// ```
pub struct Failure<E = AnyError>(Box<Inner<E>>);

struct Inner<E> {
    told: Told,
    error: Option<E>,
}

/// All of a failure but the node's own error.
pub(super) struct Told {
    pub(super) kind: FailureKind,
    pub(super) site: Site,
    path: String,
    pub(super) attempts: u32,
    pub(super) elapsed: Option<Duration>,
    message: String,
    help: Option<String>,
    pub(super) retry_after: Option<Duration>,
    retryable: Option<bool>,
    pub(super) cancelled: Vec<String>,
}

impl<E> Failure<E> {
    /// Why there is no value.
    pub fn kind(&self) -> FailureKind {
        self.0.told.kind
    }

    /// The name of the workflow that the run is of.
    pub fn workflow(&self) -> &str {
        self.0.told.site.root.name
    }

    /// The id of the run.
    pub fn run_id(&self) -> RunId {
        self.0.told.site.run
    }

    /// What the caller gave the run to be found by elsewhere.
    pub fn correlation_id(&self) -> Option<&str> {
        self.0.told.site.correlation.as_deref()
    }

    /// The path of the step that failed: the workflow's name, then each name on the way, as in `answer/notes[3]/summarise`.
    pub fn step(&self) -> &str {
        &self.0.told.path
    }

    /// The name of the node, or of the workflow where the failure is not that of a node.
    pub fn node(&self) -> &str {
        self.0.told.site.node()
    }

    /// The version of the node, from its option `version`; `None` where the failure is not that of a node.
    pub fn node_version(&self) -> Option<&str> {
        self.0.told.site.spec().map(|node| node.version)
    }

    /// How many times the node was called.
    pub fn attempts(&self) -> u32 {
        self.0.told.attempts
    }

    /// How long the step had been running, with all of its attempts. It is known where something had a clock: under an
    /// engine, and where a time limit passed. A plain `run` reads no clock.
    pub fn elapsed(&self) -> Option<Duration> {
        self.0.told.elapsed
    }

    /// The paths of the steps that were running when the run was cancelled or its time was up.
    pub fn cancelled_steps(&self) -> &[String] {
        &self.0.told.cancelled
    }

    /// After what time another try may succeed, where somebody said so: a breaker, a limit, or a server.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.told.retry_after
    }

    /// Whether another try may succeed with the same inputs: `None` where only the node's own error can tell.
    pub fn is_retryable(&self) -> Option<bool> {
        self.0.told.retryable.or(self.0.told.kind.is_retryable())
    }

    /// The node's own error, if it returned one.
    pub fn error(&self) -> Option<&E> {
        self.0.error.as_ref()
    }

    /// The node's own error, if it returned one.
    pub fn into_error(self) -> Option<E> {
        self.0.error
    }

    /// What a person can do about it.
    pub fn help(&self) -> &str {
        self.0.told.help.as_deref().unwrap_or(self.0.told.kind.help())
    }

    pub(crate) fn new(kind: FailureKind, site: Site, message: String) -> Self {
        let help = help::of_place(kind, &site);
        Self::made(kind, site, message, help, None)
    }

    pub(crate) fn of_error(error: E, site: Site) -> Self {
        Self::made(FailureKind::Error, site, String::new(), None, Some(error))
    }

    /// A limit that has passed.
    pub(crate) fn late(limit: Limit, length: Duration, site: Site) -> Self {
        let (message, help) = (limit.passed(length), limit.help(length));
        Self::made(FailureKind::Timeout, site, message, Some(help), None).with_elapsed(length)
    }

    /// A policy that refused the call, or stopped waiting for it.
    pub(crate) fn refused(why: &Refused, site: Site) -> Self {
        let (kind, help) = help::of_refused(why);
        let message = why.to_string();
        // What the text suggests stands in `help`, and there in the words of a workflow.
        let message = message.split_once(": ").map_or(message.as_str(), |(what, _)| what).to_owned();
        let mut failure = Self::made(kind, site, message, Some(help), None);
        failure.0.told.retry_after = why.retry_after();
        match why {
            Refused::TimedOut { limit, .. } => failure.with_elapsed(*limit),
            _ => failure,
        }
    }

    fn made(kind: FailureKind, site: Site, message: String, help: Option<String>, error: Option<E>) -> Self {
        let told = Told {
            kind,
            path: site.path(),
            site,
            attempts: 1,
            elapsed: None,
            message,
            help,
            retry_after: None,
            retryable: None,
            cancelled: Vec::new(),
        };
        Self(Box::new(Inner { told, error }))
    }

    /// What went wrong, without the place; `describe` says what the node's own error is. It never panics.
    pub(crate) fn what(&self, describe: fn(&E) -> String) -> String {
        match &self.0.error {
            Some(error) => text::safely(|| describe(error)),
            None => self.0.told.message.clone(),
        }
    }

    /// The same failure of a step with another error, which it does not have.
    #[cfg(feature = "testing")]
    pub(crate) fn retyped<F>(self) -> Failure<F> {
        let Inner { told, error: _ } = *self.0;
        Failure(Box::new(Inner { told, error: None }))
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        let told = &mut self.0.told;
        told.attempts = attempts;
        if told.help.is_none() && told.kind == FailureKind::Error && attempts > 1 {
            told.help = Some(help::of_attempts(attempts));
        }
        self
    }

    /// How long it took, unless that is known already: what is nearer to the failure knows better.
    pub(crate) fn with_elapsed(mut self, elapsed: Duration) -> Self {
        self.0.told.elapsed.get_or_insert(elapsed);
        self
    }

    /// A suggestion that knows more than the kind does.
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.0.told.help = Some(help.into());
        self
    }

    /// What the policy of the step knows of the node's own error: whether another attempt may succeed, and after what time.
    pub(crate) fn with_retryable(mut self, retryable: bool, after: Option<Duration>) -> Self {
        self.0.told.retryable = Some(retryable);
        self.0.told.retry_after = after;
        self
    }

    pub(crate) fn with_cancelled(mut self, steps: Vec<String>) -> Self {
        self.0.told.cancelled = steps;
        self
    }

    pub(super) fn told(&self) -> &Told {
        &self.0.told
    }

    /// The same failure, the type of its error no longer known.
    #[cold]
    #[inline(never)]
    pub fn into_any(self) -> Failure
    where
        E: Into<Box<dyn Error + Send + Sync>> + 'static,
    {
        let Inner { told, error } = *self.0;
        let error = error.map(|error| {
            // A workflow's error is an `AnyError` already; boxing it once more would hide the node's type from `downcast_ref`.
            let mut slot = Some(error);
            match (&mut slot as &mut dyn Any).downcast_mut::<Option<AnyError>>().and_then(Option::take) {
                Some(any) => Some(any),
                None => slot.map(AnyError::new),
            }
        });
        Failure(Box::new(Inner { told, error: error.flatten() }))
    }
}

impl<E: Error + 'static> Failure<E> {
    /// The node's own error, what caused it, what caused that, and so on.
    ///
    /// ```
    /// # fn show(failure: &flowc::Failure) {
    /// for error in failure.chain() {
    ///     eprintln!("because: {error}");
    /// }
    /// # }
    /// ```
    pub fn chain(&self) -> Chain<'_> {
        Chain::new(self.0.error.as_ref().map(|error| {
            // What is in an `AnyError` is the node's own error, and can be downcast to it.
            match (error as &dyn Any).downcast_ref::<AnyError>() {
                Some(AnyError(any)) => &**any as &(dyn Error + 'static),
                None => error,
            }
        }))
    }
}

impl Told {
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// What happened, and to whom.
    pub(super) fn headline(&self, f: &mut dyn fmt::Write) -> fmt::Result {
        let (path, node) = (&self.path, self.site.node());
        // A failure of the whole run has the path of its workflow.
        let step = if self.site.way.is_empty() { "workflow" } else { "step" };
        write!(f, "{step} `{path}`")?;
        if !path.ends_with(node) {
            write!(f, " (node `{node}`)")?;
        }
        write!(f, " {}", self.kind.verb())?;
        if self.attempts > 1 {
            write!(f, " after {} attempts", self.attempts)?;
        }
        Ok(())
    }

    /// What it says where the node has no error of its own.
    pub(super) fn message(&self) -> &str {
        &self.message
    }
}

impl<E: fmt::Display> fmt::Display for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { told, error } = &*self.0;
        told.headline(f)?;
        match error {
            Some(error) => write!(f, ": {error}"),
            None if told.message.is_empty() => Ok(()),
            None => write!(f, ": {}", told.message),
        }
    }
}

impl<E: fmt::Debug> fmt::Debug for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { told, error } = &*self.0;
        f.debug_struct("Failure")
            .field("kind", &told.kind)
            .field("step", &told.path)
            .field("node", &told.site.node())
            .field("run", &told.site.run)
            .field("attempts", &told.attempts)
            .field("elapsed", &told.elapsed)
            .field("error", error)
            .field("message", &told.message)
            .finish_non_exhaustive()
    }
}

impl<E: Error + 'static> Error for Failure<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.error.as_ref().and_then(Error::source)
    }
}
