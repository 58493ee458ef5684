//! A person signs in: the authorization code flow with PKCE.

use std::time::Duration;

use super::browser::Browser;
use super::client::Identity;
use super::discovery::Found;
use super::error::{AuthError, AuthErrorKind};
use super::flow::{Core, scoped};
use super::form::Form;
use super::grant::{Grant, Record};
use super::redirect::{Expected, Landing};
use super::{random, token};

impl Core {
    /// Has a person sign in: the authorization code flow with PKCE.
    pub(super) async fn sign_in(
        &self,
        found: &Found,
        record: &mut Record,
        scopes: &[String],
        browser: &dyn Browser,
        port: Option<u16>,
        limit: Duration,
    ) -> Result<Grant, AuthError> {
        let methods = found.metadata.code_challenge_methods_supported.as_deref();
        let pkce = methods.map_or(self.unlisted_pkce, |methods| methods.iter().any(|method| method == "S256"));
        if !pkce {
            return Err(AuthErrorKind::NoPkce { issuer: found.issuer.clone() }.into());
        }
        let page = found.endpoint("authorization_endpoint", found.metadata.authorization_endpoint.as_ref())?;
        // Whoever names the page must not have a browser open what is in the own network either.
        self.wire.guard().addresses(&page).await?;

        let (landing, identity) = self.land(found, record, scopes, port).await?;
        let (state, verifier) = (random::token()?, random::token()?);
        let query = Form::default()
            .with("response_type", "code")
            .with("client_id", &identity.id)
            .with("redirect_uri", &landing.uri)
            .with("state", state.expose())
            .with("code_challenge", &random::challenge(verifier.expose()))
            .with("code_challenge_method", "S256")
            .with("resource", &found.resource);
        let url = scoped(query, scopes).after(page.as_str());
        let expected = Expected {
            state: &state,
            issuer: &found.issuer,
            must_name_issuer: found.metadata.authorization_response_iss_parameter_supported,
        };
        // The browser may be at work until somebody has signed in, or be gone at once.
        let opened = async {
            let opened = browser.open(&url).await;
            opened.map_err(|error| {
                AuthError::from(AuthErrorKind::NotSignedIn { reason: format!("no browser could be opened: {error}") })
            })
        };
        let mut coming = std::pin::pin!(landing.code(&expected, limit));
        let code = tokio::select! {
            code = &mut coming => code?,
            opened = opened => {
                opened?;
                coming.await?
            }
        };
        let form = Form::default()
            .with("grant_type", "authorization_code")
            .secret("code", &code)
            .secret("code_verifier", &verifier)
            .with("redirect_uri", &landing.uri);
        let grant = token::fetch(&self.wire, found, &identity, form, scopes, None).await?;
        tracing::info!(server = self.server.as_str(), issuer = found.issuer, "somebody signed in");
        Ok(grant)
    }

    /// Opens the port where a browser comes back to, and makes sure that the authorization server knows us with it.
    async fn land(
        &self,
        found: &Found,
        record: &mut Record,
        scopes: &[String],
        port: Option<u16>,
    ) -> Result<(Landing, Identity), AuthError> {
        if let Some(identity) = self.known(found, None) {
            return Ok((Landing::open(port).await?, identity));
        }
        if let Some(registration) = &record.registration {
            // Many servers compare the whole address, with the port.
            let known = Landing::port_of(&registration.redirect_uri);
            if let Some(known) = known.filter(|known| port.is_none_or(|port| port == *known))
                && let Ok(landing) = Landing::open(Some(known)).await
            {
                return Ok((landing, registration.into()));
            }
        }
        let landing = Landing::open(port).await?;
        let registration = token::register(&self.wire, found, &self.client, &landing.uri, scopes).await?;
        let identity = Identity::from(&registration);
        record.registration = Some(registration);
        Ok((landing, identity))
    }
}
