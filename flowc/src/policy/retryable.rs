//! Which errors may pass with time.

use std::error::Error;
use std::io;
use std::time::Duration;

use super::Refused;
use crate::error::AnyError;

/// What an error says about another attempt. By default every error is worth one, and says nothing of when.
///
/// [`Retry::retryable`](super::Retry::retryable) asks it.
///
/// ```
/// use flowc::policy::{Retry, Retryable};
/// use std::time::Duration;
///
/// enum ModelError {
///     Busy { retry_after: Option<Duration> },
///     WrongKey,
/// }
///
/// impl Retryable for ModelError {
///     fn is_retryable(&self) -> bool {
///         matches!(self, Self::Busy { .. })
///     }
///     fn retry_after(&self) -> Option<Duration> {
///         match self {
///             Self::Busy { retry_after } => *retry_after,
///             Self::WrongKey => None,
///         }
///     }
/// }
///
/// const POLICY: Retry<ModelError> = Retry::attempts(4).retryable();
/// # let _ = (POLICY, ModelError::Busy { retry_after: None }, ModelError::WrongKey);
/// ```
pub trait Retryable {
    /// Another attempt may succeed.
    fn is_retryable(&self) -> bool {
        true
    }

    /// How long to wait at least, as a server says with `Retry-After`.
    fn retry_after(&self) -> Option<Duration> {
        None
    }
}

impl Retryable for io::Error {
    fn is_retryable(&self) -> bool {
        transient(self)
    }

    fn retry_after(&self) -> Option<Duration> {
        refusal(self).and_then(Refused::retry_after)
    }
}

impl Retryable for AnyError {
    fn is_retryable(&self) -> bool {
        transient(&**self)
    }

    fn retry_after(&self) -> Option<Duration> {
        refusal(&**self).and_then(Refused::retry_after)
    }
}

impl Retryable for Box<dyn Error + Send + Sync> {
    fn is_retryable(&self) -> bool {
        transient(&**self)
    }

    fn retry_after(&self) -> Option<Duration> {
        refusal(&**self).and_then(Refused::retry_after)
    }
}

impl Retryable for String {}
impl Retryable for &'static str {}

/// Whether an error may pass with time, as far as its chain of sources tells: a connection that is refused or breaks may come
/// back, a file that is not there or input that is wrong will stay so. An error that says nothing is worth another attempt.
///
/// ```
/// use flowc::policy::transient;
/// use std::io::{Error, ErrorKind};
///
/// assert!(transient(&Error::from(ErrorKind::ConnectionRefused)));
/// assert!(!transient(&Error::from(ErrorKind::PermissionDenied)));
/// assert!(transient(&std::fmt::Error));
/// ```
pub fn transient(error: &(dyn Error + 'static)) -> bool {
    chain(error).find_map(verdict).unwrap_or(true)
}

/// The refusal of a policy that is at the bottom of it.
fn refusal<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e Refused> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// An error and its sources. An `io::Error` made of another error hides that one from `source`.
fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        inside.map(|inside| -> &(dyn Error + 'static) { inside }).or_else(|| error.source())
    })
}

fn verdict(error: &(dyn Error + 'static)) -> Option<bool> {
    if let Some(refused) = error.downcast_ref::<Refused>() {
        return Some(refused.is_retryable());
    }
    error.downcast_ref::<io::Error>().and_then(|error| passes(error.kind()))
}

/// Whether what is wrong with a connection or a file passes by itself, for the kinds where that is clear.
fn passes(kind: io::ErrorKind) -> Option<bool> {
    use io::ErrorKind as Kind;
    match kind {
        Kind::ConnectionRefused
        | Kind::ConnectionReset
        | Kind::ConnectionAborted
        | Kind::NotConnected
        | Kind::BrokenPipe
        | Kind::TimedOut
        | Kind::Interrupted
        | Kind::WouldBlock
        | Kind::UnexpectedEof
        | Kind::HostUnreachable
        | Kind::NetworkUnreachable
        | Kind::NetworkDown
        | Kind::ResourceBusy => Some(true),
        Kind::NotFound
        | Kind::PermissionDenied
        | Kind::AlreadyExists
        | Kind::InvalidInput
        | Kind::InvalidData
        | Kind::Unsupported
        | Kind::NotADirectory
        | Kind::IsADirectory
        | Kind::ReadOnlyFilesystem => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::io::ErrorKind;

    use super::*;

    #[derive(Debug)]
    struct Outer(Box<dyn Error + Send + Sync>);

    impl fmt::Display for Outer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("outer")
        }
    }
    impl Error for Outer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&*self.0)
        }
    }

    #[test]
    fn connections_come_back() {
        for kind in [
            ErrorKind::ConnectionRefused,
            ErrorKind::ConnectionReset,
            ErrorKind::ConnectionAborted,
            ErrorKind::TimedOut,
            ErrorKind::Interrupted,
            ErrorKind::WouldBlock,
            ErrorKind::BrokenPipe,
            ErrorKind::NotConnected,
        ] {
            assert!(io::Error::from(kind).is_retryable(), "{kind}");
        }
    }

    #[test]
    fn what_is_not_there_and_what_is_wrong_stays_so() {
        for kind in [ErrorKind::NotFound, ErrorKind::PermissionDenied, ErrorKind::InvalidData, ErrorKind::InvalidInput]
        {
            assert!(!io::Error::from(kind).is_retryable(), "{kind}");
        }
    }

    #[test]
    fn the_chain_of_sources_decides() {
        let deep = Outer(Outer(io::Error::from(ErrorKind::NotFound).into()).into());
        assert!(!transient(&deep));
        assert!(transient(&Outer(io::Error::from(ErrorKind::TimedOut).into())));
        assert!(!AnyError::new(deep).is_retryable());
    }

    #[test]
    fn what_an_io_error_carries_is_looked_at() {
        let carried = io::Error::other(Outer(io::Error::from(ErrorKind::PermissionDenied).into()));
        assert!(!transient(&carried));
        let limited = Refused::RateLimited { name: "m".into(), retry_after: Duration::from_secs(3) };
        assert_eq!(io::Error::other(limited).retry_after(), Some(Duration::from_secs(3)));
    }

    #[test]
    fn an_error_that_says_nothing_is_worth_another_attempt() {
        assert!(transient(&fmt::Error));
        assert!(transient(&io::Error::other("?")));
        assert!("text".is_retryable() && String::new().is_retryable());
        assert_eq!("text".retry_after(), None);
    }
}
