//! One workflow for each construct.

use std::time::Duration;

use super::nodes::{
    Kind, Odd, conform_blocking, conform_both, conform_even, conform_kind, conform_next, conform_numbers,
    conform_panic, conform_place, conform_run, conform_slow, conform_spawned, conform_text, conform_third,
};
use crate::wait::{signal, signal_within, sleep};

flowc_macros::workflow! {
    /// Steps in a row, one of them as an argument of another.
    pub fn conform_row(seed: u64) -> String {
        let one = conform_next(seed, &seed);
        let two = conform_both(seed, one, &conform_next(seed, &7));
        conform_text(seed, &[two], " it is")
    }

    /// Steps that wait for the same.
    pub fn conform_joined(seed: u64) -> Vec<u64> {
        let first = conform_next(seed, &1);
        let a = conform_both(seed, 1, &first);
        let b = conform_both(seed, 2, &first);
        let c = conform_both(seed, 3, &first);
        let d = conform_both(seed, 4, &first);
        vec![first, a, b, c, d]
    }

    /// The letter N: neither rows nor joins.
    pub fn conform_strands(seed: u64) -> (u64, u64, u64) {
        let a = conform_next(seed, &10);
        let b = conform_next(seed, &20);
        let c = conform_both(seed, a, &b);
        let d = conform_next(seed, &b);
        let e = conform_both(seed, d, &c);
        let f = conform_next(seed, &d);
        (c, e, f)
    }

    /// An order that no value carries.
    pub fn conform_after(seed: u64) -> u64 {
        let first = conform_next(seed, &5);
        #[after(first)]
        let second = conform_next(seed, &6);
        second
    }

    /// `if`, `match` and what is bound in an arm.
    pub fn conform_branches(seed: u64) -> String {
        let number = conform_next(seed, &seed);
        let early = conform_next(seed, &(number + 1));
        let other = conform_next(seed, &(number + 2));
        let text = match conform_kind(seed, number) {
            Kind::Plain => conform_text(seed, &[early], " plain"),
            Kind::Counted(count) if count > 500_000 => conform_text(seed, &[early, count], " many"),
            Kind::Counted(count) => conform_text(seed, &[count], " few"),
            Kind::Named { name } => conform_text(seed, &[other], &name),
        };
        if early > other {
            let more = conform_next(seed, &early);
            format!("{text}, {more}")
        } else {
            text
        }
    }

    /// A map with two steps for each item, some of them at once.
    pub fn conform_map(seed: u64) -> Vec<u64> {
        let numbers = conform_numbers(seed % 1000, 9);
        #[max(4)]
        let mapped = for number in &numbers {
            let one = conform_next(seed, number);
            conform_both(seed, one, number)
        };
        mapped
    }

    /// A map whose failures are values.
    pub fn conform_collected(seed: u64) -> Vec<Result<u64, u64>> {
        let numbers = conform_numbers(seed % 1000, 6);
        #[max(3)]
        #[on_error(collect)]
        let mapped = for number in numbers { conform_even(seed, number) };
        mapped.into_iter().map(|half| half.map_err(|failure| failure.error().map_or(0, |odd: &Odd| odd.0))).collect()
    }

    /// A loop that carries state.
    pub fn conform_loop(seed: u64) -> (u64, u64) {
        let mut state = conform_next(seed, &seed);
        let mut rounds = 0;
        #[max(40)]
        let last = loop {
            if rounds >= 3 + seed % 4 {
                break state;
            }
            rounds += 1;
            state = conform_both(seed, state, &rounds);
        };
        (last, rounds)
    }

    /// A loop that uses up its rounds.
    pub fn conform_endless(seed: u64) -> u64 {
        let mut state = seed;
        #[max(3)]
        let never = loop {
            if state == 1_000_001 {
                break state;
            }
            state = conform_next(seed, &state);
        };
        never
    }

    /// A workflow that is a step.
    pub fn conform_nested(seed: u64) -> (String, String) {
        let one = conform_row(seed);
        let two = conform_row(seed + 1);
        (one, two)
    }

    /// The node's own error is there where it is caught.
    pub fn conform_caught(seed: u64) -> (u64, u64) {
        let good = match catch(conform_even(seed, 2 * (seed % 100))) {
            Ok(half) => half,
            Err(_) => 1_000,
        };
        let bad = match catch(conform_even(seed, 2 * (seed % 100) + 1)) {
            Ok(half) => half,
            Err(failure) => conform_next(seed, &failure.error().map_or(0, |odd| odd.0)),
        };
        (good, bad)
    }

    /// A failure ends the run, while other steps go on.
    pub fn conform_failing(seed: u64) -> u64 {
        let slow = conform_next(seed, &1);
        let bad = conform_even(seed, 3);
        conform_both(seed, bad, &slow)
    }

    /// A step that nobody needs any more is dropped, and the run goes on without it.
    pub fn conform_going_on(seed: u64) -> u64 {
        let first = match catch(conform_failing(seed)) {
            Ok(number) => number,
            Err(_) => conform_next(seed, &7),
        };
        let second = conform_next(seed, &first);
        let third = conform_next(seed, &second);
        conform_next(seed, &third)
    }

    /// A panic is a failure of its step.
    pub fn conform_panicking(seed: u64) -> u64 {
        let number = conform_panic(seed);
        conform_next(seed, &number)
    }

    /// What nothing uses, and is to be done all the same.
    pub fn conform_effects(seed: u64) -> u64 {
        conform_next(seed, &100);
        let _noted = conform_next(seed, &101);
        let number = conform_next(seed, &102);
        if number % 2 == 0 {
            conform_next(seed, &103);
        }
        number
    }

    /// What a node says of retries and time limits goes where it is called.
    pub fn conform_policies(seed: u64) -> (u32, String, u64) {
        let third = conform_third();
        let slow = match catch(conform_slow()) {
            Ok(_) => String::from("it ended"),
            Err(failure) => format!("{:?}", failure.kind()),
        };
        (third, slow, seed)
    }

    /// What a step says of them as well, and in place of what the node says.
    pub fn conform_overrides(seed: u64) -> (u32, u32, String) {
        #[retry(attempts = 2, base = "1ms")]
        let failed = catch(conform_third());
        let failed = failed.map_or_else(|failure| failure.attempts(), |_| 0);
        #[retry(attempts = 3, base = "1ms")]
        #[timeout("5s")]
        let third = conform_third();
        let nested = conform_overridden(seed);
        (failed, third, nested)
    }

    /// The same in a workflow that is a step.
    pub fn conform_overridden(seed: u64) -> String {
        #[timeout("10ms")]
        let slow = catch(conform_slow());
        let number = conform_next(seed, &1);
        match slow {
            Ok(_) => format!("{number}: it ended"),
            Err(failure) => format!("{number}: {:?}", failure.kind()),
        }
    }

    /// Nodes on other threads and in other tasks.
    pub fn conform_offload(seed: u64) -> (u64, u64) {
        let one = conform_blocking(seed);
        let other = conform_spawned(seed);
        (one, other)
    }

    /// Each step knows where it is, and all are of one run.
    pub fn conform_contexts(seed: u64) -> (Vec<(String, u32, usize)>, bool) {
        let here = conform_run(seed, 1);
        let there = conform_run(seed, 2);
        let numbers = conform_numbers(0, 3);
        #[max(2)]
        let places = for number in numbers { conform_place(seed, number) };
        (places, here == there)
    }

    /// Waits, and then goes on.
    pub fn conform_sleeping(seed: u64) -> u64 {
        let waited = sleep(Duration::from_millis(seed % 50));
        #[after(waited)]
        let one = conform_next(seed, &1);
        let other = conform_next(seed, &2);
        conform_both(seed, one, &other)
    }

    /// Signals of one name go to the steps in their order.
    pub fn conform_signals(seed: u64) -> (u64, u64, u64) {
        let begun = conform_next(seed, &1);
        #[after(begun)]
        let one = signal::<u64>("first");
        #[after(one)]
        let three = signal::<u64>("first");
        let two = signal::<u64>("second");
        (one, two, three)
    }

    /// A value of another type is none.
    pub fn conform_odd(seed: u64) -> u64 {
        let begun = conform_next(seed, &1);
        #[after(begun)]
        let number = signal::<u64>("odd");
        number
    }

    /// Nobody sends it.
    pub fn conform_late(seed: u64) -> Option<u64> {
        let begun = conform_next(seed, &1);
        #[after(begun)]
        let number = signal_within::<u64>("never", Duration::from_millis(30));
        number
    }
}
