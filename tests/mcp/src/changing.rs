//! Lists that change, and who listens: what `subscriptions/listen` is for.

use rmcp::model::ErrorData;
use rmcp::service::SubscriptionContext;
use tokio::sync::broadcast;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Changed {
    Tools,
    Prompts,
    Watched,
}

/// The lists of one server. Clones are the same.
#[derive(Debug, Clone)]
pub struct Lists(broadcast::Sender<Changed>);

/// Tools that do nothing but change a list.
pub const TRIGGERS: [&str; 3] =
    ["test_trigger_tool_change", "test_trigger_prompt_change", "test_trigger_resource_update"];

/// The resource that changes.
pub const WATCHED: &str = "test://watched-resource";

impl Default for Lists {
    fn default() -> Self {
        Self(broadcast::channel(16).0)
    }
}

impl Lists {
    /// Does what a tool of [`TRIGGERS`] is for.
    pub fn trigger(&self, tool: &str) -> String {
        let changed = match tool {
            "test_trigger_tool_change" => Changed::Tools,
            "test_trigger_prompt_change" => Changed::Prompts,
            _ => Changed::Watched,
        };
        format!("{} listen", self.0.send(changed).unwrap_or_default())
    }

    /// Tells one listener what it wants to hear, until it goes.
    pub async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        let mut changes = self.0.subscribe();
        loop {
            let changed = tokio::select! {
                Ok(changed) = changes.recv() => changed,
                () = context.cancelled() => return Ok(()),
            };
            let sink = context.sink();
            // What was not asked for is refused by the sink.
            let _ = match changed {
                Changed::Tools => sink.notify_tool_list_changed().await,
                Changed::Prompts => sink.notify_prompt_list_changed().await,
                Changed::Watched => sink.notify_resource_updated(WATCHED).await,
            };
        }
    }
}
