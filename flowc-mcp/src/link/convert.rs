//! From rmcp's types to our own.

use std::sync::Arc;

use rmcp::model::{CallToolResult, ContentBlock, ResourceContents as Theirs, ServerPeerInfo, Tool as TheirTool};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::client::{Content, ResourceContents, ServerInfo, Tool, ToolHints, ToolResult};

pub(super) fn info(info: &ServerPeerInfo) -> ServerInfo {
    let implementation = info.server_info.as_ref();
    ServerInfo {
        name: implementation.map(|server| server.name.clone()),
        version: implementation.map(|server| server.version.clone()),
        protocol: info.protocol_version.as_str().parse().ok(),
        instructions: info.instructions.clone(),
    }
}

pub(super) fn tool(tool: TheirTool) -> Tool {
    let schema = |schema: Arc<Map<String, Value>>| Value::Object(Arc::unwrap_or_clone(schema));
    let hints = tool.annotations.unwrap_or_default();
    Tool {
        name: tool.name.into_owned(),
        title: tool.title,
        description: tool.description.map(std::borrow::Cow::into_owned),
        input_schema: schema(tool.input_schema),
        output_schema: tool.output_schema.map(schema),
        hints: ToolHints {
            title: hints.title,
            read_only: hints.read_only_hint,
            destructive: hints.destructive_hint,
            idempotent: hints.idempotent_hint,
            open_world: hints.open_world_hint,
        },
    }
}

pub(super) fn result(result: CallToolResult, server: &Arc<str>, tool: &str) -> ToolResult {
    ToolResult {
        content: result.content.into_iter().filter_map(content).collect(),
        structured: result.structured_content,
        is_error: result.is_error.unwrap_or_default(),
        meta: result.meta.and_then(|meta| serde_json::to_value(meta).ok()),
        server: Arc::clone(server),
        tool: tool.to_owned(),
    }
}

fn content(block: ContentBlock) -> Option<Content> {
    Some(match block {
        ContentBlock::Text(text) => Content::Text { text: text.text },
        ContentBlock::Image(image) => Content::Image { data: image.data, mime_type: image.mime_type },
        ContentBlock::Audio(audio) => Content::Audio { data: audio.data, mime_type: audio.mime_type },
        ContentBlock::Resource(embedded) => Content::Resource { resource: resource(embedded.resource)? },
        ContentBlock::ResourceLink(link) => {
            Content::ResourceLink { uri: link.uri, name: link.name, mime_type: link.mime_type }
        }
        _ => return None,
    })
}

pub(super) fn resource(contents: Theirs) -> Option<ResourceContents> {
    Some(match contents {
        Theirs::TextResourceContents { uri, mime_type, text, .. } => {
            ResourceContents { uri, mime_type, text: Some(text), blob: None }
        }
        Theirs::BlobResourceContents { uri, mime_type, blob, .. } => {
            ResourceContents { uri, mime_type, text: None, blob: Some(blob) }
        }
        _ => return None,
    })
}

/// By way of the JSON that both are written as: for what is asked for seldom.
pub(super) fn by_json<T: DeserializeOwned>(theirs: &impl Serialize) -> Result<T, serde_json::Error> {
    let mut value = serde_json::to_value(theirs)?;
    // What is not said is `null` with some servers.
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    serde_json::from_value(value)
}
