use std::any::type_name;
use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

use super::call::{Call, Each, Either, Nested, Typed};
use super::handle::{Brand, Handle};
use super::plan::{Entry, What};
use super::spec;
use super::wire::{Args, Items, Value, Wire, Wires};
use super::{Graph, GraphInputs};
use crate::graph::{EdgeMode, NodeSpec, Vertex, VertexKind, make};
use crate::step::{ResourcesFrom, Step};

/// Where a graph is described: steps are added to it one by one. See [`Graph`](super::Graph).
pub struct Scope<'g, App> {
    entries: RefCell<Vec<Entry<App>>>,
    vertices: RefCell<Vec<Vertex>>,
    file: &'static str,
    graph: Brand<'g>,
}

impl<'g, App: Sync> Scope<'g, App> {
    pub(super) fn new(inputs: &[Vertex], file: &'static str) -> Self {
        let entry = |vertex| Entry {
            what: What::Input,
            wires: Vec::new(),
            after: Vec::new(),
            sources: vec![vertex],
            uses: Vec::new(),
        };
        let entries = (0..).take(inputs.len()).map(entry).collect();
        Self { entries: RefCell::new(entries), vertices: RefCell::new(inputs.to_vec()), file, graph: PhantomData }
    }

    pub(super) fn into_parts(self) -> (Vec<Entry<App>>, Vec<Vertex>) {
        (self.entries.into_inner(), self.vertices.into_inner())
    }

    /// Adds a step: a call of a node or a workflow, with a tuple of handles for its inputs. The handle stands for what it gives.
    ///
    /// A handle of another type than the input's is a compile error:
    ///
    /// ```compile_fail,E0277
    /// use flowc::dynamic::Graph;
    ///
    /// #[flowc::node]
    /// fn length(text: &str) -> usize {
    ///     text.len()
    /// }
    /// let graph = Graph::<()>::builder("length").input::<u32>("number").build(|graph, (number,)| {
    ///     graph.add::<length>((&number,))
    /// });
    /// ```
    #[track_caller]
    pub fn add<S>(&self, args: impl Args<'g, S::Wired>) -> Handle<'g, S::Output>
    where
        S: Wires<Wired: Send, Held: Send> + ResourcesFrom<App>,
        S::Output: Sync,
        for<'x> <S as Step>::Resources<'x>: Send,
    {
        self.step().add::<S>(args)
    }

    /// The next step, with more to say of it.
    pub fn step(&self) -> NextStep<'_, 'g, App> {
        NextStep { scope: self, name: None, after: Vec::new() }
    }

    /// A value that is the same in every run.
    pub fn constant<T: Clone + Send + Sync + 'static>(&self, value: T) -> Handle<'g, T> {
        self.plain(Vec::new(), move |_| Some(Arc::new(value.clone())))
    }

    /// A value made of another one in place, without a step: a field of it, say. It should be cheap, and wait for nothing.
    pub fn map<T, U>(&self, from: &Handle<'g, T>, make: impl Fn(&T) -> U + Send + Sync + 'static) -> Handle<'g, U>
    where
        T: Send + Sync + 'static,
        U: Send + Sync + 'static,
    {
        let wires = vec![Wire { from: from.entry, takes: false }];
        self.plain(wires, move |values| {
            let value = values.into_iter().next()?.downcast::<T>().ok()?;
            Some(Arc::new(make(&value)))
        })
    }

    /// Any number of values of one type as one value.
    pub fn collect<T: Send + Sync + 'static>(
        &self,
        handles: impl IntoIterator<Item = Handle<'g, T>>,
    ) -> Handle<'g, Vec<T>> {
        let wires = handles.into_iter().map(|handle| Wire { from: handle.entry, takes: true }).collect();
        self.plain(wires, |values| {
            let values = values.into_iter().map(|value| Arc::into_inner(value.downcast::<T>().ok()?));
            Some(Arc::new(values.collect::<Option<Vec<T>>>()?))
        })
    }

    /// The same value once more, for a second step that takes it by value.
    pub fn cloned<T: Clone + Send + Sync + 'static>(&self, from: &Handle<'g, T>) -> Handle<'g, T> {
        self.map(from, T::clone)
    }

    fn plain<T>(
        &self,
        wires: Vec<Wire>,
        make: impl Fn(Vec<Value>) -> Option<Value> + Send + Sync + 'static,
    ) -> Handle<'g, T> {
        let mut entries = self.entries.borrow_mut();
        let from = wires.iter().filter_map(|wire| entries.get(wire.from));
        let mut sources: Vec<_> = from.flat_map(|entry| entry.sources.iter().copied()).collect();
        sources.sort_unstable();
        sources.dedup();
        let what = What::Plain(Box::new(make));
        entries.push(Entry { what, wires, after: Vec::new(), sources, uses: Vec::new() });
        Handle::new(entries.len() - 1)
    }

    /// A vertex more, inside of the region and the lane if one is given.
    fn vertex(&self, name: &'static str, kind: VertexKind, within: Option<(u32, u32)>, place: &Location<'_>) -> u32 {
        let mut vertices = self.vertices.borrow_mut();
        let index = u32::try_from(vertices.len()).unwrap_or(u32::MAX);
        // A vertex has a line in the file of its graph; what a function elsewhere added has none there.
        let place = if place.file() == self.file { (place.line(), place.column()) } else { (0, 0) };
        vertices.push(make::vertex(name, kind, within, place));
        index
    }
}

impl<App> fmt::Debug for Scope<'_, App> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").field("steps", &self.vertices.borrow().len()).finish_non_exhaustive()
    }
}

/// A step about to be added; [`Scope::step`] gives it.
#[must_use = "nothing is added before `add`"]
pub struct NextStep<'s, 'g, App> {
    scope: &'s Scope<'g, App>,
    name: Option<&'static str>,
    after: Vec<usize>,
}

impl<'g, App: Sync> NextStep<'_, 'g, App> {
    /// Its name in paths, events and drawings, as that of a binding is in `workflow!`; else it has that of the node.
    pub fn named(mut self, name: impl AsRef<str>) -> Self {
        self.name = Some(spec::text(name.as_ref()));
        self
    }

    /// It waits until this one is done, though it uses nothing of it.
    pub fn after<T>(mut self, other: &Handle<'g, T>) -> Self {
        self.after.push(other.entry);
        self
    }

    /// Adds it, as [`Scope::add`] does.
    #[track_caller]
    #[allow(clippy::should_implement_trait, reason = "it adds a step, and nobody adds up two of them")]
    pub fn add<S>(self, args: impl Args<'g, S::Wired>) -> Handle<'g, S::Output>
    where
        S: Wires<Wired: Send, Held: Send> + ResourcesFrom<App>,
        S::Output: Sync,
        for<'x> <S as Step>::Resources<'x>: Send,
    {
        let vertex = self.called(self.name, S::SPEC, None, Location::caller());
        let call = Typed::<S>::new(vertex, &args);
        self.entry(vertex, call, args.wires(), &[vertex])
    }

    /// Adds a whole graph as one step, with a tuple of handles for its inputs.
    ///
    /// ```
    /// # use flowc::dynamic::Graph;
    /// # #[flowc::node] fn double(number: u32) -> u32 { number * 2 }
    /// let twice = Graph::<()>::builder("twice").input::<u32>("number").build(|graph, (number,)| {
    ///     let once = graph.add::<double>((number,));
    ///     graph.add::<double>((once,))
    /// });
    /// let more = Graph::<()>::builder("more").input::<u32>("number").build(|graph, (number,)| {
    ///     let first = graph.step().named("first").graph(&twice, (number,));
    ///     graph.step().named("then").graph(&twice, (first,))
    /// });
    /// assert_eq!(more.call((1,)).run_blocking(&()).unwrap(), 16);
    /// ```
    #[track_caller]
    pub fn graph<I, O>(self, graph: &Graph<App, I, O>, args: impl Args<'g, I>) -> Handle<'g, O>
    where
        App: 'static,
        I: GraphInputs,
        O: Send + Sync + 'static,
    {
        let node = spec::node(graph.spec(), type_text::<O>());
        let vertex = self.called(self.name, node, None, Location::caller());
        let call = Nested::<App, I, O>::new(vertex, &graph.plan, &args);
        self.entry(vertex, call, args.wires(), &[vertex])
    }

    /// Adds one of two graphs, as a condition says when it runs.
    ///
    /// ```
    /// # use flowc::dynamic::Graph;
    /// # #[flowc::node] fn double(number: u32) -> u32 { number * 2 }
    /// # #[flowc::node] fn halve(number: u32) -> u32 { number / 2 }
    /// let up = Graph::<()>::builder("up").input::<u32>("number").build(|graph, (number,)| graph.add::<double>((number,)));
    /// let down = Graph::<()>::builder("down").input::<u32>("number").build(|graph, (number,)| graph.add::<halve>((number,)));
    /// let graph = Graph::<()>::builder("near").input::<u32>("number").build(|graph, (number,)| {
    ///     let is_small = graph.map(&number, |number| *number < 10);
    ///     graph.step().choose(&is_small, (&up, &down), (number,))
    /// });
    /// assert_eq!(graph.call((4,)).run_blocking(&()).unwrap(), 8);
    /// assert_eq!(graph.call((40,)).run_blocking(&()).unwrap(), 20);
    /// ```
    #[track_caller]
    pub fn choose<I, O>(
        self,
        condition: &Handle<'g, bool>,
        (then, otherwise): (&Graph<App, I, O>, &Graph<App, I, O>),
        args: impl Args<'g, I>,
    ) -> Handle<'g, O>
    where
        App: 'static,
        I: GraphInputs,
        O: Send + Sync + 'static,
    {
        let place = Location::caller();
        let kind = make::branch("condition", &["condition", "else"]);
        let region = self.scope.vertex(self.name.unwrap_or("if"), kind, None, place);
        let [(one, first), (other, second)] = [(then, 0), (otherwise, 1)].map(|(graph, lane)| {
            let node = spec::node(graph.spec(), type_text::<O>());
            let vertex = self.called(None, node, Some((region, lane)), place);
            (vertex, Box::new(Nested::<App, I, O>::new(vertex, &graph.plan, &args)))
        });
        let call = Either { then: first, otherwise: second };
        let mut wires = args.wires();
        wires.insert(0, Wire { from: condition.entry, takes: false });
        self.entry(region, call, wires, &[one, other])
    }

    /// Adds a step for each of several items, of which at most `max` run at once: a node or workflow with one input. The results are in the
    /// order of the items.
    ///
    /// ```
    /// # use flowc::dynamic::Graph;
    /// # #[flowc::node] fn length(text: &str) -> usize { text.len() }
    /// let graph = Graph::<()>::builder("lengths").input::<Vec<String>>("texts").build(|graph, (texts,)| {
    ///     graph.step().each::<length>(8, texts)
    /// });
    /// let texts = ["a", "cat"].map(str::to_owned).to_vec();
    /// assert_eq!(graph.call((texts,)).run_blocking(&()).unwrap(), [1, 3]);
    /// ```
    #[track_caller]
    pub fn each<S>(self, max: usize, items: impl Items<'g, S::Wired>) -> Handle<'g, Vec<S::Output>>
    where
        S: Wires<Wired: Send, Held: Send> + ResourcesFrom<App>,
        S::Output: Sync,
        for<'x> <S as Step>::Resources<'x>: Send,
    {
        let place = Location::caller();
        let kind = make::map("item", "items", spec::text(&max.to_string()), false);
        let region = self.scope.vertex(self.name.unwrap_or("for"), kind, None, place);
        let vertex = self.called(None, S::SPEC, Some((region, 0)), place);
        let call = Each::<S>::new((region, vertex), max, &items);
        self.entry(region, call, vec![items.wire()], &[])
    }

    fn called(
        &self,
        name: Option<&'static str>,
        node: &'static NodeSpec,
        within: Option<(u32, u32)>,
        place: &Location<'_>,
    ) -> u32 {
        self.scope.vertex(name.unwrap_or(node.name), make::step(node, false), within, place)
    }

    /// An entry at `vertex`. Its values are used there, or at `inner` where there are vertices in it.
    fn entry<T>(self, vertex: u32, call: impl Call<App> + 'static, wires: Vec<Wire>, inner: &[u32]) -> Handle<'g, T> {
        let mut uses = Vec::new();
        for (index, wire) in wires.iter().enumerate() {
            let mode = if wire.takes { EdgeMode::Own } else { EdgeMode::Borrow };
            // The condition of a choice is the first of its values, and used by the choice itself.
            let at = if inner.is_empty() || inner.len() > 1 && index == 0 { &[vertex][..] } else { inner };
            uses.extend(at.iter().map(|to| (wire.from, *to, mode)));
        }
        uses.extend(self.after.iter().map(|from| (*from, vertex, EdgeMode::Order)));
        let what = What::Step(Box::new(call));
        let mut entries = self.scope.entries.borrow_mut();
        entries.push(Entry { what, wires, after: self.after, sources: vec![vertex], uses });
        Handle::new(entries.len() - 1)
    }
}

impl<App> fmt::Debug for NextStep<'_, '_, App> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NextStep").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A type as it is written.
pub(super) fn type_text<T>() -> &'static str {
    spec::text(&crate::text::short(type_name::<T>()))
}
