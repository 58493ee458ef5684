//! The workflows that the checks of the server serve.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flowc::{Context, Engine, Resources, node, workflow};
use flowc_mcp::server::{AskError, Limits, McpServer, Person, ToolOptions};

/// What is looked for.
#[derive(serde::Deserialize, schemars::JsonSchema)]
pub struct Query {
    /// Words that a line must have.
    words: Vec<String>,
    /// At most so many lines.
    most: Option<usize>,
}

/// What was found.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct Found {
    lines: Vec<String>,
    complete: bool,
}

/// Whether a text may be sent.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Approval {
    /// Whether it may be sent.
    approved: bool,
    /// Who says so.
    by: Option<String>,
}

/// How many runs were cancelled.
#[derive(Clone, Default)]
pub struct Cancelled(Arc<AtomicUsize>);

impl Cancelled {
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

#[node]
async fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

#[node]
fn look_up(query: &Query, lines: &[String]) -> Found {
    let has = |line: &&String| query.words.iter().all(|word| line.contains(word));
    let all: Vec<String> = lines.iter().filter(has).cloned().collect();
    let most = query.most.unwrap_or(usize::MAX);
    Found { complete: all.len() <= most, lines: all.into_iter().take(most).collect() }
}

#[node]
async fn work(steps: u64, millis: u64, #[resource] cancelled: &Cancelled, #[context] cx: &Context) -> u64 {
    let told = cancelled.clone();
    cx.on_cancel(async move {
        told.0.fetch_add(1, Ordering::SeqCst);
    });
    for step in 0..steps {
        cx.progress(step, steps);
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
    cx.progress(steps, steps);
    steps
}

#[node]
fn refuse(reason: &str) -> Result<String, String> {
    Err(reason.to_owned())
}

#[node]
async fn approve(text: &str, #[resource] person: &Person, #[context] cx: &Context) -> Result<bool, AskError> {
    let approval: Approval = person.ask(cx, &format!("Send this? {text}")).await?;
    Ok(approval.approved && approval.by.is_none_or(|name| !name.is_empty()))
}

workflow! {
    /// Counts the words of a text.
    fn words(
        /// The text, in any language that puts spaces between words.
        text: &str,
    ) -> usize {
        count(text)
    }

    /// Finds lines.
    fn find(query: &Query, lines: &[String]) -> Found {
        look_up(query, lines)
    }

    /// Works for a while, and tells how far it is.
    fn slow(steps: u64, millis: Option<u64>) -> u64 {
        work(steps, millis.unwrap_or(10))
    }

    /// Fails, and says why.
    fn fail(reason: String) -> String {
        refuse(&reason)
    }

    /// Asks a person whether a text may be sent.
    fn publish(text: String) -> bool {
        approve(&text)
    }
}

#[derive(Resources)]
struct App {
    person: Person,
    cancelled: Cancelled,
}

/// A server of all of them, and what it counts.
pub fn server(limits: Limits) -> (McpServer<impl Send + Sync + 'static>, Cancelled) {
    let (person, cancelled) = (Person::new(), Cancelled::default());
    let app = App { person: person.clone(), cancelled: cancelled.clone() };
    let server = McpServer::new(Engine::builder().resources(app).build())
        .name("served")
        .version("1.2.3")
        .instructions("Workflows for checks.")
        .person(&person)
        .limits(limits)
        .workflow_as::<words>(ToolOptions::new().title("Words").read_only(true))
        .workflow::<find>()
        .workflow::<slow>()
        .workflow::<fail>()
        .workflow::<publish>();
    (server, cancelled)
}
