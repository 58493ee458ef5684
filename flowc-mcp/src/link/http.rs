//! A server with an address: Streamable HTTP over one pool of connections.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rmcp::model::{ClientJsonRpcMessage, ClientRequest, ErrorData, JsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::streamable_http_client::{
    StreamableHttpClient, StreamableHttpClientTransportConfig, StreamableHttpError, StreamableHttpPostResponse,
};
use rmcp::transport::{StreamableHttpClientTransport, common::client_side_sse::ExponentialBackoff};
use sse_stream::{Error as SseError, Sse};

use super::body;
use super::ending::Ending;
use crate::config::Address;
use crate::credentials::{Challenge, Credentials};

const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";
const SESSION: &str = "mcp-session-id";

/// A connection that is not used is closed before the server does so: the usual limit of servers is 5 seconds.
const IDLE: Duration = Duration::from_secs(4);

/// How long it may take until a connection is there.
const CONNECT: Duration = Duration::from_secs(10);

/// So often a request is sent again with other credentials: a new token, and one with more scopes.
const CHALLENGES: usize = 3;

/// So often a request is sent on to another place of the same server.
const REDIRECTS: usize = 3;

/// Why a request gave no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpFault {
    /// No connection.
    #[error("no connection")]
    Connect(#[source] Box<dyn Error + Send + Sync>),
    /// The connection broke.
    #[error("the connection broke")]
    Broken(#[source] Box<dyn Error + Send + Sync>),
    #[error("HTTP {status}")]
    Status { status: u16, retry_after: Option<Duration>, said: String },
    #[error("HTTP {status}")]
    Unauthorized { status: u16, challenge: Option<String> },
    #[error("more than {0} bytes")]
    TooLarge(usize),
    #[error("{0}")]
    Garbled(String),
    #[error("no credentials")]
    Credentials(#[source] flowc::AnyError),
}

type Fault = StreamableHttpError<HttpFault>;

#[cfg(feature = "tls")]
type Connector = hyper_rustls::HttpsConnector<HttpConnector>;
#[cfg(not(feature = "tls"))]
type Connector = HttpConnector;

/// All that requests of one server share.
#[derive(Clone)]
pub(super) struct Http(Arc<Shared>);

struct Shared {
    client: Client<Connector, Full<Bytes>>,
    headers: HeaderMap,
    credentials: Option<Arc<dyn Credentials>>,
    limit: usize,
    ending: Ending,
}

impl Http {
    /// A transport for one session.
    pub(super) fn transport(
        address: &Address,
        limit: usize,
        ending: &Ending,
    ) -> Result<StreamableHttpClientTransport<Self>, HttpFault> {
        let uri: Uri = address.url.parse().map_err(|error: http::uri::InvalidUri| HttpFault::Connect(error.into()))?;
        let mut headers = HeaderMap::new();
        for (name, value) in &address.headers {
            let wrong =
                |error: http::Error| HttpFault::Connect(format!("the header `{name}` cannot be sent: {error}").into());
            let key = HeaderName::try_from(name.as_str()).map_err(|error| wrong(error.into()))?;
            let mut value = HeaderValue::try_from(value.expose().as_str()).map_err(|error| wrong(error.into()))?;
            value.set_sensitive(true);
            headers.append(key, value);
        }
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .build(connector(address, &uri).map_err(|error| HttpFault::Connect(error.into()))?);
        let credentials = address.credentials.clone();
        let http = Self(Arc::new(Shared { client, headers, credentials, limit, ending: ending.clone() }));

        let mut retry = ExponentialBackoff::default();
        retry.max_times = Some(8);
        retry.base_duration = Duration::from_millis(250);
        retry.max_delay = Some(Duration::from_secs(10));
        let mut config = StreamableHttpClientTransportConfig::with_uri(address.url.as_str())
            .max_concurrent_requests(usize::MAX)
            .max_sse_event_size(limit)
            .max_json_response_size(limit);
        config.retry_config = Arc::new(retry);
        config.channel_buffer_capacity = 256;
        Ok(StreamableHttpClientTransport::with_client(http, config))
    }

    /// Sends a request, with what proves who we are, and to where the server has it sent on.
    async fn send(
        &self,
        method: Method,
        uri: &str,
        extra: HeaderMap,
        body: Bytes,
    ) -> Result<Response<Incoming>, HttpFault> {
        let mut target: Uri = uri.parse().map_err(|error: http::uri::InvalidUri| HttpFault::Connect(error.into()))?;
        let (mut redirects, mut challenges) = (0, 0);
        loop {
            let mut request = Request::new(Full::new(body.clone()));
            *request.method_mut() = method.clone();
            *request.uri_mut() = target.clone();
            let headers = request.headers_mut();
            headers.extend(self.0.headers.clone());
            headers.extend(extra.clone());
            let mut sent = None;
            if let Some(credentials) = &self.0.credentials
                && let Some(authorization) = credentials.authorization().await.map_err(HttpFault::Credentials)?
            {
                let value = HeaderValue::try_from(authorization.expose().as_str());
                let mut value =
                    value.map_err(|_| HttpFault::Garbled("the credentials cannot be sent in a header".to_owned()))?;
                value.set_sensitive(true);
                headers.insert(AUTHORIZATION, value);
                self.0.ending.hide(&authorization);
                sent = Some(authorization);
            }
            let response = self.0.client.request(request).await.map_err(|error| {
                if error.is_connect() { HttpFault::Connect(error.into()) } else { HttpFault::Broken(error.into()) }
            })?;
            match response.status() {
                StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT if redirects < REDIRECTS => {
                    let Some(next) = same_origin(&target, response.headers()) else { return Ok(response) };
                    redirects += 1;
                    target = next;
                }
                status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                    let challenge = text(response.headers(), &WWW_AUTHENTICATE).map(str::to_owned);
                    let asked = Challenge::new(status.as_u16(), challenge.clone(), uri, sent);
                    let again = match &self.0.credentials {
                        Some(credentials) if challenges < CHALLENGES => {
                            credentials.refused(&asked).await.map_err(HttpFault::Credentials)?
                        }
                        _ => false,
                    };
                    if !again {
                        return Err(HttpFault::Unauthorized { status: status.as_u16(), challenge });
                    }
                    challenges += 1;
                }
                _ => return Ok(response),
            }
        }
    }

    /// What is wrong with an answer that is no success; some are meant for the layer above.
    async fn refusal(
        &self,
        response: Response<Incoming>,
        message: Option<&ClientJsonRpcMessage>,
        session: bool,
    ) -> Result<StreamableHttpPostResponse, Fault> {
        let status = response.status();
        let retry_after =
            text(response.headers(), &RETRY_AFTER).and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
        let body = body::beginning(response.into_body()).await;
        let lost = status == StatusCode::NOT_FOUND
            || (status == StatusCode::BAD_REQUEST && body.to_ascii_lowercase().contains("session"));
        if session && lost {
            return Err(StreamableHttpError::SessionExpired);
        }
        if let Some(JsonRpcMessage::Request(request)) = message.filter(|_| !matches!(status.as_u16(), 429 | 500..)) {
            let error = match serde_json::from_str::<ServerJsonRpcMessage>(&body) {
                Ok(JsonRpcMessage::Error(error)) => Some(error.error),
                // Who does not know `server/discover` is an older server, however it says so.
                _ if matches!(request.request, ClientRequest::DiscoverRequest(_)) => {
                    Some(ErrorData::invalid_request(format!("HTTP {status}"), None))
                }
                _ => None,
            };
            if let Some(error) = error {
                return Ok(StreamableHttpPostResponse::Json(
                    ServerJsonRpcMessage::error(error, Some(request.id.clone())),
                    None,
                ));
            }
        }
        let said = self.0.ending.redact(body.trim());
        Err(StreamableHttpError::Client(HttpFault::Status { status: status.as_u16(), retry_after, said }))
    }

    fn headers(
        session: Option<&str>,
        custom: HashMap<HeaderName, HeaderValue>,
        accept: &'static str,
    ) -> Result<HeaderMap, Fault> {
        let mut headers: HeaderMap = custom.into_iter().collect();
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        if let Some(session) = session {
            let value = HeaderValue::try_from(session);
            let value = value.map_err(|_| {
                StreamableHttpError::Client(HttpFault::Garbled("its session id is no header".to_owned()))
            })?;
            headers.insert(SESSION, value);
        }
        Ok(headers)
    }
}

impl StreamableHttpClient for Http {
    type Error = HttpFault;

    async fn post_message(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session: Option<Arc<str>>,
        _: Option<String>,
        custom: HashMap<HeaderName, HeaderValue>,
    ) -> Result<StreamableHttpPostResponse, Fault> {
        let mut headers = Self::headers(session.as_deref(), custom, "application/json, text/event-stream")?;
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        let body = Bytes::from(serde_json::to_vec(&message)?);
        let response = self.send(Method::POST, &uri, headers, body).await.map_err(StreamableHttpError::Client)?;
        let status = response.status();
        let awaits = matches!(message, JsonRpcMessage::Request(_));
        if !status.is_success() {
            return self.refusal(response, Some(&message), session.is_some()).await;
        }
        if !awaits || matches!(status, StatusCode::ACCEPTED | StatusCode::NO_CONTENT) {
            return Ok(StreamableHttpPostResponse::Accepted);
        }
        let session = response.headers().get(SESSION).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let kind = text(response.headers(), &CONTENT_TYPE)
            .map(|kind| kind.split(';').next().unwrap_or(kind).trim().to_ascii_lowercase());
        match kind.as_deref() {
            Some(EVENTS) => Ok(StreamableHttpPostResponse::Sse(
                body::events(response.into_body(), self.0.limit, &self.0.ending),
                session,
            )),
            Some(JSON) => {
                let bytes =
                    body::whole(response.into_body(), self.0.limit).await.map_err(StreamableHttpError::Client)?;
                let message = serde_json::from_slice(&bytes).map_err(|error| {
                    StreamableHttpError::Client(HttpFault::Garbled(format!("this is no message: {error}")))
                })?;
                Ok(StreamableHttpPostResponse::Json(message, session))
            }
            other => {
                let what = other.map_or("no content type".to_owned(), |other| format!("the content type `{other}`"));
                let fault = format!("it has {what}, and should have `{JSON}` or `{EVENTS}`");
                Err(StreamableHttpError::Client(HttpFault::Garbled(fault)))
            }
        }
    }

    async fn delete_session(
        &self,
        uri: Arc<str>,
        session: Arc<str>,
        _: Option<String>,
        custom: HashMap<HeaderName, HeaderValue>,
    ) -> Result<(), Fault> {
        let headers = Self::headers(Some(&session), custom, JSON)?;
        let response =
            self.send(Method::DELETE, &uri, headers, Bytes::new()).await.map_err(StreamableHttpError::Client)?;
        match response.status() {
            StatusCode::METHOD_NOT_ALLOWED => Err(StreamableHttpError::ServerDoesNotSupportDeleteSession),
            status if status.is_success() || status == StatusCode::NOT_FOUND => Ok(()),
            _ => self.refusal(response, None, false).await.map(|_| ()),
        }
    }

    async fn get_stream(
        &self,
        uri: Arc<str>,
        session: Option<Arc<str>>,
        last_event: Option<String>,
        _: Option<String>,
        custom: HashMap<HeaderName, HeaderValue>,
    ) -> Result<BoxStream<'static, Result<Sse, SseError>>, Fault> {
        let mut headers = Self::headers(session.as_deref(), custom, EVENTS)?;
        if let Some(id) = last_event.and_then(|id| HeaderValue::try_from(id).ok()) {
            headers.insert("last-event-id", id);
        }
        let response =
            self.send(Method::GET, &uri, headers, Bytes::new()).await.map_err(StreamableHttpError::Client)?;
        if response.status() == StatusCode::METHOD_NOT_ALLOWED {
            return Err(StreamableHttpError::ServerDoesNotSupportSse);
        }
        if !response.status().is_success() {
            self.refusal(response, None, session.is_some()).await?;
            return Err(StreamableHttpError::UnexpectedEndOfStream);
        }
        if !text(response.headers(), &CONTENT_TYPE).is_some_and(|kind| kind.to_ascii_lowercase().starts_with(EVENTS)) {
            return Err(StreamableHttpError::ServerDoesNotSupportSse);
        }
        Ok(body::events(response.into_body(), self.0.limit, &self.0.ending))
    }
}

#[cfg(feature = "tls")]
fn connector(address: &Address, _: &Uri) -> std::io::Result<Connector> {
    let config = super::tls::config(address.ca.as_deref())?;
    let builder = hyper_rustls::HttpsConnectorBuilder::new().with_tls_config((*config).clone());
    Ok(builder.https_or_http().enable_http1().wrap_connector(plain()))
}

#[cfg(not(feature = "tls"))]
fn connector(_: &Address, uri: &Uri) -> std::io::Result<Connector> {
    if uri.scheme_str() == Some("https") {
        return Err(std::io::Error::new(std::io::ErrorKind::Unsupported, super::NO_TLS));
    }
    Ok(plain())
}

fn plain() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    connector.set_nodelay(true);
    connector.set_keepalive(Some(Duration::from_secs(30)));
    connector.set_connect_timeout(Some(CONNECT));
    connector
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Where a request is sent on to, if that is the same server: keys are not carried to others.
fn same_origin(from: &Uri, headers: &HeaderMap) -> Option<Uri> {
    let location = text(headers, &LOCATION)?;
    if location.starts_with('/') && !location.starts_with("//") {
        let mut parts = from.clone().into_parts();
        parts.path_and_query = Some(location.parse().ok()?);
        return Uri::from_parts(parts).ok();
    }
    let next: Uri = location.parse().ok()?;
    (next.scheme() == from.scheme() && next.authority() == from.authority()).then_some(next)
}
