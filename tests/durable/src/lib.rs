//! A workflow with one of everything, whose nodes say in a file when they are called.

use std::fs::File;
use std::io::Write;
use std::sync::Mutex;
use std::time::Duration;

use flowc::{Context, Resources, node, signal, sleep, workflow};
use flowc_store::{Durability, Postgres, Store, StoreError};

/// The chapters of the guide are compiled and run.
#[cfg(doctest)]
mod guide {
    #[doc = include_str!("../../../docs/guide/durable-runs.md")]
    mod durable_runs {}
    #[doc = include_str!("../../../docs/guide/operating.md")]
    mod operating {}
    #[doc = include_str!("../../../docs/guide/waiting.md")]
    mod waiting {}
}

/// What is logged goes there, unless it goes elsewhere already.
pub fn log_to(file: impl Write + Send + 'static) {
    let log = tracing_subscriber::fmt().with_ansi(false).with_writer(Mutex::new(file));
    let _ = log.try_init();
}

/// A file, or a database if the place is a URL. Its lease is short, so that tests are.
pub async fn open(place: &str, level: Durability) -> Result<Store, StoreError> {
    if place.starts_with("postgres") {
        return Postgres::new(place).lease(Duration::from_secs(2)).connect().await;
    }
    Store::open_at(place, level)
}

/// What the nodes write to.
#[derive(Resources)]
pub struct App {
    /// `None`: nobody reads it.
    pub calls: Calls,
}

/// A file that grows by one line for each call.
pub struct Calls(pub Option<File>);

impl Calls {
    /// One write, so that a process that is killed leaves whole lines.
    fn called(&self, cx: &Context) {
        if let Some(mut file) = self.0.as_ref() {
            let line = format!("{} {}\n", cx.correlation_id().unwrap_or("none"), cx.idempotency_key());
            file.write_all(line.as_bytes()).expect("a file that takes lines");
        }
    }
}

async fn pause(seed: u64) {
    tokio::time::sleep(Duration::from_micros(seed.wrapping_mul(2_654_435_761) % 3000)).await;
}

/// Takes a moment and gives another number.
#[node]
pub async fn mix(number: u64, #[resource] calls: &Calls, #[context] cx: &Context) -> u64 {
    calls.called(cx);
    pause(number).await;
    number.wrapping_mul(31).wrapping_add(7) % 1_000_003
}

/// Fails for each third number.
#[node]
pub async fn risk(number: u64, #[resource] calls: &Calls, #[context] cx: &Context) -> Result<u64, String> {
    calls.called(cx);
    pause(number).await;
    if number.is_multiple_of(3) { Err(format!("{number} is a third")) } else { Ok(number + 1) }
}

workflow! {
    /// Mixes numbers side by side.
    pub fn spread(seed: u64) -> Vec<u64> {
        let numbers = vec![seed, seed + 1, seed + 2, seed + 3, seed + 4];
        #[max(3)]
        let mixed = for number in numbers {
            let first = mix(number);
            mix(first)
        };
        mixed
    }

    /// A map in a workflow of its own, a branch, an error branch and a loop.
    pub fn everything(seed: u64) -> String {
        let left = spread(seed);
        let right = mix(seed + 100);
        let risked = match catch(risk(right)) {
            Ok(number) => format!("{number} is none"),
            Err(failure) => failure.error().map_or("no error".to_owned(), Clone::clone),
        };
        let branch = if right % 2 == 0 { mix(right) } else { risk_not(right) };
        let mut rest = branch % 50 + 2;
        let mut rounds = 0;
        #[max(40)]
        loop {
            if rest % 5 == 0 || rounds > 6 { break; }
            rest = mix(rest);
            rounds += 1;
        }
        format!("{left:?} {right} {risked} {branch} {rest} {rounds}")
    }
}

/// As `mix`, for another place.
#[node]
pub async fn risk_not(number: u64, #[resource] calls: &Calls, #[context] cx: &Context) -> u64 {
    calls.called(cx);
    pause(number).await;
    number + 3
}

workflow! {
    /// Waits for a person and for a time, each behind a step.
    pub fn patient(seed: u64, millis: u64) -> String {
        let first = mix(seed);
        #[after(first)]
        let by = signal::<String>("approve");
        #[after(first)]
        let slept = sleep(Duration::from_millis(millis));
        #[after(by, slept)]
        let last = mix(first);
        format!("{by} {last}")
    }
}
