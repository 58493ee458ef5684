//! Carried state, `continue`, loops in loops, and bounds that are computed.
#![deny(warnings)]

use flowc::{node, workflow};

const ROUNDS: usize = 5;

#[node]
async fn next(n: u32) -> u32 {
    n + 1
}
#[node]
async fn is_done(n: &u32) -> bool {
    *n > 3
}

#[node]
async fn count(list: &[u32]) -> usize {
    list.len()
}

workflow! {
    fn carried(n: u32) -> (u32, u32) {
        let mut state = n;
        let mut skipped = 0;
        #[max(ROUNDS)]
        let last = loop {
            state = next(state);
            if state == 2 {
                skipped += 1;
                continue;
            }
            if is_done(&state) { break state }
        };
        (last, skipped + state)
    }

    fn of_steps(n: u32) -> u32 {
        let mut list = vec![n];
        #[max(n as usize + 8)]
        loop {
            let more = next(list.len() as u32);
            list.push(more);
            if list.len() > 3 { break }
        }
        list.iter().sum()
    }

    // What a method changes in the rounds is carried, however it is looked at behind the loop.
    fn pushed(n: u32) -> (usize, String) {
        let mut list = vec![n];
        #[max(9)]
        loop {
            let more = next(list.len() as u32);
            list.push(more);
            if list.len() > 3 { break }
        }
        let count = count(&list);
        (count, format!("{list:?} {} {}", list[3], list.len() == 4))
    }

    fn loop_in_loop(n: u32) -> u32 {
        let mut total = 0;
        #[max(3)]
        loop {
            let mut inner = n;
            #[max(4)]
            let found = loop {
                inner = next(inner);
                if inner > 2 { break inner }
            };
            total += found;
            if total > 5 { break total }
        }
    }

    fn map_in_loop(n: u32) -> u32 {
        let mut all = vec![n];
        #[max(3)]
        loop {
            #[max(2)]
            let more = for one in &all { next(*one) };
            all = more;
            if all[0] > 2 { break all[0] }
        }
    }

    // What an item makes is its own, and it may change it.
    fn loop_in_map(n: u32) -> Vec<Vec<u32>> {
        #[max(2)]
        let all = for start in 0..n {
            let mut seen = Vec::new();
            let mut last = start;
            #[max(4)]
            loop {
                last = next(last);
                seen.push(last);
                if seen.len() > 1 { break }
            }
            seen
        };
        all
    }
}

fn main() {
    assert_eq!(carried(0).run_blocking(&()).unwrap(), (4, 5));
    assert_eq!(of_steps(1).run_blocking(&()).unwrap(), 10);
    assert_eq!(pushed(1).run_blocking(&()).unwrap(), (4, "[1, 2, 3, 4] 4 true".to_owned()));
    assert_eq!(loop_in_loop(0).run_blocking(&()).unwrap(), 6);
    assert_eq!(map_in_loop(1).run_blocking(&()).unwrap(), 3);
    assert_eq!(loop_in_map(2).run_blocking(&()).unwrap(), [[1, 2], [2, 3]]);
}
