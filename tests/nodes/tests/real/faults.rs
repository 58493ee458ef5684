//! Servers that break, lie, or say nothing.

use std::time::Duration;

use flowc_nodes::{ChatModel, ChatRequest, Model, ModelError, ModelErrorKind, Provider};
use flowc_nodes_tests::{PROVIDERS, config, rough};
use tokio::io::AsyncWriteExt;

async fn error(model: &Model) -> ModelError {
    let asked = ChatRequest::new("hello");
    let reply = tokio::time::timeout(Duration::from_secs(30), model.reply(&asked, &|_| {})).await;
    reply.expect("it does not hang").expect_err("there is no reply")
}

fn at(provider: Provider, port: u16) -> Model {
    Model::new(config(provider, port).idle_timeout(Duration::from_secs(2)).max_reply(1 << 20)).unwrap()
}

/// The first pieces of a reply, as each protocol has them.
fn beginning(provider: Provider) -> &'static str {
    match provider {
        Provider::OpenAi => {
            "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"}}]}\n\n"
        }
        Provider::OpenAiResponses => {
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"Hel\"}\n\n"
        }
        Provider::Anthropic => concat!(
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"1\",\"usage\":{\"input_tokens\":1}}}\n\n",
            "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hel\"}}\n\n",
        ),
        Provider::Gemini => "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hel\"}]}}]}\n\n",
        _ => "{\"message\":{\"role\":\"assistant\",\"content\":\"Hel\"},\"done\":false}\n",
    }
}

fn kind_of(provider: Provider) -> &'static str {
    if provider == Provider::Ollama { "application/x-ndjson" } else { "text/event-stream" }
}

#[tokio::test]
async fn a_reply_that_breaks_off_is_no_reply() {
    for provider in PROVIDERS {
        // The connection ends in the middle of a body whose length is known, and at the end of one whose length is not.
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {}\r\n", kind_of(provider));
        let text = beginning(provider);
        for answer in
            [format!("{head}content-length: 100000\r\n\r\n{text}"), format!("{head}connection: close\r\n\r\n{text}")]
        {
            let error = error(&at(provider, rough::saying(answer).await)).await;
            assert!(matches!(error.kind(), ModelErrorKind::Cut), "{provider:?}: {error:?}");
        }
    }
}

#[tokio::test]
async fn a_server_that_hangs_up_is_an_outage() {
    for provider in PROVIDERS {
        let error = error(&at(provider, rough::saying("").await)).await;
        assert!(matches!(error.kind(), ModelErrorKind::Connect | ModelErrorKind::Cut), "{provider:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    for provider in PROVIDERS {
        for begun in [false, true] {
            let port = rough::start(move |mut stream| async move {
                if begun {
                    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {}\r\n\r\n", kind_of(provider));
                    let _ = stream.write_all(format!("{head}{}", beginning(provider)).as_bytes()).await;
                }
                tokio::time::sleep(Duration::from_secs(60)).await;
            })
            .await;
            let error = error(&at(provider, port)).await;
            assert!(matches!(error.kind(), ModelErrorKind::Timeout { .. }), "{provider:?}: {error:?}");
        }
    }
}

#[tokio::test]
async fn what_is_no_reply_is_said_to_be_none() {
    for provider in PROVIDERS {
        let broken = if provider == Provider::Ollama { "{\"message\": oops\n" } else { "data: {\"choices\": oops\n\n" };
        let kind = format!("content-type: {}", kind_of(provider));
        let answers = [
            rough::answer("200 OK", &[&kind], broken),
            rough::answer("200 OK", &["content-type: text/html"], "<html>It works!</html>"),
        ];
        for answer in answers {
            let error = error(&at(provider, rough::saying(answer).await)).await;
            let is_known = matches!(error.kind(), ModelErrorKind::Garbled { .. } | ModelErrorKind::Cut);
            assert!(is_known, "{provider:?}: {error:?}");
        }
    }
}

#[tokio::test]
async fn a_piece_without_an_end_is_given_up() {
    for provider in PROVIDERS {
        let port = rough::start(move |mut stream| async move {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {}\r\n\r\n", kind_of(provider));
            let _ = stream.write_all(head.as_bytes()).await;
            let (begun, _) = beginning(provider).split_once("Hel").unwrap();
            let _ = stream.write_all(begun.as_bytes()).await;
            let more = "x".repeat(10_000);
            for _ in 0..5_000 {
                if stream.write_all(more.as_bytes()).await.is_err() {
                    return;
                }
            }
        })
        .await;
        // Either it comes to its end, and is too large, or to what counts as silence: nothing that is whole for so long.
        let error = error(&at(provider, port)).await;
        let kind = error.kind();
        let known = [ModelErrorKind::Cut, ModelErrorKind::TooLarge { limit: 1 << 20 }];
        let is_known =
            known.contains(kind) || matches!(kind, ModelErrorKind::Timeout { .. } | ModelErrorKind::Garbled { .. });
        assert!(is_known, "{provider:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_reply_of_fifty_megabytes_is_stopped() {
    for provider in PROVIDERS {
        let port = rough::start(move |mut stream| async move {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {}\r\n\r\n", kind_of(provider));
            let _ = stream.write_all(head.as_bytes()).await;
            let piece = beginning(provider).replace("Hel", &"x".repeat(10_000));
            for _ in 0..5_000 {
                if stream.write_all(piece.as_bytes()).await.is_err() {
                    return;
                }
            }
        })
        .await;
        let error = error(&at(provider, port)).await;
        assert!(matches!(error.kind(), ModelErrorKind::TooLarge { limit: 1_048_576 }), "{provider:?}: {error:?}");
    }
}
