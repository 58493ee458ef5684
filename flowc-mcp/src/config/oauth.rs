//! `oauth` under `x-flowc`: how tokens for a server are got.

use flowc::Secret;
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;

use super::ConfigError;
use super::place::{get, name};
use super::read::Reader;
use crate::ServerConfig;
use crate::auth::{Client, FileStore, OAuth};

/// What is known under `oauth`.
const KNOWN: [&str; 9] =
    ["name", "metadata", "issuer", "clientId", "clientSecret", "privateKey", "scopes", "store", "redirectPort"];

impl Reader<'_> {
    /// With an id and something that proves it, the program itself is let in; otherwise a person signs in.
    pub(super) fn oauth(&self, config: &mut ServerConfig, value: &Value<'_>) -> Result<(), ConfigError> {
        let object = self.source.object(value, "oauth", "write `{ \"name\": \"My program\" }`")?;
        if let Some(property) = object.properties.iter().find(|property| !KNOWN.contains(&name(property))) {
            let error = self.source.error_at(property.start(), format!("`oauth` has no setting `{}`", name(property)));
            return Err(error.help_with(format!("there are {}", KNOWN.map(|known| format!("`{known}`")).join(", "))));
        }
        let mut text = |key| get(object, key).map(|value| self.text(value, key, &mut config.secrets)).transpose();
        let mut client = Client::new(text("name")?.unwrap_or_else(|| "flowc".to_owned()));
        if let Some(url) = text("metadata")? {
            client = client.metadata(url);
        }
        let (issuer, id) = (text("issuer")?, text("clientId")?);
        let (secret, key, store) = (text("clientSecret")?.map(Secret::new), text("privateKey")?, text("store")?);
        let itself = secret.is_some() || key.is_some();
        match (issuer, id) {
            (Some(issuer), Some(id)) => client = client.registered(issuer, id),
            (None, None) if !itself => {}
            _ => {
                let problem = "`issuer` and `clientId` belong together";
                return Err(self
                    .source
                    .error(value, problem)
                    .help_with("give both: an id is good for the one server that gave it"));
            }
        }
        if let Some(secret) = secret {
            config.secrets.push(secret.clone());
            client = client.secret(secret);
        }
        if let (Some(file), Some(at)) = (key, get(object, "privateKey")) {
            let path = self.under(file);
            let pem = std::fs::read_to_string(&path);
            client = client.private_key(
                pem.map_err(|error| self.source.error(at, format!("`{}` cannot be read: {error}", path.display())))?,
            );
        }
        let mut oauth = if itself { OAuth::client_credentials(client) } else { OAuth::interactive(client) };
        if let Some(scopes) = get(object, "scopes") {
            oauth = oauth.scopes(self.source.strings(scopes, "scopes")?.into_iter().map(|(scope, _)| scope));
        }
        if let Some(folder) = store {
            oauth = oauth.store(FileStore::at(self.under(folder)));
        }
        if let Some(port) = get(object, "redirectPort") {
            oauth = oauth.redirect_port(self.source.number(port, "redirectPort")?);
        }
        *config = config.clone().oauth(oauth);
        Ok(())
    }
}
