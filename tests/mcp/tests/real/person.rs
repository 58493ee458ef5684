//! One way to a person, through all programs between: a tool that a run calls asks, and whoever started the run answers.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flowc::{Context, Engine, Resources, node, workflow};
use flowc_mcp::server::{AskError, McpServer, Person, Serving};
use flowc_mcp::{
    BoxFuture, Elicitation, ElicitationAnswer, InputHandler, McpServers, ProtocolVersion, Server, ServerConfig,
    call_tool,
};
use flowc_mcp_tests::peers::{Listening, python_stdio};
use serde_json::json;

const SERVED: &str = env!("CARGO_BIN_EXE_served");

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Name {
    name: String,
}

#[node]
async fn ask_name(#[resource] person: &Person, #[context] cx: &Context) -> Result<String, AskError> {
    Ok(person.ask::<Name>(cx, "Who is there?").await?.name)
}

workflow! {
    /// Has the tool of another server ask for a name.
    fn greet() -> String {
        let said = call_tool("peer", "greet", json!({}));
        said.text()
    }

    /// Has the workflow of another program ask whether a text may be sent.
    fn publish(text: String) -> String {
        let said = call_tool("peer", "publish", json!({ "text": text }));
        said.text()
    }

    /// Asks for a name itself.
    fn knock() -> String {
        let name = ask_name();
        format!("It is {name}.")
    }
}

#[derive(Resources)]
struct App {
    person: Person,
    servers: McpServers,
}

/// Somebody with a name, who remembers what was asked.
#[derive(Clone)]
struct Somebody {
    name: String,
    asked: Arc<Mutex<Vec<String>>>,
}

fn somebody(name: &str) -> Somebody {
    Somebody { name: name.to_owned(), asked: Arc::default() }
}

impl InputHandler for Somebody {
    fn elicit<'a>(&'a self, asked: &'a Elicitation) -> BoxFuture<'a, ElicitationAnswer> {
        Box::pin(async move {
            let Elicitation::Form { server, message, schema } = asked else { return ElicitationAnswer::Decline };
            self.asked.lock().unwrap().push(format!("{server}: {message}"));
            ElicitationAnswer::Accept(match schema.pointer("/properties/approved") {
                Some(_) => json!({ "approved": true, "by": self.name }),
                None => json!({ "name": self.name }),
            })
        })
    }
}

/// The program in the middle: it serves workflows, and calls the tools of a peer in them.
fn middle(peer: ServerConfig, person: Person) -> App {
    let peer = peer.connect_timeout(Duration::from_secs(60));
    let servers = McpServers::builder().server("peer", peer).input_handler(person.clone()).build();
    App { person, servers }
}

async fn serve(app: App) -> Serving {
    let person = app.person.clone();
    McpServer::new(Engine::builder().resources(app).build())
        .person(&person)
        .workflow::<greet>()
        .workflow::<publish>()
        .workflow::<knock>()
        .bind_http("127.0.0.1:0")
        .await
        .unwrap()
}

/// Who starts the runs.
fn client(serving: &Serving, version: ProtocolVersion, who: Option<&Somebody>) -> Server {
    let config = ServerConfig::http(format!("http://{}/mcp", serving.address())).protocol(version);
    let builder = McpServers::builder().server("middle", config);
    let builder = match who {
        Some(who) => builder.input_handler(who.clone()),
        None => builder,
    };
    builder.build().server("middle").unwrap()
}

fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

async fn said(server: &Server, tool: &str, arguments: serde_json::Value) -> String {
    server.call(tool, arguments).await.unwrap().text()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_that_asks_in_a_run_asks_the_client_that_started_it() {
    let (old, rounds) = (python_stdio(scratch(), false), ServerConfig::stdio(SERVED).arg("stdio"));
    for (peer, tool, arguments, answer, question) in [
        (old, "greet", json!({}), "Hello, Ada!", "What is your name?"),
        (rounds, "publish", json!({ "text": "hello" }), "true", "Send this? hello"),
    ] {
        let serving = serve(middle(peer, Person::new())).await;
        for version in [ProtocolVersion::V2026_07_28, ProtocolVersion::V2025_11_25] {
            let ada = somebody("Ada");
            let client = client(&serving, version, Some(&ada));
            assert_eq!(said(&client, tool, arguments.clone()).await, answer, "{version}");
            assert_eq!(*ada.asked.lock().unwrap(), [format!("middle: peer: {question}")], "{version}");
        }
        // A client that shows no questions has not agreed to anything.
        let silent = client(&serving, ProtocolVersion::V2026_07_28, None);
        let refused = said(&silent, tool, arguments).await;
        assert!(refused.contains("decline") || refused.contains("nobody can be asked"), "{refused}");
        serving.shutdown(Duration::from_secs(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_many_clients_answers_for_its_own_run() {
    // Over HTTP an answer comes on the stream of its call; and a workflow asks by rounds of the call.
    let http = Listening::python(scratch(), false, "http");
    for (peer, tool) in [(http.http(), "greet"), (ServerConfig::stdio(SERVED).arg("stdio"), "knock")] {
        let serving = serve(middle(peer, Person::new())).await;
        let mut calls = tokio::task::JoinSet::new();
        for number in 0..20 {
            let client = client(&serving, ProtocolVersion::V2026_07_28, Some(&somebody(&format!("N{number}"))));
            calls.spawn(async move {
                let greeted = said(&client, tool, json!({})).await;
                assert!(greeted.contains(&format!(" N{number}")), "{greeted}");
            });
        }
        while let Some(call) = calls.join_next().await {
            call.unwrap();
        }
        serving.shutdown(Duration::from_secs(5)).await;
    }
}

/// On one pipe a server before 2026-07-28 does not say for which call it asks: nobody answers for somebody else.
#[tokio::test(flavor = "multi_thread")]
async fn where_it_is_not_known_whose_the_question_is_no_client_is_asked() {
    let serving = serve(middle(python_stdio(scratch(), false), Person::new())).await;
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..20 {
        let client = client(&serving, ProtocolVersion::V2026_07_28, Some(&somebody(&format!("N{number}"))));
        calls.spawn(async move {
            let greeted = said(&client, "greet", json!({})).await;
            let own = greeted == format!("Hello, N{number}!");
            assert!(own || greeted == "You said decline.", "{number}: {greeted}");
            own
        });
    }
    let own = calls.join_all().await.into_iter().filter(|own| *own).count();
    assert!(own < 20, "they were to be under way at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_no_client_started_asks_whoever_stands_in() {
    let ada = somebody("Ada");
    let app = middle(python_stdio(scratch(), false), Person::new().or(ada.clone()));
    assert_eq!(greet().run(&app).await.unwrap(), "Hello, Ada!");
    assert_eq!(knock().run(&app).await.unwrap(), "It is Ada.");
    assert_eq!(*ada.asked.lock().unwrap(), ["peer: What is your name?", "knock: Who is there?"]);

    // A client that can be asked is asked first.
    let serving = serve(app).await;
    let bo = somebody("Bo");
    let asked = client(&serving, ProtocolVersion::V2026_07_28, Some(&bo));
    assert_eq!(said(&asked, "greet", json!({})).await, "Hello, Bo!");
    let silent = client(&serving, ProtocolVersion::V2026_07_28, None);
    assert_eq!(said(&silent, "knock", json!({})).await, "It is Ada.");

    let nobody = middle(python_stdio(scratch(), false), Person::new());
    assert_eq!(greet().run(&nobody).await.unwrap(), "You said decline.");
    let failed = knock().run(&nobody).await.unwrap_err();
    assert!(failed.to_string().contains("nobody can be asked"), "{failed}");
}
