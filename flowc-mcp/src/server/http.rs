//! Requests over HTTP: what is let in, and where it goes.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use http::{Method, Request, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Empty, Full, Limited};
use hyper::body::Incoming;
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use tokio_util::sync::CancellationToken;

use super::auth::{Refusal, WELL_KNOWN};
use super::guard::Guard;
use super::handler::Handler;
use super::shared::Shared;
use super::ws;

pub(super) type Body = BoxBody<Bytes, Infallible>;

/// Which protocols a listener speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaks {
    Http,
    WebSocket,
}

/// Where requests of one listener arrive.
pub(super) struct Door<B> {
    shared: Arc<Shared>,
    guard: Guard,
    path: String,
    speaks: Speaks,
    stop: CancellationToken,
    beside: B,
    service: StreamableHttpService<Handler<B>, LocalSessionManager>,
}

impl<B: ServerHandler + Clone> Door<B> {
    pub(super) fn new(shared: &Arc<Shared>, beside: B, path: &str, speaks: Speaks, stop: &CancellationToken) -> Self {
        let guard = Guard::new(&shared.parts.hosts, &shared.parts.origins);
        // Hosts, origins and sizes are checked before anything of the protocol is looked at.
        let config = StreamableHttpServerConfig::default()
            .disable_allowed_hosts()
            .disable_allowed_origins()
            .with_max_request_body_bytes(shared.parts.limits.message_bytes)
            .with_cancellation_token(stop.child_token());
        let handler = Handler { shared: Arc::clone(shared), caller: None, beside: beside.clone() };
        let service = StreamableHttpService::new(move || Ok(handler.clone()), Arc::default(), config);
        let (shared, path) = (Arc::clone(shared), path.to_owned());
        Self { shared, guard, path, speaks, stop: stop.clone(), beside, service }
    }

    /// The answer to a request.
    pub(super) async fn respond(self: Arc<Self>, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
        Ok(self.answer(request).await.unwrap_or_else(|refused| *refused))
    }

    async fn answer(&self, mut request: Request<Incoming>) -> Result<Response<Body>, Box<Response<Body>>> {
        let refuse = |status, why: &str| Box::new(plain(status, why));
        if let Some(card) = self.shared.parts.card.as_ref().filter(|_| request.method() == Method::GET)
            && let Some(answer) = card.answer(&self.shared.parts, &self.path, request.uri().path(), request.headers())
        {
            // It is for everybody, and says nothing that is not public.
            return Ok(answer);
        }
        if let Err(why) = self.guard.check(request.uri().host(), request.headers()) {
            return Err(refuse(StatusCode::FORBIDDEN, why));
        }
        let path = request.uri().path();
        if let (Some(auth), Some(rest)) = (&self.shared.parts.auth, path.strip_prefix(WELL_KNOWN))
            && request.method() == Method::GET
            && (rest.is_empty() || rest == self.path)
        {
            return Ok(json(&auth.metadata(&self.shared.parts.name)));
        }
        if path != self.path {
            return Err(refuse(StatusCode::NOT_FOUND, "nothing is served at this path"));
        }
        let caller = match &self.shared.parts.auth {
            None => None,
            Some(auth) => {
                let header =
                    request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
                let caller = auth.who(header.as_deref()).await.map_err(|why| {
                    let status = if why == Refusal::Scope { StatusCode::FORBIDDEN } else { StatusCode::UNAUTHORIZED };
                    let mut refused = refuse(status, "a bearer token is needed, and one that is good for this");
                    if let Ok(challenge) = HeaderValue::from_str(&auth.challenge(why)) {
                        refused.headers_mut().insert(WWW_AUTHENTICATE, challenge);
                    }
                    refused
                })?;
                request.extensions_mut().insert(caller.clone());
                Some(caller)
            }
        };
        match (self.speaks, ws::is_asked(request.headers())) {
            (Speaks::WebSocket, true) => {
                let handler = Handler { shared: Arc::clone(&self.shared), caller, beside: self.beside.clone() };
                Ok(ws::accept(request, handler, self.stop.child_token()))
            }
            (Speaks::WebSocket, false) => {
                Err(refuse(StatusCode::UPGRADE_REQUIRED, "this is a WebSocket; ask for `Upgrade: websocket`"))
            }
            (Speaks::Http, _) => {
                let request = self.whole(request).await?;
                Ok(self.service.handle(request).await)
            }
        }
    }

    /// The request with all of its body, which must come in time.
    async fn whole(&self, request: Request<Incoming>) -> Result<Request<Full<Bytes>>, Box<Response<Body>>> {
        let refuse = |status, why: &str| Err(Box::new(plain(status, why)));
        let limits = &self.shared.parts.limits;
        let (head, body) = request.into_parts();
        match tokio::time::timeout(limits.read_timeout, Limited::new(body, limits.message_bytes).collect()).await {
            Ok(Ok(body)) => Ok(Request::from_parts(head, Full::new(body.to_bytes()))),
            Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
                refuse(StatusCode::PAYLOAD_TOO_LARGE, "the message is too long")
            }
            Ok(Err(_)) => refuse(StatusCode::BAD_REQUEST, "the body cannot be read"),
            Err(_) => refuse(StatusCode::REQUEST_TIMEOUT, "the body did not come in time"),
        }
    }
}

/// An answer in words.
pub(super) fn plain(status: StatusCode, text: &str) -> Response<Body> {
    let mut response = Response::new(Full::new(Bytes::from(text.to_owned())).boxed());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

pub(super) fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Empty::new().boxed());
    *response.status_mut() = status;
    response
}

fn json(value: &serde_json::Value) -> Response<Body> {
    let mut response = Response::new(Full::new(Bytes::from(value.to_string())).boxed());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
