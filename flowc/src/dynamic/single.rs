use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use crate::error::{AnyError, Failure};
use crate::graph::{GraphSpec, NodeKind, NodeSpec, Vertex, make};
use crate::run::{At, Executor};
use crate::schema::Inputs;
use crate::step::{ResourcesFrom, Step, Workflow};

/// A workflow of one step, on inputs that it owns and lends to the step.
pub(super) struct Single<S>(PhantomData<fn() -> S>);

impl<S: Step> Single<S> {
    const VERTICES: &'static [Vertex] = &[make::vertex(S::SPEC.name, make::step(S::SPEC, false), None, (0, 0))];
}

type Begun<'a, X, S> = Pin<Box<dyn Future<Output = <X as Executor>::Ended<S>> + Send + 'a>>;

impl<S> Step for Single<S>
where
    S: Inputs<Owned: Send + 'static, Held: Send>,
    for<'x> S::Resources<'x>: Send,
{
    const SPEC: &'static NodeSpec =
        &make::node(S::SPEC.name, S::SPEC.docs, NodeKind::Workflow, &[], "", None, (S::SPEC.file, S::SPEC.line))
            .with_graph(Self::GRAPH);
    type Input<'a> = S::Owned;
    type Resources<'r> = S::Resources<'r>;
    type Output = S::Output;
    type Error = AnyError;
    type Ended = Result<S::Output, Failure<S::Error>>;

    #[allow(clippy::manual_async_fn, reason = "an `async fn` does not say that its future can be sent")]
    fn begin<X: Executor>(
        input: Self::Input<'_>,
        resources: Self::Resources<'_>,
        at: At<'_, X>,
    ) -> impl Future<Output = Self::Ended> + Send {
        // Nothing is around it, so its own level is the one that it is begun at.
        let at = at.vertex(0);
        async move {
            let mut held = None;
            // In a box, as what is awaited must not name the lifetime of `held`: <https://github.com/rust-lang/rust/issues/100013>.
            let begun: Begun<'_, X, S> = Box::pin(X::step::<S>(at, S::lend(input, &mut held), resources));
            X::settle::<S>(begun.await, at)
        }
    }

    fn settle<X: Executor>(ended: Self::Ended, _: At<'_, X>) -> Result<Self::Output, Failure> {
        ended.map_err(Failure::into_any)
    }
}

impl<S> Workflow for Single<S>
where
    S: Inputs<Owned: Send + 'static, Held: Send>,
    for<'x> S::Resources<'x>: Send,
{
    const GRAPH: &'static GraphSpec =
        &make::graph(S::SPEC.name, S::SPEC.docs, (S::SPEC.file, S::SPEC.line), Self::VERTICES, &[]);
}

impl<R: ?Sized, S> ResourcesFrom<R> for Single<S>
where
    S: ResourcesFrom<R> + Inputs<Owned: Send + 'static, Held: Send>,
    for<'x> S::Resources<'x>: Send,
{
    fn resources(app: &R) -> Self::Resources<'_> {
        S::resources(app)
    }
}
