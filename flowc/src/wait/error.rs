use std::fmt;

use crate::error::AnyError;
use crate::id::RunId;

/// Why a signal was not delivered.
#[derive(Debug)]
#[non_exhaustive]
pub enum SignalError {
    /// The run is over: what it waited for came too late.
    Over {
        /// The run.
        run: RunId,
        /// The signal.
        signal: String,
    },
    /// There is no such run.
    Unknown {
        /// What was given as its id.
        run: RunId,
        /// The signal.
        signal: String,
    },
    /// The step that waits for the signal cannot read the value.
    WrongType {
        /// The signal.
        signal: String,
        /// What is wrong with the value, and where in it.
        why: String,
    },
    /// The value cannot be written as JSON.
    Unwritable {
        /// The signal.
        signal: String,
        /// Why.
        why: String,
    },
    /// The journal could not store the signal.
    Journal {
        /// The signal.
        signal: String,
        /// Why.
        error: AnyError,
    },
}

impl SignalError {
    /// What a person can do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Over { .. } => "look at how the run ended; start another one if it is to go on",
            Self::Unknown { .. } => "see that the id is whole, and that the engine has the journal in which the run is",
            Self::WrongType { .. } => "send a value of the type that the step says in `signal::<T>(..)`",
            Self::Unwritable { .. } => "send a value that serde can write as JSON: keys of maps are texts, say",
            Self::Journal { .. } => "see to the journal, and send the signal again, with the same key if it has one",
        }
    }
}

impl fmt::Display for SignalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Over { run, signal } => write!(f, "signal `{signal}` came too late: the run {run} is over"),
            Self::Unknown { run, signal } => write!(f, "signal `{signal}` has nowhere to go: there is no run {run}"),
            Self::WrongType { signal, why } => {
                write!(f, "the step that waits for signal `{signal}` cannot read it: {why}")
            }
            Self::Unwritable { signal, why } => write!(f, "the value of signal `{signal}` cannot be written: {why}"),
            Self::Journal { signal, error } => write!(f, "signal `{signal}` could not be stored: {error}"),
        }?;
        write!(f, "; {}", self.help())
    }
}

impl std::error::Error for SignalError {}
