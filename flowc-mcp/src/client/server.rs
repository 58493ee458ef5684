//! One server, by its name.

use serde_json::{Map, Value};
use tokio::sync::broadcast::error::RecvError;

use super::asks::{Complete, GetPrompt, ListPrompts, ListResources, ListTemplates, ReadResource, Subscription};
use super::servers::McpServers;
use super::{
    CallOptions, Change, Completion, Prompt, PromptResult, Resource, ResourceContents, ResourceTemplate, ServerStatus,
    Tool, ToolResult,
};
use crate::McpError;

/// A server, by its name. It is cheap to clone, and connects when it is first needed.
///
/// Whoever holds one goes on with the new configuration when the server is [replaced](McpServers::replace).
#[derive(Debug, Clone)]
pub struct Server {
    pub(super) servers: McpServers,
    pub(super) name: String,
}

impl Server {
    /// Its name in the configuration.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it can do. The list is kept until the server says that it changed.
    ///
    /// # Errors
    /// If the server cannot be reached or does not answer.
    pub async fn tools(&self) -> Result<Vec<Tool>, McpError> {
        Ok(self.servers.served(&self.name)?.tools(&CallOptions::new()).await?.list.clone())
    }

    /// The same list as long as it does not change.
    #[cfg(feature = "typed")]
    pub(crate) async fn known_tools(
        &self,
        options: &CallOptions<'_>,
    ) -> Result<std::sync::Arc<super::Tools>, McpError> {
        self.servers.served(&self.name)?.tools(options).await
    }

    /// Calls a tool. A tool that fails gives a result as well: see [`ToolResult::success`].
    ///
    /// If the future is dropped, the server is told that nobody waits any more.
    ///
    /// # Errors
    /// If there was no result.
    pub async fn call(&self, tool: &str, arguments: Value) -> Result<ToolResult, McpError> {
        self.call_with(tool, arguments, &CallOptions::new()).await
    }

    /// The same with a time limit, a token, progress and more of its own.
    ///
    /// # Errors
    /// If there was no result.
    pub async fn call_with(
        &self,
        tool: &str,
        arguments: Value,
        options: &CallOptions<'_>,
    ) -> Result<ToolResult, McpError> {
        self.servers.served(&self.name)?.call(tool, arguments, options).await
    }

    /// The prompts that it has.
    ///
    /// # Errors
    /// If the server cannot be reached or does not answer.
    pub async fn prompts(&self) -> Result<Vec<Prompt>, McpError> {
        let served = self.servers.served(&self.name)?;
        served.ask(&CallOptions::new(), true, &ListPrompts).await
    }

    /// A prompt, filled in. The arguments are an object of strings.
    ///
    /// # Errors
    /// If the server cannot be reached, or has no such prompt.
    pub async fn prompt(
        &self,
        name: &str,
        arguments: Value,
        options: &CallOptions<'_>,
    ) -> Result<PromptResult, McpError> {
        let served = self.servers.served(&self.name)?;
        let arguments = served.arguments(name, arguments)?;
        let request = GetPrompt { name, arguments: &arguments };
        served.ask(options, true, &request).await.map_err(|error| error.of(name))
    }

    /// What it lets others read.
    ///
    /// # Errors
    /// If the server cannot be reached or does not answer.
    pub async fn resources(&self) -> Result<Vec<Resource>, McpError> {
        let served = self.servers.served(&self.name)?;
        served.ask(&CallOptions::new(), true, &ListResources).await
    }

    /// What it lets others read, by patterns of addresses.
    ///
    /// # Errors
    /// If the server cannot be reached or does not answer.
    pub async fn resource_templates(&self) -> Result<Vec<ResourceTemplate>, McpError> {
        let served = self.servers.served(&self.name)?;
        served.ask(&CallOptions::new(), true, &ListTemplates).await
    }

    /// What is at an address of the server.
    ///
    /// # Errors
    /// If the server cannot be reached, or has nothing there.
    pub async fn read(&self, uri: &str, options: &CallOptions<'_>) -> Result<Vec<ResourceContents>, McpError> {
        let served = self.servers.served(&self.name)?;
        served.ask(options, true, &ReadResource(uri)).await.map_err(|error| error.of(uri))
    }

    /// Has the server tell when what is at an address changes: [`changes`](Self::changes) hears it.
    ///
    /// # Errors
    /// If the server cannot be reached, or does not do that.
    pub async fn subscribe(&self, uri: &str) -> Result<(), McpError> {
        self.subscription(uri, true).await
    }

    /// The end of that.
    ///
    /// # Errors
    /// If the server cannot be reached, or does not do that.
    pub async fn unsubscribe(&self, uri: &str) -> Result<(), McpError> {
        self.subscription(uri, false).await
    }

    async fn subscription(&self, uri: &str, on: bool) -> Result<(), McpError> {
        let served = self.servers.served(&self.name)?;
        served.ask(&CallOptions::new(), true, &Subscription { uri, on }).await.map_err(|error| error.of(uri))
    }

    /// What could be written on in an argument of a prompt. `known` are its other arguments.
    ///
    /// # Errors
    /// If the server cannot be reached, or does not do that.
    pub async fn complete_prompt(
        &self,
        prompt: &str,
        argument: (&str, &str),
        known: Value,
    ) -> Result<Completion, McpError> {
        self.complete(true, prompt, argument, known).await
    }

    /// What could be written on in a part of a resource template. `known` are its other parts.
    ///
    /// # Errors
    /// If the server cannot be reached, or does not do that.
    pub async fn complete_resource(
        &self,
        template: &str,
        argument: (&str, &str),
        known: Value,
    ) -> Result<Completion, McpError> {
        self.complete(false, template, argument, known).await
    }

    async fn complete(
        &self,
        prompt: bool,
        name: &str,
        argument: (&str, &str),
        known: Value,
    ) -> Result<Completion, McpError> {
        let served = self.servers.served(&self.name)?;
        let known: Map<_, _> = served.arguments(name, known)?;
        let request = Complete { prompt, name, argument, known: &known };
        served.ask(&CallOptions::new(), true, &request).await.map_err(|error| error.of(name))
    }

    /// How it stands with it.
    ///
    /// # Errors
    /// If it is not there any more.
    pub fn status(&self) -> Result<ServerStatus, McpError> {
        Ok(self.servers.served(&self.name)?.status())
    }

    /// Hears what changes at the server from now on. After the server was taken out none comes
    /// any more.
    ///
    /// # Errors
    /// If it is not there any more.
    ///
    /// ```no_run
    /// # async fn example(server: flowc_mcp::Server) -> Result<(), flowc_mcp::McpError> {
    /// let mut changes = server.changes()?;
    /// while let Some(change) = changes.next().await {
    ///     println!("changed: {change:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn changes(&self) -> Result<Changed, McpError> {
        Ok(Changed(self.servers.served(&self.name)?.changes.listen()))
    }
}

/// The changes of a server, one after the other.
#[derive(Debug)]
pub struct Changed(tokio::sync::broadcast::Receiver<Change>);

impl Changed {
    /// The next change. Who is slow misses some, and then hears the next one.
    pub async fn next(&mut self) -> Option<Change> {
        loop {
            match self.0.recv().await {
                Ok(change) => return Some(change),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    }
}
