//! One step on its own, driven as a workflow drives it.

use flowc::__private::{At, Frame, GraphSpec, InProcess, ResourcesFrom, make, step};
use flowc::Failure;

static GRAPH: GraphSpec = make::graph("test", "", ("", 1), &[], &[]);
static FRAME: Frame<'static> = Frame::root(&GRAPH);

/// Calls a step, and gives its failure with the node's own error.
pub(crate) async fn call<S, R>(input: S::Input<'static>, app: &'static R) -> Result<S::Output, Failure<S::Error>>
where
    S: ResourcesFrom<R>,
{
    let at = At::new(InProcess, &FRAME);
    let ended = step::<S, InProcess>(at, S::resources(app), input).await;
    S::settle(ended, at)
}
