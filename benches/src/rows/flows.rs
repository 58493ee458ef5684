//! The shapes as workflows.

use flowc::workflow;

use super::nodes::{Turn, both, step, turn};

workflow! {
    pub(crate) fn chain(x: u64) -> u64 {
        let a = step(&x);
        let b = step(&a);
        let c = step(&b);
        let d = step(&c);
        let e = step(&d);
        let f = step(&e);
        let g = step(&f);
        let h = step(&g);
        let i = step(&h);
        step(&i)
    }

    pub(crate) fn diamond(x: u64) -> u64 {
        let a = step(&x);
        let b = step(&a);
        let c = step(&a);
        both(&b, &c)
    }

    /// `c` waits for `a`, `d` for `a` and `b`: no two stages with a barrier between them.
    pub(crate) fn n_shape(x: u64) -> u64 {
        let a = step(&x);
        let b = step(&x);
        let c = step(&a);
        let d = both(&a, &b);
        c + d
    }

    pub(crate) fn branch(x: u64) -> u64 {
        let a = step(&x);
        if a % 2 == 0 {
            let b = step(&a);
            step(&b)
        } else {
            step(&a)
        }
    }

    pub(crate) fn repeat(x: u64) -> u64 {
        let mut state = x;
        #[max(12)]
        let reply = loop {
            match turn(&state) {
                Turn::Done(reply) => break reply,
                Turn::More(next) => state = next,
            }
        };
        reply
    }

    pub(crate) fn inner(x: u64) -> u64 {
        let a = step(&x);
        step(&a)
    }

    pub(crate) fn middle(x: u64) -> u64 {
        let a = step(&x);
        let b = inner(a);
        step(&b)
    }

    pub(crate) fn nested(x: u64) -> u64 {
        let a = step(&x);
        let b = middle(a);
        step(&b)
    }

    pub(crate) fn map(items: std::sync::Arc<Vec<u64>>) -> Vec<u64> {
        #[max(8)]
        let all = for item in items.iter() { step(item) };
        all
    }
}
