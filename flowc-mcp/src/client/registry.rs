//! Tools of servers in a registry of nodes.

use flowc::RunOptions;
use flowc::dynamic::{CallError, Calling, DynNode, NodeInfo, RegisterError, Registry};
use serde_json::Value;

use super::{CallOptions, Server, Tool, ToolResult};
use crate::McpError;

impl Server {
    /// Registers all tools of the server, beside the nodes that are there: what chooses among those by name or gives them to a model
    /// has the tools as well. It gives how many there are.
    ///
    /// Tools have no versions of their own, and are registered as 1.0.0. The arguments of a call are compared with the tool's schema before
    /// anything is sent. What a tool gives is its structured value, or else its text.
    ///
    /// ```no_run
    /// use flowc::dynamic::Registry;
    /// use flowc_mcp::McpServers;
    /// use serde_json::json;
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let servers = McpServers::from_file("mcp.json")?;
    /// let mut registry = Registry::<()>::new();
    /// servers.server("weather")?.register(&mut registry).await?;
    /// let forecast = registry.get("forecast")?.call(json!({ "city": "Oslo" })).run(&()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The server cannot be asked for its tools, or a tool was not registered, because another node has its name say. Those before it are.
    pub async fn register<App: Sync>(&self, registry: &mut Registry<App>) -> Result<usize, RegisterToolsError> {
        let tools = self.tools().await?;
        for tool in &tools {
            let node = RegisteredTool { server: self.clone(), tool: tool.name.clone() };
            registry.add(info(self.name(), tool), node)?;
        }
        Ok(tools.len())
    }
}

fn info(server: &str, tool: &Tool) -> NodeInfo {
    let docs = tool.description.as_ref().or(tool.title.as_ref()).cloned().unwrap_or_default();
    let info = NodeInfo::new(&tool.name, "1.0.0").docs(docs).origin(format!("the MCP server `{server}`"));
    let info = info.input_schema(tool.input_schema.clone());
    match &tool.output_schema {
        Some(schema) => info.output_schema(schema.clone()),
        None => info,
    }
}

/// Why the tools of a server were not registered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterToolsError {
    /// The server cannot be asked for them.
    #[error(transparent)]
    Server(#[from] McpError),
    /// A tool cannot be a node beside those that are there.
    #[error(transparent)]
    Node(#[from] RegisterError),
}

struct RegisteredTool {
    server: Server,
    tool: String,
}

impl<App: Sync> DynNode<App> for RegisteredTool {
    fn call<'a>(&'a self, inputs: Value, _: &'a App, options: RunOptions) -> Calling<'a> {
        Box::pin(async move {
            let mut call = CallOptions::new().validate();
            if let Some(limit) = options.remaining() {
                call = call.timeout(limit);
            }
            if let Some(traceparent) = options.traceparent() {
                call = call.traceparent(traceparent);
            }
            // Whichever token is cancelled first, the call is dropped, and the server told.
            let called = Box::pin(self.server.call_with(&self.tool, inputs, &call));
            let result = options.unless_cancelled(called).await.map_err(|error| CallError::Other(error.into()))?;
            let result = result.and_then(ToolResult::success).map_err(|error| CallError::Other(error.into()))?;
            let text = result.text();
            Ok(result.structured.unwrap_or(Value::String(text)))
        })
    }
}
