//! What a provider refuses, and what is known of it then.

use std::path::Path;
use std::time::Duration;

use flowc::policy::Retryable;
use flowc_nodes::{ChatModel, ChatRequest, Model, ModelConfig, ModelError, ModelErrorKind, Provider};
use flowc_nodes_tests::{PROVIDERS, config, model, rough};
use flowc_test_peers::aimock::Aimock;
use serde_json::json;

fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

async fn error(model: &Model, text: &str) -> ModelError {
    model.reply(&ChatRequest::new(text), &|_| {}).await.expect_err("it is refused")
}

#[tokio::test]
async fn each_status_says_what_to_do() {
    let refused =
        |message: &str, status: u16| json!({ "error": { "message": message, "type": "an_error" }, "status": status });
    let server = Aimock::start(
        scratch(),
        &json!([
            { "match": { "userMessage": "nobody" }, "response": refused("no such model", 404) },
            { "match": { "userMessage": "broken" }, "response": refused("our disks are full", 500) },
            { "match": { "userMessage": "wrong" }, "response": refused("what is that?", 400) },
            { "match": { "userMessage": "busy" }, "response": {
                "error": { "message": "slow down", "type": "rate_limit_error" }, "status": 429, "retryAfter": 7 } },
        ]),
    );
    for provider in PROVIDERS {
        let model = model(provider, server.port);
        let missing = error(&model, "nobody").await;
        assert!(
            matches!(missing.kind(), ModelErrorKind::NotFound { said } if said.contains("no such model")),
            "{missing:?}"
        );
        let broken = error(&model, "broken").await;
        assert!(matches!(broken.kind(), ModelErrorKind::Status { status: 500, .. }), "{provider:?}: {broken:?}");
        let wrong = error(&model, "wrong").await;
        assert!(
            matches!(wrong.kind(), ModelErrorKind::Status { status: 400, said, .. } if said.contains("what is that?"))
        );
        let busy = error(&model, "busy").await;
        assert!(matches!(busy.kind(), ModelErrorKind::RateLimited { .. }), "{provider:?}: {busy:?}");
        assert_eq!(busy.retry_after(), Some(Duration::from_secs(7)), "{provider:?}: {busy:?}");
        let again = [&missing, &broken, &wrong, &busy].map(Retryable::is_retryable);
        assert_eq!(again, [false, true, false, true], "{provider:?}");
        assert!(broken.to_string().contains("our disks are full") && !broken.help().is_empty(), "{broken}");
    }
}

#[tokio::test]
async fn a_wrong_key_is_told_and_not_shown() {
    let server = Aimock::guarded(scratch(), &json!([]), "sk-right-0123456789");
    for provider in PROVIDERS {
        let model = model(provider, server.port);
        let refused = error(&model, "hello").await;
        assert!(
            matches!(refused.kind(), ModelErrorKind::Unauthorized { status: 401, .. }),
            "{provider:?}: {refused:?}"
        );
        for shown in [format!("{refused:?}"), refused.to_string(), format!("{model:?}")] {
            assert!(!shown.contains("sk-test-0123456789"), "{provider:?}: {shown}");
        }
    }
}

#[tokio::test]
async fn a_key_that_the_provider_repeats_is_not_shown() {
    for provider in PROVIDERS {
        let said = r#"{"error":{"message":"the key sk-test-0123456789 is unknown"}}"#;
        let port = rough::saying(rough::answer("403 Forbidden", &["content-type: application/json"], said)).await;
        let refused = error(&model(provider, port), "hello").await;
        let shown = format!("{refused:?} {refused}");
        assert!(shown.contains("the key [key] is unknown") && !shown.contains("sk-test"), "{provider:?}: {shown}");
    }
}

#[tokio::test]
async fn a_date_says_how_long_to_wait_as_well() {
    // RFC 9110 has both forms.
    let later = ["retry-after: Fri, 31 Dec 2100 23:59:59 GMT", "retry-after-ms: 1500"]
        .map(|header| rough::answer("503 Service Unavailable", &[header, "content-type: application/json"], "{}"));
    for (answer, least) in later.into_iter().zip([Duration::from_secs(1 << 30), Duration::from_millis(1500)]) {
        let refused = error(&model(Provider::OpenAi, rough::saying(answer).await), "hello").await;
        assert!(refused.retry_after().is_some_and(|wait| wait >= least), "{refused:?}");
    }
}

#[tokio::test]
async fn limits_beyond_the_clock_never_end() {
    let port = rough::saying(rough::answer("404 Not Found", &[], "")).await;
    let model = Model::new(config(Provider::OpenAi, port).idle_timeout(Duration::MAX)).unwrap();
    assert!(matches!(error(&model, "hello").await.kind(), ModelErrorKind::NotFound { .. }));
}

#[tokio::test]
async fn nobody_there_is_an_outage_with_its_cause() {
    for provider in PROVIDERS {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let error = error(&model(provider, port), "hello").await;
        assert!(matches!(error.kind(), ModelErrorKind::Connect) && error.is_retryable(), "{provider:?}: {error:?}");
        let mut chain = String::new();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            chain.push_str(&cause.to_string());
            source = cause.source();
        }
        assert!(chain.contains("Connection refused"), "{provider:?}: {chain}");
    }
}

#[test]
fn a_configuration_that_cannot_be_meant_is_refused_at_once() {
    let wrong = |config: ModelConfig| Model::new(config).expect_err("it is wrong").to_string();
    let base = || ModelConfig::new(Provider::OpenAi, "m").api_key("k");
    let cases = [
        (wrong(ModelConfig::new(Provider::OpenAi, "m")), "`api_key` is missing"),
        (wrong(ModelConfig::new(Provider::Ollama, "")), "the name of the model is empty"),
        (wrong(base().base_url("localhost:8080/v1")), "begins neither with `http://` nor with `https://`"),
        (wrong(base().base_url("127.0.0.1:8080")), "begins neither with `http://` nor with `https://`"),
        (wrong(base().base_url("http://[::1/v1")), "is none"),
        (wrong(base().api_key("k\n")), "perhaps the end of a line"),
        (wrong(base().idle_timeout(Duration::ZERO)), "must be more than nothing"),
        (wrong(base().max_reply(0)), "must be more than nothing"),
        (wrong(ModelConfig::new(Provider::OpenAi, "mistral-medium").api_key("k")), "would be asked for as `mistral`"),
    ];
    for (error, part) in cases {
        assert!(error.contains(part), "{error}");
    }
    assert!(Model::new(config(Provider::Gemini, 1)).is_ok());
    let unknown = serde_json::from_str::<ModelConfig>(r#"{ "provider": "opneai", "model": "m" }"#).unwrap_err();
    assert!(unknown.to_string().contains("`openai`"), "{unknown}");
}
