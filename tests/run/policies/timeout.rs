//! The time for all attempts.

use flowc::{Context, FailureKind, node, workflow};
use tokio::time::Instant;

use super::{Act, Bad, MS, S, Script};

#[node(timeout(attempt = "1s", total = "2500ms"), retry(attempts = 9, base = "100ms", factor = 1))]
async fn bounded(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(timeout(total = "2s"), retry(attempts = 9, base = "900ms", factor = 1))]
async fn hopeless(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(timeout(attempt = "5s", total = "8s"), retry(attempts = 2, base = "1s"))]
async fn told(script: &Script, #[context] cx: &Context) -> Result<usize, Bad> {
    let left = cx.remaining().expect("a limit").as_millis();
    script.play().await.map(|_| usize::try_from(left).unwrap())
}
#[node(timeout(total = "1s"), concurrency(max = 1))]
async fn crowded(script: &Script) -> Result<usize, Bad> {
    script.play().await
}

workflow! {
    fn all(script: Script) -> usize {
        bounded(&script)
    }
    fn no_use(script: Script) -> usize {
        hopeless(&script)
    }
    fn telling(script: Script) -> usize {
        told(&script)
    }
    fn crowd(script: Script) -> usize {
        let one = crowded(&script);
        let two = crowded(&script);
        one + two
    }
}

#[tokio::test(start_paused = true)]
async fn it_holds_for_all_attempts_together() {
    let (begun, script) = (Instant::now(), Script::new(&[Act::Slow(9000)]));
    let failure = all(script.clone()).run(&()).await.unwrap_err();
    // 1 s, 100 ms, 1 s, 100 ms, and what is left: 300 ms.
    assert_eq!((failure.kind(), failure.attempts(), begun.elapsed()), (FailureKind::Timeout, 3, MS(2500)));
    assert_eq!(script.starts(), [0, 1100, 2200]);
}

#[tokio::test(start_paused = true)]
async fn no_wait_begins_that_would_outlast_it() {
    let begun = Instant::now();
    let failure = no_use(Script::new(&[Act::Fail])).run(&()).await.unwrap_err();
    // After the third attempt another wait would end beyond the 2 s, so the error is told at once.
    assert_eq!((failure.kind(), failure.attempts(), begun.elapsed()), (FailureKind::Error, 3, MS(1800)));
}

#[tokio::test(start_paused = true)]
async fn the_context_is_told_the_earlier_one() {
    assert_eq!(telling(Script::new(&[Act::Give])).run(&()).await.unwrap(), 5000);
    // The second attempt begins after 4 s + 1 s, and 3 s are left.
    assert_eq!(telling(Script::new(&[Act::SlowFail(4000), Act::Give])).run(&()).await.unwrap(), 3000);
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_a_place_counts() {
    let begun = Instant::now();
    let failure = crowd(Script::new(&[Act::Slow(900)])).run(&()).await.unwrap_err();
    assert_eq!((failure.kind(), begun.elapsed()), (FailureKind::Timeout, S(1)));
}
