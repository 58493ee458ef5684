//! The tools by which the conformance suite looks at tasks: workflows that take their time.

use std::time::Duration;

use flowc::{Context, node, workflow};
use flowc_mcp::server::{AskError, Person};
use rmcp::schemars;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
struct Confirmation {
    confirm: bool,
}

#[derive(Deserialize, JsonSchema)]
struct Name {
    name: String,
}

#[node]
fn hello(name: &str) -> String {
    format!("Hello, {name}!")
}

#[node]
async fn compute(seconds: u64, label: &str) -> String {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    format!("{label} took {seconds} seconds")
}

#[node]
async fn fail_late() -> Result<String, String> {
    tokio::time::sleep(Duration::from_secs(1)).await;
    Err("the job always fails".to_owned())
}

/// Asks so late that the call has become a task.
#[node]
async fn confirm(file: &str, #[resource] person: &Person, #[context] cx: &Context) -> Result<bool, AskError> {
    tokio::time::sleep(Duration::from_millis(400)).await;
    person.ask::<Confirmation>(cx, &format!("Delete {file}?")).await.map(|answer| answer.confirm)
}

#[node]
async fn name(#[resource] person: &Person, #[context] cx: &Context) -> Result<String, AskError> {
    person.ask::<Name>(cx, "What is your name?").await.map(|answer| answer.name)
}

workflow! {
    /// Answers at once.
    pub fn greet(name: String) -> String {
        hello(&name)
    }

    /// Takes its time.
    pub fn slow_compute(seconds: u64, label: Option<String>) -> String {
        compute(seconds, label.as_deref().unwrap_or_default())
    }

    /// Fails after a while.
    pub fn failing_job() -> String {
        fail_late()
    }

    /// Asks before it deletes.
    pub fn confirm_delete(filename: String) -> String {
        let yes = confirm(&filename);
        format!("deleted: {yes}")
    }

    /// Asks two things at once.
    pub fn multi_input() -> String {
        let first = confirm("the first file");
        let second = confirm("the second file");
        format!("{first}, {second}")
    }

    /// Asks at once, and then takes its time.
    pub fn test_tool_with_task() -> String {
        let name = name();
        compute(1, &name)
    }
}
