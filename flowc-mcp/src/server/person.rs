//! A person that a run can ask.

#[cfg(feature = "client")]
mod handled;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use flowc::Context;
use flowc::schema::schemars::{JsonSchema, generate::SchemaSettings, transform::AddNullable};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

#[cfg(feature = "client")]
use crate::Elicitation;

/// The person who sits at the client: a node asks, and its step waits for the answer. It is a resource like any other, and the server
/// is given a clone of it.
///
/// The client shows the question as a form with the fields of the answer's type: texts, numbers, booleans and enums. It reaches the
/// client in whichever way the client knows: as an elicitation, by answering the call with what is needed, or through the call's task.
///
/// ```
/// use flowc::{Context, Engine, Resources, node, workflow};
/// use flowc_mcp::server::{AskError, McpServer, Person};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Approval {
///     /// Whether it may be sent.
///     approved: bool,
/// }
///
/// #[node]
/// async fn approve(text: &str, #[resource] person: &Person, #[context] cx: &Context) -> Result<bool, AskError> {
///     let approval: Approval = person.ask(cx, &format!("Send this? {text}")).await?;
///     Ok(approval.approved)
/// }
///
/// workflow! {
///     /// Sends a text if a person agrees.
///     fn publish(text: String) -> bool { approve(&text) }
/// }
///
/// #[derive(Resources)]
/// struct App {
///     person: Person,
/// }
///
/// let person = Person::new();
/// let engine = Engine::builder().resources(App { person: person.clone() }).build();
/// let server = McpServer::new(engine).person(&person).workflow::<publish>();
/// # let _ = server;
/// ```
/// A tool that a step calls may ask a person, too. With the feature `client` a `Person` is an [`InputHandler`](crate::InputHandler):
/// given to the [servers](crate::Builder::input_handler) whose tools are called, it asks the client that started the run. Runs that no
/// client started ask whoever [`or`](Self::or) names.
#[derive(Clone, Default)]
pub struct Person {
    seats: Arc<Mutex<HashMap<String, mpsc::UnboundedSender<Question>>>>,
    #[cfg(feature = "client")]
    or: Option<Arc<dyn crate::InputHandler>>,
}

/// What a node asks.
pub(super) struct Question {
    /// The path of the step that asks, below its workflow: the same in each run.
    pub(super) key: String,
    pub(super) message: String,
    /// Whether this can be read as an answer.
    pub(super) reads: fn(&Value) -> bool,
    pub(super) form: Form,
    pub(super) answer: oneshot::Sender<Result<Value, AskError>>,
}

/// How a question is shown.
pub(super) enum Form {
    /// Fields to fill in: the schema of a flat object.
    Fields(Value),
    /// An address to open.
    #[cfg(feature = "client")]
    Page(String),
}

impl Person {
    /// Nobody is asked yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks, and waits for the answer. The context says which run it is, and so which client.
    ///
    /// # Errors
    /// Nobody can be asked, the person does not want to answer, or the answer is not a `T`.
    pub async fn ask<T: DeserializeOwned + JsonSchema>(&self, cx: &Context, message: &str) -> Result<T, AskError> {
        let reads: fn(&Value) -> bool = |value| T::deserialize(value).is_ok();
        let answer = self.ask_client(cx, message, Form::Fields(schema::<T>()), reads).await;
        #[cfg(feature = "client")]
        let answer = match (answer, &self.or) {
            (Err(AskError::Nobody), Some(other)) => {
                let server = cx.step().split('/').next().unwrap_or_default().to_owned();
                let asked = Elicitation::Form { server, message: message.to_owned(), schema: schema::<T>() };
                handled::content(other.elicit_in(&asked, cx).await)
            }
            (answer, _) => answer,
        };
        serde_json::from_value(answer?).map_err(|error| AskError::Unreadable(error.to_string()))
    }

    /// Asks the client that started the run.
    async fn ask_client(
        &self,
        cx: &Context,
        message: &str,
        form: Form,
        reads: fn(&Value) -> bool,
    ) -> Result<Value, AskError> {
        let seat = cx.correlation_id().and_then(|call| self.seats().get(call).cloned());
        let (answer, answered) = oneshot::channel();
        let step = cx.step();
        let key = step.split_once('/').map_or(step, |(_, below)| below).to_owned();
        let question = Question { key, message: message.to_owned(), reads, form, answer };
        seat.ok_or(AskError::Nobody)?.send(question).map_err(|_| AskError::Nobody)?;
        answered.await.map_err(|_| AskError::Gone)?
    }

    /// From now on the run of this call can ask, until the seat goes.
    pub(super) fn seat(&self, call: &str) -> Seat {
        let (sender, questions) = mpsc::unbounded_channel();
        self.seats().insert(call.to_owned(), sender);
        Seat { person: self.clone(), call: call.to_owned(), questions }
    }

    fn seats(&self) -> MutexGuard<'_, HashMap<String, mpsc::UnboundedSender<Question>>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person").finish_non_exhaustive()
    }
}

/// Where the questions of one run arrive.
pub(super) struct Seat {
    person: Person,
    call: String,
    questions: mpsc::UnboundedReceiver<Question>,
}

impl Seat {
    pub(super) async fn next(&mut self) -> Option<Question> {
        self.questions.recv().await
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.person.seats().remove(&self.call);
    }
}

/// Clients know the older dialect, and neither references nor types that are lists.
fn schema<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
        settings.transforms = vec![Box::new(AddNullable::default())];
    });
    settings.into_generator().into_root_schema_for::<T>().into()
}

/// Why there is no answer from a [`Person`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// The run was not started by a client, or its client cannot show questions.
    #[error("nobody can be asked: the client that called shows no questions to a person")]
    Nobody,
    /// The person does not want to answer.
    #[error("the person declined to answer")]
    Declined,
    /// The person closed the question.
    #[error("the person closed the question without an answer")]
    Dismissed,
    /// The client went away, or nothing came in time.
    #[error("no answer came: the client is gone, or the time to answer is up")]
    Gone,
    /// The answer is of another type.
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
    /// The question cannot be shown as a form.
    #[error("the question cannot be asked: {0}")]
    Unaskable(String),
}
