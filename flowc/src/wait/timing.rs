//! Two clocks: that of the process, which nobody sets, and that on the wall, which goes on while the process is dead.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::WaitError;
use crate::timer;

/// The clock on the wall is looked at this often: it may be set, and the machine may have slept.
const LOOK: Duration = Duration::from_secs(60);

/// What is left at `now` of a wait that was to take `whole` and to end at `until`: nothing if that has passed, and never more than the
/// whole, as a clock that was set back does not make it longer.
fn rest(until: SystemTime, now: SystemTime, whole: Duration) -> Duration {
    until.duration_since(now).unwrap_or(Duration::ZERO).min(whole)
}

/// Waits until `until` by the clock on the wall, and not longer than `whole` by that of the process.
pub(crate) async fn by_the_wall(
    until: SystemTime,
    whole: Duration,
    wall: impl Fn() -> SystemTime,
) -> Result<(), WaitError> {
    let end = Instant::now().checked_add(rest(until, wall(), whole));
    loop {
        let by_process = end.map_or(whole, |end| end.saturating_duration_since(Instant::now()));
        let rest = rest(until, wall(), by_process);
        if rest.is_zero() {
            return Ok(());
        }
        timer::sleep(rest.min(LOOK)).map_err(|_| WaitError::no_timer())?.await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use std::time::UNIX_EPOCH;

    const HOUR: Duration = Duration::from_secs(3600);
    const DAY: Duration = Duration::from_secs(24 * 3600);

    #[test]
    fn the_rest_is_what_the_wall_says_within_the_whole() {
        let until = UNIX_EPOCH + 100 * DAY;
        assert_eq!(rest(until, until - HOUR, DAY), HOUR);
        assert_eq!(rest(until, until + HOUR, DAY), Duration::ZERO, "it passed while the process was dead");
        assert_eq!(rest(until, UNIX_EPOCH, DAY), DAY, "the clock was set back");
    }

    /// How long it took by the clock of the process, where the wall is set by `shift` hours after one hour.
    async fn takes(shift: i64) -> Duration {
        let (began, start) = (Instant::now(), UNIX_EPOCH + 1000 * DAY);
        let seen = Mutex::new(0);
        let wall = || {
            *seen.lock().unwrap() += 1;
            let elapsed = began.elapsed();
            let time = start + elapsed;
            match u32::try_from(shift) {
                _ if elapsed < HOUR => time,
                Ok(forward) => time + forward * HOUR,
                Err(_) => time - u32::try_from(-shift).unwrap() * HOUR,
            }
        };
        by_the_wall(start + DAY, DAY, wall).await.unwrap();
        assert!(*seen.lock().unwrap() < 3000);
        began.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_set_makes_a_wait_shorter_and_never_longer() {
        let near = |took: Duration, hours: u32| took.abs_diff(hours * HOUR) <= LOOK;
        assert!(near(takes(0).await, 24));
        assert!(near(takes(10).await, 14), "the machine has slept");
        assert!(near(takes(100).await, 1));
        assert!(near(takes(-10).await, 24));
    }
}
