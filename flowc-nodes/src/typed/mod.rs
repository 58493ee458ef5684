//! Answers with a type.

mod answer;
mod label;

use std::fmt::Write;

use flowc::{Context, node};
use jsonschema::Validator;
use serde_json::Value;

use crate::model::{
    ChatModel, ChatOptions, ChatReply, ChatRequest, Finish, Message, ModelError, ModelErrorKind, reported,
};

use self::answer::Kind;
pub use self::answer::{Answer, Asking};
pub use self::label::classify;

/// More problems than this help neither a model nor a person.
const MOST: usize = 8;

/// Asks the application's model for a value of a type: a step whose output is `T`.
///
/// The JSON Schema of `T` goes to the provider, where that can bind a reply to one, and into the request where it cannot. What comes is
/// always compared with the schema. If it does not fit, the model is shown what is wrong and asked once more.
///
/// Doc comments of `T` and of its fields are part of the schema: they tell the model what is meant.
///
/// ```
/// use flowc::workflow;
/// use flowc_nodes::{ChatRequest, extract};
/// use schemars::JsonSchema;
/// use serde::Deserialize;
///
/// #[derive(Deserialize, JsonSchema)]
/// struct Invoice {
///     /// As it is printed, with its dashes.
///     number: String,
///     /// With all taxes.
///     total: f64,
/// }
///
/// workflow! {
///     pub fn total(letter: ChatRequest) -> f64 {
///         let invoice = extract::<Invoice>(&letter);
///         invoice.total
///     }
/// }
/// ```
///
/// # Errors
/// [`ModelErrorKind::Schema`] with the fields that are wrong, if the second answer does not fit either;
/// [`ModelErrorKind::Truncated`], if `max_tokens` cut it short; else as for
/// [`chat`](crate::chat()).
#[node(__lifts)]
pub async fn extract<T: Send + 'static>(
    request: Asking<'_, T>,
    #[resource] model: &dyn ChatModel,
    #[context] cx: &Context,
) -> Result<T, ModelError> {
    Extracting::of(model, request.kind)?.ask(&request, cx).await
}

/// The same in plain Rust, for nodes of your own.
pub struct Extracting<'m, T> {
    model: &'m dyn ChatModel,
    schema: Value,
    validator: Validator,
    read: fn(Value) -> Result<T, String>,
}

impl<T> std::fmt::Debug for Extracting<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Extracting").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl<'m, T> Extracting<'m, T> {
    /// Makes the schema of `T` ready.
    ///
    /// # Errors
    /// [`ModelErrorKind::Config`], if the schema of `T` is none.
    pub fn new(model: &'m dyn ChatModel) -> Result<Self, ModelError>
    where
        T: Answer,
    {
        Self::of(model, Kind::new())
    }

    fn of(model: &'m dyn ChatModel, kind: Kind<T>) -> Result<Self, ModelError> {
        Self::bound_to(model, (kind.schema)(), kind.name, kind.read)
    }

    /// The same with a schema that is there already.
    fn bound_to(
        model: &'m dyn ChatModel,
        schema: Value,
        name: fn() -> String,
        read: fn(Value) -> Result<T, String>,
    ) -> Result<Self, ModelError> {
        let validator = jsonschema::options().build(&schema).map_err(|error| {
            let problem = format!("the schema of `{}` is none: {error}", name());
            ModelError::new(model.name(), ModelErrorKind::Config { problem })
        })?;
        Ok(Self { model, schema, validator, read })
    }

    /// Asks, and if need be once more.
    ///
    /// # Errors
    /// As for [`extract`](crate::extract()).
    pub async fn ask(&self, request: &ChatRequest, cx: &Context) -> Result<T, ModelError> {
        let mut request = self.bound(request);
        let first = self.whole(&request, cx).await?;
        let problems = match self.read(&first.text) {
            Ok(value) => return Ok(value),
            Err(problems) => problems,
        };
        let mut again = String::from("That does not fit the schema:\n");
        for problem in &problems {
            let _ = writeln!(again, "- {problem}");
        }
        again.push_str("Answer again with the whole JSON, and with nothing else.");
        request.messages.extend([Message::assistant(first.text), Message::user(again)]);
        let second = self.whole(&request, cx).await?;
        self.read(&second.text)
            .map_err(|problems| ModelError::new(self.model.name(), ModelErrorKind::Schema { problems }))
    }

    /// A reply that was not cut short: there is nothing to mend about half a value.
    async fn whole(&self, request: &ChatRequest, cx: &Context) -> Result<ChatReply, ModelError> {
        let reply = reported(self.model, request, cx).await?;
        if reply.finish == Finish::Length {
            return Err(ModelError::new(self.model.name(), ModelErrorKind::Truncated));
        }
        Ok(reply)
    }

    /// The request, with the schema where this model looks for it.
    fn bound(&self, request: &ChatRequest) -> ChatRequest {
        let mut request = request.clone();
        if self.model.takes_schema() {
            request.options = ChatOptions::schema(request.options, self.schema.clone());
        } else {
            let system = request.system.get_or_insert_default();
            let gap = if system.is_empty() { "" } else { "\n\n" };
            let _ = write!(system, "{gap}Answer with JSON alone that fits this JSON Schema:\n{}", self.schema);
        }
        request
    }

    /// The value in a reply, or what is wrong with it: in words that hold nothing of the reply, as errors end up in logs.
    fn read(&self, text: &str) -> Result<T, Vec<String>> {
        let json = inside(text);
        let value: Value = serde_json::from_str(json).map_err(|error| vec![format!("it is no JSON: {error}")])?;
        let told = |error: jsonschema::ValidationError<'_>| match error.instance_path().to_string() {
            path if path.is_empty() => error.masked().to_string(),
            path => format!("`{path}`: {}", error.masked()),
        };
        let problems: Vec<_> = self.validator.iter_errors(&value).take(MOST).map(told).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        // A type may ask for more than its schema says.
        (self.read)(value).map_err(|place| vec![format!("`{place}`: its type does not take it")])
    }
}

/// Models like to put JSON into a block of code.
fn inside(text: &str) -> &str {
    let text = text.trim();
    let Some(block) = text.strip_prefix("```").and_then(|text| text.strip_suffix("```")) else { return text };
    block.split_once('\n').map_or(block, |(_, json)| json).trim()
}

#[cfg(test)]
mod tests;
