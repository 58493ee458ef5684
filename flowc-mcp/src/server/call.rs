//! One call of a tool, from its arguments to its result.

use std::sync::Arc;

use flowc::{CancelToken, EventKind};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ErrorData, InputRequest, InputRequests,
    InputRequiredResult, InputResponses, MetaObject, ProgressNotificationParam, ProgressToken, Request,
};
use rmcp::service::{Peer, RequestContext};
use rmcp::task_manager::{TaskContext, TaskExit, TaskOptions};
use rmcp::{RoleServer, model::ProtocolVersion};
use serde_json::Value;
use tokio::time::{Instant, sleep_until};

use super::ask::{self, Shows, Way};
use super::auth::Caller;
use super::person::{Question, Seat};
use super::progress::Progress;
use super::shared::{Permit, Shared};
use super::tool::{Broken, Outcome, RESULT, Served, Start, Started};

/// A call under way. Its run is cancelled when this goes.
pub(super) struct Live {
    served: Served,
    started: Started,
    seat: Option<Seat>,
    progress: Progress,
    /// What the person was asked and has not answered.
    asked: Vec<Question>,
    /// Answers that came before they were asked for.
    given: InputResponses,
    /// What its client can show.
    shows: Shows,
    cancel: CancelToken,
    _permit: Permit,
}

impl Drop for Live {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// Where a call stands when it has to be answered.
enum Turn {
    Ended(Outcome),
    Asks(Question),
    /// It takes so long that it goes on as a task.
    Late,
    Cancelled,
}

/// Answers a call: a new one, or one that goes on with what its client was asked for.
pub(super) async fn answer(
    shared: &Arc<Shared>,
    caller: Option<&Caller>,
    request: CallToolRequestParams,
    context: RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let mut live = match request.request_state.as_deref().map(|state| shared.parked.take(state)) {
        Some(Some(mut live)) => {
            if !live.answered(request.input_responses.unwrap_or_default()) {
                // Something is still open: the client is asked once more, and the run waits on.
                return Ok(park(shared, live).into());
            }
            live
        }
        Some(None) => {
            let lost = "nothing waits with this `requestState`: it was answered before, its time is up, or it was changed on the way";
            return Err(ErrorData::invalid_params(lost, None));
        }
        None => match begin(shared, caller, &request, &context).await? {
            Ok(live) => live,
            Err(refused) => return Ok(refused.into()),
        },
    };
    let client = Client::of(&context);
    let late = client.knows_tasks.then(|| Instant::now() + shared.parts.limits.task_after);
    let mut asking = FuturesUnordered::new();
    loop {
        let turn = tokio::select! {
            turn = live.turn(client.tells.as_ref(), late) => turn,
            Some(()) = asking.next(), if !asking.is_empty() => continue,
            () = context.ct.cancelled() => Turn::Cancelled,
        };
        match turn {
            Turn::Ended(outcome) => return Ok(live.result(outcome).into()),
            Turn::Cancelled => return Err(ErrorData::internal_error("the call was cancelled by the client", None)),
            Turn::Late => return Ok(into_task(shared, live).into()),
            Turn::Asks(question) => match client.way {
                Way::Rounds if ask::form(&question).is_err() => ask::by_nobody(question),
                Way::Rounds => {
                    live.ask(question);
                    if !live.asked.is_empty() {
                        return Ok(park(shared, live).into());
                    }
                }
                Way::Request => asking.push(ask::by_request(context.peer.clone(), question)),
            },
        }
    }
}

/// Starts the run, or says as the tool's result why not.
async fn begin(
    shared: &Arc<Shared>,
    caller: Option<&Caller>,
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<Result<Live, CallToolResult>, ErrorData> {
    let Some(served) = shared.parts.tools.get(&*request.name) else {
        let known: Vec<&str> = shared.parts.tools.keys().map(String::as_str).collect();
        let why = format!("there is no tool `{}`; the tools are `{}`", request.name, known.join("`, `"));
        return Err(ErrorData::invalid_params(why, None));
    };
    let permit = match shared.admit(caller, context).await {
        Ok(permit) => permit,
        Err(refused) => return Ok(Err(failed(&refused.to_string(), "wait a moment, and call again"))),
    };
    let call = shared.next_call();
    // Before the run begins, which may ask at once.
    let seat = shared.parts.person.as_ref().map(|person| person.seat(&call));
    let cancel = shared.stop.child();
    let start = Start {
        call,
        traceparent: context.meta.get_traceparent().map(str::to_owned),
        timeout: shared.parts.limits.call_timeout,
        cancel: cancel.clone(),
    };
    let arguments = request.arguments.clone().unwrap_or_default();
    let started = match (served.start)(Value::Object(arguments), start) {
        Ok(started) => started,
        Err(wrong) => {
            let help = "the tool's input schema says what it takes";
            return Ok(Err(failed(&wrong.to_string(), help)));
        }
    };
    let (served, progress) = (served.clone(), Progress::new());
    let given = request.input_responses.clone().unwrap_or_default();
    let shows = Shows::of(context.client_capabilities().and_then(|can| can.elicitation).as_ref());
    Ok(Ok(Live { served, started, seat, progress, asked: Vec::new(), given, shows, cancel, _permit: permit }))
}

/// What the client that calls can do.
struct Client {
    tells: Option<(Peer<RoleServer>, ProgressToken)>,
    knows_tasks: bool,
    way: Way,
}

impl Client {
    fn of(context: &RequestContext<RoleServer>) -> Self {
        let capabilities = context.client_capabilities();
        let rounds = context
            .protocol_version()
            .is_some_and(|version| version.as_str() >= ProtocolVersion::V_2026_07_28.as_str());
        Self {
            tells: context.meta.get_progress_token().map(|token| (context.peer.clone(), token)),
            knows_tasks: capabilities.is_some_and(|can| can.supports_tasks()),
            way: if rounds { Way::Rounds } else { Way::Request },
        }
    }
}

impl Live {
    /// Goes on until something has to be said to the client.
    async fn turn(&mut self, tells: Option<&(Peer<RoleServer>, ProgressToken)>, late: Option<Instant>) -> Turn {
        let Self { started: Started { events, result }, seat, progress, served, shows, .. } = self;
        loop {
            tokio::select! {
                biased;
                Some(event) = events.next() => {
                    if let (Some((peer, token)), Some(told)) = (tells, progress.of(&event)) {
                        let mut note = ProgressNotificationParam::new(token.clone(), told.done).with_message(told.message);
                        if let Some(steps) = served.steps {
                            note = note.with_total(f64::from(steps));
                        }
                        // A client that is gone is found out by its call.
                        let _ = peer.notify_progress(note).await;
                    }
                    if matches!(event.kind, EventKind::RunFinished { .. }) {
                        return Turn::Ended(result.await);
                    }
                }
                outcome = &mut *result => return Turn::Ended(outcome),
                Some(question) = next(seat) => {
                    if shows.question(&question) {
                        return Turn::Asks(question);
                    }
                    ask::by_nobody(question);
                }
                () = at(late) => return Turn::Late,
            }
        }
    }

    /// The result as the client reads it.
    fn result(&self, outcome: Outcome) -> CallToolResult {
        match outcome {
            Ok(_) if self.served.silent => CallToolResult::success(vec![ContentBlock::text("done")]),
            Ok(output) => {
                let text = match &output {
                    Value::String(text) => text.clone(),
                    output => output.to_string(),
                };
                let structured = if self.served.wrapped { serde_json::json!({ RESULT: output }) } else { output };
                let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
                result.structured_content = Some(structured);
                result
            }
            Err(Broken { text, problem }) => {
                let mut result = CallToolResult::error(vec![ContentBlock::text(text)]);
                if let Some(problem) = problem {
                    let mut meta = MetaObject::new();
                    meta.0.insert("flowc/problem".to_owned(), problem);
                    result.meta = Some(meta);
                }
                result
            }
        }
    }

    /// Gives the answers on. Whether nothing is open any more.
    fn answered(&mut self, mut responses: InputResponses) -> bool {
        for question in std::mem::take(&mut self.asked) {
            match responses.remove(&question.key) {
                Some(response) if ask::is_answer(&question, &response) => ask::give(question, response),
                // What is no answer is asked once more.
                _ => self.asked.push(question),
            }
        }
        self.asked.is_empty()
    }

    /// Notes a question, unless its answer came before it.
    fn ask(&mut self, mut question: Question) {
        match self.given.remove(&question.key) {
            Some(response) if ask::is_answer(&question, &response) => ask::give(question, response),
            _ => {
                if self.asked.iter().any(|open| open.key == question.key) {
                    question.key = format!("{}-{}", question.key, self.asked.len());
                }
                self.asked.push(question);
            }
        }
    }
}

async fn next(seat: &mut Option<Seat>) -> Option<Question> {
    match seat {
        Some(seat) => seat.next().await,
        None => None,
    }
}

async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// The client is told what is needed; the run waits for it, for a while.
fn park(shared: &Arc<Shared>, live: Live) -> InputRequiredResult {
    let mut requests = InputRequests::new();
    for question in &live.asked {
        // Those that make no form were answered so before.
        if let Ok(form) = ask::form(question) {
            requests.insert(question.key.clone(), InputRequest::Elicitation(Request::new(form)));
        }
    }
    let state = shared.parked.put(live);
    InputRequiredResult::new(Some(requests), Some(state))
}

/// The call goes on as a task that the client asks for.
fn into_task(shared: &Arc<Shared>, live: Live) -> rmcp::model::CreateTaskResult {
    let kept = u64::try_from(shared.parts.limits.task_kept.as_millis()).unwrap_or(u64::MAX);
    let options = TaskOptions::new().with_ttl_ms(kept);
    let keys = Arc::clone(shared);
    let task = shared.tasks.spawn(options, |task| Box::pin(on_as_task(keys, live, task)));
    rmcp::model::CreateTaskResult::new(task)
}

async fn on_as_task(shared: Arc<Shared>, mut live: Live, task: TaskContext) -> Result<CallToolResult, TaskExit> {
    let mut asking = FuturesUnordered::new();
    loop {
        let turn = tokio::select! {
            turn = live.turn(None, None) => turn,
            Some(()) = asking.next(), if !asking.is_empty() => continue,
            () = task.cancelled() => Turn::Cancelled,
            () = shared.stop.cancelled() => Turn::Cancelled,
        };
        match turn {
            Turn::Ended(outcome) => return Ok(live.result(outcome)),
            Turn::Asks(question) => asking.push(ask::by_task(task.clone(), shared.unique(&question.key), question)),
            Turn::Late | Turn::Cancelled => return Err(TaskExit::Cancelled),
        }
    }
}

/// A result that says what went wrong, and what can be done about it.
fn failed(why: &str, help: &str) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(format!("{why}\nhelp: {help}"))])
}
