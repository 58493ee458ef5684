//! Stubs in the place of steps.
#![allow(
    clippy::pedantic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test says so by failing, and its nodes do little"
)]
#![cfg(feature = "testing")]

mod support;

use flowc::testing::{context, counted};
use flowc::{Engine, FailureKind};
use support::{Oops, chain, nested, short, talks};

#[tokio::test]
async fn a_stub_stands_in_the_place_of_its_step() {
    let (stub, calls) = counted(|| Ok(40));
    let engine = Engine::builder().resources(()).stub(chain::second, stub).build();
    assert_eq!(engine.start(chain(1)).await.unwrap(), 41);
    assert_eq!(calls.count(), 1);
    assert_eq!(engine.start(nested(1)).await.unwrap(), 41, "also where the workflow is a step");
    assert_eq!(calls.count(), 2);
}

#[tokio::test]
async fn a_stub_can_fail_and_panic_as_its_step_would() {
    let engine = Engine::builder().resources(()).stub(chain::second, || Err(Oops("stub"))).build();
    let mut run = engine.start(chain(1));
    let mut lines = Vec::new();
    while let Some(event) = run.next_event().await {
        lines.push(short(&event));
    }
    assert!(lines.contains(&"chain/second failed: oops: stub".to_owned()), "{lines:?}");
    let failure = run.await.unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Error, "chain/second"));
    assert_eq!(failure.error().unwrap().downcast_ref(), Some(&Oops("stub")));

    let engine = Engine::builder().stub(chain::second, || panic!("stubborn")).resources(()).build();
    let failure = engine.start(chain(1)).await.unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Panic, "chain/second"));
}

#[tokio::test]
async fn a_node_is_tested_with_a_context_of_the_test_kit() {
    let cx = context();
    let words = talks(&3, &cx).await;
    assert!(words.ends_with("|test/step|-"), "{words}");
    assert_eq!(cx.texts(), ["one", "two"]);
    assert_eq!(cx.last_progress(), Some((3, 10)));
    assert!(!cx.is_cancelled());
    cx.cancel();
    assert!(cx.is_cancelled());
    cx.cancelled().await;
}
