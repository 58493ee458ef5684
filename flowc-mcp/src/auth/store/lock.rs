//! One program at a time gets a token for a server: a token that renews another is good for one use.

use std::any::Any;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use flowc::AnyError;

use super::{FileStore, private};

/// How often it is tried to be the one.
const PAUSE: Duration = Duration::from_millis(50);

/// Longer than somebody may take to sign in. Whoever holds the others up for so long does not get a token any more.
const LIMIT: Duration = Duration::from_secs(360);

/// What [`TokenStore::lock`](super::TokenStore::lock) gives: until it is dropped, no other program gets a token for the server.
pub struct StoreLock(#[allow(dead_code, reason = "it is there to be dropped")] Option<Box<dyn Any + Send>>);

impl StoreLock {
    /// Nobody is kept out.
    ///
    /// ```
    /// let lock = flowc_mcp::auth::StoreLock::none();
    /// # drop(lock);
    /// ```
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// Others are kept out until this is dropped.
    ///
    /// ```
    /// /// Gives the lease of a vault back.
    /// struct Lease;
    ///
    /// impl Drop for Lease {
    ///     fn drop(&mut self) {}
    /// }
    ///
    /// let lock = flowc_mcp::auth::StoreLock::held_by(Lease);
    /// # drop(lock);
    /// ```
    #[must_use]
    pub fn held_by(guard: impl Send + 'static) -> Self {
        Self(Some(Box::new(guard)))
    }
}

impl std::fmt::Debug for StoreLock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("StoreLock").field(&self.0.is_some()).finish()
    }
}

/// A file that is locked. The lock ends with the program, too, however that ends.
struct Held {
    path: PathBuf,
    _file: fs::File,
}

impl Drop for Held {
    fn drop(&mut self) {
        // Before the lock is let go, so that it is ours; whoever has opened it already sees that it has gone.
        let _ = fs::remove_file(&self.path);
    }
}

impl FileStore {
    /// Waits until it is our turn. Waiting ends when the future is dropped.
    pub(super) async fn turn(self, server: String) -> Result<StoreLock, AnyError> {
        let started = tokio::time::Instant::now();
        loop {
            let tried = self.off({
                let server = server.clone();
                move |store| store.try_lock(&server)
            });
            if let Some(held) = tried.await? {
                return Ok(StoreLock::held_by(held));
            }
            if started.elapsed() > LIMIT {
                tracing::warn!(
                    server,
                    "another program has been getting a token for {LIMIT:?}; it is not waited for any longer"
                );
                return Ok(StoreLock::none());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn try_lock(&self, server: &str) -> io::Result<Option<Held>> {
        self.make_folder()?;
        let path = self.file(server).with_extension("lock");
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        private(&path, &file.metadata()?, 0o022)?;
        match fs4::FileExt::try_lock(&file) {
            Ok(()) if is_at(&file, &path)? => Ok(Some(Held { path, _file: file })),
            // It was removed by whoever had it before.
            Ok(()) | Err(fs4::TryLockError::WouldBlock) => Ok(None),
            Err(fs4::TryLockError::Error(error)) => Err(error),
        }
    }
}

/// Whether the file that is open is the one that has its name.
#[cfg(unix)]
fn is_at(file: &fs::File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let ours = file.metadata()?;
    match fs::metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (ours.dev(), ours.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn is_at(_: &fs::File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}
