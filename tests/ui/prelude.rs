//! The nodes that the workflows in this folder call.
#![allow(dead_code)]

use flowc::node;

pub struct Question(pub String);
pub struct Query(pub String);
pub struct Doc(pub String);
pub struct Docs(pub Vec<Doc>);
pub struct Facts(pub Vec<String>);
pub struct Scores(pub Vec<u32>);
pub struct Note(pub String);
pub struct Answer(pub String);
pub struct Receipt(pub u64);

pub enum Verdict {
    Enough(Facts),
    Missing(Query),
    Unclear,
}

#[node]
pub fn rewrite(question: &Question) -> Query {
    Query(question.0.clone())
}

#[node]
pub async fn search(query: &Query) -> Result<Docs, String> {
    Err(query.0.clone())
}

#[node]
pub async fn extract(docs: &Docs) -> Facts {
    Facts(docs.0.iter().map(|doc| doc.0.clone()).collect())
}

#[node]
pub fn score(docs: &Docs) -> Scores {
    Scores(vec![1; docs.0.len()])
}

#[node]
pub async fn judge(facts: Facts) -> Verdict {
    Verdict::Enough(facts)
}

#[node]
pub async fn summarise(doc: &Doc) -> Result<Note, String> {
    Ok(Note(doc.0.clone()))
}

#[node]
pub async fn compose(facts: &Facts, scores: &Scores) -> Answer {
    Answer(format!("{} {}", facts.0.len(), scores.0.len()))
}

#[node]
pub async fn escalate(question: Question) -> Answer {
    Answer(question.0)
}

#[node]
pub async fn archive(docs: Docs) -> Receipt {
    Receipt(docs.0.len() as u64)
}

#[node]
pub async fn notify(answer: &Answer) -> Receipt {
    Receipt(answer.0.len() as u64)
}

/// A function that is no node.
pub fn tidy(query: Query) -> Query {
    query
}

pub struct Index(pub Vec<String>);

#[node]
pub async fn look_up(query: &Query, #[resource] index: &Index) -> Docs {
    Docs(index.0.iter().filter(|text| text.contains(&query.0)).map(|text| Doc(text.clone())).collect())
}

pub trait Model: Send + Sync + 'static {
    fn complete(&self, prompt: &str) -> String;
}

pub struct Local;

impl Model for Local {
    fn complete(&self, prompt: &str) -> String {
        prompt.to_owned()
    }
}

#[node]
pub async fn ask<M: Model>(query: &Query, #[resource] model: &M) -> Answer {
    Answer(model.complete(&query.0))
}
