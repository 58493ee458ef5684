use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use super::chaos::Chaos;
use super::ran::Ran;
use super::then::Then;
use crate::cancel::CancelToken;
use crate::engine::run_here;
use crate::error::{AnyError, Failure};
use crate::graph::{GraphSpec, NodeKind, NodeSpec, Vertex, make};
use crate::options::RunOptions;
use crate::run::{At, Executor};
use crate::step::{ResourcesFrom, Step, Workflow};

/// Runs one node as an engine would: its policies apply, a panic is a failure, and what it tells its context is recorded.
///
/// ```
/// use flowc::{Context, FailureKind, node, testing};
///
/// struct Index(Vec<&'static str>);
///
/// impl flowc::Provides<Index> for Index {
///     fn provide(&self) -> &Index {
///         self
///     }
/// }
///
/// #[node(timeout = "1s", retry(attempts = 3, base = "10ms"))]
/// async fn search(word: &str, #[resource] index: &Index, #[context] cx: &Context) -> Result<usize, String> {
///     cx.emit(format!("attempt {}", cx.attempt()));
///     index.0.iter().position(|text| text.contains(word)).ok_or_else(|| format!("no {word}"))
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let index = Index(vec!["a cat", "a dog"]);
/// let ran = testing::node::<search>().resources(&index).run(("dog",)).await;
/// assert_eq!(ran.result.unwrap(), 1);
///
/// let ran = testing::node::<search>().resources(&index).run(("cow",)).await;
/// assert_eq!(ran.texts(), ["attempt 1", "attempt 2", "attempt 3"]);
/// let failure = ran.result.unwrap_err();
/// assert_eq!((failure.kind(), failure.error()), (FailureKind::Error, Some(&"no cow".to_owned())));
/// # }
/// ```
pub fn node<S: Step>() -> NodeTest<'static, S, ()> {
    NodeTest { resources: &(), options: RunOptions::default(), chaos: Vec::new(), node: PhantomData }
}

/// A node about to be run in a test; [`node`] gives it.
#[must_use = "nothing happens until `.run((inputs,)).await`"]
pub struct NodeTest<'r, S, R> {
    resources: &'r R,
    options: RunOptions,
    chaos: Vec<Chaos>,
    node: PhantomData<fn() -> S>,
}

impl<S: Step, R> NodeTest<'_, S, R> {
    /// Where the node's resources are taken from.
    pub fn resources<A>(self, resources: &A) -> NodeTest<'_, S, A> {
        NodeTest { resources, options: self.options, chaos: self.chaos, node: PhantomData }
    }

    /// What the node finds as the correlation id of its run.
    pub fn correlation_id(mut self, id: impl Into<Arc<str>>) -> Self {
        self.options.correlation = Some(id.into());
        self
    }

    /// How long all of it may take; its context sees that as its deadline.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.options.timeout = Some(limit);
        self
    }

    /// The run is cancelled when this token is.
    pub fn cancel_on(mut self, token: &CancelToken) -> Self {
        self.options.tokens.push(token.clone());
        self
    }

    /// Disturbs the calls of the node.
    pub fn chaos(mut self, chaos: &Chaos) -> Self {
        self.chaos.push(chaos.clone());
        self
    }

    /// Runs the node with its inputs: a tuple of them, without resources and context.
    pub async fn run(self, input: S::Input<'_>) -> Ran<S::Output, S::Error>
    where
        S: ResourcesFrom<R>,
        for<'x> S::Input<'x>: Send,
        for<'x> S::Resources<'x>: Send,
    {
        let (ended, events) = run_here::<Alone<S>, R>(input, self.resources, self.chaos, &self.options).await;
        let result = match ended {
            Ok(result) => result,
            // The run around the node was cancelled: its failure has no error of the node's.
            Err(failure) => Err(failure.retyped()),
        };
        Ran { result, events }
    }
}

/// A workflow of one step, whose failure is its value.
struct Alone<S>(PhantomData<fn() -> S>);

impl<S: Step> Alone<S> {
    const VERTICES: &'static [Vertex] = &[make::vertex(S::SPEC.name, make::step(S::SPEC, false), None, (0, 0))];
}

impl<S: Step> Step for Alone<S>
where
    for<'x> S::Input<'x>: Send,
    for<'x> S::Resources<'x>: Send,
{
    const SPEC: &'static NodeSpec =
        &make::node("test", "", NodeKind::Workflow, &[], "", None, (file!(), line!())).with_graph(Self::GRAPH);
    type Input<'a> = S::Input<'a>;
    type Resources<'r> = S::Resources<'r>;
    type Output = Result<S::Output, Failure<S::Error>>;
    type Error = AnyError;
    type Ended = Self::Output;

    fn begin<X: Executor>(
        input: Self::Input<'_>,
        resources: Self::Resources<'_>,
        at: At<'_, X>,
    ) -> impl Future<Output = Self::Ended> + Send {
        // Nothing is around it, so its own level is the one that it is begun at.
        let at = at.vertex(0);
        Then::new(X::step::<S>(at, input, resources), move |ended| X::settle::<S>(ended, at))
    }

    fn settle<X: Executor>(ended: Self::Ended, _: At<'_, X>) -> Result<Self::Output, Failure> {
        Ok(ended)
    }
}

impl<S: Step> Workflow for Alone<S>
where
    for<'x> S::Input<'x>: Send,
    for<'x> S::Resources<'x>: Send,
{
    const GRAPH: &'static GraphSpec = &make::graph("test", "", (file!(), line!()), Self::VERTICES, &[]);
}

impl<R: ?Sized, S: ResourcesFrom<R>> ResourcesFrom<R> for Alone<S>
where
    for<'x> S::Input<'x>: Send,
    for<'x> S::Resources<'x>: Send,
{
    fn resources(app: &R) -> Self::Resources<'_> {
        S::resources(app)
    }
}
