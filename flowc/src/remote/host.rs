use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::id::RunId;
use crate::journal::{Json, StorableInputs};
use crate::options::Options;
use crate::prepared::Prepared;
use crate::step::Workflow;

/// What a [`Host`] is asked for: it takes its time. Dropping it says that nobody needs it any more.
pub type Hosted<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Carries out what a run asks for. The [module](crate::remote) says what it has to keep to.
pub trait Host: Send + Sync + 'static {
    /// A node is to be called, by [`Program::call`](super::Program::call), wherever that may be.
    fn call(&self, call: Call) -> Hosted<Outcome>;

    /// The run waits for a time to pass.
    fn sleep(&self, time: Duration) -> Hosted<()>;

    /// The run waits for a signal with this name, and gets its value as JSON. Of several who wait, the first gets the first signal; a
    /// signal may have come before.
    fn signal(&self, name: &str) -> Hosted<String>;
}

/// How a run begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Its id.
    pub run: RunId,
    /// What it was given to be found by elsewhere.
    pub correlation_id: Option<String>,
    /// Its inputs, as a JSON array.
    pub inputs: String,
    /// How long it may take; it is for the host to keep to that.
    pub timeout: Option<Duration>,
}

impl Start {
    /// The start of a new run of a workflow. Of its options it has the correlation id and the time limit; a token that cancels does not
    /// leave its process.
    ///
    /// # Errors
    /// The inputs cannot be written.
    pub fn of<W, O>(workflow: Prepared<'static, W, O>) -> Result<Self, String>
    where
        W: Workflow,
        W::Input<'static>: StorableInputs<W, Json>,
        O: Options,
    {
        let inputs = StorableInputs::<W, Json>::write(&workflow.input)?;
        let options = workflow.options.into_options();
        let until = options.deadline.map(|end| end.saturating_duration_since(Instant::now()));
        let timeout = options.timeout.into_iter().chain(until).min();
        let correlation_id = options.correlation.as_deref().map(str::to_owned);
        Ok(Self { run: RunId::new(), correlation_id, inputs, timeout })
    }
}

/// One call of a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// What is called: one of [`Program::nodes`](super::Program::nodes).
    pub node: String,
    /// The run that it is a step of.
    pub run: RunId,
    /// What the run was given to be found by elsewhere.
    pub correlation_id: Option<String>,
    /// The path of the step, for people.
    pub step: String,
    /// What tells the step from all others of the run, in hexadecimal digits.
    pub key: String,
    /// The inputs, as a JSON array.
    pub inputs: String,
}

/// What a call came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// It failed: then `value` says how.
    pub failed: bool,
    /// What it gave, as JSON.
    pub value: String,
}
