//! A model that chooses among tools, over every protocol.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flowc::dynamic::Registry;
use flowc::{Context, Engine, EventKind, FailureKind, Resources, node, workflow};
use flowc_nodes::{
    AgentError, AgentLimits, AgentReply, Approval, Approver, Approving, ChatModel, ChatRequest, Message, Price, Prices,
    Provider, ToolCall, Tools, agent,
};
use flowc_nodes_tests::{PROVIDERS, asked, model};
use flowc_test_peers::aimock::Aimock;
use serde_json::{Value, json};

/// How many calls were at work at once, at most.
#[derive(Default)]
struct Busy {
    now: AtomicUsize,
    most: AtomicUsize,
}

/// The weather in a town.
#[node]
async fn weather(town: &str, days: Option<u8>, #[resource] busy: &Busy) -> Result<String, String> {
    busy.most.fetch_max(busy.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(50)).await;
    busy.now.fetch_sub(1, Ordering::SeqCst);
    match town {
        "Atlantis" => Err("no such town".to_owned()),
        town => Ok(format!("{town}: rain for {} days", days.unwrap_or(1))),
    }
}

#[node]
fn double(number: i64) -> i64 {
    number * 2
}

workflow! {
    /// Four times a number.
    fn fourfold(number: i64) -> i64 {
        double(double(number))
    }
}

#[derive(Resources)]
struct World {
    busy: Busy,
}

#[derive(Resources)]
struct App {
    model: Box<dyn ChatModel>,
    tools: Tools,
}

fn server(fixtures: &Value) -> Aimock {
    Aimock::start(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")), fixtures)
}

fn world() -> (Arc<World>, Tools) {
    let registry = Registry::<World>::new().with::<weather>().unwrap().with::<fourfold>().unwrap();
    let world = Arc::new(World { busy: Busy::default() });
    let tools = Tools::all(&registry, &world);
    (world, tools)
}

fn call(id: &str, name: &str, arguments: Value) -> Value {
    json!({ "id": id, "name": name, "arguments": arguments })
}

/// A round of these calls, and then an answer.
fn one_round(calls: Value) -> Aimock {
    server(&json!([
        { "match": { "userMessage": "go", "hasToolResult": false }, "response": { "toolCalls": calls } },
        { "match": { "userMessage": "go", "hasToolResult": true }, "response": { "content": "Take an umbrella." } },
    ]))
}

/// What the tools gave, in the order of the calls.
fn answers(reply: &AgentReply) -> Vec<&str> {
    let mut answers = Vec::new();
    for message in &reply.messages {
        if let Message::Tool { content, .. } = message {
            answers.push(content.as_str());
        }
    }
    answers
}

#[tokio::test]
async fn tools_are_called_side_by_side_and_their_answers_told() {
    let calls = json!([
        call("a", "weather", json!({ "town": "Bergen", "days": 3 })),
        call("b", "fourfold", json!({ "number": 5 })),
        call("c", "weather", json!({ "town": "Oslo" })),
    ]);
    for provider in PROVIDERS {
        let server = one_round(calls.clone());
        let (world, tools) = world();
        let app = App { model: Box::new(model(provider, server.port)), tools };
        let reply = agent(ChatRequest::new("go"), AgentLimits::default()).run(&app).await.unwrap();
        assert_eq!((reply.text.as_str(), reply.rounds, reply.calls), ("Take an umbrella.", 2, 3), "{provider:?}");
        assert_eq!(answers(&reply), ["Bergen: rain for 3 days", "20", "Oslo: rain for 1 days"], "{provider:?}");
        assert_eq!(world.busy.most.load(Ordering::SeqCst), 2, "{provider:?}");
        // The model was told of both tools, and of what they take.
        let told = asked(&server).first().unwrap().to_string();
        assert!(told.contains("The weather in a town.") && told.contains("Four times a number."), "{told}");
        assert!(told.contains("town"), "{told}");
    }
}

#[tokio::test]
async fn each_call_is_a_step() {
    let calls =
        json!(
            [call("a", "weather", json!({ "town": "Bergen" })), call("b", "weather", json!({ "town": "Atlantis" })),]
        );
    let server = one_round(calls);
    let app = App { model: Box::new(model(Provider::OpenAi, server.port)), tools: world().1 };
    let engine = Engine::builder().resources(app).keep_events().build();
    let run = engine.start(agent(ChatRequest::new("go"), AgentLimits::default()));
    let mut events = run.events();
    run.await.unwrap();
    let (mut finished, mut failed) = (Vec::new(), Vec::new());
    while let Some(event) = events.next().await {
        match &event.kind {
            EventKind::StepFinished { step, .. } if step.contains("use_tool") => finished.push(step.to_string()),
            EventKind::StepFailed { step, .. } if step.contains("use_tool") => failed.push(step.to_string()),
            _ => {}
        }
    }
    assert_eq!((finished.len(), failed.len()), (1, 1), "{finished:?} {failed:?}");
    assert!(finished[0].contains("[0]") && failed[0].contains("[1]"), "{finished:?} {failed:?}");
}

#[tokio::test]
async fn what_went_wrong_with_a_call_is_told_to_the_model() {
    let calls = json!([
        call("a", "weather", json!({ "town": "Atlantis" })),
        call("b", "weather", json!({ "city": "Bergen" })),
        call("c", "wether", json!({})),
        call("d", "fourfold", json!({ "number": "many" })),
    ]);
    let server = one_round(calls);
    let app = App { model: Box::new(model(Provider::OpenAi, server.port)), tools: world().1 };
    let reply = agent(ChatRequest::new("go"), AgentLimits::default()).run(&app).await.unwrap();
    assert_eq!(
        answers(&reply),
        [
            "error: no such town",
            "error: `weather` has no input `city`; its inputs are `town`, `days`",
            "error: there is no tool `wether`; there are: fourfold, weather",
            "error: input `number` of `fourfold`: invalid type: string \"many\", expected i64",
        ]
    );
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_not_told() {
    let server = one_round(json!([call("a", "weather", json!({ "town": "Bergen" }))]));
    let tools = world().1.max_bytes(10);
    let app = App { model: Box::new(model(Provider::OpenAi, server.port)), tools };
    let reply = agent(ChatRequest::new("go"), AgentLimits::default()).run(&app).await.unwrap();
    assert_eq!(answers(&reply), ["error: its answer has 23 bytes, and 10 are allowed; ask for less"]);
}

/// Allows one town.
struct OnlyBergen;

impl Approver for OnlyBergen {
    fn approve<'a>(&'a self, call: &'a ToolCall, _: &'a Context) -> Approving<'a> {
        Box::pin(async {
            if call.arguments["town"] == "Bergen" { Approval::Allowed } else { Approval::denied("only Bergen") }
        })
    }
}

#[tokio::test]
async fn a_call_that_is_not_allowed_is_not_made() {
    let calls =
        json!([call("a", "weather", json!({ "town": "Oslo" })), call("b", "weather", json!({ "town": "Bergen" }))]);
    let server = one_round(calls);
    let (world, tools) = world();
    let app = App { model: Box::new(model(Provider::OpenAi, server.port)), tools: tools.approver(OnlyBergen) };
    let reply = agent(ChatRequest::new("go"), AgentLimits::default()).run(&app).await.unwrap();
    assert_eq!(answers(&reply), ["error: the call was not allowed: only Bergen", "Bergen: rain for 1 days"]);
    assert_eq!(world.busy.most.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_agent_stays_within_its_limits() {
    let usage = json!({ "prompt_tokens": 40, "completion_tokens": 10, "total_tokens": 50 });
    let calls = json!([call("a", "fourfold", json!({ "number": 1 })), call("b", "fourfold", json!({ "number": 2 }))]);
    let server =
        server(&json!([{ "match": { "userMessage": "go" }, "response": { "toolCalls": calls, "usage": usage } }]));
    // A token read costs 0.001, a token written 0.003.
    let prices = Prices::new().with("*", Price::new(1000.0, 3000.0));
    let model = model(Provider::OpenAi, server.port).prices(prices);
    let app = App { model: Box::new(model), tools: world().1 };
    let failure = async |limits| agent(ChatRequest::new("go"), limits).run(&app).await.unwrap_err();
    let error = |failure: &flowc::Failure| {
        failure.error().and_then(|error| error.downcast_ref::<AgentError>().cloned()).unwrap()
    };

    let rounds = failure(AgentLimits::default().rounds(3)).await;
    assert_eq!(rounds.kind(), FailureKind::Rounds, "{rounds}");
    let calls = failure(AgentLimits::default().calls(5)).await;
    assert_eq!(error(&calls), AgentError::Calls { used: 6, allowed: 5 });
    let tokens = failure(AgentLimits::default().tokens(100)).await;
    assert_eq!(error(&tokens), AgentError::Tokens { used: 100, allowed: 100 });
    let cost = failure(AgentLimits::default().cost(0.1)).await;
    let AgentError::Cost { used, .. } = error(&cost) else { panic!("{cost}") };
    assert!((used - 0.14).abs() < 1e-9, "{used}");
    assert!(cost.to_string().contains("allow more with `AgentLimits::cost`"), "{cost}");
}
