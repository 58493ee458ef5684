use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;

use flowc::journal::{Json, Storable, StorableInputs};
use flowc::remote::Start;
use flowc::{Delivery, Options, Prepared, RunId, Workflow};
use serde::{Deserialize, Serialize};

use crate::admin::Admin;
use crate::error::{ClientError, RunError};
use crate::http::{Http, segment};
use crate::services::{POST, RUN, mail};
use crate::wire::{SignalWire, StartWire};

/// Starts runs on Restate, and asks for them. It needs the types of the workflows, and neither their resources nor a process that serves them.
///
/// It is cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    ingress: Http,
    admin: Option<Admin>,
}

impl Client {
    /// A client of the ingress at this address, as `http://127.0.0.1:8080`.
    pub fn new(ingress: &str) -> Self {
        Self { ingress: Http::new(ingress), admin: None }
    }

    /// Gives it the admin address, as `http://127.0.0.1:9070`: it can cancel runs then, and ask for their status.
    #[must_use]
    pub fn admin(self, url: &str) -> Self {
        Self { admin: Some(Admin::new(url)), ..self }
    }

    /// Starts a run. It goes on whatever becomes of this process, also if the handle is dropped.
    ///
    /// # Errors
    /// The inputs cannot be written, Restate cannot be asked, or it knows no such workflow.
    pub async fn start<W, O>(&self, workflow: Prepared<'static, W, O>) -> Result<RemoteRun<W>, ClientError>
    where
        W: Workflow,
        W::Output: Storable<W, Json>,
        W::Input<'static>: StorableInputs<W, Json>,
        O: Options,
    {
        self.start_once(&RunId::new().to_string(), workflow).await
    }

    /// The same under a key of yours, the number of an order say: of several starts with one key, the first is one, and all give its handle.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn start_once<W, O>(
        &self,
        key: &str,
        workflow: Prepared<'static, W, O>,
    ) -> Result<RemoteRun<W>, ClientError>
    where
        W: Workflow,
        W::Output: Storable<W, Json>,
        W::Input<'static>: StorableInputs<W, Json>,
        O: Options,
    {
        let start = Start::of(workflow).map_err(ClientError::Unwritable)?;
        let start = StartWire::of(start).map_err(|error| ClientError::Unwritable(error.to_string()))?;
        let run = self.run::<W>(key);
        let answer = self.ingress.post(&format!("{}/{RUN}/send", run.path()), &start).await?;
        if answer.is_ok() { Ok(run) } else { Err(answer.refused()) }
    }

    /// The handle of a run that was started before, by the text of its id or by its key.
    pub fn run<W: Workflow>(&self, key: &str) -> RemoteRun<W> {
        RemoteRun { client: self.clone(), key: key.to_owned(), workflow: PhantomData }
    }

    fn with_admin(&self) -> Result<&Admin, ClientError> {
        self.admin.as_ref().ok_or(ClientError::NoAdmin)
    }
}

/// A run on Restate. Awaiting it gives its result; dropping it changes nothing.
pub struct RemoteRun<W> {
    client: Client,
    key: String,
    workflow: PhantomData<fn() -> W>,
}

#[derive(Deserialize)]
struct Invocation {
    id: String,
    status: String,
    #[serde(default)]
    completion_result: Option<String>,
    #[serde(default)]
    completion_failure: Option<String>,
    #[serde(default)]
    retry_count: Option<u64>,
    #[serde(default)]
    last_failure: Option<String>,
}

#[derive(Deserialize)]
struct Called {
    target: String,
    #[serde(default)]
    last_failure: Option<String>,
}

impl<W: Workflow> RemoteRun<W> {
    /// Its key: the text of its id, where it was given none.
    pub fn key(&self) -> &str {
        &self.key
    }

    fn path(&self) -> String {
        format!("/{}/{}", segment(W::GRAPH.name), segment(&self.key))
    }

    /// Waits for the result. A server that goes away meanwhile is asked again.
    ///
    /// # Errors
    /// The run has failed or was cancelled, or Restate cannot be asked.
    pub async fn result(&self) -> Result<W::Output, RunError>
    where
        W::Output: Storable<W, Json>,
    {
        let answer = self.client.ingress.get(&format!("/restate/workflow{}/attach", self.path())).await?;
        match answer.status {
            200 => <W::Output as Storable<W, Json>>::read(&answer.text)
                .map_err(|why| ClientError::Unreadable { url: answer.url, why }.into()),
            404 => Err(ClientError::Unknown { run: self.key.clone() }.into()),
            409 => Err(RunError::Cancelled),
            _ => Err(RunError::Failed { message: answer.message() }),
        }
    }

    /// Sends a signal: a step [`signal`](flowc::signal()) with this name takes it, now or when it comes to it.
    ///
    /// # Errors
    /// There is no such run, it is over, the value cannot be written, or Restate cannot be asked.
    pub async fn signal<T: Serialize>(&self, name: &str, value: T) -> Result<Delivery, ClientError> {
        // The request may be made twice, and the signal is one.
        self.signal_once(&RunId::new().to_string(), name, value).await
    }

    /// The same where the sender may send it again: of the signals with one key a run gets the first.
    ///
    /// # Errors
    /// As [`signal`](Self::signal).
    pub async fn signal_once<T: Serialize>(&self, key: &str, name: &str, value: T) -> Result<Delivery, ClientError> {
        let value =
            serde_json::value::to_raw_value(&value).map_err(|error| ClientError::Unwritable(error.to_string()))?;
        let ingress = &self.client.ingress;
        match ingress.get(&format!("/restate/workflow{}/output", self.path())).await?.status {
            404 => return Err(ClientError::Unknown { run: self.key.clone() }),
            // It has no output yet.
            470 => {}
            _ => return Err(ClientError::Over { run: self.key.clone() }),
        }
        let mailbox = format!("/{}/{}/{POST}", mail(W::GRAPH.name), segment(&self.key));
        let signal = SignalWire { name: name.to_owned(), key: Some(key.to_owned()), value };
        let is_new: bool = ingress.post(&mailbox, &signal).await?.json()?;
        Ok(if is_new { Delivery::Delivered } else { Delivery::Duplicate })
    }

    /// Cancels it, with the nodes that are being called. It ends soon after.
    ///
    /// # Errors
    /// There is no such run, the client has no [admin address](Client::admin), or Restate cannot be asked.
    pub async fn cancel(&self) -> Result<(), ClientError> {
        let id = self.invocation().await?.id;
        self.client.with_admin()?.cancel(&id).await
    }

    /// What it is doing.
    ///
    /// # Errors
    /// As [`cancel`](Self::cancel).
    pub async fn status(&self) -> Result<RemoteStatus, ClientError> {
        let run = self.invocation().await?;
        let state = match (&*run.status, run.completion_result.as_deref(), run.completion_failure) {
            ("completed", Some("success"), _) => RemoteState::Finished,
            ("completed", _, Some(failure)) if failure.starts_with("[409]") => RemoteState::Cancelled,
            ("completed", _, failure) => RemoteState::Failed(failure.unwrap_or_default()),
            ("backing-off" | "paused", ..) => RemoteState::Stuck(run.last_failure.unwrap_or_default()),
            _ => RemoteState::Running,
        };
        let query = format!(
            "select target, last_failure from sys_invocation where invoked_by_id = '{}' and status <> 'completed'",
            quoted(&run.id)
        );
        let called: Vec<Called> = self.client.with_admin()?.query(query).await?;
        let node = |target: &str| target.rsplit('/').next().unwrap_or(target).to_owned();
        let steps =
            called.into_iter().map(|call| RemoteStep { node: node(&call.target), last_failure: call.last_failure });
        Ok(RemoteStatus { state, steps: steps.collect(), retries: run.retry_count.unwrap_or_default() })
    }

    async fn invocation(&self) -> Result<Invocation, ClientError> {
        let query = format!(
            "select id, status, completion_result, completion_failure, retry_count, last_failure from sys_invocation \
             where target_service_name = '{}' and target_service_key = '{}' and target_handler_name = '{RUN}'",
            quoted(W::GRAPH.name),
            quoted(&self.key)
        );
        let found: Vec<Invocation> = self.client.with_admin()?.query(query).await?;
        found.into_iter().next().ok_or_else(|| ClientError::Unknown { run: self.key.clone() })
    }
}

/// Between `'`s of a query.
fn quoted(text: &str) -> String {
    text.replace('\'', "''")
}

impl<W> IntoFuture for RemoteRun<W>
where
    W: Workflow,
    W::Output: Storable<W, Json>,
{
    type Output = Result<W::Output, RunError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.result().await })
    }
}

impl<W> fmt::Debug for RemoteRun<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteRun").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What a run on Restate is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RemoteStatus {
    /// Where it is.
    pub state: RemoteState,
    /// The nodes that are being called.
    pub steps: Vec<RemoteStep>,
    /// How often Restate has asked a process again, because one went away say.
    pub retries: u64,
}

/// Where a run on Restate is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RemoteState {
    /// It is going on, or waits.
    Running,
    /// Restate tries again and again to go on with it, and this is what it hears: no process answers, say, or the code has changed.
    Stuck(String),
    /// It has a result.
    Finished,
    /// It has failed, and this is what its failure says.
    Failed(String),
    /// Somebody has cancelled it.
    Cancelled,
}

/// A node that is being called.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RemoteStep {
    /// Its name.
    pub node: String,
    /// What Restate has heard when it called it last, if that was not an outcome.
    pub last_failure: Option<String>,
}
