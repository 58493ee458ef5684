//! Requests over HTTP.

use std::collections::BTreeMap;

use flowc::node;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, Response, Url};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::net::shown;
use super::{LoadError, LoadErrorKind, NetAccess, html_to_markdown};
use crate::document::Document;

/// A request over HTTP.
///
/// ```
/// use flowc_nodes::HttpRequest;
///
/// let request = HttpRequest::get("https://example.com/feed").header("accept", "application/json");
/// assert_eq!(request.url, "https://example.com/feed");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct HttpRequest {
    /// Where to.
    pub url: String,
    /// What is to be done.
    #[serde(default)]
    pub method: HttpMethod,
    /// Headers by their names.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// What is sent along.
    #[serde(default)]
    pub body: String,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum HttpMethod {
    /// Reads.
    #[default]
    Get,
    /// Sends something new.
    Post,
    /// Puts something in its place.
    Put,
    /// Changes a part.
    Patch,
    /// Takes away.
    Delete,
}

impl HttpRequest {
    /// Reads.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(HttpMethod::Get, url, "")
    }

    /// Sends something new.
    pub fn post(url: impl Into<String>, body: impl Into<String>) -> Self {
        Self::new(HttpMethod::Post, url, body)
    }

    /// Any request.
    pub fn new(method: HttpMethod, url: impl Into<String>, body: impl Into<String>) -> Self {
        Self { url: url.into(), method, headers: BTreeMap::new(), body: body.into() }
    }

    /// A header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }
}

/// An answer, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct HttpReply {
    /// Where it is from, after redirects.
    pub url: String,
    /// The number of HTTP.
    pub status: u16,
    /// Its type, such as `text/html`, in lower case and without parameters; empty if the server does not say it.
    pub content_type: String,
    /// Its text; what is not UTF-8 in it is replaced.
    pub body: String,
}

/// Sends a request within the application's [`NetAccess`]: a step. An answer of any status is an answer.
///
/// Redirects are followed for `GET`; to another origin neither headers nor body go along. Other methods give the redirect as the answer.
/// A `retry` sends again: give it only to requests that may be sent twice.
///
/// # Errors
/// An address that is not allowed, no connection, an answer that is too large or takes too long, too many redirects.
#[node]
pub async fn http_request(request: &HttpRequest, #[resource] net: &NetAccess) -> Result<HttpReply, LoadError> {
    send(request, net).await
}

/// Reads a page within the application's [`NetAccess`]: a step. HTML becomes Markdown; other text stays as it is.
///
/// # Errors
/// As for [`http_request`](http_request()); an answer that is no success or no text.
#[node]
pub async fn load_page(url: &str, #[resource] net: &NetAccess) -> Result<Document, LoadError> {
    let reply = send(&HttpRequest::get(url), net).await?;
    let HttpReply { url, status, content_type, body } = reply;
    if !(200..300).contains(&status) {
        return Err(LoadError::new(url, LoadErrorKind::Status { status }));
    }
    let is_text = content_type.is_empty()
        || content_type.starts_with("text/")
        || content_type.ends_with("json")
        || content_type.ends_with("xml");
    if !is_text || body.contains('\0') {
        let found = if is_text { "no text".to_owned() } else { format!("`{content_type}`") };
        return Err(LoadError::new(url, LoadErrorKind::WrongType { found }));
    }
    if !matches!(&*content_type, "text/html" | "application/xhtml+xml") {
        return Ok(Document::new(url, body));
    }
    // A large page takes its time.
    let text = tokio::task::spawn_blocking(move || html_to_markdown(&body)).await;
    let text = text.map_err(|error| LoadError::new(&*url, LoadErrorKind::Read).because(error))?;
    let text = text.map_err(|problem| problem.at(&url))?;
    Ok(Document::new(url, text))
}

async fn send(request: &HttpRequest, net: &NetAccess) -> Result<HttpReply, LoadError> {
    let invalid = |reason: String| LoadError::new(place(&request.url), LoadErrorKind::Invalid { reason });
    let url = Url::parse(&request.url).map_err(|error| invalid(format!("it is no address: {error}")))?;
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        let wrong = || invalid(format!("the header `{}` cannot be sent", name.escape_default()));
        let value = HeaderValue::from_str(value).map_err(|_| wrong())?;
        headers.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?, value);
    }
    if headers.contains_key("host") {
        return Err(invalid("the header `host` is that of the address".to_owned()));
    }
    let limit = net.timeout;
    let late = |_| LoadError::new(shown(&url), LoadErrorKind::Timeout { limit });
    tokio::time::timeout(limit, follow(request, url.clone(), headers, net)).await.map_err(late)?
}

async fn follow(
    request: &HttpRequest,
    mut url: Url,
    mut headers: HeaderMap,
    net: &NetAccess,
) -> Result<HttpReply, LoadError> {
    let method = match request.method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Delete => Method::DELETE,
    };
    let (mut body, mut redirects) = (request.body.clone(), 0);
    loop {
        let client = net.client(&url).await?;
        let asked = client.request(method.clone(), url.clone()).headers(headers.clone()).body(body.clone());
        let reply = asked.send().await.map_err(|error| broken(&url, error))?;
        let next = (method == Method::GET && reply.status().is_redirection()).then(|| location(&url, &reply)).flatten();
        let Some(next) = next else { return read(&url, reply, net.max_bytes).await };
        redirects += 1;
        if redirects > net.max_redirects {
            return Err(LoadError::new(shown(&url), LoadErrorKind::Redirects { limit: net.max_redirects }));
        }
        if url.scheme() == "https" && next.scheme() == "http" {
            let reason = "a redirect leads from `https` to `http`";
            return Err(LoadError::new(shown(&next), LoadErrorKind::Forbidden { reason }));
        }
        if next.origin() != url.origin() {
            headers.clear();
            body.clear();
        }
        url = next;
    }
}

fn location(url: &Url, reply: &Response) -> Option<Url> {
    url.join(reply.headers().get(LOCATION)?.to_str().ok()?).ok()
}

async fn read(url: &Url, mut reply: Response, limit: u64) -> Result<HttpReply, LoadError> {
    let status = reply.status().as_u16();
    let kind = reply.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let content_type = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let too_large = || LoadError::new(shown(url), LoadErrorKind::TooLarge { limit });
    if reply.content_length().is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(piece) = reply.chunk().await.map_err(|error| broken(url, error))? {
        if (bytes.len() + piece.len()) as u64 > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(HttpReply { url: shown(url), status, content_type, body: String::from_utf8_lossy(&bytes).into_owned() })
}

fn broken(url: &Url, error: reqwest::Error) -> LoadError {
    LoadError::new(shown(url), LoadErrorKind::Connect).because(error.without_url())
}

/// What cannot be read as an address may hold a key as well.
fn place(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}
