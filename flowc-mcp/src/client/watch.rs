//! Following the changes of a file of servers.

use std::path::Path;
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::McpServers;
use crate::config::{ConfigError, ServersFile};

/// An editor writes a file in several steps: what comes within this time is one change.
const SETTLED: Duration = Duration::from_millis(200);

/// Watches a file until it is dropped.
pub(super) struct Watching {
    _watcher: RecommendedWatcher,
    task: AbortHandle,
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl McpServers {
    /// The servers of a file, followed: when the file changes, servers that are new are added, those that are gone are taken out, and
    /// those that changed are replaced. Calls of the others are not disturbed. A file that cannot be read is logged, and nothing changes.
    ///
    /// Call it in a tokio runtime.
    ///
    /// # Errors
    /// What is wrong with the file, and where; or if it cannot be watched.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), flowc_mcp::ConfigError> {
    /// use flowc_mcp::{McpServers, ServersFile};
    ///
    /// let servers = McpServers::watch(ServersFile::path("mcp.json"))?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn watch(file: ServersFile) -> Result<Self, ConfigError> {
        let servers = Self::builder().file(&file)?.build();
        let Some(path) = file.watched().map(std::path::absolute).transpose().map_err(|error| unwatched(&error))? else {
            return Ok(servers);
        };
        let (tell, mut told) = mpsc::channel(1);
        let name = path.file_name().map(std::ffi::OsStr::to_owned);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let ours = event.is_ok_and(|event| event.paths.iter().any(|path| path.file_name() == name.as_deref()));
            if ours {
                // One is enough: the file is read as it is then.
                let _ = tell.try_send(());
            }
        })
        .map_err(|error| unwatched(&error))?;
        // An editor may put a new file in the place of the old one, so it is the folder that is watched.
        let folder = path.parent().unwrap_or(Path::new("."));
        watcher.watch(folder, RecursiveMode::NonRecursive).map_err(|error| unwatched(&error))?;

        let weak = std::sync::Arc::downgrade(&servers.0);
        let task = tokio::spawn(async move {
            while told.recv().await.is_some() {
                tokio::time::sleep(SETTLED).await;
                while told.try_recv().is_ok() {}
                let Some(shared) = weak.upgrade() else { return };
                match file.servers() {
                    Ok(configs) => McpServers(shared).configure(configs).await,
                    Err(error) => tracing::warn!(%error, "the file of servers is left as it was"),
                }
            }
        });
        let _ = servers.0.watching.set(Watching { _watcher: watcher, task: task.abort_handle() });
        Ok(servers)
    }
}

fn unwatched(error: &dyn std::fmt::Display) -> ConfigError {
    ConfigError::new(format!("the file of servers cannot be watched: {error}"))
}
