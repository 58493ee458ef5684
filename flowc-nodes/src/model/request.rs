//! What a model is asked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Message, Part};

/// A conversation up to the point where the model is to go on.
///
/// ```
/// use flowc_nodes::{ChatOptions, ChatRequest, Message};
///
/// let request = ChatRequest::new("And in winter?")
///     .system("You know the mountains.")
///     .before([Message::user("How high is Galdhøpiggen?"), Message::assistant("2469 metres.")])
///     .options(ChatOptions::default().max_tokens(200));
/// assert_eq!(request.messages.len(), 3);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ChatRequest {
    /// What holds for the whole conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// What was said so far, the last thing last.
    pub messages: Vec<Message>,
    /// The tools that the model may ask for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<ToolSpec>,
    /// How it is to reply.
    #[serde(default)]
    pub options: ChatOptions,
}

impl ChatRequest {
    /// A conversation that begins with these words of a person.
    pub fn new(text: impl Into<String>) -> Self {
        Self { messages: vec![Message::user(text)], ..Self::default() }
    }

    /// A conversation of these messages.
    pub fn of(messages: impl IntoIterator<Item = Message>) -> Self {
        Self { messages: messages.into_iter().collect(), ..Self::default() }
    }

    /// What holds for the whole conversation.
    #[must_use]
    pub fn system(mut self, text: impl Into<String>) -> Self {
        self.system = Some(text.into());
        self
    }

    /// What was said before all that is here already.
    #[must_use]
    pub fn before(mut self, messages: impl IntoIterator<Item = Message>) -> Self {
        self.messages.splice(0..0, messages);
        self
    }

    /// What is said next.
    #[must_use]
    pub fn message(mut self, message: Message) -> Self {
        self.messages.push(message);
        self
    }

    /// Shows an image in the last turn of the person, or in a turn of its own.
    #[must_use]
    pub fn image(mut self, mime_type: impl Into<String>, base64: impl Into<String>) -> Self {
        let image = Part::Image { mime_type: mime_type.into(), data: base64.into() };
        match self.messages.last_mut() {
            Some(Message::User { content }) => content.push(image),
            _ => self.messages.push(Message::User { content: vec![image] }),
        }
        self
    }

    /// A tool that the model may ask for.
    #[must_use]
    pub fn tool(mut self, tool: ToolSpec) -> Self {
        self.tools.push(tool);
        self
    }

    /// How it is to reply.
    #[must_use]
    pub fn options(mut self, options: ChatOptions) -> Self {
        self.options = options;
        self
    }

    /// The words of the last message.
    pub fn last_text(&self) -> String {
        match self.messages.last() {
            Some(Message::User { content }) => {
                let texts = content.iter().filter_map(|part| match part {
                    Part::Text { text } => Some(text.as_str()),
                    Part::Image { .. } | Part::ImageUrl { .. } => None,
                });
                texts.collect::<Vec<_>>().join("\n")
            }
            Some(Message::Assistant { text, .. }) => text.clone(),
            Some(Message::Tool { content, .. }) => content.clone(),
            None => String::new(),
        }
    }
}

/// A tool, as a model is told of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ToolSpec {
    /// Its name: letters, digits, `_` and `-`.
    pub name: String,
    /// What it does, and when it is of use.
    pub description: String,
    /// The JSON Schema of its arguments, an object.
    pub schema: Value,
}

impl ToolSpec {
    /// A tool with a schema that is there already.
    pub fn new(name: impl Into<String>, description: impl Into<String>, schema: Value) -> Self {
        Self { name: name.into(), description: description.into(), schema }
    }

    /// A tool whose arguments are a type.
    pub fn of<T: JsonSchema>(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self::new(name, description, schemars::schema_for!(T).to_value())
    }
}

/// How a model is to reply. What is not said is left to the provider.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[non_exhaustive]
pub struct ChatOptions {
    /// From 0, always the likeliest word, upwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Only the likeliest words that have this probability together, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f64>,
    /// The longest reply, in tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// Where one of these would be said, the reply ends.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<String>,
    /// The same seed gives the same reply, as far as the provider can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The JSON Schema of the reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<Value>,
}

impl ChatOptions {
    /// From 0, always the likeliest word, upwards.
    #[must_use]
    pub fn temperature(self, temperature: f64) -> Self {
        Self { temperature: Some(temperature), ..self }
    }

    /// Only the likeliest words that have this probability together, from 0 to 1.
    #[must_use]
    pub fn top_p(self, share: f64) -> Self {
        Self { top_p: Some(share), ..self }
    }

    /// The longest reply, in tokens.
    #[must_use]
    pub fn max_tokens(self, tokens: u32) -> Self {
        Self { max_tokens: Some(tokens), ..self }
    }

    /// Where this would be said, the reply ends.
    #[must_use]
    pub fn stop(mut self, text: impl Into<String>) -> Self {
        self.stop.push(text.into());
        self
    }

    /// The same seed gives the same reply, as far as the provider can.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// The JSON Schema of the reply.
    #[must_use]
    pub fn schema(self, schema: Value) -> Self {
        Self { schema: Some(schema), ..self }
    }
}
