//! As whom we ask for tokens.

use flowc::Secret;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// As whom we ask for tokens: how an authorization server knows this program.
///
/// There are three ways, and what is given decides which is taken:
///
/// ```
/// use flowc_mcp::auth::Client;
///
/// // The server reads who we are at an address of ours. It is the preferred way, and nothing has to be agreed before.
/// let desk = Client::new("Travel desk").metadata("https://desk.example/mcp-client.json");
///
/// // Somebody registered us by hand. Tokens then come from this authorization server, and from no other.
/// let registered = Client::new("Travel desk").registered("https://login.example", "desk-7").secret("s3cret");
///
/// // We register ourselves. The protocol has deprecated this; it is done where a server offers nothing else.
/// let plain = Client::new("Travel desk");
/// # let _ = (desk, registered, plain);
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    pub(super) name: String,
    pub(super) metadata: Option<String>,
    pub(super) registered: Option<Registered>,
}

/// What somebody agreed on with an authorization server.
#[derive(Debug, Clone)]
pub(super) struct Registered {
    pub(super) issuer: String,
    pub(super) id: String,
    pub(super) proof: Proof,
}

/// What proves that we are who we say we are.
#[derive(Debug, Clone)]
pub(super) enum Proof {
    /// Nothing: whoever has this program can see all that is in it.
    Nothing,
    Secret(Secret<String>),
    /// A private key, in PEM.
    Key(Secret<String>),
}

/// Who we are to one authorization server.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub(super) id: String,
    pub(super) proof: Proof,
    /// How to show the proof, if the authorization server said so.
    pub(super) method: Option<String>,
}

/// What an authorization server answered when we registered ourselves.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Registration {
    pub(super) client_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "super::grant::plain")]
    pub(super) client_secret: Option<Secret<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) token_endpoint_auth_method: Option<String>,
    /// Where people are sent back to after they signed in.
    #[serde(default)]
    pub(super) redirect_uri: String,
}

impl Client {
    /// A program with a name that people see when they sign in.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), metadata: None, registered: None }
    }

    /// The address of a document that says who we are: a client-id metadata document. [`document`](Self::document) is what has to
    /// be there.
    #[must_use]
    pub fn metadata(mut self, url: impl Into<String>) -> Self {
        self.metadata = Some(url.into());
        self
    }

    /// We are registered with an authorization server, under an id that it gave us.
    ///
    /// The `issuer` is its address as it writes it itself. What proves who we are is sent nowhere else, whatever authorization
    /// server an MCP server names.
    #[must_use]
    pub fn registered(mut self, issuer: impl Into<String>, id: impl Into<String>) -> Self {
        self.registered = Some(Registered { issuer: issuer.into(), id: id.into(), proof: Proof::Nothing });
        self
    }

    /// The secret that belongs to the id of [`registered`](Self::registered).
    #[must_use]
    pub fn secret(self, secret: impl Into<Secret<String>>) -> Self {
        self.proof(Proof::Secret(secret.into()))
    }

    /// The private key, as PKCS #8 in PEM, that belongs to the id of [`registered`](Self::registered): ECDSA with P-256 (`ES256`) or
    /// RSA (`RS256`). The key itself is never sent; it signs a statement that is good for a minute (`private_key_jwt`).
    #[must_use]
    pub fn private_key(self, pem: impl Into<Secret<String>>) -> Self {
        self.proof(Proof::Key(pem.into()))
    }

    fn proof(mut self, proof: Proof) -> Self {
        if let Some(registered) = &mut self.registered {
            registered.proof = proof;
        }
        self
    }

    /// The document to put at the address of [`metadata`](Self::metadata).
    ///
    /// ```
    /// use flowc_mcp::auth::Client;
    ///
    /// let client = Client::new("Travel desk").metadata("https://desk.example/mcp-client.json");
    /// let document = client.document();
    /// assert_eq!(document["client_id"], "https://desk.example/mcp-client.json");
    /// assert_eq!(document["redirect_uris"][0], "http://127.0.0.1/callback");
    /// ```
    pub fn document(&self) -> Value {
        // By RFC 8252 the port of a loopback address does not count.
        let mut document = self.registration("http://127.0.0.1/callback", "none");
        if let (Some(url), Some(members)) = (&self.metadata, document.as_object_mut()) {
            members.insert("client_id".to_owned(), json!(url));
        }
        document
    }

    /// What we say of ourselves when we register.
    pub(super) fn registration(&self, redirect: &str, method: &str) -> Value {
        json!({
            "client_name": self.name,
            "redirect_uris": [redirect],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": method,
            "application_type": "native",
        })
    }
}

impl From<&Registered> for Identity {
    fn from(registered: &Registered) -> Self {
        Self { id: registered.id.clone(), proof: registered.proof.clone(), method: None }
    }
}

impl From<&Registration> for Identity {
    fn from(registration: &Registration) -> Self {
        // Some servers write an empty secret for a client that has none.
        let secret = registration.client_secret.clone().filter(|secret| !secret.expose().is_empty());
        Self {
            id: registration.client_id.clone(),
            proof: secret.map_or(Proof::Nothing, Proof::Secret),
            method: registration.token_endpoint_auth_method.clone(),
        }
    }
}
