use std::sync::mpsc::channel;

use proptest::prelude::*;
use tokio::time::advance;

use super::*;
use BreakerState::{Closed, ForcedClosed, ForcedOpen, HalfOpen, Open};

const S: fn(u64) -> Duration = Duration::from_secs;

fn breaker(policy: BreakerPolicy) -> Breaker {
    Breaker::new("b", &policy)
}

/// Makes calls: `f` fails, `.` succeeds.
fn calls(breaker: &Breaker, outcomes: &str) {
    for outcome in outcomes.chars() {
        let permit = breaker.acquire().expect("the breaker lets it pass");
        if outcome == 'f' { permit.failure() } else { permit.success() }
    }
}

async fn slow_call(breaker: &Breaker, took: Duration) {
    let permit = breaker.acquire().expect("the breaker lets it pass");
    advance(took).await;
    permit.success();
}

fn refusal(breaker: &Breaker) -> Option<Duration> {
    match breaker.acquire() {
        Err(Refused::BreakerOpen { name, retry_after }) => {
            assert_eq!(&*name, "b");
            retry_after
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn so_many_failures_in_the_window_open_it() {
    let breaker = breaker(BreakerPolicy::new().failures(5).window(S(30)).cooldown(S(10)));
    calls(&breaker, "f...f...f...f");
    assert_eq!(breaker.state(), Closed);
    calls(&breaker, ".");
    advance(S(30)).await;
    calls(&breaker, "f");
    assert_eq!(breaker.state(), Open, "the first failure is just inside the window");
}

#[tokio::test(start_paused = true)]
async fn no_limit_is_beyond_what_its_window_can_hold() {
    let breaker = breaker(BreakerPolicy::new().failures(5).last(3));
    calls(&breaker, "ff.ff");
    assert_eq!(breaker.state(), Closed);
    calls(&breaker, "f");
    assert_eq!(breaker.state(), Open, "the last three failed");
}

#[tokio::test(start_paused = true)]
async fn a_rate_out_of_range_still_opens_it_and_lets_it_close() {
    // Per cent by mistake, what is no number, and none at all: nothing of that makes a breaker which never opens, or never closes.
    for rate in [50.0, f64::INFINITY, f64::NAN, 0.0, -1.0] {
        let breaker = breaker(BreakerPolicy::new().failure_rate(rate).min_calls(2).cooldown(S(10)));
        calls(&breaker, "..");
        assert_eq!(breaker.state(), Closed, "{rate}: nothing failed");
        breaker.reset();
        calls(&breaker, "ff");
        assert_eq!(breaker.state(), Open, "{rate}: everything failed");
        advance(S(10)).await;
        calls(&breaker, ".");
        assert_eq!(breaker.state(), Closed, "{rate}: the probe went well");
    }
    let slow = BreakerPolicy::new().slow_call(S(1)).slow_call_rate(90.0).min_calls(2);
    let breaker = breaker(slow);
    slow_call(&breaker, S(2)).await;
    slow_call(&breaker, S(2)).await;
    assert_eq!(breaker.state(), Open);
}

#[tokio::test(start_paused = true)]
async fn failures_that_left_the_window_do_not_count() {
    let breaker = breaker(BreakerPolicy::new().failures(3).window(S(30)));
    calls(&breaker, "ff");
    advance(S(31)).await;
    calls(&breaker, "ff");
    assert_eq!(breaker.state(), Closed);
    calls(&breaker, "f");
    assert_eq!(breaker.state(), Open);
}

#[tokio::test(start_paused = true)]
async fn a_number_of_failures_needs_no_rate_and_a_rate_no_number() {
    let by_number = breaker(BreakerPolicy::new().failures(50));
    calls(&by_number, &"f".repeat(49));
    assert_eq!(by_number.state(), Closed);
    let last = breaker(BreakerPolicy::new().last(4).failures(2));
    calls(&last, "f...f");
    assert_eq!(last.state(), Closed);
    calls(&last, ".f");
    assert_eq!(last.state(), Open);
}

#[tokio::test(start_paused = true)]
async fn a_rate_is_judged_once_there_are_enough_calls() {
    let breaker = breaker(BreakerPolicy::new().last(100).failure_rate(0.5).min_calls(6));
    calls(&breaker, "fffff");
    assert_eq!(breaker.state(), Closed);
    calls(&breaker, ".");
    assert_eq!(breaker.state(), Open);
}

#[tokio::test(start_paused = true)]
async fn below_the_rate_it_stays_closed_and_at_the_rate_it_opens() {
    let policy = BreakerPolicy::new().last(4).failure_rate(0.5).min_calls(100);
    let below = breaker(policy);
    calls(&below, "f...f...f");
    assert_eq!(below.state(), Closed);
    let at = breaker(policy);
    calls(&at, "f..f");
    assert_eq!(at.state(), Open, "a full window of calls is enough, whatever `min_calls` says");
}

#[tokio::test(start_paused = true)]
async fn a_rate_over_time_forgets_what_is_old() {
    let breaker = breaker(BreakerPolicy::new().window(S(10)).failure_rate(0.5).min_calls(4));
    calls(&breaker, "fff");
    advance(S(11)).await;
    calls(&breaker, "...f");
    assert_eq!((breaker.state(), breaker.snapshot().calls), (Closed, 4));
}

#[tokio::test(start_paused = true)]
async fn slow_calls_open_it_at_their_rate() {
    let policy = BreakerPolicy::new().last(4).slow_call(S(2)).slow_call_rate(0.75);
    let breaker = breaker(policy);
    for took in [S(1), S(2), S(3)] {
        slow_call(&breaker, took).await;
    }
    assert_eq!((breaker.state(), breaker.snapshot().slow), (Closed, 2));
    slow_call(&breaker, S(2)).await;
    assert_eq!(breaker.state(), Open);
}

#[tokio::test(start_paused = true)]
async fn open_it_refuses_and_says_for_how_long() {
    let breaker = breaker(BreakerPolicy::new().failures(1).cooldown(S(10)));
    calls(&breaker, "f");
    advance(S(4)).await;
    assert_eq!(refusal(&breaker), Some(S(6)));
    assert_eq!(breaker.snapshot().retry_after, Some(S(6)));
    advance(S(6)).await;
    assert!(breaker.acquire().is_ok());
    assert_eq!(breaker.state(), HalfOpen);
}

#[tokio::test(start_paused = true)]
async fn half_open_so_many_may_probe_and_the_others_are_refused() {
    let breaker = breaker(BreakerPolicy::new().failures(1).cooldown(S(1)).half_open_calls(2));
    calls(&breaker, "f");
    advance(S(1)).await;
    let (first, second) = (breaker.acquire().unwrap(), breaker.acquire().unwrap());
    assert_eq!(refusal(&breaker), None);
    first.success();
    assert_eq!(refusal(&breaker), None, "a probe that ended leaves no room for a third");
    assert_eq!(breaker.state(), HalfOpen);
    second.success();
    assert_eq!(breaker.state(), Closed);
}

#[tokio::test(start_paused = true)]
async fn half_open_the_rate_of_the_probes_decides() {
    let policy = BreakerPolicy::new().last(1).failure_rate(0.5).cooldown(S(1)).half_open_calls(4);
    let probed = async |probes: &str| {
        let breaker = breaker(policy);
        calls(&breaker, "f");
        advance(S(1)).await;
        calls(&breaker, probes);
        breaker
    };
    assert_eq!(probed("f...").await.state(), Closed);
    let again = probed("ff..").await;
    assert_eq!(again.state(), Open);
    assert_eq!(refusal(&again), Some(S(1)), "a new cooldown");
    assert_eq!(again.snapshot().opens, 2);
}

#[tokio::test(start_paused = true)]
async fn half_open_slow_probes_open_it_again() {
    let breaker = breaker(BreakerPolicy::new().last(1).slow_call(S(2)).cooldown(S(1)));
    slow_call(&breaker, S(2)).await;
    advance(S(1)).await;
    slow_call(&breaker, S(2)).await;
    assert_eq!((breaker.state(), breaker.snapshot().opens), (Open, 2));
}

#[tokio::test(start_paused = true)]
async fn a_probe_whose_caller_vanished_gives_its_permit_back() {
    let breaker = breaker(BreakerPolicy::new().failures(1).cooldown(S(1)));
    calls(&breaker, "f");
    advance(S(1)).await;
    let mut call = Box::pin(breaker.call(|(): &()| true, std::future::pending::<Result<(), ()>>));
    assert!(futures_poll(call.as_mut()).is_pending());
    assert_eq!(refusal(&breaker), None);
    drop(call);
    calls(&breaker, ".");
    assert_eq!(breaker.state(), Closed);
}

fn futures_poll<F: Future>(future: std::pin::Pin<&mut F>) -> std::task::Poll<F::Output> {
    future.poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
}

#[tokio::test(start_paused = true)]
async fn what_began_before_a_change_does_not_count_after_it() {
    let breaker = breaker(BreakerPolicy::new().failures(1).cooldown(S(1)));
    let (early, earlier, earliest) =
        (breaker.acquire().unwrap(), breaker.acquire().unwrap(), breaker.acquire().unwrap());
    calls(&breaker, "f");
    early.success();
    assert_eq!(breaker.state(), Open);
    advance(S(1)).await;
    let probe = breaker.acquire().unwrap();
    earlier.failure();
    drop(earliest);
    assert_eq!((breaker.state(), breaker.snapshot().calls), (HalfOpen, 0));
    assert_eq!(refusal(&breaker), None);
    probe.success();
    assert_eq!(breaker.state(), Closed);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_permit_counts_as_nothing() {
    let breaker = breaker(BreakerPolicy::new().failures(1));
    drop(breaker.acquire());
    assert_eq!(breaker.snapshot().calls, 0);
}

#[tokio::test(start_paused = true)]
async fn forced_open_refuses_for_ever() {
    let breaker = breaker(BreakerPolicy::new());
    breaker.force_open();
    advance(S(100_000)).await;
    assert_eq!((refusal(&breaker), breaker.state()), (None, ForcedOpen));
    breaker.reset();
    calls(&breaker, ".");
}

#[tokio::test(start_paused = true)]
async fn forced_closed_counts_but_does_not_open() {
    let breaker = breaker(BreakerPolicy::new().failures(1));
    breaker.force_close();
    calls(&breaker, "ffff");
    assert_eq!((breaker.state(), breaker.snapshot().failures), (ForcedClosed, 4));
    breaker.reset();
    assert_eq!((breaker.state(), breaker.snapshot().failures), (Closed, 0));
}

#[tokio::test(start_paused = true)]
async fn closed_again_it_counts_from_nothing() {
    let breaker = breaker(BreakerPolicy::new().failures(2).cooldown(S(1)));
    calls(&breaker, "ff");
    advance(S(1)).await;
    calls(&breaker, ".f");
    assert_eq!(breaker.state(), Closed);
}

#[tokio::test(start_paused = true)]
async fn reset_forgets_what_is_on_its_way() {
    let breaker = breaker(BreakerPolicy::new().failures(1));
    let permit = breaker.acquire().unwrap();
    breaker.reset();
    permit.failure();
    assert_eq!(breaker.state(), Closed);
}

#[tokio::test(start_paused = true)]
async fn every_transition_is_told_once_in_order() {
    let breaker = breaker(BreakerPolicy::new().failures(1).cooldown(S(1)));
    let (tell, told) = channel();
    let asked = breaker.clone();
    breaker.on_transition(|_| panic!("a listener's own trouble"));
    breaker.on_transition(move |change| {
        assert_eq!(asked.state(), change.to, "a listener may ask the breaker");
        tell.send((change.from, change.to, change.number)).unwrap();
    });
    calls(&breaker, "f");
    advance(S(1)).await;
    calls(&breaker, "..");
    breaker.force_open();
    breaker.force_open();
    breaker.force_close();
    let told: Vec<_> = told.try_iter().collect();
    assert_eq!(
        told,
        [
            (Closed, Open, 1),
            (Open, HalfOpen, 2),
            (HalfOpen, Closed, 3),
            (Closed, ForcedOpen, 4),
            (ForcedOpen, ForcedClosed, 5)
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_says_it_all() {
    let breaker = breaker(BreakerPolicy::new().failures(3).slow_call(S(1)).cooldown(S(9)));
    calls(&breaker, "f..");
    slow_call(&breaker, S(1)).await;
    let shot = breaker.snapshot();
    assert_eq!((shot.calls, shot.failures, shot.slow), (4, 1, 1));
    assert!((shot.failure_rate - 0.25).abs() < 1e-9 && (shot.slow_call_rate - 0.25).abs() < 1e-9);
    let now = Instant::now();
    calls(&breaker, "ff");
    refusal(&breaker);
    let shot = breaker.snapshot();
    assert_eq!((shot.state, shot.since, shot.opens, shot.refused), (Open, now.into_std(), 1, 1));
}

#[tokio::test(start_paused = true)]
async fn the_classifier_decides_what_a_failure_is() {
    let breaker = breaker(BreakerPolicy::new().failures(1));
    let call = async |error: &'static str| {
        breaker.call(|error: &&str| *error == "down", || std::future::ready(Err::<(), _>(error))).await
    };
    assert_eq!(call("your question is wrong").await, Err(PolicyError::Inner("your question is wrong")));
    assert_eq!(breaker.state(), Closed);
    assert_eq!(call("down").await, Err(PolicyError::Inner("down")));
    assert!(call("down").await.unwrap_err().refused().is_some());
}

#[test]
fn no_runtime_is_needed() {
    calls(&breaker(BreakerPolicy::new()), "f.");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whatever happens: no more probes than allowed are on their way, and it never stays half open without room for a probe when none is.
    #[test]
    fn probes_are_bounded_and_never_lost(
        probes in 1_u32..4,
        steps in proptest::collection::vec((0_u8..4, 0_usize..6, 0_u64..3), 1..60),
    ) {
        let mut now = Instant::now();
        let policy = BreakerPolicy::new().failures(2).cooldown(S(2)).half_open_calls(probes);
        let mut machine = Machine::new(policy, now);
        let mut going: Vec<(Admission, bool)> = Vec::new();
        for (step, which, wait) in steps {
            now += S(wait);
            let before = machine.state();
            match step {
                0 => {
                    let (answer, _) = machine.admit(now);
                    if let Ok(admission) = answer {
                        going.push((admission, machine.state() == HalfOpen));
                    } else if before == HalfOpen {
                        prop_assert!(going.iter().any(|(_, probe)| *probe), "refused with no probe on its way");
                    }
                }
                _ if going.is_empty() => {}
                1 => machine.give_back(going.swap_remove(which % going.len()).0),
                _ => { machine.record(going.swap_remove(which % going.len()).0, step == 2, now); }
            }
            if machine.state() != HalfOpen {
                for (_, probe) in &mut going {
                    *probe = false;
                }
            }
            let probing = going.iter().filter(|(_, probe)| *probe).count();
            prop_assert!(probing <= probes as usize);
        }
    }
}
