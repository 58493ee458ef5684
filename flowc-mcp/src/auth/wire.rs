//! Requests to authorization servers: few, small, each on a connection of its own to an address that the guard allows.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use flowc::Secret;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, LOCATION, USER_AGENT};
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::endpoint::Endpoint;
use super::error::{AuthError, AuthErrorKind};
use super::guard::Guard;

/// How long a request may take from the first look-up of the name to the last byte.
const LIMIT: Duration = Duration::from_secs(20);

/// No answer that is worth reading is longer.
const LARGEST: usize = 256 << 10;

/// Metadata may be one step away; it is not looked for any further.
const REDIRECTS: usize = 3;

/// Sends requests.
#[derive(Debug, Clone)]
pub(crate) struct Wire {
    guard: Guard,
    #[cfg_attr(not(feature = "tls"), allow(dead_code))]
    ca: Option<PathBuf>,
    accept: &'static str,
    longest: usize,
}

/// An answer. It may hold a token, so it cannot be shown.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    location: Option<String>,
    body: Bytes,
}

/// What is posted.
pub(crate) struct Post {
    pub(crate) kind: &'static str,
    /// The header `Authorization`.
    pub(crate) authorization: Option<Secret<String>>,
    pub(crate) body: Secret<String>,
}

impl Reply {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, String> {
        // The text of serde_json quotes what it read, and that may be a token.
        serde_json::from_slice(&self.body)
            .map_err(|error| format!("it is not the JSON that it should be, at column {}", error.column()))
    }
}

impl Wire {
    pub(crate) fn new(guard: Guard, ca: Option<PathBuf>) -> Self {
        Self { guard, ca, accept: "application/json", longest: LARGEST }
    }

    /// What kind of document is wanted.
    #[cfg(feature = "discovery")]
    pub(crate) fn accept(self, accept: &'static str) -> Self {
        Self { accept, ..self }
    }

    /// How long an answer may be.
    #[cfg(feature = "discovery")]
    pub(crate) fn longest(self, longest: usize) -> Self {
        Self { longest, ..self }
    }

    pub(crate) fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Reads a document. A redirect is followed only within one origin.
    pub(crate) async fn get(&self, url: &Endpoint) -> Result<Reply, AuthError> {
        let mut url = url.clone();
        for _ in 0..=REDIRECTS {
            let reply = self.send(&url, Method::GET, None).await?;
            if !reply.status.is_redirection() {
                return Ok(reply);
            }
            let next = reply.location.as_deref().and_then(|location| url.redirected(location));
            url = next.ok_or_else(|| elsewhere(&url))?;
        }
        Err(elsewhere(&url))
    }

    /// Sends secrets to where it is told, and nowhere else.
    pub(crate) async fn post(&self, url: &Endpoint, post: Post) -> Result<Reply, AuthError> {
        let reply = self.send(url, Method::POST, Some(post)).await?;
        if reply.status.is_redirection() { Err(elsewhere(url)) } else { Ok(reply) }
    }

    async fn send(&self, url: &Endpoint, method: Method, post: Option<Post>) -> Result<Reply, AuthError> {
        let sent = tokio::time::timeout(LIMIT, self.exchange(url, method, post)).await;
        sent.unwrap_or_else(|_| Err(AuthErrorKind::Timeout { url: url.as_str().to_owned(), limit: LIMIT }.into()))
    }

    async fn exchange(&self, url: &Endpoint, method: Method, post: Option<Post>) -> Result<Reply, AuthError> {
        let stream = connect(&self.guard.addresses(url).await?).await.map_err(|source| broken(url, source))?;
        if !url.is_secure() {
            return self.talk(stream, url, method, post).await;
        }
        #[cfg(feature = "tls")]
        {
            let stream = self.encrypt(url, stream).await.map_err(|source| broken(url, source))?;
            self.talk(stream, url, method, post).await
        }
        #[cfg(not(feature = "tls"))]
        Err(broken(url, io::Error::new(io::ErrorKind::Unsupported, crate::link::NO_TLS)))
    }

    #[cfg(feature = "tls")]
    async fn encrypt(
        &self,
        url: &Endpoint,
        stream: TcpStream,
    ) -> io::Result<tokio_rustls::client::TlsStream<TcpStream>> {
        let name = rustls_pki_types::ServerName::try_from(url.host()).map_err(io::Error::other)?;
        let config = crate::link::tls_config(self.ca.as_deref())?;
        tokio_rustls::TlsConnector::from(config).connect(name, stream).await
    }

    async fn talk<S>(&self, stream: S, url: &Endpoint, method: Method, post: Option<Post>) -> Result<Reply, AuthError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let failed = |error: hyper::Error| broken(url, io::Error::other(error));
        let request = self.request(url, method, post).map_err(|error| broken(url, io::Error::other(error)))?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(failed)?;
        // It ends with this function, however that ends.
        let mut driver = JoinSet::new();
        driver.spawn(connection);
        let response = sender.send_request(request).await.map_err(failed)?;
        let (head, body) = response.into_parts();
        let location = head.headers.get(LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = Limited::new(body, self.longest).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                answer(url, format!("it is longer than {} bytes", self.longest))
            } else {
                broken(url, io::Error::other(error))
            }
        })?;
        Ok(Reply { status: head.status, location, body: body.to_bytes() })
    }

    fn request(&self, url: &Endpoint, method: Method, post: Option<Post>) -> Result<Request<Full<Bytes>>, http::Error> {
        let request = Request::builder().method(method).uri(url.path_and_query());
        let agent = concat!("flowc-mcp/", env!("CARGO_PKG_VERSION"));
        let mut request = request.header(HOST, url.authority()).header(ACCEPT, self.accept).header(USER_AGENT, agent);
        let Some(post) = post else { return request.body(Full::default()) };
        if let Some(authorization) = &post.authorization {
            let mut value = HeaderValue::from_str(authorization.expose())?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        request.header(CONTENT_TYPE, post.kind).body(Full::from(post.body.expose().clone()))
    }
}

/// The first address that answers.
async fn connect(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in addresses {
        // One that says nothing must not use up the time of the others.
        match tokio::time::timeout(LIMIT / 4, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => last = error,
            Err(_) => last = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(last)
}

fn broken(url: &Endpoint, source: io::Error) -> AuthError {
    AuthErrorKind::Connect { url: url.as_str().to_owned(), source }.into()
}

/// An answer that cannot be used.
pub(crate) fn answer(url: &Endpoint, reason: impl Into<String>) -> AuthError {
    AuthErrorKind::Answer { url: url.as_str().to_owned(), reason: reason.into() }.into()
}

fn elsewhere(url: &Endpoint) -> AuthError {
    answer(url, "it sends us on to another place")
}
