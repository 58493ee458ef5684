//! A server that is configured: its connections, its policies and what is known of its tools.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use flowc::policy::{Breaker, RateLimiter};
use serde_json::{Map, Value};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::asks::{Ask, CallTool, ListTools};
use super::validate::Checked;
use super::{CallOptions, Changes, InputHandler, Progress, ServerStatus, Tool, ToolResult};
use crate::config::ServerConfig;
use crate::error::{McpError, McpErrorKind};
use crate::link::{Answering, Asked, With};
use crate::pool::{Pool, exponential};

/// So much progress is kept for a listener that is slow.
const HEARD: usize = 64;

pub(crate) struct Served {
    pub(crate) name: Arc<str>,
    pub(crate) config: ServerConfig,
    pub(crate) changes: Changes,
    input: Option<Arc<dyn InputHandler>>,
    pool: Arc<Pool>,
    breaker: Option<Breaker>,
    rate: Option<RateLimiter>,
    /// The tools, and how often they had changed before they were read.
    tools: Mutex<Option<(u64, Arc<Tools>)>>,
}

/// The tools of a server.
pub(crate) struct Tools {
    pub(crate) list: Vec<Tool>,
    by_name: HashMap<String, Arc<Checked>>,
}

impl Served {
    pub(crate) fn new(name: Arc<str>, config: ServerConfig, input: Option<Arc<dyn InputHandler>>) -> Self {
        let changes = Changes::new();
        let asked = Asked { server: Arc::clone(&name), input: input.clone(), changes: changes.clone() };
        let label = format!("mcp:{name}");
        Self {
            pool: Pool::new(config.clone(), asked),
            breaker: config.settings.breaker.as_ref().map(|policy| Breaker::new(label.clone(), policy)),
            rate: config.settings.rate.as_ref().map(|policy| RateLimiter::new(label, policy)),
            tools: Mutex::default(),
            name,
            config,
            changes,
            input,
        }
    }

    pub(crate) fn error(&self, kind: McpErrorKind) -> McpError {
        McpError::new(&self.name, kind)
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }

    pub(crate) fn status(&self) -> ServerStatus {
        let look = self.pool.look();
        ServerStatus {
            name: self.name.to_string(),
            transport: self.config.transport(),
            state: look.state,
            info: look.info,
            connections: look.connections,
            in_flight: look.in_flight,
            breaker: self.breaker.as_ref().map(Breaker::state),
            last_error: look.last_error,
        }
    }

    /// The tools that are known, if they have not changed since.
    fn known_tools(&self) -> Option<Arc<Tools>> {
        let tools = self.tools.lock().unwrap_or_else(PoisonError::into_inner);
        tools.as_ref().filter(|(read, _)| *read == self.changes.generation()).map(|(_, tools)| Arc::clone(tools))
    }

    /// The tools, read from the server if they are not known.
    pub(crate) async fn tools(&self, options: &CallOptions<'_>) -> Result<Arc<Tools>, McpError> {
        if let Some(tools) = self.known_tools() {
            return Ok(tools);
        }
        let read = self.changes.generation();
        let list = self.ask(options, true, &ListTools).await?;
        let by_name = list.iter().map(|tool| (tool.name.clone(), Arc::new(Checked::new(tool.clone())))).collect();
        let tools = Arc::new(Tools { list, by_name });
        *self.tools.lock().unwrap_or_else(PoisonError::into_inner) = Some((read, Arc::clone(&tools)));
        Ok(tools)
    }

    /// Calls a tool.
    pub(crate) async fn call(
        &self,
        tool: &str,
        arguments: Value,
        options: &CallOptions<'_>,
    ) -> Result<ToolResult, McpError> {
        if options.validate {
            self.validate(tool, &arguments, options).await?;
        }
        let arguments = self.arguments(tool, arguments)?;
        let repeatable = options.idempotent || self.is_repeatable(tool);
        let call = CallTool { tool, arguments: &arguments };
        self.ask(options, repeatable, &call).await.map_err(|error| error.of(tool))
    }

    /// Compares arguments with the schema of their tool.
    async fn validate(&self, tool: &str, arguments: &Value, options: &CallOptions<'_>) -> Result<(), McpError> {
        let tools = self.tools(options).await.map_err(|error| error.of(tool))?;
        let Some(checked) = tools.by_name.get(tool) else {
            let known = tools.list.iter().map(|tool| tool.name.clone()).collect();
            return Err(self.error(McpErrorKind::NoTool { known }).of(tool));
        };
        let empty = Value::Object(Map::new());
        let problems = checked.problems(if arguments.is_null() { &empty } else { arguments });
        if problems.is_empty() { Ok(()) } else { Err(self.error(McpErrorKind::Arguments { problems }).of(tool)) }
    }

    /// Arguments are an object; none at all are an empty one.
    pub(crate) fn arguments(&self, subject: &str, arguments: Value) -> Result<Map<String, Value>, McpError> {
        match arguments {
            Value::Object(arguments) => Ok(arguments),
            Value::Null => Ok(Map::new()),
            other => {
                let problems = vec![format!("they are an object, and not {other}")];
                Err(self.error(McpErrorKind::Arguments { problems }).of(subject))
            }
        }
    }

    fn is_repeatable(&self, tool: &str) -> bool {
        let settings = &self.config.settings;
        settings.idempotent.iter().any(|name| name == tool || name == "*")
            || self
                .known_tools()
                .and_then(|tools| Some(tools.by_name.get(tool)?.tool.is_repeatable()))
                .unwrap_or_default()
    }

    /// Makes a request with all that goes with it: the time limit, the token, the policies, other attempts.
    pub(super) async fn ask<A: Ask>(
        &self,
        options: &CallOptions<'_>,
        repeatable: bool,
        request: &A,
    ) -> Result<A::Answer, McpError> {
        let limit = options.timeout.unwrap_or(self.config.settings.call_timeout);
        let limit = options.context.and_then(flowc::Context::remaining).map_or(limit, |left| left.min(limit));
        let (progress, mut heard) = options.listens().then(|| mpsc::channel::<Progress>(HEARD)).unzip();
        let answering = options.input.as_ref().or(self.input.as_ref()).map(|input| Answering {
            input: Arc::clone(input),
            context: options.context.cloned(),
            own: options.input.is_some(),
        });
        let with = With { traceparent: options.traceparent.as_deref(), progress, answering };
        let attempts = self.attempts(limit, repeatable, &with, request);
        tokio::pin!(attempts);
        let result = loop {
            tokio::select! {
                biased;
                Some(progress) = next(heard.as_mut()) => options.heard(&progress),
                result = &mut attempts => break result,
                () = cancelled(options) => return Err(self.error(McpErrorKind::Cancelled)),
            }
        };
        // What came before the result, but was not yet told.
        while let Some(progress) = heard.as_mut().and_then(|heard| heard.try_recv().ok()) {
            options.heard(&progress);
        }
        result
    }

    /// One attempt after the other, as long as that is safe and there is time.
    async fn attempts<A: Ask>(
        &self,
        limit: Duration,
        repeatable: bool,
        with: &With<'_>,
        request: &A,
    ) -> Result<A::Answer, McpError> {
        let deadline = Instant::now() + limit;
        let retry = &self.config.settings.retry;
        let mut attempt = 1;
        loop {
            let error = match self.attempt(limit, deadline, with, request).await {
                Ok(value) => return Ok(value),
                Err(error) => error.at_attempt(attempt),
            };
            // Who is refused by a policy of ours is to hear of it at once.
            let refused = matches!(error.kind(), McpErrorKind::Refused(_));
            let again = !refused && flowc::policy::Retryable::is_retryable(&error) && (error.is_unsent() || repeatable);
            let asked = flowc::policy::Retryable::retry_after(&error).unwrap_or_default();
            let wait = exponential(retry.base, retry.max, attempt).max(asked);
            if !again || attempt >= retry.attempts || Instant::now() + wait >= deadline {
                return Err(error);
            }
            tracing::debug!(server = &*self.name, %error, ?wait, "another attempt");
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    async fn attempt<A: Ask>(
        &self,
        limit: Duration,
        deadline: Instant,
        with: &With<'_>,
        request: &A,
    ) -> Result<A::Answer, McpError> {
        let refused = |refused| self.error(McpErrorKind::Refused(refused));
        let permit = self.breaker.as_ref().map(Breaker::acquire).transpose().map_err(refused)?;
        let timeout = || self.error(McpErrorKind::Timeout { limit });
        let made = async {
            if let Some(rate) = &self.rate {
                let turn = tokio::time::timeout_at(deadline, rate.acquire("")).await;
                turn.map_err(|_| timeout())?.map_err(refused)?;
            }
            let link = tokio::time::timeout_at(deadline, self.pool.acquire()).await.map_err(|_| timeout())??;
            let answer = tokio::time::timeout_at(deadline, request.ask(&link, with)).await;
            answer.unwrap_or_else(|_| {
                // Slow, or dead? Those who wait on the same connection want to know.
                link.probe(self.config.settings.ping_timeout);
                Err(timeout())
            })
        };
        let result = made.await;
        let outage = result.as_ref().err().is_some_and(McpError::is_outage);
        if result.as_ref().err().is_none_or(McpError::is_answer) {
            self.pool.works();
        }
        if let Some(permit) = permit {
            if outage { permit.failure() } else { permit.success() }
        }
        result
    }
}

/// The next progress; never, if nobody listens.
async fn next(heard: Option<&mut mpsc::Receiver<Progress>>) -> Option<Progress> {
    match heard {
        Some(heard) => heard.recv().await,
        None => std::future::pending().await,
    }
}

/// When the call's own token is cancelled.
async fn cancelled(options: &CallOptions<'_>) {
    match &options.token {
        Some(token) => token.cancelled().await,
        None => std::future::pending().await,
    }
}
