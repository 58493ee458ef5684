//! How a client of the conformance suite proves who it is: what its scenarios of authentication expect to be known beforehand.

use std::env;
use std::time::Duration;

use flowc_mcp::ServerConfig;
use flowc_mcp::auth::{Client, OAuth};
use serde_json::Value;

use crate::oauth::{Person, request};

/// Where the suite says that a client's document is. Nothing has to be there.
const DOCUMENT: &str = "https://conformance-test.local/client-metadata.json";

/// A server of the suite, with what proves who we are in this scenario.
pub async fn server(url: &str) -> ServerConfig {
    let scenario = env::var("MCP_CONFORMANCE_SCENARIO").unwrap_or_default();
    let config = ServerConfig::http(url);
    let Some(scenario) = scenario.strip_prefix("auth/") else { return config };
    let context: Value =
        serde_json::from_str(&env::var("MCP_CONFORMANCE_CONTEXT").unwrap_or_default()).unwrap_or_default();
    let known = |key: &str| context[key].as_str().map(str::to_owned);

    let mut client = Client::new("flowc conformance client").metadata(DOCUMENT);
    if let Some(id) = known("client_id") {
        // Who is registered knows with whom; the suite does not always say so.
        let issuer = match known("issuer") {
            Some(issuer) => issuer,
            None => issuer(url).await,
        };
        client = client.registered(issuer, id);
    }
    if let Some(secret) = known("client_secret") {
        client = client.secret(secret);
    }
    if let Some(key) = known("private_key_pem") {
        client = client.private_key(key);
    }
    config.oauth(if scenario.starts_with("client-credentials") {
        OAuth::client_credentials(client)
    } else {
        OAuth::interactive(client).browser(Person::default()).sign_in_limit(Duration::from_secs(5))
    })
}

async fn issuer(url: &str) -> String {
    let origin = url.strip_suffix("/mcp").unwrap_or(url);
    let (_, _, page) = request("GET", &format!("{origin}/.well-known/oauth-protected-resource/mcp"), "").await;
    let metadata: Value = serde_json::from_str(&page).unwrap_or_default();
    metadata["authorization_servers"][0].as_str().unwrap_or_default().to_owned()
}
