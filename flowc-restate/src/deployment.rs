use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use flowc::journal::{Json, Storable, StorableInputs};
use flowc::remote::{Program, Remote};
use flowc::{ResourcesFrom, Workflow};
use restate_sdk::endpoint::Endpoint;
use restate_sdk::http_server::HttpServer;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::error::DeployError;
use crate::services::{Names, Served, services};

/// Workflows and their nodes, as a process offers them to Restate. The [crate](crate) shows it in use.
///
/// A deployment is one address to Restate. Several processes may stand behind it, with something before them that spreads connections and
/// leaves out a process that does not answer.
pub struct Deployment<R> {
    app: Arc<R>,
    served: Vec<Arc<Served<R>>>,
}

/// Makes a [`Deployment`], once it has been given resources.
#[derive(Debug, Clone, Copy)]
#[must_use = "a deployment needs resources: `.resources(app)`, or `.resources(())`"]
pub struct Builder(());

impl Deployment<()> {
    /// A deployment without resources yet.
    pub fn builder() -> Builder {
        Builder(())
    }
}

impl Builder {
    /// The application: what the nodes of its workflows ask for.
    pub fn resources<R: Send + Sync + 'static>(self, app: R) -> Deployment<R> {
        Deployment { app: Arc::new(app), served: Vec::new() }
    }
}

impl<R: Send + Sync + 'static> Deployment<R> {
    /// Offers workflow `W` and its nodes. What is sent must implement `serde::Serialize` and `serde::Deserialize`: the inputs and the result
    /// of the workflow, and those of its nodes. If one does not, this does not compile.
    #[must_use]
    pub fn workflow<W>(mut self) -> Self
    where
        W: Workflow + ResourcesFrom<R> + Remote<R, Json>,
        W::Output: Storable<W, Json>,
        W::Input<'static>: StorableInputs<W, Json>,
    {
        let program = Program::of::<W>();
        let names = Names::of(&program);
        if !self.served.iter().any(|served| served.names == names) {
            self.served.push(Arc::new(Served { app: Arc::clone(&self.app), program, names }));
        }
        self
    }

    /// The names of its services, sorted. Those of the nodes say which steps the workflows have.
    pub fn services(&self) -> Vec<String> {
        let mut services = Vec::new();
        for served in &self.served {
            let Names { runs, mail, nodes } = served.names.clone();
            services.extend([runs, mail]);
            services.extend(served.program.nodes().next().map(|_| nodes));
        }
        services.sort_unstable();
        services
    }

    /// Serves them at an address, until the handle is dropped. Port 0 is any that is free.
    ///
    /// # Errors
    /// The address cannot be had, or Restate takes no service with the name of a workflow.
    pub async fn serve(&self, at: SocketAddr) -> Result<Serving, DeployError> {
        let mut endpoint = Endpoint::builder();
        for served in &self.served {
            for service in services(served).map_err(DeployError::name)? {
                endpoint = endpoint.bind(service);
            }
        }
        let listener = TcpListener::bind(at).await.map_err(|error| DeployError::address(at, error))?;
        let address = listener.local_addr().map_err(|error| DeployError::address(at, error))?;
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        let task = tokio::spawn(HttpServer::new(endpoint.build()).serve_with_cancel(listener, stopped));
        Ok(Serving { address, stop: stop.drop_guard(), task })
    }
}

impl<R> fmt::Debug for Deployment<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let workflows: Vec<_> = self.served.iter().map(|served| &served.names.runs).collect();
        f.debug_struct("Deployment").field("workflows", &workflows).finish_non_exhaustive()
    }
}

/// A deployment that is served. Dropping it stops taking calls; what Restate has asked for is asked of another process again.
#[derive(Debug)]
#[must_use = "it is served until this is dropped"]
pub struct Serving {
    address: SocketAddr,
    stop: DropGuard,
    task: tokio::task::JoinHandle<()>,
}

impl Serving {
    /// Where it is served.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves for as long as the process lives. A process that ends at any moment breaks nothing.
    pub async fn wait(self) {
        let Self { stop, task, .. } = self;
        let _ = task.await;
        drop(stop);
    }

    /// Takes no more calls, and waits for those that are there, up to 10 seconds.
    pub async fn shutdown(self) {
        let Self { stop, task, .. } = self;
        drop(stop);
        let _ = task.await;
    }
}
