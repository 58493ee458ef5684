//! One turn after the other: what an agent knows between its steps.

use flowc::{Failure, node};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AgentError, AgentLimits, AgentReply, ToolError, Tools};
use crate::model::{ChatReply, ChatRequest, Finish, Message, Tokens, ToolCall};

/// A conversation with a model that has tools.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Talk {
    /// What the model is asked next.
    pub request: ChatRequest,
    /// What all of it may use up.
    pub limits: AgentLimits,
    /// How often the model was asked.
    pub rounds: usize,
    /// How many calls of tools it asked for.
    pub calls: usize,
    /// What it used up.
    pub tokens: Tokens,
    /// What that cost.
    pub cost: f64,
}

/// What follows from a reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// The answer is there.
    Done(AgentReply),
    /// Tools are to be called first.
    Act(Box<Asked>),
}

/// A conversation that waits for tools.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Asked {
    /// The conversation, with what the model has said.
    pub talk: Talk,
    /// The calls that it asks for.
    pub calls: Vec<ToolCall>,
}

/// Begins a conversation with a model that has the application's [`Tools`], beside those that the request has already.
#[node]
pub fn open_talk(mut request: ChatRequest, limits: &AgentLimits, #[resource] tools: &Tools) -> Talk {
    let known = |name: &str| request.tools.iter().any(|tool| tool.name == name);
    let specs: Vec<_> = tools.specs().filter(|spec| !known(&spec.name)).collect();
    request.tools.extend(specs);
    Talk { request, limits: limits.clone(), rounds: 0, calls: 0, tokens: Tokens::default(), cost: 0.0 }
}

/// Looks at a reply: the answer, or calls of tools that are still allowed.
///
/// # Errors
/// The model wants to go on and has used up its [limits](AgentLimits), or its answer is not whole.
#[node]
pub fn decide(mut talk: Talk, reply: ChatReply) -> Result<Turn, AgentError> {
    talk.rounds += 1;
    talk.tokens.input += reply.tokens.input;
    talk.tokens.output += reply.tokens.output;
    talk.tokens.cached += reply.tokens.cached;
    talk.cost += reply.cost;
    talk.request.messages.push(reply.to_message());
    if reply.tool_calls.is_empty() {
        return match reply.finish {
            Finish::Length => Err(AgentError::Truncated),
            Finish::Filtered => Err(AgentError::Filtered),
            _ => Ok(Turn::Done(AgentReply {
                text: reply.text,
                messages: talk.request.messages,
                rounds: talk.rounds,
                calls: talk.calls,
                tokens: talk.tokens,
                cost: talk.cost,
            })),
        };
    }
    talk.calls += reply.tool_calls.len();
    let limits = &talk.limits;
    if talk.calls > limits.calls {
        return Err(AgentError::Calls { used: talk.calls, allowed: limits.calls });
    }
    let used = talk.tokens.input.saturating_add(talk.tokens.output);
    if let Some(allowed) = limits.tokens.filter(|allowed| used >= *allowed) {
        return Err(AgentError::Tokens { used, allowed });
    }
    if let Some(allowed) = limits.cost.filter(|allowed| talk.cost >= *allowed) {
        return Err(AgentError::Cost { used: talk.cost, allowed });
    }
    Ok(Turn::Act(Box::new(Asked { talk, calls: reply.tool_calls })))
}

/// Tells the model what its tools gave, or why they gave nothing.
#[node]
pub fn hear(asked: Box<Asked>, answers: Vec<Result<Message, Failure<ToolError>>>) -> Talk {
    let Asked { mut talk, calls } = *asked;
    for (call, answer) in calls.iter().zip(answers) {
        talk.request.messages.push(match answer {
            Ok(message) => message,
            Err(failure) => {
                let why = failure.error().map_or_else(|| failure.kind().to_string(), |error| error.message.clone());
                Message::tool(call, format!("error: {why}"))
            }
        });
    }
    talk
}
