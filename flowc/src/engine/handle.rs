use std::fmt;
use std::marker::PhantomData;

use crate::step::{Step, Workflow};

/// Names a step of a workflow, with its types: `answer::docs` for `let docs = search(&query);` in the workflow `answer`.
///
/// It takes no space. It tells an engine which output to [keep](super::Builder::keep), or which step to stub in a test.
pub struct StepHandle<W, S, const VERTEX: u32>(PhantomData<fn() -> (W, S)>);

impl<W, S, const VERTEX: u32> StepHandle<W, S, VERTEX> {
    /// For generated code: a handle made up by hand names no step, and then nothing is kept and nothing stubbed.
    #[doc(hidden)]
    #[allow(clippy::new_without_default, reason = "only generated code makes one")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<W: Workflow, S: Step, const VERTEX: u32> StepHandle<W, S, VERTEX> {
    /// The name of the binding.
    pub fn name(self) -> &'static str {
        W::GRAPH.vertices.get(VERTEX as usize).map_or("", |vertex| vertex.name)
    }
}

impl<W, S, const VERTEX: u32> Clone for StepHandle<W, S, VERTEX> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<W, S, const VERTEX: u32> Copy for StepHandle<W, S, VERTEX> {}

impl<W: Workflow, S: Step, const VERTEX: u32> fmt::Debug for StepHandle<W, S, VERTEX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}", W::GRAPH.name, self.name())
    }
}
