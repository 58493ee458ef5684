//! AI workflows that are checked by the compiler.
//!
//! A step is a function with [`#[node]`](macro@node). A [`workflow!`] is Rust without the awaits: steps that do not need each other
//! run at the same time, and a step that fails ends the run.
//!
//! ```
//! use flowc::{Resources, node, workflow};
//!
//! struct Index(Vec<&'static str>);
//!
//! #[node]
//! async fn search(word: &str, #[resource] index: &Index) -> Result<Vec<String>, String> {
//!     Ok(index.0.iter().filter(|text| text.contains(word)).map(ToString::to_string).collect())
//! }
//!
//! #[node]
//! async fn length(text: &str) -> usize {
//!     text.len()
//! }
//!
//! workflow! {
//!     /// The lengths of all texts that have the word in them.
//!     fn lengths(word: String) -> Vec<usize> {
//!         let found = search(&word);
//!         #[max(8)]
//!         let lengths = for text in &found { length(text) };
//!         lengths
//!     }
//! }
//!
//! #[derive(Resources)]
//! struct App {
//!     index: Index,
//! }
//!
//! # fn main() -> Result<(), flowc::Failure> {
//! let app = App { index: Index(vec!["a cat", "a dog", "two cats"]) };
//! // In a runtime: `lengths("cat".to_owned()).run(&app).await?`
//! assert_eq!(lengths("cat".to_owned()).run_blocking(&app)?, [5, 8]);
//! # Ok(())
//! # }
//! ```
//!
//! # What is where
//!
//! - [`node`](macro@node), [`workflow!`] and [`Resources`](macro@Resources) are the macros.
//! - [`Prepared`] is a workflow with its inputs: run it in this task, or without a runtime.
//! - [`Engine`] starts runs in tasks of their own: [`Run`], [`Event`], [`RunStatus`], [`Watch`].
//! - [`Failure`] is what a step or a run ends with that gave no value.
//! - [`observe`] has the trait for what looks at runs from outside, and what is built on it.
//! - [`Context`] tells a node of its run, and [`Provides`] gives it what the application has.
//! - [`policy`] has retries, timeouts, breakers, rate limits, bulkheads and caches, each usable alone.
//! - [`graph`] describes a workflow as constant data, and draws it.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `metrics` | off | [`observe`]'s `Metrics`: counts and times of runs, steps and policies, for the `metrics` crate |
//! | `progress` | off | [`observe`]'s `Progress`: a live tree of steps on the terminal |
//! | `prometheus` | off | [`observe`]'s `Prometheus`: the metrics, served or as text |
//! | `collect` | on | with `dynamic`: `Registry::collect`, all public nodes of the program without naming them |
//! | `dynamic` | off | the module `dynamic`: a registry of nodes by name and version, and graphs made at run time |
//! | `schema` | off | the module `schema`: inputs and outputs of steps as JSON, with their JSON Schemas |
//! | `serde` | off | [`Event`], [`RunStatus`], [`RunId`] and what they are made of can be written and read, as JSON say |
//! | `journal` | off | the module `journal`: runs that survive the end of the process |
//! | `conformance` | off | the module `conformance`: the suite that every executor passes |
//! | `remote` | off | the module `remote`: runs whose steps are called elsewhere, as by `flowc-restate` |
//! | `signals` | off | steps that wait for a signal from outside: [`signal`](crate::signal()); part of `journal` |
//! | `testing` | off | the module `testing`: stubs, runs of one node, expectations on events, virtual time, chaos |
//! | `cassettes` | off | `testing::Cassette`: outside calls recorded in a file and played from it |
//! | `tower` | off | the policies as layers for tower's services, in `policy::tower` |
//!
//! The guide, with every construct and its picture, is in the folder `docs/guide` of the repository.

mod cancel;
mod cleanup;
mod clock;
// The macros write `::flowc`, and some nodes are our own.
extern crate self as flowc;

#[cfg(feature = "conformance")]
pub mod conformance;
mod context;
#[path = "testing/door.rs"]
mod door;
#[cfg(feature = "dynamic")]
pub mod dynamic;
#[path = "dynamic/door.rs"]
mod dynamic_door;
mod editor;
mod engine;
mod error;
mod event;
pub mod graph;
mod id;
#[cfg(feature = "journal")]
pub mod journal;
#[path = "journal/door.rs"]
mod journal_door;
mod lift;
mod model_call;
pub mod observe;
mod options;
#[cfg(feature = "otel")]
pub mod otel;
mod paint;
pub mod policy;
mod prepared;
#[cfg(feature = "remote")]
pub mod remote;
#[path = "remote/door.rs"]
mod remote_door;
mod resources;
mod run;
#[cfg(feature = "schedules")]
pub mod schedule;
#[cfg(all(test, flowc_shuttle))]
#[path = "tests/schedules/mod.rs"]
mod schedules;
#[cfg(feature = "schema")]
pub mod schema;
#[path = "schema/door.rs"]
mod schema_door;
mod secret;
#[cfg(feature = "serde")]
mod serial;
mod step;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "dynamic")]
mod text;
mod timer;
mod trace;
mod traceparent;
mod wait;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
#[cfg(feature = "__reach")]
#[doc(hidden)]
#[path = "reach.rs"]
pub mod __reach;

pub use cancel::CancelToken;
pub use context::Context;
#[cfg(feature = "schedules")]
pub use engine::Scheduled;
pub use engine::{
    Builder, Defaults, Ended, Engine, Events, NeedsResources, Ready, Run, RunState, RunStatus, ShutdownReport,
    StepHandle, StepState, StepStatus, Waiting, Watch,
};
#[cfg(feature = "journal")]
pub use engine::{DurableEngine, Fork, ForkError, ImportError, Journaling, Resuming, StartError, Started};
pub use error::{AnyError, Chain, Failure, FailureKind, Problem, Report};
pub use event::{Chunk, Event, EventKind, Payload, Usage};
/// A field of the type `Arc<dyn Trait>` gives nodes a `&dyn Trait`:
///
/// ```
/// use std::sync::Arc;
///
/// trait Model: Send + Sync {
///     fn say(&self, text: &str) -> String;
/// }
/// struct Parrot;
/// impl Model for Parrot {
///     fn say(&self, text: &str) -> String {
///         text.to_owned()
///     }
/// }
///
/// #[flowc::node]
/// fn talk(text: &str, #[resource] model: &dyn Model) -> String {
///     model.say(text)
/// }
///
/// flowc::workflow! {
///     fn chat(text: String) -> String {
///         talk(&text)
///     }
/// }
///
/// #[derive(flowc::Resources)]
/// struct App {
///     model: Arc<dyn Model>,
/// }
///
/// let app = App { model: Arc::new(Parrot) };
/// assert_eq!(chat("hello".to_owned()).run_blocking(&app).unwrap(), "hello");
/// ```
pub use flowc_macros::Resources;
/// # Example
///
/// ```
/// use flowc::{Context, node};
///
/// /// Says the words one by one.
/// #[node(timeout = "5s", retry(attempts = 3, base = "100ms"))]
/// async fn speak(words: &[String], #[context] cx: &Context) -> Result<usize, String> {
///     for word in words {
///         cx.emit(word);
///     }
///     if words.is_empty() { Err("nothing to say".to_owned()) } else { Ok(words.len()) }
/// }
/// ```
///
/// An option that is not known, or cannot be read, does not compile:
///
/// ```compile_fail
/// #[flowc::node(timeout = "5 parsecs")]
/// fn far() {}
/// ```
pub use flowc_macros::node;
/// # Example
///
/// ```
/// use flowc::{node, workflow};
///
/// #[node]
/// fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
///     text.trim().parse()
/// }
/// #[node]
/// async fn halve(number: u32) -> u32 {
///     number / 2
/// }
///
/// workflow! {
///     /// How often the number can be halved.
///     fn halvings(text: String) -> u32 {
///         match catch(parse(&text)) {
///             Ok(number) => {
///                 let mut rest = number;
///                 let mut count = 0;
///                 #[max(32)]
///                 loop {
///                     if rest <= 1 { break; }
///                     rest = halve(rest);
///                     count += 1;
///                 }
///                 count
///             }
///             Err(failure) => if failure.error().is_some() { 0 } else { 1 },
///         }
///     }
/// }
///
/// assert_eq!(halvings("8".to_owned()).run_blocking(&()).unwrap(), 3);
/// assert_eq!(halvings("many".to_owned()).run_blocking(&()).unwrap(), 0);
/// assert!(halvings::GRAPH.to_mermaid().starts_with("flowchart"));
/// ```
pub use flowc_macros::workflow;
pub use id::{ParseRunIdError, RunId};
pub use model_call::ModelCall;
pub use options::{Options, RunOptions};
pub use prepared::Prepared;
pub use resources::Provides;
pub use secret::Secret;
pub use step::{ResourcesFrom, Step, Workflow};
#[cfg(feature = "signals")]
pub use wait::{Delivery, SignalError, SignalName, SignalValue, signal, signal_within};
pub use wait::{WaitError, sleep};
