//! The requests that a client makes.

// Old servers speak what newer versions of the protocol have given up, such as subscriptions by themselves.
#![allow(deprecated)]

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use rmcp::model::{
    ArgumentInfo, CallToolRequest, CallToolRequestParams, CallToolResult, ClientRequest, CompleteRequest,
    CompleteRequestParams, CompletionContext, ErrorCode, GetPromptRequest, GetPromptRequestParams, ListPromptsRequest,
    ListResourceTemplatesRequest, ListResourcesRequest, ListToolsRequest, PaginatedRequestParams, ReadResourceRequest,
    ReadResourceRequestParams, Reference, ServerResult, SubscribeRequest, SubscribeRequestParams, SubscriptionFilter,
    UnsubscribeRequest, UnsubscribeRequestParams,
};
use serde_json::{Map, Value};

use super::request::With;
use super::rounds::Answers;
use super::{Link, Listening, convert};
use crate::client::{Completion, Prompt, PromptResult, Resource, ResourceContents, ResourceTemplate, Tool, ToolResult};
use crate::error::{McpError, McpErrorKind};

/// So often a server may answer a question with another one.
const ROUNDS: usize = 16;

/// So many pages a list may have.
const PAGES: usize = 1000;

impl Link {
    /// All pages of a list.
    async fn pages<T>(
        &self,
        ask: impl Fn(PaginatedRequestParams) -> ClientRequest,
        page: impl Fn(ServerResult) -> Result<(Vec<T>, Option<String>), Box<ServerResult>>,
    ) -> Result<Vec<T>, McpError> {
        let (mut all, mut cursor) = (Vec::new(), None);
        for _ in 0..PAGES {
            let params = PaginatedRequestParams::default().with_cursor(cursor.clone());
            let result = self.request(ask(params), &With::default()).await?;
            let (items, next) = page(result).map_err(|result| self.unexpected(&result))?;
            all.extend(items);
            if next.is_none() || next == cursor {
                return Ok(all);
            }
            cursor = next;
        }
        Ok(all)
    }

    /// Whether the server has this at all: who has not need not be asked.
    fn has<T>(capability: Option<&T>) -> bool {
        capability.is_some()
    }

    pub(crate) async fn tools(&self) -> Result<Vec<Tool>, McpError> {
        if !Self::has(self.capabilities.tools.as_ref()) {
            return Ok(Vec::new());
        }
        let ask =
            |params| ClientRequest::ListToolsRequest(ListToolsRequest { params: Some(params), ..Default::default() });
        self.pages(ask, |result| match result {
            ServerResult::ListToolsResult(list) => {
                Ok((list.tools.into_iter().map(convert::tool).collect(), list.next_cursor))
            }
            // An empty list may look like something else.
            other => Err(Box::new(other)),
        })
        .await
    }

    pub(crate) async fn prompts(&self) -> Result<Vec<Prompt>, McpError> {
        if !Self::has(self.capabilities.prompts.as_ref()) {
            return Ok(Vec::new());
        }
        let ask = |params| {
            ClientRequest::ListPromptsRequest(ListPromptsRequest { params: Some(params), ..Default::default() })
        };
        self.pages(ask, |result| match result {
            ServerResult::ListPromptsResult(list) => Ok((convert_all(&list.prompts), list.next_cursor)),
            other => Err(Box::new(other)),
        })
        .await
    }

    pub(crate) async fn resources(&self) -> Result<Vec<Resource>, McpError> {
        if !Self::has(self.capabilities.resources.as_ref()) {
            return Ok(Vec::new());
        }
        let ask = |params| {
            ClientRequest::ListResourcesRequest(ListResourcesRequest { params: Some(params), ..Default::default() })
        };
        self.pages(ask, |result| match result {
            ServerResult::ListResourcesResult(list) => Ok((convert_all(&list.resources), list.next_cursor)),
            other => Err(Box::new(other)),
        })
        .await
    }

    pub(crate) async fn resource_templates(&self) -> Result<Vec<ResourceTemplate>, McpError> {
        if !Self::has(self.capabilities.resources.as_ref()) {
            return Ok(Vec::new());
        }
        let ask = |params| {
            ClientRequest::ListResourceTemplatesRequest(ListResourceTemplatesRequest {
                params: Some(params),
                ..Default::default()
            })
        };
        self.pages(ask, |result| match result {
            ServerResult::ListResourceTemplatesResult(list) => {
                Ok((convert_all(&list.resource_templates), list.next_cursor))
            }
            other => Err(Box::new(other)),
        })
        .await
    }

    /// Calls a tool, answers what the server asks in between, and waits for a task to come to its end.
    pub(crate) async fn call_tool(
        &self,
        name: &str,
        arguments: &Map<String, Value>,
        with: &With<'_>,
    ) -> Result<ToolResult, McpError> {
        let mut answers = Answers::default();
        for _ in 0..ROUNDS {
            let mut params = CallToolRequestParams::new(name.to_owned()).with_arguments(arguments.clone());
            let sent = (answers.responses.take(), answers.state.take());
            (params.input_responses, params.request_state) = sent.clone();
            let request = ClientRequest::CallToolRequest(CallToolRequest::new(params));
            let answer = match self.request(request, with).await {
                // A new server over HTTP wants some arguments in headers as well, as the list of tools says. It has done nothing yet.
                Err(error) if is_header_mismatch(&error) && !self.listed.swap(true, Ordering::Relaxed) => {
                    self.tools().await?;
                    (answers.responses, answers.state) = sent;
                    continue;
                }
                answer => answer?,
            };
            let result = match answer {
                ServerResult::CallToolResult(result) => result,
                ServerResult::InputRequiredResult(asked) => {
                    answers = self.answers(asked, with).await?;
                    continue;
                }
                ServerResult::CreateTaskResult(task) => self.task(task, with).await?,
                // A result without content looks like one of these.
                ServerResult::EmptyResult(_) | ServerResult::TaskAckResult(_) => CallToolResult::default(),
                ServerResult::CustomResult(custom) => match serde_json::from_value(custom.0.clone()) {
                    Ok(result) => result,
                    Err(_) => return Err(self.unexpected(&ServerResult::CustomResult(custom))),
                },
                other => return Err(self.unexpected(&other)),
            };
            return Ok(convert::result(result, &self.faults.server, name));
        }
        Err(self.faults.kind(McpErrorKind::Garbled { reason: format!("it asked for input {ROUNDS} times") }))
    }

    pub(crate) async fn prompt(
        &self,
        name: &str,
        arguments: &Map<String, Value>,
        with: &With<'_>,
    ) -> Result<PromptResult, McpError> {
        let mut answers = Answers::default();
        for _ in 0..ROUNDS {
            let mut params = GetPromptRequestParams::new(name.to_owned());
            if !arguments.is_empty() {
                params.arguments = Some(arguments.clone());
            }
            (params.input_responses, params.request_state) = (answers.responses.take(), answers.state.take());
            match self.request(ClientRequest::GetPromptRequest(GetPromptRequest::new(params)), with).await? {
                ServerResult::GetPromptResult(result) => {
                    return convert::by_json(&result)
                        .map_err(|error| self.faults.kind(McpErrorKind::Garbled { reason: error.to_string() }));
                }
                ServerResult::InputRequiredResult(asked) => answers = self.answers(asked, with).await?,
                other => return Err(self.unexpected(&other)),
            }
        }
        Err(self.faults.kind(McpErrorKind::Garbled { reason: format!("it asked for input {ROUNDS} times") }))
    }

    pub(crate) async fn read(&self, uri: &str, with: &With<'_>) -> Result<Vec<ResourceContents>, McpError> {
        let mut answers = Answers::default();
        for _ in 0..ROUNDS {
            let mut params = ReadResourceRequestParams::new(uri.to_owned());
            (params.input_responses, params.request_state) = (answers.responses.take(), answers.state.take());
            match self.request(ClientRequest::ReadResourceRequest(ReadResourceRequest::new(params)), with).await? {
                ServerResult::ReadResourceResult(result) => {
                    return Ok(result.contents.into_iter().filter_map(convert::resource).collect());
                }
                ServerResult::InputRequiredResult(asked) => answers = self.answers(asked, with).await?,
                other => return Err(self.unexpected(&other)),
            }
        }
        Err(self.faults.kind(McpErrorKind::Garbled { reason: format!("it asked for input {ROUNDS} times") }))
    }

    /// Has the server tell when a resource changes, or no longer. New servers are listened to for as long as that is wanted.
    pub(crate) async fn subscribe(&self, uri: &str, on: bool) -> Result<(), McpError> {
        if !self.version.has_handshake() {
            let listening = if on { Some(self.listen(uri).await?) } else { None };
            let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
            let before = watched.remove(uri);
            watched.extend(listening.map(|listening| (uri.to_owned(), listening)));
            drop(before);
            return Ok(());
        }
        let request = if on {
            ClientRequest::SubscribeRequest(SubscribeRequest::new(SubscribeRequestParams::new(uri)))
        } else {
            ClientRequest::UnsubscribeRequest(UnsubscribeRequest::new(UnsubscribeRequestParams::new(uri)))
        };
        self.request(request, &With::default()).await.map(|_| ())
    }

    /// Listens to what a new server tells of a resource.
    async fn listen(&self, uri: &str) -> Result<Listening, McpError> {
        let filter = SubscriptionFilter::builder().resource_subscriptions([uri]).build();
        let mut subscription = self.peer.listen(filter).await.map_err(|error| self.faults.service(&error))?;
        let asked = self.asked.clone();
        Ok(Listening(tokio::spawn(async move {
            while let Ok(Some(notification)) = subscription.next().await {
                asked.heard(&notification);
            }
        })))
    }

    pub(crate) async fn complete(
        &self,
        of_prompt: bool,
        name: &str,
        argument: (&str, &str),
        known: &Map<String, Value>,
    ) -> Result<Completion, McpError> {
        let reference = if of_prompt { Reference::for_prompt(name) } else { Reference::for_resource(name) };
        let mut params = CompleteRequestParams::new(reference, ArgumentInfo::new(argument.0, argument.1));
        if !known.is_empty() {
            let known = known
                .iter()
                .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
            params.context = Some(CompletionContext::with_arguments(known.collect()));
        }
        match self.request(ClientRequest::CompleteRequest(CompleteRequest::new(params)), &With::default()).await? {
            ServerResult::CompleteResult(result) => {
                let info = result.completion;
                Ok(Completion { values: info.values, total: info.total, has_more: info.has_more.unwrap_or_default() })
            }
            other => Err(self.unexpected(&other)),
        }
    }
}

fn is_header_mismatch(error: &McpError) -> bool {
    matches!(error.kind(), McpErrorKind::Answer { code, .. } if *code == i64::from(ErrorCode::HEADER_MISMATCH.0))
}

fn convert_all<T: serde::de::DeserializeOwned>(theirs: &[impl serde::Serialize]) -> Vec<T> {
    theirs.iter().filter_map(|item| convert::by_json(item).ok()).collect()
}
