//! `#[context]`: what a node learns of its call.

use std::time::Duration;

use flowc::__private::{Overridden, Policy, Timeout, overridden};
use flowc::{Context, node};

use crate::one::call;

type Seen = (u32, Option<Duration>);

fn seen(cx: &Context) -> Seen {
    let now = tokio::time::Instant::now().into_std();
    (cx.attempt(), cx.deadline().map(|deadline| deadline.duration_since(now)))
}

#[node]
async fn plain(#[context] cx: &Context, query: &str) -> Seen {
    let _ = query;
    seen(cx)
}

#[tokio::test(start_paused = true)]
async fn a_plain_call_is_the_first_and_has_all_the_time() {
    assert_eq!(call::<plain, _>(plain::__flowc_input("x"), &()).await.unwrap(), (1, None));
}

#[node(timeout = "5s", retry(attempts = 3, base = "1s"))]
fn third(#[context] cx: &Context) -> Result<Seen, String> {
    if cx.attempt() < 3 { Err("again".into()) } else { Ok(seen(cx)) }
}

#[tokio::test(start_paused = true)]
async fn each_attempt_has_its_number_and_its_own_deadline() {
    let seen = call::<third, _>(third::__flowc_input(), &()).await.unwrap();
    assert_eq!(seen, (3, Some(Duration::from_secs(5))));
}

#[tokio::test(start_paused = true)]
async fn an_overridden_limit_is_the_deadline() {
    const LIMIT: &Policy<plain> = &Policy::<plain>::NONE.timeout(Timeout::attempt(Duration::from_secs(2)));
    let input = overridden::<plain>(plain::__flowc_input("x"), LIMIT);
    let seen = call::<Overridden<plain>, _>(input, &()).await.unwrap();
    assert_eq!(seen, (1, Some(Duration::from_secs(2))));
}

#[node(blocking)]
fn aside(#[context] cx: &Context) -> u32 {
    cx.attempt()
}

#[node(spawn, timeout = "1s")]
async fn apart(#[context] cx: &Context) -> bool {
    cx.deadline().is_some()
}

#[tokio::test]
async fn it_goes_along_to_other_threads() {
    assert_eq!(call::<aside, _>(aside::__flowc_input(), &()).await.unwrap(), 1);
    assert!(call::<apart, _>(apart::__flowc_input(), &()).await.unwrap());
}
