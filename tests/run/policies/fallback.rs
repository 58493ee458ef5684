use flowc::{Engine, Failure, FailureKind, node, workflow};

use super::{Act, Bad, MS, Script};

fn number(failure: &Failure<Bad>) -> usize {
    match failure.kind() {
        FailureKind::Error => 1000 + failure.error().map_or(0, |bad| bad.0),
        FailureKind::Timeout => 2000,
        FailureKind::Panic => 3000,
        FailureKind::Breaker => 4000,
        _ => 9000,
    }
}
fn hopeless(_: &Failure<Bad>) -> usize {
    panic!("not even this")
}

#[node(timeout = "1s", fallback = number)]
async fn careful(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(fallback = hopeless)]
async fn doomed(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node]
async fn plain(script: &Script) -> Result<usize, Bad> {
    script.play().await
}

workflow! {
    fn soft(script: Script) -> usize {
        careful(&script)
    }
    fn hard(script: Script) -> usize {
        match catch(doomed(&script)) {
            Ok(given) => given,
            Err(failure) => if failure.to_string().contains("not even this") { 77 } else { 0 },
        }
    }
    fn at_a_step(script: Script) -> usize {
        #[fallback = number]
        let one = plain(&script);
        #[fallback(number)]
        let two = plain(&script);
        one + two
    }
}

#[tokio::test(start_paused = true)]
async fn it_gives_the_output_instead() {
    for (act, given) in [(Act::Give, 1), (Act::Fail, 1001), (Act::Slow(5000), 2000), (Act::Panic, 3000)] {
        assert_eq!(soft(Script::new(&[act])).run(&()).await.unwrap(), given);
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_may_have_its_own() {
    let ended = at_a_step(Script::new(&[Act::Fail])).run(&()).await.unwrap();
    assert_eq!(ended, 1001 + 1002);
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_its_own_is_one_of_the_step() {
    assert_eq!(hard(Script::new(&[Act::Fail])).run(&()).await.unwrap(), 77);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_run_stays_cancelled() {
    let engine = Engine::builder().resources(()).build();
    let run = engine.start(soft(Script::new(&[Act::Slow(900)])));
    tokio::time::sleep(MS(10)).await;
    run.cancel();
    assert_eq!(run.await.unwrap_err().kind(), FailureKind::Cancelled);
}
