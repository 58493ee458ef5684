//! What a test puts in the place of steps, and around them.

use std::any::Any;
use std::fmt::Debug;
use std::future::Future;
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::builder::Builder;
use super::handle::StepHandle;
use super::observed::Observed;
use super::plan::Key;
use crate::error::{Failure, FailureKind};
use crate::run::At;
use crate::step::{Step, Workflow};
use crate::testing::chaos::{Chaos, FaultKind};
use crate::testing::{Calls, Ready, Slow, Stub, StubbedAsyncBy, StubbedBy, Watcher};

/// Nothing, where there is no test.
#[derive(Default)]
pub(super) struct Props {
    /// A `Box<dyn Stub<S>>` for a step of type `S`.
    stubs: Vec<(Key, Box<dyn Any + Send + Sync>)>,
    /// A `Box<dyn Watcher<S>>` for a step of type `S`.
    watchers: Vec<(Key, Box<dyn Any + Send + Sync>)>,
    chaos: Vec<Chaos>,
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

/// A call under the engine's chaos. `open` is false where a call further out is the one to be disturbed.
pub(super) async fn disturbed<S: Step, F: Future + Send>(
    at: At<'_, Observed<'_>>,
    open: bool,
    call: F,
) -> Result<F::Output, Failure<S::Error>> {
    let core = at.exec().0;
    let chaos = core.plan.props.chaos.as_slice();
    // The run itself is no step.
    if open && !chaos.is_empty() && at.found().is_some() {
        let path = at.path();
        for chaos in chaos {
            let strike = chaos.strike(core.run.id, core.number, &path, at.attempts());
            let timer = strike.delay.and_then(|delay: Duration| catch_unwind(|| tokio::time::sleep(delay)).ok());
            if let Some(timer) = timer {
                timer.await;
            }
            match strike.fault {
                Some(FaultKind::Fail) => return Err(at.fail(FailureKind::Error, "chaos: an error")),
                Some(FaultKind::Panic) => return Err(at.fail(FailureKind::Panic, "chaos: a panic")),
                Some(FaultKind::Cancel) => {
                    core.stop();
                    std::future::pending::<()>().await;
                }
                Some(FaultKind::Delay(_)) | None => {}
            }
        }
    }
    Ok(call.await)
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
