use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use flowc::dynamic::{CallError, Calling, Entry, LookupError, Registry};
use flowc::{Context, node};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ToolError, ToolErrorKind};
use crate::model::{Message, ToolCall, ToolSpec};

/// The longest answer of a tool that a model is given, in bytes, where nothing else is said.
const MOST: usize = 64 * 1024;

/// The tools that an application gives to its model: entries of a registry, with what they need. A resource of [`agent`](super::agent()).
///
/// ```
/// use std::sync::Arc;
/// use flowc::dynamic::Registry;
/// use flowc_nodes::Tools;
///
/// #[flowc::node]
/// fn add(a: i64, b: i64) -> i64 {
///     a + b
/// }
///
/// let registry = Registry::<()>::new().with::<add>()?;
/// let tools = Tools::of(&registry, &Arc::new(()), ["add@1"])?.max_bytes(10_000);
/// assert_eq!(tools.specs().map(|tool| tool.name).collect::<Vec<_>>(), ["add"]);
/// // A name is there once.
/// assert_eq!(Tools::of(&registry, &Arc::new(()), ["add", "add@^1"])?.and(tools).specs().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Tools {
    all: Vec<Arc<dyn Tool>>,
    most: usize,
    approver: Option<Arc<dyn Approver>>,
}

impl Tools {
    /// The latest version of everything in a registry.
    pub fn all<App: Send + Sync + 'static>(registry: &Registry<App>, app: &Arc<App>) -> Self {
        let mut tools = Self { all: Vec::new(), most: MOST, approver: None };
        let mut names: Vec<_> = registry.entries().map(Entry::name).collect();
        names.dedup();
        for entry in names.into_iter().filter_map(|name| registry.get(name).ok()) {
            tools.push(entry, app);
        }
        tools
    }

    /// Some of a registry, by their names, as in `search` or `search@^1.2`. Of two versions of one, the first is used.
    ///
    /// # Errors
    /// The registry has no such node.
    pub fn of<App: Send + Sync + 'static>(
        registry: &Registry<App>,
        app: &Arc<App>,
        names: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Self, LookupError> {
        let mut tools = Self { all: Vec::new(), most: MOST, approver: None };
        for name in names {
            tools.push(registry.get(name.as_ref())?, app);
        }
        Ok(tools)
    }

    fn push<App: Send + Sync + 'static>(&mut self, entry: &Entry<App>, app: &Arc<App>) {
        self.add(Arc::new(Bound { entry: entry.clone(), app: Arc::clone(app) }));
    }

    /// A model is not given a name twice: providers refuse that.
    fn add(&mut self, tool: Arc<dyn Tool>) {
        if !self.all.iter().any(|known| known.name() == tool.name()) {
            self.all.push(tool);
        }
    }

    /// These and others, whose settings are left aside. Where two have one name, the first is used.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        others.all.into_iter().for_each(|tool| self.add(tool));
        self
    }

    /// The longest answer of a tool that the model is given, in bytes; 64 KiB if nothing is said. A longer one is an error that the
    /// model is told.
    #[must_use]
    pub fn max_bytes(self, bytes: usize) -> Self {
        Self { most: bytes, ..self }
    }

    /// Asks somebody before each call.
    #[must_use]
    pub fn approver(self, approver: impl Approver + 'static) -> Self {
        Self { approver: Some(Arc::new(approver)), ..self }
    }

    /// The tools as a model is told of them.
    pub fn specs(&self) -> impl Iterator<Item = ToolSpec> {
        self.all.iter().map(|tool| tool.spec())
    }
}

impl fmt::Debug for Tools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.specs().map(|spec| spec.name)).finish()
    }
}

/// A decision on its way.
pub type Approving<'a> = Pin<Box<dyn Future<Output = Approval> + Send + 'a>>;

/// Says whether a tool may be called: a person that is asked, or a rule.
///
/// ```
/// use flowc::Context;
/// use flowc_nodes::{Approval, Approver, Approving, ToolCall};
///
/// struct ReadOnly;
///
/// impl Approver for ReadOnly {
///     fn approve<'a>(&'a self, call: &'a ToolCall, _: &'a Context) -> Approving<'a> {
///         Box::pin(async move {
///             if call.name.starts_with("read_") { Approval::Allowed } else { Approval::denied("only reading is allowed") }
///         })
///     }
/// }
/// ```
pub trait Approver: Send + Sync {
    /// Whether this call may be made. It may take as long as the step may.
    fn approve<'a>(&'a self, call: &'a ToolCall, cx: &'a Context) -> Approving<'a>;
}

/// Whether a call may be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// It may.
    Allowed,
    /// It may not, and the model is told why.
    Denied {
        /// Why not.
        reason: String,
    },
}

impl Approval {
    /// It may not, because of this.
    pub fn denied(reason: impl Into<String>) -> Self {
        Self::Denied { reason: reason.into() }
    }
}

/// A tool, whatever its application is.
trait Tool: Send + Sync {
    fn name(&self) -> &str;
    fn spec(&self) -> ToolSpec;
    fn call<'a>(&'a self, arguments: Value, cx: &'a Context) -> Calling<'a>;
}

struct Bound<App> {
    entry: Entry<App>,
    app: Arc<App>,
}

impl<App: Send + Sync> Tool for Bound<App> {
    fn name(&self) -> &str {
        self.entry.name()
    }

    fn spec(&self) -> ToolSpec {
        ToolSpec::new(self.entry.name(), self.entry.docs(), self.entry.input_schema().clone())
    }

    fn call<'a>(&'a self, arguments: Value, cx: &'a Context) -> Calling<'a> {
        Box::pin(self.entry.call(arguments).within(cx).run(&self.app))
    }
}

/// Calls a tool of the application as a model asks for it, and gives its answer as the model is told it: a text as it is, anything
/// else as JSON.
///
/// # Errors
/// There is no such tool, it does not take these arguments, somebody did not allow it, it failed, or gave more than the model is
/// to be given.
#[node]
pub async fn use_tool(
    call: &ToolCall,
    #[resource] tools: &Tools,
    #[context] cx: &Context,
) -> Result<Message, ToolError> {
    let wrong = |kind, message| ToolError { tool: call.name.clone(), kind, message };
    let Some(tool) = tools.all.iter().find(|tool| tool.name() == call.name) else {
        let names: Vec<_> = tools.all.iter().map(|tool| tool.name()).collect();
        let message = format!("there is no tool `{}`; there are: {}", call.name, names.join(", "));
        return Err(wrong(ToolErrorKind::Unknown, message));
    };
    if let Some(approver) = &tools.approver
        && let Approval::Denied { reason } = approver.approve(call, cx).await
    {
        return Err(wrong(ToolErrorKind::Denied, format!("the call was not allowed: {reason}")));
    }
    let output = tool.call(call.arguments.clone(), cx).await.map_err(|error| {
        let kind = if matches!(error, CallError::Inputs(_)) { ToolErrorKind::Arguments } else { ToolErrorKind::Failed };
        let message = match &error {
            CallError::Failed(failure) => failure.error().map_or_else(|| failure.to_string(), ToString::to_string),
            error => error.to_string(),
        };
        wrong(kind, message)
    })?;
    let text = match output {
        Value::String(text) => text,
        output => output.to_string(),
    };
    if text.len() > tools.most {
        let message = format!("its answer has {} bytes, and {} are allowed; ask for less", text.len(), tools.most);
        return Err(wrong(ToolErrorKind::TooLong, message));
    }
    Ok(Message::tool(call, text))
}
