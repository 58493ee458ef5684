//! Questions to an authorization server: for a token, and to be registered.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flowc::Secret;
use serde::Deserialize;

use super::assertion;
use super::client::{Client, Identity, Proof, Registration};
use super::discovery::Found;
use super::error::{AuthError, AuthErrorKind};
use super::form::{self, Form};
use super::grant::{Grant, TokenReply, add};
use super::wire::{Post, Wire, answer};

const FORM: &str = "application/x-www-form-urlencoded";

/// How an authorization server says no.
#[derive(Deserialize)]
struct Refusal {
    error: String,
    #[serde(default)]
    error_description: String,
}

/// Asks for a token. `form` says what for, `asked` which scopes that means, and `before` is the grant that is renewed.
pub(super) async fn fetch(
    wire: &Wire,
    found: &Found,
    identity: &Identity,
    form: Form,
    asked: &[String],
    before: Option<&Grant>,
) -> Result<Grant, AuthError> {
    let url = found.endpoint("token_endpoint", found.metadata.token_endpoint.as_ref())?;
    let mut form = form.with("resource", &found.resource);
    let authorization = prove(found, identity, &mut form)?;
    let (body, secrets) = form.into_parts();
    let reply = wire.post(&url, Post { kind: FORM, authorization, body }).await?;
    if !reply.status.is_success() {
        let status = reply.status.as_u16();
        let refusal: Refusal = reply.json().map_err(|_| answer(&url, format!("HTTP {status}")))?;
        return Err(refused(found, &refusal, &secrets));
    }
    let reply: TokenReply = reply.json().map_err(|reason| answer(&url, reason))?;
    if !reply.token_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")) {
        return Err(answer(&url, "its token is no bearer token"));
    }
    Grant::of(reply, asked, before).ok_or_else(|| answer(&url, "it has no token"))
}

fn refused(found: &Found, refusal: &Refusal, secrets: &[Secret<String>]) -> AuthError {
    let (code, description) = (form::shown(&refusal.error, secrets), form::shown(&refusal.error_description, secrets));
    AuthErrorKind::Refused { issuer: found.issuer.clone(), code, description }.into()
}

/// Says in the form or in a header who we are.
fn prove(found: &Found, identity: &Identity, form: &mut Form) -> Result<Option<Secret<String>>, AuthError> {
    // Some servers want the id in the form, whatever the header says.
    form.push("client_id", &identity.id);
    let secret = match &identity.proof {
        Proof::Nothing => return Ok(None),
        Proof::Key(pem) => {
            let statement = assertion::sign(pem, &identity.id, &found.issuer)?;
            form.push("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            form.push("client_assertion", statement.expose());
            form.hide(statement);
            return Ok(None);
        }
        Proof::Secret(secret) => secret,
    };
    let offered = found.metadata.token_endpoint_auth_methods_supported.as_deref();
    match identity.method.as_deref().unwrap_or_else(|| method(offered)) {
        "none" => Ok(None),
        "client_secret_post" => {
            form.push("client_secret", secret.expose());
            form.hide(secret.clone());
            Ok(None)
        }
        _ => {
            let pair = Secret::new(format!("{}:{}", form::encode(&identity.id), form::encode(secret.expose())));
            let coded = Secret::new(BASE64_STANDARD.encode(pair.expose()));
            form.hide(secret.clone());
            form.hide(coded.clone());
            Ok(Some(Secret::new(format!("Basic {}", coded.expose()))))
        }
    }
}

/// How to show a secret. Who says nothing means the header (RFC 8414).
fn method(offered: Option<&[String]>) -> &'static str {
    let Some(offered) = offered else { return "client_secret_basic" };
    let methods = ["client_secret_basic", "client_secret_post", "none"];
    methods.into_iter().find(|method| offered.iter().any(|offer| offer == method)).unwrap_or("client_secret_basic")
}

/// Registers us (RFC 7591).
pub(super) async fn register(
    wire: &Wire,
    found: &Found,
    client: &Client,
    redirect: &str,
    scopes: &[String],
) -> Result<Registration, AuthError> {
    let Some(endpoint) = &found.metadata.registration_endpoint else {
        let reason = "it reads no client-id metadata document, and lets nobody register";
        let reason = if found.metadata.client_id_metadata_document_supported {
            "it reads client-id metadata documents, and `Client::metadata` gives none"
        } else {
            reason
        };
        return Err(AuthErrorKind::UnknownClient { issuer: found.issuer.clone(), reason }.into());
    };
    let url = found.endpoint("registration_endpoint", Some(endpoint))?;
    // A program on somebody's own machine can keep no secret, so it has one only where it must.
    let offered = found.metadata.token_endpoint_auth_methods_supported.as_deref();
    let public = offered.is_none_or(|offered| offered.iter().any(|offer| offer == "none"));
    let mut body = client.registration(redirect, if public { "none" } else { method(offered) });
    // All that may be asked for one day, not only today.
    let mut all = scopes.to_vec();
    add(&mut all, found.scopes.clone().unwrap_or_default());
    add(&mut all, found.metadata.scopes_supported.clone().unwrap_or_default());
    if let Some(members) = body.as_object_mut().filter(|_| !all.is_empty()) {
        members.insert("scope".to_owned(), all.join(" ").into());
    }
    let post = Post { kind: "application/json", authorization: None, body: Secret::new(body.to_string()) };
    let reply = wire.post(&url, post).await?;
    if !reply.status.is_success() {
        let status = reply.status.as_u16();
        let refusal: Refusal = reply.json().map_err(|_| answer(&url, format!("HTTP {status}")))?;
        return Err(refused(found, &refusal, &[]));
    }
    let registration: Registration = reply.json().map_err(|reason| answer(&url, reason))?;
    Ok(Registration { redirect_uri: redirect.to_owned(), ..registration })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_as_the_server_wants_it() {
        let offer = |methods: &[&str]| methods.iter().map(|method| (*method).to_owned()).collect::<Vec<_>>();
        assert_eq!(method(None), "client_secret_basic");
        assert_eq!(method(Some(&offer(&["client_secret_post", "client_secret_basic"]))), "client_secret_basic");
        assert_eq!(method(Some(&offer(&["private_key_jwt", "client_secret_post"]))), "client_secret_post");
        assert_eq!(method(Some(&offer(&["none"]))), "none");
    }
}
