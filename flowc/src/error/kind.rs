use std::fmt;

/// Why a step or a run ended without a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum FailureKind {
    /// The node returned an error of its own.
    Error,
    /// The step took longer than its `timeout`.
    Timeout,
    /// The node, or a value computed between the steps, panicked.
    Panic,
    /// The run was cancelled.
    Cancelled,
    /// The step's `breaker` is open: what it calls has failed too often lately, so it was not called.
    Breaker,
    /// The step's `rate` lets no more calls through now, and waiting for it would take too long.
    Rate,
    /// As many calls as the step's `concurrency` allows were running, and its queue was full or took too long.
    Concurrency,
    /// The engine is shutting down, or has, and takes no more runs.
    Shutdown,
    /// A `loop` used up the rounds that `#[max(..)]` allows.
    Rounds,
    /// What the run needs was not there: a runtime with a timer, say, or no runtime at all around `run_blocking`.
    Runtime,
    /// The journal of a durable run could not store what the run needs, or not give it back.
    Journal,
    /// Another process goes on with the durable run, as this one had not been heard of for too long.
    TakenOver,
    /// flowc broke a promise to itself; please report it.
    Internal,
}

impl FailureKind {
    /// The name in lower case, as it stands in events and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Timeout => "timeout",
            Self::Panic => "panic",
            Self::Cancelled => "cancelled",
            Self::Breaker => "breaker",
            Self::Rate => "rate",
            Self::Concurrency => "concurrency",
            Self::Shutdown => "shutdown",
            Self::Rounds => "rounds",
            Self::Runtime => "runtime",
            Self::Journal => "journal",
            Self::TakenOver => "taken_over",
            Self::Internal => "internal",
        }
    }

    /// All kinds, for whoever makes a table of them.
    pub const ALL: [Self; 13] = [
        Self::Error,
        Self::Timeout,
        Self::Panic,
        Self::Cancelled,
        Self::Breaker,
        Self::Rate,
        Self::Concurrency,
        Self::Shutdown,
        Self::Rounds,
        Self::Runtime,
        Self::Journal,
        Self::TakenOver,
        Self::Internal,
    ];

    /// What happened to the step, as the end of a sentence.
    pub(super) fn verb(self) -> &'static str {
        match self {
            Self::Error => "failed",
            Self::Timeout => "timed out",
            Self::Panic => "panicked",
            Self::Cancelled => "was cancelled",
            Self::Breaker => "was held back by its breaker",
            Self::Rate => "was over its rate",
            Self::Concurrency => "found no room to run",
            Self::Shutdown => "was not started",
            Self::Rounds => "ran out of rounds",
            Self::Journal => "could not be kept",
            Self::TakenOver => "goes on in another process",
            Self::Runtime | Self::Internal => "could not run",
        }
    }

    /// Whether another try may succeed, where the kind alone can tell.
    pub(super) fn is_retryable(self) -> Option<bool> {
        match self {
            Self::Error => None,
            Self::Timeout | Self::Breaker | Self::Rate | Self::Concurrency | Self::Shutdown => Some(true),
            Self::Panic
            | Self::Cancelled
            | Self::Rounds
            | Self::Runtime
            | Self::Journal
            | Self::TakenOver
            | Self::Internal => Some(false),
        }
    }

    /// What a person can do about it.
    pub(crate) fn help(self) -> &'static str {
        match self {
            Self::Error => {
                "the node's own error says what went wrong; if it passes with time, give the step `#[retry(..)]`, \
                 or handle it with `match catch(..)`"
            }
            Self::Timeout => {
                "give the step more time with `#[timeout(\"..\")]`, retry it with `#[retry(..)]`, or handle it with \
                 `match catch(..)`"
            }
            Self::Panic => "a panic is a bug in the node: the message names the place; return an error there instead",
            Self::Cancelled => "the run was cancelled or its handle dropped; start it again, or `detach()` the handle",
            Self::Breaker => {
                "wait until the breaker lets calls through again: what the step calls has failed too often lately; \
                 serve something else meanwhile with `fallback`, or handle it with `match catch(..)`"
            }
            Self::Rate => {
                "call it less often, let the step wait longer with `rate(wait = \"..\")`, or raise the limit if the \
                 other side allows more"
            }
            Self::Concurrency => {
                "let more calls wait with `concurrency(queue = .., wait = \"..\")`, let more run with `max`, or start \
                 fewer runs at once"
            }
            Self::Shutdown => {
                "start the run on an engine that is still running, another instance say, or after a restart"
            }
            Self::Rounds => "raise the bound of `#[max(..)]`, or make sure that a round reaches `break`",
            Self::Runtime => {
                "run it inside a tokio runtime with time enabled (`#[tokio::main]` has it), or use `run_blocking` \
                 outside of one"
            }
            Self::Journal => {
                "see to what the message says; the run stays open in the journal, and goes on when it is resumed"
            }
            Self::TakenOver => {
                "ask the journal how the run ended, with `stored`; if this process is slow rather than dead, raise the lease"
            }
            Self::Internal => "this is a bug in flowc: please report it with the workflow that shows it",
        }
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
