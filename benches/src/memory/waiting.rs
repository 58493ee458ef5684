//! A hundred thousand runs that wait at once, and then go on.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use flowc::{Engine, node, workflow};
use tokio::sync::Notify;

use super::rss::resident;
use crate::measure::runtime;
use crate::nodes::ready::step;

/// Something outside that answers all callers at once.
#[derive(Default)]
pub(crate) struct Outside {
    waiting: AtomicU64,
    answer: Notify,
}

#[node]
pub(crate) async fn ask(outside: &Arc<Outside>, x: &u64) -> Result<u64, String> {
    let answer = outside.answer.notified();
    outside.waiting.fetch_add(1, Ordering::Relaxed);
    answer.await;
    Ok(*x + 1)
}

workflow! {
    pub(crate) fn wait(outside: Arc<Outside>, x: u64) -> u64 {
        let a = step(&x);
        let b = ask(&outside, &a);
        step(&b)
    }
}

async fn by_hand(outside: Arc<Outside>, x: u64) -> Result<u64, String> {
    let a = step(&x).await?;
    let b = ask(&outside, &a).await?;
    step(&b).await
}

const RUNS: u64 = 100_000;

const HEAD: &str = "\
| runs that wait for a call | future bytes | heap bytes per run | RSS bytes per run | started a second | woken and done a second |
|---|---:|---:|---:|---:|---:|
";

pub(super) fn table() -> Result<String, String> {
    let mut table = String::from(HEAD);
    // The engine is first, while the program has no freed memory that the next could take without growing.
    let engine = Engine::builder().resources(()).build();
    let of_engine = |outside, x| {
        let run = engine.start(wait(outside, x));
        async move { run.await.map_err(|failure| failure.to_string()) }
    };
    let future = wait(Arc::default(), 0);
    table += &line("`engine.start(..)`", size_of_val(&future.run(&())), true, of_engine)?;
    let of_task = |outside, x| {
        let task = tokio::spawn(by_hand(outside, x));
        async move { task.await.map_err(|error| error.to_string())? }
    };
    table += &line("by hand, spawned", size_of_val(&by_hand(Arc::default(), 0)), false, of_task)?;
    Ok(table)
}

/// Starts all runs, waits until all of them wait, and lets them go on.
fn line<F>(name: &str, size: usize, fresh: bool, start: impl Fn(Arc<Outside>, u64) -> F) -> Result<String, String>
where
    F: Future<Output = Result<u64, String>>,
{
    let runtime = runtime();
    let outside = Arc::new(Outside::default());
    let before = resident()?;
    let begun = Instant::now();
    let mut runs = Vec::new();
    // One thread runs all tasks, so what is allocated here is all that there is.
    let counted = allocation_counter::measure(|| {
        runtime.block_on(async {
            runs.extend((0..RUNS).map(|x| start(Arc::clone(&outside), x)));
            while outside.waiting.load(Ordering::Relaxed) < RUNS {
                tokio::task::yield_now().await;
            }
        });
    });
    let started = begun.elapsed();
    let grown = resident()?.saturating_sub(before);
    let woken = Instant::now();
    let sum = runtime.block_on(async {
        outside.answer.notify_waiters();
        let mut sum = 0;
        for run in runs {
            sum += run.await?;
        }
        Ok::<_, String>(sum)
    })?;
    let took = woken.elapsed();
    let expected = RUNS * (RUNS - 1) / 2 + 3 * RUNS;
    if sum != expected {
        return Err(format!("{name}: the results of all runs make {sum}, and not {expected}"));
    }
    let rss = if fresh { format!("{:.0}", grown as f64 / RUNS as f64) } else { "-".into() };
    let a_second = |time: std::time::Duration| RUNS as f64 / time.as_secs_f64();
    Ok(format!(
        "| {name} | {size} | {:.0} | {rss} | {:.0} | {:.0} |\n",
        counted.bytes_current as f64 / RUNS as f64,
        a_second(started),
        a_second(took)
    ))
}
