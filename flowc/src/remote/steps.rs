use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::call::{Caller, called};
use crate::graph::{GraphSpec, NodeSpec};
use crate::journal::{Codecs, Json, Storable};
use crate::observe::Place;
use crate::policy::step::{Overridden, Policy};
use crate::schema::Inputs;
use crate::step::{ResourcesFrom, Step};

/// A step that can be called elsewhere, in an application `R`, with inputs and outputs in the format `J`. Written by `#[node]` and
/// `workflow!`, and not meant to be implemented by hand.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be called on another machine", label = "a step of it cannot")]
pub trait Remote<R, J>: Step {
    /// Collects the nodes.
    #[doc(hidden)]
    fn collect(steps: &mut Steps<R>);

    /// Adds a call of it that has policies of its own. What is no node cannot be called elsewhere with some.
    #[doc(hidden)]
    fn overridden(steps: &mut Steps<R>, graph: &'static GraphSpec, vertex: u32, policy: &'static Policy<Self>) {
        let _ = (steps, graph, vertex, policy);
    }
}

/// A node that can be called elsewhere: its inputs can be written, and read in their owned form, what it gives can be stored, and the
/// application has its resources.
#[diagnostic::on_unimplemented(
    message = "the node `{Self}` cannot be called on another machine",
    label = "its inputs or what it gives cannot be sent",
    note = "write `#[derive(serde::Serialize, serde::Deserialize)]` at the types of its inputs and of what it gives; an input that borrows \
            inside, as `Option<&str>` does, is taken by value or by one `&` as a whole"
)]
pub trait RemoteNode<R, J>: Step {
    /// Adds it, or a call of it that has policies of its own.
    #[doc(hidden)]
    fn add(steps: &mut Steps<R>, given: Given<Self>);
}

/// Inputs that can be written in the format `J`. All with [`Serialize`] can.
#[diagnostic::on_unimplemented(
    message = "the inputs of `{S}`, `{Self}`, cannot be sent to another machine",
    label = "an input of `{S}` cannot be sent",
    note = "write `#[derive(serde::Serialize, serde::Deserialize)]` at the types of the inputs"
)]
pub trait Travels<S, J> {
    #[doc(hidden)]
    fn write(&self) -> Result<String, String>;
}

#[diagnostic::do_not_recommend]
impl<S, T: Serialize> Travels<S, Json> for T {
    fn write(&self) -> Result<String, String> {
        serde_json::to_string(self).map_err(|error| error.to_string())
    }
}

/// Owned inputs that can be read in the format `J`. All with [`Deserialize`](serde::Deserialize) can.
#[diagnostic::on_unimplemented(
    message = "the inputs of `{S}`, `{Self}`, cannot be read on another machine",
    label = "an input of `{S}` cannot be read",
    note = "write `#[derive(serde::Serialize, serde::Deserialize)]` at the types of the inputs"
)]
pub trait Arrives<S, J>: Sized {
    #[doc(hidden)]
    fn read(text: &str) -> Result<Self, String>;
}

#[diagnostic::do_not_recommend]
impl<S, T: DeserializeOwned> Arrives<S, Json> for T {
    fn read(text: &str) -> Result<Self, String> {
        let mut json = serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(&mut json).map_err(|error| error.to_string())
    }
}

#[diagnostic::do_not_recommend]
impl<R, J, S> RemoteNode<R, J> for S
where
    R: Send + Sync + 'static,
    S: ResourcesFrom<R> + Inputs<Owned: Arrives<S, J> + Send + 'static, Held: Send>,
    S::Output: Storable<S, J>,
    for<'x> S::Input<'x>: Travels<S, J> + Send,
    for<'x> S::Resources<'x>: Send,
{
    fn add(steps: &mut Steps<R>, given: Given<S>) {
        steps.codecs().output::<S, J>();
        match given {
            None => steps.node::<S>(
                Written(|input| input.write()),
                Box::new(|app, site, call| called::<R, J, S>(app, site, call, None)),
            ),
            Some((graph, vertex, policy)) => steps.overridden::<S>(
                Written(|input| input.input().write()),
                (graph, vertex),
                Box::new(move |app, site, call| called::<R, J, S>(app, site, call, Some(policy))),
            ),
        }
    }
}

/// Where a call of `S` stands that has policies of its own, and what they are.
pub type Given<S> = Option<(&'static GraphSpec, u32, &'static Policy<S>)>;

/// How the inputs of a step are written.
pub(super) struct Written<S: Step>(pub(super) for<'b, 'a> fn(&'b S::Input<'a>) -> Result<String, String>);

/// The nodes of a workflow.
pub struct Steps<R> {
    pub(super) wires: Wires,
    pub(super) nodes: Vec<Node<R>>,
}

/// How values of the steps become texts, whatever application they belong to.
#[derive(Default)]
pub(super) struct Wires {
    pub(super) codecs: Codecs,
    /// A `Written<S>` and the name of the node, for each node `S`.
    written: HashMap<TypeId, (Arc<str>, Box<dyn Any + Send + Sync>)>,
    /// The names of calls that have policies of their own.
    places: HashMap<Spot, Arc<str>>,
}

impl Wires {
    /// The name of a node that is called at a place, and how its inputs are written.
    pub(super) fn find<S: Step>(&self, place: Place) -> Option<(&Arc<str>, &Written<S>)> {
        let (name, written) = self.written.get(&TypeId::of::<S>())?;
        let here = place.vertex.and_then(|vertex| self.places.get(&spot(place.graph, vertex)));
        Some((here.unwrap_or(name), written.downcast_ref()?))
    }
}

/// A vertex, told apart from those of all other workflows: their constants may have more than one address.
type Spot = (&'static str, &'static str, u32, u32);

fn spot(graph: &'static GraphSpec, vertex: u32) -> Spot {
    (graph.name, graph.file, graph.line, vertex)
}

/// A node without its type.
pub(super) struct Node<R> {
    /// What it is called by; two nodes of the same name are told apart.
    pub(super) name: Arc<str>,
    pub(super) spec: &'static NodeSpec,
    pub(super) caller: Caller<R>,
    /// The only call of it, where that has policies of its own.
    pub(super) place: Option<(&'static GraphSpec, u32)>,
}

impl<R> Steps<R> {
    pub(super) fn new() -> Self {
        Self { wires: Wires::default(), nodes: Vec::new() }
    }

    #[doc(hidden)]
    pub fn codecs(&mut self) -> &mut Codecs {
        &mut self.wires.codecs
    }

    fn node<S: Step>(&mut self, written: Written<S>, caller: Caller<R>) {
        if self.wires.written.contains_key(&TypeId::of::<S>()) {
            return;
        }
        let name = self.name(&plain(S::SPEC.name));
        self.wires.written.insert(TypeId::of::<S>(), (Arc::clone(&name), Box::new(written)));
        self.nodes.push(Node { name, spec: S::SPEC, caller, place: None });
    }

    fn overridden<S: Step>(
        &mut self,
        written: Written<Overridden<S>>,
        place: (&'static GraphSpec, u32),
        caller: Caller<R>,
    ) where
        for<'x> S::Input<'x>: Send,
        for<'x> S::Resources<'x>: Send,
    {
        let (graph, vertex) = place;
        let name = self.name(&format!("{}__{}_{vertex}", plain(S::SPEC.name), plain(graph.name)));
        let key = TypeId::of::<Overridden<S>>();
        self.wires.written.entry(key).or_insert_with(|| (Arc::clone(&name), Box::new(written)));
        self.wires.places.insert(spot(graph, vertex), Arc::clone(&name));
        self.nodes.push(Node { name, spec: S::SPEC, caller, place: Some(place) });
    }

    /// A name that no other node has. The macros list the steps of a workflow in the order of its text, so the names are the same in
    /// every process.
    fn name(&self, wanted: &str) -> Arc<str> {
        let is_taken = self.nodes.iter().any(|node| *node.name == *wanted);
        if is_taken { format!("{wanted}__{}", self.nodes.len()).into() } else { wanted.into() }
    }
}

impl<R> fmt::Debug for Steps<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.nodes.iter().map(|node| &node.name)).finish()
    }
}

/// A name that every system takes.
fn plain(name: &str) -> String {
    let plain = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect::<String>();
    if plain.starts_with(|c: char| c.is_ascii_alphabetic()) { plain } else { format!("node_{plain}") }
}
