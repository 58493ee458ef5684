//! What a module of typed steps shares: the snapshot it was made of, and whether the server still fits it.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use flowc::Context;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::arguments::Arguments;
use super::{Drift, Snapshot};
use crate::client::Tools;
use crate::{CallOptions, McpError, McpErrorKind, McpServers, Server, ToolResult};

/// What a module of [`mcp!`](crate::mcp) was made of. Each module has one, called `TOOLS`.
///
/// Before the first call of a step, and whenever the server's tools may have changed, the snapshot is compared with the server. A
/// [`Drift`] that is breaking is an error of the step, another one is logged.
///
/// ```no_run
/// flowc_mcp::mcp! {
///     mod time = "src/typed/time.json";
/// }
///
/// async fn look(servers: &flowc_mcp::McpServers) -> Result<(), flowc_mcp::McpError> {
///     // Looks at the server now, and not at the first call.
///     let drift = time::TOOLS.check(servers).await?;
///     println!("{drift}");
///     Ok(())
/// }
/// ```
pub struct TypedTools {
    server: &'static str,
    text: &'static str,
    used: &'static [&'static str],
    snapshot: OnceLock<Arc<Snapshot>>,
    /// The lists of tools that were compared, with what was found.
    compared: Mutex<Vec<(Weak<Tools>, Arc<Drift>)>>,
}

impl TypedTools {
    /// For generated code only.
    #[doc(hidden)]
    pub const fn new(server: &'static str, text: &'static str, used: &'static [&'static str]) -> Self {
        Self { server, text, used, snapshot: OnceLock::new(), compared: Mutex::new(Vec::new()) }
    }

    /// The server, as it is called in the file of servers.
    pub fn server(&self) -> &'static str {
        self.server
    }

    /// The tools of the module, as the server calls them.
    pub fn names(&self) -> &'static [&'static str] {
        self.used
    }

    /// The snapshot that the module was made of.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        // The macro has read the same text: it is a snapshot.
        let read = || Arc::new(self.text.parse().unwrap_or_default());
        Arc::clone(self.snapshot.get_or_init(read))
    }

    /// Compares the snapshot with the server now. What is compatible is logged and returned.
    ///
    /// # Errors
    /// If the server cannot be asked, or does not fit: [`McpErrorKind::Drift`] shows the difference.
    pub async fn check(&self, servers: &McpServers) -> Result<Drift, McpError> {
        let server = servers.server(self.server)?;
        let drift = self.compared(&server, &CallOptions::new()).await?;
        Ok(Drift::clone(&drift))
    }

    async fn compared(&self, server: &Server, options: &CallOptions<'_>) -> Result<Arc<Drift>, McpError> {
        let tools = server.known_tools(options).await?;
        let drift = self.known(&tools).unwrap_or_else(|| self.compare(&tools));
        if drift.is_breaking() {
            let breaking = Drift::clone(&drift).breaking();
            return Err(McpError::new(&Arc::from(self.server), McpErrorKind::Drift { drift: breaking }));
        }
        Ok(drift)
    }

    fn known(&self, tools: &Arc<Tools>) -> Option<Arc<Drift>> {
        let compared = self.compared.lock().unwrap_or_else(PoisonError::into_inner);
        let found = compared.iter().find(|(known, _)| std::ptr::eq(known.as_ptr(), Arc::as_ptr(tools)));
        found.map(|(_, drift)| Arc::clone(drift))
    }

    /// Compares, and takes note of it. A list that nobody has any more is forgotten.
    fn compare(&self, tools: &Arc<Tools>) -> Arc<Drift> {
        let drift = Arc::new(Drift::of(&self.snapshot().tools, &tools.list, |tool| self.used.contains(&tool)));
        if !drift.is_empty() && !drift.is_breaking() {
            tracing::info!(
                server = self.server,
                "the tools have changed since the snapshot, and still fit it\n{drift}"
            );
        }
        let mut compared = self.compared.lock().unwrap_or_else(PoisonError::into_inner);
        compared.retain(|(known, _)| known.strong_count() > 0);
        compared.push((Arc::downgrade(tools), Arc::clone(&drift)));
        drift
    }

    /// Calls a tool. For generated code only.
    #[doc(hidden)]
    pub async fn call(
        &self,
        servers: &McpServers,
        cx: &Context,
        tool: &str,
        arguments: Arguments,
        repeatable: bool,
    ) -> Result<ToolResult, McpError> {
        let server = servers.server(self.server)?;
        let options = CallOptions::of(cx);
        let options = if repeatable { options.idempotent() } else { options };
        self.compared(&server, &options).await?;
        let arguments =
            arguments.finish().map_err(|problems| self.wrong(tool, McpErrorKind::Arguments { problems }))?;
        server.call_with(tool, arguments, &options).await?.success()
    }

    /// The structured part of a result. For generated code only.
    #[doc(hidden)]
    pub fn structured<T: DeserializeOwned>(&self, result: &ToolResult) -> Result<T, McpError> {
        result.value()
    }

    /// The field `result` of the structured part. For generated code only.
    #[doc(hidden)]
    pub fn wrapped<T: DeserializeOwned>(&self, tool: &str, result: ToolResult) -> Result<T, McpError> {
        let Some(Value::Object(mut fields)) = result.structured else {
            let reason = "it has no structured value".to_owned();
            return Err(self.wrong(tool, McpErrorKind::Output { reason }));
        };
        let value = fields.remove("result").unwrap_or_default();
        T::deserialize(value).map_err(|error| self.wrong(tool, McpErrorKind::Output { reason: error.to_string() }))
    }

    fn wrong(&self, tool: &str, kind: McpErrorKind) -> McpError {
        McpError::new(&Arc::from(self.server), kind).of(tool)
    }
}

impl fmt::Debug for TypedTools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedTools").field("server", &self.server).field("names", &self.used).finish_non_exhaustive()
    }
}
