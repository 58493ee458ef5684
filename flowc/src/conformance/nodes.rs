//! Nodes that take as long as a seed says.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::app::Calls;
use crate::context::Context;
use crate::timer;

/// An error that can be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Odd(pub u64);

impl std::fmt::Display for Odd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is odd", self.0)
    }
}

impl std::error::Error for Odd {}

/// What a branch is taken by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Nothing more is known.
    Plain,
    /// With a number.
    Counted(u64),
    /// With a text.
    Named {
        /// The text.
        name: String,
    },
}

/// A number scrambled.
fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Takes its time: none, or up to 40 milliseconds.
async fn pause(seed: u64, number: u64) {
    let wait = mix(seed ^ mix(number));
    if wait % 4 != 0 {
        if let Ok(sleep) = timer::sleep(Duration::from_millis(wait / 4 % 40)) {
            sleep.await;
        }
    }
}

/// Gives a number that depends on this one.
#[flowc_macros::node]
pub async fn conform_next(seed: u64, number: &u64, #[resource] calls: &Calls, #[context] cx: &Context) -> u64 {
    calls.note(cx);
    pause(seed, *number).await;
    mix(*number) % 1_000_000
}

/// The same from two.
#[flowc_macros::node]
pub async fn conform_both(seed: u64, one: u64, other: &u64, #[resource] calls: &Calls, #[context] cx: &Context) -> u64 {
    calls.note(cx);
    pause(seed, one ^ *other).await;
    mix(one).wrapping_add(*other) % 1_000_000
}

/// A text, by parts.
#[flowc_macros::node]
pub async fn conform_text(
    seed: u64,
    parts: &[u64],
    end: &str,
    #[resource] calls: &Calls,
    #[context] cx: &Context,
) -> String {
    calls.note(cx);
    pause(seed, parts.len() as u64).await;
    let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
    format!("{}{end}", parts.join("-"))
}

/// So many numbers.
#[flowc_macros::node]
pub fn conform_numbers(first: u64, count: u64) -> Vec<u64> {
    (first..first + count).collect()
}

/// Halves even numbers.
///
/// # Errors
/// The number is odd.
#[flowc_macros::node]
pub async fn conform_even(
    seed: u64,
    number: u64,
    #[resource] calls: &Calls,
    #[context] cx: &Context,
) -> Result<u64, Odd> {
    calls.note(cx);
    pause(seed, number).await;
    if number % 2 == 0 { Ok(number / 2) } else { Err(Odd(number)) }
}

/// What kind a number is of.
#[flowc_macros::node]
pub async fn conform_kind(seed: u64, number: u64) -> Kind {
    pause(seed, number).await;
    match number % 3 {
        0 => Kind::Plain,
        1 => Kind::Counted(number),
        _ => Kind::Named { name: format!("number {number}") },
    }
}

/// Panics, as every user's code may.
///
/// # Panics
/// Always, but for the greatest of seeds.
#[allow(clippy::panic, reason = "that is what is tried out")]
#[flowc_macros::node]
pub async fn conform_panic(seed: u64) -> u64 {
    pause(seed, 1).await;
    if seed < u64::MAX { std::panic::panic_any("the node has panicked") } else { 1 }
}

/// Succeeds at its third attempt.
///
/// # Errors
/// It is an earlier one.
#[flowc_macros::node(retry(attempts = 4, base = "1ms"))]
pub async fn conform_third(#[resource] calls: &Calls, #[context] cx: &Context) -> Result<u32, Odd> {
    calls.note(cx);
    if cx.attempt() < 3 { Err(Odd(u64::from(cx.attempt()))) } else { Ok(cx.attempt()) }
}

/// Takes more time than it has.
#[flowc_macros::node(timeout = "20ms")]
pub async fn conform_slow(#[context] cx: &Context) -> u64 {
    cx.cancelled().await;
    1
}

/// Works on another thread.
#[flowc_macros::node(blocking)]
pub fn conform_blocking(number: u64) -> u64 {
    mix(number)
}

/// Works in another task.
#[flowc_macros::node(spawn)]
pub async fn conform_spawned(number: u64) -> u64 {
    mix(number)
}

/// What a step knows of itself, but for what differs from run to run: its path, the attempt, and the length of its key.
#[flowc_macros::node]
pub async fn conform_place(seed: u64, number: u64, #[context] cx: &Context) -> (String, u32, usize) {
    pause(seed, number).await;
    (cx.step().to_owned(), cx.attempt(), cx.idempotency_key().len())
}

/// The id of the run.
#[flowc_macros::node]
pub async fn conform_run(seed: u64, number: u64, #[context] cx: &Context) -> String {
    pause(seed, number).await;
    cx.run_id().to_string()
}
