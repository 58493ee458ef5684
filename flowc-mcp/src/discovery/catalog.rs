//! What a site says of its own servers: an AI Catalog, and the server cards that it leads to.

use std::path::Path;

use futures_util::{StreamExt, stream};
use serde::Deserialize;
use serde_json::Value;

use super::error::{DiscoveryError, DiscoveryErrorKind, answer};
use super::listing::{Listing, Said};
use super::{Endpoint, Reader};

/// Where a site has its catalog.
const WELL_KNOWN: &str = "/.well-known/ai-catalog.json";
const CATALOG: &str = "application/ai-catalog+json, application/json";
const CARD: &str = "application/mcp-server-card+json";

/// So many cards are read of a catalog, and so many at once.
const MOST: usize = 100;
const AT_ONCE: usize = 8;

/// The servers of a site.
#[derive(Debug)]
#[non_exhaustive]
pub struct Catalog {
    /// Those whose cards could be read.
    pub servers: Vec<Listing>,
    /// What was wrong with the others.
    pub problems: Vec<DiscoveryError>,
}

#[derive(Deserialize)]
struct Entries {
    #[serde(default)]
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    data: Option<Value>,
}

/// The servers that a site tells of at `/.well-known/ai-catalog.json`. Their cards may be elsewhere.
///
/// `ca` is a file with certificates of authorities that are trusted beside the usual ones, in PEM.
///
/// # Errors
/// If the site cannot be asked, or has no catalog.
///
/// ```no_run
/// # async fn find(servers: &flowc_mcp::McpServers) -> Result<(), Box<dyn std::error::Error>> {
/// for server in flowc_mcp::discovery::catalog("https://acme.example", None).await?.servers {
///     println!("{}: {}", server.name(), server.description());
///     let _ = servers.add(server.name(), server.remote([("tenant", "acme")])?);
/// }
/// # Ok(())
/// # }
/// ```
pub async fn catalog(site: &str, ca: Option<&Path>) -> Result<Catalog, DiscoveryError> {
    let reader = Reader::new(site, ca.map(Path::to_owned))?;
    let place = reader.home.at(WELL_KNOWN)?;
    let found = reader.read(&place, CATALOG).await?;
    let found = found.ok_or_else(|| answer(place.as_str(), "the site has no catalog"))?;
    let list: Entries = serde_json::from_value(found).map_err(|error| answer(place.as_str(), error.to_string()))?;
    let entries = list.entries.into_iter().filter(|entry| entry.kind == CARD).take(MOST);
    let reading = entries.map(|entry| read(&reader, entry, place.as_str()));
    let read: Vec<_> = stream::iter(reading).buffered(AT_ONCE).collect().await;
    let mut catalog = Catalog { servers: Vec::new(), problems: Vec::new() };
    for card in read {
        match card {
            Ok(server) => catalog.servers.push(server),
            Err(problem) => catalog.problems.push(problem),
        }
    }
    Ok(catalog)
}

/// The server that a card tells of. A server over Streamable HTTP may have it at its own address, with `/server-card` behind it.
///
/// # Errors
/// If there is no card, or it cannot be read.
///
/// ```no_run
/// # async fn find() -> Result<(), Box<dyn std::error::Error>> {
/// let server = flowc_mcp::discovery::card("https://acme.example/mcp/server-card", None).await?;
/// println!("{} {}", server.name(), server.version());
/// # Ok(())
/// # }
/// ```
pub async fn card(url: &str, ca: Option<&Path>) -> Result<Listing, DiscoveryError> {
    let reader = Reader::new(url, ca.map(Path::to_owned))?;
    let home = reader.home.clone();
    from(&reader, &home).await
}

async fn read(reader: &Reader, entry: Entry, catalog: &str) -> Result<Listing, DiscoveryError> {
    match (entry.data, entry.url) {
        (Some(data), _) => listing(reader, data, catalog),
        (None, Some(url)) => from(reader, &Endpoint::parse(&url)?).await,
        (None, None) => Err(answer(catalog, "an entry has neither `url` nor `data`")),
    }
}

async fn from(reader: &Reader, url: &Endpoint) -> Result<Listing, DiscoveryError> {
    let unknown = || DiscoveryErrorKind::Unknown { name: url.as_str().to_owned(), similar: Vec::new() };
    let found = reader.read(url, CARD).await?.ok_or_else(unknown)?;
    listing(reader, found, url.as_str())
}

fn listing(reader: &Reader, card: Value, place: &str) -> Result<Listing, DiscoveryError> {
    let said: Said = serde_json::from_value(card).map_err(|error| answer(place, error.to_string()))?;
    Ok(Listing { said, status: None, guard: reader.wire.guard().clone() })
}
