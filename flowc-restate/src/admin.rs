use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::deployment::Deployment;
use crate::error::{ClientError, DeployError};
use crate::http::Http;

/// The admin address of Restate, where deployments are registered.
#[derive(Debug, Clone)]
pub struct Admin(Http);

#[derive(Deserialize)]
struct Deployments {
    deployments: Vec<Registered>,
}

#[derive(Deserialize)]
struct Registered {
    #[serde(default)]
    uri: Option<String>,
    services: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Serialize)]
struct Register<'a> {
    uri: &'a str,
}

#[derive(Serialize)]
struct Query {
    query: String,
}

#[derive(Deserialize)]
struct Rows<T> {
    rows: Vec<T>,
}

impl Admin {
    /// The address, as `http://127.0.0.1:9070`.
    pub fn new(url: &str) -> Self {
        Self(Http::new(url))
    }

    /// Registers a deployment that is served at `uri`, an address that the Restate server reaches. New runs begin there; those that are
    /// open go on where they began.
    ///
    /// An address belongs to one version of its workflows: registering the same one again changes nothing, and one with other steps is
    /// refused, as it would break the runs that are open.
    ///
    /// # Errors
    /// Restate cannot be asked, does not reach the deployment, or has another version at this address.
    pub async fn register<R: Send + Sync + 'static>(
        &self,
        uri: &str,
        deployment: &Deployment<R>,
    ) -> Result<(), DeployError> {
        let known: Deployments = self.ask("/deployments").await.map_err(DeployError::asked)?;
        let now = deployment.services();
        let is_here = |known: &&Registered| known.uri.as_deref().is_some_and(|known| same(known, uri));
        if let Some(known) = known.deployments.iter().find(is_here) {
            let mut then: Vec<_> = known.services.iter().map(|service| service.name.clone()).collect();
            then.sort_unstable();
            return if then == now { Ok(()) } else { Err(DeployError::changed(uri, &then, &now)) };
        }
        let answer = self.0.post("/deployments", &Register { uri }).await.map_err(DeployError::asked)?;
        if answer.is_ok() { Ok(()) } else { Err(DeployError::refused(uri, &answer.message())) }
    }

    async fn ask<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.0.get(path).await?.json()
    }

    /// The rows that a query gives.
    pub(crate) async fn query<T: DeserializeOwned>(&self, query: String) -> Result<Vec<T>, ClientError> {
        let rows: Rows<T> = self.0.post("/query", &Query { query }).await?.json()?;
        Ok(rows.rows)
    }

    /// Cancels an invocation.
    pub(crate) async fn cancel(&self, invocation: &str) -> Result<(), ClientError> {
        let answer = self.0.patch(&format!("/invocations/{invocation}/cancel")).await?;
        if answer.is_ok() { Ok(()) } else { Err(answer.refused()) }
    }
}

/// Restate writes an address with `/` at its end.
fn same(one: &str, other: &str) -> bool {
    one.trim_end_matches('/') == other.trim_end_matches('/')
}
