//! `for`: order, bound, and failures as values.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flowc::{Failure, FailureKind, Resources, node, workflow};

#[derive(Resources)]
pub(crate) struct Gauge {
    pub(crate) gauge: Meter,
}
#[derive(Default)]
pub(crate) struct Meter {
    now: AtomicUsize,
    most: AtomicUsize,
}

#[node]
async fn odd(number: u64, #[resource] gauge: &Meter) -> u64 {
    let now = gauge.now.fetch_add(1, Ordering::SeqCst) + 1;
    gauge.most.fetch_max(now, Ordering::SeqCst);
    // The later ones are done sooner.
    tokio::time::sleep(Duration::from_millis(1000 - number * 7 % 100)).await;
    gauge.now.fetch_sub(1, Ordering::SeqCst);
    number * 2
}

workflow! {
    fn all(numbers: Vec<u64>, most: usize) -> Vec<u64> {
        #[max(most)]
        let doubled = for number in numbers { odd(number) };
        doubled
    }
}

#[tokio::test(start_paused = true)]
async fn results_keep_the_order_and_the_bound_is_reached_and_kept() {
    for most in [1, 2, 7, 8, 31, 32, 33, 64, 100] {
        let app = Gauge { gauge: Meter::default() };
        let numbers: Vec<u64> = (0..90).collect();
        let doubled = all(numbers.clone(), most).run(&app).await.unwrap();
        assert_eq!(doubled, numbers.iter().map(|number| number * 2).collect::<Vec<_>>(), "bound {most}");
        assert_eq!(app.gauge.most.load(Ordering::SeqCst), most.min(90));
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_to_do() {
    let app = Gauge { gauge: Meter::default() };
    assert!(all(Vec::new(), 3).run(&app).await.unwrap().is_empty());
}

#[derive(Debug, PartialEq)]
pub(crate) struct Odd(u64);
impl std::fmt::Display for Odd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is odd", self.0)
    }
}
impl std::error::Error for Odd {}

#[node]
async fn even(number: u64) -> Result<u64, Odd> {
    tokio::task::yield_now().await;
    if number % 2 == 0 { Ok(number) } else { Err(Odd(number)) }
}

workflow! {
    fn collected(numbers: Vec<u64>) -> Vec<Result<u64, Failure<Odd>>> {
        #[max(2)]
        #[on_error(collect)]
        let found = for number in &numbers { even(*number) };
        found
    }
    fn first_fails(numbers: Vec<u64>) -> Vec<u64> {
        #[max(2)]
        let found = for number in &numbers { even(*number) };
        found
    }
}

#[tokio::test]
async fn failures_are_collected_with_their_type() {
    let found = collected(vec![2, 3, 4]).run(&()).await.unwrap();
    assert_eq!(found.len(), 3);
    assert_eq!(found[1].as_ref().unwrap_err().error(), Some(&Odd(3)));
    assert_eq!(found[1].as_ref().unwrap_err().step(), "collected/found[1]/even");
    assert_eq!(found[2].as_ref().unwrap(), &4);
}

#[tokio::test]
async fn without_collect_the_first_ends_the_run() {
    let failure = first_fails(vec![2, 3, 5]).run(&()).await.unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Error, "first_fails/found[1]/even"));
}
