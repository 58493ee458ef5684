//! What every executor has to keep to, as a test of it: [`check`] runs workflows with every construct of the language, their steps ending
//! in an order that chance decides, and compares what they come to with runs in process.
//!
//! Whoever writes an executor implements [`Subject`] in a test. This is the one of an engine:
//!
//! ```
//! use flowc::conformance::{self, App, Conforming, Signals, Subject};
//! use flowc::{Engine, Prepared};
//!
//! struct InTasks(Engine<App>);
//!
//! impl Subject for InTasks {
//!     async fn run<W: Conforming>(&self, workflow: Prepared<'static, W>, signals: Signals) -> Result<W::Output, String> {
//!         let run = self.0.start(workflow);
//!         for (name, value) in signals {
//!             run.signal(name, value).await.map_err(|error| error.to_string())?;
//!         }
//!         run.await.map_err(|failure| failure.to_string())
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), conformance::Unlike> {
//! let app = App::default();
//! let engine = InTasks(Engine::builder().resources(app.clone()).build());
//! conformance::check(&engine, 0..4).await?;
//! // Nobody was killed, so no step was called twice.
//! assert_eq!(app.twice(), Vec::<String>::new());
//! # Ok(())
//! # }
//! ```
//!
//! An executor whose workers are told beforehand what they are to run is given the workflows by [`serve`].

mod app;
pub mod nodes;
pub mod workflows;

use std::fmt;
use std::future::Future;

use crate::journal::{Journaled, Json, Storable, StorableInputs};
use crate::prepared::Prepared;
use crate::remote::Remote;
use crate::step::{ResourcesFrom, Workflow};

pub use app::{App, Calls};
use workflows as w;

/// What is asked of an executor here.
pub trait Subject: Sync {
    /// Starts a run, sends it these signals, and waits for it. A failure is given as its text.
    fn run<W: Conforming>(
        &self,
        workflow: Prepared<'static, W>,
        signals: Signals,
    ) -> impl Future<Output = Result<W::Output, String>> + Send;
}

/// The names and values of signals, in the order in which they are sent.
pub type Signals = Vec<(&'static str, serde_json::Value)>;

/// A workflow of this suite. It has all that an executor may ask of a workflow.
pub trait Conforming:
    Workflow<
        Output: Storable<Self, Json> + PartialEq + fmt::Debug + Sync,
        Input<'static>: StorableInputs<Self, Json> + Sync,
    > + ResourcesFrom<App>
    + Journaled<Json>
    + Remote<App, Json>
{
}

impl<W> Conforming for W where
    W: Workflow<
            Output: Storable<Self, Json> + PartialEq + fmt::Debug + Sync,
            Input<'static>: StorableInputs<Self, Json> + Sync,
        > + ResourcesFrom<App>
        + Journaled<Json>
        + Remote<App, Json>
{
}

/// The result of a workflow that an executor has as JSON.
///
/// # Errors
/// It is no such result.
pub fn output<W: Conforming>(json: &str) -> Result<W::Output, String> {
    <W::Output as Storable<W, Json>>::read(json)
}

/// Something that is told what it is to run.
pub trait Serves: Sized {
    /// It is to run workflow `W`.
    #[must_use]
    fn workflow<W: Conforming>(self) -> Self;
}

/// How an executor differs from a run in process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlike {
    /// One text for each difference.
    pub differences: Vec<String>,
}

impl fmt::Display for Unlike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the executor differs from a run in process:\n{}", self.differences.join("\n"))
    }
}

impl std::error::Error for Unlike {}

/// Compares results.
struct Comparison<'s, S> {
    subject: &'s S,
    differences: Vec<String>,
}

impl<S: Subject> Comparison<'_, S> {
    /// Runs a workflow in both ways. `prepared` makes it anew.
    async fn same<W: Conforming>(&mut self, what: &str, prepared: impl Fn() -> Prepared<'static, W>) {
        let expected = prepared().run(&App::default()).await;
        let found = self.subject.run(prepared(), Vec::new()).await;
        match (expected, found) {
            (Ok(expected), Ok(found)) if expected == found => {}
            (Err(expected), Err(found)) => {
                // What a failure says besides is the executor's: how long it took, say.
                for part in [expected.step().to_owned(), expected.what(ToString::to_string)] {
                    if !found.contains(&part) {
                        self.differences.push(format!("{what}: `{part}` is missing from the failure `{found}`"));
                    }
                }
            }
            (Ok(expected), Ok(found)) => self.differences.push(format!("{what}: {found:?} and not {expected:?}")),
            (Ok(expected), Err(found)) => {
                self.differences.push(format!("{what}: failed, and not {expected:?}: {found}"));
            }
            (Err(expected), Ok(found)) => {
                self.differences.push(format!("{what}: {found:?}, and not the failure {expected}"));
            }
        }
    }

    /// Runs a workflow that waits for signals, which a run in process cannot.
    async fn gives<W: Conforming>(
        &mut self,
        what: &str,
        prepared: Prepared<'static, W>,
        signals: Signals,
        expected: W::Output,
    ) {
        match self.subject.run(prepared, signals).await {
            Ok(found) if found == expected => {}
            Ok(found) => self.differences.push(format!("{what}: {found:?} and not {expected:?}")),
            Err(found) => self.differences.push(format!("{what}: failed, and not {expected:?}: {found}")),
        }
    }
}

/// Puts an executor through every construct, once for each seed: the seeds decide how long the steps take.
///
/// # Errors
/// What differs from a run in process.
pub async fn check<S: Subject>(subject: &S, seeds: impl IntoIterator<Item = u64>) -> Result<(), Unlike> {
    let mut it = Comparison { subject, differences: Vec::new() };
    for seed in seeds {
        let case = |name: &str| format!("{name}, seed {seed}");
        it.same(&case("steps in a row"), || w::conform_row(seed)).await;
        it.same(&case("steps side by side"), || w::conform_joined(seed)).await;
        it.same(&case("strands"), || w::conform_strands(seed)).await;
        it.same(&case("an order without a value"), || w::conform_after(seed)).await;
        it.same(&case("branches"), || w::conform_branches(seed)).await;
        it.same(&case("a map"), || w::conform_map(seed)).await;
        it.same(&case("a map of what may fail"), || w::conform_collected(seed)).await;
        it.same(&case("a loop"), || w::conform_loop(seed)).await;
        it.same(&case("a loop that does not end"), || w::conform_endless(seed)).await;
        it.same(&case("a workflow as a step"), || w::conform_nested(seed)).await;
        it.same(&case("a caught error"), || w::conform_caught(seed)).await;
        it.same(&case("a failure"), || w::conform_failing(seed)).await;
        it.same(&case("going on after a failure"), || w::conform_going_on(seed)).await;
        it.same(&case("a panic"), || w::conform_panicking(seed)).await;
        it.same(&case("effects"), || w::conform_effects(seed)).await;
        it.same(&case("policies of nodes"), || w::conform_policies(seed)).await;
        it.same(&case("policies of steps"), || w::conform_overrides(seed)).await;
        it.same(&case("nodes that leave the task"), || w::conform_offload(seed)).await;
        it.same(&case("contexts"), || w::conform_contexts(seed)).await;
        it.same(&case("waiting for a time"), || w::conform_sleeping(seed)).await;
        let letters: Signals = vec![("first", 3.into()), ("second", 4.into()), ("first", 5.into())];
        it.gives(&case("signals"), w::conform_signals(seed), letters, (3, 4, 5)).await;
        let letters: Signals = vec![("odd", "no number".into()), ("odd", 7.into())];
        it.gives(&case("a signal that cannot be read"), w::conform_odd(seed), letters, 7).await;
        it.gives(&case("a signal that does not come"), w::conform_late(seed), Vec::new(), None).await;
    }
    if it.differences.is_empty() { Ok(()) } else { Err(Unlike { differences: it.differences }) }
}

/// Tells an executor of every workflow that [`check`] runs.
#[must_use]
pub fn serve<S: Serves>(executor: S) -> S {
    let executor = executor.workflow::<w::conform_row>().workflow::<w::conform_joined>();
    let executor = executor.workflow::<w::conform_strands>().workflow::<w::conform_after>();
    let executor = executor.workflow::<w::conform_branches>().workflow::<w::conform_map>();
    let executor = executor.workflow::<w::conform_collected>().workflow::<w::conform_loop>();
    let executor = executor.workflow::<w::conform_endless>().workflow::<w::conform_nested>();
    let executor = executor.workflow::<w::conform_caught>().workflow::<w::conform_failing>();
    let executor = executor.workflow::<w::conform_panicking>().workflow::<w::conform_effects>();
    let executor = executor.workflow::<w::conform_policies>().workflow::<w::conform_offload>();
    let executor = executor.workflow::<w::conform_overrides>().workflow::<w::conform_going_on>();
    let executor = executor.workflow::<w::conform_contexts>().workflow::<w::conform_sleeping>();
    executor.workflow::<w::conform_signals>().workflow::<w::conform_odd>().workflow::<w::conform_late>()
}
