//! What every chat model takes and gives.

mod error;
mod message;
mod node;
mod prices;
mod reply;
mod request;
mod seam;

pub use error::{ModelError, ModelErrorKind};
pub use message::{Message, Part, ToolCall};
pub use node::chat;
pub use prices::{Price, Prices};
pub use reply::{ChatReply, Finish, Tokens};
pub use request::{ChatOptions, ChatRequest, ToolSpec};
pub use seam::{ChatModel, Heard, Replying};

pub(crate) use node::{reported, used};
