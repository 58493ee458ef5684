//! Finding servers: the registry of MCP servers, and what sites say of their own. With the feature `discovery`.
//!
//! A server that is registered is added by its name:
//!
//! ```no_run
//! use flowc_mcp::McpServers;
//! use flowc_mcp::discovery::Registry;
//!
//! # async fn find(servers: &McpServers) -> Result<(), Box<dyn std::error::Error>> {
//! let weather = Registry::official().get("io.github.acme/weather").await?;
//! for need in weather.needs() {
//!     println!("{} {}: {}", need.name, if need.required { "(required)" } else { "" }, need.description);
//! }
//! servers.replace("weather", weather.remote([("api_key", "s3cret")])?).await;
//! # Ok(())
//! # }
//! ```
//!
//! A site tells of its servers in an AI Catalog, which leads to their server cards: [`catalog`] reads them.
//!
//! What is found is what somebody else wrote. Nothing of it is started or connected to before you say so, addresses in it lead into no
//! private network, and a [package](Listing::package) is code of a stranger that runs on your machine.

mod catalog;
mod error;
mod listing;
mod registry;
mod resolve;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use catalog::{Catalog, card, catalog};
pub use error::{DiscoveryError, DiscoveryErrorKind};
pub use listing::{Listing, Need};
pub use registry::{Page, Query, Registry};

use crate::auth::endpoint::Endpoint;
use crate::auth::guard::Guard;
use crate::auth::wire::Wire;
use error::answer;

/// A page of a registry holds up to a hundred servers.
const LARGEST: usize = 4 << 20;

/// Reads documents, from an address that was given and from those that it leads to.
#[derive(Debug, Clone)]
struct Reader {
    wire: Wire,
    home: Endpoint,
}

impl Reader {
    fn new(url: &str, ca: Option<PathBuf>) -> Result<Self, DiscoveryError> {
        let home = Endpoint::parse(url)?;
        let wire = Wire::new(Guard::new(home.clone(), false), ca).longest(LARGEST);
        Ok(Self { wire, home })
    }

    /// A document; none, if there is none.
    async fn read(&self, url: &Endpoint, kind: &'static str) -> Result<Option<serde_json::Value>, DiscoveryError> {
        let reply = self.wire.clone().accept(kind).get(url).await?;
        match reply.status.as_u16() {
            200 => reply.json().map(Some).map_err(|reason| answer(url.as_str(), reason)),
            404 | 410 => Ok(None),
            status => Err(answer(url.as_str(), format!("it says {status}"))),
        }
    }
}
