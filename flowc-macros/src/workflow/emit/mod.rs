//! Plan to tokens. Nothing here can fail or report.

mod attributes;
mod body;
mod extras;
mod graph;
mod group;
mod items;
mod place;
mod refs;
mod region;
mod rewrite;
mod step;
mod view;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::model::{BindingId, Flow};
use super::plan::Slot;
use crate::span;
use place::Place;
use refs::Refs;

pub(crate) use items::flow;

/// What all of one workflow shares.
pub(super) struct Emit<'f> {
    flow: &'f Flow,
    /// The nodes it calls, each once, in the order of their resources.
    nodes: Vec<syn::ExprPath>,
    /// The place of a node's resources, by its path as text.
    places: HashMap<String, usize>,
    next: Cell<usize>,
    /// The policies that steps override, by the vertices of the steps.
    overrides: RefCell<BTreeMap<u32, Override>>,
}

/// The policies of a step that overrides those of its node. They are a constant beside the body, so that others find them too.
pub(super) struct Override {
    pub(super) vertex: u32,
    pub(super) node: syn::ExprPath,
    pub(super) name: Ident,
    pub(super) policy: TokenStream,
}

/// What is in reach at one place of the body.
#[derive(Clone, Default)]
pub(super) struct Env {
    /// Counts the rounds of the loop around.
    round: Option<Ident>,
    /// The last expression of the block stands where it is emitted.
    tail_expression: bool,
    /// Names that hold a reference to the value they stand for.
    refs: Refs,
    /// Values that other strands make, not yet looked for here.
    slots: HashMap<BindingId, Slot>,
    /// Values made here that go into a slot.
    puts: HashMap<BindingId, Slot>,
    /// Values that are held for reading, for as long as their names live.
    guards: HashMap<BindingId, Slot>,
    /// Bindings before this one are from around a `loop`: what a round leaves must be there in the next.
    around: usize,
    /// Bindings before this one are from around a `for`, whose items only look at them.
    fixed: usize,
    /// It is inside a region.
    nested: bool,
    /// Flags to raise when a statement ends, each with what tells of it.
    raises: HashMap<usize, Vec<(Ident, Ident)>>,
    /// Flags to wait for before a statement begins.
    waits: HashMap<usize, Vec<Ident>>,
    /// Guards to drop after a statement: it is the last of its strand that reads the value.
    /// With a slot, it is looked for there again.
    drops: HashMap<usize, Vec<(BindingId, Option<Slot>)>>,
}

impl Emit<'_> {
    /// A local name of ours that is used nowhere else.
    fn fresh(&self, name: &str) -> Ident {
        self.next.set(self.next.get() + 1);
        span::local(&format!("{name}{}", self.next.get()))
    }

    fn name(&self, id: BindingId) -> Option<&Ident> {
        self.flow.bindings.get(id.0).map(|binding| &binding.name)
    }

    fn text(&self, id: BindingId) -> String {
        self.name(id).map(ToString::to_string).unwrap_or_default()
    }

    fn is_mutable(&self, id: BindingId) -> bool {
        self.flow.mutable.contains(&id)
    }

    /// Where the ways out of a block stand: rustc shows the first one where it says which type the block must give.
    fn exit(&self) -> Span {
        span::hidden_at(self.flow.output.as_ref().map_or_else(|| self.flow.name.span(), span::of))
    }

    /// Leaves the innermost async block with a failure, or gives the value. What rustc says of the value stands at `place`.
    fn or_fail(&self, result: &TokenStream, place: &Place) -> TokenStream {
        let Place { from, name, to } = place.hidden();
        let (value, failure) = (Ident::new("value", name), Ident::new("failure", name));
        let keyword = quote_spanned!(from=> match);
        let leave = quote_spanned!(self.exit()=> return ::core::result::Result::Err(#failure));
        let arms = quote_spanned! {to=>
            { ::core::result::Result::Ok(#value) => #value, ::core::result::Result::Err(#failure) => #leave, }
        };
        quote!(#keyword #result #arms)
    }
}
