//! Workflows served over HTTP: what calls give, and what is not let in.

use std::time::Duration;

use flowc::Secret;
use flowc::policy::RatePolicy;
use flowc_mcp::server::{Auth, Caller, Limits, Rejected, Serving};
use flowc_mcp_tests::raw::{Answer, call, post, request, send};
use flowc_mcp_tests::served::{Cancelled, server};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

async fn served(limits: Limits) -> (Serving, Cancelled) {
    let (server, cancelled) = server(limits);
    (server.bind_http("127.0.0.1:0").await.unwrap(), cancelled)
}

async fn answer(serving: &Serving, message: &Value) -> Answer {
    send(serving.address(), &post(serving.address(), message, &[])).await
}

async fn until(what: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !what() {
        assert!(Instant::now() < end, "it did not happen in time");
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tools_say_what_the_workflows_say() {
    let (serving, _) = served(Limits::new()).await;
    let listed = answer(&serving, &request(1, "tools/list", json!({}), json!({}))).await.result(1);
    let tools = listed["tools"].as_array().unwrap();
    let names: Vec<_> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["fail", "find", "publish", "slow", "words"]);
    let words = &tools[4];
    assert_eq!((&words["title"], &words["description"]), (&json!("Words"), &json!("Counts the words of a text.")));
    assert_eq!(words["annotations"]["readOnlyHint"], true);
    let text = &words["inputSchema"]["properties"]["text"];
    assert_eq!(
        *text,
        json!({ "type": "string", "description": "The text, in any language that puts spaces between words." })
    );
    assert_eq!(words["outputSchema"]["required"], json!(["result"]));
    assert_eq!(tools[1]["inputSchema"]["$defs"]["Query"]["required"], json!(["words"]));
    assert_eq!(tools[3]["inputSchema"]["required"], json!(["steps"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_give_structured_results_and_errors_with_help() {
    let (serving, _) = served(Limits::new()).await;
    let result = answer(&serving, &call(1, "words", json!({ "text": "one two three" }))).await.result(1);
    assert_eq!((&result["structuredContent"], &result["content"][0]["text"]), (&json!({ "result": 3 }), &json!("3")));

    let inputs = json!({ "query": { "words": ["cat"], "most": 1 }, "lines": ["a cat", "a dog", "two cats"] });
    let result = answer(&serving, &call(2, "find", inputs)).await.result(2);
    assert_eq!(result["structuredContent"], json!({ "lines": ["a cat"], "complete": false }));

    let result = answer(&serving, &call(3, "fail", json!({ "reason": "the moon is full" }))).await.result(3);
    let text = result["content"][0]["text"].as_str().unwrap();
    assert_eq!(result["isError"], true);
    assert!(text.starts_with("step `fail/refuse` failed: the moon is full\nhelp: "), "{text}");
    assert_eq!(result["_meta"]["flowc/problem"]["kind"], "error");

    let result = answer(&serving, &call(4, "words", json!({ "txt": "one" }))).await.result(4);
    let text = result["content"][0]["text"].as_str().unwrap();
    assert!(
        result["isError"] == true && text.starts_with("`words` has no input `txt`; its inputs are `text`"),
        "{text}"
    );

    let unknown = answer(&serving, &call(5, "wrods", json!({}))).await;
    assert_eq!(unknown.messages()[0]["error"]["code"], -32602);
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_grows_and_arrives_before_the_result() {
    let (serving, _) = served(Limits::new()).await;
    let messages = answer(&serving, &call(7, "slow", json!({ "steps": 4, "millis": 40 }))).await.messages();
    let (last, told) = messages.split_last().unwrap();
    assert_eq!(last["result"]["structuredContent"], json!({ "result": 4 }));
    let done: Vec<f64> = told.iter().map(|note| note["params"]["progress"].as_f64().unwrap()).collect();
    assert!(done.len() >= 4 && done.is_sorted() && done.last() == Some(&1.0), "{done:?}");
    assert!(told.iter().all(|note| note["params"]["progressToken"] == "token-7" && note["params"]["total"] == 1.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_asked_by_rounds_of_the_call() {
    let (serving, _) = served(Limits::new()).await;
    let forms = json!({ "elicitation": { "form": {} } });
    let publish = |id, more: Value| {
        let mut params = json!({ "name": "publish", "arguments": { "text": "hello" } });
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        request(id, "tools/call", params, forms.clone())
    };
    let asked = answer(&serving, &publish(1, json!({}))).await.result(1);
    assert_eq!(asked["resultType"], "input_required");
    let (key, form) = asked["inputRequests"].as_object().unwrap().iter().next().unwrap();
    assert_eq!(form["params"]["message"], "Send this? hello");
    assert_eq!(form["params"]["requestedSchema"]["properties"]["approved"]["type"], "boolean");

    let state = &asked["requestState"];
    let yes = json!({ key: { "action": "accept", "content": { "approved": true, "by": "me" } } });
    // Without an answer it asks again, and the run waits on.
    let again = answer(&serving, &publish(2, json!({ "requestState": state }))).await.result(2);
    assert_eq!(again["inputRequests"], asked["inputRequests"]);
    let state = again["requestState"].clone();
    let done = answer(&serving, &publish(3, json!({ "requestState": state, "inputResponses": yes }))).await.result(3);
    assert_eq!(done["structuredContent"], json!({ "result": true }));
    // Once.
    let over = answer(&serving, &publish(4, json!({ "requestState": state, "inputResponses": yes }))).await;
    assert_eq!(over.messages()[0]["error"]["code"], -32602);
    // What is no answer to the form is asked once more; an answer that comes with the call is taken.
    let wrong =
        json!({ "inputResponses": { "approve": { "action": "accept", "content": { "approved": "perhaps" } } } });
    assert_eq!(answer(&serving, &publish(6, wrong)).await.result(6)["resultType"], "input_required");
    let done = answer(&serving, &publish(7, json!({ "inputResponses": yes }))).await.result(7);
    assert_eq!(done["structuredContent"], json!({ "result": true }));

    // A client that shows no forms is told so by the node.
    let nobody = answer(&serving, &call(5, "publish", json!({ "text": "hello" }))).await.result(5);
    assert!(nobody["content"][0]["text"].as_str().unwrap().contains("nobody can be asked"), "{nobody}");
    // The one that nobody answered waits.
    assert_eq!(serving.calls(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_call_goes_on_as_a_task() {
    let (serving, cancelled) = served(Limits::new().task_after(Duration::from_millis(50))).await;
    let tasks = json!({ "extensions": { "io.modelcontextprotocol/tasks": {} } });
    let slow = |id, millis| {
        request(
            id,
            "tools/call",
            json!({ "name": "slow", "arguments": { "steps": 10, "millis": millis } }),
            tasks.clone(),
        )
    };
    let task = answer(&serving, &slow(1, 50)).await.result(1);
    assert_eq!(task["resultType"], "task", "{task}");
    let get = |id: u64, task: &Value| request(id, "tasks/get", json!({ "taskId": task["taskId"] }), tasks.clone());
    let end = Instant::now() + Duration::from_secs(20);
    let done = loop {
        let now = answer(&serving, &get(2, &task)).await.result(2);
        if now["status"] != "working" {
            break now;
        }
        assert!(Instant::now() < end);
        sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(
        (&done["status"], &done["result"]["structuredContent"]),
        (&json!("completed"), &json!({ "result": 10 }))
    );

    let task = answer(&serving, &slow(3, 10_000)).await.result(3);
    answer(&serving, &request(4, "tasks/cancel", json!({ "taskId": task["taskId"] }), tasks.clone())).await.result(4);
    until(|| cancelled.count() == 1 && serving.calls() == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_vanishes_cancels_its_run() {
    let (serving, cancelled) = served(Limits::new()).await;
    let mut stream = TcpStream::connect(serving.address()).await.unwrap();
    let bytes = post(serving.address(), &call(1, "slow", json!({ "steps": 1000, "millis": 100 })), &[]);
    stream.write_all(&bytes).await.unwrap();
    until(|| serving.calls() == 1).await;
    drop(stream);
    until(|| cancelled.count() == 1 && serving.calls() == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_belong_is_not_let_in() {
    let (serving, _) = served(Limits::new().message_bytes(10_000)).await;
    let address = serving.address();
    let words = call(1, "words", json!({ "text": "one" }));
    let status = async |headers: &[(&str, &str)]| send(address, &post(address, &words, headers)).await.status;
    assert_eq!(status(&[("Origin", "http://evil.example")]).await, 403);
    assert_eq!(status(&[("Host", "evil.example")]).await, 403);
    assert_eq!(status(&[("Origin", "null")]).await, 403);
    assert_eq!(status(&[("Origin", "http://localhost:3000")]).await, 200);

    let huge = call(2, "words", json!({ "text": "x".repeat(20_000) }));
    assert_eq!(send(address, &post(address, &huge, &[])).await.status, 413);
    let endless = format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    );
    let chunks = "1000\r\n".to_owned() + &"y".repeat(0x1000) + "\r\n";
    assert_eq!(send(address, (endless + &chunks.repeat(8)).as_bytes()).await.status, 413);

    let text = String::from_utf8(post(address, &words, &[])).unwrap();
    let as_text = text.replace("Content-Type: application/json", "Content-Type: text/plain");
    assert_eq!(send(address, as_text.as_bytes()).await.status, 415);
    let garbage = text.replace("\"jsonrpc\"", "\"jsonrcp\"");
    assert!((400..500).contains(&send(address, garbage.as_bytes()).await.status));
    let elsewhere = text.replace("POST /mcp", "POST /other");
    assert_eq!(send(address, elsewhere.as_bytes()).await.status, 404);
    // After all of that it serves on.
    assert_eq!(status(&[]).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_are_let_go() {
    let (serving, _) = served(Limits::new().read_timeout(Duration::from_millis(300))).await;
    let address = serving.address();
    // A head that never ends.
    let head = timeout(Duration::from_secs(20), send(address, b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-A: b"));
    let head = head.await.expect("the connection is closed");
    assert!(head.status == 0 || head.status == 408, "{head:?}");
    // A body that never comes.
    let head = format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{{"
    );
    assert_eq!(send(address, head.as_bytes()).await.status, 408);
    assert_eq!(answer(&serving, &call(1, "words", json!({ "text": "one" }))).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_token_is_told_where_to_get_one() {
    let (server, _) = server(Limits::new());
    let auth = Auth::new("https://tools.example/mcp", |token: Secret<String>| async move {
        match token.expose().as_str() {
            "good" => Ok(Caller::new("alice")),
            "narrow" => Err(Rejected::Scope),
            _ => Err(Rejected::Invalid),
        }
    });
    let auth = auth.authorization_server("https://login.example").scope("tools");
    let serving = server.auth(auth).bind_http("127.0.0.1:0").await.unwrap();
    let address = serving.address();
    let words = call(1, "words", json!({ "text": "one" }));
    let with = async |headers: &[(&str, &str)]| send(address, &post(address, &words, headers)).await;
    let challenge = async |headers: &[(&str, &str)]| {
        let refused = with(headers).await;
        (refused.status, refused.header("www-authenticate").unwrap_or_default().to_owned())
    };
    let start =
        "Bearer resource_metadata=\"https://tools.example/.well-known/oauth-protected-resource/mcp\", scope=\"tools\"";
    assert_eq!(challenge(&[]).await, (401, start.to_owned()));
    let expired = challenge(&[("Authorization", "Bearer expired")]).await;
    assert_eq!(expired, (401, format!("{start}, error=\"invalid_token\"")));
    let narrow = challenge(&[("Authorization", "Bearer narrow")]).await;
    assert_eq!(narrow, (403, format!("{start}, error=\"insufficient_scope\"")));
    assert_eq!(with(&[("Authorization", "Bearer good")]).await.status, 200);

    let get = format!(
        "GET /.well-known/oauth-protected-resource/mcp HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    );
    let metadata: Value = serde_json::from_str(&send(address, get.as_bytes()).await.body).unwrap();
    assert_eq!(metadata["resource"], "https://tools.example/mcp");
    assert_eq!(metadata["authorization_servers"], json!(["https://login.example"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn rate_and_concurrency_are_limited() {
    let rate = RatePolicy::new().calls(2, Duration::from_secs(3600)).wait(Duration::ZERO);
    let (serving, _) = served(Limits::new().rate(rate)).await;
    let words = call(1, "words", json!({ "text": "one" }));
    for (call, refused) in [(1, false), (2, false), (3, true)] {
        let result = answer(&serving, &words).await.result(1);
        assert_eq!(result["isError"] == true, refused, "call {call}: {result}");
    }

    let (serving, _) = served(Limits::new().calls(1)).await;
    let address = serving.address();
    let slow = post(address, &call(1, "slow", json!({ "steps": 10, "millis": 100 })), &[]);
    let first = tokio::spawn(async move { send(address, &slow).await });
    until(|| serving.calls() == 1).await;
    let busy = answer(&serving, &words).await.result(1);
    assert_eq!(busy["isError"], true);
    assert!(busy["content"][0]["text"].as_str().unwrap().contains("call again"), "{busy}");
    assert_eq!(first.await.unwrap().result(1)["structuredContent"], json!({ "result": 10 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_calls_at_once_lose_no_reply() {
    let (serving, _) = served(Limits::new()).await;
    let address = serving.address();
    let mut calls = tokio::task::JoinSet::new();
    for id in 0..1000_u64 {
        calls.spawn(async move {
            let text = "word ".repeat(usize::try_from(id).unwrap());
            let answer = send(address, &post(address, &call(id, "words", json!({ "text": text })), &[])).await;
            assert_eq!(answer.result(id)["structuredContent"], json!({ "result": id }));
        });
    }
    let mut done = 0;
    while let Some(ended) = calls.join_next().await {
        ended.unwrap();
        done += 1;
    }
    assert_eq!((done, serving.calls()), (1000, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_lets_calls_end_and_then_cancels() {
    let (serving, cancelled) = served(Limits::new()).await;
    let address = serving.address();
    let start = |steps: u64| {
        let bytes = post(address, &call(steps, "slow", json!({ "steps": steps, "millis": 50 })), &[]);
        tokio::spawn(async move { send(address, &bytes).await })
    };
    let (short, long) = (start(6), start(10_000));
    until(|| serving.calls() == 2).await;
    serving.shutdown(Duration::from_secs(1)).await;
    assert_eq!(short.await.unwrap().result(6)["structuredContent"], json!({ "result": 6 }));
    until(|| cancelled.count() == 1).await;
    assert!(TcpStream::connect(address).await.is_err());
    drop(long);
}
