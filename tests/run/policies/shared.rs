//! What is shared by name, and by whom.

use flowc::policy::{BreakerState, Shares};
use flowc::{Engine, FailureKind, node, workflow};

use super::{Act, Bad, Script};

#[node(breaker(failures = 1, name = "model"))]
async fn ask(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(breaker(failures = 1, name = "model"))]
async fn tell(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(breaker(failures = 1, name = "alone without an engine"))]
async fn alone(script: &Script) -> Result<usize, Bad> {
    script.play().await
}

workflow! {
    fn asking(script: Script) -> usize {
        ask(&script)
    }
    fn telling(script: Script) -> usize {
        tell(&script)
    }
    fn lonely(script: Script) -> usize {
        alone(&script)
    }
}

#[tokio::test(start_paused = true)]
async fn two_workflows_of_one_engine_share_and_two_engines_do_not() {
    let (one, other) = (Engine::builder().resources(()).build(), Engine::builder().resources(()).build());
    one.start(asking(Script::new(&[Act::Fail]))).await.unwrap_err();
    assert_eq!(one.start(telling(Script::new(&[Act::Give]))).await.unwrap_err().kind(), FailureKind::Breaker);
    assert_eq!(other.start(telling(Script::new(&[Act::Give]))).await.unwrap(), 1);
    assert_eq!(one.shares().conflicts(), []);
}

#[tokio::test(start_paused = true)]
async fn two_engines_share_what_they_are_given() {
    let shares = Shares::new();
    let engine = || Engine::builder().resources(()).shares(shares.clone()).build();
    engine().start(asking(Script::new(&[Act::Fail]))).await.unwrap_err();
    assert_eq!(engine().start(telling(Script::new(&[Act::Give]))).await.unwrap_err().kind(), FailureKind::Breaker);
}

#[tokio::test(start_paused = true)]
async fn runs_without_an_engine_share_those_of_the_process() {
    lonely(Script::new(&[Act::Fail])).run(&()).await.unwrap_err();
    assert_eq!(lonely(Script::new(&[Act::Give])).run(&()).await.unwrap_err().kind(), FailureKind::Breaker);
    assert_eq!(Shares::global().find_breaker("alone without an engine").unwrap().state(), BreakerState::Open);
}
