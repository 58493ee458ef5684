use super::golden::golden;
use crate::engine::Run;
use crate::error::{AnyError, Failure};
use crate::event::{Chunk, Event, EventKind};
use crate::step::Workflow;

/// What a run gave, and all of its events in order.
#[derive(Debug)]
pub struct Ran<T, E = AnyError> {
    /// What it gave.
    pub result: Result<T, Failure<E>>,
    /// What happened.
    pub events: Vec<Event>,
}

/// Waits for the end of a run, and keeps its events.
///
/// ```
/// use flowc::{Engine, node, testing, workflow};
///
/// #[node]
/// async fn double(number: u32) -> u32 {
///     number * 2
/// }
///
/// workflow! {
///     fn twice(number: u32) -> u32 {
///         let once = double(number);
///         let twice = double(once);
///         twice
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let engine = Engine::builder().resources(()).build();
/// let ran = testing::collect(engine.start(twice(3))).await;
/// assert_eq!(ran.result.unwrap(), 12);
/// testing::expect(&ran.events).before(twice::once, twice::twice);
/// # }
/// ```
pub async fn collect<W: Workflow>(mut run: Run<W>) -> Ran<W::Output> {
    let mut events = Vec::new();
    while let Some(event) = run.next_event().await {
        events.push(event);
    }
    Ran { result: run.await, events }
}

impl<T, E> Ran<T, E> {
    /// What its nodes emitted.
    pub fn chunks(&self) -> Vec<Chunk> {
        let chunks = self.events.iter().filter_map(|event| match &event.kind {
            EventKind::Chunk { data, .. } => Some(data.clone()),
            _ => None,
        });
        chunks.collect()
    }

    /// What its nodes emitted as text.
    pub fn texts(&self) -> Vec<String> {
        self.chunks().iter().filter_map(Chunk::text).map(str::to_owned).collect()
    }

    /// What its nodes said about how far they were: so much, of so much.
    pub fn progress(&self) -> Vec<(u64, u64)> {
        let progress = self.events.iter().filter_map(|event| match event.kind {
            EventKind::Progress { done, total, .. } => Some((done, total)),
            _ => None,
        });
        progress.collect()
    }

    /// Its [`golden`] text.
    pub fn golden(&self) -> String {
        golden(&self.events)
    }
}
