//! Nodes by their names: a [`Registry`] of what an application can call when it learns only at run time what that is, from a
//! configuration, a request, or the choice of a model. And workflows whose steps are known only then: see [`Graph`].
//!
//! What is registered was compiled and checked like any other step; it takes and gives JSON, whose schemas come from its types.
//! A node that needs a resource which the application does not have does not compile here either.
//!
//! ```
//! use flowc::dynamic::Registry;
//! use flowc::{Resources, node};
//! use serde_json::json;
//!
//! struct Index(Vec<&'static str>);
//!
//! /// Finds the texts that have the word.
//! #[node(version = "1.2.0")]
//! fn search(word: &str, most: Option<usize>, #[resource] index: &Index) -> Vec<String> {
//!     let found = index.0.iter().filter(|text| text.contains(word));
//!     found.take(most.unwrap_or(10)).map(|text| text.to_string()).collect()
//! }
//!
//! #[derive(Resources)]
//! struct App {
//!     index: Index,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let registry = Registry::<App>::new().with::<search>()?;
//! let app = App { index: Index(vec!["a cat", "a dog"]) };
//!
//! let search = registry.get("search@^1.2")?;
//! assert_eq!(search.input_schema()["required"], json!(["word"]));
//! assert_eq!(search.call(json!({ "word": "cat" })).run(&app).await?, json!(["a cat"]));
//!
//! let error = search.call(json!({ "words": "cat" })).run(&app).await.unwrap_err();
//! assert_eq!(error.to_string(), "`search` has no input `words`; its inputs are `word`, `most`");
//! assert_eq!(registry.get("serach").unwrap_err().to_string(), "no node is called `serach`; did you mean `search`?");
//! # Ok(())
//! # }
//! ```
//!
//! A crate of nodes has a function that registers all of them, with the resources that they need as its bounds:
//!
//! ```
//! use flowc::dynamic::{RegisterError, Registry};
//!
//! # #[flowc::node] fn upper(text: &str) -> String { text.to_uppercase() }
//! # #[flowc::node] fn lower(text: &str) -> String { text.to_lowercase() }
//! /// Registers the nodes of this crate.
//! pub fn register<App: Sync + 'static>(registry: &mut Registry<App>) -> Result<(), RegisterError> {
//!     registry.register::<upper>()?.register::<lower>()?;
//!     Ok(())
//! }
//!
//! let mut registry = Registry::<()>::new();
//! register(&mut registry)?;
//! assert_eq!(registry.entries().map(|entry| entry.name()).collect::<Vec<_>>(), ["lower", "upper"]);
//! # Ok::<(), RegisterError>(())
//! ```

mod call;
mod check;
mod collect;
mod entry;
mod error;
mod graph;
mod info;
mod registry;
mod single;
#[cfg(test)]
mod tests;

pub use call::{Call, CallError, Calling, Cancelled, DynNode};
#[cfg(feature = "collect")]
#[doc(hidden)]
pub use collect::{Absent, Collected, Present, Probe};
pub use collect::{Candidate, Provided, ProvidesAll};
#[doc(hidden)]
pub use collect::{Finds, Found, Need};
pub use entry::Entry;
pub use error::{LookupError, RegisterError};
#[doc(hidden)]
pub use graph::{Arg, Args, GraphCall, Then, Wire, Wires};
pub use graph::{Graph, GraphBuilder, GraphInputs, GraphWorkflow, Handle, NextStep, Ref, Scope};
pub use info::NodeInfo;
pub use registry::Registry;
