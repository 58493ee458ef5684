use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde_json::Value;

use super::provided::{Found, Need, Provided, ProvidesAll};
use crate::dynamic::single::Single;
use crate::dynamic::{CallError, Calling, DynNode, NodeInfo};
use crate::error::{Failure, FailureKind, Site};
use crate::id::Identity;
use crate::options::RunOptions;
use crate::prepared::Prepared;
use crate::schema::{Inputs, JsonInputs, JsonOutput};
use crate::step::{Step, Workflow};

/// A node that finds its resources by their types when it is registered. `#[node]` writes it for nodes without type parameters.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a node without type parameters",
    label = "its resources cannot be found by their types",
    note = "register it by `Registry::register`, which knows the type of the application"
)]
pub trait Finds: Step {
    /// Its resources.
    fn needs() -> Vec<Need>;

    /// Finds them; `None` if one is not there.
    fn find(found: Found<'_>) -> Option<Self::Resources<'_>>;
}

/// A node that can be registered for any application that has its resources. See
/// [`Registry::offer`](crate::dynamic::Registry::offer).
#[derive(Clone)]
pub struct Candidate {
    pub(in crate::dynamic) info: NodeInfo,
    needs: Vec<Need>,
    node: Arc<dyn Finding>,
}

impl Candidate {
    /// The node `S`: one without type parameters whose inputs and output have JSON.
    pub fn of<S>() -> Self
    where
        S: Finds + JsonInputs + JsonOutput + Inputs<Owned: Send + 'static, Held: Send>,
        for<'x> <S as Step>::Resources<'x>: Send,
    {
        Self { info: NodeInfo::of::<S>(), needs: S::needs(), node: Arc::new(Typed::<S>(PhantomData)) }
    }

    /// All that is known of it.
    pub fn info(&self) -> &NodeInfo {
        &self.info
    }

    /// The types of the resources that it needs and `App` does not have.
    pub fn missing<App: ProvidesAll>(&self) -> Vec<&str> {
        self.missing_in(&Provided::of::<App>())
    }

    pub(in crate::dynamic) fn missing_in(&self, provided: &Provided) -> Vec<&str> {
        self.needs.iter().filter(|need| !provided.has(need)).map(Need::name).collect()
    }

    /// It as a node of an application that has `provided`.
    pub(in crate::dynamic) fn node(&self, provided: &Arc<Provided>) -> Placed {
        Placed { node: Arc::clone(&self.node), provided: Arc::clone(provided) }
    }
}

impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.info.name, self.info.version)
    }
}

/// A node with the way to its resources.
pub(in crate::dynamic) struct Placed {
    node: Arc<dyn Finding>,
    provided: Arc<Provided>,
}

impl<App: Any + Send + Sync> DynNode<App> for Placed {
    fn call<'a>(&'a self, inputs: Value, app: &'a App, options: RunOptions) -> Calling<'a> {
        self.node.call(inputs, Found { app, provided: &self.provided }, options)
    }
}

/// A step of Rust as an object, for an application of any type.
trait Finding: Send + Sync {
    fn call<'a>(&'a self, inputs: Value, found: Found<'a>, options: RunOptions) -> Calling<'a>;
}

struct Typed<S>(PhantomData<fn() -> S>);

impl<S> Finding for Typed<S>
where
    S: Finds + JsonInputs + JsonOutput + Inputs<Owned: Send + 'static, Held: Send>,
    for<'x> <S as Step>::Resources<'x>: Send,
{
    fn call<'a>(&'a self, inputs: Value, found: Found<'a>, options: RunOptions) -> Calling<'a> {
        Box::pin(async move {
            let input = S::inputs_from_json(inputs).map_err(CallError::Inputs)?;
            let prepared = Prepared::<'static, Single<S>, RunOptions> { input, options };
            let resources = S::find(found).ok_or_else(|| CallError::Failed(gone::<S>()))?;
            let output = prepared.run_on(resources).await.map_err(CallError::Failed)?;
            S::output_to_json(&output).map_err(CallError::Output)
        })
    }
}

/// A resource that was there when the node was registered.
#[cold]
fn gone<S>() -> Failure
where
    Single<S>: Workflow,
{
    let site = Site::of_run(<Single<S> as Workflow>::GRAPH, &Identity::new(None));
    Failure::new(
        FailureKind::Internal,
        site,
        "a resource of the node was not found; this is a defect of flowc".to_owned(),
    )
}
