use flowc::policy::BreakerState;
use flowc::{Engine, FailureKind, node, workflow};

use super::{Act, Bad, MS, S, Script};

impl Bad {
    fn is_outage(&self) -> bool {
        self.0 % 2 == 0
    }
}

#[node(breaker(failures = 2, cooldown = "10s"))]
async fn call_out(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(breaker(failures = 2, cooldown = "10s", if = Bad::is_outage))]
async fn call_picky(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(timeout = "1s", breaker(failures = 1, cooldown = "10s"))]
async fn call_hasty(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(breaker(slow = "2s", slow_rate = 0.5, min_calls = 2, cooldown = "10s"), concurrency(max = 1))]
async fn call_slow(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node]
async fn plain(script: &Script) -> Result<usize, Bad> {
    script.play().await
}

workflow! {
    fn outside(script: Script) -> usize {
        call_out(&script)
    }
    fn picky(script: Script) -> usize {
        call_picky(&script)
    }
    fn hasty(script: Script) -> usize {
        call_hasty(&script)
    }
    fn slow(script: Script) -> usize {
        let one = call_slow(&script);
        let two = call_slow(&script);
        one + two
    }
    fn at_a_step(script: Script) -> usize {
        #[breaker(failures = 1, name = "theirs")]
        let given = plain(&script);
        given
    }
}

#[tokio::test(start_paused = true)]
async fn it_opens_refuses_probes_and_closes() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Fail, Act::Fail, Act::Give]);
    let kind = async |script: &Script| engine.start(outside(script.clone())).await.map_err(|failure| failure.kind());
    assert_eq!(kind(&script).await, Err(FailureKind::Error));
    assert_eq!(kind(&script).await, Err(FailureKind::Error));
    let breaker = engine.breaker("call_out").expect("it has the name of the node");
    assert_eq!(breaker.state(), BreakerState::Open);

    let refused = engine.start(outside(script.clone())).await.unwrap_err();
    assert_eq!((refused.kind(), script.calls()), (FailureKind::Breaker, 2));
    assert!(refused.to_string().contains("breaker `call_out` is open"), "{refused}");

    tokio::time::advance(S(10)).await;
    assert_eq!(kind(&script).await, Ok(3));
    assert_eq!(breaker.state(), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_forced_breaker_does_what_it_is_told() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Give]);
    engine.start(outside(script.clone())).await.unwrap();
    let [breaker] = &engine.breakers()[..] else { panic!("one node, one breaker") };
    breaker.force_open();
    assert_eq!(engine.start(outside(script.clone())).await.unwrap_err().kind(), FailureKind::Breaker);
    breaker.reset();
    assert_eq!(engine.start(outside(script.clone())).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn only_errors_that_count_open_it() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Fail]);
    let failures = async |n: usize| {
        for _ in 0..n {
            engine.start(picky(script.clone())).await.unwrap_err();
        }
        engine.breaker("call_picky").unwrap().snapshot()
    };
    // Of three calls only the second is an outage.
    let snapshot = failures(3).await;
    assert_eq!((snapshot.state, snapshot.calls, snapshot.failures), (BreakerState::Closed, 3, 1));
    assert_eq!(failures(1).await.state, BreakerState::Open);
}

#[tokio::test(start_paused = true)]
async fn timeouts_and_panics_count_and_refusals_do_not() {
    for act in [Act::Slow(5000), Act::Panic] {
        let engine = Engine::builder().resources(()).build();
        let script = Script::new(&[act]);
        engine.start(hasty(script.clone())).await.unwrap_err();
        let breaker = engine.breaker("call_hasty").unwrap();
        assert_eq!(breaker.state(), BreakerState::Open);
        for _ in 0..3 {
            assert_eq!(engine.start(hasty(script.clone())).await.unwrap_err().kind(), FailureKind::Breaker);
        }
        let snapshot = breaker.snapshot();
        assert_eq!((snapshot.opens, snapshot.refused, script.calls()), (1, 3, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_a_place_makes_no_call_slow() {
    // Both are let in at once, and the second waits 1.5 s for the first: 3 s in all, of which 1.5 s are its own.
    let engine = Engine::builder().resources(()).build();
    engine.start(slow(Script::new(&[Act::Slow(1500)]))).await.unwrap();
    let snapshot = engine.breaker("call_slow").unwrap().snapshot();
    assert_eq!((snapshot.calls, snapshot.slow, snapshot.state), (2, 0, BreakerState::Closed));
    engine.start(slow(Script::new(&[Act::Slow(2500)]))).await.unwrap();
    assert_eq!(engine.breaker("call_slow").unwrap().state(), BreakerState::Open);
}

#[tokio::test(start_paused = true)]
async fn a_step_may_name_its_own() {
    let engine = Engine::builder().resources(()).build();
    engine.start(at_a_step(Script::new(&[Act::Fail]))).await.unwrap_err();
    assert_eq!(engine.breaker("theirs").unwrap().state(), BreakerState::Open);
    assert!(engine.breaker("plain").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_cancelled_gives_its_permit_back() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Fail, Act::Fail, Act::Slow(60_000), Act::Give]);
    for _ in 0..2 {
        engine.start(outside(script.clone())).await.unwrap_err();
    }
    tokio::time::advance(S(10)).await;
    let probe = engine.start(outside(script.clone()));
    tokio::time::sleep(MS(1)).await;
    let breaker = engine.breaker("call_out").unwrap();
    assert_eq!((breaker.state(), script.calls()), (BreakerState::HalfOpen, 3));
    assert_eq!(engine.start(outside(script.clone())).await.unwrap_err().kind(), FailureKind::Breaker);
    probe.cancel();
    assert_eq!(probe.await.unwrap_err().kind(), FailureKind::Cancelled);
    assert_eq!(engine.start(outside(script.clone())).await.unwrap(), 4);
    assert_eq!(breaker.state(), BreakerState::Closed);
}
