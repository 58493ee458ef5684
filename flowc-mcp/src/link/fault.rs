//! From what rmcp and the transports say went wrong to our own errors.

use std::error::Error;
use std::sync::Arc;

use rmcp::ErrorData;
use rmcp::service::ServiceError;

use super::ending::Ending;
use super::frames::{GARBLED, TOO_LARGE};
use super::handshake::Failed;
use crate::error::{McpError, McpErrorKind};

/// What errors of a connection are made with.
#[derive(Clone)]
pub(super) struct Faults {
    pub(super) server: Arc<str>,
    pub(super) ending: Ending,
    pub(super) limit: usize,
}

impl Faults {
    pub(super) fn kind(&self, kind: McpErrorKind) -> McpError {
        McpError::new(&self.server, kind)
    }

    /// The connection ended.
    pub(super) fn closed(&self) -> McpError {
        let reason = self.ending.told();
        match &reason {
            Some(reason) if reason.starts_with("it sent a message of more") => {
                self.kind(McpErrorKind::TooLarge { limit: self.limit })
            }
            _ => McpError::closed(&self.server, reason.unwrap_or_else(|| "the connection ended".to_owned())),
        }
    }

    /// The server answered with an error.
    pub(super) fn answer(&self, error: &ErrorData) -> McpError {
        self.kind(match error.code {
            TOO_LARGE => McpErrorKind::TooLarge { limit: self.limit },
            GARBLED => McpErrorKind::Garbled { reason: error.message.to_string() },
            code => McpErrorKind::Answer { code: code.0.into(), message: self.ending.redact(&error.message) },
        })
    }

    /// A request failed.
    pub(super) fn service(&self, error: &ServiceError) -> McpError {
        match error {
            ServiceError::McpError(error) => self.answer(error),
            ServiceError::TransportSend(error) => self.sending(error.error.as_ref()),
            ServiceError::TransportClosed => self.closed(),
            ServiceError::Cancelled { .. } => self.kind(McpErrorKind::Cancelled),
            ServiceError::Timeout { timeout } => self.kind(McpErrorKind::Timeout { limit: *timeout }),
            other => self.kind(McpErrorKind::Garbled { reason: other.to_string() }),
        }
    }

    /// A message could not be sent, or was refused as a whole.
    pub(super) fn sending(&self, error: &(dyn Error + 'static)) -> McpError {
        #[cfg(feature = "http")]
        if let Some(kind) = http(error) {
            return self.kind(kind);
        }
        match self.ending.told() {
            Some(_) => self.closed(),
            None => McpError::closed(&self.server, self.ending.redact(&error.to_string())),
        }
    }

    /// There is no agreement on a version.
    pub(super) fn handshake<E: Error + 'static>(&self, failed: &Failed<E>) -> McpError {
        match failed {
            Failed::Send(error) => self.sending(error),
            Failed::Closed => {
                let reason = self.ending.told().unwrap_or_else(|| "the connection ended".to_owned());
                McpError::connect(&self.server, format!("{reason}, before there was an agreement on a version"))
            }
            Failed::Answer(error) => self.answer(error),
            Failed::Garbled(reason) => self.kind(McpErrorKind::Garbled { reason: reason.clone() }),
            Failed::NoVersion(offered) => self.kind(McpErrorKind::NoVersion { offered: offered.clone() }),
            Failed::Instead(_) => self.kind(McpErrorKind::NoVersion { offered: Vec::new() }),
        }
    }
}

/// What a request over HTTP can fail with.
#[cfg(feature = "http")]
fn http(error: &(dyn Error + 'static)) -> Option<McpErrorKind> {
    use super::http::HttpFault;
    use rmcp::transport::streamable_http_client::StreamableHttpError;

    let fault = match error.downcast_ref::<StreamableHttpError<HttpFault>>()? {
        StreamableHttpError::Client(fault) => fault,
        StreamableHttpError::SessionExpired => {
            return Some(McpErrorKind::Closed { reason: "the server does not know the session any more".to_owned() });
        }
        _ => return None,
    };
    Some(match fault {
        HttpFault::Connect(source) => McpErrorKind::Connect { source: all(source.as_ref()).into() },
        HttpFault::Credentials(source) => McpErrorKind::Credentials { source: credentials(source) },
        HttpFault::Broken(source) => McpErrorKind::Closed { reason: all(source.as_ref()).to_string() },
        HttpFault::Status { status, retry_after, said } => {
            McpErrorKind::Status { status: *status, retry_after: *retry_after, said: said.clone() }
        }
        HttpFault::Unauthorized { status, challenge } => {
            McpErrorKind::Unauthorized { status: *status, challenge: challenge.clone() }
        }
        HttpFault::TooLarge(limit) => McpErrorKind::TooLarge { limit: *limit },
        HttpFault::Garbled(reason) => McpErrorKind::Garbled { reason: reason.clone() },
    })
}

/// Why there are no credentials: as it is if it is ours, and as a text if not.
#[cfg(any(feature = "http", feature = "ws"))]
pub(super) fn credentials(error: &flowc::AnyError) -> Arc<dyn Error + Send + Sync> {
    #[cfg(feature = "auth")]
    if let Some(error) = error.downcast_ref::<crate::auth::AuthError>() {
        return Arc::new(error.clone());
    }
    all(&**error).into()
}

/// An error that owns the text of its sources: those of HTTP cannot be cloned. The kind of an I/O error is kept, as it says whether
/// another attempt is worth it.
#[cfg(any(feature = "http", feature = "ws"))]
fn all(error: &(dyn Error + 'static)) -> Box<dyn Error + Send + Sync> {
    use std::io;
    let (mut text, mut kind) = (error.to_string(), None);
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        let io = error.downcast_ref::<io::Error>();
        kind = kind.or_else(|| io.map(io::Error::kind).filter(|kind| *kind != io::ErrorKind::Other));
        next = io
            .and_then(io::Error::get_ref)
            .map(|inside| -> &(dyn Error + 'static) { inside })
            .or_else(|| error.source());
    }
    io::Error::new(kind.unwrap_or(io::ErrorKind::Other), text).into()
}
