use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::RunId;

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Its id.
    pub run: RunId,
    /// What it was given to be found by elsewhere.
    pub correlation_id: Option<String>,
    /// Its inputs, as a JSON array.
    pub inputs: String,
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
