//! What users of the client name.

mod asks;
mod builder;
mod changes;
mod info;
mod input;
mod node;
mod options;
mod prompts;
#[cfg(feature = "dynamic")]
mod registry;
mod result;
mod served;
mod server;
mod servers;
mod tool;
mod validate;
#[cfg(feature = "watch")]
mod watch;

pub(crate) use changes::Changes;

pub use builder::Builder;
pub use changes::Change;
pub use info::{ServerInfo, ServerState, ServerStatus};
pub use input::{Elicitation, ElicitationAnswer, InputHandler};
pub use node::call_tool;
pub use options::{CallOptions, Progress};
pub use prompts::{Completion, Prompt, PromptArgument, PromptMessage, PromptResult, Resource, ResourceTemplate};
#[cfg(feature = "dynamic")]
pub use registry::RegisterToolsError;
pub use result::{Content, ResourceContents, ToolResult};
#[cfg(feature = "typed")]
pub(crate) use served::Tools;
pub use server::{Changed, Server};
pub use servers::McpServers;
pub use tool::{Tool, ToolHints};
