//! Agreeing on a version of the protocol, under our own deadline and on one connection.
//!
//! A new server is asked with `server/discover`, an old one with `initialize`. Who does not know `server/discover` says so, and is asked
//! the old way on the same connection. Who says nothing at all may be slow to start, or may ignore what it does not know: after a while
//! it is asked the old way as well, and the first answer counts.

use std::time::Duration;

use rmcp::RoleClient;
use rmcp::model::{
    ClientConfig, ClientJsonRpcMessage, ClientNotification, ClientRequest, ClientResult, DiscoverRequest,
    DiscoverRequestParams, ErrorData, InitializeRequest, InitializedNotification, JsonRpcMessage, RequestId,
    RequestMetaObject, ServerPeerInfo, ServerRequest, ServerResult,
};
use rmcp::transport::Transport;

use crate::ProtocolVersion;

/// The ids of the two questions. Calls are counted from 0, and never come this far.
const DISCOVER: RequestId = RequestId::Number(i32::MAX as i64 - 1);
const INITIALIZE: RequestId = RequestId::Number(i32::MAX as i64);

/// How a server is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    /// The new way, then the old way.
    Both,
    /// The new way only.
    Discover,
    /// The old way only, with this version.
    Initialize(ProtocolVersion),
}

impl Plan {
    /// For a server of which this is known.
    pub(super) fn of(version: Option<ProtocolVersion>) -> Self {
        match version {
            None => Self::Both,
            Some(version) if version.has_handshake() => Self::Initialize(version),
            Some(_) => Self::Discover,
        }
    }
}

/// The newest version with a handshake.
pub(super) const NEWEST_OLD: ProtocolVersion = ProtocolVersion::V2025_11_25;

const NEWEST: ProtocolVersion = ProtocolVersion::V2026_07_28;

/// Why there is no agreement.
#[derive(Debug)]
pub(super) enum Failed<E> {
    /// The message could not be sent.
    Send(E),
    /// The connection ended.
    Closed,
    /// The server answered with an error.
    Answer(ErrorData),
    /// The answer is none.
    Garbled(String),
    /// There is no version that both speak.
    NoVersion(Vec<String>),
    /// The server wants to be asked in this way.
    Instead(Plan),
}

/// Which versions are fine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish(pub(super) Option<ProtocolVersion>);

impl Wish {
    fn allows(self, version: ProtocolVersion) -> bool {
        self.0.is_none_or(|only| only == version)
    }

    /// The newest one that is among those offered.
    fn choose<'a>(self, offered: &(impl Iterator<Item = &'a str> + Clone)) -> Option<ProtocolVersion> {
        let fits =
            |version: &&ProtocolVersion| self.allows(**version) && offered.clone().any(|text| text == version.as_str());
        ProtocolVersion::ALL.iter().rev().find(fits).copied()
    }
}

/// What goes on in a handshake.
pub(super) struct Handshake<'t, T> {
    pub(super) transport: &'t mut T,
    pub(super) config: &'t ClientConfig,
    pub(super) wish: Wish,
    /// After so much silence a server is asked the old way as well.
    pub(super) patience: Duration,
}

impl<T: Transport<RoleClient>> Handshake<'_, T> {
    pub(super) async fn run(mut self, plan: Plan) -> Result<ServerPeerInfo, Failed<T::Error>> {
        match plan {
            Plan::Initialize(version) => {
                self.initialize(version).await?;
                self.answers(plan, true).await
            }
            Plan::Both | Plan::Discover => {
                self.discover().await?;
                self.answers(plan, false).await
            }
        }
    }

    async fn discover(&mut self) -> Result<(), Failed<T::Error>> {
        let version = to_rmcp(NEWEST);
        let info = &self.config;
        let meta = RequestMetaObject::with_client_context(version, info.client_info.clone(), info.capabilities.clone());
        let mut request = DiscoverRequest::new(DiscoverRequestParams {});
        request.extensions.insert(meta);
        self.send(ClientJsonRpcMessage::request(ClientRequest::DiscoverRequest(request), DISCOVER)).await
    }

    async fn initialize(&mut self, version: ProtocolVersion) -> Result<(), Failed<T::Error>> {
        let mut params = self.config.clone();
        params.protocol_version = to_rmcp(version);
        let request = ClientRequest::InitializeRequest(InitializeRequest::new(params));
        self.send(ClientJsonRpcMessage::request(request, INITIALIZE)).await
    }

    async fn send(&mut self, message: ClientJsonRpcMessage) -> Result<(), Failed<T::Error>> {
        self.transport.send(message).await.map_err(Failed::Send)
    }

    async fn answers(&mut self, plan: Plan, mut asked_old: bool) -> Result<ServerPeerInfo, Failed<T::Error>> {
        let mut corrected = false;
        loop {
            let silent = tokio::time::sleep(self.patience);
            let message = tokio::select! {
                message = self.transport.receive() => message.ok_or(Failed::Closed)?,
                () = silent, if plan == Plan::Both && !asked_old => {
                    asked_old = true;
                    self.initialize(self.wish.0.unwrap_or(NEWEST_OLD)).await?;
                    continue;
                }
            };
            match message {
                JsonRpcMessage::Response(response) if same(&response.id, &DISCOVER) => match response.result {
                    ServerResult::DiscoverResult(result) => {
                        let offered = || result.supported_versions.iter().map(rmcp::model::ProtocolVersion::as_str);
                        match self.wish.choose(&offered()) {
                            Some(version) if version.has_handshake() => {
                                return Err(Failed::Instead(Plan::Initialize(version)));
                            }
                            Some(version) => return Ok(ServerPeerInfo::from_discover_result(to_rmcp(version), result)),
                            None => return Err(Failed::NoVersion(offered().map(str::to_owned).collect())),
                        }
                    }
                    other if plan == Plan::Discover => return Err(Failed::Garbled(format!("{other:?}"))),
                    // A server that answers whatever it is asked.
                    _ if !asked_old => {
                        asked_old = true;
                        self.initialize(self.wish.0.unwrap_or(NEWEST_OLD)).await?;
                    }
                    _ => {}
                },
                JsonRpcMessage::Response(response) if same(&response.id, &INITIALIZE) => match response.result {
                    ServerResult::InitializeResult(result) => {
                        let text = result.protocol_version.to_string();
                        if !text.parse().is_ok_and(|version| self.wish.allows(version)) {
                            return Err(Failed::NoVersion(vec![text]));
                        }
                        let initialized =
                            ClientNotification::InitializedNotification(InitializedNotification::default());
                        self.send(ClientJsonRpcMessage::notification(initialized)).await?;
                        return Ok(result.into());
                    }
                    other => return Err(Failed::Garbled(format!("{other:?}"))),
                },
                JsonRpcMessage::Error(error) => {
                    let of_old = error.id.as_ref().map_or(asked_old, |id| same(id, &INITIALIZE));
                    let version = match offered(&error.error) {
                        None => None,
                        Some(offered) => match self.wish.choose(&offered.iter().map(String::as_str)) {
                            None => return Err(Failed::NoVersion(offered)),
                            version => version,
                        },
                    };
                    if of_old {
                        match version {
                            Some(version) if !version.has_handshake() => return Err(Failed::Instead(Plan::Discover)),
                            Some(version) if !corrected => {
                                corrected = true;
                                self.initialize(version).await?;
                            }
                            _ => return Err(Failed::Answer(error.error)),
                        }
                    } else if version.is_some_and(|version| !version.has_handshake()) && !corrected {
                        // It names the very version that it was asked with: it is taken at its word.
                        corrected = true;
                        self.discover().await?;
                    } else if plan == Plan::Discover {
                        return Err(Failed::Answer(error.error));
                    } else if !asked_old {
                        asked_old = true;
                        let version = version.filter(|version| version.has_handshake());
                        self.initialize(version.or(self.wish.0).unwrap_or(NEWEST_OLD)).await?;
                    }
                }
                JsonRpcMessage::Request(request) => {
                    if let ServerRequest::PingRequest(_) = request.request {
                        self.send(ClientJsonRpcMessage::response(ClientResult::empty(()), request.id)).await?;
                    }
                }
                other => tracing::debug!(?other, "a message before there was an agreement"),
            }
        }
    }
}

/// Some servers make a string of a number.
fn same(id: &RequestId, ours: &RequestId) -> bool {
    id == ours || id.to_string() == ours.to_string()
}

/// The versions that an error names as those that the server speaks.
fn offered(error: &ErrorData) -> Option<Vec<String>> {
    let list = error.data.as_ref()?.get("supported")?.as_array()?;
    Some(list.iter().filter_map(|version| version.as_str().map(str::to_owned)).collect())
}

pub(super) fn to_rmcp(version: ProtocolVersion) -> rmcp::model::ProtocolVersion {
    use rmcp::model::ProtocolVersion as Theirs;
    match version {
        ProtocolVersion::V2024_11_05 => Theirs::V_2024_11_05,
        ProtocolVersion::V2025_03_26 => Theirs::V_2025_03_26,
        ProtocolVersion::V2025_06_18 => Theirs::V_2025_06_18,
        ProtocolVersion::V2025_11_25 => Theirs::V_2025_11_25,
        ProtocolVersion::V2026_07_28 => Theirs::V_2026_07_28,
    }
}
