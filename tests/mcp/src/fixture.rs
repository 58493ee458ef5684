//! The tools that the conformance suite calls, as far as they are workflows: they go the way that every served workflow goes.

use std::time::Duration;

use flowc::{Context, Engine, Resources, node, workflow};
use flowc_mcp::server::{AskError, Limits, McpServer, Person};
use rmcp::schemars;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
struct Name {
    name: String,
}

#[derive(Deserialize, JsonSchema)]
struct Color {
    color: String,
}

#[derive(Deserialize, JsonSchema)]
struct Confirmation {
    ok: bool,
}

#[derive(Deserialize, JsonSchema)]
struct User {
    /// User's response
    username: String,
    /// User's email address
    email: String,
}

#[node]
fn say(text: &str) -> String {
    text.to_owned()
}

#[node]
fn break_down(text: &str) -> Result<String, String> {
    Err(text.to_owned())
}

#[node]
async fn progress(#[context] cx: &Context) -> String {
    for done in [0, 50, 100] {
        cx.progress(done, 100);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    "done".to_owned()
}

#[node]
async fn ask_name(text: &str, #[resource] person: &Person, #[context] cx: &Context) -> Result<String, AskError> {
    person.ask::<Name>(cx, text).await.map(|name| name.name)
}

#[node]
async fn ask_color(text: &str, #[resource] person: &Person, #[context] cx: &Context) -> Result<String, AskError> {
    person.ask::<Color>(cx, text).await.map(|color| color.color)
}

#[node]
async fn ask_confirmation(text: &str, #[resource] person: &Person, #[context] cx: &Context) -> Result<bool, AskError> {
    person.ask::<Confirmation>(cx, text).await.map(|confirmation| confirmation.ok)
}

#[node]
async fn ask_user(text: &str, #[resource] person: &Person, #[context] cx: &Context) -> Result<String, AskError> {
    let user = person.ask::<User>(cx, text).await?;
    Ok(format!("User response: accept, {} {}", user.username, user.email))
}

workflow! {
    /// Says a text.
    fn test_simple_text() -> String {
        say("This is a simple text response for testing.")
    }

    /// Always fails.
    fn test_error_handling() -> String {
        break_down("This tool intentionally returns an error for testing")
    }

    /// Tells how far it is.
    fn test_tool_with_progress() -> String {
        progress()
    }

    /// Logs nothing.
    fn test_logging_tool() -> String {
        say("nothing was logged")
    }

    /// Asks for a name and an address.
    fn test_elicitation(message: String) -> String {
        ask_user(&message)
    }

    /// Asks while the answer is streamed.
    fn test_streaming_elicitation() -> String {
        ask_name("What is your name?")
    }

    /// Asks for a name.
    fn test_input_required_result_elicitation() -> String {
        let user_name = ask_name("What is your name?");
        format!("Hello, {user_name}!")
    }

    /// Asks for one thing after the other.
    fn test_input_required_result_multi_round() -> String {
        let step1 = ask_name("Step 1: What is your name?");
        #[after(step1)]
        let step2 = ask_color("Step 2: What is your favorite color?");
        format!("{step1} likes {step2}")
    }

    /// Asks for a confirmation, with a state.
    fn test_input_required_result_request_state() -> String {
        let confirm = ask_confirmation("Please confirm");
        if confirm { "state-ok".to_owned() } else { "not confirmed".to_owned() }
    }

    /// Asks for a confirmation, with a state that nobody may change.
    fn test_input_required_result_tampered_state() -> String {
        let confirm = ask_confirmation("Please confirm");
        if confirm { "state-ok".to_owned() } else { "not confirmed".to_owned() }
    }
}

#[derive(Resources)]
struct App {
    person: Person,
}

/// The server that the suite is run against.
pub fn server() -> McpServer<impl Send + Sync + 'static> {
    use crate::tasks::{confirm_delete, failing_job, greet, multi_input, slow_compute, test_tool_with_task};

    let person = Person::new();
    McpServer::new(Engine::builder().resources(App { person: person.clone() }).build())
        .name("conformance")
        .version("1.0.0")
        .person(&person)
        .limits(Limits::new().task_after(Duration::from_millis(200)))
        .workflow::<test_simple_text>()
        .workflow::<test_error_handling>()
        .workflow::<test_tool_with_progress>()
        .workflow::<test_logging_tool>()
        .workflow::<test_elicitation>()
        .workflow::<test_streaming_elicitation>()
        .workflow::<test_input_required_result_elicitation>()
        .workflow::<test_input_required_result_multi_round>()
        .workflow::<test_input_required_result_request_state>()
        .workflow::<test_input_required_result_tampered_state>()
        .workflow::<greet>()
        .workflow::<slow_compute>()
        .workflow::<failing_job>()
        .workflow::<confirm_delete>()
        .workflow::<multi_input>()
        .workflow::<test_tool_with_task>()
}
