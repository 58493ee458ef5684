use std::time::Duration;

use flowc::{Context, Engine, FailureKind, Usage, node, workflow};
use tokio::time::Instant;

use super::{MS, S};

#[derive(Clone)]
struct Prompt {
    tenant: &'static str,
    words: u64,
}

impl Prompt {
    fn tenant(&self) -> &'static str {
        self.tenant
    }
    fn tokens(&self) -> u64 {
        self.words * 2
    }
}

fn tenant_of(prompt: &Prompt, _: &u32) -> String {
    prompt.tenant.to_owned()
}

#[node(rate(calls = 1, per = "1s"))]
fn one_a_second(n: u32) -> u32 {
    n
}
#[node(rate(calls = 1, per = "1s", wait = "0s"))]
fn one_or_none(n: u32) -> u32 {
    n
}
#[node(rate(calls = 1, per = "1s", key = Prompt::tenant))]
fn each_tenant(prompt: &Prompt) -> u64 {
    prompt.words
}
#[node(rate(calls = 1, per = "1s", key = tenant_of))]
fn by_two_inputs(prompt: &Prompt, n: u32) -> u64 {
    prompt.words + u64::from(n)
}
#[node(rate(tokens = 100, per = "1m", cost = Prompt::tokens))]
fn complete(prompt: &Prompt) -> u64 {
    prompt.words
}
/// Uses twice as many tokens as it said, and tells.
#[node(rate(tokens = 100, per = "1m", cost = Prompt::tokens))]
async fn complete_and_tell(prompt: &Prompt, #[context] cx: &Context) -> u64 {
    cx.usage(Usage::new("model").input_tokens(prompt.words).output_tokens(prompt.words * 3));
    prompt.words
}
#[node]
fn plain(n: u32) -> u32 {
    n
}

workflow! {
    fn steady(many: Vec<u32>) -> Vec<u32> {
        #[max(8)]
        let all = for n in many { one_a_second(n) };
        all
    }
    fn strict(n: u32) -> u32 {
        one_or_none(n)
    }
    fn fair(prompts: Vec<Prompt>) -> Vec<u64> {
        #[max(8)]
        let all = for prompt in &prompts { each_tenant(prompt) };
        all
    }
    fn keyed_by_two(prompts: Vec<Prompt>) -> Vec<u64> {
        #[max(8)]
        let all = for prompt in &prompts { by_two_inputs(prompt, 1) };
        all
    }
    fn thrifty(prompts: Vec<Prompt>) -> Vec<u64> {
        #[max(8)]
        let all = for prompt in &prompts { complete(prompt) };
        all
    }
    fn honest(prompts: Vec<Prompt>) -> Vec<u64> {
        #[max(1)]
        let all = for prompt in &prompts { complete_and_tell(prompt) };
        all
    }
    fn at_a_step(many: Vec<u32>) -> Vec<u32> {
        #[max(8)]
        let all = for n in many {
            #[rate(calls = 2, per = "1s", burst = 1)]
            let one = plain(n);
            one
        };
        all
    }
}

async fn took<T>(run: impl Future<Output = T>) -> Duration {
    let begun = Instant::now();
    run.await;
    begun.elapsed()
}

#[tokio::test(start_paused = true)]
async fn calls_wait_for_their_turn() {
    let engine = Engine::builder().resources(()).build();
    assert_eq!(took(engine.start(steady(vec![1, 2, 3, 4]))).await, S(3));
    // All runs of the engine have one rate.
    assert_eq!(took(engine.start(steady(vec![1]))).await, S(1));
}

#[tokio::test(start_paused = true)]
async fn who_may_not_wait_is_refused() {
    let engine = Engine::builder().resources(()).build();
    engine.start(strict(1)).await.unwrap();
    let failure = engine.start(strict(1)).await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Rate);
    assert!(failure.to_string().contains("`one_or_none` has no room"), "{failure}");
    tokio::time::advance(S(1)).await;
    engine.start(strict(1)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn each_key_has_a_rate_of_its_own() {
    let prompts: Vec<_> = ["a", "b", "c", "a"].map(|tenant| Prompt { tenant, words: 1 }).into();
    let engine = Engine::builder().resources(()).build();
    assert_eq!(took(engine.start(fair(prompts.clone()))).await, S(1));
    assert_eq!(engine.shares().limiters().iter().map(flowc::policy::RateLimiter::keys).collect::<Vec<_>>(), [3]);
    assert_eq!(took(engine.start(keyed_by_two(prompts))).await, S(1));
}

#[tokio::test(start_paused = true)]
async fn tokens_are_counted_by_what_a_call_costs() {
    let prompts = [40, 10, 25].map(|words| Prompt { tenant: "a", words }).into();
    let engine = Engine::builder().resources(()).build();
    // 80 and 20 are there at once, and 50 have to flow in.
    assert_eq!(took(engine.start(thrifty(prompts))).await, S(30));
}

#[tokio::test(start_paused = true)]
async fn tokens_that_were_used_take_the_place_of_the_estimate() {
    let prompts = [50, 25].map(|words| Prompt { tenant: "a", words }).into();
    // 200 were used in place of 100: 100 are owed, and 50 more have to flow in.
    assert_eq!(took(honest(prompts).run(&())).await, S(90));
}

#[tokio::test(start_paused = true)]
async fn a_step_may_have_its_own() {
    let engine = Engine::builder().resources(()).build();
    assert_eq!(took(engine.start(at_a_step(vec![1, 2, 3]))).await, MS(1000));
}
