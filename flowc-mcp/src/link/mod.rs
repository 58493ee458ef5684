//! One connection to a server, over rmcp: the only part of the client that names its types.

#[cfg(feature = "http")]
mod body;
mod calls;
mod convert;
#[cfg(any(feature = "stdio", feature = "ws"))]
mod eager;
mod ending;
mod fault;
mod frames;
mod handler;
mod handshake;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "stdio")]
mod process;
mod request;
mod rounds;
#[cfg(feature = "stdio")]
mod stdio;
mod tap;
#[cfg(all(feature = "tls", any(feature = "http", feature = "ws")))]
mod tls;
#[cfg(feature = "ws")]
mod ws;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rmcp::RoleClient;
use rmcp::model::{ServerCapabilities, SubscriptionFilter};
use rmcp::service::{Peer, RunningService, serve_directly};
use rmcp::transport::Transport;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

pub(crate) use handler::{Answering, Asked};
pub(crate) use request::With;

use self::ending::Ending;
use self::fault::Faults;
use self::handshake::{Failed, Handshake, NEWEST_OLD, Plan, Wish};
use self::tap::Tap;
use crate::config::{ServerConfig, Way};
use crate::error::{McpError, McpErrorKind};
use crate::{ProtocolVersion, client::ServerInfo};

/// What the frames make of these bytes.
#[cfg(fuzzing)]
pub fn read_frames<'b>(limit: usize, pieces: impl IntoIterator<Item = &'b [u8]>) -> (Vec<String>, Vec<String>) {
    frames::read(limit, pieces)
}

#[cfg(all(feature = "tls", feature = "auth"))]
pub(crate) use tls::config as tls_config;

#[cfg(not(feature = "tls"))]
pub(crate) const NO_TLS: &str = "build flowc-mcp with the feature `tls` for encrypted connections";

/// After so much silence a new server is asked in the old way as well.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a connection may take to say goodbye before it is cut.
const GOODBYE: Duration = Duration::from_secs(8);

/// A connection on which a version is agreed.
pub(crate) struct Link {
    peer: Peer<RoleClient>,
    service: Mutex<Option<RunningService<RoleClient, Asked>>>,
    asked: Asked,
    faults: Faults,
    version: ProtocolVersion,
    info: ServerInfo,
    capabilities: ServerCapabilities,
    in_flight: AtomicUsize,
    /// Whether somebody is finding out if it is still alive.
    probed: AtomicBool,
    /// Whether the list of tools was read over it.
    listed: AtomicBool,
    /// The resources that a new server tells of.
    watched: std::sync::Mutex<HashMap<String, Listening>>,
    _listening: Option<Listening>,
}

/// A task that hears what a server tells, until it is dropped.
struct Listening(JoinHandle<()>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Link {
    /// Opens a connection. `known` is the version that was agreed on the last time.
    pub(crate) async fn open(
        config: &ServerConfig,
        known: Option<ProtocolVersion>,
        asked: &Asked,
    ) -> Result<Self, McpError> {
        let limit = config.settings.connect_timeout;
        let opened = tokio::time::timeout(limit, Self::agree(config, known, asked)).await;
        opened.unwrap_or_else(|_| {
            let reason = format!("there was no agreement on a version within {limit:?}");
            Err(McpError::connect(&asked.server, std::io::Error::new(std::io::ErrorKind::TimedOut, reason)))
        })
    }

    /// Tries one way after the other.
    async fn agree(config: &ServerConfig, known: Option<ProtocolVersion>, asked: &Asked) -> Result<Self, McpError> {
        let mut plan = Plan::of(config.settings.protocol.or(known));
        let mut again = 2;
        loop {
            let error = match Self::attempt(config, plan, asked).await {
                Ok(link) => return Ok(link),
                Err(error) => error,
            };
            let next = match error {
                Attempt::Instead(ref next) => Some(*next),
                // A server that dies of a question that it does not know, or says nothing at all over HTTP.
                Attempt::Lost(_) if plan == Plan::Both => Some(Plan::Initialize(NEWEST_OLD)),
                // Some old servers break over what they do not know.
                Attempt::Failed(ref error)
                    if plan == Plan::Both && matches!(error.kind(), McpErrorKind::Status { .. }) =>
                {
                    Some(Plan::Initialize(NEWEST_OLD))
                }
                // It may have been updated since it was asked the last time.
                Attempt::Failed(_) if known.is_some() && plan != Plan::Both && config.settings.protocol.is_none() => {
                    Some(Plan::Both)
                }
                Attempt::Lost(_) | Attempt::Failed(_) => None,
            };
            match next.filter(|next| *next != plan && again > 0) {
                Some(next) => (plan, again) = (next, again - 1),
                None => return Err(error.into_error(asked)),
            }
        }
    }

    async fn attempt(config: &ServerConfig, plan: Plan, asked: &Asked) -> Result<Self, Attempt> {
        let ending = Ending::new(&config.secrets);
        let limit = config.settings.max_message;
        let faults = Faults { server: Arc::clone(&asked.server), ending: ending.clone(), limit };
        match &config.way {
            #[cfg(feature = "stdio")]
            Way::Stdio(program) => {
                let started = stdio::Stdio::start(program, limit, &asked.server, &ending);
                let transport = started.map_err(|error| Attempt::Failed(McpError::connect(&asked.server, error)))?;
                Self::shake(transport, config, plan, asked, faults, PATIENCE).await
            }
            #[cfg(feature = "http")]
            Way::Http(address) => {
                let transport = http::Http::transport(address, limit, &ending);
                let transport =
                    transport.map_err(|error| Attempt::Failed(faults.sending(&rmcp_client_error(error))))?;
                let shaken = Self::shake(transport, config, plan, asked, faults.clone(), GOODBYE * 1000);
                // Who may have to sign in first takes longer than that.
                if plan == Plan::Both && address.credentials.is_none() {
                    // One question at a time: it has to be given up to ask another.
                    tokio::time::timeout(PATIENCE, shaken).await.unwrap_or_else(|_| Err(Attempt::Lost(faults.closed())))
                } else {
                    shaken.await
                }
            }
            #[cfg(feature = "ws")]
            Way::Ws(address) => {
                let silence = 2 * config.settings.ping_timeout;
                let opened = ws::Ws::open(address, limit, silence, &asked.server, &ending).await;
                let transport = opened.map_err(|error| Attempt::Failed(ws_error(&asked.server, error)))?;
                Self::shake(transport, config, plan, asked, faults, PATIENCE).await
            }
            #[cfg(not(all(feature = "stdio", feature = "http", feature = "ws")))]
            #[allow(unreachable_patterns)]
            _ => {
                let problem = format!("build flowc-mcp with the feature `{}`", config.transport());
                let error = std::io::Error::new(std::io::ErrorKind::Unsupported, problem);
                Err(Attempt::Failed(McpError::connect(&asked.server, error)))
            }
        }
    }

    async fn shake<T: Transport<RoleClient> + 'static>(
        mut transport: T,
        config: &ServerConfig,
        plan: Plan,
        asked: &Asked,
        faults: Faults,
        patience: Duration,
    ) -> Result<Self, Attempt> {
        let client = asked.config();
        let wish = Wish(config.settings.protocol);
        let agreed = Handshake { transport: &mut transport, config: &client, wish, patience }.run(plan).await;
        let info = match agreed {
            Ok(info) => info,
            Err(failed) => {
                let error = faults.handshake(&failed);
                let _ = tokio::time::timeout(GOODBYE, transport.close()).await;
                return Err(match failed {
                    Failed::Instead(plan) => Attempt::Instead(plan),
                    Failed::Closed => Attempt::Lost(error),
                    _ => Attempt::Failed(error),
                });
            }
        };
        let version = info.protocol_version.as_str().parse();
        let version: ProtocolVersion =
            version.map_err(|_| Attempt::Failed(faults.kind(McpErrorKind::NoVersion { offered: Vec::new() })))?;
        let (shown, capabilities) = (convert::info(&info), info.capabilities.clone());
        let service = serve_directly(asked.clone(), Tap::new(transport), Some(info));
        let peer = service.peer().clone();
        let listening = listening(&peer, version, &capabilities, asked);
        tracing::debug!(server = &*asked.server, %version, "connected");
        Ok(Self {
            peer,
            service: Mutex::new(Some(service)),
            asked: asked.clone(),
            faults,
            version,
            info: shown,
            capabilities,
            in_flight: AtomicUsize::new(0),
            probed: AtomicBool::new(false),
            listed: AtomicBool::new(false),
            watched: std::sync::Mutex::default(),
            _listening: listening,
        })
    }

    /// Whether it is of no use any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.peer.is_transport_closed()
    }

    /// The version that was agreed on.
    pub(crate) fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// What the server says of itself.
    pub(crate) fn info(&self) -> &ServerInfo {
        &self.info
    }

    /// How many requests wait for their answers.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// Says goodbye, and waits until nothing is left.
    pub(crate) async fn close(&self) {
        self.faults.ending.because("it was closed from this side");
        if let Some(mut service) = self.service.lock().await.take() {
            let _ = service.close_with_timeout(GOODBYE).await;
        }
    }

    /// Cuts it: whoever waits is told.
    pub(crate) fn cut(&self, reason: &str) {
        self.faults.ending.because(reason);
        if let Ok(mut service) = self.service.try_lock() {
            drop(service.take());
        }
    }

    /// Finds out whether the server is alive, if nobody else does so. A server that is not is cut off.
    pub(crate) fn probe(self: &Arc<Self>, limit: Duration) {
        if self.is_closed() || self.probed.swap(true, Ordering::Relaxed) {
            return;
        }
        let link = Arc::clone(self);
        tokio::spawn(async move {
            if tokio::time::timeout(limit, link.ping()).await.is_err() {
                link.cut(&format!("it did not answer a ping within {limit:?}"));
            }
            link.probed.store(false, Ordering::Relaxed);
        });
    }
}

/// Why an attempt to connect came to nothing.
enum Attempt {
    /// The server wants to be asked differently.
    Instead(Plan),
    /// The connection ended before there was an answer.
    Lost(McpError),
    Failed(McpError),
}

impl Attempt {
    fn into_error(self, asked: &Asked) -> McpError {
        match self {
            Self::Instead(_) => McpError::new(&asked.server, McpErrorKind::NoVersion { offered: Vec::new() }),
            Self::Lost(error) | Self::Failed(error) => error,
        }
    }
}

/// New servers tell of changes only those who asked for it.
fn listening(
    peer: &Peer<RoleClient>,
    version: ProtocolVersion,
    capabilities: &ServerCapabilities,
    asked: &Asked,
) -> Option<Listening> {
    if version.has_handshake() {
        return None;
    }
    let yes = |changes: Option<bool>| changes.filter(|changes| *changes);
    let mut filter = SubscriptionFilter::new();
    filter.tools_list_changed = yes(capabilities.tools.as_ref().and_then(|tools| tools.list_changed));
    filter.prompts_list_changed = yes(capabilities.prompts.as_ref().and_then(|prompts| prompts.list_changed));
    filter.resources_list_changed = yes(capabilities.resources.as_ref().and_then(|resources| resources.list_changed));
    if filter == SubscriptionFilter::new() {
        return None;
    }
    let (peer, asked) = (peer.clone(), asked.clone());
    Some(Listening(tokio::spawn(async move {
        let mut wait = Duration::from_millis(250);
        while !peer.is_transport_closed() {
            if let Ok(mut subscription) = peer.listen(filter.clone()).await {
                // What was missed in between is found out by asking anew.
                asked.changes.tools();
                while let Ok(Some(notification)) = subscription.next().await {
                    wait = Duration::from_millis(250);
                    asked.heard(&notification);
                }
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(Duration::from_secs(30));
        }
    })))
}

#[cfg(feature = "http")]
fn rmcp_client_error(
    fault: http::HttpFault,
) -> rmcp::transport::streamable_http_client::StreamableHttpError<http::HttpFault> {
    rmcp::transport::streamable_http_client::StreamableHttpError::Client(fault)
}

/// A WebSocket could not be opened.
#[cfg(feature = "ws")]
fn ws_error(server: &Arc<str>, error: ws::Unopened) -> McpError {
    use tokio_tungstenite::tungstenite::Error as Ws;
    let error = match error {
        ws::Unopened::Broken(error) => error,
        ws::Unopened::Credentials(source) => {
            return McpError::new(server, McpErrorKind::Credentials { source: fault::credentials(&source) });
        }
    };
    match error {
        Ws::Http(response) => {
            let status = response.status().as_u16();
            let kind = match status {
                401 | 403 => {
                    let challenge = response.headers().get("www-authenticate");
                    let challenge = challenge.and_then(|challenge| challenge.to_str().ok()).map(str::to_owned);
                    McpErrorKind::Unauthorized { status, challenge }
                }
                _ => McpErrorKind::Status { status, retry_after: None, said: String::new() },
            };
            McpError::new(server, kind)
        }
        Ws::Io(error) => McpError::connect(server, error),
        error => McpError::connect(server, error),
    }
}
