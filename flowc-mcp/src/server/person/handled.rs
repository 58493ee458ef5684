//! A person who answers what the tools of other servers ask in a run.

use flowc::Context;
use serde_json::Value;

use super::{AskError, Form, Person};
use crate::{BoxFuture, Elicitation, ElicitationAnswer, InputHandler};

impl Person {
    /// Who answers where no client can be asked: in runs that no client started, and in those whose client shows no questions.
    ///
    /// ```
    /// use flowc_mcp::server::Person;
    /// use flowc_mcp::{BoxFuture, Elicitation, ElicitationAnswer, InputHandler, McpServers};
    ///
    /// /// Whoever is on duty.
    /// struct OnDuty;
    ///
    /// impl InputHandler for OnDuty {
    ///     fn elicit<'a>(&'a self, asked: &'a Elicitation) -> BoxFuture<'a, ElicitationAnswer> {
    ///         // Somebody would be called here.
    ///         Box::pin(async move { drop(asked); ElicitationAnswer::Decline })
    ///     }
    /// }
    ///
    /// let person = Person::new().or(OnDuty);
    /// // Nodes ask it, the tools of these servers ask it, and a clone goes to `McpServer::person`.
    /// let servers = McpServers::builder().input_handler(person.clone()).build();
    /// # drop(servers);
    /// ```
    #[must_use]
    pub fn or(mut self, handler: impl InputHandler) -> Self {
        self.or = Some(std::sync::Arc::new(handler));
        self
    }
}

impl InputHandler for Person {
    /// It is not known which run asks, so no client is asked.
    fn elicit<'a>(&'a self, asked: &'a Elicitation) -> BoxFuture<'a, ElicitationAnswer> {
        match &self.or {
            Some(other) => other.elicit(asked),
            None => Box::pin(async { ElicitationAnswer::Decline }),
        }
    }

    fn elicit_in<'a>(&'a self, asked: &'a Elicitation, cx: &'a Context) -> BoxFuture<'a, ElicitationAnswer> {
        Box::pin(async move {
            let (server, message, form) = match asked {
                Elicitation::Form { server, message, schema } => (server, message, Form::Fields(schema.clone())),
                Elicitation::Url { server, message, url } => (server, message, Form::Page(url.clone())),
            };
            // Whoever reads it must not take it for a question of ours.
            let message = &format!("{server}: {message}");
            // Whether the fields are filled in as they should be is the business of the server that asks.
            match (self.ask_client(cx, message, form, |value| value.is_object() || value.is_null()).await, &self.or) {
                (Err(AskError::Nobody), Some(other)) => other.elicit_in(asked, cx).await,
                (Ok(content), _) => ElicitationAnswer::Accept(content),
                (Err(AskError::Dismissed | AskError::Gone), _) => ElicitationAnswer::Cancel,
                (Err(_), _) => ElicitationAnswer::Decline,
            }
        })
    }

    fn samples(&self) -> bool {
        self.or.as_ref().is_some_and(|other| other.samples())
    }

    fn sample<'a>(&'a self, params: &'a Value) -> BoxFuture<'a, Option<Value>> {
        match &self.or {
            Some(other) => other.sample(params),
            None => Box::pin(async { None }),
        }
    }

    fn roots(&self) -> Vec<String> {
        self.or.as_ref().map(|other| other.roots()).unwrap_or_default()
    }
}

/// What a node gets of an answer.
pub(super) fn content(answer: ElicitationAnswer) -> Result<Value, AskError> {
    match answer {
        ElicitationAnswer::Accept(content) => Ok(content),
        ElicitationAnswer::Decline => Err(AskError::Declined),
        ElicitationAnswer::Cancel => Err(AskError::Dismissed),
    }
}
