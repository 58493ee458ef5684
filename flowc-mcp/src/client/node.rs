//! A tool as a step, by its name.

use flowc::{Context, node};
use serde_json::Value;

use super::{CallOptions, McpServers, ToolResult};
use crate::McpError;

/// Calls a tool by its name: a step for tools that are known only when the program runs.
///
/// The arguments are compared with the tool's schema before anything is sent. A tool that fails is an error of the step.
///
/// ```no_run
/// use flowc::workflow;
/// use flowc_mcp::{McpServers, call_tool};
/// use serde_json::json;
///
/// workflow! {
///     pub fn weather(city: String) -> String {
///         let found = call_tool("weather", "forecast", json!({ "city": city }));
///         found.text()
///     }
/// }
///
/// #[derive(flowc::Resources)]
/// struct App {
///     servers: McpServers,
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App { servers: McpServers::from_file("mcp.json")? };
/// println!("{}", weather("Oslo".to_owned()).run(&app).await?);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// With an unknown server or tool, arguments that do not fit the tool's schema, no answer in time, or an error of the tool's own.
#[node]
pub async fn call_tool(
    server: &str,
    tool: &str,
    arguments: Value,
    #[resource] servers: &McpServers,
    #[context] cx: &Context,
) -> Result<ToolResult, McpError> {
    let server = servers.server(server)?;
    server.call_with(tool, arguments, &CallOptions::of(cx).validate()).await?.success()
}
