use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

use crate::step::Step;

/// The calls of a step, in all runs of an engine: give it to [`Builder::record`](crate::Builder::record). Clones are the same record.
///
/// ```
/// use flowc::{Engine, node, testing, workflow};
///
/// #[node]
/// async fn length(text: &str, least: usize) -> usize {
///     text.len().max(least)
/// }
///
/// workflow! {
///     fn lengths(texts: Vec<String>) -> usize {
///         #[max(1)]
///         let all = for text in &texts { let one = length(text, 2); one };
///         all.len()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let calls = testing::Calls::new();
/// let engine = Engine::builder().resources(()).record(lengths::one, &calls).build();
/// engine.start(lengths(vec!["a".to_owned(), "cat".to_owned()])).await.unwrap();
/// assert_eq!(calls.count(), 2);
/// assert_eq!(calls.inputs(), [r#"("a", 2)"#, r#"("cat", 2)"#]);
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Calls(Arc<Mutex<Vec<String>>>);

impl Calls {
    /// No calls yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How often the step was called. Attempts do not count.
    pub fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The inputs of each call, a tuple of them as `{:?}` shows it, in the order of the calls.
    pub fn inputs(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Looks at the inputs of step `S`.
pub(crate) trait Watcher<S: Step>: Send + Sync {
    fn called(&self, input: &S::Input<'_>);
}

impl<S: Step> Watcher<S> for Calls
where
    for<'x> S::Input<'x>: Debug,
{
    fn called(&self, input: &S::Input<'_>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{input:?}"));
    }
}
