//! Typed steps over real servers, and what becomes of them when a server changes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use flowc::{Resources, workflow};
use flowc_mcp::typed::Snapshot;
use flowc_mcp::{McpErrorKind, McpServers, ServerConfig, mcp, snapshot};
use flowc_mcp_tests::install;
use flowc_mcp_tests::peers::script;

mcp! {
    mod everything = "mcp/everything.json";
    mod fetch = "mcp/fetch.json";
    mod filesystem = "mcp/filesystem.json";
    mod git = "mcp/git.json";
    mod memory = "mcp/memory.json";
    mod thinking = "mcp/sequential_thinking.json";
    mod time = "mcp/time.json";
    mod weather = "mcp/drifting.json";
    #[only("forecast")]
    mod forecasts = "mcp/drifting.json";
}

#[derive(Resources)]
struct App {
    servers: McpServers,
}

fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

fn program(path: PathBuf) -> ServerConfig {
    ServerConfig::stdio(path.to_string_lossy()).connect_timeout(Duration::from_secs(60))
}

fn python(name: &str) -> ServerConfig {
    program(install::new_sdk(scratch()).join(name))
}

fn node(name: &str) -> ServerConfig {
    let file = install::reference_servers(scratch()).join(format!("@modelcontextprotocol/server-{name}/dist/index.js"));
    program("node".into()).arg(file.to_string_lossy())
}

fn drifting(how: &str) -> App {
    let config = python("python3").arg(script("drifting.py").to_string_lossy()).arg(how);
    App { servers: McpServers::builder().server("weather", config).build() }
}

workflow! {
    fn weekday(zone: String) -> String {
        let now = time::get_current_time(zone);
        let there = time::convert_time(now.timezone, "12:00".to_owned(), "Asia/Tokyo".to_owned());
        let said = everything::echo(there.target.timezone);
        said.text()
    }
}

workflow! {
    fn chicago() -> String {
        let weather = everything::get_structured_content(everything::Location::Chicago);
        let sum = everything::get_sum(2.0, 3.0);
        format!("{} {}", weather.conditions, sum.text())
    }
}

workflow! {
    /// What one tool gives the next one takes.
    fn remember(entity: memory::Entity) -> usize {
        let made = memory::create_entities(vec![entity]);
        let again = memory::create_entities(made.entities);
        #[after(again)]
        let graph = memory::read_graph();
        let known = memory::open_nodes(graph.entities.iter().map(|entity| entity.name.clone()).collect());
        again.entities.len() * 100 + known.entities.len()
    }
}

workflow! {
    fn write_and_read(path: String, text: String) -> String {
        let written = filesystem::write_file(path.clone(), text);
        #[after(written)]
        let read = filesystem::read_text_file(path, None, None);
        read.content
    }
}

workflow! {
    fn think() -> f64 {
        let thought = thinking::sequentialthinking("so be it".to_owned(), false.into(), 1, 1, thinking::SequentialthinkingOptions::default());
        thought.total_thoughts
    }
}

workflow! {
    fn trip(city: String, days: i64) -> String {
        let forecast = weather::forecast(city.clone(), days as u64);
        let alert = weather::alert(city);
        format!("{}, {} days; {alert}", forecast.summary, forecast.days.len())
    }
}

workflow! {
    fn only_forecast(city: String) -> String {
        let forecast = forecasts::forecast(city, 2);
        forecast.summary
    }
}

#[tokio::test]
async fn tools_of_python_and_node_are_steps_of_one_workflow() {
    let memory = scratch().join(format!("typed-memory-{}.json", std::process::id()));
    let folder = scratch().canonicalize().unwrap();
    let servers = McpServers::builder()
        .server("time", python("mcp-server-time"))
        .server("everything", node("everything"))
        .server("memory", node("memory").env("MEMORY_FILE_PATH", memory.to_string_lossy()))
        .server("filesystem", node("filesystem").arg(folder.to_string_lossy()))
        .server("thinking", node("sequential-thinking"))
        .build();
    let app = App { servers };
    assert_eq!(weekday("Europe/Oslo".to_owned()).run(&app).await.unwrap(), "Echo: Asia/Tokyo");
    let chicago = chicago().run(&app).await.unwrap();
    assert!(chicago.contains("The sum of 2 and 3 is 5"), "{chicago}");
    let entity = memory::Entity {
        name: "flowc".to_owned(),
        entity_type: "engine".to_owned(),
        observations: vec!["fast".to_owned()],
    };
    assert_eq!(remember(entity).run(&app).await.unwrap(), 1);
    let note = folder.join(format!("typed-{}.txt", std::process::id())).to_string_lossy().into_owned();
    assert_eq!(write_and_read(note, "written".to_owned()).run(&app).await.unwrap(), "written");
    assert!((think().run(&app).await.unwrap() - 1.0).abs() < f64::EPSILON);
    app.servers.close().await;
}

/// The files beside this package are what the servers say.
#[tokio::test]
async fn snapshots_of_real_servers_are_what_the_modules_were_made_of() {
    for (name, config, tools) in [
        ("time", python("mcp-server-time"), &time::TOOLS),
        ("git", python("mcp-server-git"), &git::TOOLS),
        ("fetch", python("mcp-server-fetch"), &fetch::TOOLS),
        ("everything", node("everything"), &everything::TOOLS),
        ("memory", node("memory"), &memory::TOOLS),
        ("filesystem", node("filesystem").arg("."), &filesystem::TOOLS),
        ("thinking", node("sequential-thinking"), &thinking::TOOLS),
    ] {
        let servers = McpServers::builder().server(name, config).build();
        let now = snapshot(&servers.server(name).unwrap()).await.unwrap();
        assert_eq!(now.to_string().parse::<Snapshot>().unwrap(), now);
        let drift = tools.check(&servers).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(drift.is_empty(), "{name}:\n{drift}");
        assert_eq!(tools.snapshot().tools.len(), now.tools.len());
        servers.close().await;
    }
}

#[tokio::test]
async fn a_server_as_it_was_gives_what_its_types_say() {
    let app = drifting("was");
    let said = trip("Oslo".to_owned(), 3).run(&app).await.unwrap();
    assert_eq!(said, "mild in Oslo, 3 days; Oslo is warned");
    let failure = trip("Atlantis".to_owned(), 1).run(&app).await.unwrap_err();
    assert!(failure.to_string().contains("there is no Atlantis"), "{failure}");
    app.servers.close().await;
}

#[tokio::test]
async fn a_server_that_can_do_more_still_fits() {
    let app = drifting("wider");
    let drift = weather::TOOLS.check(&app.servers).await.unwrap();
    let lines: Vec<_> = drift.to_string().lines().map(str::to_owned).collect();
    for line in [
        "tool `forecast`, input `days`: `maximum` is larger",
        "tool `forecast`, input `unit`: new",
        "tool `forecast`, output `wind`: new",
        "tool `calm` is new",
    ] {
        assert!(lines.iter().any(|found| found == line), "{line} is not in\n{drift}");
    }
    assert_eq!(trip("Oslo".to_owned(), 1).run(&app).await.unwrap(), "mild in Oslo, 1 days; Oslo is warned");
    app.servers.close().await;
}

#[tokio::test]
async fn a_server_that_does_not_fit_is_not_called() {
    let app = drifting("broken");
    let error = weather::TOOLS.check(&app.servers).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Drift { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "the server `weather` does not fit the program any more:\n\
         tool `alert` is gone\n\
         tool `forecast`, input `days`: another type\n  \
         - {\"maximum\":7,\"minimum\":1,\"type\":\"integer\"}\n  + \"string\"\n\
         tool `forecast`, input `country`: new, and required\n  + {\"type\":\"string\"}"
    );
    let failure = only_forecast("Oslo".to_owned()).run(&app).await.unwrap_err();
    let said = failure.to_string();
    assert!(said.contains("input `country`: new, and required") && !said.contains("alert"), "{said}");
    app.servers.close().await;
}

#[tokio::test]
async fn a_tool_that_vanishes_while_the_program_runs_is_not_called_any_more() {
    let config = python("python3").arg(script("drifting.py").to_string_lossy()).arg("vanishing");
    let config = config.protocol(flowc_mcp::ProtocolVersion::V2025_11_25);
    let app = App { servers: McpServers::builder().server("weather", config).build() };
    assert_eq!(trip("Oslo".to_owned(), 1).run(&app).await.unwrap(), "mild in Oslo, 1 days; Oslo is warned");
    let server = app.servers.server("weather").unwrap();
    let mut changes = server.changes().unwrap();
    server.call("vanish", serde_json::json!({})).await.unwrap().success().unwrap();
    let change = tokio::time::timeout(Duration::from_secs(10), changes.next()).await.unwrap();
    assert_eq!(change, Some(flowc_mcp::Change::Tools));

    let failure = trip("Oslo".to_owned(), 1).run(&app).await.unwrap_err();
    assert!(failure.to_string().contains("tool `alert` is gone"), "{failure}");
    // A program that does not need it goes on.
    assert_eq!(only_forecast("Oslo".to_owned()).run(&app).await.unwrap(), "mild in Oslo");

    // Without types: by the schema before anything is sent, and by the server.
    let warned = serde_json::json!({ "city": "Oslo" });
    let checked =
        server.call_with("alert", warned.clone(), &flowc_mcp::CallOptions::new().validate()).await.unwrap_err();
    assert!(
        matches!(checked.kind(), McpErrorKind::NoTool { known } if known.contains(&"forecast".to_owned())),
        "{checked}"
    );
    let sent = server.call("alert", warned).await.and_then(flowc_mcp::ToolResult::success);
    assert!(sent.unwrap_err().to_string().contains("alert"));
    app.servers.close().await;
}
