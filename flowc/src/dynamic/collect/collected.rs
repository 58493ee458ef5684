//! Nodes that are collected from all crates of a program, without anybody naming them.

use std::marker::PhantomData;

use super::{Candidate, Finds};
use crate::schema::{Inputs, JsonInputs, JsonOutput};
use crate::step::Step;

/// What `#[node]` leaves for [`Registry::collect`](crate::dynamic::Registry::collect).
#[doc(hidden)]
#[derive(Debug)]
pub struct Collected {
    /// Where the node is.
    module: &'static str,
    candidate: fn() -> Option<Candidate>,
}

inventory::collect!(Collected);

impl Collected {
    pub const fn new(module: &'static str, candidate: fn() -> Option<Candidate>) -> Self {
        Self { module, candidate }
    }

    /// The nodes that executors are tried out with are no application's.
    fn is_ours(&self) -> bool {
        self.module.starts_with("flowc::conformance")
    }

    /// All nodes of the program that have JSON, by name and place: the linker knows no order.
    pub(in crate::dynamic) fn all() -> Vec<Candidate> {
        let nodes = inventory::iter::<Self>().filter(|node| !node.is_ours());
        let mut all: Vec<_> = nodes.filter_map(|node| (node.candidate)()).collect();
        all.sort_by(|one, other| (&one.info.name, &one.info.origin).cmp(&(&other.info.name, &other.info.origin)));
        all
    }
}

/// Asks whether a node has JSON, as `(&Probe::<search>::new()).candidate()`; the method of the nearer type is taken.
#[doc(hidden)]
#[derive(Debug)]
pub struct Probe<S>(PhantomData<fn() -> S>);

impl<S> Probe<S> {
    #[allow(clippy::new_without_default, reason = "only generated code makes one")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

/// What [`Probe`] says of a node with JSON.
#[doc(hidden)]
pub trait Present {
    fn candidate(&self) -> Option<Candidate>;
}

impl<S> Present for Probe<S>
where
    S: Finds + JsonInputs + JsonOutput + Inputs<Owned: Send + 'static, Held: Send>,
    for<'x> <S as Step>::Resources<'x>: Send,
{
    fn candidate(&self) -> Option<Candidate> {
        Some(Candidate::of::<S>())
    }
}

/// What [`Probe`] says of any other.
#[doc(hidden)]
pub trait Absent {
    fn candidate(&self) -> Option<Candidate>;
}

impl<S> Absent for &Probe<S> {
    fn candidate(&self) -> Option<Candidate> {
        None
    }
}
