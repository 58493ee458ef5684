//! A graph as a workflow: what runs, observes and draws those of `workflow!` does the same for it.

use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;

use super::inputs::GraphInputs;
use super::plan::Plan;
use super::walk::walk;
use crate::error::{AnyError, Failure};
use crate::graph::{GraphSpec, NodeKind, NodeSpec, make};
use crate::run::{At, Executor, Frame, Guarded, Panicked};
use crate::step::{ResourcesFrom, Step, Workflow};

/// The workflow that a [`Graph`](super::Graph) is, for code that names the type of a run: `Run<GraphWorkflow<App, (Question,), Answer>>`.
#[derive(Debug)]
pub struct GraphWorkflow<App, I, O>(PhantomData<fn(&App, I) -> O>);

/// The description of a graph before it is known which.
const ANY: &GraphSpec = &make::graph("graph", "", (file!(), line!()), &[], &[]);

impl<App, I, O> Step for GraphWorkflow<App, I, O>
where
    App: Sync + 'static,
    I: GraphInputs,
    O: Send + Sync + 'static,
{
    const SPEC: &'static NodeSpec =
        &make::node("graph", "", NodeKind::Workflow, &[], "", None, (file!(), line!())).with_graph(ANY);
    type Input<'a> = GraphCall<App, I>;
    type Resources<'r> = &'r App;
    type Output = O;
    type Error = AnyError;
    type Ended = Result<Result<O, Failure>, Panicked>;

    #[allow(clippy::manual_async_fn, reason = "an `async fn` does not say that its future can be sent")]
    fn begin<X: Executor>(
        input: Self::Input<'_>,
        app: Self::Resources<'_>,
        at: At<'_, X>,
    ) -> impl Future<Output = Self::Ended> + Send {
        let frame = Frame::workflow(at, input.plan.spec);
        let exec = at.exec();
        Guarded::new(async move {
            let at = At::new(exec, &frame);
            let value = walk(&input.plan, input.inputs.values(), at, app).await?;
            value.downcast().ok().and_then(Arc::into_inner).ok_or_else(|| super::call::lost(at))
        })
    }

    fn settle<X: Executor>(ended: Self::Ended, at: At<'_, X>) -> Result<O, Failure> {
        crate::__private::settle_workflow(ended, at)
    }
}

/// A graph and the inputs that it is to run on.
#[doc(hidden)]
pub struct GraphCall<App, I> {
    pub(super) plan: Arc<Plan<App>>,
    pub(super) inputs: I,
}

impl<App, I, O> Workflow for GraphWorkflow<App, I, O>
where
    App: Sync + 'static,
    I: GraphInputs,
    O: Send + Sync + 'static,
{
    const GRAPH: &'static GraphSpec = ANY;

    fn graph(input: &Self::Input<'_>) -> &'static GraphSpec {
        input.plan.spec
    }
}

impl<App, I, O> ResourcesFrom<App> for GraphWorkflow<App, I, O>
where
    App: Sync + 'static,
    I: GraphInputs,
    O: Send + Sync + 'static,
{
    fn resources(app: &App) -> &App {
        app
    }
}

/// No durable run takes a graph: it is not [`Journaled`](crate::journal::Journaled). That its inputs could not be stored either would be
/// a second error for the same mistake.
#[cfg(feature = "journal")]
impl<App, I, W> crate::journal::StorableInputs<W, crate::journal::Json> for GraphCall<App, I> {
    fn write(&self) -> Result<String, String> {
        Err(NOT_STORED.to_owned())
    }

    fn read(_: &str) -> Result<Self, String> {
        Err(NOT_STORED.to_owned())
    }
}

#[cfg(feature = "journal")]
const NOT_STORED: &str = "a graph that is made at run time cannot be stored";
