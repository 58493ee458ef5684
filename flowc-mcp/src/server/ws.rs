//! A conversation over WebSocket: one message in each text frame.

use futures_util::future::ready;
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use http::header::{CONNECTION, HeaderMap, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage, serve_server_with_ct};
use rmcp::{RoleServer, ServerHandler};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_util::sync::CancellationToken;

use super::handler::Handler;
use super::http::{Body, empty, plain};

/// What clients may ask for as the subprotocol.
const PROTOCOL: &str = "mcp";

/// Whether the request wants to go on as a WebSocket.
pub(super) fn is_asked(headers: &HeaderMap) -> bool {
    headers.get(UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Answers the request, and goes on with the connection in a task.
pub(super) fn accept<B: ServerHandler>(
    request: Request<Incoming>,
    handler: Handler<B>,
    stop: CancellationToken,
) -> Response<Body> {
    let headers = request.headers();
    let Some(key) = headers.get("sec-websocket-key") else {
        return plain(StatusCode::BAD_REQUEST, "a WebSocket needs the header `Sec-WebSocket-Key`");
    };
    if headers.get("sec-websocket-version").is_none_or(|version| version.as_bytes() != b"13") {
        let mut refused = plain(StatusCode::UPGRADE_REQUIRED, "version 13 of WebSocket is spoken here");
        refused.headers_mut().insert("sec-websocket-version", HeaderValue::from_static("13"));
        return refused;
    }
    let mut response = empty(StatusCode::SWITCHING_PROTOCOLS);
    let answers = response.headers_mut();
    answers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    answers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    if let Ok(accept) = HeaderValue::from_str(&derive_accept_key(key.as_bytes())) {
        answers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    }
    let offered = headers.get(SEC_WEBSOCKET_PROTOCOL).and_then(|offered| offered.to_str().ok()).unwrap_or_default();
    if offered.split(',').any(|offered| offered.trim() == PROTOCOL) {
        answers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
    }
    tokio::spawn(async move {
        let bytes = handler.shared.parts.limits.message_bytes;
        let config = WebSocketConfig::default().max_message_size(Some(bytes)).max_frame_size(Some(bytes));
        // A client that goes away before the switch has nothing to be told.
        let Ok(upgraded) = hyper::upgrade::on(request).await else { return };
        let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
        let (sink, stream) = socket.split();
        let transport = (outgoing(sink), incoming(stream));
        if let Ok(service) = serve_server_with_ct(handler, transport, stop).await {
            let _ = service.waiting().await;
        }
    });
    response
}

fn outgoing<S>(sink: S) -> impl Sink<TxJsonRpcMessage<RoleServer>, Error = Error> + Send + Unpin + 'static
where
    S: Sink<Message, Error = Error> + Send + Unpin + 'static,
{
    Box::pin(sink.with(|message: TxJsonRpcMessage<RoleServer>| {
        let text = serde_json::to_string(&message).map(Message::text);
        ready(text.map_err(|error| Error::Io(error.into())))
    }))
}

/// Ends with the first frame that is no message of the protocol: what the client means is no longer known then.
fn incoming<S>(stream: S) -> impl Stream<Item = RxJsonRpcMessage<RoleServer>> + Send + Unpin + 'static
where
    S: Stream<Item = Result<Message, Error>> + Send + Unpin + 'static,
{
    let messages = stream.filter_map(|frame| {
        ready(match frame {
            Ok(Message::Text(text)) => Some(serde_json::from_str(&text).ok()),
            // Pings are answered below, and a close ends the stream by itself.
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_) | Message::Close(_)) => None,
            Ok(Message::Binary(_)) | Err(_) => Some(None),
        })
    });
    Box::pin(messages.take_while(|message| ready(message.is_some())).filter_map(ready))
}
