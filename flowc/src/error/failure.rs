use std::any::Any;
use std::error::Error;
use std::fmt;

use super::{AnyError, FailureKind};

/// A step, and with it a run, that ended without a value.
///
/// `E` is the node's own error. A run ends with a plain `Failure`, whose error is [`AnyError`]; `catch(search(..))`
/// gives a `Failure<SearchError>`.
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
    kind: FailureKind,
    step: String,
    node: &'static str,
    attempts: u32,
    error: Option<E>,
    message: String,
}

impl<E> Failure<E> {
    /// Why there is no value.
    pub fn kind(&self) -> FailureKind {
        self.0.kind
    }

    /// The path of the step that failed: the workflow's name, then each name on the way, as in `answer/notes[3]/summarise`.
    pub fn step(&self) -> &str {
        &self.0.step
    }

    /// The name of the node, or of the workflow where the failure is not that of a node.
    pub fn node(&self) -> &str {
        self.0.node
    }

    /// How many times the node was called.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
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
        self.0.kind.help()
    }

    pub(crate) fn new(kind: FailureKind, step: String, node: &'static str, message: String) -> Self {
        Self(Box::new(Inner { kind, step, node, attempts: 1, error: None, message }))
    }

    pub(crate) fn of_error(error: E, step: String, node: &'static str) -> Self {
        let (kind, message) = (FailureKind::Error, String::new());
        Self(Box::new(Inner { kind, step, node, attempts: 1, error: Some(error), message }))
    }

    /// What went wrong, without the place; `describe` says what the node's own error is.
    pub(crate) fn what(&self, describe: fn(&E) -> String) -> String {
        match &self.0.error {
            Some(error) => describe(error),
            None => self.0.message.clone(),
        }
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// The same failure, the type of its error no longer known.
    #[cold]
    #[inline(never)]
    pub fn into_any(self) -> Failure
    where
        E: Into<Box<dyn Error + Send + Sync>> + 'static,
    {
        let Inner { kind, step, node, attempts, error, message } = *self.0;
        let error = error.map(|error| {
            // A workflow's error is an `AnyError` already; boxing it once more would hide the node's type from `downcast_ref`.
            let mut slot = Some(error);
            match (&mut slot as &mut dyn Any).downcast_mut::<Option<AnyError>>().and_then(Option::take) {
                Some(any) => Some(any),
                None => slot.map(AnyError::new),
            }
        });
        Failure(Box::new(Inner { kind, step, node, attempts, error: error.flatten(), message }))
    }
}

impl<E: fmt::Display> fmt::Display for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, step, node, attempts, error, message } = &*self.0;
        write!(f, "step `{step}`")?;
        if !step.ends_with(node) {
            write!(f, " (node `{node}`)")?;
        }
        match kind {
            FailureKind::Error => f.write_str(" failed")?,
            FailureKind::Timeout => f.write_str(" timed out")?,
            FailureKind::Panic => f.write_str(" panicked")?,
            FailureKind::Cancelled => f.write_str(" was cancelled")?,
            FailureKind::Rounds => f.write_str(" ran out of rounds")?,
            FailureKind::Breaker => f.write_str(" was held back by its breaker")?,
            FailureKind::Rate => f.write_str(" was over its rate")?,
            FailureKind::Concurrency => f.write_str(" found no room to run")?,
            FailureKind::Shutdown => f.write_str(" was not started")?,
            FailureKind::Runtime | FailureKind::Internal => f.write_str(" could not run")?,
        }
        if *attempts > 1 {
            write!(f, " after {attempts} attempts")?;
        }
        match error {
            Some(error) => write!(f, ": {error}"),
            None if message.is_empty() => Ok(()),
            None => write!(f, ": {message}"),
        }
    }
}

impl<E: fmt::Debug> fmt::Debug for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, step, node, attempts, error, message } = &*self.0;
        f.debug_struct("Failure")
            .field("kind", kind)
            .field("step", step)
            .field("node", node)
            .field("attempts", attempts)
            .field("error", error)
            .field("message", message)
            .finish()
    }
}

impl<E: Error + 'static> Error for Failure<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.error.as_ref().and_then(Error::source)
    }
}
