//! A bounded map: lanes that each take the next item when they are done with one.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::{At, Executor};
use crate::error::{Failure, FailureKind};
use crate::event::EventKind;

/// One item in work. The box is made once per lane and used for every item that the lane takes.
struct Lane<F> {
    index: usize,
    work: Pin<Box<Option<F>>>,
}

/// The future of [`map`].
#[allow(clippy::struct_field_names, reason = "the lanes are what it has")]
pub struct Lanes<I, C, F, T> {
    items: std::iter::Enumerate<I>,
    call: C,
    free: usize,
    lanes: Vec<Lane<F>>,
    results: Vec<Option<T>>,
    /// A bound that lets nothing run.
    refused: Option<Failure>,
}

impl<I, C, F, T> Unpin for Lanes<I, C, F, T> {}

/// Runs `call` for each item, at most `max` at once; the results are in the order of the items.
pub fn map<X, It, C, F, T>(at: At<'_, X>, max: usize, items: It, call: C) -> Lanes<It::IntoIter, C, F, T>
where
    X: Executor,
    It: IntoIterator,
    C: FnMut(u32, It::Item) -> F,
    F: Future<Output = Result<T, Failure>>,
{
    let items = items.into_iter();
    let (least, most) = items.size_hint();
    X::tell(at, || EventKind::MapStarted {
        step: (),
        items: most.filter(|most| *most == least).map(|items| items as u64),
    });
    let refused =
        (max == 0).then(|| at.fail(FailureKind::Rounds, "`#[max(0)]` lets no item run; give it a bound of at least 1"));
    Lanes {
        items: items.enumerate(),
        call,
        free: max,
        lanes: Vec::with_capacity(least.min(max).min(64)),
        results: Vec::with_capacity(least.min(1 << 16)),
        refused,
    }
}

/// The result of a map, told to the executor.
///
/// # Errors
/// The failure of the first item that failed.
#[inline]
pub fn mapped<X: Executor, T>(at: At<'_, X>, result: Result<Vec<T>, Failure>) -> Result<Vec<T>, Failure> {
    if let Ok(values) = &result {
        X::tell(at, || EventKind::MapFinished { step: (), items: values.len() as u64 });
    }
    result
}

impl<I, C, F, T> Lanes<I, C, F, T>
where
    I: Iterator,
    C: FnMut(u32, I::Item) -> F,
    F: Future<Output = Result<T, Failure>>,
{
    /// The next item's work, and its place among the results.
    #[inline]
    fn next(&mut self) -> Option<(usize, F)> {
        let (index, item) = self.items.next()?;
        self.results.push(None);
        Some((index, (self.call)(u32::try_from(index).unwrap_or(u32::MAX), item)))
    }

    /// After a failure: lanes that fail in the same poll get to say so, as events tell of all failures. No item is begun.
    #[cold]
    fn hear(&mut self, from: usize, cx: &mut Context<'_>) {
        for Lane { work, .. } in self.lanes.iter_mut().skip(from) {
            if work.as_mut().as_pin_mut().is_some_and(|running| running.poll(cx).is_ready()) {
                work.set(None);
            }
        }
    }
}

impl<I, C, F, T> Future for Lanes<I, C, F, T>
where
    I: Iterator,
    C: FnMut(u32, I::Item) -> F,
    F: Future<Output = Result<T, Failure>>,
{
    type Output = Result<Vec<T>, Failure>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let mut lane = 0;
        loop {
            if this.lanes.get(lane).is_none() {
                if this.free == 0 {
                    // With a bound of 0 no lane is ever made; say so, unless there is nothing to do anyway.
                    if this.lanes.is_empty() && this.items.next().is_some() {
                        return this.refused.take().map_or(Poll::Pending, |refused| Poll::Ready(Err(refused)));
                    }
                    break;
                }
                let Some((index, work)) = this.next() else { break };
                this.free -= 1;
                this.lanes.push(Lane { index, work: Box::pin(Some(work)) });
            }
            // One lane takes item after item until one makes it wait.
            while let Some(Lane { index, work }) = this.lanes.get_mut(lane) {
                let Some(running) = work.as_mut().as_pin_mut() else { break };
                let Poll::Ready(ended) = running.poll(cx) else { break };
                match ended {
                    Ok(value) => {
                        if let Some(place) = this.results.get_mut(*index) {
                            *place = Some(value);
                        }
                    }
                    Err(failure) => {
                        work.set(None);
                        this.hear(lane + 1, cx);
                        return Poll::Ready(Err(failure));
                    }
                }
                let next = this.next();
                let Some(lane) = this.lanes.get_mut(lane) else { break };
                match next {
                    Some((index, work)) => {
                        lane.index = index;
                        lane.work.set(Some(work));
                    }
                    None => lane.work.set(None),
                }
            }
            lane += 1;
        }
        if this.lanes.iter().any(|lane| lane.work.is_some()) {
            return Poll::Pending;
        }
        Poll::Ready(Ok(std::mem::take(&mut this.results).into_iter().flatten().collect()))
    }
}
