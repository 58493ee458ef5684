//! What a server can be asked for, each as a value: it may be asked several times.

use serde_json::{Map, Value};

use super::{Completion, Prompt, PromptResult, Resource, ResourceContents, ResourceTemplate, Tool, ToolResult};
use crate::McpError;
use crate::link::{Link, With};

/// A question to a server.
pub(super) trait Ask: Sync {
    type Answer: Send;
    /// Asks once.
    fn ask(&self, link: &Link, with: &With<'_>) -> impl Future<Output = Result<Self::Answer, McpError>> + Send;
}

pub(super) struct ListTools;

impl Ask for ListTools {
    type Answer = Vec<Tool>;
    async fn ask(&self, link: &Link, _: &With<'_>) -> Result<Vec<Tool>, McpError> {
        link.tools().await
    }
}

pub(super) struct CallTool<'a> {
    pub(super) tool: &'a str,
    pub(super) arguments: &'a Map<String, Value>,
}

impl Ask for CallTool<'_> {
    type Answer = ToolResult;
    async fn ask(&self, link: &Link, with: &With<'_>) -> Result<ToolResult, McpError> {
        link.call_tool(self.tool, self.arguments, with).await
    }
}

pub(super) struct ListPrompts;

impl Ask for ListPrompts {
    type Answer = Vec<Prompt>;
    async fn ask(&self, link: &Link, _: &With<'_>) -> Result<Vec<Prompt>, McpError> {
        link.prompts().await
    }
}

pub(super) struct GetPrompt<'a> {
    pub(super) name: &'a str,
    pub(super) arguments: &'a Map<String, Value>,
}

impl Ask for GetPrompt<'_> {
    type Answer = PromptResult;
    async fn ask(&self, link: &Link, with: &With<'_>) -> Result<PromptResult, McpError> {
        link.prompt(self.name, self.arguments, with).await
    }
}

pub(super) struct ListResources;

impl Ask for ListResources {
    type Answer = Vec<Resource>;
    async fn ask(&self, link: &Link, _: &With<'_>) -> Result<Vec<Resource>, McpError> {
        link.resources().await
    }
}

pub(super) struct ListTemplates;

impl Ask for ListTemplates {
    type Answer = Vec<ResourceTemplate>;
    async fn ask(&self, link: &Link, _: &With<'_>) -> Result<Vec<ResourceTemplate>, McpError> {
        link.resource_templates().await
    }
}

pub(super) struct ReadResource<'a>(pub(super) &'a str);

impl Ask for ReadResource<'_> {
    type Answer = Vec<ResourceContents>;
    async fn ask(&self, link: &Link, with: &With<'_>) -> Result<Vec<ResourceContents>, McpError> {
        link.read(self.0, with).await
    }
}

pub(super) struct Subscription<'a> {
    pub(super) uri: &'a str,
    pub(super) on: bool,
}

impl Ask for Subscription<'_> {
    type Answer = ();
    async fn ask(&self, link: &Link, _: &With<'_>) -> Result<(), McpError> {
        link.subscribe(self.uri, self.on).await
    }
}

pub(super) struct Complete<'a> {
    pub(super) prompt: bool,
    pub(super) name: &'a str,
    pub(super) argument: (&'a str, &'a str),
    pub(super) known: &'a Map<String, Value>,
}

impl Ask for Complete<'_> {
    type Answer = Completion;
    async fn ask(&self, link: &Link, _: &With<'_>) -> Result<Completion, McpError> {
        link.complete(self.prompt, self.name, self.argument, self.known).await
    }
}
