use std::error::Error;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::single::Single;
use crate::cancel::CancelToken;
use crate::context::Context;
use crate::error::Failure;
use crate::options::RunOptions;
use crate::prepared::Prepared;
use crate::schema::{InputError, Inputs, JsonInputs, JsonOutput};
use crate::step::{ResourcesFrom, Step};

/// A call on its way.
pub type Calling<'a> = Pin<Box<dyn Future<Output = Result<Value, CallError>> + Send + 'a>>;

/// What can be called with JSON, as an object. Steps of Rust are it by themselves; it is implemented for what is none, the tool of a
/// server say, and given to [`Registry::add`](super::Registry::add).
///
/// ```
/// use flowc::RunOptions;
/// use flowc::dynamic::{Calling, DynNode, NodeInfo, Registry};
/// use serde_json::{Value, json};
///
/// /// Gives back what it is given.
/// struct Echo;
///
/// impl<App> DynNode<App> for Echo {
///     fn call<'a>(&'a self, inputs: Value, _: &'a App, _: RunOptions) -> Calling<'a> {
///         Box::pin(async { Ok(inputs) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut registry = Registry::<()>::new();
/// registry.add(NodeInfo::new("echo", "1.0.0"), Echo)?;
/// assert_eq!(registry.get("echo")?.call(json!({ "a": 1 })).run(&()).await?, json!({ "a": 1 }));
/// # Ok(())
/// # }
/// ```
pub trait DynNode<App>: Send + Sync {
    /// Calls it with an object of its inputs by name.
    ///
    /// # Errors
    /// The inputs are not those that it takes, or it failed.
    fn call<'a>(&'a self, inputs: Value, app: &'a App, options: RunOptions) -> Calling<'a>;
}

/// A node about to be called; [`Entry::call`](super::Entry::call) gives it.
#[must_use = "nothing happens until `.run(&app).await`"]
pub struct Call<'e, App> {
    node: &'e dyn DynNode<App>,
    inputs: Value,
    options: RunOptions,
}

impl<'e, App> Call<'e, App> {
    pub(super) fn new(node: &'e dyn DynNode<App>, inputs: Value) -> Self {
        Self { node, inputs, options: RunOptions::default() }
    }

    /// Gives the call something to be found by elsewhere, the id of a request say.
    pub fn correlation_id(mut self, id: impl Into<Arc<str>>) -> Self {
        self.options.correlation = Some(id.into());
        self
    }

    /// The call may take this long.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.options.timeout = Some(limit);
        self
    }

    /// The call is cancelled when this token is.
    pub fn cancel_on(mut self, token: &CancelToken) -> Self {
        self.options.tokens.push(token.clone());
        self
    }

    /// The call belongs to this step: it has its correlation id, its trace and its deadline, and is cancelled with it.
    pub fn within(mut self, cx: &Context) -> Self {
        self.options.correlation = cx.correlation_id().map(Arc::from);
        self.options.traceparent = cx.traceparent().map(Arc::from);
        self.options.tracestate = cx.tracestate().map(Arc::from);
        self.options.deadline = cx.deadline();
        self.options.tokens.push(cx.token());
        self
    }

    /// Calls it, with the resources of the application, and with the policies of the node. Dropping the future cancels the call.
    ///
    /// # Errors
    /// The inputs are not those that it takes, or it failed.
    pub async fn run(self, app: &App) -> Result<Value, CallError>
    where
        App: Sync,
    {
        self.node.call(self.inputs, app, self.options).await
    }
}

/// Why a call by name gave nothing.
#[derive(Debug)]
#[non_exhaustive]
pub enum CallError {
    /// The inputs are not those that it takes; it was not called.
    Inputs(InputError),
    /// It failed.
    Failed(Failure),
    /// What it gave cannot be written as JSON.
    Output(serde_json::Error),
    /// What is no step of Rust failed.
    Other(Box<dyn Error + Send + Sync>),
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inputs(error) => error.fmt(f),
            Self::Failed(failure) => failure.fmt(f),
            Self::Output(error) => write!(f, "the output cannot be written as JSON: {error}"),
            Self::Other(error) => error.fmt(f),
        }
    }
}

impl Error for CallError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Inputs(error) => error.source(),
            Self::Failed(failure) => failure.source(),
            Self::Output(error) => error.source(),
            Self::Other(error) => error.source(),
        }
    }
}

/// A call was cancelled; see [`RunOptions::unless_cancelled`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled;

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the call was cancelled")
    }
}

impl Error for Cancelled {}

/// A step of Rust as an object.
pub(super) struct Typed<S>(PhantomData<fn() -> S>);

impl<S> Typed<S> {
    pub(super) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<App, S> DynNode<App> for Typed<S>
where
    App: Sync,
    S: JsonInputs + JsonOutput + ResourcesFrom<App> + Inputs<Owned: Send + 'static, Held: Send>,
    for<'x> <S as Step>::Resources<'x>: Send,
{
    fn call<'a>(&'a self, inputs: Value, app: &'a App, options: RunOptions) -> Calling<'a> {
        Box::pin(async move {
            let input = S::inputs_from_json(inputs).map_err(CallError::Inputs)?;
            let prepared = Prepared::<'static, Single<S>, RunOptions> { input, options };
            let output = prepared.run(app).await.map_err(CallError::Failed)?;
            S::output_to_json(&output).map_err(CallError::Output)
        })
    }
}
