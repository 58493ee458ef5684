//! What the checks of flowc-nodes share: the models of a real server that speaks the protocols of all providers, and a server that
//! misbehaves in ways that it cannot.

// This crate is a test: a panic is how it reports.
#![allow(
    clippy::pedantic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

pub mod rough;

use flowc_test_peers::aimock::Aimock;
use serde_json::Value;

use flowc_nodes::{Model, ModelConfig, Provider};

/// Every protocol that flowc-nodes speaks.
pub const PROVIDERS: [Provider; 5] =
    [Provider::OpenAi, Provider::OpenAiResponses, Provider::Anthropic, Provider::Gemini, Provider::Ollama];

/// The bodies of all requests so far, the newest last.
pub fn asked(server: &Aimock) -> Vec<Value> {
    server.journal().iter().map(|entry| entry["body"].clone()).collect()
}

/// How a model of a provider is reached at a server of all protocols.
pub fn config(provider: Provider, port: u16) -> ModelConfig {
    let path = match provider {
        Provider::Gemini => "/v1beta",
        Provider::Ollama => "",
        _ => "/v1",
    };
    let model = match provider {
        Provider::Anthropic => "claude-sonnet-4-5",
        Provider::Gemini => "gemini-2.5-flash",
        Provider::Ollama => "llama3.2",
        _ => "gpt-4o-mini",
    };
    ModelConfig::new(provider, model).base_url(format!("http://127.0.0.1:{port}{path}")).api_key("sk-test-0123456789")
}

/// A model of a provider at such a server.
pub fn model(provider: Provider, port: u16) -> Model {
    Model::new(config(provider, port)).expect("a model")
}

/// The chapter of the guide, whose code is compiled.
#[doc = include_str!("../../../docs/guide/models.md")]
mod models {}

/// The same.
#[doc = include_str!("../../../docs/guide/retrieval.md")]
mod retrieval {}

/// The same.
#[doc = include_str!("../../../docs/guide/prompts.md")]
mod prompts {}

/// The same.
#[doc = include_str!("../../../docs/guide/agents.md")]
mod agents {}
