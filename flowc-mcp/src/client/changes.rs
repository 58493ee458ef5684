//! What servers tell of changes in what they have.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::broadcast;

/// What changed at a server.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// The list of its tools.
    Tools,
    /// The list of its prompts.
    Prompts,
    /// The list of its resources.
    Resources,
    /// A resource that was subscribed to.
    Resource {
        /// Its address.
        uri: String,
    },
}

/// Takes note of changes, and tells them on.
#[derive(Debug, Clone)]
pub(crate) struct Changes(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// How often the tools changed: a list that was read before that is old.
    tools: AtomicU64,
    heard: broadcast::Sender<Change>,
}

/// Whoever listens may be so many changes behind.
const BEHIND: usize = 64;

impl Changes {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Inner { tools: AtomicU64::new(0), heard: broadcast::Sender::new(BEHIND) }))
    }

    fn tell(&self, change: Change) {
        // Nobody may be listening.
        let _ = self.0.heard.send(change);
    }

    pub(crate) fn tools(&self) {
        self.0.tools.fetch_add(1, Ordering::Relaxed);
        self.tell(Change::Tools);
    }

    pub(crate) fn prompts(&self) {
        self.tell(Change::Prompts);
    }

    pub(crate) fn resources(&self) {
        self.tell(Change::Resources);
    }

    pub(crate) fn updated(&self, uri: &str) {
        self.tell(Change::Resource { uri: uri.to_owned() });
    }

    /// How often the tools changed.
    pub(crate) fn generation(&self) -> u64 {
        self.0.tools.load(Ordering::Relaxed)
    }

    pub(crate) fn listen(&self) -> broadcast::Receiver<Change> {
        self.0.heard.subscribe()
    }
}
