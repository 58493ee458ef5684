//! The seam for what proves who we are, where that is more than a fixed header.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use flowc::{AnyError, Secret};

/// A boxed future.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where the `Authorization` of requests comes from, if it is not always the same: a token that is fetched and renewed, say.
///
/// A fixed token or key needs none of this: see [`ServerConfig::bearer`](crate::ServerConfig::bearer) and
/// [`ServerConfig::api_key`](crate::ServerConfig::api_key).
///
/// ```
/// use flowc::{AnyError, Secret};
/// use flowc_mcp::{BoxFuture, Challenge, Credentials};
///
/// #[derive(Debug)]
/// struct FromVault;
///
/// impl Credentials for FromVault {
///     fn authorization(&self) -> BoxFuture<'_, Result<Option<Secret<String>>, AnyError>> {
///         Box::pin(async { Ok(Some(Secret::new("Bearer s3cret".to_owned()))) })
///     }
///     fn refused<'a>(&'a self, challenge: &'a Challenge) -> BoxFuture<'a, Result<bool, AnyError>> {
///         // A new token would be fetched here. `true` has the request sent again.
///         Box::pin(async move { Ok(challenge.status == 401) })
///     }
/// }
/// ```
pub trait Credentials: fmt::Debug + Send + Sync + 'static {
    /// The value of the header `Authorization` for the next request.
    fn authorization(&self) -> BoxFuture<'_, Result<Option<Secret<String>>, AnyError>>;

    /// The server refused a request. `true` has it sent again, a few times at most, with what [`authorization`](Self::authorization) then says.
    fn refused<'a>(&'a self, challenge: &'a Challenge) -> BoxFuture<'a, Result<bool, AnyError>>;
}

/// How a server refused a request.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Challenge {
    /// 401 or 403.
    pub status: u16,
    /// The header `WWW-Authenticate`.
    pub authenticate: Option<String>,
    /// The address of the server.
    pub url: String,
    /// The header `Authorization` that was not good enough, if one was sent.
    pub sent: Option<Secret<String>>,
}

impl Challenge {
    #[cfg(any(feature = "http", feature = "ws"))]
    pub(crate) fn new(status: u16, authenticate: Option<String>, url: &str, sent: Option<Secret<String>>) -> Self {
        Self { status, authenticate, url: url.to_owned(), sent }
    }
}
