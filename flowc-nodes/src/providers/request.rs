//! From our request to genai's.

use genai::chat::{
    ChatMessage, ChatOptions, ChatRequest as Theirs, ChatResponseFormat, ContentPart, JsonSpec, MessageContent, Tool,
    ToolCall, ToolResponse,
};

use super::{ModelConfig, Provider};
use crate::model::{self, ChatRequest, Message, ModelErrorKind, Part};

/// The request and its options, or what this provider cannot be asked.
pub(super) fn of(request: &ChatRequest, config: &ModelConfig) -> Result<(Theirs, ChatOptions), ModelErrorKind> {
    let wrong = |problem: &str| ModelErrorKind::Config { problem: problem.to_owned() };
    if request.messages.is_empty() {
        return Err(wrong("the request has no message"));
    }
    let urls = request.messages.iter().any(|message| match message {
        Message::User { content } => content.iter().any(|part| matches!(part, Part::ImageUrl { .. })),
        _ => false,
    });
    if urls && config.provider == Provider::Ollama {
        return Err(wrong("Ollama fetches no images: send their bytes, as `Part::Image`"));
    }
    if request.options.schema.is_some() && !config.provider.takes_schema() {
        return Err(wrong("this provider is bound to no schema: use `extract`, which tells it in words"));
    }
    let mut theirs = Theirs::new(request.messages.iter().map(message).collect());
    theirs.system.clone_from(&request.system);
    if !request.tools.is_empty() {
        theirs = theirs.with_tools(request.tools.iter().map(tool));
    }
    Ok((theirs, options(&request.options, config)))
}

fn message(message: &Message) -> ChatMessage {
    match message {
        Message::User { content } => ChatMessage::user(content.iter().map(part).collect::<Vec<_>>()),
        Message::Assistant { text, tool_calls } => {
            let mut parts = Vec::new();
            if !text.is_empty() {
                parts.push(ContentPart::from_text(text));
            }
            parts.extend(tool_calls.iter().map(|call| ContentPart::ToolCall(tool_call(call))));
            ChatMessage::assistant(MessageContent::from_parts(parts))
        }
        Message::Tool { call, name, content } => {
            let response = ToolResponse::new(call, content).with_fn_name(name);
            ChatMessage::tool(MessageContent::from_tool_responses(vec![response]))
        }
    }
}

fn part(part: &Part) -> ContentPart {
    match part {
        Part::Text { text } => ContentPart::from_text(text),
        Part::Image { mime_type, data } => ContentPart::from_binary_base64(mime_type, data.as_str(), None),
        Part::ImageUrl { url, mime_type } => ContentPart::from_binary_url(mime_type, url, None),
    }
}

fn tool_call(call: &model::ToolCall) -> ToolCall {
    ToolCall {
        call_id: call.id.clone(),
        fn_name: call.name.clone(),
        fn_arguments: call.arguments.clone(),
        thought_signatures: None,
    }
}

fn tool(tool: &model::ToolSpec) -> Tool {
    Tool::new(tool.name.as_str()).with_description(&tool.description).with_schema(tool.schema.clone())
}

fn options(asked: &model::ChatOptions, config: &ModelConfig) -> ChatOptions {
    // The calls of tools in OpenAI's stream are gathered by us: genai sizes a list by a number that the server sends.
    let mut options =
        ChatOptions::default().with_capture_usage(true).with_capture_tool_calls(config.provider != Provider::OpenAi);
    options.temperature = asked.temperature;
    options.top_p = asked.top_p;
    options.max_tokens = asked.max_tokens;
    options.seed = asked.seed;
    if !asked.stop.is_empty() {
        options = options.with_stop_sequences(asked.stop.clone());
    }
    match &asked.schema {
        Some(schema) => {
            let spec = JsonSpec::new("reply", schema.clone());
            options.with_response_format(ChatResponseFormat::JsonSpec(spec))
        }
        None => options,
    }
}
