use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::{At, Control, Executor};
use crate::error::Failure;
use crate::step::Step;

/// Runs steps in the task that polls the run, and notes which of them are dropped when the run is stopped.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tracked<'r>(pub(crate) &'r Control);

impl Executor for Tracked<'_> {
    type Ended<S: Step> = S::Ended;

    #[inline]
    fn step<S: Step>(
        at: At<'_, Self>,
        input: S::Input<'_>,
        resources: S::Resources<'_>,
    ) -> impl Future<Output = S::Ended> + Send {
        Tracking { at, running: false, future: S::begin::<Self>(input, resources, at) }
    }

    #[inline]
    fn settle<S: Step>(ended: S::Ended, at: At<'_, Self>) -> Result<S::Output, Failure<S::Error>> {
        S::settle(ended, at)
    }

    #[cfg(feature = "dynamic")]
    fn known<'s>(at: At<'s, Self>) -> Option<super::Known<'s>>
    where
        Self: 's,
    {
        Some(super::Known::Tracked(at))
    }
}

pin_project! {
    struct Tracking<'s, 'r, F> {
        at: At<'s, Tracked<'r>>,
        running: bool,
        #[pin]
        future: F,
    }

    impl<F> PinnedDrop for Tracking<'_, '_, F> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            // The run itself is no step.
            if *this.running && this.at.found().is_some() {
                this.at.exec.0.dropped(|| this.at.path());
            }
        }
    }
}

impl<F: Future> Future for Tracking<'_, '_, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        *this.running = true;
        let polled = this.future.poll(task);
        *this.running = polled.is_pending();
        polled
    }
}
