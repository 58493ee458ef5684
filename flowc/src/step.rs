//! What a workflow can call: the traits behind `#[node]` and `workflow!`.

use std::error::Error;
use std::future::Future;

use crate::error::Failure;
use crate::graph::{GraphSpec, NodeSpec};
use crate::policy::step::Policy;
use crate::run::{At, Executor};

/// A node, or a workflow used as one. Written by `#[node]` and `workflow!`, and not meant to be implemented by hand: what is hidden of
/// it may change in any release.
///
/// ```
/// use flowc::Step;
///
/// #[flowc::node]
/// fn halve(number: u32) -> u32 {
///     number / 2
/// }
///
/// fn name<S: Step<Output = u32>>() -> &'static str {
///     S::SPEC.name
/// }
/// assert_eq!(name::<halve>(), "halve");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a node",
    label = "not a node",
    note = "a step calls a function with `#[node]`, or a workflow declared by `workflow!`"
)]
pub trait Step: Sized + Send + Sync + 'static {
    /// What is known of it without running it.
    const SPEC: &'static NodeSpec;
    // No `Send` is asked for below, except of the future: what is not `Send` makes a future that is not, and one error is enough.
    /// Its inputs, a tuple in the order of the parameters.
    type Input<'a>;
    /// References to its resources.
    #[doc(hidden)]
    type Resources<'r>: Copy;
    /// What it gives when all goes well.
    type Output: Send + 'static;
    /// Its own error.
    type Error: Into<Box<dyn Error + Send + Sync>> + Send + 'static;
    /// What its future gives: settled to a result after the await, outside of any future, which keeps the future small.
    #[doc(hidden)]
    type Ended;

    /// Whether its future applies policies by itself, attempt by attempt.
    #[doc(hidden)]
    const DRIVEN: bool = false;

    /// Its own policies. An override at a step replaces those that it names.
    #[doc(hidden)]
    const POLICY: &'static Policy<Self> = &Policy::NONE;

    /// What its error says, for events and logs. `#[node]` writes it where the error is `Display`.
    #[doc(hidden)]
    fn describe(error: &Self::Error) -> String {
        crate::error::describe(error)
    }

    /// Begins it. Nothing happens until the future is polled.
    #[doc(hidden)]
    fn begin<X: Executor>(
        input: Self::Input<'_>,
        resources: Self::Resources<'_>,
        at: At<'_, X>,
    ) -> impl Future<Output = Self::Ended> + Send;

    /// Turns what its future gave into its result.
    ///
    /// # Errors
    /// The failure of the step, with the place that `at` names.
    #[doc(hidden)]
    fn settle<X: Executor>(ended: Self::Ended, at: At<'_, X>) -> Result<Self::Output, Failure<Self::Error>>;
}

/// A step whose resources `R` has; `R` is the application. Not meant to be implemented by hand: `R` implements
/// [`Provides`](crate::Provides).
///
/// [`Workflow`] shows it in use.
pub trait ResourcesFrom<R: ?Sized>: Step {
    /// Finds them.
    #[doc(hidden)]
    fn resources(app: &R) -> Self::Resources<'_>;
}

/// Any workflow, for code that runs whichever it is given: a step that carries its own graph. Written by `workflow!`, and not
/// meant to be implemented by hand.
///
/// ```
/// use flowc::{Engine, Prepared, ResourcesFrom, Run, Workflow, node, workflow};
///
/// /// Starts any workflow whose resources `App` has.
/// fn serve<App, W>(engine: &Engine<App>, workflow: Prepared<'static, W>) -> Run<W>
/// where
///     App: Send + Sync + 'static,
///     W: Workflow + ResourcesFrom<App>,
/// {
///     println!("{}", W::GRAPH.to_mermaid());
///     engine.start(workflow)
/// }
///
/// #[node]
/// fn halve(number: u32) -> u32 {
///     number / 2
/// }
/// workflow! {
///     fn quarter(number: u32) -> u32 {
///         halve(halve(number))
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let engine = Engine::builder().resources(()).build();
/// assert_eq!(serve(&engine, quarter(8)).await.unwrap(), 2);
/// # });
/// ```
pub trait Workflow: Step<Error = crate::AnyError, Input<'static>: Send> {
    /// The graph, as constant data.
    const GRAPH: &'static GraphSpec;

    /// The graph of a run on these inputs: another than [`GRAPH`](Self::GRAPH) only where graphs are made at run time.
    #[doc(hidden)]
    #[inline]
    fn graph(input: &Self::Input<'_>) -> &'static GraphSpec {
        let _ = input;
        Self::GRAPH
    }
}
