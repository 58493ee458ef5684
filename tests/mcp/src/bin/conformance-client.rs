//! The client that the conformance suite drives: it does over flowc-mcp what each scenario asks for, and nothing else.
//!
//! The suite gives the address as the last argument, and the scenario in the environment.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::env;
use std::time::Duration;

use flowc_mcp::{BoxFuture, CallOptions, Elicitation, ElicitationAnswer, InputHandler, McpServers, Server};
use serde_json::{Value, json};

/// Accepts everything: what is not filled in gets its default.
struct Accept;

impl InputHandler for Accept {
    fn elicit<'a>(&'a self, asked: &'a Elicitation) -> BoxFuture<'a, ElicitationAnswer> {
        Box::pin(async move {
            match asked {
                Elicitation::Form { schema, .. } if schema.pointer("/properties/confirmed").is_some() => {
                    ElicitationAnswer::Accept(json!({ "confirmed": true }))
                }
                _ => ElicitationAnswer::Accept(json!({})),
            }
        })
    }
}

#[tokio::main]
async fn main() {
    let url = env::args().next_back().expect("an address");
    let scenario = env::var("MCP_CONFORMANCE_SCENARIO").unwrap_or_default();
    let context: Value =
        env::var("MCP_CONFORMANCE_CONTEXT").ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let mut config = flowc_mcp_tests::scenarios::server(&url).await.call_timeout(Duration::from_secs(25));
    if let Some(version) = env::var("MCP_CONFORMANCE_PROTOCOL_VERSION").ok().and_then(|text| text.parse().ok()) {
        config = config.protocol(version);
    }
    let servers = McpServers::builder().server("suite", config).input_handler(Accept).build();
    let server = servers.server("suite").expect("the server");
    let tools = server.tools().await.expect("its tools");
    let has = |name: &str| tools.iter().any(|tool| tool.name == name);
    match scenario.as_str() {
        auth if auth.starts_with("auth/") => call(&server, "test-tool", json!({})).await,
        "tools_call" => call(&server, "add_numbers", json!({ "a": 2, "b": 3 })).await,
        "sep-2322-client-request-state" => {
            for name in
                ["test_mrtr_echo_state", "test_mrtr_unrelated", "test_mrtr_no_state", "test_mrtr_no_result_type"]
            {
                call(&server, name, json!({})).await;
            }
        }
        "http-invalid-tool-headers" => {
            for tool in &tools {
                let value = if tool.name == "valid_tool" { json!({ "region": "eu" }) } else { json!({ "value": "a" }) };
                call(&server, &tool.name, value).await;
            }
        }
        "http-standard-headers" => {
            for tool in &tools {
                call(&server, &tool.name, json!({})).await;
            }
            for resource in server.resources().await.expect("resources") {
                server.read(&resource.uri, &CallOptions::new()).await.expect("a resource");
            }
            for prompt in server.prompts().await.expect("prompts") {
                server.prompt(&prompt.name, json!({}), &CallOptions::new()).await.expect("a prompt");
            }
        }
        _ => {
            let calls = context["toolCalls"].as_array().cloned().unwrap_or_default();
            for asked in calls {
                call(&server, asked["name"].as_str().expect("a name"), asked["arguments"].clone()).await;
            }
            for name in ["test_client_elicitation_defaults", "test_reconnection", "test_tool"] {
                if has(name) {
                    call(&server, name, json!({})).await;
                }
            }
        }
    }
    servers.close().await;
}

async fn call(server: &Server, tool: &str, arguments: Value) {
    if let Err(error) = server.call(tool, arguments).await {
        panic!("{error}");
    }
}
