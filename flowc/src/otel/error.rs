use std::error::Error;
use std::fmt;

/// Why spans cannot be sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum OtelError {
    /// The exporter cannot be made: its address is no address, say.
    Exporter(Box<dyn Error + Send + Sync>),
    /// The filter cannot be read.
    Filter(Box<dyn Error + Send + Sync>),
    /// The program has a subscriber already. Add [`Otel::layer`](super::Otel::layer) to that one.
    Installed,
    /// What was left could not be sent in time, or the collector did not take it.
    Unsent(Box<dyn Error + Send + Sync>),
}

impl fmt::Display for OtelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exporter(why) => write!(f, "the exporter of spans cannot be made: {why}"),
            Self::Filter(why) => {
                write!(f, "the filter of spans cannot be read: {why}; write it as `info` or `info,my_app=debug`")
            }
            Self::Installed => {
                f.write_str("a subscriber is installed already; add `Otel::layer` to it in place of `otel::install`")
            }
            Self::Unsent(why) => write!(f, "some spans were not sent: {why}"),
        }
    }
}

impl Error for OtelError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Exporter(why) | Self::Filter(why) | Self::Unsent(why) => Some(&**why),
            Self::Installed => None,
        }
    }
}
