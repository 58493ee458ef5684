use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use super::Inputs;
use crate::error::{AnyError, Failure};
use crate::graph::{GraphSpec, NodeSpec};
use crate::prepared::Prepared;
use crate::run::{At, Executor};
use crate::step::{ResourcesFrom, Step, Workflow};

/// A workflow on inputs that it owns, and lends to itself where it takes them by `&`: so it can be started on an engine, which keeps
/// no references.
///
/// ```
/// use flowc::{Engine, node, schema, workflow};
///
/// #[node]
/// fn count(text: &str) -> usize {
///     text.len()
/// }
/// workflow! {
///     fn length(text: &str) -> usize { count(text) }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flowc::Failure> {
/// let engine = Engine::builder().resources(()).build();
/// let run = engine.start(schema::owned::<length>(("a text".to_owned(),)).correlation_id("request 7"));
/// assert_eq!(run.await?, 6);
/// # Ok(())
/// # }
/// ```
pub fn owned<W>(inputs: W::Owned) -> Prepared<'static, Owned<W>>
where
    Owned<W>: Workflow + for<'x> Step<Input<'x> = W::Owned>,
    W: Inputs,
{
    Prepared::new(inputs)
}

/// The workflow `W` with inputs that it owns; [`owned`] makes one. Graph, events and paths are those of `W`.
#[derive(Debug)]
pub struct Owned<W>(PhantomData<fn() -> W>);

type Begun<'a, W> = Pin<Box<dyn Future<Output = <W as Step>::Ended> + Send + 'a>>;

impl<W> Step for Owned<W>
where
    W: Workflow + Inputs<Owned: Send + 'static, Held: Send>,
    for<'x> W::Resources<'x>: Send,
{
    const SPEC: &'static NodeSpec = W::SPEC;
    type Input<'a> = W::Owned;
    type Resources<'r> = W::Resources<'r>;
    type Output = W::Output;
    type Error = AnyError;
    type Ended = W::Ended;

    #[allow(clippy::manual_async_fn, reason = "an `async fn` does not say that its future can be sent")]
    fn begin<X: Executor>(
        input: Self::Input<'_>,
        resources: Self::Resources<'_>,
        at: At<'_, X>,
    ) -> impl Future<Output = Self::Ended> + Send {
        async move {
            let mut held = None;
            // In a box, as what is awaited must not name the lifetime of `held`: <https://github.com/rust-lang/rust/issues/100013>.
            let begun: Begun<'_, W> = Box::pin(W::begin::<X>(W::lend(input, &mut held), resources, at));
            begun.await
        }
    }

    fn settle<X: Executor>(ended: Self::Ended, at: At<'_, X>) -> Result<Self::Output, Failure> {
        W::settle(ended, at)
    }
}

impl<W> Workflow for Owned<W>
where
    W: Workflow + Inputs<Owned: Send + 'static, Held: Send>,
    for<'x> W::Resources<'x>: Send,
{
    const GRAPH: &'static GraphSpec = W::GRAPH;
}

impl<R: ?Sized, W> ResourcesFrom<R> for Owned<W>
where
    W: Workflow + ResourcesFrom<R> + Inputs<Owned: Send + 'static, Held: Send>,
    for<'x> W::Resources<'x>: Send,
{
    fn resources(app: &R) -> Self::Resources<'_> {
        W::resources(app)
    }
}

#[cfg(feature = "journal")]
impl<J, W> crate::journal::Journaled<J> for Owned<W>
where
    W: Workflow + crate::journal::Journaled<J> + Inputs<Owned: Send + 'static, Held: Send>,
    for<'x> W::Resources<'x>: Send,
{
    fn codecs(codecs: &mut crate::journal::Codecs) {
        W::codecs(codecs);
    }
}

#[cfg(feature = "remote")]
impl<R, J, W> crate::remote::Remote<R, J> for Owned<W>
where
    W: Workflow + crate::remote::Remote<R, J> + Inputs<Owned: Send + 'static, Held: Send>,
    for<'x> W::Resources<'x>: Send,
{
    fn collect(steps: &mut crate::remote::Steps<R>) {
        W::collect(steps);
    }
}
