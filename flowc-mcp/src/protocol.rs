//! The versions of the protocol.

use std::fmt;
use std::str::FromStr;

/// A version of MCP. Newer ones are greater.
///
/// ```
/// use flowc_mcp::ProtocolVersion;
///
/// assert!(ProtocolVersion::V2026_07_28 > ProtocolVersion::V2025_11_25);
/// assert_eq!("2025-06-18".parse(), Ok(ProtocolVersion::V2025_06_18));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ProtocolVersion {
    /// The first one.
    V2024_11_05,
    /// Streamable HTTP.
    V2025_03_26,
    /// Structured results, elicitation.
    V2025_06_18,
    /// The last one with a handshake.
    V2025_11_25,
    /// Without a handshake and without sessions.
    V2026_07_28,
}

impl ProtocolVersion {
    /// All that flowc speaks, the oldest first.
    pub const ALL: [Self; 5] =
        [Self::V2024_11_05, Self::V2025_03_26, Self::V2025_06_18, Self::V2025_11_25, Self::V2026_07_28];

    /// As it is written: a date.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2024_11_05 => "2024-11-05",
            Self::V2025_03_26 => "2025-03-26",
            Self::V2025_06_18 => "2025-06-18",
            Self::V2025_11_25 => "2025-11-25",
            Self::V2026_07_28 => "2026-07-28",
        }
    }

    /// Whether a connection begins with a handshake.
    #[cfg(feature = "client")]
    pub(crate) fn has_handshake(self) -> bool {
        self < Self::V2026_07_28
    }
}

impl fmt::Display for ProtocolVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is no version of the protocol that flowc speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("flowc speaks no such version of the protocol")]
pub struct UnknownVersion;

impl FromStr for ProtocolVersion {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        Self::ALL.into_iter().find(|version| version.as_str() == text).ok_or(UnknownVersion)
    }
}
