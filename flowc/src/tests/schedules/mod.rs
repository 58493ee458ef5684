//! The hand-made synchronisation under thousands of schedules: `cargo xtask shuttle`.
//!
//! Shuttle runs each test again and again, and decides at each lock, atomic and wake-up which thread goes on. A wake-up that is lost is a
//! deadlock, which it reports with the schedule that leads there. It takes every atomic as sequentially consistent; what is said in the
//! code about weaker orderings is not checked here.

mod policies;
mod runs;
mod slots;

/// How many schedules are tried for each test.
const SCHEDULES: usize = 3000;

/// Tries a test: half of the schedules at random, half with few changes of thread, where each may be anywhere (PCT).
fn explore(test: impl Fn() + Send + Sync + 'static + Copy) {
    shuttle::check_random(test, SCHEDULES / 2);
    shuttle::check_pct(test, SCHEDULES / 2, 3);
}
