//! One way to do the work of a row.

use std::fmt::Display;
use std::future::Future;
use std::hint::black_box;
use std::time::{Duration, Instant};

use flowc::Engine;
use tokio::runtime::{Builder, Runtime};

use super::spin::spin;

/// Runs the work so many times, and says how long it took and what came out of the last one.
type Batch = Box<dyn Fn(u32) -> (Duration, u64)>;

/// One way to do the work of a row.
pub(crate) struct Contestant {
    pub(crate) name: &'static str,
    /// The size of the future of one run, where it is one future.
    pub(crate) size: Option<usize>,
    pub(crate) batch: Batch,
}

/// Results as one number, so that contestants can be compared.
pub(crate) trait Digest {
    fn digest(self) -> u64;
}

impl Digest for u64 {
    fn digest(self) -> u64 {
        self
    }
}

impl Digest for Vec<u64> {
    fn digest(self) -> u64 {
        // The order counts.
        self.iter().fold(7, |sum, one| sum.wrapping_mul(31).wrapping_add(*one))
    }
}

/// The result of a run, which must be one.
fn value<T: Digest, E: Display>(name: &str, result: Result<T, E>) -> u64 {
    match result {
        Ok(value) => value.digest(),
        Err(error) => unreachable!("{name} failed: {error}"),
    }
}

/// Polled by nothing but a loop.
pub(crate) fn in_task<M, F, T, E>(name: &'static str, make: M) -> Contestant
where
    M: Fn() -> F + 'static,
    F: Future<Output = Result<T, E>>,
    T: Digest,
    E: Display,
{
    let batch = move |times: u32| {
        let start = Instant::now();
        let mut last = None;
        for _ in 0..times {
            last = Some(black_box(spin(make())));
        }
        let took = start.elapsed();
        (took, last.map_or(0, |last| value(name, last)))
    };
    Contestant { name, size: Some(size_of::<F>()), batch: Box::new(batch) }
}

/// Polled by nothing but a loop, where tokio's clock can be asked.
pub(crate) fn in_timed_task<M, F, T, E>(name: &'static str, make: M) -> Contestant
where
    M: Fn() -> F + 'static,
    F: Future<Output = Result<T, E>>,
    T: Digest,
    E: Display,
{
    let runtime = runtime();
    let Contestant { name, size, batch } = in_task(name, make);
    let timed = move |times: u32| {
        let _inside = runtime.enter();
        batch(times)
    };
    Contestant { name, size, batch: Box::new(timed) }
}

/// In a runtime of one thread: `each` is one run.
pub(crate) fn in_runtime<M, F, T, E>(name: &'static str, each: M) -> Contestant
where
    M: Fn() -> F + 'static,
    F: Future<Output = Result<T, E>>,
    T: Digest,
    E: Display,
{
    let runtime = runtime();
    let batch = move |times: u32| {
        runtime.block_on(async {
            let start = Instant::now();
            let mut last = None;
            for _ in 0..times {
                last = Some(black_box(each().await));
            }
            let took = start.elapsed();
            (took, last.map_or(0, |last| value(name, last)))
        })
    };
    Contestant { name, size: None, batch: Box::new(batch) }
}

/// A task for each run, as an engine makes one.
pub(crate) fn spawned<M, F, T, E>(name: &'static str, make: M) -> Contestant
where
    M: Fn() -> F + 'static,
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: Digest + Send + 'static,
    E: Display + Send + 'static,
{
    in_runtime(name, move || {
        let task = tokio::spawn(make());
        async move {
            match task.await {
                Ok(result) => result.map_err(|error| error.to_string()),
                Err(error) => Err(error.to_string()),
            }
        }
    })
}

/// Started by an engine to which nobody listens.
pub(crate) fn under_engine<M, F, T, E>(name: &'static str, start: M) -> Contestant
where
    M: Fn(&Engine<()>) -> F + 'static,
    F: Future<Output = Result<T, E>>,
    T: Digest,
    E: Display,
{
    under(name, Engine::builder().resources(()).build(), start)
}

/// Started by this engine.
pub(crate) fn under<M, F, T, E>(name: &'static str, engine: Engine<()>, start: M) -> Contestant
where
    M: Fn(&Engine<()>) -> F + 'static,
    F: Future<Output = Result<T, E>>,
    T: Digest,
    E: Display,
{
    in_runtime(name, move || start(&engine))
}

/// A runtime of one thread.
pub(crate) fn runtime() -> Runtime {
    match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => unreachable!("no runtime could be made: {error}"),
    }
}
