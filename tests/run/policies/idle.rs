//! The idle limit: whoever gives a sign of life may take his time.

use std::time::Duration;

use flowc::{Context, Defaults, Engine, FailureKind, node, workflow};
use tokio::time::Instant;

use super::{MS, S};
use flowc::policy::Timeout;

/// So many signs of life, each after 800 ms, and then nothing for 5 s.
async fn live(beats: u64, cx: &Context) -> u64 {
    for beat in 1..=beats {
        tokio::time::sleep(MS(800)).await;
        if beat % 2 == 0 { cx.emit("still here") } else { cx.progress(beat, beats) }
    }
    if beats % 2 == 1 {
        tokio::time::sleep(S(5)).await;
    }
    beats
}

#[node(timeout(idle = "1s"))]
async fn lively(beats: u64, #[context] cx: &Context) -> u64 {
    live(beats, cx).await
}
#[node(spawn, timeout(idle = "1s"))]
async fn lively_elsewhere(beats: u64, #[context] cx: &Context) -> u64 {
    live(beats, cx).await
}
#[node(timeout(idle = "1s", attempt = "3s"))]
async fn lively_but_bounded(beats: u64, #[context] cx: &Context) -> u64 {
    live(beats, cx).await
}
#[node]
async fn plain(beats: u64, #[context] cx: &Context) -> u64 {
    live(beats, cx).await
}

workflow! {
    fn one(beats: u64) -> u64 {
        lively(beats)
    }
    fn elsewhere(beats: u64) -> u64 {
        lively_elsewhere(beats)
    }
    fn bounded(beats: u64) -> u64 {
        lively_but_bounded(beats)
    }
    fn inner(beats: u64) -> u64 {
        plain(beats)
    }
    fn outer(beats: u64) -> u64 {
        #[timeout(idle = "1s")]
        let given = inner(beats);
        given
    }
    fn around(beats: u64) -> u64 {
        #[timeout(idle = "1s")]
        let given = one(beats);
        given
    }
    fn unlimited(beats: u64) -> u64 {
        plain(beats)
    }
}

/// How it ended, and when.
async fn ended(run: impl Future<Output = Result<u64, flowc::Failure>>) -> (Result<u64, String>, Duration) {
    let begun = Instant::now();
    let ended = run.await.map_err(|failure| {
        assert_eq!(failure.kind(), FailureKind::Timeout);
        failure.to_string()
    });
    (ended, begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn signs_of_life_refresh_it() {
    assert_eq!(ended(one(10).run(&())).await, (Ok(10), S(8)));
    let (silent, after) = ended(one(3).run(&())).await;
    assert_eq!(after, MS(3 * 800 + 1000));
    assert!(silent.unwrap_err().contains("no sign of life for 1s"));
}

#[tokio::test(start_paused = true)]
async fn also_from_another_task() {
    assert_eq!(ended(elsewhere(10).run(&())).await, (Ok(10), S(8)));
    assert_eq!(ended(elsewhere(3).run(&())).await.1, MS(3400));
}

#[tokio::test(start_paused = true)]
async fn also_from_inside_a_workflow_and_for_all_around() {
    assert_eq!(ended(outer(10).run(&())).await, (Ok(10), S(8)));
    assert_eq!(ended(outer(3).run(&())).await.1, MS(3400));
    assert_eq!(ended(around(10).run(&())).await, (Ok(10), S(8)));
}

#[tokio::test(start_paused = true)]
async fn but_not_the_limit_of_the_attempt() {
    let (late, after) = ended(bounded(10).run(&())).await;
    assert_eq!(after, S(3));
    assert!(late.unwrap_err().contains("longer than 3s"));
}

#[tokio::test(start_paused = true)]
async fn as_a_default_of_an_engine() {
    let defaults = Defaults::new().timeout(Timeout::NONE.idle(S(1)));
    let engine = Engine::builder().resources(()).defaults(defaults).build();
    assert_eq!(ended(engine.start(unlimited(10))).await, (Ok(10), S(8)));
    assert_eq!(ended(engine.start(unlimited(3))).await.1, MS(3400));
}
