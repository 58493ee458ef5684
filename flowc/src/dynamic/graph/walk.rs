//! Running a graph: each step begins as soon as all that it waits for is done.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::call::{Begun, lost};
use super::plan::{Plan, What};
use super::wire::Value;
use crate::error::{Failure, FailureKind};
use crate::run::{At, Executor, Known};

/// Runs a graph at the level of `at`.
///
/// # Errors
/// The failure of the first step that failed.
pub(super) async fn walk<'s, X: Executor + 's, App>(
    plan: &'s Plan<App>,
    inputs: Vec<Value>,
    at: At<'s, X>,
    app: &'s App,
) -> Result<Value, Failure>
where
    App: Sync,
{
    let Some(at) = X::known(at) else {
        return Err(at
            .fail(FailureKind::Runtime, "a graph that is made at run time cannot run on this executor")
            .with_help("start it on an engine, or run it in process"));
    };
    Walk::new(plan, inputs, at, app).await
}

/// A graph that is running.
struct Walk<'s, App> {
    plan: &'s Plan<App>,
    app: &'s App,
    at: Known<'s>,
    values: Vec<Option<Value>>,
    /// How many entries each one still waits for.
    open: Vec<usize>,
    /// Entries that wait for none.
    ready: VecDeque<usize>,
    running: Vec<(usize, Begun<'s>)>,
}

impl<'s, App> Walk<'s, App> {
    fn new(plan: &'s Plan<App>, inputs: Vec<Value>, at: Known<'s>, app: &'s App) -> Self {
        let mut values: Vec<_> = inputs.into_iter().map(Some).collect();
        values.resize_with(plan.entries.len(), || None);
        let open: Vec<_> = plan.entries.iter().map(|entry| entry.before).collect();
        let entries = plan.entries.iter().enumerate();
        let first = entries.filter(|(_, entry)| entry.before == 0 && !matches!(entry.what, What::Input));
        let ready = first.map(|(index, _)| index).collect();
        Self { plan, app, at, values, open, ready, running: Vec::new() }
    }

    /// Begins an entry whose time has come, and polls it once.
    fn begin(&mut self, index: usize, task: &mut Context<'_>) -> Result<(), Failure> {
        let Some(entry) = self.plan.entries.get(index) else { return Ok(()) };
        let mut given = Vec::with_capacity(entry.wires.len());
        for wire in &entry.wires {
            let value = self.values.get_mut(wire.from);
            let value = value.and_then(|value| if wire.takes { value.take() } else { value.clone() });
            given.push(value.ok_or_else(|| self.lost())?);
        }
        match &entry.what {
            What::Input => Ok(()),
            What::Plain(make) => {
                let value = make(given).ok_or_else(|| self.lost())?;
                self.done(index, value);
                Ok(())
            }
            What::Step(call) => {
                let mut begun = call.begin(self.at, given.into_iter(), self.app);
                match begun.as_mut().poll(task) {
                    Poll::Pending => self.running.push((index, begun)),
                    Poll::Ready(ended) => {
                        // What it was lent is back before the next one begins.
                        drop(begun);
                        self.done(index, ended?);
                    }
                }
                Ok(())
            }
        }
    }

    /// An entry has its value.
    fn done(&mut self, index: usize, value: Value) {
        if let Some(place) = self.values.get_mut(index) {
            *place = Some(value);
        }
        for next in self.plan.entries.get(index).into_iter().flat_map(|entry| &entry.then) {
            if let Some(open) = self.open.get_mut(*next) {
                *open -= 1;
                if *open == 0 {
                    self.ready.push_back(*next);
                }
            }
        }
    }

    /// Polls what is running. The first failure counts, but steps that fail in the same poll get to say so: events tell of all of them.
    fn go_on(&mut self, task: &mut Context<'_>) -> Result<(), Failure> {
        let (mut at, mut failed) = (0, None);
        while let Some((_, running)) = self.running.get_mut(at) {
            let Poll::Ready(ended) = running.as_mut().poll(task) else {
                at += 1;
                continue;
            };
            let (index, done) = self.running.remove(at);
            drop(done);
            match ended {
                Ok(value) => self.done(index, value),
                Err(failure) => failed = failed.or(Some(failure)),
            }
        }
        failed.map_or(Ok(()), Err)
    }

    #[cold]
    fn lost(&self) -> Failure {
        match self.at {
            Known::InProcess(at) => lost(at),
            Known::Tracked(at) => lost(at),
            Known::Observed(at) => lost(at),
        }
    }
}

impl<App> Future for Walk<'_, App> {
    type Output = Result<Value, Failure>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        if let Err(failure) = this.go_on(task) {
            return Poll::Ready(Err(failure));
        }
        while let Some(index) = this.ready.pop_front() {
            if let Err(failure) = this.begin(index, task) {
                // As above, for those that were begun before.
                let _ = this.go_on(task);
                return Poll::Ready(Err(failure));
            }
        }
        if !this.running.is_empty() {
            return Poll::Pending;
        }
        let result = this.values.get_mut(this.plan.result).and_then(Option::take);
        Poll::Ready(result.ok_or_else(|| this.lost()))
    }
}
