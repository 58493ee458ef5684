//! A server that listens.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rmcp::ServerHandler;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::ServeError;
use super::http::{Door, Speaks};
use super::shared::Shared;

/// A server that listens. It stops when this is dropped.
///
/// ```no_run
/// # use flowc::{Engine, node, workflow};
/// # use flowc_mcp::server::McpServer;
/// # use std::time::Duration;
/// # #[node] fn halve(number: u32) -> u32 { number / 2 }
/// # workflow! { fn half(number: u32) -> u32 { halve(number) } }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let engine = Engine::builder().resources(()).build();
/// let serving = McpServer::new(engine).workflow::<half>().bind_http("127.0.0.1:0").await?;
/// println!("http://{}/mcp", serving.address());
///
/// tokio::signal::ctrl_c().await?;
/// serving.shutdown(Duration::from_secs(10)).await;
/// # Ok(())
/// # }
/// ```
#[must_use = "the server stops when this is dropped: await `ended()`, or keep it"]
pub struct Serving {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// No more connections are taken.
    closing: CancellationToken,
    /// Conversations end.
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Serving {
    pub(super) async fn bind<B: ServerHandler + Clone>(
        shared: Shared,
        beside: B,
        address: &str,
        (path, speaks): (&str, Speaks),
    ) -> Result<Self, ServeError> {
        let cannot = |source| ServeError::Bind { address: address.to_owned(), source };
        let listener = TcpListener::bind(address).await.map_err(cannot)?;
        let bound = listener.local_addr().map_err(cannot)?;
        if !bound.ip().is_loopback() && shared.parts.hosts.is_empty() {
            return Err(ServeError::NoHost { address: address.to_owned() });
        }
        let (shared, closing, stop) = (Arc::new(shared), CancellationToken::new(), CancellationToken::new());
        let door = Arc::new(Door::new(&shared, beside, path, speaks, &stop));
        let task = tokio::spawn(listen(listener, door, Arc::clone(&shared), closing.clone(), stop.clone()));
        Ok(Self { address: bound, shared, closing, stop, task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many calls are under way.
    pub fn calls(&self) -> usize {
        self.shared.under_way()
    }

    /// Waits until it has stopped, which it does not do by itself.
    pub async fn ended(mut self) {
        let _ = (&mut self.task).await;
    }

    /// Stops in good order: no more connections are taken, calls under way have up to `limit`, and what is left then is cancelled.
    pub async fn shutdown(mut self, limit: Duration) {
        self.closing.cancel();
        let end = Instant::now() + limit;
        while self.shared.under_way() > 0 && Instant::now() < end {
            sleep(Duration::from_millis(10)).await;
        }
        self.shared.cancel();
        self.stop.cancel();
        let _ = timeout(LAST_WORDS, &mut self.task).await;
    }
}

/// How long a connection has for its last answer, once everything is cancelled.
const LAST_WORDS: Duration = Duration::from_secs(2);

impl Drop for Serving {
    fn drop(&mut self) {
        self.shared.cancel();
        self.closing.cancel();
        self.stop.cancel();
    }
}

impl std::fmt::Debug for Serving {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Serving").field("address", &self.address).finish_non_exhaustive()
    }
}

async fn listen<B: ServerHandler + Clone>(
    listener: TcpListener,
    door: Arc<Door<B>>,
    shared: Arc<Shared>,
    closing: CancellationToken,
    stop: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(shared.parts.limits.connections.clamp(1, Semaphore::MAX_PERMITS)));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = async {
                let place = Arc::clone(&places).acquire_owned().await;
                (listener.accept().await, place)
            } => accepted,
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
            () = closing.cancelled() => break,
        };
        match accepted {
            (Ok((stream, _)), Ok(place)) => {
                let (door, stop, limit) = (Arc::clone(&door), stop.clone(), shared.parts.limits.read_timeout);
                connections.spawn(async move {
                    let _place = place;
                    connection(stream, door, stop, limit).await;
                });
            }
            // Mostly there are too many open files: it gets better, or it does not.
            _ => sleep(Duration::from_millis(50)).await,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn connection<B: ServerHandler + Clone>(
    stream: TcpStream,
    door: Arc<Door<B>>,
    stop: CancellationToken,
    limit: Duration,
) {
    // Answers are small and waited for.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| Arc::clone(&door).respond(request));
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limit);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service).with_upgrades());
    tokio::select! {
        // What goes wrong with a connection is told to its client, if anybody is there.
        _ = connection.as_mut() => {}
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = timeout(LAST_WORDS, connection).await;
        }
    }
}
