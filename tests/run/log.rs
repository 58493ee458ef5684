//! Steps that write down when they begin, end or are dropped.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use flowc::{Resources, node};
use tokio::time::Instant;

/// What happened, and at which millisecond of the run.
#[derive(Clone)]
pub struct Log {
    began: Instant,
    lines: Arc<Mutex<Vec<(u128, String)>>>,
}

impl Log {
    pub fn note(&self, what: impl Into<String>) {
        self.lines.lock().unwrap().push((self.began.elapsed().as_millis(), what.into()));
    }
    /// When it happened first.
    pub fn at(&self, what: &str) -> Option<u128> {
        self.lines.lock().unwrap().iter().find(|(_, line)| line == what).map(|(at, _)| *at)
    }
    pub fn count(&self, what: &str) -> usize {
        self.lines.lock().unwrap().iter().filter(|(_, line)| line == what).count()
    }
    pub fn now(&self) -> u128 {
        self.began.elapsed().as_millis()
    }
}

#[derive(Resources)]
pub struct App {
    pub log: Log,
}

pub fn app() -> App {
    App { log: Log { began: Instant::now(), lines: Arc::default() } }
}

/// Can only be moved.
#[derive(Debug, PartialEq)]
pub struct Value(pub String);

struct Guard<'l>(&'l Log, &'static str, bool);
impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.note(format!("{} {}", if self.2 { "ended" } else { "dropped" }, self.1));
    }
}

/// Takes so many milliseconds.
async fn work(name: &'static str, millis: u64, log: &Log) {
    log.note(format!("began {name}"));
    let mut guard = Guard(log, name, false);
    tokio::time::sleep(Duration::from_millis(millis)).await;
    guard.2 = true;
}

#[node]
pub async fn make(name: &'static str, millis: u64, #[resource] log: &Log) -> Value {
    work(name, millis, log).await;
    Value(name.into())
}

#[node]
pub async fn read(name: &'static str, millis: u64, value: &Value, #[resource] log: &Log) -> Value {
    work(name, millis, log).await;
    Value(format!("{name}({})", value.0))
}

#[node]
pub async fn read_two(name: &'static str, millis: u64, a: &Value, b: &Value, #[resource] log: &Log) -> Value {
    work(name, millis, log).await;
    Value(format!("{name}({},{})", a.0, b.0))
}

#[node]
pub async fn take(name: &'static str, millis: u64, value: Value, #[resource] log: &Log) -> Value {
    work(name, millis, log).await;
    Value(format!("{name}<{}>", value.0))
}

#[node]
pub async fn take_and(name: &'static str, millis: u64, value: Value, other: &Value, #[resource] log: &Log) -> Value {
    work(name, millis, log).await;
    Value(format!("{name}<{},{}>", value.0, other.0))
}

#[node]
pub async fn count(name: &'static str, millis: u64, number: u64, #[resource] log: &Log) -> u64 {
    work(name, millis, log).await;
    number + 1
}

#[node]
pub async fn fail(name: &'static str, millis: u64, #[resource] log: &Log) -> Result<Value, String> {
    work(name, millis, log).await;
    Err(format!("{name} went wrong"))
}

#[node]
pub async fn fail_on(name: &'static str, millis: u64, value: &Value, #[resource] log: &Log) -> Result<Value, String> {
    work(name, millis, log).await;
    Err(format!("{name} went wrong on {}", value.0))
}
