//! Workflows served as MCP tools.
//!
//! A workflow becomes a tool in one line. Its parameters are the tool's input, with their types and doc comments; its result is the
//! tool's output; its doc comment says what the tool does. All five versions of the protocol are spoken.
//!
//! ```no_run
//! use flowc::{Engine, node, workflow};
//! use flowc_mcp::server::McpServer;
//!
//! #[node]
//! async fn count(text: &str) -> usize {
//!     text.split_whitespace().count()
//! }
//!
//! workflow! {
//!     /// Counts the words of a text.
//!     fn words(
//!         /// The text, in any language that puts spaces between words.
//!         text: &str,
//!     ) -> usize {
//!         count(text)
//!     }
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let engine = Engine::builder().resources(()).build();
//!     McpServer::new(engine).name("words").workflow::<words>().serve_stdio().await?;
//!     Ok(())
//! }
//! ```
//!
//! What happens in a run reaches the client: steps that are done and what nodes say of their progress as progress notifications, a
//! failure as the tool's error with what can be done about it, a question to a [`Person`] as a form. A client that cancels a call, or
//! goes away, cancels the run; a call that takes long goes on as a task, for a client that knows tasks.

mod ask;
mod auth;
mod call;
mod card;
mod error;
mod guard;
mod handler;
mod http;
mod parked;
mod person;
mod progress;
mod serving;
mod settings;
mod shared;
mod stdio;
mod tool;
mod ws;

use std::collections::BTreeMap;
use std::fmt;

use flowc::schema::{Inputs, JsonInputs, JsonOutput};
use flowc::{Engine, ResourcesFrom, Workflow};

pub use auth::{Auth, Caller, Rejected};
pub use card::ServerCard;
pub use error::ServeError;
pub use person::{AskError, Person};
pub use serving::Serving;
pub use settings::Limits;
pub use tool::ToolOptions;

use self::http::Speaks;
use handler::Nothing;
use shared::{Parts, Shared};
use tool::Served;

/// Serves workflows as MCP tools: see the [module](self).
#[must_use = "nothing is served until `.serve_stdio()`, `.serve_http(..)` or `.serve_ws(..)`"]
pub struct McpServer<R> {
    engine: Engine<R>,
    parts: Parts,
    path: String,
    /// A name that two tools have.
    twice: Option<String>,
}

impl<R: Send + Sync + 'static> McpServer<R> {
    /// A server without tools, whose runs the engine starts.
    pub fn new(engine: Engine<R>) -> Self {
        let parts = Parts {
            name: "flowc".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            instructions: None,
            tools: BTreeMap::new(),
            person: None,
            limits: Limits::new(),
            auth: None,
            card: None,
            origins: Vec::new(),
            hosts: Vec::new(),
        };
        Self { engine, parts, path: "/mcp".to_owned(), twice: None }
    }

    /// What the server is called.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.parts.name = name.into();
        self
    }

    /// The version of the server.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.parts.version = version.into();
        self
    }

    /// What a model should know before it uses the tools.
    pub fn instructions(mut self, instructions: impl Into<String>) -> Self {
        self.parts.instructions = Some(instructions.into());
        self
    }

    /// Serves a workflow under its own name.
    ///
    /// An input that cannot be read from JSON, or an output that cannot be written, is a compile error that names it:
    ///
    /// ```compile_fail,E0277
    /// # use flowc::{Engine, node, workflow};
    /// # use flowc_mcp::server::McpServer;
    /// struct Query(String);
    ///
    /// #[node]
    /// fn length(query: Query) -> usize { query.0.len() }
    /// workflow! { fn size(query: Query) -> usize { length(query) } }
    ///
    /// let engine = Engine::builder().resources(()).build();
    /// let server = McpServer::new(engine).workflow::<size>();
    /// ```
    pub fn workflow<W>(self) -> Self
    where
        W: Workflow + ResourcesFrom<R> + JsonInputs + JsonOutput + Inputs<Owned: Send + 'static, Held: Send>,
        for<'x> W::Resources<'x>: Send,
    {
        self.workflow_as::<W>(ToolOptions::new())
    }

    /// Serves a workflow, and tells clients more of it than it says by itself.
    pub fn workflow_as<W>(mut self, options: ToolOptions) -> Self
    where
        W: Workflow + ResourcesFrom<R> + JsonInputs + JsonOutput + Inputs<Owned: Send + 'static, Held: Send>,
        for<'x> W::Resources<'x>: Send,
    {
        let served = Served::new::<W, R>(&self.engine, options);
        let name = served.tool.name.to_string();
        if self.parts.tools.insert(name.clone(), served).is_some() {
            self.twice = Some(name);
        }
        self
    }

    /// The person whom nodes ask: a clone of the one that is a resource of the engine.
    pub fn person(mut self, person: &Person) -> Self {
        self.parts.person = Some(person.clone());
        self
    }

    /// What clients may do.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.parts.limits = limits;
        self
    }

    /// Asks for a token, over HTTP and WebSocket.
    pub fn auth(mut self, auth: Auth) -> Self {
        self.parts.auth = Some(auth);
        self
    }

    /// Tells programs that look for servers of this one, over HTTP.
    pub fn card(mut self, card: ServerCard) -> Self {
        self.parts.card = Some(card);
        self
    }

    /// A name by which others reach the server, with or without a port. If none is said it is reached from its own machine alone.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.parts.hosts.push(host.into());
        self
    }

    /// Pages of this origin may call from a browser: `https://app.example.com`, or `http://localhost:*` for all ports. If no host and no
    /// origin is said, pages of the own machine may.
    pub fn origin(mut self, origin: impl Into<String>) -> Self {
        self.parts.origins.push(origin.into());
        self
    }

    /// The path of the URL; `/mcp` if not said.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Serves the program that started this one, over standard input and output, until it closes them. Nothing else may be
    /// written to standard output meanwhile.
    ///
    /// # Errors
    /// Two tools have one name, or the other program does not speak MCP.
    pub async fn serve_stdio(self) -> Result<(), ServeError> {
        let (shared, _) = self.shared()?;
        stdio::serve(shared).await
    }

    /// Serves over Streamable HTTP, and does not come back. [`bind_http`](Self::bind_http) gives a handle instead.
    ///
    /// # Errors
    /// Those of [`bind_http`](Self::bind_http).
    pub async fn serve_http(self, address: &str) -> Result<(), ServeError> {
        self.bind_http(address).await?.ended().await;
        Ok(())
    }

    /// Serves over WebSocket, and does not come back. [`bind_ws`](Self::bind_ws) gives a handle instead.
    ///
    /// # Errors
    /// Those of [`bind_http`](Self::bind_http).
    pub async fn serve_ws(self, address: &str) -> Result<(), ServeError> {
        self.bind_ws(address).await?.ended().await;
        Ok(())
    }

    /// Begins to serve over Streamable HTTP, as `127.0.0.1:8080` say; port 0 takes any that is free.
    ///
    /// # Errors
    /// Two tools have one name, the address cannot be listened at, or others reach it and the server knows no
    /// [`host`](Self::host) of its own.
    pub async fn bind_http(self, address: &str) -> Result<Serving, ServeError> {
        let (shared, path) = self.shared()?;
        Serving::bind(shared, Nothing, address, (&path, Speaks::Http)).await
    }

    /// Begins to serve over WebSocket. The URL is `ws://`, the address and the [`path`](Self::path).
    ///
    /// # Errors
    /// Those of [`bind_http`](Self::bind_http).
    pub async fn bind_ws(self, address: &str) -> Result<Serving, ServeError> {
        let (shared, path) = self.shared()?;
        Serving::bind(shared, Nothing, address, (&path, Speaks::WebSocket)).await
    }

    /// As [`bind_http`](Self::bind_http), with what answers all that is no workflow. For the conformance suite, which asks for more than
    /// tools.
    ///
    /// # Errors
    /// Those of [`bind_http`](Self::bind_http).
    #[cfg(feature = "conformance")]
    #[doc(hidden)]
    pub async fn bind_http_beside(
        self,
        address: &str,
        beside: impl rmcp::ServerHandler + Clone,
    ) -> Result<Serving, ServeError> {
        let (shared, path) = self.shared()?;
        Serving::bind(shared, beside, address, (&path, Speaks::Http)).await
    }

    fn shared(self) -> Result<(Shared, String), ServeError> {
        match self.twice {
            Some(name) => Err(ServeError::Twice { name }),
            None => Ok((Shared::new(self.parts), self.path)),
        }
    }
}

impl<R> fmt::Debug for McpServer<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tools: Vec<_> = self.parts.tools.keys().collect();
        f.debug_struct("McpServer").field("name", &self.parts.name).field("tools", &tools).finish_non_exhaustive()
    }
}
