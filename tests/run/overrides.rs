//! `#[retry]` and `#[timeout]` on a step.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use flowc::{FailureKind, node, workflow};
use tokio::time::Instant;

#[node(retry(attempts = 2, base = "1s", factor = 1))]
async fn flaky(calls: &AtomicU32, fails: u32) -> Result<u32, String> {
    let call = calls.fetch_add(1, Ordering::SeqCst) + 1;
    if call <= fails { Err(format!("call {call}")) } else { Ok(call) }
}
#[node(timeout = "1s")]
async fn nap(seconds: u64) -> u64 {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    seconds
}

workflow! {
    fn persistent(calls: &AtomicU32) -> u32 {
        #[retry(attempts = 5, base = "10ms", factor = 1)]
        let call = flaky(calls, 4);
        call
    }
    fn usual(calls: &AtomicU32) -> u32 {
        let call = flaky(calls, 4);
        call
    }
    fn patient(seconds: u64) -> u64 {
        #[timeout("10s")]
        let slept = nap(seconds);
        slept
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_has_its_own_retries() {
    let (calls, begun) = (AtomicU32::new(0), Instant::now());
    assert_eq!(persistent(&calls).run(&()).await.unwrap(), 5);
    assert_eq!(begun.elapsed(), Duration::from_millis(40));
    let calls = AtomicU32::new(0);
    let failure = usual(&calls).run(&()).await.unwrap_err();
    assert_eq!((failure.attempts(), failure.step()), (2, "usual/call"));
}

#[tokio::test(start_paused = true)]
async fn a_step_has_its_own_time() {
    assert_eq!(patient(5).run(&()).await.unwrap(), 5);
    let begun = Instant::now();
    let failure = patient(50).run(&()).await.unwrap_err();
    assert_eq!((failure.kind(), begun.elapsed()), (FailureKind::Timeout, Duration::from_secs(10)));
}
