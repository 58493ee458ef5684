use std::fmt;
use std::ops::Deref;
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::{Expected, WaitError, Waited};
use crate::context::Context;
use crate::lift::{Lift, Lifted};

/// A type that a signal can carry: all that own their data and have `#[derive(serde::Deserialize)]`.
#[diagnostic::on_unimplemented(
    message = "a signal cannot carry a `{Self}`",
    label = "no signal can be read as a `{Self}`",
    note = "write `#[derive(serde::Serialize, serde::Deserialize)]` at the type"
)]
pub trait SignalValue: Sized + Send + Sync + 'static {
    #[doc(hidden)]
    fn read(text: &str) -> Result<Self, String>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + Send + Sync + 'static> SignalValue for T {
    fn read(text: &str) -> Result<Self, String> {
        let mut json = serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let (path, inner) = (error.path().to_string(), error.inner().to_string());
            // The text is our own, in one line: the place in it says nothing.
            let why = inner.split(" at line ").next().unwrap_or(&inner);
            if path == "." { why.to_owned() } else { format!("`{path}`: {why}") }
        })
    }
}

/// What became of a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// It is with the run, and the step that waits for it, or will, takes it. It is stored if the run is durable.
    Delivered,
    /// A signal with this key was delivered before; this one changes nothing.
    Duplicate,
}

/// Waits for a signal with this name, as a step that gives its value: an approval, say, that a person sends days later by
/// [`Run::signal`](crate::Run::signal).
///
/// A signal may come before the step begins; it is kept until then. Each signal is taken by one step, the oldest first. A value that is no
/// `T` is an error for its sender if the step waits already; else the step refuses it with an [event](crate::EventKind::SignalRefused) and goes on
/// waiting. In a durable run a signal is stored before it counts as delivered, so it is not lost with the process, and the
/// steps before the waiting one are not run again.
///
/// The engine's [defaults](crate::Defaults) for steps do not hold for it, while the time limit of a run does.
///
/// ```
/// use flowc::{Engine, node, signal, workflow};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Approval {
///     by: String,
/// }
///
/// #[node]
/// fn pay(amount: u32, approval: Approval) -> String {
///     format!("{amount} paid, {} has agreed", approval.by)
/// }
///
/// workflow! {
///     fn expense(amount: u32) -> String {
///         let approval = signal::<Approval>("approve");
///         pay(amount, approval)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let engine = Engine::builder().resources(()).build();
/// let run = engine.start(expense(120));
/// run.signal("approve", Approval { by: "Ada".to_owned() }).await?;
/// assert_eq!(run.await?, "120 paid, Ada has agreed");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The run has no engine, so nobody could send it a signal.
#[flowc_macros::node(__waits, __lifts)]
pub async fn signal<T: Send + Sync + 'static>(
    name: SignalName<'_, T>,
    #[context] cx: &Context,
) -> Result<T, WaitError> {
    match wait(name, None, cx).await? {
        Some(value) => Ok(value),
        // Without a limit it does not end.
        None => std::future::pending().await,
    }
}

/// The same for a time at most: `None` when it has passed without a signal. In a durable run the end of the time is stored once, as that of
/// [`sleep`](crate::sleep()) is. A signal counts that came in time, also if the process was dead then; a later one is kept for the next step that
/// waits for this name.
///
/// ```
/// use std::time::Duration;
///
/// use flowc::{Engine, signal_within, workflow};
///
/// workflow! {
///     fn ask(days: u64) -> bool {
///         let answer = signal_within::<bool>("answer", Duration::from_secs(days * 24 * 60 * 60));
///         answer.unwrap_or(false)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let engine = Engine::builder().resources(()).build();
/// assert_eq!(engine.start(ask(3)).await.unwrap(), false);
/// # }
/// ```
///
/// # Errors
/// As [`signal`](crate::signal()), and where there is no runtime with a timer.
#[flowc_macros::node(__waits, __lifts)]
pub async fn signal_within<T: Send + Sync + 'static>(
    name: SignalName<'_, T>,
    limit: Duration,
    #[context] cx: &Context,
) -> Result<Option<T>, WaitError> {
    wait(name, Some(limit), cx).await
}

async fn wait<T>(name: SignalName<'_, T>, limit: Option<Duration>, cx: &Context) -> Result<Option<T>, WaitError> {
    let SignalName { name, read, check } = name;
    let Some(wait) = cx.wait(limit, Some(Expected { name, check })) else {
        return Err(WaitError::new(format!(
            "nobody could send signal `{name}` to this run, as it has no engine: start it with `engine.start(..)`"
        )));
    };
    match wait.await? {
        Waited::Over => Ok(None),
        Waited::Signal(text) => read(&text).map(Some).map_err(WaitError::new),
    }
}

/// The name of a signal, and how what it carries is read: a workflow gives the name only.
pub struct SignalName<'a, T> {
    name: &'a str,
    read: fn(&str) -> Result<T, String>,
    check: fn(&str) -> Result<(), String>,
}

impl<'a, T: SignalValue> SignalName<'a, T> {
    /// A signal that carries a `T`.
    pub fn new(name: &'a str) -> Self {
        Self { name, read: T::read, check: |text| T::read(text).map(drop) }
    }
}

impl<'a, T> Lift<'a> for SignalName<'a, T> {
    type Given = &'a str;
}

impl<'a, T: SignalValue> Lifted<'a> for SignalName<'a, T> {
    fn lift(name: &'a str) -> Self {
        Self::new(name)
    }
}

impl<T> Clone for SignalName<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for SignalName<'_, T> {}

impl<T> Deref for SignalName<'_, T> {
    type Target = str;

    fn deref(&self) -> &str {
        self.name
    }
}

impl<T> fmt::Debug for SignalName<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}
