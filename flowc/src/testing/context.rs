use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::context::{Context, Placed, Sink};
use crate::event::{Chunk, Usage};
use crate::id::Identity;

/// A context for calling a node as a plain function in a test. It derefs to [`Context`], and remembers what the node emits.
///
/// ```
/// use flowc::{Context, testing};
///
/// async fn count(words: &[&str], cx: &Context) -> usize {
///     for word in words {
///         cx.emit(*word);
///     }
///     words.len()
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let cx = testing::context();
/// assert_eq!(count(&["a", "b"], &cx).await, 2);
/// assert_eq!(cx.texts(), ["a", "b"]);
/// # });
/// ```
#[derive(Debug)]
pub struct TestContext {
    context: Context,
    seen: Arc<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    chunks: Mutex<Vec<Chunk>>,
    progress: Mutex<Option<(u64, u64)>>,
    usages: Mutex<Vec<Usage>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A context of a step `test/step`, at its first attempt and without a deadline.
pub fn context() -> TestContext {
    let seen = Arc::new(Seen::default());
    let run = Arc::new(Identity::new(None));
    let placed = Placed { run, step: "test/step".into(), key: 0, attempt: 1, deadline: None, signs: None };
    TestContext { context: Context::new(placed, Some(Box::new(Recorder(Arc::clone(&seen))))), seen }
}

impl TestContext {
    /// What the node emitted.
    pub fn chunks(&self) -> Vec<Chunk> {
        lock(&self.seen.chunks).clone()
    }

    /// What the node emitted as text.
    pub fn texts(&self) -> Vec<String> {
        lock(&self.seen.chunks).iter().filter_map(Chunk::text).map(str::to_owned).collect()
    }

    /// What the node said last about how far it is.
    pub fn last_progress(&self) -> Option<(u64, u64)> {
        *lock(&self.seen.progress)
    }

    /// What the node told of tokens and cost.
    pub fn usages(&self) -> Vec<Usage> {
        lock(&self.seen.usages).clone()
    }

    /// Makes the context a cancelled one, and has its clean-ups done.
    pub fn cancel(&self) {
        self.context.end();
    }
}

impl Deref for TestContext {
    type Target = Context;
    fn deref(&self) -> &Context {
        &self.context
    }
}

struct Recorder(Arc<Seen>);

impl Sink for Recorder {
    fn chunk(&self, chunk: Chunk) {
        lock(&self.0.chunks).push(chunk);
    }

    fn progress(&self, done: u64, total: u64) {
        *lock(&self.0.progress) = Some((done, total));
    }

    fn usage(&self, usage: Usage) {
        lock(&self.0.usages).push(usage);
    }
}
