//! Servers, put together.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{InputHandler, McpServers};
use crate::config::{ConfigError, ServerConfig, ServersFile};

/// Servers, put together from code and files: see [`McpServers::builder`].
#[must_use]
pub struct Builder {
    servers: BTreeMap<String, ServerConfig>,
    input: Option<Arc<dyn InputHandler>>,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self { servers: BTreeMap::new(), input: None }
    }

    /// One more server; it takes the place of one of the same name.
    pub fn server(mut self, name: impl Into<String>, config: ServerConfig) -> Self {
        self.servers.insert(name.into(), config);
        self
    }

    /// The servers of a file.
    ///
    /// # Errors
    /// What is wrong with the file, and where.
    pub fn file(mut self, file: &ServersFile) -> Result<Self, ConfigError> {
        self.servers.extend(file.servers()?);
        Ok(self)
    }

    /// Who answers what servers ask in the middle of calls.
    pub fn input_handler(mut self, handler: impl InputHandler) -> Self {
        self.input = Some(Arc::new(handler));
        self
    }

    /// The servers. Nothing is connected before it is needed.
    pub fn build(self) -> McpServers {
        McpServers::new(self.servers, self.input)
    }
}
