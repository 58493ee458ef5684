//! One request, from its sending to its answer.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rmcp::RoleClient;
use rmcp::model::{
    CancelledNotification, CancelledNotificationParam, ClientNotification, ClientRequest, DiscoverRequest,
    DiscoverRequestParams, GetExtensions, PingRequest, RequestId, RequestMetaObject, ServerResult,
};
use rmcp::service::{Peer, PeerRequestOptions};
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::tap::ProgressTo;
use super::{Answering, Asked, Link};
use crate::client::Progress;
use crate::error::{McpError, McpErrorKind};

/// What goes with a request.
#[derive(Default)]
pub(crate) struct With<'a> {
    pub(crate) traceparent: Option<&'a str>,
    pub(crate) progress: Option<mpsc::Sender<Progress>>,
    pub(crate) answering: Option<Answering>,
}

impl Link {
    /// Sends a request. If the future is dropped, the server is told that nobody waits any more.
    pub(super) async fn request(&self, mut request: ClientRequest, with: &With<'_>) -> Result<ServerResult, McpError> {
        let _busy = Busy::new(self);
        let mut meta = RequestMetaObject::new();
        if let Some(traceparent) = with.traceparent {
            meta.insert("traceparent".to_owned(), Value::from(traceparent));
        }
        // New servers are told with each request what they may ask.
        if let Some(own) = with.answering.as_ref().filter(|answering| answering.own && !self.version.has_handshake()) {
            let asked = Asked { input: Some(Arc::clone(&own.input)), ..self.asked.clone() };
            meta.set_client_capabilities(asked.config().capabilities);
        }
        let mut options = PeerRequestOptions::no_options();
        options.meta = (!meta.is_empty()).then_some(meta);
        if let Some(progress) = &with.progress {
            request.extensions_mut().insert(ProgressTo(progress.clone()));
        }
        if let Some(answering) = &with.answering {
            request.extensions_mut().insert(answering.clone());
        }
        let sent = self.peer.send_cancellable_request(request, options).await;
        let handle = sent.map_err(|error| self.faults.service(&error))?;
        let mut abandoned = Abandoned { peer: &self.peer, id: Some(handle.id.clone()) };
        let result = handle.await_response().await;
        abandoned.id = None;
        result.map_err(|error| self.faults.service(&error))
    }

    pub(super) fn unexpected(&self, result: &ServerResult) -> McpError {
        let text: String = serde_json::to_string(result).unwrap_or_default().chars().take(200).collect();
        self.faults.kind(McpErrorKind::Garbled {
            reason: format!("it is not what was asked for: {}", self.faults.ending.redact(&text)),
        })
    }

    /// Asks for a sign of life.
    pub(crate) async fn ping(&self) -> Result<(), McpError> {
        let request = if self.version.has_handshake() {
            ClientRequest::PingRequest(PingRequest::default())
        } else {
            ClientRequest::DiscoverRequest(DiscoverRequest::new(DiscoverRequestParams {}))
        };
        match self.request(request, &With::default()).await {
            // An error is a sign of life, too.
            Err(error) if !matches!(error.kind(), McpErrorKind::Answer { .. } | McpErrorKind::Garbled { .. }) => {
                Err(error)
            }
            _ => Ok(()),
        }
    }
}

/// Counts a request as long as it waits for its answer.
struct Busy<'l>(&'l Link);

impl<'l> Busy<'l> {
    fn new(link: &'l Link) -> Self {
        link.in_flight.fetch_add(1, Ordering::Relaxed);
        Self(link)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How long it may take to tell a server that nobody waits any more.
pub(super) const TELL: Duration = Duration::from_secs(5);

/// Tells the server that nobody waits for an answer any more, if it is dropped before the answer is there.
struct Abandoned<'p> {
    peer: &'p Peer<RoleClient>,
    id: Option<RequestId>,
}

impl Drop for Abandoned<'_> {
    fn drop(&mut self) {
        let (Some(id), Ok(runtime)) = (self.id.take(), Handle::try_current()) else { return };
        let peer = self.peer.clone();
        let params = CancelledNotificationParam::new(Some(id), Some("nobody waits for it any more".to_owned()));
        let notification = ClientNotification::CancelledNotification(CancelledNotification::new(params));
        runtime.spawn(async move {
            let _ = tokio::time::timeout(TELL, peer.send_notification(notification)).await;
        });
    }
}
