//! A run on Restate: polled by one loop, which waits for whatever ends first.
//!
//! Futures of the SDK must not be polled side by side: those that end in another order than they were polled in stall. So the run is
//! polled without a waker, what it asks for becomes operations in the order in which it asks, and the loop waits for all of them with one
//! `select`. The journal says which one has ended, so the run goes the same way when it is gone through again.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use flowc::Failure;
use flowc::remote::{Hosted, Outcome};
use restate_sdk::context::{CallFuture, DurableFuture, RequestTarget};
use restate_sdk::endpoint::ContextInternal;
use restate_sdk::errors::TerminalError;
use restate_sdk::serde::Json;
use restate_sdk_shared_core::NotificationHandle;
use serde_json::value::RawValue;

use crate::mail::Mail;
use crate::queue::{Asked, Queue, Slot};
use crate::wire::{CallWire, OutcomeWire, place};

/// How a run ended that was not cancelled.
pub(crate) type Ended = Result<String, Failure>;

/// Drives a run to its end.
///
/// # Errors
/// The run was cancelled, or an operation has failed that a run cannot see.
pub(crate) async fn drive(
    ctx: &ContextInternal,
    nodes: &str,
    mut body: Hosted<Ended>,
    queue: Arc<Queue>,
    timeout: Option<Duration>,
) -> Result<Ended, TerminalError> {
    let (places, mut mail) = (Places::default(), Mail::default());
    let mut running: Vec<Operation<_, _, _>> = Vec::new();
    if let Some(timeout) = timeout {
        running.push(started(ctx, Start::Limit(timeout)));
    }
    loop {
        if let Poll::Ready(ended) = polled(&mut body) {
            // What nobody needs any more is not to go on.
            cancel(&mut running, true).await?;
            return Ok(ended);
        }
        for asked in queue.take() {
            match asked {
                Asked::Call(call, slot) => {
                    let node = call.node.clone();
                    let call = CallWire::of(call).map_err(TerminalError::from_error)?;
                    running.push(started(ctx, Start::Call(nodes, node, call, slot)));
                }
                Asked::Sleep(time, slot) => running.push(started(ctx, Start::Sleep(time, slot))),
                Asked::Signal(name, slot) => mail.wait(&name, slot),
            }
        }
        if mail.deliver() {
            continue;
        }
        for (name, nth) in mail.expected() {
            running.push(started(ctx, Start::Signal(places.keep(place(&name, nth)), name)));
        }
        cancel(&mut running, false).await?;
        if running.iter().all(|operation| matches!(operation, Operation::Limit(_))) {
            return Err(TerminalError::new("the run waits for nothing that could end"));
        }
        let handles = running.iter().map(Operation::handle).collect();
        let ended = ctx.select(handles).await?;
        match running.remove(ended) {
            Operation::Call { call, slot, is_cancelled } => match call.await {
                Ok(outcome) => slot.put(outcome.into_inner().into()),
                // Nobody needed it, and the run goes on.
                Err(_) if is_cancelled => {}
                // A node that fails gives an outcome. This is the call itself: somebody has cancelled or killed it, say.
                Err(error) => {
                    cancel(&mut running, true).await?;
                    return Err(error);
                }
            },
            Operation::Sleep(sleep, slot) => {
                sleep.await?;
                slot.put(());
            }
            Operation::Limit(limit) => {
                limit.await?;
                cancel(&mut running, true).await?;
                return Err(TerminalError::new_with_code(504, late(timeout)));
            }
            Operation::Signal(signal, name) => {
                let value = signal.await?.into_inner();
                mail.arrived(&name, value.get().to_owned());
            }
        }
    }
}

fn polled(body: &mut Hosted<Ended>) -> Poll<Ended> {
    body.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

fn late(timeout: Option<Duration>) -> String {
    format!("the run did not end within its {:?}", timeout.unwrap_or_default())
}

/// Cancels calls that go on though nobody needs them: those whose steps were dropped, or all.
async fn cancel<C: CallFuture, S, P>(running: &mut [Operation<C, S, P>], all: bool) -> Result<(), TerminalError> {
    for operation in running {
        if let Operation::Call { call, slot, is_cancelled } = operation
            && (all || slot.is_dropped())
            && !*is_cancelled
        {
            *is_cancelled = true;
            call.as_ref().get_ref().invocation_handle().await?.cancel();
        }
    }
    Ok(())
}

/// What is to be started.
enum Start<'a> {
    Call(&'a str, String, CallWire, Slot<Outcome>),
    Sleep(Duration, Slot<()>),
    Limit(Duration),
    Signal(&'a str, Arc<str>),
}

/// What a run waits for.
enum Operation<C, S, P> {
    Call {
        call: Pin<Box<C>>,
        slot: Slot<Outcome>,
        is_cancelled: bool,
    },
    Sleep(Pin<Box<S>>, Slot<()>),
    /// The time that the whole run has.
    Limit(Pin<Box<S>>),
    Signal(Pin<Box<P>>, Arc<str>),
}

impl<C: DurableFuture, S: DurableFuture, P: DurableFuture> Operation<C, S, P> {
    fn handle(&self) -> NotificationHandle {
        match self {
            Self::Call { call, .. } => call.as_ref().get_ref().handle(),
            Self::Sleep(sleep, _) | Self::Limit(sleep) => sleep.as_ref().get_ref().handle(),
            Self::Signal(signal, _) => signal.as_ref().get_ref().handle(),
        }
    }
}

#[allow(clippy::type_complexity, reason = "types of the SDK that have no names")]
fn started<'a>(
    ctx: &'a ContextInternal,
    start: Start<'a>,
) -> Operation<
    impl CallFuture<Response = Json<OutcomeWire>> + Send + use<'a>,
    impl DurableFuture<Output = Result<(), TerminalError>> + Send + use<'a>,
    impl DurableFuture<Output = Result<Json<Box<RawValue>>, TerminalError>> + Send + use<'a>,
> {
    match start {
        Start::Call(nodes, node, call, slot) => {
            let target = RequestTarget::service(nodes, node);
            let request = ctx.request::<_, Json<OutcomeWire>>(target, Json(call));
            Operation::Call { call: Box::pin(request.call()), slot, is_cancelled: false }
        }
        Start::Sleep(time, slot) => Operation::Sleep(Box::pin(ctx.sleep(time)), slot),
        Start::Limit(time) => Operation::Limit(Box::pin(ctx.sleep(time))),
        Start::Signal(place, name) => Operation::Signal(Box::pin(ctx.promise(place)), name),
    }
}

/// The names of promises: what waits for one borrows its name, so they stay until the run is over.
#[derive(Default)]
struct Places {
    name: OnceLock<String>,
    rest: OnceLock<Box<Places>>,
}

impl Places {
    fn keep(&self, name: String) -> &str {
        let mut last = self;
        while last.name.get().is_some() {
            last = last.rest.get_or_init(Box::default);
        }
        last.name.get_or_init(|| name)
    }
}
