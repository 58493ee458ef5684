//! A look at the messages of a connection as they pass: progress goes to the call that it belongs to, in order, and a question is told
//! whose it is.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rmcp::RoleClient;
use rmcp::model::{
    ClientJsonRpcMessage, ClientNotification, GetExtensions, GetMeta, JsonRpcMessage, ProgressToken, RequestId,
    ServerJsonRpcMessage, ServerNotification,
};
use rmcp::service::InboundStreamOrigin;
use rmcp::transport::Transport;
use tokio::sync::mpsc;

use super::Answering;
use crate::client::Progress;

/// Where the progress of a request goes. It travels inside of the request, and is not sent.
#[derive(Debug, Clone)]
pub(super) struct ProgressTo(pub(super) mpsc::Sender<Progress>);

/// A transport, with the calls in it that want to hear of progress, or whose server may ask something.
pub(super) struct Tap<T> {
    inner: T,
    calls: Arc<Mutex<Calls>>,
}

#[derive(Default)]
struct Calls {
    to: HashMap<ProgressToken, mpsc::Sender<Progress>>,
    token: HashMap<RequestId, ProgressToken>,
    answering: HashMap<RequestId, Answering>,
}

impl Calls {
    fn forget(&mut self, id: &RequestId) {
        if let Some(token) = self.token.remove(id) {
            self.to.remove(&token);
        }
        self.answering.remove(id);
    }

    /// Who answers a question that came on this stream. Where there is one stream for all, it is known only if all calls are of one run.
    fn asked_by(&self, origin: Option<&InboundStreamOrigin>) -> Option<Answering> {
        match origin {
            Some(InboundStreamOrigin::OutboundRequest(id)) => self.answering.get(id).cloned(),
            Some(InboundStreamOrigin::Unassociated) | None => {
                let mut calls = self.answering.values();
                let first = calls.next()?;
                calls.all(|other| first.same_run(other)).then(|| first.clone())
            }
        }
    }
}

impl<T> Tap<T> {
    pub(super) fn new(inner: T) -> Self {
        Self { inner, calls: Arc::default() }
    }

    fn calls<R>(&self, look: impl FnOnce(&mut Calls) -> R) -> R {
        look(&mut self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T: Transport<RoleClient>> Transport<RoleClient> for Tap<T> {
    type Error = T::Error;

    fn name() -> Cow<'static, str> {
        T::name()
    }

    fn send(&mut self, message: ClientJsonRpcMessage) -> impl Future<Output = Result<(), T::Error>> + Send + 'static {
        match &message {
            JsonRpcMessage::Request(request) => {
                if let Some(answering) = request.request.extensions().get::<Answering>() {
                    self.calls(|calls| calls.answering.insert(request.id.clone(), answering.clone()));
                }
                let to = request.request.extensions().get::<ProgressTo>();
                if let Some((ProgressTo(to), token)) = to.zip(request.request.get_meta().get_progress_token()) {
                    self.calls(|calls| {
                        calls.token.insert(request.id.clone(), token.clone());
                        calls.to.insert(token, to.clone());
                    });
                }
            }
            JsonRpcMessage::Notification(notification) => {
                if let ClientNotification::CancelledNotification(cancelled) = &notification.notification
                    && let Some(id) = &cancelled.params.request_id
                {
                    self.calls(|calls| calls.forget(id));
                }
            }
            _ => {}
        }
        self.inner.send(message)
    }

    async fn receive(&mut self) -> Option<ServerJsonRpcMessage> {
        loop {
            let mut message = self.inner.receive().await?;
            match &mut message {
                JsonRpcMessage::Notification(notification) => {
                    if let ServerNotification::ProgressNotification(progress) = &notification.notification {
                        let params = &progress.params;
                        let heard =
                            Progress { done: params.progress, total: params.total, message: params.message.clone() };
                        let to = self.calls(|calls| calls.to.get(&params.progress_token).cloned());
                        if let Some(to) = to {
                            // Whoever does not listen fast enough hears less of it, and holds nobody up.
                            let _ = to.try_send(heard);
                            continue;
                        }
                    }
                }
                JsonRpcMessage::Response(response) => self.calls(|calls| calls.forget(&response.id)),
                JsonRpcMessage::Error(error) => {
                    if let Some(id) = &error.id {
                        self.calls(|calls| calls.forget(id));
                    }
                }
                JsonRpcMessage::Request(request) => {
                    let origin = request.request.extensions().get::<InboundStreamOrigin>();
                    if let Some(answering) = self.calls(|calls| calls.asked_by(origin)) {
                        request.request.extensions_mut().insert(answering);
                    }
                }
            }
            return Some(message);
        }
    }

    async fn close(&mut self) -> Result<(), T::Error> {
        self.inner.close().await
    }
}
