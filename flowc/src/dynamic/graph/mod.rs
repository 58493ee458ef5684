//! Graphs that are made at run time.

mod call;
mod handle;
mod inputs;
mod plan;
mod scope;
mod spec;
#[cfg(test)]
mod tests;
mod walk;
mod wire;
mod workflow;

pub use handle::Handle;
pub use inputs::{GraphInputs, Then};
pub use scope::{NextStep, Scope};
pub use wire::{Arg, Args, Ref, Wire, Wires};
pub use workflow::{GraphCall, GraphWorkflow};

use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

use crate::graph::{GraphSpec, Vertex, make};
use crate::prepared::Prepared;
use plan::Plan;

/// A workflow whose shape is known only when the program runs: a list of sources from a configuration, say. Its steps are nodes and
/// workflows like any other, and its edges are typed: what does not fit does not compile, and no cycle can be written.
///
/// It runs as a workflow of [`workflow!`](crate::workflow) does, with the same events, spans, policies and drawings, at the cost of a few
/// allocations per step.
///
/// ```
/// use flowc::dynamic::Graph;
/// use flowc::{Engine, Resources, node};
///
/// struct Index(Vec<(&'static str, &'static str)>);
///
/// /// Finds the texts of a source that have the word.
/// #[node]
/// async fn search(word: &str, source: String, #[resource] index: &Index) -> Vec<String> {
///     let found = index.0.iter().filter(|(from, text)| *from == source && text.contains(word));
///     found.map(|(_, text)| (*text).to_owned()).collect()
/// }
///
/// #[node]
/// fn join(found: Vec<Vec<String>>, most: usize) -> Vec<String> {
///     found.into_iter().flatten().take(most).collect()
/// }
///
/// #[derive(Resources)]
/// struct App {
///     index: Index,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flowc::Failure> {
/// let sources = ["news", "mail"]; // from a configuration
/// let graph = Graph::<App>::builder("answer").input::<String>("word").input::<usize>("most").build(|graph, (word, most)| {
///     let found = sources.map(|source| {
///         let name = graph.constant(source.to_owned());
///         graph.step().named(source).add::<search>((&word, name))
///     });
///     let found = graph.collect(found);
///     graph.add::<join>((found, most))
/// });
///
/// let app = App { index: Index(vec![("mail", "a cat"), ("news", "two cats"), ("web", "a cat")]) };
/// assert_eq!(graph.call(("cat".to_owned(), 5)).run(&app).await?, ["two cats", "a cat"]);
///
/// let engine = Engine::builder().resources(app).build();
/// let run = engine.start(graph.call(("cat".to_owned(), 1)).correlation_id("request 7"));
/// assert_eq!(run.await?, ["two cats"]);
/// # Ok(())
/// # }
/// ```
pub struct Graph<App, I = (), O = ()> {
    plan: Arc<Plan<App>>,
    types: PhantomData<fn(I) -> O>,
}

impl<App: Sync + 'static> Graph<App> {
    /// Begins a graph of this name for an application of the type `App`.
    #[track_caller]
    pub fn builder(name: impl AsRef<str>) -> GraphBuilder<App, ()> {
        let (name, place) = (spec::text(name.as_ref()), Location::caller());
        GraphBuilder { name, docs: "", place, inputs: Vec::new(), types: PhantomData }
    }
}

impl<App, I, O> Graph<App, I, O>
where
    App: Sync + 'static,
    I: GraphInputs,
    O: Send + Sync + 'static,
{
    /// The graph on these inputs, ready to be run or started: what a call of a workflow gives.
    pub fn call(&self, inputs: I) -> Prepared<'static, GraphWorkflow<App, I, O>> {
        Prepared::new(GraphCall { plan: Arc::clone(&self.plan), inputs })
    }

    /// Its description, which can be drawn. It lives for ever, once for each shape.
    pub fn spec(&self) -> &'static GraphSpec {
        self.plan.spec
    }
}

impl<App, I, O> Clone for Graph<App, I, O> {
    fn clone(&self) -> Self {
        Self { plan: Arc::clone(&self.plan), types: PhantomData }
    }
}

impl<App, I, O> fmt::Debug for Graph<App, I, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Graph").field("name", &self.plan.spec.name).finish_non_exhaustive()
    }
}

/// A [`Graph`] about to be made: its inputs first, then its steps.
#[must_use = "there is no graph before `build`"]
pub struct GraphBuilder<App, I> {
    name: &'static str,
    docs: &'static str,
    place: &'static Location<'static>,
    inputs: Vec<Vertex>,
    types: PhantomData<fn(&App, I)>,
}

impl<App: Sync + 'static, I: GraphInputs> GraphBuilder<App, I> {
    /// What it does.
    pub fn docs(mut self, docs: impl AsRef<str>) -> Self {
        self.docs = spec::text(docs.as_ref());
        self
    }

    /// One more input.
    #[track_caller]
    pub fn input<T>(mut self, name: impl AsRef<str>) -> GraphBuilder<App, I::Inputs>
    where
        I: Then<T>,
    {
        let (name, place) = (spec::text(name.as_ref()), Location::caller());
        self.inputs.push(make::vertex(
            name,
            make::input(scope::type_text::<T>()),
            None,
            (place.line(), place.column()),
        ));
        GraphBuilder { name: self.name, docs: self.docs, place: self.place, inputs: self.inputs, types: PhantomData }
    }

    /// Makes the graph: `describe` adds its steps, from the handles of the inputs to that of the result.
    ///
    /// Every step that is added runs, whether something uses what it gives or not.
    pub fn build<O: Send + Sync + 'static>(
        self,
        describe: impl for<'g> FnOnce(&Scope<'g, App>, I::Handles<'g>) -> Handle<'g, O>,
    ) -> Graph<App, I, O> {
        let scope = Scope::new(&self.inputs, self.place.file());
        let result = describe(&scope, I::handles()).entry;
        self.finish(scope, result)
    }

    /// The same where something can go wrong on the way: a name in a configuration that nobody knows, say.
    ///
    /// # Errors
    /// That of `describe`.
    pub fn try_build<O: Send + Sync + 'static, E>(
        self,
        describe: impl for<'g> FnOnce(&Scope<'g, App>, I::Handles<'g>) -> Result<Handle<'g, O>, E>,
    ) -> Result<Graph<App, I, O>, E> {
        let scope = Scope::new(&self.inputs, self.place.file());
        let result = describe(&scope, I::handles())?.entry;
        Ok(self.finish(scope, result))
    }

    fn finish<O>(self, scope: Scope<'_, App>, result: usize) -> Graph<App, I, O> {
        let (entries, mut vertices) = scope.into_parts();
        let place = (self.place.file(), self.place.line());
        let output = u32::try_from(vertices.len()).unwrap_or(u32::MAX);
        let at = (self.place.line(), self.place.column());
        vertices.push(make::vertex("result", make::output(scope::type_text::<O>()), None, at));
        let edges = plan::edges(&entries, &vertices, result, output);
        let spec = spec::graph(self.name, self.docs, place, vertices, edges);
        let plan = Arc::new(Plan { spec, entries: plan::ordered(entries), result });
        Graph { plan, types: PhantomData }
    }
}

impl<App, I> fmt::Debug for GraphBuilder<App, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GraphBuilder").field("name", &self.name).finish_non_exhaustive()
    }
}
