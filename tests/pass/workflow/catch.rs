//! `catch` in all places where a step may stand.
#![deny(warnings)]

use flowc::{Failure, node, workflow};

#[node]
async fn halve(n: u32) -> Result<u32, String> {
    if n % 2 == 0 { Ok(n / 2) } else { Err(format!("{n} is odd")) }
}

workflow! {
    fn quarter(n: u32) -> u32 {
        let half = halve(n);
        halve(half)
    }

    fn scrutinee(n: u32) -> u32 {
        match catch(halve(n)) {
            Ok(half) => half,
            Err(failure) => failure.error().map_or(0, |error| error.len() as u32),
        }
    }

    fn binding(n: u32) -> u32 {
        let half = catch(halve(n));
        half.unwrap_or(100)
    }

    fn condition(n: u32) -> u32 {
        if let Ok(half) = catch(halve(n)) { half } else { 100 }
    }

    fn tail(n: u32) -> bool {
        let half = { catch(halve(n)) };
        half.is_ok()
    }

    fn workflow_caught(n: u32) -> String {
        match catch(quarter(n)) {
            Ok(n) => n.to_string(),
            Err(failure) => format!("{} at {}", failure.attempts(), failure.step()),
        }
    }

    fn in_arm(n: u32) -> u32 {
        if n > 4 {
            match catch(halve(n)) { Ok(n) => n, Err(_) => halve(n + 1) }
        } else {
            0
        }
    }

    fn in_map(all: Vec<u32>) -> Vec<u32> {
        #[max(2)]
        for n in all {
            match catch(halve(n)) { Ok(n) => n, Err(_) => 0 }
        }
    }

    fn in_loop(n: u32) -> u32 {
        let mut n = n;
        #[max(9)]
        loop {
            match catch(halve(n)) {
                Ok(half) => n = half,
                Err(_) => break n,
            }
        }
    }

    fn collected(all: Vec<u32>) -> usize {
        #[max(2)]
        #[on_error(collect)]
        let halves = for n in all { halve(n) };
        let failed: Vec<&Failure<String>> = halves.iter().filter_map(|half| half.as_ref().err()).collect();
        failed.len()
    }
}

fn main() {
    assert_eq!(scrutinee(3).run_blocking(&()).unwrap(), 8);
    assert_eq!(binding(3).run_blocking(&()).unwrap(), 100);
    assert_eq!(condition(4).run_blocking(&()).unwrap(), 2);
    assert!(!tail(3).run_blocking(&()).unwrap());
    assert_eq!(workflow_caught(6).run_blocking(&()).unwrap().split(' ').next(), Some("1"));
    assert_eq!(in_arm(7).run_blocking(&()).unwrap(), 4);
    assert_eq!(in_map(vec![1, 2]).run_blocking(&()).unwrap(), [0, 1]);
    assert_eq!(in_loop(24).run_blocking(&()).unwrap(), 3);
    assert_eq!(collected(vec![1, 2, 3]).run_blocking(&()).unwrap(), 2);
}
