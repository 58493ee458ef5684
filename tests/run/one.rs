//! One step on its own, as the only one of a workflow.

use std::marker::PhantomData;

use flowc::__private::{
    At, Executor, Frame, GraphSpec, Guarded, NodeKind, NodeSpec, Panicked, Prepared, ResourcesFrom, Step, Workflow,
    make, settled,
};
use flowc::{AnyError, Failure};

/// The workflow: its result is that of the step, the error still typed.
struct Only<S>(PhantomData<fn() -> S>);

type Outcome<S> = Result<<S as Step>::Output, Failure<<S as Step>::Error>>;

impl<S: Step> Step for Only<S>
where
    for<'x> S::Input<'x>: Send,
    for<'x> S::Resources<'x>: Send,
{
    const SPEC: &'static NodeSpec = &make::node("test", "", NodeKind::Workflow, &[], "", None, ("", 1));
    type Input<'a> = S::Input<'a>;
    type Resources<'r> = S::Resources<'r>;
    type Output = Outcome<S>;
    type Error = AnyError;
    type Ended = Result<Result<Outcome<S>, AnyError>, Panicked>;

    fn begin<'a, 'r, 's, X: Executor>(
        input: Self::Input<'a>,
        resources: Self::Resources<'r>,
        at: At<'s, X>,
    ) -> impl Future<Output = Self::Ended> + Send {
        Guarded::new(async move {
            let frame = Frame::workflow(at, Self::GRAPH);
            let at = At::new(at.exec(), &frame).vertex(0);
            let ended = X::step::<S>(at, input, resources).await;
            Ok(X::settle::<S>(ended, at))
        })
    }

    fn settle<X: Executor>(ended: Self::Ended, at: At<'_, X>) -> Result<Self::Output, Failure> {
        settled(ended, at)
    }
}

impl<S: Step> Workflow for Only<S>
where
    for<'x> S::Input<'x>: Send,
    for<'x> S::Resources<'x>: Send,
{
    const GRAPH: &'static GraphSpec =
        &make::graph("test", "", ("", 1), &[make::vertex("it", make::step(S::SPEC, false), None, (1, 1))], &[]);
}

impl<R: ?Sized, S: ResourcesFrom<R>> ResourcesFrom<R> for Only<S>
where
    for<'x> S::Input<'x>: Send,
    for<'x> S::Resources<'x>: Send,
{
    fn resources(app: &R) -> Self::Resources<'_> {
        S::resources(app)
    }
}

/// Calls a step, and gives its failure with the node's own error.
pub(crate) async fn call<S, R>(input: S::Input<'static>, app: &'static R) -> Outcome<S>
where
    S: ResourcesFrom<R>,
    for<'x> S::Input<'x>: Send,
    for<'x> S::Resources<'x>: Send,
{
    Prepared::<Only<S>>::new(input).run(app).await.expect("the workflow itself does not fail")
}
