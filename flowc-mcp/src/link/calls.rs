//! The requests that a client makes.

// Old servers speak what newer versions of the protocol have given up, such as subscriptions by themselves.
#![allow(deprecated)]

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use rmcp::RoleClient;
use rmcp::model::{
    ArgumentInfo, CallToolRequest, CallToolRequestParams, CallToolResult, CancelTaskParams, CancelTaskRequest, CancelledNotification,
    CancelledNotificationParam, ClientNotification, ClientRequest, CompleteRequest, CompleteRequestParams, CompletionContext,
    CreateTaskResult, DiscoverRequest, DiscoverRequestParams, ErrorCode, GetExtensions, GetPromptRequest, GetPromptRequestParams, GetTaskParams,
    GetTaskRequest, InputRequests, InputRequiredResult, InputResponses, ListPromptsRequest, ListResourceTemplatesRequest,
    ListResourcesRequest, ListToolsRequest, PaginatedRequestParams, PingRequest, ReadResourceRequest, ReadResourceRequestParams, Reference,
    RequestId, RequestMetaObject, ServerResult, SubscribeRequest, SubscribeRequestParams, SubscriptionFilter, TaskPayload, UnsubscribeRequest,
    UnsubscribeRequestParams, UpdateTaskParams, UpdateTaskRequest,
};
use rmcp::service::{Peer, PeerRequestOptions};
use serde_json::{Map, Value};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::tap::ProgressTo;
use super::{Link, Listening, convert};
use crate::client::{Completion, InputHandler, Progress, Prompt, PromptResult, Resource, ResourceContents, ResourceTemplate, Tool, ToolResult};
use crate::error::{McpError, McpErrorKind};

/// So often a server may answer a question with another one.
const ROUNDS: usize = 16;

/// So many pages a list may have.
const PAGES: usize = 1000;

/// How often a task is asked about, where the server does not say.
const POLL: Duration = Duration::from_millis(500);

/// What goes with a request.
#[derive(Default)]
pub(crate) struct With<'a> {
    pub(crate) traceparent: Option<&'a str>,
    pub(crate) progress: Option<mpsc::Sender<Progress>>,
    pub(crate) input: Option<&'a Arc<dyn InputHandler>>,
}

/// What is sent again with answers.
#[derive(Default)]
struct Answers {
    responses: Option<InputResponses>,
    state: Option<String>,
}

impl Link {
    /// Sends a request. If the future is dropped, the server is told that nobody waits any more.
    async fn request(&self, mut request: ClientRequest, with: &With<'_>) -> Result<ServerResult, McpError> {
        let _busy = Busy::new(self);
        let mut options = PeerRequestOptions::no_options();
        if let Some(traceparent) = with.traceparent {
            let mut meta = RequestMetaObject::new();
            meta.insert("traceparent".to_owned(), Value::from(traceparent));
            options.meta = Some(meta);
        }
        if let Some(progress) = &with.progress {
            request.extensions_mut().insert(ProgressTo(progress.clone()));
        }
        let sent = self.peer.send_cancellable_request(request, options).await;
        let handle = sent.map_err(|error| self.faults.service(&error))?;
        let mut abandoned = Abandoned { peer: &self.peer, id: Some(handle.id.clone()) };
        let result = handle.await_response().await;
        abandoned.id = None;
        result.map_err(|error| self.faults.service(&error))
    }

    fn unexpected(&self, result: &ServerResult) -> McpError {
        let text: String = serde_json::to_string(result).unwrap_or_default().chars().take(200).collect();
        self.faults.kind(McpErrorKind::Garbled { reason: format!("it is not what was asked for: {}", self.faults.ending.redact(&text)) })
    }

    /// Asks for a sign of life.
    pub(crate) async fn ping(&self) -> Result<(), McpError> {
        let request = if self.version.has_handshake() {
            ClientRequest::PingRequest(PingRequest::default())
        } else {
            ClientRequest::DiscoverRequest(DiscoverRequest::new(DiscoverRequestParams {}))
        };
        match self.request(request, &With::default()).await {
            // An error is a sign of life, too.
            Err(error) if !matches!(error.kind(), McpErrorKind::Answer { .. } | McpErrorKind::Garbled { .. }) => Err(error),
            _ => Ok(()),
        }
    }

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
        let ask = |params| ClientRequest::ListToolsRequest(ListToolsRequest { params: Some(params), ..Default::default() });
        self.pages(ask, |result| match result {
            ServerResult::ListToolsResult(list) => Ok((list.tools.into_iter().map(convert::tool).collect(), list.next_cursor)),
            // An empty list may look like something else.
            other => Err(Box::new(other)),
        })
        .await
    }

    pub(crate) async fn prompts(&self) -> Result<Vec<Prompt>, McpError> {
        if !Self::has(self.capabilities.prompts.as_ref()) {
            return Ok(Vec::new());
        }
        let ask = |params| ClientRequest::ListPromptsRequest(ListPromptsRequest { params: Some(params), ..Default::default() });
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
        let ask = |params| ClientRequest::ListResourcesRequest(ListResourcesRequest { params: Some(params), ..Default::default() });
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
        let ask =
            |params| ClientRequest::ListResourceTemplatesRequest(ListResourceTemplatesRequest { params: Some(params), ..Default::default() });
        self.pages(ask, |result| match result {
            ServerResult::ListResourceTemplatesResult(list) => Ok((convert_all(&list.resource_templates), list.next_cursor)),
            other => Err(Box::new(other)),
        })
        .await
    }

    /// Calls a tool, answers what the server asks in between, and waits for a task to come to its end.
    pub(crate) async fn call_tool(&self, name: &str, arguments: &Map<String, Value>, with: &With<'_>) -> Result<ToolResult, McpError> {
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

    pub(crate) async fn prompt(&self, name: &str, arguments: &Map<String, Value>, with: &With<'_>) -> Result<PromptResult, McpError> {
        let mut answers = Answers::default();
        for _ in 0..ROUNDS {
            let mut params = GetPromptRequestParams::new(name.to_owned());
            if !arguments.is_empty() {
                params.arguments = Some(arguments.clone());
            }
            (params.input_responses, params.request_state) = (answers.responses.take(), answers.state.take());
            match self.request(ClientRequest::GetPromptRequest(GetPromptRequest::new(params)), with).await? {
                ServerResult::GetPromptResult(result) => {
                    return convert::by_json(&result).map_err(|error| self.faults.kind(McpErrorKind::Garbled { reason: error.to_string() }));
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
                ServerResult::ReadResourceResult(result) => return Ok(result.contents.into_iter().filter_map(convert::resource).collect()),
                ServerResult::InputRequiredResult(asked) => answers = self.answers(asked, with).await?,
                other => return Err(self.unexpected(&other)),
            }
        }
        Err(self.faults.kind(McpErrorKind::Garbled { reason: format!("it asked for input {ROUNDS} times") }))
    }

    /// Has the server tell when a resource changes, or no longer. New servers are listened to for as long as that is wanted.
    pub(crate) async fn subscribe(&self, uri: &str, on: bool) -> Result<(), McpError> {
        if !self.version.has_handshake() {
            let listening = match on {
                true => Some(self.listen(uri).await?),
                false => None,
            };
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
            let known = known.iter().map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
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

    /// Answers the questions that came in place of a result.
    async fn answers(&self, asked: InputRequiredResult, with: &With<'_>) -> Result<Answers, McpError> {
        let responses = match &asked.input_requests {
            Some(requests) => Some(self.inputs(requests, with).await?),
            None => None,
        };
        Ok(Answers { responses, state: asked.request_state })
    }

    async fn inputs(&self, requests: &InputRequests, with: &With<'_>) -> Result<InputResponses, McpError> {
        let mut asked = self.asked.clone();
        if let Some(input) = with.input {
            asked.input = Some(Arc::clone(input));
        }
        let mut responses = InputResponses::new();
        for (key, request) in requests {
            let Some(answer) = asked.answer(request).await else {
                let text = serde_json::to_value(request).unwrap_or_default();
                let message = text.pointer("/params/message").and_then(Value::as_str).unwrap_or("a model, or a list of folders");
                return Err(self.faults.kind(McpErrorKind::Input { asked: message.to_owned() }));
            };
            responses.insert(key.clone(), answer);
        }
        Ok(responses)
    }

    /// Asks about a task until it is done.
    async fn task(&self, created: CreateTaskResult, with: &With<'_>) -> Result<CallToolResult, McpError> {
        let id = created.task.task_id;
        let mut wait = created.task.poll_interval_ms;
        let mut abandoned = AbandonedTask { peer: &self.peer, id: Some(id.clone()) };
        loop {
            let pause = wait.map_or(POLL, Duration::from_millis).clamp(Duration::from_millis(20), Duration::from_secs(30));
            tokio::time::sleep(pause).await;
            let request = ClientRequest::GetTaskRequest(GetTaskRequest::new(GetTaskParams::new(id.clone())));
            let found = match self.request(request, &With::default()).await? {
                ServerResult::GetTaskResult(found) => found.task,
                other => return Err(self.unexpected(&other)),
            };
            wait = found.task.poll_interval_ms.or(wait);
            match found.payload {
                TaskPayload::InputRequired { input_requests } => {
                    let responses = self.inputs(&input_requests, with).await?;
                    let request = ClientRequest::UpdateTaskRequest(UpdateTaskRequest::new(UpdateTaskParams::new(id.clone(), responses)));
                    self.request(request, &With::default()).await?;
                }
                TaskPayload::Completed { result } => {
                    abandoned.id = None;
                    let result = serde_json::from_value(Value::Object(result));
                    return result.map_err(|error| self.faults.kind(McpErrorKind::Garbled { reason: error.to_string() }));
                }
                TaskPayload::Failed { error } => {
                    abandoned.id = None;
                    return Err(match serde_json::from_value(Value::Object(error)) {
                        Ok(error) => self.faults.answer(&error),
                        Err(error) => self.faults.kind(McpErrorKind::Garbled { reason: error.to_string() }),
                    });
                }
                TaskPayload::Cancelled => {
                    abandoned.id = None;
                    return Err(self.faults.kind(McpErrorKind::Cancelled));
                }
                _ => {}
            }
        }
    }
}

fn is_header_mismatch(error: &McpError) -> bool {
    matches!(error.kind(), McpErrorKind::Answer { code, .. } if *code == i64::from(ErrorCode::HEADER_MISMATCH.0))
}

fn convert_all<T: serde::de::DeserializeOwned>(theirs: &[impl serde::Serialize]) -> Vec<T> {
    theirs.iter().filter_map(|item| convert::by_json(item).ok()).collect()
}

/// Counts a request as long as it waits for its answer.
struct Busy<'l>(&'l Link);

impl<'l> Busy<'l> {
    fn new(link: &'l Link) -> Self {
        link.in_flight.fetch_add(1, Ordering::Relaxed);
        Self(link)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How long it may take to tell a server that nobody waits any more.
const TELL: Duration = Duration::from_secs(5);

/// Tells the server that nobody waits for an answer any more, if it is dropped before the answer is there.
struct Abandoned<'p> {
    peer: &'p Peer<RoleClient>,
    id: Option<RequestId>,
}

impl Drop for Abandoned<'_> {
    fn drop(&mut self) {
        let (Some(id), Ok(runtime)) = (self.id.take(), Handle::try_current()) else { return };
        let peer = self.peer.clone();
        let params = CancelledNotificationParam::new(Some(id), Some("nobody waits for it any more".to_owned()));
        let notification = ClientNotification::CancelledNotification(CancelledNotification::new(params));
        runtime.spawn(async move {
            let _ = tokio::time::timeout(TELL, peer.send_notification(notification)).await;
        });
    }
}

/// The same for a task.
struct AbandonedTask<'p> {
    peer: &'p Peer<RoleClient>,
    id: Option<String>,
}

impl Drop for AbandonedTask<'_> {
    fn drop(&mut self) {
        let (Some(id), Ok(runtime)) = (self.id.take(), Handle::try_current()) else { return };
        let peer = self.peer.clone();
        runtime.spawn(async move {
            let request = ClientRequest::CancelTaskRequest(CancelTaskRequest::new(CancelTaskParams::new(id)));
            let _ = tokio::time::timeout(TELL, peer.send_request(request)).await;
        });
    }
}
