//! The tools of a server among the nodes of Rust.

use std::time::Duration;

use flowc::CancelToken;
use flowc::dynamic::Registry;
use flowc_mcp::{McpServers, RegisterToolsError, ServerConfig};
use flowc_mcp_tests::fixture;
use serde_json::json;

/// Says something else than the tool of this name.
#[flowc::node]
fn test_simple_text() -> u32 {
    7
}

#[flowc::node]
fn double(number: u32) -> u32 {
    number * 2
}

#[tokio::test(flavor = "multi_thread")]
async fn tools_stand_beside_nodes() {
    let serving = fixture::server().bind_http("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", serving.address());
    let servers = McpServers::builder().server("fixture", ServerConfig::http(url)).build();
    let server = servers.server("fixture").unwrap();

    let mut registry = Registry::<()>::new().with::<double>().unwrap();
    let count = server.register(&mut registry).await.unwrap();
    assert_eq!(count, server.tools().await.unwrap().len());
    assert_eq!(registry.entries().count(), count + 1);
    // Once more changes nothing.
    server.register(&mut registry).await.unwrap();
    assert_eq!(registry.entries().count(), count + 1);

    let call = |name: &str, arguments| registry.get(name).unwrap().call(arguments);
    assert_eq!(call("double", json!({ "number": 4 })).run(&()).await.unwrap(), 8);
    let text = call("test_simple_text@1", json!({})).run(&()).await.unwrap().to_string();
    assert!(text.contains("This is a simple text response for testing."), "{text}");

    let failed = call("test_error_handling", json!({})).run(&()).await.unwrap_err().to_string();
    assert!(failed.contains("test_error_handling") && failed.contains("intentionally returns an error"), "{failed}");
    let wrong = call("test_elicitation", json!({ "text": 3 })).run(&()).await.unwrap_err().to_string();
    assert!(wrong.contains("message"), "{wrong}");

    let token = CancelToken::new();
    token.cancel();
    let cancelled = call("test_simple_text", json!({})).cancel_on(&token).run(&()).await.unwrap_err();
    assert_eq!(cancelled.to_string(), "the call was cancelled");
    // This one takes a hundred milliseconds; a quick one may be there before the first look at the time.
    let slow = call("test_tool_with_progress", json!({})).timeout(Duration::from_millis(1));
    let late = slow.run(&()).await.unwrap_err().to_string();
    assert!(late.contains("did not answer within"), "{late}");

    // A node that has the name of a tool is another node.
    let mut registry = Registry::<()>::new().with::<test_simple_text>().unwrap();
    let taken = server.register(&mut registry).await.unwrap_err();
    assert!(matches!(taken, RegisterToolsError::Node(_)));
    let taken = taken.to_string();
    assert!(taken.contains("registered twice") && taken.contains("the MCP server `fixture`"), "{taken}");
    serving.shutdown(Duration::ZERO).await;
}
