//! Which failures are worth another attempt, and how long it waits.

use std::io::ErrorKind;
use std::time::Duration;

use flowc::policy::Retryable;
use flowc::{FailureKind, node, workflow};
use tokio::time::Instant;

use super::{Act, Bad, MS, S, Script};

#[derive(Debug)]
enum Answer {
    Busy(u64),
    Wrong,
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}
impl std::error::Error for Answer {}
impl Retryable for Answer {
    fn is_retryable(&self) -> bool {
        matches!(self, Self::Busy(_))
    }
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy(millis) => Some(MS(*millis)),
            Self::Wrong => None,
        }
    }
}

/// An error that fits into a box, and can tell nothing.
#[derive(Debug)]
struct Mute;
impl From<Mute> for Box<dyn std::error::Error + Send + Sync> {
    fn from(_: Mute) -> Self {
        "mute".into()
    }
}

/// A box for any error, as other crates have one.
struct Boxed(Box<dyn std::error::Error + Send + Sync>);
impl std::ops::Deref for Boxed {
    type Target = dyn std::error::Error + Send + Sync;
    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}
impl From<Boxed> for Box<dyn std::error::Error + Send + Sync> {
    fn from(Boxed(error): Boxed) -> Self {
        error
    }
}

#[node(retry(attempts = 3, base = "10ms", factor = 1))]
async fn ask(script: &Script, wrong: bool, after: u64) -> Result<usize, Answer> {
    script.play().await.map_err(|_| if wrong { Answer::Wrong } else { Answer::Busy(after) })
}
#[node(retry(attempts = 2, base = "10ms"), timeout(total = "3h"))]
async fn ask_for_hours(script: &Script, after: u64) -> Result<usize, Answer> {
    script.play().await.map_err(|_| Answer::Busy(after))
}
#[node(retry(attempts = 3, base = "10ms", factor = 1, if = Answer::is_wrong))]
async fn ask_again(script: &Script) -> Result<usize, Answer> {
    script.play().await.map_err(|_| Answer::Wrong)
}
impl Answer {
    fn is_wrong(&self) -> bool {
        matches!(self, Self::Wrong)
    }
}
#[node(retry(attempts = 3, base = "10ms"))]
async fn open(script: &Script, kind: ErrorKind) -> std::io::Result<usize> {
    script.play().await.map_err(|_| kind.into())
}
#[node(retry(attempts = 3, base = "10ms"))]
async fn open_boxed(script: &Script, kind: ErrorKind) -> Result<usize, Boxed> {
    script.play().await.map_err(|_| Boxed(Box::new(std::io::Error::from(kind))))
}
#[node(retry(attempts = 3, base = "10ms"))]
async fn mute(script: &Script) -> Result<usize, Mute> {
    script.play().await.map_err(|_| Mute)
}
#[node(retry(attempts = 3, base = "1ms", budget = "20s"), breaker(failures = 1, cooldown = "10s"))]
async fn patient(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(retry(attempts = 2, base = "1ms"), rate(calls = 1, per = "10s", wait = "0s"))]
async fn rated(script: &Script) -> Result<usize, Bad> {
    script.play().await
}

workflow! {
    fn asking(script: Script, wrong: bool, after: u64) -> usize {
        ask(&script, wrong, after)
    }
    fn asking_for_hours(script: Script, after: u64) -> usize {
        ask_for_hours(&script, after)
    }
    fn insisting(script: Script) -> usize {
        ask_again(&script)
    }
    fn opening(script: Script, kind: ErrorKind) -> usize {
        open(&script, kind)
    }
    fn opening_boxed(script: Script, kind: ErrorKind) -> usize {
        open_boxed(&script, kind)
    }
    fn muting(script: Script) -> usize {
        mute(&script)
    }
    fn waiting(script: Script) -> usize {
        patient(&script)
    }
    fn spaced(script: Script) -> usize {
        rated(&script)
    }
}

/// How many calls a run makes whose calls all fail, and how long it takes.
async fn calls<W>(run: impl FnOnce(Script) -> W) -> (usize, Duration)
where
    W: Future<Output = Result<usize, flowc::Failure>>,
{
    let (script, begun) = (Script::new(&[Act::Fail]), Instant::now());
    let failure = run(script.clone()).await.unwrap_err();
    assert_eq!((failure.kind(), failure.attempts() as usize), (FailureKind::Error, script.calls()));
    (script.calls(), begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn the_error_says_whether_and_when() {
    assert_eq!(calls(|script| asking(script, false, 500).run(&())).await, (3, S(1)));
    assert_eq!(calls(|script| asking(script, false, 1).run(&())).await, (3, MS(20)));
    assert_eq!(calls(|script| asking(script, true, 0).run(&())).await, (1, MS(0)));
}

#[tokio::test(start_paused = true)]
async fn an_error_that_asks_for_too_long_is_the_failure_at_once_unless_a_limit_allows_it() {
    const HOUR: u64 = 3_600_000;
    assert_eq!(calls(|script| asking(script, false, HOUR).run(&())).await, (1, S(0)));
    assert_eq!(calls(|script| asking(script, false, 300_000).run(&())).await, (3, S(600)));
    assert_eq!(calls(|script| asking_for_hours(script, HOUR).run(&())).await, (2, S(3600)));
    // Whoever gets the failure may still come back when the server wants it.
    let failure = asking(Script::new(&[Act::Fail]), false, HOUR).run(&()).await.unwrap_err();
    assert_eq!(failure.retry_after(), Some(S(3600)));
}

#[tokio::test(start_paused = true)]
async fn the_failure_tells_what_the_error_said() {
    let failure = asking(Script::new(&[Act::Fail]), false, 500).run(&()).await.unwrap_err();
    assert_eq!((failure.is_retryable(), failure.retry_after()), (Some(true), Some(MS(500))));
    let failure = asking(Script::new(&[Act::Fail]), true, 0).run(&()).await.unwrap_err();
    assert_eq!((failure.is_retryable(), failure.retry_after()), (Some(false), None));
}

#[tokio::test(start_paused = true)]
async fn the_option_says_it_before_the_error() {
    assert_eq!(calls(|script| insisting(script).run(&())).await.0, 3);
}

#[tokio::test(start_paused = true)]
async fn the_sources_of_an_error_say_it_too() {
    for (kind, expected) in [(ErrorKind::ConnectionReset, 3), (ErrorKind::PermissionDenied, 1)] {
        assert_eq!(calls(|script| opening(script, kind).run(&())).await.0, expected);
        assert_eq!(calls(|script| opening_boxed(script, kind).run(&())).await.0, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_that_says_nothing_is_worth_it() {
    assert_eq!(calls(|script| muting(script).run(&())).await.0, 3);
}

#[tokio::test(start_paused = true)]
async fn a_budget_makes_it_wait_for_an_open_breaker() {
    let script = Script::new(&[Act::Fail, Act::Give]);
    assert_eq!(waiting(script.clone()).run(&()).await.unwrap(), 2);
    assert_eq!(script.starts(), [0, 10_000]);
}

#[tokio::test(start_paused = true)]
async fn who_is_over_his_rate_comes_back_when_there_is_room() {
    let script = Script::new(&[Act::Give]);
    spaced(script.clone()).run(&()).await.unwrap();
    spaced(script.clone()).run(&()).await.unwrap();
    assert_eq!(script.starts(), [0, 10_000]);
}
