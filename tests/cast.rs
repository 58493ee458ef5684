//! The nodes that the guide speaks of. Each code block of the guide without a `main` sees all of them.

// They show what nodes look like, and do little.
#![allow(clippy::missing_errors_doc, clippy::needless_pass_by_value, clippy::unused_async)]

use std::fmt;
use std::time::Duration;

pub use flowc::{Context, Engine, Event, EventKind, Failure, FailureKind, Provides, Resources, node, workflow};

/// What a person asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Question(pub String);

impl From<&str> for Question {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Query(pub String);

/// One document.
#[derive(Debug, Clone, PartialEq)]
pub struct Doc(pub String);

/// Documents.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Docs(pub Vec<Doc>);

/// What the documents say.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Whether they are enough for an answer.
    pub sufficient: bool,
}

/// Documents with their scores.
#[derive(Debug, Clone)]
pub struct Scored(pub Vec<(usize, Doc)>);

/// The best documents.
#[derive(Debug, Clone)]
pub struct Ranked {
    /// The best first.
    pub top: Vec<Doc>,
}

/// What a person gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer(pub String);

/// All documents there are.
#[derive(Debug, Clone, Default)]
pub struct Index(pub Vec<String>);

/// The search did not work.
#[derive(Debug, PartialEq)]
pub struct SearchError;

impl fmt::Display for SearchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the index is empty")
    }
}

impl std::error::Error for SearchError {}

/// The application.
#[derive(Resources, Default)]
pub struct App {
    /// What `search` looks into.
    pub index: Index,
}

/// An application with two documents.
pub fn app() -> App {
    App { index: Index(vec!["cats sleep".to_owned(), "dogs bark".to_owned()]) }
}

/// Turns a question into a query.
#[node]
pub fn rewrite(question: &Question) -> Query {
    Query(question.0.to_lowercase())
}

/// Finds the documents that speak about the query.
#[node]
pub async fn search(query: &Query, #[resource] index: &Index) -> Result<Docs, SearchError> {
    tokio::task::yield_now().await;
    if index.0.is_empty() {
        return Err(SearchError);
    }
    Ok(Docs(index.0.iter().filter(|text| text.contains(&query.0)).cloned().map(Doc).collect()))
}

/// Reads the facts out of the documents.
#[node]
pub async fn extract(docs: &Docs) -> Facts {
    tokio::task::yield_now().await;
    Facts { sufficient: !docs.0.is_empty() }
}

/// Scores the documents.
#[node]
pub async fn score(docs: &Docs) -> Scored {
    tokio::task::yield_now().await;
    Scored(docs.0.iter().map(|doc| (doc.0.len(), doc.clone())).collect())
}

/// Puts the best documents first.
#[node]
pub fn rank(scored: &Scored, facts: &Facts) -> Ranked {
    let mut scored = if facts.sufficient { scored.0.clone() } else { Vec::new() };
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    Ranked { top: scored.into_iter().map(|(_, doc)| doc).collect() }
}

/// Says in a few words what a document says.
#[node]
pub async fn summarise(doc: &Doc) -> Result<String, String> {
    tokio::task::yield_now().await;
    doc.0.split_whitespace().next().map(str::to_owned).ok_or_else(|| "the document is empty".to_owned())
}

/// Writes the answer.
#[node]
pub fn compose(question: &Question, facts: &Facts, notes: Vec<String>) -> Answer {
    let certainty = if facts.sufficient { "surely" } else { "perhaps" };
    Answer(format!("{}: {certainty} {}", question.0, notes.join(", ")))
}

/// Hands the question to a person.
#[node]
pub fn escalate(question: Question) -> Answer {
    Answer(format!("{}: a person will answer", question.0))
}

/// Answers from the documents alone.
#[node]
pub fn reply(docs: Docs) -> Answer {
    Answer(docs.0.into_iter().map(|doc| doc.0).collect::<Vec<_>>().join(", "))
}

/// Tells somebody about the answer.
#[node]
pub async fn notify(answer: &Answer) -> Result<(), String> {
    tokio::task::yield_now().await;
    if answer.0.is_empty() { Err("there is nothing to tell".to_owned()) } else { Ok(()) }
}

/// Writes down who asked what.
#[node]
pub async fn audit(question: &Question) {
    let _ = question;
    tokio::time::sleep(Duration::from_millis(1)).await;
}

/// What kind of question it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// Somebody wants to know something.
    Lookup(Query),
    /// Somebody says hello.
    Greeting,
    /// Somebody is not happy.
    Complaint(u8),
}

/// Finds out what kind of question it is.
#[node]
pub async fn classify(question: &Question) -> Intent {
    match question.0.as_str() {
        "hello" => Intent::Greeting,
        text if text.ends_with('!') => Intent::Complaint(9),
        text => Intent::Lookup(Query(text.to_owned())),
    }
}

/// What an agent has seen and done so far.
#[derive(Debug, Clone)]
pub struct State(pub Vec<String>);

/// What an agent wants to do next.
#[derive(Debug)]
pub enum Thought {
    /// It knows the answer.
    Done(Answer),
    /// It wants to call a tool.
    Act(String),
}

/// Begins.
#[node]
pub fn plan(question: &Question) -> State {
    State(vec![question.0.clone()])
}

/// Thinks about what to do next.
#[node]
pub async fn think(state: &State) -> Thought {
    tokio::task::yield_now().await;
    if state.0.len() > 3 { Thought::Done(Answer(state.0.join(" > "))) } else { Thought::Act("look".to_owned()) }
}

/// Calls the tool.
#[node]
pub async fn act(mut state: State, call: String) -> State {
    state.0.push(call);
    state
}

/// What to say to a model.
#[derive(Debug, Clone)]
pub struct Prompt(pub String);

/// A model that one can talk with.
pub trait ChatModel: Send + Sync + 'static {
    /// What it says.
    fn chat(&self, prompt: &str) -> impl Future<Output = Result<String, String>> + Send;
}

/// A model that repeats what it hears.
#[derive(Debug, Default)]
pub struct Parrot;

impl ChatModel for Parrot {
    async fn chat(&self, prompt: &str) -> Result<String, String> {
        Ok(prompt.to_owned())
    }
}

/// Asks the model.
#[node]
pub async fn ask<M: ChatModel>(prompt: &Prompt, #[resource] model: &M) -> Result<Answer, String> {
    model.chat(&prompt.0).await.map(Answer)
}

/// Writes the prompt.
#[node]
pub fn brief(question: &Question) -> Prompt {
    Prompt(format!("please answer: {}", question.0))
}

workflow! {
    /// Finds documents for a question.
    pub fn find(question: Question) -> Docs {
        let query = rewrite(&question);
        let docs = search(&query);
        docs
    }
}
