//! What the tests trace: a workflow with steps side by side, a map, a retried step, a workflow as a step, and steps that leave
//! the task.

use std::sync::atomic::{AtomicU32, Ordering};

use flowc::{Context, Resources, Usage, node, workflow};

/// What a search can fail with.
#[derive(Debug)]
pub struct SearchError(pub String);

impl std::fmt::Display for SearchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for SearchError {}

/// How often a search was called.
#[derive(Default)]
pub struct Calls(AtomicU32);

/// What the nodes need.
#[derive(Resources, Default)]
pub struct App {
    calls: Calls,
}

/// Fails the first time.
#[node(retry(attempts = 3, base = "1ms"))]
pub async fn search(topic: &str, #[resource] calls: &Calls) -> Result<Vec<String>, SearchError> {
    tokio::task::yield_now().await;
    if calls.0.fetch_add(1, Ordering::Relaxed) == 0 {
        return Err(SearchError(format!("no line to the index of {topic}")));
    }
    Ok(vec![format!("{topic} sleep"), format!("{topic} eat")])
}

/// Always fails.
#[node]
pub async fn consult(topic: &str) -> Result<String, SearchError> {
    tokio::task::yield_now().await;
    Err(SearchError(format!("nobody knows {topic}")))
}

/// Goes on while others do.
#[node(version = "2.1.0")]
pub async fn facts(topic: &str) -> usize {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    topic.len()
}

/// One item of the map.
#[node]
pub async fn summarise(page: &str) -> usize {
    tokio::task::yield_now().await;
    page.len()
}

/// In a task of its own, with a span of its own.
#[node(spawn)]
pub async fn weigh(topic: String) -> usize {
    tokio::task::yield_now().await;
    let span = tracing::info_span!("inside of the spawned task");
    let _entered = span.enter();
    topic.len()
}

/// On a thread for blocking work, with a span of its own.
#[node(blocking)]
pub fn parse(topic: String) -> usize {
    tracing::info_span!("inside of the blocking call").in_scope(|| topic.len())
}

/// Asks a model that is elsewhere; gives the headers that its request would have.
#[node(timeout = "1m")]
pub async fn ask(topic: &str, #[context] cx: &Context) -> String {
    tokio::task::yield_now().await;
    cx.usage(
        Usage::new("small-model")
            .provider("openai")
            .finish_reason("stop")
            .input_tokens(11)
            .output_tokens(topic.len() as u64),
    );
    cx.emit(format!("thinking about {topic}"));
    cx.progress(1, 1);
    [cx.traceparent(), cx.tracestate()].into_iter().flatten().collect::<Vec<_>>().join(";")
}

workflow! {
    /// A workflow that is a step of another.
    pub fn details(topic: String) -> usize {
        let weight = weigh(topic.clone());
        let parsed = parse(topic);
        weight + parsed
    }

    /// The outermost one.
    pub fn report(topic: String) -> String {
        let pages = search(&topic);
        let facts = facts(&topic);
        #[max(2)]
        let notes = for page in &pages { summarise(page) };
        let consulted = match catch(consult(&topic)) {
            Ok(said) => said,
            Err(failure) => failure.kind().to_string(),
        };
        let header = ask(&topic);
        let details = details(topic);
        format!("{facts} {notes:?} {consulted} {details} {header}")
    }

    /// One that fails.
    pub fn doomed(topic: String) -> String {
        consult(&topic)
    }
}
