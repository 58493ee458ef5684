//! All servers of a program.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use super::served::Served;
use super::{Builder, InputHandler, Server, ServerStatus};
use crate::config::{ConfigError, ServerConfig, ServersFile};
use crate::error::{McpError, McpErrorKind};

/// The servers of a program. Clones are the same thing; when the last one is dropped, all connections end and all programs are stopped.
///
/// ```
/// use flowc_mcp::{McpServers, ServerConfig};
///
/// let servers = McpServers::builder().server("weather", ServerConfig::stdio("python3").arg("weather.py")).build();
/// assert_eq!(servers.names(), ["weather"]);
/// assert_eq!(servers.server("whether").unwrap_err().to_string(), "there is no server `whether`");
/// ```
#[derive(Clone)]
pub struct McpServers(pub(super) Arc<Shared>);

pub(super) struct Shared {
    servers: RwLock<BTreeMap<String, Arc<Served>>>,
    input: Option<Arc<dyn InputHandler>>,
    #[cfg(feature = "watch")]
    pub(super) watching: std::sync::OnceLock<super::watch::Watching>,
}

impl McpServers {
    pub(super) fn new(configs: BTreeMap<String, ServerConfig>, input: Option<Arc<dyn InputHandler>>) -> Self {
        let servers = configs.into_iter().map(|(name, config)| {
            let served = Served::new(name.as_str().into(), config, input.clone());
            (name, Arc::new(served))
        });
        Self(Arc::new(Shared {
            servers: RwLock::new(servers.collect()),
            #[cfg(feature = "watch")]
            watching: std::sync::OnceLock::new(),
            input,
        }))
    }

    /// Servers from code, or from several files.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// The servers of a file, as Claude, Cursor, VS Code, Gemini and Windsurf have it. Nothing is connected before it is needed.
    ///
    /// # Errors
    /// What is wrong with the file, and where.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        Ok(Self::builder().file(&ServersFile::path(path))?.build())
    }

    /// One of them.
    ///
    /// # Errors
    /// If there is none of that name; the help of the error has those that there are.
    pub fn server(&self, name: &str) -> Result<Server, McpError> {
        self.served(name)?;
        Ok(Server { servers: self.clone(), name: name.to_owned() })
    }

    pub(super) fn served(&self, name: &str) -> Result<Arc<Served>, McpError> {
        let servers = self.0.servers.read().unwrap_or_else(PoisonError::into_inner);
        servers.get(name).cloned().ok_or_else(|| {
            let known = servers.keys().cloned().collect();
            McpError::new(&name.into(), McpErrorKind::NoServer { known })
        })
    }

    /// Their names.
    pub fn names(&self) -> Vec<String> {
        self.0.servers.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// How it stands with each of them.
    pub fn statuses(&self) -> Vec<ServerStatus> {
        let servers: Vec<_> = self.0.servers.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        servers.iter().map(|served| served.status()).collect()
    }

    /// Adds a server, unless there is one of that name.
    ///
    /// # Errors
    /// Gives the configuration back if there is one.
    #[allow(clippy::result_large_err)]
    pub fn add(&self, name: impl Into<String>, config: ServerConfig) -> Result<(), ServerConfig> {
        let name = name.into();
        let mut servers = self.0.servers.write().unwrap_or_else(PoisonError::into_inner);
        if servers.contains_key(&name) {
            return Err(config);
        }
        let served = Served::new(name.as_str().into(), config, self.0.input.clone());
        servers.insert(name, Arc::new(served));
        Ok(())
    }

    /// Puts a server in the place of the one of that name, if there is one. Calls that are under way there fail.
    pub async fn replace(&self, name: impl Into<String>, config: ServerConfig) {
        let name = name.into();
        let served = Arc::new(Served::new(name.as_str().into(), config, self.0.input.clone()));
        let old = self.0.servers.write().unwrap_or_else(PoisonError::into_inner).insert(name, served);
        if let Some(old) = old {
            old.close().await;
        }
    }

    /// Takes a server out, and waits until nothing is left of it. Whether there was one.
    pub async fn remove(&self, name: &str) -> bool {
        let old = self.0.servers.write().unwrap_or_else(PoisonError::into_inner).remove(name);
        match old {
            Some(old) => {
                old.close().await;
                true
            }
            None => false,
        }
    }

    /// Makes the servers those of a new configuration: what is not in it goes, what is new comes, and what is the same is left alone.
    pub async fn configure(&self, configs: BTreeMap<String, ServerConfig>) {
        for name in self.names() {
            if !configs.contains_key(&name) {
                self.remove(&name).await;
            }
        }
        for (name, config) in configs {
            let same = self.served(&name).is_ok_and(|served| served.config.same_as(&config));
            if !same {
                self.replace(name, config).await;
            }
        }
    }

    /// Ends all connections and programs, and waits until nothing is left. The servers stay known, but cannot be called any more.
    pub async fn close(&self) {
        let servers: Vec<_> = self.0.servers.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        let mut closing = tokio::task::JoinSet::new();
        for served in servers {
            closing.spawn(async move { served.close().await });
        }
        closing.join_all().await;
    }
}

impl fmt::Debug for McpServers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("McpServers").field(&self.names()).finish()
    }
}
