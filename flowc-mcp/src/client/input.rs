//! What a server wants to know of a person or a model in the middle of a call.

use flowc::Context;
use serde_json::Value;

use crate::credentials::BoxFuture;

/// Who answers when a server asks something in the middle of a call: a person at a terminal, a form, a rule.
///
/// Without one, a server is told that nobody here can be asked.
///
/// ```
/// use flowc_mcp::{BoxFuture, Elicitation, ElicitationAnswer, InputHandler, McpServers};
///
/// /// Says yes to everything.
/// struct Yes;
///
/// impl InputHandler for Yes {
///     fn elicit<'a>(&'a self, asked: &'a Elicitation) -> BoxFuture<'a, ElicitationAnswer> {
///         Box::pin(async move {
///             match asked {
///                 Elicitation::Form { .. } => ElicitationAnswer::Accept(serde_json::json!({ "confirm": true })),
///                 _ => ElicitationAnswer::Decline,
///             }
///         })
///     }
/// }
///
/// let servers = McpServers::builder().input_handler(Yes).build();
/// # let _ = servers;
/// ```
pub trait InputHandler: Send + Sync + 'static {
    /// Answers a question. What is left out of a form gets the default that the form has for it.
    fn elicit<'a>(&'a self, asked: &'a Elicitation) -> BoxFuture<'a, ElicitationAnswer>;

    /// The same for a call that a step makes with [`CallOptions::of`](crate::CallOptions::of): the context says which run it is. If this
    /// is not written, all runs are answered in the same way. A [`Person`](crate::server::Person) asks the client that started the run.
    ///
    /// Servers before 2026-07-28 do not say for which call they ask. Over HTTP it is known all the same; over stdio and WebSocket only
    /// while all calls that wait on the connection belong to one run, and [`elicit`](Self::elicit) is asked otherwise.
    fn elicit_in<'a>(&'a self, asked: &'a Elicitation, cx: &'a Context) -> BoxFuture<'a, ElicitationAnswer> {
        let _ = cx;
        self.elicit(asked)
    }

    /// Whether [`sample`](Self::sample) asks a model.
    fn samples(&self) -> bool {
        false
    }

    /// Asks a model in the name of the server: the parameters and the result of `sampling/createMessage`. That is on its way out of
    /// the protocol.
    fn sample<'a>(&'a self, params: &'a Value) -> BoxFuture<'a, Option<Value>> {
        let _ = params;
        Box::pin(async { None })
    }

    /// Addresses of folders that servers may work in. That is on its way out of the protocol.
    fn roots(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A question of a server.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Elicitation {
    /// To be filled in.
    Form {
        /// Who asks.
        server: String,
        /// What for.
        message: String,
        /// The JSON Schema of the answer: an object of plain values.
        schema: Value,
    },
    /// To be opened in a browser. Whether something was done there is not told.
    Url {
        /// Who asks.
        server: String,
        /// What for.
        message: String,
        /// The address.
        url: String,
    },
}

/// The answer to a question of a server.
#[derive(Debug, Clone, PartialEq)]
pub enum ElicitationAnswer {
    /// With this content; for an address it is `null`.
    Accept(Value),
    /// The call goes on without an answer.
    Decline,
    /// The call is not to go on.
    Cancel,
}
