//! Blocks, nested steps, closures, calls that are no steps, and macros.
#![deny(warnings)]

use flowc::{node, workflow};

#[node]
async fn add(left: u32, right: u32) -> u32 {
    left + right
}
#[node]
async fn sum(all: &[u32]) -> u32 {
    all.iter().sum()
}
fn twice(n: u32) -> u32 {
    n * 2
}
struct Pair {
    left: u32,
    right: u32,
}
impl Pair {
    fn new(left: u32, right: u32) -> Self {
        Self { left, right }
    }
}

workflow! {
    fn nested(n: u32) -> u32 { add(add(n, 1), add(add(n, 2), 3)) }

    fn nested_by_reference(n: u32) -> u32 { sum(&[n, n]) }

    fn blocks(n: u32) -> u32 {
        let m = {
            let inner = add(n, 1);
            add(inner, 1)
        };
        let k = { m + 1 };
        { add(k, m) }
    }

    fn plain_calls(n: u32) -> u32 {
        let pair = Pair::new(n, u32::max(n, 3));
        let more = (twice)(pair.left);
        let most = (std::cmp::max)(more, pair.right);
        let some = Some(most).map(|n| n + 1).unwrap_or_default();
        let closure = |k: u32| k + some;
        add(closure(1), most)
    }

    fn structs(left: u32) -> u32 {
        let right = add(left, 1);
        let pair = Pair { left, right };
        let Pair { left, right } = Pair { left: 1, ..pair };
        add(left, right)
    }

    fn macros(n: u32) -> usize {
        let m = add(n, 1);
        let all = vec![n, m, u32::MAX];
        assert!(all.len() == 3, "{n} and {m}");
        debug_assert_eq!(m, n + 1, "never {}", m);
        let text = format!("{n:>4} {m:?} {0} {named}", n, named = m);
        let _is = matches!(all.first(), Some(first) if *first == n);
        text.len()
    }

    fn conditions(n: u32) -> u32 {
        let m = add(n, 1);
        if m > 1 && n < 10 || n == 77 { add(m, n) } else { 0 }
    }

    fn max_in_front_of_the_map(n: u32) -> Vec<u32> {
        let all = #[max(2)] for k in 0..n { add(k, n) };
        all
    }
}

fn main() {
    assert_eq!(nested(1).run_blocking(&()).unwrap(), 8);
    assert_eq!(nested_by_reference(1).run_blocking(&()).unwrap(), 2);
    assert_eq!(blocks(1).run_blocking(&()).unwrap(), 7);
    assert_eq!(plain_calls(1).run_blocking(&()).unwrap(), 8);
    assert_eq!(structs(1).run_blocking(&()).unwrap(), 3);
    assert_eq!(macros(1).run_blocking(&()).unwrap(), 10);
    assert_eq!(conditions(1).run_blocking(&()).unwrap(), 3);
    assert_eq!(max_in_front_of_the_map(2).run_blocking(&()).unwrap(), [2, 3]);
}
