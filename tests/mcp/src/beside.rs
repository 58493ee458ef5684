//! What the conformance suite asks for that is no workflow: prompts, resources, completion, logs, pictures, questions to a model. It
//! stands beside the served workflows, so that the suite can be run whole; all of it goes through the same transports.

// What older clients and the suite still use is deprecated.
#![allow(deprecated)]

use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ClientCapabilities, CompleteRequestParams, CompleteResult, ErrorData,
    GetPromptRequestParams, GetPromptResponse, InputRequiredResult, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, LoggingLevel, LoggingMessageNotificationParam, PaginatedRequestParams,
    ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig, SetLevelRequestParams,
    SubscribeRequestParams, SubscriptionFilter, Tool, UnsubscribeRequestParams,
};
use rmcp::service::{RequestContext, SubscriptionContext};
use rmcp::{RoleServer, ServerHandler};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::changing::{Lists, TRIGGERS};

/// A red dot, as PNG.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/// No sound, as WAV.
const WAV: &str = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

#[derive(Clone, Default)]
pub struct Beside(Lists);

type Context = RequestContext<RoleServer>;
type Answer<T> = Result<T, ErrorData>;

/// What the protocol's types are made of, written as what goes over the wire.
fn wire<T: DeserializeOwned>(value: Value) -> Answer<T> {
    serde_json::from_value(value).map_err(|error| ErrorData::internal_error(error.to_string(), None))
}

fn user(content: Value) -> Value {
    json!({ "role": "user", "content": content })
}

fn text(text: impl Into<String>) -> Value {
    json!({ "type": "text", "text": text.into() })
}

fn image() -> Value {
    json!({ "type": "image", "data": PNG, "mimeType": "image/png" })
}

fn resource(uri: &str, mime: &str, text: &str) -> Value {
    json!({ "type": "resource", "resource": { "uri": uri, "mimeType": mime, "text": text } })
}

/// A question to the person.
fn form(message: &str, properties: Value) -> Value {
    let required: Vec<_> = properties.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    let schema = json!({ "type": "object", "properties": properties, "required": required });
    json!({ "method": "elicitation/create", "params": { "message": message, "requestedSchema": schema } })
}

/// A question to the client's model.
fn sample(prompt: &str, tokens: u32) -> Value {
    let params = json!({ "messages": [user(text(prompt))], "maxTokens": tokens });
    json!({ "method": "sampling/createMessage", "params": params })
}

fn roots() -> Value {
    json!({ "method": "roots/list", "params": {} })
}

/// What the client must tell before there is a result.
fn needed(requests: Value, state: Option<&str>) -> Answer<InputRequiredResult> {
    Ok(InputRequiredResult::new(Some(wire(requests)?), state.map(str::to_owned)))
}

const TOOLS: [&str; 13] = [
    "test_image_content",
    "test_audio_content",
    "test_embedded_resource",
    "test_multiple_content_types",
    "test_tool_with_logging",
    "test_sampling",
    "test_elicitation_sep1034_defaults",
    "test_elicitation_sep1330_enums",
    "test_missing_capability",
    "test_input_required_result_sampling",
    "test_input_required_result_list_roots",
    "test_input_required_result_multiple_inputs",
    "test_input_required_result_capabilities",
];

fn tool(name: &str) -> Tool {
    let schema: Map<String, Value> = [("type".to_owned(), json!("object"))].into_iter().collect();
    Tool::new(name.to_owned(), format!("What `{name}` stands for in the suite."), schema)
}

impl ServerHandler for Beside {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_completions()
            .enable_logging()
            .enable_prompts()
            .enable_prompts_list_changed()
            .enable_resources()
            .enable_resources_subscribe()
            .enable_tools()
            .enable_tool_list_changed()
            .build();
        ServerConfig::new(capabilities)
    }

    async fn list_tools(&self, _: Option<PaginatedRequestParams>, _: Context) -> Answer<ListToolsResult> {
        Ok(ListToolsResult::with_all_items(TOOLS.into_iter().chain(TRIGGERS).map(tool).collect()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        (TOOLS.contains(&name) || TRIGGERS.contains(&name)).then(|| tool(name))
    }

    async fn call_tool(&self, request: CallToolRequestParams, cx: Context) -> Answer<CallToolResponse> {
        let answers = request.input_responses.unwrap_or_default();
        let content = match &*request.name {
            "test_image_content" => vec![image()],
            "test_audio_content" => vec![json!({ "type": "audio", "data": WAV, "mimeType": "audio/wav" })],
            "test_embedded_resource" => {
                vec![resource("test://embedded-resource", "text/plain", "This is an embedded resource content.")]
            }
            "test_multiple_content_types" => vec![
                text("Multiple content types test:"),
                image(),
                resource("test://mixed-content-resource", "application/json", r#"{"test":"data","value":123}"#),
            ],
            "test_tool_with_logging" => {
                for message in ["Tool execution started", "Tool processing data", "Tool execution completed"] {
                    let log = LoggingMessageNotificationParam::new(LoggingLevel::Info, json!(message));
                    let _ = cx.peer.notify_logging_message(log).await;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                vec![text("logged")]
            }
            "test_sampling" => {
                let prompt = request.arguments.unwrap_or_default();
                let prompt = prompt.get("prompt").and_then(Value::as_str).unwrap_or_default();
                let asked = wire(sample(prompt, 100)["params"].clone())?;
                let reply = cx.peer.create_message(asked).await;
                let reply = reply.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
                let reply = serde_json::to_value(reply).unwrap_or_default();
                vec![text(format!("LLM response: {}", reply["content"]["text"].as_str().unwrap_or_default()))]
            }
            "test_elicitation_sep1034_defaults" => vec![elicited(&cx, defaults()).await?],
            "test_elicitation_sep1330_enums" => vec![elicited(&cx, enums()).await?],
            "test_missing_capability" => {
                if cx.client_capabilities().is_none_or(|can| can.sampling.is_none()) {
                    let needed = ClientCapabilities::builder().enable_sampling().build();
                    return Err(ErrorData::missing_required_client_capability(needed));
                }
                vec![text("the client can sample")]
            }
            "test_input_required_result_sampling" => match answers.get("capital_question") {
                None => {
                    let asked = json!({ "capital_question": sample("What is the capital of France?", 100) });
                    return Ok(needed(asked, None)?.into());
                }
                Some(reply) => vec![text(reply["content"]["text"].as_str().unwrap_or_default())],
            },
            "test_input_required_result_list_roots" => match answers.get("client_roots") {
                None => return Ok(needed(json!({ "client_roots": roots() }), None)?.into()),
                Some(reply) => vec![text(format!("roots: {}", reply["roots"]))],
            },
            "test_input_required_result_multiple_inputs" => {
                if ["user_name", "greeting", "client_roots"].iter().any(|key| !answers.contains_key(*key)) {
                    let asked = json!({
                        "user_name": form("What is your name?", json!({ "name": { "type": "string" } })),
                        "greeting": sample("Generate a greeting", 50),
                        "client_roots": roots(),
                    });
                    return Ok(needed(asked, Some("three questions"))?.into());
                }
                vec![text("all three were answered")]
            }
            "test_input_required_result_capabilities" => {
                let can = cx.client_capabilities().unwrap_or_default();
                let mut asked = Map::new();
                if can.sampling.is_some() {
                    asked.insert("capital_question".to_owned(), sample("What is the capital of France?", 100));
                }
                if can.elicitation.is_some() {
                    asked.insert(
                        "user_name".to_owned(),
                        form("What is your name?", json!({ "name": { "type": "string" } })),
                    );
                }
                return Ok(needed(Value::Object(asked), None)?.into());
            }
            name if TRIGGERS.contains(&name) => vec![text(self.0.trigger(name))],
            name => return Err(ErrorData::invalid_params(format!("there is no tool `{name}`"), None)),
        };
        Ok(CallToolResponse::Complete(wire(json!({ "resultType": "complete", "content": content }))?))
    }

    async fn list_prompts(&self, _: Option<PaginatedRequestParams>, _: Context) -> Answer<ListPromptsResult> {
        let arguments = |names: &[&str]| {
            let argument =
                |name: &&str| json!({ "name": name, "description": format!("What `{name}` is"), "required": true });
            names.iter().map(argument).collect::<Vec<_>>()
        };
        let prompt = |name: &str, names: &[&str]| json!({ "name": name, "description": format!("The prompt `{name}`"), "arguments": arguments(names) });
        wire(json!({ "resultType": "complete", "prompts": [
            prompt("test_simple_prompt", &[]),
            prompt("test_prompt_with_arguments", &["arg1", "arg2"]),
            prompt("test_prompt_with_embedded_resource", &["resourceUri"]),
            prompt("test_prompt_with_image", &[]),
            prompt("test_input_required_result_prompt", &[]),
        ]}))
    }

    async fn get_prompt(&self, request: GetPromptRequestParams, _: Context) -> Answer<GetPromptResponse> {
        let arguments = request.arguments.unwrap_or_default();
        let argument = |name: &str| arguments.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let messages = match &*request.name {
            "test_simple_prompt" => vec![user(text("This is a simple prompt for testing."))],
            "test_prompt_with_arguments" => {
                let (one, two) = (argument("arg1"), argument("arg2"));
                vec![user(text(format!("Prompt with arguments: arg1='{one}', arg2='{two}'")))]
            }
            "test_prompt_with_embedded_resource" => vec![
                user(resource(&argument("resourceUri"), "text/plain", "Embedded resource content for testing.")),
                user(text("Please process the embedded resource above.")),
            ],
            "test_prompt_with_image" => vec![user(image()), user(text("Please analyze the image above."))],
            "test_input_required_result_prompt" => {
                match request.input_responses.unwrap_or_default().get("user_context") {
                    None => {
                        let question =
                            form("What context should the prompt use?", json!({ "context": { "type": "string" } }));
                        return Ok(needed(json!({ "user_context": question }), None)?.into());
                    }
                    Some(reply) => vec![user(text(format!("The context is {}", reply["content"]["context"])))],
                }
            }
            name => return Err(ErrorData::invalid_params(format!("there is no prompt `{name}`"), None)),
        };
        Ok(GetPromptResponse::Complete(wire(json!({ "resultType": "complete", "messages": messages }))?))
    }

    async fn list_resources(&self, _: Option<PaginatedRequestParams>, _: Context) -> Answer<ListResourcesResult> {
        let resource = |uri: &str, name: &str, mime: &str| json!({ "uri": uri, "name": name, "description": format!("The {name}"), "mimeType": mime });
        wire(json!({ "resultType": "complete", "resources": [
            resource("test://static-text", "static text", "text/plain"),
            resource("test://static-binary", "static picture", "image/png"),
            resource("test://watched-resource", "watched text", "text/plain"),
        ]}))
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: Context,
    ) -> Answer<ListResourceTemplatesResult> {
        wire(json!({ "resultType": "complete", "resourceTemplates": [{
            "uriTemplate": "test://template/{id}/data", "name": "data by id", "description": "The data of an id",
            "mimeType": "application/json",
        }]}))
    }

    async fn read_resource(&self, request: ReadResourceRequestParams, _: Context) -> Answer<ReadResourceResponse> {
        let uri = request.uri.as_str();
        let contents = match uri {
            "test://static-text" | "test://watched-resource" => {
                json!({ "uri": uri, "mimeType": "text/plain", "text": "This is the content of the static text resource." })
            }
            "test://static-binary" => json!({ "uri": uri, "mimeType": "image/png", "blob": PNG }),
            _ => match uri.strip_prefix("test://template/").and_then(|rest| rest.strip_suffix("/data")) {
                Some(id) => {
                    let data = json!({ "id": id, "templateTest": true, "data": format!("Data for ID: {id}") });
                    json!({ "uri": uri, "mimeType": "application/json", "text": data.to_string() })
                }
                None => return Err(ErrorData::resource_not_found("Resource not found", Some(json!({ "uri": uri })))),
            },
        };
        Ok(ReadResourceResponse::Complete(wire(json!({ "resultType": "complete", "contents": [contents] }))?))
    }

    async fn complete(&self, request: CompleteRequestParams, _: Context) -> Answer<CompleteResult> {
        let known = ["paris", "park", "party"];
        let values: Vec<_> = known.into_iter().filter(|word| word.starts_with(&request.argument.value)).collect();
        wire(
            json!({ "resultType": "complete", "completion": { "values": values, "total": values.len(), "hasMore": false } }),
        )
    }

    async fn set_level(&self, _: SetLevelRequestParams, _: Context) -> Answer<()> {
        Ok(())
    }

    /// Newer clients subscribe so.
    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        Some(requested.clone())
    }

    async fn listen(&self, context: SubscriptionContext) -> Answer<()> {
        self.0.listen(context).await
    }

    async fn subscribe(&self, _: SubscribeRequestParams, _: Context) -> Answer<()> {
        Ok(())
    }

    async fn unsubscribe(&self, _: UnsubscribeRequestParams, _: Context) -> Answer<()> {
        Ok(())
    }
}

/// Asks the person in mid-call, and says what came of it.
async fn elicited(cx: &Context, properties: Value) -> Answer<Value> {
    let mut asked = form("Please fill in the form", properties)["params"].clone();
    asked["mode"] = json!("form");
    let result = cx.peer.create_elicitation(wire(asked)?).await;
    let result = result.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
    let result = serde_json::to_value(result).unwrap_or_default();
    let action = result["action"].as_str().unwrap_or_default();
    Ok(text(format!("Elicitation completed: action={action}, content={}", result["content"])))
}

fn defaults() -> Value {
    json!({
        "name": { "type": "string", "default": "John Doe" },
        "age": { "type": "integer", "default": 30 },
        "score": { "type": "number", "default": 95.5 },
        "status": { "type": "string", "enum": ["active", "inactive", "pending"], "default": "active" },
        "verified": { "type": "boolean", "default": true },
    })
}

fn enums() -> Value {
    let options = ["option1", "option2", "option3"];
    let titled = |word: &str| {
        let titled = ["First", "Second", "Third"].into_iter().zip(1..);
        titled
            .map(|(title, n)| json!({ "const": format!("value{n}"), "title": format!("{title} {word}") }))
            .collect::<Vec<_>>()
    };
    json!({
        "untitledSingle": { "type": "string", "enum": options },
        "titledSingle": { "type": "string", "oneOf": titled("Option") },
        "legacyEnum": {
            "type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": ["Option One", "Option Two", "Option Three"],
        },
        "untitledMulti": { "type": "array", "items": { "type": "string", "enum": options } },
        "titledMulti": { "type": "array", "items": { "anyOf": titled("Choice") } },
    })
}
