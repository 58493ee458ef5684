//! What a server tells of itself before anybody connects: its card, and the catalog of its site.

use std::hash::{DefaultHasher, Hash, Hasher};

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};

use super::http::{Body, empty};
use super::shared::Parts;
use crate::ProtocolVersion;

/// Where a site has its catalog.
const CATALOG: &str = "/.well-known/ai-catalog.json";

/// Tells programs that look for servers what this one is and where, without a connection: a server card, at the URL with `/server-card`
/// behind it, and a catalog at `/.well-known/ai-catalog.json` that leads to it.
///
/// Everybody may read both, whether a token is asked for or not.
///
/// ```
/// use flowc_mcp::server::ServerCard;
///
/// let card = ServerCard::new("com.example/words", "https://tools.example.com/mcp", "Counts the words of texts.");
/// # let _ = card;
/// ```
#[derive(Debug, Clone)]
#[must_use = "a card does nothing until a server has it"]
pub struct ServerCard {
    name: String,
    url: String,
    description: String,
    title: Option<String>,
    website: Option<String>,
}

impl ServerCard {
    /// The name begins with a domain that is yours, written backwards, as in `com.example/words`; the URL is the one that clients call.
    pub fn new(name: impl Into<String>, url: impl Into<String>, description: impl Into<String>) -> Self {
        Self { name: name.into(), url: url.into(), description: description.into(), title: None, website: None }
    }

    /// A name for people.
    pub fn title(self, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..self }
    }

    /// A page with more.
    pub fn website(self, url: impl Into<String>) -> Self {
        Self { website: Some(url.into()), ..self }
    }

    /// The card of a server, as it is read.
    fn card(&self, parts: &Parts) -> Value {
        let versions = ProtocolVersion::ALL.map(ProtocolVersion::as_str);
        let mut card = json!({
            "$schema": "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json",
            "name": self.name,
            "version": parts.version,
            "description": self.description,
            "remotes": [{ "type": "streamable-http", "url": self.url, "supportedProtocolVersions": versions }],
        });
        let more = [("title", &self.title), ("websiteUrl", &self.website)];
        let more = more.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json!(value.as_ref()?))));
        if let Some(card) = card.as_object_mut() {
            card.extend(more);
        }
        card
    }

    fn catalog(&self) -> Value {
        let (domain, name) = self.name.split_once('/').unwrap_or(("", &self.name));
        let domain: Vec<_> = domain.rsplit('.').collect();
        json!({
            "specVersion": "1.0",
            "entries": [{
                "identifier": format!("urn:air:{}:mcp:{name}", domain.join(".")),
                "type": "application/mcp-server-card+json",
                "url": format!("{}/server-card", self.url.trim_end_matches('/')),
            }],
        })
    }

    /// The answer, if a path is one of ours.
    pub(super) fn answer(&self, parts: &Parts, own: &str, path: &str, asked: &HeaderMap) -> Option<Response<Body>> {
        let (kind, document) = if path == CATALOG {
            ("application/ai-catalog+json", self.catalog())
        } else if path.strip_prefix(own) == Some("/server-card") {
            ("application/mcp-server-card+json", self.card(parts))
        } else {
            return None;
        };
        let text = document.to_string();
        let tag = tag(&text);
        let known = asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
        let mut response =
            if known { empty(StatusCode::NOT_MODIFIED) } else { Response::new(Full::new(Bytes::from(text)).boxed()) };
        let headers: [(HeaderName, &'static str); 6] = [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, "public, max-age=3600"),
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "Content-Type, If-None-Match"),
            (header::ACCESS_CONTROL_EXPOSE_HEADERS, "ETag"),
        ];
        response.headers_mut().extend(headers.map(|(name, value)| (name, HeaderValue::from_static(value))));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        Some(response)
    }
}

/// The same for the same text.
fn tag(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}
