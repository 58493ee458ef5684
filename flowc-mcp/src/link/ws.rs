//! A server that is spoken to over WebSocket: one message in each text frame.

use std::sync::Arc;
use std::time::Duration;

use flowc::{AnyError, Secret};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use http::HeaderValue;
use rmcp::RoleClient;
use rmcp::model::{ClientJsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::Transport;
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::eager::eagerly;
use super::ending::Ending;
use super::frames::{Frames, Wrong};
use crate::config::Address;
use crate::credentials::Challenge;

/// So often a connection is asked for again with other credentials: a new token, and one with more scopes.
const CHALLENGES: usize = 3;

/// How long it may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// Why there is no connection.
pub(super) enum Unopened {
    Broken(Error),
    /// There is nothing to say who asks.
    Credentials(AnyError),
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub(super) struct Ws {
    sink: Arc<Mutex<SplitSink<Socket, Message>>>,
    stream: SplitStream<Socket>,
    frames: Frames,
    heard: Instant,
    asked: bool,
    /// After so much silence the other side is asked whether it is there, and after as much again it is not.
    silence: Duration,
    server: Arc<str>,
    ending: Ending,
}

impl Ws {
    pub(super) async fn open(
        address: &Address,
        limit: usize,
        silence: Duration,
        server: &Arc<str>,
        ending: &Ending,
    ) -> Result<Self, Unopened> {
        let mut challenges = 0;
        let socket = loop {
            let sent = match &address.credentials {
                Some(credentials) => credentials.authorization().await.map_err(Unopened::Credentials)?,
                None => None,
            };
            match (Self::connect(address, limit, sent.as_ref()).await, &address.credentials) {
                (Err(Error::Http(refused)), Some(credentials))
                    if matches!(refused.status().as_u16(), 401 | 403) && challenges < CHALLENGES =>
                {
                    let asked = refused.headers().get(http::header::WWW_AUTHENTICATE);
                    let asked = asked.and_then(|asked| asked.to_str().ok()).map(str::to_owned);
                    let challenge = Challenge::new(refused.status().as_u16(), asked, &address.over_http(), sent);
                    if !credentials.refused(&challenge).await.map_err(Unopened::Credentials)? {
                        return Err(Unopened::Broken(Error::Http(refused)));
                    }
                    challenges += 1;
                }
                (connected, _) => break connected.map_err(Unopened::Broken)?,
            }
        };
        let (sink, stream) = socket.split();
        Ok(Self {
            sink: Arc::new(Mutex::new(sink)),
            stream,
            frames: Frames::new(limit),
            heard: Instant::now(),
            asked: false,
            silence,
            server: Arc::clone(server),
            ending: ending.clone(),
        })
    }

    /// Connects once.
    async fn connect(address: &Address, limit: usize, authorization: Option<&Secret<String>>) -> Result<Socket, Error> {
        let mut request = address.url.as_str().into_client_request()?;
        let mut header = |name: &str, value: &str| -> Result<(), Error> {
            let name = http::HeaderName::try_from(name).map_err(http::Error::from)?;
            let mut value = HeaderValue::try_from(value).map_err(http::Error::from)?;
            value.set_sensitive(true);
            request.headers_mut().insert(name, value);
            Ok(())
        };
        if !address.subprotocol.is_empty() {
            header("sec-websocket-protocol", &address.subprotocol)?;
        }
        for (name, value) in &address.headers {
            header(name, value.expose())?;
        }
        if let Some(authorization) = authorization {
            header("authorization", authorization.expose())?;
        }
        let uri = request.uri();
        let default = if uri.scheme_str() == Some("wss") { 443 } else { 80 };
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let stream = TcpStream::connect((host, uri.port_u16().unwrap_or(default))).await?;
        stream.set_nodelay(true)?;
        let limits = WebSocketConfig::default().max_message_size(Some(limit)).max_frame_size(Some(limit));
        let (socket, _) = Self::handshake(request, stream, limits, address).await?;
        Ok(socket)
    }

    #[cfg(feature = "tls")]
    async fn handshake(
        request: http::Request<()>,
        stream: TcpStream,
        limits: WebSocketConfig,
        address: &Address,
    ) -> Result<(Socket, http::Response<Option<Vec<u8>>>), Error> {
        let config = super::tls::config(address.ca.as_deref())?;
        let connector = tokio_tungstenite::Connector::Rustls(config);
        tokio_tungstenite::client_async_tls_with_config(request, stream, Some(limits), Some(connector)).await
    }

    #[cfg(not(feature = "tls"))]
    async fn handshake(
        request: http::Request<()>,
        stream: TcpStream,
        limits: WebSocketConfig,
        _: &Address,
    ) -> Result<(Socket, http::Response<Option<Vec<u8>>>), Error> {
        if request.uri().scheme_str() == Some("wss") {
            return Err(Error::Io(std::io::Error::new(std::io::ErrorKind::Unsupported, super::NO_TLS)));
        }
        tokio_tungstenite::client_async_with_config(request, MaybeTlsStream::Plain(stream), Some(limits)).await
    }

    /// When something has to happen, even if nothing comes.
    fn wake(&self) -> Instant {
        self.heard + if self.asked { 2 * self.silence } else { self.silence }
    }
}

impl Transport<RoleClient> for Ws {
    type Error = Error;

    fn send(&mut self, message: ClientJsonRpcMessage) -> impl Future<Output = Result<(), Error>> + Send + 'static {
        let sink = Arc::clone(&self.sink);
        eagerly(async move {
            let text = serde_json::to_string(&message).map_err(|error| Error::Io(error.into()))?;
            sink.lock().await.send(Message::Text(text.into())).await
        })
    }

    async fn receive(&mut self) -> Option<ServerJsonRpcMessage> {
        loop {
            if let Some(message) = self.frames.next() {
                return Some(message);
            }
            let wake = self.wake();
            let came = tokio::select! {
                came = self.stream.next() => came,
                () = tokio::time::sleep_until(wake) => {
                    if self.asked {
                        self.ending.because("the other side of the WebSocket is silent");
                        return None;
                    }
                    self.asked = true;
                    // Whoever writes at this moment finds out by himself whether the other side is there.
                    if let Ok(mut sink) = self.sink.try_lock() {
                        let _ = tokio::time::timeout(GOODBYE, sink.send(Message::Ping(bytes::Bytes::new()))).await;
                    }
                    continue;
                }
            };
            (self.heard, self.asked) = (Instant::now(), false);
            let (server, ending) = (&self.server, &self.ending);
            let mut noise = |wrong| match wrong {
                Wrong::Noise(text) => {
                    tracing::warn!(server = &**server, "not a message, so it is ignored: {}", ending.redact(&text));
                }
                Wrong::TooLong => tracing::warn!(server = &**server, "a message that is too long is ignored"),
            };
            match came {
                Some(Ok(Message::Text(text))) => self.frames.message(text.as_bytes(), &mut noise),
                Some(Ok(Message::Binary(bytes))) => self.frames.message(&bytes, &mut noise),
                Some(Ok(Message::Close(frame))) => {
                    let reason = frame.map(|frame| format!(": {} {}", frame.code, frame.reason)).unwrap_or_default();
                    ending.because(format!("the server closed the WebSocket{reason}"));
                    return None;
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    ending.because(format!("the WebSocket broke: {error}"));
                    return None;
                }
                None => {
                    ending.because("the WebSocket ended");
                    return None;
                }
            }
        }
    }

    async fn close(&mut self) -> Result<(), Error> {
        let Ok(mut sink) = self.sink.try_lock() else { return Ok(()) };
        let _ = tokio::time::timeout(GOODBYE, sink.close()).await;
        Ok(())
    }
}
