//! A model that chooses among tools until it has an answer.

mod error;
mod limits;
mod tools;
mod turns;

use flowc::workflow;

use crate::model::{ChatRequest, chat};

pub use error::{AgentError, ToolError, ToolErrorKind};
pub use limits::{AgentLimits, AgentReply};
pub use tools::{Approval, Approver, Approving, Tools, use_tool};
pub use turns::{Asked, Talk, Turn, decide, hear, open_talk};

workflow! {
    /// Asks the application's model, calls the tools that it asks for, several of a round at once, and tells it what they gave, until it
    /// answers without asking for one.
    ///
    /// Tools are registered nodes and workflows, and whatever else is in a [registry](flowc::dynamic); the application provides them as
    /// [`Tools`]. Each call of one is a step, `use_tool`, with its own events and span. A call that fails, or whose arguments the tool
    /// does not take, is told to the model, which may do better. What all of it may use up is in the [limits](AgentLimits).
    ///
    /// The workflow is plain `workflow!` code over the public nodes [`open_talk`](open_talk()), [`chat`](chat()),
    /// [`decide`](decide()), [`use_tool`](use_tool()) and [`hear`](hear()): copy it where you want something else.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use flowc::dynamic::Registry;
    /// use flowc::{Resources, node};
    /// use flowc_nodes::{AgentLimits, ChatModel, ChatRequest, Tools, agent};
    ///
    /// /// The weather in a town.
    /// #[node]
    /// fn weather(town: &str) -> String {
    ///     format!("It rains in {town}.")
    /// }
    ///
    /// #[derive(Resources)]
    /// struct App {
    ///     model: Box<dyn ChatModel>,
    ///     tools: Tools,
    /// }
    ///
    /// async fn ask(model: Box<dyn ChatModel>) -> Result<String, Box<dyn std::error::Error>> {
    ///     let registry = Registry::<()>::new().with::<weather>()?;
    ///     let app = App { model, tools: Tools::all(&registry, &Arc::new(())) };
    ///     let question = ChatRequest::new("Do I need an umbrella in Bergen?");
    ///     let reply = agent(question, AgentLimits::default().rounds(5)).run(&app).await?;
    ///     Ok(reply.text)
    /// }
    /// ```
    ///
    /// # Errors
    /// Those of [`chat`](chat()), of [`decide`](decide()), and of the kind [`Rounds`](flowc::FailureKind::Rounds) if there is no answer
    /// after so many rounds.
    pub fn agent(request: ChatRequest, limits: AgentLimits) -> AgentReply {
        let mut talk = open_talk(request, &limits);
        #[max(limits.rounds)]
        let reply = loop {
            let said = chat(&talk.request);
            match decide(talk, said) {
                Turn::Done(reply) => break reply,
                Turn::Act(asked) => {
                    #[max(8)]
                    #[on_error(collect)]
                    let answers = for call in &asked.calls {
                        use_tool(call)
                    };
                    talk = hear(asked, answers);
                }
            }
        };
        reply
    }
}
