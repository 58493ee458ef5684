//! A run whose steps are called by its host.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Task, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;

use super::host::{Call, Host, Hosted, Outcome};
use super::steps::Wires;
use crate::context::{Context, Sink};
use crate::error::{Failure, FailureKind, Site};
use crate::event::{Chunk, Usage};
use crate::graph::GraphSpec;
use crate::id::Identity;
use crate::journal::{Storable, StorableInputs, StoredFailure};
use crate::prepared::launch_at;
use crate::run::{At, Executor, Frame};
use crate::step::{ResourcesFrom, Step, Workflow};
use crate::sync::{Mutex, lock};
use crate::wait::{WaitFuture, Waited, Wanted};

/// How a workflow is run.
pub(super) type Runner<R> =
    fn(Arc<R>, Arc<Wires>, Arc<Identity>, String, Arc<dyn Host>) -> Hosted<Result<String, Failure>>;

tokio::task_local! {
    /// What is around the run that is polled.
    static AROUND: Arc<Around>;
}

struct Around {
    host: Arc<dyn Host>,
    wires: Arc<Wires>,
    run: Arc<Identity>,
    /// Why the run cannot go on. No `catch` takes it.
    broken: Mutex<Option<Failure>>,
}

impl Around {
    fn breaks(&self, failure: Failure) {
        lock(&self.broken).get_or_insert(failure);
    }
}

/// Runs workflow `W`.
pub(super) fn run<W, R, J>(
    app: Arc<R>,
    wires: Arc<Wires>,
    run: Arc<Identity>,
    inputs: String,
    host: Arc<dyn Host>,
) -> Hosted<Result<String, Failure>>
where
    W: Workflow + ResourcesFrom<R>,
    W::Output: Storable<W, J>,
    W::Input<'static>: StorableInputs<W, J>,
    R: Send + Sync + 'static,
{
    let around = Arc::new(Around { host, wires, run: Arc::clone(&run), broken: Mutex::new(None) });
    let body = Box::pin(async move {
        let fail = |why: String| Failure::new(FailureKind::Journal, Site::of_run(W::GRAPH, &run), why);
        let input =
            StorableInputs::<W, J>::read(&inputs).map_err(|why| fail(format!("its inputs cannot be read: {why}")))?;
        let frame = Frame::known(W::GRAPH, &run);
        let output = launch_at::<W, _>(input, W::resources(&app), At::new(Remotely, &frame)).await?;
        Storable::<W, J>::write(&output).map_err(|why| fail(format!("its result cannot be written: {why}")))
    });
    Box::pin(AROUND.scope(Arc::clone(&around), Breaking { around, body }))
}

/// The outcome of a call that could not be made.
pub(super) fn outcome_of(graph: &'static GraphSpec, run: &Identity, kind: FailureKind, why: String) -> Outcome {
    let failure: Failure = Failure::new(kind, Site::of_run(graph, run), why.clone());
    let stored = StoredFailure::of(&failure, why, None);
    Outcome { failed: true, value: serde_json::to_string(&stored).unwrap_or_default() }
}

/// A run, until it ends or cannot go on.
struct Breaking<B> {
    around: Arc<Around>,
    body: Pin<Box<B>>,
}

impl<B: Future<Output = Result<String, Failure>>> Future for Breaking<B> {
    type Output = Result<String, Failure>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Self::Output> {
        let polled = self.body.as_mut().poll(task);
        match lock(&self.around.broken).take() {
            Some(failure) => Poll::Ready(Err(failure)),
            None => polled,
        }
    }
}

/// Has its nodes called by the host of the run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Remotely;

/// What a step gave.
pub(super) enum Gave<S: Step> {
    /// It is a workflow, or waits.
    Here(S::Ended),
    There(Result<S::Output, Failure<S::Error>>),
}

impl Executor for Remotely {
    type Ended<S: Step> = Gave<S>;

    fn step<S: Step>(
        at: At<'_, Self>,
        input: S::Input<'_>,
        resources: S::Resources<'_>,
    ) -> impl Future<Output = Gave<S>> + Send {
        let is_here = (S::SPEC.is_workflow() || at.found().is_none() || at.waits()) && !S::DRIVEN;
        let work = if is_here {
            Work::Here { future: S::begin::<Self>(input, resources, at) }
        } else {
            Work::There { call: Some(asked::<S>(at, &input)), future: None }
        };
        Remote { at, work, step: std::marker::PhantomData::<fn() -> S> }
    }

    fn settle<S: Step>(ended: Gave<S>, at: At<'_, Self>) -> Result<S::Output, Failure<S::Error>> {
        let failure = match settled::<S>(ended, at) {
            Ok(output) => return Ok(output),
            Err(failure) => failure,
        };
        // Bad input: a `catch` asks for an error that was sent as text only.
        if failure.kind() == FailureKind::Error && failure.error().is_none() {
            let why = "it failed on another machine, and the error that `catch` takes could not be sent";
            let help = "derive `serde::Serialize` and `serde::Deserialize` for the error of the node";
            breaks(at.fail(FailureKind::Journal, why).with_help(help));
        }
        Err(failure)
    }

    fn settle_any<S: Step>(ended: Gave<S>, at: At<'_, Self>) -> Result<S::Output, Failure> {
        settled::<S>(ended, at).map_err(Failure::into_any)
    }

    fn context(at: At<'_, Self>) -> Context {
        let host = AROUND.try_with(|around| Arc::clone(&around.host)).ok();
        Context::new(at.placed(), host.map(|host| Box::new(Waits(host)) as Box<dyn Sink>))
    }
}

fn settled<S: Step>(ended: Gave<S>, at: At<'_, Remotely>) -> Result<S::Output, Failure<S::Error>> {
    match ended {
        Gave::Here(ended) => S::settle(ended, at),
        Gave::There(result) => result,
    }
}

/// The run cannot go on.
fn breaks(failure: Failure) {
    let _ = AROUND.try_with(|around| around.breaks(failure));
}

/// The call of a node as data, or why there is none.
fn asked<S: Step>(at: At<'_, Remotely>, input: &S::Input<'_>) -> Result<Call, Failure> {
    let around = AROUND.try_with(Arc::clone);
    let Ok(around) = around else {
        return Err(at.fail(FailureKind::Internal, "it was begun outside of its run"));
    };
    let Some((node, written)) = around.wires.find::<S>(at.place()) else {
        return Err(at
            .fail(
                FailureKind::Runtime,
                "it has policies where it is called, and is no node that another machine could call under them",
            )
            .with_help("give the policies to the nodes of the workflow that is called here"));
    };
    let inputs = (written.0)(input);
    let inputs = inputs.map_err(|why| at.fail(FailureKind::Journal, format!("its inputs cannot be written: {why}")))?;
    let placed = at.placed();
    Ok(Call {
        node: node.as_ref().to_owned(),
        run: around.run.id,
        correlation_id: around.run.correlation.as_deref().map(str::to_owned),
        step: placed.step.as_ref().to_owned(),
        key: format!("{:032x}", placed.key),
        inputs,
    })
}

pin_project! {
    /// A step, from its first poll to its end.
    struct Remote<'s, S, F> {
        at: At<'s, Remotely>,
        #[pin]
        work: Work<F>,
        step: std::marker::PhantomData<fn() -> S>,
    }
}

pin_project! {
    #[project = WorkState]
    enum Work<F> {
        Here { #[pin] future: F },
        There { call: Option<Result<Call, Failure>>, future: Option<Hosted<Outcome>> },
    }
}

impl<S: Step, F: Future<Output = S::Ended>> Future for Remote<'_, S, F> {
    type Output = Gave<S>;

    fn poll(self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Gave<S>> {
        let this = self.project();
        let (call, future) = match this.work.project() {
            WorkState::Here { future } => return future.poll(task).map(Gave::Here),
            WorkState::There { call, future } => (call, future),
        };
        let Ok(around) = AROUND.try_with(Arc::clone) else { return Poll::Pending };
        match call.take() {
            None => {}
            Some(Ok(call)) => *future = Some(around.host.call(call)),
            Some(Err(failure)) => {
                around.breaks(failure);
                return Poll::Pending;
            }
        }
        let Some(running) = future else { return Poll::Pending };
        let outcome = ready!(running.as_mut().poll(task));
        *future = None;
        match given::<S>(&around.wires, &outcome, *this.at) {
            Ok(result) => Poll::Ready(Gave::There(result)),
            Err(failure) => {
                around.breaks(failure);
                Poll::Pending
            }
        }
    }
}

/// The result that an outcome is, or why the run cannot go on.
fn given<S: Step>(
    wires: &Wires,
    outcome: &Outcome,
    at: At<'_, Remotely>,
) -> Result<Result<S::Output, Failure<S::Error>>, Failure> {
    let unreadable = |why: String| at.fail(FailureKind::Journal, format!("what it gave cannot be read: {why}"));
    if outcome.failed {
        let stored: StoredFailure =
            serde_json::from_str(&outcome.value).map_err(|error| unreadable(error.to_string()))?;
        let failure = stored.restore(at, wires.codecs.of::<S::Error>());
        return match failure.kind() {
            // Nothing that the node has said.
            FailureKind::Journal => Err(failure.into_any()),
            _ => Ok(Err(failure)),
        };
    }
    let Some(codec) = wires.codecs.of::<S::Output>() else {
        return Err(unreadable("nothing is known that reads its type".to_owned()));
    };
    (codec.read)(&outcome.value).map(Ok).map_err(unreadable)
}

/// Lets a step wait by the host of its run.
struct Waits(Arc<dyn Host>);

impl Sink for Waits {
    fn chunk(&self, _: Chunk) {}

    fn progress(&self, _: u64, _: u64) {}

    fn usage(&self, _: Usage) {}

    fn wait<'a>(&'a self, wanted: Wanted<'a>) -> Option<WaitFuture<'a>> {
        let Wanted { limit, signal, .. } = wanted;
        let over = limit.map(|limit: Duration| self.0.sleep(limit));
        let arrives = signal.map(|signal| self.0.signal(signal.name));
        Some(Box::pin(Waiting { host: &self.0, over, signal, arrives }))
    }
}

/// Waits for a signal, a time, or whichever comes first.
struct Waiting<'a> {
    host: &'a Arc<dyn Host>,
    over: Option<Hosted<()>>,
    signal: Option<crate::wait::Expected<'a>>,
    arrives: Option<Hosted<String>>,
}

impl Future for Waiting<'_> {
    type Output = Result<Waited, crate::wait::WaitError>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        while let (Some(signal), Some(arrives)) = (this.signal, &mut this.arrives) {
            let Poll::Ready(value) = arrives.as_mut().poll(task) else { break };
            if (signal.check)(&value).is_ok() {
                this.arrives = None;
                return Poll::Ready(Ok(Waited::Signal(value)));
            }
            // One that cannot be read is none.
            this.arrives = Some(this.host.signal(signal.name));
        }
        match &mut this.over {
            Some(over) => over.as_mut().poll(task).map(|()| Ok(Waited::Over)),
            None => Poll::Pending,
        }
    }
}
