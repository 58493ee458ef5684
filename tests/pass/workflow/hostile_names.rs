//! Bindings, parameters and nodes whose names generated code might use.
#![deny(warnings)]
#![allow(non_snake_case, non_camel_case_types, dead_code)]

use ::flowc::{node, workflow};

mod std {}
mod core {}
struct Option;
struct Result;
struct Future;
struct Failure;
struct Step;
struct Executor;

#[node]
async fn input(value: u32) -> u32 {
    value + 1
}
#[node]
fn run(value: &u32) -> u32 {
    value + 1
}
#[node]
async fn begin(left: u32, right: u32) -> u32 {
    left + right
}
#[node]
fn settle(at: u32) -> u32 {
    at
}
#[node]
fn r#type(at: u32) -> u32 {
    at
}

workflow! {
    fn hostile(run_: u32, at: u32, resources: u32, outer: u32, __flowc: u32, __X: u32) -> u32 {
        let input = input(at);
        let run = run(&resources);
        let self_ = begin(input, run);
        let __f = settle(self_);
        let value = settle(outer);
        let failure = r#type(value);
        let r#match = settle(__flowc);
        let frame = settle(__X);
        let ended = begin(frame, r#match);
        let result1 = begin(ended, failure);
        let nested1 = begin(settle(result1), settle(__f));
        let slot = settle(run_);
        let flag = settle(slot);
        let progress = settle(flag);
        begin(progress, nested1)
    }

    fn names_of_values(begin: u32, some: u32) -> u32 {
        let ok = settle(begin);
        let drop = ok + some;
        let exec = settle(drop);
        #[max(2)]
        let max = for round in [exec, exec] { settle(round) };
        let mut state = 0;
        #[max(3)]
        let at = loop {
            state = settle(state + 1);
            if state > 1 { break state }
        };
        at + max.len() as u32
    }

    // Written as a constant would be, and a binding all the same: `d` waits for `A` and `B`.
    fn upper_case(X: u32) -> u32 {
        let A = settle(X);
        let B = settle(X);
        let C = begin(A, A);
        let d = begin(A, B);
        begin(C, d)
    }

    fn r#loop(r#fn: u32) -> u32 { settle(r#fn) }

    fn answer(value: u32) -> u32 { r#loop(value) }
}

fn main() {
    assert!(hostile(1, 1, 1, 1, 1, 1).run_blocking(&()).is_ok());
    assert!(matches!(names_of_values(1, 2).run_blocking(&()), ::core::result::Result::Ok(4)));
    assert!(matches!(upper_case(2).run_blocking(&()), ::core::result::Result::Ok(8)));
    assert!(matches!(answer(3).run_blocking(&()), ::core::result::Result::Ok(3)));
}
