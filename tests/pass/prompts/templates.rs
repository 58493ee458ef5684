#![deny(warnings)]
//! What a prompt can be.

use std::collections::BTreeMap;
use std::fmt::Display;

use flowc_nodes::{ChatRequest, Prompt, chat, extract};

struct Doc {
    title: String,
    r#type: &'static str,
    pages: (u32, u32),
    note: Option<String>,
}

#[derive(Prompt)]
#[prompt(
    system = r#"Answer as {{"answer": ".."}} with {count:>3} words."#,
    user = "
        {#for doc in docs}
        - {doc.title} ({doc.type}, to page {doc.pages.1}){#if let Some(note) = doc.note}: {note}{/if}
        {:else}
        No documents.
        {/for}
        {#for (key, value) in facts}{key}={value:?};{/for}
        {#for (number, doc) in docs.iter().enumerate()}{number}{doc.title.len()} {/for}
        {#if brief}Be brief.{:else if !docs.is_empty()}Take {docs.len()} pages.{:else}Take your time.{/if}
          {#if let Some(kind) = type}{kind}{/if}{score:.1}
    "
)]
struct Everything<'a, T: Display, const N: usize>
where
    T: Clone,
{
    docs: &'a [Doc],
    facts: BTreeMap<&'static str, [u8; N]>,
    brief: bool,
    count: T,
    r#type: Option<T>,
    score: f64,
    #[prompt(skip)]
    _id: u64,
}

#[derive(Prompt)]
#[prompt("{0} and {1.len()}")]
struct Pair(String, Vec<u8>);

#[derive(Prompt)]
#[prompt("Hello")]
struct Unit;

/// Names that the expansion uses itself.
#[derive(Prompt)]
#[prompt("{out}{self_}{empty}{#for out in items}{out}{:else}{empty}{/for}")]
struct Hostile {
    out: u8,
    self_: u8,
    empty: bool,
    items: Vec<u8>,
}

#[derive(Prompt)]
#[prompt(system_file = "./system.md", file = "./question.md")]
struct Filed<'a> {
    question: &'a str,
    language: &'a str,
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Sum {
    total: f64,
}

flowc::workflow! {
    /// Asks twice.
    pub fn ask(question: String) -> String {
        let reply = chat(&Filed { question: &question, language: "Norwegian" }.request());
        let prompt = Filed { question: &reply.text, language: "English" };
        let sum = extract::<Sum>(&ChatRequest::from(&prompt));
        format!("{}", sum.total)
    }
}

fn main() {
    let doc = |note: Option<&str>| Doc { title: "A".into(), r#type: "pdf", pages: (1, 9), note: note.map(Into::into) };
    let docs = [doc(None), doc(Some("old"))];
    let facts = BTreeMap::from([("a", [1, 2])]);
    let prompt = Everything { docs: &docs, facts, brief: false, count: 7, r#type: Some(1), score: 0.25, _id: 1 };
    assert_eq!(
        prompt.render(),
        "- A (pdf, to page 9)\n- A (pdf, to page 9): old\na=[1, 2];\n01 11 \nTake 2 pages.\n  10.2"
    );
    assert_eq!(prompt.system().as_deref(), Some("Answer as {\"answer\": \"..\"} with   7 words."));
    let none = Everything::<&str, 0> {
        docs: &[],
        facts: BTreeMap::new(),
        brief: true,
        count: "x",
        r#type: None,
        score: 1.0,
        _id: 1,
    };
    assert_eq!(none.render(), "No documents.\n\n\nBe brief.\n  1.0");
    assert_eq!((Pair("a".into(), vec![1]).render(), Unit.render()), ("a and 1".into(), "Hello".into()));
    assert_eq!(Hostile { out: 1, self_: 2, empty: true, items: vec![] }.render(), "12truetrue");
    assert_eq!(Hostile { out: 1, self_: 2, empty: true, items: vec![3] }.render(), "12true3");
    let filed = Filed { question: "Why?", language: "Norwegian" };
    assert_eq!((filed.render(), filed.system()), ("Question: Why?".into(), Some("Answer in Norwegian.".into())));
    let _ = ask("Why?".into());
}
