//! From the events of a stream to a reply.

use genai::chat::{ChatStreamEvent, StopReason, StreamEnd, ToolCall as TheirCall, Usage};
use serde_json::Value;

use crate::model::{ChatReply, Finish, Heard, ModelErrorKind, Tokens, ToolCall};

/// A model may ask for so many tools at once.
const CALLS: usize = 128;

/// What came so far.
pub(super) struct Gathered {
    text: String,
    /// The calls of tools, with their arguments as text.
    calls: Vec<(String, String, String)>,
    bytes: usize,
    limit: usize,
}

impl Gathered {
    pub(super) fn new(limit: usize) -> Self {
        Self { text: String::new(), calls: Vec::new(), bytes: 0, limit }
    }

    /// Takes an event in; the last one gives the reply. What is too long is not heard.
    pub(super) fn take(
        &mut self,
        event: ChatStreamEvent,
        heard: Heard<'_>,
    ) -> Result<Option<ChatReply>, ModelErrorKind> {
        match event {
            ChatStreamEvent::Chunk(chunk) => {
                self.count(chunk.content.len())?;
                heard(&chunk.content);
                self.text.push_str(&chunk.content);
            }
            ChatStreamEvent::ReasoningChunk(chunk) | ChatStreamEvent::ThoughtSignatureChunk(chunk) => {
                self.count(chunk.content.len())?;
            }
            ChatStreamEvent::ToolCallChunk(chunk) => self.call(chunk.tool_call)?,
            ChatStreamEvent::End(end) => return self.end(end).map(Some),
            ChatStreamEvent::Start | ChatStreamEvent::Heartbeat => {}
        }
        Ok(None)
    }

    fn count(&mut self, bytes: usize) -> Result<(), ModelErrorKind> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.limit { Err(ModelErrorKind::TooLarge { limit: self.limit }) } else { Ok(()) }
    }

    /// A piece of a call: the first has the name, those that follow have `call_` and the number of the call for an id.
    fn call(&mut self, piece: TheirCall) -> Result<(), ModelErrorKind> {
        let arguments = match piece.fn_arguments {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        };
        self.count(arguments.len() + piece.fn_name.len() + piece.call_id.len())?;
        if !piece.fn_name.is_empty() {
            if self.calls.len() >= CALLS {
                return Err(ModelErrorKind::Garbled { reason: format!("it asks for more than {CALLS} tools at once") });
            }
            self.calls.push((piece.call_id, piece.fn_name, arguments));
            return Ok(());
        }
        let number = piece.call_id.strip_prefix("call_").and_then(|number| number.parse::<usize>().ok());
        let same = self.calls.iter().position(|(id, ..)| *id == piece.call_id);
        let Some((.., text)) = same.or(number).and_then(|index| self.calls.get_mut(index)) else {
            return Err(ModelErrorKind::Garbled {
                reason: "a piece of a call belongs to none that was begun".to_owned(),
            });
        };
        text.push_str(&arguments);
        Ok(())
    }

    fn end(&mut self, end: StreamEnd) -> Result<ChatReply, ModelErrorKind> {
        // Some adapters make an end up where the stream was cut; that one has no reason.
        let finish = match end.captured_stop_reason.as_ref().ok_or(ModelErrorKind::Cut)? {
            StopReason::Completed(_) | StopReason::StopSequence(_) => Finish::Stop,
            StopReason::MaxTokens(_) => Finish::Length,
            StopReason::ToolCall(_) => Finish::ToolCalls,
            StopReason::ContentFilter(_) => Finish::Filtered,
            StopReason::Other(reason) => Finish::Other(reason.clone()),
        };
        let tokens = end.captured_usage.as_ref().map(tokens).unwrap_or_default();
        let captured: Vec<TheirCall> =
            end.captured_content.map(|content| content.tool_calls().into_iter().cloned().collect()).unwrap_or_default();
        let calls: Vec<ToolCall> = if captured.is_empty() {
            std::mem::take(&mut self.calls).into_iter().map(gathered).collect::<Result<_, _>>()?
        } else {
            captured.into_iter().map(whole).collect::<Result<_, _>>()?
        };
        let text = std::mem::take(&mut self.text);
        if finish == Finish::Filtered && text.is_empty() && calls.is_empty() {
            return Err(ModelErrorKind::Filtered);
        }
        let finish = if calls.is_empty() { finish } else { Finish::ToolCalls };
        Ok(ChatReply::new(text).tool_calls(calls).finish(finish).tokens(tokens))
    }
}

fn gathered((id, name, arguments): (String, String, String)) -> Result<ToolCall, ModelErrorKind> {
    let arguments =
        if arguments.trim().is_empty() { Ok(Value::Object(serde_json::Map::new())) } else { read(&arguments, &name) };
    Ok(ToolCall::new(id, name, arguments?))
}

/// Arguments that are text are JSON in text.
fn whole(call: TheirCall) -> Result<ToolCall, ModelErrorKind> {
    let arguments = match call.fn_arguments {
        Value::String(text) => return gathered((call.call_id, call.fn_name, text)),
        other => other,
    };
    Ok(ToolCall::new(call.call_id, call.fn_name, arguments))
}

fn read(arguments: &str, name: &str) -> Result<Value, ModelErrorKind> {
    serde_json::from_str(arguments)
        .map_err(|error| ModelErrorKind::Garbled { reason: format!("the arguments of the tool `{name}`: {error}") })
}

fn tokens(usage: &Usage) -> Tokens {
    let count = |number: Option<i32>| number.and_then(|number| u64::try_from(number).ok()).unwrap_or_default();
    let cached = usage.prompt_tokens_details.as_ref().and_then(|details| details.cached_tokens);
    Tokens::new(count(usage.prompt_tokens), count(usage.completion_tokens)).cached(count(cached))
}
