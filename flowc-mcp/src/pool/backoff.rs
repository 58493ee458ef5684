//! How long to wait before a server is tried again.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(30);

/// The wait after so many failures: twice as long each time, and somewhere between its half and its whole, so that programs which lost
/// the same server do not come back together.
pub(crate) fn wait(failures: u32) -> Duration {
    exponential(FIRST, LONGEST, failures)
}

/// The same with other limits.
pub(crate) fn exponential(first: Duration, longest: Duration, failures: u32) -> Duration {
    let whole = first.saturating_mul(1 << failures.saturating_sub(1).min(20)).min(longest);
    // The standard library's source of chance.
    let chance = RandomState::new().hash_one(failures);
    whole / 2 + whole.saturating_mul((chance % 1024) as u32) / 2048
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_up_to_a_limit_and_is_never_the_same() {
        for failures in 1..40 {
            let whole = FIRST.saturating_mul(1 << (failures - 1).min(20)).min(LONGEST);
            let wait = wait(failures);
            assert!(wait >= whole / 2 && wait <= whole, "{failures}: {wait:?}");
        }
        let waits: std::collections::HashSet<_> = (0..50).map(|_| wait(10)).collect();
        assert!(waits.len() > 10);
    }
}
