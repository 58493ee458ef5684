//! What a test puts in the place of steps, and around them.

use std::any::Any;

use super::builder::Builder;
use super::handle::StepHandle;
use super::plan::Key;
use crate::step::{Step, Workflow};
use crate::testing::{Ready, Slow, Stub, StubbedAsyncBy, StubbedBy};

/// Nothing, where there is no test.
#[derive(Default)]
pub(super) struct Props {
    /// A `Box<dyn Stub<S>>` for a step of type `S`.
    stubs: Vec<(Key, Box<dyn Any + Send + Sync>)>,
}

impl Props {
    fn put<S: Step>(&mut self, key: Key, stub: Box<dyn Stub<S>>) {
        // The last stub of a step is the one that counts.
        self.stubs.retain(|(stubbed, _)| *stubbed != key);
        self.stubs.push((key, Box::new(stub)));
    }

    /// The stub in the place of step `S`.
    pub(super) fn stub<S: Step>(&self, key: impl FnOnce() -> Option<Key>) -> Option<&dyn Stub<S>> {
        if self.stubs.is_empty() {
            return None;
        }
        let key = key()?;
        let (_, stub) = self.stubs.iter().find(|(stubbed, _)| *stubbed == key)?;
        stub.downcast_ref::<Box<dyn Stub<S>>>().map(Box::as_ref)
    }
}

impl<S> Builder<S> {
    /// Puts a closure in the place of a step, wherever the workflow runs, also as a step of another. It takes the inputs that the
    /// node's function takes, without resources and context, and returns what that function returns; in the place of a workflow it
    /// returns `Result<T, flowc::AnyError>`. It is called each time that the step would have been, and no policy of the step
    /// applies to it.
    ///
    /// ```
    /// use flowc::{Engine, node, workflow};
    ///
    /// #[node]
    /// async fn search(word: &str) -> Result<Vec<String>, std::io::Error> {
    ///     Err(std::io::Error::other(format!("no network to look for {word}")))
    /// }
    ///
    /// workflow! {
    ///     fn count(word: String) -> usize {
    ///         let found = search(&word);
    ///         found.len()
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flowc::Failure> {
    /// let engine = Engine::builder().resources(()).stub(count::found, |word| Ok(vec![word.to_uppercase()])).build();
    /// assert_eq!(engine.start(count("cat".to_owned())).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn stub<W, T, F, const VERTEX: u32>(mut self, step: StepHandle<W, T, VERTEX>, stub: F) -> Self
    where
        W: Workflow,
        T: StubbedBy<F>,
        F: Send + Sync + 'static,
    {
        self.plan.props.put::<T>(Key::of(step), Box::new(Ready(stub)));
        self
    }

    /// As [`stub`](Self::stub), with a closure that returns a future: of what the node's function gives. The future may not borrow
    /// the inputs; it clones what it needs of them.
    pub fn stub_async<W, T, F, Fut, const VERTEX: u32>(mut self, step: StepHandle<W, T, VERTEX>, stub: F) -> Self
    where
        W: Workflow,
        T: StubbedAsyncBy<F, Fut>,
        F: Send + Sync + 'static,
        Fut: 'static,
    {
        self.plan.props.put::<T>(Key::of(step), Box::new(Slow::new(stub)));
        self
    }
}
