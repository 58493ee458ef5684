//! Nodes that do as they are told, and workflows over them.
#![allow(
    dead_code,
    non_camel_case_types,
    non_upper_case_globals,
    missing_docs,
    unreachable_pub,
    reason = "each test uses a part"
)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flowc::{Context, Event, EventKind, node, workflow};

/// Counts how many of [`sleep`]'s and [`stuck`]'s futures are alive.
#[derive(Default)]
pub struct Alive(pub AtomicUsize);

pub struct App {
    pub alive: std::sync::Arc<Alive>,
}

impl flowc::Provides<std::sync::Arc<Alive>> for App {
    fn provide(&self) -> &std::sync::Arc<Alive> {
        &self.alive
    }
}

impl App {
    pub fn new() -> (Self, std::sync::Arc<Alive>) {
        let alive = std::sync::Arc::new(Alive::default());
        (Self { alive: alive.clone() }, alive)
    }
}

struct Guard<'a>(&'a Alive);

impl<'a> Guard<'a> {
    fn new(alive: &'a Alive) -> Self {
        alive.0.fetch_add(1, Ordering::SeqCst);
        Self(alive)
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Oops(pub &'static str);

impl std::fmt::Display for Oops {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "oops: {}", self.0)
    }
}

impl std::error::Error for Oops {}

/// Adds one.
#[node]
pub async fn inc(x: &u64) -> Result<u64, Oops> {
    Ok(x + 1)
}

/// Adds one after so many milliseconds.
#[node]
pub async fn sleep(x: &u64, millis: u64, #[resource] alive: &std::sync::Arc<Alive>) -> u64 {
    let _guard = Guard::new(alive);
    tokio::time::sleep(Duration::from_millis(millis)).await;
    x + 1
}

/// Fails after so many milliseconds.
#[node]
pub async fn fails(what: &'static str, millis: u64) -> Result<u64, Oops> {
    if millis > 0 {
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
    Err(Oops(what))
}

/// Panics.
#[node]
pub async fn panics(x: &u64) -> u64 {
    panic!("no {x} here")
}

/// Streams what it does.
#[node]
pub async fn talks(x: &u64, #[context] cx: &Context) -> String {
    cx.emit("one");
    tokio::task::yield_now().await;
    cx.emit(String::from("two"));
    cx.progress(*x, 10);
    format!("{}|{}|{}", cx.run_id(), cx.step(), cx.correlation_id().unwrap_or("-"))
}

workflow! {
    /// One after the other.
    pub fn chain(x: u64) -> u64 {
        let first = inc(&x);
        let second = inc(&first);
        let third = inc(&second);
        third
    }
}

workflow! {
    /// Takes its time twice.
    pub fn slow(x: u64) -> u64 {
        let wait = sleep(&x, 100);
        let again = sleep(&wait, 100);
        again
    }
}

workflow! {
    /// Another workflow as a step.
    pub fn nested(x: u64) -> u64 {
        let begin = inc(&x);
        let reply = chain(begin);
        reply
    }
}

workflow! {
    /// Two failures at the same time, beside a step that would go on.
    pub fn both_fail(millis: u64) -> u64 {
        let left = fails("left", millis);
        let right = fails("right", millis);
        let other = sleep(&millis, 1000);
        left + right + other
    }
}

workflow! {
    /// A node that panics.
    pub fn panicking(x: u64) -> u64 {
        let bad = panics(&x);
        bad
    }
}

workflow! {
    /// A plain value that panics.
    pub fn panics_between(x: u64) -> u64 {
        let good = inc(&x);
        good.checked_sub(1000).expect("a plain value that panics")
    }
}

workflow! {
    /// A node that streams.
    pub fn talking(x: u64) -> String {
        let words = talks(&x);
        words
    }
}

workflow! {
    /// Items that all fail.
    pub fn many(all: Vec<u64>) -> Vec<u64> {
        #[max(2)]
        let done = for millis in all { fails("item", millis) };
        done
    }
}

/// The event in short: what happened, and to which step.
pub fn short(event: &Event) -> String {
    let step = event.kind.step().unwrap_or("").to_owned();
    let what = match &event.kind {
        EventKind::RunStarted { .. } => "run started",
        EventKind::StepStarted { .. } => "started",
        EventKind::StepRetried { .. } => "retried",
        EventKind::Chunk { data, .. } => return format!("{step} chunk {data}"),
        EventKind::Progress { done, total, .. } => return format!("{step} progress {done}/{total}"),
        EventKind::StepFinished { .. } => "finished",
        EventKind::StepFailed { error, .. } => return format!("{step} failed: {error}"),
        EventKind::StepCancelled { .. } => "cancelled",
        EventKind::RunFinished { .. } => "run finished",
        EventKind::RunFailed { .. } => "run failed",
        EventKind::RunCancelled { .. } => "run cancelled",
        EventKind::StepSkipped { .. } => "skipped",
        EventKind::Usage { usage, .. } => return format!("{step} usage {usage:?}"),
        EventKind::MapStarted { items, .. } => return format!("{step} map of {items:?}"),
        EventKind::MapFinished { items, .. } => return format!("{step} map done with {items}"),
        EventKind::Lagged(n) => return format!("lagged {n}"),
        _ => "other",
    };
    if what.starts_with("run") { what.to_owned() } else { format!("{step} {what}") }
}
