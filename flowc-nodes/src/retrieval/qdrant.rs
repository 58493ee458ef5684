//! The vectors of a Qdrant server, over its REST protocol.

use std::fmt;
use std::time::Duration;

use flowc::Secret;
use reqwest::{Client, Method, Url, redirect};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::store::{even, fits};
use super::{Adding, Hit, RetrievalError, RetrievalErrorKind, Searching, VectorStore};
use crate::document::Chunk;

/// So many texts go into one request.
const BATCH: usize = 100;
/// No answer that is worth reading is longer.
const LARGEST: usize = 64 << 20;
/// So much of what the server says stands in an error.
const SAID: usize = 300;

/// A collection of a Qdrant server as a [`VectorStore`]. The collection must be there, with the cosine as its distance.
///
/// Texts are stored with their source, range and headings as the payload, under an id that is made of source and range. Adding many
/// goes in several requests: if one of them fails, those before it are stored, and adding all again replaces them.
///
/// ```
/// use flowc_nodes::Qdrant;
///
/// let store = Qdrant::new("http://127.0.0.1:6333", "docs")?;
/// assert!(Qdrant::new("127.0.0.1:6333", "docs").is_err());
/// # let _ = store;
/// # Ok::<_, flowc_nodes::RetrievalError>(())
/// ```
pub struct Qdrant {
    points: Url,
    key: Option<Secret<String>>,
    timeout: Duration,
    client: Client,
}

impl fmt::Debug for Qdrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Qdrant").field("points", &self.points.as_str()).finish_non_exhaustive()
    }
}

impl Qdrant {
    /// A collection of the server at this address. Nothing is sent yet. A request may take 30 seconds.
    ///
    /// # Errors
    /// [`RetrievalErrorKind::Config`]: an address that is none, an empty name.
    pub fn new(url: &str, collection: &str) -> Result<Self, RetrievalError> {
        let wrong = |problem: String| RetrievalError::from(RetrievalErrorKind::Config { problem });
        if collection.is_empty() {
            return Err(wrong("the name of the collection is empty".to_owned()));
        }
        let mut points = Url::parse(url)
            .ok()
            .filter(|url| {
                matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none()
            })
            .ok_or_else(|| {
                wrong("the address of the store is no `http://` or `https://` address without a user".to_owned())
            })?;
        if let Ok(mut path) = points.path_segments_mut() {
            path.pop_if_empty().extend(["collections", collection, "points"]);
        }
        let client = crate::tls::client().and_then(|tls| {
            let client = Client::builder().tls_backend_preconfigured(tls).redirect(redirect::Policy::none());
            client.no_gzip().build().map_err(|error| error.to_string())
        });
        Ok(Self { points, key: None, timeout: Duration::from_secs(30), client: client.map_err(wrong)? })
    }

    /// The key of the server.
    #[must_use]
    pub fn api_key(self, key: impl Into<String>) -> Self {
        Self { key: Some(Secret::new(key.into())), ..self }
    }

    /// How long a request may take.
    #[must_use]
    pub fn timeout(self, limit: Duration) -> Self {
        Self { timeout: limit, ..self }
    }

    async fn put(&self, chunks: &[Chunk], vectors: &[Vec<f32>]) -> Result<(), RetrievalError> {
        even(chunks, vectors, None)?;
        for (chunks, vectors) in chunks.chunks(BATCH).zip(vectors.chunks(BATCH)) {
            let point = |(chunk, vector): (&Chunk, &Vec<f32>)| json!({ "id": id(chunk).to_string(), "vector": vector, "payload": chunk });
            let points: Vec<_> = chunks.iter().zip(vectors).map(point).collect();
            self.ask(Method::PUT, "?wait=true", json!({ "points": points })).await?;
        }
        Ok(())
    }

    async fn find(&self, vector: &[f32], limit: usize) -> Result<Vec<Hit>, RetrievalError> {
        if limit == 0 {
            return Err(RetrievalErrorKind::NoLimit.into());
        }
        fits(vector, None)?;
        let body = json!({ "vector": vector, "limit": limit, "with_payload": true });
        let found = self.ask(Method::POST, "/search", body).await?;
        let found: Found = serde_json::from_slice(&found).map_err(|error| {
            // What serde_json quotes may be a text of somebody.
            garbled(format!("it is not the JSON that it should be, at column {}", error.column()))
        })?;
        Ok(found.result.into_iter().map(|point| Hit::new(point.payload, point.score)).collect())
    }

    async fn ask(&self, method: Method, end: &str, body: Value) -> Result<Vec<u8>, RetrievalError> {
        let limit = self.timeout;
        let asked = tokio::time::timeout(limit, self.exchange(method, end, body)).await;
        asked.unwrap_or_else(|_| Err(RetrievalErrorKind::Timeout { limit }.into()))
    }

    async fn exchange(&self, method: Method, end: &str, body: Value) -> Result<Vec<u8>, RetrievalError> {
        let broken = |error: reqwest::Error| {
            let url = self.points.as_str().to_owned();
            RetrievalError::from(RetrievalErrorKind::Connect { url }).because(error.without_url())
        };
        let mut request = self.client.request(method, format!("{}{end}", self.points));
        if let Some(key) = &self.key {
            request = request.header("api-key", key.expose());
        }
        let request = request.header("content-type", "application/json").body(body.to_string());
        let mut reply = request.send().await.map_err(broken)?;
        let (status, mut bytes) = (reply.status(), Vec::new());
        while let Some(piece) = reply.chunk().await.map_err(broken)? {
            if bytes.len() + piece.len() > LARGEST {
                return Err(garbled(format!("it is longer than {LARGEST} bytes")));
            }
            bytes.extend_from_slice(&piece);
        }
        if status.is_success() {
            return Ok(bytes);
        }
        let said = serde_json::from_slice::<Value>(&bytes).unwrap_or_default();
        let said = said.pointer("/status/error").and_then(Value::as_str).unwrap_or_default();
        let said = said.chars().filter(|char| !char.is_control()).take(SAID).collect();
        Err(RetrievalErrorKind::Status { status: status.as_u16(), said }.into())
    }
}

impl VectorStore for Qdrant {
    fn add<'a>(&'a self, chunks: &'a [Chunk], vectors: &'a [Vec<f32>]) -> Adding<'a> {
        Box::pin(self.put(chunks, vectors))
    }

    fn search<'a>(&'a self, vector: &'a [f32], limit: usize) -> Searching<'a> {
        Box::pin(self.find(vector, limit))
    }
}

#[derive(Deserialize)]
struct Found {
    result: Vec<Point>,
}

#[derive(Deserialize)]
struct Point {
    score: f64,
    payload: Chunk,
}

/// The same piece always has the same id.
fn id(chunk: &Chunk) -> Uuid {
    let name = format!("{}-{} {}", chunk.range.start, chunk.range.end, chunk.source);
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes())
}

fn garbled(reason: String) -> RetrievalError {
    RetrievalErrorKind::Garbled { reason }.into()
}
