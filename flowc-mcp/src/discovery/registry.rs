//! A registry of MCP servers.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::Value;

use super::error::{DiscoveryError, DiscoveryErrorKind, answer};
use super::listing::{Listing, Said};
use super::{Endpoint, Guard, Reader};

/// What stands in one part of a path or a query as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// No search needs more.
const MOST: usize = 1000;

const JSON: &str = "application/json";

/// A registry of MCP servers: the official one, or one with the same API (`v0.1`).
///
/// ```no_run
/// use flowc_mcp::discovery::Registry;
///
/// # async fn find() -> Result<(), Box<dyn std::error::Error>> {
/// for server in Registry::official().find("weather").await? {
///     println!("{} {}: {}", server.name(), server.version(), server.description());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Registry {
    url: String,
    ca: Option<PathBuf>,
}

/// Which servers of a registry are listed.
///
/// ```
/// use flowc_mcp::discovery::Query;
///
/// let query = Query::new().search("weather").limit(50);
/// # let _ = query;
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a query does nothing until a registry is asked"]
pub struct Query {
    search: Option<String>,
    version: Option<String>,
    updated_since: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

impl Query {
    /// All of them, in all of their versions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Those with this text in their names.
    pub fn search(self, text: impl Into<String>) -> Self {
        Self { search: Some(text.into()), ..self }
    }

    /// The newest version of each.
    pub fn latest(self) -> Self {
        Self { version: Some("latest".to_owned()), ..self }
    }

    /// Those that changed since a moment, as in `2026-08-07T13:15:04Z`.
    pub fn updated_since(self, moment: impl Into<String>) -> Self {
        Self { updated_since: Some(moment.into()), ..self }
    }

    /// So many on a page; the registry may give fewer.
    pub fn limit(self, most: usize) -> Self {
        Self { limit: Some(most), ..self }
    }

    /// Those behind a [page](Page::next).
    pub fn after(self, cursor: impl Into<String>) -> Self {
        Self { cursor: Some(cursor.into()), ..self }
    }

    fn text(&self) -> String {
        let limit = self.limit.map(|limit| limit.to_string());
        let pairs = [
            ("search", &self.search),
            ("version", &self.version),
            ("updated_since", &self.updated_since),
            ("limit", &limit),
            ("cursor", &self.cursor),
        ];
        let said = pairs.iter().filter_map(|(key, value)| Some(format!("{key}={}", encoded(value.as_deref()?))));
        said.collect::<Vec<_>>().join("&")
    }
}

/// Some of the servers of a registry.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page {
    /// The servers.
    pub servers: Vec<Listing>,
    /// Where the next page begins, if there is one: [`Query::after`] takes it.
    pub next: Option<String>,
}

impl Registry {
    /// The registry of the protocol itself, `registry.modelcontextprotocol.io`.
    pub fn official() -> Self {
        Self { url: "https://registry.modelcontextprotocol.io".to_owned(), ca: None }
    }

    /// Another one, at an address without `/v0.1`.
    ///
    /// # Errors
    /// If that is no address.
    pub fn at(url: &str) -> Result<Self, DiscoveryError> {
        Endpoint::parse(url)?;
        Ok(Self { url: url.trim_end_matches('/').to_owned(), ca: None })
    }

    /// A file with certificates of authorities that are trusted beside the usual ones, in PEM.
    #[must_use]
    pub fn ca(mut self, file: impl AsRef<Path>) -> Self {
        self.ca = Some(file.as_ref().to_owned());
        self
    }

    /// The newest version of a server, by its name.
    ///
    /// # Errors
    /// If there is none of that name, or the registry cannot be asked.
    pub async fn get(&self, name: &str) -> Result<Listing, DiscoveryError> {
        self.version(name, "latest").await
    }

    /// One version of a server.
    ///
    /// # Errors
    /// If there is none of that name and version, or the registry cannot be asked.
    pub async fn version(&self, name: &str, version: &str) -> Result<Listing, DiscoveryError> {
        let path = format!("/servers/{}/versions/{}", encoded(name), encoded(version));
        let (url, guard, found) = self.ask(&path).await?;
        match found {
            Some(found) => listing(found, &guard).map_err(|reason| answer(url.as_str(), reason)),
            None => {
                let name = if version == "latest" { name.to_owned() } else { format!("{name} {version}") };
                Err(self.unknown(name).await)
            }
        }
    }

    /// All versions of a server, the newest first.
    ///
    /// # Errors
    /// If there is none of that name, or the registry cannot be asked.
    pub async fn versions(&self, name: &str) -> Result<Vec<Listing>, DiscoveryError> {
        let (url, guard, found) = self.ask(&format!("/servers/{}/versions", encoded(name))).await?;
        match found {
            Some(found) => Ok(page(found, &guard).map_err(|reason| answer(url.as_str(), reason))?.servers),
            None => Err(self.unknown(name.to_owned()).await),
        }
    }

    /// One page of a list.
    ///
    /// # Errors
    /// If the registry cannot be asked.
    pub async fn page(&self, query: &Query) -> Result<Page, DiscoveryError> {
        let (url, guard, found) = self.ask(&format!("/servers?{}", query.text())).await?;
        let found = found.ok_or_else(|| answer(url.as_str(), "there is no registry here"))?;
        page(found, &guard).map_err(|reason| answer(url.as_str(), reason))
    }

    /// The newest versions of all servers with a text in their names, up to a thousand.
    ///
    /// # Errors
    /// If the registry cannot be asked.
    pub async fn find(&self, text: &str) -> Result<Vec<Listing>, DiscoveryError> {
        let (mut all, mut seen) = (Vec::new(), HashSet::new());
        let mut query = Query::new().search(text).latest().limit(100);
        loop {
            let page = self.page(&query).await?;
            all.extend(page.servers);
            match page.next.filter(|next| all.len() < MOST && seen.insert(next.clone())) {
                Some(next) => query = query.after(next),
                None => return Ok(all),
            }
        }
    }

    async fn ask(&self, path: &str) -> Result<(Endpoint, Guard, Option<Value>), DiscoveryError> {
        let reader = Reader::new(&format!("{}/v0.1{path}", self.url), self.ca.clone())?;
        let found = reader.read(&reader.home, JSON).await?;
        Ok((reader.home, reader.wire.guard().clone(), found))
    }

    /// With names that are like it, if the registry gives some.
    async fn unknown(&self, name: String) -> DiscoveryError {
        let last = name.split(' ').next().and_then(|name| name.rsplit('/').next()).unwrap_or_default();
        let found = self.page(&Query::new().search(last).latest().limit(5)).await;
        let similar = found.map(|page| page.servers.into_iter().map(|server| server.said.name).collect());
        DiscoveryErrorKind::Unknown { name, similar: similar.unwrap_or_default() }.into()
    }
}

fn encoded(text: &str) -> impl std::fmt::Display + '_ {
    utf8_percent_encode(text, PLAIN)
}

/// A page as it is written.
#[derive(Deserialize)]
struct List {
    servers: Vec<Value>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Metadata {
    next_cursor: Option<String>,
}

fn page(value: Value, guard: &Guard) -> Result<Page, String> {
    let list: List = serde_json::from_value(value).map_err(|error| error.to_string())?;
    // One that is not as it should be does not hide the others.
    let servers = list.servers.into_iter().filter_map(|server| listing(server, guard).ok()).collect();
    Ok(Page { servers, next: list.metadata.next_cursor.filter(|next| !next.is_empty()) })
}

fn listing(mut value: Value, guard: &Guard) -> Result<Listing, String> {
    let official = value.pointer("/_meta/io.modelcontextprotocol.registry~1official/status");
    let status = official.and_then(Value::as_str).map(str::to_owned);
    let server = value.get_mut("server").map(Value::take).ok_or("there is no `server` in it")?;
    let said: Said = serde_json::from_value(server).map_err(|error| error.to_string())?;
    Ok(Listing { said, status, guard: guard.clone() })
}
