use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde_json::Value;

use crate::step::Step;

/// A step whose output can be written as JSON. All are whose output has `#[derive(serde::Serialize, schemars::JsonSchema)]`; see the
/// [module](super).
///
/// ```
/// use flowc::schema::JsonOutput;
/// use serde_json::json;
///
/// #[derive(serde::Serialize, schemars::JsonSchema)]
/// struct Answer {
///     text: String,
///     sure: bool,
/// }
///
/// #[flowc::node]
/// fn answer(question: &str) -> Answer {
///     Answer { text: question.to_uppercase(), sure: false }
/// }
///
/// let schema = answer::output_schema();
/// assert_eq!((&schema["type"], &schema["required"]), (&json!("object"), &json!(["text", "sure"])));
/// assert_eq!(answer::output_to_json(&answer("why?")).unwrap(), json!({ "text": "WHY?", "sure": false }));
/// ```
pub trait JsonOutput: Step {
    /// The schema of its output.
    fn output_schema() -> Value;

    /// Its output as JSON.
    ///
    /// # Errors
    /// The output says that it cannot be written, or has a map whose keys are no text.
    fn output_to_json(output: &Self::Output) -> serde_json::Result<Value>;
}

impl<S: Step> JsonOutput for S
where
    S::Output: OutputValue<S>,
{
    fn output_schema() -> Value {
        S::Output::schema().into()
    }

    fn output_to_json(output: &Self::Output) -> serde_json::Result<Value> {
        output.write()
    }
}

/// A type of an output that can be written as JSON, and has a schema; `S` is the step whose output it is. All types with
/// [`JsonSchema`] and [`Serialize`] are.
#[diagnostic::on_unimplemented(
    message = "the output of type `{Self}` of `{S}` cannot be written as JSON",
    label = "`{S}` gives a `{Self}`, which cannot be written as JSON",
    note = "write `#[derive(serde::Serialize, schemars::JsonSchema)]` at the type, or give one that has both"
)]
pub trait OutputValue<S> {
    #[doc(hidden)]
    fn schema() -> Schema;
    #[doc(hidden)]
    fn write(&self) -> serde_json::Result<Value>;
}

#[diagnostic::do_not_recommend]
impl<S, T: JsonSchema + Serialize> OutputValue<S> for T {
    fn schema() -> Schema {
        let settings = SchemaSettings::draft2020_12().with(|settings| settings.meta_schema = None).for_serialize();
        settings.into_generator().into_root_schema_for::<T>()
    }

    fn write(&self) -> serde_json::Result<Value> {
        serde_json::to_value(self)
    }
}
