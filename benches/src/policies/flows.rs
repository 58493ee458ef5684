//! The chain of ten without a policy, and with one at each of its steps.

use flowc::{Failure, workflow};

use super::nodes::step;

/// Ten steps with the same attributes.
macro_rules! chain {
    ($name:ident; $($policy:tt)*) => {
        workflow! {
            pub(crate) fn $name(x: u64) -> u64 {
                $($policy)* let a = step(&x);
                $($policy)* let b = step(&a);
                $($policy)* let c = step(&b);
                $($policy)* let d = step(&c);
                $($policy)* let e = step(&d);
                $($policy)* let f = step(&e);
                $($policy)* let g = step(&f);
                $($policy)* let h = step(&g);
                $($policy)* let i = step(&h);
                $($policy)* let j = step(&i);
                j
            }
        }
    };
}

// Nothing is ever refused, late or wrong: what is measured is what a policy costs while all is well.
chain!(none;);
chain!(attempt; #[timeout(attempt = "1h")]);
chain!(total; #[timeout(total = "1h")]);
chain!(idle; #[timeout(idle = "1h")]);
chain!(retry; #[retry(attempts = 3)]);
chain!(breaker; #[breaker(failure_rate = 0.5)]);
chain!(rate; #[rate(calls = 1_000_000_000, per = "1s")]);
chain!(concurrency; #[concurrency(max = 1000)]);
chain!(cache; #[cache(key = copy)]);
chain!(fallback; #[fallback(zero)]);
chain!(
    all;
    #[timeout(attempt = "1h", total = "1h", idle = "1h")]
    #[retry(attempts = 3)]
    #[breaker(failure_rate = 0.5)]
    #[rate(calls = 1_000_000_000, per = "1s")]
    #[concurrency(max = 1000)]
    #[fallback(zero)]
);

// A key is made of references to the inputs.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn copy(x: &u64) -> u64 {
    *x
}

fn zero(_: &Failure<String>) -> u64 {
    0
}
