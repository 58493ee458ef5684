//! Inputs and outputs of steps as JSON, with their schemas: for whatever calls a workflow from outside.
//!
//! A server that offers workflows as tools, a registry, a journal or a command line knows the inputs of a step only by their names.
//! [`JsonInputs`] says what a step takes as a [JSON Schema](https://json-schema.org) and reads it, [`JsonOutput`] does the same for
//! what it gives, and [`owned`] starts a workflow on inputs that it owns, also where the workflow takes them by `&`.
//!
//! ```
//! use flowc::schema::{self, JsonInputs, JsonOutput};
//! use flowc::{Engine, node, workflow};
//! use serde_json::json;
//!
//! #[node]
//! fn cut(text: &str, length: usize) -> String {
//!     text.chars().take(length).collect()
//! }
//!
//! workflow! {
//!     /// The beginning of a text.
//!     fn beginning(
//!         /// The whole text.
//!         text: &str,
//!         length: Option<usize>,
//!     ) -> String {
//!         cut(text, length.unwrap_or(10))
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let schema = beginning::input_schema();
//! assert_eq!(schema["properties"]["text"], json!({ "type": "string", "description": "The whole text." }));
//! assert_eq!(schema["required"], json!(["text"]));
//!
//! let inputs = beginning::inputs_from_json(json!({ "text": "a short text" }))?;
//! let engine = Engine::builder().resources(()).build();
//! let output = engine.start(schema::owned::<beginning>(inputs)).await?;
//! assert_eq!(beginning::output_to_json(&output)?, json!("a short te"));
//!
//! let error = beginning::inputs_from_json(json!({ "text": "a text", "length": "long" })).unwrap_err();
//! assert_eq!(error.to_string(), "input `length` of `beginning`: invalid type: string \"long\", expected usize");
//! # Ok(())
//! # }
//! ```
//!
//! A type of yours takes part by `#[derive(serde::Deserialize, schemars::JsonSchema)]`, and `serde::Serialize` for an output. Others
//! compile as before, as long as nobody asks for their JSON:
//!
//! ```compile_fail,E0277
//! struct Query(String);
//!
//! #[flowc::node]
//! fn length(query: &Query) -> usize {
//!     query.0.len()
//! }
//!
//! use flowc::schema::JsonInputs;
//! let schema = length::input_schema();
//! ```

mod absent;
mod compare;
mod error;
mod inputs;
mod json;
mod output;
mod owned;
mod tuple;

pub use compare::{SchemaChange, Side, compare};
pub use error::InputError;
pub use inputs::{Inputs, Lend};
pub use json::JsonInputs;
pub use output::{JsonOutput, OutputValue};
pub use owned::{Owned, owned};
pub use schemars;
pub use tuple::{InputTuple, InputValue};
