//! Steps that wait: for a time to pass, or for a signal from outside of the run.

#[cfg(feature = "signals")]
mod error;
#[cfg(feature = "signals")]
mod signals;
#[cfg(feature = "journal")]
mod timing;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::context::Context;
use crate::timer;

#[cfg(feature = "signals")]
pub use error::SignalError;
#[cfg(feature = "signals")]
pub use signals::{Delivery, SignalName, SignalValue, signal, signal_within};
#[cfg(feature = "journal")]
pub(crate) use timing::by_the_wall;

/// Waits for a time, as a step: what comes after it is a step with `#[after(..)]` of its binding.
///
/// In a durable run the time of day at which it wakes is stored once. After a restart it waits for what is left of the time, and not at all if
/// it has passed; it never takes longer than the whole time from the restart on, also where the clock of the machine was set back.
/// The engine's [defaults](crate::Defaults) for steps do not hold for it, while the time limit of a run does.
///
/// ```
/// use std::time::Duration;
///
/// use flowc::{node, sleep, workflow};
///
/// #[node]
/// fn remind(name: &str) -> String {
///     format!("Dear {name}, it has been three days")
/// }
///
/// workflow! {
///     fn reminder(name: String) -> String {
///         let waited = sleep(Duration::from_secs(3 * 24 * 60 * 60));
///         #[after(waited)]
///         let text = remind(&name);
///         text
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let text = reminder("Ada".to_owned()).run(&()).await.unwrap();
/// assert_eq!(text, "Dear Ada, it has been three days");
/// # }
/// ```
///
/// # Errors
/// There is no runtime with a timer.
#[flowc_macros::node(__waits)]
pub async fn sleep(duration: Duration, #[context] cx: &Context) -> Result<(), WaitError> {
    match cx.wait(Some(duration), None) {
        Some(wait) => wait.await.map(|_| ()),
        None => {
            timer::sleep(duration).map_err(|_| WaitError::no_timer())?.await;
            Ok(())
        }
    }
}

/// Why a step could not wait.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct WaitError {
    why: Arc<str>,
}

impl WaitError {
    pub(crate) fn no_timer() -> Self {
        Self { why: "waiting needs a tokio runtime with time enabled, and none is running here".into() }
    }

    #[cfg(feature = "signals")]
    pub(crate) fn new(why: String) -> Self {
        Self { why: why.into() }
    }
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for WaitError {}

/// What a call of a step waits for.
pub(crate) struct Wanted<'a> {
    /// What tells it from all other steps of its run.
    pub(crate) key: u128,
    /// How long at most.
    pub(crate) limit: Option<Duration>,
    pub(crate) signal: Option<Expected<'a>>,
}

/// A signal that somebody waits for.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "signals"), allow(dead_code, reason = "there are none"))]
pub(crate) struct Expected<'a> {
    pub(crate) name: &'a str,
    /// Says what is wrong with a value.
    pub(crate) check: fn(&str) -> Result<(), String>,
}

/// How a wait ended.
pub(crate) enum Waited {
    /// The time is over.
    Over,
    /// By a signal, whose value this is, as JSON.
    #[cfg(feature = "signals")]
    Signal(String),
}

pub(crate) type WaitFuture<'a> = Pin<Box<dyn Future<Output = Result<Waited, WaitError>> + Send + 'a>>;
