//! Models in workflows.

use std::path::Path;
use std::time::{Duration, Instant};

use flowc::{Engine, EventKind, Resources, workflow};
use flowc_nodes::{ChatModel, ChatRequest, ModelErrorKind, Price, Prices, Provider, chat, extract};
use flowc_nodes_tests::{PROVIDERS, model, rough};
use flowc_test_peers::aimock::Aimock;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Person {
    name: String,
    age: u8,
}

workflow! {
    fn answer(question: ChatRequest) -> String {
        let reply = chat(&question);
        reply.text
    }

    fn patient(question: ChatRequest) -> String {
        #[retry(attempts = 3, base = "10ms")]
        let reply = chat(&question);
        reply.text
    }

    fn person(question: ChatRequest) -> Person {
        extract::<Person>(&question)
    }
}

#[derive(Resources)]
struct App {
    model: Box<dyn ChatModel>,
}

fn server(fixtures: Value) -> Aimock {
    Aimock::start(Path::new(env!("CARGO_TARGET_TMPDIR")), &fixtures)
}

fn app(provider: Provider, server: &Aimock) -> App {
    let prices = Prices::new().with("*", Price::new(1000.0, 3000.0));
    App { model: Box::new(model(provider, server.port).prices(prices)) }
}

#[tokio::test]
async fn a_run_hears_the_text_the_tokens_and_the_cost() {
    let usage = json!({ "prompt_tokens": 11, "completion_tokens": 9, "total_tokens": 20 });
    let said = "A long answer, which comes in more than one piece, as it should be.";
    let server =
        server(json!([{ "match": { "userMessage": "hello" }, "response": { "content": said, "usage": usage } }]));
    for provider in PROVIDERS {
        let engine = Engine::builder().resources(app(provider, &server)).keep_events().build();
        let run = engine.start(answer(ChatRequest::new("hello")));
        let mut events = run.events();
        assert_eq!(run.await.unwrap(), said);
        let (mut text, mut used) = (String::new(), None);
        while let Some(event) = events.next().await {
            match &event.kind {
                EventKind::Chunk { data, .. } => text.push_str(&data.to_string()),
                EventKind::Usage { usage, .. } => used = Some(usage.clone()),
                _ => {}
            }
        }
        assert_eq!(text, said, "{provider:?}");
        let used = used.expect("the run hears what was used");
        // aimock counts nothing in Ollama's protocol.
        let (counted, cost) = if provider == Provider::Ollama { ((0, 0), 0.0) } else { ((11, 9), 0.038) };
        assert_eq!((used.input_tokens, used.output_tokens), counted, "{provider:?}");
        assert_eq!(used.finish_reason.as_deref(), Some("stop"), "{provider:?}");
        assert_eq!((used.operation.as_deref(), &used.error), (Some("chat"), &None), "{provider:?}");
        assert!(used.duration.is_some(), "{provider:?}: {used:?}");
        assert_eq!(used.response_model.is_some(), provider != Provider::Gemini, "{provider:?}: {used:?}");
        let name = used.provider.as_deref().unwrap_or_default().trim_start_matches("gcp.");
        assert!(!name.is_empty() && format!("{provider:?}").to_lowercase().starts_with(name), "{provider:?}: {used:?}");
        assert!((used.cost - cost).abs() < 1e-9, "{provider:?}: {used:?}");
    }
}

#[tokio::test]
async fn a_retry_waits_as_long_as_the_provider_says() {
    let limited =
        json!({ "error": { "message": "slow down", "type": "rate_limit_error" }, "status": 429, "retryAfter": 1 });
    for provider in PROVIDERS {
        let server = server(json!([
            { "match": { "userMessage": "limit", "sequenceIndex": 0 }, "response": limited },
            { "match": { "userMessage": "limit" }, "response": { "content": "ok after retry" } },
        ]));
        let begun = Instant::now();
        let answered = patient(ChatRequest::new("limit")).run(&app(provider, &server)).await;
        assert_eq!(answered.unwrap_or_else(|failure| panic!("{provider:?}: {failure}")), "ok after retry");
        assert!(begun.elapsed() >= Duration::from_secs(1), "{provider:?}: {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn an_answer_has_a_type() {
    let server = server(json!([
        { "match": { "userMessage": "Who" }, "response": { "content": "{\"name\":\"Ada\",\"age\":36}" } },
    ]));
    for provider in PROVIDERS {
        let found = person(ChatRequest::new("Who wrote the first program?")).run(&app(provider, &server)).await;
        let ada = Person { name: "Ada".to_owned(), age: 36 };
        assert_eq!(found.unwrap_or_else(|failure| panic!("{provider:?}: {failure}")), ada);
    }
}

#[tokio::test]
async fn a_schema_is_sent_as_the_provider_wants_it() {
    for (provider, place) in [
        (Provider::OpenAi, "\"response_format\""),
        (Provider::OpenAiResponses, "\"format\""),
        (Provider::Anthropic, "\"output_"),
        (Provider::Gemini, "\"responseJsonSchema\""),
        (Provider::Ollama, "Answer with JSON alone"),
    ] {
        let (port, asked) = rough::hearing("").await;
        let app = App { model: Box::new(model(provider, port)) };
        assert!(person(ChatRequest::new("Who?")).run(&app).await.is_err());
        let asked = asked.lock().unwrap().concat();
        assert!(asked.contains(place) && asked.contains("age"), "{provider:?}: {asked}");
    }
}

#[tokio::test]
async fn an_answer_that_never_fits_names_the_field() {
    let server = server(json!([{ "match": {}, "response": { "content": "{\"name\":\"Ada\",\"age\":\"old\"}" } }]));
    for provider in PROVIDERS {
        let failure = person(ChatRequest::new("Who?")).run(&app(provider, &server)).await.unwrap_err();
        let error = failure
            .error()
            .and_then(|error| error.downcast_ref::<flowc_nodes::ModelError>())
            .expect("the model's own error");
        assert!(matches!(error.kind(), ModelErrorKind::Schema { problems } if problems[0].contains("/age")), "{error}");
    }
}

#[derive(Debug, PartialEq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Intent {
    /// Invoices and payments.
    Billing,
    /// Something does not work.
    Technical,
}

workflow! {
    fn desk(letter: String) -> String {
        match flowc_nodes::classify::<Intent>(&letter) {
            Intent::Billing => "accountants".to_owned(),
            Intent::Technical => "engineers".to_owned(),
        }
    }
}

#[tokio::test]
async fn a_letter_goes_where_its_label_says() {
    let server = server(json!([
        { "match": { "userMessage": "invoice" }, "response": { "content": "{\"label\":\"billing\"}" } },
        { "match": { "userMessage": "crash", "sequenceIndex": 0 }, "response": { "content": "{\"label\":\"broken\"}" } },
        { "match": {}, "response": { "content": "{\"label\":\"technical\"}" } },
    ]));
    for provider in PROVIDERS {
        let app = app(provider, &server);
        for (letter, at) in [("My invoice is wrong.", "accountants"), ("It crashes.", "engineers")] {
            let found = desk(letter.to_owned()).run(&app).await;
            assert_eq!(found.unwrap_or_else(|failure| panic!("{provider:?}: {failure}")), at, "{provider:?}");
        }
    }
    let asked = flowc_nodes_tests::asked(&server)[0].to_string();
    assert!(asked.contains("- billing: Invoices and payments."), "{asked}");
}

#[tokio::test]
async fn an_answer_that_is_no_label_names_all_labels() {
    let server = server(json!([{ "match": {}, "response": { "content": "{\"label\":\"secret\"}" } }]));
    let failure = desk("Hello".to_owned()).run(&app(Provider::OpenAi, &server)).await.unwrap_err().to_string();
    assert!(failure.contains("`billing`, `technical`") && !failure.contains("secret"), "{failure}");
    assert_eq!(flowc_nodes_tests::asked(&server).len(), 2);
}
