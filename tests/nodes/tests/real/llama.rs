//! llama.cpp itself: its weights are random and so are its words, but tokens, streams and grammars are those of any model.

use std::path::Path;

use flowc::{Engine, EventKind, Resources, workflow};
use flowc_nodes::{
    ChatModel, ChatOptions, ChatRequest, Finish, Model, ModelConfig, ModelErrorKind, Provider, chat, extract,
};
use flowc_test_peers::llama::Llama;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Resources)]
struct App {
    model: Box<dyn ChatModel>,
}

fn server() -> Llama {
    Llama::start(Path::new(env!("CARGO_TARGET_TMPDIR")))
}

fn app(server: &Llama) -> App {
    let config = ModelConfig::new(Provider::OpenAi, "tiny").base_url(format!("{}/v1", server.address));
    App { model: Box::new(Model::new(config).unwrap()) }
}

fn at_most(text: &str, tokens: u32) -> ChatRequest {
    ChatRequest::new(text).options(ChatOptions::default().max_tokens(tokens).temperature(0.5))
}

#[derive(Debug, Deserialize, JsonSchema)]
enum Mood {
    Good,
    Bad,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[allow(dead_code)]
struct Report {
    mood: Mood,
    done: bool,
}

workflow! {
    fn talk(request: ChatRequest) -> flowc_nodes::ChatReply {
        let reply = chat(&request);
        reply
    }
    fn report(request: ChatRequest) -> Report {
        let report = extract::<Report>(&request);
        report
    }
}

#[tokio::test]
async fn its_text_streams_to_the_run_with_its_tokens() {
    let server = server();
    let engine = Engine::builder().resources(app(&server)).build();
    let mut run = engine.start(talk(at_most("Say something.", 24)));
    let (mut heard, mut counted) = (Vec::new(), None);
    while let Some(event) = run.next_event().await {
        match event.kind {
            EventKind::Chunk { data, .. } => heard.push(data.text().unwrap_or_default().to_owned()),
            EventKind::Usage { usage, .. } => counted = Some((usage.input_tokens, usage.output_tokens)),
            _ => {}
        }
    }
    let reply = run.await.unwrap();
    assert_eq!(reply.finish, Finish::Length);
    assert!(heard.len() > 1 && heard.concat() == reply.text, "{heard:?}");
    assert_eq!(reply.tokens.output, 24);
    assert!(reply.tokens.input > 10);
    assert_eq!(counted, Some((reply.tokens.input, reply.tokens.output)));
}

#[tokio::test]
async fn a_grammar_binds_its_answer_to_the_type() {
    let server = server();
    let app = app(&server);
    for seed in 0..8 {
        // Random words would hardly ever be this object by themselves.
        let report = report(at_most(&format!("How are you, for the {seed}th time?"), 200)).run(&app).await.unwrap();
        assert!(matches!(report.mood, Mood::Good | Mood::Bad));
    }
}

#[tokio::test]
async fn a_request_that_it_cannot_hold_is_refused_in_its_words() {
    let server = server();
    let failure = talk(at_most(&"word ".repeat(4_000), 8)).run(&app(&server)).await.unwrap_err();
    let error = failure.error().unwrap().downcast_ref::<flowc_nodes::ModelError>().unwrap();
    assert!(matches!(error.kind(), ModelErrorKind::Status { .. }), "{error:?}");
    assert!(error.to_string().contains("context"), "{error}");
}
