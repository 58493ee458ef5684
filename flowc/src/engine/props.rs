//! What a test puts in the place of steps, and around them.

use std::any::Any;
use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering};

use super::builder::Builder;
use super::handle::StepHandle;
#[cfg(feature = "cassettes")]
use super::observed::Observed;
use super::plan::Key;
#[cfg(feature = "cassettes")]
use crate::run::At;
use crate::step::{Step, Workflow};
use crate::testing::chaos::Chaos;
use crate::testing::{Calls, Ready, Slow, Stub, StubbedAsyncBy, StubbedBy, Watcher};
#[cfg(feature = "cassettes")]
use crate::testing::{Cassette, Played, Player};

/// Nothing, where there is no test.
#[derive(Default)]
pub(super) struct Props {
    /// A `Box<dyn Stub<S>>` for a step of type `S`.
    stubs: Vec<(Key, Box<dyn Any + Send + Sync>)>,
    /// A `Box<dyn Watcher<S>>` for a step of type `S`.
    watchers: Vec<(Key, Box<dyn Any + Send + Sync>)>,
    /// A `Box<dyn Player<S>>` for a step of type `S`.
    #[cfg(feature = "cassettes")]
    players: Vec<(Key, Box<dyn Any + Send + Sync>)>,
    pub(super) chaos: Vec<Chaos>,
    runs: AtomicU64,
}

impl Props {
    pub(super) fn of(chaos: Vec<Chaos>) -> Self {
        Self { chaos, ..Self::default() }
    }

    /// The number of a run that begins.
    pub(super) fn next_run(&self) -> u64 {
        self.runs.fetch_add(1, Ordering::Relaxed)
    }

    /// Shows the inputs of step `S` to who wants to see them.
    pub(super) fn called<S: Step>(&self, key: impl FnOnce() -> Option<Key>, input: &S::Input<'_>) {
        if self.watchers.is_empty() {
            return;
        }
        let Some(key) = key() else { return };
        for (_, watcher) in self.watchers.iter().filter(|(watched, _)| *watched == key) {
            if let Some(watcher) = watcher.downcast_ref::<Box<dyn Watcher<S>>>() {
                watcher.called(input);
            }
        }
    }

    /// What a cassette has to say about a call of step `S`.
    #[cfg(feature = "cassettes")]
    pub(super) fn played<S: Step>(&self, at: At<'_, Observed<'_>>, input: &S::Input<'_>) -> Option<Played<S::Output>> {
        if self.players.is_empty() {
            return None;
        }
        let key = super::core::key(at)?;
        let (_, player) = self.players.iter().find(|(played, _)| *played == key)?;
        let player = player.downcast_ref::<Box<dyn Player<S>>>()?;
        Some(player.play(&at.path(), input))
    }

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
    /// Disturbs the calls of steps; see [`testing::chaos`](crate::testing::chaos). Called again, it adds to what is there.
    pub fn chaos(mut self, chaos: &Chaos) -> Self {
        self.plan.props.chaos.push(chaos.clone());
        self
    }

    /// Records the calls of a step and their inputs, wherever the workflow runs, also as a step of another, and whether the step is
    /// stubbed or not.
    pub fn record<W, T, const VERTEX: u32>(mut self, step: StepHandle<W, T, VERTEX>, calls: &Calls) -> Self
    where
        W: Workflow,
        T: Step,
        for<'x> T::Input<'x>: Debug,
    {
        let watcher: Box<dyn Watcher<T>> = Box::new(calls.clone());
        self.plan.props.watchers.push((Key::of(step), Box::new(watcher)));
        self
    }

    /// Records what a step gives, or plays what was recorded; see [`Cassette`]. A stub of the step goes first.
    #[cfg(feature = "cassettes")]
    pub fn cassette<W, T, const VERTEX: u32>(mut self, step: StepHandle<W, T, VERTEX>, cassette: &Cassette) -> Self
    where
        W: Workflow,
        T: Step,
        for<'x> T::Input<'x>: serde::Serialize,
        T::Output: serde::Serialize + serde::de::DeserializeOwned,
    {
        let (key, player): (_, Box<dyn Player<T>>) = (Key::of(step), Box::new(cassette.clone()));
        self.plan.props.players.retain(|(played, _)| *played != key);
        self.plan.props.players.push((key, Box::new(player)));
        self
    }

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
