//! Where tokens are kept between two runs of a program.

mod lock;

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use flowc::{AnyError, Secret};
use ring::digest::{SHA256, digest};

use crate::credentials::BoxFuture;

pub use lock::StoreLock;

/// Where tokens are kept between two runs of a program.
///
/// What is kept is one text for each server, which this trait need not understand. [`FileStore`] and [`MemoryStore`] are there; a
/// keychain or a vault can be put in their place.
///
/// ```
/// use flowc::{AnyError, Secret};
/// use flowc_mcp::BoxFuture;
/// use flowc_mcp::auth::{MemoryStore, TokenStore};
///
/// /// Keeps nothing of servers that are only tried out.
/// #[derive(Debug)]
/// struct NotOfStaging(MemoryStore);
///
/// impl TokenStore for NotOfStaging {
///     fn load<'a>(&'a self, server: &'a str) -> BoxFuture<'a, Result<Option<Secret<String>>, AnyError>> {
///         self.0.load(server)
///     }
///     fn save<'a>(&'a self, server: &'a str, text: &'a Secret<String>) -> BoxFuture<'a, Result<(), AnyError>> {
///         if server.contains("staging") { Box::pin(async { Ok(()) }) } else { self.0.save(server, text) }
///     }
///     fn remove<'a>(&'a self, server: &'a str) -> BoxFuture<'a, Result<(), AnyError>> {
///         self.0.remove(server)
///     }
/// }
/// ```
pub trait TokenStore: fmt::Debug + Send + Sync + 'static {
    /// What was saved for a server.
    fn load<'a>(&'a self, server: &'a str) -> BoxFuture<'a, Result<Option<Secret<String>>, AnyError>>;

    /// Saves what replaces all that was saved for this server.
    fn save<'a>(&'a self, server: &'a str, text: &'a Secret<String>) -> BoxFuture<'a, Result<(), AnyError>>;

    /// Forgets a server.
    fn remove<'a>(&'a self, server: &'a str) -> BoxFuture<'a, Result<(), AnyError>>;

    /// Waits until no other program that shares the store is getting a token for a server, and keeps them from it: a token that renews
    /// another is good for one use. If this is not written nobody is kept out, as is right for a store of one program alone.
    fn lock<'a>(&'a self, server: &'a str) -> BoxFuture<'a, Result<StoreLock, AnyError>> {
        let _ = server;
        Box::pin(async { Ok(StoreLock::none()) })
    }
}

/// Keeps tokens until the program ends.
#[derive(Default)]
pub struct MemoryStore(Mutex<HashMap<String, Secret<String>>>);

impl MemoryStore {
    /// One with nothing in it.
    ///
    /// ```
    /// let store = flowc_mcp::auth::MemoryStore::new();
    /// # let _ = store;
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn with<T>(&self, change: impl FnOnce(&mut HashMap<String, Secret<String>>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("servers", &self.with(|kept| kept.len())).finish()
    }
}

impl TokenStore for MemoryStore {
    fn load<'a>(&'a self, server: &'a str) -> BoxFuture<'a, Result<Option<Secret<String>>, AnyError>> {
        Box::pin(async move { Ok(self.with(|kept| kept.get(server).cloned())) })
    }

    fn save<'a>(&'a self, server: &'a str, text: &'a Secret<String>) -> BoxFuture<'a, Result<(), AnyError>> {
        Box::pin(async move {
            self.with(|kept| kept.insert(server.to_owned(), text.clone()));
            Ok(())
        })
    }

    fn remove<'a>(&'a self, server: &'a str) -> BoxFuture<'a, Result<(), AnyError>> {
        Box::pin(async move {
            self.with(|kept| kept.remove(server));
            Ok(())
        })
    }
}

/// Keeps tokens in a folder, one file for each server, which only its owner can read.
///
/// A file is written beside its place and then put there, so that nobody sees half of it, and programs that share the folder do not
/// undo each other's work. One of them at a time gets a token for a server, and the others wait and take it. On Unix a file or a folder that others could read or change is refused with an error, and not used: its
/// tokens may be somebody else's by now. Elsewhere the rights of the folder decide, which in the home of a user are those of that
/// user alone.
///
/// ```
/// use flowc_mcp::auth::FileStore;
///
/// let store = FileStore::at("/var/lib/desk/tokens");
/// # let _ = store;
/// ```
#[derive(Debug, Clone)]
pub struct FileStore {
    folder: PathBuf,
}

/// No file of ours is longer.
const LARGEST: u64 = 256 << 10;

impl FileStore {
    /// One in a folder, which is made when it is needed.
    #[must_use]
    pub fn at(folder: impl AsRef<Path>) -> Self {
        Self { folder: folder.as_ref().to_owned() }
    }

    /// A name that people can tell, and that no two servers share.
    fn file(&self, server: &str) -> PathBuf {
        let host = server.split("://").last().unwrap_or(server).split(['/', '?']).next().unwrap_or_default();
        let host: String =
            host.chars().take(60).map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
        let sum = digest(&SHA256, server.as_bytes());
        let sum = sum.as_ref().iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        self.folder.join(format!("{}-{sum:016x}.json", host.trim_start_matches('.')))
    }

    fn read(&self, server: &str) -> io::Result<Option<Secret<String>>> {
        let path = self.file(server);
        let file = match fs::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        private(&self.folder, &fs::metadata(&self.folder)?, 0o022)?;
        // The file that is open is looked at, not the one that may have its name by now.
        let found = file.metadata()?;
        if !found.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("`{}` is no file", path.display())));
        }
        private(&path, &found, 0o077)?;
        let mut text = String::new();
        file.take(LARGEST).read_to_string(&mut text)?;
        Ok(Some(Secret::new(text)))
    }

    fn write(&self, server: &str, text: &Secret<String>) -> io::Result<()> {
        self.make_folder()?;
        let path = self.file(server);
        let number = super::random::token().map_err(io::Error::other)?;
        let beside = path.with_extension(number.expose());
        let written = create(&beside).and_then(|mut file| {
            file.write_all(text.expose().as_bytes())?;
            file.sync_all()
        });
        let placed = written.and_then(|()| fs::rename(&beside, &path));
        if placed.is_err() {
            // What is half written must not stay; that it cannot be removed would hide why it is half written.
            let _ = fs::remove_file(&beside);
        }
        placed
    }

    fn make_folder(&self) -> io::Result<()> {
        let mut folder = fs::DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(&self.folder)?;
        private(&self.folder, &fs::metadata(&self.folder)?, 0o022)
    }

    fn delete(&self, server: &str) -> io::Result<()> {
        match fs::remove_file(self.file(server)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Does something with the disk where it holds up nobody.
    fn off<T: Send + 'static>(
        &self,
        what: impl FnOnce(&Self) -> io::Result<T> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, AnyError>> {
        let store = self.clone();
        Box::pin(async move {
            let done = tokio::task::spawn_blocking(move || what(&store)).await;
            done.map_err(AnyError::new)?.map_err(AnyError::new)
        })
    }
}

impl TokenStore for FileStore {
    fn load<'a>(&'a self, server: &'a str) -> BoxFuture<'a, Result<Option<Secret<String>>, AnyError>> {
        let server = server.to_owned();
        self.off(move |store| store.read(&server))
    }

    fn save<'a>(&'a self, server: &'a str, text: &'a Secret<String>) -> BoxFuture<'a, Result<(), AnyError>> {
        let (server, text) = (server.to_owned(), text.clone());
        self.off(move |store| store.write(&server, &text))
    }

    fn remove<'a>(&'a self, server: &'a str) -> BoxFuture<'a, Result<(), AnyError>> {
        let server = server.to_owned();
        self.off(move |store| store.delete(&server))
    }

    fn lock<'a>(&'a self, server: &'a str) -> BoxFuture<'a, Result<StoreLock, AnyError>> {
        Box::pin(self.clone().turn(server.to_owned()))
    }
}

/// A new file that only its owner can read.
fn create(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Nobody else has any of these rights.
#[cfg(unix)]
fn private(path: &Path, found: &fs::Metadata, rights: u32) -> io::Result<()> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&found.permissions());
    if mode & rights == 0 {
        return Ok(());
    }
    let what = if rights & 0o044 == 0 { "change" } else { "read" };
    let problem = format!("others can {what} `{}` (its rights are {:o})", path.display(), mode & 0o777);
    Err(io::Error::new(io::ErrorKind::PermissionDenied, problem))
}

#[cfg(not(unix))]
fn private(_: &Path, _: &fs::Metadata, _: u32) -> io::Result<()> {
    Ok(())
}
