//! The ways to a person: by a request in mid-call, by rounds of the call, by its task.

use rmcp::RoleServer;
use rmcp::model::{
    ElicitRequestParams, ElicitResult, ElicitationAction, ElicitationCapability, ElicitationSchema, InputRequest,
    Request,
};
use rmcp::service::Peer;
use rmcp::task_manager::TaskContext;
use serde_json::Value;

use super::person::{AskError, Form, Question};

/// How the person at a client can be asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By a request from the server, before 2026-07-28.
    Request,
    /// By a result that says what is needed, since 2026-07-28.
    Rounds,
}

/// The form that shows the question.
pub(super) fn form(question: &Question) -> Result<ElicitRequestParams, AskError> {
    let message = question.message.clone();
    let schema = match &question.form {
        Form::Fields(schema) => schema.as_object().cloned().unwrap_or_default(),
        #[cfg(feature = "client")]
        Form::Page(url) => {
            let (url, elicitation_id) = (url.clone(), uuid::Uuid::new_v4().to_string());
            return Ok(ElicitRequestParams::UrlElicitationParams { meta: None, message, url, elicitation_id });
        }
    };
    let requested_schema =
        ElicitationSchema::from_json_schema(schema).map_err(|error| AskError::Unaskable(error.to_string()))?;
    Ok(ElicitRequestParams::FormElicitationParams { meta: None, message, requested_schema })
}

/// What a client can show to its person.
#[derive(Clone, Copy)]
pub(super) struct Shows {
    pub(super) fields: bool,
    #[cfg_attr(not(feature = "client"), allow(dead_code))]
    pub(super) pages: bool,
}

impl Shows {
    /// One that says nothing more of it shows fields: so it was before there was anything else.
    pub(super) fn of(can: Option<&ElicitationCapability>) -> Self {
        let pages = can.is_some_and(|can| can.url.is_some());
        Self { fields: can.is_some_and(|can| can.form.is_some() || !pages), pages }
    }

    pub(super) fn question(self, question: &Question) -> bool {
        match question.form {
            Form::Fields(_) => self.fields,
            #[cfg(feature = "client")]
            Form::Page(_) => self.pages,
        }
    }
}

/// Tells the node that nobody will answer.
pub(super) fn by_nobody(question: Question) {
    let why = form(&question).err().unwrap_or(AskError::Nobody);
    // A node that asks no more has gone, and so has its question.
    let _ = question.answer.send(Err(why));
}

/// Whether the client answered the question, be it with a no.
pub(super) fn is_answer(question: &Question, response: &Value) -> bool {
    serde_json::from_value::<ElicitResult>(response.clone()).is_ok_and(|result| match result.action {
        ElicitationAction::Accept => (question.reads)(&result.content.unwrap_or_default()),
        _ => true,
    })
}

/// Gives the node what the client answered.
pub(super) fn give(question: Question, response: Value) {
    let answer = serde_json::from_value::<ElicitResult>(response)
        .map_err(|error| AskError::Unreadable(error.to_string()))
        .and_then(content);
    let _ = question.answer.send(answer);
}

fn content(result: ElicitResult) -> Result<Value, AskError> {
    match result.action {
        ElicitationAction::Accept => Ok(result.content.unwrap_or_default()),
        ElicitationAction::Decline => Err(AskError::Declined),
        _ => Err(AskError::Dismissed),
    }
}

/// Asks by a request to the client, and waits.
pub(super) async fn by_request(peer: Peer<RoleServer>, question: Question) {
    let answer = match form(&question) {
        Ok(form) => match peer.create_elicitation(form).await {
            Ok(result) => content(result),
            Err(_) => Err(AskError::Gone),
        },
        Err(unaskable) => Err(unaskable),
    };
    let _ = question.answer.send(answer);
}

/// Asks through the task that the call has become, and waits.
pub(super) async fn by_task(task: TaskContext, key: String, question: Question) {
    match form(&question) {
        Ok(form) => match task.request_input(key, InputRequest::Elicitation(Request::new(form))).await {
            Ok(response) => give(question, response),
            Err(_) => drop(question.answer.send(Err(AskError::Gone))),
        },
        Err(unaskable) => drop(question.answer.send(Err(unaskable))),
    }
}
