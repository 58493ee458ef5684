//! What a model can be asked for.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

/// A type that a model can answer with: all that own their data and have `#[derive(serde::Deserialize, schemars::JsonSchema)]`.
#[diagnostic::on_unimplemented(
    message = "a model cannot answer with a `{Self}`",
    label = "`{Self}` has no schema, or cannot be read from JSON",
    note = "write `#[derive(serde::Deserialize, schemars::JsonSchema)]` at the type"
)]
pub trait Answer: DeserializeOwned + JsonSchema + Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema + Send + 'static> Answer for T {}
