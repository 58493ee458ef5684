//! Chatting as a step.

use flowc::{Context, Usage, node};

use super::{ChatModel, ChatReply, ChatRequest, ModelError, Tokens};

/// Asks the application's model: a step for one reply.
///
/// Its text goes to whoever listens to the run as it comes (`Event::EventKind::Chunk`), and its tokens and cost are told with
/// [`Context::usage`], so that metrics count them and a `rate` around the step knows of them. With `retry` it waits as long as the
/// provider says.
///
/// ```
/// use flowc::workflow;
/// use flowc_nodes::{ChatRequest, chat};
///
/// workflow! {
///     pub fn answer(question: ChatRequest) -> String {
///         #[retry(attempts = 3, jitter)]
///         let reply = chat(&question);
///         reply.text
///     }
/// }
/// ```
///
/// # Errors
/// See [`ModelErrorKind`](super::ModelErrorKind).
#[node]
pub async fn chat(
    request: &ChatRequest,
    #[resource] model: &dyn ChatModel,
    #[context] cx: &Context,
) -> Result<ChatReply, ModelError> {
    reported(model, request, cx).await
}

/// The reply, with all that the run hears of it.
pub(crate) async fn reported(
    model: &dyn ChatModel,
    request: &ChatRequest,
    cx: &Context,
) -> Result<ChatReply, ModelError> {
    let call = cx.model_call("chat", model.name(), model.provider());
    match call.around(model.reply(request, &|text| cx.emit(text))).await {
        Ok(reply) => {
            let usage = used(model.name(), reply.tokens, reply.cost).finish_reason(reply.finish.as_str());
            call.done(match &reply.model {
                Some(name) => usage.response_model(name.as_str()),
                None => usage,
            });
            Ok(reply)
        }
        Err(error) => {
            call.failed(&error.class(), &error);
            Err(error)
        }
    }
}

/// What a model used up.
pub(crate) fn used(model: &str, tokens: Tokens, cost: f64) -> Usage {
    Usage::new(model).input_tokens(tokens.input).output_tokens(tokens.output).cost(cost)
}
