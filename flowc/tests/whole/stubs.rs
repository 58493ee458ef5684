//! Stubs in the place of steps.
#![cfg(feature = "testing")]

use crate::support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use flowc::testing::context;
use flowc::{AnyError, Engine, FailureKind, node, workflow};
use support::{Oops, chain, nested, short, talks};

#[tokio::test]
async fn a_stub_is_given_the_inputs_of_its_step() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let engine = Engine::builder()
        .resources(())
        .stub(chain::second, move |x| {
            log.lock().unwrap().push(*x);
            Ok(*x * 20)
        })
        .build();
    assert_eq!(engine.start(chain(1)).await.unwrap(), 41);
    assert_eq!(engine.start(nested(1)).await.unwrap(), 61, "also where the workflow is a step");
    assert_eq!(*seen.lock().unwrap(), [2, 3]);
}

#[tokio::test]
async fn a_stub_can_fail_and_panic_as_its_step_would() {
    let engine = Engine::builder().resources(()).stub(chain::second, |_| Err(Oops("stub"))).build();
    let mut run = engine.start(chain(1));
    let mut lines = Vec::new();
    while let Some(event) = run.next_event().await {
        lines.push(short(&event));
    }
    assert!(lines.contains(&"chain/second failed: oops: stub".to_owned()), "{lines:?}");
    let failure = run.await.unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Error, "chain/second"));
    assert_eq!(failure.error().unwrap().downcast_ref(), Some(&Oops("stub")));

    let engine = Engine::builder().stub(chain::second, |_| panic!("stubborn")).resources(()).build();
    let failure = engine.start(chain(1)).await.unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Panic, "chain/second"));
}

#[tokio::test(start_paused = true)]
async fn an_async_stub_takes_its_time() {
    let engine = Engine::builder()
        .resources(())
        .stub_async(chain::second, |x| {
            let x = *x;
            async move {
                tokio::time::sleep(Duration::from_secs(5)).await;
                if x > 10 {
                    panic!("too much")
                }
                Ok(x)
            }
        })
        .build();
    let begun = tokio::time::Instant::now();
    assert_eq!(engine.start(chain(1)).await.unwrap(), 3);
    assert_eq!(begun.elapsed(), Duration::from_secs(5));
    let failure = engine.start(chain(10)).await.unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Panic, "chain/second"));
}

/// In the place of a workflow.
#[tokio::test]
async fn a_stub_of_a_workflow_takes_what_the_workflow_takes() {
    let engine = Engine::builder().resources(()).stub(nested::reply, |begin| Ok(begin * 100)).build();
    assert_eq!(engine.start(nested(1)).await.unwrap(), 200);
    let engine = Engine::builder().resources(()).stub(nested::reply, |_| Err(AnyError::new(Oops("none")))).build();
    let failure = engine.start(nested(1)).await.unwrap_err();
    assert_eq!((failure.step(), failure.node()), ("nested/reply", "chain"));
    assert_eq!(failure.error().unwrap().downcast_ref(), Some(&Oops("none")));
}

trait Model: Send + Sync {
    fn say(&self, text: &str) -> String;
}

struct Parrot;

impl Model for Parrot {
    fn say(&self, text: &str) -> String {
        text.to_owned()
    }
}

impl flowc::Provides<Parrot> for Parrot {
    fn provide(&self) -> &Parrot {
        self
    }
}

/// A node with all kinds of parameters.
#[node(retry(attempts = 2))]
async fn ask<M: Model>(
    prompt: &str,
    words: &[&str],
    times: usize,
    #[resource] model: &M,
    #[context] cx: &flowc::Context,
) -> Result<String, Oops> {
    cx.emit("asking");
    let _ = (times, words);
    Ok(model.say(prompt))
}

/// A node that cannot fail, and takes nothing.
#[node(blocking)]
fn number() -> usize {
    3
}

#[node]
async fn short_text(text: &str) -> bool {
    text.len() < 10
}

workflow! {
    fn chat<M: Model>(prompt: String) -> String {
        let times = number();
        let words = vec!["a", "b"];
        #[timeout("1s")]
        let reply = ask::<M>(&prompt, &words, times);
        let brief = short_text(&reply);
        if brief {
            let more = ask::<M>(&reply, &words, times);
            more
        } else {
            #[max(2)]
            let parts = for word in words { let part = ask::<M>(word, &[], 1); part };
            parts.concat()
        }
    }
}

#[tokio::test]
async fn generic_nodes_and_steps_with_policies_are_stubbed_as_well() {
    let builder = || {
        Engine::builder()
            .resources(Parrot)
            .stub(chat::<Parrot>::times, || 5)
            .stub(chat::<Parrot>::reply, |prompt, words, times| Ok(format!("{prompt}{}{times}", words.concat())))
    };
    let reply = builder().build().start(chat::<Parrot>("cat".to_owned())).await.unwrap();
    assert_eq!(reply, "catab5");
    // Steps inside an arm or a `for` have handles too.
    let engine = builder()
        .stub(chat::<Parrot>::more, |reply, _, _| Ok(format!("more of {reply}")))
        .stub(chat::<Parrot>::part, |word, _, _| Ok(word.to_uppercase()))
        .build();
    assert_eq!(engine.start(chat::<Parrot>("cat".to_owned())).await.unwrap(), "more of catab5");
    assert_eq!(engine.start(chat::<Parrot>("a long prompt".to_owned())).await.unwrap(), "AB");
}

workflow! {
    fn shadows(x: u64) -> u64 {
        let found = support::inc(&x);
        if found > 1 {
            let found = support::inc(&found);
            let inner = support::inc(&found);
            inner
        } else {
            let inner = support::inc(&found);
            inner + 100
        }
    }
}

#[tokio::test]
async fn a_name_that_is_there_twice_means_the_outer_step_and_else_the_last() {
    let engine = Engine::builder().resources(()).stub(shadows::found, |_| Ok(0)).build();
    assert_eq!(engine.start(shadows(1)).await.unwrap(), 101);
    let engine = Engine::builder().resources(()).stub(shadows::inner, |_| Ok(7)).build();
    assert_eq!(engine.start(shadows(0)).await.unwrap(), 107);
    assert_eq!(engine.start(shadows(5)).await.unwrap(), 8, "the step of the first arm is another one");
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
