use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Message, Tokens};

/// What an agent may use up. Where nothing is said, 12 rounds, 64 calls of tools, and any number of tokens at any cost.
///
/// ```
/// use flowc_nodes::AgentLimits;
///
/// let limits = AgentLimits::default().rounds(5).tokens(20_000).cost(0.10);
/// assert_eq!((limits.rounds, limits.calls), (5, 64));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[non_exhaustive]
pub struct AgentLimits {
    /// How often the model is asked.
    pub rounds: usize,
    /// How many calls of tools it may ask for in all.
    pub calls: usize,
    /// How many tokens it may read and write in all. It is looked at before it is asked again.
    pub tokens: Option<u64>,
    /// What all of it may cost, in the currency of the [prices](crate::Prices). It is looked at before it is asked again.
    pub cost: Option<f64>,
}

impl Default for AgentLimits {
    fn default() -> Self {
        Self { rounds: 12, calls: 64, tokens: None, cost: None }
    }
}

impl AgentLimits {
    /// How often the model is asked.
    #[must_use]
    pub fn rounds(self, rounds: usize) -> Self {
        Self { rounds, ..self }
    }

    /// How many calls of tools it may ask for in all.
    #[must_use]
    pub fn calls(self, calls: usize) -> Self {
        Self { calls, ..self }
    }

    /// How many tokens it may read and write in all.
    #[must_use]
    pub fn tokens(self, tokens: u64) -> Self {
        Self { tokens: Some(tokens), ..self }
    }

    /// What all of it may cost.
    #[must_use]
    pub fn cost(self, cost: f64) -> Self {
        Self { cost: Some(cost), ..self }
    }
}

/// What an agent gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct AgentReply {
    /// Its answer.
    pub text: String,
    /// All that was said, the calls of tools and what they gave among it.
    pub messages: Vec<Message>,
    /// How often the model was asked.
    pub rounds: usize,
    /// How many calls of tools it asked for.
    pub calls: usize,
    /// What it used up.
    pub tokens: Tokens,
    /// What that cost.
    pub cost: f64,
}
