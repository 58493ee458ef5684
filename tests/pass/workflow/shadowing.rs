//! A name made twice means the last one, in every place.
#![deny(warnings)]

use flowc::{node, workflow};

#[node]
async fn add(left: u32, right: u32) -> u32 {
    left + right
}
#[node]
async fn show(value: &u32) -> String {
    value.to_string()
}

workflow! {
    fn twice(n: u32) -> u32 {
        let n = add(n, 1);
        let n = add(n, 1);
        n
    }

    fn borrowed_then_shadowed(n: u32) -> (String, u32) {
        let text = show(&n);
        let n = add(n, 1);
        (text, n)
    }

    fn in_an_arm(n: u32) -> u32 {
        let m = add(n, 1);
        let m = if m > 1 { let m = add(m, 10); m } else { m };
        m
    }

    fn by_a_pattern(found: Option<u32>) -> u32 {
        match found {
            Some(found) => add(found, 1),
            None => 0,
        }
    }

    fn of_another_type(n: u32) -> usize {
        let n = show(&n);
        n.len()
    }

    fn by_an_item(n: u32) -> Vec<u32> {
        let all = vec![n, n];
        #[max(2)]
        for n in all { add(n, 1) }
    }
}

fn main() {
    assert_eq!(twice(1).run_blocking(&()).unwrap(), 3);
    assert_eq!(borrowed_then_shadowed(1).run_blocking(&()).unwrap(), ("1".to_owned(), 2));
    assert_eq!(in_an_arm(1).run_blocking(&()).unwrap(), 12);
    assert_eq!(by_a_pattern(Some(1)).run_blocking(&()).unwrap(), 2);
    assert_eq!(of_another_type(100).run_blocking(&()).unwrap(), 3);
    assert_eq!(by_an_item(1).run_blocking(&()).unwrap(), [2, 2]);
}
