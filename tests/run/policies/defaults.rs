//! What an engine does for all nodes.

use flowc::policy::{BreakerPolicy, BreakerState, ConcurrencyPolicy, RatePolicy, Retry, Timeout};
use flowc::{Defaults, Engine, FailureKind, node, workflow};
use tokio::time::Instant;

use super::{Act, Bad, MS, S, Script};

#[node]
async fn plain(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node]
async fn other(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(timeout = "5s")]
async fn patient(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(retry)]
async fn willing(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(retry(attempts = 2))]
async fn half_willing(script: &Script) -> Result<usize, Bad> {
    script.play().await
}

workflow! {
    fn one(script: Script) -> usize {
        plain(&script)
    }
    fn two(script: Script) -> usize {
        let one = plain(&script);
        let two = other(&script);
        one + two
    }
    fn nested(script: Script) -> usize {
        let given = one(script);
        given
    }
    fn own(script: Script) -> usize {
        patient(&script)
    }
    fn at_a_step(script: Script) -> usize {
        #[timeout("5s")]
        let given = plain(&script);
        given
    }
    fn trying(script: Script) -> usize {
        willing(&script)
    }
    fn trying_twice(script: Script) -> usize {
        half_willing(&script)
    }
    fn trying_at_a_step(script: Script) -> usize {
        #[retry]
        let given = plain(&script);
        given
    }
    fn crowd(script: Script, many: Vec<u8>) -> usize {
        #[max(8)]
        let all = for _n in many { plain(&script) };
        all.len()
    }
}

fn engine(defaults: Defaults) -> Engine<()> {
    Engine::builder().resources(()).defaults(defaults).build()
}

#[tokio::test(start_paused = true)]
async fn a_timeout_is_filled_in_where_nobody_says_one() {
    let engine = engine(Defaults::new().timeout(Timeout::attempt(S(1))));
    let slow = || Script::new(&[Act::Slow(3000)]);
    let failure = engine.start(one(slow())).await.unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Timeout, "one/plain"));
    assert_eq!(engine.start(nested(slow())).await.unwrap_err().step(), "nested/given/plain");
    assert_eq!(engine.start(own(slow())).await.unwrap(), 1);
    assert_eq!(engine.start(at_a_step(slow())).await.unwrap(), 1);
    // Without the engine nothing is filled in.
    assert_eq!(one(slow()).run(&()).await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_for_everything_ends_a_node_too() {
    let engine = engine(Defaults::new().timeout(Timeout::NONE.total(S(1))));
    assert_eq!(engine.start(one(Script::new(&[Act::Slow(3000)]))).await.unwrap_err().kind(), FailureKind::Timeout);
}

#[tokio::test(start_paused = true)]
async fn each_node_has_a_breaker() {
    let engine = engine(Defaults::new().breaker(BreakerPolicy::new().failures(1)));
    engine.start(one(Script::new(&[Act::Fail]))).await.unwrap_err();
    assert_eq!(engine.breaker("plain").unwrap().state(), BreakerState::Open);
    let failure = engine.start(two(Script::new(&[Act::Give]))).await.unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Breaker, "two/one"));
    // Neither a workflow as a step, nor a workflow as a run, is a node.
    engine.start(nested(Script::new(&[Act::Give]))).await.unwrap_err();
    let names: Vec<_> = engine.breakers().iter().map(|breaker| breaker.name().to_string()).collect();
    assert_eq!(names, ["other", "plain"]);
}

#[tokio::test(start_paused = true)]
async fn each_node_has_a_rate_and_a_bulkhead() {
    let defaults =
        Defaults::new().rate(RatePolicy::new().calls(4, S(1)).burst(4)).concurrency(ConcurrencyPolicy::max(2));
    let (engine, script, begun) = (engine(defaults), Script::new(&[Act::Slow(10)]), Instant::now());
    assert_eq!(engine.start(crowd(script.clone(), vec![0; 6])).await.unwrap(), 6);
    assert_eq!((script.most(), begun.elapsed()), (2, MS(510)));
    assert_eq!(engine.shares().bulkheads()[0].in_use(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_numbers_of_retry_are_filled_in() {
    let engine = engine(Defaults::new().retry(Retry::attempts(4).base(MS(10)).factor(1.0)));
    for (run, attempts) in [
        (engine.start(trying(Script::new(&[Act::Fail]))).await, 4),
        (engine.start(trying_twice(Script::new(&[Act::Fail]))).await, 2),
        (engine.start(trying_at_a_step(Script::new(&[Act::Fail]))).await, 4),
        (engine.start(one(Script::new(&[Act::Fail]))).await, 1),
    ] {
        assert_eq!(run.unwrap_err().attempts(), attempts);
    }
    let begun = Instant::now();
    engine.start(trying_twice(Script::new(&[Act::Fail]))).await.unwrap_err();
    assert_eq!(begun.elapsed(), MS(10));
    // Without an engine there are three attempts, as ever.
    assert_eq!(trying(Script::new(&[Act::Fail])).run(&()).await.unwrap_err().attempts(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_step_with_retry_has_the_other_defaults_around_each_attempt() {
    let defaults = Defaults::new().timeout(Timeout::attempt(S(1))).retry(Retry::attempts(2).base(MS(10)));
    let (engine, begun) = (engine(defaults), Instant::now());
    let failure = engine.start(trying_at_a_step(Script::new(&[Act::Slow(9000)]))).await.unwrap_err();
    assert_eq!((failure.kind(), failure.attempts(), begun.elapsed()), (FailureKind::Timeout, 2, MS(2010)));
}
