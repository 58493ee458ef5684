//! The seam for models.

use std::future::Future;
use std::pin::Pin;

use super::{ChatReply, ChatRequest, ModelError};

/// Hears the text of a reply, piece by piece, as it comes.
pub type Heard<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// A reply on its way.
pub type Replying<'a> = Pin<Box<dyn Future<Output = Result<ChatReply, ModelError>> + Send + 'a>>;

/// A model that one can chat with. As an object it is a resource: `model: Box<dyn ChatModel>`, or `Arc`.
///
/// ```
/// use flowc_nodes::{ChatModel, ChatReply, ChatRequest, Heard, Replying};
///
/// /// Says again what it was told: enough to test a workflow.
/// struct Parrot;
///
/// impl ChatModel for Parrot {
///     fn name(&self) -> &str {
///         "parrot"
///     }
///
///     fn reply<'a>(&'a self, request: &'a ChatRequest, heard: Heard<'a>) -> Replying<'a> {
///         Box::pin(async move {
///             let text = request.last_text();
///             heard(&text);
///             Ok(ChatReply::new(text))
///         })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flowc_nodes::ModelError> {
/// let reply = Parrot.reply(&ChatRequest::new("hello"), &|_| {}).await?;
/// assert_eq!(reply.text, "hello");
/// # Ok(())
/// # }
/// ```
pub trait ChatModel: Send + Sync {
    /// What the model is called in events, spans, metrics and errors.
    fn name(&self) -> &str;

    /// Who runs it, by the name that OpenTelemetry's `gen_ai.provider.name` has for it, as `openai`: spans and metrics show it.
    fn provider(&self) -> Option<&str> {
        None
    }

    /// Whether it takes a schema to which its reply is bound. Otherwise the schema is told to it in words.
    fn takes_schema(&self) -> bool {
        false
    }

    /// Replies to a conversation. `heard` is given the text as it comes; a model that does not stream gives it at once.
    ///
    /// # Errors
    /// What went wrong, with the name of the model and what to do about it.
    fn reply<'a>(&'a self, request: &'a ChatRequest, heard: Heard<'a>) -> Replying<'a>;
}
