//! From the address of a server to the authorization server that gives tokens for it.

use serde::Deserialize;

use super::challenge::Bearer;
use super::endpoint::Endpoint;
use super::error::{AuthError, AuthErrorKind};
use super::wire::{Reply, Wire, answer};

/// What a server says of itself (RFC 9728).
#[derive(Debug, Deserialize)]
struct ResourceMetadata {
    resource: String,
    #[serde(default)]
    authorization_servers: Vec<String>,
    scopes_supported: Option<Vec<String>>,
}

/// What an authorization server says of itself (RFC 8414, and the discovery of `OpenID` Connect).
#[derive(Debug, Deserialize)]
pub(super) struct ServerMetadata {
    pub(super) issuer: Option<String>,
    pub(super) authorization_endpoint: Option<String>,
    pub(super) token_endpoint: Option<String>,
    pub(super) registration_endpoint: Option<String>,
    pub(super) scopes_supported: Option<Vec<String>>,
    pub(super) code_challenge_methods_supported: Option<Vec<String>>,
    pub(super) token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    pub(super) client_id_metadata_document_supported: bool,
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

/// Where tokens for a server come from.
#[derive(Debug)]
pub(super) struct Found {
    /// The server, as tokens are to name it (RFC 8707).
    pub(super) resource: String,
    /// The scopes that the server knows.
    pub(super) scopes: Option<Vec<String>>,
    pub(super) issuer: String,
    pub(super) metadata: ServerMetadata,
}

impl Found {
    /// The address of a token endpoint, and the like.
    pub(super) fn endpoint(&self, which: &'static str, url: Option<&String>) -> Result<Endpoint, AuthError> {
        let missing =
            || AuthErrorKind::Answer { url: self.issuer.clone(), reason: format!("its metadata has no `{which}`") };
        Endpoint::parse(url.ok_or_else(missing)?)
    }
}

/// Finds the authorization server of a server. `wanted` is the one that has to be among those that the server names.
pub(super) async fn discover(
    wire: &Wire,
    server: &Endpoint,
    challenge: &Bearer,
    wanted: Option<&str>,
) -> Result<Found, AuthError> {
    let Some(resource) = resource(wire, server, challenge).await? else {
        // Servers of 2025-03-26 are their own authorization servers. The endpoints that a client of that time would guess are not
        // guessed here: a key is sent only to where somebody asks for it.
        let issuer = server.origin();
        require(wanted, std::slice::from_ref(&issuer))?;
        return match metadata(wire, &issuer).await? {
            Some(metadata) => Ok(Found { resource: server.as_str().to_owned(), scopes: None, issuer, metadata }),
            None => Err(AuthErrorKind::NoAuthorizationServer { server: server.as_str().to_owned() }.into()),
        };
    };
    let issuers = require(wanted, &resource.authorization_servers)?.iter();
    let mut first = None;
    let nowhere = || AuthErrorKind::NoAuthorizationServer { server: server.as_str().to_owned() };
    for issuer in issuers {
        match metadata(wire, issuer).await {
            Ok(Some(metadata)) => {
                let issuer = metadata.issuer.clone().unwrap_or_else(|| issuer.clone());
                return Ok(Found { resource: resource.resource, scopes: resource.scopes_supported, issuer, metadata });
            }
            Ok(None) => {}
            Err(error) => first = first.or(Some(error)),
        }
    }
    Err(first.unwrap_or_else(|| nowhere().into()))
}

/// Those of the issuers that will do.
fn require<'i>(wanted: Option<&str>, issuers: &'i [String]) -> Result<&'i [String], AuthError> {
    let Some(wanted) = wanted else { return Ok(issuers) };
    match issuers.iter().position(|issuer| same_issuer(issuer, wanted)) {
        Some(at) => Ok(issuers.get(at..=at).unwrap_or_default()),
        None => Err(AuthErrorKind::Issuer { expected: wanted.to_owned(), found: issuers.first().cloned() }.into()),
    }
}

/// What the server says of itself, if it says anything.
async fn resource(wire: &Wire, server: &Endpoint, challenge: &Bearer) -> Result<Option<ResourceMetadata>, AuthError> {
    let mut places = Vec::new();
    if let Some(url) = &challenge.metadata {
        places.push(Endpoint::parse(url)?);
    } else {
        places.push(well_known(server, "oauth-protected-resource")?);
        let root = server.at("/.well-known/oauth-protected-resource")?;
        if !places.contains(&root) {
            places.push(root);
        }
    }
    for url in places {
        let Some(reply) = published(wire, &url).await? else { continue };
        let metadata: ResourceMetadata = match reply.json() {
            Ok(metadata) => metadata,
            // A page that is there for everything is no metadata; one that the server names should be.
            Err(_) if challenge.metadata.is_none() => continue,
            Err(reason) => return Err(answer(&url, reason)),
        };
        if !Endpoint::parse(&metadata.resource).is_ok_and(|resource| resource.covers(server)) {
            let (server, resource) = (server.as_str().to_owned(), metadata.resource);
            return Err(AuthErrorKind::Resource { server, resource }.into());
        }
        return Ok(Some(metadata));
    }
    Ok(None)
}

/// What an authorization server says of itself, if it says anything.
async fn metadata(wire: &Wire, issuer: &str) -> Result<Option<ServerMetadata>, AuthError> {
    let at = Endpoint::parse(issuer)?;
    let mut places = vec![well_known(&at, "oauth-authorization-server")?, well_known(&at, "openid-configuration")?];
    let path = at.path().trim_end_matches('/');
    if !path.is_empty() {
        places.push(at.at(&format!("{path}/.well-known/openid-configuration"))?);
    }
    for url in places {
        let Some(reply) = published(wire, &url).await? else { continue };
        let Ok(metadata) = reply.json::<ServerMetadata>() else { continue };
        return match &metadata.issuer {
            Some(found) if same_issuer(found, issuer) => Ok(Some(metadata)),
            found => Err(AuthErrorKind::Issuer { expected: issuer.to_owned(), found: found.clone() }.into()),
        };
    }
    Ok(None)
}

/// What lies at an address, if anything does. A server that is broken is not one that has nothing there.
async fn published(wire: &Wire, url: &Endpoint) -> Result<Option<Reply>, AuthError> {
    let reply = wire.get(url).await?;
    if reply.status.is_server_error() {
        return Err(answer(url, format!("HTTP {}", reply.status.as_u16())));
    }
    Ok(reply.status.is_success().then_some(reply))
}

/// The same text, or the same host without a path: libraries write an empty path with a slash and without one.
pub(super) fn same_issuer(one: &str, other: &str) -> bool {
    let bare = |text: &str| match Endpoint::parse(text) {
        Ok(url) if url.path() == "/" => text.trim_end_matches('/').to_owned(),
        _ => text.to_owned(),
    };
    one == other || bare(one) == bare(other)
}

/// Where metadata of an address is: the well-known path stands before its own.
fn well_known(url: &Endpoint, name: &str) -> Result<Endpoint, AuthError> {
    url.at(&format!("/.well-known/{name}{}", url.path().trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn well_known_places_stand_before_the_path() {
        let place = |url: &str| well_known(&Endpoint::parse(url).unwrap(), "x").unwrap().as_str().to_owned();
        assert_eq!(place("https://a.example/"), "https://a.example/.well-known/x");
        assert_eq!(place("https://a.example/v1/mcp/?q=1"), "https://a.example/.well-known/x/v1/mcp");
    }

    #[test]
    fn issuers_are_compared_as_texts() {
        assert!(same_issuer("https://a.example", "https://a.example/"));
        for other in [
            "https://a.example/x",
            "https://a.example/x/",
            "https://A.example",
            "https://a.example:443",
            "http://a.example",
        ] {
            assert!(!same_issuer("https://a.example", other), "{other}");
        }
        assert!(!same_issuer("https://a.example/x", "https://a.example/x/"));
    }
}
