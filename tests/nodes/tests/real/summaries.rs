//! Texts that are longer than a model reads at once.

use std::path::Path;

use flowc::{FailureKind, Resources};
use flowc_nodes::{ChatModel, map_reduce_summary, refine_summary};
use flowc_nodes_tests::{PROVIDERS, asked, model};
use flowc_test_peers::aimock::Aimock;
use serde_json::{Value, json};

#[derive(Resources)]
struct App {
    model: Box<dyn ChatModel>,
}

fn server(fixtures: Value) -> Aimock {
    Aimock::start(Path::new(env!("CARGO_TARGET_TMPDIR")), &fixtures)
}

fn texts(of: &[&str]) -> Vec<String> {
    of.iter().map(|text| (*text).to_owned()).collect()
}

#[tokio::test]
async fn parts_are_summarised_side_by_side_and_then_together() {
    let server = server(json!([
        { "match": { "userMessage": "about ants" }, "response": { "content": "ANTS" } },
        { "match": { "userMessage": "about bees" }, "response": { "content": "BEES" } },
        { "match": { "userMessage": "about cats" }, "response": { "content": "CATS" } },
        { "match": { "userMessage": "ANTS\n\nBEES\n\nCATS" }, "response": { "content": "animals" } },
    ]));
    for (count, provider) in (1..).zip(PROVIDERS) {
        let app = App { model: Box::new(model(provider, server.port)) };
        let found = map_reduce_summary(texts(&["about ants", "about bees", "about cats"])).run(&app).await;
        assert_eq!(found.unwrap_or_else(|failure| panic!("{provider:?}: {failure}")), "animals");
        assert_eq!(asked(&server).len(), 4 * count, "{provider:?}");
    }
}

#[tokio::test]
async fn what_is_long_takes_more_rounds_and_always_ends() {
    // Each summary is as long as all that may be read at once: two of them at a time go together.
    let long = "x".repeat(9 << 10);
    let server = server(json!([
        { "match": { "userMessage": "xxx\n\nxxx" }, "response": { "content": long } },
        { "match": {}, "response": { "content": long } },
    ]));
    let app = App { model: Box::new(model(PROVIDERS[0], server.port)) };
    let found = map_reduce_summary(texts(&["a", "b", "c", "d", "e"])).run(&app).await.unwrap();
    assert_eq!((found.len(), asked(&server).len()), (long.len(), 5 + 3 + 2 + 1));
}

#[tokio::test]
async fn a_summary_grows_with_each_part() {
    let server = server(json!([
        { "match": { "userMessage": "What follows:\nthe end" }, "response": { "content": "third" } },
        { "match": { "userMessage": "The summary so far:\nfirst" }, "response": { "content": "second" } },
        { "match": { "userMessage": "the beginning" }, "response": { "content": "first" } },
    ]));
    for provider in PROVIDERS {
        let app = App { model: Box::new(model(provider, server.port)) };
        let found = refine_summary(texts(&["the beginning", "the middle", "the end"])).run(&app).await;
        assert_eq!(found.unwrap_or_else(|failure| panic!("{provider:?}: {failure}")), "third");
        let last = asked(&server).pop().unwrap().to_string();
        assert!(last.contains("The summary so far:\\nsecond"), "{provider:?}: {last}");
    }
}

#[tokio::test]
async fn nothing_is_summarised_without_a_model_and_too_much_is_refused() {
    let server = server(json!([{ "match": {}, "response": { "content": "x" } }]));
    let app = App { model: Box::new(model(PROVIDERS[0], server.port)) };
    assert_eq!(map_reduce_summary(Vec::new()).run(&app).await.unwrap(), "");
    assert_eq!(refine_summary(Vec::new()).run(&app).await.unwrap(), "");
    assert!(asked(&server).is_empty());
    let failure = refine_summary(vec!["a".to_owned(); 1001]).run(&app).await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Rounds, "{failure}");
}
