//! Every policy, on nodes and at steps, in all its forms.
#![deny(warnings, missing_docs, unreachable_pub)]

use std::borrow::Cow;
use std::fmt;

use flowc::{Failure, node, workflow};

/// A query.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Query(String);

impl Query {
    fn cache_key(&self) -> Self {
        self.clone()
    }
    fn tenant(&self) -> &str {
        &self.0
    }
    fn tokens(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }
}

/// An error.
#[derive(Debug)]
pub struct Oops<T>(T);

impl<T: fmt::Debug> fmt::Display for Oops<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}
impl<T: fmt::Debug> std::error::Error for Oops<T> {}
impl<T> Oops<T> {
    fn is_outage(&self) -> bool {
        true
    }
}

fn nothing<T>(_: &Failure<Oops<T>>) -> String {
    String::new()
}

/// All at once.
#[node(
    timeout(attempt = "5s", total = "30s", idle = "2s"),
    retry(attempts = 3, base = "1ms", factor = 2, max = "1s", jitter, budget = "10s", if = Oops::is_outage),
    breaker(
        failures = 5, failure_rate = 0.5, slow = "2s", slow_rate = 1, min_calls = 10, window = "30s", cooldown = "10s",
        half_open = 3, name = "search", if = Oops::is_outage
    ),
    rate(calls = 10, per = "1s", burst = 20, tokens = 90_000, cost = Query::tokens, key = Query::tenant, wait = "5s", name = "search"),
    concurrency(max = 4, queue = 100, wait = "5s", name = "search"),
    cache(key = Query::cache_key, ttl = "10m", max = 1000, name = "search"),
    fallback = nothing
)]
pub async fn search(query: &Query) -> Result<String, Oops<u8>> {
    if query.0.is_empty() { Err(Oops(1)) } else { Ok(query.0.to_uppercase()) }
}

/// None.
#[node]
pub async fn plain(query: &Query, limit: usize) -> Result<String, Oops<u8>> {
    if limit == 0 { Err(Oops(1)) } else { Ok(query.0.chars().take(limit).collect()) }
}

/// The last calls, and a bare retry.
#[node(retry, breaker(failure_rate = 0.5, last = 20), rate(calls = 9, per = "1s", wait = "0s"))]
pub fn sync<T: Clone + Send + fmt::Debug>(value: &T) -> Result<T, Oops<T>> {
    Ok(value.clone())
}

/// A key that is more than one input, borrowed and by value.
#[node(cache(key = both))]
pub fn measure(query: &Query, text: Cow<'_, str>, factor: usize) -> usize {
    (query.0.len() + text.len()) * factor
}

fn both(query: &Query, text: &str, factor: &usize) -> (Query, String, usize) {
    (query.clone(), text.to_owned(), *factor)
}
fn of_both(query: &Query, limit: &usize) -> (Query, usize) {
    (query.clone(), *limit)
}
fn tenant(query: &Query, _: &usize) -> String {
    query.0.clone()
}

/// No inputs at all.
#[node(cache(key = unit), concurrency(max = 1))]
pub async fn constant() -> u8 {
    7
}

fn unit() {}

workflow! {
    /// At steps.
    pub fn found(query: Query) -> String {
        let one = search(&query);
        #[timeout("5s")]
        #[retry]
        #[breaker(failures = 5)]
        #[rate(calls = 10, per = "1s", key = tenant)]
        #[concurrency(max = 4)]
        #[cache(key = of_both, ttl = "10m")]
        #[fallback(nothing)]
        let two = plain(&query, 3);
        #[timeout(total = "5s")]
        #[retry(attempts = 2)]
        let three = sync::<Query>(&query);
        #[fallback = nothing]
        let six = plain(&query, 0);
        let four = measure(&query, "abc".into(), 2);
        let five = constant();
        format!("{one} {two} {} {four} {five} {six}", three.0)
    }
}

fn main() {
    let _ = found(Query("abcd".to_owned())).run_blocking(&());
}
