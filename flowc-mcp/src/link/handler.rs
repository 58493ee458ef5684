//! What a server may ask and tell us in the middle of things.

// Old servers speak what newer versions of the protocol have given up: models, folders and log messages.
#![allow(deprecated)]

use std::sync::Arc;

use flowc::Context;
use rmcp::ErrorData;
use rmcp::model::{
    ClientCapabilities, ClientConfig, ClientResult, ElicitRequestParams, ElicitResult, ElicitationAction,
    ElicitationCapability, ErrorCode, FormElicitationCapability, Implementation, InputRequest, ServerNotification,
    ServerRequest, TASKS_EXTENSION_ID, UrlElicitationCapability,
};
use rmcp::service::{NotificationContext, RequestContext, RoleClient, Service};
use serde_json::{Value, json};

use crate::client::{Changes, Elicitation, ElicitationAnswer, InputHandler};

/// Answers what servers ask, with what the program has for that.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) server: Arc<str>,
    pub(crate) input: Option<Arc<dyn InputHandler>>,
    pub(crate) changes: Changes,
}

/// Who answers during one call. It travels inside of the request, and is not sent.
#[derive(Clone)]
pub(crate) struct Answering {
    pub(crate) input: Arc<dyn InputHandler>,
    /// The step that calls.
    pub(crate) context: Option<Context>,
    /// Whether the call brought its own handler.
    pub(crate) own: bool,
}

impl Answering {
    /// Whether an answer for one is an answer for the other.
    pub(super) fn same_run(&self, other: &Self) -> bool {
        let run = |answering: &Self| answering.context.as_ref().map(Context::run_id);
        run(self).is_some() && run(self) == run(other) && Arc::ptr_eq(&self.input, &other.input)
    }

    async fn elicit(&self, asked: &Elicitation) -> ElicitationAnswer {
        match &self.context {
            Some(context) => self.input.elicit_in(asked, context).await,
            None => self.input.elicit(asked).await,
        }
    }
}

impl Asked {
    /// Who we are, and what we can do.
    pub(super) fn config(&self) -> ClientConfig {
        let mut capabilities = ClientCapabilities::default();
        let tasks = serde_json::from_value(json!({ TASKS_EXTENSION_ID: {} }));
        capabilities.extensions = tasks.ok();
        if let Some(input) = &self.input {
            let form = FormElicitationCapability::default();
            let elicitation =
                ElicitationCapability::new().with_form(form).with_url(UrlElicitationCapability::default());
            capabilities.elicitation = Some(elicitation);
            // These two are on their way out of the protocol. Servers still ask for them.
            if input.samples() {
                capabilities.sampling = serde_json::from_value(json!({})).ok();
            }
            if !input.roots().is_empty() {
                capabilities.roots = serde_json::from_value(json!({})).ok();
            }
        }
        ClientConfig::new(capabilities, Implementation::new("flowc", env!("CARGO_PKG_VERSION")))
    }

    /// The answer to one of the questions that a result may be in place of a value. None, if nobody here can answer.
    pub(super) async fn answer(&self, request: &InputRequest, call: Option<&Answering>) -> Option<Value> {
        let input = call.map(|call| &call.input).or(self.input.as_ref())?;
        match request {
            InputRequest::Elicitation(request) => serde_json::to_value(self.elicit(&request.params, call).await).ok(),
            InputRequest::CreateMessage(request) => input.sample(&serde_json::to_value(&request.params).ok()?).await,
            InputRequest::ListRoots(_) => Some(json!({ "roots": roots(input.as_ref()) })),
            _ => None,
        }
    }

    /// Asks whoever answers for the call; if it is not known which call it is, whoever answers for all.
    async fn elicit(&self, params: &ElicitRequestParams, call: Option<&Answering>) -> ElicitResult {
        let server = self.server.to_string();
        let (asked, schema) = match params {
            ElicitRequestParams::FormElicitationParams { message, requested_schema, .. } => {
                let schema = serde_json::to_value(requested_schema).unwrap_or_default();
                (Elicitation::Form { server, message: message.clone(), schema: schema.clone() }, schema)
            }
            ElicitRequestParams::UrlElicitationParams { message, url, .. } => {
                (Elicitation::Url { server, message: message.clone(), url: url.clone() }, Value::Null)
            }
            _ => return ElicitResult::new(ElicitationAction::Decline),
        };
        let answer = match (call, &self.input) {
            (Some(call), _) => call.elicit(&asked).await,
            (None, Some(input)) => input.elicit(&asked).await,
            (None, None) => ElicitationAnswer::Decline,
        };
        match answer {
            ElicitationAnswer::Accept(content) => {
                let result = ElicitResult::new(ElicitationAction::Accept);
                match with_defaults(content, &schema) {
                    Value::Null => result,
                    content => result.with_content(content),
                }
            }
            ElicitationAnswer::Decline => ElicitResult::new(ElicitationAction::Decline),
            ElicitationAnswer::Cancel => ElicitResult::new(ElicitationAction::Cancel),
        }
    }
}

fn roots(input: &dyn InputHandler) -> Vec<Value> {
    input.roots().into_iter().map(|uri| json!({ "uri": uri })).collect()
}

/// Fields that were left out get the default that the form has for them.
fn with_defaults(mut content: Value, schema: &Value) -> Value {
    let fields = schema.get("properties").and_then(Value::as_object);
    if content.is_null() && fields.is_some() {
        content = json!({});
    }
    if let (Some(fields), Some(filled)) = (fields, content.as_object_mut()) {
        for (name, field) in fields {
            if let Some(default) = field.get("default") {
                filled.entry(name.clone()).or_insert_with(|| default.clone());
            }
        }
    }
    content
}

impl Service<RoleClient> for Asked {
    async fn handle_request(
        &self,
        request: ServerRequest,
        context: RequestContext<RoleClient>,
    ) -> Result<ClientResult, ErrorData> {
        let unknown = |method: &str| ErrorData::new(ErrorCode::METHOD_NOT_FOUND, method.to_owned(), None);
        match request {
            ServerRequest::PingRequest(_) => Ok(ClientResult::empty(())),
            ServerRequest::ElicitRequest(request) => {
                let answer = self.elicit(&request.params, context.extensions.get::<Answering>()).await;
                Ok(ClientResult::ElicitResult(answer))
            }
            ServerRequest::ListRootsRequest(_) => {
                let roots = self.input.as_deref().map(roots).unwrap_or_default();
                let roots = serde_json::from_value(json!({ "roots": roots }));
                roots
                    .map(ClientResult::ListRootsResult)
                    .map_err(|error| ErrorData::internal_error(error.to_string(), None))
            }
            ServerRequest::CreateMessageRequest(request) => {
                let input = self.input.as_ref().ok_or_else(|| unknown("sampling/createMessage"))?;
                let params = serde_json::to_value(&request.params).unwrap_or_default();
                let result = input.sample(&params).await.ok_or_else(|| unknown("sampling/createMessage"))?;
                let result = serde_json::from_value(result)
                    .map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
                Ok(ClientResult::CreateMessageResult(Box::new(result)))
            }
            ServerRequest::CustomRequest(request) => Err(unknown(&request.method)),
            _ => Err(unknown("a method that is not known")),
        }
    }

    async fn handle_notification(
        &self,
        notification: ServerNotification,
        _: NotificationContext<RoleClient>,
    ) -> Result<(), ErrorData> {
        self.heard(&notification);
        Ok(())
    }

    fn get_info(&self) -> ClientConfig {
        self.config()
    }
}

impl Asked {
    /// Takes note of what a server tells.
    pub(super) fn heard(&self, notification: &ServerNotification) {
        match notification {
            ServerNotification::ToolListChangedNotification(_) => self.changes.tools(),
            ServerNotification::PromptListChangedNotification(_) => self.changes.prompts(),
            ServerNotification::ResourceListChangedNotification(_) => self.changes.resources(),
            ServerNotification::ResourceUpdatedNotification(updated) => self.changes.updated(&updated.params.uri),
            ServerNotification::LoggingMessageNotification(message) => {
                tracing::debug!(server = &*self.server, level = ?message.params.level, "{}", message.params.data);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_left_out_is_the_default_of_the_form() {
        let schema =
            json!({ "properties": { "name": { "type": "string", "default": "Ada" }, "age": { "type": "integer" } } });
        assert_eq!(with_defaults(json!({ "age": 3 }), &schema), json!({ "age": 3, "name": "Ada" }));
        assert_eq!(with_defaults(Value::Null, &schema), json!({ "name": "Ada" }));
        assert_eq!(with_defaults(json!({ "name": "Bo" }), &schema), json!({ "name": "Bo" }));
    }
}
