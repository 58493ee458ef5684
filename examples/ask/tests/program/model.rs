//! The program run for real with a model: a real OpenAI-compatible server, and servers that misbehave.

use crate::support;

use std::{net::TcpListener, path::Path, time::Duration};

use flowc_test_peers::{aimock::Aimock, llama::Llama};
use serde_json::json;
use support::{
    Ran, ask, assert_refused, guide, run,
    server::{one_reply, response},
};

const KEY: &str = "sk-very-secret";
const HANG_UP: Duration = Duration::ZERO;

/// Asks with a model and a key, and checks that the key is printed nowhere.
fn ask_model(address: &str, question: &str, seconds: &str) -> Ran {
    let settings = [
        ("ASK_MODEL_URL", format!("{address}/v1")),
        ("ASK_MODEL", "tiny".into()),
        ("ASK_API_KEY", KEY.into()),
        ("ASK_TIMEOUT", seconds.into()),
    ];
    let ran = run(ask().envs(settings).arg("--folder").arg(guide()).arg(question));
    assert!(!ran.stdout.contains(KEY) && !ran.stderr.contains(KEY), "{}{}", ran.stdout, ran.stderr);
    ran
}

/// Asks a server that answers with these bytes.
fn ask_reply(reply: &str) -> Ran {
    ask_model(&format!("http://{}", one_reply(reply, HANG_UP)), "How do I bound a map?", "20")
}

#[test]
fn a_model_writes_the_answer_from_the_passages_and_cites_them() {
    let server = Aimock::start(
        Path::new(env!("CARGO_TARGET_TMPDIR")),
        &json!([
            {"match": {"userMessage": "Question: How do I bound a map?"},
             "response": {"content": "Write `#[max(n)]` on the `let` [1]. It also holds for loops [2][9]."}},
            {"match": {"userMessage": "Question: What is a loop?"}, "response": {"content": "   "}},
            {"match": {"userMessage": "Question: Who may map?"},
             "response": {"error": {"message": "Incorrect key provided.", "type": "invalid_request_error"}, "status": 401}},
            {"match": {"userMessage": "Question: Which map fails?"},
             "response": {"error": {"message": "slow down", "type": "rate_limit_error"}, "status": 429}},
            {"match": {"userMessage": "Question: Why does a map break?"},
             "response": {"error": {"message": "out of memory", "type": "server_error"}, "status": 500}},
        ]),
    );
    let ask = |question| ask_model(&server.address, question, "20");

    let ran = ask("How do I bound a map?");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for words in [
        "Write `#[max(n)]` on the `let` [1].",
        "The model cites [9], and there is no such source.",
        "[1]   4.04",
        "maps.md:8-17",
        "Written by tiny.",
    ] {
        assert!(ran.stdout.contains(words), "no `{words}` in {}", ran.stdout);
    }
    assert!(ran.stderr.lines().any(|line| line.starts_with("done") && line.contains("reply")), "{}", ran.stderr);

    let journal = server.journal();
    let request = journal.first().unwrap();
    assert_eq!(request.pointer("/path"), Some(&json!("/v1/chat/completions")));
    assert_eq!(request.pointer("/body/model"), Some(&json!("tiny")));
    assert!(request.pointer("/headers/authorization").is_some(), "{request}");
    let given = request.pointer("/body/messages/1/content").and_then(|given| given.as_str()).unwrap();
    assert!(
        given.contains("[1] ") && given.contains("maps.md:8 Maps > Bounding a map\nEvery map has a bound."),
        "{given}"
    );

    assert_refused(&ask("What is a loop?"), 1, &["replied with no text", "`tiny`"]);
    assert_refused(&ask("Who may map?"), 1, &["status 401: Incorrect key provided; check `ASK_API_KEY`"]);
    assert_refused(&ask("Which map fails?"), 1, &["status 429: slow down; wait a little"]);
    assert_refused(&ask("Why does a map break?"), 1, &["status 500: out of memory; the server has a problem"]);
    // The server knows no such question and says 404.
    assert_refused(&ask("Where is a map?"), 1, &["status 404", "`ASK_MODEL` is served there"]);

    // Without a passage no model is asked.
    let before = server.journal().len();
    let ran = ask("Where is Paris?");
    assert!(ran.code == 0 && ran.stdout.contains("say nothing about `paris`"), "{}", ran.stdout);
    assert_eq!(server.journal().len(), before);
}

#[test]
fn the_text_is_shown_as_it_comes() {
    let part = |text: &str| format!("data: {}\n\n", json!({ "choices": [{ "delta": { "content": text } }] }));
    let stream = |end: &str| {
        let body = part("Write ") + &part("a bound [1].") + end;
        response("200 OK", "content-type: text/event-stream\r\n", &body)
    };
    let ran = ask_reply(&stream("data: [DONE]\n\n"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.starts_with("How do I bound a map?\n\nWrite a bound [1].\n\nSources"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("Written by tiny.\n"), "{}", ran.stdout);

    // What came before the connection was cut has been shown, and that it is not all is said.
    let ran = ask_reply(&stream(""));
    assert_eq!((ran.code, ran.stdout.as_str()), (1, "How do I bound a map?\n\nWrite a bound [1]."));
    assert!(ran.stderr.contains("the connection was cut before the reply was whole"), "{}", ran.stderr);
    let ran = ask_reply(&stream("data: {\n\n"));
    assert!(ran.code == 1 && ran.stderr.contains("is no chat completion"), "{}", ran.stderr);
}

#[test]
fn passages_are_found_by_meaning_as_well() {
    let script = json!([{ "match": { "userMessage": "Question:" }, "response": { "content": "As [1] says." } }]);
    let server = Aimock::start(Path::new(env!("CARGO_TARGET_TMPDIR")), &script);
    let url = format!("{}/v1", server.address);
    let settings =
        [("ASK_MODEL_URL", url.as_str()), ("ASK_MODEL", "tiny"), ("ASK_EMBEDDING_MODEL", "text-embedding-3-small")];
    // No word of it stands in the guide; the vectors of the server mean nothing, but something is always near.
    let ran = run(ask().envs(settings).arg("-f").arg(guide()).arg("Zounds?"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("As [1] says.") && ran.stdout.contains("Sources"), "{}", ran.stdout);
    let asked: Vec<_> =
        server.journal().iter().filter_map(|request| request["path"].as_str().map(str::to_owned)).collect();
    assert_eq!(asked, ["/v1/embeddings", "/v1/chat/completions"]);

    let reply = response("200 OK", "", r#"{"data": [{"embedding": [1.0]}]}"#);
    let url = format!("http://{}/v1", one_reply(&*reply, HANG_UP));
    let settings = [("ASK_MODEL_URL", url.as_str()), ("ASK_MODEL", "tiny"), ("ASK_EMBEDDING_MODEL", "vectors")];
    let ran = run(ask().envs(settings).arg("-f").arg(guide()).arg("map"));
    assert_refused(&ran, 1, &["/v1/embeddings has no vectors", "and 1 came", "`ASK_EMBEDDING_MODEL`"]);
}

/// Random weights write random words; that they come in parts, to an end, and with the sources below, is real.
#[test]
fn llama_cpp_writes_an_answer() {
    let server = Llama::start(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let ran = ask_model(&server.address, "How do I bound a map?", "60");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.starts_with("How do I bound a map?\n\n") && ran.stdout.contains("\nSources"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("Written by tiny.\n"), "{}", ran.stdout);
}

#[test]
fn a_server_that_is_not_there() {
    // The port was free a moment ago, and nothing listens on it once the listener is gone.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ran = ask_model(&format!("http://{address}"), "How do I bound a map?", "20");
    assert_refused(&ran, 1, &["the connection was refused", &address.to_string(), "check that it is running"]);
    assert!(ran.stderr.contains("failed  reply"), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("\n  in step `ask/reply`\n"), "{}", ran.stderr);
}

#[test]
fn a_host_that_nobody_knows() {
    let ran = ask_model("http://no-such-host.invalid", "How do I bound a map?", "20");
    assert_refused(&ran, 1, &["no answer from the model at http://no-such-host.invalid/v1/chat/completions"]);
}

#[test]
fn a_server_that_never_answers() {
    let address = one_reply("", Duration::from_secs(30));
    let ran = ask_model(&format!("http://{address}"), "How do I bound a map?", "1");
    assert_refused(&ran, 1, &["did not answer within 1 s", "`ASK_TIMEOUT`"]);
}

#[test]
fn replies_that_are_no_completion() {
    for (reply, why) in [
        (response("200 OK", "", "{\"choices\": [{\"mess"), "EOF"),
        (response("200 OK", "", "<html>Welcome</html>"), "expected value"),
        (response("200 OK", "", "{}"), "missing field `choices`"),
        (response("200 OK", "", "{\"choices\": []}"), "it has no choice in it"),
        (response("200 OK", "", ""), "EOF"),
    ] {
        assert_refused(&ask_reply(&reply), 1, &["is no chat completion", why, "OpenAI-compatible"]);
    }
    let blank = r#"{"choices": [{"message": {"role": "assistant", "content": null}}]}"#;
    assert_refused(&ask_reply(&response("200 OK", "", blank)), 1, &["replied with no text"]);
}

#[test]
fn bytes_that_are_no_http_and_a_line_that_is_cut() {
    for (reply, why) in [
        ("\0\u{1}garbage\r\n\r\n", "is no chat completion"),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "is no chat completion"),
        ("", "the connection was cut before the reply was whole"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", "the connection was cut before the reply was whole"),
    ] {
        assert_refused(&ask_reply(reply), 1, &["http://127.0.0.1:", why]);
    }
}

#[test]
fn a_server_that_echoes_the_key_or_steers_the_terminal() {
    let body = format!("Wrong key {KEY} \u{1b}[2J given.\nSecond line.");
    let ran = ask_reply(&response("403 Forbidden", "", &body));
    assert_refused(&ran, 1, &["status 403: Wrong key (the key)", "check `ASK_API_KEY`"]);
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
}

#[test]
fn a_server_on_this_machine_is_reached_past_a_proxy() {
    let reply = r#"{"choices": [{"message": {"content": "Write a bound [1]."}}]}"#;
    let url = format!("http://{}/v1", one_reply(response("200 OK", "", reply), HANG_UP));
    let settings = [("ASK_MODEL_URL", url.as_str()), ("ASK_MODEL", "tiny"), ("HTTP_PROXY", "http://127.0.0.1:1")];
    let ran = run(ask().env_remove("NO_PROXY").envs(settings).arg("--folder").arg(guide()).arg("map"));
    assert!(ran.code == 0 && ran.stdout.contains("Write a bound [1]."), "{}", ran.stderr);
}

#[test]
fn a_redirect_takes_the_question_nowhere() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let location = format!("location: http://{}/v1/chat/completions\r\n", other.local_addr().unwrap());
    for status in ["302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let ran = ask_reply(&response(status, &location, ""));
        assert_refused(&ran, 1, &["set `ASK_MODEL_URL` to the final address"]);
    }
    other.set_nonblocking(true).unwrap();
    assert!(other.accept().is_err(), "the other server was called");
}
