//! Texts as vectors.

use std::path::Path;
use std::time::Duration;

use flowc::policy::Retryable;
use flowc::{Resources, workflow};
use flowc_nodes::{EmbeddingModel, Model, ModelError, ModelErrorKind, Provider, embed};
use flowc_nodes_tests::{config, model, rough};
use flowc_test_peers::aimock::Aimock;
use serde_json::json;

workflow! {
    fn vectors(texts: Vec<String>) -> Vec<Vec<f32>> {
        embed(&texts)
    }
}

#[derive(Resources)]
struct App {
    model: Box<dyn EmbeddingModel>,
}

/// Those whose protocol for vectors aimock speaks.
const PROVIDERS: [Provider; 2] = [Provider::OpenAi, Provider::OpenAiResponses];

#[tokio::test]
async fn each_text_has_a_vector_however_many_there_are() {
    let server = Aimock::start(Path::new(env!("CARGO_TARGET_TMPDIR")), &json!([]));
    for provider in PROVIDERS {
        let app = App { model: Box::new(model(provider, server.port)) };
        let texts: Vec<String> = (0..200).map(|number| format!("text {}", number % 100)).collect();
        let found = vectors(texts).run(&app).await.unwrap_or_else(|failure| panic!("{provider:?}: {failure}"));
        assert_eq!(found.len(), 200, "{provider:?}");
        // aimock makes them of the text alone: the same text has the same vector, in whichever request it was.
        assert!(found[3] == found[103] && found[3] != found[4] && found[99] == found[199], "{provider:?}");
        assert!(vectors(Vec::new()).run(&app).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn gemini_and_ollama_are_asked_for_several_at_once() {
    for (provider, path, answer, tokens) in [
        // As their references describe them; of what Gemini counts they say nothing.
        (
            Provider::Gemini,
            ":batchEmbedContents",
            json!({ "embeddings": [{ "values": [0.5, 1.0] }, { "values": [1.0, 0.5] }] }),
            0,
        ),
        (Provider::Ollama, "/api/embed", json!({ "embeddings": [[0.5, 1.0], [1.0, 0.5]], "prompt_eval_count": 8 }), 8),
    ] {
        let answer = rough::answer("200 OK", &["content-type: application/json"], &answer.to_string());
        let (port, asked) = rough::hearing(answer).await;
        let embedded = model(provider, port).embed(&["one".to_owned(), "two".to_owned()]).await;
        let embedded = embedded.unwrap_or_else(|error| panic!("{provider:?}: {error}"));
        assert_eq!((&embedded.vectors[..], embedded.tokens.input), (&[vec![0.5, 1.0], vec![1.0, 0.5]][..], tokens));
        let asked = asked.lock().unwrap().concat();
        assert!(asked.contains(path) && asked.contains("one") && asked.contains("two"), "{asked}");
    }
}

#[tokio::test]
async fn who_makes_no_vectors_says_so() {
    let model = Model::new(config(Provider::Anthropic, 1)).unwrap();
    let error = model.embed(&["a".to_owned()]).await.unwrap_err();
    assert!(matches!(error.kind(), ModelErrorKind::Config { problem } if problem.contains("embeddings")), "{error:?}");
}

#[tokio::test]
async fn vectors_that_are_too_few_or_uneven_are_refused() {
    for data in [
        json!([{ "index": 0, "embedding": [1.0] }]),
        json!([{ "index": 0, "embedding": [1.0] }, { "index": 1, "embedding": [1.0, 2.0] }]),
        json!([{ "index": 0, "embedding": [] }, { "index": 1, "embedding": [] }]),
    ] {
        let body =
            json!({ "object": "list", "data": data, "usage": { "prompt_tokens": 2, "total_tokens": 2 } }).to_string();
        let port = rough::saying(rough::answer("200 OK", &["content-type: application/json"], &body)).await;
        let error = model(Provider::OpenAi, port).embed(&["a".to_owned(), "b".to_owned()]).await.unwrap_err();
        assert!(matches!(error.kind(), ModelErrorKind::Garbled { .. }), "{error:?}");
    }
}

/// Those that make vectors.
const MAKERS: [Provider; 4] = [Provider::OpenAi, Provider::OpenAiResponses, Provider::Gemini, Provider::Ollama];

async fn refused(provider: Provider, port: u16) -> ModelError {
    let model = Model::new(config(provider, port).idle_timeout(Duration::from_secs(2))).unwrap();
    let texts = ["a".to_owned(), "b".to_owned()];
    let asked = tokio::time::timeout(Duration::from_secs(30), model.embed(&texts)).await;
    asked.expect("it does not hang").expect_err("there are no vectors")
}

#[tokio::test]
async fn what_is_refused_says_why_and_whether_to_try_again() {
    let said = r#"{"error":{"message":"the key sk-test-0123456789 is no good","code":1,"status":"NO"}}"#;
    for provider in MAKERS {
        for (status, class, again) in [
            ("401 Unauthorized", "401", false),
            ("404 Not Found", "404", false),
            ("429 Too Many Requests", "429", true),
            ("500 Internal Server Error", "500", true),
        ] {
            let answer = rough::answer(status, &["content-type: application/json", "retry-after: 3"], said);
            let error = refused(provider, rough::saying(answer).await).await;
            assert_eq!((&*error.class(), error.is_retryable()), (class, again), "{provider:?}: {error:?}");
            if again {
                assert_eq!(error.retry_after(), Some(Duration::from_secs(3)), "{provider:?}: {error:?}");
            }
            let shown = format!("{error} {error:?}");
            assert!(shown.contains("the key [key] is no good") && !shown.contains("sk-test"), "{provider:?}: {shown}");
        }
    }
}

#[tokio::test]
async fn servers_that_fail_have_no_vectors() {
    let silent = || {
        rough::start(|stream| async move {
            let _held = stream;
            std::future::pending::<()>().await;
        })
    };
    let json = "content-type: application/json";
    for provider in MAKERS {
        let cut = format!("HTTP/1.1 200 OK\r\n{json}\r\ncontent-length: 100000\r\n\r\n{{\"data\":[");
        for (port, classes) in [
            (silent().await, &["timeout"][..]),
            (rough::saying("").await, &["connect", "cut"]),
            (rough::saying(cut).await, &["cut"]),
            (rough::saying(rough::answer("200 OK", &[json], "{\"data\": oops")).await, &["garbled"]),
            (rough::saying(rough::answer("200 OK", &[json], "{}")).await, &["garbled"]),
            (rough::saying(rough::answer("200 OK", &["content-type: text/html"], "<html></html>")).await, &["garbled"]),
        ] {
            let error = refused(provider, port).await;
            assert!(classes.contains(&&*error.class()), "{provider:?}, {classes:?}: {error:?}");
        }
    }
}
