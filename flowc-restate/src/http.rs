//! Requests to Restate.

use std::fmt::Write;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::ClientError;

/// A server that does not answer is asked again for so long: it may be starting again.
const PATIENCE: Duration = Duration::from_secs(60);

/// One address of Restate.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    base: String,
    /// Or why there is none.
    client: Result<reqwest::Client, String>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) url: String,
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Http {
    pub(crate) fn new(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned(), client: client() }
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Answer, ClientError> {
        self.ask(Method::GET, path, None).await
    }

    pub(crate) async fn patch(&self, path: &str) -> Result<Answer, ClientError> {
        self.ask(Method::PATCH, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &impl Serialize) -> Result<Answer, ClientError> {
        let body = serde_json::to_string(body).map_err(|error| ClientError::Unwritable(error.to_string()))?;
        self.ask(Method::POST, path, Some(body)).await
    }

    /// Asks until there is an answer. What is asked here may be asked twice: a run has one key, a signal one, and the rest changes
    /// nothing the second time.
    async fn ask(&self, method: Method, path: &str, body: Option<String>) -> Result<Answer, ClientError> {
        let url = format!("{}{path}", self.base);
        let client = self.client.as_ref().map_err(|why| ClientError::NoTls(why.clone()))?;
        let begun = Instant::now();
        let mut pause = Duration::from_millis(50);
        loop {
            let mut request = client.request(method.clone(), &url).header("accept", "application/json");
            if let Some(body) = &body {
                request = request.header("content-type", "application/json").body(body.clone());
            }
            let answer = async {
                let response = request.send().await?;
                let status = response.status().as_u16();
                Ok::<_, reqwest::Error>(Answer { url: url.clone(), status, text: response.text().await? })
            };
            match answer.await {
                // Of a server that is starting, or has just lost its leader.
                Ok(answer) if answer.status == 503 && begun.elapsed() < PATIENCE => {}
                Ok(answer) => return Ok(answer),
                Err(error) if error.is_builder() || begun.elapsed() >= PATIENCE => {
                    return Err(ClientError::Unreachable { url, source: Box::new(error) });
                }
                Err(_) => {}
            }
            tokio::time::sleep(pause).await;
            pause = (2 * pause).min(Duration::from_secs(2));
        }
    }
}

impl Answer {
    pub(crate) fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Its JSON, if it is a good one.
    pub(crate) fn json<T: DeserializeOwned>(self) -> Result<T, ClientError> {
        if !self.is_ok() {
            return Err(self.refused());
        }
        serde_json::from_str(&self.text)
            .map_err(|error| ClientError::Unreadable { url: self.url, why: error.to_string() })
    }

    pub(crate) fn refused(self) -> ClientError {
        let message = self.message();
        ClientError::Refused { url: self.url, status: self.status, message }
    }

    /// What it says.
    pub(crate) fn message(&self) -> String {
        #[derive(serde::Deserialize)]
        struct Said {
            message: String,
        }
        serde_json::from_str(&self.text).map_or_else(|_| self.text.clone(), |said: Said| said.message)
    }
}

/// A part of a path.
pub(crate) fn segment(text: &str) -> String {
    let mut part = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => part.push(char::from(byte)),
            _ => {
                // Writing to a text does not fail.
                let _ = write!(part, "%{byte:02X}");
            }
        }
    }
    part
}

/// Trusts whom Mozilla trusts. What TLS is built with is said here, as another crate of the program may have told `reqwest` to expect that.
fn client() -> Result<reqwest::Client, String> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let tls = tls.map_err(|error| error.to_string())?.with_root_certificates(roots).with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(tls).build().map_err(|error| error.to_string())
}
