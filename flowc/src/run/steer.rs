//! A run that can be stopped: by a token, or when its time is up.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::task::coop::{Unconstrained, unconstrained};
use tokio::time::{Instant, Sleep};
use tokio_util::sync::{WaitForCancellationFuture, WaitForCancellationFutureOwned};

use super::{Control, Panicked};
use crate::cancel::CancelToken;
use crate::error::{Failure, FailureKind, Limit, Site};
use crate::graph::GraphSpec;
use crate::id::Identity;
use crate::options::RunOptions;
use crate::policy::step::Under;
use crate::timer;

/// When a run is to be over, if it is not by itself.
pub(crate) struct Bounds {
    began: Instant,
    end: Option<(Instant, Limit)>,
    tokens: Vec<CancelToken>,
}

impl Bounds {
    /// Those of a run that began at `began`. `engine` is the time that an engine gives a run that was given none.
    pub(crate) fn new(options: &RunOptions, began: Instant, engine: Option<Duration>) -> Self {
        let engine = engine.filter(|_| options.timeout.is_none() && options.deadline.is_none());
        let after = |time: Option<Duration>, limit| time.and_then(|time| Some((began.checked_add(time)?, limit)));
        let ends = [
            after(options.timeout, Limit::Run),
            options.deadline.map(|deadline| (Instant::from_std(deadline), Limit::Deadline)),
            after(engine, Limit::EngineRun),
        ];
        let end = ends.into_iter().flatten().min_by_key(|(end, _)| *end);
        Self { began, end, tokens: options.tokens.clone() }
    }
}

pin_project! {
    /// A run within its bounds.
    pub(crate) struct Steered<'r, B> {
        run: &'r Identity,
        control: &'r Control,
        graph: &'static GraphSpec,
        bounds: Bounds,
        #[pin]
        own: WaitForCancellationFuture<'r>,
        others: Vec<Pin<Box<WaitForCancellationFutureOwned>>>,
        #[pin]
        timer: Option<Unconstrained<Sleep>>,
        #[pin]
        body: Option<Under<B>>,
    }

    impl<B> PinnedDrop for Steered<'_, B> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            // Whoever drops a run in flight cancels it.
            if this.body.is_some() {
                this.control.token.cancel();
                this.body.set(None);
            }
        }
    }
}

/// Runs `body` within bounds.
pub(crate) fn steered<'r, B>(
    (run, control): (&'r Identity, &'r Control),
    graph: &'static GraphSpec,
    bounds: Bounds,
    body: impl FnOnce() -> B,
) -> Steered<'r, B> {
    let others = bounds.tokens.iter().map(|token| Box::pin(token.waiting())).collect();
    let until = bounds.end.map(|(end, _)| end.into_std());
    let body = Some(Under::new(until, body));
    Steered { run, control, graph, bounds, own: control.token.waits(), others, timer: None, body }
}

/// Why a run is stopped.
enum Stop {
    Cancelled,
    /// By a token of the caller's.
    Told,
    Late(Instant, Limit),
    NoTimer,
}

impl<T, B: Future<Output = Result<T, Failure>>> Future for Steered<'_, B> {
    type Output = Result<T, Failure>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let stop = match self.as_mut().cancelled(task) {
            Some(stop) => stop,
            None => {
                let mut this = self.as_mut().project();
                if let Some(body) = this.body.as_mut().as_pin_mut() {
                    if let Poll::Ready(ended) = body.poll(task) {
                        this.body.set(None);
                        return Poll::Ready(ended);
                    }
                }
                // The work comes first: what is done in the very moment that its time ends is done.
                ready!(self.as_mut().late(task))
            }
        };
        Poll::Ready(Err(self.stop(&stop)))
    }
}

impl<B> Steered<'_, B> {
    /// Whether somebody cancelled the run.
    fn cancelled(self: Pin<&mut Self>, task: &mut Context<'_>) -> Option<Stop> {
        let this = self.project();
        if this.own.poll(task).is_ready() {
            return Some(Stop::Cancelled);
        }
        let mut told = false;
        for other in this.others {
            told |= other.as_mut().poll(task).is_ready();
        }
        told.then_some(Stop::Told)
    }

    /// Waits until the time of the run is up.
    fn late(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Stop> {
        let mut this = self.project();
        let Some((end, limit)) = this.bounds.end else { return Poll::Pending };
        if this.timer.is_none() {
            // A busy body uses up what the runtime lets a task do in one go; the clock must be read all the same.
            match timer::sleep(end.saturating_duration_since(Instant::now())) {
                Ok(timer) => this.timer.set(Some(unconstrained(timer))),
                Err(_) => return Poll::Ready(Stop::NoTimer),
            }
        }
        match this.timer.as_pin_mut() {
            Some(timer) => timer.poll(task).map(|()| Stop::Late(end, limit)),
            None => Poll::Pending,
        }
    }

    /// Drops what is running, and says what it was.
    #[cold]
    fn stop(self: Pin<&mut Self>, why: &Stop) -> Failure {
        let mut this = self.project();
        // The steps are told before they are dropped: those on other threads can only be told.
        this.control.token.cancel();
        let broken = catch_unwind(AssertUnwindSafe(|| this.body.set(None))).err().map(Panicked::new);
        let site = Site::of_run(this.graph, this.run);
        let elapsed = this.bounds.began.elapsed();
        let cancelled = |message: &str| {
            let also =
                broken.map_or(String::new(), |broken| format!("; then a destructor panicked: {}", broken.message()));
            Failure::new(FailureKind::Cancelled, site.clone(), format!("{message}{also}"))
        };
        let failure = match why {
            Stop::Cancelled if this.control.is_engine_stopping() => cancelled("its engine was shut down")
                .with_help("give `shutdown` more time, or start the run again on an engine that is running"),
            Stop::Cancelled => cancelled("`cancel` was called, or its handle was dropped"),
            Stop::Told => cancelled("a token given with `cancel_on` was cancelled")
                .with_help("whoever owns the token cancelled it; start the run again if that was not meant"),
            Stop::Late(end, limit) => Failure::late(*limit, end.saturating_duration_since(this.bounds.began), site),
            Stop::NoTimer => Failure::new(
                FailureKind::Runtime,
                site,
                "a run with a time limit needs a tokio runtime with time enabled, and none is running here".to_owned(),
            ),
        };
        failure.with_elapsed(elapsed).with_cancelled(this.control.cancelled_steps())
    }
}
