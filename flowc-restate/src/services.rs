//! What a deployment offers to Restate: for each workflow its runs, its nodes, and the mailboxes of its runs.

use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use flowc::FailureKind;
use flowc::remote::{Call, Program};
use restate_sdk::context::RequestTarget;
use restate_sdk::context::macro_support::SealedDurableFuture as _;
use restate_sdk::discovery::{
    Handler, HandlerName, HandlerType, InputPayload, OutputPayload, ServiceName, ServiceType,
};
use restate_sdk::endpoint::{ContextInternal, Error};
use restate_sdk::errors::{HandlerError, HandlerResult, TerminalError};
use restate_sdk::serde::Json;
use restate_sdk::service::macro_support::{ServiceBoxFuture, service_definition};
use restate_sdk::service::{Service, ServiceDefinition};
use serde_json::value::RawValue;

use crate::drive::drive;
use crate::queue::Queue;
use crate::wire::{CallWire, LetterWire, OutcomeWire, SignalWire, StartWire, number, place};

/// A node may take this long before Restate thinks that nothing happens any more.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// One workflow of a deployment.
pub(crate) struct Served<R> {
    pub(crate) app: Arc<R>,
    pub(crate) program: Program<R>,
    pub(crate) names: Names,
}

/// The names of its services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) runs: String,
    pub(crate) mail: String,
    /// It has the steps of the workflow in its name: a run calls the nodes that it began with, also when newer ones are there.
    pub(crate) nodes: String,
}

impl Names {
    pub(crate) fn of<R: Send + Sync + 'static>(program: &Program<R>) -> Self {
        let name = program.name();
        let steps = number(program.outline().as_bytes());
        let steps = (steps >> 64) ^ (steps & u128::from(u64::MAX));
        Self { runs: name.to_owned(), mail: mail(name), nodes: format!("{name}.nodes-{steps:016x}") }
    }
}

/// The mailboxes of the runs of a workflow.
pub(crate) fn mail(workflow: &str) -> String {
    format!("{workflow}.signals")
}

/// What the handlers are called.
pub(crate) const RUN: &str = "run";
const KEEP: &str = "keep";
pub(crate) const POST: &str = "post";

/// The services of a workflow.
///
/// # Errors
/// Restate does not take one of their names.
pub(crate) fn services<R: Send + Sync + 'static>(served: &Arc<Served<R>>) -> Result<Vec<ServiceDefinition>, String> {
    let Names { runs, mail, nodes } = &served.names;
    let runs = definition(
        runs,
        ServiceType::Workflow,
        [handler(RUN, Some(HandlerType::Workflow))?, handler(KEEP, Some(HandlerType::Shared))?],
    )?;
    let mail = definition(mail, ServiceType::VirtualObject, [handler(POST, None)?])?;
    let handlers = served.program.nodes().map(|node| handler(node, None)).collect::<Result<Vec<_>, _>>()?;
    let mut services = vec![
        service_definition(Runs(Arc::clone(served)), runs),
        service_definition(Mailboxes(served.names.runs.clone()), mail),
    ];
    // A workflow whose steps all wait has no nodes, and Restate knows no service without handlers.
    if !handlers.is_empty() {
        let mut nodes = definition(nodes, ServiceType::Service, handlers)?;
        nodes.ingress_private = Some(true);
        nodes.inactivity_timeout = u64::try_from(PATIENCE.as_millis()).ok();
        services.push(service_definition(Nodes(Arc::clone(served)), nodes));
    }
    Ok(services)
}

fn definition(
    name: &str,
    ty: ServiceType,
    handlers: impl IntoIterator<Item = Handler>,
) -> Result<restate_sdk::discovery::Service, String> {
    let name = ServiceName::try_from(name.to_owned())
        .map_err(|_| format!("Restate takes no service called `{name}`: it has letters, digits, `.`, `_` and `-`"))?;
    Ok(restate_sdk::discovery::Service {
        ty,
        name,
        handlers: handlers.into_iter().collect(),
        documentation: None,
        metadata: std::collections::HashMap::default(),
        abort_timeout: None,
        inactivity_timeout: None,
        journal_retention: None,
        idempotency_retention: None,
        enable_lazy_state: None,
        ingress_private: None,
        retry_policy_initial_interval: None,
        retry_policy_max_interval: None,
        retry_policy_max_attempts: None,
        retry_policy_exponentiation_factor: None,
        retry_policy_on_max_attempts: None,
    })
}

fn handler(name: &str, ty: Option<HandlerType>) -> Result<Handler, String> {
    Ok(Handler {
        name: HandlerName::try_from(name.to_owned())
            .map_err(|_| format!("Restate takes no handler called `{name}`"))?,
        input: Some(InputPayload::from_metadata::<Json<()>>()),
        output: Some(OutputPayload::from_metadata::<Json<()>>()),
        ty,
        documentation: None,
        metadata: std::collections::HashMap::default(),
        abort_timeout: None,
        inactivity_timeout: None,
        journal_retention: None,
        idempotency_retention: None,
        workflow_completion_retention: None,
        enable_lazy_state: None,
        ingress_private: None,
        retry_policy_initial_interval: None,
        retry_policy_max_interval: None,
        retry_policy_max_attempts: None,
        retry_policy_exponentiation_factor: None,
        retry_policy_on_max_attempts: None,
    })
}

/// The runs of a workflow.
struct Runs<R>(Arc<Served<R>>);

impl<R: Send + Sync + 'static> Service for Runs<R> {
    type Future = ServiceBoxFuture;

    fn handle(&self, ctx: ContextInternal) -> ServiceBoxFuture {
        let served = Arc::clone(&self.0);
        Box::pin(async move {
            match ctx.handler_name() {
                RUN => {
                    let (Json(start), told) = ctx.input::<Json<StartWire>>().await;
                    let ended = run(&served, &ctx, start.into_start(&told.key)).await;
                    ctx.handle_handler_result(ended);
                }
                KEEP => {
                    let (Json(letter), _) = ctx.input::<Json<LetterWire>>().await;
                    ctx.resolve_promise(&letter.place, Json(letter.value));
                    ctx.handle_handler_result(Ok(()));
                }
                other => return Err(Error::unknown_handler(ctx.service_name(), other)),
            }
            ctx.end();
            Ok(())
        })
    }
}

async fn run<R: Send + Sync + 'static>(
    served: &Served<R>,
    ctx: &ContextInternal,
    start: flowc::remote::Start,
) -> HandlerResult<Json<Box<RawValue>>> {
    let queue = Arc::new(Queue::default());
    let timeout = start.timeout;
    let body = served.program.run(Arc::clone(&served.app), start, Arc::clone(&queue) as _);
    match drive(ctx, &served.names.nodes, body, queue, timeout).await? {
        Ok(output) => Ok(Json(RawValue::from_string(output)?)),
        // A run that has failed is over: Restate is not to try it again.
        Err(failure) => Err(TerminalError::new_with_code(code(failure.kind()), failure.to_string()).into()),
    }
}

/// What Restate shows of a failure besides its text, in the numbers of HTTP.
fn code(kind: FailureKind) -> u16 {
    match kind {
        FailureKind::Timeout => 504,
        FailureKind::Breaker | FailureKind::Rate | FailureKind::Concurrency => 503,
        _ => 500,
    }
}

/// The nodes of a workflow.
struct Nodes<R>(Arc<Served<R>>);

impl<R: Send + Sync + 'static> Service for Nodes<R> {
    type Future = ServiceBoxFuture;

    fn handle(&self, ctx: ContextInternal) -> ServiceBoxFuture {
        let served = Arc::clone(&self.0);
        Box::pin(async move {
            let node = ctx.handler_name().to_owned();
            let (Json(call), _) = ctx.input::<Json<CallWire>>().await;
            let result = ctx.run(|| called(&served, &ctx, call.into_call(&node))).await.map_err(HandlerError::from);
            ctx.handle_handler_result(result);
            ctx.end();
            Ok(())
        })
    }
}

/// Calls a node, unless the call is cancelled before it ends: then the node is dropped.
///
/// This is inside of what Restate journals as one, because it waits for something that never comes: outside, it would be waited for once more
/// after a crash, where the journal has what the node gave and nothing else.
async fn called<R: Send + Sync + 'static>(
    served: &Served<R>,
    ctx: &ContextInternal,
    call: Call,
) -> HandlerResult<Json<OutcomeWire>> {
    let mut call = served.program.call(Arc::clone(&served.app), call);
    // Nobody ever sends this signal: waiting for it, the invocation hears when it is cancelled.
    let never = ctx.signal::<()>("flowc.never");
    let mut cancelled = pin!(ctx.select(vec![never.handle()]));
    let outcome = poll_fn(|task| {
        if let Poll::Ready(outcome) = call.as_mut().poll(task) {
            return Poll::Ready(Ok(outcome));
        }
        cancelled.as_mut().poll(task).map(|ended| Err(ended.err()))
    });
    match outcome.await {
        Ok(outcome) => Ok(Json(OutcomeWire::of(outcome)?)),
        Err(cancelled) => Err(cancelled.unwrap_or_else(|| TerminalError::new_with_code(409, "cancelled")).into()),
    }
}

/// The mailboxes of the runs of a workflow, one for each run: they give each signal its place.
struct Mailboxes(String);

impl Service for Mailboxes {
    type Future = ServiceBoxFuture;

    fn handle(&self, ctx: ContextInternal) -> ServiceBoxFuture {
        let runs = self.0.clone();
        Box::pin(async move {
            let (Json(signal), told) = ctx.input::<Json<SignalWire>>().await;
            let result = post(&ctx, &runs, told.key, signal).await.map_err(HandlerError::from);
            ctx.handle_handler_result(result);
            ctx.end();
            Ok(())
        })
    }
}

/// Whether the signal is new, and passes it on if it is.
async fn post(ctx: &ContextInternal, runs: &str, run: String, signal: SignalWire) -> Result<bool, TerminalError> {
    let SignalWire { name, key, value } = signal;
    if let Some(key) = key {
        let seen = format!("key {key}");
        if ctx.get::<bool>(&seen).await?.is_some() {
            return Ok(false);
        }
        ctx.set(&seen, true);
    }
    let count = format!("name {name}");
    let nth = ctx.get::<u64>(&count).await?.unwrap_or_default();
    ctx.set(&count, nth + 1);
    let letter = LetterWire { place: place(&name, nth), value };
    ctx.request::<_, ()>(RequestTarget::workflow(runs, run, KEEP), Json(letter)).send().await?;
    Ok(true)
}
