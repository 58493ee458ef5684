//! What an engine tells of the policies of its steps.

use flowc::{Defaults, Engine, Failure, node, workflow};

use super::{Act, Bad, Script};
use flowc::policy::{BreakerPolicy, ConcurrencyPolicy};

fn zero(_: &Failure<Bad>) -> usize {
    0
}
fn always(_: &Script) -> u8 {
    0
}

#[node(
    fallback = zero,
    breaker(failures = 1, name = "b"),
    rate(calls = 9, per = "1s", name = "r"),
    concurrency(max = 1, name = "c")
)]
async fn guarded(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(cache(key = always, name = "k"))]
async fn kept(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node]
async fn plain(script: &Script) -> Result<usize, Bad> {
    script.play().await
}

workflow! {
    fn guarding(script: Script) -> usize {
        guarded(&script)
    }
    fn crowd(script: Script) -> usize {
        let one = guarded(&script);
        let two = guarded(&script);
        one + two
    }
    fn keeping(script: Script) -> usize {
        let one = kept(&script);
        #[after(one)]
        let two = kept(&script);
        one + two
    }
    fn bare(script: Script) -> usize {
        plain(&script)
    }
}

/// The texts of the events of a run that policies are the reason of.
async fn told<W>(mut run: flowc::Run<W>) -> Vec<String>
where
    W: flowc::__private::Workflow,
{
    let mut told = Vec::new();
    while let Some(event) = run.next_event().await {
        let text = event.kind.to_string();
        if ["permit", "breaker", "cache", "fallback"].iter().any(|word| text.contains(word)) {
            told.push(text);
        }
    }
    told
}

#[tokio::test(start_paused = true)]
async fn of_permits_breakers_and_fallbacks() {
    let engine = Engine::builder().resources(()).build();
    assert_eq!(
        told(engine.start(guarding(Script::new(&[Act::Fail])))).await,
        [
            "step `guarding/guarded` got a permit of rate `r` after 0ns",
            "step `guarding/guarded` got a permit of concurrency `c` after 0ns",
            "breaker `b` went from closed to open in step `guarding/guarded`",
            "step `guarding/guarded` gave a permit of `c` back",
            "step `guarding/guarded` failed and took its fallback (error): call 1 failed",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn of_waits() {
    let engine = Engine::builder().resources(()).build();
    let told = told(engine.start(crowd(Script::new(&[Act::Slow(250)])))).await;
    assert!(told.contains(&"step `crowd/two` got a permit of concurrency `c` after 250ms".to_owned()), "{told:#?}");
}

#[tokio::test(start_paused = true)]
async fn of_caches() {
    let engine = Engine::builder().resources(()).build();
    assert_eq!(
        told(engine.start(keeping(Script::new(&[Act::Give])))).await,
        ["step `keeping/one` found nothing in cache `k`", "step `keeping/two` took its value from cache `k`"]
    );
}

#[tokio::test(start_paused = true)]
async fn of_defaults_too() {
    let defaults = Defaults::new().breaker(BreakerPolicy::new().failures(1)).concurrency(ConcurrencyPolicy::max(1));
    let engine = Engine::builder().resources(()).defaults(defaults).build();
    assert_eq!(
        told(engine.start(bare(Script::new(&[Act::Fail])))).await,
        [
            "step `bare/plain` got a permit of concurrency `plain` after 0ns",
            "breaker `plain` went from closed to open in step `bare/plain`",
            "step `bare/plain` gave a permit of `plain` back",
        ]
    );
}
