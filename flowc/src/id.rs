//! Names of runs.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::options::RunOptions;
use crate::run::Control;

/// The id of a run, unique across processes and machines. It is a UUID of version 7, so ids sort by the time of their start.
///
/// ```
/// use flowc::RunId;
///
/// let id = RunId::new();
/// assert_eq!(id.to_string().parse::<RunId>(), Ok(id));
/// assert!(RunId::new() != id);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(u128);

impl RunId {
    /// A new id.
    #[allow(clippy::new_without_default, reason = "a default that differs each time would surprise")]
    pub fn new() -> Self {
        static KEYS: OnceLock<RandomState> = OnceLock::new();
        static COUNT: AtomicU64 = AtomicU64::new(0);
        // The standard library keys its hasher with random bytes of the operating system, once per process. Hashing a
        // counter with such a key gives bits that no other process has; the process id covers a process that forked.
        let keys = KEYS.get_or_init(RandomState::new);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let mut hasher = keys.build_hasher();
        hasher.write_u64(u64::from(std::process::id()));
        hasher.write_u64(count);
        let low = hasher.finish();
        hasher.write_u64(low);
        let (low, high) = (u128::from(low), u128::from(hasher.finish()));
        let millis = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let random = high << 64 | low;
        let version = 7 << 76 | 0b10 << 62;
        let free = (0xfff << 64) | (u128::MAX >> 66);
        Self((millis << 80) | version | (random & free))
    }

    /// The id as a number, for a store.
    pub const fn as_u128(self) -> u128 {
        self.0
    }

    /// An id that was stored.
    pub const fn from_u128(id: u128) -> Self {
        Self(id)
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (shift, digits)) in [(96, 8), (80, 4), (64, 4), (48, 4), (0, 12)].into_iter().enumerate() {
            let group = (self.0 >> shift) & ((1 << (4 * digits)) - 1);
            let dash = if place == 0 { "" } else { "-" };
            write!(f, "{dash}{group:0digits$x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is no [`RunId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseRunIdError;

impl fmt::Display for ParseRunIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "this is not a run id: it has 32 hexadecimal digits, in groups of 8, 4, 4, 4 and 12 with `-` between them",
        )
    }
}

impl std::error::Error for ParseRunIdError {}

impl FromStr for RunId {
    type Err = ParseRunIdError;

    fn from_str(text: &str) -> Result<Self, ParseRunIdError> {
        let groups = text.split('-');
        if !groups.map(str::len).eq([8, 4, 4, 4, 12]) {
            return Err(ParseRunIdError);
        }
        let digits: String = text.chars().filter(|c| *c != '-').collect();
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(ParseRunIdError);
        }
        u128::from_str_radix(&digits, 16).map(Self).map_err(|_| ParseRunIdError)
    }
}

/// What all steps of one run have in common.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) id: RunId,
    pub(crate) correlation: Option<Arc<str>>,
    pub(crate) traceparent: Option<Arc<str>>,
    /// None where there is no `traceparent`, as one says nothing without the other.
    pub(crate) tracestate: Option<Arc<str>>,
    /// None in a plain run, which only ends by itself, or by being dropped.
    pub(crate) control: Option<Arc<Control>>,
}

impl Identity {
    pub(crate) fn new(control: Option<Arc<Control>>) -> Self {
        Self { id: RunId::new(), correlation: None, traceparent: None, tracestate: None, control }
    }

    /// Who a run is that was given `options`.
    pub(crate) fn given(options: &RunOptions, control: &Arc<Control>) -> Self {
        let RunOptions { correlation, traceparent, tracestate, .. } = options;
        let (correlation, traceparent) = (correlation.clone(), traceparent.clone());
        let tracestate = traceparent.as_ref().and(tracestate.clone());
        #[cfg(feature = "journal")]
        let id = options.id.unwrap_or_else(RunId::new);
        #[cfg(not(feature = "journal"))]
        let id = RunId::new();
        Self { id, correlation, traceparent, tracestate, control: Some(Arc::clone(control)) }
    }
}

#[cfg(test)]
mod tests {
    use super::RunId;

    #[test]
    fn an_id_is_a_uuid_of_version_7() {
        let text = RunId::new().to_string();
        assert_eq!(text.len(), 36);
        assert_eq!(text.as_bytes()[14], b'7');
        assert!(b"89ab".contains(&text.as_bytes()[19]));
    }

    #[test]
    fn ids_are_unique_and_sort_by_time() {
        let mut ids: Vec<_> = (0..1000).map(|_| RunId::new()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 1000);
        std::thread::sleep(std::time::Duration::from_millis(2));
        assert!(RunId::new() > ids[999]);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "0", "+1234567-1234-1234-1234-123456789012", "é234567-1234-1234-1234-123456789012"] {
            assert!(text.parse::<RunId>().is_err(), "{text}");
        }
    }
}
