//! What comes in place of a result: questions, which are answered, and tasks, which are waited for.

use std::time::Duration;

use rmcp::RoleClient;
use rmcp::model::{
    CallToolResult, CancelTaskParams, CancelTaskRequest, ClientRequest, CreateTaskResult, GetTaskParams,
    GetTaskRequest, InputRequests, InputRequiredResult, InputResponses, ServerResult, TaskPayload, UpdateTaskParams,
    UpdateTaskRequest,
};
use rmcp::service::Peer;
use serde_json::Value;
use tokio::runtime::Handle;

use super::Link;
use super::request::{TELL, With};
use crate::error::{McpError, McpErrorKind};

/// How often a task is asked about, where the server does not say.
const POLL: Duration = Duration::from_millis(500);

/// What is sent again with answers.
#[derive(Default)]
pub(super) struct Answers {
    pub(super) responses: Option<InputResponses>,
    pub(super) state: Option<String>,
}

impl Link {
    /// Answers the questions that came in place of a result.
    pub(super) async fn answers(&self, asked: InputRequiredResult, with: &With<'_>) -> Result<Answers, McpError> {
        let responses = match &asked.input_requests {
            Some(requests) => Some(self.inputs(requests, with).await?),
            None => None,
        };
        Ok(Answers { responses, state: asked.request_state })
    }

    async fn inputs(&self, requests: &InputRequests, with: &With<'_>) -> Result<InputResponses, McpError> {
        let mut responses = InputResponses::new();
        for (key, request) in requests {
            let Some(answer) = self.asked.answer(request, with.answering.as_ref()).await else {
                let text = serde_json::to_value(request).unwrap_or_default();
                let message =
                    text.pointer("/params/message").and_then(Value::as_str).unwrap_or("a model, or a list of folders");
                return Err(self.faults.kind(McpErrorKind::Input { asked: message.to_owned() }));
            };
            responses.insert(key.clone(), answer);
        }
        Ok(responses)
    }

    /// Asks about a task until it is done.
    pub(super) async fn task(&self, created: CreateTaskResult, with: &With<'_>) -> Result<CallToolResult, McpError> {
        let id = created.task.task_id;
        let mut wait = created.task.poll_interval_ms;
        let mut abandoned = AbandonedTask { peer: &self.peer, id: Some(id.clone()) };
        loop {
            let pause =
                wait.map_or(POLL, Duration::from_millis).clamp(Duration::from_millis(20), Duration::from_secs(30));
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
                    let request = ClientRequest::UpdateTaskRequest(UpdateTaskRequest::new(UpdateTaskParams::new(
                        id.clone(),
                        responses,
                    )));
                    self.request(request, &With::default()).await?;
                }
                TaskPayload::Completed { result } => {
                    abandoned.id = None;
                    let result = serde_json::from_value(Value::Object(result));
                    return result
                        .map_err(|error| self.faults.kind(McpErrorKind::Garbled { reason: error.to_string() }));
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
