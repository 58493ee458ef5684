//! Workflows of every construct. Each gives a number that follows from its input.

use std::io;
use std::time::Duration;

use flowc::policy::{Breaker, Bulkhead, PolicyError};
use flowc::{Resources, node, workflow};

/// What the nodes share.
#[derive(Resources)]
pub struct App {
    pub bulkhead: Bulkhead,
    pub breaker: Breaker,
}

#[node]
pub async fn inc(x: u64) -> u64 {
    x + 1
}

/// Gives its turn away.
#[node]
pub async fn turns(x: u64) -> u64 {
    tokio::task::yield_now().await;
    x + 1
}

#[node]
pub async fn naps(x: u64) -> u64 {
    tokio::time::sleep(Duration::from_millis(1)).await;
    x + 1
}

#[node(blocking)]
pub fn crunch(x: u64) -> u64 {
    x + 1
}

#[node(spawn)]
pub async fn apart(x: u64) -> u64 {
    tokio::task::yield_now().await;
    x + 1
}

#[node(timeout = "2s", retry(attempts = 3, base = "1ms"))]
pub async fn hardy(x: u64) -> u64 {
    tokio::task::yield_now().await;
    x + 1
}

/// Holds a permit while it naps.
#[node]
pub async fn limited(x: u64, #[resource] bulkhead: &Bulkhead) -> Result<u64, PolicyError<io::Error>> {
    bulkhead
        .call(|| async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            Ok(x + 1)
        })
        .await
}

/// Fails for every third number, until its breaker has had enough.
#[node]
pub async fn moody(x: u64, #[resource] breaker: &Breaker) -> Result<u64, PolicyError<io::Error>> {
    let call = || async move {
        tokio::task::yield_now().await;
        if x % 3 == 0 { Err(io::Error::other("it is a three again")) } else { Ok(x + 1) }
    };
    breaker.call(|_: &io::Error| true, call).await
}

/// Fails for every third number, until its breaker has had enough.
#[node(breaker(failures = 20, window = "1m", cooldown = "5ms", name = "guard"))]
pub async fn guard(x: u64) -> Result<u64, io::Error> {
    tokio::task::yield_now().await;
    if x % 3 == 0 { Err(io::Error::other("it is a three again")) } else { Ok(x + 1) }
}

/// Stands in a line, then waits for its turn.
#[node(concurrency(max = 8, name = "pool"), rate(calls = 1000, per = "1ms", name = "pool"))]
pub async fn pool(x: u64) -> u64 {
    tokio::task::yield_now().await;
    x + 1
}

/// Fails by chaos alone, and has a policy of most kinds.
#[node(
    timeout(attempt = "30s", total = "5m"),
    retry(attempts = 2, base = "1ms"),
    breaker(failures = 5, window = "1m", cooldown = "5ms", name = "tried"),
    concurrency(max = 8, name = "tried")
)]
pub async fn tried(x: u64) -> u64 {
    tokio::task::yield_now().await;
    x + 1
}

/// What is looked up again and again.
pub struct Page(u64);

impl Page {
    fn key(&self) -> u64 {
        self.0
    }
}

#[node(cache(key = Page::key, ttl = "10m", max = 40, name = "pages"))]
pub async fn look_up(page: &Page) -> u64 {
    tokio::time::sleep(Duration::from_millis(1)).await;
    page.0 + 1
}

workflow! {
    pub fn guarded(x: u64) -> u64 {
        match catch(guard(x)) {
            Ok(good) => inc(good),
            Err(_) => 0,
        }
    }

    pub fn pooled(x: u64) -> u64 {
        #[max(3)]
        let all = for item in x..x + 5 { pool(item) };
        all.iter().sum()
    }

    pub fn stubborn(x: u64) -> u64 {
        match catch(tried(x)) {
            Ok(good) => good,
            Err(_) => u64::MAX,
        }
    }

    pub fn paged(x: u64) -> u64 {
        let page = Page(x % 20);
        let found = look_up(&page);
        found
    }
}

workflow! {
    pub fn diamond(x: u64) -> u64 {
        let top = inc(x);
        let left = turns(top);
        let right = naps(top);
        let bottom = inc(left + right);
        bottom
    }

    pub fn letter_n(x: u64) -> u64 {
        let left = turns(x);
        let right = naps(x);
        let down = inc(left);
        let across = turns(left + right);
        down + across
    }

    pub fn mapped(x: u64) -> u64 {
        #[max(3)]
        let all = for item in x..x + 5 { limited(item) };
        all.iter().sum()
    }

    pub fn collected(x: u64) -> u64 {
        #[max(3)]
        #[on_error(collect)]
        let all = for item in x..x + 5 { let one = turns(item); inc(one) };
        all.iter().filter(|item| item.is_ok()).count() as u64
    }

    pub fn looped(x: u64) -> u64 {
        let mut state = x;
        #[max(9)]
        loop {
            if state == x + 4 { break; }
            state = turns(state);
        }
        state
    }

    pub fn branched(x: u64) -> u64 {
        let chosen = inc(x);
        if chosen % 2 == 0 { crunch(chosen) } else { apart(chosen) }
    }

    pub fn careful(x: u64) -> u64 {
        match catch(moody(x)) {
            Ok(good) => inc(good),
            Err(_) => 0,
        }
    }

    pub fn nested(x: u64) -> u64 {
        let first = diamond(x);
        let second = looped(first);
        let third = branched(second);
        third
    }

    pub fn hardened(x: u64) -> u64 {
        let first = hardy(x);
        #[retry(attempts = 3, base = "1ms")]
        let second = turns(first);
        #[timeout("5s")]
        let third = looped(second);
        third
    }
}

/// What each gives, if nothing that it does not catch fails. `failed` counts the failures that it caught.
pub const FLOWS: &[(&str, fn(x: u64, failed: u64) -> u64)] = &[
    ("diamond", |x, _| 2 * (x + 2) + 1),
    ("letter_n", |x, _| (x + 2) + (2 * (x + 1) + 1)),
    ("mapped", |x, _| 5 * x + 15),
    ("collected", |_, failed| 5 - failed),
    ("looped", |x, _| x + 4),
    ("branched", |x, _| x + 2),
    ("careful", |x, failed| if failed > 0 { 0 } else { x + 2 }),
    ("nested", |x, _| 2 * (x + 2) + 1 + 4 + 2),
    ("hardened", |x, _| x + 6),
    ("guarded", |x, failed| if failed > 0 { 0 } else { x + 2 }),
    ("pooled", |x, _| 5 * x + 15),
    ("stubborn", |x, failed| if failed > 0 { u64::MAX } else { x + 1 }),
    ("paged", |x, _| x % 20 + 1),
];

/// The steps whose failure does not end the run.
pub const CAUGHT: &[&str] =
    &["collected/all/one", "collected/all/inc", "careful/moody", "guarded/guard", "stubborn/tried"];
