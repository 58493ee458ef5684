//! What every provider can do.

use std::path::Path;
use std::sync::Mutex;

use flowc_nodes::{ChatModel, ChatOptions, ChatRequest, Finish, Message, Part, Provider, ToolSpec};
use flowc_nodes_tests::{PROVIDERS, asked, model, rough};
use flowc_test_peers::aimock::Aimock;
use serde_json::{Value, json};

fn server(fixtures: Value) -> Aimock {
    Aimock::start(Path::new(env!("CARGO_TARGET_TMPDIR")), &fixtures)
}

#[tokio::test]
async fn text_comes_in_pieces_and_whole_with_its_tokens() {
    let said = "Hello! What a fine day it is to talk about the weather, and about the weather of other days.";
    let usage = json!({ "prompt_tokens": 11, "completion_tokens": 9, "total_tokens": 20 });
    let server =
        server(json!([{ "match": { "userMessage": "hello" }, "response": { "content": said, "usage": usage } }]));
    for provider in PROVIDERS {
        let heard = Mutex::new(Vec::new());
        let hear = |text: &str| heard.lock().unwrap().push(text.to_owned());
        let reply = model(provider, server.port).reply(&ChatRequest::new("hello"), &hear).await;
        let reply = reply.unwrap_or_else(|error| panic!("{provider:?}: {error}"));
        assert_eq!((reply.text.as_str(), &reply.finish), (said, &Finish::Stop), "{provider:?}");
        // aimock counts nothing in Ollama's protocol; see below.
        let counted = if provider == Provider::Ollama { (0, 0) } else { (11, 9) };
        assert_eq!((reply.tokens.input, reply.tokens.output), counted, "{provider:?}");
        // aimock answers by the name that it is asked for, and by none in Gemini's protocol; see below.
        let name =
            Some(flowc_nodes_tests::config(provider, server.port).model).filter(|_| provider != Provider::Gemini);
        assert_eq!(reply.model, name, "{provider:?}");
        let heard = heard.into_inner().unwrap();
        assert!(heard.len() > 1 && heard.concat() == said, "{provider:?}: {heard:?}");
    }
}

#[tokio::test]
async fn gemini_says_which_version_answers() {
    let piece = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]},\"finishReason\":\"STOP\"}],\"modelVersion\":\"gemini-2.5-flash-001\"}\n\n";
    let port = rough::saying(rough::answer("200 OK", &["content-type: text/event-stream"], piece)).await;
    let reply = model(Provider::Gemini, port).reply(&ChatRequest::new("hello"), &|_| {}).await.unwrap();
    assert_eq!((reply.text.as_str(), reply.model.as_deref()), ("Hi", Some("gemini-2.5-flash-001")));
}

#[tokio::test]
async fn ollama_counts_its_tokens_in_the_last_line() {
    let lines = concat!(
        "{\"model\":\"llama3.2\",\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"done\":false}\n",
        "{\"model\":\"llama3.2\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",",
        "\"prompt_eval_count\":26,\"eval_count\":8}\n",
    );
    let port = rough::saying(rough::answer("200 OK", &["content-type: application/x-ndjson"], lines)).await;
    let reply = model(Provider::Ollama, port).reply(&ChatRequest::new("hello"), &|_| {}).await.unwrap();
    assert_eq!((reply.text.as_str(), reply.tokens.input, reply.tokens.output), ("Hi", 26, 8));
}

#[tokio::test]
async fn the_conversation_reaches_the_model() {
    let server = server(json!([{ "match": { "userMessage": "winter" }, "response": { "content": "Cold." } }]));
    for provider in PROVIDERS {
        let request = ChatRequest::new("And in winter?")
            .system("You know the mountains.")
            .before([Message::user("How high is it?"), Message::assistant("2469 metres.")])
            .image("image/png", "iVBORw0KGgo=")
            .options(ChatOptions::default().max_tokens(77).temperature(0.5));
        let reply = model(provider, server.port).reply(&request, &|_| {}).await;
        assert_eq!(reply.unwrap_or_else(|error| panic!("{provider:?}: {error}")).text, "Cold.");
        let asked = asked(&server).pop().unwrap().to_string();
        for part in ["You know the mountains.", "How high is it?", "2469 metres.", "And in winter?", "77"] {
            assert!(asked.contains(part), "{provider:?} does not get `{part}`: {asked}");
        }
        // aimock notes the images of some protocols only.
        if matches!(provider, Provider::OpenAi) {
            assert!(asked.contains("iVBORw0KGgo="), "{provider:?}: {asked}");
        }
    }
}

#[tokio::test]
async fn a_tool_is_asked_for_and_its_answer_heard() {
    let call = json!([{ "id": "call_w1", "name": "get_weather", "arguments": "{\"city\":\"Paris\"}" }]);
    let server = server(json!([
        { "match": { "userMessage": "weather", "hasToolResult": false }, "response": { "toolCalls": call } },
        { "match": { "userMessage": "weather", "hasToolResult": true }, "response": { "content": "It is 21C in Paris." } },
    ]));
    let schema = json!({ "type": "object", "properties": { "city": { "type": "string" } }, "required": ["city"] });
    for provider in PROVIDERS {
        let model = model(provider, server.port);
        let tool = ToolSpec::new("get_weather", "The weather of a city.", schema.clone());
        let request = ChatRequest::new("weather in Paris?").tool(tool);
        let reply = model.reply(&request, &|_| {}).await.unwrap_or_else(|error| panic!("{provider:?}: {error}"));
        assert_eq!(reply.finish, Finish::ToolCalls, "{provider:?}");
        let [call] = &reply.tool_calls[..] else { panic!("{provider:?}: {reply:?}") };
        assert_eq!((call.name.as_str(), &call.arguments), ("get_weather", &json!({ "city": "Paris" })), "{provider:?}");
        let request = request.message(reply.to_message()).message(Message::tool(call, "21 degrees"));
        let reply = model.reply(&request, &|_| {}).await.unwrap_or_else(|error| panic!("{provider:?}: {error}"));
        assert_eq!((reply.text.as_str(), reply.tool_calls.len()), ("It is 21C in Paris.", 0), "{provider:?}");
    }
}

#[tokio::test]
async fn several_tools_at_once_are_told_apart() {
    let calls = json!([
        { "name": "add", "arguments": "{\"a\":1,\"b\":2}" },
        { "name": "add", "arguments": "{\"a\":3,\"b\":4}" },
        { "name": "list", "arguments": "{}" },
    ]);
    let server = server(json!([{ "match": { "userMessage": "sums" }, "response": { "toolCalls": calls } }]));
    for provider in PROVIDERS {
        let tools = ["add", "list"].map(|name| ToolSpec::new(name, "Does it.", json!({ "type": "object" })));
        let request = tools.into_iter().fold(ChatRequest::new("sums"), ChatRequest::tool);
        let reply = model(provider, server.port).reply(&request, &|_| {}).await;
        let reply = reply.unwrap_or_else(|error| panic!("{provider:?}: {error}"));
        let calls: Vec<_> = reply.tool_calls.iter().map(|call| (call.name.as_str(), call.arguments.clone())).collect();
        let expected = [("add", json!({ "a": 1, "b": 2 })), ("add", json!({ "a": 3, "b": 4 })), ("list", json!({}))];
        assert_eq!(calls, expected, "{provider:?}");
    }
}

#[tokio::test]
async fn what_a_provider_cannot_do_is_refused_before_it_is_asked() {
    let server = server(json!([]));
    let model = model(Provider::Ollama, server.port);
    let url = Part::ImageUrl { url: "http://127.0.0.1/a.png".to_owned(), mime_type: "image/png".to_owned() };
    let requests = [
        ChatRequest::of([Message::User { content: vec![url] }]),
        ChatRequest::new("x").options(ChatOptions::default().schema(json!({ "type": "object" }))),
        ChatRequest::of([]),
    ];
    for (request, part) in requests.iter().zip(["fetches no images", "bound to no schema", "no message"]) {
        let error = model.reply(request, &|_| {}).await.unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    assert!(asked(&server).is_empty());
}
